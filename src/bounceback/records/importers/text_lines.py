"""Lines of a report, and which of their numbers were used.

A line is held in three ways of the same length, so that places agree: as it reads, in small
letters, and *masked*: what holds digits without being a result (days, "Step 1", "within 1 week",
ranges) is blanked, so that whatever digits remain are results somebody has to account for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from bounceback.records.importers.label_dictionary import DayAt, days_in

MOST_CHARACTERS: Final = 200_000
MOST_LINES: Final = 4_000
MOST_LINE: Final = 2_000
"""Characters of one line that are looked at; a line of a report has well under a tenth of this."""

_AS_TYPED: Final = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2212", "-"),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff\u00ae\u2122", ""),
        **dict(zip("ﬀﬁﬂﬃﬄﬅﬆ", ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True)),
    }
)
"""Letters as a PDF sets them, as somebody would type them."""

NUMBER: Final = re.compile(
    r"(?<![\w.,/§])(\d{1,3}(?:[.,]\d{1,2})?)(?:\s*(%)|\s(percent)\b)?(?![\w/]|-\d|[.,]\d)",
    re.IGNORECASE,
)
"""A number of at most three digits; its unit, where it is a percentage."""
COUNT: Final = re.compile(r"(?<![\w./])(\d{1,3})\s?(?:/|of|out of)\s?(\d{1,3})\b(?!/|\.\d|%)", re.I)
"""So many of so many: "84/120", "9 of 18"."""
RANGE: Final = re.compile(
    r"(?<![\w.,/-])\d{1,3}(?:[.,]\d{1,2})?\s?%?\s?(?:-|–|—|to)\s?\d{1,3}(?:[.,]\d{1,2})?\s?%?(?![\w/-])"
    r"|\(?(?:\b[A-Za-z]{1,12}\s)?(?:±|\+/-)\s?\d{1,3}(?:[.,]\d{1,2})?\s?%?\)?",
    re.IGNORECASE,
)
"""A range, or what stands around a number as its precision: "54 - 62 %", "(SEM ± 11)"."""
_NUMBERED: Final = re.compile(
    r"\b(?:step|level|phase|block|section|part|session|module|page|week|attempt|question set)s?"
    r"\s?#?(\d{1,2})\b(?!\s?%|\.\d)"
    r"|\b(\d)-digit\b"
    r"|\b(?:within|next|in)\s(?:the\s)?(?:next\s)?(?:about\s)?(\d{1,2})\s(?:week|day)s?\b"
    r"|\b(\d{1,2}):\d\d(?::\d\d)?(?:\s?[ap]m)?\b"
    r"|\b(?:page|p\.)\s\d{1,3}\sof\s(\d{1,3})\b",
    re.IGNORECASE,
)
_DURATION: Final = re.compile(
    r"(?<![\w.,/-])\d{1,3}(?:[.,]\d)?\s?(?:weeks?|days?|months?|hours?|hrs?|minutes?|mins?|seconds?|secs?)\b"
)
_DIGIT: Final = re.compile(r"\d")


@dataclass(slots=True)
class Line:
    """One line of a report.

    Attributes:
        number: Its number, from 1.
        text: As it reads, spaces joined.
        raw: With tabs and spaces as they were.
        low: In small letters, as long as ``text``.
        masked: ``low`` with days, ranges and counting words blanked.
        unranged: The same with its ranges still in place.
        days: Days in it.
        used: Spans of ``text`` that a value was read from, or that need none.
    """

    number: int
    text: str
    raw: str
    low: str = ""
    masked: str = ""
    unranged: str = ""
    days: tuple[DayAt, ...] = ()
    used: list[tuple[int, int]] = field(default_factory=list)

    def blank(self, start: int, end: int) -> None:
        """Blank a name in the masked line and note it as used; ranges are looked for anew.

        "NBME 30 - 64%" reads as a range only as long as the name is not known.
        """
        self.use(start, end)
        self.unranged = self.unranged[:start] + " " * (end - start) + self.unranged[end:]
        self.masked = _mask(self.unranged, RANGE, None)

    def use(self, start: int, end: int) -> None:
        """Note that the characters from ``start`` to ``end`` were read."""
        self.used.append((start, end))

    def use_all(self) -> None:
        """Note that the whole line was read."""
        self.use(0, len(self.text))

    def has_number(self) -> bool:
        """Whether a digit stands in it."""
        return _DIGIT.search(self.text) is not None

    def has_result(self) -> bool:
        """Whether a number stands in it that is no day, range or ordinal."""
        return _DIGIT.search(self.masked) is not None

    def has_figure(self) -> bool:
        """Whether a digit stands in it, be it of a day or a range, that counts no step or week."""
        return any(c.isdigit() and m != "§" for c, m in zip(self.text, self.masked, strict=True))

    def has_unread_number(self) -> bool:
        """Whether a digit stands in it that no value was read from."""
        return any(
            not any(start <= digit.start() < end for start, end in self.used)
            for digit in _DIGIT.finditer(self.text)
        )


def lines_of(text: str) -> list[Line]:
    """Return the lines of a report; its first 200,000 characters are read."""
    found = []
    plain = text[:MOST_CHARACTERS].translate(_AS_TYPED)
    for number, raw in enumerate(plain.splitlines()[:MOST_LINES], start=1):
        found.append(make_line(raw, number))
    return found


def make_line(raw: str, number: int) -> Line:
    """Return a line with its masked form."""
    text = " ".join(raw[:MOST_LINE].split())
    low = text.lower()
    if len(low) != len(text):  # a few letters change their length
        low = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    line = Line(number, text, raw[:MOST_LINE], low)
    line.days = tuple(days_in(text)) if line.has_number() else ()
    masked = _blank(low, ((day.start, day.end) for day in line.days))
    if "page" in masked:
        masked = _mask(masked, re.compile(r"\bpage\s\d{1,3}\sof\s\d{1,3}\b"), line)
    if line.has_number():
        masked = _number_words(masked, line)
        masked = _mask(masked, _DURATION, None)
    line.unranged = masked
    line.masked = _mask(masked, RANGE, None) if line.has_number() else masked
    return line


def _number_words(masked: str, line: Line) -> str:
    """Write "step §" for "step 1": the digit counts something and is no result."""
    letters = list(masked)
    for match in _NUMBERED.finditer(masked):
        for at in range(match.start(), match.end()):
            if letters[at].isdigit():
                letters[at] = "§"
        line.use(match.start(), match.end())
    return "".join(letters)


def _mask(masked: str, pattern: re.Pattern[str], line: Line | None) -> str:
    spans = [match.span() for match in pattern.finditer(masked)]
    if line is not None:
        for start, end in spans:
            line.use(start, end)
    return _blank(masked, spans)


def _blank(text: str, spans: Iterable[tuple[int, int]]) -> str:
    letters = list(text)
    for start, end in spans:
        letters[start:end] = " " * (end - start)
    return "".join(letters)


def number_of(text: str) -> float:
    """Return a number written with a point or a comma."""
    return float(text.replace(",", "."))


def word_in(word: str, line: str) -> bool:
    """Whether a word or phrase stands in a line, not as part of another word."""
    at = line.find(word)
    while at >= 0:
        end = at + len(word)
        left = at == 0 or not (line[at - 1].isalnum() or line[at - 1] == "_")
        right = end == len(line) or not (line[end].isalnum() or line[end] == "_")
        if left and right:
            return True
        at = line.find(word, at + 1)
    return False


def any_word_in(words: Sequence[str], line: str) -> bool:
    """Whether one of the words stands in a line."""
    return any(word_in(word, line) for word in words)
