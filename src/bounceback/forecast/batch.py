"""The same filter and the same forecast for many learners at once (rules F6-F20, batched).

Arrays have a leading learner axis N. Learners are worked through in blocks that fit the cache, so
memory beyond inputs and results does not grow with N. One learner or a million: same functions of
``kalman``; a test holds the two paths together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bounceback.forecast import area_effects, kalman
from bounceback.forecast.normal import Floats, cdf, pdf, quantile
from bounceback.forecast.parameters import Constants
from bounceback.forecast.prediction import HIGH, LOW, on_the_day

Singles = NDArray[np.float32]

BLOCK = 512
"""Learners worked through together: a block's mixture on one date stays within the cache."""


@dataclass(frozen=True, slots=True)
class Histories:
    """Evidence of N learners in T steps, oldest first. Each step: days pass, then a score.

    Attributes:
        days: (N, T) days since the step before; ``unworked_days`` those without enough work.
        unworked_days: (N, T) see above.
        effort: (N, T) recorded effective days in that time.
        guess_mean: (N, T) expected unrecorded effective days, ``guess_variance`` their variance.
        guess_variance: (N, T) see above.
        value: (N, T) log distances observed; NaN for none.
        variance: (N, T) their noise.
        failed: (N,) whether a failure under ``constants.mark`` starts the history.
    """

    days: Floats
    unworked_days: Floats
    effort: Floats
    guess_mean: Floats
    guess_variance: Floats
    value: Floats
    variance: Floats
    failed: Floats


@dataclass(frozen=True, slots=True)
class Ahead:
    """Planned work of N learners up to D dates, in proportion to the exam's weights.

    ``days``, ``unworked_days`` (D,) and ``effort`` (N, D) planned effective days.
    """

    days: Floats
    unworked_days: Floats
    effort: Floats


@dataclass(frozen=True, slots=True)
class CohortForecast:
    """(N, D) chance of passing and its range, single precision."""

    p_pass: Singles
    p_pass_low: Singles
    p_pass_high: Singles


def filtered(c: Constants, histories: Histories) -> kalman.Total:
    """Run the filter over every learner's history; the belief after the last step."""
    n, steps = histories.value.shape
    total = kalman.start(
        mean=np.full(n, c.prior_mean),
        sd=np.full(n, c.prior_sd),
        rate=c.rate,
        rate_weight=c.rate_weight,
        gap_mean=c.gap_mean,
        gap_sd=c.gap_sd,
    )
    kalman.observe_between(
        total,
        low=np.where(histories.failed > 0, c.log_mark, np.nan),
        high=np.full(n, np.inf),
        variance=np.full(n, c.sitting_sd**2 + c.mark_sd**2 + c.day_sd**2),
    )
    for t in range(steps):
        kalman.elapse(
            total,
            days=histories.days[:, t],
            unworked_days=histories.unworked_days[:, t],
            effort=histories.effort[:, t],
            guess_mean=histories.guess_mean[:, t],
            guess_variance=histories.guess_variance[:, t],
            kappa=c.parameter["kappa"],
            forgetting_per_day=c.parameter["forgetting_per_day"],
            base=c.base,
            drift_variance_per_day=c.drift_variance_per_day,
        )
        kalman.observe(
            total,
            value=histories.value[:, t],
            variance=histories.variance[:, t],
            outlier_sds=c.parameter["outlier_sds"],
            stated_at=c.at_mark,
        )
    return total


def filtered_areas(
    c: Constants,
    exam_weight: Floats,
    *,
    days: Floats,
    value: Floats,
    variance: Floats,
    block: int = BLOCK,
) -> tuple[Singles, Singles]:
    """Deviations of every learner's areas after T area tables; see ``deviations``.

    Args:
        c: Constants.
        exam_weight: (A,) shares of the exam.
        days: (N, T) days since the step before.
        value: (N, T, A) observed deviations of log distance; NaN where a report has no such area.
        variance: (N, T, A) their noise.
        block: Learners worked through together.

    Returns:
        (N, A) mean and variance of δ, single precision.
    """
    n, steps, a = value.shape
    part = area_effects.against_total(exam_weight)
    prior = c.prior_sd**2 * (1.0 / c.parameter["area_correlation"] - 1.0) * part
    fade = c.parameter["area_drift_sd_per_week"] ** 2 / 7.0 * part
    mean_out = np.empty((n, a), dtype=np.float32)
    variance_out = np.empty((n, a), dtype=np.float32)
    for start in range(0, n, block):
        rows = slice(start, min(start + block, n))
        mean = np.zeros((rows.stop - start, a))
        var = np.zeros_like(mean) + prior
        for t in range(steps):
            var = np.minimum(var + fade * days[rows, t, None], np.maximum(prior, var))
            here = np.isfinite(value[rows, t])
            noise = np.where(here, variance[rows, t], 1.0) * (1.0 - exam_weight)
            gain = np.where(here, var / (var + noise), 0.0)
            mean += gain * (np.where(here, value[rows, t], 0.0) - mean)
            var *= 1.0 - gain
            mean -= (mean @ exam_weight)[:, None]
        mean_out[rows], variance_out[rows] = mean, var
    return mean_out, variance_out


