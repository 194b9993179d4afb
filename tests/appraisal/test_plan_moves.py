"""What the first finding prescribes is seen in the plan that is made with it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from bounceback.appraisal import Prescription, appraise
from bounceback.forecast.posterior import believe
from bounceback.planning import Plan, make_plan
from bounceback.planning.allocation import weak_areas
from bounceback.planning.models import Session
from bounceback.planning.parameters import rules_for
from bounceback.records import Record
from tests.appraisal import learners
from tests.appraisal.learners import TODAY, Expected, everyone

SITTING = date(2027, 1, 30)


def plans(record: Record) -> tuple[Plan, Plan, Prescription]:
    """The plan without, the plan with the first finding's change, and the change."""
    dynamics = believe(record, TODAY, test_date=SITTING).dynamics()
    change = appraise(record, TODAY).prescriptions[0]
    return (
        make_plan(record, TODAY, SITTING, dynamics),
        make_plan(record, TODAY, SITTING, dynamics, [change]),
        change,
    )


def timetable(plan: Plan) -> list[tuple[object, ...]]:
    return [
        (s.date, s.start, s.minutes, s.activity, s.area, s.resource, s.kind, s.form, s.units)
        for s in plan.sessions
    ]


def minutes_a_day(plan: Plan) -> Counter[date]:
    days: Counter[date] = Counter()
    for s in plan.sessions:
        if s.kind in ("study", "form", "review"):
            days[s.date] += s.minutes
    return days


@pytest.mark.parametrize("expected", everyone(), ids=lambda e: e.name.replace(" ", "-"))
def test_the_plan_moves(expected: Expected) -> None:
    before, after, _ = plans(expected.record)
    assert timetable(before) != timetable(after)


@pytest.mark.parametrize("record", [learners.over_worker(), learners.low_mood()])
def test_a_cap_on_hours_holds_on_every_day_without_a_full_test(record: Record) -> None:
    before, after, change = plans(record)
    tests = {s.date for s in after.sessions if s.kind == "form"}
    for day, minutes in minutes_a_day(after).items():
        if day not in tests:
            assert minutes <= float(change.value) * 60
    assert sum(minutes_a_day(after).values()) < sum(minutes_a_day(before).values())


def test_a_full_life_keeps_every_free_hour_and_its_longest_day_whole() -> None:
    before, after, _ = plans(learners.life_load())
    assert max(minutes_a_day(after).values()) >= max(minutes_a_day(before).values()) - 30
    assert sum(minutes_a_day(after).values()) >= 0.9 * sum(minutes_a_day(before).values())


def test_nothing_is_planned_in_the_late_evening_of_a_sleepless_learner() -> None:
    before, after, _ = plans(learners.sleepless())

    def last_end(plan: Plan) -> int:
        return max(
            s.start.hour * 60 + s.start.minute + s.minutes
            for s in plan.sessions
            if s.start is not None and s.kind == "study"
        )

    assert last_end(after) <= 21 * 60 < last_end(before)


def test_a_frozen_collector_keeps_one_question_bank() -> None:
    before, after, _ = plans(learners.collector())

    def banks(plan: Plan) -> set[str]:
        return {s.resource for s in plan.sessions if s.resource in ("UWorld", "Second bank")}

    assert len(banks(before)) == 2
    assert len(banks(after)) == 1


@pytest.mark.parametrize(
    "record", [learners.second_language(), learners.hurried_reader(), learners.misinformed()]
)
def test_a_number_of_questions_a_day_holds_on_every_day_of_the_first_week(record: Record) -> None:
    _, after, change = plans(record)
    assert change.parameter == "start_questions_per_day"
    week = [s for s in after.sessions if (s.date - TODAY).days < 7 and s.activity == "questions"]
    days: Counter[date] = Counter()
    for s in week:
        days[s.date] += s.units or 0
    assert days
    assert max(days.values()) <= change.value


