"""Spans of days, words for numbers, and what several indicators read in the record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from bounceback import facts
from bounceback.appraisal.models import Measure, Span
from bounceback.appraisal.thresholds import Thresholds
from bounceback.errors import FactError
from bounceback.reasons import Reason, reason
from bounceback.records.models import Attempt, Block, Checkin, Form, Miss, Record
from bounceback.vocabulary import MINUTES_PER_HOUR, ExamId


def last_failure(record: Record, as_of: date) -> Attempt | None:
    """The newest failed sitting of the exam ahead, on or before ``as_of``.

    One that was not finished has no result and is no failure.
    """
    return max(failures(record, as_of), key=lambda a: a.date, default=None)


def failures(record: Record, as_of: date) -> list[Attempt]:
    """Failed sittings of the exam ahead, on or before ``as_of``, in the order of the record."""
    return [
        a
        for a in record.attempts
        if a.exam == record.exam.id and a.outcome == "fail" and a.date <= as_of
    ]


def span_before(record: Record, as_of: date, t: Thresholds) -> Span | None:
    """The weeks that prepared the last failed sitting; ``None`` without one.

    They begin after the sitting before it, if that is nearer.
    """
    failure = last_failure(record, as_of)
    if failure is None:
        return None
    first = failure.date - timedelta(days=t.count("span_before_days"))
    for attempt in record.attempts:
        if attempt.exam == failure.exam and attempt.date < failure.date:
            first = max(first, attempt.date + timedelta(days=1))
    return Span(first=first, last=failure.date - timedelta(days=1))


def span_since(record: Record, as_of: date, t: Thresholds) -> Span:
    """The newest weeks up to ``as_of``, none of them before the last failed sitting."""
    first = as_of - timedelta(days=t.count("span_since_days") - 1)
    failure = last_failure(record, as_of)
    if failure is not None:
        first = max(first, failure.date + timedelta(days=1))
    return Span(first=first, last=as_of)


def period(dates: Iterable[date]) -> dict[str, date]:
    """Return the facts ``first`` and ``last`` of at least one day of evidence."""
    days = tuple(dates)
    return {"first": min(days), "last": max(days)}


def practice_test(family: str, form: str, exam_id: ExamId) -> Reason:
    """Return the name of a practice test as a value; an empty ``form`` names its family."""
    return reason("names.practice-test", family=family, form=form, exam=exam_id)


def mean(values: Iterable[float]) -> float:
    """Arithmetic mean of at least one value (``statistics`` takes too long to load for it)."""
    found = tuple(values)
    return sum(found) / len(found)


def too_few(
    name: str, unit: str, n: int, counted: str, need: float, what: str, dates: Iterable[date] = ()
) -> Measure:
    """A measure that has not reached its minimum of data."""
    days = sorted(dates)
    return Measure(
        name=name,
        value=None,
        unit=unit,
        n=n,
        counted=counted,
        says=reason("appraisal.too-few", n=n, need=round(need), what=what),
        first=days[0] if days else None,
        last=days[-1] if days else None,
    )


def measured(
    name: str, value: float, unit: str, n: int, counted: str, says: Reason, dates: Iterable[date]
) -> Measure:
    """A measure with enough data behind it; ``dates`` are its days of evidence."""
    days = sorted(dates)
    return Measure(
        name=name,
        value=value,
        unit=unit,
        n=n,
        counted=counted,
        says=says,
        first=days[0],
        last=days[-1],
    )


def minutes_by_day(record: Record, span: Span) -> dict[date, float]:
    """Study minutes of each day with any, in the span."""
    minutes: dict[date, float] = defaultdict(float)
    for entry in record.study:
        if entry.date in span and entry.minutes > 0:
            minutes[entry.date] += entry.minutes
    return dict(minutes)


def forms_in(record: Record, span: Span) -> list[Form]:
    """Practice tests in the span, oldest first."""
    return sorted((f for f in record.forms if f.date in span), key=lambda f: f.date)


def blocks_in(record: Record, span: Span) -> list[Block]:
    """Bank blocks in the span, oldest first; blocks of one day in the order of the record."""
    return sorted((b for b in record.blocks if b.date in span), key=lambda b: b.date)


def misses_in(record: Record, span: Span) -> list[Miss]:
    """Misses in the span, oldest first."""
    return sorted((m for m in record.misses if m.date in span), key=lambda m: m.date)


def checkins_in(record: Record, span: Span) -> list[Checkin]:
    """Check-ins in the span, oldest first."""
    return sorted((c for c in record.checkins if c.date in span), key=lambda c: c.date)


def pooled_area_fractions(
    forms: Sequence[Form], blocks: Sequence[Block] = (), *, areas: Iterable[str] | None = None
) -> dict[str, tuple[float, int]]:
    """Share correct and items by area, pooled over forms and blocks.

    Results without a number of items count as none: their size is unknown.
    """
    wanted = None if areas is None else set(areas)
    right: dict[str, float] = defaultdict(float)
    items: dict[str, int] = defaultdict(int)
    tables = [f.areas for f in forms] + [b.areas for b in blocks]
    for table in tables:
        for area, result in table.items():
            fraction = result.fraction
            if fraction is None or not result.items or (wanted is not None and area not in wanted):
                continue
            right[area] += fraction * result.items
            items[area] += result.items
    return {area: (right[area] / items[area], items[area]) for area in items}


def exam_weights(record: Record, as_of: date) -> Mapping[str, float]:
    """Share of the exam by area of its share axis on the day; empty if none is published."""
    try:
        return facts.exam_weights(record.exam.id, as_of)
    except FactError:
        return {}


def weak_areas(record: Record, as_of: date, t: Thresholds) -> tuple[str, ...]:
    """The weakest third of the share-axis areas, weakest first.

    From practice tests and blocks of any date up to ``as_of``; where these say nothing, the areas
    that the last official report calls lower. Empty if neither is recorded.
    """
    everything = Span(first=date.min, last=as_of)
    weights = exam_weights(record, as_of)
    pooled = pooled_area_fractions(
        forms_in(record, everything), blocks_in(record, everything), areas=weights or None
    )
    pooled = {a: v for a, v in pooled.items() if v[1] >= t["areas_min_items"]}
    third = max(1, round(len(weights or pooled) * t["weak_third"]))
    if len(pooled) > third:
        return tuple(sorted(pooled, key=lambda a: (pooled[a][0], a))[:third])
    failure = last_failure(record, as_of)
    if failure is None:
        return ()
    return tuple(sorted(a for a, level in failure.profile.items() if level == "lower"))


def free_hours_per_week(record: Record) -> float | None:
    """Hours a week before commitments, with the learner's own daily cap; ``None`` if not told."""
    if record.availability is None:
        return None
    cap = record.availability.max_minutes_per_day
    minutes = sum(
        min(m, cap) if cap is not None else m for m in record.availability.minutes.values()
    )
    return minutes / MINUTES_PER_HOUR


