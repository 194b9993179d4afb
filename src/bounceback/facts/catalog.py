"""The catalog of resources: banks, decks, videos, books and case banks, as dated facts.

Sizes, names of filters and tags only, never content. What no source gives is ``None`` or empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final, Literal

from bounceback.errors import FactError
from bounceback.facts.loading import Row, day, holds, known_exam, number, table, whole
from bounceback.vocabulary import Confidence, ExamId, ResourceKind, Strand

Precision = Literal["exact", "at-least", "about"]
"""How a count is published."""
Scope = Literal["whole", "all-exams", "part"]
"""What a count counts: the resource for one exam, all its exams together, or a part of it."""

_UNIT_OF_KIND: Final[dict[ResourceKind, str]] = {
    "questions": "question",
    "cards": "card",
    "video": "video",
    "book": "chapter",
    "cases": "case",
}


@dataclass(frozen=True, slots=True)
class CatalogEntry:
    """One resource that learners study from.

    Attributes:
        id: Entry id, as ``resources[].catalogue`` in a case file.
        name: Its name.
        kind: What its units are.
        exams: Exams that it is made for.
        units: How many units are published; ``None``: not found.
        unit: What is counted (question, card, chapter, page, ...); empty without a count.
        precision: How exact the count is; ``None`` without one.
        scope: What the count counts; ``None`` without one.
        minutes_per_unit: Minutes for one unit with its review; ``None``: nobody publishes it.
        answering_minutes: Least and most minutes for one unit without review, as on the exam.
        strand: The strand that all of it serves; ``None`` if it serves areas as well.
        strand_filters: Strands that are a part of it, reached by its filters.
        modes: Its own names of the ways to do a block.
        status_filters: Its own names of the filters by what was done before.
        other_filters: Its own names of further filters.
        filters_confidence: How well those names are known; ``None`` without any.
        by_system: Whether it can be opened by organ system; ``None``: not found.
        prices_usd: Prices in US dollars, in the order of ``price_for``; empty: not found.
        price_for: What the prices are for, such as "30 / 90 days".
        card_tag: Tags of AnKing cards that belong to it, in the deck's own spelling.
        first: First day of this edition; ``None``: not found.
        last: Last day of this edition; ``None``: still current.
        verified_on: Day on which the source read it.
        source: Source keys.
        locator: Where in the source.
        confidence: Of the entry.
        note: What to know.
    """

    id: str
    name: str
    kind: ResourceKind
    exams: tuple[ExamId, ...]
    units: int | None
    unit: str
    precision: Precision | None
    scope: Scope | None
    minutes_per_unit: float | None
    answering_minutes: tuple[float, float] | None
    strand: Strand | None
    strand_filters: tuple[Strand, ...]
    modes: tuple[str, ...]
    status_filters: tuple[str, ...]
    other_filters: tuple[str, ...]
    filters_confidence: Confidence | None
    by_system: bool | None
    prices_usd: tuple[float, ...]
    price_for: str
    card_tag: str
    first: date | None
    last: date | None
    verified_on: date
    source: str
    locator: str
    confidence: Confidence
    note: str = ""

    @property
    def plannable_units(self) -> int | None:
        """Units that a plan may count on; ``None`` where the published count does not serve.

        A count over several exams, or of a part, is not the size for one exam. Pages and other
        units without minutes of their own are not what the minutes of that kind are about.
        """
        if self.scope != "whole":
            return None
        timed = self.minutes_per_unit is not None or self.unit == _UNIT_OF_KIND[self.kind]
        return self.units if timed else None


def _names(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def _entry(row: Row) -> CatalogEntry:
    low, high = number(row["answering_minutes_low"]), number(row["answering_minutes_high"])
    verified = day(row["verified_on"])
    assert verified is not None  # facts.check refuses an empty cell
    return CatalogEntry(
        id=row["id"],
        name=row["name"],
        kind=row["kind"],  # type: ignore[arg-type]
        exams=tuple(row["exams"].split()),  # type: ignore[arg-type]
        units=whole(row["units"]),
        unit=row["unit"],
        precision=row["precision"] or None,  # type: ignore[arg-type]
        scope=row["scope"] or None,  # type: ignore[arg-type]
        minutes_per_unit=number(row["minutes_per_unit"]),
        answering_minutes=None if low is None or high is None else (low, high),
        strand=row["strand"] or None,  # type: ignore[arg-type]
        strand_filters=tuple(row["strand_filters"].split()),  # type: ignore[arg-type]
        modes=_names(row["modes"]),
        status_filters=_names(row["status_filters"]),
        other_filters=_names(row["other_filters"]),
        filters_confidence=row["filters_confidence"] or None,  # type: ignore[arg-type]
        by_system={"yes": True, "no": False}.get(row["by_system"]),
        prices_usd=tuple(map(float, row["price_usd"].split())),
        price_for=row["price_for"],
        card_tag=row["card_tag"],
        first=day(row["first"]),
        last=day(row["last"]),
        verified_on=verified,
        source=row["source"],
        locator=row["locator"],
        confidence=row["confidence"],  # type: ignore[arg-type]
        note=row["note"],
    )


@cache
def _entries() -> dict[str, CatalogEntry]:
    return {row["id"]: _entry(row) for row in table("resources")}


def resource_catalog(exam_id: str, on: date) -> tuple[CatalogEntry, ...]:
    """Return the resources for an exam whose edition is current on a day, in file order.

    Raises:
        FactError: No such exam.
    """
    known_exam(exam_id)
    current = (row["id"] for row in table("resources") if holds(row, on))
    return tuple(e for e in map(_entries().__getitem__, current) if exam_id in e.exams)


def catalog_entry(entry_id: str) -> CatalogEntry:
    """Return one entry of the catalog.

    Raises:
        FactError: No such entry; the message names the nearest.
    """
    found = _entries().get(entry_id)
    if found is None:
        near = nearest_entries(entry_id)
        hint = f"nearest: {', '.join(near)}" if near else f"entries: {', '.join(_entries())}"
        raise FactError(f"the catalog of resources has no entry {entry_id!r}; {hint}")
    return found


@dataclass(frozen=True, slots=True)
class BankFilters:
    """What a question bank calls its filters and modes.

    Attributes:
        bank: Which; ``other`` for a bank that is not listed.
        unused: Questions never answered.
        incorrect: Questions answered wrong.
        marked: Questions that the learner flagged.
        timed: The mode with a clock.
        tutor: The mode that shows answers at once.
        by_area: The filter by organ system or subject.
        source: Source key; ``not_found`` where no source was read.
        confidence: How well the names are known.
    """

    bank: str
    unused: str
    incorrect: str
    marked: str
    timed: str
    tutor: str
    by_area: str
    source: str
    confidence: Confidence


@cache
def bank_filters(name: str) -> BankFilters:
    """Return the filters of the bank that a learner's own name of it means.

    Args:
        name: Such as "UWorld" or "my Amboss"; a bank that is not listed has the usual names.
    """
    plain = "".join(name[:200].casefold().split()).replace("-", "")
    rows = table("bank_filters")
    row = next((r for r in rows if any(word in plain for word in r["words"].split())), rows[-1])
    return BankFilters(
        bank=row["bank"],
        unused=row["unused"],
        incorrect=row["incorrect"],
        marked=row["marked"],
        timed=row["timed"],
        tutor=row["tutor"],
        by_area=row["by_area"],
        source=row["source"],
        confidence=row["confidence"],  # type: ignore[arg-type]
    )


def nearest_entries(entry_id: str) -> tuple[str, ...]:
    """Ids of the catalog that are spelled most like a text, at most three, the nearest first."""
    from difflib import get_close_matches  # needed only where something is refused

    return tuple(get_close_matches(entry_id[:80].casefold(), _entries(), n=3, cutoff=0.5))
