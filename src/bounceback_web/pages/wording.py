"""How dates and times are written for the person whose pages these are."""

from __future__ import annotations

from datetime import date
from typing import Final

from bounceback.messages.registry import Format, Locale
from bounceback.records import Record
from bounceback_web.records.learner_store import Kept

DAYS_WITHOUT_YEAR: Final = 300
"""A day nearer than this is told apart from that of another year without its year."""


def locale_of(record: Record, today: date | None = None) -> Locale:
    """Return the locale of a record: the country given, else that of the exams.

    Args:
        record: The record.
        today: The day of the page; ``None`` in printed documents, which write every year.
    """
    return Locale(record.learner.country or "US", today, DAYS_WITHOUT_YEAR)


def format_for(kept: Kept) -> Format:
    """Return how dates, times and counts are written on this person's pages."""
    return Format(locale_of(kept.value, kept.today))
