"""A text that a student brings: one practice test's report, a list of tests, or the board's report.

Nothing is guessed: a number counts where its label says whose it is, of what, and on which scale.
Of several candidates of equal standing none is taken. Whatever was not used is listed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from bounceback import facts
from bounceback.facts import FormFamily
from bounceback.reasons import Reason, reason
from bounceback.records.importers.drafts import (
    Confidence,
    Found,
    Reading,
    ReportDraft,
    Unused,
)
from bounceback.records.importers.exam_report import is_exam_report, read_exam_report
from bounceback.records.importers.label_grammar import (
    Candidate,
    Scale,
    agree,
    any_label,
    bare_value,
    candidates_in,
    is_confirmed,
    label_kinds,
    labels_in,
    names_another,
    names_bank,
    total_of,
)
from bounceback.records.importers.practice_test_lists import (
    is_referred_to,
    read_line_entry,
    read_table,
    split_line,
)
from bounceback.records.importers.practice_test_names import (
    Mention,
    form_alone,
    is_published_form,
    mentions,
    names_test_of_another_exam,
)
from bounceback.records.importers.report_areas import known_areas, names_area, read_areas
from bounceback.records.importers.report_days import read_test_day
from bounceback.records.importers.text_lines import Line, any_word_in, lines_of

MOST_UNUSED: Final = 200
MOST_TESTS: Final = 60
_MOST_WORDS_OF_A_HEADING: Final = 8
_STACK: Final = 4
"""Lines over which a label may be broken before its number."""
_REAL_EXAM: Final = re.compile(
    r"\b(?:failed|passed|sat|took|take|retake|retook|real|actual)\s(?:for\s)?(?:the\s|my\s)?"
    r"(?:usmle\s|comlex(?:-usa)?\s)?(?:step|level|exam|examination|boards|deal)\b[^.;|]*$"
)
_OWN: Final = ("your", "my", "you", "overall")


def read_report(text: str, exam_id: str, on: date) -> ReportDraft:
    """Return the one practice test that a report is of; of several, what is common to none.

    Args:
        text: Pasted, or taken out of a PDF; the first 200,000 characters are read.
        exam_id: The exam ahead; its families and areas are looked for.
        on: The learner's today: no report is from a later day.
    """
    reading = read_reports(text, exam_id, on)
    if len(reading.tests) == 1 and not reading.several:
        return reading.tests[0]
    return ReportDraft(unused=tuple(_listed_whole(lines_of(text))))


def read_reports(text: str, exam_id: str, on: date) -> Reading:
    """Return every practice test that a text reports, or the real exam's report.

    Args:
        text: Pasted, or taken out of a PDF; the first 200,000 characters are read.
        exam_id: The exam ahead; its families and areas are looked for.
        on: The learner's today: no result is from a later day.
    """
    lines = lines_of(text)
    if is_exam_report(lines):
        exam = read_exam_report(lines, exam_id, on)
        return Reading(exam=exam, unused=exam.unused)
    table = read_table(lines, exam_id, on)
    if table:
        return Reading(tuple(table), None, _left(lines, {}), len(table) > 1)
    named = [one for one in mentions(lines, exam_id) if not is_referred_to(lines[one.line], one)]
    identities = _identities(named)
    if len(identities) > 1:
        drafts = _several(lines, named, exam_id, on)
        if drafts is not None:
            return Reading(tuple(drafts), None, _left(lines, {}), True)
    draft = _single(lines, named, exam_id, on)
    if not draft.fields and not draft.areas:
        return Reading((), None, draft.unused)
    return Reading((draft,), None, draft.unused)


def _identities(named: Sequence[Mention]) -> set[tuple[str, str]]:
    """Return the different tests: a name without its form belongs to the form of its family."""
    whole = {(one.family, one.form) for one in named if one.form}
    with_form = {family for family, _ in whole}
    return whole | {(one.family, "") for one in named if one.family not in with_form}


# --- several tests ------------------------------------------------------------------------------


def _several(
    lines: Sequence[Line], named: Sequence[Mention], exam_id: str, on: date
) -> list[ReportDraft] | None:
    """Return one draft a test: those of a line each, and whole reports one below another.

    ``None`` where only one of the names stands with a result or as a heading, so that the text is
    one report that also speaks of another test.
    """
    by_line: dict[int, list[Mention]] = {}
    for one in named:
        by_line.setdefault(one.line, []).append(one)
    for at, here in by_line.items():
        _blank_names(lines[at], here)
    heads = [at for at, here in by_line.items() if _is_head(lines[at], here)]
    entries = [at for at in by_line if lines[at].has_result()]
    starting = sorted({*heads, *entries})
    if len(_identities([one for at in starting for one in by_line[at]])) < 2:
        return None
    found: list[ReportDraft] = []
    for place, at in enumerate(starting):
        if len(found) >= MOST_TESTS:
            break
        if at in entries:
            found.extend(_of_line(lines[at], at, by_line[at], exam_id, on))
            continue
        end = starting[place + 1] if place + 1 < len(starting) else len(lines)
        part = lines[at:end]
        moved = [replace(one, line=0) for one in by_line[at]]
        draft = _single(part, moved, exam_id, on)
        if {"score", "printed_p_pass"} & draft.fields.keys() or draft.areas:
            found.append(_less_sure(draft))
    return found


def _of_line(
    line: Line, at: int, here: Sequence[Mention], exam_id: str, on: date
) -> list[ReportDraft]:
    found = []
    for mention, start, end in split_line(line, here):
        draft = read_line_entry(line, at, mention, (start, end), exam_id, on)
        if draft is not None:
            found.append(draft)
    return found


def _is_head(line: Line, here: Sequence[Mention]) -> bool:
    """Whether a line is the heading of a report: the test's name and few other words."""
    return (
        len(here) == 1
        and not line.has_result()
        and len(line.masked.split()) <= _MOST_WORDS_OF_A_HEADING
    )


