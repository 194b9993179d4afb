"""Areas against the total (rules F13-F15)."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bounceback import facts
from bounceback.forecast import area_effects
from bounceback.forecast.batch import filtered_areas
from bounceback.forecast.parameters import constants

WEIGHTS = np.array([0.4, 0.3, 0.2, 0.1])
results = st.lists(st.one_of(st.none(), st.floats(-0.5, 0.5)), min_size=4, max_size=4)


def fresh() -> area_effects.Deviations:
    return area_effects.start(WEIGHTS, ability_sd=0.2, correlation=0.8)


def as_array(told: list[float | None]) -> np.ndarray:
    return np.array([math.nan if v is None else v for v in told])


def test_areas_correlate_as_stated_before_any_report() -> None:
    """Draws of total and own parts with that spread give back the correlation asked for."""
    rng = np.random.default_rng(1)
    own = 0.2 * math.sqrt(1 / 0.8 - 1)
    areas = rng.normal(0, 0.2, (100_000, 1)) + rng.normal(0, own, (100_000, 4))
    assert np.corrcoef(areas.T)[0, 1] == pytest.approx(0.8, abs=0.01)
    relative = areas - (areas @ WEIGHTS)[:, None]
    assert relative.var(axis=0) == pytest.approx(fresh().variance, rel=0.03)


@given(results, st.floats(0.001, 0.2))
@settings(derandomize=True, max_examples=80)
def test_the_total_is_the_weighted_mean_and_no_spread_grows(
    told: list[float | None], noise: float
) -> None:
    d = fresh()
    before = d.variance.copy()
    area_effects.observe(d, as_array(told), np.full(4, noise))
    assert WEIGHTS @ d.mean == pytest.approx(0.0, abs=1e-12)
    assert np.all(d.variance <= before + 1e-15)
    assert WEIGHTS @ d.share_of_distance() == pytest.approx(1.0)
    unreported = np.array([v is None for v in told])
    assert d.variance[unreported] == pytest.approx(before[unreported])


def test_a_report_without_areas_changes_nothing() -> None:
    d = fresh()
    area_effects.observe(d, np.full(4, math.nan), np.full(4, math.inf))
    assert np.array_equal(d.mean, np.zeros(4))


def test_a_weaker_area_is_further_from_the_ceiling_and_a_noisier_result_says_less() -> None:
    clear, noisy = fresh(), fresh()
    told = np.array([math.nan, 0.2, math.nan, math.nan])
    area_effects.observe(clear, told, np.full(4, 0.005))
    area_effects.observe(noisy, told, np.full(4, 0.05))
    assert clear.mean[1] > noisy.mean[1] > 0 > clear.mean[0]
    assert clear.share_of_distance()[1] == clear.share_of_distance().max()


def test_what_is_known_of_an_area_fades_and_never_beyond_the_prior() -> None:
    d = fresh()
    area_effects.observe(d, np.array([0.1, -0.1, 0.0, 0.0]), np.full(4, 0.002))
    known = d.variance.copy()
    area_effects.elapse(d, days=7.0, drift_variance_per_day=1e-5, shift=None)
    assert np.all(d.variance > known)
    area_effects.elapse(d, days=1e6, drift_variance_per_day=1e-5, shift=None)
    assert d.variance == pytest.approx(fresh().variance)


def test_own_work_moves_its_area_and_the_others_the_other_way() -> None:
    d = fresh()
    area_effects.elapse(
        d, days=1.0, drift_variance_per_day=0.0, shift=np.array([-0.1, 0.0, 0.0, 0.0])
    )
    assert d.mean[0] < 0 < d.mean[1]
    assert WEIGHTS @ d.mean == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("percent", [0.0, 3.0, 50.0, 100.0])
def test_noise_of_a_percentage_is_binomial_and_never_nothing(percent: float) -> None:
    found = area_effects.binomial_variance_of_percent(percent, 40.0, 1.0)
    assert found > 0
    if percent == 50.0:
        assert found == pytest.approx(1e4 * 0.25 / 40)


def test_many_learners_areas_are_those_of_each_alone() -> None:
    c = constants("usmle-step-1", "us-md", date(2027, 1, 8), retaker=True)
    weights = np.fromiter(
        facts.exam_weights("usmle-step-1", date(2027, 1, 8)).values(), dtype=np.float64
    )
    rng = np.random.default_rng(4)
    n, steps, a = 7, 3, len(weights)
    value = rng.normal(0, 0.1, (n, steps, a))
    value[rng.random(value.shape) < 0.3] = math.nan
    variance = rng.uniform(0.01, 0.1, value.shape)
    days = rng.uniform(1, 30, (n, steps))
    mean, spread = filtered_areas(c, weights, days=days, value=value, variance=variance, block=3)
    for i in range(n):
        d = area_effects.start(
            weights, ability_sd=c.prior_sd, correlation=c.parameter["area_correlation"]
        )
        for t in range(steps):
            area_effects.elapse(
                d,
                days=days[i, t],
                drift_variance_per_day=c.parameter["area_drift_sd_per_week"] ** 2 / 7,
                shift=None,
            )
            area_effects.observe(d, value[i, t], variance[i, t])
        assert mean[i] == pytest.approx(d.mean, abs=1e-6)
        assert spread[i] == pytest.approx(d.variance, rel=1e-5)
