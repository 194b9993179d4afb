"""Ranges and chances judged exam by exam, world by world, by the number of practice tests seen.

The population of :mod:`bounceback_lab.simulation` and its declared variants. Every learner is
forecast twice: on the eve of their first practice test (no tests), and on the population's own day.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bounceback.forecast.normal import Floats
from bounceback.vocabulary import EXAM_IDS
from bounceback_lab.simulated_validation import (
    Judged,
    before_first_form,
    expected_calibration_error,
    judge,
)
from bounceback_lab.simulation.population import simulate
from bounceback_lab.simulation.worlds import FROZEN, VARIANTS, World

LEVEL = 0.8
LOWEST, HIGHEST = 0.76, 0.84
"""Where the coverage of an 80 % range may lie in every exam, world and number of tests."""

HIGHEST_CALIBRATION_ERROR = 0.03


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One exam in one world, for learners with so many practice tests.

    Attributes:
        exam: Exam id.
        world: Name of the world.
        tests: ``0``, ``1-2``, ``3+``, or ``any`` for the population's own day.
        learners: How many.
        covered: Share of reported scores inside the 80 % range.
        standard_error: Of ``covered``.
        calibration_error: Expected calibration error of the chance.
        brier: Brier score of the chance.
        said: Mean chance.
        passed: Share that passed.
    """

    exam: str
    world: str
    tests: str
    learners: int
    covered: float
    standard_error: float
    calibration_error: float
    brier: float
    said: float
    passed: float

    @property
    def holds(self) -> bool:
        """Whether coverage lies inside its limits, two standard errors allowed."""
        margin = 2.0 * self.standard_error
        return LOWEST - margin <= self.covered <= HIGHEST + margin


def coverage(
    learners: int,
    seed: int,
    *,
    worlds: Sequence[World] = (FROZEN, *VARIANTS),
    exams: Sequence[str] = EXAM_IDS,
    progress: Callable[[int], None] | None = None,
) -> tuple[CoverageRow, ...]:
    """Judge ranges and chances in every exam and world.

    Args:
        learners: Simulated retakers of each exam and world.
        seed: Of their luck.
        worlds: Frozen population and variants.
        exams: Exam ids.
        progress: Called with the number of exams and worlds done.
    """
    rows: list[CoverageRow] = []
    for done, (world, exam) in enumerate(((w, e) for w in worlds for e in exams), start=1):
        population = simulate(learners, seed, {exam: 1.0}, p=world.parameters())
        early = judge(population, asked_on=before_first_form)
        rows += _rows(exam, world.name, early, {"0": early.forms == 0})
        own = judge(population)
        classes = {
            "1-2": (own.forms > 0) & (own.forms < 3),
            "3+": own.forms >= 3,
            "any": np.ones(len(own.forms), dtype=bool),
        }
        rows += _rows(exam, world.name, own, classes)
        if progress is not None:
            progress(done)
    return tuple(rows)


def _rows(
    exam: str, world: str, judged: Judged, classes: dict[str, np.ndarray]
) -> Iterator[CoverageRow]:
    inside: Floats = (np.abs(judged.depth - 0.5) <= LEVEL / 2.0).astype(np.float64)
    for tests, rows in classes.items():
        n = int(rows.sum())
        if n == 0:
            continue
        covered = float(inside[rows].mean())
        p, passed = judged.p_pass[rows], judged.passed[rows]
        yield CoverageRow(
            exam=exam,
            world=world,
            tests=tests,
            learners=n,
            covered=covered,
            standard_error=math.sqrt(covered * (1.0 - covered) / n),
            calibration_error=expected_calibration_error(p, passed),
            brier=float(np.square(p - passed).mean()),
            said=float(p.mean()),
            passed=float(passed.mean()),
        )


__all__ = ["HIGHEST_CALIBRATION_ERROR", "CoverageRow", "coverage"]
