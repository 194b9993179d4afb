"""The method's rule of thumb for the time a retake needs. Inferred throughout."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from bounceback.facts.loading import number, table
from bounceback.vocabulary import Confidence


@dataclass(frozen=True, slots=True)
class TimeNeededLevel:
    """One of the three levels of the guide.

    Attributes:
        level: ``mostly-solid``, ``wobbly`` or ``fundamental-gap``.
        distance: The word a failing report's graphic gets at the same cuts: near, moderate, far.
        sd_below_from: Distance below the mark, in SD of the exam, from which the level applies
            (included).
        sd_below_to: Distance at which the next level begins; ``None`` for the last.
        weeks_low: Weeks; ``None`` where the guide names none.
        weeks_high: Weeks; ``None`` where the guide names none.
        advice: What the guide adds.
        source: Source keys.
        confidence: Confidence.
    """

    level: str
    distance: str
    sd_below_from: float
    sd_below_to: float | None
    weeks_low: float | None
    weeks_high: float | None
    advice: str
    source: str
    confidence: Confidence


@cache
def time_needed_guide() -> tuple[TimeNeededLevel, ...]:
    """Return the levels, nearest the mark first. The exam's SD is ``<exam>.time-needed-sd``."""
    return tuple(
        TimeNeededLevel(
            level=row["level"],
            distance=row["distance"],
            sd_below_from=float(row["sd_below_from"]),
            sd_below_to=number(row["sd_below_to"]),
            weeks_low=number(row["weeks_low"]),
            weeks_high=number(row["weeks_high"]),
            advice=row["advice"],
            source=row["source"],
            confidence=row["confidence"],  # type: ignore[arg-type]
        )
        for row in table("time_needed")
    )
