"""Content categories of each exam and their published shares, on a test date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import get_args

from bounceback.errors import FactError, FactUnknown
from bounceback.facts.exams import exam
from bounceback.facts.loading import Row, day, holds, known_exam, number, table
from bounceback.vocabulary import Axis, Confidence


@dataclass(frozen=True, slots=True)
class Category:
    """One content category of a blueprint axis.

    Attributes:
        name: Official name.
        axis: Axis it belongs to.
        low: Lowest share in percent (COMLEX publishes this minimum alone).
        high: Highest share in percent; ``None`` where a minimum alone is published.
        counts_as_share: Whether it enters ``exam_weights`` (Nutrition in Step 2 CK cuts across
            the other systems and does not).
        in_force_from: First test date; ``None`` if not found.
        source: Source keys.
        confidence: Confidence.
        note: What to know.
    """

    name: str
    axis: Axis
    low: float | None
    high: float | None
    counts_as_share: bool
    in_force_from: date | None
    source: str
    confidence: Confidence
    note: str = ""


@cache
def _rows_in_force(exam_id: str, on: date) -> tuple[Row, ...]:
    return tuple(row for row in table("blueprint") if row["exam"] == exam_id and holds(row, on))


@cache
def blueprint(exam_id: str, axis: Axis, on: date) -> tuple[Category, ...]:
    """Return the categories of one axis as in force on a test date, in published order.

    Axes other than the exam's ``share_axis`` overlap: their percentages add up to more than 100
    and may not be used as shares.

    Raises:
        FactError: Unknown exam or axis, or the exam has no such axis.
        FactUnknown: The blueprint of that day is not known.
    """
    known_exam(exam_id)
    if axis not in get_args(Axis):
        raise FactError(f"axis {axis!r} is not known; axes: {', '.join(get_args(Axis))}")
    rows = [row for row in _rows_in_force(exam_id, on) if row["axis"] in (axis, "*")]
    for row in rows:
        if row["axis"] == "*":  # announces a blueprint whose content was not seen
            raise FactUnknown(f"the blueprint of {exam_id} is not known for {on}: {row['note']}")
    if not rows:
        ever = [r for r in table("blueprint") if r["exam"] == exam_id and r["axis"] == axis]
        if not ever:
            raise FactError(f"{exam_id} has no {axis} axis")
        raise FactUnknown(
            f"the {axis} axis of {exam_id} is not known for {on}; the earliest seen begins "
            f"{min(r['first'] for r in ever)}"
        )
    rows.sort(key=lambda row: int(row["order"]))
    return tuple(
        Category(
            name=row["area"],
            axis=row["axis"],  # type: ignore[arg-type]
            low=number(row["low"]),
            high=number(row["high"]),
            counts_as_share=row["share"] == "yes",
            in_force_from=day(row["first"]),
            source=row["source"],
            confidence=row["confidence"],  # type: ignore[arg-type]
            note=row["note"],
        )
        for row in rows
    )


def axes(exam_id: str, on: date) -> tuple[Axis, ...]:
    """Axes whose categories are known for a test date, the share axis first."""
    share = exam(exam_id).share_axis
    rows = _rows_in_force(exam_id, on)
    if any(row["axis"] == "*" for row in rows):
        return ()
    found = dict.fromkeys(row["axis"] for row in rows)
    ordered = ([share] if share in found else []) + [a for a in found if a != share]
    return tuple(ordered)  # type: ignore[arg-type]


@cache
def _weights(exam_id: str, on: date) -> tuple[tuple[str, float], ...]:
    shares: list[tuple[str, float]] = []
    for category in blueprint(exam_id, exam(exam_id).share_axis, on):
        if not category.counts_as_share:
            continue
        assert category.low is not None
        middle = category.low if category.high is None else (category.low + category.high) / 2.0
        shares.append((category.name, middle))
    total = sum(share for _, share in shares)
    return tuple((name, share / total) for name, share in shares)


def exam_weights(exam_id: str, on: date) -> dict[str, float]:
    """Return each share-axis area's weight on a test date, summing to 1, in published order.

    Midpoints of the published ranges (USMLE) or the published minima (COMLEX), scaled to sum 1;
    without Nutrition in Step 2 CK, which cuts across the systems.

    Raises:
        FactUnknown: The blueprint of that day is not known.
    """
    return dict(_weights(exam_id, on))
