from __future__ import annotations

from datetime import date, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bounceback.planning.availability import (
    before_sitting,
    daily_cap_minutes,
    open_days,
    subtract,
    weekday_minutes,
)
from bounceback.planning.parameters import Rules, rules_for
from bounceback.records.models import Availability, ClockWindow, Commitment
from bounceback.vocabulary import WEEKDAYS

MONDAY = date(2026, 11, 23)
RULES = rules_for("usmle-step-1")


def week(**changes):
    values = {"minutes": dict.fromkeys(WEEKDAYS, 480), **changes}
    return open_days(Availability(**values), MONDAY, MONDAY + timedelta(days=13), RULES)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(st.integers(0, 1400), st.integers(1, 400)), max_size=4),
    st.lists(st.tuples(st.integers(0, 1400), st.integers(1, 400)), max_size=4),
)
def test_what_is_left_of_stretches_is_theirs_and_not_busy(raw, busy):
    slots = [(s, s + n) for s, n in raw]
    taken = [(s, s + n) for s, n in busy]
    for start, end in subtract(slots, taken):
        assert start < end
        assert any(a <= start and end <= b for a, b in slots)
        assert not any(start < b and a < end for a, b in taken)


def test_the_smallest_of_minutes_windows_and_cap_wins():
    morning = {"mon": (ClockWindow(start=time(8), end=time(10)),)}
    assert week(windows=morning)[0].free == 120
    assert week(max_minutes_per_day=200)[0].free == 200
    assert week(minutes=dict.fromkeys(WEEKDAYS, 90))[0].free == 90


def test_a_weekday_whose_clock_hours_are_an_empty_list_has_none():
    monday, tuesday = week(windows={"mon": ()})[:2]
    assert (monday.free, monday.slots) == (0, ())
    assert tuesday.free > 0


def test_the_minutes_of_a_week_are_those_of_its_days():
    evening = {"mon": (ClockWindow(start=time(18), end=time(20)),), "tue": ()}
    available = Availability(
        minutes={**dict.fromkeys(WEEKDAYS, 600), "wed": 45, "thu": 0}, windows=evening
    )
    free = [day.free for day in open_days(available, MONDAY, MONDAY + timedelta(days=6), RULES)]
    assert free == list(weekday_minutes(available, RULES))
    assert free[:5] == [120, 0, 45, 0, 480]


def test_a_commitment_takes_its_minutes_and_its_place():
    busy = (Commitment(date=MONDAY, start=time(9), minutes=120, what="clinic"),)
    day = week(commitments=busy)[0]
    assert day.free == 360
    assert not any(s < 11 * 60 and e > 9 * 60 for s, e in day.slots)


def test_a_commitment_over_midnight_is_taken_from_both_days():
    nights = (Commitment(date=MONDAY, start=time(22), minutes=300, what="on call"),)
    first, second = week(commitments=nights)[:2]
    assert (first.free, second.free) == (480 - 120, 480 - 180)


def test_however_early_and_late_are_set_the_night_keeps_its_hours():
    values = {**RULES.values, "earliest_hour": 4.0, "latest_hour": 24.0}
    all_day = dict.fromkeys(WEEKDAYS, (ClockWindow(start=time(0), end=time(23, 59)),))
    available = Availability(minutes=dict.fromkeys(WEEKDAYS, 480), windows=all_day)
    (day,) = open_days(available, MONDAY, MONDAY, Rules(values))
    awake = max(e for _, e in day.slots) - min(s for s, _ in day.slots)
    assert awake == (24 - 7.5) * 60


def test_a_day_off_has_no_minutes():
    assert week(days_off=(MONDAY,))[0].minutes == 0


def test_a_rest_day_is_kept_even_where_availability_has_none():
    days = week()
    assert [d.date.weekday() for d in days if d.role == "rest"] == [6, 6]


def test_the_rest_day_is_the_lightest_of_the_week():
    minutes = {**dict.fromkeys(WEEKDAYS, 480), "wed": 120}
    rest = [d.date.weekday() for d in week(minutes=minutes) if d.role == "rest"]
    assert rest == [2, 2]


def test_a_learners_own_cap_replaces_the_default_up_to_ten_hours():
    def cap(own):
        return daily_cap_minutes(Availability(minutes={}, max_minutes_per_day=own), RULES)

    assert (cap(None), cap(300), cap(540), cap(600), cap(840)) == (480, 300, 540, 600, 600)


def test_the_last_days_are_lighter_and_the_day_before_holds_little():
    sitting = MONDAY + timedelta(days=12)
    days = before_sitting(week(), MONDAY, sitting, RULES)
    assert days[-1].role == "logistics"
    assert days[-1].minutes <= 120
    assert [d.role for d in days[-4:-1]] == ["taper", "taper", "taper"] or "rest" in [
        d.role for d in days[-4:-1]
    ]
    assert all(d.minutes < 480 for d in days[-4:])


def test_each_full_week_keeps_time_to_catch_up_on_its_last_study_day():
    sitting = MONDAY + timedelta(days=60)
    days = before_sitting(week(), MONDAY, sitting, RULES)
    first_week = [d for d in days[:7] if d.role == "study"]
    assert [d.buffer > 0 for d in first_week] == [False] * (len(first_week) - 1) + [True]


def test_a_weeks_buffer_is_the_same_whichever_of_its_days_the_plan_is_made_on():
    sitting = MONDAY + timedelta(days=60)
    at = {
        n: before_sitting(week(), MONDAY + timedelta(days=n), sitting, RULES)[5 - n].buffer
        for n in range(5)
    }
    assert len(set(at.values())) == 1
