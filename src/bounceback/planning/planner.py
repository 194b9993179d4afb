"""From a record to a plan: ledger, allocation and timetable in that order, with the bound."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bounceback import facts
from bounceback.errors import FactUnknown
from bounceback.forecast.learning_curve import Dynamics, Floats
from bounceback.messages.formatting import day_words
from bounceback.planning import allocation, scheduling
from bounceback.planning.availability import Day, before_sitting, daily_cap_minutes, open_days
from bounceback.planning.empty_plan import nothing_to_plan
from bounceback.planning.models import DayLevel, LedgerEntry, LeftOut, Plan, Session
from bounceback.planning.parameters import Prescribes, Rules, rules_for
from bounceback.planning.practice_tests import TIMED_BLOCKS, Room, place_forms
from bounceback.planning.study_resources import (
    Material,
    Supply,
    material,
    questions_per_day_at_start,
)
from bounceback.records.models import Record

_HOURS_SHOWN: Final = 60

_KIND_OF_WORK: Final[Mapping[str, str]] = {
    "questions": "questions",
    "review": "review",
    "cards": "cards",
    "reading": "passive",
    "video": "passive",
    "other": "recall",
}


@dataclass(frozen=True, slots=True)
class Before:
    """What an earlier plan hands on to the next.

    Attributes:
        ledger: Its forms with their roles, words and how often they were put off.
        released: Days whose catch-up time is used for what was missed.
        ids: Its session ids by what stood there, so that a session that stays keeps its id and no
            id comes to mean another session.
    """

    ledger: tuple[LedgerEntry, ...] = ()
    released: frozenset[date] = frozenset()
    ids: Mapping[scheduling.Place, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Setting:
    """What one record fixes for every test date: days, resources, rules.

    Attributes:
        record: Whose plan.
        as_of: First day of the plan.
        rules: Plan parameters with prescriptions.
        material: What there is to study from.
        days: Open days from the Monday on or before ``as_of`` to the last date asked for.
        questions_per_day: Fresh questions a day in the first week.
        retest: Where the plan leads to a re-test and not to the exam: that form on its day.
    """

    record: Record
    as_of: date
    rules: Rules
    material: Material
    days: tuple[Day, ...]
    questions_per_day: float
    retest: LedgerEntry | None = None

    def end(self, test_date: date) -> date:
        """The first day beyond the plan: the exam's own day, or the one after a re-test."""
        return test_date if self.retest is None else test_date + timedelta(days=1)

    def days_to(self, test_date: date, level: DayLevel = "good") -> tuple[Day, ...]:
        """The days of a plan: lighter at the end where an exam follows."""
        end = self.end(test_date)
        return before_sitting(
            self.days, self.as_of, end, self.rules, level, taper=self.retest is None
        )


def setting(
    record: Record,
    as_of: date,
    last: date,
    prescriptions: Sequence[Prescribes] = (),
    retest: LedgerEntry | None = None,
) -> Setting:
    """Read rules, days and resources once; ``last`` is the latest test date that will be asked."""
    rules = rules_for(record.exam.id, prescriptions)
    monday = as_of - timedelta(days=as_of.weekday())
    days: tuple[Day, ...] = ()
    final = last - timedelta(days=1) if retest is None else last
    if record.availability is not None and final >= as_of:
        days = open_days(record.availability, monday, final, rules)
    return Setting(
        record,
        as_of,
        rules,
        material(record.resources, rules),
        days,
        questions_per_day_at_start(record.blocks, as_of, rules),
        retest,
    )


def make_plan(
    record: Record,
    as_of: date,
    test_date: date,
    dynamics: Dynamics,
    prescriptions: Sequence[Prescribes] = (),
    *,
    level: DayLevel = "good",
    retest: LedgerEntry | None = None,
) -> Plan:
    """The plan from ``as_of`` to the day before ``test_date``.

    Sessions of the record's plan that are locked, or ticked today, are kept where they are.

    Args:
        record: Whose plan; evidence after ``as_of`` must already be out of it.
        as_of: First day; it counts.
        test_date: The sitting.
        dynamics: How study moves this learner's score.
        prescriptions: Plan changes that follow from the appraisal.
        level: Good, half or minimum: what the learner chose for ``as_of``.
        retest: For a plan that leads to a re-test: that form, on ``test_date``, its last day.

    Returns:
        The plan. Where there is nothing to plan, ``nothing`` says why and what is next.
    """
    at = setting(record, as_of, test_date, prescriptions, retest)
    return build(at, test_date, dynamics, level=level)


