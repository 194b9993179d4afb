"""Areas against the total: which are weaker, and how sure that is (rules F13-F15).

An area's log distance is the total's plus its own deviation, ``z_a = τ + δ_a`` with
``Σ w_a δ_a = 0``. Area tables of a form enter as deviations from that form's total and so carry
no information on the total: counting them never narrows it. The prior spread of δ follows from
the assumed true correlation between areas.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from bounceback.forecast.normal import Floats


@dataclass(slots=True)
class Deviations:
    """Belief about δ: (A,) ``mean`` and ``variance``; positive means weaker than the total."""

    exam_weight: Floats
    mean: Floats
    variance: Floats
    prior_variance: Floats

    def share_of_distance(self) -> Floats:
        """(A,) area distance over total distance: ``exp(δ_a)`` with exam-weighted mean 1."""
        relative = np.exp(self.mean + 0.5 * self.variance)
        return np.asarray(relative / (self.exam_weight @ relative))


def against_total(exam_weight: Floats) -> Floats:
    """(A,) variance of one area less the weighted mean of all, for independent unit variances."""
    return 1.0 - 2.0 * exam_weight + float(exam_weight @ exam_weight)


def start(exam_weight: Floats, *, ability_sd: float, correlation: float) -> Deviations:
    """Prior: no area known to be weaker; own spread ``ability_sd · sqrt(1/r - 1)`` each.

    ``variance`` is that of the deviation from the total, of which every area is a part.
    """
    variance = ability_sd**2 * (1.0 / correlation - 1.0) * against_total(exam_weight)
    return Deviations(exam_weight, np.zeros_like(variance), variance, variance.copy())


def elapse(
    deviations: Deviations, *, days: float, drift_variance_per_day: float, shift: Floats | None
) -> None:
    """Let days pass, in place: own work shifts δ, and what is known of δ slowly fades.

    ``shift`` (A,) is the expected change from work on areas, already relative to the total.
    Variance grows to at most its prior.
    """
    deviations.variance[:] = np.minimum(
        deviations.variance + drift_variance_per_day * days * against_total(deviations.exam_weight),
        np.maximum(deviations.prior_variance, deviations.variance),
    )
    if shift is not None:
        deviations.mean += shift
        deviations.mean -= deviations.exam_weight @ deviations.mean


def observe(deviations: Deviations, value: Floats, variance: Floats) -> None:
    """Take in area results as deviations of log distance, in place.

    Args:
        deviations: Belief, changed in place.
        value: (A,) observed deviations; NaN where the report has no such area.
        variance: (A,) noise of each. The total that a result is compared with holds the area's
            own items, whose noise cancels: a share ``1 - w_a`` of it is left.
    """
    here = np.isfinite(value)
    if not here.any():
        return
    y = np.where(here, value, 0.0)
    noise = np.where(here, variance, 1.0) * (1.0 - deviations.exam_weight)
    gain = np.where(here, deviations.variance / (deviations.variance + noise), 0.0)
    deviations.mean += gain * (y - deviations.mean)
    deviations.variance *= 1.0 - gain
    deviations.mean -= deviations.exam_weight @ deviations.mean


def binomial_variance_of_percent(percent: float, items: float, overdispersion: float) -> float:
    """Variance of a percent correct on ``items`` items, in squared percent; kept off 0 and 100."""
    p = min(max(percent / 100.0, 0.5 / items), 1.0 - 0.5 / items)
    return 1e4 * overdispersion * p * (1.0 - p) / items


def profile_value(level: str, mean_code: float, step: float) -> float:
    """Deviation read off an official profile: lower areas are weaker than the report's average."""
    code = {"lower": 1.0, "same": 0.0, "higher": -1.0}[level]
    return step * (code - mean_code)


def pooled_sd(variance: float, total_sd: float) -> float:
    """Standard deviation of an area's own log distance: its deviation's and the total's."""
    return math.sqrt(variance + total_sd**2)
