"""The words that readers look for, from ``data/labels.toml``, and how days are written."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final

MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sept", "sep"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        1,
    )
    for name in names
}
_MONTH: Final = "|".join(sorted(MONTHS, key=len, reverse=True))
_ISO: Final = re.compile(r"\b(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)")
_NAMED_FIRST: Final = re.compile(
    rf"\b({_MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})\b", re.I
)
_DAY_FIRST: Final = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)?[\s-]+({_MONTH})\.?,?[\s-]+(\d{{4}})\b", re.I
)
_SLASHED: Final = re.compile(r"\b(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})\b")


@cache
def labels() -> Mapping[str, Any]:
    """Return the shipped words."""
    text = (files("bounceback.records.importers") / "data" / "labels.toml").read_text("utf-8")
    return tomllib.loads(text)


@dataclass(frozen=True, slots=True)
class ReadDay:
    """A day that was read.

    Attributes:
        day: The day.
        single: Whether it can be read in one way alone.
    """

    day: date
    single: bool


@dataclass(frozen=True, slots=True)
class DayAt(ReadDay):
    """A day and where it stands.

    Attributes:
        start: Its first character.
        end: The character after its last.
    """

    start: int = 0
    end: int = 0


def days_in(text: str, *, day_first: bool | None = None) -> list[DayAt]:
    """Return every day in a text with its place, in order.

    Args:
        text: Any text.
        day_first: As in :func:`read_day`.
    """
    found: list[DayAt] = []
    for pattern in (_ISO, _NAMED_FIRST, _DAY_FIRST, _SLASHED):
        for match in pattern.finditer(text):
            start, end = match.span()
            read = _day_of(pattern, match, day_first)
            if read is not None and not any(d.start < end and start < d.end for d in found):
                found.append(DayAt(read.day, read.single, start, end))
    return sorted(found, key=lambda day: day.start)


def read_day(text: str, *, day_first: bool | None = None) -> ReadDay | None:
    """Return the first day in a text.

    Args:
        text: Any text.
        day_first: How "3/4/2026" is meant where others of its list have shown it; ``None``: as US
            reports write it, month first, and marked as readable in two ways. Between points the
            day stands first.
    """
    for pattern in (_ISO, _NAMED_FIRST, _DAY_FIRST, _SLASHED):
        for match in pattern.finditer(text):
            found = _day_of(pattern, match, day_first)
            if found is not None:
                return found
    return None


def _day_of(
    pattern: re.Pattern[str], match: re.Match[str], day_first: bool | None
) -> ReadDay | None:
    single = True
    if pattern is _ISO:
        year, _, month, day = match.groups()
    elif pattern is _NAMED_FIRST:
        month, day, year = match.groups()
    elif pattern is _DAY_FIRST:
        day, month, year = match.groups()
    else:
        one, mark, other, year = match.groups()
        first = day_first if day_first is not None else mark == "."
        if int(one) > 12 or int(other) > 12:
            first = int(one) > 12
        elif mark != "." and day_first is None:
            single = one == other
        day, month = (one, other) if first else (other, one)
    try:
        found = date(
            int(year) + (2000 if int(year) < 100 else 0),
            MONTHS.get(month.casefold().rstrip(".")) or int(month),
            int(day),
        )
    except ValueError:
        return None
    return ReadDay(found, single)


def shows_day_first(texts: Iterable[str]) -> bool | None:
    """Return which of two numbers is the day, where a list shows it; ``None`` where it does not."""
    shown = set()
    for text in texts:
        for one, _mark, other, _year in _SLASHED.findall(text):
            if int(one) > 12 >= int(other):
                shown.add(True)
            elif int(other) > 12 >= int(one):
                shown.add(False)
    return shown.pop() if len(shown) == 1 else None
