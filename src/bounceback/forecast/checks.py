"""Published figures against the model, one table (rule F23).

Every row names its population, source, input, expected value, tolerance and ours. Rates of 2024
and older were used to fit; those of 2025 (Step 2 CK: 2024-25) judge. Tolerance of a rate is the
larger of 0.05 and two binomial standard errors of the published share.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from bounceback import facts
from bounceback.errors import FactUnknown
from bounceback.forecast import kalman
from bounceback.forecast.normal import cdf, pdf
from bounceback.forecast.parameters import Constants, constants, prior_mark
from bounceback.forecast.retake_rate_prior import (
    TypicalRetake,
    rate_median,
    repeat_pass_share,
    with_rate_median,
)
from bounceback.vocabulary import EXAM_IDS, ExamId, Group


@dataclass(frozen=True, slots=True)
class Check:
    """One published figure beside the model's.

    Attributes:
        name: What is compared.
        population: Whose figure it is.
        source: Source key of the published figure.
        given: What went in.
        expected: The published value.
        tolerance: How far ours may lie from it.
        ours: The model's value.
        role: ``fitted`` (used to set a constant), ``judged`` (held out), ``structure`` (follows
            from published constants) or ``reference`` (printed beside, not judged).
    """

    name: str
    population: str
    source: str
    given: str
    expected: float | None
    tolerance: float | None
    ours: float
    role: str

    @property
    def holds(self) -> bool | None:
        """Whether ours lies within the tolerance; ``None`` for a row that is not judged."""
        if self.expected is None or self.tolerance is None:
            return None
        return abs(self.ours - self.expected) <= self.tolerance


def _rate_tolerance(share: float, n: int | None) -> float:
    binomial = 2.0 * math.sqrt(share * (1.0 - share) / n) if n else 0.0
    return max(0.05, binomial)


SMALL_CELL = 200
"""Fewer repeat attempts than this in a year: the mean of all published years to 2024 is fitted,
since single years of such cells differ by more than chance."""

_RATE_EXAMS: tuple[ExamId, ...] = ("usmle-step-1", "usmle-step-2-ck", "usmle-step-3")
_RATE_GROUPS: tuple[Group, ...] = ("us-md", "us-do", "non-us-img")


def _repeat_rates() -> Iterator[Check]:
    for exam in _RATE_EXAMS:
        for group in _RATE_GROUPS:
            for row in facts.pass_rates(exam, group, "repeat"):
                if row.year < 2024 or row.n is None:
                    continue
                on = date(row.year, 1, 1)
                c = constants(exam, group, on, retaker=True)
                retake = TypicalRetake.of(c)
                first_mark = prior_mark(exam, row.year)
                share, period = row.pass_percent / 100.0, row.period
                if row.year <= 2024 and row.n < SMALL_CELL:
                    fitted = [r for r in facts.pass_rates(exam, group, "repeat") if r.year <= 2024]
                    share = sum(r.pass_percent for r in fitted) / len(fitted) / 100.0
                    if len(fitted) > 1:
                        period = f"mean of {len(fitted)} years to {row.period}"
                label = f"{exam} repeat pass share, {period}"
                yield Check(
                    label,
                    f"{row.group_published}, {row.n} repeat attempts",
                    row.source,
                    f"typical retake: {retake.effective_days:g} effective days",
                    share,
                    _rate_tolerance(share, row.n),
                    repeat_pass_share(c, first_mark=first_mark, retake=retake),
                    "fitted" if row.year <= 2024 else "judged",
                )
                if row.year > 2024:
                    median = rate_median(c)
                    for factor, word in ((0.5, "half"), (2.0, "double")):
                        yield Check(
                            f"{label}, {word} the work",
                            row.group_published,
                            "bounceback",
                            f"{retake.effective_days * factor:g} effective days; rate {median:.2f}",
                            None,
                            None,
                            repeat_pass_share(
                                c,
                                first_mark=first_mark,
                                retake=TypicalRetake(
                                    retake.wait_days,
                                    retake.study_days,
                                    retake.effective_days * factor,
                                    retake.return_share,
                                    retake.most_attempts,
                                ),
                            ),
                            "reference",
                        )


def _first_rates() -> Iterator[Check]:
    for exam in _RATE_EXAMS:
        for group in _RATE_GROUPS:
            for row in facts.pass_rates(exam, group, "first"):
                if row.year < 2024 or row.n is None:
                    continue
                c = constants(exam, group, date(row.year, 1, 1), retaker=False)
                share = row.pass_percent / 100.0
                ours = float(
                    kalman.chance_nearer(
                        np.array(c.prior_mean),
                        np.array(c.prior_sd**2),
                        line=c.log_mark,
                        noise=c.sitting_sd**2 + c.day_sd**2,
                        stated_at=c.at_mark,
                    )
                )
                yield Check(
                    f"{exam} first pass share, {row.period}",
                    f"{row.group_published}, {row.n} first takers",
                    row.source,
                    "the prior alone",
                    share,
                    _rate_tolerance(share, row.n),
                    ours,
                    "fitted" if row.year <= 2024 else "judged",
                )


def _form_variance(c: Constants, family: str) -> float:
    """Variance of one form around τ: its own noise and the learner's gap to the day."""
    return (c.parameter[f"form_sd.{family}"] * c.log_points) ** 2 + c.gap_sd**2


