"""The kinds of value a case file may hold: each reads, builds and shows one kind.

Reading happens in two steps, so that every fault can be named at once. ``read`` turns raw data
(from TOML or JSON) into a *tree* of plain dictionaries and lists in which each leaf has its final
type; a leaf that cannot be read is ``REFUSED`` in a list and absent from a table. Checks between
entries work on that tree. ``build`` turns a tree without faults into frozen values; ``show`` turns
a value back into data.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date, datetime, time
from typing import Any, Final, Protocol

from bounceback.reasons import Reason, reason
from bounceback.records.models import ClockWindow
from bounceback.records.validation_report import (
    REFUSED,
    Findings,
    below,
    listed,
    nearest,
    refuse_unknown_key,
    shown,
)

FIRST_DAY: Final = date(1980, 1, 1)
LAST_DAY: Final = date(2099, 12, 31)
MINUTES_PER_DAY: Final = 1440
MOST_NAMES: Final = 200
"""Most names in a table whose names are free."""
MOST_NAME: Final = 200
"""Longest such name, in characters; area names of the blueprints stay well under it."""


class Kind(Protocol):
    """One kind of value."""

    @property
    def allowed(self) -> str:
        """What may stand there, in words."""

    def read(self, given: object, at: str, findings: Findings) -> Any:
        """Return the typed value, or ``REFUSED`` after adding a fault."""

    def build(self, tree: Any) -> Any:
        """Return the frozen value of a tree without faults."""

    def show(self, value: Any) -> Any:
        """Return the value as case-file data (TOML types)."""


class Leaf:
    """Kinds whose typed value is already final."""

    def build(self, tree: Any) -> Any:
        """Return the value itself."""
        return tree

    def show(self, value: Any) -> Any:
        """Return the value itself."""
        return value


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Text(Leaf):
    """Free text of bounded length.

    Attributes:
        most: Largest number of characters.
        lines: Whether line breaks may occur.
        blank: Whether the empty text may stand; it is read as an absent key.
        too_long: Reason that is given when the text is longer.
    """

    most: int = 120
    lines: bool = False
    blank: bool = False
    too_long: str = ""

    @property
    def allowed(self) -> str:
        """Length in words."""
        return f"text of at most {self.most} characters" + ("" if self.lines else " on one line")

    def read(self, given: object, at: str, findings: Findings) -> Any:
        """Refuse other types, long pastes, and characters that no UTF-8 file can hold."""
        if not isinstance(given, str):
            is_number = isinstance(given, int | float) and not isinstance(given, bool)
            remedy = f'Put it in quotes: "{shown(given)}".' if is_number else "Write text."
            return findings.refuse(
                at, shown(given), self.allowed, remedy, why=reason("records.text-unreadable")
            )
        if len(given) > self.most:
            given_text = f"text of {len(given)} characters"
            remedy = self.too_long or "Shorten it."
            why = reason(
                "records.item-text" if self.too_long else "records.text-long",
                given=len(given),
                most=self.most,
            )
            return findings.refuse(at, given_text, self.allowed, remedy, why=why)
        if not self.blank and not given.strip():
            return findings.refuse(
                at,
                "an empty text",
                self.allowed,
                "Write something, or leave the key out.",
                why=reason("records.text-empty"),
            )
        if any(0xD800 <= ord(c) <= 0xDFFF for c in given):
            return findings.refuse(
                at,
                "half of a surrogate pair",
                "Unicode text",
                "Write the character itself.",
                why=reason("records.text-unreadable"),
            )
        if not self.lines and ("\n" in given or "\r" in given):
            why = reason("records.text-lines")
            remedy = "Write it on one line."
            return findings.refuse(at, "several lines", self.allowed, remedy, why=why)
        if _CONTROL.search(given):
            return findings.refuse(
                at,
                "a control character",
                "printable text",
                "Type the text again.",
                why=reason("records.text-unreadable"),
            )
        return given


@dataclass(frozen=True, slots=True)
class Word(Leaf):
    """One word of a closed vocabulary; ``also`` maps other usual words to what to write."""

    words: tuple[str, ...]
    also: Mapping[str, str] = field(default_factory=dict)

    @property
    def allowed(self) -> str:
        """The vocabulary."""
        return listed(self.words)

    def read(self, given: object, at: str, findings: Findings) -> Any:
        """Refuse words outside the vocabulary, naming the nearest."""
        if isinstance(given, str) and given in self.words:
            return given
        guess = None
        if isinstance(given, str):
            guess = self.also.get(given.strip().casefold()) or nearest(given, self.words)
        remedy = f'Write "{guess}".' if guess else "Write one of these words, in quotes."
        why = reason("records.choice")
        return findings.refuse(at, shown(given), self.allowed, remedy, why=why)


@dataclass(frozen=True, slots=True)
class Flag(Leaf):
    """True or false."""

    @property
    def allowed(self) -> str:
        """Both values."""
        return "true | false"

    def read(self, given: object, at: str, findings: Findings) -> Any:
        """Refuse anything but a boolean."""
        if isinstance(given, bool):
            return given
        return findings.refuse(
            at,
            shown(given),
            self.allowed,
            "Write true or false, without quotes.",
            why=reason("records.choice"),
        )


def _typed(given: object) -> str:
    """Return what somebody typed, short enough to stand in a sentence; "" for what is no text."""
    if not isinstance(given, str) or not given.isprintable():
        return ""
    return given if len(given) <= 24 else given[:24] + "\u2026"


def _plain_number(given: object) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool)


@dataclass(frozen=True, slots=True)
class Number(Leaf):
    """A finite number between two bounds, both allowed unless ``above`` excludes the lower."""

    low: float
    high: float
    unit: str = ""
    above: bool = False
    hint: str = ""

    @property
    def allowed(self) -> str:
        """What may stand there."""
        return self.bounds

    @property
    def bounds(self) -> str:
        """Bounds and unit."""
        span = (
            f"above {self.low:g}, at most {self.high:g}"
            if self.above
            else f"{self.low:g} to {self.high:g}"
        )
        return f"{span} {self.unit}".strip()

    def inside(self, number: float) -> bool:
        """Whether the number keeps the bounds."""
        return (number > self.low if self.above else number >= self.low) and number <= self.high

    def remedy(self, number: float) -> str:
        """What to do about a number outside the bounds."""
        if number < 0 <= self.low:
            return self.hint or "Write it without the minus sign, or leave the key out if unknown."
        return self.hint or "Check the number and its unit, or leave the key out if unknown."

    def out_of_range(self, number: float) -> Reason:
        """Return what is said of a number outside the bounds to somebody who filled in a form."""
        return reason(
            "records.number-range",
            given=number,
            low=self.low,
            high=self.high,
            unit=self.unit,
            above=self.above,
        )

    def read(self, given: object, at: str, findings: Findings) -> Any:
        """Refuse other types, NaN, infinities and numbers outside the bounds."""
        if not _plain_number(given):
            why = reason("records.number", given=_typed(given))
            return findings.refuse(at, shown(given), self.allowed, number_remedy(given), why=why)
        assert isinstance(given, int | float)
        if isinstance(given, float) and not math.isfinite(given):
            return findings.refuse(
                at,
                shown(given),
                self.allowed,
                "Write a number, or leave the key out if unknown.",
                why=reason("records.number", given=""),
            )
        if not self.inside(given):
            why = self.out_of_range(given)
            return findings.refuse(at, shown(given), self.allowed, self.remedy(given), why=why)
        return float(given) + 0.0  # no negative zero

    def show(self, value: Any) -> Any:
        """Return whole numbers without a decimal point; reading makes them floats again."""
        return int(value) if value == int(value) else value


def number_remedy(given: object) -> str:
    """Return what to do about something that is no number."""
    if isinstance(given, str):
        try:
            float(given.strip().rstrip("%"))
        except ValueError:
            return "Write a number, or leave the key out if unknown."
        return f"Write it without quotes: {given.strip()[:20].rstrip('%')}."
    if isinstance(given, bool):
        return "Write a number, or leave the key out if unknown; true and false are no numbers."
    return "Write a number, or leave the key out if unknown."


@dataclass(frozen=True, slots=True)
class Probability(Number):
    """A probability between 0 and 1."""

    low: float = 0.0
    high: float = 1.0
    unit: str = "(a probability)"

    def remedy(self, number: float) -> str:
        """Turn a percentage into what to write."""
        if 1 < number <= 100:
            return f"Write {number / 100:.6g}."
        return "Write the probability, such as 0.41."


@dataclass(frozen=True, slots=True)
class Percent(Number):
    """A percentage between 0 and 100."""

    low: float = 0.0
    high: float = 100.0
    unit: str = "percent"

    def read(self, given: object, at: str, findings: Findings) -> Any:
        """Refuse a fraction that was meant as a percentage too."""
        if isinstance(given, float) and 0 < given < 1:
            return findings.refuse(
                at,
                f"{given!r} looks like a fraction",
                self.allowed,
                f"Write {given * 100:.6g}.",
                why=reason("records.fraction", given=given),
            )
        return Number.read(self, given, at, findings)


@dataclass(frozen=True, slots=True)
class Whole(Number):
    """A whole number between two bounds."""

    @property
    def allowed(self) -> str:
        """What may stand there."""
        return f"a whole number, {self.bounds}"

    def read(self, given: object, at: str, findings: Findings) -> Any:
        """Refuse fractions as well."""
        if isinstance(given, float) and math.isfinite(given) and not given.is_integer():
            why = reason("records.whole-number", given=given)
            remedy = "Write a whole number."
            return findings.refuse(at, shown(given), self.allowed, remedy, why=why)
        number = Number.read(self, given, at, findings)
        return number if number is REFUSED else int(number)


_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_DAY_FIRST_OR_MONTH_FIRST = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\Z")


@dataclass(frozen=True, slots=True)
class Day(Leaf):
    """A calendar day; TOML's own dates and ISO 8601 text are both read."""

    @property
    def allowed(self) -> str:
        """Format and range."""
        return f"a day as YYYY-MM-DD, {FIRST_DAY} to {LAST_DAY}"

    def read(self, given: object, at: str, findings: Findings) -> Any:
        """Refuse other formats, days that no calendar has, and days far off."""
        day: date | None = None
        remedy = "Write year-month-day, such as 2026-11-15."
        if isinstance(given, datetime):
            remedy = f"Write the day alone: {given.date().isoformat()}."
        elif isinstance(given, date):
            day = given
        elif isinstance(given, str):
            if _ISO_DAY.match(given):
                try:
                    day = date.fromisoformat(given)
                except ValueError:
                    remedy = "The calendar has no such day; check month and day."
            elif _DAY_FIRST_OR_MONTH_FIRST.match(given):
                remedy = "Day and month can be mistaken here; write year-month-day: 2026-11-15."
        if day is None:
            why = reason("records.date", given=_typed(given))
            return findings.refuse(at, shown(given), self.allowed, remedy, why=why)
        if not FIRST_DAY <= day <= LAST_DAY:
            why = reason("records.date-year", given=day)
            return findings.refuse(at, shown(day), self.allowed, "Check the year.", why=why)
        return day


