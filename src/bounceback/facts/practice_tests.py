"""Families of practice tests: scales, length, price, and what their scores say of the exam."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from bounceback.errors import FactError, FactUnknown
from bounceback.facts.loading import Row, day, known_exam, newest_in_force, number, table, whole
from bounceback.vocabulary import Confidence, ExamId

FormScale = Literal["epc", "percent", "reported", "own"]


@dataclass(frozen=True, slots=True)
class FormFamily:
    """One family of practice tests, for one exam it serves.

    Attributes:
        id: Family id of the case file.
        name: Name as sold.
        publisher: Who makes it.
        exams: Every exam the family serves.
        exam: The exam this value describes.
        scale: ``epc`` (equated percent correct), ``percent`` (raw), ``reported`` (the exam's
            reported scale), ``own``; for ``school`` the case file must say which.
        low: Lowest score on that scale.
        high: Highest score on that scale.
        items: Questions in one full form; ``None`` if not known.
        minutes: Testing minutes of one full form at standard pace; ``None`` if not known.
        equated: Whether forms are adjusted for difficulty, so that no per-form bias is needed.
        measure: Whether an unused form counts as one of the two readiness measures.
        predicts: Whether its publisher or a study ties the score to the exam at all.
        price_usd: Price of one form; ``None`` if not found; 0 is free.
        forms: Labels known to be or to have been on sale. Never complete: an unknown label is a
            question to the learner, not a fault.
        retired: Labels no longer sold.
        source: Source keys.
        confidence: Confidence.
        note: What to know.
    """

    id: str
    name: str
    publisher: str
    exams: tuple[ExamId, ...]
    exam: ExamId
    scale: FormScale
    low: float
    high: float
    items: int | None
    minutes: float | None
    equated: bool
    measure: bool
    predicts: bool
    price_usd: float | None
    forms: tuple[str, ...]
    retired: tuple[str, ...]
    source: str
    confidence: Confidence
    note: str = ""


@dataclass(frozen=True, slots=True)
class Conversion:
    """Line from a family's score to the exam's reported scale: ``slope · score + intercept``.

    How far one form lies from the ability it measures is a constant of the forecast
    (``form_sd.<family>``, ``form_bias.<family>``) and is stated there alone.

    Attributes:
        family: Family id.
        exam: Exam id.
        scale: Scale of the score that enters.
        slope: Reported points per unit of the family's scale.
        intercept: Reported points at zero of the family's scale.
        valid_low: Lowest score for which the line was seen to hold; outside it is extrapolated.
        valid_high: Highest such score.
        in_force_from: First day of this scale; ``None`` if not found.
        source: Source keys.
        confidence: Confidence of slope and intercept.
        note: What to know.
    """

    family: str
    exam: ExamId
    scale: FormScale
    slope: float
    intercept: float
    valid_low: float
    valid_high: float
    in_force_from: date | None
    source: str
    confidence: Confidence
    note: str = ""

    @property
    def id(self) -> str:
        """Fact id, for ``facts show``."""
        return f"{self.exam}.conversion.{self.family}"

    def to_reported(self, score: float) -> float:
        """Points on the exam's reported scale for a score on the family's scale."""
        return self.slope * score + self.intercept

    def from_reported(self, points: float) -> float:
        """Score on the family's scale for points on the exam's reported scale."""
        return (points - self.intercept) / self.slope

    def covers(self, score: float) -> bool:
        """Whether the line was seen to hold at this score."""
        return self.valid_low <= score <= self.valid_high


@cache
def form_families(exam_id: str | None = None) -> tuple[str, ...]:
    """Return the ids of all families, or of those that serve one exam, in file order."""
    if exam_id is not None:
        known_exam(exam_id)
    return tuple(
        dict.fromkeys(
            row["family"]
            for row in table("form_families")
            if exam_id is None or row["exam"] == exam_id
        )
    )


def _rows(family_id: str) -> tuple[Row, ...]:
    rows = tuple(row for row in table("form_families") if row["family"] == family_id)
    if not rows:
        raise FactError(
            f"form family {family_id!r} is not known; families: {', '.join(form_families())}"
        )
    return rows


@cache
def form_family(family_id: str, exam_id: str | None = None) -> FormFamily:
    """Return a family of practice tests.

    Args:
        family_id: Family id.
        exam_id: Exam whose form is meant: length, labels and price may differ between exams.
            Without it, the family's first exam.

    Raises:
        FactError: No such family, or it does not serve that exam.
    """
    rows = _rows(family_id)
    exams = tuple(row["exam"] for row in rows)
    if exam_id is not None and exam_id not in exams:
        raise FactError(
            f"{rows[0]['name']} ({family_id}) does not serve {exam_id}; "
            f"it serves {', '.join(exams)}"
        )
    row = next(r for r in rows if exam_id is None or r["exam"] == exam_id)
    labels = [
        r for r in table("form_labels") if (r["family"], r["exam"]) == (family_id, row["exam"])
    ]
    return FormFamily(
        id=family_id,
        name=row["name"],
        publisher=row["publisher"],
        exams=exams,  # type: ignore[arg-type]
        exam=row["exam"],  # type: ignore[arg-type]
        scale=row["scale"],  # type: ignore[arg-type]
        low=float(row["low"]),
        high=float(row["high"]),
        items=whole(row["items"]),
        minutes=number(row["minutes"]),
        equated=row["equated"] == "yes",
        measure=row["measure"] == "yes",
        predicts=row["predicts"] == "yes",
        price_usd=number(row["price_usd"]),
        forms=tuple(r["label"] for r in labels),
        retired=tuple(r["label"] for r in labels if r["status"] == "retired"),
        source=row["source"],
        confidence=row["confidence"],  # type: ignore[arg-type]
        note=row["note"],
    )


@cache
def conversion(
    family_id: str, exam_id: str, on: date, scale: FormScale | None = None
) -> Conversion:
    """Return the line from a family's score to the exam's reported scale.

    Args:
        family_id: Family id.
        exam_id: Exam id.
        on: Day the form was taken: report scales changed.
        scale: Scale of the score, where the family allows several (``school``) or reports two
            (a CCSSA's equated percent correct); default: the family's own.

    Raises:
        FactError: No such family, or it does not serve that exam.
        FactUnknown: No line is known, or the publisher says none holds (CCMSA).
    """
    family = form_family(family_id, exam_id)
    wanted = scale or family.scale
    rows = [
        row
        for row in table("conversions")
        if (row["family"], row["exam"], row["scale"]) == (family_id, exam_id, wanted)
    ]
    row = newest_in_force(rows, on)
    if row is None:
        raise FactUnknown(
            f"no line from {family.name} ({wanted}) to {exam_id} is known for {on}"
            + ("; its report used another scale then" if rows else "")
        )
    slope, intercept = number(row["slope"]), number(row["intercept"])
    if slope is None or intercept is None:
        raise FactUnknown(f"{family.name} is not converted to {exam_id}: {row['note']}")
    return Conversion(
        family=family_id,
        exam=exam_id,  # type: ignore[arg-type]
        scale=wanted,
        slope=slope,
        intercept=intercept,
        valid_low=float(row["valid_low"]),
        valid_high=float(row["valid_high"]),
        in_force_from=day(row["first"]),
        source=row["source"],
        confidence=row["confidence"],  # type: ignore[arg-type]
        note=row["note"],
    )