def _after_one_form(c: Constants, score: float, family: str) -> tuple[float, float]:
    """Mean and variance of τ after one form of a first taker, at its day."""
    conversion = facts.conversion(family, c.exam, date(2026, 6, 1))
    y = c.log_distance(float(conversion.to_reported(score))) + c.gap_mean
    r = _form_variance(c, family)
    gain = c.prior_sd**2 / (c.prior_sd**2 + r)
    return c.prior_mean + gain * (y - c.prior_mean), (1.0 - gain) * c.prior_sd**2


def _printed_chance() -> Iterator[Check]:
    c = constants("usmle-step-1", "us-md", date(2026, 6, 8), retaker=False)
    for row in facts.table("printed_chances"):
        score = float(row["score"])
        mean, variance = _after_one_form(c, score, "nbme-cbssa")
        variance += 7 * c.drift_variance_per_day
        chance = kalman.chance_nearer(
            np.array(mean),
            np.array(variance),
            line=c.log_mark,
            noise=c.day_sd**2 + c.sitting_sd**2 + c.mark_sd**2,
            stated_at=c.at_mark,
        )
        yield Check(
            "usmle-step-1 chance printed for one CBSSA score, within a week",
            "US first takers (sample report)",
            row["source"],
            f"CBSSA {score:g}",
            float(row["p_pass_percent"]) / 100.0,
            0.02,
            float(chance),
            "judged",
        )


def _growth() -> Iterator[Check]:
    c = with_rate_median(constants("usmle-step-1", "us-md", date(2026, 6, 1), retaker=False), 1.0)
    law = c.law
    for start, days in ((170, 28), (200, 14), (200, 28), (200, 56), (220, 42)):
        expected = (c.ceiling - start) * (1.0 - 0.987527**days)
        effort = float(law.effective_days(np.full(days, 10.0 * 60.0)).sum())
        ours = (c.ceiling - start) * (1.0 - math.exp(-c.parameter["kappa"] * effort))
        yield Check(
            "usmle-step-1 growth in dedicated study",
            "43 first takers of one US school, 2016",
            "bigach2021",
            f"from {start} in {days} ten-hour days at the published rate",
            expected,
            0.1,
            ours,
            "structure",
        )


def _prediction_error() -> Iterator[Check]:
    c = constants("usmle-step-1", "us-md", date(2026, 6, 1), retaker=False)
    r = _form_variance(c, "nbme-cbssa")
    gain = c.prior_sd**2 / (c.prior_sd**2 + r)
    variance = (1 - gain) * c.prior_sd**2 + 7 * c.drift_variance_per_day
    variance += c.sitting_sd**2 + c.day_sd**2
    yield Check(
        "usmle-step-1 SD of the score around its prediction one week before",
        "one US school, 141 self-assessments of 43 students, 2016",
        "bigach2021",
        "one CBSSA, first taker near the passing score",
        10.2,
        1.5,
        math.sqrt(variance) / c.log_points,
        "judged",
    )
    ability = c.prior_sd**2
    weeks_of_growth = (
        3 * 7 * c.parameter["unlogged_before_sitting_sd"] * c.parameter["kappa"]
    ) ** 2
    for family, r_published, source, who in (
        ("nbme-cbssa", 0.79, "sawhill2004", "1,156 US and Canadian students, 2003-04"),
        ("nbme-cbssa", 0.83, "sagarwala", "87 students of one US school, self-report"),
        ("uwsa", 0.86, "sagarwala", "87 students of one US school, self-report"),
    ):
        noise = _form_variance(c, family)
        ours = ability / math.sqrt(
            (ability + noise) * (ability + c.sitting_sd**2 + c.day_sd**2 + weeks_of_growth)
        )
        yield Check(
            f"usmle-step-1 correlation with {family}",
            who,
            source,
            "practice test three weeks before the exam, study not logged",
            r_published,
            0.10,
            ours,
            "judged",
        )


