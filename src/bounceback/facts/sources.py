"""The publications behind the values: what the source key of a row stands for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from bounceback.errors import FactError
from bounceback.facts.loading import SOURCES, read_csv


@dataclass(frozen=True, slots=True)
class Source:
    """A publication. ``address`` is empty where none was recorded; ``year`` is text ("about 2020").

    Attributes:
        key: The key that rows carry.
        publisher: Who published it.
        title: Title or citation.
        year: Year as recorded, possibly "2022+" or empty.
        address: Web address or identifier.
        read_on: Day on which the stored copy was read.
    """

    key: str
    publisher: str
    title: str
    year: str
    address: str
    read_on: date


@cache
def _sources() -> dict[str, Source]:
    found: dict[str, Source] = {}
    for row in read_csv(SOURCES):
        publication = Source(
            key=row["key"],
            publisher=row["publisher"],
            title=row["title"],
            year=row["year"],
            address=row["address"],
            read_on=date.fromisoformat(row["read_on"]),
        )
        for key in (row["key"], *row["also"].split()):
            found[key] = publication
    return found


def source(key: str) -> Source:
    """Return the publication behind a source key.

    Args:
        key: One key, or another key under which the same publication was noted (column
            ``also``). A row may carry several, ``;``-separated: split first.

    Raises:
        FactError: No such source.
    """
    try:
        return _sources()[key.strip()]
    except KeyError:
        raise FactError(
            f"source {key!r} is not listed; every key stands in facts/data/sources.csv"
        ) from None


def source_keys(text: str) -> tuple[str, ...]:
    """Split the ``source`` cell of a row into its keys, in order."""
    return tuple(key.strip() for key in text.split(";") if key.strip())
