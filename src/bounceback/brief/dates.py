"""Which test dates are looked at: the eligible days of the next twenty-six weeks."""

from __future__ import annotations

from datetime import date, timedelta

from bounceback.record.values import Record

LONGEST_WEEKS = 26


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