def _date(
    c: Constants,
    total: kalman.Total,
    weight: Floats,
    pace: Floats,
    *,
    days: float,
    unworked_days: float,
    effort: Floats,
) -> tuple[Floats, Floats, Floats]:
    """Chance and range on one date: the mixture over rate and adherence nodes, (N, K·J)."""
    keep = float(np.exp(-c.parameter["forgetting_per_day"] * unworked_days))
    k = total.mean.shape[1]
    j = pace.shape[1] // k
    held, left, _ = kalman.forget(total.mean, total.variance, keep=keep, base=c.base)
    level = np.repeat(held, j, axis=1) - pace * effort[:, None]
    lasting = np.repeat(left + c.drift_variance_per_day * days, j, axis=1)
    mean, variance = on_the_day(c, level, lasting)
    noise = c.sitting_sd**2 + c.mark_sd**2
    chance = kalman.chance_nearer(
        level, lasting, line=c.log_mark, noise=noise + c.day_sd**2, stated_at=c.at_mark
    )
    p = np.einsum("nm,nm->n", weight, chance)
    inverse = 1.0 / np.sqrt(variance)
    centre = np.einsum("nm,nm->n", weight, mean)
    spread = np.sqrt(np.einsum("nm,nm->n", weight, variance + np.square(mean - centre[:, None])))
    edge = []
    for at in (HIGH, LOW):
        x = centre + quantile(at) * spread
        # Newton on a smooth, nearly normal mixture: three steps leave less than 1e-5.
        for _ in range(3):
            t = (x[:, None] - mean) * inverse
            density = np.einsum("nm,nm->n", weight, pdf(t) * inverse)
            step = (np.einsum("nm,nm->n", weight, cdf(t)) - at) / np.maximum(density, 1e-9)
            x = x - np.clip(step, -spread, spread)
        edge.append(cdf((np.exp(c.log_mark) - np.exp(x)) * c.log_points / np.sqrt(noise)))
    return p, np.minimum(edge[0], p), np.maximum(edge[1], p)


def forecast_cohort(
    c: Constants,
    histories: Histories,
    ahead: Ahead,
    *,
    adherence: Floats,
    adherence_weight: Floats,
    block: int = BLOCK,
) -> CohortForecast:
    """Chance of passing with its range for every learner and date.

    Args:
        c: Constants shared by the cohort (one exam, group and pass mark).
        histories: Evidence of each learner.
        ahead: Planned work of each learner up to each date.
        adherence: (J,) grid of the done share of planned work, ``adherence_weight`` its weights.
        adherence_weight: See above.
        block: Learners worked through together.
    """
    n, d = ahead.effort.shape
    out = [np.empty((n, d), dtype=np.float32) for _ in range(3)]
    for start in range(0, n, block):
        rows = slice(start, min(start + block, n))
        total = filtered(
            c,
            Histories(
                histories.days[rows],
                histories.unworked_days[rows],
                histories.effort[rows],
                histories.guess_mean[rows],
                histories.guess_variance[rows],
                histories.value[rows],
                histories.variance[rows],
                histories.failed[rows],
            ),
        )
        weight = (total.weight()[:, :, None] * adherence_weight).reshape(total.mean.shape[0], -1)
        pace = (c.parameter["kappa"] * c.rate[:, None] * adherence).reshape(1, -1)
        for i in range(d):
            found = _date(
                c,
                total,
                weight,
                pace,
                days=float(ahead.days[i]),
                unworked_days=float(ahead.unworked_days[i]),
                effort=ahead.effort[rows, i],
            )
            for target, values in zip(out, found, strict=True):
                target[rows, i] = values
    return CohortForecast(*out)
