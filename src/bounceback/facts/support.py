"""Where help is, and the short forms that may be asked. Read offline; emergency first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from bounceback.errors import FactError
from bounceback.facts.loading import Row, table, whole
from bounceback.vocabulary import Confidence

ANYWHERE = "*"
"""Country of a line that serves every country."""


@dataclass(frozen=True, slots=True)
class SupportLine:
    """One way to reach help.

    Attributes:
        kind: ``emergency``, ``crisis``, ``peer``, ``referral``, ``directory`` or ``school``.
        service: Name.
        contact: Number, text code or address, as one would dial or type it.
        country: ISO 3166 two-letter code, ``EU`` for the countries of ``regions.csv`` that have no
            lines of their own, or ``*`` for every country.
        country_name: The country in words.
        hours: When it answers; may be empty.
        audience: For whom.
        note: What to know.
        checked: Day on which the source was read. No line has yet been dialled by a person.
        source: Source keys.
        confidence: Confidence.
    """

    kind: str
    service: str
    contact: str
    country: str
    country_name: str
    hours: str
    audience: str
    note: str
    checked: date
    source: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Instrument:
    """A short questionnaire on mood, anxiety or strain.

    Attributes:
        id: Instrument id, ``phq-2``.
        name: Name.
        measures: What it measures.
        questions: The items, word for word; empty unless ``bundled``.
        answers: The answer choices from lowest to highest; empty unless ``bundled``.
        items: Number of items.
        low: Lowest sum.
        high: Highest sum.
        positive_at: Sum from which the published screen is positive; ``None``: no cut-off.
        cuts: Published cut-offs in words.
        bundled: Whether it may ship with the program.
        licence: Terms as found.
        source: Source keys.
        confidence: Confidence.
        note: What to know.
    """

    id: str
    name: str
    measures: str
    questions: tuple[str, ...]
    answers: tuple[str, ...]
    items: int
    low: int | None
    high: int | None
    positive_at: int | None
    cuts: str
    bundled: bool
    licence: str
    source: str
    confidence: Confidence
    note: str = ""


def _line(row: Row) -> SupportLine:
    return SupportLine(
        kind=row["kind"],
        service=row["service"],
        contact=row["contact"],
        country=row["country"],
        country_name=row["country_name"],
        hours=row["hours"],
        audience=row["audience"],
        note=row["note"],
        checked=date.fromisoformat(row["checked"]),
        source=row["source"],
        confidence=row["confidence"],  # type: ignore[arg-type]
    )


@lru_cache(maxsize=512)  # bounded: the country comes from outside
def support_lines(country: str | None) -> tuple[SupportLine, ...]:
    """Return the ways to reach help, the emergency number first.

    Args:
        country: ISO two-letter code of where the learner is, any case; ``None`` if unknown: then
            every line of every country is given.

    Returns:
        Lines of that country or its region, then those that serve every country. The first is
        always an emergency number or, for a country that is not listed, the sentence that stands
        for it.
    """
    rows = [_line(row) for row in table("support_lines")]
    if country is not None:
        code = country.upper()
        regions = {r["region"] for r in table("regions") if r["country"] == code}
        own = [line for line in rows if line.country == code or line.country in regions]
        everywhere = [line for line in rows if line.country == ANYWHERE]
        if any(line.kind == "emergency" for line in own):
            everywhere = [line for line in everywhere if line.kind != "emergency"]
        rows = own + everywhere
    return tuple(sorted(rows, key=lambda line: line.kind != "emergency"))


@lru_cache(maxsize=512)  # bounded: the zone comes from outside
def country_of_zone(time_zone: str) -> str | None:
    """Return the ISO code of the country a time zone belongs to; ``None`` if it is not listed."""
    return next((r["country"] for r in table("time_zones") if r["zone"] == time_zone), None)


@cache
def instruments() -> tuple[Instrument, ...]:
    """Return every instrument, bundled or not, in file order."""
    return tuple(_instrument(row) for row in table("instruments"))


def _instrument(row: Row) -> Instrument:
    bundled = row["bundled"] == "yes"
    texts = table("instrument_items") if bundled else ()
    own = [r for r in texts if r["instrument"] == row["id"]]
    return Instrument(
        id=row["id"],
        name=row["name"],
        measures=row["measures"],
        questions=tuple(r["text"] for r in own if r["part"] == "question"),
        answers=tuple(r["text"] for r in own if r["part"] == "answer"),
        items=int(row["items"]),
        low=whole(row["low"]),
        high=whole(row["high"]),
        positive_at=whole(row["positive_at"]),
        cuts=row["cuts"],
        bundled=bundled,
        licence=row["licence"],
        source=row["source"],
        confidence=row["confidence"],  # type: ignore[arg-type]
        note=row["note"],
    )


def instrument(instrument_id: str) -> Instrument:
    """Return one instrument. Raises ``FactError`` with the list if there is none."""
    for found in instruments():
        if found.id == instrument_id:
            return found
    raise FactError(
        f"instrument {instrument_id!r} is not known; instruments: "
        + ", ".join(found.id for found in instruments())
    )
