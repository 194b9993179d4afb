"""Retakes drawn from the model at a known median rate: what recalibration must find again."""

from __future__ import annotations

import math
from datetime import date

import numpy as np

from bounceback import facts
from bounceback.forecast.parameters import constants
from bounceback.forecast.retake_rate_prior import with_rate_median
from bounceback.vocabulary import ExamId, Group
from bounceback_lab.recalibration import COLUMNS, Retake

YEAR = 2026


def drawn(
    n: int,
    seed: int,
    *,
    median: float,
    exam: ExamId = "usmle-step-1",
    group: Group = "us-md",
    forms: bool = True,
) -> list[Retake]:
    """N retakes with hours, some with a form on the way."""
    c = with_rate_median(constants(exam, group, date(YEAR, 7, 1), retaker=True), median)
    p, rng = c.parameter, np.random.default_rng(seed)
    noise = math.sqrt(c.sitting_sd**2 + c.mark_sd**2 + c.day_sd**2)
    out = []
    while len(out) < n:
        tau = rng.normal(c.prior_mean, c.prior_sd)
        if tau + rng.normal(0, noise) <= c.log_mark:
            continue
        rate = rng.choice(c.rate, p=c.rate_weight)
        gap = rng.normal(c.gap_mean, c.gap_sd)
        weeks = int(rng.integers(7, 20))
        hours = float(rng.uniform(20, 500))
        planned = hours / rng.uniform(0.5, 1.0)
        studied = 7.0 * weeks - 28
        minutes = 60 * hours / (studied * 6 / 7)
        a_day = float(c.law.effective_days(np.array([minutes]))[0]) * 6 / 7
        a_day *= p["typical_study_worth"]
        before = 2.0

        def live(
            t: float, days: float, waiting: bool, rate: float = rate, a: float = a_day
        ) -> float:
            keep = math.exp(-p["forgetting_per_day"] * (days if waiting else days / 7))
            t = c.base + (t - c.base) * keep - (0.0 if waiting else p["kappa"] * rate * a * days)
            return t + math.sqrt(c.drift_variance_per_day * days) * rng.normal()

        tau = live(live(tau, 28, True), studied - 7 * before, False)
        taken: tuple[tuple[str, float, float], ...] = ()
        if forms and rng.random() < 0.5:
            family = "nbme-cbssa"
            line = facts.conversion(family, exam, date(YEAR, 7, 1))
            sd = p[f"form_sd.{family}"] * c.log_points * math.sqrt(float(c.stretch(np.array(tau))))
            seen = c.ceiling - math.exp(tau - gap + rng.normal(0, sd))
            taken = ((family, before, (seen - line.intercept) / line.slope),)
        tau = live(tau, 7 * before, False)
        out.append(
            Retake(
                exam=exam,
                group=group,
                retake_year=YEAR,
                weeks=weeks,
                failed_score=None,
                failed_distance=None,
                hours_done=hours,
                hours_planned=planned,
                forms=taken,
                passed=bool(tau + rng.normal(0, noise) < c.log_mark),
            )
        )
    return out


def as_csv(retakes: list[Retake]) -> str:
    """The retakes as ``outcomes.csv``."""
    lines = [",".join(COLUMNS)]
    for r in retakes:
        forms = ";".join(f"{family}:{before:g}:{score:.2f}" for family, before, score in r.forms)
        cells = (
            r.exam,
            r.group,
            r.retake_year,
            f"{r.weeks:g}",
            "",
            r.failed_distance or "",
            "" if r.hours_done is None else f"{r.hours_done:.1f}",
            "" if r.hours_planned is None else f"{r.hours_planned:.1f}",
            forms,
            "pass" if r.passed else "fail",
        )
        lines.append(",".join(map(str, cells)))
    return "\n".join(lines) + "\n"
