"""What a minute of study is worth: second looks, content by foundation, review (rule F1)."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bounceback.forecast.parameters import constants
from bounceback.vocabulary import ACTIVITIES

C = constants("usmle-step-1", "us-md", date(2026, 12, 1), retaker=True)
EFFECTS = C.law.effects
MINUTES = st.floats(0.0, 5000.0)
POOL = st.floats(1.0, 5000.0)


@given(MINUTES, MINUTES, POOL)
def test_second_looks_pay_less_each_time_and_are_bounded(a: float, b: float, pool: float) -> None:
    first, both = EFFECTS.second_look_minutes(np.array([a, a + b]), pool)
    assert 0.0 <= first <= both + 1e-9
    assert both - first <= EFFECTS.second_look_minutes(b, pool) + 1e-9
    assert both <= EFFECTS.second_look_limit(pool) + 1e-9


@given(MINUTES, POOL, POOL)
def test_a_larger_pool_never_pays_less(done: float, pool: float, more: float) -> None:
    small, large = EFFECTS.second_look_minutes(done, np.array([pool, pool + more]))
    assert small <= large + 1e-9


@given(MINUTES, POOL)
def test_the_worth_of_the_next_minute_is_the_slope(done: float, pool: float) -> None:
    step = 1e-3 * pool
    low, high = EFFECTS.second_look_minutes(np.array([done, done + step]), pool)
    middle = EFFECTS.second_look_worth(done + 0.5 * step, pool)
    assert (high - low) / step == pytest.approx(float(middle), rel=1e-5, abs=1e-7)


def test_one_more_return_is_worth_its_stated_share_and_no_pool_is_worth_nothing() -> None:
    first, second = EFFECTS.second_look_worth(np.array([0.0, 600.0]), 600.0)
    assert first == EFFECTS.second_look
    assert second / first == pytest.approx(EFFECTS.second_look_decay)
    assert EFFECTS.second_look_worth(0.0, 0.0) == 0.0
    assert EFFECTS.second_look_minutes(60.0, 0.0) == 0.0


@given(st.sampled_from(["reading", "video"]), st.floats(-3, 3), st.floats(0, 3))
def test_content_pays_more_where_the_foundation_is_missing(
    activity: str, below: float, more: float
) -> None:
    near, far = EFFECTS.of_activity(activity, np.array([below, below + more]))  # type: ignore[arg-type]
    assert 0.0 < near <= far < EFFECTS.activity["questions"]
    assert EFFECTS.of_activity(activity, 0.0) == EFFECTS.activity[activity]  # type: ignore[arg-type,index]


def test_the_foundation_changes_content_alone() -> None:
    for activity in ACTIVITIES:
        worth = EFFECTS.of_activity(activity, np.array([-1.0, 0.0, 2.0]))
        assert (np.ptp(worth) > 0) == (activity in ("reading", "video"))


def test_a_second_pass_through_a_bank_pays_for_its_missed_questions_only() -> None:
    assert EFFECTS.second_pass == EFFECTS.second_look * EFFECTS.missed_share
    assert EFFECTS.missed_minutes(1000.0) == 1000.0 * EFFECTS.missed_share
