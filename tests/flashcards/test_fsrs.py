import itertools
import math
from datetime import UTC, datetime, timedelta

import fsrs as py_fsrs
import fsrs_rs_python
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bounceback.errors import UntrustedInputError
from bounceback.flashcards import fsrs
from bounceback.flashcards.parameters import group

W = fsrs.default_weights()

stabilities = st.floats(0.001, 36_500)
difficulties = st.floats(1, 10)
ratings = st.sampled_from(fsrs.RATINGS)
gaps = st.integers(0, 2000)
reviews = st.lists(st.tuples(ratings, st.integers(0, 400)), min_size=1, max_size=40)


def weight_sets():
    rows = group("weight")
    return st.tuples(
        *(st.floats(max(row.low, row.value * 0.5), min(row.high, row.value * 1.6)) for row in rows)
    )


def test_default_weights_are_those_of_both_reference_programs():
    assert W.values == py_fsrs.Scheduler().parameters
    assert W.values == pytest.approx(fsrs_rs_python.DEFAULT_PARAMETERS, abs=1e-6)


@settings(max_examples=150, derandomize=True, deadline=None)
@given(weight_sets(), reviews)
def test_every_state_of_a_history_agrees_with_py_fsrs_to_nine_digits(values, history):
    w = fsrs.weights(values)
    scheduler = py_fsrs.Scheduler(parameters=w.values, enable_fuzzing=False)
    card, now, memory = py_fsrs.Card(), datetime(2025, 1, 1, tzinfo=UTC), None
    for rating, gap in history:
        now += timedelta(days=gap, seconds=7)
        card, _ = scheduler.review_card(card, py_fsrs.Rating(rating), now)
        memory = fsrs.step(w, memory, rating, gap)
        if card.stability > 36_500:  # py-fsrs has no upper limit
            return
        assert memory.stability_days == pytest.approx(card.stability, rel=1e-9)
        assert memory.difficulty == pytest.approx(card.difficulty, rel=1e-9)


@settings(max_examples=150, derandomize=True, deadline=None)
@given(reviews)
def test_the_last_state_of_a_history_agrees_with_fsrs_rs_to_four_digits(history):
    memory = None
    for rating, gap in history:
        memory = fsrs.step(W, memory, rating, gap)
    item = fsrs_rs_python.FSRSItem([fsrs_rs_python.FSRSReview(r, g) for r, g in history])
    state = fsrs_rs_python.FSRS(list(W.values)).memory_state(item)
    assert memory.stability_days == pytest.approx(state.stability, rel=1e-4)
    assert memory.difficulty == pytest.approx(state.difficulty, abs=1e-4)


@given(stabilities, st.floats(0, 1e6))
def test_recall_lies_above_zero_and_never_above_one(s, t):
    assert 0.0 < fsrs.retrievability(W, s, t) <= 1.0


@given(stabilities, st.floats(0.70, 0.99))
def test_recall_at_the_interval_is_the_desired_retention(s, desired):
    days = fsrs.interval_days(W, s, desired)
    assert fsrs.retrievability(W, s, days) == pytest.approx(desired, rel=1e-9)


def test_recall_after_the_stability_is_nine_tenths():
    assert fsrs.retrievability(W, 12.5, 12.5) == pytest.approx(0.9, rel=1e-12)


def test_a_negative_gap_counts_as_the_same_day():
    m = fsrs.step(W, None, fsrs.GOOD, 0)
    assert fsrs.step(W, m, fsrs.GOOD, -3) == fsrs.step(W, m, fsrs.GOOD, 0)
    assert fsrs.retrievability(W, m.stability_days, -3) == 1.0


@given(stabilities, difficulties, ratings, gaps)
def test_states_stay_inside_their_published_limits(s, d, rating, gap):
    after = fsrs.step(W, fsrs.Memory(s, d), rating, gap)
    assert 0.001 <= after.stability_days <= 36_500
    assert 1.0 <= after.difficulty <= 10.0


@given(stabilities, difficulties, gaps)
def test_a_better_answer_never_leaves_a_weaker_memory(s, d, gap):
    after = [fsrs.step(W, fsrs.Memory(s, d), r, gap) for r in fsrs.RATINGS]
    for worse, better in itertools.pairwise(after):
        assert worse.stability_days <= better.stability_days * (1 + 1e-12)
        assert worse.difficulty >= better.difficulty - 1e-12


@given(stabilities, difficulties, st.integers(1, 2000))
def test_a_recalled_card_never_loses_stability_and_a_lapse_never_adds_any(s, d, gap):
    memory = fsrs.Memory(s, d)
    assert fsrs.step(W, memory, fsrs.HARD, gap).stability_days >= s * (1 - 1e-12)
    assert fsrs.step(W, memory, fsrs.AGAIN, gap).stability_days <= max(s, 0.001) * (1 + 1e-12)


