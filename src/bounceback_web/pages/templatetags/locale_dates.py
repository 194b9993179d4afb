"""Dates in templates, as the person whose page it is writes them."""

from __future__ import annotations

from datetime import date, time

from django import template

from bounceback_web.pages import wording
from bounceback_web.records.learner_store import Kept

register = template.Library()


def _day(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


@register.filter
def date_words(value: date | str, kept: Kept) -> str:
    """January 8; with the year where it is another than this year."""
    return wording.format_for(kept).day(_day(value))


@register.filter
def weekday_words(value: date | str, kept: Kept) -> str:
    """Friday, January 8."""
    return wording.format_for(kept).day(_day(value), weekday=True)


@register.filter
def table_date(value: date | str, kept: Kept) -> str:
    """Fri, Jan 8."""
    return wording.format_for(kept).short_day(_day(value))


@register.filter
def clock_words(value: time, kept: Kept) -> str:
    """8:00 AM."""
    return wording.format_for(kept).clock(value).replace(":00 ", " ")
