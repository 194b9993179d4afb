"""Where the learner turns to: a student has a school and a dean, a resident a program."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final, Literal

from bounceback.records.models import Record
from bounceback.vocabulary import ExamId

Place = Literal["school", "program"]

TAKEN_IN_RESIDENCY: Final[frozenset[ExamId]] = frozenset({"usmle-step-3", "comlex-level-3"})
"""Exams that are mostly taken once the degree is earned and the Match is made."""


HEADS: Final[Mapping[Place, str]] = {"school": "dean", "program": "program director"}
"""Who leads the place, for the packages that still write sentences."""


def in_residency(record: Record, as_of: date) -> bool:
    """Return whether the learner is addressed as a resident.

    The exam decides, since the record does not ask: Step 3 and Level 3 are mostly taken in
    residency. A learner whose year of application is still ahead has not matched and counts as a
    student.
    """
    year = record.learner.apply_year
    ahead = year is not None and year >= as_of.year
    return record.exam.id in TAKEN_IN_RESIDENCY and not ahead


def place(record: Record, as_of: date, *, resident: bool | None = None) -> Place:
    """Return whether this learner turns to a medical school or to a residency program.

    Args:
        record: The record.
        as_of: The day.
        resident: What the caller knows better than the exam does; ``None`` lets the exam decide.
    """
    in_program = in_residency(record, as_of) if resident is None else resident
    return "program" if in_program else "school"
