"""The plan re-made: after missed days, a new score, other hours, another date.

The plan is solved anew from today. What was ticked, locked or moved by the learner stays; what
still stands well stays where it is, so that a page looked at yesterday looks the same today; a
short list says what moved, what was dropped and why. The old plan is a value: undo is to take it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from bounceback.forecast.learning_curve import Dynamics
from bounceback.planning.availability import Day
from bounceback.planning.models import (
    QUIET_KINDS,
    Change,
    DayLevel,
    LedgerEntry,
    Plan,
    Session,
)
from bounceback.planning.parameters import Prescribes
from bounceback.planning.planner import Before, Setting, build, setting
from bounceback.planning.practice_tests import days_taken
from bounceback.planning.scheduling.day_draft import HARD
from bounceback.planning.scheduling.session_list import place_of
from bounceback.records.models import Record

Key = tuple[str | None, str, str | None, str | None]
"""What a session is about: activity, kind, area, form."""

_SHOWN: Final = 4


@dataclass(frozen=True, slots=True)
class OldPlan:
    """An earlier plan as a briefing's JSON holds it; a :class:`Plan` serves as well.

    Attributes:
        sessions: As the learner last saw them; empty where the record's own plan stands for them.
        ledger: Its practice tests.
        test_date: The sitting it was made for.
        as_of: The day it was made, if known.
        advised: The day that was advised then; ``None`` where none was, or it is not known.
        planned_date: The day that the learner planned to sit then.
        moves: How often the date had been moved on advice.
    """

    sessions: tuple[Session, ...]
    ledger: tuple[LedgerEntry, ...]
    test_date: date | None = None
    as_of: date | None = None
    advised: date | None = None
    planned_date: date | None = None
    moves: int = 0


def replan(
    record: Record,
    as_of: date,
    test_date: date,
    dynamics: Dynamics,
    old: Plan | OldPlan,
    prescriptions: Sequence[Prescribes] = (),
    *,
    level: DayLevel = "good",
    retest: LedgerEntry | None = None,
) -> Plan:
    """Re-make a plan from ``as_of``.

    Args:
        record: As it is now; entries of its own plan (ticks, locks, moves) win by id.
        as_of: Today; sessions start on it.
        test_date: The sitting.
        dynamics: As believed now.
        old: The plan as the learner last saw it.
        prescriptions: Plan changes that follow from the appraisal.
        level: What the learner chose for today.
        retest: As for :func:`bounceback.plan.make_plan`.

    Returns:
        The plan, with ``changes`` of at most sixty words and every one in ``all_changes``. An
        unchanged record has none.
    """
    at = setting(record, as_of, test_date, prescriptions, retest)
    every_one = with_ticks(old.sessions, record)
    own = tuple(
        s
        for s in every_one
        if as_of <= s.date < at.end(test_date)
        and (s.locked or _moved_by_learner(s) or (s.date == as_of and bool(s.done_minutes)))
    )
    seen = _last_seen(every_one, own, old)
    before = Before(
        ledger=_count_put_off(old.ledger, seen, record, as_of),
        released=_released(seen, as_of),
        ids={place_of(s): s.id for s in every_one},
    )
    due = _reviews_due(at, seen, own, test_date, level)
    fresh = build(at, test_date, dynamics, level=level, keep=(*own, *due), before=before)
    plan = fresh
    # On the eve of the exam nothing new is planned; what was promised for it stays.
    eve = fresh.nothing is not None and fresh.nothing.reason == "exam-tomorrow"
    if (fresh.nothing is None or eve) and _differences(seen, fresh, as_of, old.test_date):
        # What stands is kept as it is, if that costs little; else what each area still needs.
        for by_area in (False, True):
            kept = _still_standing(at, seen, own, fresh, before, dynamics, level, by_area=by_area)
            if len(kept) <= len(own):
                break
            steady = _steady(at, seen, kept, fresh, before, dynamics, level, by_area=by_area)
            lost = _new_tests(seen, own, fresh) - {e.label for e in steady.ledger if e.date}
            if lost:
                # Days cleared for a test that gets no day between those that stay keep their work.
                kept = _still_standing(
                    at, seen, own, fresh, before, dynamics, level, by_area=by_area, but=lost
                )
                steady = _steady(at, seen, kept, fresh, before, dynamics, level, by_area=by_area)
            tolerance = at.rules["replan_tolerance_share"]
            as_good = steady.gain_points >= (1.0 - tolerance) * fresh.gain_points
            if as_good and _sound(steady, at) and _measures(steady, at) >= _measures(fresh, at):
                plan = replace(steady, nothing=fresh.nothing)
                break
    every = _differences(seen, plan, as_of, old.test_date)
    words = at.rules.whole("changes_words_max")
    return replace(plan, changes=in_short(every, plan, words), all_changes=every)


def _steady(
    at: Setting,
    seen: Sequence[Session],
    kept: Sequence[Session],
    fresh: Plan,
    before: Before,
    dynamics: Dynamics,
    level: DayLevel,
    *,
    by_area: bool,
) -> Plan:
    """The plan around the sessions that stay."""
    closed = frozenset() if by_area else _unchanged_days(seen, kept, before, at.as_of)
    held = replace(before, closed=closed)
    return build(at, fresh.test_date, dynamics, level=level, keep=kept, before=held)


def _new_tests(seen: Sequence[Session], own: Sequence[Session], fresh: Plan) -> set[str]:
    """Tests that the fresh plan gives a day and that have none ahead so far."""
    still = {s.form for s in seen if s.kind == "form" and s.date >= fresh.as_of}
    still |= {s.form for s in own}
    return {
        e.label
        for e in fresh.ledger
        if e.date is not None and e.minutes and e.role != "first-step" and e.label not in still
    }


def with_ticks(sessions: Sequence[Session], record: Record) -> tuple[Session, ...]:
    """Old sessions with what the record says of them; entries of the record win by id."""
    entries = {entry.id: entry for entry in record.plan}
    merged = []
    for session in sessions:
        entry = entries.pop(session.id, None)
        if entry is None:
            merged.append(session)
            continue
        merged.append(
            replace(
                session,
                date=entry.date,
                start=entry.start or session.start,
                minutes=entry.minutes,
                locked=entry.locked,
                done_minutes=(
                    session.done_minutes if entry.done_minutes is None else entry.done_minutes
                ),
            )
        )
    merged += [Session.from_planned(entry) for entry in entries.values()]
    return tuple(sorted(merged, key=lambda s: (s.date, s.start, s.id)))


def _last_seen(
    every_one: Sequence[Session], own: Sequence[Session], old: Plan | OldPlan
) -> tuple[Session, ...]:
    """What the learner last saw, which is what the plan may differ from.

    Where an earlier plan is handed back, a session that the record holds beside it was answered
    when that plan was made: it is history, and no news again. What the learner fixed counts.
    """
    if not old.sessions:
        return tuple(every_one)
    shown = {s.id for s in (*old.sessions, *own)}
    return tuple(s for s in every_one if s.id in shown)


def _moved_by_learner(session: Session) -> bool:
    """An id carries its first day: a session on another day was moved by hand."""
    return not session.id.startswith(session.date.isoformat())


def _count_put_off(
    ledger: Sequence[LedgerEntry], seen: Sequence[Session], record: Record, as_of: date
) -> tuple[LedgerEntry, ...]:
    """The earlier ledger with forms missed since counted; a form taken since starts anew."""
    start = min((s.date for s in seen), default=as_of)
    latest = max((f.date for f in record.forms if f.date < as_of), default=date.min)
    missed = {
        s.form for s in seen if s.kind == "form" and latest < s.date < as_of and not s.done_minutes
    }
    return tuple(
        replace(e, put_off=(e.put_off if latest < start else 0) + (e.label in missed))
        for e in ledger
    )


def _released(seen: Sequence[Session], as_of: date) -> frozenset[date]:
    """Catch-up time to use: from the next on, as much as the last seven days left undone."""
    since = as_of - timedelta(days=7)
    undone = sum(
        max(0, s.minutes - (s.done_minutes or 0))
        for s in seen
        if since <= s.date < as_of and s.activity is not None
    )
    days: list[date] = []
    for s in seen:
        if s.kind == "buffer" and s.date >= as_of and undone > 0:
            days.append(s.date)
            undone -= s.minutes
    return frozenset(days)


def _still_standing(
    at: Setting,
    seen: Sequence[Session],
    own: Sequence[Session],
    fresh: Plan,
    before: Before,
    dynamics: Dynamics,
    level: DayLevel,
    *,
    by_area: bool,
    but: Collection[str] = (),
) -> tuple[Session, ...]:
    """Old sessions ahead that still fit their day.

    With ``by_area``, only those that do not exceed what their area needs now. No day is cleared for
    the tests of ``but``.
    """
    rules = at.rules
    days = {d.date: d for d in at.days_to(fresh.test_date, level)}
    names = {r.name for r in at.record.resources} | {None}
    units = {
        s.name: s.units_left
        for s in (*at.material.questions, *at.material.cards, *at.material.passive)
    }
    own_ids = {s.id for s in own}
    # A test whose first half was not taken is taken as a whole on other days.
    broken = {s.form for s in seen if s.kind == "form" and s.date < at.as_of and not s.done_minutes}
    worth = 1.0 / dynamics.law.minutes_per_effective_day
    target = dict(zip(fresh.areas, fresh.effort, strict=True))
    effort = dict.fromkeys(fresh.areas, 0.0)
    planned: dict[date, list[Session]] = {}
    kept: list[Session] = []

    def stands(s: Session, day: Day) -> bool:
        today = planned.get(s.date, [])
        start, end = s.start_minute, s.start_minute + s.minutes
        if any(start < t.start_minute + t.minutes and t.start_minute < end for t in today):
            return False
        if s.kind == "rest":
            return day.role == "rest"
        if not any(low <= start and end <= high for low, high in day.slots):
            return False
        # The review of a late test may take more of a lighter day.
        most = day.free if s.kind == "review" and day.role == "taper" else day.minutes
        if sum(t.minutes for t in today) + s.minutes > most:
            return False
        if s.kind == "buffer":
            return s.date not in before.released and day.buffer > 0
        if s.kind == "logistics":
            return at.retest is None and (fresh.test_date - s.date).days <= 3
        if s.kind == "form":
            return s.form not in broken and _form_stands(s, at, fresh)
        if s.kind == "review":
            return s.form is not None and _reviews(s, kept, at)
        if s.activity in HARD:
            hard = sum(t.minutes for t in today if t.activity in HARD)
            if hard + s.minutes > rules["hard_hours_cap"] * 60:
                return False
        needed = 0 if s.first_pass is False else s.units or 0
        if s.resource not in names or needed > units.get(s.resource, float("inf")):
            return False
        return s.area is None or s.area in target

    # Forms and their reviews hold their days first, then the rest in clock order.
    rank = {"form": 0, "review": 1}
    ahead = [s for s in seen if s.date >= at.as_of and s.date in days and s.id not in own_ids]
    for s in own:
        planned.setdefault(s.date, []).append(s)
        kept.append(s)
    # A form that lost its day, the steps before it and its review need days not full already.
    waiting = _new_tests(seen, own, fresh) - set(but)
    cleared: set[date] = set()
    for e in fresh.ledger:
        if e.date is None:
            continue
        if e.role == "first-step":
            cleared.add(e.date)
        elif e.label in waiting:
            reviews = {s.date for s in fresh.sessions if s.kind == "review" and s.form == e.label}
            cleared |= {e.date} | reviews
    for s in sorted(ahead, key=lambda s: (rank.get(s.kind, 2), s.date, s.start)):
        if s.kind == "study" and s.date in cleared:
            continue
        if not stands(s, days[s.date]):
            continue
        if by_area and s.area is not None and s.activity is not None:
            gain = s.minutes * dynamics.law.activity_effect[s.activity] * worth
            # Up to one session beyond the new target is rounding; more belongs elsewhere.
            if effort[s.area] > target[s.area] + gain:
                continue
            effort[s.area] += gain
        if s.units and s.first_pass is not False and s.resource in units:
            units[s.resource] -= s.units
        planned.setdefault(s.date, []).append(s)
        kept.append(s)
    return tuple(kept)


def _unchanged_days(
    seen: Sequence[Session], kept: Sequence[Session], before: Before, as_of: date
) -> frozenset[date]:
    """Days ahead of which everything stands: nothing is added to them."""
    ids = {s.id for s in kept}
    ahead: dict[date, bool] = {}
    for s in seen:
        if s.date >= as_of:
            ahead[s.date] = ahead.get(s.date, True) and s.id in ids
    return frozenset(d for d, all_kept in ahead.items() if all_kept) - before.released


def _sound(plan: Plan, at: Setting) -> bool:
    """Whether sessions kept and sessions added go together: days, forms, reviews, cards.

    Each old session was kept for itself; where the whole breaks a rule, the fresh plan is taken.
    """
    free = {d.date: d.free for d in at.days}
    minutes: dict[date, int] = {}
    for s in plan.sessions:
        minutes[s.date] = minutes.get(s.date, 0) + s.minutes
    if any(m > free[day] for day, m in minutes.items()):
        return False
    sat = [(s.date, s.form) for s in plan.sessions if s.kind == "form"]
    if len({day for day, _ in sat}) < len(set(sat)):
        return False
    reach = timedelta(days=round(at.rules["form_review_hours"] / 24))
    last = {form: max(day for day, f in sat if f == form) for _, form in sat}
    for form, day in last.items():
        near = [s for s in plan.sessions if day <= s.date <= day + reach]
        after = any(s.activity and s.date > day for s in near)
        if after and not any(s.kind == "review" and s.form == form for s in near):
            return False
    study = sum(s.minutes for s in plan.sessions if s.kind == "study")
    cards = sum(s.minutes for s in plan.sessions if s.activity == "cards")
    return cards <= at.rules["cards_share_max"] * study + at.rules["session_minutes_min"]


def _measures(plan: Plan, at: Setting) -> int:
    """Tests that count, with a day inside the last two weeks."""
    window = at.rules.whole("form_window_days")
    return sum(
        e.measure and e.date is not None and (plan.test_date - e.date).days <= window
        for e in plan.ledger
    )


def _form_stands(s: Session, at: Setting, fresh: Plan) -> bool:
    if at.retest is not None:
        # On the way to a re-test a form has the day that it has now, or none.
        return any(e.label == s.form and e.date == s.date for e in fresh.ledger)
    taken = days_taken(at.record, at.as_of)
    late_enough = (fresh.test_date - s.date).days > at.rules.whole("form_quiet_days")
    return s.form not in taken and late_enough


def _reviews(s: Session, kept: Sequence[Session], at: Setting) -> bool:
    """A review stands after its form: one kept, or one taken in the last three days."""
    reach = timedelta(days=round(at.rules["form_review_hours"] / 24))
    forms = [k.date for k in kept if k.kind == "form" and k.form == s.form]
    forms += [day for label, day in days_taken(at.record, at.as_of).items() if label == s.form]
    return any(timedelta(0) <= s.date - day <= reach for day in forms)


def _reviews_due(
    at: Setting, seen: Sequence[Session], own: Sequence[Session], test_date: date, level: DayLevel
) -> tuple[Session, ...]:
    """Reviews ahead of a form just taken: whatever else changes, they keep their hours."""
    days = {d.date: d for d in at.days_to(test_date, level)}
    taken = {s.id for s in own}
    room = {
        d.date: d.minutes - sum(s.minutes for s in own if s.date == d.date) for d in days.values()
    }
    found: list[Session] = []
    for s in seen:
        day = days.get(s.date)
        if day is None or s.id in taken or not (_second_half(s, at) or _due_review(s, at)):
            continue
        start, end = s.start_minute, s.start_minute + s.minutes
        inside = any(low <= start and end <= high for low, high in day.slots)
        free = not any(
            o.date == s.date and start < o.start_minute + o.minutes and o.start_minute < end
            for o in own
        )
        if inside and free and s.minutes <= room[s.date]:
            room[s.date] -= s.minutes
            found.append(s)
    return tuple(found)


def _due_review(s: Session, at: Setting) -> bool:
    return s.kind == "review" and _reviews(s, (), at)


def _second_half(s: Session, at: Setting) -> bool:
    """Whether a session is the other half of a test begun the day before."""
    begun = days_taken(at.record, at.as_of).get(s.form or "")
    return s.kind == "form" and begun is not None and s.date - begun == timedelta(days=1)


def _key(s: Session) -> Key:
    return (s.activity, s.kind, s.area, s.form)


def _differences(
    seen: Sequence[Session], plan: Plan, as_of: date, old_date: date | None
) -> tuple[Change, ...]:
    """Every session that moved, was dropped or was added. Ticked ones of the past are history."""
    undone = [
        s for s in seen if s.kind not in QUIET_KINDS and (s.date >= as_of or not s.done_minutes)
    ]
    now = [s for s in plan.sessions if s.kind not in QUIET_KINDS]
    stands = {s.id: place_of(s) for s in now}
    open_old = [s for s in undone if stands.get(s.id) != place_of(s)]
    matched = {s.id for s in undone if stands.get(s.id) == place_of(s)}
    waiting: dict[Key, list[Session]] = {}
    for s in now:
        if s.id not in matched:
            waiting.setdefault(_key(s), []).append(s)
    other_date = old_date is not None and old_date != plan.test_date
    left_open = any(s.date < as_of and s.activity is not None for s in undone)
    changes: list[Change] = []
    for s in open_old:
        found = waiting.get(_key(s))
        if found:
            new = found.pop(0)
            if s.date < as_of:
                reason = "the day went differently"
            elif other_date:
                reason = f"planned for {_spoken(plan.test_date)}"
            elif left_open:
                reason = "room for what earlier days left open"
            else:
                reason = "your hours, scores or resources changed"
            why = f"now {_spoken(new.date)}: {reason}"
            changes.append(Change(what="moved", session=s.id, why=why, about_form=s.kind == "form"))
        else:
            reason = (
                f"the exam is planned for {_spoken(plan.test_date)}"
                if other_date and s.date >= plan.test_date
                else "other work gains more in the time there is"
            )
            changes.append(
                Change(what="dropped", session=s.id, why=reason, about_form=s.kind == "form")
            )
    # Beyond the last day seen a session is no news by itself: the plan reaches further.
    reached = max((s.date for s in seen), default=as_of)
    further = f"the plan now reaches {_spoken(plan.test_date)}"
    for found in waiting.values():
        for s in found:
            about = s.form or s.area or s.activity or s.kind
            reason = further if s.date > reached else "room for it now"
            changes.append(Change(what="added", session=s.id, why=f"{about}: {reason}"))
    return tuple(changes)


def in_short(changes: Sequence[Change], plan: Plan, words_max: int) -> tuple[Change, ...]:
    """The same in at most ``words_max`` words: two forms one by one, the rest one line a reason.

    Reasons that speak for more sessions stand first within moved, dropped and added.
    """
    if _words(changes) <= words_max and len(changes) <= _SHOWN:
        return tuple(changes)
    forms = [c for c in changes if c.about_form][:2]
    rest = [c for c in changes if c not in forms]
    groups: dict[tuple[str, str], list[Change]] = {}
    for c in rest:
        groups.setdefault((c.what, c.why.rsplit(": ", 1)[-1]), []).append(c)
    kinds = ("moved", "dropped", "added")
    ordered = sorted(groups.items(), key=lambda g: (kinds.index(g[0][0]), -len(g[1])))
    lines = [
        replace(group[0], why=f"{len(group)} sessions: {reason}") if len(group) > 1 else group[0]
        for (_, reason), group in ordered
    ]
    short = [*forms, *lines]
    while _words(short) > words_max and len(short) > 1:
        # The reason that speaks for fewest goes first; what was said of all stands.
        fewest = min(range(len(forms), len(short)), key=lambda n: len(ordered[n - len(forms)][1]))
        del short[fewest], ordered[fewest - len(forms)]
    return tuple(short)


def _words(changes: Sequence[Change]) -> int:
    return sum(len(f"{c.what} {c.session} {c.why}".split()) for c in changes)


def _spoken(day: date) -> str:
    return f"{day.day} {day:%b}"
