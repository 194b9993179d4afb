"""The model's constants for one exam, group and day, gathered from the facts.

Every number has a row in ``facts/data/parameters/forecast.csv`` (value, unit, source, confidence)
or comes from a published table (pass mark, pass rates). Nothing else in this package states one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

import numpy as np

from bounceback import facts
from bounceback.errors import FactUnknown
from bounceback.forecast import kalman, normal
from bounceback.forecast.learning_curve import EffortLaw
from bounceback.forecast.normal import Floats
from bounceback.forecast.study_effects import StudyEffects
from bounceback.vocabulary import ACTIVITIES, Confidence, ExamId, Group

LOG_2: Final = math.log(2.0)

PINNING_STEPS: Final = 4
"""Steps to the prior mean at which the published share passes; a fifth moves it by under 1e-6."""


@dataclass(frozen=True, slots=True)
class Constants:
    """Everything the filter needs besides the learner's own record.

    Attributes:
        exam: The exam.
        ceiling: C, points of the reported scale.
        mark: Pass mark in force on the day asked for; ``mark_sd`` its uncertainty, points.
        mark_sd: See above.
        score_sd: First takers' SD of reported scores, points.
        log_mark: Log distance of the lowest passing score, with half a point off because boards
            report whole points.
        sitting_sd: Noise of one sitting on the log scale at the mark: which items were drawn.
        day_sd: Spread of ability between days on the same scale: sleep, nerves, luck of the day.
        gap_mean: How much better learners do in practice than on the day, on the log scale; 0
            before any failure, since practice tests are equated to first takers' results.
        gap_sd: Its spread between learners.
        prior_mean: Mean of τ among first takers of the group; ``prior_sd`` its spread.
        prior_sd: See above.
        rate: (K,) grid of the personal rate, ``rate_weight`` (K,) its prior.
        rate_weight: See above.
        parameter: Every other number by name.
        law: How minutes become effective days.
        confidence: Weakest confidence among the numbers that decide the forecast.
    """

    exam: ExamId
    ceiling: float
    mark: float
    mark_sd: float
    score_sd: float
    log_mark: float
    sitting_sd: float
    day_sd: float
    gap_mean: float
    gap_sd: float
    prior_mean: float
    prior_sd: float
    rate: Floats
    rate_weight: Floats
    parameter: Mapping[str, float]
    law: EffortLaw
    confidence: Confidence

    @property
    def at_mark(self) -> float:
        """Log distance of the mark, where every noise is stated."""
        return math.log(self.ceiling - self.mark)

    @property
    def log_points(self) -> float:
        """Log distance per point of score at the mark, where decisions are made."""
        return 1.0 / (self.ceiling - self.mark)

    def stretch(self, log_distance: Floats) -> Floats:
        """How much a noise given at the mark weighs at these log distances; the square of it.

        Noise is the same number of points along the scale, so it weighs more near the ceiling
        (rule F6): for what is still to come, where no score can say where the learner stands.
        Held between half and twice the mark's distance.
        """
        relative = np.clip(log_distance - math.log(self.ceiling - self.mark), -LOG_2, LOG_2)
        return np.asarray(np.exp(-2.0 * relative))

    @property
    def nearest(self) -> float:
        """Least distance to the ceiling, in points, that a score is taken to show."""
        return (self.ceiling - self.mark) / 50.0

    @property
    def base(self) -> float:
        """Log distance towards which an idle learner drifts."""
        floor = self.mark - self.parameter["forgetting_base_sds"] * self.score_sd
        return math.log(self.ceiling - floor)

    @property
    def drift_variance_per_day(self) -> float:
        """Unexplained wander of the level, per day."""
        return self.parameter["drift_sd_per_week"] ** 2 / 7.0

    def log_distance(self, score: float) -> float:
        """``log(C - score)``; scores within a fiftieth of the way to the ceiling are held there."""
        return math.log(max(self.ceiling - score, self.nearest))

    def score(self, log_distance: Floats | float) -> Floats:
        """Reported score at a log distance; the inverse of ``log_distance``."""
        return np.asarray(self.ceiling - np.exp(log_distance))


def rate_grid(median: float, shape: float, nodes: int) -> tuple[Floats, Floats]:
    """Log-spaced grid of the personal rate under a gamma prior with this median.

    Returns:
        (K,) nodes from 1/30 to 5 times the median, and (K,) weights summing to 1: gamma density
        times node, since the nodes are equally spaced in the logarithm. The grid is scaled so
        that its own weighted median is the one asked for.
    """
    step = np.linspace(math.log(1 / 30), math.log(5), nodes)
    scale = shape * (1.0 - 1.0 / (9.0 * shape)) ** 3  # Wilson-Hilferty median of a gamma
    x = np.exp(step) * scale
    weight = x**shape * np.exp(-x)
    return median * np.exp(step), weight / weight.sum()


def prior_of_first_takers(
    *, pass_share: float, log_mark: float, ability_sd: float, sitting_sd: float, stated_at: float
) -> tuple[float, float]:
    """Mean and SD of τ among first takers, pinned where decisions are made (rule F5).

    The spread is the exam's ability SD taken at the mark; the mean is then the one that gives
    the published share of passes. Both arguments in SD are on the log scale at ``stated_at``.
    """
    asked, spread = normal.quantile(pass_share), math.hypot(ability_sd, sitting_sd)
    mean = log_mark - asked * spread
    for _ in range(PINNING_STEPS):
        passing = kalman.chance_nearer(
            np.array(mean),
            np.array(ability_sd**2),
            line=log_mark,
            noise=sitting_sd**2,
            stated_at=stated_at,
        )
        mean += (normal.quantile(float(passing)) - asked) * spread
    return mean, ability_sd


@cache
def numbers(exam: ExamId) -> Mapping[str, float]:
    """All rows of ``parameters/forecast.csv`` that hold for the exam, by name."""
    return {
        name: float(fact.value)  # type: ignore[arg-type]
        for name, fact in facts.parameters("forecast", exam).items()
    }


def prior_mark(exam: ExamId, year: int) -> float:
    """The pass mark under which the reference year's first takers were judged."""
    return float(facts.pass_mark(exam, date(year, 1, 1)).value)


