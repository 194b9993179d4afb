"""Which day a review belongs to: three rules, chosen explicitly, each with an id.

1. ``AnkiDays`` counts crossings of a daily cutoff, as Anki does: the *current* cutoff and the
   current offset from UTC are projected back, without daylight saving.
2. ``LocalDays`` counts crossings of the same cutoff on the wall clock of a zone, as it was then.
   Between two reviews both count, as Anki does, the very second of the cutoff to the day that
   ends with it.
3. ``Blocks24`` counts whole 24-hour blocks between two reviews, as py-fsrs does.

The rules give different states from the same reviews (ten hours across a cutoff is one day for the
first two, none for the third), so a state carries its rule's id. Instants are milliseconds since
1970-01-01 UTC, the unit of a review's id in Anki. Time never runs backwards: a clock set back
counts as the same day.
"""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bounceback.values import dataclass

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


def _check_hour(rollover_hour: int) -> None:
    if not 0 <= rollover_hour <= 23:
        raise ValueError(f"rollover_hour={rollover_hour}; allowed are 0 to 23 (Anki's preference).")


@dataclass(frozen=True, slots=True)
class AnkiDays:
    """Anki's rule: the next cutoff after ``as_of``, projected back in steps of 24 hours.

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
        local = as_of.astimezone(_zone(zone))
        offset = local.utcoffset() or timedelta(0)
        wall = local.replace(tzinfo=None)
        cutoff = wall.replace(hour=rollover_hour, minute=0, second=0, microsecond=0)
        if cutoff <= wall:
            cutoff += timedelta(days=1)
        # The offset of now also for the cutoff, even if the clocks change in between.
        return cls(int((cutoff - offset).replace(tzinfo=UTC).timestamp()))

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
    """Cutoffs on the wall clock of one zone, daylight saving as it was on each day.

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
        """``local:zone:hour``."""
        return f"local:{self.zone}:{self.rollover_hour}"

    def date(self, time_ms: int) -> date:
        """Return the study day of an instant: before the rollover it is still yesterday."""
        local = datetime.fromtimestamp(time_ms / 1000, UTC).astimezone(_zone(self.zone))
        return (local.replace(tzinfo=None) - timedelta(hours=self.rollover_hour)).date()

    def days_between(self, earlier_ms: int, later_ms: int) -> int:
        """Return the number of cutoffs between two instants, never negative."""
        earlier, later = (self.date(ms // 1000 * 1000 - 1000) for ms in (earlier_ms, later_ms))
        return max((later - earlier).days, 0)

    def gaps(self, times_ms: NDArray[np.int64]) -> NDArray[np.int32]:
        """Return the days from each instant to the next one: (n,) in, (n - 1,) out."""
        import numpy as np

        day = self._days(np.asarray(times_ms, np.int64))
        gaps: NDArray[np.int32] = np.maximum(np.diff(day), 0).astype(np.int32)
        return gaps

    def _days(self, times_ms: NDArray[np.int64]) -> Any:
        import numpy as np

        seconds = times_ms // 1000 - 1
        if not len(seconds):
            return seconds
        changes, offsets = self._offsets(int(seconds.min()), int(seconds.max()))
        offset = np.array(offsets)[np.searchsorted(changes, seconds, side="right")]
        return (seconds + offset - self.rollover_hour * 3600) // _DAY_S

    def _offsets(self, first_s: int, last_s: int) -> tuple[list[int], list[int]]:
        """Return the seconds at which the offset from UTC changes, and the offsets between them.

        The zone is asked once a day and, where the answer differs, for the second of the change:
        since 1970 no zone changed twice within six days.
        """
        zone = _zone(self.zone)

        def offset(at_s: int) -> int:
            found = datetime.fromtimestamp(at_s, UTC).astimezone(zone).utcoffset()
            return 0 if found is None else int(found.total_seconds())

        changes: list[int] = []
        offsets = [offset(first_s)]
        for mark in (*range(first_s + _DAY_S, last_s, _DAY_S), last_s):
            now = offset(mark)
            if now != offsets[-1]:
                before, after = max(mark - _DAY_S, first_s), mark
                while after - before > 1:
                    middle = (before + after) // 2
                    if offset(middle) == now:
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
