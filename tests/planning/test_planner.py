from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bounceback.planning import make_plan
from bounceback.planning.allocation import weak_areas
from bounceback.planning.parameters import rules_for
from bounceback.planning.planner import build, setting, work_by_date
from bounceback.planning.scheduling.session_list import realised_effort
from bounceback.records.models import (
    Availability,
    ClockWindow,
    Eligibility,
    LedgerForm,
    PlannedSession,
    Resource,
)
from bounceback.vocabulary import WEEKDAYS
from tests.planning.feasibility import faults
from tests.planning.learners import AS_OF, dynamics_of, records, retaker

PROPERTY = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)


@dataclass(frozen=True)
class Prescribed:
    parameter: str
    value: float
    why: str = "because of the last attempt"


def planned(seed=1, weeks=8, prescriptions=(), **changes):
    record, test_date = retaker(seed, weeks)
    record = replace(record, **changes)
    dynamics = dynamics_of(record.exam.id, test_date, seed)
    return record, make_plan(record, AS_OF, test_date, dynamics, prescriptions), dynamics


@PROPERTY
@given(records(), st.integers(0, 10_000))
def test_every_plan_keeps_every_rule_of_the_record(case, seed):
    record, test_date = case
    plan = make_plan(record, AS_OF, test_date, dynamics_of(record.exam.id, test_date, seed))
    assert faults(record, AS_OF, test_date, plan.sessions, plan.ledger) == []


@pytest.mark.parametrize("broken", ["longer", "later", "rest", "units", "twice", "late form"])
def test_the_feasibility_check_catches_a_broken_plan(broken):
    record, test_date = retaker(0, 8)
    plan = make_plan(record, AS_OF, test_date, dynamics_of(record.exam.id, test_date, 0))
    sessions, ledger = list(plan.sessions), list(plan.ledger)
    study = next(i for i, s in enumerate(sessions) if s.activity == "questions")
    if broken == "longer":
        sessions[study] = replace(sessions[study], minutes=400)
    elif broken == "later":
        sessions[study] = replace(sessions[study], start=time(23, 0))
    elif broken == "rest":
        free = [d for d in range(7) if not any(s.date.weekday() == d for s in sessions)]
        rest = next(s for s in sessions if s.kind == "rest") if not free else None
        day = rest.date if rest else None
        sessions = [
            replace(s, date=day, id=f"{day}-9") if rest and s is sessions[study] else s
            for s in sessions
        ]
        if rest is None:
            day = next(
                d for d in (AS_OF + timedelta(days=n) for n in range(7)) if d.weekday() == free[0]
            )
            sessions[study] = replace(sessions[study], date=day, id=f"{day}-9")
    elif broken == "units":
        sessions[study] = replace(sessions[study], units=9999)
    elif broken == "twice":
        sessions.append(replace(sessions[study], id=sessions[study].id + "0"))
    else:
        i = next(i for i, e in enumerate(ledger) if e.date)
        ledger[i] = replace(ledger[i], date=test_date - timedelta(days=1))
    assert faults(record, AS_OF, test_date, sessions, ledger) != []


@PROPERTY
@given(records(), st.integers(0, 10_000))
def test_the_same_record_gives_the_same_plan(case, seed):
    record, test_date = case
    dynamics = dynamics_of(record.exam.id, test_date, seed)
    first = make_plan(record, AS_OF, test_date, dynamics)
    assert first == make_plan(record, AS_OF, test_date, dynamics)


def test_sessions_reach_the_bound_to_half_a_percent_in_the_median():
    gaps = []
    for seed in range(60):
        record, test_date = retaker(seed)
        plan = make_plan(record, AS_OF, test_date, dynamics_of(record.exam.id, test_date, seed))
        gaps.append(plan.bound_gap_points / plan.gain_points)
    assert np.median(gaps) <= 0.005
    assert max(gaps) <= 0.015


