"""Descriptions of time zones in calendar files: by rule where one gives every clock change.

Some calendar programs ignore lists of days (RDATE), and show events an hour off. A rule such as
"the second Sunday of March" (RRULE) is understood by all.
"""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

_DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_LONG_AGO: Final = datetime(1970, 1, 1)  # noqa: DTZ001  (a local time of the zone described)
_STEP: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Change:
    """A change of the clock.

    Attributes:
        local: When it happens, on the clock that holds until then.
        before: Offset from UTC until then.
        after: Offset from then on.
        name: Short name of the time from then on.
        daylight: Whether daylight time begins.
    """

    local: datetime
    before: timedelta
    after: timedelta
    name: str
    daylight: bool


def describe(zone: ZoneInfo, first: int, last: int) -> Timezone:
    """Return the description of a zone that holds for some years.

    Args:
        zone: The zone.
        first: First year in which something happens.
        last: Last year.
    """
    found = Timezone()
    found.add("tzid", zone.key)
    changes = list(changes_in(zone, first - 1, last + 1))
    if not changes:
        at = datetime(first, 1, 1, tzinfo=zone)
        offset = at.utcoffset() or timedelta(0)
        constant = Change(_LONG_AGO, offset, offset, at.tzname() or zone.key, False)
        found.add_component(_part(constant, None))
        return found
    groups: dict[tuple[object, ...], list[Change]] = defaultdict(list)
    for change in changes:
        key = (change.before, change.after, change.name, change.daylight, change.local.month)
        groups[key].append(change)
    for group in groups.values():
        rule = yearly_rule(group, first - 1, last + 1)
        for change in group if rule is None else group[:1]:
            found.add_component(_part(change, rule))
    return found


def changes_in(zone: ZoneInfo, first: int, last: int) -> Iterator[Change]:
    """Yield the changes of the clock from the start of one year to the end of another."""
    at = datetime(first, 1, 1, tzinfo=UTC)
    end = datetime(last + 1, 1, 1, tzinfo=UTC)
    while at < end:
        following = at + _STEP
        if _state(zone, at) != _state(zone, following):
            yield _change(zone, at, following)
        at = following


def _state(zone: ZoneInfo, at: datetime) -> tuple[timedelta | None, str | None]:
    local = at.astimezone(zone)
    return local.utcoffset(), local.tzname()


def _change(zone: ZoneInfo, low: datetime, high: datetime) -> Change:
    """Find the second of a change that lies between two moments."""
    before = _state(zone, low)
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) // 2
        middle = middle.replace(microsecond=0)
        if middle <= low:
            break
        low, high = (middle, high) if _state(zone, middle) == before else (low, middle)
    old, new = low.astimezone(zone), high.astimezone(zone)
    offset = old.utcoffset() or timedelta(0)
    return Change(
        local=(high + offset).replace(tzinfo=None),
        before=offset,
        after=new.utcoffset() or timedelta(0),
        name=new.tzname() or zone.key,
        daylight=bool(new.dst()),
    )


def yearly_rule(changes: Sequence[Change], first: int, last: int) -> dict[str, object] | None:
    """Return the rule that gives a change in every year; ``None`` where no simple one does."""
    years = [change.local.year for change in changes]
    if years != list(range(first, last + 1)):
        return None
    moments = {(c.local.weekday(), c.local.time(), c.local.month) for c in changes}
    if len(moments) != 1:
        return None
    weekday, _clock, month = moments.pop()
    from_start = {(c.local.day - 1) // 7 + 1 for c in changes}
    from_end = {
        (calendar.monthrange(c.local.year, c.local.month)[1] - c.local.day) // 7 for c in changes
    }
    if from_end == {0}:
        which = "-1"
    elif len(from_start) == 1:
        which = str(from_start.pop())
    else:
        return None
    return {"freq": "yearly", "bymonth": month, "byday": f"{which}{_DAYS[weekday]}"}


def _part(change: Change, rule: dict[str, object] | None) -> TimezoneStandard | TimezoneDaylight:
    part = TimezoneDaylight() if change.daylight else TimezoneStandard()
    part.add("dtstart", change.local)
    part.add("tzoffsetfrom", change.before)
    part.add("tzoffsetto", change.after)
    part.add("tzname", change.name)
    if rule is not None:
        part.add("rrule", rule)
    return part