def own_sessions(record: Record, as_of: date, test_date: date) -> tuple[Session, ...]:
    """Sessions of the record's plan that stay: locked ones ahead, and those ticked today."""
    return tuple(
        Session.from_planned(entry)
        for entry in record.plan
        if as_of <= entry.date < test_date
        and (entry.locked or (entry.date == as_of and entry.done_minutes))
    )


def build(
    at: Setting,
    test_date: date,
    dynamics: Dynamics,
    *,
    level: DayLevel = "good",
    keep: Sequence[Session] | None = None,
    before: Before | None = None,
) -> Plan:
    """Make the plan of one date from a setting.

    Args:
        at: From :func:`setting`.
        test_date: The sitting.
        dynamics: How study moves the score.
        level: What the learner chose for the first day.
        keep: Sessions that stay where they are; default: the learner's own.
        before: What an earlier plan hands on.
    """
    record, as_of, rules, end = at.record, at.as_of, at.rules, at.end(test_date)
    fixed = tuple(own_sessions(record, as_of, end) if keep is None else keep)
    days = at.days_to(test_date, level)
    if before is not None and before.released:
        days = tuple(replace(d, buffer=0) if d.date in before.released else d for d in days)
    nothing = nothing_to_plan(record, as_of, end, days, at.material, sitting=at.retest is None)
    # Without a calendar (no hours given, or the sitting is today) there are no days to fill; what
    # the learner fixed stands all the same.
    if nothing is not None and (not fixed or not days):
        eve = _eve_only(days, rules, dynamics) if nothing.reason == "exam-tomorrow" else ()
        return Plan(
            as_of=as_of,
            test_date=test_date,
            sessions=tuple(sorted((*eve, *fixed), key=lambda s: (s.date, s.start, s.id))),
            ledger=_unplaced(at, test_date, nothing.words),
            areas=dynamics.areas,
            effort=(0.0,) * len(dynamics.areas),
            planned_minutes=dict.fromkeys(dynamics.areas, 0),
            minutes_per_day=(0.0,) * max(0, (end - as_of).days),
            nothing=nothing,
            notes=_fixed_notes(at, end, days, fixed),
            level=level,
        )
    frame = _frame(at, end, days, dynamics, fixed, before)
    drafts, ledger, minutes, worth = frame.drafts, frame.ledger, frame.minutes, frame.worth
    window = _mixed_window(at, ledger)
    targets = scheduling.Targets(
        cards=minutes.cards[0],
        questions=minutes.questions[0],
        review=minutes.review[0],
        passive=minutes.passive[0],
        recall=minutes.recall[0],
        effort=np.maximum(frame.wanted - frame.base, 0.0),
        worth=worth[0],
        mixed_from=window[0] if window else None,
        mixed_by=window[1] if window else None,
        mixed_items=window[2] if window else 0,
    )
    mixed = scheduling.fill_days(
        drafts,
        targets,
        dynamics,
        at.material,
        rules,
        allocation.weak_areas(dynamics, rules),
        frame.used,
    )
    scheduling.draw_buffers_near(drafts, rules)
    sessions = scheduling.to_sessions(drafts, dynamics.areas, before.ids if before else {})
    if at.material.passive:
        sessions = scheduling.count_begun(sessions, at.material.passive, record.plan, as_of)
    if window is not None and mixed < window[2]:
        ledger = _too_few_mixed(ledger, mixed)

    effort, raw = scheduling.realised_effort(dynamics, as_of, len(days), sessions)
    gap, gain = _gap(dynamics, at, frame, effort, sessions)
    return Plan(
        as_of=as_of,
        test_date=test_date,
        sessions=sessions,
        ledger=ledger,
        left_out=_left_out(at, ledger, sessions, minutes, drafts),
        bound_gap_points=gap,
        gain_points=gain,
        areas=dynamics.areas,
        effort=tuple(effort.tolist()),
        planned_minutes=minutes_by_area(dynamics, sessions),
        minutes_per_day=tuple(raw.tolist()),
        notes=(*_notes(at, drafts, minutes), *_fixed_notes(at, end, days, fixed)),
        level=level,
    )


