from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bounceback.appraisal import appraise, question_of_the_day, questions
from bounceback.records import parse_case, write_case
from bounceback.records.models import AppraisalAnswer
from bounceback.vocabulary import APPRAISAL_KEYS, SEVEN_QUESTIONS, AppraisalKey
from tests.appraisal import learners
from tests.appraisal.learners import TODAY


def test_the_seven_questions_come_first_with_their_sub_questions_kept_apart() -> None:
    keys = [q.key for q in questions()]
    assert len(keys) == len(set(keys))
    whole = [k for k in keys if "." not in k]
    assert tuple(whole[:7]) == SEVEN_QUESTIONS
    assert len(whole) == 19
    for pair in (
        ("help.asked", "help.right-person"),
        ("assessment.used", "assessment.adapted"),
        ("timeline.who-chose", "timeline.on-what"),
        ("effort.rest", "cards.retention"),
    ):
        assert set(pair) <= set(keys)


def test_every_question_can_be_answered_in_the_case_file() -> None:
    assert {q.key for q in questions()} == set(APPRAISAL_KEYS)


def test_an_answer_to_a_sub_question_is_kept_in_the_case_file_and_read_for_its_part() -> None:
    answered = replace(
        learners.steady(),
        appraisal={
            "help": AppraisalAnswer(answer=5),
            "help.right-person": AppraisalAnswer(answer=1, note="My adviser, not the dean."),
            "sleep": AppraisalAnswer(answer=1),
        },
    )
    again = parse_case(write_case(answered, json=False), json=False).record
    assert again.appraisal == answered.appraisal
    found = {
        (f.dimension, f.part): f for f in (lambda a: (*a.ranked, *a.others))(appraise(again, TODAY))
    }
    (own,) = found["help", "right-person"].said
    assert (own.facts["answer"], own.facts["part"]) == (1, "right-person")
    assert own.facts["note"] == "My adviser, not the dean."
    (whole,) = found["help", "asked"].said
    assert (whole.facts["answer"], whole.facts["part"]) == (5, "")
    assert found["sleep", ""].said[0].facts["answer"] == 1


@pytest.mark.parametrize("key", APPRAISAL_KEYS)
def test_every_answer_is_read(key: AppraisalKey) -> None:
    """Its own words stand in a finding of its dimension, and of its part where it has one."""
    answered = replace(
        learners.steady(), appraisal={key: AppraisalAnswer(answer=1, note="In my own words.")}
    )
    found = appraise(answered, TODAY)
    dimension, _, part = key.partition(".")
    said = [
        f
        for f in (*found.ranked, *found.others)
        if any(r.facts.get("note") == "In my own words." for r in f.said)
    ]
    assert said
    assert {f.dimension for f in said} == {dimension}
    assert not part or {f.part for f in said} == {part}


def test_who_chose_the_date_rests_on_words_alone() -> None:
    answered = replace(
        learners.steady(), appraisal={"timeline.who-chose": AppraisalAnswer(answer=1)}
    )
    (found,) = appraise(answered, TODAY).ranked
    assert (found.part, found.confidence) == ("who-chose", "low")
    assert [r.code for r in found.says] == ["appraisal.answer-low", "appraisal.your-answer-only"]
    assert found.said[0].facts["part"] == "who-chose"


def test_one_question_a_day_until_all_are_answered() -> None:
    record, answered, day, asked = learners.steady(), set(), TODAY, None
    for _ in questions():
        found = question_of_the_day(record, answered, last_asked=asked, on=day)
        assert found is not None
        assert question_of_the_day(record, answered, last_asked=day, on=day) is None
        answered.add(found.key)
        asked, day = day, day + timedelta(days=1)
    assert question_of_the_day(record, answered, last_asked=asked, on=day) is None


def test_what_the_record_answers_is_not_asked_again() -> None:
    record = replace(learners.steady(), appraisal={"effort": AppraisalAnswer(answer=3)})
    found = question_of_the_day(record, on=TODAY)
    assert found is not None
    assert found.key == "effort.hours"
