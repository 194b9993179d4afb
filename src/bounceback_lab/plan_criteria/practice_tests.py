"""F: practice tests: a first one, a rhythm, their review, their hours, the last weeks."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from datetime import date, timedelta
from typing import Any, Final

from bounceback import facts
from bounceback.errors import FactError
from bounceback_lab.plan_criteria.plan_view import PlanView, Session
from bounceback_lab.plan_criteria.registry import Finding, criterion, holds, not_applicable

YOUNG_DAYS: Final = 21
FIRST_DAYS: Final = 7
RHYTHM_DAYS: Final = 16
RHYTHM_DAYS_SHORT: Final = 24
SHORT_DAY: Final = 120
REVIEW_HOURS_DAYS: Final = 2
REVIEW_SHARE: Final = 0.5
MOST_SHARE: Final = 0.75
LENGTH_SHARE: Final = 0.95
LONGEST_BREAK: Final = 120
LATE_DAYS: Final = 14
LAST_DAYS: Final = (3, 14)
REHEARSAL_DAYS: Final = 16
REHEARSAL_SHARE: Final = 0.60
REHEARSAL_START: Final = 9 * 60
FREE_SAMPLE: Final = "free-120"


def sittings(view: PlanView) -> dict[str, list[Session]]:
    """Sessions of each practice test in the plan, by its label."""
    found: dict[str, list[Session]] = defaultdict(list)
    for s in view.form_sittings:
        found[s.form or s.id].append(s)
    return found


def measure_days(view: PlanView) -> list[date]:
    """First day of each practice test in the plan."""
    return sorted(min(s.date for s in sessions) for sessions in sittings(view).values())


def last_failure(view: PlanView) -> date | None:
    """Day of the last attempt at the exam ahead that was failed."""
    days = [
        a.date
        for a in view.record.attempts
        if a.exam == view.exam_id and a.outcome == "fail" and a.date <= view.as_of
    ]
    return max(days, default=None)


def _tests_fit(view: PlanView, first_days: int | None = None) -> bool:
    """Whether any open day is as long as the shortest practice test that is owned.

    Args:
        view: The plan.
        first_days: Days of the plan that are looked at; ``None``: all.
    """
    lengths = [
        length
        for owned in view.record.ledger
        if (length := length_of(view, owned.family)) is not None
    ]
    if not lengths:
        return False
    longest = max((view.open_time(day)[0] for day in view.horizon[:first_days]), default=0)
    return longest >= min(lengths)


def length_of(view: PlanView, family: str) -> float | None:
    """Minutes of a practice test with the granted time; ``None`` where it is not published."""
    try:
        minutes = facts.form_family(family, view.exam_id).minutes
    except FactError:
        return None
    return None if minutes is None else minutes * view.granted


def _nothing_to_measure(view: PlanView) -> str:
    if view.is_waiting:
        return "a result is awaited"
    if not view.record.ledger:
        return "no practice test owned"
    return "" if _tests_fit(view) else "no day is long enough for one"


@criterion("F1", 3, "a practice test in the first week where none is recent")
def baseline(view: PlanView) -> Finding:
    """Within seven days, where none since the failure is younger than three weeks."""
    if reason := _nothing_to_measure(view):
        return not_applicable(reason)
    since = max(last_failure(view) or date.min, view.as_of - timedelta(days=YOUNG_DAYS))
    if any(since <= f.date <= view.as_of for f in view.record.forms):
        return not_applicable("a recent one is known")
    if not _tests_fit(view, FIRST_DAYS):
        return not_applicable("no day of the first week is long enough for one")
    first = next(iter(measure_days(view)), None)
    good = first is not None and (first - view.as_of).days < FIRST_DAYS
    return holds(good, f"first {first}")


@criterion("F2", 2, "a practice test at least every 16 days")
def rhythm(view: PlanView) -> Finding:
    """24 days with less than two hours a day, or what the owned ones allow."""
    if reason := _nothing_to_measure(view):
        return not_applicable(reason)
    taken = [f.date for f in view.record.forms if f.date <= view.as_of]
    start = max([view.as_of, *(d for d in taken if (view.as_of - d).days < RHYTHM_DAYS)])
    marks = [start, *measure_days(view), view.test_date]
    gaps = [(b - a).days for a, b in itertools.pairwise(marks)]
    most = RHYTHM_DAYS_SHORT if view.usual_open < SHORT_DAY else RHYTHM_DAYS
    # With n tests the time falls into n + 1 parts; a test fits on some days only.
    allowed = (view.test_date - view.as_of).days / (len(view.record.ledger) + 1)
    most = max(most, round(1.25 * allowed))
    return holds(max(gaps) <= most, f"longest {max(gaps)} days of {most}")


@criterion("F3", 3, "each practice test is reviewed within 48 hours")
def reviewed(view: PlanView) -> Finding:
    """For at least half of its length, or for all that the learner's windows leave, and said so."""
    tests = sittings(view)
    if not tests:
        return not_applicable("no practice test in the plan")
    good = 0
    for label, sessions in tests.items():
        ids = {s.id for s in sessions}
        last = max(s.date for s in sessions)
        length = sum(s.minutes for s in sessions)
        review = sum(
            s.minutes
            for s in view.work
            if s.activity == "review"
            and (s.form == label or s.of in ids)
            and min(x.date for x in sessions) <= s.date <= last + timedelta(days=REVIEW_HOURS_DAYS)
        )
        needed = REVIEW_SHARE * length
        if _most_review(view, length) < needed and "review" in view.said:
            # No day of the plan leaves as much: then most of what its own days leave.
            needed = MOST_SHARE * min(needed, _left_for_review(view, last, length))
        good += review >= needed
    return holds(good == len(tests), f"{good} of {len(tests)}")


