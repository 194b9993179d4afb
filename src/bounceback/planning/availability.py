"""Which minutes of which day may be planned, and where on the clock.

A day's free minutes are the smallest of: the availability of its weekday less that day's
commitments, the clock windows less what commitments overlap, and the daily cap. Rest days, the
lighter last days and the day before the exam are taken from what is free.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, Literal

from bounceback.planning.models import DayLevel
from bounceback.planning.parameters import Rules
from bounceback.records.models import Availability
from bounceback.vocabulary import MINUTES_PER_HOUR, WEEKDAYS

Slot = tuple[int, int]
"""A stretch of the day in minutes after midnight, start before end."""

DayRole = Literal["study", "rest", "off", "taper", "logistics"]

DEFAULT_WINDOWS: Final[tuple[Slot, ...]] = ((480, 780), (840, 1140))
"""Where no clock hours are recorded: 08:00-13:00 and 14:00-19:00. Five hours in one stretch hold a
full practice form; both together hold the longest day that is ever planned."""

_DAY: Final = 24 * MINUTES_PER_HOUR


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the plan.

    Attributes:
        date: The day.
        free: Minutes that the learner has, after commitments, windows and the cap.
        minutes: Minutes that may be planned: ``free`` after rest, taper, logistics and day level.
        slots: Free clock stretches, in order, each at least the shortest session.
        role: Why ``minutes`` is what it is.
        buffer: Of ``minutes``, kept for catching up.
    """

    date: date
    free: int
    minutes: int
    slots: tuple[Slot, ...]
    role: DayRole
    buffer: int = 0

    @property
    def study_minutes(self) -> int:
        """Minutes for study: what may be planned less the buffer."""
        return self.minutes - self.buffer


def subtract(slots: Sequence[Slot], busy: Sequence[Slot], shortest: int = 1) -> tuple[Slot, ...]:
    """``slots`` without the stretches in ``busy``; pieces shorter than ``shortest`` are dropped."""
    left = list(slots)
    for start, end in busy:
        pieces: list[Slot] = []
        for low, high in left:
            if end <= low or high <= start:
                pieces.append((low, high))
                continue
            if low < start:
                pieces.append((low, start))
            if end < high:
                pieces.append((end, high))
        left = pieces
    return tuple((low, high) for low, high in sorted(left) if high - low >= shortest)


def daily_cap_minutes(availability: Availability, rules: Rules) -> int:
    """Most minutes on one day: the learner's own cap or the default, never above the limit."""
    cap = rules["hours_cap"] * MINUTES_PER_HOUR
    own = availability.max_minutes_per_day
    if own is not None:
        cap = min(own, cap) if "hours_cap" in rules.prescribed else own
    return int(min(cap, rules["hours_cap_limit"] * MINUTES_PER_HOUR))


def rest_weekdays(availability: Availability, rules: Rules) -> frozenset[int]:
    """Weekdays (Monday 0) kept free: those with the fewest minutes, the later in the week first.

    Of days with as many minutes those within two days after the longest come last: a practice test
    needs the longest day, and its review the days after.
    """
    count = min(7, rules.whole("rest_days_per_week"))
    minutes = [availability.minutes.get(day, 0) for day in WEEKDAYS]
    longest = [d for d in range(7) if minutes[d] == max(minutes)]
    reviews = {(d + n) % 7 for d in longest for n in (1, 2)} if len(longest) < 3 else set()
    order = sorted(range(7), key=lambda d: (minutes[d], d in reviews, -d))
    return frozenset(order[:count])


def weekday_minutes(availability: Availability, rules: Rules) -> tuple[int, ...]:
    """Minutes open for study on each weekday, Monday first, before commitments and rest days."""
    cap = daily_cap_minutes(availability, rules)
    return tuple(
        min(minutes, sum(end - start for start, end in slots), cap)
        for minutes, slots in _week(availability, rules)
    )


def _week(availability: Availability, rules: Rules) -> list[tuple[int, tuple[Slot, ...]]]:
    """Minutes that the learner names, and the clock stretches that are open, by weekday."""
    shortest = rules.whole("session_minutes_min")
    earliest = rules["earliest_hour"]
    latest = min(rules["latest_hour"], earliest + 24.0 - rules["sleep_hours"])
    awake = (round(earliest * MINUTES_PER_HOUR), round(latest * MINUTES_PER_HOUR))
    week: list[tuple[int, tuple[Slot, ...]]] = []
    for weekday in WEEKDAYS:
        own = availability.windows.get(weekday)
        windows = (
            [(w.start.hour * 60 + w.start.minute, w.end.hour * 60 + w.end.minute) for w in own]
            if own is not None
            else list(DEFAULT_WINDOWS)
        )
        inside = [(max(s, awake[0]), min(e, awake[1])) for s, e in windows]
        slots = _merged([(s, e) for s, e in inside if e - s >= shortest])
        week.append((availability.minutes.get(weekday, 0), slots))
    return week