_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?\Z", re.ASCII)


def _clock_of(text: str) -> time | None:
    found = _CLOCK.match(text)
    if not found:
        return None
    hour, minute, second = (int(part or 0) for part in found.groups())
    return time(hour, minute) if hour < 24 and minute < 60 and second == 0 else None


@dataclass(frozen=True, slots=True)
class Clock(Leaf):
    """A time of day in whole minutes."""

    @property
    def allowed(self) -> str:
        """Format and range."""
        return "a clock time 00:00 to 23:59, in whole minutes"

    def read(self, given: object, at: str, findings: Findings) -> Any:
        """Refuse other formats, zones and seconds."""
        clock = None
        if isinstance(given, time):
            clock = given if not (given.second or given.microsecond or given.tzinfo) else None
        elif isinstance(given, str):
            clock = _clock_of(given)
        if clock is None:
            why = reason("records.clock", given=_typed(given))
            remedy = "Write it like 13:00:00."
            return findings.refuse(at, shown(given), self.allowed, remedy, why=why)
        return clock


_WINDOW = re.compile(r"(\d{1,2}:\d{2})\s*[-–]\s*(\d{1,2}:\d{2})\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Window(Leaf):
    """A stretch of a day as ``"08:00-12:00"``."""

    @property
    def allowed(self) -> str:
        """Format."""
        return 'clock hours as "08:00-12:00", the first before the second'

    def read(self, given: object, at: str, findings: Findings) -> Any:
        """Refuse other formats and windows that end before they start."""
        found = _WINDOW.match(given.strip()) if isinstance(given, str) else None
        start, end = (_clock_of(part) for part in found.groups()) if found else (None, None)
        if start is None or end is None:
            remedy = 'Write start and end, such as "08:00-12:00"; the last possible end is 23:59.'
            why = reason("records.hours", given=_typed(given))
            return findings.refuse(at, shown(given), self.allowed, remedy, why=why)
        if end <= start:
            remedy = "Write the earlier hour first; a night goes into two windows, one a day."
            why = reason("records.hours-order", start=start, end=end)
            return findings.refuse(at, shown(given), self.allowed, remedy, why=why)
        return ClockWindow(start=start, end=end)

    def show(self, value: Any) -> Any:
        """Return the text of the window."""
        return f"{value.start:%H:%M}-{value.end:%H:%M}"


@dataclass(frozen=True, slots=True)
class TimeZone(Leaf):
    """The name of a time zone of the IANA database."""

    @property
    def allowed(self) -> str:
        """Whose names."""
        return "a name of the IANA time zone database, such as America/New_York"

    def read(self, given: object, at: str, findings: Findings) -> Any:
        """Refuse names that the zone database of this machine does not hold."""
        from zoneinfo import ZoneInfo, available_timezones

        if isinstance(given, str) and len(given) <= 64:
            name = given.strip().replace(" ", "_")
            try:
                ZoneInfo(name)
            except (KeyError, ValueError, OSError):
                pass
            else:
                return name
        guess = nearest(given, available_timezones()) if isinstance(given, str) else None
        remedy = f'Write "{guess}".' if guess else "Write region and city."
        why = reason("records.time-zone", nearest=guess)
        authority = "IANA time zone database"
        return findings.refuse(at, shown(given), self.allowed, remedy, authority, why)


@dataclass(frozen=True, slots=True)
class Letters(Leaf):
    """A code of two capital letters; small letters are read as capitals."""

    what: str
    words: frozenset[str] | None = None
    also: Mapping[str, str] = field(default_factory=dict)

    @property
    def allowed(self) -> str:
        """Format."""
        return f"{self.what}, two letters"

    def read(self, given: object, at: str, findings: Findings) -> Any:
        """Refuse anything else, naming the code that was probably meant."""
        if isinstance(given, str):
            code = given.strip().upper()
            known = self.words is None or code in self.words
            if re.fullmatch(r"[A-Z]{2}", code) and known and code not in self.also:
                return code
            if meant := self.also.get(code):
                remedy = f'Write "{meant}".'
                why = reason("records.letters", what=self.what, nearest=meant)
                return findings.refuse(at, shown(given), self.allowed, remedy, why=why)
        return findings.refuse(
            at,
            shown(given),
            self.allowed,
            "Write the code, or leave the key out.",
            why=reason("records.letters", what=self.what, nearest=None),
        )


@dataclass(frozen=True, slots=True)
class Many:
    """A list whose entries are all of one kind."""

    kind: Kind

    @property
    def allowed(self) -> str:
        """Kind of the entries."""
        return f"a list of: {self.kind.allowed}"

    def read(self, given: object, at: str, findings: Findings) -> Any:
        """Read each entry; an entry that is refused keeps its place."""
        if not isinstance(given, list | tuple):
            if isinstance(self.kind, Table) and isinstance(given, Mapping):
                remedy = f"Write [[{at}]], with two brackets on each side."
            else:
                remedy = "Put it in square brackets."
            return findings.refuse(at, shown(given), self.allowed, remedy)
        return [self.kind.read(entry, f"{at}[{i}]", findings) for i, entry in enumerate(given)]

    def build(self, tree: Any) -> Any:
        """Return a tuple of built entries."""
        return tuple(self.kind.build(entry) for entry in tree)

    def show(self, value: Any) -> Any:
        """Return a list of shown entries."""
        return [self.kind.show(entry) for entry in value]


@dataclass(frozen=True, slots=True)
class Named:
    """A table from names to one kind of value; ``names`` closes the vocabulary if given."""

    kind: Kind
    names: tuple[str, ...] | None = None
    what: str = "name"

    @property
    def allowed(self) -> str:
        """Names and kind."""
        names = listed(self.names) if self.names else self.what
        return f"a table from {names} to: {self.kind.allowed}"

    def read(self, given: object, at: str, findings: Findings) -> Any:
        """Read each value; names outside a closed vocabulary are refused."""
        if not isinstance(given, Mapping):
            remedy = "Write a table: { name = value }."
            return findings.refuse(at, shown(given), self.allowed, remedy)
        if len(given) > MOST_NAMES:
            return findings.refuse(
                at, f"a table of {len(given)}", f"at most {MOST_NAMES} names", "Check the names."
            )
        tree: dict[str, Any] = {}
        for name, entry in given.items():
            where = below(at, name)
            if self.names is not None and name not in self.names:
                refuse_unknown_key(name, self.names, where, findings)
            elif Text(MOST_NAME).read(name, where, findings) is not REFUSED and entry is not None:
                value = self.kind.read(entry, where, findings)
                if value is not REFUSED:
                    tree[name] = value
        return tree

    def build(self, tree: Any) -> Any:
        """Return a dictionary of built values."""
        return {name: self.kind.build(entry) for name, entry in tree.items()}

    def show(self, value: Any) -> Any:
        """Return a dictionary of shown values."""
        return {name: self.kind.show(entry) for name, entry in value.items()}


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a table of the case file.

    Attributes:
        name: As written in the file.
        kind: What may stand there.
        meaning: One line for the reference.
        required: Whether the table is refused without it.
        attribute: Name in the value, where it differs (Python's own words).
    """

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    attribute: str = ""

    @property
    def into(self) -> str:
        """Name of the value's field."""
        return self.attribute or self.name


@dataclass(frozen=True, slots=True)
class Table:
    """A table with known keys that becomes one frozen value.

    Attributes:
        value: The dataclass it becomes.
        keys: Its keys, in the order in which they are written.
        also: Other usual names for a key, for the remedy.
    """

    value: type[Any]
    keys: tuple[Key, ...]
    also: Mapping[str, str] = field(default_factory=dict)

    @property
    def allowed(self) -> str:
        """Names of its keys."""
        return f"a table with the keys {', '.join(key.name for key in self.keys)}"

    def key(self, name: str) -> Key:
        """Return the key of that name."""
        return next(key for key in self.keys if key.name == name)

    def read(self, given: object, at: str, findings: Findings) -> Any:
        """Read each key; what cannot be read is absent from the tree."""
        if not isinstance(given, Mapping):
            remedy = (
                f"Write [{at}], with one bracket on each side."
                if isinstance(given, list) and "[" not in at
                else "Write a table: { key = value }."
            )
            findings.refuse(at, shown(given), self.allowed, remedy)
            return {}
        known = tuple(key.name for key in self.keys)
        for name in given:
            if name not in known:
                refuse_unknown_key(name, known, below(at, name), findings, self.also)
        tree: dict[str, Any] = {}
        for key in self.keys:
            entry = given.get(key.name)  # JSON's null is an absent key: unknown
            if isinstance(key.kind, Text) and key.kind.blank and _is_blank(entry):
                continue  # a session of a briefing says "" where it has no area
            if entry is not None:
                value = key.kind.read(entry, below(at, key.name), findings)
                if value is not REFUSED:
                    tree[key.name] = value
            elif key.required:
                remedy = f"Add {key.name}: {key.meaning}"
                where = below(at, key.name)
                why = reason("records.missing")
                findings.refuse(where, "missing", key.kind.allowed, remedy, why=why)
        return tree

    def build(self, tree: Any) -> Any:
        """Return the frozen value."""
        built = {key.into: key.kind.build(tree[key.name]) for key in self.keys if key.name in tree}
        return self.value(**built)

    def show(self, value: Any) -> Any:
        """Return the table without the keys that equal their default."""
        defaults = _defaults(self.value)
        data: dict[str, Any] = {}
        for key in self.keys:
            entry = getattr(value, key.into)
            if key.required or entry != defaults[key.into]:
                data[key.name] = key.kind.show(entry)
        return data


def _is_blank(entry: object) -> bool:
    return isinstance(entry, str) and not entry.strip()


def _defaults(value: type[Any]) -> dict[str, Any]:
    return {
        f.name: f.default_factory() if f.default_factory is not MISSING else f.default
        for f in fields(value)
    }
