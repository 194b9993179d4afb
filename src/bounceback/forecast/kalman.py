"""The filter of the total: exact given the personal rate, a mixture over its grid (rules F6-F12).

State per learner and rate node: mean and variance of ``τ``, the log distance from the total score
to the ceiling (lower is better), and of ``β``, how much better this learner does in practice than
on the day (nerves, familiarity), which every practice score shares. Three steps, all with a leading
learner axis N and a node axis K:

* ``elapse``: days pass, with work (known or guessed) and forgetting;
* ``observe``: a score with noise, robust to a form that contradicts the rest;
* ``observe_between``: an outcome known to lie in an interval (a failure without a number).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bounceback.forecast import normal
from bounceback.forecast.normal import Floats

_ALL_ABOVE = 6.0
"""Standard deviations above the base at which no part of a normal belief lies below it."""

NEWTON_STEPS = 3
"""Newton steps to the mode of a score's posterior; a fourth moves it by less than 1e-6."""


@dataclass(slots=True)
class Total:
    """Belief about τ: (N, K) ``mean``, ``variance`` and ``log_weight`` over the rate grid.

    ``rate`` is (K,), or (N, K) where learners of different groups share one batch.
    ``gap_mean`` and ``gap_variance`` (N, K) are of β, ``covariance`` (N, K) of τ and β.
    """

    rate: Floats
    mean: Floats
    variance: Floats
    log_weight: Floats
    gap_mean: Floats
    gap_variance: Floats
    covariance: Floats

    def weight(self) -> Floats:
        """(N, K) normalised weights of the rate nodes."""
        w = np.exp(self.log_weight - self.log_weight.max(axis=-1, keepdims=True))
        return np.asarray(w / w.sum(axis=-1, keepdims=True))

    def copy(self) -> Total:
        """An independent copy."""
        return Total(
            self.rate,
            self.mean.copy(),
            self.variance.copy(),
            self.log_weight.copy(),
            self.gap_mean.copy(),
            self.gap_variance.copy(),
            self.covariance.copy(),
        )


def start(
    *,
    mean: Floats,
    sd: Floats,
    rate: Floats,
    rate_weight: Floats,
    gap_mean: float = 0.0,
    gap_sd: float = 0.0,
) -> Total:
    """The prior: learners' (N,) mean and sd of τ, the same for every node of the rate grid.

    ``rate`` and ``rate_weight`` are (K,), or (N, K). ``gap_mean`` and ``gap_sd`` are the mean and
    spread of β among learners, on the log scale at the mark.
    """
    n, k = mean.shape[0], rate.shape[-1]
    return Total(
        rate=rate,
        mean=np.repeat(mean[:, None], k, axis=1),
        variance=np.repeat((sd**2)[:, None], k, axis=1),
        log_weight=np.broadcast_to(np.log(rate_weight), (n, k)).copy(),
        gap_mean=np.full((n, k), gap_mean),
        gap_variance=np.full((n, k), gap_sd**2),
        covariance=np.zeros((n, k)),
    )


def forget(
    mean: Floats, variance: Floats, *, keep: Floats | float, base: float
) -> tuple[Floats, Floats, Floats]:
    """Pull what is known towards ``base``, from above it alone (rule F3).

    A learner above the base keeps the share ``keep`` of the way down to it. One below it has
    nothing to lose on the way there, and nobody gains by forgetting. A normal belief has parts on
    both sides: these are the exact mean and variance of what becomes of it.

    Args:
        mean: Mean of the log distance; any shape, as ``variance``.
        variance: Its variance.
        keep: Share of the way that is left, in (0, 1]; broadcasts.
        base: Log distance towards which an idle learner drifts.

    Returns:
        Mean and variance afterwards, and the share of a small change before that is left of it.
    """
    lost = 1.0 - np.asarray(keep)
    sd = np.sqrt(variance)
    depth = (base - mean) / np.maximum(sd, 1e-12)
    if depth.size and depth.min() >= _ALL_ABOVE:
        slope = np.broadcast_to(1.0 - lost, np.broadcast(mean, lost).shape)
        return mean + lost * (base - mean), variance * np.square(slope), slope
    above, density = normal.cdf(depth), normal.pdf(depth)
    way = sd * (density + depth * above)
    square = variance * ((1.0 + np.square(depth)) * above + depth * density)
    after = variance + np.square(lost) * (square - np.square(way)) - 2.0 * lost * variance * above
    return mean + lost * way, after, 1.0 - lost * above


