"""Entries of one case against each other: what is noted, and that nothing is named twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bounceback.errors import CaseError
from bounceback.records import from_case
from bounceback.records.case_file import data_of

WOBBLY = (Path(__file__).parents[1] / "cases" / "step1-us-md-wobbly.toml").read_text()
WEEK = {"mon": 60, "tue": 60, "wed": 60, "thu": 60, "fri": 60, "sat": 60, "sun": 0}


def notes_of(change: dict[str, Any]) -> tuple[str, ...]:
    return from_case({**data_of(WOBBLY), **change}).notes


def exam(**keys: Any) -> dict[str, Any]:
    return {"exam": {**data_of(WOBBLY)["exam"], **keys}}


@pytest.mark.parametrize(
    ("day", "noted"), [("2026-12-14", 1), ("2026-12-15", 0), ("2027-02-28", 0)]
)
def test_a_planned_date_outside_eligibility_is_noted_and_kept(day: str, noted: int) -> None:
    case = from_case({**data_of(WOBBLY), **exam(planned_date=day)})
    assert len(case.notes) == noted
    assert str(case.record.exam.planned_date) == day


def test_hours_written_for_minutes_are_noted() -> None:
    (note,) = notes_of({"availability": {"minutes": {**WEEK, **dict.fromkeys(WEEK, 8)}}})
    assert "write 480 for 8 hours" in note
    assert notes_of({"availability": {"minutes": WEEK}}) == ()


def test_a_weekday_that_is_not_named_is_unknown_and_noted() -> None:
    (note,) = notes_of({"availability": {"minutes": {"mon": 60, "tue": 60}}})
    assert "wed, thu, fri, sat, sun" in note


def test_touching_windows_do_not_overlap_and_order_does_not_matter() -> None:
    windows = {"mon": ["12:00-13:00", "08:00-12:00"]}
    assert notes_of({"availability": {"minutes": WEEK, "windows": windows}}) == ()


def test_a_commitment_past_midnight_is_noted() -> None:
    night = {"date": "2026-12-01", "start": "20:00", "minutes": 720, "what": "night float"}
    (note,) = notes_of({"availability": {"minutes": WEEK, "commitments": [night]}})
    assert "past midnight" in note


def test_a_form_taken_twice_asks_for_repeat_and_an_owned_one_counts_as_used() -> None:
    again = {"family": "nbme-cbssa", "form": "31", "date": "2026-11-20", "score": 60}
    forms = data_of(WOBBLY)["forms"]
    (note,) = notes_of({"forms": [*forms, again]})
    assert "repeat = true" in note
    assert notes_of({"forms": [*forms, {**again, "repeat": True}]}) == ()
    (note,) = notes_of({"ledger": [{"family": "nbme-cbssa", "form": "31"}]})
    assert "counts as used" in note


def test_a_sitting_after_a_pass_is_noted() -> None:
    passed = {"exam": "usmle-step-1", "date": "2026-01-01", "outcome": "pass"}
    notes = notes_of({"attempts": [passed, *data_of(WOBBLY)["attempts"]]})
    assert len(notes) == 2
    assert "also the exam ahead" in notes[0]
    assert "after a pass" in notes[1]


def test_what_cannot_be_read_is_named_once_and_hides_no_other_fault() -> None:
    forms = [
        {
            "family": "nbme-cbssa",
            "form": "31",
            "date": "soon",
            "score": 187,
            "areas": {"Cardiovascular System": {"percent": "52"}},
        }
    ]
    with pytest.raises(CaseError) as caught:
        from_case({**data_of(WOBBLY), "forms": forms})
    assert [fault.key for fault in caught.value.faults] == [
        "forms[0].date",
        "forms[0].score",
        'forms[0].areas."Cardiovascular System".percent',
    ]


def test_a_file_with_thousands_of_faults_is_answered_all_the_same() -> None:
    with pytest.raises(CaseError) as caught:
        from_case({**data_of(WOBBLY), "study": [{"minutes": -1}] * 5000})
    assert len(caught.value.faults) == 1001
    assert "more than 1000 errors" in str(caught.value.faults[-1])


def faults_of(change: dict[str, Any]) -> list[str]:
    with pytest.raises(CaseError) as caught:
        from_case({**data_of(WOBBLY), **change})
    return [fault.key for fault in caught.value.faults]


def test_an_attempt_without_a_result_holds_none() -> None:
    waiting = {"exam": "usmle-step-1", "date": "2026-09-20", "outcome": "awaiting"}
    assert from_case({**data_of(WOBBLY), "attempts": [waiting]}).record.attempts[0].score is None
    known = {"distance_below_pass": "near", "result_read": "2026-10-20"}
    assert faults_of({"attempts": [{**waiting, **known}]}) == [
        "attempts[0].distance_below_pass",
        "attempts[0].result_read",
    ]


def test_a_result_is_not_read_before_the_exam() -> None:
    attempt = {"exam": "usmle-step-1", "date": "2026-09-20", "outcome": "fail"}
    early = {**attempt, "result_read": "2026-09-19"}
    assert faults_of({"attempts": [early]}) == ["attempts[0].result_read"]
    assert notes_of({"attempts": [{**attempt, "result_read": "2026-09-20"}]}) == ()


def test_unused_questions_are_counted_once_and_only_of_question_banks() -> None:
    left = {"Cardiovascular System": 60, "Reproductive & Endocrine Systems": 60}
    bank = {"name": "UWorld", "kind": "questions", "units": 120, "left_by_area": left}
    assert notes_of({"resources": [bank]}) == ()
    assert faults_of({"resources": [{**bank, "units": 119}]}) == ["resources[0].left_by_area"]
    deck = {**bank, "kind": "cards"}
    assert faults_of({"resources": [deck]}) == ["resources[0].left_by_area"]


def test_a_grant_ends_after_it_begins() -> None:
    grant = {"to": "dr-a", "scopes": ["plan"], "from": "2026-12-02", "until": "2026-12-01"}
    assert faults_of({"grants": [grant]}) == ["grants[0].until"]
    assert notes_of({"grants": [{**grant, "until": "2026-12-02"}]}) == ()
