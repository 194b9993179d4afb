from datetime import UTC, datetime

import numpy as np
import pytest

from bounceback.flashcards import fsrs
from bounceback.flashcards.anki.models import review_dtype
from bounceback.flashcards.card_states import elapsed_days, standing
from bounceback.flashcards.day_boundary import AnkiDays, Blocks24
from bounceback.flashcards.review_log import histories, history_from_revlog

W = fsrs.default_weights()
DAY = 86_400_000
NOW = int(datetime(2026, 11, 23, 12, tzinfo=UTC).timestamp() * 1000)
RULE = AnkiDays.at(datetime(2026, 11, 23, 12, tzinfo=UTC), "UTC", 4)


@pytest.fixture
def log():
    """Card 1 reviewed, 2 new, 3 and 4 reviewed."""
    reviews = np.zeros(6, review_dtype())
    reviews["cid"] = [1, 1, 3, 3, 4, 4]
    reviews["ease"] = 3
    reviews["type"] = [0, 1, 0, 1, 0, 1]
    reviews["ivl"] = [2, 10, 2, 10, 2, 10]
    ago = np.array([9, 2, 30, 20, 15, 12])
    reviews["id"] = NOW - ago * DAY + np.arange(6)
    return history_from_revlog(np.sort(reviews, order="id"), RULE)


def test_cards_stand_as_replayed_and_due_as_said(log):
    due = [8, np.nan, -10, np.nan]
    deck = standing([1, 2, 3, 4], log, W, RULE, NOW, due_in_days=due, suspended=[3])
    expected = fsrs.step(W, fsrs.step(W, None, 3, 0), 3, 7)
    assert deck.stability_days[0] == pytest.approx(expected.stability_days)
    assert deck.elapsed_days.tolist() == [2, 0, 20, 12]
    assert deck.due_in_days[0] == 8
    assert deck.due_in_days[2] == -10
    assert deck.seen.tolist() == [True, False, True, True]
    assert deck.suspended.tolist() == [False, False, True, False]


def test_a_card_of_which_nobody_says_when_is_due_where_the_model_puts_it(log):
    deck = standing([4], log, W, RULE, NOW)
    interval = fsrs.whole_interval_days(W, float(deck.stability_days[0]), 0.9)
    assert deck.due_in_days[0] == interval - 12


def test_cards_keep_the_order_in_which_they_are_asked_for(log):
    deck = standing([4, 2, 1], log, W, RULE, NOW)
    assert deck.elapsed_days.tolist() == [12, 0, 2]
    assert deck.seen.tolist() == [True, False, True]


def test_without_histories_every_card_is_unseen():
    deck = standing([5, 6], histories([0], [], [], day_rule="24h"), W, Blocks24(), NOW)
    assert not deck.seen.any()


def test_histories_of_another_day_rule_are_not_aged(log):
    with pytest.raises(ValueError, match="day rule"):
        elapsed_days(log, Blocks24(), NOW)


def test_histories_without_times_are_not_aged():
    with pytest.raises(ValueError, match="no times"):
        elapsed_days(histories([0, 1], [3], [0], day_rule="24h"), Blocks24(), NOW)
