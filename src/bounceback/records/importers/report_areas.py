"""Results by content area in a report."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from bounceback import facts
from bounceback.errors import FactUnknown
from bounceback.reasons import Reason, reason
from bounceback.records.importers.drafts import Confidence, Found
from bounceback.records.importers.label_grammar import agree, values_in
from bounceback.records.importers.text_lines import RANGE, Line

_BROKEN_OVER: Final = 3
"""Lines over which the name of an area may be broken."""
_OWN_FIRST: Final = re.compile(
    r"\b(?:your|my|you)\b.*\b(?:group|average|mean|peers?|national|others|users|comparison)\b"
)
_OWN_LAST: Final = re.compile(
    r"\b(?:group|average|mean|peers?|national|others|users|comparison)\b.*\b(?:your|my|you)\b"
)


_ITEMS: Final = re.compile(r"(?<![\w.,/])(\d{1,3})\s?(?:items|questions|qs)\b")


@dataclass(frozen=True, slots=True)
class _Result:
    value: dict[str, float | int]
    sure: Confidence
    note: Reason | None = None


def known_areas(context: str, exam_id: str, on: date) -> dict[str, str]:
    """Return the areas of a report by their plain spelling.

    Args:
        context: A form family, or ``official`` for the board's report.
        exam_id: Exam.
        on: Day of the report.
    """
    try:
        return {plain(name): name for name in facts.report_areas(context, exam_id, on)}
    except FactUnknown:
        return {}


def plain(text: str) -> str:
    """Return a name without case, with one spelling of "and" and "/"."""
    return " ".join(re.sub(r"\band\b|&", " & ", text.casefold()).replace("/", " / ").split())


def names_area(line: Line, known: Mapping[str, str]) -> bool:
    """Whether a line begins with an area's name."""
    return bool(known) and plain(line.text).startswith(tuple(known))


def read_areas(
    lines: Sequence[Line], known: Mapping[str, str], skip: frozenset[int] = frozenset()
) -> dict[str, Found]:
    """Return the results by area; the lines they were read from are marked as used.

    Args:
        lines: The report.
        known: Areas by plain spelling.
        skip: Indices of lines that are not looked at.
    """
    # The longest name first: "Nervous System" also stands in "Nervous System & Special Senses".
    names = sorted(known, key=len, reverse=True)
    order = _column_order(lines)
    found: dict[str, Found] = {}
    waiting: list[tuple[str, int]] = []  # names without a number yet, in the order of the report
    i = 0
    while i < len(lines):
        name, rest, last = (None, "", i) if i in skip else area_at(lines, i, names)
        if name is None:
            result = _result(lines[i].text, order) if waiting and _is_bare(lines[i]) else None
            if result is not None:
                i = _in_order(lines, i, waiting, found, known)
            else:
                i += 1
            waiting = []
            continue
        result = _result(rest, order)
        if result is not None and known[name] not in found:
            for line in lines[i : last + 1]:
                line.use_all()
            found[known[name]] = Found(
                result.value, lines[i].number, lines[i].text[:160], result.sure, result.note
            )
            waiting = []
        elif not re.search(r"\d", rest):
            waiting.append((name, i))
        i = last + 1
    return found


def _column_order(lines: Sequence[Line]) -> str:
    """Which of two percentages the heads of the table give the learner."""
    for line in lines:
        if not line.has_result() and len(line.text) < 200:
            if _OWN_FIRST.search(line.low):
                return "first"
            if _OWN_LAST.search(line.low):
                return "last"
    return ""


def area_at(lines: Sequence[Line], i: int, names: Sequence[str]) -> tuple[str | None, str, int]:
    """Return the area that a line begins with, the text behind it, and where the name ends."""
    whole = ""
    best: tuple[str | None, str, int] = (None, "", i)
    for last in range(i, min(i + _BROKEN_OVER, len(lines))):
        whole = f"{whole} {lines[last].text}".strip()
        low = plain(whole)
        name = next((n for n in names if low.startswith(n)), None)
        if name is not None and (best[0] is None or len(name) > len(best[0])):
            best = name, low[len(name) :].strip(), last
        if re.search(r"\d", whole) or (name is None and not any(n.startswith(low) for n in names)):
            break
    return best


def _is_bare(line: Line) -> bool:
    return line.has_number() and not re.search(r"[^\W\d_]", re.sub(r"\bof\b", "", line.low))


def _in_order(
    lines: Sequence[Line],
    start: int,
    waiting: Sequence[tuple[str, int]],
    found: dict[str, Found],
    known: Mapping[str, str],
) -> int:
    """Give names that stand one below another the numbers that follow, if there are as many."""
    end = start
    while end < len(lines) and _is_bare(lines[end]) and _result(lines[end].text, "") is not None:
        end += 1
    if end - start == len(waiting):
        alone = len(waiting) == 1
        for (name, at), below in zip(waiting, range(start, end), strict=True):
            result = _result(lines[below].text, "")
            if result is None or known[name] in found:
                continue
            sure: Confidence = result.sure if alone else "low"
            note = result.note if alone else reason("importers.separate-columns")
            lines[at].use_all()
            lines[below].use_all()
            found[known[name]] = Found(
                result.value, lines[at].number, lines[at].text[:160], sure, note
            )
    return max(end, start + 1)


def _result(rest: str, order: str) -> _Result | None:
    """Read "9/18", "9 of 18 (50%)" or "58 %" behind an area's name; a range is its weight."""
    values = values_in(RANGE.sub(" ", rest))
    counts = [v for v in values if v.unit == "count"]
    percents = [v for v in values if v.unit == "%" and v.number <= 100.0]
    if len(counts) == 1:
        count = counts[0]
        if not count.out_of or count.number > count.out_of or len(percents) > 1:
            return None
        if percents and not agree(count, percents[0]):
            return None
        whole: dict[str, float | int] = {"correct": int(count.number), "items": int(count.out_of)}
        return _Result(whole, "high" if percents else "medium")
    if counts or not percents:
        return None
    items = _ITEMS.search(rest)
    if len(percents) == 1 and len(values) == 2 and items and int(items.group(1)) > 0:
        whole = {"percent": percents[0].number, "items": int(items.group(1))}
        return _Result(whole, "medium")
    if len(percents) == 1 and len(values) == 1:
        return _Result({"percent": percents[0].number}, "medium")
    if len(percents) == 2 and len(values) == 2 and order:
        own = percents[0] if order == "first" else percents[1]
        return _Result({"percent": own.number}, "medium", reason("importers.two-columns"))
    return None
