"""Indicators of the dimensions the evidence adds, with n and dates.

Every function takes the record, a span of days and the thresholds, and returns one
:class:`~bounceback.appraisal.values.Measure`. Below the stated minimum of data its ``value`` is
``None`` and its words say what is missing; a missing entry is unknown, never zero.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from bounceback import facts
from bounceback.appraisal.models import Measure, Span
from bounceback.appraisal.record_queries import (
    activity_minutes,
    blocks_in,
    exam_weights,
    failures,
    form_scale,
    forms_in,
    last_failure,
    mean,
    measured,
    minutes_by_day,
    misses_in,
    period,
    points_below_mark,
    pooled_area_fractions,
    practice_test,
    too_few,
)
from bounceback.appraisal.thresholds import Thresholds
from bounceback.errors import FactError
from bounceback.reasons import Fact, reason
from bounceback.records.models import Record
from bounceback.vocabulary import MINUTES_PER_HOUR, WEEKDAYS

RETRIEVAL = frozenset({"questions", "cards", "form", "review"})
"""Activities in which the learner answers from memory, or works through own answers."""
PASSIVE = frozenset({"reading", "video"})
SECONDS_PER_MINUTE = 60


def retrieval_share(record: Record, span: Span, t: Thresholds) -> Measure:
    """Minutes answering from memory over all minutes; ``other`` is left out."""
    minutes = activity_minutes(record, span)
    days = minutes_by_day(record, span)
    active = sum(v for k, v in minutes.items() if k in RETRIEVAL)
    passive = sum(v for k, v in minutes.items() if k in PASSIVE)
    if len(days) < t["min_days"] or active + passive <= 0:
        return too_few("retrieval_share", "share", len(days), "days", t["min_days"], "days", days)
    return measured(
        "retrieval_share",
        active / (active + passive),
        "share",
        len(days),
        "days",
        reason(
            "appraisal.measured-active-share",
            active_minutes=active,
            passive_minutes=passive,
            days=len(days),
            **period(days),
        ),
        days,
    )


def same_wrong_again(record: Record, span: Span, t: Thresholds) -> Measure:
    """Of questions missed again, the share with the same wrong option."""
    seen: dict[str, set[str]] = defaultdict(set)
    repeats = same = 0
    dates: list[date] = []
    for miss in sorted(record.misses, key=lambda m: m.date):
        if miss.item is None or miss.chosen is None or miss.date > span.last:
            continue
        if seen[miss.item] and miss.date in span:
            repeats += 1
            same += miss.chosen in seen[miss.item]
            dates.append(miss.date)
        seen[miss.item].add(miss.chosen)
    if repeats < t["repeat_misses_min"]:
        return too_few(
            "same_wrong_again",
            "share",
            repeats,
            "misses",
            t["repeat_misses_min"],
            "missed-again",
        )
    return measured(
        "same_wrong_again",
        same / repeats,
        "share",
        repeats,
        "misses",
        reason("appraisal.measured-same-wrong", repeats=repeats, same=same, **period(dates)),
        dates,
    )


def sure_and_wrong(record: Record, span: Span, t: Thresholds) -> Measure:
    """Share of misses at confidence 3 or 4 of 4, among misses with a confidence."""
    rated = [m for m in misses_in(record, span) if m.confidence is not None]
    n = len(rated)
    if n < t["misses_min"]:
        return too_few(
            "sure_and_wrong", "share", n, "misses", t["misses_min"], "missed-with-confidence"
        )
    sure = sum((m.confidence or 0) >= t["sure_level"] for m in rated)
    return measured(
        "sure_and_wrong",
        sure / n,
        "share",
        n,
        "misses",
        reason("appraisal.measured-felt-sure", sure=sure, n=n, **period(m.date for m in rated)),
        [m.date for m in rated],
    )


def guess_gap(record: Record, span: Span, t: Thresholds) -> Measure:
    """Mean of guess minus result, in units of the scale's threshold (1 = at the threshold)."""
    gaps: list[float] = []
    pairs: list[tuple[Fact, ...]] = []
    dates: list[date] = []
    for form in forms_in(record, span):
        if form.predicted is None or form.score is None:
            continue
        limit = t[f"guess_gap_{form_scale(record, form)}"]
        gaps.append((form.predicted - form.score) / limit)
        pairs.append((form.predicted, form.score))
        dates.append(form.date)
    n = len(gaps)
    if n < t["guesses_min"]:
        return too_few("guess_gap", "thresholds", n, "tests", t["guesses_min"], "guesses")
    return measured(
        "guess_gap",
        mean(gaps),
        "thresholds",
        n,
        "tests",
        reason("appraisal.measured-guesses", pairs=tuple(pairs), **period(dates)),
        dates,
    )


