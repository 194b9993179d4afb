"""The date line: one answer, the same on the pages, in the terminal and on paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bounceback import facts
from bounceback.decision.options import options
from bounceback.records import models as v
from bounceback.services import briefing
from bounceback.services.date_line import MOST_COMPARED, date_line
from tests.services.builders import TODAY, known

NAMES = sorted(known())


@pytest.mark.parametrize("name", NAMES)
def test_a_date_has_the_chance_and_the_range_of_the_forecast(name: str) -> None:
    b = briefing(known()[name], TODAY)
    line = date_line(b)
    by_day = {f.on: f for f in b.forecasts}
    assert [d.on for d in line.dates] == sorted({d.on for d in line.dates})
    for one in line.dates:
        f = by_day[one.on]
        assert (one.chance, one.score_low, one.score_high) == (f.p_pass, f.score_low, f.score_high)
        assert one.people == round(10 * f.p_pass)
        assert one.weeks == pytest.approx((one.on - TODAY).days / 7)
        assert one.result_usual <= one.result_latest


@pytest.mark.parametrize("name", NAMES)
def test_a_date_costs_what_its_option_costs(name: str) -> None:
    b = briefing(known()[name], TODAY)
    line = {d.on: d for d in date_line(b).dates}
    found = options(b.record, TODAY, b.decision, b.belief, b.forecasts)
    shared = [(o, line[o.date]) for o in found if o.kind == "date" and o.date in line]
    for option, one in shared:
        assert option.result_latest == one.result_latest
        assert [d.met for d in option.deadlines] == [d.met for d in one.deadlines]
        left = None if one.attempts_left is None else len(one.attempts_left)
        assert option.attempts_left_if_failed == left


@pytest.mark.parametrize("name", NAMES)
def test_dates_one_did_not_choose_can_be_booked(name: str) -> None:
    b = briefing(known()[name], TODAY)
    line = date_line(b)
    for one in line.dates:
        if one.on not in (line.my_date, line.suggested_date):
            assert one.allowed
            assert one.on >= TODAY + timedelta(days=3)
            assert facts.closed_day(b.record.exam.id, one.on) is None


@pytest.mark.parametrize("name", NAMES)
def test_the_dates_side_by_side_hold_mine_the_suggested_and_the_last(name: str) -> None:
    line = date_line(briefing(known()[name], TODAY))
    side = line.compared()
    assert len(side) == min(MOST_COMPARED, len(line.dates))
    shown = {d.on for d in line.dates}
    for day in (line.my_date, line.suggested_date, line.dates[-1].on if line.dates else None):
        assert day not in shown or day in {d.on for d in side}


def test_deadlines_edges_and_the_agreement_are_on_the_line() -> None:
    record = known()["example step-1"]
    line = date_line(briefing(record, TODAY))
    window = record.exam.eligibility
    assert window is not None
    assert (line.eligibility_first, line.eligibility_last) == (window.first, window.last)
    weeks = facts.release(record.exam.id, TODAY).plan_weeks
    assert [d.test_by + timedelta(weeks=weeks) for d in line.deadlines] == [
        d.date for d in record.exam.deadlines
    ]
    assert record.decision.pact is not None
    assert line.decide_on == record.decision.pact.date
    assert all(t.state == "planned" for t in line.tests)


def test_a_test_of_today_is_marked_by_how_it_was_taken() -> None:
    record = known()["example step-1"]
    taken = v.Form(family="nbme-cbssa", form="33", date=TODAY, score=62.0)
    for change, state in (
        ({}, "taken"),
        ({"timed": False}, "unsure"),
        ({"repeat": True}, "unsure"),
    ):
        forms = (*record.forms, replace(taken, **change))
        line = date_line(briefing(replace(record, forms=forms), TODAY))
        assert (TODAY, "nbme-cbssa", "33", state) in [
            (t.on, t.family, t.form, t.state) for t in line.tests
        ]


def test_where_no_day_is_eligible_the_line_has_no_dates() -> None:
    record = known()["example step-1"]
    over = v.Eligibility(first=date(2026, 8, 1), last=TODAY - timedelta(days=1))
    line = date_line(briefing(replace(record, exam=replace(record.exam, eligibility=over)), TODAY))
    assert (line.dates, line.last, line.eligibility_last) == ((), None, None)
