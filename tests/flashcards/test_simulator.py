import dataclasses
from datetime import date

import fsrs_rs_python
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bounceback.flashcards import fsrs
from bounceback.flashcards.replay import retrievability
from bounceback.flashcards.simulator import (
    Policy,
    cards,
    daily_load,
    day_minutes,
    own_habits,
    published_habits,
    simulate,
    todays_queue,
)

W = fsrs.default_weights()
MANY = 10**9


def deck(seen, unseen, *, waiting_days=0, seed=4, worth=None, suspended=None):
    """Seen cards at even places of their interval; all past due by ``waiting_days`` more."""
    rng = np.random.default_rng(seed)
    n = seen + unseen
    s, d, elapsed, due = (np.full(n, np.nan) for _ in range(4))
    s[:seen] = np.exp(rng.normal(2.5, 1.0, seen)).clip(0.3, 300)
    d[:seen] = rng.normal(6, 2, seen).clip(1, 10)
    interval = np.maximum(np.rint(s[:seen]), 1)
    elapsed[:seen] = np.floor(rng.random(seen) * interval) + waiting_days
    due[:seen] = interval - elapsed[:seen]
    return cards(s, d, elapsed, due, worth=worth, suspended=suspended)


def test_without_limits_totals_are_those_of_fsrs_rs_within_one_percent():
    size, days, learned = 10_000, 90, 110
    config = fsrs_rs_python.default_simulator_config()
    config.deck_size, config.learn_span, config.learn_limit = size, days, learned
    config.max_cost_perday = 1e9
    theirs = [fsrs_rs_python.simulate(list(W.values), 0.9, config, k) for k in range(4)]
    # Their simulator, unlike their model, lets Hard lower stability on the same day.
    habits = dataclasses.replace(published_habits(), floor_from=3)
    ours = simulate(
        deck(0, size), [Policy(0.9, learned)], [np.inf] * days, seeds=range(4), habits=habits
    )
    assert ours.new.sum() == 4 * days * learned
    reviews = np.mean([sum(r.review_cnt_per_day) for r in theirs])
    assert ours.reviews.sum() / 4 == pytest.approx(reviews, rel=0.01)
    hours = np.mean([sum(r.cost_per_day) for r in theirs]) / 3600
    assert ours.minutes.sum() / 4 / 60 == pytest.approx(hours, rel=0.01)


@pytest.mark.parametrize("desired", [0.8, 0.9])
def test_recall_on_due_reviews_is_the_desired_retention(desired):
    # Cost betrays recall: with one second for a lapse alone, seconds count lapses.
    habits = dataclasses.replace(
        published_habits(),
        seconds=((0.0,) * 4, (1.0, 0.0, 0.0, 0.0), (0.0,) * 4),
    )
    d = deck(4000, 0)
    d = dataclasses.replace(d, stability_days=np.maximum(d.stability_days, 20.0))
    out = simulate(d, [Policy(desired, 0)], [np.inf] * 300, seeds=range(2), habits=habits)
    late = slice(200, 300)  # reviews scheduled by the simulation itself
    lapsed = out.minutes[:, :, late].sum() * 60
    assert 1 - lapsed / out.reviews[:, :, late].sum() == pytest.approx(desired, abs=0.02)


ORDERS = ["due", "recall-low", "recall-high", "exam-gain"]
policies = st.builds(
    Policy,
    st.sampled_from([0.7, 0.85, 0.97]),
    st.sampled_from([0, 3, 40, MANY]),
    order=st.sampled_from(ORDERS),
    last_new_day=st.sampled_from([None, -1, 0, 5]),
    reviews_per_day=st.sampled_from([None, 0, 20]),
    backlog_per_day=st.sampled_from([None, 0, 7]),
    last_look_days=st.sampled_from([0, 3, 40]),
    spread=st.booleans(),
    new_first=st.booleans(),
)


@settings(max_examples=120, derandomize=True, deadline=None)
@given(
    policies,
    st.lists(st.sampled_from([0.0, 1.0, 12.0, 90.0]), max_size=16),
    st.integers(0, 3),
    st.sampled_from([(0, 0), (150, 0), (0, 150), (200, 100)]),
)
def test_no_policy_breaks_the_minutes_the_caps_or_the_deck(policy, minutes, seed, size):
    d = deck(*size, waiting_days=20)
    out = simulate(d, [policy], minutes, seeds=[seed], forgetting_spread=0.2, by_card=True)
    assert np.all(out.minutes[0, 0] <= np.array(minutes) + 1e-4)
    assert np.all(out.new <= policy.new_per_day)
    assert out.new.sum() <= size[1]
    assert out.seen[0, 0] == size[0] + out.new.sum()
    assert np.all(out.reviews <= sum(size))
    assert np.all(out.waiting >= 0)
    if policy.reviews_per_day is not None:
        assert np.all(out.reviews <= policy.reviews_per_day)
    if policy.last_new_day is not None:
        assert out.new[0, 0, max(policy.last_new_day + 1, 0) :].sum() == 0
    assert 0.0 <= out.recall[0, 0] <= 1.0
    assert np.all((out.recall_by_card >= 0.0) & (out.recall_by_card <= 1.0))
    if sum(size):
        assert out.recall[0, 0] == pytest.approx(out.recall_by_card.mean(), abs=1e-9)


