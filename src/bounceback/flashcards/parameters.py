"""The published numbers of the flash cards: weights, limits, habits, defaults.

They are data (``data/parameters.csv``), one row a number, each with unit, first day, source,
locator and confidence; ``spread`` is the standard deviation of a weight among students as the
reference trainer uses it. Read once, kept.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bounceback.errors import FactUnknown


@dataclass(frozen=True, slots=True)
class Parameter:
    """One published number.

    Attributes:
        name: Its name, ``group.what``.
        value: The number, in ``unit``.
        low: Smallest value that it may take, or ``None`` if none is published.
        high: Largest value that it may take, or ``None``.
        spread: Standard deviation among students, or ``None``.
        unit: Unit of all the above.
        source: Who published it, with version.
        locator: Where in the source.
        confidence: ``official``, ``reported`` or ``inferred``.
        note: What it means or what to beware of.
    """

    name: str
    value: float
    low: float | None
    high: float | None
    spread: float | None
    unit: str
    source: str
    locator: str
    confidence: str
    note: str


def _number(text: str) -> float | None:
    return float(text) if text else None


@cache
def parameters() -> dict[str, Parameter]:
    """Return every row of the table by name, in the order of the file."""
    text = (files("bounceback.flashcards") / "data" / "parameters.csv").read_text(encoding="utf-8")
    return {
        row["name"]: Parameter(
            name=row["name"],
            value=float(row["value"]),
            low=_number(row["low"]),
            high=_number(row["high"]),
            spread=_number(row["spread"]),
            unit=row["unit"],
            source=row["source"],
            locator=row["locator"],
            confidence=row["confidence"],
            note=row["note"],
        )
        for row in csv.DictReader(io.StringIO(text))
    }


def parameter(name: str) -> Parameter:
    """Return one number with its source.

    Raises:
        FactUnknown: No such name.
    """
    try:
        return parameters()[name]
    except KeyError:
        raise FactUnknown(
            f"No parameter {name!r} in memory/data/parameters.csv; ask parameters() for the names."
        ) from None


def value(name: str) -> float:
    """Return one number."""
    return parameter(name).value


def group(prefix: str) -> tuple[Parameter, ...]:
    """Return the rows whose name starts with ``prefix`` and a dot, in file order."""
    return tuple(row for name, row in parameters().items() if name.startswith(f"{prefix}."))
