"""What the next practice test does to a chance: a right forecast moves either way alike.

The chance said today is the mean of the chances that will be said after the next test (a
martingale). Judged here on simulated learners of other laws, with the test they really took next.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np

from bounceback.forecast.baseline_schedule import steady_work
from bounceback.forecast.lookahead import ComingTest, joint_future
from bounceback.forecast.normal import Floats
from bounceback.forecast.posterior import Belief, believe
from bounceback.forecast.prediction import PlannedWork, chance, futures
from bounceback.records.models import Record
from bounceback_lab.simulation.population import Population

FutureRange = Callable[[Record, Belief, ComingTest, date], tuple[float, float]]
"""From a record, its belief, the next practice test and the test date to the 10th and 90th
percentile of the chance after that practice test."""


def said_range(
    record: Record, belief: Belief, coming: ComingTest, day: date
) -> tuple[float, float]:
    """Return the range that a briefing says: where the next practice test will take the chance."""
    work = steady_work(record, belief, [coming.on, day])
    joint = joint_future(belief, [coming], [day], work)
    rows = slice(1, 2)
    until = PlannedWork(work.days[rows], work.unworked_days[rows], work.effort[rows])
    low, high = joint.next_range(chance(belief, futures(belief, until)))
    return float(low[0]), float(high[0])


@dataclass(frozen=True, slots=True)
class Moves:
    """One row a learner who took another practice test before the retake, shape (M,).

    Attributes:
        before: Chance for the day of the retake, said on the day of the forecast.
        after: The same, said on the day of the next practice test with its result.
        inside: Whether ``after`` lies in the range that was said; NaN without a range.
    """

    before: Floats
    after: Floats
    inside: Floats

    @property
    def mean(self) -> float:
        """Mean move; 0 if the forecast is right."""
        return float(np.mean(self.after - self.before))

    @property
    def standard_error(self) -> float:
        """Of the mean move."""
        return float(np.std(self.after - self.before) / np.sqrt(len(self.before)))

    @property
    def covered(self) -> float:
        """Share of moves inside the range said; NaN without a range."""
        return float(np.mean(self.inside))

    @property
    def covered_standard_error(self) -> float:
        """Of ``covered``."""
        return float(np.sqrt(self.covered * (1.0 - self.covered) / len(self.inside)))


def _said(record: Record, as_of: date, day: date) -> tuple[Belief, float]:
    belief = believe(record, as_of, test_date=day)
    return belief, float(chance(belief, futures(belief, steady_work(record, belief, [day])))[0])


def moves(population: Population, *, future_range: FutureRange | None = None) -> Moves:
    """The chance before and after the next practice test of every learner who takes one.

    Args:
        population: Simulated learners with outcomes.
        future_range: What would be said today of the chance after the next test; ``None``: the
            moves alone.
    """
    rows = []
    for i in range(len(population)):
        as_of = population.as_of(i)
        day = date.fromordinal(int(population.outcomes.retake_on[i]))
        later = population.record(i, day)
        ahead = [f for f in later.forms if as_of < f.date < day and f.score is not None]
        if not ahead:
            continue
        form = min(ahead, key=lambda f: f.date)
        record, then = population.record(i, as_of), form.date
        belief, before = _said(record, as_of, day)
        after = _said(population.record(i, then), then, day)[1]
        inside = np.nan
        if future_range is not None:
            coming = ComingTest(then, form.family, form.form)
            low, high = future_range(record, belief, coming, day)
            inside = float(low <= after <= high)
        rows.append((before, after, inside))
    return Moves(*np.array(rows, dtype=np.float64).reshape(-1, 3).T)


__all__ = ["FutureRange", "Moves", "moves", "said_range"]