@given(stabilities, difficulties)
def test_hard_on_the_same_day_never_lowers_stability(s, d):
    assert fsrs.step(W, fsrs.Memory(s, d), fsrs.HARD, 0).stability_days >= s * (1 - 1e-12)


def test_waiting_longer_before_a_success_adds_more_stability():
    memory = fsrs.Memory(10.0, 5.0)
    grown = [fsrs.step(W, memory, fsrs.GOOD, t).stability_days for t in (1, 5, 10, 50, 1000)]
    assert grown == sorted(grown)
    assert grown[0] < grown[-1]


@pytest.mark.parametrize("desired", [0.70, 0.85, 0.99])
def test_whole_intervals_are_at_least_one_day_and_at_most_the_limit(desired):
    assert fsrs.whole_interval_days(W, 0.001, desired) == 1
    assert fsrs.whole_interval_days(W, 36_500, desired, max_days=300) == 300


def test_a_rating_outside_the_four_is_refused():
    with pytest.raises(ValueError, match="rating=5"):
        fsrs.step(W, None, 5, 0)


@pytest.mark.parametrize("desired", [0.0, 1.0, 90.0])
def test_a_desired_retention_outside_zero_and_one_is_refused(desired):
    with pytest.raises(ValueError, match="desired_retention"):
        fsrs.interval_days(W, 1.0, desired)


FSRS_45 = [0.4, 0.9, 2.3, 10.9, 4.93, 0.94, 0.86, 0.01, 1.49, 0.14, 0.94]
FSRS_45 += [2.18, 0.05, 0.34, 1.26, 0.29, 2.61]


@pytest.mark.parametrize("given_weights", [FSRS_45, [*FSRS_45, 0.5, 0.6], list(W.values)])
def test_older_weights_are_upgraded_as_fsrs_rs_does(given_weights):
    ours = fsrs.weights(given_weights).values
    assert ours == pytest.approx(fsrs_rs_python.check_and_fill_parameters(given_weights), abs=1e-6)


def test_an_upgrade_says_so_and_21_weights_say_nothing():
    assert fsrs.weights(FSRS_45).changed == ("upgraded from FSRS-4.5 (17 weights)",)
    assert fsrs.weights(W.values).changed == ()


def test_weights_of_fsrs_7_are_refused_by_name():
    with pytest.raises(UntrustedInputError, match="FSRS-7"):
        fsrs.weights([0.1] * 34)


@pytest.mark.parametrize("count", [0, 1, 13, 18, 20, 22, 35])
def test_any_other_count_of_weights_is_refused_with_what_is_allowed(count):
    with pytest.raises(UntrustedInputError, match=r"17 .* 19 .* 21"):
        fsrs.weights([0.1] * count)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_weight_that_is_not_finite_is_refused_by_name(bad):
    values = list(W.values)
    values[20] = bad
    with pytest.raises(UntrustedInputError, match="forgetting_decay"):
        fsrs.weights(values)


def test_weights_outside_their_bounds_are_moved_inside_and_named():
    values = list(W.values)
    values[4], values[20] = 44.0, 0.01
    accepted = fsrs.weights(values)
    assert (accepted.values[4], accepted.values[20]) == (10.0, 0.1)
    assert [line.split()[0] for line in accepted.changed] == [
        "initial_difficulty",
        "forgetting_decay",
    ]


def test_a_digest_follows_the_weights():
    values = list(W.values)
    assert fsrs.weights(values).digest == W.digest
    values[0] += 0.01
    assert fsrs.weights(values).digest != W.digest
    assert W.tag("24h") == fsrs.StateTag("fsrs-6", W.digest, "24h")


@pytest.mark.parametrize(
    ("ease", "interval", "retention"),
    [(2.5, 10, 0.9), (1.3, 1, 0.9), (2.0, 365, 0.8), (3, 40, 0.95)],
)
def test_a_start_from_sm2_agrees_with_fsrs_rs(ease, interval, retention):
    ours = fsrs.memory_from_sm2(W, ease, interval, retention)
    theirs = fsrs_rs_python.FSRS(list(W.values)).memory_state_from_sm2(ease, interval, retention)
    assert ours.stability_days == pytest.approx(theirs.stability, rel=1e-4)
    assert ours.difficulty == pytest.approx(theirs.difficulty, abs=1e-4)


def test_a_long_run_of_again_or_good_stays_finite():
    for rating in (fsrs.AGAIN, fsrs.GOOD):
        memory = None
        for _ in range(300):
            memory = fsrs.step(W, memory, rating, 1000)
        assert math.isfinite(memory.stability_days)
        assert math.isfinite(memory.difficulty)
