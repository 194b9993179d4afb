from __future__ import annotations

import json
from dataclasses import replace
from datetime import time, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bounceback.planning import make_plan
from bounceback.planning.models import Change
from bounceback.planning.parameters import rules_for
from bounceback.planning.practice_tests import forms_state
from bounceback.planning.replanning import OldPlan, in_short, replan
from bounceback.records.models import Availability, ClockWindow, Form, LedgerForm
from bounceback.services.previous_plan import earlier_plan
from bounceback.vocabulary import BRIEFING_SCHEMA, WEEKDAYS
from tests.planning.feasibility import faults
from tests.planning.learners import AS_OF, FAMILIES, dynamics_of, records, retaker

PROPERTY = settings(
    max_examples=80,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
DAY = timedelta(days=1)


def words(changes):
    return sum(len(f"{c.what} {c.session} {c.why}".split()) for c in changes)


def ticked(record, plan, until, share=1.0):
    """The record with every session before ``until`` done to ``share``."""
    return replace(
        record,
        plan=tuple(
            replace(s.to_planned(), done_minutes=round(share * s.minutes) or None)
            for s in plan.sessions
            if s.date < until
        ),
    )


@PROPERTY
@given(records(), st.integers(0, 10_000))
def test_an_unchanged_record_changes_nothing(case, seed):
    record, test_date = case
    dynamics = dynamics_of(record.exam.id, test_date, seed)
    plan = make_plan(record, AS_OF, test_date, dynamics)
    again = replan(record, AS_OF, test_date, dynamics, plan)
    assert again.changes == ()
    assert again.sessions == plan.sessions


@PROPERTY
@given(records(), st.integers(0, 10_000))
def test_a_plan_read_back_from_its_briefing_changes_nothing(case, seed):
    record, test_date = case
    dynamics = dynamics_of(record.exam.id, test_date, seed)
    plan = make_plan(record, AS_OF, test_date, dynamics)
    exam = record.exam.id
    briefing = {
        "schema": BRIEFING_SCHEMA,
        "exam": exam,
        "plan": plan.to_briefing(),
        "ledger": [e.to_briefing() for e in plan.ledger],
    }
    areas = {s.area for s in plan.sessions if s.area}
    old = earlier_plan(json.loads(json.dumps(briefing)), exam, areas)
    again = replan(record, AS_OF, test_date, dynamics, old)
    assert again.changes == ()
    assert [s.id for s in again.sessions] == [s.id for s in plan.sessions]


@PROPERTY
@given(records(), st.integers(0, 10_000), st.integers(1, 12))
def test_a_plan_re_made_after_missed_days_keeps_every_rule(case, seed, missed):
    record, test_date = case
    today = AS_OF + missed * DAY
    dynamics = dynamics_of(record.exam.id, test_date, seed)
    plan = make_plan(record, AS_OF, test_date, dynamics)
    again = replan(record, today, test_date, dynamics, plan)
    assert faults(record, today, test_date, again.sessions, again.ledger) == []
    assert words(again.changes) <= 60
    assert not any("overdue" in c.why or "behind" in c.why for c in again.all_changes)


def test_days_done_as_planned_leave_the_days_ahead_as_they_were():
    for seed in (0, 1, 2, 3, 5, 7, 8):
        record, test_date = retaker(seed)
        dynamics = dynamics_of(record.exam.id, test_date, seed)
        plan = make_plan(record, AS_OF, test_date, dynamics)
        tomorrow = AS_OF + DAY
        again = replan(ticked(record, plan, tomorrow), tomorrow, test_date, dynamics, plan)
        assert again.changes == (), seed


def test_after_three_missed_days_the_work_is_spread_and_the_list_is_short():
    for seed in range(12):
        record, test_date = retaker(seed, 8)
        dynamics = dynamics_of(record.exam.id, test_date, seed)
        plan = make_plan(record, AS_OF, test_date, dynamics)
        today = AS_OF + 3 * DAY
        again = replan(record, today, test_date, dynamics, plan)
        fresh = make_plan(record, today, test_date, dynamics)
        assert again.changes
        assert words(again.changes) <= 60
        assert all(s.date >= today for s in again.sessions)
        assert again.gain_points >= 0.99 * fresh.gain_points


def test_most_sessions_ahead_stay_where_they_were_after_three_missed_days():
    stayed = total = 0
    for seed in range(12):
        record, test_date = retaker(seed, 8)
        dynamics = dynamics_of(record.exam.id, test_date, seed)
        plan = make_plan(record, AS_OF, test_date, dynamics)
        today = AS_OF + 3 * DAY
        ahead = {s.id: s for s in plan.sessions if s.date >= today}
        again = {s.id: s for s in replan(record, today, test_date, dynamics, plan).sessions}
        stayed += sum(again.get(i) == s for i, s in ahead.items())
        total += len(ahead)
    assert stayed >= 0.8 * total


def test_ticks_of_today_and_locked_sessions_and_moves_by_hand_are_kept():
    record, test_date = retaker(5, 8)
    dynamics = dynamics_of(record.exam.id, test_date, 5)
    plan = make_plan(record, AS_OF, test_date, dynamics)
    study = [s for s in plan.sessions if s.kind == "study"]
    done, locked, moved = study[0], study[12], study[20]
    free = next(
        AS_OF + n * DAY
        for n in range(10, 40)
        if plan.minutes_per_day[n] > 0 and AS_OF + n * DAY != moved.date
    )
    entries = (
        replace(done.to_planned(), done_minutes=25),
        replace(locked.to_planned(), locked=True),
        replace(moved.to_planned(), date=free, start=time(18, 0)),
    )
    again = replan(replace(record, plan=entries), done.date, test_date, dynamics, plan)
    by_id = {s.id: s for s in again.sessions}
    assert by_id[done.id].done_minutes == 25
    assert by_id[locked.id].locked
    assert (by_id[locked.id].date, by_id[locked.id].start) == (locked.date, locked.start)
    assert (by_id[moved.id].date, by_id[moved.id].start) == (free, time(18, 0))


def test_the_date_moved_by_two_weeks_moves_the_forms_and_says_so():
    record, test_date = retaker(9, 8)
    dynamics = dynamics_of(record.exam.id, test_date, 9)
    plan = make_plan(record, AS_OF, test_date, dynamics)
    later = test_date + 14 * DAY
    again = replan(record, AS_OF, later, dynamics, plan)
    assert faults(record, AS_OF, later, again.sessions, again.ledger) == []
    assert again.changes
    late = [e for e in again.ledger if e.date and (later - e.date).days <= 14]
    assert len(late) >= min(2, len(record.ledger))


def test_hours_taken_away_are_answered_by_dropping_work_and_never_by_longer_days():
    record, test_date = retaker(5, 6)
    dynamics = dynamics_of(record.exam.id, test_date, 5)
    plan = make_plan(record, AS_OF, test_date, dynamics)
    less = replace(record, availability=Availability(minutes=dict.fromkeys(WEEKDAYS[:5], 60)))
    again = replan(less, AS_OF, test_date, dynamics, plan)
    assert max(again.minutes_per_day) <= 60
    assert any(c.what == "dropped" for c in again.changes)


def test_a_form_taken_since_is_not_planned_again():
    record, test_date = retaker(9, 8)
    dynamics = dynamics_of(record.exam.id, test_date, 9)
    plan = make_plan(record, AS_OF, test_date, dynamics)
    first = min((e for e in plan.ledger if e.date), key=lambda e: e.date)
    taken = Form(family=first.family, form=first.form, date=first.date, score=60.0)
    today = first.date + DAY
    again = replan(replace(record, forms=(*record.forms, taken)), today, test_date, dynamics, plan)
    entry = next(e for e in again.ledger if e.label == first.label)
    assert entry.date is None
    assert entry.state == "taken"


def test_a_form_put_off_twice_gets_a_smaller_first_step():
    record, test_date = retaker(6, 10)
    family = FAMILIES[record.exam.id][0]
    owned = tuple(LedgerForm(family=family, form=str(30 + n)) for n in range(5))
    daily = Availability(minutes=dict.fromkeys(WEEKDAYS, 300))
    record = replace(record, ledger=owned, availability=daily)
    dynamics = dynamics_of(record.exam.id, test_date, 6)
    plan = make_plan(record, AS_OF, test_date, dynamics)
    for _ in range(2):
        first = min((e for e in plan.ledger if e.date and e.owned), key=lambda e: e.date)
        plan = replan(record, first.date + DAY, test_date, dynamics, plan)
    assert sum(e.put_off for e in plan.ledger) == 2
    avoided = min((e for e in plan.ledger if e.date and e.owned), key=lambda e: e.date)
    steps = [e for e in plan.ledger if e.role == "first-step"]
    assert [e.items for e in steps] == [20, 40]
    assert plan.as_of <= steps[0].date < steps[1].date < avoided.date
    for step in steps:
        sat = [s for s in plan.sessions if s.date == step.date and s.reason == step.reason]
        assert sum(s.units for s in sat) == step.items
    assert forms_state(record, plan.ledger, rules_for(record.exam.id)) == "avoided"


def test_ids_never_come_to_mean_another_session():
    record, test_date = retaker(1, 8)
    dynamics = dynamics_of(record.exam.id, test_date, 1)
    plan = make_plan(record, AS_OF, test_date, dynamics)
    today = AS_OF + 3 * DAY
    again = replan(record, today, test_date, dynamics, plan)
    before = {s.id: s for s in plan.sessions}
    for s in again.sessions:
        if s.id in before:
            old = before[s.id]
            assert (old.activity, old.area, old.form, old.kind) == (
                s.activity,
                s.area,
                s.form,
                s.kind,
            )


WINDOWS_OF_ONE_SHORT_FRIDAY = {
    "mon": (ClockWindow(start=time(0, 30), end=time(10, 45)),),
    "fri": (ClockWindow(start=time(10, 45), end=time(12, 0)),),
    "sun": (ClockWindow(start=time(12, 30), end=time(12, 45)),),
}


def test_no_form_takes_the_only_time_left_for_the_review_of_another():
    record, _ = retaker(0)
    days_off = (AS_OF + 6 * DAY, AS_OF + 8 * DAY)
    minutes = {"mon": 480, "tue": 480, "wed": 0, "thu": 480, "fri": 480, "sat": 480, "sun": 240}
    tight = replace(
        record,
        exam=replace(record.exam, id="usmle-step-3"),
        attempts=(),
        forms=(),
        resources=(),
        ledger=tuple(LedgerForm(family="uwsa", form=n) for n in ("28", "30", "31")),
        availability=Availability(
            minutes=minutes,
            windows=WINDOWS_OF_ONE_SHORT_FRIDAY,
            max_minutes_per_day=600,
            days_off=days_off,
        ),
    )
    test_date = AS_OF + 9 * DAY
    plan = make_plan(tight, AS_OF, test_date, dynamics_of("usmle-step-3", test_date, 27))
    assert len([s for s in plan.sessions if s.kind == "form"]) >= 2
    assert faults(tight, AS_OF, test_date, plan.sessions, plan.ledger) == []


def test_a_rest_day_before_the_exam_too_short_for_the_preparations_stays_free():
    record, _ = retaker(0)
    minutes = {"mon": 300, "tue": 300, "wed": 300, "thu": 300, "fri": 20, "sat": 40, "sun": 40}
    short = replace(record, availability=Availability(minutes=minutes))
    saturday = AS_OF + 90 * DAY
    assert saturday.weekday() == 5
    plan = make_plan(short, AS_OF, saturday, dynamics_of(record.exam.id, saturday, 1))
    assert [s for s in plan.sessions if s.date == saturday - DAY and s.activity] == []
    assert faults(short, AS_OF, saturday, plan.sessions, plan.ledger) == []


def test_each_line_of_the_short_list_gives_one_reason_and_the_largest_come_first():
    record, test_date = retaker(3, 8)
    plan = make_plan(record, AS_OF, test_date, dynamics_of(record.exam.id, test_date, 3))
    sessions = plan.sessions[:40]
    every = [
        *(Change(what="moved", session=s.id, why="now 2 Dec: a") for s in sessions[:3]),
        *(Change(what="moved", session=s.id, why="now 3 Dec: b") for s in sessions[3:20]),
        *(
            Change(what="added", session=s.id, why="Skills: Communication: c")
            for s in sessions[20:]
        ),
    ]
    short = in_short(every, plan, 60)
    assert [(c.what, c.why) for c in short] == [
        ("moved", "17 sessions: b"),
        ("moved", "3 sessions: a"),
        ("added", f"{len(sessions) - 20} sessions: c"),
    ]


def test_sessions_beyond_the_plan_last_seen_are_told_as_its_new_reach():
    record, test_date = retaker(3, 6)
    dynamics = dynamics_of(record.exam.id, test_date, 3)
    plan = make_plan(record, AS_OF, test_date, dynamics)
    seen = OldPlan(tuple(s for s in plan.sessions if s.date <= AS_OF + 2 * DAY), plan.ledger)
    again = replan(record, AS_OF, test_date, dynamics, seen)
    later = [c for c in again.all_changes if c.what == "added"]
    assert later
    assert all("the plan now reaches" in c.why for c in later)


def test_a_form_ticked_before_its_score_is_entered_counts_as_taken():
    """Its review stands, and neither it nor the free sample is placed a second time."""
    looked_at = 0
    for seed in range(40):
        record, test_date = retaker(seed)
        dynamics = dynamics_of(record.exam.id, test_date, seed)
        plan = make_plan(record, AS_OF, test_date, dynamics)
        sat = next((s for s in plan.sessions if s.kind == "form"), None)
        if sat is None:
            continue
        looked_at += 1
        # A test in two halves is taken when the second is.
        today = max(s.date for s in plan.sessions if s.kind == "form" and s.form == sat.form) + DAY
        again = replan(ticked(record, plan, today), today, test_date, dynamics, plan)
        reviews = [s for s in plan.sessions if s.kind == "review" and s.form == sat.form]
        kept = [s for s in again.sessions if s.kind == "review" and s.form == sat.form]
        assert kept == [s for s in reviews if s.date >= today], seed
        assert not [s for s in again.sessions if s.kind == "form" and s.form == sat.form], seed
        assert all(e.date is None for e in again.ledger if e.label == sat.form), seed
    assert looked_at >= 20


def test_what_was_promised_for_the_eve_of_the_exam_stays_on_the_eve():
    record, _ = retaker(3)
    sitting = AS_OF + 9 * DAY
    dynamics = dynamics_of(record.exam.id, sitting, 3)
    plan = make_plan(record, AS_OF, sitting, dynamics)
    eve = [s for s in plan.sessions if s.date == sitting - DAY]
    assert [s for s in eve if s.kind == "study"]
    done = ticked(record, plan, sitting - DAY)
    again = replan(done, sitting - DAY, sitting, dynamics, plan)
    assert [s.id for s in again.sessions] == [s.id for s in eve]
    assert again.changes == ()
    assert again.nothing is not None
    assert again.nothing.reason == "exam-tomorrow"
