from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from bounceback.appraisal import appraise, first_page, help_triggers
from bounceback.appraisal.contacts import in_residency, place
from bounceback.decision.models import Decision, EvidenceGrade
from bounceback.decision.no_eligible_date import path_of_rules
from bounceback.messages import render
from bounceback.planning.parameters import rules_for
from bounceback.records.models import AppraisalAnswer, Attempt, ExamTarget, Record
from bounceback.residency_match import outlook
from bounceback.vocabulary import EXAM_IDS, ExamId
from tests.appraisal import learners
from tests.appraisal.learners import TODAY

RESIDENT: tuple[ExamId, ...] = ("usmle-step-3", "comlex-level-3")


def sits(exam: ExamId, *, apply_year: int | None = None) -> Record:
    """A record of any exam, with four failed sittings and a full life, so that people are named."""
    record = learners.steady()
    sittings = tuple(
        Attempt(exam=exam, date=date(2024 + n // 2, 3 + 6 * (n % 2), 1), outcome="fail")
        for n in range(3)
    )
    return replace(
        record,
        learner=replace(record.learner, apply_year=apply_year),
        exam=ExamTarget(id=exam),
        attempts=sittings,
        forms=(),
        appraisal={
            name: AppraisalAnswer(answer=1)
            for name in ("effort", "weaknesses", "help", "timeline", "resources")
        },
    )


def all_words(record: Record) -> str:
    """Whatever first page, appraisal, triggers and outlook say to this learner."""
    page = first_page(record, TODAY)
    found = appraise(record, TODAY)
    reasons = [page.opening, page.not_alone, *found.says, found.tell]
    reasons += [r for fear in page.fears for r in (fear.name, *fear.answer, fear.ask)]
    reasons += [r for step in (*page.first_week, *page.now) for r in (step.do, step.who)]
    reasons += [r for f in (*found.ranked, *found.others) for r in f.says]
    for trigger in help_triggers(record, TODAY, time_needed="fundamental-gap"):
        reasons += [trigger.offer, trigger.to, trigger.opening]
    match = outlook(record, TODAY, asked=True)
    texts = [entry.do for entry in match.entries] + [match.contact, match.next_step]
    return "\n".join([*map(render, reasons), *texts])


@pytest.mark.parametrize("exam", RESIDENT)
def test_a_resident_is_sent_to_the_program_and_never_to_a_school_or_a_dean(exam: ExamId) -> None:
    said = all_words(sits(exam))
    assert "your program" in said
    assert "program director" in said
    assert "Will I keep my position?" in said
    elsewhere = said.replace("the school you graduated from", "")
    assert not re.search(r"your school|the school\b|\bdean\b", elsewhere, re.IGNORECASE)


@pytest.mark.parametrize("exam", [e for e in EXAM_IDS if e not in RESIDENT])
def test_a_student_is_sent_to_the_school(exam: ExamId) -> None:
    said = all_words(sits(exam))
    assert "your school" in said
    assert "dean" in said
    assert "your program" not in said


def test_who_will_still_apply_is_no_resident_yet() -> None:
    ahead = sits("usmle-step-3", apply_year=TODAY.year + 1)
    assert not in_residency(ahead, TODAY)
    assert "Will I match?" in all_words(ahead)
    assert in_residency(sits("usmle-step-3", apply_year=TODAY.year - 2), TODAY)


@pytest.mark.parametrize(("exam", "where"), [("usmle-step-3", "program"),
                                             ("usmle-step-1", "school")])  # fmt: skip
def test_where_rules_leave_no_date_the_right_person_is_named(exam: ExamId, where: str) -> None:
    decision = Decision(
        advice="remediate", date=None, p_pass=None, p_pass_low=None, p_pass_high=None,
        headline="", reasons=("The rules leave no date.",), rules=(), options=(), weights={},
        attempt_number=4, last_attempt=False, pact="", conditions=(), closed=True, next_test=None,
        evidence=EvidenceGrade("low", tests=0, agree=True, near=False, published=True),
    )  # fmt: skip
    path = path_of_rules(sits(exam), decision, TODAY, rules_for(exam))
    who = path.steps[0].who
    assert (who.code, who.facts) == ("remediation.head-or-advisor", {"place": where})


@pytest.mark.parametrize("exam", EXAM_IDS)
def test_the_place_follows_the_exam(exam: ExamId) -> None:
    assert place(sits(exam), TODAY) == ("program" if exam in RESIDENT else "school")
    assert place(sits(exam), TODAY, resident=True) == "program"