def _left_for_review(view: PlanView, day: date, length: float) -> float:
    """Minutes that a day and the two after it leave beside a test of that length."""
    offered = [
        view.open_time(on)[0]
        for n in range(REVIEW_HOURS_DAYS + 1)
        if (on := day + timedelta(days=n)) < view.test_date or view.is_way_back
    ]
    return max(0.0, sum(offered) - length)


def _most_review(view: PlanView, length: float) -> float:
    """Most minutes for its review that the days after any day long enough for the test leave."""
    return max(
        (
            _left_for_review(view, day, length)
            for day in (*view.horizon, *((view.test_date,) if view.is_way_back else ()))
            if view.open_time(day)[0] >= length
        ),
        default=math.inf,
    )


def _dated(view: PlanView) -> list[dict[str, Any]]:
    return [
        entry
        for entry in view.briefing.get("ledger", ())
        if entry.get("date") and view.as_of <= date.fromisoformat(entry["date"]) < view.test_date
    ]


@criterion("F4", 3, "every practice test with a day has its hours")
def has_its_hours(view: PlanView) -> Finding:
    """One go on its day (or halves on its two days) as long as the test, the granted time in it."""
    dated = _dated(view)
    if not dated:
        return not_applicable("no practice test has a day")
    good = 0
    for entry in dated:
        days = {date.fromisoformat(entry["date"])}
        if entry.get("second_date"):
            days.add(date.fromisoformat(entry["second_date"]))
        label = f"{entry['family']} {entry['form']}".strip()
        own = [s for s in view.form_sittings if s.date in days and s.form == label]
        length = length_of(view, entry["family"])
        enough = bool(own) and (
            length is None or sum(s.minutes for s in own) >= LENGTH_SHARE * length
        )
        unbroken = all(
            b.start - a.end <= LONGEST_BREAK for a, b in itertools.pairwise(own) if a.date == b.date
        )
        good += enough and unbroken and {s.date for s in own} == days
    return holds(good == len(dated), f"{good} of {len(dated)}")


@criterion("F5", 1, "the free sample test is kept for the last two weeks")
def sample_late(view: PlanView) -> Finding:
    """And is not the first to be spent, where others are owned."""
    families = {owned.family for owned in view.record.ledger}
    if FREE_SAMPLE not in families or len(families) < 2 or view.is_way_back or view.is_waiting:
        return not_applicable("no sample test among others")
    days = [
        min(s.date for s in sessions)
        for label, sessions in sittings(view).items()
        if label.startswith(FREE_SAMPLE)
    ]
    if not days:
        return not_applicable("the sample test has no day")
    every = measure_days(view)
    late = all((view.test_date - day).days <= LATE_DAYS for day in days)
    first = len(every) > 1 and min(days) == every[0]
    return holds(late and not first, f"{(view.test_date - min(days)).days} days before")


@criterion("F6", 2, "the last practice test 3 to 14 days before the exam")
def last_test(view: PlanView) -> Finding:
    """Of the tests in the plan."""
    if view.is_way_back:
        return not_applicable("no exam at the end")
    if reason := _nothing_to_measure(view):
        return not_applicable(reason)
    days = measure_days(view)
    if not days:
        return holds(False, "none")
    before = (view.test_date - days[-1]).days
    return holds(LAST_DAYS[0] <= before <= LAST_DAYS[1], f"{before} days before")


@criterion("F7", 2, "a rehearsal in the last 16 days")
def rehearsal(view: PlanView) -> Finding:
    """One day with 60 % of the exam's questions, mixed and timed, begun by nine."""
    if view.is_way_back or view.is_waiting:
        return not_applicable("no exam at the end")
    needed = REHEARSAL_SHARE * view.rhythm.items / view.rhythm.days
    first = view.test_date - timedelta(days=REHEARSAL_DAYS)
    ahead = [day for day in view.horizon if day >= first]
    possible = [
        day
        for day in ahead
        if (offered := view.open_time(day))[0] >= needed * view.pace
        and offered[1]
        and offered[1][0][0] <= REHEARSAL_START
    ]
    if not possible:
        return not_applicable("no day offers the hours in the morning")
    best = 0.0
    for day in ahead:
        sessions = [
            s
            for s in view.days.get(day, ())
            if s.kind == "form" or (s.is_fresh and s.is_mixed and s.mode == "timed")
        ]
        if sessions and min(s.start for s in sessions) <= REHEARSAL_START:
            best = max(best, sum(_items(view, s) for s in sessions))
    return holds(best >= needed, f"{best:.0f} of {needed:.0f} questions")


def _items(view: PlanView, s: Session) -> float:
    if s.kind != "form":
        return float(s.units or 0)
    return s.minutes / view.pace if s.units is None else float(s.units)
