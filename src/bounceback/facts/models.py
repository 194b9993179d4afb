"""What a fact is: one value with its unit, its first day, its source and its confidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bounceback.vocabulary import Confidence

FactValue = float | int | str | bool | tuple[float | int | str, ...] | None


@dataclass(frozen=True, slots=True)
class Sourced:
    """One published value, as in force on a day.

    Attributes:
        id: Fact id, ``usmle-step-1.pass-mark``; file ``facts/data/usmle-step-1/pass-mark.toml``.
        value: The value; ``None`` where the rule is known not to exist (never "unknown").
        unit: Unit in words, with the scale where it matters.
        in_force_from: First day on which it holds; ``None`` if the first day was not found.
        source: Key or keys of the sources, ``;``-separated, the first carrying the value.
        locator: Where in the source.
        confidence: ``official``, ``reported`` by others, or ``inferred`` by us.
        note: What the reader of the number must know; may be empty.
    """

    id: str
    value: FactValue
    unit: str
    in_force_from: date | None
    source: str
    locator: str
    confidence: Confidence
    note: str = ""
