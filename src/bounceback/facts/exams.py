"""The six exams: name, scale, pass mark, shape of the day, norms and precision, on a date."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, lru_cache

from bounceback.errors import FactUnknown
from bounceback.facts.loading import day, known_exam, newest_in_force, number, table, value, whole
from bounceback.facts.models import Sourced
from bounceback.vocabulary import Axis, Confidence, ExamId


@dataclass(frozen=True, slots=True)
class Exam:
    """One examination.

    Attributes:
        id: Exam id of the case file.
        name: Full name, "USMLE Step 1".
        short_name: "Step 1".
        board: "USMLE" or "COMLEX-USA".
        share_axis: The one blueprint axis whose categories do not overlap, usable as shares.
        scale_low: Lowest reportable score.
        scale_high: Highest reportable score.
        source: Source keys.
        confidence: Confidence of the scale.
    """

    id: ExamId
    name: str
    short_name: str
    board: str
    share_axis: Axis
    scale_low: float
    scale_high: float
    source: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class PassMark:
    """Lowest passing score on the reported scale, as in force on a test date.

    Attributes:
        id: Fact id.
        value: Points.
        status: ``official``, ``reported`` or ``inferred``.
        in_force_from: First test date; ``None`` if not found.
        source: Source keys.
        number_reported: Whether the learner sees a number. ``False`` for Step 1 since 2022-01-26
            and Level 1 since 2022-05-10; Step 1's mark may then move without being published.
        note: What to know about the value.
    """

    id: str
    value: float
    status: Confidence
    in_force_from: date | None
    source: str
    number_reported: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class BlockRhythm:
    """Shape of the exam day (of all days together where there are two).

    Attributes:
        id: Fact id, for ``facts show``.
        items_per_block: Most multiple-choice items in one block (or section).
        minutes_per_block: Minutes for one block; COMLEX sections share a session clock, so this
            is the session's minutes divided by its sections.
        blocks: Blocks or sections in all.
        items: Multiple-choice items in all (the published maximum where it is one).
        session_hours: Hours at the centre, all days together.
        days: Days of testing.
        cases: Simulated or decision-making cases beside the items; 0 where there are none.
        in_force_from: First test date; ``None`` if not found.
        source: Source keys.
        confidence: Confidence of the row.
        note: What to know.
    """

    id: str
    items_per_block: int
    minutes_per_block: float
    blocks: int
    items: int
    session_hours: float
    days: int
    cases: int
    in_force_from: date | None
    source: str
    confidence: Confidence
    note: str = ""

    @property
    def seconds_per_item(self) -> float:
        """Seconds of testing time per item in a full block."""
        return self.minutes_per_block * 60.0 / self.items_per_block


@dataclass(frozen=True, slots=True)
class Norms:
    """Distribution of reported scores of first takers.

    Attributes:
        id: Fact id, for ``facts show``.
        mean: Points.
        sd: Points.
        cohort: Who they were.
        n: Examinees, where published (may cover several years).
        in_force_from: First day of the year the cohort belongs to.
        source: Source keys.
        confidence: Confidence.
    """

    id: str
    mean: float
    sd: float
    cohort: str
    n: int | None
    in_force_from: date | None
    source: str
    confidence: Confidence


@cache
def exam(exam_id: str) -> Exam:
    """Return one of the six exams. Raises ``FactError`` for another id."""
    known_exam(exam_id)
    row = next(row for row in table("exams") if row["id"] == exam_id)
    return Exam(
        id=row["id"],  # type: ignore[arg-type]
        name=row["name"],
        short_name=row["short_name"],
        board=row["board"],
        share_axis=row["share_axis"],  # type: ignore[arg-type]
        scale_low=float(row["scale_low"]),
        scale_high=float(row["scale_high"]),
        source=row["source"],
        confidence=row["confidence"],  # type: ignore[arg-type]
    )


@cache
def pass_mark(exam_id: str, on: date) -> PassMark:
    """Return the pass mark for a test date.

    Raises:
        FactError: Not one of the six exams.
        FactUnknown: No mark is known for that day.
    """
    known_exam(exam_id)
    mark = value(f"{exam_id}.pass-mark", on)
    assert isinstance(mark.value, int | float)
    return PassMark(
        id=mark.id,
        value=float(mark.value),
        status=mark.confidence,
        in_force_from=mark.in_force_from,
        source=mark.source,
        number_reported=bool(value(f"{exam_id}.number-reported", on).value),
        note=mark.note,
    )


@cache
def block_rhythm(exam_id: str, on: date) -> BlockRhythm:
    """Return the shape of the exam on a test date.

    Raises:
        FactUnknown: The counts for that day are not published (COMLEX Level 3 from 2027);
            ``rehearsal_rhythm`` then gives what to practise with.
    """
    known_exam(exam_id)
    row = newest_in_force((r for r in table("exam_structure") if r["exam"] == exam_id), on)
    if row is None:
        raise FactUnknown(f"the shape of {exam_id} is not known for {on}: the day is too early")
    items, per_block = whole(row["items"]), whole(row["items_per_block"])
    minutes, blocks = number(row["minutes_per_block"]), whole(row["blocks"])
    hours = number(row["session_hours"])
    if items is None or per_block is None or minutes is None or blocks is None or hours is None:
        raise FactUnknown(f"the shape of {exam_id} is not known for {on}: {row['note']}")
    return BlockRhythm(
        id=f"{exam_id}.block-rhythm",
        items_per_block=per_block,
        minutes_per_block=minutes,
        blocks=blocks,
        items=items,
        session_hours=hours,
        days=int(row["days"]),
        cases=int(row["cases"]),
        in_force_from=day(row["first"]),
        source=row["source"],
        confidence=row["confidence"],  # type: ignore[arg-type]
        note=row["note"],
    )


@cache
def rehearsal_rhythm(exam_id: str, on: date) -> BlockRhythm:
    """Return the block shape to practise with for a test date.

    ``block_rhythm`` where it is published; else the last published one, called ``inferred``.
    """
    try:
        return block_rhythm(exam_id, on)
    except FactUnknown as unknown:
        starts = sorted(
            first
            for row in table("exam_structure")
            if row["exam"] == exam_id and (first := day(row["first"])) is not None and first <= on
        )
        for start in reversed(starts):
            if start == date.min:
                break
            try:
                earlier = block_rhythm(exam_id, start - timedelta(days=1))
            except FactUnknown:
                continue
            return replace(
                earlier,
                confidence="inferred",
                note=f"{unknown}. Until it is published, practise with the last published shape",
            )
        raise


@cache
def norms(exam_id: str, on: date) -> Norms:
    """Return mean and SD of first takers, the newest cohort that begins on or before a day.

    First takers of MD schools (USMLE) or all first takers (COMLEX): no group of retakers.
    The newest row holds after its own year; Step 1's last is of 2018, before pass/fail.

    Raises:
        FactUnknown: No cohort that early.
    """
    known_exam(exam_id)
    row = newest_in_force((r for r in table("norms") if r["exam"] == exam_id), on)
    if row is None:
        raise FactUnknown(f"norms of {exam_id} are not known on {on}: no cohort that early")
    return Norms(
        id=f"{exam_id}.norms",
        mean=float(row["mean"]),
        sd=float(row["sd"]),
        cohort=row["cohort"],
        n=whole(row["n"]),
        in_force_from=day(row["first"]),
        source=row["source"],
        confidence=row["confidence"],  # type: ignore[arg-type]
    )


def measurement_error(exam_id: str, on: date) -> Sourced:
    """Return the exam's standard error of measurement in points of its reported scale.

    Raises:
        FactUnknown: None is published (COMLEX); the forecast then infers one from reliability.
    """
    return value(f"{known_exam(exam_id)}.sem", on)


@lru_cache(maxsize=4096)  # bounded: scores come from outside
def percentile(exam_id: str, score: float, on: date) -> Sourced:
    """Return the percentile of a score among first takers, linear between published scores.

    Args:
        exam_id: Exam.
        score: Points of the reported scale.
        on: Day; the newest edition that has begun is used.

    Raises:
        FactUnknown: The exam has no published table, or the score lies outside it.
    """
    known_exam(exam_id)
    rows = [r for r in table("norm_percentiles") if r["exam"] == exam_id]
    newest = newest_in_force(rows, on)
    if newest is None:
        raise FactUnknown(f"no percentile table of {exam_id} is published for {on}")
    edition = sorted(
        (float(r["score"]), float(r["percentile"]))
        for r in rows
        if r["edition"] == newest["edition"]
    )
    below = [point for point in edition if point[0] <= score]
    above = [point for point in edition if point[0] >= score]
    if not below or not above:
        raise FactUnknown(
            f"a score of {score:g} lies outside the published table of {exam_id}, "
            f"{edition[0][0]:g} to {edition[-1][0]:g}"
        )
    (x0, y0), (x1, y1) = below[-1], above[0]
    found = y0 if x1 == x0 else y0 + (y1 - y0) * (score - x0) / (x1 - x0)
    return Sourced(
        id=f"{exam_id}.percentile",
        value=found,
        unit=f"percent of {newest['cohort']}",
        in_force_from=day(newest["first"]),
        source=newest["source"],
        locator=f"edition {newest['edition']}, score {x0:g}" + (f" to {x1:g}" if x1 > x0 else ""),
        confidence=newest["confidence"],  # type: ignore[arg-type]
    )
