from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bounceback import facts
from bounceback.forecast.posterior import believe
from bounceback.planning import make_plan
from bounceback.planning.parameters import rules_for
from bounceback.planning.remediation import (
    held_retest,
    remediation,
    retest_entry,
    weeks_to_checkpoint,
)
from bounceback.planning.replanning import replan
from bounceback.planning.time_needed import exam_sd
from bounceback.records.models import Availability, LedgerForm, Study
from bounceback.vocabulary import EXAM_IDS, WEEKDAYS
from tests.planning.test_time_needed import AS_OF, FAMILY, failed

DAY = timedelta(days=1)
RULES = rules_for("usmle-step-1")


def path_of(record):
    return remediation(record, AS_OF, believe(record, AS_OF), rules_for(record.exam.id))


@pytest.mark.parametrize("exam_id", EXAM_IDS)
def test_the_path_has_a_person_first_then_subjects_a_checkpoint_and_what_follows(exam_id):
    path = path_of(failed(exam_id, 1.6))
    assert len(path.steps) == 5
    assert path.steps[0].who.code == "remediation.advisor-or-specialist"
    assert all(s.by > AS_OF and s.by.weekday() < 5 for s in path.steps[:2])
    assert path.steps[-2].by == path.retest.date < path.steps[-1].by
    assert [s.by for s in path.steps] == sorted(s.by for s in path.steps)
    assert (path.steps[0].by - AS_OF).days <= 7
    assert all(s.what and s.who and s.why for s in path.steps)
    assert path.retest is not None
    # The rebuild began with the form of five days ago.
    assert path.retest.date == AS_OF + timedelta(weeks=6, days=-5)


@pytest.mark.parametrize("exam_id", EXAM_IDS)
def test_the_checkpoint_asks_for_a_little_more_than_the_passing_score(exam_id):
    record = failed(exam_id, 1.6)
    retest = path_of(record).retest
    line = facts.conversion(retest.family, exam_id, AS_OF)
    mark = believe(record, AS_OF).constants.mark
    points = mark + RULES["remediation_checkpoint_sd_above"] * exam_sd(exam_id, AS_OF)
    assert points > mark
    assert points <= line.to_reported(retest.score) < points + line.slope


def test_the_checkpoint_of_step_1_is_three_to_four_percent_above_the_passing_score():
    record = failed("usmle-step-1", 1.6)
    line = facts.conversion("nbme-cbssa", "usmle-step-1", AS_OF)
    at_mark = line.from_reported(believe(record, AS_OF).constants.mark)
    owned = replace(record, ledger=(LedgerForm(family="nbme-cbssa", form="33"),))
    assert 3 <= path_of(owned).retest.score - at_mark <= 4.5


def test_the_length_follows_from_the_distance():
    weeks = [
        weeks_to_checkpoint(
            record := failed("usmle-step-1", below), AS_OF, believe(record, AS_OF), RULES
        )
        for below in (0.3, 1.0, 1.5, 2.2)
    ]
    assert weeks == sorted(set(weeks))
    assert len(weeks) == 4


def test_the_checkpoint_stands_on_a_day_that_has_hours_for_it():
    """Saturdays alone are long enough, and the first of them is a day off."""
    record = replace(
        failed("usmle-step-1", 1.6), ledger=(LedgerForm(family="nbme-cbssa", form="33"),)
    )
    hours = Availability(minutes=dict.fromkeys(WEEKDAYS, 120) | {"sat": 420})
    first = path_of(replace(record, availability=hours)).retest.date
    assert first.weekday() == 5
    away = replace(hours, days_off=(first,))
    second = path_of(replace(record, availability=away)).retest.date
    assert second.weekday() == 5
    assert second > first


def test_an_owned_unused_form_is_the_re_test_before_any_is_bought():
    record = replace(
        failed("usmle-step-1", 1.6), ledger=(LedgerForm(family="nbme-cbssa", form="33"),)
    )
    retest = path_of(record).retest
    assert (retest.family, retest.form) == ("nbme-cbssa", "33")


def test_a_form_already_taken_is_never_the_re_test():
    record = failed("usmle-step-1", 1.6)
    used = LedgerForm(family=FAMILY["usmle-step-1"], form=record.forms[0].form)
    assert path_of(replace(record, ledger=(used,))).retest.form != used.form


def test_granted_accommodations_are_not_asked_about_again():
    record = failed("usmle-step-1", 1.6)
    granted = replace(record, exam=replace(record.exam, accommodations="granted"))
    assert len(path_of(granted).steps) == len(path_of(record).steps) - 1


def on_the_path(*forms, minutes=360):
    record = replace(
        failed("usmle-step-1", 1.6),
        availability=Availability(minutes=dict.fromkeys(WEEKDAYS, minutes)),
        ledger=tuple(LedgerForm(family="nbme-cbssa", form=form) for form in forms),
    )
    entry = retest_entry(path_of(record).retest, record.exam.id, RULES)
    return record, entry, believe(record, AS_OF).dynamics()


