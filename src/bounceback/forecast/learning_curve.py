"""How study moves the score: the one place that states it (rules F1-F5 of the explanation).

Ability lives on the log distance to a ceiling, ``z_a = log(C - θ_a)`` for area ``a`` of the share
axis. Published growth is an exponential approach to a ceiling, so there learning is linear in time
on task::

    dz_a = -κ ρ ((1 - λ) e_a / w_a + λ Σ_b e_b) + r u (z_base - z_a)

``e_a`` effective days of work on area ``a`` (ten hours of question-based study make about one),
``w_a`` the area's share of the exam, ``λ`` spill-over to the other areas, ``ρ`` the learner's own
rate, ``κ`` the exam's constant, ``r`` forgetting, ``u`` the unworked share of the day.
Dividing by ``w_a`` says that a small area is learned faster; effort in proportion to ``w`` moves
every area, and the total, by exactly ``κ ρ Σ e``: the published formula.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bounceback.forecast.study_effects import StudyEffects
from bounceback.vocabulary import Activity

Floats = NDArray[np.float64]

HOLDING_DAYS = 7
"""A week's work holds the week: forgetting is a matter of months, and rest days are part of it."""


@dataclass(frozen=True, slots=True)
class EffortLaw:
    """How minutes become effective days. All constants are facts (``parameters/forecast.csv``).

    Attributes:
        minutes_per_effective_day: Raw minutes of questions in one day that count as 1.0 (600).
        saturation_minutes: Scale S of fatigue within a day: ``g(M) ∝ 1 - exp(-M / S)``.
        effects: What a minute of study is worth: activity, second looks, content by foundation.
        spill_over: λ in [0, 1), the share of work that reaches every area.
        holding_minutes: Minutes of work a day, averaged over a week, at which nothing is lost.
        supply_days: Effective days of new questions that a typical learner has left.
        supply_scale: Effective days that everything after them is worth at most.
    """

    minutes_per_effective_day: float
    saturation_minutes: float
    effects: StudyEffects
    spill_over: float
    holding_minutes: float
    supply_days: float
    supply_scale: float

    @property
    def activity_effect(self) -> Mapping[Activity, float]:
        """Worth of a minute of each activity at the passing score, questions = 1."""
        return self.effects.activity

    def day_yield(self, minutes_per_day: Floats | float) -> Floats:
        """Worth of one minute on a day with this many raw minutes, relative to a full day.

        ``g(M) / M`` with ``g(M) = c S (1 - exp(-M / S))`` and ``c`` such that a day of
        ``minutes_per_effective_day`` yields exactly one effective day. Falls with M: the first
        hour is worth most. Same shape as the input.
        """
        m = np.maximum(np.asarray(minutes_per_day, dtype=np.float64), 1e-9)
        s = self.saturation_minutes
        full = self.minutes_per_effective_day
        scale = full / (s * -np.expm1(-full / s))
        return np.asarray(scale * s * -np.expm1(-m / s) / m)

    def effective_days(
        self, minutes: Floats, total_minutes_per_day: Floats | None = None
    ) -> Floats:
        """Effective days of work from activity-weighted minutes.

        Args:
            minutes: Activity-weighted minutes, (days, areas) or (days,).
            total_minutes_per_day: Raw minutes of each day, (days,), for fatigue; default: the
                sum over areas.

        Returns:
            Same shape as ``minutes``, in effective days.
        """
        m = np.asarray(minutes, dtype=np.float64)
        total = m.sum(axis=-1) if m.ndim > 1 else m
        if total_minutes_per_day is not None:
            total = np.asarray(total_minutes_per_day, dtype=np.float64)
        worth = self.day_yield(total) / self.minutes_per_effective_day
        return np.asarray(m * (worth[:, None] if m.ndim > 1 else worth))

    def typical_supply(self, done: Floats) -> Floats:
        """Worth of effective days done from a typical supply, where nobody said what there is.

        The first ``supply_days`` are worth themselves: a typical learner has so much left that is
        new. Beyond, what is left is second looks: they add ever less, ``supply_scale`` in all.

        Args:
            done: Effective days counted as if new questions never ended, 0 or more; any shape.

        Returns:
            Same shape; rises, concave, at most ``done``.
        """
        beyond = np.maximum(done - self.supply_days, 0.0)
        used_up = self.supply_scale * -np.expm1(-beyond / self.supply_scale)
        return np.asarray(np.minimum(done, self.supply_days) + used_up)

    def unworked_share(self, minutes_per_day: Floats) -> Floats:
        """Share of each day's forgetting that takes place.

        1 without work, 0 from ``holding_minutes`` a day on the average of the seven days up to
        and with it: what is lost in months is held by the week's work, on whatever days it lies.

        Args:
            minutes_per_day: (D,) raw minutes of consecutive days. Days before the first count as
                the average of those known.

        Returns:
            (D,) shares, 0 to 1.
        """
        total = np.concatenate([[0.0], np.cumsum(minutes_per_day, dtype=np.float64)])
        day = np.arange(1, len(total))
        first = np.maximum(day - HOLDING_DAYS, 0)
        average = (total[day] - total[first]) / (day - first)
        return np.asarray(np.clip(1.0 - average / self.holding_minutes, 0.0, 1.0))


