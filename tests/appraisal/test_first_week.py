from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest

from bounceback import facts
from bounceback.appraisal import first_page
from bounceback.messages import render
from bounceback.messages.appraisal import say_all
from bounceback.records.models import Attempt, ExamTarget
from bounceback.vocabulary import EXAM_IDS, GROUPS, ExamId, Group
from tests.appraisal import learners
from tests.appraisal.learners import TODAY


def page(  # type: ignore[no-untyped-def]
    exam: ExamId = "usmle-step-1", group: Group = "us-md", on: date = TODAY
):
    record = learners.steady()
    record = replace(
        record,
        learner=replace(record.learner, group=group),
        exam=ExamTarget(id=exam),
        attempts=(Attempt(exam=exam, date=learners.SITTING, outcome="fail"),),
    )
    return first_page(record, on)


@pytest.mark.parametrize(("exam", "group"), list(product(EXAM_IDS, GROUPS)))
def test_five_fears_are_answered_by_a_sourced_fact_or_by_nobody_publishes(
    exam: ExamId, group: Group
) -> None:
    found = page(exam, group)
    assert [f.id for f in found.fears] == ["only-chance", "career", "loans", "recover", "match"]
    for fear in found.fears:
        assert fear.ask
        if fear.source:
            facts.source(fear.source.split(";")[0])
            assert fear.answer[0].facts["source"] == fear.source
        else:
            assert fear.answer[0].code == "appraisal.fear-unknown"


@pytest.mark.parametrize(("exam", "group"), list(product(EXAM_IDS, GROUPS)))
def test_no_page_gives_a_chance_of_a_match_or_an_amount_of_money(
    exam: ExamId, group: Group
) -> None:
    found = page(exam, group)
    match = next(f for f in found.fears if f.id == "match")
    loans = next(f for f in found.fears if f.id == "loans")
    assert not re.search(r"\d", say_all(match.answer))
    assert not re.search(r"[\d$]", say_all(loans.answer))
    assert "financial aid office" in render(loans.ask)


def test_the_first_week_begins_with_the_adviser_and_sets_no_exam_date() -> None:
    week = page(on=learners.SITTING + timedelta(days=25)).first_week
    assert render(week[0].who) == "your advisor"
    assert any("financial aid office" in render(step.do) for step in week)
    assert "Don't set a test date this week" in render(week[-1].do)


def test_after_the_first_weeks_the_page_says_what_fits_then() -> None:
    wait = timedelta(weeks=facts.release("usmle-step-1", learners.SITTING).typical_weeks)
    last = learners.SITTING + wait + timedelta(days=28)
    new, later = page(on=last), page(on=last + timedelta(days=1))
    assert new.first_week
    assert new.now == ()
    assert later.first_week == ()
    assert render(later.now[0].who) == "your advisor"
    assert later.opening.code == "appraisal.first-page-later"
    assert "this week" not in " ".join(render(step.do) for step in later.now).casefold()
    assert [f.answer for f in later.fears] == [f.answer for f in new.fears]


def test_a_new_failure_after_an_old_one_brings_the_first_week_back() -> None:
    record = learners.steady()
    again = Attempt(exam=record.exam.id, date=TODAY - timedelta(days=20), outcome="fail")
    assert first_page(record, TODAY).first_week == ()
    both = replace(record, attempts=(*record.attempts, again))
    assert first_page(both, TODAY).first_week


def test_the_cohort_of_us_md_students_is_not_joined_to_anybody_else() -> None:
    assert next(f for f in page().fears if f.id == "career").answer[0].facts["n"] == 4168
    for exam, group in product(EXAM_IDS, GROUPS):
        if (exam, group) != ("usmle-step-1", "us-md"):
            career = next(f for f in page(exam, group).fears if f.id == "career")
            assert career.source == ""


def test_not_alone_is_a_count_with_a_range_its_group_and_its_year() -> None:
    found = page()
    rate = facts.pass_rate("usmle-step-1", "us-md", "first", TODAY.year)
    count = found.not_alone.facts
    assert count["low"] <= rate.n * (100 - rate.pass_percent) / 100 <= count["high"]  # type: ignore[operator]
    assert str(rate.year) in str(count["period"])


def test_where_all_sittings_are_used_no_door_is_closed_as_a_fact() -> None:
    record = learners.steady()
    sittings = tuple(
        Attempt(
            exam="usmle-step-1", date=date(2024, 1, 5) + timedelta(days=200 * k), outcome="fail"
        )
        for k in range(4)
    )
    answer = first_page(replace(record, attempts=sittings), TODAY).fears[0].answer
    assert (answer[0].facts["most"], answer[0].facts["used"]) == (4, 4)
    assert answer[1].code == "appraisal.ask-board-for-exception"
