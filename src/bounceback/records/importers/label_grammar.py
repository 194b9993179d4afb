"""Which number a label names: whose it is, of what, on which scale.

A number counts where a known label stands before it, and where nothing between the start of the
clause and the number says that somebody else's, another test's or only a part's number is meant.
Words that are not known there make the number nobody's: it is listed and not taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from bounceback.facts import FormFamily
from bounceback.records.importers.label_dictionary import labels
from bounceback.records.importers.text_lines import (
    COUNT,
    NUMBER,
    Line,
    any_word_in,
    number_of,
)

Scale = Literal["equated", "three_digit", "percent", "any"]
_CLAUSE_END: Final = re.compile(r"[;|•]|\.(?=\s|$)|,(?=\s)|\s?\(|\)")
_WORD: Final = re.compile(r"[^\W\d_](?:[\w'-]*\w)?|§(?:-digit)?|\d-digit|%")
_BOUND: Final = re.compile(
    r"[<>≤≥]|\b(?:less|more|greater|lower|higher)\sthan\b|\b(?:under|over)\b"
)
_AFTER: Final = re.compile(
    r"\s?(?:\(?(epc|equated percent correct)\)?|(correct|percent correct)|(overall|total))\b"
    r"\s?(?:overall|total|score)?\s*$"
)
_PRINTED_AFTER: Final = re.compile(
    r"\s(?:estimated\s)?(?:chance|probability|likelihood)\sof\spassing\b(?P<rest>.*)$"
)
_LEAST_SHARE_OF_ITEMS: Final = 0.8
"""A count out of fewer questions than this share of the test's length is a part of it."""
_LEAST_ITEMS: Final = 50
"""The same where the length is not known: a block has at most so many questions."""
_ROUNDING: Final = 0.51
"""How far a printed percentage may lie from the count beside it, in percent."""
_THREE_DIGITS: Final = 100.0


@dataclass(frozen=True, slots=True)
class Value:
    """A number as it is written.

    Attributes:
        start: First character in the line.
        end: Character after it.
        number: The number; of a count, the part.
        unit: ``%``, ``count`` or empty.
        out_of: Of a count, the whole.
    """

    start: int
    end: int
    number: float
    unit: str
    out_of: float | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A number that a label names.

    Attributes:
        kind: What it is.
        line: Index of its line.
        values: The number, and a second one that is the same result written in another way.
        scale: The scale its label says.
        explicit: Whether the label says that the whole test is meant.
        bound: Whether a limit is printed and no number ("<1%").
        label_lines: Indices of the lines the label stands in.
    """

    kind: Literal["total", "printed"]
    line: int
    values: tuple[Value, ...]
    scale: Scale
    explicit: bool
    bound: bool = False
    label_lines: tuple[int, ...] = ()


@cache
def _label_pattern() -> tuple[re.Pattern[str], dict[str, tuple[str, Scale, bool]]]:
    meaning: dict[str, tuple[str, Scale, bool]] = {}
    for spelled in labels()["printed"]["labels"]:
        meaning[spelled] = ("printed", "any", True)
    for table, explicit in (("total", True), ("weak_total", False)):
        for scale, spelled_all in labels()[table].items():
            for spelled in spelled_all:
                meaning.setdefault(spelled, ("total", scale, explicit))
    alternatives = "|".join(re.escape(one) for one in sorted(meaning, key=len, reverse=True))
    return re.compile(rf"(?<![\w§%])(?:{alternatives})(?!\w)"), meaning


@dataclass(frozen=True, slots=True)
class Label:
    """A label in a text: what it names, on which scale, and where it stands."""

    kind: str
    scale: Scale
    explicit: bool
    start: int
    end: int


def labels_in(text: str) -> list[Label]:
    """Return the labels in a masked text, in order."""
    pattern, meaning = _label_pattern()
    return [Label(*meaning[m.group()], m.start(), m.end()) for m in pattern.finditer(text)]


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(labels()["words"][name])


def _only(text: str, *names: str) -> bool:
    """Whether a text holds words of these lists alone."""
    known = frozenset().union(*(_words(name) for name in names))
    return all(word in known for word in _WORD.findall(text))


def names_another(text: str) -> bool:
    """Whether a text has a word by which a number is not the learner's total."""
    return any(word in _words("other") for word in _WORD.findall(text))


def names_bank(text: str, family: str | None) -> bool:
    """Whether a text speaks of a question bank: of no maker but the family's own.

    Args:
        text: A masked text, without the names of tests.
        family: The family whose report is read; ``None`` where it is not known.
    """
    own = frozenset(labels()["banks_of"].get(family, ())) if family else frozenset()
    return any(word in _words("banks") - own for word in _WORD.findall(text))


