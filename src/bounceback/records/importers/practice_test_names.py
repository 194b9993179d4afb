"""Names of practice tests in a text: which test, which form, and where it is named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from bounceback import facts
from bounceback.errors import FactError
from bounceback.records.importers.label_dictionary import labels
from bounceback.records.importers.text_lines import Line

_NBME_OF: Final = {
    "usmle-step-1": "nbme-cbssa",
    "usmle-step-2-ck": "nbme-ccssa",
    "usmle-step-3": "nbme-ccmsa",
}
"""What students mean by "NBME 30", by exam."""
_WITHOUT_NUMBER: Final = frozenset({"free-120", "nbme-cbse", "nbme-ccse", "school", "amboss-sa"})
"""Families without numbered forms: a number behind the name is a result."""
_NAMED_FORM: Final = (
    r"[\s,:(–-]{0,3}(?:phase\s?\d\s?)?[\s,:(–-]{0,3}(?:form|version)\s?[:#]?\s?"
    r"([a-z]?\d{1,4}[a-z]?|p\d-[a-z]|[a-h])\b(?!\s?%|/\d|\.\w)"
)
_BARE_FORM: Final = (
    r"\s?(?:\([a-z]{4,6}\)\s?)?#?(?:no\.?\s?)?(\d{1,2})(?![\d%/\w]|\s%|[.,]\d|-\d|\s(?:of|out)\b)"
)
_LETTER_FORM: Final = r"\s(?:phase\s?\d\s?)?(p\d-[a-e]|[a-e])\b(?![.\w'])"
_FORM_ALONE: Final = re.compile(
    r"\bform\s?(?:number|name|no\.?)?\s?[:#]?\s?([a-z]?\d{1,4}[a-z]?|p\d-[a-z])\b(?!\s?%|/\d|\.\d)"
    r"|\bform\s?(?:name\s?)?:?\s([a-h])\b(?!\.\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A practice test that a line names.

    Attributes:
        line: Index of the line.
        start: First character of the name in it.
        end: Character after the name and its form.
        family: Family id.
        form: The form's label; empty where none stands there.
        foreign: Whether the family is of another exam.
    """

    line: int
    start: int
    end: int
    family: str
    form: str
    foreign: bool = False


@cache
def _pattern(exam_id: str) -> tuple[re.Pattern[str], dict[str, str], frozenset[str]]:
    """Return the pattern of all names, the family of each name, and the exam's own families."""
    own = frozenset(facts.form_families(exam_id))
    names: dict[str, str] = {}
    for family in facts.form_families():
        spelled = list(labels()["families"].get(family, ()))
        if family != "school":
            published = facts.form_family(family, exam_id if family in own else None).name
            spelled.append(published.casefold())
            spelled.append(re.sub(r"\s*\([^)]*\)", "", published).casefold())
        for name in spelled:
            names.setdefault(name, family)
    alternatives = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    nbme = r"nbme(?=\s?(?:form|practice exam|practice test|self-assessment|#|no\.?)?\s?#?\d{1,2}\b)"
    return re.compile(rf"(?<![\w])(?:({alternatives})|({nbme}))"), names, own


_ABBREVIATED: Final = re.compile(r"\s?\((?:cbssa|ccssa|ccmsa|cbse|ccse|uwsa|comsae|free 120)\)")
_NBME_FORM: Final = re.compile(
    r"\s?(?:form|practice exam|practice test|self-assessment|#|no\.?)?\s?#?"
    r"(\d{1,2})(?![\d%/\w]|\s%|[.,]\d|-\d|\s(?:of|out)\b)"
)
_FORMS: Final = tuple(re.compile(one) for one in (_NAMED_FORM, _BARE_FORM, _LETTER_FORM))


_COMSAE_NUMBER: Final = re.compile(
    r"\s?#?([12]\d{2})(?=\s*(?:[:=→(–-]|->|was\b|is\b|score)[^\d]{0,20}(?:\([^)]*\)[^\d]{0,20})?\d{3}\b)"
)
"""A number of three digits is a form only where a score of three digits follows it."""


def mentions(lines: Sequence[Line], exam_id: str) -> list[Mention]:
    """Return the practice tests that lines name, in order, without those of other exams."""
    return [one for one in _all(lines, exam_id) if not one.foreign]


def names_test_of_another_exam(lines: Sequence[Line], exam_id: str) -> bool:
    """Whether a practice test is named that does not serve the exam."""
    return any(one.foreign for one in _all(lines, exam_id))


def _all(lines: Sequence[Line], exam_id: str) -> list[Mention]:
    pattern, names, own = _pattern(exam_id)
    found = []
    for at, line in enumerate(lines):
        for match in pattern.finditer(line.low):
            if match.group(2) is not None:
                mention = _nbme(line, at, match, exam_id)
            else:
                family = names[match.group(1)]
                glued = line.low[match.end() : match.end() + 1].isalpha()
                mention = None if glued else _named(line, at, match, family, family not in own)
            if mention is not None:
                found.append(mention)
    return found


def _nbme(line: Line, at: int, match: re.Match[str], exam_id: str) -> Mention | None:
    form = _NBME_FORM.match(line.low, match.end())
    if form is None or exam_id not in _NBME_OF:
        return None
    return Mention(at, match.start(), form.end(), _NBME_OF[exam_id], form.group(1))


def _named(line: Line, at: int, match: re.Match[str], family: str, foreign: bool) -> Mention:
    end = match.end()
    if abbreviated := _ABBREVIATED.match(line.low, end):
        end = abbreviated.end()
    named, bare, letter = _FORMS
    form = named.match(line.low, end)
    if form is None and family not in _WITHOUT_NUMBER:
        form = bare.match(line.low, end)
    if form is None and family == "comsae":
        form = _COMSAE_NUMBER.match(line.low, end) or letter.match(line.low, end)
    label = form.group(1) if form is not None else ""
    if form is not None and family in _WITHOUT_NUMBER and family != "school":
        label = ""  # a form code of a family whose forms are not told apart
    if len(label) == 1 or label.startswith("p"):
        label = label.upper()
    return Mention(at, match.start(), form.end() if form else end, family, label, foreign)


def form_alone(lines: Sequence[Line]) -> list[tuple[int, int, int, str]]:
    """Return "Form 31" that stands apart from the test's name: line, start, end, label."""
    found = []
    for at, line in enumerate(lines):
        for match in _FORM_ALONE.finditer(line.text):
            label = match.group(1) or match.group(2)
            if match.group(2) is not None and match.group(2).islower():
                continue  # "form a" is no label
            found.append((at, match.start(), match.end(), label))
    return found


def is_published_form(family: str, form: str, exam_id: str) -> bool:
    """Whether the facts list this form of the family."""
    try:
        return form.upper() in {one.upper() for one in facts.form_family(family, exam_id).forms}
    except FactError:
        return False
