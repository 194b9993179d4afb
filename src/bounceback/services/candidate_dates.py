"""Which test dates are looked at: the eligible days of the next twenty-six weeks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bounceback.records.models import Record

LONGEST_WEEKS = 26

FURTHEST_WEEKS = 104
"""Nobody books a sitting two years ahead: a day beyond that is a slip in the year."""


def furthest(as_of: date) -> date:
    """The last day that an answer of ``as_of`` plans for."""
    return as_of + timedelta(weeks=FURTHEST_WEEKS)


def within_reach(record: Record, as_of: date) -> tuple[Record, tuple[str, ...]]:
    """Set aside a planned day, and a period of eligibility, that lie out of reach.

    No plan is made for decades because of one wrong digit; the record itself keeps what it says.

    Returns:
        The record without them, and a note for each, with its key and what is taken instead.
    """
    exam, last = record.exam, furthest(as_of)
    notes: list[str] = []
    if exam.planned_date is not None and exam.planned_date > last:
        notes.append(
            f"exam.planned_date ({exam.planned_date}) lies more than two years ahead; check the "
            "year. Until then no day counts as planned."
        )
        exam = replace(exam, planned_date=None)
    if exam.eligibility is not None and exam.eligibility.first > last:
        notes.append(
            f"exam.eligibility.first ({exam.eligibility.first}) lies more than two years ahead; "
            "check the year. Until then every day counts as open."
        )
        exam = replace(exam, eligibility=None)
    return (replace(record, exam=exam), tuple(notes)) if notes else (record, ())


def window(record: Record, as_of: date) -> tuple[date, date] | None:
    """First and last day that is forecast; ``None`` if eligibility has ended.

    From the later of ``as_of`` and the first eligible day to the earlier of the last eligible day
    and 26 weeks from ``as_of``. A period that opens beyond 26 weeks is shown by its first day.
    """
    first, last = as_of, as_of + timedelta(weeks=LONGEST_WEEKS)
    eligibility = record.exam.eligibility
    if eligibility is not None:
        first = max(first, eligibility.first)
        last = max(min(last, eligibility.last), first)
        if eligibility.last < as_of:
            return None
    return first, last


def solved(record: Record, as_of: date, also: date | None = None) -> tuple[date, ...]:
    """The days that are solved: weekly, and the planned day; days between are interpolated.

    The weeks count from the planned day, else from the first eligible day, so that the days looked
    at stay the same as the days go by, and no advice moves because the question came a day later.

    Args:
        record: The learner's record.
        as_of: The day asked about.
        also: One more day to look at, where it is eligible.
    """
    span = window(record, as_of)
    if span is None:
        return ()
    first, last = span
    planned, eligibility = record.exam.planned_date, record.exam.eligibility
    anchor = planned or (eligibility.first if eligibility is not None else date.min)
    day = first + timedelta(days=(anchor - first).days % 7)
    days = {first, last}
    while day < last:
        days.add(day)
        day += timedelta(days=7)
    if planned is not None and planned >= as_of:
        days.add(planned)
    if also is not None and first <= also <= last:
        days.add(also)
    return tuple(sorted(days))