def elapse(
    total: Total,
    *,
    days: Floats,
    unworked_days: Floats,
    effort: Floats,
    guess_mean: Floats,
    guess_variance: Floats,
    kappa: float,
    forgetting_per_day: float,
    base: float,
    drift_variance_per_day: float,
) -> None:
    """Let days pass, in place.

    Rule F7: ``τ`` is pulled to ``base`` by the factor ``exp(-r · unworked)`` from above it
    (``forget``), then falls by ``κ ρ`` times the effective days of recorded work. Work that nobody
    recorded counts at the learner's expected rate in every node, with its spread as spread of
    level: a pair of forms with unrecorded work between them teaches the level and not the rate.

    Args:
        total: Belief, changed in place.
        days: (N,) days that pass; ``unworked_days`` (N,) those without enough work to hold.
        unworked_days: (N,) see above, may be fractional.
        effort: (N,) effective days of recorded work.
        guess_mean: (N,) expected effective days of unrecorded work.
        guess_variance: (N,) its variance, in squared effective days.
        kappa: κ per effective day.
        forgetting_per_day: r.
        base: Log distance towards which an idle learner drifts.
        drift_variance_per_day: Unexplained wander of the level.
    """
    keep = np.exp(-forgetting_per_day * unworked_days)[:, None]
    rate = np.atleast_2d(total.rate)
    weight = total.weight()
    typical = kappa * (weight * rate).sum(axis=-1, keepdims=True)
    mean, variance, left = forget(total.mean, total.variance, keep=keep, base=base)
    # The same share of every node's spread: with one of its own, a node could take spread from a
    # better score and no mean with it (rule F8).
    before, after = ((weight * v).sum(axis=-1, keepdims=True) for v in (total.variance, variance))
    total.mean[:] = mean - kappa * rate * effort[:, None] - typical * guess_mean[:, None]
    total.variance[:] = (
        total.variance * (after / before)
        + typical**2 * guess_variance[:, None]
        + drift_variance_per_day * days[:, None]
    )
    total.covariance *= (weight * left).sum(axis=-1, keepdims=True)


def _mode(
    mean: Floats, variance: Floats, shown: Floats, noise: Floats, stated_at: float | None
) -> tuple[Floats, Floats]:
    """Where a score leaves a normal belief most likely to stand, and its noise there (rule F8).

    Args:
        mean: Expected log distance; ``variance`` its own.
        variance: See above.
        shown: Log distance that the score shows.
        noise: Its variance at ``stated_at``, the same number of points everywhere.
        stated_at: ``None``: the noise holds at every log distance.
    """
    there = noise if stated_at is None else noise * np.exp(2.0 * (stated_at - shown))
    at = mean + variance / (variance + there) * (shown - mean)
    if stated_at is None:
        return at, there
    for _ in range(NEWTON_STEPS):
        there = noise * np.exp(2.0 * (stated_at - at))
        short = np.expm1(shown - at)
        slope = (at - mean) / variance - short / there
        at = at - slope / (1.0 / variance + np.maximum(1.0 - short, 0.5) / there)
    return at, noise * np.exp(2.0 * (stated_at - at))


