from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import product
from math import comb, exp, isclose, lgamma

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bounceback.appraisal import cause_trend, load_thresholds, reasoning_trend
from bounceback.appraisal.trends import Day, _weights, e_values
from bounceback.records.models import Miss

T = load_thresholds("usmle-step-1")
ALPHA = T["cause_alpha"]
HORIZON = T.count("cause_horizon_days")
GUARDED = T["cause_day_correlation"]
PER_BLOCK = 16
"""Misses in a block of 40 at 6 of 10 right; one block a day."""
BEFORE = T.count("cause_baseline_misses") // PER_BLOCK
AFTER = 40
TODAY = date(2026, 11, 22)


def block(rng: random.Random, share: float, correlation: float) -> Day:
    """Misses of one block; ``correlation`` is the intra-block correlation of a beta-binomial."""
    p = share
    if correlation > 0:
        size = (1 - correlation) / correlation
        p = rng.betavariate(share * size, (1 - share) * size)
    return sum(rng.random() < p for _ in range(PER_BLOCK)), PER_BLOCK


def blocks_until_fallen(
    rng: random.Random, before: float, after: float, correlation: float
) -> int | None:
    """Blocks after the change until the test says "fallen", looked at every day."""
    early = [block(rng, before, correlation) for _ in range(BEFORE)]
    late = [block(rng, after, correlation) for _ in range(AFTER)]
    path = e_values(early, late, horizon=HORIZON, correlation=GUARDED)
    hit = next((g for g, e in enumerate(path, 1) if e >= 1 / ALPHA), None)
    return None if hit is None else hit * -(-HORIZON // BEFORE)


@pytest.mark.parametrize("correlation", [0.0, 0.05, 0.1])
@pytest.mark.parametrize("share", [0.1, 0.3, 0.5])
def test_the_level_holds_when_looked_at_daily_also_where_misses_of_a_block_are_alike(
    share: float, correlation: float
) -> None:
    """n = 500 unchanged learners each, 20 blocks before and 40 after, a look after every block."""
    rng = random.Random(20261122)
    fallen = sum(
        blocks_until_fallen(rng, share, share, correlation) is not None for _ in range(500)
    )
    assert fallen <= 500 * ALPHA


@pytest.mark.parametrize("correlation", [0.0, 0.1])
def test_a_halved_cause_is_found_within_forty_blocks_by_seven_of_ten_learners(
    correlation: float,
) -> None:
    """n = 300, from 3 of 10 misses to 1.5 of 10, 16 misses a block, 20 blocks before."""
    rng = random.Random(11)
    found = [blocks_until_fallen(rng, 0.3, 0.15, correlation) for _ in range(300)]
    inside = sorted(b for b in found if b is not None)
    assert len(inside) >= 0.7 * 300
    assert inside[150] <= 30, "half of the learners know within thirty blocks"


def beta_binomial(k: int, n: int, share: float, correlation: float) -> float:
    """Chance of k of n, written another way than the engine's."""
    if correlation == 0:
        return comb(n, k) * share**k * (1 - share) ** (n - k)
    a, b = (x * (1 - correlation) / correlation for x in (share, 1 - share))
    return comb(n, k) * exp(
        lgamma(k + a) + lgamma(n - k + b) - lgamma(n + a + b)
        + lgamma(a + b) - lgamma(a) - lgamma(b)
    )  # fmt: skip


@pytest.mark.parametrize("correlation", [0.0, 0.04, GUARDED])
@pytest.mark.parametrize(("early", "late"), [(0.3, 0.3), (0.3, 0.35), (0.04, 0.04), (0.6, 0.9)])
@pytest.mark.parametrize(("n0", "n1"), [(16, 16), (1, 16), (16, 1), (5, 40)])
def test_one_group_never_gains_on_average_where_the_share_has_not_fallen(
    n0: int, n1: int, early: float, late: float, correlation: float
) -> None:
    """The exact mean over all outcomes of one earlier and one later day, at most 1."""
    mean = sum(
        beta_binomial(x, n0, early, correlation)
        * beta_binomial(y, n1, late, correlation)
        * e_values([(x, n0)], [(y, n1)], horizon=1, correlation=GUARDED)[0]
        for x, y in product(range(n0 + 1), range(n1 + 1))
    )
    assert mean <= 1.0 + 1e-3, "the largest share is searched on a grid"


@pytest.mark.parametrize("n", [1, 7, 40])
def test_the_mean_weight_of_a_day_is_that_of_all_its_outcomes(n: int) -> None:
    weights, means = _weights(n, 1, 2, True, GUARDED)
    share = 1 / (1 + exp(-2.0))  # place 200 of the shares that are searched
    chances = np.array([beta_binomial(k, n, share, GUARDED) for k in range(n + 1)])
    assert means[:, 200] == pytest.approx(np.log(np.exp(weights) @ chances), abs=1e-9)


days = st.lists(
    st.integers(1, 20).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), max_size=12
)