def activity_minutes(record: Record, span: Span) -> dict[str, float]:
    """Study minutes by activity."""
    minutes: dict[str, float] = defaultdict(float)
    for entry in record.study:
        if entry.date in span:
            minutes[entry.activity] += entry.minutes
    return dict(minutes)


def form_scale(record: Record, form: Form) -> str:
    """``equated_percent``, ``percent``, ``reported`` or ``own``: the scale of a test's score."""
    if form.scale is not None:
        return "reported" if form.scale == "reported" else "percent"
    try:
        scale = facts.form_family(form.family, record.exam.id).scale
    except FactError:
        return "own"
    return "equated_percent" if scale == "epc" else scale


def cause_share(record: Record, span: Span, cause: str, t: Thresholds) -> Measure:
    """Share of misses with one cause."""
    name = f"{cause.replace('-', '_')}_share"
    misses = misses_in(record, span)
    n = len(misses)
    if n < t["misses_min"]:
        return too_few(name, "share", n, "misses", t["misses_min"], "missed-with-cause")
    k = sum(m.cause == cause for m in misses)
    return measured(
        name,
        k / n,
        "share",
        n,
        "misses",
        reason("appraisal.measured-cause", k=k, n=n, cause=cause, **period(m.date for m in misses)),
        [m.date for m in misses],
    )


def points_below_mark(record: Record, form: Form) -> float | None:
    """Points of the reported scale from a test up to the pass mark of its day.

    By the published line from the family's scale to the exam's; ``None`` where there is none.
    Negative above the mark.
    """
    if form.score is None:
        return None
    try:
        line = facts.conversion(form.family, record.exam.id, form.date)
        mark = facts.pass_mark(record.exam.id, form.date)
    except FactError:
        return None
    return mark.value - (line.intercept + line.slope * form.score)


def points_per_unit(record: Record, form: Form) -> float | None:
    """Points of the reported scale for one point of the test's own scale; ``None`` if unknown."""
    try:
        return facts.conversion(form.family, record.exam.id, form.date).slope
    except FactError:
        return None