def values_in(text: str, start: int = 0) -> list[Value]:
    """Return the numbers of a masked text, counts as one."""
    found: list[Value] = []
    spans: list[tuple[int, int]] = []
    for match in COUNT.finditer(text):
        part, whole = (number_of(group) for group in match.groups())
        found.append(Value(start + match.start(), start + match.end(), part, "count", whole))
        spans.append(match.span())
    for match in NUMBER.finditer(text):
        if any(a < match.end() and match.start() < b for a, b in spans):
            continue
        unit = "%" if match.group(2) or match.group(3) else ""
        number = number_of(match.group(1))
        found.append(Value(start + match.start(), start + match.end(), number, unit))
    return sorted(found, key=lambda value: value.start)


def clauses(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of a line's clauses: what stands between marks and brackets."""
    start = 0
    for match in _CLAUSE_END.finditer(text):
        if match.start() > start:
            yield start, match.start()
        start = match.end()
    if start < len(text):
        yield start, len(text)


def candidates_in(line: Line, at: int, start: int = 0, end: int | None = None) -> list[Candidate]:
    """Return the numbers of a line that labels of the same clause name.

    Args:
        line: The line.
        at: Its index.
        start: First character that is looked at.
        end: Character after the last.
    """
    text = line.masked
    stop = len(text) if end is None else end
    found: list[Candidate] = []
    spans = [(a, b) for a, b in clauses(text) if a >= start and b <= stop]
    for number, (a, b) in enumerate(spans):
        following = spans[number + 1] if number + 1 < len(spans) else None
        found.extend(_of_clause(text, at, (a, b), following))
    return found


def _of_clause(
    text: str, at: int, span: tuple[int, int], following: tuple[int, int] | None
) -> list[Candidate]:
    start, end = span
    values = values_in(text[start:end], start)
    found: list[Candidate] = []
    before = start
    skip = False
    for number, value in enumerate(values):
        if skip:  # it was the second way of writing the one before
            skip, before = False, value.end
            continue
        after_it = values[number + 1] if number + 1 < len(values) else None
        twin = _twin(text, value, after_it)
        tail_end = after_it.start if after_it is not None and twin is None else end
        tail = text[(twin or value).end : tail_end]
        candidate = _labelled(text, at, (before, value.start), value, tail)
        if candidate is not None and after_it is not None and twin is None:
            next_has_label = bool(labels_in(tail)) or names_another(tail)
            candidate = candidate if next_has_label else None  # two numbers, one label
        if candidate is not None:
            same = (twin,) if twin is not None else _same_in_brackets(text, value, following)
            extra = tuple(one for one in same if one is not None)
            if same and not extra:
                candidate = None
            else:
                candidate = Candidate(
                    candidate.kind, at, (value, *extra), candidate.scale, candidate.explicit,
                    candidate.bound, (at,),
                )  # fmt: skip
        if candidate is not None:
            found.append(candidate)
        before = (twin or value).end
        skip = twin is not None
    return found


def _twin(text: str, value: Value, after: Value | None) -> Value | None:
    """Return the number behind if it is the same result: "84/120 70%", "84 of 120 = 70%"."""
    if after is None or not agree(value, after):
        return None
    between = text[value.end : after.start]
    return after if _only(between, "between") and len(between) <= 24 else None


def agree(one: Value, other: Value) -> bool:
    """Whether a count and a percentage are the same result."""
    count, percent = (one, other) if one.unit == "count" else (other, one)
    if count.unit != "count" or percent.unit == "count" or not count.out_of:
        return False
    return abs(100.0 * count.number / count.out_of - percent.number) <= _ROUNDING


def _same_in_brackets(
    text: str, value: Value, following: tuple[int, int] | None
) -> tuple[Value | None, ...]:
    """Return the number in the brackets behind: the same result, ``(None,)`` for another one."""
    if following is None:
        return ()
    gap = text[value.end : following[0]]
    if "(" not in gap or gap.strip(" (") not in ("", "correct", "%", "percent"):
        return ()
    inside = text[following[0] : following[1]]
    values = values_in(inside, following[0])
    if not values:
        return (None,) if names_another(inside) else ()
    if labels_in(inside) or names_another(inside):
        return ()  # it says itself what it is
    one = values[0]
    if one.unit == "count" and not one.out_of:
        return (None,)
    return (one,) if len(values) == 1 and agree(value, one) else (None,)


def _labelled(
    text: str, at: int, before: tuple[int, int], value: Value, tail: str
) -> Candidate | None:
    lead = text[before[0] : before[1]]
    named = labels_in(lead)
    kinds = {label.kind for label in named}
    if len(kinds) == 1:
        last, first = named[-1], named[0]
        prefix, between = lead[: first.start], lead[last.end :]
        middle = lead[first.start : last.start]
        lists = (
            ("before", "between") if "total" in kinds else ("before", "between", "between_printed")
        )
        if not _only(prefix, "before") or not _only(between, *lists[1:]):
            return None
        if not _only(_without_labels(middle), "before", "between"):
            return None
        if names_another(tail) and "printed" not in kinds:
            return None
        if "printed" in kinds:
            if value.unit != "%" or value.number > 100.0:
                return None
            bound = _BOUND.search(between) is not None
            return Candidate("printed", at, (value,), "any", True, bound, (at,))
        scales = [label.scale for label in named if label.scale != "any"]
        explicit = any(label.explicit for label in named)
        return Candidate("total", at, (value,), scales[-1] if scales else "any", explicit)
    if named:
        return None
    return _label_behind(lead, at, value, tail)


def _without_labels(text: str) -> str:
    return _label_pattern()[0].sub(" ", text)


def _label_behind(lead: str, at: int, value: Value, tail: str) -> Candidate | None:
    """Read "70% correct", "61% EPC", "72% chance of passing"."""
    if not _only(lead, "before", "between"):
        return None
    if printed := _PRINTED_AFTER.match(tail):
        if value.unit != "%" or not _only(
            printed.group("rest"), "before", "between", "between_printed"
        ):
            return None
        return Candidate("printed", at, (value,), "any", True, False, (at,))
    behind = _AFTER.match(tail)
    if behind is None or value.unit == "":
        return None
    if behind.group(1):
        return Candidate("total", at, (value,), "equated", True)
    explicit = behind.group(3) is not None or any_word_in(("overall", "total"), lead + tail)
    return Candidate("total", at, (value,), "percent", explicit)


def bare_value(text: str) -> list[Value]:
    """Return the numbers of a line that holds nothing else, or nothing."""
    rest = text
    values = values_in(text)
    for value in values:
        rest = rest[: value.start] + " " * (value.end - value.start) + rest[value.end :]
    return values if not re.search(r"[^\W_]", rest.replace("correct", " ")) else []


# --- on the scale of a family -------------------------------------------------------------------


def total_of(candidate: Candidate, family: FormFamily | None) -> float | None:
    """Return a candidate's value on the family's scale, or ``None`` where it is not on it."""
    if family is None:
        return _without_family(candidate)
    if family.scale in ("epc", "percent"):
        return _percent_of(candidate, family)
    return _points_of(candidate, family)


def _without_family(candidate: Candidate) -> float | None:
    value = candidate.values[0]
    if not candidate.explicit or value.unit == "count":
        return None
    if candidate.scale == "three_digit":
        return value.number if value.unit == "" and value.number >= _THREE_DIGITS else None
    return value.number if value.unit == "%" and value.number <= 100.0 else None


def _percent_of(candidate: Candidate, family: FormFamily) -> float | None:
    counts = [value for value in candidate.values if value.unit == "count"]
    if candidate.scale == "three_digit":
        return None
    if family.scale == "epc":
        if counts:  # a count is the raw percentage, and this family reports the equated one
            return None
        value = candidate.values[0]
        says_percent = value.unit == "%" or candidate.scale in ("equated", "percent")
        return value.number if says_percent and value.number <= 100.0 else None
    if candidate.scale == "equated":
        return None
    if counts:
        return _share(counts[0], family)
    value = candidate.values[0]
    if value.unit != "%" and candidate.scale != "percent":
        return None  # 84 may be so many right, or so many of a hundred
    if value.unit != "%" and candidate.scale == "percent" and not candidate.explicit:
        return None
    return value.number if value.number <= 100.0 else None


def _share(count: Value, family: FormFamily) -> float | None:
    whole = count.out_of or 0.0
    if count.number > whole:
        return None
    if whole == 100.0 and (family.items or 0) != 100:
        return count.number
    if family.items is None:
        enough = whole >= _LEAST_ITEMS
    else:
        enough = _LEAST_SHARE_OF_ITEMS * family.items <= whole <= 1.25 * family.items
    return round(100.0 * count.number / whole, 2) if enough else None


def _points_of(candidate: Candidate, family: FormFamily) -> float | None:
    if candidate.scale in ("equated", "percent"):
        return None
    value = candidate.values[0]
    if value.unit == "%":
        return None
    if value.unit == "count" and value.out_of != family.high:
        return None
    fits = max(family.low, _THREE_DIGITS) <= value.number <= family.high
    return value.number if fits and value.number.is_integer() else None


def is_confirmed(candidate: Candidate, family: FormFamily) -> bool:
    """Whether a second sign beside the label says that the value was read rightly.

    Signs are a count beside the percentage, a count out of the test's own length, and a unit that
    the label and the family share and no other number of a report has.
    """
    if not candidate.explicit:
        return False
    if len(candidate.values) > 1:
        return True
    value = candidate.values[0]
    if value.unit == "count":
        return value.out_of in (family.items, family.high)
    if family.scale == "epc":
        return candidate.scale == "equated" and value.unit == "%"
    if family.scale == "percent":
        return candidate.scale == "percent" and value.unit == "%"
    return True


def any_label(text: str) -> bool:
    """Whether a masked text holds a label, or a word that says whose number follows."""
    return bool(labels_in(text)) or names_another(text)


def label_kinds(texts: Sequence[str]) -> set[str]:
    """Return what labels of joined lines name; ``other`` where a number of somebody else's is."""
    text = " ".join(texts)
    kinds = {label.kind for label in labels_in(text)}
    without = _without_labels(text)
    if names_another(without) or not _only(without, "before", "between", "between_printed"):
        kinds.add("other")
    return kinds
