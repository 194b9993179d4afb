"""What studies and boards found, one sentence each: for findings, reasons and the outlook."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from bounceback.errors import FactError
from bounceback.facts.loading import number, table, whole
from bounceback.vocabulary import Confidence


@dataclass(frozen=True, slots=True)
class Evidence:
    """One finding.

    Attributes:
        id: Evidence id, ``same-wrong-option``.
        topic: ``learning``, ``remedy``, ``retake``, ``consequence``, ``forgetting``,
            ``prediction``, ``wellbeing`` or ``unknown`` (what nobody publishes).
        statement: The finding in one sentence of ours.
        value: Its number; ``None`` where there is none.
        unit: Unit of the number.
        low: Lower end of its range; ``None`` where none is given.
        high: Upper end of its range.
        population: Whom it was seen in.
        n: How many.
        years: When.
        design: Kind of study; an uncontrolled or self-selected one says so.
        source: Source keys.
        confidence: ``official`` means that the paper or page itself was read.
    """

    id: str
    topic: str
    statement: str
    value: float | None
    unit: str
    low: float | None
    high: float | None
    population: str
    n: int | None
    years: str
    design: str
    source: str
    confidence: Confidence


@cache
def _all() -> dict[str, Evidence]:
    return {
        row["id"]: Evidence(
            id=row["id"],
            topic=row["topic"],
            statement=row["statement"],
            value=number(row["value"]),
            unit=row["unit"],
            low=number(row["low"]),
            high=number(row["high"]),
            population=row["population"],
            n=whole(row["n"]),
            years=row["years"],
            design=row["design"],
            source=row["source"],
            confidence=row["confidence"],  # type: ignore[arg-type]
        )
        for row in table("evidence")
    }


def evidence(evidence_id: str) -> Evidence:
    """Return one finding. Raises ``FactError`` with the nearest ids if there is none."""
    try:
        return _all()[evidence_id]
    except KeyError:
        from difflib import get_close_matches

        near = get_close_matches(evidence_id, _all(), n=3) or list(_all())[:3]
        raise FactError(
            f"no evidence has the id {evidence_id!r}; nearest: {', '.join(near)}"
        ) from None


def evidence_on(topic: str) -> tuple[Evidence, ...]:
    """Return every finding on a topic, in file order. Raises ``FactError`` for another topic."""
    found = tuple(one for one in _all().values() if one.topic == topic)
    if not found:
        topics = dict.fromkeys(one.topic for one in _all().values())
        raise FactError(f"topic {topic!r} is not known; topics: {', '.join(topics)}")
    return found
