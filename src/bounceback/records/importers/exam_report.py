"""The board's own report on the real exam: outcome, day, score where there is one, and profile."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from bounceback import facts
from bounceback.records.importers.drafts import Confidence, ExamReportDraft, Found, Unused
from bounceback.records.importers.label_dictionary import labels
from bounceback.records.importers.label_grammar import candidates_in
from bounceback.records.importers.report_areas import area_at, known_areas, names_area
from bounceback.records.importers.report_days import read_test_day
from bounceback.records.importers.text_lines import Line, any_word_in

MOST_UNUSED: Final = 200
_FIRST_LINES: Final = 12
"""Lines in which a report says what it is."""
_EXAM: Final = re.compile(
    r"\bstep\s?(1|2(?:\s?\(?ck\)?|\s?clinical knowledge)?|3)\b"
    r"|\blevel\s?(1|2(?:\s?-?\s?ce)?|3)\b"
)
_OUTCOME: Final = re.compile(
    r"^(?:\W{0,4}(?:your|final|overall|test|exam|examination|step §(?: ck)?|level §(?:-ce)?"
    r"|usmle|comlex(?:-usa)?|the|of)\b){0,8}\W{0,4}"
    r"(?:result|outcome|performance|status|pass/fail(?: (?:result|status|outcome))?|decision"
    r"|score)?s?"
    r"(?:\s(?:result|outcome|status))?\W*(?:is|was)?\W*"
    r"(pass|passed|fail|failed|did not pass|not passed|not passing)\W*$"
)
_SENTENCE: Final = re.compile(
    r"\byou (?:have )?(passed|failed|did not pass)\b|\bresult (?:is|was|of) (?:a )?(pass|fail)\b"
    r"|\b\d{3}\W{1,12}(passed|failed|pass|fail)\W*$"  # behind the score, in one line with it
)
_SCORE_OF: Final = re.compile(
    r"\b(?:your|my)\s(?:[\w-]+\s){0,3}score\s(?:of|is|was)\s(\d{3})\b(?!\s?(?:-|–|to|or|%))"
)
_LEAST_POINTS: Final = 100.0


def is_exam_report(lines: Sequence[Line]) -> bool:
    """Whether a text is the board's report on the real exam and no practice test's."""
    words = labels()["exam_report"]
    head = " \n ".join(line.low for line in lines[:_FIRST_LINES])
    whole = " \n ".join(line.low for line in lines[:400])
    if any_word_in(words["practice"], head):
        return False
    board = any_word_in(words["board"], whole)
    exam = _EXAM.search(whole) is not None
    if not exam and not board:
        return False
    outcome = any(_outcome(line) for line in lines[:400])
    said = sum(word in whole for word in words["kinds"])
    levels = sum(1 for line in lines[:400] if _level_alone(line.masked) is not None)
    if any_word_in(words["practice"], whole) and not outcome:
        return False
    if board and exam:
        return outcome or said >= 1
    return outcome and (said >= 1 or levels >= 2)


def read_exam_report(lines: Sequence[Line], exam_id: str, on: date) -> ExamReportDraft:
    """Return the sitting that a board's report is of.

    Args:
        lines: The report.
        exam_id: The exam ahead, where the report does not name its own.
        on: The learner's today.
    """
    fields: dict[str, Found] = {}
    exam, named = _exam(lines, exam_id)
    fields["exam"] = named
    day = read_test_day(lines, (), on)
    if day is not None:
        fields["date"] = day
    outcome = _whole_outcome(lines)
    if outcome is not None:
        fields["outcome"] = outcome
    score = _score(lines, exam)
    if score is not None:
        fields["score"] = score
    on_day = date.fromisoformat(day.value) if day is not None else on
    known = known_areas("official", exam, on_day)
    profile = _profile(lines, known)
    unused = tuple(
        Unused(line.number, line.text[:160])
        for line in lines
        if line.has_unread_number() or (not line.used and names_area(line, known))
    )
    return ExamReportDraft(fields, profile, unused[:MOST_UNUSED])


def _exam(lines: Sequence[Line], exam_id: str) -> tuple[str, Found]:
    """Return the exam that is named first, else the one ahead."""
    for line in lines:
        match = _EXAM.search(line.low)
        if match is None:
            continue
        step, level = match.groups()
        if step is not None:
            found = {"1": "usmle-step-1", "2": "usmle-step-2-ck", "3": "usmle-step-3"}[step[0]]
        else:
            found = {"1": "comlex-level-1", "2": "comlex-level-2-ce", "3": "comlex-level-3"}[
                level[0]
            ]
        line.use(match.start(), match.end())
        return found, Found(found, line.number, line.text[:160], "high")
    first = lines[0]
    return exam_id, Found(exam_id, first.number, first.text[:160], "low")


def _outcome(line: Line) -> str | None:
    if len(line.low) > 300:
        return None
    match = _OUTCOME.match(line.masked.strip())
    if match is None:
        sentence = _SENTENCE.search(line.low)
        word = next((group for group in sentence.groups() if group), None) if sentence else None
    else:
        word = match.group(1)
    if word is None:
        return None
    return "pass" if word in ("pass", "passed") else "fail"


def _whole_outcome(lines: Sequence[Line]) -> Found | None:
    """Return the outcome, if every line that says one says the same."""
    said = [(outcome, line) for line in lines if (outcome := _outcome(line)) is not None]
    if len({outcome for outcome, _ in said}) != 1:
        return None
    outcome, line = said[0]
    for _, one in said:
        if not one.has_result():  # a score beside it is read, or listed
            one.use_all()
    return Found(outcome, line.number, line.text[:160], "high" if len(said) > 1 else "medium")


def _score(lines: Sequence[Line], exam_id: str) -> Found | None:
    scale = facts.exam(exam_id)
    found = []
    for at, line in enumerate(lines):
        for one in candidates_in(line, at):
            value = one.values[0]
            points = value.unit == "" and one.scale in ("any", "three_digit")
            fits = max(scale.scale_low, _LEAST_POINTS) <= value.number <= scale.scale_high
            if one.kind == "total" and points and fits and value.number.is_integer():
                found.append((value, line, one.explicit))
    if not found:
        return _score_in_sentence(lines, exam_id)
    explicit = [one for one in found if one[2]] or found
    if len({value.number for value, _, _ in explicit}) != 1:
        return None
    for value, line, _ in explicit:
        line.use(value.start, value.end)
    value, line, is_explicit = explicit[0]
    sure: Confidence = "high" if is_explicit and len(found) == len(explicit) else "medium"
    return Found(int(value.number), line.number, line.text[:160], sure)


def _score_in_sentence(lines: Sequence[Line], exam_id: str) -> Found | None:
    """Read "Your score of 331 is below the passing score of 350"."""
    scale = facts.exam(exam_id)
    found = [
        (int(match.group(1)), line, match)
        for line in lines
        for match in _SCORE_OF.finditer(line.low)
        if max(scale.scale_low, _LEAST_POINTS) <= int(match.group(1)) <= scale.scale_high
    ]
    if len({value for value, _, _ in found}) != 1:
        return None
    for _, line, match in found:
        line.use(match.start(1), match.end(1))
    value, line, _ = found[0]
    return Found(value, line.number, line.text[:160], "medium")


def _level_alone(text: str) -> str | None:
    """Return the one level that a text says; ``None`` for none or several."""
    words = labels()["exam_report"]
    said = set()
    for level in ("lower", "same", "higher"):
        if any_word_in(words[level], text):
            said.add(level)
    return said.pop() if len(said) == 1 else None


def _profile(lines: Sequence[Line], known: dict[str, str]) -> dict[str, Found]:
    names = sorted(known, key=len, reverse=True)
    found: dict[str, Found] = {}
    i = 0
    while i < len(lines):
        name, rest, last = area_at(lines, i, names)
        if name is None:
            i += 1
            continue
        at = last
        if not any(c.isalpha() for c in rest) and last + 1 < len(lines):
            following = lines[last + 1]
            if len(following.text.split()) <= 4 and not names_area(following, known):
                rest, at = f"{rest} {following.low}", last + 1
        level = _level_alone(rest)
        if level is not None and known[name] not in found:
            for line in lines[i : at + 1]:
                line.use_all()
            found[known[name]] = Found(level, lines[i].number, lines[i].text[:160], "medium")
        i = at + 1
    return found