def late_block_drop(record: Record, span: Span, t: Thresholds) -> Measure:
    """First quarter of a block minus its last, percentage points, pooled over timed blocks."""
    first = [0, 0]
    last = [0, 0]
    items = 0
    dates: list[date] = []
    for block in blocks_in(record, span):
        if block.mode != "timed" or not block.trace:
            continue
        dates.append(block.date)
        length = max(block.items, max(i.position for i in block.trace))
        quarter = t["quarter"]
        for item in block.trace:
            if item.correct is None:
                continue
            items += 1
            place = item.position / length
            if place <= quarter:
                first[0] += item.correct
                first[1] += 1
            elif place > 1 - quarter:
                last[0] += item.correct
                last[1] += 1
    if items < t["min_items"] or min(first[1], last[1]) < t["pacing_quarter_items"]:
        return too_few(
            "late_block_drop",
            "percentage points",
            items,
            "items",
            t["min_items"],
            "questions-with-trace",
        )
    a, b = first[0] / first[1], last[0] / last[1]
    return measured(
        "late_block_drop",
        (a - b) * 100,
        "percentage points",
        items,
        "items",
        reason(
            "appraisal.measured-block-quarters",
            blocks=len(dates),
            first_right=first[0],
            first_items=first[1],
            last_right=last[0],
            last_items=last[1],
            **period(dates),
        ),
        dates,
    )


def unanswered(record: Record, span: Span, t: Thresholds) -> Measure:
    """Share of questions left blank in timed blocks whose trace holds answers."""
    blank = items = 0
    dates: list[date] = []
    for block in blocks_in(record, span):
        if block.mode != "timed" or all(item.chosen is None for item in block.trace):
            continue
        dates.append(block.date)
        items += len(block.trace)
        blank += sum(item.chosen is None and not item.correct for item in block.trace)
    if items < t["min_items"]:
        return too_few(
            "unanswered", "share", items, "items", t["min_items"], "questions-with-answers"
        )
    return measured(
        "unanswered",
        blank / items,
        "share",
        items,
        "items",
        reason(
            "appraisal.measured-blank",
            blank=blank,
            items=items,
            blocks=len(dates),
            **period(dates),
        ),
        dates,
    )


def miss_times(record: Record, span: Span, as_of: date, t: Thresholds) -> tuple[Measure, Measure]:
    """Share of timed misses that were answered in a hurry, and share that took long.

    Both against the seconds that the exam gives one question: hurried is under
    ``hurried_pace_share`` of them, long over ``slow_pace_share``. What was answered right is not
    timed here, so this says where misses come from and not how fast the learner is.
    """
    names = ("hurried_misses", "slow_misses")
    timed = [m for m in misses_in(record, span) if m.seconds is not None]
    n = len(timed)
    pace = seconds_per_question(record, as_of)
    if pace is None or n < t["misses_min"]:
        what = "missed-with-seconds"
        if pace is None:
            n, what = 0, "published-pace"
        hurried, slow = (
            too_few(name, "share", n, "misses", t["misses_min"], what) for name in names
        )
        return hurried, slow
    days = [m.date for m in timed]
    low, high = t["hurried_pace_share"] * pace, t["slow_pace_share"] * pace
    quick = sum((m.seconds or 0) < low for m in timed)
    long = sum((m.seconds or 0) > high for m in timed)
    return (
        measured(
            names[0], quick / n, "share", n, "misses",
            reason(
                "appraisal.measured-hurried", misses=quick, n=n, seconds=low, pace=pace,
                **period(days),
            ),
            days,
        ),
        measured(
            names[1], long / n, "share", n, "misses",
            reason(
                "appraisal.measured-slow", misses=long, n=n, seconds=high, pace=pace,
                **period(days),
            ),
            days,
        ),
    )  # fmt: skip


def seconds_per_question(record: Record, as_of: date) -> float | None:
    """Seconds that a block of the exam gives one question; ``None`` if not published."""
    try:
        rhythm = facts.block_rhythm(record.exam.id, record.exam.planned_date or as_of)
    except FactError:
        return None
    return rhythm.minutes_per_block * SECONDS_PER_MINUTE / rhythm.items_per_block


