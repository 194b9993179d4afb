"""An independent check of a plan against the record's rules.

Written from the case file's contract and the documented defaults; it imports nothing of the
planner. Every broken rule is one line of text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from bounceback.records.models import Record

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SLEEP_FROM, SLEEP_TO = 22 * 60 + 30, 6 * 60 + 30
DOCUMENTED_DAY = [(480, 780), (840, 1140)]
DEFAULT_CAP, LONGEST_DAY, HARD = 480, 600, 300
LONGEST_SESSION = 90


def minute(clock: Any) -> int:
    return clock.hour * 60 + clock.minute


def windows_of(record: Record, day: date) -> list[tuple[int, int]]:
    own = record.availability.windows.get(WEEK[day.weekday()])
    spans = [(minute(w.start), minute(w.end)) for w in own] if own else DOCUMENTED_DAY
    return [(max(a, SLEEP_TO), min(b, SLEEP_FROM)) for a, b in spans]


def commitments_of(record: Record, day: date) -> list[tuple[int, int]]:
    spans = []
    for c in record.availability.commitments:
        start = minute(c.start) + 1440 * (c.date - day).days
        lo, hi = max(0, start), min(1440, start + c.minutes)
        if lo < hi:
            spans.append((lo, hi))
    return spans


def free_minutes(record: Record, day: date) -> int:
    """Smallest of minutes less commitments, windows less overlap, and the cap."""
    a = record.availability
    if day in a.days_off:
        return 0
    inside = set()
    for lo, hi in windows_of(record, day):
        inside.update(range(lo, hi))
    busy = commitments_of(record, day)
    for lo, hi in busy:
        inside.difference_update(range(lo, hi))
    minutes = a.minutes.get(WEEK[day.weekday()], 0) - sum(hi - lo for lo, hi in busy)
    cap = DEFAULT_CAP if a.max_minutes_per_day is None else min(a.max_minutes_per_day, LONGEST_DAY)
    return max(0, min(minutes, len(inside), cap))


def faults(
    record: Record, as_of: date, test_date: date, sessions: Sequence[Any], ledger: Sequence[Any]
) -> list[str]:
    """Every broken rule of a plan without locked sessions."""
    found: list[str] = []
    by_day: dict[date, list[Any]] = defaultdict(list)
    for s in sessions:
        by_day[s.date].append(s)
        if not as_of <= s.date < test_date:
            found.append(f"{s.id}: outside the days of the plan")
        if s.kind == "study" and not 15 <= s.minutes <= LONGEST_SESSION:
            found.append(f"{s.id}: {s.minutes} minutes is no session")
        if s.kind in ("rest", "buffer", "logistics") and s.activity is not None:
            found.append(f"{s.id}: {s.kind} has an activity")
        if s.kind in ("study", "form", "review") and s.activity is None:
            found.append(f"{s.id}: no activity")
        if not s.why and s.reason is None:
            found.append(f"{s.id}: no why")
        if not s.id.startswith(s.date.isoformat() + "-"):
            found.append(f"{s.id}: id of another day")
    if len({s.id for s in sessions}) != len(sessions):
        found.append("ids repeat")

    rest_seen: list[date] = []
    day = as_of
    while day < test_date:
        planned = by_day.get(day, [])
        total = sum(s.minutes for s in planned)
        free = free_minutes(record, day)
        if total > free:
            found.append(f"{day}: {total} minutes planned, {free} free")
        spans = sorted((minute(s.start), minute(s.start) + s.minutes) for s in planned)
        for (_, end), (start, _) in pairwise(spans):
            if start < end:
                found.append(f"{day}: sessions overlap")
        for start, end in spans:
            inside = any(lo <= start and end <= hi for lo, hi in windows_of(record, day))
            touching = [w for w in windows_of(record, day) if w[0] <= start < w[1]]
            # Windows that meet are one stretch.
            joined = touching and all(
                any(lo <= m < hi for lo, hi in windows_of(record, day)) for m in range(start, end)
            )
            if end > start and not inside and not joined:
                found.append(f"{day}: {start}-{end} outside the windows")
            if any(start < hi and lo < end for lo, hi in commitments_of(record, day)):
                found.append(f"{day}: {start}-{end} over a commitment")
        # The full-length practice day is as long as most of the exam.
        hard = sum(
            s.minutes
            for s in planned
            if s.activity in ("questions", "form")
            and not (s.reason and s.reason.code == "planning.rehearsal-block")
        )
        forms = sum(s.minutes for s in planned if s.kind == "form")
        starts = [minute(s.start) % 15 for s in planned if s.kind == "study"]
        if any(starts):
            found.append(f"{day}: a session starts off the quarter hour")
        if hard > max(HARD, forms):
            found.append(f"{day}: {hard} minutes of hard work")
        if not any(s.activity for s in planned):
            rest_seen.append(day)
        day += timedelta(days=1)

    # In any seven days one without study.
    day = as_of
    while day + timedelta(days=7) <= test_date:
        if not any(day <= r < day + timedelta(days=7) for r in rest_seen):
            found.append(f"{day}: seven days without a day off")
        day += timedelta(days=1)

    for resource in record.resources:
        used = sum(
            s.units or 0
            for s in sessions
            if s.resource == resource.name and s.first_pass is not False
        )
        if resource.units is not None and used > max(0, resource.units - resource.done):
            found.append(f"{resource.name}: {used} units planned, fewer left")
        per_unit = resource.minutes_per_unit
        if per_unit:
            mine = [
                s
                for s in sessions
                if s.resource == resource.name and s.units and s.first_pass is not False
            ]
            if resource.kind in ("book", "video"):
                # A chapter begun is finished in the next session: whole ones as the minutes of
                # all sessions so far hold them, never one that was not paid for.
                mine = [
                    s
                    for s in sessions
                    if s.resource == resource.name and s.activity in ("reading", "video")
                ]
                minutes = units_so_far = 0
                for s in mine:
                    minutes += s.minutes
                    units_so_far += s.units or 0
                    if units_so_far * per_unit > minutes + 1e-6:
                        found.append(f"{s.id}: {units_so_far} units do not fit {minutes} minutes")
                    left = max(0, (resource.units or 10**9) - resource.done) - units_so_far
                    if left > 0 and minutes - units_so_far * per_unit >= per_unit + 1e-6:
                        found.append(f"{s.id}: a unit that was paid for is not counted")
            else:
                for s in mine:
                    # A block holds at least its own time and as long a review, at most three times
                    # its own; the learner's own minutes in between.
                    own = min(per_unit, 3 * 1.5) if resource.kind == "questions" else per_unit
                    if s.units * own > s.minutes + 1e-6 and s.minutes > 60:
                        found.append(f"{s.id}: {s.units} units do not fit {s.minutes} minutes")
    cards = sum(s.minutes for s in sessions if s.activity == "cards")
    study = sum(s.minutes for s in sessions if s.kind == "study")
    if cards > 0.2 * study + 30:
        found.append(f"cards are {cards} of {study} minutes of study")

    owned = [(f.family, f.form) for f in record.ledger]
    listed = [(e.family, e.form) for e in ledger if e.owned]
    if listed != owned:
        found.append("the ledger is not the learner's")
    placed = [e for e in ledger if e.date is not None]
    for e in ledger:
        if not e.why and e.reason is None:
            found.append(f"{e.label}: neither day nor reason")
    dates = [e.date for e in placed if e.family != "timed-mixed-blocks"]
    if len(set(dates)) != len(dates):
        found.append("two forms on one day")
    taken = {(f.family, f.form) for f in record.forms}
    for e in placed:
        if (e.family, e.form) in taken:
            found.append(f"{e.label} is planned a second time")
        if (test_date - e.date).days <= 3:
            found.append(f"{e.label} inside the last three days")
        if e.family == "timed-mixed-blocks":
            continue
        sat = [s for s in by_day.get(e.date, []) if s.kind == "form" and s.form == e.label]
        ends = e.date
        if e.second_date is not None:
            ends = e.second_date
            sat += [s for s in by_day.get(ends, []) if s.kind == "form" and s.form == e.label]
        if sum(s.minutes for s in sat) != e.minutes or len(sat) > 4:
            found.append(f"{e.label}: not sat at its length on its day")
        reviewed = [
            s
            for s in sessions
            if s.kind == "review"
            and s.form == e.label
            and e.date <= s.date <= ends + timedelta(days=2)
        ]
        room = any(
            s.activity is not None and ends < s.date <= ends + timedelta(days=2) for s in sessions
        )
        if room and not reviewed:
            found.append(f"{e.label}: no review within 48 hours")
    return found
