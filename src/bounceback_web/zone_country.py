"""The country of a time zone, from the zone tables of this machine; the student is not asked."""

from __future__ import annotations

import zoneinfo
from functools import cache
from importlib import resources
from pathlib import Path

TABLES = ("zone.tab", "tzdata.zi")


def country_of(time_zone: str) -> str | None:
    """Return the two-letter country of an IANA zone; ``None`` if no table of it is here.

    Args:
        time_zone: Such as ``"America/New_York"``; an older name of a zone is understood.
    """
    if time_zone.startswith("US/"):
        return "US"
    countries = _countries()
    return countries.get(time_zone) or countries.get(_current_names().get(time_zone, ""))


@cache
def _countries() -> dict[str, str]:
    rows = (line.split("\t") for line in _lines("zone.tab") if not line.startswith("#"))
    return {row[2].strip(): row[0] for row in rows if len(row) > 2}


@cache
def _current_names() -> dict[str, str]:
    """Older names of zones, each with the name that the country table knows."""
    links = (line.split() for line in _lines("tzdata.zi") if line.startswith("L "))
    return {parts[2]: parts[1] for parts in links if len(parts) > 2}


def _lines(table: str) -> list[str]:
    for folder in zoneinfo.TZPATH:
        path = Path(folder) / table
        if path.is_file():
            return path.read_text("utf-8").splitlines()
    try:
        packaged = resources.files("tzdata") / "zoneinfo" / table
        return packaged.read_text("utf-8").splitlines()
    except (ModuleNotFoundError, FileNotFoundError):
        return []
