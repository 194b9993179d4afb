"""What the pages of study hours, days off and resources say."""

from __future__ import annotations

from datetime import date
from typing import Final

from bounceback.messages.registry import Format

HOURS_SAVED: Final = "Study hours saved. Your plan is updated."
RESOURCES_SAVED: Final = "Resources saved. Your plan is updated."
DAYS_OFF_SAVED: Final = "Days off saved. Your plan is updated."
COMMITMENT_ADDED: Final = "Commitment added. Your plan is updated."
COMMITMENT_REMOVED: Final = "Commitment removed. Your plan is updated."

KINDS: Final = {
    "questions": "Question banks",
    "cards": "Cards",
    "video": "Videos",
    "book": "Books",
    "cases": "Cases",
}
USED: Final = {"questions": "used", "cards": "seen", "video": "watched", "book": "read",
               "cases": "done"}  # fmt: skip
UNITS: Final = {"questions": "Questions", "cards": "Cards", "video": "Videos or chapters",
                "book": "Pages or chapters", "cases": "Cases"}  # fmt: skip


def away_saved(first: date, last: date, fmt: Format) -> str:
    """Return that days away are kept free."""
    if first == last:
        return f"{fmt.day(first, weekday=True)} is a day off. Your plan is updated."
    return f"Away {fmt.day(first)} to {fmt.day(last)}. Your plan is updated."


def away_needs_dates() -> str:
    """Return what a time away is missing."""
    return "Choose the first and the last day you’re away."


def away_too_long(days: int) -> str:
    """Return why a time away is refused."""
    return f"You can be away for up to {days} days at a time. For longer, move your test date."


def commitment_needs(what: str) -> str:
    """Return what a commitment is missing."""
    return f"Add the {what} of this commitment."


def not_a_count(name: str, given: str) -> str:
    """Return why a number of a resource can't be read."""
    return f"{name}: enter a whole number, such as 1200. You entered “{given}”."


def more_done_than_there_is(name: str, done: int, units: int) -> str:
    """Return why a count of a resource can't be."""
    return f"{name}: {done:,} of {units:,} can’t be. Check both numbers."
