"""Days on which test centers are closed, as far as that is published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, Literal

from bounceback.facts.loading import day, known_exam, table
from bounceback.vocabulary import Confidence

ClosedKind = Literal["closed-weekday", "closed-yearly", "closed-holiday", "closed-dates"]

_WEEKDAYS: Final = {"sunday": 6, "saturday": 5}
_HOLIDAYS: Final = {
    # Month, weekday, which one of the month; -1 is the last.
    "thanksgiving": (11, 3, 4),
    "memorial-day": (5, 0, -1),
    "labor-day": (9, 0, 1),
}


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """Why centers are closed on a day.

    Attributes:
        kind: A weekday, a span that returns every year, a holiday, or dates of one year.
        rule: The weekday, span or holiday, as in the table.
        source: Source keys.
        confidence: How sure it is; ``inferred`` where no list of the centers was found.
    """

    kind: ClosedKind
    rule: str
    source: str
    confidence: Confidence


@lru_cache(maxsize=4096)
def closed_day(exam_id: str, on: date) -> ClosedDay | None:
    """Return why the exam's test centers are closed on a day; ``None`` where no rule closes it.

    Args:
        exam_id: Exam.
        on: The day.
    """
    known_exam(exam_id)
    for row in table("testing_days"):
        if exam_id in row["exams"].split() and _falls_on(row["kind"], row, on):
            return ClosedDay(
                row["kind"],  # type: ignore[arg-type]
                row["rule"],
                row["source"],
                row["confidence"],  # type: ignore[arg-type]
            )
    return None


def _falls_on(kind: str, row: dict[str, str], on: date) -> bool:
    first, last = day(row["first"]), day(row["last"])
    if kind == "closed-dates":
        return first is not None and last is not None and first <= on <= last
    if (first is not None and on < first) or (last is not None and on > last):
        return False
    if kind == "closed-weekday":
        return on.weekday() == _WEEKDAYS[row["rule"]]
    if kind == "closed-yearly":
        start, _, end = row["rule"].partition(" to ")
        return start <= f"{on:%m-%d}" <= end
    return on == _holiday(row["rule"], on.year)


def _holiday(name: str, year: int) -> date:
    month, weekday, which = _HOLIDAYS[name]
    if which > 0:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (which - 1))
    end = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return end - timedelta(days=(end.weekday() - weekday) % 7)
