"""Indicators of the seven questions: what the record says about habits, with n and dates.

Every function takes the record, a span of days and the thresholds, and returns one
:class:`~bounceback.appraisal.values.Measure`. Below the stated minimum of data its ``value`` is
``None`` and its words say what is missing; a missing entry is unknown, never zero.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from bounceback.appraisal.models import Measure, Span
from bounceback.appraisal.record_queries import (
    activity_minutes,
    blocks_in,
    checkins_in,
    exam_weights,
    forms_in,
    free_hours_per_week,
    last_failure,
    mean,
    measured,
    minutes_by_day,
    period,
    points_below_mark,
    points_per_unit,
    practice_test,
    too_few,
)
from bounceback.appraisal.thresholds import Thresholds
from bounceback.reasons import Reason, reason
from bounceback.records.models import Block, Form, Record
from bounceback.vocabulary import MINUTES_PER_HOUR

RIGHT_PERSONS = re.compile(
    r"\b(advis|tutor|deans?\b|faculty|coach|professor|learning|academic|mentor|student affairs"
    r"|director|chief|attending|supervis|programme|program\b|accommodat|disabilit)",
    re.IGNORECASE,
)
"""Words, by their beginnings, for people who can change the plan, the date or the access."""


def hours_per_study_day(record: Record, span: Span, t: Thresholds) -> Measure:
    """Mean hours on days with study."""
    by_day = minutes_by_day(record, span)
    n = len(by_day)
    if n < t["min_days"]:
        return too_few(
            "hours_per_study_day", "hours/day", n, "days", t["min_days"], "study-days", by_day
        )
    a_day = mean(by_day.values())
    return measured(
        "hours_per_study_day",
        a_day / MINUTES_PER_HOUR,
        "hours/day",
        n,
        "days",
        reason("appraisal.measured-hours", minutes=a_day, days=n, **period(by_day)),
        by_day,
    )


def rest_days_per_week(record: Record, span: Span, t: Thresholds) -> Measure:
    """Days without study for each full week between the first and the last day with study."""
    by_day = minutes_by_day(record, span)
    n = len(by_day)
    if n < t["min_days"]:
        return too_few(
            "rest_days_per_week", "days/week", n, "days", t["min_days"], "study-days", by_day
        )
    calendar = (max(by_day) - min(by_day)).days + 1
    free = calendar - n
    return measured(
        "rest_days_per_week",
        free / max(1, calendar // 7),
        "days/week",
        calendar,
        "days",
        reason("appraisal.measured-days-off", days=calendar, free=free, **period(by_day)),
        by_day,
    )


def late_day_drop(record: Record, span: Span, t: Thresholds) -> Measure:
    """Accuracy of the first block of a day minus its last, percentage points, pooled over days."""
    by_day: dict[date, list[Block]] = defaultdict(list)
    for block in blocks_in(record, span):
        by_day[block.date].append(block)
    pairs = [(day[0], day[-1]) for day in by_day.values() if len(day) > 1]
    items = sum(a.items + b.items for a, b in pairs)
    dates = [a.date for a, _ in pairs]
    if items < t["min_items"]:
        return too_few(
            "late_day_drop",
            "percentage points",
            items,
            "items",
            t["min_items"],
            "questions-on-two-block-days",
            dates,
        )
    first = sum(a.correct for a, _ in pairs) / sum(a.items for a, _ in pairs)
    last = sum(b.correct for _, b in pairs) / sum(b.items for _, b in pairs)
    return measured(
        "late_day_drop",
        (first - last) * 100,
        "percentage points",
        items,
        "items",
        reason(
            "appraisal.measured-late-day-drop",
            days=len(pairs),
            first=first,
            last=last,
            items=items,
        ),
        dates,
    )


def daily_variation(record: Record, span: Span, t: Thresholds) -> Measure:
    """Coefficient of variation of minutes on days with study."""
    by_day = minutes_by_day(record, span)
    n = len(by_day)
    if n < t["min_days"]:
        return too_few("daily_variation", "ratio", n, "days", t["min_days"], "days", by_day)
    low, high = min(by_day.values()), max(by_day.values())
    a_day = mean(by_day.values())
    spread = math.sqrt(mean((minutes - a_day) ** 2 for minutes in by_day.values()))
    return measured(
        "daily_variation",
        spread / a_day,
        "ratio",
        n,
        "days",
        reason(
            "appraisal.measured-daily-variation",
            low_minutes=low,
            high_minutes=high,
            days=n,
            **period(by_day),
        ),
        by_day,
    )


def done_share(record: Record, as_of: date, span: Span, t: Thresholds) -> Measure:
    """Minutes done against planned, over the last two weeks of the span that carry ticks."""
    first = max(span.first, span.last - timedelta(days=t.count("effort_window_days") - 1))
    ticked = [
        s
        for s in record.plan
        if first <= s.date <= min(span.last, as_of)
        and s.done_minutes is not None
        and s.minutes > 0
        and s.kind in ("study", "form", "review")
    ]
    n = len(ticked)
    if n < t["effort_sessions_min"]:
        return too_few(
            "done_share",
            "share",
            n,
            "sessions",
            t["effort_sessions_min"],
            "sessions-marked-done",
            [s.date for s in ticked],
        )
    planned = sum(s.minutes for s in ticked)
    done = sum(min(s.done_minutes or 0, s.minutes) for s in ticked)
    return measured(
        "done_share",
        done / planned,
        "share",
        n,
        "sessions",
        reason(
            "appraisal.measured-done-share",
            planned_minutes=planned,
            sessions=n,
            done_minutes=done,
            **period(s.date for s in ticked),
        ),
        [s.date for s in ticked],
    )


def area_minutes(record: Record, span: Span) -> dict[str, float]:
    """Study minutes by area; entries without an area are left out."""
    minutes: dict[str, float] = defaultdict(float)
    for entry in record.study:
        if entry.date in span and entry.area is not None and entry.activity != "form":
            minutes[entry.area] += entry.minutes
    return dict(minutes)


def weak_share_of_fair(
    record: Record, as_of: date, span: Span, weak: Sequence[str], t: Thresholds
) -> Measure:
    """Share of area-tagged minutes on the weak areas, over their share of the exam."""
    name, unit = "weak_share_of_fair", "ratio"
    entries = [
        s for s in record.study if s.date in span and s.area is not None and s.activity != "form"
    ]
    days = {s.date for s in entries}
    if not weak or len(days) < t["min_days"]:
        what = "days-with-area" if weak else "days-no-weak-area-known"
        return too_few(name, unit, len(days), "days", t["min_days"], what, days)
    weights = exam_weights(record, as_of)
    minutes = area_minutes(record, span)
    total = sum(minutes.values())
    known = set(weights) or set(minutes) | set(weak)
    fair = (
        sum(weights.get(a, 0.0) for a in weak) if weights else len(set(weak) & known) / len(known)
    )
    if fair <= 0 or total <= 0:
        return too_few(name, unit, len(days), "days", t["min_days"], "days-areas-unclear", days)
    spent = sum(minutes.get(a, 0.0) for a in weak) / total
    return measured(
        name,
        spent / fair,
        unit,
        len(days),
        "days",
        reason(
            "appraisal.measured-weak-share",
            areas=tuple(weak),
            fair=fair,
            spent=spent,
            minutes=total,
            days=len(days),
            **period(days),
        ),
        days,
    )


def longest_untouched(
    record: Record, span: Span, weak: Sequence[str], t: Thresholds
) -> tuple[str, Measure]:
    """The weak area not seen for longest up to the end of the span, and for how many days."""
    name, unit = "weak_untouched_days", "days"
    days = {s.date for s in record.study if s.date in span and s.area is not None}
    if not weak or len(days) < t["min_days"]:
        return "", too_few(name, unit, len(days), "days", t["min_days"], "days-with-area", days)
    seen: dict[str, date] = {}
    for study in record.study:
        if study.date in span and study.area is not None and study.area in weak:
            seen[study.area] = max(seen.get(study.area, date.min), study.date)
    for block in blocks_in(record, span):
        for area in block.areas:
            if area in weak:
                seen[area] = max(seen.get(area, date.min), block.date)
    gaps = {a: (span.last - seen[a]).days if a in seen else span.days for a in weak}
    area = max(gaps, key=lambda a: (gaps[a], a))
    return area, measured(
        name,
        gaps[area],
        unit,
        len(days),
        "days",
        reason("appraisal.measured-untouched", area=area, days=gaps[area], last=span.last)
        if area in seen
        else reason("appraisal.measured-never-studied", area=area, days=span.days, last=span.last),
        days,
    )


def open_resources(record: Record) -> Measure:
    """Resources begun, by the record's list (it carries no dates)."""
    begun = [r for r in record.resources if r.done > 0]
    n = len(begun)
    if not record.resources:
        return too_few("open_resources", "resources", 0, "resources", 1, "resources-listed")
    return Measure(
        name="open_resources",
        value=n,
        unit="resources",
        n=len(record.resources),
        counted="resources",
        says=reason("appraisal.measured-resources", names=tuple(r.name for r in begun)),
    )


