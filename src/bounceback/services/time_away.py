"""Days away in one step, and commitments that come back every week, as entries of the record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Final

from bounceback.records.models import Availability, Commitment, Record

LONGEST_AWAY: Final = timedelta(days=120)
"""A time away that is longer is no pause of a plan but another plan."""
MOST_WEEKS: Final = 52


def with_days_away(record: Record, first: date, last: date) -> Record:
    """Return a record in which every day from ``first`` to ``last`` is a day off.

    Args:
        record: The student's record.
        first: First day away.
        last: Last day away, included; before ``first`` the two are swapped.

    Raises:
        ValueError: The time away is longer than :data:`LONGEST_AWAY`.
    """
    first, last = min(first, last), max(first, last)
    if last - first > LONGEST_AWAY:
        raise ValueError("time away is too long")
    days = {first + timedelta(days=n) for n in range((last - first).days + 1)}
    return _with(record, days_off=_sorted(days | set(_of(record).days_off)))


def with_days_off(record: Record, among: Sequence[date], chosen: Sequence[date]) -> Record:
    """Return a record in which, of the days shown, those chosen are days off and no other is.

    Args:
        record: The student's record.
        among: Days that were shown to choose from.
        chosen: Those of them that are days off.
    """
    kept = set(_of(record).days_off) - set(among)
    return _with(record, days_off=_sorted(kept | (set(chosen) & set(among))))


def with_weekly_commitment(
    record: Record, first: date, start: time, minutes: int, what: str, until: date
) -> Record:
    """Return a record with a commitment on the same weekday of every week.

    Args:
        record: The student's record.
        first: Its first day.
        start: When it starts.
        minutes: How long it takes.
        what: What it is.
        until: Last day on which it may come, included; at most a year ahead.
    """
    weeks = min(max((until - first).days // 7, 0), MOST_WEEKS)
    new = [
        Commitment(date=first + timedelta(weeks=n), start=start, minutes=minutes, what=what)
        for n in range(weeks + 1)
    ]
    known = set(_of(record).commitments)
    every = (*_of(record).commitments, *(c for c in new if c not in known))
    return _with(record, commitments=tuple(sorted(every, key=lambda c: (c.date, c.start))))


def without_commitment(record: Record, start: time, weekday: int, what: str, on: date) -> Record:
    """Return a record without a commitment of a weekday, from a day on.

    Args:
        record: The student's record.
        start: When it starts.
        weekday: 0 for Monday to 6.
        what: What it is.
        on: Those before this day stay: they have happened.
    """
    kept = tuple(
        c
        for c in _of(record).commitments
        if (c.start, c.date.weekday(), c.what) != (start, weekday, what) or c.date < on
    )
    return _with(record, commitments=kept)


def _of(record: Record) -> Availability:
    return record.availability or Availability(minutes={})


def _with(record: Record, **changed: object) -> Record:
    availability = replace(_of(record), **changed)  # type: ignore[arg-type]
    return replace(record, availability=availability)


def _sorted(days: set[date]) -> tuple[date, ...]:
    return tuple(sorted(days))