def chance_nearer(
    mean: Floats, variance: Floats, *, line: Floats | float, noise: float, stated_at: float
) -> Floats:
    """Chance that a sitting shows a distance below ``line``, its noise in points. Rule F18.

    The level is normal on the log scale and the sitting's noise normal in points. The chance is
    that of the nearest point of the line between the two, with its curvature there (second-order
    reliability, Breitung 1984); within 0.001 of the integral.

    Args:
        mean: Expected log distance on the day; any shape, as ``variance``.
        variance: Its variance.
        line: Log distance to be undercut; broadcasts against ``mean``.
        noise: Variance of one sitting, in squared log distance at ``stated_at``.
        stated_at: See ``observe``.
    """
    at, there = _mode(mean, variance, np.asarray(line), np.asarray(noise), stated_at)
    predicted = variance + there
    surprise = (at - mean) * np.sqrt(predicted) / variance
    return normal.cdf(surprise - 0.5 * variance * there / (predicted * np.sqrt(predicted)))


def observe(
    total: Total,
    *,
    value: Floats,
    variance: Floats,
    outlier_sds: float,
    stated_at: float | None = None,
    practice: bool = True,
    stops: bool = True,
) -> tuple[Floats, Floats]:
    """Take in one score, in place. Rule F8.

    A score is wrong by so many *points* wherever the learner stands. With ``stated_at`` each node
    therefore takes the posterior of a score with normal noise in points: its mode by Newton steps,
    its variance from the expected information there, its mean from the third derivative
    there, its likelihood by Laplace's method. The noise is that at the distance believed
    *afterwards*: taken at the distance expected before, one score far from the group would be
    shrunk too much; taken at the score itself, poor scores would weigh more than good ones.

    Args:
        total: Belief, changed in place.
        value: (N,) observed log distance; NaN where a learner has no such observation.
        variance: (N,) its noise, in squared log distance at ``stated_at``.
        outlier_sds: Beyond this many predicted standard deviations the pull of a node stops
            growing (Huber). Where the surprise averaged over the nodes lies beyond it, the score
            contradicts the whole belief, and the spread shrinks less, in every node by the same
            share. Decided node by node, a better score could take spread from those that it
            contradicts and no mean with it, and so a chance.
        stated_at: Log distance at which ``variance`` holds; ``None``: it holds at every one.
        practice: A practice score shows ``τ - β``: it shares the learner's gap between practice
            and the day with every other one. A real sitting shows τ.
        stops: Whether the pull stops growing at the limit. Without it the mean takes the score in
            full, and the spread alone says that it lies far from what was expected.

    Returns:
        (N,) share of the new mean that this observation supplied, and (N,) its surprise in
        predicted standard deviations (positive: worse than expected); 0 where absent.
    """
    here = np.isfinite(value)[:, None]
    r = np.where(here, variance[:, None], 1.0)
    weight = total.weight()
    if practice:
        expected = total.mean - total.gap_mean
        towards = total.variance - total.covariance
        gap_towards = total.covariance - total.gap_variance
        own = total.variance - 2.0 * total.covariance + total.gap_variance
    else:
        expected, towards, gap_towards, own = (
            total.mean,
            total.variance,
            total.covariance,
            total.variance,
        )
    y = np.where(here, value[:, None], expected)
    at, noise = _mode(expected, own, y, r, stated_at)
    t = (at - expected) * np.sqrt(own + noise) / own
    size = np.abs(t)
    calm = (size <= outlier_sds) | (not stops)
    surprise = (weight * np.where(here, t, 0.0)).sum(axis=-1)
    trust = np.minimum(1.0, outlier_sds / np.maximum(np.abs(surprise), 1e-12))[:, None]
    fit = np.where(calm, -0.5 * t * t, outlier_sds * (0.5 * outlier_sds - size))
    fit -= 0.5 * np.log1p(own / noise)
    if not calm.all():
        # The mode stops where its own surprise is the limit, whatever the score.
        most = np.sign(t) * outlier_sds * own
        edge = expected + most / np.sqrt(own + noise)
        if stated_at is not None:
            for _ in range(NEWTON_STEPS):
                there = r * np.exp(2.0 * (stated_at - edge))
                root = np.sqrt(own + there)
                miss = edge - expected - most / root
                edge = edge - miss / (1.0 - most * there / (own + there) / root)
            noise = np.where(calm, noise, r * np.exp(2.0 * (stated_at - edge)))
        at = np.where(calm, at, edge)
    predicted = own + noise
    move = at - expected
    if stated_at is not None:
        move = move - 0.5 * (3.0 / noise - move / own) * np.square(own * noise / predicted)
    move = np.where(here, move, 0.0)
    gain = np.where(here, towards / predicted, 0.0)
    gap_gain = np.where(here, gap_towards / predicted, 0.0)
    share = (weight * gain * trust).sum(axis=-1)
    total.log_weight += np.where(here, fit, 0.0)
    total.mean += towards / own * move
    total.gap_mean += gap_towards / own * move
    # In this order: for a real sitting ``gap_towards`` is the covariance itself.
    total.gap_variance -= gap_gain * trust * gap_towards
    total.covariance -= gain * trust * gap_towards
    total.variance -= gain * trust * towards
    return share, surprise