@PROPERTY
@given(st.integers(0, 500))
def test_no_other_order_of_the_areas_gains_more_than_the_bound(seed):
    record, test_date = retaker(seed)
    dynamics = dynamics_of(record.exam.id, test_date, seed)
    plan = make_plan(record, AS_OF, test_date, dynamics)
    bound = plan.gain_points + plan.bound_gap_points
    rng = np.random.default_rng(seed)
    single = [n for n, s in enumerate(plan.sessions) if s.area and s.activity == "questions"]
    for _ in range(10):
        sessions = list(plan.sessions)
        for n, m in zip(single, rng.permutation(single), strict=True):
            sessions[n] = replace(sessions[n], area=plan.sessions[m].area)
        effort, _ = realised_effort(dynamics, AS_OF, len(plan.minutes_per_day), sessions)
        mine, _ = realised_effort(dynamics, AS_OF, len(plan.minutes_per_day), plan.sessions)
        other = float(dynamics.distance_after(effort)) - float(dynamics.distance_after(mine))
        assert plan.gain_points - other <= bound + 0.005 * plan.gain_points


@PROPERTY
@given(st.integers(0, 500))
def test_the_work_of_a_date_is_what_its_sessions_hold(seed):
    record, test_date = retaker(seed)
    dynamics = dynamics_of(record.exam.id, test_date, seed)
    at = setting(record, AS_OF, test_date)
    work = work_by_date(at, (test_date,), dynamics)
    plan = build(at, test_date, dynamics)
    assert sum(plan.effort) == pytest.approx(work.effort.sum(), rel=0.03)
    assert sum(plan.minutes_per_day) == pytest.approx(work.minutes[0], rel=0.03)


@PROPERTY
@given(st.integers(0, 500))
def test_a_later_date_never_holds_less_work(seed):
    record, test_date = retaker(seed, 4)
    dynamics = dynamics_of(record.exam.id, test_date, seed)
    dates = [AS_OF + timedelta(days=7 * k) for k in range(2, 14)]
    work = work_by_date(setting(record, AS_OF, dates[-1]), dates, dynamics)
    total = work.effort.sum(axis=1)
    assert (np.diff(total) >= -0.02 * total[:-1]).all()


def test_more_minutes_a_day_give_more_expected_points():
    record, test_date = retaker(5, 8)
    dynamics = dynamics_of(record.exam.id, test_date, 5)
    more = replace(
        record.availability,
        minutes={d: m + 60 for d, m in record.availability.minutes.items() if m},
    )
    assert (
        make_plan(replace(record, availability=more), AS_OF, test_date, dynamics).gain_points
        > make_plan(record, AS_OF, test_date, dynamics).gain_points
    )


def test_an_area_further_from_the_ceiling_gets_more_minutes():
    record, test_date = retaker(4, 8)
    dynamics = dynamics_of(record.exam.id, test_date, 4, spread=0.0)
    distance = dynamics.distance.copy()
    distance[3] *= 1.1
    weaker = replace(dynamics, distance=distance)
    name = dynamics.areas[3]
    before = make_plan(record, AS_OF, test_date, dynamics).planned_minutes[name]
    assert make_plan(record, AS_OF, test_date, weaker).planned_minutes[name] > before


def test_permuting_the_areas_permutes_their_minutes():
    record, test_date = retaker(7, 8)
    dynamics = dynamics_of(record.exam.id, test_date, 7)
    order = np.random.default_rng(0).permutation(len(dynamics.areas))
    permuted = replace(
        dynamics,
        areas=tuple(dynamics.areas[i] for i in order),
        exam_weight=dynamics.exam_weight[order],
        distance=dynamics.distance[order],
        distance_sd=dynamics.distance_sd[order],
    )
    plain = make_plan(record, AS_OF, test_date, dynamics)
    other = make_plan(record, AS_OF, test_date, permuted)
    assert {k: other.planned_minutes[k] for k in plain.planned_minutes} == dict(
        plain.planned_minutes
    )


def test_weak_areas_return_on_three_separate_days_when_the_plan_has_room():
    for seed in range(60):
        record, test_date = retaker(seed)
        dynamics = dynamics_of(record.exam.id, test_date, seed)
        plan = make_plan(record, AS_OF, test_date, dynamics)
        weak = weak_areas(dynamics, rules_for(record.exam.id))
        if sum(1 for s in plan.sessions if s.area) < 25 * len(weak):
            continue
        for a in weak:
            days = {s.date for s in plan.sessions if s.area == dynamics.areas[a]}
            assert len(days) >= 3, (seed, dynamics.areas[a])


