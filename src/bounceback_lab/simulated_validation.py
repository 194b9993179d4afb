"""The forecast judged on simulated learners who follow other laws (rule F24).

The population is frozen (version and seed) and shares no law with the model: items, facets,
power-law forgetting. Each learner is forecast once, on a day between their first form and the
retake, from the record as it would then be; the retake then scores it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from bounceback import facts
from bounceback.errors import FactUnknown
from bounceback.forecast.baseline_schedule import steady_work
from bounceback.forecast.normal import Floats, cdf
from bounceback.forecast.parameters import numbers
from bounceback.forecast.posterior import believe
from bounceback.forecast.prediction import chance, futures, reached
from bounceback.records.models import Form, Record
from bounceback_lab.reliability import corp, net_benefit
from bounceback_lab.simulation.population import Population

LEVELS = (0.50, 0.80, 0.95)
THRESHOLDS = (0.50, 0.60, 0.70, 0.80, 0.90, 0.95)
"""Chances from which somebody would sit: one failed attempt then weighs as 1 to 19 passed ones."""

CORP_SEED = 20261201


@dataclass(frozen=True, slots=True)
class Judged:
    """One row a learner, shape (N,).

    Attributes:
        p_pass: Our chance for the day of the retake.
        passed: What came, 0 or 1.
        depth: Share of the predicted distribution of the reported score that was worse than what
            came; uniform if the forecast is right.
        lead_days: Days from the forecast to the retake.
        predicted_sds: Predicted mean, in exam SDs above the mark.
        formula: Chance by the growth formula on the last form.
        last_form_sds: Last form in exam SDs above the mark; NaN without one.
        printed: The last printed chance; NaN without one.
        forms: Practice tests seen by the day of the forecast.
        score: Reported score of the retake.
        predicted: Predicted mean, points.
        predicted_sd: SD of the predicted reported score, points.
    """

    p_pass: Floats
    passed: Floats
    depth: Floats
    lead_days: Floats
    predicted_sds: Floats
    formula: Floats
    last_form_sds: Floats
    printed: Floats
    forms: Floats
    score: Floats
    predicted: Floats
    predicted_sd: Floats


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """One line of the table: what, ours with its standard error, the limit, whether it holds."""

    name: str
    ours: float
    standard_error: float
    limit: str
    holds: bool | None


def _last_form(record: Record) -> tuple[Form, float] | None:
    """The latest form with a conversion and its score on the reported scale."""
    for form in sorted(record.forms, key=lambda f: f.date, reverse=True):
        if form.score is None:
            continue
        try:
            line = facts.conversion(form.family, record.exam.id, form.date)
        except FactUnknown:
            continue
        return form, float(line.to_reported(form.score))
    return None


def before_first_form(population: Population, i: int) -> date:
    """The day of learner ``i``'s forecast, or the eve of their first practice test if earlier."""
    as_of = population.as_of(i)
    return min([as_of, *(f.date - timedelta(days=1) for f in population.record(i).forms)])


def judge(
    population: Population,
    *,
    asked_on: Callable[[Population, int], date] = Population.as_of,
    progress: Callable[[int], None] | None = None,
) -> Judged:
    """Forecast every simulated learner once and keep what came.

    Args:
        population: Simulated learners with outcomes.
        asked_on: Day of each learner's forecast; by default the population's own.
        progress: Called with the number done, every thousand.
    """
    o = population.outcomes
    rows = []
    for i in range(len(population)):
        as_of = asked_on(population, i)
        record = population.record(i, as_of)
        day = date.fromordinal(int(o.retake_on[i]))
        belief = believe(record, as_of, test_date=day)
        c = belief.constants
        f = futures(belief, steady_work(record, belief, [day]))
        mean = float(f.weight[0] @ np.exp(f.mean[0] + 0.5 * f.variance[0]))
        square = float(f.weight[0] @ np.exp(2.0 * f.mean[0] + 2.0 * f.variance[0]))
        sitting = c.sitting_sd / c.log_points
        seen = c.log_distance(float(o.score[i]))
        nearer = reached(c, f, np.array([seen]), c.day_sd**2 + c.sitting_sd**2)
        last = _last_form(record)
        formula, form_sds, printed = math.nan, math.nan, math.nan
        if last is not None:
            form, score = last
            days = (day - form.date).days
            grown = c.ceiling - (c.ceiling - score) * math.exp(-numbers(c.exam)["kappa"] * days)
            form_sds = (score - c.mark) / c.score_sd
            spread = 0.5 * c.score_sd  # the published error of the formula, 10.2 points of SD 20
            formula = float(cdf(np.array((grown - c.mark + 0.5) / spread)))
        with_chance = [f for f in record.forms if f.printed_p_pass is not None]
        if with_chance:
            printed = float(max(with_chance, key=lambda f: f.date).printed_p_pass or 0.0)
        rows.append(
            (
                float(chance(belief, f)[0]),
                float(o.passed[i]),
                1.0 - float(nearer[0]),
                float((day - as_of).days),
                (c.ceiling - mean - c.mark) / c.score_sd,
                formula,
                form_sds,
                printed,
                float(len(record.forms)),
                float(o.score[i]),
                c.ceiling - mean,
                math.sqrt(max(square - mean**2, 0.0) + sitting**2),
            )
        )
        if progress is not None and (i + 1) % 1000 == 0:
            progress(i + 1)
    return Judged(*np.array(rows, dtype=np.float64).T)


def _tenths(x: Floats) -> list[np.ndarray]:
    order = np.argsort(x, kind="stable")
    return list(np.array_split(order, 10))


def _covered(depth: Floats, level: float) -> float:
    return float(np.mean(np.abs(depth - 0.5) <= level / 2.0))