def answer_changes(record: Record, span: Span, t: Thresholds) -> Measure:
    """Share of changed answers that ended right.

    A change that ended wrong may have begun right or wrong; the trace does not say which.
    """
    right = n = 0
    dates: list[date] = []
    for block in blocks_in(record, span):
        for item in block.trace:
            if item.correct is None or not item.first or not item.chosen:
                continue
            if item.first != item.chosen:
                n += 1
                right += item.correct
                dates.append(block.date)
    if n < t["changes_min"]:
        return too_few("answer_changes", "share", n, "changes", t["changes_min"], "changes")
    return measured(
        "answer_changes",
        right / n,
        "share",
        n,
        "changes",
        reason("appraisal.measured-answer-changes", n=n, right=right, **period(dates)),
        dates,
    )


def practice_minus_sitting(record: Record, as_of: date, t: Thresholds) -> Measure:
    """Points of the reported scale by which practice stood above the sitting."""
    name, unit = "practice_minus_sitting", "points"
    failure = last_failure(record, as_of)
    if failure is None or failure.score is None:
        return too_few(name, unit, 0, "tests", 1, "attempts-with-score")
    first = failure.date - timedelta(days=t.count("anxiety_window_days"))
    forms = [
        f
        for f in record.forms
        if first <= f.date < failure.date
        and f.score is not None
        and form_scale(record, f) == "reported"
    ]
    if not forms:
        return too_few(name, unit, 0, "tests", 1, "tests-just-before-attempt")
    gap = mean(f.score or 0.0 for f in forms) - failure.score
    return measured(
        name,
        gap,
        unit,
        len(forms),
        "tests",
        reason(
            "appraisal.measured-practice-against-attempt",
            tests=len(forms),
            mean=mean(f.score or 0.0 for f in forms),
            attempt=failure.date,
            score=failure.score,
        ),
        [f.date for f in forms],
    )


def sleep_hours(record: Record, span: Span, t: Thresholds) -> Measure:
    """Mean hours of sleep over the last nights of the span."""
    first = max(span.first, span.last - timedelta(days=t.count("sleep_window_days") - 1))
    nights = [
        c for c in record.checkins if first <= c.date <= span.last and c.sleep_hours is not None
    ]
    n = len(nights)
    if n < t["sleep_nights_min"]:
        return too_few("sleep_hours", "hours/night", n, "nights", t["sleep_nights_min"], "nights")
    slept = mean(c.sleep_hours or 0.0 for c in nights)
    dates = [c.date for c in nights]
    return measured(
        "sleep_hours",
        slept,
        "hours/night",
        n,
        "nights",
        reason("appraisal.measured-sleep", nights=n, hours=slept, **period(dates)),
        dates,
    )


def newest_phq2(record: Record, as_of: date, t: Thresholds) -> Measure:
    """The newest PHQ-2 of the last two weeks (0–6)."""
    first = as_of - timedelta(days=t.count("mood_screen_days") - 1)
    screens = [c for c in record.checkins if first <= c.date <= as_of and c.phq2 is not None]
    if not screens:
        return too_few("phq2", "points of 6", 0, "screens", 1, "screens-in-two-weeks")
    newest = max(screens, key=lambda c: c.date)
    return measured(
        "phq2",
        float(newest.phq2 or 0),
        "points of 6",
        len(screens),
        "screens",
        reason("appraisal.measured-phq2", on=newest.date, score=newest.phq2 or 0),
        [newest.date],
    )


def untimed_minus_timed(record: Record, span: Span, t: Thresholds) -> Measure:
    """Accuracy in tutor mode minus timed, percentage points, first passes."""
    right: Counter[str] = Counter()
    items: Counter[str] = Counter()
    dates: list[date] = []
    for block in blocks_in(record, span):
        if block.first_pass:
            right[block.mode] += block.correct
            items[block.mode] += block.items
            dates.append(block.date)
    fewest = min(items["timed"], items["tutor"])
    if fewest < t["timing_items_min"] or items.total() < t["min_items"]:
        return too_few(
            "untimed_minus_timed",
            "percentage points",
            fewest,
            "items",
            t["timing_items_min"],
            "questions-timed-and-tutor",
        )
    timed, tutor = right["timed"] / items["timed"], right["tutor"] / items["tutor"]
    counts: dict[str, Fact] = {
        "untimed_right": right["tutor"],
        "untimed_items": items["tutor"],
        "timed_right": right["timed"],
        "timed_items": items["timed"],
    }
    if tutor < t["timing_untimed_good"]:
        return measured(
            "untimed_minus_timed",
            0.0,
            "percentage points",
            items.total(),
            "items",
            reason("appraisal.measured-timing-both-low", **counts),
            dates,
        )
    return measured(
        "untimed_minus_timed",
        (tutor - timed) * 100,
        "percentage points",
        items.total(),
        "items",
        reason("appraisal.measured-timing-gap", **counts, **period(dates)),
        dates,
    )


