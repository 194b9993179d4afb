"""A practice test's report as text: family, form, day, total, printed chance, areas.

Nothing is guessed: a number counts where a known label stands before it and the family's published
scale allows it. Reports are read line by line; a label or a name may be broken over lines, and a
value may stand on the line after it. Where several labels stand before several numbers, which is
whose is not known, and nothing is read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from bounceback import facts
from bounceback.errors import FactUnknown
from bounceback.records.importers.drafts import Found, ReportDraft
from bounceback.records.importers.label_dictionary import labels, read_day

MOST_CHARACTERS: Final = 200_000
MOST_LINES: Final = 4_000
MOST_NOT_UNDERSTOOD: Final = 40
_NUMBER: Final = re.compile(r"(?<![\w.,])(\d{1,3}(?:[.,]\d{1,2})?)\s*(%?)(?![\w/-]|[.,]\d)")
_RANGE: Final = re.compile(
    r"\d{1,3}(?:[.,]\d+)?\s*%?\s*(?:-|–|—|to)\s*\d{1,3}(?:[.,]\d+)?\s*%?"
    r"|\(?(?:\w+\s*)?(?:±|\+/-)\s*\d+(?:[.,]\d+)?\s*%?\)?",
    re.IGNORECASE,
)
"""A range, or what stands around a number as its precision: "54 - 62 %", "(SEM ± 11)"."""
_OF: Final = re.compile(r"\b(\d{1,3})\s*(?:/|of|out of)\s*(\d{1,3})\b", re.IGNORECASE)
_FORM: Final = re.compile(
    r"\bform\s*[:#]?\s*([A-Z]?\d{1,4}[a-z]?)\b|\b(?:uwsa|self[- ]assessment)\s*#?\s*(\d)\b", re.I
)
_LETTERED_FORM: Final = re.compile(r"\b[Ff](?:orm|ORM)\s*[:#]?\s*([A-H])\b(?!\.\w)")
_AS_TYPED: Final = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2212", "-"),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff\u00ae\u2122", ""),
        **dict(zip("ﬀﬁﬂﬃﬄﬅﬆ", ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True)),
    }
)
"""Letters as a PDF sets them, as somebody would type them."""
_BROKEN_OVER: Final = 3
"""Lines over which a label or a name may be broken."""


def read_report(text: str, exam_id: str, on: date) -> ReportDraft:
    """Return what a report says.

    Args:
        text: Pasted, or taken out of a PDF; the first 200,000 characters are read.
        exam_id: The exam ahead; its families and areas are looked for.
        on: The learner's today: no report is from a later day.
    """
    plain = text[:MOST_CHARACTERS].translate(_AS_TYPED)
    lines = [" ".join(line.split()) for line in plain.splitlines()[:MOST_LINES]]
    used: set[int] = set()
    fields: dict[str, Found] = {}
    family = _family(lines, exam_id, used)
    if family is not None:
        fields["family"] = family
    if form := _form(lines, used):
        fields["form"] = form
    if day := _day(lines, on, used):
        fields["date"] = day
    if printed := _printed(lines, used):
        fields["printed_p_pass"] = printed
    if total := _total(lines, exam_id, family.value if family else None, used):
        fields["score"] = total
    context = family.value if family else "school"
    areas = _areas(lines, context, exam_id, day.value if day else on, used)
    known = _known_areas(context, exam_id, day.value if day else on)
    left = [
        line[:160]
        for i, line in enumerate(lines)
        if i not in used and (_has_digit(line) or _names_area(line, known))
    ]
    if "date" in fields:
        found = fields["date"]
        fields["date"] = Found(
            found.value.isoformat(), found.where, found.text, found.sure, found.note
        )
    return ReportDraft(fields, areas, tuple(left[:MOST_NOT_UNDERSTOOD]))


def _where(i: int) -> str:
    return f"line {i + 1}"


def _family(lines: Sequence[str], exam_id: str, used: set[int]) -> Found | None:
    """The family that the report names; of several, the one it names first."""
    names = {
        family: [facts.form_family(family, exam_id).name, *labels()["families"].get(family, ())]
        for family in facts.form_families(exam_id)
        if family != "school"
    }
    for i, line in enumerate(lines):
        low = line.casefold()
        for family, spelled in names.items():
            if any(_word(name.casefold(), low) for name in spelled):
                used.add(i)
                return Found(family, _where(i), line[:160], "high")
    return None


def _word(word: str, line: str) -> bool:
    return word in line and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", line) is not None


def _form(lines: Sequence[str], used: set[int]) -> Found | None:
    for i, line in enumerate(lines):
        if match := _FORM.search(line) or _LETTERED_FORM.search(line):
            used.add(i)
            found = next(group for group in match.groups() if group)
            return Found(found, _where(i), line[:160], "high")
    return None


def _day(lines: Sequence[str], on: date, used: set[int]) -> Found | None:
    """The day that stands behind a label of days; else the first day on any line."""
    best: tuple[int, Found] | None = None
    for i, line in enumerate(lines):
        read = read_day(line)
        if read is None or read.day > on:
            continue
        day, single = read.day, read.single
        named = any(_word(label, line.casefold()) for label in labels()["day"]["labels"])
        sure = "high" if named and single else "medium" if named or single else "low"
        note = "" if single else "month and day could also be the other way round"
        rank = {"high": 2, "medium": 1, "low": 0}[sure]
        if best is None or rank > best[0]:
            best = rank, Found(day, _where(i), line[:160], sure, note)  # type: ignore[arg-type]
    if best is None:
        return None
    used.add(int(best[1].where.split()[1]) - 1)
    return best[1]


def _has_digit(text: str) -> bool:
    return any(c.isdigit() for c in text)


@dataclass(frozen=True, slots=True)
class _Label:
    """Where a label ends, and the text that follows it.

    Attributes:
        line: Line in which it ends.
        rest: The rest of that line; where nothing is left of it, the next line.
        at: Line that ``rest`` stands in.
    """

    line: int
    rest: str
    at: int


def _whole(lines: Sequence[str], i: int) -> tuple[str, list[int]]:
    """A line with those over which a label in it may go on, and where each of them ends."""
    whole, ends_at = lines[i], [len(lines[i])]
    for line in lines[i + 1 : i + _BROKEN_OVER]:
        if _has_digit(whole):
            break  # a line with a number is complete
        whole += (" " if not whole.endswith(("-", "/")) else "") + line
        ends_at.append(len(whole))
    return whole, ends_at


def _label(lines: Sequence[str], i: int, spelled: Sequence[str]) -> _Label | None:
    """The longest label that begins in a line; it may be broken over the next ones."""
    whole, ends_at = _whole(lines, i)
    low = whole.casefold()
    ends = [
        match.end()
        for label in spelled
        if label in low
        for match in re.finditer(rf"(?<!\w){re.escape(label)}(?!\w)", low)
        if match.start() < ends_at[0]
    ]
    if not ends:
        return None
    end = max(ends)
    inside = next((n for n, until in enumerate(ends_at) if end <= until), len(ends_at) - 1)
    line = i + inside
    rest = whole[end : ends_at[inside]].strip(" :=.-–")
    if rest or line + 1 >= len(lines):
        return _Label(line, rest, line)
    if i > 0 and _bare_label(lines[i - 1]):
        return _Label(line, "", line)  # labels, then numbers: which is whose is not known
    return _Label(line, lines[line + 1], line + 1)


def _bare_label(line: str) -> bool:
    """Whether a line names another number of the report than its total, and holds none."""
    if _has_digit(line):
        return False
    every = (labels()[kind]["labels"] for kind in ("printed", "not_total"))
    return any(_word(label, line.casefold()) for spelled in every for label in spelled)


def _labelled(line: str, spelled: Sequence[str]) -> bool:
    low = line.casefold()
    return any(_word(label, low) for label in spelled)


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _printed(lines: Sequence[str], used: set[int]) -> Found | None:
    for i in range(len(lines)):
        label = _label(lines, i, labels()["printed"]["labels"])
        if label is None:
            continue
        below = range(label.at + 1, min(label.at + _BROKEN_OVER, len(lines)))
        for text, at in ((label.rest, label.at), *((lines[n], n) for n in below)):
            if at > label.at and _bare_label(text):
                break
            percent = [_number(n) for n, sign in _NUMBER.findall(_RANGE.sub(" ", text)) if sign]
            if len(percent) == 1 and percent[0] <= 100.0:
                used.update(range(i, at + 1))
                bound = re.search(r"[<>≤≥]|\b(?:less|more|greater) than\b", text, re.IGNORECASE)
                note = "the report prints a bound, not a number" if bound else ""
                sure = "medium" if bound else "high"
                value = round(percent[0] / 100.0, 4)
                return Found(value, _where(at), lines[at][:160], sure, note)  # type: ignore[arg-type]
            if percent:
                break
    return None


def _total(lines: Sequence[str], exam_id: str, family: str | None, used: set[int]) -> Found | None:
    """The total, on the family's scale where the family is known; the most telling label wins."""
    scale = facts.form_family(family, exam_id) if family else None
    spelled = labels()["total"]["labels"]
    telling = len(spelled) - 1
    if scale is not None and scale.scale == "percent":
        spelled = [*spelled, *labels()["raw"]["labels"]]
    first_words = [set(re.split(r"[^\w-]+", line.casefold())) for line in lines]
    for rank, label in enumerate(spelled):
        for i in range(len(lines)):
            if i in used or first_words[i].isdisjoint(label.split()[:1]):
                continue
            found = _label(lines, i, [label])
            if found is None:
                continue
            stands = _RANGE.sub(" ", " ".join([*lines[i : found.line + 1], found.rest]))
            if _labelled(stands, labels()["not_total"]["labels"]):
                continue
            value = _total_of(found.rest, scale)
            if value is not None:
                used.update(range(i, found.at + 1))
                sure = "high" if scale is not None and rank < telling else "medium"
                text = lines[found.at][:160]
                return Found(value, _where(found.at), text, sure)  # type: ignore[arg-type]
    return None


