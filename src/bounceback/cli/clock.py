"""The one place of the program that reads the clock. Everything else is told the day."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bounceback.errors import QuestionError

_fixed_day: date | None = None


def adopt_fixed_day(environ: Mapping[str, str]) -> None:
    """Take the day that ``BOUNCEBACK_DAY`` names as today, in the whole process.

    Raises:
        QuestionError: It does not name a day.
    """
    global _fixed_day
    text = environ.get("BOUNCEBACK_DAY")
    try:
        _fixed_day = date.fromisoformat(text) if text else None
    except ValueError:
        raise QuestionError(
            f"BOUNCEBACK_DAY is {text!r}. Use a day such as 2027-01-08, or leave it out."
        ) from None


def _now() -> datetime:
    moment = datetime.now(UTC)
    return moment if _fixed_day is None else datetime.combine(_fixed_day, moment.timetz())


def today(time_zone: str | None) -> date:
    """Return the calendar day it is now for somebody in this zone.

    Args:
        time_zone: IANA name, as ``learner.time_zone`` holds it; ``None`` for this machine's zone.
    """
    if _fixed_day is not None:
        return _fixed_day
    return (
        datetime.now(ZoneInfo(time_zone)).date()
        if time_zone
        else datetime.now().astimezone().date()
    )


def now_ms() -> int:
    """Return this instant in milliseconds since 1970 UTC, the unit of an answer's id in Anki."""
    return int(_now().timestamp() * 1000)


def zone_here() -> str | None:
    """Return the IANA name of this machine's zone, or ``None`` where it does not say one."""
    named = [os.environ.get("TZ", "").removeprefix(":")]
    with contextlib.suppress(OSError):
        # On POSIX the file is a link into the zone database: …/zoneinfo/America/New_York.
        named.append(str(Path("/etc/localtime").resolve()).rpartition("/zoneinfo/")[2])
    for name in named:
        with contextlib.suppress(ZoneInfoNotFoundError, ValueError, OSError):
            if name:
                return ZoneInfo(name).key
    return None