def sd_below_mark(record: Record, as_of: date, t: Thresholds) -> Measure:
    """How far below the mark the learner stood last, in SD, an untimed test one level lower.

    The newest practice test since the failed sitting, by the published line; else the reported
    number; else the distance read off the graphic, as the middle of its band on the guide's cuts.
    """
    name, unit = "sd_below_mark", "SD"
    failure = last_failure(record, as_of)
    after = failure.date if failure is not None else date.min
    forms = sorted((f for f in record.forms if after < f.date <= as_of), key=lambda f: f.date)
    again = len(failures(record, as_of)) > 1
    for form in reversed(forms):
        below = points_below_mark(record, form)
        sd = guide_sd(record, form.date)
        if below is not None and sd is not None:
            return measured(
                name,
                below / sd + _level_lower(below, again or not form.timed, t),
                unit,
                1,
                "tests",
                reason(
                    "appraisal.measured-test-below-passing",
                    test=practice_test(form.family, form.form, record.exam.id),
                    on=form.date,
                    score=form.score or 0.0,
                    points=below,
                    one_level_lower=below > 0 and (again or not form.timed),
                ),
                [form.date],
            )
    if failure is None:
        return too_few(name, unit, 0, "sittings", 1, "attempts-or-tests")
    if failure.score is not None:
        sd = guide_sd(record, failure.date)
        if sd is None:
            return too_few(name, unit, 0, "sittings", 1, "attempts-with-scale")
        mark = facts.pass_mark(failure.exam, failure.date)
        below = (mark.value - failure.score) / sd
        says = reason(
            "appraisal.measured-attempt-score",
            attempt=failure.date,
            score=failure.score,
            passing=mark.value,
            one_level_lower=below > 0 and again,
        )
    elif failure.distance_below_pass is not None:
        wobbly, gap = t["foundation_wobbly_sd"], t["foundation_gap_sd"]
        below = {"near": wobbly / 2, "moderate": (wobbly + gap) / 2, "far": gap * 1.25}[
            failure.distance_below_pass
        ]
        says = reason(
            "appraisal.measured-attempt-distance",
            attempt=failure.date,
            distance=failure.distance_below_pass,
            one_level_lower=again,
        )
    else:
        return too_few(name, unit, 0, "sittings", 1, "reports-with-score-or-distance")
    return measured(
        name,
        below + _level_lower(below, again, t),
        unit,
        1,
        "sittings",
        says,
        [failure.date],
    )


def _level_lower(below: float, lower: bool, t: Thresholds) -> float:
    """One level of the guide, for an untimed test or a second failure; 0 above the mark."""
    return t["foundation_gap_sd"] - t["foundation_wobbly_sd"] if lower and below > 0 else 0.0


def guide_sd(record: Record, on: date) -> float | None:
    """The SD in which the guide counts, points of the exam's scale; ``None`` where unknown."""
    try:
        value = facts.value(f"{record.exam.id}.time-needed-sd", on).value
    except FactError:
        value = None
    if isinstance(value, int | float):
        return float(value)
    try:
        return facts.norms(record.exam.id, on).sd
    except FactError:
        return None


def low_areas(record: Record, as_of: date, t: Thresholds) -> Measure:
    """How many areas of the share axis are below 4 of 10 right, pooled over tests and blocks."""
    everything = Span(first=date.min, last=as_of)
    forms, blocks = forms_in(record, everything), blocks_in(record, everything)
    pooled = pooled_area_fractions(forms, blocks, areas=exam_weights(record, as_of) or None)
    read = {a: v for a, v in pooled.items() if v[1] >= t["foundation_area_items"]}
    items = sum(v[1] for v in read.values())
    if items < t["min_items"]:
        return too_few("low_areas", "areas", items, "items", t["min_items"], "questions-with-area")
    low = sorted(a for a, v in read.items() if v[0] < t["foundation_area_low"])
    return Measure(
        name="low_areas",
        value=len(low),
        unit="areas",
        n=items,
        counted="items",
        says=reason("appraisal.measured-low-areas", low=tuple(low), areas=len(read), items=items),
    )