def _less_sure(draft: ReportDraft) -> ReportDraft:
    fields = {
        name: replace(found, sure="medium") if found.sure == "high" else found
        for name, found in draft.fields.items()
    }
    return replace(draft, fields=fields)


def _blank_names(line: Line, here: Sequence[Mention]) -> None:
    for one in here:
        line.blank(one.start, one.end)


# --- one test -----------------------------------------------------------------------------------


def _single(lines: Sequence[Line], named: Sequence[Mention], exam_id: str, on: date) -> ReportDraft:
    fields: dict[str, Found] = {}
    family = named[0].family if named else None
    of_family = facts.form_family(family, exam_id) if family else None
    for one in named:
        _blank_names(lines[one.line], [one])
    if family is not None:
        first = lines[named[0].line]
        fields["family"] = Found(family, first.number, first.text[:160], "high")
    form = _form(lines, named, family, exam_id)
    if form is not None:
        fields["form"] = form
    for line in lines:
        line.days = tuple(one for one in line.days if not _of_real_exam(line, one.start))
    day = read_test_day(lines, [one.line for one in named], on)
    if day is not None:
        fields["date"] = day
    context = family or "school"
    known = known_areas(context, exam_id, _day_of(day, on))
    areas = read_areas(lines, known, frozenset(one.line for one in named))
    area_lines = {i for i, line in enumerate(lines) if line.used and names_area(line, known)}
    foreign = family is None and names_test_of_another_exam(lines, exam_id)
    if not foreign:
        fields.update(_numbers(lines, named, area_lines, of_family, exam_id, on))
    return ReportDraft(fields, areas, _left(lines, known))


def _of_real_exam(line: Line, start: int) -> bool:
    """Whether a day is that of the exam itself: "I failed Step 1 on September 20"."""
    return _REAL_EXAM.search(line.low[max(0, start - 60) : start]) is not None


def _day_of(day: Found | None, on: date) -> date:
    return date.fromisoformat(day.value) if day is not None else on


def _form(
    lines: Sequence[Line], named: Sequence[Mention], family: str | None, exam_id: str
) -> Found | None:
    at: dict[str, int] = {}
    for one in named:
        if one.form:
            at.setdefault(one.form, one.line)
    if not at:
        for i, start, end, label in form_alone(lines):
            at.setdefault(label, i)
            lines[i].blank(start, end)
    if len(at) != 1:
        return None
    ((label, i),) = at.items()
    published = family is not None and is_published_form(family, label, exam_id)
    return Found(label, lines[i].number, lines[i].text[:160], "high" if published else "medium")


