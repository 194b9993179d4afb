from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pytest

from bounceback.forecast.posterior import believe
from bounceback.forecast.prediction import PlannedWork, predict
from bounceback.planning.parameters import rules_for
from bounceback.planning.what_if import cheapest_set, levers, ten_futures, variants
from bounceback.records.models import (
    Availability,
    ClockWindow,
    Eligibility,
    LedgerForm,
    Resource,
)
from bounceback.vocabulary import WEEKDAYS
from tests.planning.test_time_needed import AS_OF, failed

TEST_DATE = AS_OF + timedelta(days=49)
BANK = Resource(name="UWorld", kind="questions", units=3600, done=200, minutes_per_unit=3.0)
BOOK = Resource(name="Book", kind="book", units=40, done=0, minutes_per_unit=40.0)


@pytest.fixture(scope="module")
def case():
    record = replace(
        failed("usmle-step-1", 0.6),
        availability=Availability(minutes=dict.fromkeys(WEEKDAYS, 240)),
        resources=(BANK, BOOK),
        ledger=(LedgerForm(family="nbme-cbssa", form="30"),),
    )
    belief = believe(record, AS_OF, test_date=TEST_DATE)

    def price(work):
        planned = PlannedWork(work.days, work.unworked_days, work.effort)
        return [
            (f.p_pass, f.p_pass_low, f.p_pass_high) for f in predict(belief, work.dates, planned)
        ]

    return record, belief.dynamics(), price


def named(found):
    return {lever.lever: lever for lever in found}


def test_more_hours_a_later_date_and_a_tutor_raise_the_chance(case):
    record, dynamics, price = case
    found = named(levers(record, AS_OF, TEST_DATE, dynamics, price))
    assert found["as-planned"].gain == 0.0
    for name in ("hours", "date", "tutor"):
        assert found[name].gain > 0.0, name
    assert all(v.p_pass_low <= v.p_pass <= v.p_pass_high for v in found.values())


def test_each_lever_is_priced_in_one_call_from_one_belief(case):
    record, dynamics, price = case
    calls = []

    def counted(work):
        calls.append(len(work.dates))
        return price(work)

    found = levers(record, AS_OF, TEST_DATE, dynamics, counted)
    assert calls == [len(found)]


def test_a_lever_that_changes_nothing_has_no_price(case):
    record, dynamics, price = case
    plan = variants(record, AS_OF, TEST_DATE, dynamics)[0]
    first, second = price(plan.work), price(plan.work)
    assert first == second


def test_dropping_books_beside_an_unfinished_bank_costs_next_to_nothing(case):
    record, dynamics, price = case
    found = named(levers(record, AS_OF, TEST_DATE, dynamics, price))
    assert "Book" in found["drop-resource"].change
    assert abs(found["drop-resource"].gain) < 0.02


def test_a_week_beyond_eligibility_is_not_offered(case):
    record, dynamics, price = case
    window = Eligibility(first=AS_OF, last=TEST_DATE + timedelta(days=3))
    ends = replace(record, exam=replace(record.exam, eligibility=window))
    assert "date" not in named(levers(ends, AS_OF, TEST_DATE, dynamics, price))


def test_no_hours_in_the_record_means_no_price(case):
    record, dynamics, price = case
    assert levers(replace(record, availability=None), AS_OF, TEST_DATE, dynamics, price) == ()


def test_the_cheapest_set_reaches_the_target_and_nothing_cheaper_does(case):
    record, dynamics, price = case
    base = levers(record, AS_OF, TEST_DATE, dynamics, price)[0].p_pass
    needed = cheapest_set(record, AS_OF, TEST_DATE, dynamics, price, base + 0.05)
    assert needed.reached
    assert needed.p_pass >= base + 0.05
    assert needed.changes
    easier = cheapest_set(record, AS_OF, TEST_DATE, dynamics, price, base + 0.01)
    assert easier.cost <= needed.cost
    nothing = cheapest_set(record, AS_OF, TEST_DATE, dynamics, price, base - 0.01)
    assert (nothing.changes, nothing.cost) == ((), 0.0)


def test_a_target_out_of_reach_is_called_so_with_the_best_that_was_tried(case):
    record, dynamics, price = case
    found = cheapest_set(record, AS_OF, TEST_DATE, dynamics, price, 0.9999)
    assert not found.reached
    assert found.changes


def test_the_same_ten_learners_stand_under_every_lever(case):
    record, dynamics, _ = case
    found = variants(record, AS_OF, TEST_DATE, dynamics)
    futures = ten_futures(found, dynamics, rules_for(record.exam.id), 4, 0.6)
    assert len(futures) == 10 * len(found)
    by_learner = {}
    for f in futures:
        by_learner.setdefault(f.learner, set()).add((f.rate, f.adherence))
    assert all(len(unknowns) == 1 for unknowns in by_learner.values())
    again = ten_futures(found, dynamics, rules_for(record.exam.id), 4, 0.6)
    assert futures == again