def expected_calibration_error(p: Floats, passed: Floats) -> float:
    """Mean distance between said and came over tenths of probability, weighted by count."""
    place = np.minimum((p * 10).astype(int), 9)
    return float(
        sum(
            np.mean(place == k) * abs(p[place == k].mean() - passed[place == k].mean())
            for k in range(10)
            if (place == k).any()
        )
    )


def fitted_logistic(x: Floats, y: Floats) -> Floats:
    """Coefficients of a logistic regression with intercept, by Newton's method; x is (N, F)."""
    design = np.column_stack([np.ones(len(y)), x])
    beta = np.zeros(design.shape[1])
    for _ in range(30):
        p = 1.0 / (1.0 + np.exp(-design @ beta))
        hessian = design.T @ (design * (p * (1.0 - p))[:, None]) + 1e-6 * np.eye(len(beta))
        beta += np.linalg.solve(hessian, design.T @ (y - p))
    return beta


def table(judged: Judged) -> tuple[JudgedRow, ...]:
    """The acceptance table: coverage, calibration, and the score against four other forecasts."""
    n = len(judged.p_pass)
    out: list[JudgedRow] = []

    def se(p: float, count: float) -> float:
        return math.sqrt(max(p * (1.0 - p), 0.0) / count)

    for level in LEVELS:
        ours = _covered(judged.depth, level)
        out.append(
            JudgedRow(
                f"coverage of the {level:.0%} range",
                ours,
                se(ours, n),
                f"{level:.2f} ± 0.03",
                abs(ours - level) <= 0.03,
            )
        )
    for label, by in (("lead time", judged.lead_days), ("predicted score", judged.predicted_sds)):
        for level in LEVELS:
            worst = max(
                (_covered(judged.depth[rows], level) - level for rows in _tenths(by)), key=abs
            )
            out.append(
                JudgedRow(
                    f"coverage of the {level:.0%} range, worst tenth of {label}",
                    level + worst,
                    se(level, n / 10),
                    f"{level:.2f} ± 0.06",
                    abs(worst) <= 0.06,
                )
            )
    ece = expected_calibration_error(judged.p_pass, judged.passed)
    out.append(
        JudgedRow(
            "expected calibration error", ece, 0.5 / math.sqrt(n), "at most 0.03", ece <= 0.03
        )
    )
    out += _reliability(judged)
    out += _against_others(judged)
    out += _acting(judged)
    return tuple(out)


def _reliability(judged: Judged) -> list[JudgedRow]:
    """CORP: reliability without bins, against what it is if every chance is right."""
    found = corp(judged.p_pass, judged.passed, seed=CORP_SEED)
    n = len(judged.p_pass)
    share = math.sqrt(found.inside * (1.0 - found.inside) / n)
    return [
        JudgedRow(
            "CORP miscalibration, isotonic (part of the Brier score)",
            found.miscalibration,
            0.5 * found.miscalibration_if_right,
            f"at most 0.003 ({found.miscalibration_if_right:.4f} by luck alone)",
            found.miscalibration <= max(0.003, found.miscalibration_if_right),
        ),
        JudgedRow(
            f"CORP discrimination, of an uncertainty of {found.uncertainty:.4f}",
            found.discrimination,
            0.5 / math.sqrt(n),
            "",
            None,
        ),
        JudgedRow(
            "share of learners inside the 90% consistency band", found.inside, share, "", None
        ),
    ]


def _acting(judged: Judged) -> list[JudgedRow]:
    """Net benefit of sitting from a chance of t on, beside everybody sitting as planned."""
    rows = []
    for t in THRESHOLDS:
        sits = (judged.p_pass >= t).astype(np.float64)
        odds = t / (1.0 - t)
        ours = net_benefit(sits, judged.passed, t)
        planned = net_benefit(np.ones(len(sits)), judged.passed, t)
        each = sits * (judged.passed - odds * (1.0 - judged.passed))
        rows.append(
            JudgedRow(
                f"net benefit of testing from a chance of {t:.2f} on, where all as planned have "
                f"{planned:.3f} and nobody 0",
                ours,
                float(each.std() / math.sqrt(len(each))),
                f"at least {max(planned, 0.0):.3f}",
                ours >= max(planned, 0.0),
            )
        )
    return rows


def _against_others(judged: Judged) -> list[JudgedRow]:
    """Brier score on the second half; whatever is fitted is fitted on the first."""
    n = len(judged.p_pass)
    first, second = np.arange(n) < n // 2, np.arange(n) >= n // 2
    y = judged.passed
    base = np.full(n, y[first].mean())
    has_form = np.isfinite(judged.last_form_sds)
    x = np.column_stack([np.nan_to_num(judged.last_form_sds), judged.lead_days / 28.0])
    beta = fitted_logistic(x[first & has_form], y[first & has_form])
    logistic = 1.0 / (1.0 + np.exp(-(beta[0] + x @ beta[1:])))
    others = (
        ("the base rate", base, second),
        ("the growth formula on the last form", judged.formula, second & has_form),
        ("a logistic on the last form", logistic, second & has_form),
        ("the last printed chance", judged.printed, second & np.isfinite(judged.printed)),
    )
    rows = []
    for name, p, use in others:
        if not use.any():
            continue
        gap = np.square(p[use] - y[use]) - np.square(judged.p_pass[use] - y[use])
        ours = float(np.mean(np.square(judged.p_pass[use] - y[use])))
        theirs = float(np.mean(np.square(p[use] - y[use])))
        rows.append(
            JudgedRow(
                f"Brier score where {name} scores {theirs:.4f} (n {int(use.sum())})",
                ours,
                float(gap.std() / math.sqrt(len(gap))),
                f"below {theirs:.4f}",
                ours < theirs,
            )
        )
    return rows