def observe_between(total: Total, *, low: Floats, high: Floats, variance: Floats) -> Floats:
    """Take in an outcome known to lie between two log distances, in place. Rule F9.

    The posterior of each node is the normal with the mean and variance of the exact one
    (truncated observation; the same formulas as assumed-density filtering of a probit).

    Args:
        total: Belief, changed in place.
        low: (N,) lower end; ``-inf`` for a pass. NaN where a learner has no such observation.
        high: (N,) upper end; ``inf`` for a failure without a number.
        variance: (N,) noise of the sitting.

    Returns:
        (N,) share of the new belief that this outcome supplied (1 - shrinkage of variance).
    """
    here = ~np.isnan(low)
    var = np.where(here, variance, 1.0)[:, None]
    s = np.sqrt(total.variance + var)
    a = (np.where(here, low, 0.0)[:, None] - total.mean) / s
    b = (np.where(here, high, 1.0)[:, None] - total.mean) / s
    # Work in the tail where the numbers are large: reflect when the interval lies below the mean.
    flip = (a + b) < 0.0
    lo, hi = np.where(flip, -b, a), np.where(flip, -a, b)
    log_a, log_b = normal.log_upper(lo), normal.log_upper(hi)
    ratio = np.exp(np.minimum(log_b - log_a, 0.0))
    log_mass = log_a + np.log1p(-np.minimum(ratio, 1.0 - 1e-12))
    # Of an infinite end the density is 0, and exp keeps it so however far out the mass lies.
    density_lo = np.exp(-0.5 * np.square(lo) - 0.9189385332046727 - log_mass)
    density_hi = np.exp(-0.5 * np.square(hi) - 0.9189385332046727 - log_mass)
    lo_f, hi_f = np.where(np.isfinite(lo), lo, 0.0), np.where(np.isfinite(hi), hi, 0.0)
    mean_shift = density_lo - density_hi
    curvature = mean_shift**2 - (lo_f * density_lo - hi_f * density_hi)
    curvature = np.clip(curvature, 0.0, 1.0)
    mean_shift = np.where(flip, -mean_shift, mean_shift)
    here_k = here[:, None]
    weight = total.weight()
    gain = total.variance / s
    shrink = np.where(here_k, (total.variance / s**2) * curvature, 0.0)
    total.log_weight += np.where(here_k, log_mass, 0.0)
    total.mean += np.where(here_k, gain * mean_shift, 0.0)
    slope = total.covariance / total.variance
    total.gap_mean += np.where(here_k, slope * gain * mean_shift, 0.0)
    total.gap_variance -= slope * total.covariance * shrink
    total.covariance *= 1.0 - shrink
    total.variance *= 1.0 - shrink
    return np.asarray((weight * shrink).sum(axis=-1))