def _comsae() -> Iterator[Check]:
    """The one published link of COMSAE to its exam; its noise was set on it."""
    c = constants("comlex-level-1", "us-do", date(2024, 1, 1), retaker=False)
    ability = c.prior_sd**2
    practice = ability + c.gap_sd**2 + _form_variance(c, "comsae")
    day = ability + c.sitting_sd**2 + c.day_sd**2
    yield Check(
        "comlex-level-1 correlation with comsae",
        "6,505 first takers, 2018-19",
        "comsae2021",
        "COMSAE Phase 1 near the exam; published .66 to .74",
        0.70,
        0.04,
        ability / math.sqrt(practice * day),
        "fitted",
    )


def _retest_gain() -> Iterator[Check]:
    for exam in _RATE_EXAMS:
        c = constants(exam, "us-md", date(2024, 1, 1), retaker=True)
        p = c.parameter
        line = c.log_mark
        noise = c.sitting_sd**2 + c.mark_sd**2 + c.day_sd**2
        s = math.sqrt(c.prior_sd**2 + noise)
        a = (line - c.prior_mean) / s
        first_seen = c.prior_mean + s * float(
            pdf(np.array(a)) / max(1.0 - float(cdf(np.array(a))), 1e-12)
        )
        total = kalman.start(
            mean=np.array([c.prior_mean]),
            sd=np.array([c.prior_sd]),
            rate=c.rate,
            rate_weight=c.rate_weight,
        )
        kalman.observe_between(
            total, low=np.array([line]), high=np.array([math.inf]), variance=np.array([noise])
        )
        retake = TypicalRetake.of(c)
        kalman.elapse(
            total,
            days=np.array([retake.wait_days + retake.study_days]),
            unworked_days=np.array([retake.wait_days]),
            effort=np.array([retake.effective_days]),
            guess_mean=np.zeros(1),
            guess_variance=np.zeros(1),
            kappa=p["kappa"],
            forgetting_per_day=p["forgetting_per_day"],
            base=c.base,
            drift_variance_per_day=c.drift_variance_per_day,
        )
        after = float((total.weight() * total.mean).sum())
        yield Check(
            f"{exam} gain from the failed to the next attempt, in SD",
            "repeat takers of certification examinations",
            "S20",
            "typical retake; two published gains are 0.48 and 0.79 SD",
            0.7,
            0.35,
            (math.exp(first_seen) - math.exp(after)) / c.score_sd,
            "judged",
        )


def _forgetting() -> Iterator[Check]:
    c = constants("usmle-step-1", "us-md", date(2026, 6, 1), retaker=True)
    keep = math.exp(-c.parameter["forgetting_per_day"] * 30)
    month = math.exp(c.base + (c.log_mark - c.base) * keep) - math.exp(c.log_mark)
    yield Check(
        "usmle-step-1 points lost in a month without study, at the passing score",
        "Step 1 items seen again on Step 2 CK; course knowledge of students",
        "ling2008",
        "published range 0.5 to 5 points a month",
        2.75,
        2.25,
        month,
        "structure",
    )


def _inferred() -> Iterator[Check]:
    """Rates nobody publishes: the model's own, called inferred."""
    for exam in EXAM_IDS:
        for group in ("us-md", "us-do", "non-us-img"):
            try:
                facts.pass_rate(exam, group, "repeat", 2025)
            except FactUnknown:
                if exam.startswith("comlex") and group != "us-do":
                    continue
                c = constants(exam, group, date(2026, 1, 1), retaker=True)
                yield Check(
                    f"{exam} repeat pass share: nobody publishes one; the model's own, inferred",
                    group,
                    "bounceback",
                    "typical retake",
                    None,
                    None,
                    repeat_pass_share(
                        c, first_mark=prior_mark(exam, 2026), retake=TypicalRetake.of(c)
                    ),
                    "reference",
                )


def checks() -> tuple[Check, ...]:
    """Every published figure beside the model's, in a fixed order."""
    return (
        *_repeat_rates(),
        *_first_rates(),
        *_printed_chance(),
        *_growth(),
        *_prediction_error(),
        *_comsae(),
        *_retest_gain(),
        *_forgetting(),
        *_inferred(),
    )
