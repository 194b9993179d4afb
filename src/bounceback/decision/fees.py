"""Fees that a decision can bring, as far as their amounts are published.

An amount that was not found, or that is published for others, is not weighed: unknown, not zero.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from bounceback import facts
from bounceback.records.models import Record

_MOVING: Final = ("appointment-change", "reschedule-or-cancel", "cancel")


def registering(record: Record, on: date) -> facts.Fee | None:
    """The fee for registering once more, after a failure or a period that ended.

    Args:
        record: Whose exam and group.
        on: The day whose fees hold.
    """
    return next(
        (
            fee
            for fee in facts.fees(record.exam.id, on)
            if fee.kind == "registration" and _known_for(record, fee)
        ),
        None,
    )


def moving(record: Record, as_of: date) -> facts.Fee | None:
    """The fee for giving up the planned day today, taken as booked; ``None`` without one."""
    planned = record.exam.planned_date
    if planned is None or planned <= as_of:
        return None
    return moving_from(record, planned, as_of)


def moving_from(record: Record, booked: date, as_of: date) -> facts.Fee | None:
    """The fee for giving up a booked day on ``as_of``; its amount may be unknown.

    ``None`` where no fee for that many days before is held.
    """
    days = (booked - as_of).days
    return next(
        (
            fee
            for fee in facts.fees(record.exam.id, as_of)
            if fee.kind in _MOVING
            and _for(record, fee)
            and not (fee.days_low is None and fee.days_high is None)
            and (fee.days_low is None or fee.days_low <= days)
            and (fee.days_high is None or days <= fee.days_high)
        ),
        None,
    )


def extension(record: Record, as_of: date) -> float | None:
    """Dollars for extending the eligibility period; ``None`` if not known."""
    return next(
        (
            fee.amount_usd
            for fee in facts.fees(record.exam.id, as_of)
            if fee.kind == "eligibility-extension" and _known_for(record, fee)
        ),
        None,
    )


def weighed(record: Record, as_of: date) -> tuple[facts.Fee, ...]:
    """The fees that the utilities of a record hold on a day."""
    found = (registering(record, as_of), moving(record, as_of))
    return tuple(fee for fee in found if fee is not None and fee.amount_usd is not None)


def usd(fee: facts.Fee | None) -> float:
    """Its amount; nothing is weighed for a fee that is not known."""
    return fee.amount_usd or 0.0 if fee is not None else 0.0


def _for(record: Record, fee: facts.Fee) -> bool:
    return not fee.groups or record.learner.group in fee.groups


def _known_for(record: Record, fee: facts.Fee) -> bool:
    return _for(record, fee) and fee.amount_usd is not None
