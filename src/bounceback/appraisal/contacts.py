"""Whom the learner turns to: a student has a school and a dean, a resident a programme."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from bounceback.appraisal.text_tables import load_table
from bounceback.records.models import Record
from bounceback.vocabulary import ExamId

SAT_IN_RESIDENCY: Final[frozenset[ExamId]] = frozenset({"usmle-step-3", "comlex-level-3"})
"""Exams that are mostly sat once the degree is earned and the Match is made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The names of the people around a learner, as they stand in a sentence.

    Attributes:
        house: ``school`` or ``programme``.
        head: Who leads it.
        affairs: Who is asked about leave, rules and exceptions.
        members: Its other learners.
        learning: Who knows how one studies for the exam, "… of your school".
        service: Who decides on accommodations, "… of your school".
        finance: Who is asked about loans before any leave or change of date.
        match_name: The fear about what comes next, in the learner's words.
        match_unknown: That nobody publishes an answer to it.
        match_ask: Whom to ask about it.
    """

    house: str
    head: str
    affairs: str
    members: str
    learning: str
    service: str
    finance: str
    match_name: str
    match_unknown: str
    match_ask: str

    def say(self, text: str) -> str:
        """A sentence with its places filled in: ``"ask your {head}"`` says "ask your dean"."""
        return text.format_map({name: getattr(self, name) for name in self.__slots__})


def in_residency(record: Record, as_of: date) -> bool:
    """Whether the learner is spoken to as a resident.

    The exam decides, since the record does not ask: Step 3 and Level 3 are mostly sat in residency.
    Who names a year of application that is still ahead has not matched, and is a student here.
    """
    year = record.learner.apply_year
    ahead = year is not None and year >= as_of.year
    return record.exam.id in SAT_IN_RESIDENCY and not ahead


def people(record: Record, as_of: date, *, resident: bool | None = None) -> People:
    """The people around this learner on this day.

    Args:
        record: The record.
        as_of: The day.
        resident: Whether the learner is spoken to as a resident, where a room knows better than
            the exam does.
    """
    speaks = in_residency(record, as_of) if resident is None else resident
    return _people("programme" if speaks else "school")


@cache
def _people(house: str) -> People:
    return People(**load_table("people")[house])