def test_cards_come_last_and_reading_before_the_questions_of_its_area():
    for seed in range(20):
        _, plan, _ = planned(seed)
        by_day: dict[date, list] = {}
        for s in plan.sessions:
            if s.kind == "study":
                by_day.setdefault(s.date, []).append(s)
        late = sum(
            any(a.activity == "cards" and b.activity == "questions" for a, b in pairwise(day))
            for day in by_day.values()
        )
        assert late <= 0.05 * len(by_day), seed


def test_a_block_has_its_review_and_says_what_to_open():
    for seed in range(20):
        _, plan, _ = planned(seed)
        for s in plan.sessions:
            if s.activity != "questions":
                continue
            steps = {step.what: step.minutes for step in s.steps}
            assert s.minutes == sum(steps.values())
            assert 0.9 * steps["block"] <= steps["review"] + steps["causes"]
            assert steps["review"] <= 2.2 * steps["block"]
            assert s.units == 20
            assert s.filter
            assert s.mode in ("timed", "tutor")
            assert s.first_pass


def test_a_locked_session_stays_and_nothing_overlaps_it():
    record, _, _ = planned(1)
    day = AS_OF + timedelta(days=3)
    locked = PlannedSession(
        id=f"{day}-5", date=day, start=time(8, 30), minutes=45, activity="reading",
        area=None, resource="Book", locked=True,
    )  # fmt: skip
    _, plan, _ = planned(1, plan=(locked,))
    kept = next(s for s in plan.sessions if s.id == locked.id)
    assert (kept.date, kept.start, kept.minutes, kept.locked) == (day, time(8, 30), 45, True)
    assert not [f for f in faults(record, AS_OF, plan.test_date, plan.sessions, plan.ledger)
                if "no why" not in f and "no session" not in f]  # fmt: skip


def with_locked(*placed):
    """A plan with Saturday as rest day and a day off; (day, hour, minutes) are locked."""
    record, _, _ = planned(1)
    week = Availability(
        minutes=dict.fromkeys(WEEKDAYS, 360) | {"sat": 240, "sun": 300},
        days_off=(OFF,),
    )
    locked = tuple(
        PlannedSession(
            id=f"{day}-{n}9", date=day, start=time(hour), minutes=minutes,
            activity="reading", area=None, resource=None, locked=True,
        )
        for n, (day, hour, minutes) in enumerate(placed)
    )  # fmt: skip
    test_date = AS_OF + timedelta(days=56)
    dynamics = dynamics_of(record.exam.id, test_date, 1)
    record = replace(record, availability=week, plan=locked)
    return make_plan(record, AS_OF, test_date, dynamics)


OFF = AS_OF + timedelta(days=10)
BUSY = AS_OF + timedelta(days=3)


def others_on(plan, day):
    return [s for s in plan.sessions if s.date == day and not s.locked and s.activity]


def test_two_locked_sessions_that_overlap_both_stand_and_it_is_said():
    plan = with_locked((BUSY, 9, 60), (BUSY, 9, 90))
    assert sum(s.locked for s in plan.sessions) == 2
    (overlap,) = [r for r in plan.remarks if r.code == "planning.pinned-overlap"]
    assert (overlap.facts["date"], overlap.facts["start"]) == (BUSY, time(9))
    for s in others_on(plan, BUSY):
        assert s.start_minute + s.minutes <= 540 or s.start_minute >= 630


def test_two_locked_sessions_that_meet_are_no_conflict():
    plan = with_locked((BUSY, 9, 60), (BUSY, 10, 60))
    assert not [r for r in plan.remarks if r.code.startswith("planning.pinned")]


@pytest.mark.parametrize(("day", "role"), [(OFF, "off"), (AS_OF + timedelta(days=6), "rest")])
def test_a_locked_session_on_a_day_without_work_stands_alone_and_it_is_said(day, role):
    plan = with_locked((day, 9, 60))
    assert [s.minutes for s in plan.sessions if s.date == day and s.activity] == [60]
    (found,) = [r for r in plan.remarks if r.code == "planning.pinned-on-free-day"]
    assert (found.facts["date"], found.facts["role"]) == (day, role)


def test_locked_sessions_beyond_the_daily_cap_stand_and_nothing_is_added():
    plan = with_locked(*((BUSY, hour, 120) for hour in (7, 9, 11, 13, 15)))
    assert others_on(plan, BUSY) == []
    assert sum(s.minutes for s in plan.sessions if s.date == BUSY) == 600
    (found,) = [r for r in plan.remarks if r.code == "planning.pinned-beyond-day"]
    assert (found.facts["minutes"], found.facts["longest"]) == (600, 480)


