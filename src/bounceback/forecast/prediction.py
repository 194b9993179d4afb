"""From a belief and planned work to the chance of passing, by date (rules F16-F20)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from bounceback.forecast import kalman
from bounceback.forecast.normal import Floats, cdf, pdf, quantile
from bounceback.forecast.parameters import Constants
from bounceback.forecast.posterior import Belief

LOW, HIGH = 0.10, 0.90
"""The range of a chance is P at these percentiles of ability on the date."""


@dataclass(frozen=True, slots=True)
class PlannedWork:
    """Planned work up to each candidate date.

    Attributes:
        days: (D,) days from ``as_of`` to the date.
        unworked_days: (D,) days among them without enough work to hold what is known.
        effort: (D, A) planned effective days by area.
    """

    days: Floats
    unworked_days: Floats
    effort: Floats

    @classmethod
    def none(cls, belief: Belief, dates: Sequence[date]) -> PlannedWork:
        """No work planned at all up to each date."""
        n = np.array([(d - belief.as_of).days for d in dates], dtype=np.float64)
        return cls(n, n.copy(), np.zeros((len(dates), len(belief.area_names))))


@dataclass(frozen=True, slots=True)
class Forecast:
    """Ability on one date and the chance of passing then.

    ``p_pass`` averages over adherence and all that is unknown; ``p_pass_low`` and ``p_pass_high``
    are the chance at the 10th and 90th percentile of ability; ``p_pass_if_followed`` is with the
    plan kept. ``score_low`` and ``score_high`` hold 80 % of the reported scores of that day.
    ``p_next_low`` and ``p_next_high`` are the 10th and 90th percentile of ``p_pass`` after the next
    practice test of the plan; ``None`` without one.
    """

    on: date
    score_mean: float
    score_sd: float
    p_pass: float
    p_pass_low: float
    p_pass_high: float
    p_pass_if_followed: float
    score_low: float
    score_high: float
    p_next_low: float | None = None
    p_next_high: float | None = None


@dataclass(frozen=True, slots=True)
class Futures:
    """The mixture of ability on each date, (D, M) each, on the log scale.

    Attributes:
        mean: Of ability on the day, its luck included.
        variance: Of the same.
        weight: Sum 1 a date.
        level: Mean without the luck of the day: of τ.
        lasting: Variance without it.
        kept: Share of a small change of today's level that is left of it on the day.
    """

    mean: Floats
    variance: Floats
    weight: Floats
    level: Floats
    lasting: Floats
    kept: Floats


def futures(belief: Belief, work: PlannedWork, *, followed: bool = False) -> Futures:
    """Carry the belief to each date through the planned work.

    Rule F16: every pair of a rate node and an adherence node is one Gaussian; the total distance
    shrinks by ``Σ_a s_a exp(-κ ρ α x_a)`` where ``s_a`` is the area's share of the distance and
    ``x_a`` the effective days it feels. Forgetting pulls towards the base on unworked days. The
    spread between days is part of ability on the date.
    """
    c = belief.constants
    dynamics_law = c.law
    weights = belief.areas.exam_weight
    share = weights * belief.areas.share_of_distance()
    own = (1.0 - dynamics_law.spill_over) * work.effort / weights
    felt = own + dynamics_law.spill_over * work.effort.sum(axis=-1, keepdims=True)  # (D, A)
    alpha = np.ones(1) if followed else belief.adherence
    alpha_weight = np.ones(1) if followed else belief.adherence_weight
    pace = c.parameter["kappa"] * belief.total.rate[:, None] * alpha[None, :]  # (K, J)
    if not belief.supply_known:
        # (D, 1, J): what the done work is worth from a typical supply, as a share of itself.
        done = work.effort.sum(axis=-1)[:, None, None] * alpha
        worth = dynamics_law.typical_supply(done) / np.maximum(done, 1e-12)
        pace = pace * np.where(done > 0.0, worth, 1.0)
    left = np.exp(-pace.reshape(len(pace) if pace.ndim > 2 else 1, -1, 1) * felt[:, None, :])
    left = left @ share  # (D, KJ)
    keep = np.exp(-c.parameter["forgetting_per_day"] * work.unworked_days)[:, None]
    k, j = pace.shape[-2:]
    mean0 = np.repeat(belief.total.mean[0], j)[None, :]
    variance0 = np.repeat(belief.total.variance[0], j)[None, :]
    held, kept_variance, kept = kalman.forget(mean0, variance0, keep=keep, base=c.base)
    level = held + np.log(left)
    lasting = kept_variance + c.drift_variance_per_day * work.days[:, None]
    mean, variance = on_the_day(c, level, lasting)
    weight = np.repeat(belief.total.weight()[0], j) * np.tile(alpha_weight, k)
    return Futures(mean, variance, np.broadcast_to(weight, mean.shape), level, lasting, kept)


def on_the_day(
    c: Constants, level: Floats, lasting: Floats, luck_sd: float | None = None
) -> tuple[Floats, Floats]:
    """Mean and variance of the log-normal that has the moments of level and luck together.

    The luck of a day is the same number of points wherever the learner stands (rule F20): it
    widens both sides by as much, and moves no mean in points.

    Args:
        c: The exam's numbers.
        level: Mean of the level on the log scale.
        lasting: Its variance.
        luck_sd: Spread of the luck at the mark; default that of the day without the questions.
    """
    luck = (c.day_sd if luck_sd is None else luck_sd) ** 2 * np.exp(
        2.0 * (c.at_mark - level) - lasting
    )
    variance = np.log(np.exp(lasting) + luck)
    return level + 0.5 * (lasting - variance), variance


def mixture_quantile(f: Futures, p: float) -> Floats:
    """(D,) the log distance with mixture probability ``p`` below it.

    Newton steps on the mixture's distribution function inside a shrinking bracket; stops when
    every share is right to 1e-11 or every step below 1e-9.
    """
    sd = np.sqrt(f.variance)
    low = (f.mean - 9.0 * sd).min(axis=-1)
    high = (f.mean + 9.0 * sd).max(axis=-1)
    centre = (f.weight * f.mean).sum(axis=-1)
    spread = np.sqrt((f.weight * (f.variance + (f.mean - centre[:, None]) ** 2)).sum(axis=-1))
    x = centre + quantile(p) * spread
    for _ in range(60):
        t = (x[:, None] - f.mean) / sd
        excess = (f.weight * cdf(t)).sum(axis=-1) - p
        if (np.abs(excess) < 1e-11).all():
            break
        low, high = np.where(excess < 0, x, low), np.where(excess > 0, x, high)
        density = (f.weight * pdf(t) / sd).sum(axis=-1)
        step = x - excess / np.maximum(density, 1e-12)
        new = np.where((step >= low) & (step <= high), step, 0.5 * (low + high))
        done = np.abs(new - x) < 1e-9
        x = new
        if done.all():
            break
    return np.asarray(x)


def reported_range(c: Constants, f: Futures) -> tuple[Floats, Floats]:
    """(D,) ends, in points, between which 80 % of the reported scores of each date lie.

    Quantiles of the exact sum: a level that is normal on the log scale in each component, and the
    luck of a day and a sitting that is normal in points (rule F18). One log-normal for both is
    too short above: the luck is symmetric in points.
    """
    luck = math.hypot(c.day_sd, c.sitting_sd)
    mean, variance = on_the_day(c, f.level, f.lasting, luck)
    near = replace(f, mean=mean, variance=variance)
    asked = np.array([[HIGH], [LOW]])
    x = np.stack([mixture_quantile(near, HIGH), mixture_quantile(near, LOW)])
    sd = np.sqrt(near.variance)
    density = (f.weight * pdf((x[..., None] - near.mean) / sd) / sd).sum(axis=-1)
    short = asked - reached(c, f, x, luck**2)
    step = short / density
    still = asked - reached(c, f, x + step, luck**2)
    # A secant through both: what is short after it is short by less than 5e-5.
    slope = np.divide(short - still, step, out=density, where=np.abs(step) > 1e-12)
    low, high = c.score(x + step + still / slope)
    return low, high


def chance(belief: Belief, f: Futures) -> Floats:
    """(D,) chance that a sitting reaches the mark; day, items drawn and mark averaged over."""
    c = belief.constants
    return reached(c, f, c.log_mark, c.day_sd**2 + c.sitting_sd**2 + c.mark_sd**2)


def reached(c: Constants, f: Futures, line: Floats | float, noise: float) -> Floats:
    """Share of the sittings on each date that show less than ``line``, (D,) or (n, D)."""
    at = np.asarray(line)[..., None]
    part = kalman.chance_nearer(f.level, f.lasting, line=at, noise=noise, stated_at=c.at_mark)
    return np.asarray((f.weight * part).sum(axis=-1))


def chance_at(belief: Belief, log_distance: Floats) -> Floats:
    """Chance of passing for a learner whose ability is known to be at that log distance."""
    c = belief.constants
    sitting = np.hypot(c.sitting_sd, c.mark_sd) / c.log_points
    return cdf((math.exp(c.log_mark) - np.exp(log_distance)) / sitting)


def predict(
    belief: Belief, dates: Sequence[date], work: PlannedWork | None = None
) -> tuple[Forecast, ...]:
    """Chance of passing on each date, with its range and both of its meanings.

    A later date has a lower chance where more is forgotten than learned until then (rule F27).

    Args:
        belief: Where the learner stands.
        dates: Candidate test dates, on or after ``belief.as_of``.
        work: Planned work up to each of them; default none.

    Returns:
        One forecast a date, in the order given.
    """
    if not dates:
        return ()
    c = belief.constants
    planned = work if work is not None else PlannedWork.none(belief, dates)
    f = futures(belief, planned)
    followed = chance(belief, futures(belief, planned, followed=True))
    p = chance(belief, f)
    worse, better = mixture_quantile(f, HIGH), mixture_quantile(f, LOW)
    lowest, highest = reported_range(c, f)
    p_low, p_high = chance_at(belief, worse), chance_at(belief, better)
    distance = (f.weight * np.exp(f.mean + 0.5 * f.variance)).sum(axis=-1)
    square = (f.weight * np.exp(2.0 * f.mean + 2.0 * f.variance)).sum(axis=-1)
    sd = np.sqrt(np.maximum(square - distance**2, 0.0))
    return tuple(
        Forecast(
            on=d,
            score_mean=float(c.ceiling - distance[i]),
            score_sd=float(sd[i]),
            p_pass=float(p[i]),
            p_pass_low=float(min(p_low[i], p[i])),
            p_pass_high=float(max(p_high[i], p[i])),
            p_pass_if_followed=float(followed[i]),
            score_low=float(lowest[i]),
            score_high=float(highest[i]),
        )
        for i, d in enumerate(dates)
    )
