"""Scores of past forecasts (rule F22)."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bounceback.forecast.scoring import brier, log_score, track_record

pairs = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40)


def test_a_coin_scores_a_quarter_and_log_two() -> None:
    assert brier(0.5, True) == brier(0.5, False) == 0.25
    assert log_score(0.5, True) == pytest.approx(math.log(2))


@given(st.floats(0, 1), st.floats(0, 1))
@settings(derandomize=True)
def test_nobody_gains_by_saying_another_chance_than_they_believe(true: float, said: float) -> None:
    def expected(p: float) -> float:
        return true * brier(p, True) + (1 - true) * brier(p, False)

    assert expected(true) <= expected(said) + 1e-12


@given(pairs, st.randoms(use_true_random=False))
@settings(derandomize=True)
def test_order_is_irrelevant_and_every_forecast_is_in_one_bin(
    told: list[tuple[float, bool]], rng: object
) -> None:
    shuffled = sorted(told, key=lambda pair: (pair[0] * 7919) % 1)
    one = track_record([p for p, _ in told], [y for _, y in told])
    two = track_record([p for p, _ in shuffled], [y for _, y in shuffled])
    assert one.brier == pytest.approx(two.brier)
    assert one.bins == two.bins or [b.count for b in one.bins] == [b.count for b in two.bins]
    assert sum(b.count for b in one.bins) == one.count == len(told)
    assert all(b.low <= b.mean_p <= b.high + 1e-12 for b in one.bins)
    assert all(0 <= b.passed <= b.count for b in one.bins)
    assert 0 <= one.brier <= 1
    assert 0 <= one.expected_calibration_error <= 1


def test_a_certain_and_wrong_forecast_has_a_finite_log_score() -> None:
    assert log_score(1.0, False) == pytest.approx(-math.log(1e-6))


def test_reliability_counts_what_was_said_and_what_came() -> None:
    found = track_record([0.72, 0.78, 0.31], [True, False, False])
    assert [(b.low, b.count, b.passed) for b in found.bins] == [(0.3, 1, 0), (0.7, 2, 1)]
    assert found.expected_calibration_error == pytest.approx(2 / 3 * 0.25 + 1 / 3 * 0.31)


@pytest.mark.parametrize(("forecasts", "passed"), [([], []), ([0.5], [True, False])])
def test_forecasts_without_their_results_are_refused(
    forecasts: list[float], passed: list[bool]
) -> None:
    with pytest.raises(ValueError, match="one result for each forecast"):
        track_record(forecasts, passed)
