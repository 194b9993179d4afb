"""The time machine: the record the day before the failed sitting, beside what was decided."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bounceback.appraisal import core_indicators, evidence_indicators, thresholds
from bounceback.appraisal.models import Measure, Span
from bounceback.appraisal.record_queries import last_failure, plural, points_below_mark, weak_areas
from bounceback.errors import QuestionError
from bounceback.messages.formatting import day_words, form_words
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
        evidence: The indicators in words.
        decided: What was decided, in words.
        words: Both side by side, without a verdict.
    """

    day: date
    record: Record
    sitting: Attempt
    indicators: tuple[Measure, ...]
    unknown: tuple[Measure, ...]
    evidence: tuple[str, ...]
    decided: tuple[str, ...]
    words: str


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
            f"no failed sitting of {record.exam.id} is recorded; allowed: a record with one "
            "(case file, attempts). Add the sitting with its date and outcome."
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
    decided = _decided(record, failure)
    evidence = tuple(m.words for m in known)
    return Lookback(
        day=day,
        record=then,
        sitting=failure,
        indicators=known,
        unknown=tuple(m for m in measures if m.value is None),
        evidence=evidence,
        decided=decided,
        words=f"On {day_words(day)} the record held {plural(len(then.forms), 'practice test')} and "
        f"{plural(len(known), 'indicator')}. "
        + (f"It said: {' '.join(evidence)} " if evidence else "It could not say much. ")
        + f"Decided was: {' '.join(decided)} Seen from here both are easier to read than on the "
        "day.",
    )


def _newest_test(record: Record, span: Span) -> Measure:
    """Where the newest test with a line to the exam's scale stood, against the mark."""
    forms = sorted((f for f in record.forms if f.date in span), key=lambda f: f.date)
    for form in reversed(forms):
        below = points_below_mark(record, form)
        if below is not None:
            side = "below" if below > 0 else "above"
            return Measure(
                name="newest_test_below_mark",
                value=below,
                unit="points",
                n=1,
                counted="tests",
                words=f"{form_words(form.family, form.form, record.exam.id)} on "
                f"{day_words(form.date)} gave {form.score:g}, "
                f"{side} the mark by the published line.",
                first=form.date,
                last=form.date,
            )
    return Measure(
        name="newest_test_below_mark",
        value=None,
        unit="points",
        n=len(forms),
        counted="tests",
        words=f"not enough recorded yet: {len(forms)} practice tests, none with a line to the "
        "exam's scale",
    )


def _decided(record: Record, failure: Attempt) -> tuple[str, ...]:
    """What was decided, as far as the record knows."""
    found = [f"to sit on {day_words(failure.date)}."]
    pact = record.decision.pact
    if pact is not None and pact.date <= failure.date:
        found.append(f"The rule agreed for {day_words(pact.date)} was “{pact.rule}”.")
    found += [
        f"On {day_words(m.date)} with {m.with_}: “{m.agreed}”."
        for m in record.meetings
        if m.date < failure.date and m.agreed
    ]
    return tuple(found)
