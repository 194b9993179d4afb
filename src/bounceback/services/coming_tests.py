"""The practice tests still to come, taken together with the dates they come before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import numpy as np

from bounceback.decision.models import NextForm
from bounceback.decision.priorities import parameters
from bounceback.forecast.lookahead import (
    ComingTest,
    JointFuture,
    join_work,
    joint_future,
    work_on,
)
from bounceback.forecast.posterior import Belief, believe
from bounceback.forecast.prediction import Forecast, PlannedWork, predict
from bounceback.planning import Plan
from bounceback.records.models import Record

MOST_TESTS: Final = 14
ASSUMED: Final = "assumed"
"""Family of a test that no plan holds yet; it counts as a typical one."""


def coming_tests(
    record: Record,
    belief: Belief,
    plan: Plan,
    dates: Sequence[date],
    work: PlannedWork,
    unplaced: NextForm | None = None,
) -> JointFuture:
    """Return the plan's tests, then one every fortnight, with the dates.

    Args:
        record: Whose tests.
        belief: Where the student stands, today or on the day of the latest evidence.
        plan: The plan that placed them.
        dates: The dates that were solved.
        work: Planned work up to each of them.
        unplaced: A test beside the plan that can be had first.
    """
    today = plan.as_of
    tests = [
        ComingTest(e.date, e.family, e.form)
        for e in sorted(plan.ledger, key=lambda e: (e.date or date.max, e.label))
        if e.date is not None and e.date >= today and e.measure
    ]
    if unplaced is not None and not tests:
        tests.append(ComingTest(unplaced.on, unplaced.family, unplaced.form))
    step = timedelta(days=int(parameters(record.exam.id)["assumed_test_days"]))
    if dates:
        day = (
            tests[-1].on if tests else plan.test_date if plan.test_date > today else today
        ) + step
        while day < dates[-1] and len(tests) < MOST_TESTS:
            tests.append(ComingTest(day, ASSUMED))
            day += step
    rows = work_on(work, [float((t.on - belief.as_of).days) for t in tests])
    return joint_future(belief, tests, dates, join_work(rows, work))


def with_next_range(
    forecasts: tuple[Forecast, ...], joint: JointFuture, coming: NextForm | None
) -> tuple[Forecast, ...]:
    """Return the forecasts with where the next practice test of the plan will take each."""
    place = next(
        (
            i
            for i, t in enumerate(joint.tests)
            if coming is not None
            and (t.on, t.family, t.form) == (coming.on, coming.family, coming.form)
        ),
        None,
    )
    if place is None:
        return forecasts
    low, high = joint.next_range(np.array([f.p_pass for f in forecasts]), place)
    return tuple(
        replace(f, p_next_low=float(low[i]), p_next_high=float(high[i]))
        for i, f in enumerate(forecasts)
    )


MOST_DAYS_WITHOUT_NEWS: Final = 21
"""Days after the latest evidence for which a decision is taken as of that evidence."""


def latest_evidence(record: Record, as_of: date) -> date:
    """Return the day of the latest thing that the record says of the student, at most as_of."""
    days = [a.date for a in record.attempts]
    days += [f.date for f in record.forms]
    days += [b.date for b in record.blocks]
    days += [s.date for s in record.study]
    days += [p.date for p in record.plan if p.done_minutes is not None]
    known = [d for d in days if d <= as_of]
    if not known:
        return as_of
    return max(max(known), as_of - timedelta(days=MOST_DAYS_WITHOUT_NEWS))


PlannedFrom = Callable[[Belief, Sequence[date]], PlannedWork]


@dataclass(frozen=True, slots=True)
class SinceEvidence:
    """What the decision looks at: the forecast as of the latest evidence.

    Asked again on a later day without news, the plan starts later and the days between are not
    known. That is no evidence against the date, so it moves no advice: belief and planned work are
    those of the day of the latest evidence.

    Attributes:
        belief: On that day.
        work: Planned work from it up to each date.
        forecasts: The chances then.
    """

    belief: Belief
    work: PlannedWork
    forecasts: tuple[Forecast, ...]


def since_evidence(
    record: Record,
    belief: Belief,
    forecasts: tuple[Forecast, ...],
    planned: PlannedFrom,
    target: date,
) -> SinceEvidence:
    """Return the forecast as of the latest evidence.

    Args:
        record: The record.
        belief: Today's.
        forecasts: Today's, one a date.
        planned: Gives the work that the plan of a day puts before each date.
        target: The date whose passing score holds.
    """
    first = latest_evidence(record, belief.as_of)
    dates = [f.on for f in forecasts]
    then = believe(record, first, test_date=target)
    work = planned(then, dates)
    return SinceEvidence(then, work, predict(then, dates, work))
