"""What the dates are worth, against a simulation of the same policy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bounceback.decision.optimal_stopping import Costs, best_date, gauss_hermite, value_dates
from bounceback.forecast.normal import cdf, quantile


def costs(n: int, *, failure: float = 40.0, late: float = 2.0, outside: float = np.inf) -> Costs:
    return Costs(
        failure=np.full(n, failure),
        date=np.arange(1.0, n + 1.0),
        move_now=0.0,
        move_late=late,
        outside=outside,
    )


CHANCE = np.array([0.55, 0.7, 0.8])
RESOLVED = np.array([0.4, 0.5, 0.6])
LINK = np.array([[1.0, 0.9, 0.8], [0.9, 1.0, 0.9], [0.8, 0.9, 1.0]])


def test_the_value_is_what_the_policy_earns_when_it_is_lived() -> None:
    """A million futures of the first two dates: keep, or move to the second and take it."""
    found = value_dates(CHANCE[:2], RESOLVED[:2], LINK[:2, :2], costs(2))
    rng = np.random.default_rng(3)
    u = rng.standard_normal(400_000)
    z = np.array([quantile(p) for p in CHANCE[:2]])
    first = cdf((z[0] + np.sqrt(RESOLVED[0]) * u) / np.sqrt(1 - RESOLVED[0]))
    # Given the news for the first date, the chance of the second averages over the news to come.
    g = LINK[0, 1] * np.sqrt(RESOLVED[1])
    second = cdf((z[1] + g * u) / np.sqrt(1 - g**2))
    keep, move = -(1 - first) * 40.0 - 1.0, -(1 - second) * 40.0 - 2.0 - 2.0
    assert found.held[0] == pytest.approx(np.maximum(keep, move).mean(), abs=0.05)
    assert found.kept[0] == pytest.approx((keep >= move).mean(), abs=0.03)


def test_deciding_later_is_never_worth_less_than_fixing_a_date() -> None:
    found = value_dates(CHANCE, RESOLVED, LINK, costs(3))
    assert np.all(found.held >= found.fixed - 1e-2)
    untold = value_dates(CHANCE[-1:], np.zeros(1), np.ones((1, 1)), costs(1))
    assert untold.held[0] == pytest.approx(untold.fixed[0], abs=1e-9)


@given(st.floats(0.02, 0.98), st.floats(0.0, 0.9))
def test_the_chance_expected_after_the_tests_is_that_of_today(p: float, resolved: float) -> None:
    """With nothing to choose, the value is linear in the chance, whatever the tests resolve."""
    found = value_dates(np.array([p]), np.array([resolved]), np.ones((1, 1)), costs(1))
    assert found.held[0] == pytest.approx(-(1 - p) * 40.0 - 1.0, abs=0.02)


def test_a_dearer_failure_raises_the_chance_at_which_a_date_is_kept() -> None:
    cheap = value_dates(CHANCE, RESOLVED, LINK, costs(3, failure=20.0, outside=26.0))
    dear = value_dates(CHANCE, RESOLVED, LINK, costs(3, failure=90.0, outside=26.0))
    assert dear.threshold[0] > cheap.threshold[0]


def test_where_expiring_costs_little_a_poor_chance_is_not_taken() -> None:
    found = value_dates(np.array([0.1]), np.zeros(1), np.ones((1, 1)), costs(1, outside=13.0))
    assert found.held[0] == pytest.approx(-13.0)
    assert found.kept[0] == 0.0


def test_the_earlier_of_two_dates_alike_is_best() -> None:
    found = value_dates(np.ones(2) * 0.9, np.zeros(2), np.zeros((2, 2)), costs(2))
    assert best_date(found, [True, True]) == 0
    assert best_date(found, [False, True]) == 1
    assert best_date(found, [False, False]) is None


def test_no_dates_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        value_dates(np.zeros(0), np.zeros(0), np.zeros((0, 0)), costs(0))


def test_the_quadrature_is_that_of_the_library() -> None:
    x, w = gauss_hermite(9)
    theirs, weights = np.polynomial.hermite_e.hermegauss(9)
    assert x == pytest.approx(theirs, abs=1e-12)
    assert w == pytest.approx(weights / weights.sum(), abs=1e-12)


@given(st.floats(0.05, 0.95), st.floats(0.001, 0.02))
def test_the_share_that_keeps_a_date_moves_with_its_chance(p: float, step: float) -> None:
    """A little more chance is a little more share, never a jump, so that advice stays."""

    def kept(chance: float) -> float:
        one = costs(1, outside=26.0)
        return float(value_dates(np.array([chance]), np.array([0.5]), np.eye(1), one).kept[0])

    low, high = kept(p), kept(min(p + step, 0.99))
    assert low <= high + 1e-12
    # The news is standard normal: the share moves at most by its density, some 0.4, times the
    # distance on the normal scale.
    distance = (quantile(min(p + step, 0.99)) - quantile(p)) / np.sqrt(0.5)
    assert high - low <= 0.4 * distance + 1e-3