def test_the_plan_leads_to_the_re_test_and_keeps_two_forms_for_the_weeks_after_it():
    record, entry, dynamics = on_the_path("30", "31", "32", "33")
    plan = make_plan(record, AS_OF, entry.date, dynamics, retest=entry)
    sat = [s for s in plan.sessions if s.kind == "form" and s.date == entry.date]
    assert {s.form for s in sat} == {entry.label}
    assert sum(s.minutes for s in sat) == entry.minutes
    kept = [e for e in plan.ledger if e.date is None]
    assert len(kept) == 2
    assert all(e.state == "kept-for-later" for e in kept)
    assert not [s for s in plan.sessions if s.kind == "logistics"]


def test_a_re_test_longer_than_any_day_keeps_its_day_and_says_what_it_takes():
    record, entry, dynamics = on_the_path("33", minutes=40)
    plan = make_plan(record, AS_OF, entry.date, dynamics, retest=entry)
    (placed,) = plan.ledger
    assert placed.date == entry.date
    assert placed.reason.facts["minutes_to_free"] == placed.minutes
    assert all(
        sum(s.minutes for s in plan.sessions if s.date == day) <= 40
        for day in {s.date for s in plan.sessions}
    )


def test_the_day_of_the_re_test_stays_as_the_days_go_by():
    record, entry, dynamics = on_the_path("32", "33")
    plan = make_plan(record, AS_OF, entry.date, dynamics, retest=entry)
    for days in (1, 3, 10):
        today = AS_OF + days * DAY
        held = held_retest(plan.ledger, record, today, RULES)
        assert held is not None
        path = remediation(record, today, believe(record, today), RULES, held)
        assert path.retest.date == entry.date
        again = replan(record, today, entry.date, dynamics, plan, retest=held)
        assert [s.date for s in again.sessions if s.kind == "form"] == [
            s.date for s in plan.sessions if s.kind == "form"
        ]


def test_a_re_test_that_was_missed_comes_within_the_week():
    record, entry, dynamics = on_the_path("33")
    plan = make_plan(record, AS_OF, entry.date, dynamics, retest=entry)
    held = held_retest(plan.ledger, record, entry.date + DAY, RULES)
    assert held is not None
    assert DAY <= held.date - entry.date <= 8 * DAY


@pytest.mark.parametrize("days", range(37))
def test_the_day_asked_moves_no_day_of_the_path(days):
    """Without an earlier plan in hand: while work is on record, until the re-test is due."""
    record, _, _ = on_the_path("32", "33")
    begun = Study(date=AS_OF - 5 * DAY, minutes=60, activity="review")
    record = replace(record, study=(begun,))
    first = path_of(record)
    today = AS_OF + days * DAY
    path = remediation(record, today, believe(record, today), RULES)
    assert path.retest.date == first.retest.date
    assert sorted(s.what.code for s in path.steps) == sorted(s.what.code for s in first.steps)
    days_then = {s.what.code: s.by for s in first.steps}
    for step in path.steps:
        if days_then[step.what.code] > today:
            assert step.by == days_then[step.what.code]
        else:
            assert today <= step.by <= today + timedelta(days=6)


def test_a_test_alone_begins_the_path_for_two_weeks_and_then_it_begins_today():
    """A test shows where one stands. Where no work is on record, nothing was built up yet."""
    record, _, _ = on_the_path("32", "33")
    (taken,) = record.forms
    first = path_of(record).retest.date
    for days in range(15 - (AS_OF - taken.date).days):
        today = AS_OF + days * DAY
        assert remediation(record, today, believe(record, today), RULES).retest.date == first
    later = taken.date + timedelta(weeks=5)
    retest = remediation(record, later, believe(record, later), RULES).retest
    assert retest.date >= later + timedelta(weeks=6)


def test_a_re_test_due_is_asked_for_within_the_week_while_work_goes_on():
    record, _, _ = on_the_path("33")
    today = AS_OF + timedelta(weeks=7)
    worked = tuple(Study(date=AS_OF + n * DAY, minutes=60, activity="review") for n in range(45))
    retest = remediation(replace(record, study=worked), today, believe(record, today), RULES).retest
    assert today <= retest.date < today + timedelta(weeks=1)


def test_a_rebuild_of_which_nothing_is_recorded_starts_today():
    record, _, _ = on_the_path("33")
    today = AS_OF + timedelta(weeks=20)
    retest = remediation(record, today, believe(record, today), RULES).retest
    assert today + timedelta(weeks=6) <= retest.date < today + timedelta(weeks=7)
    assert retest.why.facts["weeks_from_first_log"] == 6


def test_a_test_in_the_middle_of_the_rebuild_does_not_put_the_re_test_off():
    record, _, _ = on_the_path("33")
    begun = Study(date=AS_OF - 5 * DAY, minutes=60, activity="review")
    record = replace(record, study=(begun,))
    first = path_of(record).retest.date
    today = AS_OF + timedelta(weeks=3)
    more = replace(record, forms=(*record.forms, replace(record.forms[0], form="Y", date=today)))
    assert remediation(more, today, believe(more, today), RULES).retest.date == first
