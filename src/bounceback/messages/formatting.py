"""Format dates, shares, chances and test names. Used by the web app, the CLI and the PDF."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from bounceback import facts
from bounceback.errors import FactError
from bounceback.vocabulary import Activity, SessionKind

MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

ACTIVITY_WORDS: Final[Mapping[Activity, str]] = {
    "questions": "New questions",
    "review": "Incorrects",
    "cards": "Cards",
    "reading": "Reading",
    "video": "Video",
    "form": "Practice test",
    "other": "Extra study",
}
"""What study is called where a student logs it."""

_KIND_WORDS: Final[Mapping[SessionKind, str]] = {
    "rest": "Day off",
    "buffer": "Catch-up time",
    "logistics": "Test-day prep",
    "form": "Practice test",
    "review": "Review",
    "study": "Study",
}

_STAND_INS: Final = {"timed-mixed-blocks": "timed mixed blocks of"}
"""What is no form of a family, in words."""


_NUMBERED_NBME: Final = frozenset({"nbme-cbssa", "nbme-ccssa", "nbme-ccmsa"})
"""Self-assessments that students call by number: NBME 31."""


def day_words(day: date, *, weekday: bool = False, year: bool = True) -> str:
    """Return "Friday, January 8, 2027", without weekday or year if not asked for."""
    text = f"{MONTHS[day.month - 1]} {day.day}"
    if year:
        text += f", {day.year}"
    return f"{WEEKDAYS[day.weekday()]}, {text}" if weekday else text


def of_ten(p: float) -> str:
    """Return a chance as a count: "about 6 in 10", of 100 at the ends, where tens would mislead.

    Never nothing and never everything: "fewer than 1 in 100", at most "about 99 in 100".
    """
    return f"about {round(10 * p)} in 10" if 0.05 < p < 0.95 else _of_hundred(p)


def _of_hundred(p: float) -> str:
    n = min(99, round(100 * p))
    return f"about {n} in 100" if n else "fewer than 1 in 100"


def side_by_side(chances: Sequence[float]) -> tuple[str, ...]:
    """Return chances to compare as counts, in 10, or in 100 where tens would hide a difference.

    A chance within half a count of 100 of another is the same count in either.
    """
    tens = [of_ten(p) for p in chances]
    exact = [_of_hundred(p) for p in chances]
    told_apart = len(set(zip(tens, exact, strict=True))) == len(set(tens))
    return tuple(tens if told_apart else exact)


def session_words(kind: SessionKind, activity: Activity | None) -> str:
    """Return what a session of the plan is called: "New questions", "Incorrects", "Day off".

    The plan's own ``other`` is writing from memory; in a log it is any other work.
    """
    if activity is None:
        return _KIND_WORDS[kind]
    if activity == "review" and kind == "review":
        return "Review"
    return "Write from memory" if activity == "other" else ACTIVITY_WORDS[activity]


def form_words(family: str, label: str, exam_id: str) -> str:
    """Return a practice test's usual name: "NBME 31", "Free 120 (2026)", "COMSAE Phase 1 P1-A".

    Args:
        family: Family id; one that is not known is said as it is written.
        label: The form's label.
        exam_id: Exam.
    """
    try:
        name = facts.form_family(family, exam_id).name
    except FactError:
        name = _STAND_INS.get(family, family)
    short = re.search(r"\(([^()]+)\)$", name)
    name = short.group(1) if short else name
    if family in _NUMBERED_NBME:
        name = "NBME"
    if family == "free-120" and label:
        label = f"({label})"
    return f"{name} {label}".strip()