def hours_after_commitments(record: Record, as_of: date) -> Measure:
    """Hours a week left after commitments, over the next four weeks."""
    name, unit = "free_hours_per_week", "hours/week"
    availability = record.availability
    if availability is None:
        return too_few(name, unit, 0, "weeks", 1, "weeks-of-study-hours")
    days = [as_of + timedelta(days=k) for k in range(28)]
    cap = availability.max_minutes_per_day
    gross = net = 0.0
    for day in days:
        minutes = float(availability.minutes.get(WEEKDAYS[day.weekday()], 0))
        if cap is not None:
            minutes = min(minutes, cap)
        promised = sum(c.minutes for c in availability.commitments if c.date == day)
        gross += minutes
        net += 0.0 if day in availability.days_off else max(0.0, minutes - promised)
    return Measure(
        name=name,
        value=net / 4 / MINUTES_PER_HOUR,
        unit=unit,
        n=len(days),
        counted="days",
        says=reason("appraisal.measured-free-hours", net_minutes=net / 4, gross_minutes=gross / 4),
        first=days[0],
        last=days[-1],
    )


def plan_likeness(record: Record, before: Span, since: Span, t: Thresholds) -> Measure:
    """Cosine between the weeks before the sitting and the new weeks.

    The vectors hold the shares of minutes by activity and by area, hours a day in tens, and tests
    a week; the new weeks are read from the plan where it has enough sessions, else from the log.
    """
    name = "plan_likeness"
    old_days = minutes_by_day(record, before)
    planned = [
        s
        for s in record.plan
        if s.date >= since.first and s.kind in ("study", "form", "review") and s.minutes > 0
    ]
    plan_days = {s.date for s in planned}
    new_days = minutes_by_day(record, since)
    if len(old_days) < t["min_days"] or max(len(plan_days), len(new_days)) < t["min_days"]:
        return too_few(
            name,
            "cosine",
            min(len(old_days), max(len(plan_days), len(new_days))),
            "days",
            t["min_days"],
            "days-before-and-after-attempt",
        )
    old = _plan_vector(
        [(s.activity, s.area, s.minutes) for s in record.study if s.date in before],
        len(old_days),
        len(forms_in(record, before)) / before.days * 7,
    )
    if len(plan_days) >= t["min_days"]:
        weeks = max(1.0, ((max(plan_days) - min(plan_days)).days + 1) / 7)
        new = _plan_vector(
            [
                ("form" if s.kind == "form" else s.activity or "other", s.area, float(s.minutes))
                for s in planned
            ],
            len(plan_days),
            sum(s.kind == "form" for s in planned) / weeks,
        )
        source, days = "planned", plan_days
    else:
        new = _plan_vector(
            [(s.activity, s.area, s.minutes) for s in record.study if s.date in since],
            len(new_days),
            len(forms_in(record, since)) / since.days * 7,
        )
        source, days = "logged", set(new_days)
    keys = set(old) | set(new)
    dot = sum(old.get(k, 0.0) * new.get(k, 0.0) for k in keys)
    norm = (sum(v * v for v in old.values()) * sum(v * v for v in new.values())) ** 0.5
    return measured(
        name,
        dot / norm if norm else 0.0,
        "cosine",
        len(old_days) + len(days),
        "days",
        reason(
            "appraisal.measured-plan-likeness",
            before_days=len(old_days),
            since_days=len(days),
            planned=source == "planned",
            same=bool(norm and dot / norm > t["same_plan_cosine"]),
        ),
        [*old_days, *days],
    )


def _plan_vector(
    entries: Sequence[tuple[str, str | None, float]], days: int, forms_per_week: float
) -> dict[str, float]:
    total = sum(m for _, _, m in entries) or 1.0
    vector: dict[str, float] = defaultdict(float)
    for activity, area, minutes in entries:
        vector[f"activity {activity}"] += minutes / total
        if area is not None:
            vector[f"area {area}"] += minutes / total
    vector["hours"] = total / max(1, days) / MINUTES_PER_HOUR / 10
    vector["tests"] = forms_per_week
    return dict(vector)