def _total_of(rest: str, scale: facts.FormFamily | None) -> float | int | None:
    if scale is not None and scale.scale == "percent" and (match := _OF.search(rest)):
        correct, items = int(match.group(1)), int(match.group(2))
        return round(100.0 * correct / items, 2) if items > 0 and correct <= items else None
    numbers = [(_number(n), sign) for n, sign in _NUMBER.findall(_RANGE.sub(" ", rest))]
    fits = [n for n, sign in numbers if _on_scale(n, sign, scale)]
    if len(fits) != 1:
        return None
    return int(fits[0]) if fits[0].is_integer() else fits[0]


def _on_scale(number: float, sign: str, scale: facts.FormFamily | None) -> bool:
    if scale is None:
        return True
    is_percent = scale.scale in ("epc", "percent")
    return scale.low <= number <= scale.high and (is_percent or not sign)


def _known_areas(context: str, exam_id: str, on: date) -> dict[str, str]:
    """The areas of a report, by their plain spelling."""
    try:
        return {_plain(name): name for name in facts.report_areas(context, exam_id, on)}
    except FactUnknown:
        return {}


def _names_area(line: str, known: Mapping[str, str]) -> bool:
    return _plain(line).startswith(tuple(known)) if known else False


def _areas(
    lines: Sequence[str], context: str, exam_id: str, on: date, used: set[int]
) -> dict[str, Found]:
    known = _known_areas(context, exam_id, on)
    # The longest name first: "Nervous System" also stands in "Nervous System & Special Senses".
    plain = sorted(known, key=len, reverse=True)
    found: dict[str, Found] = {}
    waiting: list[tuple[str, int]] = []  # names without a number yet, in the order of the report
    i = 0
    while i < len(lines):
        name, rest, last = (None, "", i) if i in used else _area(lines, i, plain)
        if name is None:
            i += 1
            if i - 1 not in used and waiting and _result(lines[i - 1]) is None:
                waiting = []
            elif i - 1 not in used and waiting:
                i = _in_order(lines, i - 1, waiting, found, known, used)
                waiting = []
            continue
        result = _result(rest)
        if result is not None and known[name] not in found:
            used.update(range(i, last + 1))
            value, sure, note = result
            found[known[name]] = Found(value, _where(i), lines[i][:160], sure, note)  # type: ignore[arg-type]
            waiting = []
        elif not _has_digit(rest):
            waiting.append((name, i))
        i = last + 1
    return found