def test_the_same_seed_gives_the_same_future():
    d = deck(300, 200, waiting_days=10)
    policy = Policy(0.9, 10, order="exam-gain", last_look_days=3, spread=True)
    runs = [simulate(d, [policy], [20.0] * 25, seeds=[3, 4]) for _ in range(2)]
    assert np.array_equal(runs[0].minutes, runs[1].minutes)
    assert np.array_equal(runs[0].recall, runs[1].recall)
    assert not np.array_equal(runs[0].recall[:, 0], runs[0].recall[:, 1])


def test_a_policy_does_not_depend_on_those_simulated_beside_it():
    d = deck(300, 200, waiting_days=10)
    a, b = Policy(0.9, 10, order="exam-gain"), Policy(0.8, 50, order="exam-gain")
    both = simulate(d, [a, b], [15.0] * 25)
    assert both.recall[1, 0] == simulate(d, [b], [15.0] * 25).recall[0, 0]


@pytest.mark.parametrize("minutes", [[], [0.0] * 20])
def test_without_minutes_memories_fade_and_nothing_else_happens(minutes):
    d = deck(400, 100, waiting_days=5)
    out = simulate(d, [Policy(0.9, 20)], minutes)
    faded = retrievability(W, d.stability_days[:400], d.elapsed_days[:400] + len(minutes))
    assert out.recall[0, 0] == pytest.approx(faded.sum() / 500, rel=1e-5)
    assert out.reviews.sum() == out.new.sum() == 0


def test_suspended_cards_are_never_asked_but_an_earlier_memory_counts():
    d = deck(100, 100, waiting_days=5, suspended=np.ones(200, bool))
    out = simulate(d, [Policy(0.9, 20)], [60.0] * 10)
    assert out.reviews.sum() == out.new.sum() == 0
    assert out.recall[0, 0] > 0.2


def test_a_card_without_worth_is_left_to_the_end():
    worth = np.r_[np.zeros(200), np.ones(200)]
    d = deck(0, 400, worth=worth)
    out = simulate(d, [Policy(0.9, MANY, order="exam-gain")], [20.0] * 5, seeds=[1], by_card=True)
    asked = out.recall_by_card[0] > 0
    assert asked[200:].sum() > 0
    assert asked[:200].sum() == 0


@pytest.mark.parametrize("waiting_days", [0, 30])
def test_asking_by_gain_beats_asking_by_due_day_where_minutes_are_short(waiting_days):
    rng = np.random.default_rng(8)
    d = deck(2500, 2500, waiting_days=waiting_days, worth=rng.uniform(0.3, 1.7, 5000))
    out = simulate(
        d,
        [Policy(0.9, MANY, order="exam-gain"), Policy(0.9, 60), Policy(0.9, 20, new_first=True)],
        [30.0] * 45,
        seeds=range(2),
    )
    ours, plain, new_first = out.recall.mean(axis=1)
    assert ours > 1.05 * max(plain, new_first)


def test_a_dose_limits_the_backlog_a_day_and_it_shrinks_day_by_day():
    d = deck(600, 0, waiting_days=400)
    out = simulate(d, [Policy(0.9, 0, backlog_per_day=25)], [600.0] * 20)
    assert out.waiting[0, 0, 0] == 575
    assert np.all(np.diff(out.waiting[0, 0]) <= 0)


def test_a_day_off_moves_its_cards_without_a_pile_on_the_next_day():
    d = deck(3000, 0)
    minutes = np.full(40, np.inf)
    minutes[20] = 0.0
    finite = np.where(np.isinf(minutes), 400.0, minutes)
    plain, spread = Policy(0.9, 0), Policy(0.9, 0, spread=True)
    piled = simulate(d, [plain], finite, seeds=range(6)).reviews[0].mean(axis=0)
    eased = simulate(d, [spread], finite, seeds=range(6)).reviews[0].mean(axis=0)
    usual = np.delete(eased, [20, 21])[10:].mean()
    assert piled[21] > 1.4 * np.delete(piled, [20, 21])[10:].mean()
    assert eased[21] < 1.4 * usual
    assert eased.sum() == pytest.approx(piled.sum(), rel=0.05)


def test_spreading_keeps_recall():
    d = deck(2000, 500)
    out = simulate(d, [Policy(0.9, 20), Policy(0.9, 20, spread=True)], [200.0] * 60, seeds=range(4))
    plain, spread = out.recall.mean(axis=1)
    assert spread == pytest.approx(plain, rel=0.01)


def test_bands_widen_with_what_is_unknown_about_forgetting():
    d = deck(500, 500)
    narrow = simulate(d, [Policy(0.9, 20)], [20.0] * 30, seeds=range(12))
    wide = simulate(d, [Policy(0.9, 20)], [20.0] * 30, seeds=range(12), forgetting_spread=0.4)
    assert wide.recall.std() > 2 * narrow.recall.std()