def first_pass_share(exam: ExamId, group: Group) -> float:
    """Share of the group's first takers who passed, from the newest year that may be fitted.

    Groups without a published row of their own use the stated stand-in of the parameters.
    """
    row = numbers(exam)
    try:
        return (
            float(
                facts.pass_rate(exam, group, "first", int(row["prior_reference_year"])).pass_percent
            )
            / 100.0
        )
    except FactUnknown:
        own = row.get(f"first_pass_share.{group}")
        return row["first_pass_share"] if own is None else own


def study_effects(row: Mapping[str, float]) -> StudyEffects:
    """What a minute of study is worth, from the parameters by name."""
    return StudyEffects(
        activity={a: row[f"effect.{a}"] for a in ACTIVITIES},
        second_look=row["second_look"],
        second_look_decay=row["second_look_decay"],
        missed_share=row["missed_share"],
        review_ratio=row["review_ratio"],
        content_solid=row["content_solid"],
        content_gap=row["content_gap"],
        content_solid_sds=row["content_solid_sds"],
        content_gap_sds=row["content_gap_sds"],
    )


@cache
def constants(exam: ExamId, group: Group, on: date, *, retaker: bool) -> Constants:
    """The model's constants.

    Args:
        exam: The exam ahead.
        group: The learner's group; "us-img" and "non-us-img" share the published non-US rates.
        on: Test date: the pass mark in force then is used.
        retaker: Whether a failed sitting of this exam is on record; sets the prior of the rate.

    Raises:
        FactUnknown: A number the model needs is not published for that day.
    """
    row = numbers(exam)
    mark_fact = facts.pass_mark(exam, on)
    mark = float(mark_fact.value)
    ceiling = row["ceiling"]
    points = 1.0 / (ceiling - mark)
    sitting = row["sitting_sd"] * points
    reference = prior_mark(exam, int(row["prior_reference_year"]))
    reference_points = 1.0 / (ceiling - reference)
    day = row["sitting_sd"] ** 2 + row["day_sd"] ** 2
    ability = math.sqrt(row["score_sd"] ** 2 - day) * reference_points
    mean, spread = prior_of_first_takers(
        pass_share=first_pass_share(exam, group),
        log_mark=math.log(ceiling - reference + 0.5),
        ability_sd=ability,
        sitting_sd=math.sqrt(day) * reference_points,
        stated_at=math.log(ceiling - reference),
    )
    if retaker:
        median = row.get(f"rate_median.{group}", row.get("rate_median", math.nan))
    else:
        median = row["rate_median_first"]
    rate, weight = rate_grid(median, row["rate_shape"], int(row["rate_nodes"]))
    law = EffortLaw(
        minutes_per_effective_day=row["minutes_per_effective_day"],
        saturation_minutes=row["saturation_minutes"],
        effects=study_effects(row),
        spill_over=row["spill_over"],
        holding_minutes=row["holding_minutes"],
        supply_days=row["typical_supply_days"],
        supply_scale=row["typical_supply_scale"],
    )
    return Constants(
        exam=exam,
        ceiling=ceiling,
        mark=mark,
        mark_sd=row["mark_sd"] * points,
        score_sd=row["score_sd"],
        log_mark=math.log(ceiling - mark + 0.5),
        sitting_sd=sitting,
        day_sd=row["day_sd"] * points,
        gap_mean=row["practice_gap_mean_sds"] * row["score_sd"] * points if retaker else 0.0,
        gap_sd=row["practice_gap_sds"] * row["score_sd"] * points,
        prior_mean=mean,
        prior_sd=spread,
        rate=rate,
        rate_weight=weight,
        parameter=row,
        law=law,
        confidence="inferred" if exam.startswith("comlex") else mark_fact.status,
    )