def second_bank(record: Record) -> Measure:
    """Completion of the fullest question bank where a second one is open; 1.0 with one bank."""
    banks = [r for r in record.resources if r.kind == "questions" and r.units]
    begun = [r for r in banks if r.done > 0]
    if not begun:
        return too_few("second_bank", "share", 0, "banks", 1, "banks-with-size")
    share = {r.name: min(1.0, r.done / (r.units or 1)) for r in begun}
    fullest = max(begun, key=lambda r: share[r.name])
    return Measure(
        name="second_bank",
        value=share[fullest.name] if len(begun) > 1 else 1.0,
        unit="share",
        n=sum(r.done for r in begun),
        counted="questions",
        says=reason(
            "appraisal.measured-banks",
            name=fullest.name,
            done=fullest.done,
            units=fullest.units,
            others=len(begun) - 1,
        ),
    )


def days_without_form(record: Record, span: Span, t: Thresholds) -> Measure:
    """Days from the last practice test in the span to its end; the whole span without one.

    Asks for enough days of study, so that a pause is not read as avoidance.
    """
    name, unit = "days_without_form", "days"
    studied = minutes_by_day(record, span)
    forms = forms_in(record, span)
    active = len(studied) or len({b.date for b in blocks_in(record, span)})
    if active < t["min_days"]:
        return too_few(name, unit, active, "days", t["min_days"], "study-days", studied)
    gap = (span.last - forms[-1].date).days if forms else span.days
    return Measure(
        name=name,
        value=gap,
        unit=unit,
        n=len(forms),
        counted="tests",
        says=reason(
            "appraisal.measured-test-gap",
            tests=len(forms),
            days=span.days,
            until=span.last,
            newest=forms[-1].date if forms else None,
            left=len(record.ledger),
        ),
        first=span.first,
        last=span.last,
    )