def open_days(availability: Availability, first: date, last: date, rules: Rules) -> tuple[Day, ...]:
    """Every day from ``first`` to ``last`` with its free minutes and clock stretches.

    Rest days and days off have no minutes; the end of the plan (taper, logistics) is applied by
    :func:`before_sitting`, so that one call serves many test dates.
    """
    shortest = rules.whole("session_minutes_min")
    cap = daily_cap_minutes(availability, rules)
    rests = rest_weekdays(availability, rules)
    off = set(availability.days_off)
    busy_on: dict[date, list[Slot]] = {}
    for commitment in availability.commitments:
        start = commitment.start.hour * MINUTES_PER_HOUR + commitment.start.minute
        end = start + commitment.minutes
        busy_on.setdefault(commitment.date, []).append((start, min(end, _DAY)))
        if end > _DAY:
            following = commitment.date + timedelta(days=1)
            busy_on.setdefault(following, []).append((0, min(end - _DAY, _DAY)))

    week = _week(availability, rules)
    days: list[Day] = []
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        minutes, slots = week[day.weekday()]
        role: DayRole = "study"
        if busy := busy_on.get(day):
            minutes -= sum(end - start for start, end in busy)
            slots = subtract(slots, busy, shortest)
        free = max(0, min(minutes, sum(end - start for start, end in slots), cap))
        if day in off:
            free, role = 0, "off"
        if free < shortest:
            free = 0
        planned = free
        if free and day.weekday() in rests:
            planned, role = 0, "rest"
        days.append(Day(day, free, planned, slots if free else (), role))
    return tuple(days)


def before_sitting(
    days: Sequence[Day],
    as_of: date,
    test_date: date,
    rules: Rules,
    level: DayLevel = "good",
    *,
    taper: bool = True,
) -> tuple[Day, ...]:
    """The days before ``test_date``, with taper, the day before, day level and weekly buffer.

    Args:
        days: From :func:`open_days`, best from the Monday before ``as_of`` so that a week's buffer
            does not depend on the day the plan is made.
        as_of: First day of the result.
        test_date: The sitting; it and later days are cut off.
        rules: Plan parameters.
        level: What the learner chose for the first day.
        taper: Whether an exam follows; a plan that leads to a re-test has no lighter last days.
    """
    kept = [day for day in days if day.date < test_date]
    if not kept:
        return ()
    shortest = rules.whole("session_minutes_min")
    eve = test_date - timedelta(days=1)
    taper_from = eve - timedelta(days=rules.whole("taper_days"))
    lighter: list[Day] = []
    for day in kept:
        if not taper:
            lighter.append(day)
        elif day.date == eve:
            minutes = min(day.free, rules.whole("logistics_day_minutes_max"))
            if day.role == "rest":
                # A rest day stays one: it holds the preparations, where they fit, and no study.
                packing = rules.whole("logistics_minutes")
                minutes = packing if day.free >= packing else 0
            lighter.append(replace(day, minutes=minutes, role="logistics"))
        elif day.date >= taper_from and day.role == "study" and day.minutes:
            minutes = _quarters(day.minutes * rules["taper_share"], shortest)
            lighter.append(replace(day, minutes=min(day.minutes, minutes), role="taper"))
        else:
            lighter.append(day)
    now = next((i for i, day in enumerate(lighter) if day.date == as_of), None)
    if now is None:
        return ()
    if level != "good" and lighter[now].minutes:
        today = lighter[now]
        wanted = (
            rules["day_level_minimum_minutes"]
            if level == "minimum"
            else today.minutes * rules["day_level_half"]
        )
        lighter[now] = replace(today, minutes=min(today.minutes, _quarters(wanted, shortest)))

    # The weekly buffer sits on the last study day of a calendar week, so that a week can be caught
    # up inside itself. A week with one study day keeps none.
    by_week: dict[date, list[int]] = {}
    for i, day in enumerate(lighter):
        if day.role == "study" and day.minutes:
            monday = day.date - timedelta(days=day.date.weekday())
            by_week.setdefault(monday, []).append(i)
    for members in by_week.values():
        if len(members) < 2:
            continue
        total = sum(days[i].minutes for i in members)
        last = members[-1]
        buffer = _quarters(
            min(total * rules["buffer_share"], rules["buffer_minutes_max"]), shortest
        )
        if rules["buffer_share"] > 0 and lighter[last].minutes >= 2 * shortest:
            room = lighter[last].minutes - shortest
            lighter[last] = replace(lighter[last], buffer=min(buffer, room))
    return tuple(lighter[now:])


def _quarters(minutes: float, least: int) -> int:
    """Whole quarters of an hour, at least ``least`` minutes."""
    return max(least, int((minutes + 1e-6) // 15) * 15)


def _merged(slots: Sequence[Slot]) -> tuple[Slot, ...]:
    merged: list[Slot] = []
    for start, end in sorted(slots):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
