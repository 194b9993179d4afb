"""Step 2: what counts as a measure, and when a re-test reopens the plan."""

from __future__ import annotations

import pytest

from bounceback.decision.readiness import measures, retest_passed
from bounceback.records import models as v
from tests.decision.builders import TODAY, day, failed, form, learner


def count(record: v.Record, on: int = 5) -> int:
    return len(measures(record, TODAY, day(on), window_days=14, items=200))


def test_a_timed_unused_form_inside_the_window_is_a_measure() -> None:
    assert count(learner(forms=(form(-2), form(-9)))) == 2
    assert count(learner(forms=(form(-2), form(-10)))) == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"timed": False},
        {"interrupted": True},
        {"repeat": True},
        {"score": None},
        {"family": "school", "scale": "percent"},
    ],
)
def test_a_form_under_other_conditions_is_none(fault: dict[str, object]) -> None:
    assert count(learner(forms=(form(-2, **fault),))) == 0


def test_a_form_after_the_day_asked_about_is_none() -> None:
    assert count(learner(forms=(form(2),))) == 0


def test_fresh_timed_questions_count_together_from_two_hundred_on() -> None:
    def blocks(n: int, **more: object) -> tuple[v.Block, ...]:
        return tuple(
            v.Block(date=day(-k - 1), bank="b", items=40, correct=25, **more)  # type: ignore[arg-type]
            for k in range(n)
        )

    assert count(learner(blocks=blocks(5))) == 1
    assert count(learner(blocks=blocks(4))) == 0
    assert count(learner(blocks=blocks(5, mode="tutor"))) == 0
    assert count(learner(blocks=blocks(5, first_pass=False))) == 0


def test_a_retest_is_passed_at_its_score_by_a_full_form_since_the_latest_failure() -> None:
    def passed(*forms: v.Form) -> bool:
        record = learner(attempts=failed(day(-200), day(-60)), forms=forms)
        return retest_passed(record, TODAY, 196.0)

    assert passed(form(-5, 75.0))
    assert not passed(form(-5, 50.0))
    assert not passed(form(-70, 75.0))
    assert not passed(form(-5, 75.0, timed=False))
    assert not passed(form(5, 75.0))
