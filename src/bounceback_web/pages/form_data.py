"""What was typed into a form, as data of the case file; whether it may stand is the record's word.

Field names are the keys of the case file. An empty field is an absent key: unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from django.http import QueryDict

from bounceback.records.field_types import Day, Flag, Kind, Many, Named, Number, Table, Text

LONGEST_DURATION: Final = 40
"""Characters beyond which a text is no duration."""
BEYOND = 1e9
"""No number that is asked for comes near it."""


def entry(table: Table, post: Mapping[str, Any], today: date | None = None) -> dict[str, Any]:
    """Return one entry of the case file from the fields of a form.

    Numbers may carry a percent sign or a decimal comma, minutes may be typed as "1h", and dates as
    "tomorrow". A box that is not ticked is false.

    Args:
        table: Keys of the entry.
        post: Fields of the form.
        today: Day that "today" and "tomorrow" are counted from.
    """
    found: dict[str, Any] = {}
    for key in table.keys:
        if isinstance(key.kind, Named):
            if isinstance(post, QueryDict):
                areas = _by_area(key.name, post)
                if areas:
                    found[key.name] = areas
        elif isinstance(key.kind, Flag):
            found[key.name] = bool(post.get(key.name))
        elif not isinstance(key.kind, Many | Table):
            given = str(post.get(key.name, ""))
            text = given if isinstance(key.kind, Text) and key.kind.lines else given.strip()
            if text.strip():
                found[key.name] = _value(key.kind, text, today)
    return found


def _value(kind: Kind, text: str, today: date | None) -> float | int | str:
    """Return what was typed in the type of its field; what it cannot be stays text."""
    if isinstance(kind, Number):
        length = minutes(text) if kind.unit.startswith("minute") else None
        return length if length is not None else number(text)
    return day(text, today) if isinstance(kind, Day) and today is not None else text


def number(text: str) -> float | int | str:
    """Return the number that was typed, or the text as it is for the record to refuse.

    What is no finite number, or a billion and more, is nobody's: it goes back as text.
    """
    bare = text.strip().removesuffix("%").strip().replace(",", ".")
    try:
        value = float(bare)
    except ValueError:
        return text
    if not abs(value) < BEYOND:
        return text
    return int(value) if value.is_integer() else value


_DURATION: Final = re.compile(
    r"(?:(?P<hours>\d+(?:[.,]\d+)?)\s*(?:h|hr|hrs|hours?))?\s*"
    r"(?:(?P<minutes>\d+(?:[.,]\d+)?)\s*(?:m|min|mins|minutes?)?)?",
    re.IGNORECASE,
)


def minutes(text: str) -> int | None:
    """Return the minutes in "90", "1h", "1 hr 30 min" or "1:30"; ``None`` if unclear."""
    bare = text.strip()
    if re.fullmatch(r"\d{1,2}:[0-5]\d", bare):
        hours, rest = bare.split(":")
        return 60 * int(hours) + int(rest)
    found = _DURATION.fullmatch(bare) if bare and len(bare) < LONGEST_DURATION else None
    if found is None or not any(found.groups()):
        return None
    parts = [float((found[name] or "0").replace(",", ".")) for name in ("hours", "minutes")]
    return round(60 * parts[0] + parts[1])


def day(text: str, today: date) -> str:
    """Return a date as the case file writes it: "today" and "tomorrow" are understood."""
    known = {"today": today, "tomorrow": today + timedelta(days=1)}
    found = known.get(text.strip().lower())
    return found.isoformat() if found else text.strip()


def _by_area(name: str, post: QueryDict) -> dict[str, dict[str, Any]]:
    """Return results by area from the parallel fields of the rows of a form."""
    found: dict[str, dict[str, Any]] = {}
    rows = zip(
        post.getlist(f"{name}-area"),
        post.getlist(f"{name}-correct"),
        post.getlist(f"{name}-items"),
        post.getlist(f"{name}-percent"),
        strict=False,
    )
    for area, *given in rows:
        result = {
            key: number(text)
            for key, text in zip(("correct", "items", "percent"), given, strict=True)
            if text.strip()
        }
        if area.strip() and result:
            found[area.strip()] = result
    return found
