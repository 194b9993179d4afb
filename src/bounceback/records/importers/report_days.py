"""The day a practice test was taken, told from the days of purchase, printing and registration."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from bounceback.reasons import reason
from bounceback.records.importers.drafts import Confidence, Found
from bounceback.records.importers.label_dictionary import DayAt, labels
from bounceback.records.importers.text_lines import Line, any_word_in, word_in

_NOTHING: Final = 0
_PLAIN: Final = 1
_TAKEN: Final = 2
_MOST_LABEL: Final = 60
"""Characters before a day in which its label is looked for."""


def read_test_day(lines: Sequence[Line], named_at: Sequence[int], on: date) -> Found | None:
    """Return the day of the test.

    A day counts behind a label that says the test was taken on it, else behind "Date", else, where
    it is the only one, in the line of the test's name. Two different days of equal standing: none.

    Args:
        lines: The report.
        named_at: Indices of the lines that name the test.
        on: The learner's today; days after it are not looked at.
    """
    ranked: list[tuple[int, Line, DayAt]] = []
    for i, line in enumerate(lines):
        for number, day in enumerate(line.days):
            if day.day > on:
                continue
            standing = _standing(lines, i, number)
            if standing > _NOTHING:
                ranked.append((standing, line, day))
            elif standing == _NOTHING and i in named_at:
                ranked.append((_NOTHING, line, day))
    if not ranked:
        return None
    best = max(standing for standing, _, _ in ranked)
    chosen = [(line, day) for standing, line, day in ranked if standing == best]
    if len({day.day for _, day in chosen}) != 1:
        return None
    line, day = chosen[0]
    for one, at in chosen:
        one.use(at.start, at.end)
    sure: Confidence = "high" if best == _TAKEN and day.single else "medium"
    if not day.single:
        sure = "low"
    note = None if day.single else reason("importers.day-or-month")
    return Found(day.day.isoformat(), line.number, line.text[:160], sure, note)


def _standing(lines: Sequence[Line], i: int, number: int) -> int:
    """Return how clearly a day is the day of the test; below 0 for another day."""
    line = lines[i]
    day = line.days[number]
    start = line.days[number - 1].end if number else 0
    before = line.low[max(start, day.start - _MOST_LABEL) : day.start]
    if number and not _label_standing(before) and before.strip(" -–—to|,") == "":
        return -1  # the end of a span of days
    after = line.low[day.end : day.end + _MOST_LABEL]
    own = _label_standing(before)
    if own:
        return own
    if any(c.isalpha() for c in before):
        own = _behind(after) if number == len(line.days) - 1 else 0
        return own or _NOTHING
    if i > 0 and not lines[i - 1].days and not lines[i - 1].has_result():
        above = _label_standing(lines[i - 1].low[-_MOST_LABEL:])
        alone = not any(c.isalpha() for c in line.low[: day.start])
        stacked = i > 1 and not lines[i - 2].days and _label_standing(lines[i - 2].low) != 0
        if above and alone:
            return -1 if stacked and _is_label(lines[i - 2]) else above
    return _behind(after)


def _is_label(line: Line) -> bool:
    return not line.has_number() and len(line.text.split()) <= 4


def _behind(after: str) -> int:
    """Return the standing that a label behind a day gives: "11/15/2026 (test date)"."""
    head = after.split(";")[0].split(",")[0]
    words = head.strip(" ()-–—:").split()
    return _label_standing(" ".join(words[:3])) if words else _NOTHING


def _label_standing(text: str) -> int:
    """Return the standing of the last label in a text; 0 where there is none."""
    known = labels()["day"]
    if any_word_in(known["other"], text):
        taken = max(
            (text.rfind(label) for label in known["taken"] if word_in(label, text)), default=-1
        )
        other = max(text.rfind(label) for label in known["other"] if word_in(label, text))
        # "Purchased 1 May, taken 3 May": what stands nearest to the day holds.
        between = text[min(taken, other) : max(taken, other)] if taken >= 0 else ""
        return (
            _TAKEN
            if taken > other and "," in between + ";" and ("," in between or ";" in between)
            else -1
        )
    if any_word_in(known["taken"], text):
        return _TAKEN
    return _PLAIN if any_word_in(known["plain"], text) else _NOTHING
