from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bounceback.flashcards.policy_search import (
    card_worth,
    grid,
    maintenance,
    plan_to_exam,
)
from bounceback.flashcards.simulator import cards

TODAY = date(2026, 11, 23)


def deck(seen, unseen, *, waiting_days=0, worth=None, suspended=None, seed=4):
    rng = np.random.default_rng(seed)
    n = seen + unseen
    s, d, elapsed, due = (np.full(n, np.nan) for _ in range(4))
    s[:seen] = np.exp(rng.normal(2.5, 1.0, seen)).clip(0.3, 300)
    d[:seen] = rng.normal(6, 2, seen).clip(1, 10)
    interval = np.maximum(np.rint(s[:seen]), 1)
    elapsed[:seen] = np.floor(rng.random(seen) * interval) + waiting_days
    due[:seen] = interval - elapsed[:seen]
    return cards(s, d, elapsed, due, worth=worth, suspended=suspended)


def plan(d, days=40, minutes=15.0, **more):
    return plan_to_exam(
        d, today=TODAY, exam=TODAY + timedelta(days=days), minutes_per_day=minutes, seeds=4, **more
    )


@pytest.mark.parametrize("waiting_days", [0, 30])
def test_where_minutes_bind_the_plan_leaves_five_percent_more_than_usual_advice(waiting_days):
    rng = np.random.default_rng(2)
    p = plan(deck(1200, 1200, waiting_days=waiting_days, worth=rng.uniform(0.3, 1.7, 2400)))
    assert p.binds
    assert p.recall.mean >= 1.05 * max(p.plain.recall, p.anki.recall)
    assert p.recall.low <= p.recall.mean <= p.recall.high
    assert sum(day.minutes for day in p.load) <= 1.02 * max(p.plain.minutes, p.anki.minutes)


def test_where_there_is_time_for_everything_the_plan_is_no_worse_than_usual_advice():
    p = plan(deck(300, 100), minutes=120.0)
    assert p.recall.mean >= max(p.plain.recall, p.anki.recall) - 0.005
    assert p.unseen == 0


def test_a_plan_keeps_the_minutes_and_the_days_off():
    off = [TODAY + timedelta(days=k) for k in (3, 4, 20)]
    p = plan(deck(600, 600, waiting_days=10), days_off=off)
    assert all(day.minutes_high <= 15.0 + 1e-4 for day in p.load)
    assert [day.date for day in p.load if day.minutes == 0.0] == off
    assert p.load[-1].date == p.exam - timedelta(days=1)


def test_no_new_card_is_started_after_the_last_day_for_new_cards():
    p = plan(deck(300, 3000))
    assert p.last_new is not None
    assert all(day.new == 0 for day in p.load if day.date > p.last_new)


@pytest.mark.parametrize("days", [0, -5])
def test_an_exam_today_or_past_gets_the_memory_as_it_stands(days):
    p = plan(deck(100, 100), days=days)
    assert p.load == ()
    assert p.last_new is None
    assert p.recall.mean == pytest.approx(p.recall_if_nothing, abs=0.05)


def test_an_exam_tomorrow_is_planned_for_one_day():
    p = plan(deck(100, 100, waiting_days=3), days=1)
    assert len(p.load) == 1


def test_without_minutes_nothing_is_planned_and_nothing_is_claimed():
    p = plan(deck(100, 100, waiting_days=3), minutes=0.0)
    assert p.last_new is None
    assert all(day.minutes == 0.0 for day in p.load)
    assert p.binds
    assert p.recall.mean == p.plain.recall == p.recall_if_nothing
    assert round(p.unseen) == 100


@pytest.mark.parametrize("size", [(0, 0), (0, 50), (50, 0)])
def test_small_and_empty_decks_are_planned(size):
    p = plan(deck(*size), days=10)
    assert 0.0 <= p.recall.mean <= 1.0
    assert p.unseen >= 0


def test_a_deck_all_suspended_leaves_the_memory_as_it_stands():
    p = plan(deck(80, 80, suspended=np.ones(160, bool)))
    assert sum(day.reviews + day.new for day in p.load) == 0
    assert not p.backlog.waiting
    assert p.unseen == 0  # they are put away, not left undone
    assert not p.binds


def test_the_same_seed_gives_the_same_plan():
    d = deck(300, 300, waiting_days=5)
    assert plan(d, seed=3) == plan(d, seed=3)


def test_the_usual_advice_is_among_what_was_tried():
    p = plan(deck(200, 200))
    assert {p.plain.policy, p.anki.policy} <= {t.policy for t in p.tried}
    assert p.tried[0].recall == max(t.recall for t in p.tried)


def test_the_grid_tries_each_retention_with_each_number_of_new_cards():
    candidates = grid(deck(3000, 3000), [60.0] * 30)
    assert len(candidates) == len(set(candidates)) == 56


def test_a_backlog_is_paid_in_doses_inside_half_a_day():
    p = plan(deck(3000, 0, waiting_days=40), minutes=20.0)
    assert p.backlog.waiting > 2000
    if p.backlog.per_day is not None:
        assert p.backlog.per_day <= 20 * 60 / 2 / 12


AREAS = ["Cardiovascular System", "Respiratory System", "Gastrointestinal System"]
shares = st.dictionaries(st.sampled_from(AREAS), st.floats(0.1, 1.0), max_size=3)


@settings(derandomize=True, deadline=None)
@given(st.lists(shares, max_size=12))
def test_worth_is_never_negative_and_known_cards_average_one(card_areas):
    worth = card_worth(card_areas, {AREAS[0]: 0.5, AREAS[1]: 0.3, AREAS[2]: 0.2})
    assert len(worth) == len(card_areas)
    assert all(w >= 0 for w in worth)
    known = [w for w, a in zip(worth, card_areas, strict=True) if a]
    if known:
        assert np.mean(known) == pytest.approx(1.0)
    assert all(w == 1.0 for w, a in zip(worth, card_areas, strict=True) if not a)


def test_an_area_has_its_share_of_the_exam_however_many_cards_it_has():
    card_areas = [{AREAS[0]: 1.0}] * 90 + [{AREAS[1]: 1.0}] * 10
    worth = np.array(card_worth(card_areas, {AREAS[0]: 0.5, AREAS[1]: 0.5}))
    assert worth[:90].sum() == pytest.approx(worth[90:].sum())


def test_a_weak_area_is_worth_more_and_one_not_in_the_exam_nothing():
    card_areas = [{AREAS[0]: 1.0}, {AREAS[1]: 1.0}, {"Something else": 1.0}]
    exam = {AREAS[0]: 0.5, AREAS[1]: 0.5}
    weak, strong, outside = card_worth(card_areas, exam, {AREAS[0]: 2.0, AREAS[1]: 1.0})
    assert weak == pytest.approx(2 * strong)
    assert outside == 0.0


def test_keeping_more_in_memory_takes_more_minutes():
    rows = maintenance(deck(500, 0), 60, desired=(0.7, 0.8, 0.9))
    minutes = [row.minutes_a_day.mean for row in rows]
    assert minutes == sorted(minutes)
    assert rows[2].recall.mean > rows[0].recall.mean