@given(days.filter(bool), days)
def test_looking_earlier_never_changes_what_was_seen(early: list[Day], late: list[Day]) -> None:
    whole = e_values(early, late, horizon=10, correlation=GUARDED)
    for k in range(len(late)):
        part = e_values(early, late[:k], horizon=10, correlation=GUARDED)
        assert all(isclose(x, y) for x, y in zip(part, whole, strict=False))


def misses(causes: list[str], first: date = date(2026, 9, 1)) -> list[Miss]:
    return [
        Miss(date=first + timedelta(days=i // 16), cause=c)  # type: ignore[arg-type]
        for i, c in enumerate(causes)
    ]


def test_a_cause_that_vanished_is_said_to_have_fallen_with_counts_on_both_sides() -> None:
    early = ["misread", "slip", "misread", "not-learned"] * 40
    late = ["slip", "not-learned"] * 80
    trend = cause_trend(misses(early + late), "misread", T, as_of=TODAY, since=date(2026, 9, 11))
    assert trend is not None
    assert trend.fallen
    assert trend.before == (80, 160)
    assert trend.after == (0, 160)
    assert trend.says.code == "appraisal.cause-has-fallen"
    assert (trend.says.facts["alpha"], trend.says.facts["all_causes"]) == (0.05, 8)


def test_a_rising_cause_gives_no_evidence_of_a_fall() -> None:
    trend = cause_trend(
        misses(["slip", "misread"] * 40 + ["misread"] * 160),
        "misread",
        T,
        as_of=TODAY,
        since=date(2026, 9, 6),
    )
    assert trend is not None
    assert not trend.fallen
    assert trend.e_value < 2
    assert trend.says.code == "appraisal.cause-too-early"


def test_without_a_day_of_change_the_first_misses_are_the_share_to_beat() -> None:
    some = misses(["misread"] * 360)
    trend = cause_trend(some, "misread", T, as_of=TODAY)
    assert trend is not None
    assert trend.before[1] == 320
    assert cause_trend(some[:320], "misread", T, as_of=TODAY) is None


def test_reasoning_causes_are_read_together() -> None:
    early = ["anchored", "narrowed-wrong", "slip", "slip"] * 40
    trend = reasoning_trend(misses(early + ["slip"] * 160), T, as_of=TODAY, since=date(2026, 9, 11))
    assert trend is not None
    assert trend.before == (80, 160)
    assert trend.fallen


def test_a_day_weighs_once_it_is_over() -> None:
    early = ["misread", "slip", "misread", "not-learned"] * 40
    some = misses(early + ["slip"] * 144)
    last = some[-1].date
    during = cause_trend(some, "misread", T, as_of=last, since=date(2026, 9, 11))
    after = cause_trend(some, "misread", T, as_of=last + timedelta(days=1), since=date(2026, 9, 11))
    assert during is not None
    assert after is not None
    assert during.after == after.after == (0, 144), "counted in words at once"
    assert during.e_value < after.e_value