def forms_since_failure(record: Record, as_of: date) -> Measure:
    """How many practice tests came after the last failed sitting."""
    failure = last_failure(record, as_of)
    if failure is None:
        return too_few("forms_since_failure", "tests", 0, "sittings", 1, "failed-attempts")
    forms = [f for f in record.forms if failure.date < f.date <= as_of]
    return Measure(
        name="forms_since_failure",
        value=len(forms),
        unit="tests",
        n=len(forms),
        counted="tests",
        says=reason(
            "appraisal.measured-tests-since-attempt", tests=len(forms), attempt=failure.date
        ),
        first=failure.date,
        last=as_of,
    )


def soft_forms(record: Record, span: Span, t: Thresholds) -> Measure:
    """Share of tests that were untimed, interrupted or repeated."""
    forms = forms_in(record, span)
    n = len(forms)
    if n < t["min_forms"]:
        return too_few("soft_forms", "share", n, "tests", t["min_forms"], "practice-tests")
    untimed = sum(not f.timed for f in forms)
    interrupted = sum(f.interrupted for f in forms)
    repeated = sum(f.repeat for f in forms)
    soft = sum((not f.timed) or f.interrupted or f.repeat for f in forms)
    return measured(
        "soft_forms",
        soft / n,
        "share",
        n,
        "tests",
        reason(
            "appraisal.measured-test-conditions",
            tests=n,
            untimed=untimed,
            interrupted=interrupted,
            repeated=repeated,
            **period(f.date for f in forms),
        ),
        [f.date for f in forms],
    )