@dataclass(frozen=True, slots=True)
class _Frame:
    """A plan of one date before it is cut into sessions.

    ``minutes`` and ``worth`` are (1, D); ``fixed`` (A,) effective days of forms, reviews and kept
    sessions, ``base`` (A,) the same with cards, ``wanted`` (A,) the optimal effective days.
    """

    drafts: list[scheduling.DayDraft]
    ledger: tuple[LedgerEntry, ...]
    minutes: allocation.ActivityMinutes
    worth: Floats
    fixed: Floats
    base: Floats
    wanted: Floats
    used: Mapping[str | None, float]


def _frame(
    at: Setting,
    test_date: date,
    days: Sequence[Day],
    dynamics: Dynamics,
    kept: Sequence[Session],
    before: Before | None = None,
) -> _Frame:
    """Forms, rest and buffers on their days, then the exact allocation of what is left."""
    rules = at.rules
    drafts = scheduling.start_days(days, kept, rules)
    ledger = _ledger(at, test_date, days, kept, before)
    scheduling.place_forms(drafts, ledger, rules, _rhythm(at.record, test_date))
    scheduling.place_rest(drafts)
    if at.retest is None:
        scheduling.place_logistics(drafts, rules)
    steps = scheduling.place_first_steps(drafts, ledger, at.material, rules)
    scheduling.place_buffers(drafts, rules)
    shortest = rules.whole("session_minutes_min")
    for draft in drafts:
        free = sum(e - s for s, e in draft.slots if e - s >= shortest)
        draft.study = min(draft.study, free)
        if draft.study < shortest:
            draft.study = 0
    used = dict(steps)
    for session in kept:
        if session.units:
            used[session.resource] = used.get(session.resource, 0.0) + session.units
    spoken_for = np.array([[d.spoken_for for d in drafts]], dtype=np.float64)
    room = allocation.DayRoom(
        study=np.array([[d.study for d in drafts]], dtype=np.float64),
        hard=np.array([[min(d.hard, d.study) for d in drafts]], dtype=np.float64),
        kept=_kept_minutes(drafts) if kept else None,
    )
    stuff = _less(at.material, used)
    worth_of = allocation.activity_worth(dynamics, at.material)

    def spread(room: allocation.DayRoom) -> tuple[allocation.ActivityMinutes, Floats, Floats]:
        minutes = allocation.activity_minutes(room, stuff, rules, at.questions_per_day)
        worth = allocation.yields(dynamics, spoken_for + minutes.total)
        return minutes, worth, allocation.effective(worth_of, minutes, worth)

    minutes, worth, studied = spread(room)
    reserved, reserve = _reserve(at, days, ledger, drafts)
    if reserved is not None:
        held = spread(replace(room, reserved=reserved, reserve=reserve))
        # A second measure is worth keeping questions back for, not leaving hours empty before it.
        if (held[2] >= (1.0 - rules["measure_tolerance_share"]) * studied).all():
            minutes, worth, studied = held
    fixed = _fixed_effort(dynamics, drafts, worth[0])
    cards = dynamics.law.activity_effect["cards"] * float((minutes.cards * worth).sum())
    base = fixed + (cards + _mixed_effort(at, days, ledger, minutes, worth)) * dynamics.exam_weight
    whole = float(fixed.sum()) + studied
    wanted = allocation.effort_by_area(dynamics, whole, base[None, :], rules)[0]
    return _Frame(drafts, ledger, minutes, worth, fixed, base, wanted, used)


@dataclass(frozen=True, slots=True)
class WorkByDate:
    """Planned work up to each candidate date, as the forecast takes it.

    Attributes:
        dates: D candidate dates.
        days: (D,) days from ``as_of``.
        unworked_days: (D,) days among them without enough work to hold what is known.
        effort: (D, A) planned effective days by area.
        minutes: (D,) raw planned minutes in all.
    """

    dates: tuple[date, ...]
    days: Floats
    unworked_days: Floats
    effort: Floats
    minutes: Floats


