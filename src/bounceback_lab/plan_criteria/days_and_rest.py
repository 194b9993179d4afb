"""D, E and W: the shape of a day, the end before the exam, rest, windows and hours."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from bounceback_lab.plan_criteria.plan_view import PlanView, Session
from bounceback_lab.plan_criteria.registry import Finding, criterion, holds, not_applicable

LONG_DAY: Final = 180
SHORT_DAY: Final = 90
MOST_AREAS: Final = 3
MOST_SWITCHES: Final = 4
SHARE_OF_DAYS: Final = 0.80
ROUND_SHARE: Final = 0.90
SMALL_AREA: Final = 0.05
FORTNIGHT: Final = 14
FEWEST_QUESTIONS: Final = 15
CRUMB_SHARE: Final = 0.10
LIGHT_END: Final = 0.75
HALF: Final = 0.5
USED: Final = (0.75, 1.001)
MOST_COUNTED: Final = 480
LONGEST_HOLE: Final = 4
EVE_MINUTES: Final = 120
SHORTEST_FOR_AN_END: Final = 10


@criterion("D1", 3, "at most three single areas a day")
def few_areas(view: PlanView) -> Finding:
    """On 80 % of the days of three hours and more."""
    long = [day for day in view.days.values() if sum(s.minutes for s in day) >= LONG_DAY]
    if not long:
        return not_applicable("no day of three hours")
    good = sum(len({view.single(s) for s in day} - {None}) <= MOST_AREAS for day in long)
    return holds(good / len(long) >= SHARE_OF_DAYS, f"{good} of {len(long)} days")


def switches(day: Sequence[Session]) -> int:
    """Changes of task or area in a day; a block and its own review are one task."""
    ids = {s.id: s for s in day}
    keys = []
    for s in day:
        about = ids.get(s.of, s)
        keys.append((about.activity, about.areas, about.form))
    return sum(a != b for a, b in pairwise(keys))


@criterion("D2", 2, "at most four switches a day")
def few_switches(view: PlanView) -> Finding:
    """On 80 % of days."""
    good = sum(switches(day) <= MOST_SWITCHES for day in view.days.values())
    return holds(good / len(view.days) >= SHARE_OF_DAYS, f"{good} of {len(view.days)} days")


@criterion("D3", 1, "sessions start at quarter hours")
def quarter_hours(view: PlanView) -> Finding:
    """At least 90 %."""
    share = sum(s.start % 15 == 0 for s in view.work) / len(view.work)
    return holds(share >= ROUND_SHARE, f"{share:.0%}")


@criterion("D4", 2, "the smallest areas do not open a day or fill a block often")
def small_areas(view: PlanView) -> Finding:
    """Areas below 5 % open no day, and have a block of their own at most once in two weeks."""
    small = {area for area, weight in view.weights.items() if weight < SMALL_AREA}
    if not small:
        return not_applicable("no area below 5 %")
    opens = sum(view.single(day[0]) in small for day in view.days.values())
    crowded = 0
    for area in small:
        days = [s.date for s in view.fresh if view.single(s) == area]
        crowded += sum((b - a).days < FORTNIGHT for a, b in pairwise(days))
    return holds(opens == 0 and crowded == 0, f"opens {opens} days, {crowded} too close")


@criterion("D5", 3, "short days hold one whole block")
def whole_short_days(view: PlanView) -> Finding:
    """Days that offer at most 90 minutes: at most two pieces, about one area."""
    short = [
        day
        for on, day in view.days.items()
        if view.open_time(on)[0] <= SHORT_DAY and all(s.activity != "form" for s in day)
    ]
    if not short:
        return not_applicable("no short days")
    good = sum(len(day) <= 2 and len({view.single(s) for s in day} - {None}) <= 1 for day in short)
    return holds(good == len(short), f"{good} of {len(short)} days")


@criterion("D6", 2, "no session of fewer than 15 new questions")
def no_crumbs(view: PlanView) -> Finding:
    """But for one in ten."""
    if not view.fresh:
        return not_applicable("no new questions")
    share = sum((s.units or 0) < FEWEST_QUESTIONS for s in view.fresh) / len(view.fresh)
    return holds(share <= CRUMB_SHARE, f"{share:.0%} under 15")


def _has_an_end(view: PlanView) -> bool:
    """Whether the plan leads to an exam, with enough days before it to speak of an end."""
    length = (view.test_date - view.as_of).days
    return not (view.is_way_back or view.is_waiting) and length >= SHORTEST_FOR_AN_END


@criterion("E1", 2, "the last three days are lighter")
def light_end(view: PlanView) -> Finding:
    """At most 75 % of the usual day."""
    if not _has_an_end(view) or not view.usual_day:
        return not_applicable("no exam at the end")
    minutes = sum(s.minutes for s in view.last_days(3)) / 3
    return holds(
        minutes <= LIGHT_END * view.usual_day, f"{minutes:.0f} of {view.usual_day:.0f} min"
    )


@criterion("E2", 2, "nothing new at the end")
def nothing_new(view: PlanView) -> Finding:
    """No new content or cards in five days, no new single-area questions in three."""
    if not _has_an_end(view):
        return not_applicable("no exam at the end")
    content = sum(
        s.activity in ("reading", "video") or (s.activity == "cards" and bool(s.units))
        for s in view.last_days(5)
    )
    single = sum(s.is_fresh and view.single(s) is not None for s in view.last_days(3))
    return holds(content + single == 0, f"{content} new content, {single} single-area")


@criterion("E3", 2, "the day before is for preparations")
def quiet_eve(view: PlanView) -> Finding:
    """Preparations, at most two hours, no new questions."""
    if not _has_an_end(view):
        return not_applicable("no exam at the end")
    eve = view.test_date - timedelta(days=1)
    work = [s for s in view.work if s.date == eve]
    prepared = any(s.date == eve and s.kind == "logistics" for s in view.sessions)
    minutes = sum(s.minutes for s in work)
    fresh = sum(s.is_fresh for s in work)
    return holds(
        prepared and minutes <= EVE_MINUTES and fresh == 0,
        f"{minutes} min, {'with' if prepared else 'without'} preparations, {fresh} new",
    )


@criterion("W1", 2, "a day or half a day is free in every seven")
def rest(view: PlanView) -> Finding:
    """In every seven days one holds at most half of the usual work."""
    minutes = {on: sum(s.minutes for s in day) for on, day in view.days.items()}
    days = view.horizon
    if len(days) < 7:
        return not_applicable("less than a week")
    bad = 0
    for n in range(len(days) - 6):
        week = [minutes.get(day, 0) for day in days[n : n + 7]]
        bad += min(week) > HALF * view.usual_day
    return holds(bad == 0, f"{bad} weeks without")


def misplaced(view: PlanView) -> list[Session]:
    """Sessions outside the windows, in a commitment, or on a day that is over its minutes."""
    wrong = []
    for on, day in view.days.items():
        offered, windows = view.open_time(on)
        free = [s for s in day if not s.locked]
        wrong += [s for s in free if not any(a <= s.start and s.end <= b for a, b in windows)]
        if free and sum(s.minutes for s in day) > offered:
            wrong.append(free[-1])
    return wrong


@criterion("W2", 3, "inside the windows and clear of commitments")
def inside(view: PlanView) -> Finding:
    """Every session that is not pinned."""
    wrong = misplaced(view)
    return holds(not wrong, f"{len(wrong)} outside" + (f" ({wrong[0].date})" if wrong else ""))


@criterion("W3", 2, "the hours offered are used, or the plan says why")
def hours_used(view: PlanView) -> Finding:
    """The median day uses 75 to 100 % of what is offered, eight hours counted at most."""
    if view.is_waiting:
        return not_applicable("a result is awaited")
    last = view.test_date - timedelta(days=7)
    shares = sorted(
        sum(s.minutes for s in day) / min(offered, MOST_COUNTED)
        for on, day in view.days.items()
        if on < last and (offered := view.open_time(on)[0]) > 0
    )
    if not shares:
        return not_applicable("no usual days")
    middle = shares[len(shares) // 2]
    said = any(word in view.said for word in ("hour", "minutes a day", "a day", "free"))
    good = USED[0] <= middle <= USED[1] or (middle < USED[0] and said)
    return holds(good, f"{middle:.0%} of the hours{', said' if said else ''}")


def longest_hole(view: PlanView) -> int:
    """Days in a row that offer time and hold no work, up to the last day before the exam."""
    hole = longest = 0
    for day in view.horizon:
        if day in view.days:
            hole = 0
        elif view.open_time(day)[0] > 0:
            hole += 1
        longest = max(longest, hole)
    return longest


@criterion("W4", 3, "the plan reaches its end without holes")
def reaches_the_end(view: PlanView) -> Finding:
    """No more than four days in a row that offer time and hold nothing."""
    hole = longest_hole(view)
    last = max(view.days, default=date.min)
    return holds(hole <= LONGEST_HOLE, f"longest hole {hole} days, last work {last}")


def opening_area(view: PlanView) -> tuple[str, float]:
    """The area that opens most days, and its share of them."""
    opened = Counter(view.single(day[0]) for day in view.days.values())
    opened.pop(None, None)
    if not opened:
        return "", 0.0
    area, count = opened.most_common(1)[0]
    return str(area), count / len(view.days) if view.days else math.nan
