"""How good the evidence behind an answer is: practice tests, pace, and the exam's own numbers."""

from __future__ import annotations

from datetime import date, timedelta

from bounceback.decision.models import EvidenceGrade, Grade
from bounceback.decision.readiness import is_measure
from bounceback.forecast.posterior import Belief
from bounceback.records.models import Record


def evidence_grade(
    record: Record, belief: Belief, as_of: date, on: date, p: dict[str, float]
) -> EvidenceGrade:
    """Grade the evidence for a date.

    Level counts as well measured from two recent timed practice tests that agree. How fast a
    retaker improves is our estimate for everyone, so a date far off is fair at most, as is an exam
    whose own numbers nobody publishes.

    Args:
        record: The record.
        belief: Where the student stands.
        as_of: The day asked about.
        on: The date.
        p: Defaults by name.
    """
    since = as_of - timedelta(days=2 * int(p["measure_window_days"]))
    attempts = [a.date for a in record.attempts if a.exam == record.exam.id and a.date <= as_of]
    since = max([since, *attempts])
    tests = sum(
        1
        for form in record.forms
        if since <= form.date <= as_of and is_measure(form, record.exam.id)
    )
    agree = not any(
        flag.code == "forecast.far-from-others" for e in belief.evidence for flag in e.flags
    )
    near = (on - as_of).days <= p["near_days"]
    published = belief.constants.confidence != "inferred"
    grade: Grade = "low"
    if tests:
        good = tests >= p["many_tests"] and agree and near and published
        grade = "good" if good else "fair"
    return EvidenceGrade(grade, tests, agree, near, published)