def _area(lines: Sequence[str], i: int, plain: Sequence[str]) -> tuple[str | None, str, int]:
    """The area that a line begins with, the text behind it, and the line where the name ends."""
    whole = ""
    best: tuple[str | None, str, int] = (None, "", i)
    for last in range(i, min(i + _BROKEN_OVER, len(lines))):
        whole = f"{whole} {lines[last]}".strip()
        low = _plain(whole)
        name = next((n for n in plain if low.startswith(n)), None)
        if name is not None and (best[0] is None or len(name) > len(best[0])):
            best = name, low[len(name) :].strip(), last
        if _has_digit(whole) or (name is None and not any(n.startswith(low) for n in plain)):
            break
    return best


def _in_order(
    lines: Sequence[str],
    start: int,
    waiting: Sequence[tuple[str, int]],
    found: dict[str, Found],
    known: Mapping[str, str],
    used: set[int],
) -> int:
    """Give names that stand one below another the numbers that follow, if there are as many."""
    end = start
    while end < len(lines) and end not in used and _result(lines[end]) is not None:
        end += 1
    if end - start == len(waiting):
        alone = len(waiting) == 1
        for (name, line), at in zip(waiting, range(start, end), strict=True):
            value, sure, note = _result(lines[at]) or ({}, "low", "")
            if not alone:
                sure, note = "low", "names and numbers stood in separate columns"
            if known[name] not in found:
                used.update((line, at))
                found[known[name]] = Found(value, _where(line), lines[line][:160], sure, note)  # type: ignore[arg-type]
    return max(end, start + 1)


def _plain(text: str) -> str:
    return " ".join(re.sub(r"\band\b|&", " & ", text.casefold()).replace("/", " / ").split())


def _result(rest: str) -> tuple[dict[str, float | int], str, str] | None:
    """Read "9/18", "9 of 18" or "58 %" behind an area's name; a range is the blueprint's weight."""
    if match := _OF.search(rest):
        correct, items = int(match.group(1)), int(match.group(2))
        if items > 0 and correct <= items:
            return {"correct": correct, "items": items}, "high", ""
    bare = _RANGE.sub(" ", rest)
    numbers = [(_number(n), sign) for n, sign in _NUMBER.findall(bare)]
    percent = [n for n, sign in numbers if sign and n <= 100.0]
    if len(percent) == 1:
        return {"percent": percent[0]}, "medium", ""
    if len(percent) == 2:
        return {"percent": percent[0]}, "low", "the second number is taken for the group's"
    return None
