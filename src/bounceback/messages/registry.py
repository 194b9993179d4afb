"""Which function renders which code, and how dates and numbers look in a locale."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Final, TypeAlias

from bounceback.reasons import Reason

MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

MONTH_FIRST: Final = frozenset({"US", "CA"})
"""Countries that write January 8 and use a 12-hour clock."""


@dataclass(frozen=True, slots=True)
class Locale:
    """How a person writes dates and times.

    Attributes:
        country: ISO 3166 code of where the person is; unknown counts as the United States, where
            the exams are registered.
        today: Day from which "this year" is seen; a year is written where it differs. ``None``
            writes the year always (printed documents).
        near_days: Days around today that need no year, on pages: "January 8" in November, too.
            ``None`` writes the year of every day that is not this year's.
    """

    country: str = "US"
    today: date | None = None
    near_days: int | None = None

    @property
    def month_first(self) -> bool:
        """Whether dates read January 8 and times 8:00 AM."""
        return self.country in MONTH_FIRST


class Format:
    """Formats values inside a sentence. Every method returns text without a final period."""

    def __init__(self, locale: Locale) -> None:
        self.locale = locale

    def day(self, value: date, *, weekday: bool = False, year: bool | None = None) -> str:
        """Return "January 8" or "8 January", with weekday and year if asked for.

        Args:
            value: The day.
            weekday: Whether "Friday, " stands before it.
            year: Whether the year is written; ``None`` follows the locale.
        """
        shows_year = self._needs_year(value) if year is None else year
        month = MONTHS[value.month - 1]
        if self.locale.month_first:
            text = f"{month}\N{NO-BREAK SPACE}{value.day}" + (
                f", {value.year}" if shows_year else ""
            )
            separator = ", "
        else:
            text = f"{value.day}\N{NO-BREAK SPACE}{month}" + (
                f" {value.year}" if shows_year else ""
            )
            separator = " "
        return f"{WEEKDAYS[value.weekday()]}{separator}{text}" if weekday else text

    def _needs_year(self, value: date) -> bool:
        today, near = self.locale.today, self.locale.near_days
        if today is None:
            return True
        return abs((value - today).days) > near if near is not None else value.year != today.year

    def short_day(self, value: date, *, weekday: bool = True) -> str:
        """Return "Fri, Jan 8", for tables."""
        month = MONTHS[value.month - 1][:3]
        text = f"{month} {value.day}" if self.locale.month_first else f"{value.day} {month}"
        return f"{WEEKDAYS[value.weekday()][:3]}, {text}" if weekday else text

    def clock(self, value: time) -> str:
        """Return "8:00 AM", or "08:00" where the 24-hour clock is used."""
        if not self.locale.month_first:
            return f"{value:%H:%M}"
        hour = value.hour % 12 or 12
        return f"{hour}:{value.minute:02d} {'AM' if value.hour < 12 else 'PM'}"

    def people(self, chance: float) -> str:
        """Return a chance as a count of people: "6 in 10"; "97 in 100" near the ends."""
        if 0.05 < chance < 0.95:
            return f"{round(10 * chance)} in 10"
        hundredths = min(99, round(100 * chance))
        return f"{hundredths} in 100" if hundredths else "fewer than 1 in 100"

    def about_people(self, chance: float) -> str:
        """Return the count with its "about": "about 6 in 10", "fewer than 1 in 100"."""
        count = self.people(chance)
        return count if count.startswith("fewer") else f"about {count}"

    def duration(self, minutes: float) -> str:
        """Return "55 min", "1 hr 30 min", "2 hr"."""
        hours, rest = divmod(round(minutes), 60)
        parts = ([f"{hours} hr"] if hours else []) + ([f"{rest} min"] if rest or not hours else [])
        return " ".join(parts)

    def listing(self, items: tuple[str, ...] | list[str]) -> str:
        """Return "a", "a and b", "a, b and c"."""
        *before, last = items
        return f"{', '.join(before)} and {last}" if before else last

    def count(self, number: int, singular: str, plural: str | None = None) -> str:
        """Return "1 block", "3 blocks", "1,200 cards"."""
        return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


Facts: TypeAlias = Mapping[str, Any]
Writer: TypeAlias = Callable[[Facts, Format], str]


@dataclass(frozen=True, slots=True)
class _Message:
    write: Writer
    number: bool


_MESSAGES: Final[dict[str, _Message]] = {}


def message(code: str, *, number: bool = False) -> Callable[[Writer], Writer]:
    """Register the function that renders a code.

    Args:
        code: The reason's code.
        number: Whether the sentence holds a score or a chance of this person, so that it is left
            out where numbers are hidden.
    """

    def register(write: Writer) -> Writer:
        if code in _MESSAGES:
            raise ValueError(f"two messages for {code}")
        _MESSAGES[code] = _Message(write, number)
        return write

    return register


def _find(code: str) -> _Message:
    if code not in _MESSAGES:
        importlib.import_module(f"bounceback.messages.{code.partition('.')[0].replace('-', '_')}")
    return _MESSAGES[code]


def render(reason: Reason, locale: Locale | None = None) -> str:
    """Return the sentence for a reason.

    Raises:
        KeyError: No message has this code.
    """
    return _find(reason.code).write(reason.facts, Format(locale or Locale()))


def shows_number(reason: Reason) -> bool:
    """Tell whether the sentence is left out where the person hides numbers."""
    return _find(reason.code).number


def registered_codes() -> frozenset[str]:
    """Return every code that can be rendered; imports every module of this package."""
    package = importlib.import_module("bounceback.messages")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"bounceback.messages.{module.name}")
    return frozenset(_MESSAGES)
