"""Which day a review belongs to: three rules, chosen explicitly, each with an id.

1. ``LocalDays`` counts as Anki does when it answers a card: crossings of the daily cutoff, at 24
   hours each back from the next one, by the offset from UTC in force *at the later review*.
2. ``AnkiDays`` counts as Anki does when it computes a whole history anew: the same from the cutoff
   and the offset *of that moment*, for all reviews.
3. ``Blocks24`` counts whole 24-hour blocks between two reviews, as py-fsrs does.

The first two differ where the clocks were changed between, for answers within that hour of the
cutoff. The rules give different states from the same reviews (ten hours across a cutoff is one day
for the first two, none for the third), so a state carries its rule's id. Instants are milliseconds
since 1970-01-01 UTC, the unit of a review's id in Anki. Time never runs backwards: a clock set back
counts as the same day.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_DAY_S = 86_400


class DayRule(Protocol):
    """How days between two reviews are counted."""

    @property
    def id(self) -> str:
        """Name of the rule with its settings; part of a state's tag."""
        ...

    def days_between(self, earlier_ms: int, later_ms: int) -> int:
        """Return the days between two reviews, never negative."""
        ...

    def gaps(self, times_ms: NDArray[np.int64]) -> NDArray[np.int32]:
        """Return the days from each instant to the next one: (n,) in, (n - 1,) out, ≥ 0."""
        ...


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as fault:
        raise ValueError(
            f"time zone {name!r} is not in the IANA list; write it like 'America/New_York'."
        ) from fault


def _offset_s(zone: ZoneInfo, at_s: int) -> int:
    """Return the seconds by which a zone's clocks are ahead of UTC at an instant."""
    found = datetime.fromtimestamp(at_s, UTC).astimezone(zone).utcoffset()
    return 0 if found is None else int(found.total_seconds())


def _check_hour(rollover_hour: int) -> None:
    if not 0 <= rollover_hour <= 23:
        raise ValueError(f"rollover_hour={rollover_hour}; allowed are 0 to 23 (Anki's preference).")


