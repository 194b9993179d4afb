"""Lists of practice tests: one a line, several in a line, in a sentence, or as a table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Final

from bounceback import facts
from bounceback.facts import FormFamily
from bounceback.reasons import reason
from bounceback.records.importers.drafts import Confidence, Found, ReportDraft
from bounceback.records.importers.label_dictionary import DayAt, labels
from bounceback.records.importers.label_grammar import (
    Candidate,
    Value,
    agree,
    candidates_in,
    labels_in,
    names_another,
    total_of,
    values_in,
)
from bounceback.records.importers.practice_test_names import Mention, mentions
from bounceback.records.importers.text_lines import Line, make_line

_REFERRED: Final = re.compile(
    r"\b(?:previous|previously|prior|last|earlier|next|upcoming|remaining|unused|planned"
    r"|compared to|compared with|compare with|consider|recommend|comparison|before|versus|vs)\b"
    r"[\w\s:,'()-]{0,30}$"
)
_REFERRED_BEHIND: Final = re.compile(
    r"\s*\(?(?:left|remaining|unused|planned|next|not taken|to do|upcoming|scheduled)\b"
)
_JOIN: Final = re.compile(
    r"[\s:=\-–—>→()~|.]*(?:(?:and|i|is|was|score|scored|got|gave|a|me|with|at|out)[\s:=\-–—(]*){0,4}$"
)
_ON: Final = re.compile(r"\s?(?:correct\s)?(?:on|in|for|from|at)\s(?:my\s|the\s|a\s|an\s)?$")
_SENTENCE_END: Final = re.compile(r"\.(?=\s)")
_BRACKETS: Final = re.compile(r"\((?:[^()\d]{0,60})\)")
_LEAST_PERCENT: Final = 10.0
_CELL: Final = re.compile(
    r"\s*(?:\d{1,3}(?:[.,]\d{1,2})?\s?%?|\d{1,3}\s?(?:/|of)\s?\d{1,3}(?:\s?\(.{1,8}\))?)\s*$"
)
_SHORT_DAY: Final = re.compile(
    r"(?<![\w./])(?:1[0-2]|0?[1-9])/(?:3[01]|[12]\d|0?[1-9])(?![\w/%]|\.\d)"
)
"""A day without its year; no test has so few questions that it could be a count."""
_SPLITS: Final = ("\t", "|", ";", ",", "  ")
_MOST_ROWS: Final = 60


def is_referred_to(line: Line, mention: Mention) -> bool:
    """Whether a test is named for comparison or as one to come, and not as the one reported."""
    before = line.low[max(0, mention.start - 50) : mention.start]
    before = re.split(r"[.;|)]", before)[-1]
    return (
        _REFERRED.search(before) is not None
        or _REFERRED_BEHIND.match(line.low, mention.end) is not None
    )


# --- a line -------------------------------------------------------------------------------------


def split_line(line: Line, here: Sequence[Mention]) -> list[tuple[Mention, int, int]]:
    """Return each test of a line with the part of the line that is its own."""
    if len(here) == 1:
        return [(here[0], 0, len(line.text))]
    if all(_ON.search(line.masked[: one.start].rstrip() + " ") for one in here):
        starts = [0, *(one.end for one in here[:-1])]
        return [(one, start, one.end) for one, start in zip(here, starts, strict=True)]
    sentence_ends = [match.start() for match in _SENTENCE_END.finditer(line.masked)]
    ends = [
        min([stop, *(at for at in sentence_ends if at >= one.end)])
        for one, stop in zip(here, [*(o.start for o in here[1:]), len(line.text)], strict=True)
    ]
    return [(one, one.start, end) for one, end in zip(here, ends, strict=True)]


def read_line_entry(
    line: Line, at: int, mention: Mention, part: tuple[int, int], exam_id: str, on: date
) -> ReportDraft | None:
    """Return the test of one part of a line: score, day and printed chance that stand in it.

    Args:
        line: The line, its tests' names blanked.
        at: Its index.
        mention: The test.
        part: First character of the part, and the one after its last.
        exam_id: The exam ahead.
        on: The learner's today.
    """
    family = facts.form_family(mention.family, exam_id)
    line.masked = _SHORT_DAY.sub(lambda found: " " * len(found.group()), line.masked)
    fields: dict[str, Found] = {"family": _found(mention.family, line, "medium")}
    if mention.form:
        fields["form"] = _found(mention.form, line, "medium")
    for day in _days(line, part, on):
        note = None if day.single else reason("importers.day-or-month")
        fields["date"] = Found(
            day.day.isoformat(),
            line.number,
            line.text[:160],
            "medium" if day.single else "low",
            note,
        )
        line.use(day.start, day.end)
    candidates = candidates_in(line, at, *part)
    printed = [one for one in candidates if one.kind == "printed"]
    if len({one.values[0].number for one in printed}) == 1:
        fields["printed_p_pass"] = _found(
            round(printed[0].values[0].number / 100.0, 4), line, "medium"
        )
        line.use(printed[0].values[0].start, printed[0].values[0].end)
    score = _score(line, mention, part, candidates, family)
    if score is not None:
        value, used = score
        fields["score"] = _found(int(value) if value.is_integer() else value, line, "medium")
        for one in used:
            line.use(one.start, one.end)
    if "score" not in fields and "printed_p_pass" not in fields:
        return None
    line.use(mention.start, mention.end)
    return ReportDraft(fields)


def _found(value: object, line: Line, sure: Confidence) -> Found:
    return Found(value, line.number, line.text[:160], sure)


def _days(line: Line, part: tuple[int, int], on: date) -> list[DayAt]:
    """Return the only day of a part of a line, if it is no other one than the test's."""
    known = labels()["day"]["other"]
    days = [d for d in line.days if part[0] <= d.start and d.end <= part[1]]
    if len(days) != 1 or days[0].day > on:
        return []
    words = set(re.findall(r"[\w-]+", line.low[max(part[0], days[0].start - 30) : days[0].start]))
    return [] if words & set(known) else days


