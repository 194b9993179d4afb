"""The look-ahead rule: what a record held on a past day.

Evidence (attempts, forms, blocks, misses, looks, study, check-ins, ``done_minutes`` of planned
sessions) dated after a day was not known on it, and is set aside; an attempt whose result was read
later was awaiting it. Plans, deadlines, meetings,
availability and whatever else lies ahead are kept. The day itself counts as known.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, Final

from bounceback.records.models import Attempt, Form, Record

EVIDENCE: Final = ("attempts", "forms", "blocks", "misses", "looks", "study", "checkins")
"""Sections whose entries are evidence, each with a ``date``."""


def as_seen_on(record: Record, as_of: date) -> tuple[Record, tuple[str, ...]]:
    """Return the record with the evidence of later days set aside.

    Args:
        record: Any record.
        as_of: Day on which it is looked at; evidence of this day is kept.

    Returns:
        The record as seen on that day, and one note for each entry that was set aside, in file
        order, with its key in the record that was given.
    """
    notes: list[str] = []
    kept: dict[str, tuple[Any, ...]] = {}
    for section in EVIDENCE:
        entries = getattr(record, section)
        known = tuple(entry for entry in entries if entry.date <= as_of)
        if len(known) == len(entries):
            continue
        kept[section] = known
        for i, entry in enumerate(entries):
            if entry.date > as_of:
                what = f", {entry.family} {entry.form}" if isinstance(entry, Form) else ""
                notes.append(_note(f"{section}[{i}]", f"{entry.date}{what}", as_of))
    taken = list(kept.get("attempts", record.attempts))
    for i, attempt in enumerate(taken):
        if attempt.result_read is not None and attempt.result_read > as_of:
            taken[i] = Attempt(
                exam=attempt.exam,
                date=attempt.date,
                outcome="awaiting",
                hours_per_day=attempt.hours_per_day,
            )
            at = f"attempts[{record.attempts.index(attempt)}].result_read"
            notes.append(_note(at, f"{attempt.result_read}", as_of))
            kept["attempts"] = tuple(taken)
    plan = list(record.plan)
    for i, session in enumerate(plan):
        if session.date > as_of and session.done_minutes is not None:
            plan[i] = replace(session, done_minutes=None)
            notes.append(_note(f"plan[{i}].done_minutes", f"{session.date}", as_of))
    if not notes:
        return record, ()
    return replace(record, **kept, plan=tuple(plan)), tuple(notes)  # type: ignore[arg-type]


def _note(key: str, dated: str, as_of: date) -> str:
    return f"{key} ({dated}) is dated after {as_of} and was set aside."