def work_by_date(at: Setting, dates: Sequence[date], dynamics: Dynamics) -> WorkByDate:
    """The plan of every candidate date before it is cut into sessions: what each would give.

    Each date has its own taper, forms and day before; availability up to that day. The effort is
    the exact allocation, which the sessions of :func:`build` meet to a fraction of a percent.
    """
    days_until = np.array([(d - at.as_of).days for d in dates], dtype=np.float64)
    effort = np.zeros((len(dates), len(dynamics.areas)))
    unworked = days_until.copy()
    minutes = np.zeros(len(dates))
    for n, test_date in enumerate(dates):
        kept = own_sessions(at.record, at.as_of, test_date)
        days = at.days_to(test_date)
        if not days or (
            not kept and nothing_to_plan(at.record, at.as_of, test_date, days, at.material)
        ):
            continue
        frame = _frame(at, test_date, days, dynamics, kept)
        effort[n] = frame.wanted
        raw = np.array([d.spoken_for for d in frame.drafts]) + frame.minutes.total[0]
        unworked[n] = dynamics.law.unworked_share(raw).sum()
        minutes[n] = raw.sum()
    return WorkByDate(tuple(dates), days_until, unworked, effort, minutes)


def _ledger(
    at: Setting,
    test_date: date,
    days: Sequence[Day],
    fixed: Sequence[Session],
    before: Before | None,
) -> tuple[LedgerEntry, ...]:
    taken = {day.date: 0 for day in days}
    pinned: dict[str, date] = {}
    for session in fixed:
        if session.kind == "form" and session.form:
            pinned.setdefault(session.form, session.date)
        elif session.date in taken:
            taken[session.date] += session.minutes
    return place_forms(
        at.record,
        at.as_of,
        test_date,
        Room(days, [taken[day.date] for day in days]),
        at.rules,
        pinned=pinned,
        fresh_questions=sum(s.units_left for s in at.material.questions),
        minutes_per_question=at.material.minutes_per_question if at.material.questions else 0.0,
        kept={e.label: e for e in before.ledger} if before else None,
        put_off_before={e.label: e.put_off for e in before.ledger} if before else None,
        retest=at.retest,
    )


def _unplaced(at: Setting, test_date: date, why: str) -> tuple[LedgerEntry, ...]:
    entries = place_forms(at.record, at.as_of, test_date, Room((), ()), at.rules)
    return tuple(replace(e, why=why) for e in entries if e.owned)


def _eve_only(days: Sequence[Day], rules: Rules, dynamics: Dynamics) -> tuple[Session, ...]:
    drafts = scheduling.start_days(days, (), rules)
    scheduling.place_rest(drafts)
    scheduling.place_logistics(drafts, rules)
    return scheduling.to_sessions(drafts, dynamics.areas, {})


def _rhythm(record: Record, test_date: date) -> str:
    try:
        rhythm = facts.rehearsal_rhythm(record.exam.id, test_date)
    except FactUnknown:
        return ""
    return (
        f"Blocks of {rhythm.items_per_block} items in {rhythm.minutes_per_block:g} minutes, "
        "as on the day."
    )


def _less(stuff: Material, used: Mapping[str | None, float]) -> Material:
    """Material without what fixed sessions use up."""
    if not used:
        return stuff

    def lower(supplies: tuple[Supply, ...]) -> tuple[Supply, ...]:
        return tuple(
            replace(s, units_left=max(0.0, s.units_left - used.get(s.name, 0.0))) for s in supplies
        )

    return replace(
        stuff,
        questions=lower(stuff.questions),
        cards=lower(stuff.cards),
        passive=lower(stuff.passive),
    )


