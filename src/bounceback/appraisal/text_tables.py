"""The tables of this package: dimensions with their sub-questions, published evidence."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from bounceback import facts
from bounceback.appraisal.models import Kind
from bounceback.errors import FactError, QuestionError
from bounceback.facts import Source
from bounceback.vocabulary import Confidence

DATA: Final = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Part:
    """A sub-question of a dimension."""

    id: str


@dataclass(frozen=True, slots=True)
class Dimension:
    """One of the nineteen things an appraisal looks at.

    Attributes:
        id: Name in the briefing.
        asked: ``seven`` for the questions of the method, ``added`` for those of the evidence.
        kind: What sort of cause it names.
        parts: Sub-questions.
    """

    id: str
    asked: str
    kind: Kind
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A published finding in one sentence, with where and when.

    Attributes:
        id: Key in ``data/evidence.toml``.
        says: The finding, counts first.
        fact: Row of the evidence table of facts; empty for a choice of our own or a gap.
        source: Publisher; empty without ``fact``.
        year: Year of the source; empty without ``fact``.
        confidence: Confidence of the row.
    """

    id: str
    says: str
    fact: str
    source: str
    year: str
    confidence: Confidence

    @property
    def sentence(self) -> str:
        """The finding with source and year; a design choice says so itself."""
        if not self.source:
            return self.says if self.says.endswith(".") else f"{self.says}."
        return f"{self.says} ({self.source}, {self.year})."


@cache
def load_table(name: str) -> dict[str, Any]:
    """Return a table of this package, ``data/<name>.toml``."""
    return tomllib.loads((DATA / f"{name}.toml").read_text("utf-8"))


@cache
def dimensions() -> tuple[Dimension, ...]:
    """The nineteen dimensions in the order in which they are asked."""
    return tuple(
        Dimension(
            id=row["id"],
            asked=row["asked"],
            kind=row["kind"],
            parts=tuple(Part(name) for name in row["parts"]),
        )
        for row in load_table("dimensions")["dimension"]
    )


def dimension(dimension_id: str) -> Dimension:
    """One dimension.

    Raises:
        QuestionError: There is no such dimension.
    """
    for found in dimensions():
        if found.id == dimension_id:
            return found
    raise QuestionError(
        f"dimension {dimension_id!r} is not known; allowed: "
        f"{', '.join(d.id for d in dimensions())} (appraisal). Use one of these names."
    )


@cache
def evidence(evidence_id: str) -> Evidence:
    """One published finding.

    Raises:
        QuestionError: There is no such entry.
    """
    rows = load_table("evidence")
    if evidence_id not in rows:
        raise QuestionError(
            f"evidence {evidence_id!r} is not known; allowed: {', '.join(rows)} "
            "(appraisal/data/evidence.toml). Add it there with source and year."
        )
    row = rows[evidence_id]
    if "fact" not in row:
        return Evidence(evidence_id, row["says"], "", "", "", "inferred")
    fact = evidence_row(row["fact"])
    source = first_source(fact["source"])
    confidence: Confidence = fact["confidence"] or "reported"  # type: ignore[assignment]
    return Evidence(
        evidence_id, row["says"], row["fact"], source.publisher, source.year, confidence
    )


def evidence_row(fact_id: str) -> dict[str, str]:
    """A row of the evidence table of facts.

    Raises:
        FactError: There is no such row.
    """
    for row in facts.table("evidence"):
        if row["id"] == fact_id:
            return row
    raise FactError(
        f"evidence {fact_id!r} is not in facts/data/tables/evidence.csv; allowed: an id of that "
        "table. Add the row with its source there."
    )


def first_source(keys: str) -> Source:
    """The first of the sources named in a fact."""
    return facts.source(keys.split(";")[0].strip())
