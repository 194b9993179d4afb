"""The one place of the web app that reads the clock. Everything else is told the day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings


def now() -> datetime:
    """Return this moment, in UTC."""
    return datetime.now(UTC)


def today(time_zone: str) -> date:
    """Return the calendar day it is now for somebody in this zone.

    Args:
        time_zone: IANA name, as the learner's record holds it.
    """
    if settings.FIXED_DAY is not None:
        fixed: date = settings.FIXED_DAY
        return fixed
    return now().astimezone(ZoneInfo(time_zone)).date()
