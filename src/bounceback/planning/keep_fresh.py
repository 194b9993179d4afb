"""A low-hour plan while a result is awaited or the date has moved by weeks.

It holds what is known and leaves the rest of the day alone: due cards, questions and incorrects for
about an hour on five days a week. No practice test is spent and nothing new is begun.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bounceback import facts
from bounceback.errors import FactError
from bounceback.forecast.learning_curve import Dynamics
from bounceback.planning.models import Plan
from bounceback.planning.parameters import Prescribes, rules_for
from bounceback.planning.planner import make_plan
from bounceback.reasons import reason
from bounceback.records.models import Attempt, Record
from bounceback.vocabulary import MINUTES_PER_HOUR, ExamId


@dataclass(frozen=True, slots=True)
class _Limit:
    parameter: str
    value: float
    why: str = ""


@dataclass(frozen=True, slots=True)
class ResultAwaited:
    """An attempt at the exam ahead whose result is not out.

    Attributes:
        attempt: The attempt.
        usual: Day by which results usually come; ``None`` where that is not published.
    """

    attempt: Attempt
    usual: date | None


def result_awaited(record: Record, as_of: date) -> ResultAwaited | None:
    """Return the attempt at the exam ahead whose result is awaited on a day, if there is one."""
    own = [a for a in record.attempts if a.exam == record.exam.id and a.date <= as_of]
    if not own or own[-1].outcome != "awaiting":
        return None
    latest = own[-1]
    try:
        weeks = facts.release(record.exam.id, latest.date).typical_weeks
    except FactError:
        return ResultAwaited(latest, None)
    return ResultAwaited(latest, latest.date + timedelta(weeks=weeks))


def low_hours(exam_id: ExamId, prescriptions: Sequence[Prescribes] = ()) -> tuple[Prescribes, ...]:
    """Return the plan changes of the low-hour plan; they stand before any others."""
    rules = rules_for(exam_id, prescriptions)
    return (
        _Limit("hours_cap", rules["maintenance_minutes_per_day"] / MINUTES_PER_HOUR),
        _Limit("rest_days_per_week", 7 - rules.whole("maintenance_days_per_week")),
        _Limit("taper_days", 0),
        _Limit("new_cards_per_day", 0),
        _Limit("forms_extra", 0),
        _Limit("forms_in_window", 0),
    )


def maintenance(
    record: Record,
    as_of: date,
    until: date,
    dynamics: Dynamics,
    prescriptions: Sequence[Prescribes] = (),
) -> Plan:
    """The low-hour plan from ``as_of`` to the day before ``until``.

    Args:
        record: Whose plan.
        as_of: First day.
        until: The day the result is expected, or the day the exam plan begins.
        dynamics: How study moves the score.
        prescriptions: Plan changes that follow from the appraisal.

    Returns:
        A plan with at most ``maintenance_minutes_per_day`` on ``maintenance_days_per_week`` days;
        every owned practice test is kept, with that reason.
    """
    without = replace(record, ledger=(), exam=replace(record.exam, eligibility=None))
    every = (*low_hours(record.exam.id, prescriptions), *prescriptions)
    plan = make_plan(without, as_of, until, dynamics, every)
    kept = make_plan(record, until, until, dynamics, prescriptions).ledger
    return replace(
        plan,
        sessions=tuple(s for s in plan.sessions if s.kind in ("study", "rest")),
        ledger=tuple(
            replace(
                e,
                date=None,
                second_date=None,
                role="spare",
                state="kept-for-later",
                reason=reason("keep_fresh.kept-for-later"),
            )
            for e in kept
            if e.owned
        ),
        left_out=(),
        remarks=(
            reason("keep_fresh.low-hours"),
            *(r for r in plan.remarks if r.code != "planning.prescribed"),
        ),
    )
