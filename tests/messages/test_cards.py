"""Sentences about cards: counts first, each with its range, nobody blamed."""

from __future__ import annotations

from typing import Any

import pytest

from bounceback.messages.cards import counted_in_your_cards, exam_plan_sentences
from tests.flashcards.test_policy_search import deck, plan

UNKIND = ("only", "just", "should have", "behind", "overdue", "failed to", "%", ";")


@pytest.mark.parametrize(
    ("d", "days", "minutes"),
    [
        (deck(400, 400, waiting_days=30), 30, 10.0),
        (deck(50, 0), 20, 60.0),
        (deck(0, 30), 20, 60.0),
        (deck(30, 30), 0, 60.0),
        (deck(30, 30), 10, 0.0),
        (deck(0, 0), 10, 10.0),
    ],
)
def test_a_plan_is_said_with_counts_and_a_range(d: Any, days: int, minutes: float) -> None:
    p = plan(d, days=days, minutes=minutes)
    text = " ".join(exam_plan_sentences(p))
    assert not any(word in text for word in UNKIND)
    if p.load:
        low, high = round(100 * p.recall.low), round(100 * p.recall.high)
        assert f"({low} to {high})" in text
    assert "of every 100" in text


def test_without_minutes_no_pace_is_claimed() -> None:
    text = " ".join(exam_plan_sentences(plan(deck(100, 100, waiting_days=3), minutes=0.0)))
    assert text.startswith("No cards are asked before the exam on ")
    assert "About 100 cards are not started before the exam" in text
    assert "0 minutes" not in text


def test_one_card_falls_and_two_fall() -> None:
    assert "1 card falls due" in counted_in_your_cards("Step", 1)
    assert "2 cards fall due" in counted_in_your_cards("Step", 2)
