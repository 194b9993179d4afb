"""A low-hour plan while a result is awaited or the date has moved by weeks.

It holds what is known and leaves the rest of the day alone: due cards, questions and second looks
for about an hour on five days a week. No form is spent and nothing new is begun.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from bounceback.forecast.learning_curve import Dynamics
from bounceback.planning.models import Plan
from bounceback.planning.parameters import Prescribes, rules_for
from bounceback.planning.planner import make_plan
from bounceback.records.models import Record
from bounceback.vocabulary import MINUTES_PER_HOUR

_SPARE: Final = "Kept for the weeks before the exam: while you wait, none is spent."
_NOTE: Final = "A low-hour plan: it holds what you know, and the rest of the day is yours."


@dataclass(frozen=True, slots=True)
class _Limit:
    parameter: str
    value: float
    why: str


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
        every owned form is kept, with that reason.
    """
    rules = rules_for(record.exam.id, prescriptions)
    low = (
        _Limit(
            "hours_cap",
            rules["maintenance_minutes_per_day"] / MINUTES_PER_HOUR,
            "While a result is awaited an hour holds what you know.",
        ),
        _Limit(
            "rest_days_per_week",
            7 - rules.whole("maintenance_days_per_week"),
            "Waiting is rest as well.",
        ),
        _Limit("taper_days", 0, "No exam stands at the end of these days."),
        _Limit("new_cards_per_day", 0, "Nothing new is begun while you wait."),
        _Limit("forms_extra", 0, "No form is spent while you wait."),
        _Limit("forms_in_window", 0, "No form is spent while you wait."),
    )
    without = replace(record, ledger=(), exam=replace(record.exam, eligibility=None))
    every = (*low, *prescriptions)
    plan = make_plan(without, as_of, until, dynamics, every)
    kept = make_plan(record, until, until, dynamics, prescriptions).ledger
    return replace(
        plan,
        sessions=tuple(s for s in plan.sessions if s.kind in ("study", "rest")),
        ledger=tuple(
            replace(e, date=None, role="spare", state="kept-for-later", reason=None, why=_SPARE)
            for e in kept
            if e.owned
        ),
        left_out=(),
        remarks=tuple(r for r in plan.remarks if r.code != "planning.prescribed"),
        notes=(_NOTE,),
    )
