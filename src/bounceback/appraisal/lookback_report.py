"""The record as it was the day before the failed attempt, beside what was decided."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bounceback.appraisal import core_indicators, evidence_indicators, thresholds
from bounceback.appraisal.models import Measure, Span
from bounceback.appraisal.record_queries import (
    last_failure,
    points_below_mark,
    practice_test,
    weak_areas,
)
from bounceback.errors import QuestionError
from bounceback.reasons import Reason, reason
from bounceback.records import as_seen_on
from bounceback.records.models import Attempt, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookback:
    """What the evidence said the day before, and what was decided.

    Attributes:
        day: The day before the failed sitting.
        record: The record as seen on that day, its planned date the sitting, without what belongs
            to the next attempt (eligibility, plan, pact, answers about the sitting).
        sitting: The sitting that followed.
        indicators: What could be measured on that day.
        unknown: What could not, with what was missing.
        decided: What was decided.
    """

    day: date
    record: Record
    sitting: Attempt
    indicators: tuple[Measure, ...]
    unknown: tuple[Measure, ...]
    decided: tuple[Reason, ...]


def lookback(record: Record, as_of: date = date.max) -> Lookback:
    """Replay the record to the day before the last failed sitting.

    Args:
        record: The whole record.
        as_of: Look at failures up to this day; default all.

    Raises:
        QuestionError: No failed sitting of this exam is recorded.
    """
    failure = last_failure(record, as_of)
    if failure is None:
        raise QuestionError(
            f"You have no failed attempt at {record.exam.id} in your case file. Add the attempt "
            "with its date and outcome (case file, attempts)."
        )
    day = failure.date - timedelta(days=1)
    seen, _ = as_seen_on(record, day)
    then = replace(
        seen,
        exam=replace(seen.exam, planned_date=failure.date, eligibility=None, deadlines=()),
        plan=tuple(s for s in seen.plan if s.date <= day),
        appraisal={},
        decision=replace(seen.decision, pact=None),
        meetings=tuple(m for m in seen.meetings if m.date <= day),
    )
    t = thresholds.load_thresholds(record.exam.id)
    first = day - timedelta(days=t.count("span_before_days") - 1)
    earlier = [a.date for a in then.attempts if a.exam == failure.exam]
    if earlier:
        first = max(first, max(earlier) + timedelta(days=1))
    span = Span(first=first, last=day)
    month = Span(first=max(first, day - timedelta(days=t.count("span_since_days") - 1)), last=day)
    weak = weak_areas(then, day, t)
    readers: tuple[Callable[[], Measure], ...] = (
        lambda: _newest_test(then, span),
        lambda: core_indicators.last_form_before_sitting(then, span, t),
        lambda: core_indicators.printed_chance_before_sitting(then, span, t),
        lambda: core_indicators.weekly_gain(then, span),
        lambda: core_indicators.soft_forms(then, span, t),
        lambda: core_indicators.hours_per_study_day(then, span, t),
        lambda: core_indicators.rest_days_per_week(then, span, t),
        lambda: core_indicators.weak_share_of_fair(then, day, span, weak, t),
        lambda: evidence_indicators.retrieval_share(then, span, t),
        lambda: core_indicators.cards_share(then, span, t),
        lambda: core_indicators.days_without_contact(then, month, t),
        lambda: evidence_indicators.sleep_hours(then, month, t),
    )
    measures = tuple(read() for read in readers)
    known = tuple(m for m in measures if m.value is not None)
    return Lookback(
        day=day,
        record=then,
        sitting=failure,
        indicators=known,
        unknown=tuple(m for m in measures if m.value is None),
        decided=_decided(record, failure),
    )


def _newest_test(record: Record, span: Span) -> Measure:
    """Where the newest test with a line to the exam's scale stood, against the mark."""
    forms = sorted((f for f in record.forms if f.date in span), key=lambda f: f.date)
    for form in reversed(forms):
        below = points_below_mark(record, form)
        if below is not None:
            return Measure(
                name="newest_test_below_mark",
                value=below,
                unit="points",
                n=1,
                counted="tests",
                says=reason(
                    "appraisal.measured-newest-test",
                    test=practice_test(form.family, form.form, record.exam.id),
                    on=form.date,
                    score=form.score or 0.0,
                    points=below,
                ),
                first=form.date,
                last=form.date,
            )
    return Measure(
        name="newest_test_below_mark",
        value=None,
        unit="points",
        n=len(forms),
        counted="tests",
        says=reason("appraisal.no-test-on-exam-scale", tests=len(forms)),
    )


def _decided(record: Record, failure: Attempt) -> tuple[Reason, ...]:
    """What was decided, as far as the record knows."""
    found = [reason("appraisal.decided-to-test", on=failure.date)]
    pact = record.decision.pact
    if pact is not None and pact.date <= failure.date:
        found.append(reason("appraisal.decided-agreement", on=pact.date, rule=pact.rule))
    found += [
        reason("appraisal.decided-in-meeting", on=m.date, who=m.with_, agreed=m.agreed)
        for m in record.meetings
        if m.date < failure.date and m.agreed
    ]
    return tuple(found)
