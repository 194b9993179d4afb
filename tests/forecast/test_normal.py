"""The normal distribution, near and far."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import log_ndtr, ndtr, ndtri

from bounceback.forecast import normal


@given(st.lists(st.floats(-40, 40), min_size=1, max_size=50))
@settings(derandomize=True, max_examples=200)
def test_shares_below_agree_with_the_standard_library(values: list[float]) -> None:
    ours = normal.cdf(np.array(values))
    exact = [0.5 * math.erfc(-v * math.sqrt(0.5)) for v in values]
    assert ours == pytest.approx(exact, rel=2e-14, abs=1e-290)


def test_every_region_and_its_borders_agree_with_the_standard_library() -> None:
    x = np.linspace(-38, 38, 15_001)
    exact = np.array([0.5 * math.erfc(-v * math.sqrt(0.5)) for v in x])
    assert normal.cdf(x) == pytest.approx(exact, rel=2e-14, abs=1e-290)


def test_few_and_many_values_agree() -> None:
    x = np.linspace(-9, 9, normal.CHUNK + 1)
    assert normal.cdf(x)[:100] == pytest.approx(normal.cdf(x[:100]), rel=1e-13)
    assert normal.cdf(x.reshape(1, -1)).shape == (1, normal.CHUNK + 1)


def test_every_value_agrees_with_scipy() -> None:
    x = np.concatenate([np.linspace(-38, 38, 40_001), np.geomspace(1e-12, 30, 5_000)])
    assert normal.cdf(x) == pytest.approx(ndtr(x), rel=1e-13, abs=1e-290)
    assert normal.cdf(-x) == pytest.approx(ndtr(-x), rel=1e-13, abs=1e-290)
    assert normal.log_upper(x) == pytest.approx(log_ndtr(-x), rel=1e-7, abs=1e-15)
    shares = np.concatenate([np.geomspace(1e-300, 0.5, 400), 1 - np.geomspace(1e-15, 0.5, 200)])
    ours = [normal.quantile(float(p)) for p in shares]
    assert ours == pytest.approx(ndtri(shares), rel=1e-11, abs=1e-14)
    assert normal.quantiles(shares) == pytest.approx(ndtri(shares), rel=1e-11, abs=1e-14)
    with pytest.raises(ValueError, match="above 0 and below 1"):
        normal.quantiles(np.array([0.5, 1.0]))


def test_the_ends_are_nothing_and_everything() -> None:
    assert normal.cdf(np.array([-np.inf, np.inf, -60.0, 60.0, 0.0])).tolist() == [0, 1, 0, 1, 0.5]


@given(st.floats(-8, 8), st.floats(1e-9, 1))
@settings(derandomize=True)
def test_a_larger_value_has_no_smaller_share_below_it(x: float, more: float) -> None:
    low, high = normal.cdf(np.array([x, x + more]))
    assert low <= high + 1e-15


@given(st.floats(1e-6, 1 - 1e-6))
@settings(derandomize=True)
def test_a_quantile_has_its_share_below_it(share: float) -> None:
    assert float(normal.cdf(np.array(normal.quantile(share)))) == pytest.approx(share, rel=1e-9)


@given(st.floats(1e-12, 1 - 1e-12))
@settings(derandomize=True, max_examples=300)
def test_a_quantile_agrees_with_the_standard_library(share: float) -> None:
    exact = NormalDist().inv_cdf(share)
    assert normal.quantile(share) == pytest.approx(exact, rel=1e-13, abs=1e-14)


@pytest.mark.parametrize("share", [0.0, 1.0, -0.1, math.nan])
def test_the_quantile_of_no_share_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="above 0 and below 1"):
        normal.quantile(share)
