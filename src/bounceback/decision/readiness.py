"""What measures a learner before a date: timed practice tests and enough fresh timed questions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from bounceback import facts
from bounceback.errors import FactError
from bounceback.planning.time_needed import reported_score
from bounceback.records.models import Form, Record


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of the level: a practice test, or enough fresh timed mixed questions.

    Attributes:
        on: Its day.
        family: Family id; ``timed-mixed-blocks`` for questions of a bank.
        form: Label; empty for questions of a bank.
    """

    on: date
    family: str
    form: str = ""


def measures(
    record: Record, as_of: date, on: date, *, window_days: int, items: int
) -> list[Measure]:
    """Measures taken inside the window that ends on the test date, up to ``as_of``.

    A form counts if its family is one that measures, it was timed, uninterrupted and not taken
    before. First-pass timed blocks count together once they reach ``items`` questions.
    """
    start = on - timedelta(days=window_days)
    found = []
    for form in record.forms:
        if start <= form.date <= min(as_of, on) and is_measure(form, record.exam.id):
            found.append(Measure(form.date, form.family, form.form))
    timed = [
        b
        for b in record.blocks
        if start <= b.date <= min(as_of, on) and b.mode == "timed" and b.first_pass
    ]
    if sum(b.items for b in timed) >= items:
        found.append(Measure(max(b.date for b in timed), "timed-mixed-blocks"))
    return sorted(found, key=lambda m: m.on)


def is_measure(form: Form, exam_id: str) -> bool:
    """Whether a form's result counts: a measuring family, timed, in one go, not taken before."""
    if form.score is None or not form.timed or form.interrupted or form.repeat:
        return False
    try:
        return facts.form_family(form.family, exam_id).measure
    except FactError:
        return False


def retest_passed(record: Record, as_of: date, reopens_at: float) -> bool:
    """Whether a full form since the latest failure reached the score that reopens the exam plan.

    Args:
        record: The learner's record.
        as_of: The day asked about.
        reopens_at: That score, on the exam's reported scale.
    """
    failures = [
        a.date
        for a in record.attempts
        if a.exam == record.exam.id and a.outcome == "fail" and a.date <= as_of
    ]
    since = max(failures, default=date.min)
    for form in record.forms:
        if since < form.date <= as_of and is_measure(form, record.exam.id):
            score = reported_score(form, record.exam.id)
            if score is not None and score >= reopens_at - 1e-9:
                return True
    return False
