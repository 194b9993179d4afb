"""Published rules by which schools (and a publisher) clear a student to sit. Scores only."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from bounceback.errors import FactError
from bounceback.facts.loading import Row, number, table, whole
from bounceback.facts.practice_tests import FormScale
from bounceback.vocabulary import Confidence, ExamId


@dataclass(frozen=True, slots=True)
class ClearanceRule:
    """One published rule. Uses scores, counts and days; never a probability.

    Attributes:
        id: Rule id, as ``exam.clearance`` in a case file.
        school: Whose rule.
        exam: Exam whose sitting it gates.
        text: The rule in our words.
        families: Form families that count.
        scale: Scale of ``minimum``; scores on another scale are converted first.
        minimum: Score that clears; ``None`` where the school does not publish it.
        strictly_above: Whether the score must exceed ``minimum`` instead of reaching it.
        conditional_minimum: Score that clears on conditions named in ``text``; else ``None``.
        count: How many such results are needed.
        within_days: Results must be at most this many days before the sitting; ``None``: no limit.
        max_tries: Tries the school allows; ``None``: not stated.
        block_percent: Percent correct on mixed timed question blocks that is needed as well.
        block_days: Days over which that percentage is taken.
        year: Year or edition of the rule, as text.
        source: Source keys.
        confidence: Confidence.
        note: What to know.
    """

    id: str
    school: str
    exam: ExamId
    text: str
    families: tuple[str, ...]
    scale: FormScale
    minimum: float | None
    strictly_above: bool
    conditional_minimum: float | None
    count: int
    within_days: int | None
    max_tries: int | None
    block_percent: float | None
    block_days: int | None
    year: str
    source: str
    confidence: Confidence
    note: str = ""


def _clearance_rule(row: Row) -> ClearanceRule:
    return ClearanceRule(
        id=row["id"],
        school=row["school"],
        exam=row["exam"],  # type: ignore[arg-type]
        text=row["text"],
        families=tuple(row["families"].split()),
        scale=row["scale"],  # type: ignore[arg-type]
        minimum=number(row["minimum"]),
        strictly_above=row["strictly_above"] == "yes",
        conditional_minimum=number(row["conditional_minimum"]),
        count=int(row["count"]),
        within_days=whole(row["within_days"]),
        max_tries=whole(row["max_tries"]),
        block_percent=number(row["block_percent"]),
        block_days=whole(row["block_days"]),
        year=row["year"],
        source=row["source"],
        confidence=row["confidence"],  # type: ignore[arg-type]
        note=row["note"],
    )


@cache
def clearance_rules() -> tuple[ClearanceRule, ...]:
    """Return every published clearance rule, in file order."""
    return tuple(_clearance_rule(row) for row in table("clearance_rules"))


def clearance_rule(rule_id: str) -> ClearanceRule:
    """Return one clearance rule.

    Raises:
        FactError: No such rule; the message lists those that exist.
    """
    for rule in clearance_rules():
        if rule.id == rule_id:
            return rule
    raise FactError(
        f"clearance rule {rule_id!r} is not known; rules: "
        + ", ".join(["none", *(rule.id for rule in clearance_rules())])
    )