@pytest.mark.parametrize(("days", "on_exam_day"), [(56, True), (60, False)])
def test_a_locked_session_from_the_exam_day_on_is_left_out_and_it_is_said(days, on_exam_day):
    day = AS_OF + timedelta(days=days)
    plan = with_locked((day, 9, 60))
    assert not [s for s in plan.sessions if s.locked]
    (found,) = [r for r in plan.remarks if r.code == "planning.pinned-outside"]
    assert (found.facts["date"], found.facts["on_exam_day"]) == (day, on_exam_day)


def test_a_locked_session_of_a_day_gone_by_is_history():
    plan = with_locked((AS_OF - timedelta(days=2), 9, 60))
    assert all(s.date >= AS_OF and not s.locked for s in plan.sessions)
    assert not [r for r in plan.remarks if r.code.startswith("planning.pinned")]


def test_no_availability_is_asked_for_and_never_taken_as_zero():
    _, plan, _ = planned(1, availability=None)
    assert plan.nothing.reason == "no-availability"
    assert plan.sessions == ()


def test_exam_tomorrow_holds_the_preparations_and_nothing_else():
    record, _, _ = planned(1)
    tomorrow = AS_OF + timedelta(days=2)
    plan = make_plan(
        record, AS_OF + timedelta(days=1), tomorrow, dynamics_of(record.exam.id, tomorrow, 1)
    )
    assert plan.nothing.reason == "exam-tomorrow"
    assert {s.kind for s in plan.sessions} <= {"logistics"}


@pytest.mark.parametrize(("days", "reason"), [(0, "exam-today"), (-3, "exam-past")])
def test_an_exam_today_or_past_has_nothing_to_plan(days, reason):
    record, _, _ = planned(1)
    on = AS_OF + timedelta(days=days)
    plan = make_plan(record, AS_OF, on, dynamics_of(record.exam.id, AS_OF, 1))
    assert plan.nothing.reason == reason
    assert plan.sessions == ()
    assert plan.nothing.next_step


def test_no_hours_before_the_exam_is_said():
    _, plan, _ = planned(1, availability=Availability(minutes=dict.fromkeys(WEEKDAYS, 0)))
    assert plan.nothing.reason == "no-hours"
    assert all(e.reason is not None for e in plan.ledger)


def test_eligibility_over_is_said_before_anything_else():
    record, test_date = retaker(1, 8)
    over = Eligibility(first=AS_OF - timedelta(days=90), last=AS_OF - timedelta(days=1))
    record = replace(record, exam=replace(record.exam, eligibility=over))
    plan = make_plan(record, AS_OF, test_date, dynamics_of(record.exam.id, test_date, 1))
    assert plan.nothing.reason == "eligibility-over"


NO_QUESTIONS = Resource(name="Bank", kind="questions", units=0, done=0, minutes_per_unit=3.0)


def test_a_deck_alone_does_not_mean_that_there_are_no_questions():
    deck = Resource(name="Deck", kind="cards", units=9000, done=4000, due_per_day=120)
    _, plan, _ = planned(resources=(deck,))
    asked = [s for s in plan.sessions if s.activity == "questions"]
    assert asked
    assert {s.resource for s in asked} == {None}
    assert any(s.resource == "Deck" for s in plan.sessions)


def test_everything_used_and_no_form_left_asks_for_one_more_bank():
    book = Resource(name="Book", kind="book", units=10, done=10, minutes_per_unit=30.0)
    done = (book, NO_QUESTIONS)
    _, plan, _ = planned(1, resources=done, ledger=())
    assert plan.nothing.reason == "no-material"


def test_a_bank_too_large_for_the_days_is_left_out_in_units_and_minutes():
    big = (Resource(name="UWorld", kind="questions", units=3600, done=0, minutes_per_unit=3.0),)
    _, plan, _ = planned(1, weeks=3, resources=big)
    assert not plan.fits
    left = next(e for e in plan.left_out if e.about.facts.get("resource") == "UWorld")
    used = sum(s.units or 0 for s in plan.sessions if s.resource == "UWorld" and s.first_pass)
    assert left.about.facts["units"] == 3600 - used
    assert left.minutes == round(3.0 * (3600 - used))