def _score(
    line: Line,
    mention: Mention,
    part: tuple[int, int],
    candidates: Sequence[Candidate],
    family: FormFamily,
) -> tuple[float, tuple[Value, ...]] | None:
    totals = [one for one in candidates if one.kind == "total"]
    fits = [(value, one) for one in totals if (value := total_of(one, family)) is not None]
    if fits:
        values = [value for value, _ in fits]
        if max(values) - min(values) > 0.51:
            return None
        return fits[0][0], fits[0][1].values
    return _bare_score(line, mention, part, family)


def _bare_score(
    line: Line, mention: Mention, part: tuple[int, int], family: FormFamily
) -> tuple[float, tuple[Value, ...]] | None:
    """Return the number that stands by the name with nothing between that says otherwise."""
    start, end = part
    behind = values_in(line.masked[mention.end : end], mention.end)
    before = values_in(line.masked[start : mention.start], start)
    choice: list[tuple[Value, ...]] = []
    space_alone = False
    if behind:
        lead = _BRACKETS.sub(" ", line.masked[mention.end : behind[0].start])
        if _JOIN.match(lead) and _alone(line, behind, end, family):
            choice.append(_with_twin(behind))
            space_alone = not lead.strip()
    if len(before) == 1 and _stands_before(line, mention, part, before[0], bool(behind)):
        choice.append((before[0],))
    if len(choice) != 1:
        return None
    number = _fits(choice[0], family, space_alone=space_alone)
    return None if number is None else (number, choice[0])


def _stands_before(
    line: Line, mention: Mention, part: tuple[int, int], value: Value, more_behind: bool
) -> bool:
    """Whether a number belongs to the name behind it: "64% on NBME 30", "64% NBME 30"."""
    gap = line.masked[value.end : mention.start]
    lead = line.masked[part[0] : value.start]
    tail = re.split(r"[,;.(]", line.masked[mention.end : part[1]])[0]
    if names_another(tail) or names_another(lead):
        return False
    if _ON.search(gap.rstrip() + " ") and not re.search(r"[^\W_]", _ON.sub("", gap.rstrip() + " ")):
        return True
    return not more_behind and not re.search(r"[^\W_]", gap) and not re.search(r"[^\W\d_]", lead)


def _with_twin(values: Sequence[Value]) -> tuple[Value, ...]:
    return tuple(values[:2]) if len(values) > 1 and agree(values[0], values[1]) else (values[0],)


def _alone(line: Line, values: Sequence[Value], end: int, family: FormFamily) -> bool:
    """Whether the numbers behind the first one are the same result or say what they are."""
    own = _with_twin(values)
    rest = line.masked[own[-1].end : end]
    if len(values) == len(own):
        head = re.split(r"[,;(|]|\s[-–—]\s", rest.lstrip(" )"))[0]
        bracket = re.match(r"\s*\(([^)]*)\)", rest)
        return not names_another(head) and not (bracket and names_another(bracket.group(1)))
    for number, value in enumerate(values[len(own) :]):
        previous = values[len(own) + number - 1]
        between = line.masked[previous.end : value.start]
        behind = line.masked[value.end : end].lstrip(" )")
        said = labels_in(between) or names_another(between)
        # A family that reports points: the percentage in the brackets behind is of the questions.
        points = family.scale not in ("epc", "percent") and own[0].unit == ""
        said = said or (points and value.unit == "%" and between.strip() == "(")
        said = said or any(one.kind == "printed" for one in candidates_in(line, 0))
        said = said or names_another(re.split(r"[),;|]", behind)[0])
        if not said and not labels_in(behind[:40]):
            return False
    return True