def change_after_forms(record: Record, span: Span, t: Thresholds) -> Measure:
    """How much the mix of areas moved after tests: mean total variation, a share of minutes."""
    window = timedelta(days=t.count("adapt_window_days"))
    one = timedelta(days=1)
    moves: list[float] = []
    dates: list[date] = []
    for form in forms_in(record, span):
        before = area_minutes(record, Span(first=form.date - window, last=form.date - one))
        after = area_minutes(record, Span(first=form.date + one, last=form.date + window))
        a, b = sum(before.values()), sum(after.values())
        if min(a, b) < t["adapt_minutes_min"]:
            continue
        areas = set(before) | set(after)
        moves.append(sum(abs(before.get(x, 0) / a - after.get(x, 0) / b) for x in areas) / 2)
        dates.append(form.date)
    n = len(moves)
    if n < t["min_forms"]:
        return too_few(
            "change_after_forms",
            "share",
            n,
            "tests",
            t["min_forms"],
            "tests-with-logged-weeks",
        )
    return measured(
        "change_after_forms",
        mean(moves),
        "share",
        n,
        "tests",
        reason(
            "appraisal.measured-change-after-tests",
            tests=n,
            share=mean(moves),
            **period(dates),
        ),
        dates,
    )


def is_right_person(who: str) -> bool:
    """Whether this contact can change the plan, the date or the access."""
    return RIGHT_PERSONS.search(who) is not None


def contacts(record: Record, span: Span) -> list[tuple[date, str]]:
    """Human contacts in the span: check-ins and meetings."""
    found = [(c.date, c.contact) for c in checkins_in(record, span) if c.contact]
    found += [(m.date, m.with_) for m in record.meetings if m.date in span]
    return sorted(found)


def days_without_contact(
    record: Record, span: Span, t: Thresholds, *, right_person: bool = False
) -> Measure:
    """Days since a human contact (or since one who can change something), to the span's end.

    Known where contacts are being logged: at least one contact, or enough check-ins.
    """
    name = "days_without_right_person" if right_person else "days_without_contact"
    logged = checkins_in(record, span)
    found = contacts(record, span)
    if not found and len(logged) < t["contact_days_min"]:
        return too_few(
            name, "days", len(logged), "days", t["contact_days_min"], "days-with-check-in"
        )
    wanted = [c for c in found if not right_person or is_right_person(c[1])]
    gap = (span.last - wanted[-1][0]).days if wanted else span.days
    says = (
        reason(
            "appraisal.measured-last-contact",
            can_change_things=right_person,
            who=wanted[-1][1],
            on=wanted[-1][0],
            days=gap,
        )
        if wanted
        else reason(
            "appraisal.measured-no-contact",
            can_change_things=right_person,
            days=span.days,
            until=span.last,
        )
    )
    return Measure(
        name=name,
        value=gap,
        unit="days",
        n=len(found),
        counted="contacts",
        says=says,
        first=span.first,
        last=span.last,
    )


def cards_share(record: Record, span: Span, t: Thresholds) -> Measure:
    """Share of study minutes on cards."""
    minutes = activity_minutes(record, span)
    days = minutes_by_day(record, span)
    if len(days) < t["min_days"]:
        return too_few("cards_share", "share", len(days), "days", t["min_days"], "days", days)
    total = sum(minutes.values())
    cards = minutes.get("cards", 0.0)
    return measured(
        "cards_share",
        cards / total,
        "share",
        len(days),
        "days",
        reason(
            "appraisal.measured-cards-share",
            cards_minutes=cards,
            minutes=total,
            days=len(days),
            **period(days),
        ),
        days,
    )


def due_cards_share(record: Record) -> Measure:
    """Minutes of due cards a day over the mean day's hours, where both are known."""
    decks = [
        r for r in record.resources if r.kind == "cards" and r.due_per_day and r.minutes_per_unit
    ]
    free = free_hours_per_week(record)
    if not decks or not free:
        return too_few("due_cards_share", "share", len(decks), "decks", 1, "decks-with-due-cards")
    minutes = sum((r.due_per_day or 0) * (r.minutes_per_unit or 0) for r in decks)
    due = round(sum(r.due_per_day or 0 for r in decks))
    a_day = free / 7 * MINUTES_PER_HOUR
    return Measure(
        name="due_cards_share",
        value=minutes / a_day,
        unit="share",
        n=due,
        counted="cards",
        says=reason("appraisal.measured-due-cards", cards=due, minutes=minutes, of_minutes=a_day),
    )


