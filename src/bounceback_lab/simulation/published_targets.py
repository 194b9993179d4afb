"""What the population must itself reproduce: published figures beside ours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from bounceback import facts
from bounceback.errors import FactUnknown
from bounceback_lab.simulation.cohort import first_takers
from bounceback_lab.simulation.parameters import Cell, Parameters, rows
from bounceback_lab.simulation.population import Population
from bounceback_lab.simulation.simulator import World

Floats = NDArray[np.float64]

_FIRST_TAKERS = 4000
_LAST_WEEK_HOURS = 9.0
_FITTED_UP_TO = 2024
_JUDGED_ON = 2025
_RATE_TOLERANCE = 0.05
_FIRST_RATE_TOLERANCE = 0.02
_FEWEST = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Reproduced:
    """One published figure beside ours.

    Attributes:
        figure: What is compared.
        exam: Exam id.
        group: Group id.
        population: In whom it was published.
        published: The published value.
        low: Lowest value of ours that agrees.
        high: Highest such value.
        source: Key of the source.
        confidence: ``official``, ``reported`` or ``inferred``.
        used: ``fit`` (constants were set on it), ``shown`` (it followed) or ``judged`` (later than
            everything that was fitted).
        ours: Our value.
        standard_error: Of our value.
    """

    figure: str
    exam: str
    group: str
    population: str
    published: float
    low: float
    high: float
    source: str
    confidence: str
    used: str
    ours: float
    standard_error: float

    @property
    def holds(self) -> bool:
        """Whether ours lies in the tolerance, give or take two of its standard errors."""
        slack = 2 * self.standard_error
        return self.low - slack <= self.ours <= self.high + slack


def reproduces(population: Population) -> tuple[Reproduced, ...]:
    """Published figures beside those of ``population`` and of first takers drawn for it.

    Rates need at least 30 simulated learners in their exam and group, and are left out below.
    """
    return (*_rates(population), *_figures(population.p, population))


def _rates(population: Population) -> Iterator[Reproduced]:
    """First-attempt and repeat pass rates, as fitted and as judged a year later."""
    outcomes = population.outcomes
    for (exam, group), (tested, failed) in population.first_takers.items():
        mine = (outcomes.exam == exam) & (outcomes.group == group)
        ours = {
            "first": (1 - failed / tested, tested, _FIRST_RATE_TOLERANCE),
            "repeat": (float(outcomes.passed[mine].mean()), int(mine.sum()), _RATE_TOLERANCE),
        }
        for attempt, (rate, n, least) in ours.items():
            seen: set[str] = set()
            for year, used in ((_FITTED_UP_TO, "fit"), (_JUDGED_ON, "judged")):
                try:
                    known = facts.pass_rate(exam, group, attempt, year)
                except FactUnknown:
                    continue
                if n < _FEWEST or known.period in seen:
                    continue
                seen.add(known.period)
                value = known.pass_percent / 100
                binomial = 2 * sqrt(value * (1 - value) / known.n) if known.n else 0.0
                allowed = least if used == "fit" else _RATE_TOLERANCE
                tolerance = max(allowed, binomial)
                yield Reproduced(
                    figure=f"{attempt} pass rate {known.period}",
                    exam=exam,
                    group=group,
                    population=f"published for {known.group_published}, n = {known.n or 'unknown'}",
                    published=value,
                    low=value - tolerance,
                    high=value + tolerance,
                    source=known.source,
                    confidence=known.confidence,
                    used=used,
                    ours=rate,
                    standard_error=sqrt(rate * (1 - rate) / n),
                )


def _figures(p: Parameters, population: Population) -> Iterator[Reproduced]:
    worlds: dict[tuple[str, str], World] = {}
    for row in rows("targets.csv"):
        name = row["exam"], row["group"]
        if name not in worlds:
            worlds[name] = _drawn(p.cells[name], p, population.seed)
        measured = _measure(row, worlds[name], population)
        if measured is None:
            continue
        ours, error = measured
        yield Reproduced(
            figure=row["figure"] + (f" ({row['family']})" if row["family"] else ""),
            exam=row["exam"],
            group=row["group"],
            population=row["population"],
            published=float(row["published"]),
            low=float(row["low"]),
            high=float(row["high"]),
            source=row["source"],
            confidence=row["confidence"],
            used=row["used"],
            ours=ours,
            standard_error=error,
        )


def _drawn(cell: Cell, p: Parameters, seed: int) -> World:
    return first_takers(cell, p, seed + 1, _FIRST_TAKERS)


def _measure(
    row: dict[str, str], drawn: World, population: Population
) -> tuple[float, float] | None:
    """Our value of one row of ``targets.csv`` and its standard error; ``None`` if nobody is in."""
    world = drawn.copy()
    match row["figure"]:
        case "score-sd":
            return _sd(world.sit().score)
        case "score-mean":
            score = world.sit().score
            return float(score.mean()), float(score.std() / sqrt(len(score)))
        case "sitting-error-sd":
            result = world.sit()
            on_the_day = world.expected_score(world.usual_skill() + result.day_shift)
            return _sd(result.score - on_the_day)
        case "form-exam-correlation":
            form, exam = _a_week_apart(world, row["family"])
            r = float(np.corrcoef(form, exam)[0, 1])
            return r, (1 - r**2) / sqrt(len(form))
        case "prediction-error":
            form, exam = _a_week_apart(world, row["family"])
            return _sd(exam - form)
        case "retest-within-4" | "retest-within-8":
            one, two = world.take_form(row["family"]), world.take_form(row["family"])
            within = np.abs(one.score - two.score) <= int(row["figure"][-1])
            share = float(within.mean())
            return share, sqrt(share * (1 - share) / len(within))
        case "area-correlation":
            table: Floats = np.asarray(np.corrcoef(world.area_percent().T))
            upper = table[np.triu_indices_from(table, 1)]
            return float(upper.mean()), float((1 - upper.mean() ** 2) / sqrt(len(world)))
        case "forgetting-a-month":
            failed = world.take(~world.sit().passed)
            before = failed.expected_score()
            failed.rest(30)
            lost = before - failed.expected_score()
            return float(lost.mean()), float(lost.std() / sqrt(len(lost)))
        case "retake-gain":
            return _gain(population, row["exam"], row["group"])
    raise AssertionError(row["figure"])


def _sd(values: Floats) -> tuple[float, float]:
    sd = float(values.std())
    return sd, sd / sqrt(2 * len(values))


def _a_week_apart(world: World, family: str) -> tuple[Floats, Floats]:
    """Points of a form, and the exam after a last week of full study."""
    form = world.take_form(family).points
    names = [effect.activity for effect in world.p.activities]
    week = np.zeros((len(world), len(world.areas), len(names)))
    for activity, share in (("questions", 0.4), ("review", 0.25), ("reading", 0.35)):
        week[:, :, names.index(activity)] = 60 * _LAST_WEEK_HOURS * share * world.weights
    for _ in range(7):
        world.study(world.keep(week))
    return form, world.sit().score


def _gain(population: Population, exam: str, group: str) -> tuple[float, float] | None:
    for part in population.parts:
        mine = part.group == group
        if part.scale.exam == exam and mine.sum() >= _FEWEST:
            gain = (part.history.true_score - part.history.true_at_failure)[mine]
            return float(gain.mean()), float(gain.std() / sqrt(len(gain)))
    return None
