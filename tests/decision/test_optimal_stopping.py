"""The value of waiting against a simulation of the same choice, and what must move it."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bounceback.decision.optimal_stopping import Horizon, gauss_hermite, waiting
from bounceback.forecast.normal import cdf

LOG_MARK, SITTING = 4.57, 0.065
COSTS = {"failure_cost": 20.0, "week_cost": 1.0, "lapse_cost": 6.0}


def horizons(*, mean: float = 4.62, growth: float = 0.02, news: float = 0.002) -> list[Horizon]:
    return [
        Horizon(
            weeks=2.0 + 2 * i,
            mean=mean - growth * i,
            variance=0.012 + 0.0015 * i,
            revealed=0.003 + news * i,
        )
        for i in range(6)
    ]


def simulated(
    dates: list[Horizon], thresholds: tuple[float, ...], draws: int
) -> tuple[float, float]:
    """Live the policy: draw what is revealed, sit where the chance reaches the threshold."""
    rng = np.random.default_rng(11)
    belief = np.full(draws, dates[0].mean)
    total = np.full(draws, -COSTS["lapse_cost"] - dates[-1].weeks * COSTS["week_cost"])
    waiting_still = np.ones(draws, dtype=bool)
    before_mean, before_news = dates[0].mean, 0.0
    for h, line in zip(dates, thresholds, strict=True):
        belief += h.mean - before_mean
        belief += math.sqrt(h.revealed - before_news) * rng.normal(size=draws)
        before_mean, before_news = h.mean, h.revealed
        left = h.variance - h.revealed
        p = cdf((LOG_MARK - belief) / math.sqrt(left + SITTING**2))
        sits = waiting_still & (p >= line)
        ability = belief + math.sqrt(left) * rng.normal(size=draws)
        passed = ability + SITTING * rng.normal(size=draws) < LOG_MARK
        total[sits] = -COSTS["failure_cost"] * (~passed[sits]) - h.weeks * COSTS["week_cost"]
        waiting_still &= ~sits
    return float(total.mean()), float(total.std() / math.sqrt(draws))


@pytest.mark.parametrize("mean", [4.50, 4.58, 4.66])
def test_the_open_value_is_what_the_policy_earns_when_it_is_lived(mean: float) -> None:
    dates = horizons(mean=mean)
    found = waiting(dates, log_mark=LOG_MARK, sitting_sd=SITTING, **COSTS)
    earned, error = simulated(dates, found.thresholds, 200_000)
    assert earned == pytest.approx(found.open_value, abs=4 * error + 0.02)


@pytest.mark.parametrize("mean", [4.45, 4.55, 4.65, 4.75])
def test_keeping_the_choice_open_is_never_worth_less_than_fixing_it(mean: float) -> None:
    found = waiting(horizons(mean=mean), log_mark=LOG_MARK, sitting_sd=SITTING, **COSTS)
    assert found.option_value >= -0.02


def test_more_news_on_the_way_makes_waiting_worth_more() -> None:
    quiet = waiting(horizons(news=0.0), log_mark=LOG_MARK, sitting_sd=SITTING, **COSTS)
    telling = waiting(horizons(news=0.002), log_mark=LOG_MARK, sitting_sd=SITTING, **COSTS)
    assert telling.option_value > quiet.option_value + 0.05


def test_a_dearer_failure_raises_the_chance_asked_for() -> None:
    cheap = waiting(
        horizons(), log_mark=LOG_MARK, sitting_sd=SITTING, **{**COSTS, "failure_cost": 10.0}
    )
    dear = waiting(
        horizons(), log_mark=LOG_MARK, sitting_sd=SITTING, **{**COSTS, "failure_cost": 60.0}
    )
    assert all(d >= c - 1e-9 for c, d in zip(cheap.thresholds, dear.thresholds, strict=True))
    assert dear.thresholds[0] > cheap.thresholds[0]


def test_one_date_leaves_sitting_or_lapsing() -> None:
    only = [Horizon(weeks=1.0, mean=4.9, variance=0.01, revealed=0.0)]
    found = waiting(only, log_mark=LOG_MARK, sitting_sd=SITTING, **COSTS)
    assert found.open_value == pytest.approx(-COSTS["lapse_cost"] - 1.0, abs=0.05)


def test_no_dates_are_refused() -> None:
    with pytest.raises(ValueError, match="no dates"):
        waiting([], log_mark=LOG_MARK, sitting_sd=SITTING, **COSTS)


def test_the_quadrature_is_that_of_the_library() -> None:
    x, w = gauss_hermite(15)
    nodes, weights = np.polynomial.hermite_e.hermegauss(15)
    assert np.allclose(x, nodes, rtol=0, atol=1e-12)
    assert np.allclose(w, weights / weights.sum(), rtol=0, atol=1e-14)