def test_a_small_bank_fits_and_nothing_is_left_out():
    small = (Resource(name="UWorld", kind="questions", units=600, done=0, minutes_per_unit=3.0),)
    _, plan, _ = planned(4, resources=small)
    assert plan.fits
    assert sum(s.units or 0 for s in plan.sessions if s.first_pass) >= 580


def test_days_longer_than_ten_hours_are_refused_with_the_reason():
    full = Availability(minutes=dict.fromkeys(WEEKDAYS, 840), max_minutes_per_day=840)
    _, plan, _ = planned(1, availability=full)
    assert max(plan.minutes_per_day) <= 600
    assert any(r.code == "planning.longest-day" and r.facts["hours"] == 10 for r in plan.remarks)


def test_forty_minutes_a_day_make_a_plan_of_short_sessions():
    little = Availability(minutes=dict.fromkeys(WEEKDAYS, 40))
    _, plan, _ = planned(1, availability=little, ledger=(LedgerForm(family="uwsa", form="9"),))
    study = [s for s in plan.sessions if s.kind == "study"]
    assert study
    assert max(s.minutes for s in study) <= 40
    assert max(plan.minutes_per_day) <= 40


def test_the_half_day_and_the_minimum_day_are_lighter_and_the_week_follows():
    record, test_date = retaker(5, 6)
    dynamics = dynamics_of(record.exam.id, test_date, 5)
    monday = AS_OF + timedelta(days=1)
    plans = {
        level: make_plan(record, monday, test_date, dynamics, level=level)
        for level in ("good", "half", "minimum")
    }
    today = {level: plan.minutes_per_day[0] for level, plan in plans.items()}
    assert today["minimum"] < today["half"] < today["good"]
    assert today["minimum"] <= 30
    assert len({plan.planned_minutes[plan.areas[0]] for plan in plans.values()}) > 1


def test_sleep_is_protected_even_where_windows_reach_into_the_night():
    late = (ClockWindow(start=time(19), end=time(23, 59)),)
    nights = Availability(
        minutes=dict.fromkeys(WEEKDAYS, 300), windows=dict.fromkeys(WEEKDAYS, late)
    )
    _, plan, _ = planned(1, availability=nights, ledger=())
    ends = [s.start_minute + s.minutes for s in plan.sessions if s.activity]
    assert ends
    assert max(ends) <= 22 * 60 + 30


def questions_on_the_hardest_day(plan):
    by_day: dict[date, int] = {}
    for s in plan.sessions:
        if s.activity == "questions":
            by_day[s.date] = by_day.get(s.date, 0) + s.minutes
    return max(by_day.values())


def questions_in_the_first_week(plan):
    week = plan.as_of + timedelta(days=7)
    return sum(s.units or 0 for s in plan.sessions if s.date < week and s.activity == "questions")


def minutes_of(plan, activity):
    return sum(s.minutes for s in plan.sessions if s.activity == activity)


MOVED_BY = {
    "hours_cap": (4, lambda p: max(p.minutes_per_day)),
    "rest_days_per_week": (2, lambda p: sum(m > 0 for m in p.minutes_per_day)),
    "hard_hours_cap": (2, questions_on_the_hardest_day),
    "session_minutes_max": (40, lambda p: max(s.minutes for s in p.sessions if s.kind == "study")),
    "latest_hour": (15, lambda p: max(s.start_minute + s.minutes for s in p.sessions)),
    "resource_freeze": (1, lambda p: len({s.resource for s in p.sessions if s.resource})),
    "new_cards_per_day": (
        0,
        lambda p: sum(s.units or 0 for s in p.sessions if s.resource == "Deck"),
    ),
    "cards_share_max": (0.05, lambda p: minutes_of(p, "cards")),
    "start_questions_per_day": (10, questions_in_the_first_week),
    "buffer_share": (0.0, lambda p: sum(s.kind == "buffer" for s in p.sessions)),
}