def _next_cutoff_s(at_s: int, offset_s: int, rollover_hour: int) -> int:
    """Return the first cutoff after an instant by one offset from UTC; seconds since 1970.

    The offset holds for the cutoff too, even if the clocks change in between: as in Anki.
    """
    start = offset_s - rollover_hour * 3600
    return ((at_s + start) // _DAY_S + 1) * _DAY_S - start


@dataclass(frozen=True, slots=True)
class AnkiDays:
    """One cutoff for all: the next cutoff after ``as_of``, projected back in steps of 24 hours.

    Attributes:
        next_cutoff_s: The next cutoff, seconds since 1970 UTC (Anki's ``next_day_at``).
    """

    next_cutoff_s: int

    @classmethod
    def at(cls, as_of: datetime, zone: str, rollover_hour: int = 4) -> AnkiDays:
        """Make the rule as Anki would at an instant.

        Args:
            as_of: An aware datetime.
            zone: IANA zone in which the collection is used at ``as_of``.
            rollover_hour: Hour at which the next day starts, 0 to 23.

        Raises:
            ValueError: Unknown zone, hour outside 0 to 23, or ``as_of`` without a zone.
        """
        _check_hour(rollover_hour)
        if as_of.tzinfo is None:
            raise ValueError(f"as_of={as_of} has no time zone; give an aware datetime.")
        offset = as_of.astimezone(_zone(zone)).utcoffset() or timedelta(0)
        return cls(
            _next_cutoff_s(
                math.floor(as_of.timestamp()), int(offset.total_seconds()), rollover_hour
            )
        )

    @property
    def id(self) -> str:
        """``anki:`` and the second of the UTC day at which days change."""
        return f"anki:{self.next_cutoff_s % _DAY_S}"

    def day(self, time_ms: int) -> int:
        """Return the day's number, 0 for the day that ends at the next cutoff."""
        return -((self.next_cutoff_s - time_ms // 1000) // _DAY_S)

    def days_between(self, earlier_ms: int, later_ms: int) -> int:
        """Return the number of cutoffs between two instants, never negative."""
        return max(self.day(later_ms) - self.day(earlier_ms), 0)

    def gaps(self, times_ms: NDArray[np.int64]) -> NDArray[np.int32]:
        """Return the days from each instant to the next one: (n,) in, (n - 1,) out."""
        import numpy as np

        day = -((self.next_cutoff_s - times_ms // 1000) // _DAY_S)
        gaps: NDArray[np.int32] = np.maximum(np.diff(day), 0).astype(np.int32)
        return gaps


@dataclass(frozen=True, slots=True)
class LocalDays:
    """The learner's days: dates by the wall clock, days between reviews as Anki answers.

    Attributes:
        zone: IANA zone.
        rollover_hour: Hour at which the next day starts, 0 to 23.
    """

    zone: str
    rollover_hour: int = 4

    def __post_init__(self) -> None:
        _zone(self.zone)
        _check_hour(self.rollover_hour)

    @property
    def id(self) -> str:
        """``answered:zone:hour``."""
        return f"answered:{self.zone}:{self.rollover_hour}"

    def date(self, time_ms: int) -> date:
        """Return the study day of an instant: before the rollover it is still yesterday."""
        local = datetime.fromtimestamp(time_ms / 1000, UTC).astimezone(_zone(self.zone))
        return (local.replace(tzinfo=None) - timedelta(hours=self.rollover_hour)).date()

    def dates_between(self, earlier_ms: int, later_ms: int) -> int:
        """Return the days between the study days of two instants, never negative."""
        return max((self.date(later_ms) - self.date(earlier_ms)).days, 0)

    def days_between(self, earlier_ms: int, later_ms: int) -> int:
        """Return the days that Anki counts between two reviews when the later one is answered.

        Whole days back from the cutoff after the later review, never negative. The very second of
        a cutoff belongs to the day that ends for the earlier review, to the next for the later.
        Due days are counted by ``dates_between``: where the clocks were changed the two may differ.
        """
        later_s = later_ms // 1000
        cutoff = _next_cutoff_s(later_s, _offset_s(_zone(self.zone), later_s), self.rollover_hour)
        return max((cutoff - earlier_ms // 1000) // _DAY_S, 0)

    def gaps(self, times_ms: NDArray[np.int64]) -> NDArray[np.int32]:
        """Return the days from each instant to the next one: (n,) in, (n - 1,) out."""
        import numpy as np

        seconds = np.asarray(times_ms, np.int64) // 1000
        if len(seconds) < 2:
            return np.zeros(0, np.int32)
        changes, offsets = self._offsets(int(seconds.min()), int(seconds.max()))
        start = np.array(offsets) - self.rollover_hour * 3600
        start = start[np.searchsorted(changes, seconds[1:], side="right")]
        # In place from here on: a log may have millions of rows.
        days = seconds[1:] + start
        days //= _DAY_S
        days += 1
        days *= _DAY_S
        days -= start
        days -= seconds[:-1]
        days //= _DAY_S
        gaps: NDArray[np.int32] = np.maximum(days, 0, out=days).astype(np.int32)
        return gaps

    def _offsets(self, first_s: int, last_s: int) -> tuple[list[int], list[int]]:
        """Return the seconds at which the offset from UTC changes, and the offsets between them.

        The zone is asked once a day and, where the answer differs, for the second of the change:
        since 1970 no zone changed twice within six days.
        """
        zone = _zone(self.zone)
        changes: list[int] = []
        offsets = [_offset_s(zone, first_s)]
        for mark in (*range(first_s + _DAY_S, last_s, _DAY_S), last_s):
            now = _offset_s(zone, mark)
            if now != offsets[-1]:
                before, after = max(mark - _DAY_S, first_s), mark
                while after - before > 1:
                    middle = (before + after) // 2
                    if _offset_s(zone, middle) == now:
                        after = middle
                    else:
                        before = middle
                changes.append(after)
                offsets.append(now)
        return changes, offsets


@dataclass(frozen=True, slots=True)
class Blocks24:
    """Whole blocks of 24 hours between two reviews; no cutoff, no zone."""

    @property
    def id(self) -> str:
        """``24h``."""
        return "24h"

    def days_between(self, earlier_ms: int, later_ms: int) -> int:
        """Return whole 24-hour blocks between two instants, never negative."""
        return max(math.floor((later_ms - earlier_ms) / (_DAY_S * 1000)), 0)

    def gaps(self, times_ms: NDArray[np.int64]) -> NDArray[np.int32]:
        """Return the days from each instant to the next one: (n,) in, (n - 1,) out."""
        import numpy as np

        gaps: NDArray[np.int32] = np.maximum(np.diff(times_ms) // (_DAY_S * 1000), 0).astype(
            np.int32
        )
        return gaps
