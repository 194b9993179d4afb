"""The one place of the web app that reads the clock. Everything else receives the day or moment."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings


def now() -> datetime:
    """Return this moment in UTC; on ``settings.FIXED_DAY`` where one is set.

    Rows are stamped with this value and days are compared with it, so an app that runs on a fixed
    day stamps its rows with that day too.
    """
    moment = datetime.now(UTC)
    fixed: date | None = settings.FIXED_DAY
    return moment if fixed is None else datetime.combine(fixed, moment.timetz())


def real_now() -> datetime:
    """Return this moment in UTC, also where a day is fixed: for what opens and ends by the hour."""
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