def _numbers(
    lines: Sequence[Line],
    named: Sequence[Mention],
    area_lines: set[int],
    family: FormFamily | None,
    exam_id: str,
    on: date,
) -> dict[str, Found]:
    candidates = [
        one
        for one in _candidates(lines, area_lines)
        if not names_bank(lines[one.line].masked, named[0].family if named else None)
    ]
    found: dict[str, Found] = {}
    printed = _printed(lines, [one for one in candidates if one.kind == "printed"])
    if printed is not None:
        found["printed_p_pass"] = printed
    totals = [one for one in candidates if one.kind == "total"]
    total = _total(lines, totals, family)
    if total is not None:
        found["score"] = total
    elif family is not None and not any(total_of(one, family) is not None for one in totals):
        behind = _behind_name(lines, named, exam_id, on)
        if behind is not None:
            found["score"] = behind
    return found


def _behind_name(
    lines: Sequence[Line], named: Sequence[Mention], exam_id: str, on: date
) -> Found | None:
    """Return a score that stands behind the test's name alone: "UWSA 2: 237"."""
    scores = []
    untouched = {one.line: list(lines[one.line].used) for one in named}
    for one in named:
        line = lines[one.line]
        before = list(line.used)
        draft = read_line_entry(line, one.line, one, (0, len(line.text)), exam_id, on)
        if draft is not None and "score" in draft.fields:
            scores.append(draft.fields["score"])
            continue
        line.used[:] = before
        below = _below_name(lines, one, exam_id)
        if below is not None:
            scores.append(below)
    if len({one.value for one in scores}) == 1:
        return scores[0]
    for at, used in untouched.items():  # two results of one test: both are listed
        lines[at].used[:] = used
    return None


def _below_name(lines: Sequence[Line], name: Mention, exam_id: str) -> Found | None:
    """Return a number that stands alone in the line below the test's name."""
    at = name.line + 1
    if at >= len(lines) or lines[name.line].masked.strip(" :-"):
        return None
    values = tuple(bare_value(lines[at].masked))
    more = at + 1 < len(lines) and bare_value(lines[at + 1].masked)
    if len(values) != 1 or more:
        return None
    family = facts.form_family(name.family, exam_id)
    equated = family.scale == "epc" and values[0].unit == "%"
    scale: Scale = "equated" if equated else "percent" if values[0].unit == "%" else "any"
    candidate = Candidate("total", at, values, scale, explicit=True)
    value = total_of(candidate, family)
    if value is None:
        return None
    _use(lines, candidate)
    number: float | int = int(value) if value.is_integer() else value
    return Found(number, lines[at].number, lines[at].text[:160], "medium")


def _candidates(lines: Sequence[Line], skip: set[int]) -> list[Candidate]:
    """Return the labelled numbers outside the parts of a report that speak of something else."""
    found: list[Candidate] = []
    others = False  # inside a part that is headed by another group, test or block
    numbers_seen = False
    for i, line in enumerate(lines):
        if not line.text:
            others = others and not numbers_seen
            continue
        if i in skip:
            continue
        if not line.has_result():
            words = len(line.masked.split())
            if words <= _MOST_WORDS_OF_A_HEADING and not line.has_number():
                others = names_another(line.masked)
                numbers_seen = False
            continue
        numbers_seen = True
        here = candidates_in(line, i)
        stacked = _stacked(lines, i) if not here else None
        if stacked is not None:
            found.append(stacked)
        elif not others or any_word_in(_OWN, line.masked):
            found.extend(here)
    return found