def minutes_by_activity(plan: Plan) -> Counter[str]:
    minutes: Counter[str] = Counter()
    for s in plan.sessions:
        if s.kind == "study" and s.activity is not None:
            minutes[s.activity] += s.minutes
    return minutes


@pytest.mark.parametrize("record", [learners.avoider(), learners.foundation_gap()])
def test_a_floor_for_the_weakest_areas_gives_them_more_time(record: Record) -> None:
    before, after, change = plans(record)
    assert change.parameter == "weak_topic_floor_share"
    dynamics = believe(record, TODAY, test_date=SITTING).dynamics()
    weak = {dynamics.areas[a] for a in weak_areas(dynamics, rules_for(record.exam.id))}

    def minutes(plan: Plan) -> int:
        return sum(s.minutes for s in plan.sessions if s.area in weak)

    assert weak
    assert minutes(after) > minutes(before)


def test_a_passive_reader_has_less_of_reading_and_video() -> None:
    before, after, change = plans(learners.passive_reader())

    def passive(plan: Plan) -> float:
        minutes = minutes_by_activity(plan)
        return (minutes["reading"] + minutes["video"]) / minutes.total()

    assert passive(after) <= 1.0 - float(change.value)
    assert passive(after) < 0.8 * passive(before)


@pytest.mark.parametrize("record", [learners.slow_finisher(), learners.slow_reader()])
def test_most_blocks_are_timed_two_in_a_row_where_pace_is_trained(record: Record) -> None:
    before, after, _ = plans(record)

    def rows(plan: Plan) -> Counter[int]:
        blocks = (sum(step.what == "block" for step in s.steps) for s in plan.sessions if s.steps)
        return Counter(n for n in blocks if n)

    assert set(rows(before)) == {1}
    assert rows(after)[2] * 2 > rows(after)[1]
    for s in after.sessions:
        if sum(step.what == "block" for step in s.steps) == 2:
            assert s.mode == "timed"
            assert s.minutes == sum(step.minutes for step in s.steps)


def is_block(session: Session) -> bool:
    """Whether a session holds a block of questions with its review."""
    return any(step.what == "block" for step in session.steps)


def blocks_and_others(plan: Plan, days: set[date]) -> tuple[list[int], list[int]]:
    """Minutes of the blocks and of all other study on some days."""
    study = [s for s in plan.sessions if s.kind == "study" and s.date in days]
    blocks = [s.minutes for s in study if is_block(s)]
    return blocks, [s.minutes for s in study if not is_block(s)]


def test_in_short_sessions_blocks_stay_whole_and_all_else_is_cut() -> None:
    before, after, change = plans(learners.remembers_more_hours())
    days = {s.date for s in after.sessions}
    usual, _ = blocks_and_others(before, days)
    blocks, others = blocks_and_others(after, days)
    assert max(blocks) < max(usual)
    assert max(others) <= change.value
    assert {s.units for s in after.sessions if s.kind == "study" and is_block(s)} == {20}


def test_days_between_duties_are_planned_in_short_sessions() -> None:
    record = learners.life_load()
    before, after, change = plans(record)
    assert record.availability is not None
    shifts = {c.date for c in record.availability.commitments}
    usual, _ = blocks_and_others(before, shifts)
    blocks, _ = blocks_and_others(after, shifts)
    assert change.parameter == "rotation_day_minutes"
    assert max(blocks) <= 60 < max(usual)
    # A day too short to cut holds two sessions at most.
    a_day = Counter(s.date for s in after.sessions if s.kind == "study" and s.date in shifts)
    assert max(a_day.values()) <= 2


def test_practice_tests_come_as_close_as_prescribed() -> None:
    before, after, change = plans(learners.dodger())

    def course(plan: Plan) -> list[date]:
        return sorted(e.date for e in plan.ledger if e.date and e.role in ("baseline", "course"))

    assert course(after)[-1] < course(before)[-1]
    gaps = [(b - a).days for a, b in pairwise(course(after))]
    assert gaps
    assert max(gaps) <= change.value + 3