def test_a_lever_with_more_work_never_takes_a_pass_away(case):
    record, dynamics, _ = case
    found = variants(record, AS_OF, TEST_DATE, dynamics)
    futures = ten_futures(found, dynamics, rules_for(record.exam.id), 1, 0.6)
    base = {f.learner: f.points_from_mark for f in futures if f.lever == "as-planned"}
    for f in futures:
        if f.lever == "hours":
            assert f.points_from_mark >= base[f.learner]


def test_one_who_does_not_pass_is_explained_and_one_who_does_is_not(case):
    record, dynamics, _ = case
    found = variants(record, AS_OF, TEST_DATE, dynamics)
    futures = ten_futures(found, dynamics, rules_for(record.exam.id), 2, 0.6)
    assert any(not f.passes for f in futures)
    assert all(bool(f.why) != f.passes for f in futures)


@pytest.mark.parametrize("seed", range(5))
def test_as_many_of_the_ten_pass_as_the_chance_says(case, seed):
    record, dynamics, price = case
    found = variants(record, AS_OF, TEST_DATE, dynamics)
    chances = [price(v.work)[0][0] for v in found]
    futures = ten_futures(found, dynamics, rules_for(record.exam.id), seed, chances[0])
    for v, p in zip(found, chances, strict=True):
        passing = sum(f.passes for f in futures if f.lever == v.lever)
        if v.lever == "as-planned":
            assert passing == round(10 * p)
        assert passing == pytest.approx(10 * p, abs=1.2), v.lever


@pytest.mark.parametrize("p", [0.0, 0.04, 0.5, 0.97, 1.0])
def test_the_ten_stand_for_any_chance(case, p):
    record, dynamics, _ = case
    found = variants(record, AS_OF, TEST_DATE, dynamics)[:1]
    futures = ten_futures(found, dynamics, rules_for(record.exam.id), 0, p)
    assert len({(f.rate, f.adherence, f.points_from_mark) for f in futures}) == 10
    assert sum(f.passes for f in futures) == round(10 * p)


def test_the_ten_are_numbered_by_how_the_plan_turns_out_for_them(case):
    record, dynamics, _ = case
    found = variants(record, AS_OF, TEST_DATE, dynamics)
    futures = ten_futures(found, dynamics, rules_for(record.exam.id), 3, 0.6)
    base = [f for f in futures if f.lever == "as-planned"]
    assert [f.learner for f in base] == list(range(1, 11))
    points = [f.points_from_mark for f in base]
    assert points == sorted(points)


def test_another_seed_draws_ten_others(case):
    record, dynamics, _ = case
    found = variants(record, AS_OF, TEST_DATE, dynamics)[:1]
    rules = rules_for(record.exam.id)
    assert ten_futures(found, dynamics, rules, 1, 0.5) != ten_futures(
        found, dynamics, rules, 2, 0.5
    )


def test_every_lever_carries_its_ten(case):
    record, dynamics, price = case
    found = levers(record, AS_OF, TEST_DATE, dynamics, price, seed=5)
    drawn = ten_futures(
        variants(record, AS_OF, TEST_DATE, dynamics),
        dynamics,
        rules_for(record.exam.id),
        5,
        found[0].p_pass,
    )
    assert [f for lever in found for f in lever.futures] == list(drawn)
    for lever in found:
        assert {f.lever for f in lever.futures} == {lever.lever}
        assert lever.futures_passing == sum(f.passes for f in lever.futures)


def test_without_a_lever_there_is_nobody_to_draw(case):
    record, dynamics, _ = case
    assert ten_futures((), dynamics, rules_for(record.exam.id), 0, 0.5) == ()


def test_a_change_that_changes_nothing_names_what_stops_it_and_no_other_does(case):
    record, dynamics, price = case
    for found in levers(record, AS_OF, TEST_DATE, dynamics, price):
        changes_nothing = found.lever != "as-planned" and abs(found.gain) < 0.0005
        assert (found.limit is not None) == changes_nothing, found.lever


def test_hours_that_no_window_holds_are_stopped_by_the_hours(case):
    record, dynamics, price = case
    narrow = {day: (ClockWindow(start=time(8), end=time(12)),) for day in WEEKDAYS}
    full = replace(record.availability, windows=narrow)
    found = named(levers(replace(record, availability=full), AS_OF, TEST_DATE, dynamics, price))
    assert found["hours"].gain == pytest.approx(0.0, abs=0.0005)
    assert found["hours"].limit == "hours"


def test_nobody_is_told_to_stop_cards_or_cases(case):
    record, dynamics, price = case
    deck = Resource(name="AnKing", kind="cards", units=20000, done=13500)
    cases = Resource(name="CCS", kind="cases", units=90)
    owned = replace(record, resources=(BANK, deck, cases))
    assert "drop-resource" not in named(levers(owned, AS_OF, TEST_DATE, dynamics, price))
