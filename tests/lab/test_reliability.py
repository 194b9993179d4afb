"""Reliability without bins, and the net benefit of acting on a chance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import isotonic_regression

from bounceback_lab.reliability import corp, isotonic, net_benefit


@given(st.integers(1, 60), st.integers(0, 10_000))
def test_pooled_violators_agree_with_scipy(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    p, y = rng.permutation(np.linspace(0.01, 0.99, n)), (rng.random(n) < 0.5).astype(float)
    order = np.argsort(p)
    theirs = np.empty(n)
    theirs[order] = isotonic_regression(y[order]).x
    assert isotonic(p, y) == pytest.approx(theirs, abs=1e-12)


def test_equal_chances_share_one_value_weighed_by_their_count() -> None:
    p = np.array([0.2, 0.2, 0.2, 0.5, 0.9, 0.9])
    y = np.array([1.0, 0.0, 0.0, 1.0, 1.0, 0.0])
    assert isotonic(p, y) == pytest.approx([1 / 3, 1 / 3, 1 / 3, 2 / 3, 2 / 3, 2 / 3])


def drawn(n: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(4)
    p = rng.beta(2, 1.5, n)
    return p, (rng.random(n) < p).astype(float)


def test_right_chances_lie_inside_their_band() -> None:
    p, y = drawn()
    found = corp(p, y, seed=1, draws=100)
    assert found.inside > 0.75
    assert 0.0 <= found.miscalibration <= found.miscalibration_if_right
    brier = float(np.square(p - y).mean())
    parts = found.miscalibration - found.discrimination + found.uncertainty
    assert parts == pytest.approx(brier, abs=1e-4)


@pytest.mark.parametrize("wrong", [lambda p: p**2, lambda p: np.clip(p * 1.3, 0, 1)])
def test_wrong_chances_do_not(wrong: object) -> None:
    p, y = drawn()
    found = corp(wrong(p), y, seed=1, draws=100)  # type: ignore[operator]
    assert found.miscalibration > 2 * found.miscalibration_if_right
    assert found.inside < 0.6


def test_the_curve_never_falls_and_has_its_band_around_the_diagonal() -> None:
    p, y = drawn()
    said, seen, low, high = corp(p, y, seed=1, draws=100).curve.T
    assert (np.diff(said) >= 0).all()
    assert (np.diff(seen) >= 0).all()
    assert (low <= said + 0.05).all()
    assert (high >= said - 0.05).all()


def test_net_benefit_counts_a_failure_at_the_odds_of_the_threshold() -> None:
    sits, passed = np.array([1.0, 1.0, 1.0, 0.0]), np.array([1.0, 1.0, 0.0, 0.0])
    assert net_benefit(sits, passed, 0.5) == pytest.approx((2 - 1) / 4)
    assert net_benefit(sits, passed, 0.8) == pytest.approx((2 - 4) / 4)
    assert net_benefit(np.zeros(4), passed, 0.9) == 0.0


@given(st.floats(0.05, 0.95))
def test_acting_on_right_chances_is_never_worse_than_all_or_nobody(threshold: float) -> None:
    p, _ = drawn(400)
    ours = net_benefit((p >= threshold).astype(float), p, threshold)
    assert ours >= net_benefit(np.ones(400), p, threshold) - 1e-12
    assert ours >= -1e-12
