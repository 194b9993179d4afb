"""Painted hours of a week, as the case file writes them, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import time
from typing import Final

from bounceback.records.models import Availability
from bounceback.vocabulary import MINUTES_PER_HOUR, WEEKDAYS

PARTS: Final = {"morning": (8, 12), "afternoon": (13, 17), "evening": (18, 21)}
"""Parts of a day that the first questions offer, as first and last hour."""
DAY_NAMES: Final = dict(
    zip(
        WEEKDAYS,
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        strict=True,
    )
)
MOST_MINUTES: Final = 600


def from_hours(hours: Mapping[str, Iterable[int]], cap: int | None) -> dict[str, object]:
    """Return availability from painted hours, as data of the case file.

    Args:
        hours: Hours (0 to 23) that are painted, by weekday.
        cap: Most minutes a day; ``None`` for what is painted.
    """
    minutes: dict[str, int] = {}
    windows: dict[str, list[str]] = {}
    for day in WEEKDAYS:
        painted = sorted(set(hours.get(day, ())))
        most = min(cap if cap is not None else MOST_MINUTES, MOST_MINUTES)
        minutes[day] = min(MINUTES_PER_HOUR * len(painted), most)
        spans: list[list[int]] = []
        for hour in painted:
            if spans and spans[-1][1] == hour:
                spans[-1][1] = hour + 1
            else:
                spans.append([hour, hour + 1])
        if spans:
            windows[day] = [f"{a:02d}:00-{_end(b)}" for a, b in spans]
    found: dict[str, object] = {"minutes": minutes}
    if windows:
        found["windows"] = windows
    longest = max(minutes.values())
    if longest:
        found["max_minutes_per_day"] = longest
    return found


def _end(hour: int) -> str:
    return "23:59" if hour == 24 else f"{hour:02d}:00"


def painted(availability: Availability | None) -> dict[str, set[int]]:
    """Return the hours of each weekday in which study may be planned, whole or in part.

    Without clock hours the minutes of a day are laid from 8 in the morning, with the hour from 12
    free, as the planner does by default.
    """
    found: dict[str, set[int]] = {day: set() for day in WEEKDAYS}
    if availability is None:
        return found
    for day in WEEKDAYS:
        minutes = availability.minutes.get(day, 0)
        windows = availability.windows.get(day, ())
        if windows:
            for window in windows:
                found[day] |= set(range(window.start.hour, _last(window.end)))
        elif minutes:
            usual = (*range(8, 12), *range(13, 22))
            found[day] |= set(usual[: -(-round(minutes) // MINUTES_PER_HOUR)])
    return found


def _last(end: time) -> int:
    return end.hour + 1 if end.minute else end.hour