def _kept_minutes(drafts: Sequence[scheduling.DayDraft]) -> allocation.ActivityMinutes:
    """Study of kept sessions by activity and day."""
    names = ("cards", "questions", "review", "passive", "recall")
    kept = np.zeros((len(names), 1, len(drafts)))
    for i, draft in enumerate(drafts):
        for d in draft.drafts:
            work = _KIND_OF_WORK.get(d.kept.activity or "") if d.kept is not None else None
            if d.kept is not None and d.kept.kind == "study" and work is not None:
                kept[names.index(work), 0, i] += d.kept.minutes
    return allocation.ActivityMinutes(*kept)


def _mixed_window(at: Setting, ledger: Sequence[LedgerEntry]) -> tuple[date, date, int] | None:
    """First day, last day and items of the timed mixed blocks; ``None`` without any."""
    for e in ledger:
        if e.family == TIMED_BLOCKS and e.date is not None and e.role == "decision":
            length = at.rules["form_window_days"] - at.rules["form_quiet_days"] - 1
            return e.date - timedelta(days=round(length)), e.date, e.items
    return None


def _reserve(
    at: Setting,
    days: Sequence[Day],
    ledger: Sequence[LedgerEntry],
    drafts: Sequence[scheduling.DayDraft],
) -> tuple[NDArray[np.bool_] | None, float]:
    """Days of the timed mixed blocks and the minutes of fresh questions to keep back for them.

    A session holds whole questions, so that short ones need some minutes more.
    """
    window = _mixed_window(at, ledger)
    if window is None:
        return None, 0.0
    first, last, items = window
    each = at.material.minutes_per_question
    session = at.rules["rotation_session_minutes"]
    sessions = math.ceil(items / (session // each)) if each <= session else 0
    inside = np.array([first <= day.date <= last for day in days])
    placed = scheduling.mixed_minutes(drafts, first, last)
    return inside[None, :], max(0.0, max(sessions * session, items * each) - placed)


def _mixed_effort(
    at: Setting,
    days: Sequence[Day],
    ledger: Sequence[LedgerEntry],
    minutes: allocation.ActivityMinutes,
    worth: Floats,
) -> float:
    """Effective days of the timed mixed blocks: they reach every area, whatever the allocation."""
    window = _mixed_window(at, ledger)
    if window is None:
        return 0.0
    first, last, items = window
    inside = np.array([first <= day.date <= last for day in days])
    asked = minutes.questions[0] * inside
    planned = float(asked.sum())
    if planned <= 0:
        return 0.0
    share = min(1.0, items * at.material.minutes_per_question / planned)
    return share * float((asked * worth[0]).sum())


def _fixed_effort(
    dynamics: Dynamics,
    drafts: Sequence[scheduling.DayDraft],
    worth: Floats,
    *,
    kept_and_forms_only: bool = False,
) -> Floats:
    """(A,) effective days of what is on the days; of forms, reviews and kept sessions alone."""
    index = {area: a for a, area in enumerate(dynamics.areas)}
    effort = np.zeros(len(dynamics.areas))
    for draft, w in zip(drafts, worth, strict=True):
        for d in draft.drafts:
            if d.activity is None:
                continue
            placed_before_study = d.kept is not None or d.form is not None or d.first_step
            if kept_and_forms_only and not placed_before_study:
                continue
            gain = d.minutes * dynamics.law.activity_effect[d.activity] * float(w)
            name = d.kept.area if d.kept is not None else None
            if name in index:
                effort[index[name]] += gain
            else:
                effort += gain * dynamics.exam_weight
    return effort


def _gap(
    dynamics: Dynamics, at: Setting, frame: _Frame, effort: Floats, sessions: Sequence[Session]
) -> tuple[float, float]:
    """Points between the relaxation's bound and the sessions, and the sessions' gain.

    The bound takes the larger of the planned and the realised volume of every day and total of
    every activity, so that both the exact allocation and the sessions are points of the relaxed
    problem.
    """
    names = ("questions", "review", "cards", "passive", "recall")
    realised = np.zeros((len(names), len(frame.drafts)))
    old = {d.kept.id for draft in frame.drafts for d in draft.drafts if d.kept}
    for session in sessions:
        name = _KIND_OF_WORK.get(session.activity or "")
        if name is not None and session.kind == "study" and session.id not in old:
            realised[names.index(name), (session.date - at.as_of).days] += session.minutes
    planned = np.stack([getattr(frame.minutes, name)[0] for name in names])
    volume = np.maximum(planned.sum(axis=0), realised.sum(axis=0))
    totals = np.maximum(planned.sum(axis=1), realised.sum(axis=1))
    spoken_for = np.array([d.spoken_for for d in frame.drafts], dtype=np.float64)
    # A lighter day yields more a minute: the higher of both yields bounds both.
    worth = np.maximum(
        frame.worth[0], allocation.yields(dynamics, spoken_for - realised.sum(axis=0) + volume)
    )
    worth = np.maximum(worth, allocation.yields(dynamics, spoken_for))
    fixed = _fixed_effort(dynamics, frame.drafts, worth, kept_and_forms_only=True)
    mixed = frame.base - frame.fixed
    least = fixed + mixed
    best = allocation.effective_bound(
        allocation.activity_worth(dynamics, at.material),
        dict(zip(names, totals.tolist(), strict=True)),
        volume,
        worth,
    )
    total = np.array([best + float(fixed.sum())])
    areas = allocation.effort_by_area(dynamics, total, least[None, :], at.rules)[0]
    bound = float(dynamics.distance_after(areas))
    real = float(dynamics.distance_after(effort))
    # Rounding to sessions may fall short of a floor by part of one, which costs no points.
    return max(0.0, real - bound), dynamics.total_distance - real


def minutes_by_area(dynamics: Dynamics, sessions: Sequence[Session]) -> dict[str, int]:
    """Planned minutes by area; mixed work is spread by exam weight, whole minutes, exact in sum."""
    index = {area: a for a, area in enumerate(dynamics.areas)}
    minutes = np.zeros(len(dynamics.areas))
    for session in sessions:
        if session.activity is None:
            continue
        if (session.area or "") in index:
            minutes[index[session.area or ""]] += session.minutes
        else:
            minutes += session.minutes * dynamics.exam_weight
    whole = np.floor(minutes + 1e-9)
    short = round(float(minutes.sum() - whole.sum()))
    for a in np.argsort(whole - minutes, kind="stable")[:short]:
        whole[a] += 1
    return {area: int(whole[a]) for area, a in index.items()}


def _too_few_mixed(ledger: Sequence[LedgerEntry], mixed: int) -> tuple[LedgerEntry, ...]:
    return tuple(
        replace(
            e,
            date=None,
            role="spare",
            why=(
                f"About {mixed} of the {e.items} timed mixed unseen questions of a second measure "
                "fall into the last fortnight; until then the forecast's own lower end decides."
            ),
        )
        if e.family == TIMED_BLOCKS and e.date is not None and e.role == "decision"
        else e
        for e in ledger
    )


def _left_out(
    at: Setting,
    ledger: Sequence[LedgerEntry],
    sessions: Sequence[Session],
    minutes: allocation.ActivityMinutes,
    drafts: Sequence[scheduling.DayDraft],
) -> tuple[LeftOut, ...]:
    """Fresh units, due cards and forms without a place, each with the limit that keeps it out."""
    out: list[LeftOut] = []
    planned: dict[str | None, int] = {}
    for session in sessions:
        planned[session.resource] = planned.get(session.resource, 0) + (session.units or 0)
    word = {"questions": "questions", "cards": "new cards", "book": "units", "video": "videos"}
    for supply in (*at.material.questions, *at.material.cards, *at.material.passive):
        if not math.isfinite(supply.units_left):
            continue
        left = int(supply.units_left - planned.get(supply.name, 0))
        # What a last session cut short cannot hold is rounding, not work without a place.
        if left * supply.minutes_per_unit < at.rules["session_minutes_min"]:
            continue
        first = (
            "Questions and second looks come first in the time there is."
            if at.material.questions
            else "The time there is holds no more."
        )
        why = {
            "questions": "The days until the exam hold no more fresh questions with their review.",
            "cards": "New cards are held to a daily number so that due cards stay small.",
            "book": first,
            "video": first,
        }[supply.kind]
        out.append(
            LeftOut(
                what=f"{left} {word[supply.kind]} of {supply.name}",
                minutes=round(left * supply.minutes_per_unit),
                why=why,
            )
        )
    due = at.material.due_card_minutes_per_day
    if due is not None:
        missing = sum(
            max(0.0, due - float(c))
            for c, d in zip(minutes.cards[0], drafts, strict=True)
            if d.day.role == "study" and d.day.minutes
        )
        if missing >= at.rules["session_minutes_min"]:
            out.append(
                LeftOut(
                    what="due cards beyond the daily share",
                    minutes=round(missing),
                    why="Cards are held to a share of the day; new ones wait for the pile.",
                )
            )
    for entry in ledger:
        if entry.owned and entry.date is None and entry.why.startswith("It takes"):
            out.append(LeftOut(what=entry.label, minutes=entry.minutes, why=entry.why))
    for name in at.material.set_aside:
        out.append(
            LeftOut(what=name, minutes=0, why="Set aside: few resources at once, each finished.")
        )
    return tuple(out)


def _notes(
    at: Setting,
    drafts: Sequence[scheduling.DayDraft],
    minutes: allocation.ActivityMinutes,
) -> tuple[str, ...]:
    notes: list[str] = []
    if not at.material.known:
        notes.append(
            "The record lists no resources: sessions name the work alone, and questions are taken "
            "as available."
        )
    elif not at.material.questions:
        notes.append(
            "The record lists no question bank: books and video fill the day. Questions teach "
            "more; one bank is enough."
        )
    idle = sum(d.study for d in drafts) - float(minutes.total.sum())
    if idle >= _HOURS_SHOWN:
        hours = round(idle / 60)
        subject = "1 of your hours has" if hours == 1 else f"{hours} of your hours have"
        stay = "it stays" if hours == 1 else "they stay"
        notes.append(
            f"About {subject} nothing left to study from; {stay} free until another resource is "
            "named."
        )
    limit = at.rules["hours_cap_limit"] * 60
    availability = at.record.availability
    if availability is not None and max(availability.minutes.values(), default=0) > limit:
        notes.append(
            f"No day is planned beyond {at.rules['hours_cap_limit']:g} hours: longer days cost "
            "sleep, and sleep carries what was learned."
        )
    for name, why in at.rules.prescribed.items():
        notes.append(f"{name.replace('_', ' ')}: {why}")
    return tuple(notes)


def _fixed_notes(
    at: Setting, end: date, days: Sequence[Day], fixed: Sequence[Session]
) -> tuple[str, ...]:
    """What the learner fixed and what it meets: it stands, and the plan says what follows."""
    notes: list[str] = []
    locked = sorted((s for s in fixed if s.locked), key=lambda s: (s.date, s.start, s.id))
    free = {day.date: day for day in days}
    availability = at.record.availability
    cap = daily_cap_minutes(availability, at.rules) if availability is not None else None
    for a, b in pairwise(locked):
        if a.date == b.date and b.start_minute < a.start_minute + a.minutes:
            notes.append(
                f"Two sessions that you fixed on {day_words(a.date)} share the time from "
                f"{b.start:%H:%M}. Both stand; move one, and each has its own hour."
            )
    for on in sorted({s.date for s in locked}):
        day = free.get(on)
        if day is not None and (day.role in ("rest", "off") or not day.free):
            kind = {"off": "a day off", "rest": "your rest day"}.get(day.role, "without hours")
            notes.append(
                f"{day_words(on)} is {kind}, and you fixed a session there. It stands, and nothing "
                "else is planned on that day."
            )
        minutes = sum(s.minutes for s in locked if s.date == on)
        if cap is not None and minutes > cap:
            notes.append(
                f"What you fixed on {day_words(on)} takes {minutes} minutes; your day holds {cap}. "
                "It stands as you set it, and nothing is added to it."
            )
    beyond = sorted(e.date for e in at.record.plan if e.locked and e.date >= end)
    for on in dict.fromkeys(beyond):
        exam_day = at.retest is None and on == end
        where = "the day of the exam in this plan" if exam_day else "after the day it leads to"
        notes.append(
            f"You fixed a session on {day_words(on)}, {where}: it is not part of this plan. It is "
            "kept in your record, and comes back when the day lies inside a plan."
        )
    return tuple(notes)
