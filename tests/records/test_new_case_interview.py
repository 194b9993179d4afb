"""A case made by questions: few, in order, each refused at once where the file would refuse it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bounceback.errors import CaseError
from bounceback.records import parse_case, write_case
from bounceback.records.new_case_interview import new_case, next_question, questions, read_answer
from bounceback.vocabulary import EXAM_IDS


def asked(typed: dict[str, str]) -> tuple[dict[str, Any], list[str]]:
    """Answer each question with the text typed for it, or with nothing."""
    answers: dict[str, Any] = {}
    order = []
    while question := next_question(answers, time_zone="America/New_York"):
        order.append(question.key)
        answers[question.key] = read_answer(question, typed.get(question.key, ""), answers)
    return answers, order


FULL = {
    "learner.group": "us-md",
    "exam.id": "usmle-step-1",
    "attempts[0].date": "2026-09-20",
    "attempts[0].distance_below_pass": "2",
    "forms[0].family": "nbme-cbssa",
    "forms[0].form": "31",
    "forms[0].date": "2026-11-15",
    "forms[0].score": "57%",
    "availability.hours_per_day": "7,5",
    "exam.planned_date": "2027-01-08",
}


def test_a_failed_step_1_becomes_a_case_with_few_questions() -> None:
    answers, order = asked(FULL)
    record = new_case(answers)
    assert len(order) == 13
    assert record.learner.time_zone == "America/New_York"
    assert record.attempts[0].outcome == "fail"
    assert record.attempts[0].distance_below_pass == "moderate"
    assert record.forms[0].score == 57
    assert record.availability is not None
    assert record.availability.minutes["mon"] == 450
    assert record.availability.minutes["sun"] == 0
    assert record.availability.max_minutes_per_day == 450
    assert record.exam.planned_date == date(2027, 1, 8)
    assert parse_case(write_case(record)).record == record


@pytest.mark.parametrize("exam_id", EXAM_IDS)
def test_who_knows_little_is_asked_little_and_nothing_is_made_up(exam_id: str) -> None:
    answers, order = asked({"learner.group": "us-do", "exam.id": exam_id})
    record = new_case(answers)
    assert order == [
        "learner.group",
        "learner.time_zone",
        "exam.id",
        "attempts[0].date",
        "forms[0].family",
        "availability.hours_per_day",
        "exam.planned_date",
    ]
    assert record.attempts == ()
    assert record.forms == ()
    assert record.availability is None
    assert record.exam.planned_date is None


def test_a_score_is_asked_where_the_board_gives_one_and_a_distance_where_it_gives_none() -> None:
    for exam_id, key in (
        ("usmle-step-2-ck", "attempts[0].score"),
        ("comlex-level-3", "attempts[0].score"),
        ("usmle-step-1", "attempts[0].distance_below_pass"),
        ("comlex-level-1", "attempts[0].distance_below_pass"),
    ):
        sat = {"learner.group": "us-do", "exam.id": exam_id, "attempts[0].date": "2026-08-01"}
        _, order = asked(sat)
        assert [k for k in order if k.startswith("attempts[0].")][2:] == [key]


@pytest.mark.parametrize(
    ("key", "text", "says"),
    [
        ("learner.group", "", "us-md | us-do"),
        ("learner.group", "9", "us-md | us-do"),
        ("learner.time_zone", "Amerika/New_York", "America/New_York"),
        ("attempts[0].date", "20.9.2026", "YYYY-MM-DD"),
        ("forms[0].score", "187", "looks like a three-digit score"),
        ("forms[0].score", "0.57", "Write 57."),
        ("forms[0].score", "good", "Write a number"),
        ("availability.hours_per_day", "14", "sleep"),
    ],
)
def test_an_answer_that_cannot_stand_is_refused_when_it_is_given(
    key: str, text: str, says: str
) -> None:
    answers, _ = asked(FULL)
    before = {k: answers[k] for k in list(answers)[: list(answers).index(key)]}
    question = next(q for q in questions(answers) if q.key == key)
    with pytest.raises(CaseError) as caught:
        read_answer(question, text, before)
    assert [fault.key for fault in caught.value.faults] == [key]
    assert says in str(caught.value)


def test_every_question_can_be_asked_aloud() -> None:
    answers, _ = asked({**FULL, "forms[0].family": "school", "forms[0].scale": "percent"})
    for question in questions(answers):
        assert question.prompt.endswith("?")
        assert question.help
        if question.choices:
            words = [word for word, _ in question.choices]
            assert all(word in question.kind.allowed for word in words)