@pytest.mark.parametrize("parameter", MOVED_BY)
def test_a_prescription_moves_what_it_names_and_its_reason_is_kept(parameter):
    value, measure = MOVED_BY[parameter]
    resources = (
        Resource(name="UWorld", kind="questions", units=3600, done=1000, minutes_per_unit=3.0),
        Resource(name="Amboss", kind="questions", units=900, done=10, minutes_per_unit=3.0),
        Resource(name="Deck", kind="cards", units=9000, done=5000, minutes_per_unit=0.2),
    )
    full = Availability(minutes=dict.fromkeys(WEEKDAYS, 480))
    # Long enough for both banks to be begun.
    _, plain, _ = planned(2, weeks=26, resources=resources, availability=full, ledger=())
    prescribed = (Prescribed(parameter, value),)
    _, changed, _ = planned(
        2, weeks=26, prescriptions=prescribed, resources=resources, availability=full, ledger=()
    )
    assert measure(changed) < measure(plain)
    assert any(r.facts.get("why") == "because of the last attempt" for r in changed.remarks)


def test_planned_minutes_by_area_add_up_to_the_minutes_of_the_sessions():
    for seed in range(10):
        _, plan, _ = planned(seed)
        assert sum(plan.planned_minutes.values()) == sum(
            s.minutes for s in plan.sessions if s.activity is not None
        )


def test_a_chapter_begun_in_one_session_is_finished_in_the_next():
    book = Resource(name="Review", kind="book", units=40, done=0, minutes_per_unit=50)
    _, plan, _ = planned(resources=(book, NO_QUESTIONS))
    read = [s for s in plan.sessions if s.activity == "reading"]
    minutes, units = sum(s.minutes for s in read), sum(s.units or 0 for s in read)
    assert units == min(40, minutes // 50)
    assert any(s.minutes % 50 for s in read)


def test_a_few_points_more_never_lose_study_where_questions_run_out():
    """Reading is held down as the foundation gets better: other work takes its hours."""
    bank = Resource(name="UWorld", kind="questions", units=3600, done=2900, minutes_per_unit=3.0)
    full = Availability(minutes=dict.fromkeys(WEEKDAYS, 480))
    record, test_date = retaker(7, 12)
    record = replace(record, resources=(bank,), availability=full, forms=(), blocks=(), ledger=())
    dynamics = dynamics_of(record.exam.id, test_date, 7)
    at = setting(record, AS_OF, test_date)
    worked = []
    for sds in np.arange(1.6, -0.3, -0.05):
        distance = dynamics.ceiling - dynamics.mark + sds * dynamics.score_sd
        moved = replace(dynamics, distance=dynamics.distance * distance / dynamics.total_distance)
        worked.append(float(work_by_date(at, [test_date], moved).effort.sum()))
    steps = np.diff(worked) / worked[:-1]
    assert steps.min() > -0.05


@pytest.mark.parametrize(("slow", "slower"), [(3.0, 4.5), (4.5, 6.0), (6.0, 9.0)])
def test_who_needs_longer_for_a_question_gets_fewer_of_them(slow, slower):
    def questions(pace):
        bank = Resource(name="UWorld", kind="questions", units=9000, minutes_per_unit=pace)
        full = Availability(minutes=dict.fromkeys(WEEKDAYS, 480))
        _, plan, _ = planned(2, 8, resources=(bank,), availability=full, ledger=())
        return sum(s.units or 0 for s in plan.sessions if s.activity == "questions")

    assert questions(slower) < questions(slow)


def test_where_one_day_of_the_week_holds_a_block_that_day_has_one():
    """Weekdays of 45 minutes and an hour on Saturday: whole blocks by the week, none of crumbs."""
    hours = dict.fromkeys(WEEKDAYS, 45) | {"sat": 60, "sun": 0}
    bank = Resource(name="UWorld", kind="questions", units=3600, done=100, minutes_per_unit=3.0)
    _, plan, _ = planned(
        2, 10, availability=Availability(minutes=hours), resources=(bank,), ledger=()
    )
    blocks = [s for s in plan.sessions if s.activity == "questions"]
    assert {s.date.weekday() for s in blocks} == {5}
    assert {s.units for s in blocks} <= {18, 20}
    assert len(blocks) >= 6


def test_a_short_day_is_about_one_area():
    hours = dict.fromkeys(WEEKDAYS, 90)
    for seed in range(6):
        _, plan, _ = planned(seed, 8, availability=Availability(minutes=hours), ledger=())
        by_day: dict[date, list] = {}
        for s in plan.sessions:
            if s.activity is not None:
                by_day.setdefault(s.date, []).append(s)
        for day in by_day.values():
            assert len(day) <= 2
            assert len({s.area for s in day} - {None}) <= 1
