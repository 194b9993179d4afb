"""Names of practice tests, exams, groups and people, used inside other sentences."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from bounceback import facts
from bounceback.errors import FactError
from bounceback.messages.formatting import form_words
from bounceback.messages.registry import Facts, Format, message
from bounceback.vocabulary import Cause

DATA: Final = Path(__file__).parent / "data"

GROUPS: Final[Mapping[str, str]] = {
    "us-md": "US MD students",
    "us-do": "US DO students",
    "us-img": "students and graduates of schools outside the US (US citizens included)",
    "non-us-img": "students and graduates of schools outside the US (US citizens included)",
}

CAUSES: Final[Mapping[Cause, str]] = {
    "not-learned": "Didn't know it",
    "not-recalled": "Knew it, couldn't recall it",
    "misread": "Misread the question",
    "anchored": "Anchored on my first idea",
    "narrowed-wrong": "Down to two, picked the wrong one",
    "out-of-time": "Ran out of time",
    "misconception": "Had learned it wrong",
    "slip": "Clicked the wrong answer",
}
"""Causes of missed questions, in the student's words."""


@cache
def table(name: str) -> dict[str, Any]:
    """Return a table of texts, ``data/<name>.toml``."""
    import tomllib

    return tomllib.loads((DATA / f"{name}.toml").read_text("utf-8"))


def fill(text: str, place: str) -> str:
    """Return a text with the people of a school or program in its places."""
    return text.format_map(table("people")[place])


def source_and_year(keys: str) -> str:
    """Return publisher and year of the first of the sources: "Academic Medicine, 2012"."""
    first = facts.source(keys.split(";")[0].strip())
    return f"{first.publisher}, {first.year}" if first.year else first.publisher


def exam_name(exam: str) -> str:
    """Return an exam's short name: "Step 1"."""
    return facts.exam(exam).short_name


@message("names.practice-test")
def _practice_test(f: Facts, say: Format) -> str:
    return form_words(f["family"], f["form"], f["exam"])


def score_text(family: str, exam: str, score: float) -> str:
    """Return a practice test's score on its own scale: "57% correct", "218"."""
    try:
        scale = facts.form_family(family, exam).scale
    except FactError:
        scale = "own"
    return f"{score:g}% correct" if scale in {"epc", "percent"} else f"{score:g}"