def last_form_before_sitting(record: Record, span: Span, t: Thresholds) -> Measure:
    """Days from the last practice test to the sitting that followed the span."""
    forms = forms_in(record, span)
    if len(forms) < t["min_forms"]:
        return too_few(
            "last_form_to_sitting", "days", 0, "tests", t["min_forms"], "tests-before-attempt"
        )
    gap = (span.last - forms[-1].date).days + 1
    return measured(
        "last_form_to_sitting",
        gap,
        "days",
        len(forms),
        "tests",
        reason(
            "appraisal.measured-last-test",
            days=gap,
            test=_test(record, forms[-1]),
            on=forms[-1].date,
        ),
        [f.date for f in forms],
    )


def printed_chance_before_sitting(record: Record, span: Span, t: Thresholds) -> Measure:
    """The chance printed on the last report before the sitting."""
    forms = [f for f in forms_in(record, span) if f.printed_p_pass is not None]
    if not forms:
        return too_few("printed_chance", "probability", 0, "tests", 1, "reports-with-chance")
    last = forms[-1]
    chance = last.printed_p_pass or 0.0
    return measured(
        "printed_chance",
        chance,
        "probability",
        len(forms),
        "tests",
        reason(
            "appraisal.measured-printed-chance",
            test=_test(record, last),
            on=last.date,
            chance=chance,
        ),
        [f.date for f in forms],
    )


def _test(record: Record, form: Form, *, label: bool = True) -> Reason:
    """Return the name of a practice test, as a value."""
    return practice_test(form.family, form.form if label else "", record.exam.id)


def _comparable(record: Record, span: Span) -> list[Form]:
    """The family with most new tests in the span, oldest first; of equals the newer one."""
    by_family: dict[str, list[Form]] = defaultdict(list)
    for form in forms_in(record, span):
        if form.score is not None and not form.repeat:
            by_family[form.family].append(form)
    return max(by_family.values(), key=lambda s: (len(s), s[-1].date), default=[])


def weekly_gain(record: Record, span: Span) -> Measure:
    """Points a week between the first and last comparable tests (one family), own scale."""
    series = _comparable(record, span)
    if len(series) < 2 or series[-1].date == series[0].date:
        return too_few("weekly_gain", "points/week", len(series), "tests", 2, "tests-of-one-kind")
    a, b = series[0], series[-1]
    weeks = (b.date - a.date).days / 7
    gain = ((b.score or 0.0) - (a.score or 0.0)) / weeks
    return measured(
        "weekly_gain",
        gain,
        "points/week",
        len(series),
        "tests",
        reason(
            "appraisal.measured-gain",
            test=_test(record, a, label=False),
            first=a.score or 0.0,
            first_on=a.date,
            last=b.score or 0.0,
            last_on=b.date,
        ),
        [f.date for f in series],
    )


def rush_ratio(record: Record, as_of: date, span: Span, t: Thresholds) -> Measure:
    """Weekly points that the planned date asks for, over the learner's own measured gain.

    Both in points of one family of tests: the one with most of them in the span.
    """
    name, unit = "rush_ratio", "times"
    planned = record.exam.planned_date
    gain = weekly_gain(record, span)
    newest = _comparable(record, span)
    if planned is None or planned <= as_of or gain.value is None or not newest:
        return too_few(name, unit, gain.n, "tests", 2, "tests-of-one-kind-and-date")
    below = points_below_mark(record, newest[-1])
    slope = points_per_unit(record, newest[-1])
    if below is None or slope is None:
        return too_few(name, unit, gain.n, "tests", 2, "tests-on-exam-scale")
    weeks = (planned - newest[-1].date).days / 7
    need = max(0.0, below) / weeks
    need /= slope
    own = max(gain.value, 1e-9)
    return measured(
        name,
        min(need / own, 99.0),
        unit,
        gain.n,
        "tests",
        reason(
            "appraisal.measured-pace-to-date",
            planned=planned,
            need=need,
            test=_test(record, newest[-1], label=False),
            gain=gain.value,
            detail=gain.says,
        ),
        [f.date for f in newest],
    )
