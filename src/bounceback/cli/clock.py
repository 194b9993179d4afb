"""The one place of the program that reads the clock. Everything else is told the day."""

from __future__ import annotations

import contextlib
import os
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def today(time_zone: str | None) -> date:
    """Return the calendar day it is now for somebody in this zone.

    Args:
        time_zone: IANA name, as ``learner.time_zone`` holds it; ``None`` for this machine's zone.
    """
    return (
        datetime.now(ZoneInfo(time_zone)).date()
        if time_zone
        else datetime.now().astimezone().date()
    )


def now_ms() -> int:
    """Return this instant in milliseconds since 1970 UTC, the unit of an answer's id in Anki."""
    return int(datetime.now(UTC).timestamp() * 1000)


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
