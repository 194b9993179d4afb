"""How days, shares, chances and practice tests are said. One wording for every room and face."""

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
    "questions": "questions",
    "review": "second look",
    "cards": "flash cards",
    "reading": "reading",
    "video": "video",
    "form": "practice test",
    "other": "other work",
}
"""What study is called where a learner notes it."""

_KIND_WORDS: Final[Mapping[SessionKind, str]] = {
    "rest": "rest",
    "buffer": "free, unless something is left over",
    "logistics": "practical things",
    "form": "practice test",
    "review": "second look",
    "study": "study",
}

_STAND_INS: Final = {"timed-mixed-blocks": "timed mixed blocks of"}
"""What is no form of a family, in words."""


def day_words(day: date, *, weekday: bool = False, year: bool = True) -> str:
    """ "Friday 8 January 2027", without weekday or year if not asked for."""
    text = f"{day.day} {MONTHS[day.month - 1]}"
    if year:
        text += f" {day.year}"
    return f"{WEEKDAYS[day.weekday()]} {text}" if weekday else text


def of_ten(p: float) -> str:
    """A share or chance as a count: "about 6 of 10"; of 100 at the ends, where tens would mislead.

    Never nothing and never everything: "fewer than 1 of 100", at most "about 99 of 100".
    """
    return f"about {round(10 * p)} of 10" if 0.05 < p < 0.95 else _of_hundred(p)


def _of_hundred(p: float) -> str:
    n = min(99, round(100 * p))
    return f"about {n} of 100" if n else "fewer than 1 of 100"


def side_by_side(chances: Sequence[float]) -> tuple[str, ...]:
    """Chances that are compared, as counts: of 10, or of 100 where two would read the same in tens.

    A chance within half a count of 100 of another is the same count in either.
    """
    tens = [of_ten(p) for p in chances]
    exact = [_of_hundred(p) for p in chances]
    told_apart = len(set(zip(tens, exact, strict=True))) == len(set(tens))
    return tuple(tens if told_apart else exact)


def session_words(kind: SessionKind, activity: Activity | None) -> str:
    """What a session of the plan is called: "questions", "second look", "practical things".

    The plan's own ``other`` is recall from memory; in a log it is any other work.
    """
    if activity is None:
        return _KIND_WORDS[kind]
    return "recall on paper" if activity == "other" else ACTIVITY_WORDS[activity]


def form_words(family: str, label: str, exam_id: str) -> str:
    """A practice test by the name it goes by: "CBSSA 31", "Free 120 (2026)", "COMSAE Phase 1 P1-A".

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
    if family == "free-120" and label:
        label = f"({label})"
    return f"{name} {label}".strip()