def test_more_minutes_never_leave_clearly_less_on_the_exam_day():
    d = deck(1000, 1000, waiting_days=15)
    policy = Policy(0.85, MANY, order="exam-gain")
    recalls = [
        simulate(d, [policy], [m] * 30, seeds=range(2)).recall.mean() for m in (0, 5, 20, 60)
    ]
    assert recalls == sorted(recalls)


def test_minutes_a_day_follow_the_week_days_off_and_easy_days():
    week = [60, 60, 60, 60, 60, 30, 0]
    got = day_minutes(
        date(2026, 12, 24),
        date(2027, 1, 2),
        week,
        days_off=[date(2026, 12, 25)],
        easy_days={date(2026, 12, 28): 0.5},
    )
    assert got == (60, 0, 30, 0, 30, 60, 60, 60, 60)


@pytest.mark.parametrize("exam", [date(2026, 12, 24), date(2026, 12, 1)])
def test_an_exam_today_or_past_leaves_no_days(exam):
    assert day_minutes(date(2026, 12, 24), exam, 60) == ()


@pytest.mark.parametrize("bad", [[60, 60], -5.0])
def test_minutes_that_are_no_week_are_refused(bad):
    with pytest.raises(ValueError, match="minutes_per_day"):
        day_minutes(date(2026, 12, 24), date(2026, 12, 30), bad)


@pytest.mark.parametrize("bad", [[-1.0], [float("nan")]])
def test_negative_or_unknown_minutes_are_refused(bad):
    with pytest.raises(ValueError, match="minutes"):
        simulate(deck(2, 2), [Policy(0.9, 1)], bad)


@pytest.mark.parametrize("change", [{"desired_retention": 0.5}, {"new_per_day": -1}])
def test_a_policy_outside_what_can_be_set_is_refused(change):
    with pytest.raises(ValueError, match=next(iter(change))):
        dataclasses.replace(Policy(0.9, 20), **change)


def test_cards_of_negative_worth_are_refused():
    with pytest.raises(ValueError, match="worth"):
        cards([1.0], [5.0], [0.0], [1.0], worth=[-1.0])


def test_daily_load_gives_dates_and_a_band_around_the_mean():
    out = simulate(deck(500, 200), [Policy(0.9, 5)], [np.inf] * 14, seeds=range(8))
    load = daily_load(out, date(2026, 12, 24))
    assert [day.date.day for day in load][:3] == [24, 25, 26]
    assert all(day.minutes_low <= day.minutes <= day.minutes_high + 1e-9 for day in load)
    assert load[0].new == 5


def test_own_seconds_are_shrunk_towards_the_published_and_capped():
    published = published_habits()
    habits = own_habits([4000] * 1000, [3] * 1000, [1] * 1000)
    assert 4.0 < habits.seconds[1][2] < 5.0
    assert habits.seconds[0] == published.seconds[0]
    assert own_habits([9e9] * 10**4, [3] * 10**4, [1] * 10**4).seconds[1][2] < 60.0
    none = own_habits([], [], [])
    assert (none.seconds, none.source) == (published.seconds, "published")
    assert none.recalled_rating == pytest.approx(published.recalled_rating)


@settings(max_examples=80, derandomize=True, deadline=None)
@given(policies, st.sampled_from([0.0, 3.0, 25.0, np.inf]), st.integers(1, 40))
def test_todays_queue_holds_due_and_new_cards_once_within_the_minutes(policy, minutes, days):
    d = deck(120, 80, waiting_days=3)
    queue = todays_queue(d, policy, days, minutes)
    assert len(set(queue.tolist())) == len(queue)
    asked = queue[d.seen[queue]]
    assert len(queue) - len(asked) <= policy.new_per_day
    if days > policy.last_look_days:
        assert np.all(d.due_in_days[asked] <= 0)
    assert len(queue) * 10 <= minutes * 60


def test_todays_queue_is_as_long_as_the_first_simulated_day():
    d = deck(2000, 500, waiting_days=20)
    for policy in (Policy(0.9, 30), Policy(0.85, 300, order="exam-gain")):
        queue = todays_queue(d, policy, 40, 45.0)
        out = simulate(d, [policy], [45.0] * 40, seeds=range(6))
        first = (out.reviews + out.new)[0, :, 0].mean()
        assert len(queue) == pytest.approx(first, rel=0.1)


def test_todays_queue_puts_worthy_cards_first():
    worth = np.r_[np.ones(100), np.full(100, 5.0)]
    d = deck(200, 0, waiting_days=30, worth=worth)
    queue = todays_queue(d, Policy(0.9, 0, order="exam-gain"), 20, np.inf)
    assert (queue[:50] >= 100).mean() > 0.8


@pytest.mark.parametrize(("days", "minutes"), [(0, 5.0), (5, -1.0), (5, float("nan"))])
def test_a_queue_without_days_or_minutes_is_refused(days, minutes):
    with pytest.raises(ValueError, match="days_to_exam"):
        todays_queue(deck(2, 2), Policy(0.9, 1), days, minutes)