def _fits(values: tuple[Value, ...], family: FormFamily, *, space_alone: bool) -> float | None:
    """Return a number by a test's name on the family's scale; a small one must be marked off."""
    value = values[0]
    if family.scale in ("epc", "percent") and value.unit == "" and family.scale == "percent":
        return None
    scale = "percent" if value.unit == "%" else "any"
    if family.scale == "epc":
        if value.unit == "" and (space_alone or value.number < _LEAST_PERCENT):
            return None
        scale = "equated"
    return total_of(Candidate("total", 0, values, scale, True), family)  # type: ignore[arg-type]


# --- a table ------------------------------------------------------------------------------------


@cache
def _heads() -> dict[str, str]:
    heads: dict[str, str] = {}
    for name, spelled in labels()["test_columns"].items():
        for one in spelled:
            heads.setdefault(one, name)
    return heads


def read_table(lines: Sequence[Line], exam_id: str, on: date) -> list[ReportDraft]:
    """Return the tests of a table with heads such as Test, Date, Score."""
    for mark in _SPLITS:
        for at, line in enumerate(lines[:10]):
            cells = _cells(line, mark)
            columns = [_heads().get(" ".join(cell.lower().split())) for cell in cells]
            if len(cells) >= 2 and "test" in columns and "score" in columns:
                found = _rows(
                    lines[at + 1 : at + 1 + _MOST_ROWS], mark, columns, cells, exam_id, on
                )
                if found:
                    line.use_all()
                return found
    return []


def _cells(line: Line, mark: str) -> list[str]:
    parts = re.split(r"\s{2,}|\t", line.raw.strip()) if mark == "  " else line.raw.split(mark)
    if mark == "|":
        parts = [part for part in parts if part.strip()]
    return [part.strip().strip('"') for part in parts]


def _rows(
    lines: Sequence[Line],
    mark: str,
    columns: Sequence[str | None],
    heads: Sequence[str],
    exam_id: str,
    on: date,
) -> list[ReportDraft]:
    found = []
    for line in lines:
        cells = _cells(line, mark)
        if len(cells) != len(columns):
            continue
        draft = _row(line, dict(enumerate(cells)), columns, heads, exam_id, on)
        if draft is not None:
            found.append(draft)
    return found


def _row(
    line: Line,
    cells: dict[int, str],
    columns: Sequence[str | None],
    heads: Sequence[str],
    exam_id: str,
    on: date,
) -> ReportDraft | None:
    def cell(name: str) -> str:
        return next((cells[j] for j, column in enumerate(columns) if column == name), "")

    form = cell("form")
    named = mentions([make_line(f"{cell('test')} {f'form {form}' if form else ''}", 1)], exam_id)
    if len(named) != 1:
        return None
    family = facts.form_family(named[0].family, exam_id)
    fields = {"family": _found(named[0].family, line, "medium")}
    if named[0].form:
        fields["form"] = _found(named[0].form, line, "medium")
    values = {
        value
        for j, column in enumerate(columns)
        if column == "score" and (value := _cell_score(cells[j], heads[j], family)) is not None
    }
    if len(values) != 1:
        return None
    score = values.pop()
    fields["score"] = _found(int(score) if score.is_integer() else score, line, "medium")
    unread = [
        j
        for j, column in enumerate(columns)
        if (column is None and re.search(r"\d", cells[j]))
        or (column == "score" and _cell_score(cells[j], heads[j], family) is None and cells[j])
    ]
    days = make_line(cell("date"), line.number).days
    if len(days) == 1 and days[0].day <= on:
        note = None if days[0].single else reason("importers.day-or-month")
        fields["date"] = Found(
            days[0].day.isoformat(), line.number, line.text[:160],
            "medium" if days[0].single else "low", note,
        )  # fmt: skip
    printed = re.fullmatch(r"\s*(\d{1,3}(?:\.\d+)?)\s?%\s*", cell("printed"))
    if printed and float(printed.group(1)) <= 100.0:
        value = round(float(printed.group(1)) / 100.0, 4)
        fields["printed_p_pass"] = _found(value, line, "medium")
    if not unread:
        line.use_all()
    return ReportDraft(fields)


def _cell_score(text: str, head: str, family: FormFamily) -> float | None:
    if not _CELL.match(text):
        return None
    values = values_in(text.lower())
    if not values or (len(values) == 2 and not agree(*values)) or len(values) > 2:
        return None
    head = head.lower()
    percent = "percent" in head or "%" in head or values[0].unit == "%"
    scale = "any"
    if "digit" in head or "predicted" in head:
        scale = "three_digit"
    elif "equated" in head or "epc" in head or (percent and family.scale == "epc"):
        scale = "equated"
    elif percent:
        scale = "percent"
    elif family.scale == "epc" and values[0].unit == "":
        scale = "equated"
    return total_of(Candidate("total", 0, tuple(values), scale, True), family)  # type: ignore[arg-type]
