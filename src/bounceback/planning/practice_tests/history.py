"""What the record says of practice tests: which were taken, put off, or never owned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from bounceback import facts
from bounceback.errors import FactError
from bounceback.planning.models import LedgerEntry
from bounceback.planning.parameters import Rules
from bounceback.records.models import Form, PlannedSession, Record

TIMED_BLOCKS: Final = "timed-mixed-blocks"
"""Family name of timed mixed blocks that stand in for a practice test."""

FREE_SAMPLE: Final = "free-120"

COMSAE: Final = "comsae"
"""NBOME's own family: on sale, although its price is not published."""

FormsState = Literal["ready", "avoided", "none-left", "not-owned"]


@dataclass(frozen=True, slots=True)
class FormSize:
    """How long a test takes and how much it says.

    Attributes:
        items: Questions.
        minutes: Testing time.
        worth: Items, halved where the test is not equated or does not count as a measure; orders
            tests, nothing more.
        measure: Counts as one of the two tests before the decision.
    """

    items: int
    minutes: int
    worth: float
    measure: bool


def form_size(
    family: str, exam_id: str, test_date: date, rules: Rules, *, extra_time: bool = False
) -> FormSize:
    """Size of a family's test; the length of unpublished ones follows from the exam's own pace."""
    rhythm = facts.rehearsal_rhythm(exam_id, test_date)
    pace = rhythm.minutes_per_block / rhythm.items_per_block
    try:
        known = facts.form_family(family, exam_id)
    except FactError:
        known = None
    items = known.items if known and known.items else rules.whole("measure_items")
    minutes = known.minutes if known and known.minutes else items * pace
    minutes *= rules["extra_time_factor"] if extra_time else 1.0
    measure = known is not None and known.measure
    worth = float(items) * (1.0 if known is not None and known.equated else 0.5)
    return FormSize(items, -(-int(minutes) // 5) * 5, worth * (1.0 if measure else 0.5), measure)


def has_extra_time(record: Record) -> bool:
    """Whether extra testing time is granted."""
    return record.exam.accommodations == "granted"


def days_taken(record: Record, as_of: date) -> dict[str, date]:
    """Tests behind the learner, by label, with their latest day.

    A test that was ticked counts, also while its score is not entered yet.
    """
    days = [(f"{f.family} {f.form}", f.date) for f in record.forms if f.date <= as_of]
    days += [
        (s.form, s.date)
        for s in record.plan
        if s.kind == "form" and s.form and s.done_minutes and s.date < as_of
    ]
    return {label: day for day, label in sorted((day, label) for label, day in days)}


def latest_evidence(record: Record, as_of: date) -> date | None:
    """Day of the last test taken since the last attempt at this exam; ``None`` without one."""
    attempts = [a.date for a in record.attempts if a.exam == record.exam.id and a.date < as_of]
    since = max(attempts, default=date.min)
    return max((day for day in days_taken(record, as_of).values() if day > since), default=None)


def times_put_off(
    plan: Sequence[PlannedSession], taken: Sequence[Form], as_of: date
) -> dict[str, int]:
    """How often each test was planned for a day gone by and not taken, by label.

    Counting starts over with every test that is taken.
    """
    latest = max((f.date for f in taken if f.date < as_of), default=date.min)
    days: dict[str, set[date]] = {}
    for session in plan:
        missed = latest < session.date < as_of and not session.done_minutes
        if session.kind == "form" and session.form and missed:
            days.setdefault(session.form, set()).add(session.date)
    return {label: len(found) for label, found in days.items()}


def put_off_counts(
    record: Record, as_of: date, before: Mapping[str, int] | None
) -> Mapping[str, int]:
    """How often each test was put off; the larger of the record's count and an earlier plan's."""
    counts = times_put_off(record.plan, record.forms, as_of)
    for label, count in (before or {}).items():
        counts[label] = max(count, counts.get(label, 0))
    return counts


def forms_state(record: Record, ledger: Sequence[LedgerEntry], rules: Rules) -> FormsState:
    """Whether tests are taken, put off again and again, used up, or never were there.

    ``avoided`` speaks of tests that are owned and keep being put off; ``none-left`` of a list used
    up; ``not-owned`` of a record that never held one. They ask for different kinds of help.
    """
    owned = [e for e in ledger if e.owned]
    if is_avoided(owned, rules):
        return "avoided"
    taken = {(f.family, f.form) for f in record.forms}
    if any((e.family, e.form) not in taken for e in owned):
        return "ready"
    return "none-left" if record.forms else "not-owned"


def is_avoided(entries: Sequence[LedgerEntry], rules: Rules) -> bool:
    """Whether tests were put off as often as asks for a smaller first step, whichever they were."""
    return sum(e.put_off for e in entries) >= rules["avoided_times"]
