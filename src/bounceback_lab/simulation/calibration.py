"""The search that set the constants of ``data/exams.csv`` and ``data/cells.csv``.

Run once, before the freeze: ``python -m bounceback.population.calibration``. It prints what it
found and writes the two files; running it again after the freeze changes the digest, which a test
refuses until :data:`POPULATION_VERSION` is raised.

In this order, each by bisection on common random numbers, on rates of 2024 and older:

1. *spread* of an exam: score SD of its main group's first takers;
2. *level* of each exam and group: its first-attempt failing rate;
3. *pace of learning* of an exam: the repeat pass rate of US MD at the planned hours a day of the
   typical retake (6.5; 5 for Step 2 CK beside clerkships, 3.5 for Step 3 beside residency). COMLEX
   publishes none and learns as Step 1;
4. *hours a day* (1 to 8) of each other exam and group: its repeat pass rate. Where none is
   published, those of the typical retake.

One published row serves both groups of schools outside the US and Canada: they get one fit.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bounceback import facts
from bounceback.errors import FactUnknown
from bounceback_lab.simulation.cohort import first_takers
from bounceback_lab.simulation.parameters import Parameters, parameters, rows
from bounceback_lab.simulation.population import simulate

FIT_UP_TO = 2024
CALIBRATION_SEED = 777
FIRST_TAKERS = 12_000
RETAKERS = 2_000
ANCHOR = ("usmle-step-1", "us-md")
TYPICAL_HOURS = {"usmle-step-2-ck": 5.0, "usmle-step-3": 3.5}
TYPICAL_HOURS_OTHERWISE = 6.5
ASSUMED_FIRST_PASS_RATES = {("comlex-level-3", "us-do"): 0.95}
Floats = NDArray[np.float64]


def published(exam: str, group: str, attempt: str) -> float | None:
    """Published pass rate of :data:`FIT_UP_TO` or older as a share, ``None`` if there is none."""
    try:
        return facts.pass_rate(exam, group, attempt, FIT_UP_TO).pass_percent / 100
    except FactUnknown:
        return None


def solved(f: Callable[[float], float], low: float, high: float, steps: int = 9) -> float:
    """Where the increasing ``f`` crosses 0 in [low, high], by bisection."""
    for _ in range(steps):
        middle = (low + high) / 2
        low, high = (middle, high) if f(middle) < 0 else (low, middle)
    return (low + high) / 2


def _with_cell(p: Parameters, name: tuple[str, str], **changed: float) -> Parameters:
    return replace(p, cells={**p.cells, name: replace(p.cells[name], **changed)})  # type: ignore[arg-type]


def _first_takers_at(p: Parameters, name: tuple[str, str], level: float) -> tuple[float, Floats]:
    """Pass rate and scores of first takers of one exam and group at ``level``."""
    tried = _with_cell(p, name, level=level)
    result = first_takers(tried.cells[name], tried, CALIBRATION_SEED, FIRST_TAKERS).sit()
    return float(result.passed.mean()), result.score


def _fit_level(p: Parameters, name: tuple[str, str]) -> Parameters:
    target = published(*name, "first") or ASSUMED_FIRST_PASS_RATES[name]
    level = solved(lambda x: _first_takers_at(p, name, x)[0] - target, -0.5, 3.5)
    return _with_cell(p, name, level=round(level, 3))


def _fit_spread(p: Parameters, name: tuple[str, str]) -> Parameters:
    """One step towards the published spread, at the level held now."""
    scale = p.exams[name[0]]
    sd = float(_first_takers_at(p, name, p.cells[name].level)[1].std())
    # Spreads act a little less than in proportion: guessing and ceiling compress the scale.
    factor = (scale.norm_sd / sd) ** 1.15
    found = replace(
        scale,
        skill_sd=round(scale.skill_sd * factor, 3),
        knowledge_sd=round(scale.knowledge_sd * factor, 3),
    )
    return replace(p, exams={**p.exams, name[0]: found})


def fit_spread_and_levels(p: Parameters) -> Parameters:
    """Steps 1 and 2."""
    mains = {exam: next(name for name in p.cells if name[0] == exam) for exam in p.exams}
    for name in p.cells:
        if name[1] == "non-us-img":
            p = _with_cell(p, name, level=p.cells[name[0], "us-img"].level)
            continue
        if name == mains[name[0]]:
            for _ in range(3):
                p = _fit_spread(_fit_level(p, name), name)
        p = _fit_level(p, name)
        rate, score = _first_takers_at(p, name, p.cells[name].level)
        print(
            f"{name} pass {rate:.3f} level {p.cells[name].level} mean {score.mean():.1f} "
            f"sd {score.std():.1f}",
            flush=True,
        )
    return p


def repeat_rate(p: Parameters, name: tuple[str, str], learners: int = RETAKERS) -> float:
    """Pass rate of the retakes of one exam and group."""
    outcome = simulate(learners, CALIBRATION_SEED, {name: 1.0}, p=p).outcomes
    return float(np.mean(outcome.passed))


def _learning(p: Parameters, rate: float) -> Parameters:
    """The constants with another pace of learning for all exams."""
    ratio = rate / p["learn_per_minute"]
    both = {
        "learn_per_minute": rate,
        "misconception_per_minute": p["misconception_per_minute"] * ratio,
    }
    return replace(p, constants={**p.constants, **both})


def _with_pace(p: Parameters, exam: str, pace: float) -> Parameters:
    return replace(p, exams={**p.exams, exam: replace(p.exams[exam], pace=pace)})


def _fit_pace(p: Parameters, name: tuple[str, str], wanted: float) -> Parameters:
    exam = name[0]
    if name == ANCHOR:
        rate = solved(lambda x: repeat_rate(_learning(p, x), name) - wanted, 1e-4, 9e-4, 7)
        return _learning(p, round(rate, 7))
    pace = solved(lambda x: repeat_rate(_with_pace(p, exam, x), name) - wanted, 0.2, 2.2, 7)
    return _with_pace(p, exam, round(pace, 3))


def _fit_hours(p: Parameters, name: tuple[str, str], wanted: float) -> Parameters:
    hours = solved(
        lambda x: repeat_rate(_with_cell(p, name, hours_per_day=x), name) - wanted, 1.0, 8.0, 6
    )
    return _with_cell(p, name, hours_per_day=round(hours, 2))


def fit_learning(p: Parameters) -> Parameters:
    """Steps 3 and 4."""
    for name in p.cells:
        hours = TYPICAL_HOURS.get(name[0], TYPICAL_HOURS_OTHERWISE)
        p = _with_cell(p, name, hours_per_day=hours)
    # US MD stands first in its exam, so the pace is known before the hours of other groups.
    for name in p.cells:
        wanted = published(*name, "repeat")
        if wanted is None:
            continue
        if name[1] == "non-us-img":
            p = _with_cell(p, name, hours_per_day=p.cells[name[0], "us-img"].hours_per_day)
            continue
        p = (_fit_pace if name[1] == "us-md" else _fit_hours)(p, name, wanted)
        print(
            f"{name} wanted {wanted} found {repeat_rate(p, name):.3f} pace "
            f"{p.exams[name[0]].pace} x {p['learn_per_minute']} "
            f"hours {p.cells[name].hours_per_day}",
            flush=True,
        )
    return p


def write(p: Parameters) -> None:
    """Put what was found into the data files, keeping every other column."""
    folder = files("bounceback_lab.simulation").joinpath("data")

    def rewritten(name: str, change: Callable[[dict[str, str]], dict[str, str]]) -> None:
        held = [change(row) for row in rows(name)]
        with Path(str(folder.joinpath(name))).open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, held[0].keys(), lineterminator="\n")
            writer.writeheader()
            writer.writerows(held)

    def exam(row: dict[str, str]) -> dict[str, str]:
        found = p.exams[row["exam"]]
        return row | {
            name: str(getattr(found, name)) for name in ("skill_sd", "knowledge_sd", "pace")
        }

    def cell(row: dict[str, str]) -> dict[str, str]:
        found = p.cells[row["exam"], row["group"]]
        return row | {"level": str(found.level), "hours_per_day": str(found.hours_per_day)}

    def constant(row: dict[str, str]) -> dict[str, str]:
        return row | {"value": str(p[row["name"]])} if "per_minute" in row["name"] else row

    rewritten("exams.csv", exam)
    rewritten("cells.csv", cell)
    rewritten("constants.csv", constant)


if __name__ == "__main__":
    write(fit_learning(fit_spread_and_levels(parameters())))
