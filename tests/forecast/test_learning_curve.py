"""How study moves the score (rules F1-F3)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bounceback.forecast.learning_curve import Dynamics
from bounceback.forecast.posterior import believe
from tests.forecast.cases import AREAS, AS_OF, failing, form

D: Dynamics = believe(failing(forms=[form(areas=AREAS)]), AS_OF).dynamics()
LAW = D.law
minutes = st.floats(1, 900)


def test_ten_hours_of_questions_are_one_effective_day() -> None:
    assert LAW.effective_days(np.array([600.0])) == pytest.approx([1.0])


@given(minutes, minutes)
@settings(derandomize=True)
def test_a_longer_day_gives_more_and_each_minute_of_it_less(a: float, b: float) -> None:
    short, long = sorted((a, b))
    one, two = (float(LAW.effective_days(np.array([m]))[0]) for m in (short, long))
    assert one <= two + 1e-12
    assert float(LAW.day_yield(short)) >= float(LAW.day_yield(long)) - 1e-12


@given(st.lists(minutes, min_size=3, max_size=3))
@settings(derandomize=True)
def test_a_days_work_is_shared_among_its_areas_by_their_minutes(told: list[float]) -> None:
    by_area = LAW.effective_days(np.array([told]))[0]
    assert by_area.sum() == pytest.approx(float(LAW.effective_days(np.array([sum(told)]))[0]))
    assert by_area / by_area.sum() == pytest.approx(np.array(told) / sum(told))


def test_an_hour_a_day_over_a_week_holds_what_is_known_and_idle_weeks_forget() -> None:
    assert LAW.unworked_share(np.zeros(20)) == pytest.approx(np.ones(20))
    assert LAW.unworked_share(np.full(20, 30.0)) == pytest.approx(np.full(20, 0.5))
    assert LAW.unworked_share(np.full(20, 60.0)) == pytest.approx(np.zeros(20))
    saturday = np.array([210.0, *[0.0] * 6] * 3)
    assert LAW.unworked_share(saturday)[6:] == pytest.approx(np.full(15, 0.5))
    stopped = LAW.unworked_share(np.array([*[60.0] * 7, *[0.0] * 9]))
    assert stopped[7:] == pytest.approx([*(np.arange(1, 8) / 7), 1.0, 1.0])


@given(st.lists(minutes, min_size=2, max_size=20), st.integers(0, 19), minutes)
@settings(derandomize=True)
def test_more_work_on_any_day_never_leaves_more_unheld(
    told: list[float], day: int, more: float
) -> None:
    before = np.array(told)
    after = before.copy()
    after[day % len(told)] += more
    assert (LAW.unworked_share(after) <= LAW.unworked_share(before) + 1e-12).all()


@given(st.floats(0, 40))
@settings(derandomize=True)
def test_work_in_proportion_to_the_exam_is_the_published_growth(effort: float) -> None:
    pace = 0.01
    left = float(D.distance_after(effort * D.exam_weight, pace))
    assert left == pytest.approx(D.total_distance * np.exp(-pace * effort), rel=1e-9)


@given(st.lists(st.floats(0, 4), min_size=len(D.areas), max_size=len(D.areas)))
@settings(derandomize=True, max_examples=40)
def test_the_gain_of_the_next_day_is_the_slope_of_the_distance(effort: list[float]) -> None:
    e = np.array(effort)
    step = 1e-5
    for place in (0, len(e) // 2, len(e) - 1):
        more = e.copy()
        more[place] += step
        slope = (float(D.distance_after(e)) - float(D.distance_after(more))) / step
        assert D.marginal_gain(e)[place] == pytest.approx(slope, rel=1e-3)


@given(
    st.lists(st.floats(0, 4), min_size=len(D.areas), max_size=len(D.areas)),
    st.lists(st.floats(0, 4), min_size=len(D.areas), max_size=len(D.areas)),
)
@settings(derandomize=True, max_examples=60)
def test_half_of_two_plans_is_at_least_as_good_as_the_mean_of_both(
    one: list[float], two: list[float]
) -> None:
    a, b = np.array(one), np.array(two)
    middle = float(D.distance_after((a + b) / 2))
    assert middle <= (float(D.distance_after(a)) + float(D.distance_after(b))) / 2 + 1e-9


def test_a_weaker_area_gains_more_from_the_same_day_and_every_area_gains() -> None:
    gain = D.marginal_gain(np.zeros(len(D.areas)))
    assert np.all(gain > 0)
    order = np.argsort(D.distance)
    assert gain[order[-1]] > gain[order[0]]
