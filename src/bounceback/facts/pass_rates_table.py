"""How often first takers and repeaters passed, by exam, group and year."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from bounceback.errors import FactError, FactUnknown
from bounceback.facts.loading import Row, known_exam, number, table, whole
from bounceback.vocabulary import GROUPS, Confidence, ExamId, Group

AttemptType = Literal["first", "repeat", "total"]

_PUBLISHED_GROUP: dict[str, str] = {
    "us-md": "us-md",
    "us-do": "us-do",
    "us-img": "non-us",
    "non-us-img": "non-us",
}
"""Boards count by school: graduates of schools abroad are one group, US citizens included."""


@dataclass(frozen=True, slots=True)
class PassRate:
    """Share of attempts that passed in one year.

    A repeat rate counts attempts of those who came back, second and later ones together: neither
    the chance of one person's second attempt nor the chance of ever passing.

    Attributes:
        exam: Exam id.
        group: Group asked for.
        group_published: Group as published: ``us-md``, ``us-do`` or ``non-us``.
        attempt_type: ``first``, ``repeat`` or ``total``.
        year: Calendar year, or the year in which the testing year ended.
        period: The period as published, "2024-2025".
        pass_percent: Percent of attempts, as published (whole points).
        n: Attempts; ``None`` where not published.
        source: Source keys.
        confidence: Confidence.
        note: What to know: other definitions of the group, an older pass mark.
    """

    exam: ExamId
    group: Group
    group_published: str
    attempt_type: AttemptType
    year: int
    period: str
    pass_percent: float
    n: int | None
    source: str
    confidence: Confidence
    note: str = ""

    @property
    def id(self) -> str:
        """Fact id, for ``facts show``; answers the newest year not after the day asked about."""
        return f"{self.exam}.pass-rate.{self.group}.{self.attempt_type}"


def _pass_rate(row: Row, group: Group) -> PassRate:
    return PassRate(
        exam=row["exam"],  # type: ignore[arg-type]
        group=group,
        group_published=row["group"],
        attempt_type=row["attempt"],  # type: ignore[arg-type]
        year=int(row["year"]),
        period=row["period"],
        pass_percent=float(row["pass_percent"]),
        n=whole(row["n"]),
        source=row["source"],
        confidence=row["confidence"],  # type: ignore[arg-type]
        note=row["note"],
    )


@cache
def pass_rates(exam_id: str, group: Group, attempt_type: AttemptType) -> tuple[PassRate, ...]:
    """Return every usable published rate, oldest year first; empty if there is none.

    Raises:
        FactError: Unknown exam, group or attempt type.
    """
    known_exam(exam_id)
    if group not in GROUPS:
        raise FactError(f"group {group!r} is not known; groups: {', '.join(GROUPS)}")
    if attempt_type not in ("first", "repeat", "total"):
        raise FactError(f"attempt type {attempt_type!r}; allowed: first, repeat, total")
    published = _PUBLISHED_GROUP[group]
    rows = [
        row
        for row in table("pass_rates")
        if (row["exam"], row["group"], row["attempt"]) == (exam_id, published, attempt_type)
        and number(row["pass_percent"]) is not None
    ]
    rows.sort(key=lambda row: int(row["year"]))
    return tuple(_pass_rate(row, group) for row in rows)


@cache
def pass_rate(exam_id: str, group: Group, attempt_type: AttemptType, year_at_most: int) -> PassRate:
    """Return the newest published pass rate of a year not after ``year_at_most``.

    Args:
        exam_id: Exam.
        group: The learner's group; both IMG groups get the published rate of schools outside
            the US, and ``group_published`` says so.
        attempt_type: ``first``, ``repeat`` or ``total``.
        year_at_most: Newest admissible year (for a testing year, the year it ended).

    Raises:
        FactError: Unknown exam, group or attempt type.
        FactUnknown: Nothing usable is published, with the reason.
    """
    rates = [r for r in pass_rates(exam_id, group, attempt_type) if r.year <= year_at_most]
    if rates:
        return rates[-1]
    published = _PUBLISHED_GROUP[group]
    reasons = [
        row["note"]
        for row in table("pass_rates")
        if (row["exam"], row["group"], row["attempt"]) == (exam_id, published, attempt_type)
        and number(row["pass_percent"]) is None
        and int(row["year"]) <= year_at_most
    ]
    reason = reasons[-1] if reasons else "no such rate was found in the boards' published material"
    raise FactUnknown(
        f"{attempt_type} pass rate of {exam_id} for {published} up to {year_at_most}: {reason}"
    )
