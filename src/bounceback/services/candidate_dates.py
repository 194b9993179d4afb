"""Which test dates are looked at: the eligible days of the next twenty-six weeks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bounceback import facts
from bounceback.messages.registry import render
from bounceback.reasons import reason
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


WORKING_WEEKS = 10
"""Weeks from the latest attempt or practice test to a working date, where none is chosen."""


def date_stands(record: Record) -> bool:
    """Whether the student keeps the date against the advice to build up first."""
    return bool(record.exam.date_stands) and record.exam.planned_date is not None


def plan_date(record: Record, as_of: date, earlier: date | None = None) -> date:
    """Return the date that the plan leads to: the one chosen, always; else a working date.

    Args:
        record: The record.
        as_of: The day asked about.
        earlier: The date of an earlier plan: without a date chosen it stays.
    """
    exam = record.exam
    if exam.planned_date is not None and exam.planned_date >= as_of:
        return exam.planned_date
    for fixed in (exam.working_date, earlier if exam.planned_date is None else None):
        if fixed is not None and as_of < fixed <= furthest(as_of):
            return fixed
    return working_date(record, as_of)


def working_date(record: Record, as_of: date) -> date:
    """Return a date to plan for where none is chosen: the same for as long as the record is.

    It counts from the latest attempt or practice test and not from today, so that it does not slide
    as the days go by; once it has passed it lies a month further.
    """
    known = [a.date for a in record.attempts if a.date <= as_of]
    known += [f.date for f in record.forms if f.date <= as_of]
    eligibility = record.exam.eligibility
    if eligibility is not None and eligibility.last >= as_of:
        middle = eligibility.first + (eligibility.last - eligibility.first) / 2
        if middle >= as_of + timedelta(weeks=1):
            return open_day(record, middle, eligibility.first)
        return max(eligibility.last, as_of)
    day = max(known, default=as_of) + timedelta(weeks=WORKING_WEEKS)
    while day < as_of + timedelta(weeks=1):
        day += timedelta(weeks=4)
    return open_day(record, day + timedelta(days=(FRIDAY - day.weekday()) % 7), as_of)


FRIDAY = 4


def open_day(record: Record, day: date, earliest: date) -> date:
    """Return the nearest earlier day on which centers are open, not before ``earliest``."""
    for back in range(21):
        before = day - timedelta(days=back)
        if before < earliest:
            break
        if facts.closed_day(record.exam.id, before) is None:
            return before
    return day


def notes_on_date(record: Record) -> tuple[str, ...]:
    """Return a warning where the date chosen lies outside the eligibility period."""
    exam, window = record.exam, record.exam.eligibility
    if exam.planned_date is None or window is None:
        return ()
    if window.first <= exam.planned_date <= window.last:
        return ()
    return (
        render(
            reason(
                "decision.outside-eligibility",
                on=exam.planned_date,
                first=window.first,
                last=window.last,
            )
        ),
    )


def solved(record: Record, as_of: date, also: date | None = None) -> tuple[date, ...]:
    """The days that are solved: weekly, and the planned day; days between are interpolated.

    The weeks count from the planned day, else from the first eligible day, so that the days looked
    at stay the same as the days go by, and no advice moves because the question came a day later.
    Where centers are closed the nearest open day of that week stands in.

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
    anchor = planned or also or (eligibility.first if eligibility is not None else date.min)
    if facts.closed_day(record.exam.id, anchor) is not None:
        anchor -= timedelta(days=(anchor.weekday() - FRIDAY) % 7)
    day = first + timedelta(days=(anchor - first).days % 7)
    days = {first, last}
    while day < last:
        near = open_day(record, day, max(first, day - timedelta(days=6)))
        days.add(near)
        day += timedelta(days=7)
    days.add(open_day(record, last, first))
    if planned is not None and planned >= as_of:
        days.add(planned)
    if also is not None and first <= also <= last:
        days.add(also)
    return tuple(sorted(days))