@dataclass(frozen=True, slots=True)
class Dynamics:
    """What the plan may know of one learner on one day: enough to spend minutes well.

    Attributes:
        areas: Names of the share axis, A of them.
        exam_weight: (A,) shares of the exam, sum 1.
        distance: (A,) expected points still to the ceiling, ``E[C - θ_a]``; their weighted mean
            is the total's.
        distance_sd: (A,) standard deviation of the same, in points (the area's own part).
        log_distance_sd: Standard deviation of the total's log distance.
        ceiling: C, in points of the reported scale.
        mark: Pass mark the forecast uses, in points.
        score_sd: First takers' SD of reported scores, in points.
        sitting_sd_log: Noise of one sitting at the mark, on the log scale.
        kappa: κ per effective day.
        rate: (K,) grid of the personal rate; ``rate_weight`` (K,) its weights, sum 1.
        adherence: (J,) grid of the done share of planned work; ``adherence_weight`` (J,).
        forgetting_per_day: r, the pull back to ``base_log_distance`` on a day without work.
        base_log_distance: z_base.
        law: How minutes become effective days.
    """

    areas: tuple[str, ...]
    exam_weight: Floats
    distance: Floats
    distance_sd: Floats
    log_distance_sd: float
    ceiling: float
    mark: float
    score_sd: float
    sitting_sd_log: float
    kappa: float
    rate: Floats
    rate_weight: Floats
    adherence: Floats
    adherence_weight: Floats
    forgetting_per_day: float
    base_log_distance: float
    law: EffortLaw

    @property
    def total_distance(self) -> float:
        """Expected points from the total score to the ceiling."""
        return float(self.exam_weight @ self.distance)

    @property
    def below_mark_sds(self) -> Floats:
        """(A,) expected distance of each area below the passing score, in exam SDs.

        Negative above it. What content is worth in an area depends on it.
        """
        return np.asarray((self.distance - (self.ceiling - self.mark)) / self.score_sd)

    @property
    def mean_pace(self) -> float:
        """κ times the mean of rate × adherence: log distance gained per planned effective day."""
        return float(
            self.kappa * (self.rate @ self.rate_weight) * (self.adherence @ self.adherence_weight)
        )

    def area_exponent(self, effort: Floats) -> Floats:
        """``(1 - λ) e_a / w_a + λ Σ e``: effective days felt by each area; (..., A) to (..., A)."""
        e = np.asarray(effort, dtype=np.float64)
        lam = self.law.spill_over
        own = (1.0 - lam) * e / self.exam_weight
        return np.asarray(own + lam * e.sum(axis=-1, keepdims=True))

    def distance_after(self, effort: Floats, pace: float | Floats | None = None) -> Floats:
        """Points from the total to the ceiling after ``effort``, without forgetting.

        Args:
            effort: Planned effective days by area, (..., A).
            pace: κ ρ × adherence; default ``mean_pace``. Broadcasts against ``effort[..., 0]``.

        Returns:
            (...) expected distance. Convex in ``effort``: equal marginal gain is optimal.
        """
        p = np.asarray(self.mean_pace if pace is None else pace, dtype=np.float64)
        felt = self.area_exponent(effort)
        left = self.distance * np.exp(-p[..., None] * felt)
        return np.asarray(left @ self.exam_weight)

    def marginal_gain(self, effort: Floats) -> Floats:
        """Points of score gained by the next effective day spent on each area; (A,), all > 0."""
        p = self.mean_pace
        lam = self.law.spill_over
        left = self.distance * np.exp(-p * self.area_exponent(effort))
        return np.asarray(p * ((1.0 - lam) * left + lam * (left @ self.exam_weight)))