def _stacked(lines: Sequence[Line], i: int) -> Candidate | None:
    """Return a number that stands alone under its label; the label may be broken over lines.

    Where several labels stand before the number, or several numbers behind the label, nobody knows
    which is whose.
    """
    values = bare_value(lines[i].masked)
    if not values or (i + 1 < len(lines) and bare_value(lines[i + 1].masked)):
        return None
    if len(values) > 1 and not (len(values) == 2 and agree(*values)):
        return None
    run: list[int] = []
    for at in range(i - 1, max(-1, i - 1 - 2 * _STACK), -1):
        if not lines[at].text or lines[at].has_figure():
            break
        run.insert(0, at)
    run = run[-_STACK:]
    texts = [lines[at].masked for at in run]
    first = _first_of_label(texts)
    if first is None:
        return None
    kinds = label_kinds(texts[first:])
    if kinds not in ({"total"}, {"printed"}):
        return None
    return _under(lines, i, run[first:], kinds.pop())


def _first_of_label(texts: Sequence[str]) -> int | None:
    """Return the line in which the last label of a run of lines begins; ``None`` without one."""
    first = next((n for n in range(len(texts) - 1, -1, -1) if any_label(" ".join(texts[n:]))), None)
    while first is not None and first > 0 and any_label(texts[first - 1]):
        first -= 1
    return first


def _under(lines: Sequence[Line], i: int, run: Sequence[int], kind: str) -> Candidate | None:
    values = tuple(bare_value(lines[i].masked))
    named = labels_in(" ".join(lines[at].masked for at in run))
    at = (*run, i)
    if kind == "printed":
        if values[0].unit != "%" or len(values) > 1:
            return None
        bound = any(mark in lines[i].text for mark in "<>≤≥")
        return Candidate("printed", i, values, "any", False, bound, at)
    scales = [label.scale for label in named if label.scale != "any"]
    scale = scales[-1] if scales else "any"
    return Candidate("total", i, values, scale, any(n.explicit for n in named), False, at)


def _printed(lines: Sequence[Line], candidates: Sequence[Candidate]) -> Found | None:
    values = {one.values[0].number for one in candidates}
    if len(values) != 1:
        return None
    best = max(candidates, key=lambda one: (one.explicit, not one.bound))
    note: Reason | None = reason("importers.printed-bound") if best.bound else None
    for one in candidates:
        _use(lines, one)
    sure: Confidence = "high" if best.explicit and not best.bound else "medium"
    line = lines[best.line]
    return Found(round(values.pop() / 100.0, 4), line.number, line.text[:160], sure, note)


def _total(
    lines: Sequence[Line], candidates: Sequence[Candidate], family: FormFamily | None
) -> Found | None:
    """Return the total; of labels that differ, the one that says that the whole test is meant."""
    fitting = [(total_of(one, family), one) for one in candidates]
    fits = [(value, one) for value, one in fitting if value is not None]
    explicit = [(value, one) for value, one in fits if one.explicit]
    chosen = explicit or fits
    if not chosen or max(v for v, _ in chosen) - min(v for v, _ in chosen) > 0.51:
        return None
    confirmed = [
        (value, one) for value, one in chosen if family is not None and is_confirmed(one, family)
    ]
    value, best = (confirmed or chosen)[0]
    rivals = any(abs(other - value) > 0.51 for other, _ in fits)
    sure: Confidence = "high" if confirmed and not rivals else "medium"
    if family is None or (family.scale == "epc" and best.scale == "percent"):
        sure = "low"
    for _, one in chosen:
        _use(lines, one)
    number: float | int = int(value) if float(value).is_integer() else value
    line = lines[best.line]
    return Found(number, line.number, line.text[:160], sure)


def _use(lines: Sequence[Line], candidate: Candidate) -> None:
    for value in candidate.values:
        lines[candidate.line].use(value.start, value.end)


def _left(lines: Sequence[Line], known: dict[str, str]) -> tuple[Unused, ...]:
    """Return the lines that hold a number, or name an area, that nothing was read from."""
    found = [
        Unused(line.number, line.text[:160])
        for line in lines
        if line.has_unread_number() or (not line.used and names_area(line, known))
    ]
    return tuple(found[:MOST_UNUSED])


def _listed_whole(lines: Sequence[Line]) -> list[Unused]:
    listed = [Unused(line.number, line.text[:160]) for line in lines if line.has_number()]
    return listed[:MOST_UNUSED]
