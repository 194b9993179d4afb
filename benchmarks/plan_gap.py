"""Gap of the sessions to the relaxation's bound on 500 generated retakers, and plans a second.

The gap is in points of expected score, as a share of the gain over no study. On two cores each
worker makes every second plan; what a start of the workers takes is not counted.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from statistics import median

from benchmarks.measuring import Row, seconds
from bounceback.planning import make_plan
from tests.planning.learners import AS_OF, dynamics_of, retaker

LEARNERS = 500
CORES = 2
MEDIAN_GOAL, WORST_GOAL, SECONDS_GOAL = 0.005, 0.015, 0.333


def gap(seed: int) -> float:
    """Make one learner's plan; its gap as a share of its gain."""
    record, test_date = retaker(seed)
    dynamics = dynamics_of(record.exam.id, test_date, seed)
    plan = make_plan(record, AS_OF, test_date, dynamics)
    return plan.bound_gap_points / plan.gain_points


def rows() -> list[Row]:
    """Median and worst gap against what is promised, and the seconds of one plan."""
    gaps: list[float] = []
    taken = seconds(lambda: gaps.extend(map(gap, range(LEARNERS)))) / LEARNERS
    with ProcessPoolExecutor(CORES, mp_context=get_context("spawn")) as workers:
        list(workers.map(gap, range(8 * CORES)))  # started and warm
        together = seconds(lambda: list(workers.map(gap, range(LEARNERS), chunksize=25))) / LEARNERS
    unit = "of the gain"
    return [
        Row("gap to the bound, median of 500", median(gaps), MEDIAN_GOAL, "promised", 1.0, unit),
        Row("gap to the bound, worst of 500", max(gaps), WORST_GOAL, "promised", 1.0, unit),
        Row("one plan, mean of 500", taken, SECONDS_GOAL, "a third of a second", 1.0),
        Row(f"{1.0 / together:.0f} plans a second on two cores", together, taken, "one core", 1.0),
    ]
