"""The decks that a record names, counted in the learner's own cards, for the answer of the day.

Counted once a day and after an import, not after every card: what falls due over two weeks hardly
moves with one answer, and the whole answer is asked anew when it does.
"""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date
from typing import Any

from bounceback.errors import QuestionError
from bounceback.record import Record
from bounceback.record.values import Resource
from bounceback_web.cards import opening

_ready: dict[tuple[Any, ...], tuple[tuple[Resource, ...], tuple[str, ...]]] = {}


def with_own_cards(value: Record, on: date) -> tuple[Record, tuple[str, ...]]:
    """Return the record with its decks counted, and what was counted in words.

    Args:
        value: The record. A deck of which it says how many cards fall due stays as it is.
        on: The app's day. The cards are as they stand now, so no other day is counted.
    """
    if all(one.kind != "cards" or one.due_per_day is not None for one in value.resources):
        return value, ()
    if not opening.there():
        return value, ()
    try:
        return _counted(value, on)
    except (QuestionError, sqlite3.Error, OSError):
        return value, ()  # the page of the cards says what is wrong


def _counted(value: Record, on: date) -> tuple[Record, tuple[str, ...]]:
    from bounceback.store import cards_standing

    with opening.opened() as cards:
        if not cards_standing.holds_a_deck_of(cards, value):
            return value, ()
        rule = cards_standing.day_rule(cards, value.learner.time_zone)
        key = (opening.folder(), on, rule.id, value.resources, cards.count())
        if key not in _ready:
            standing = cards_standing.standing(cards, rule, opening.now_ms())
            counted, notes = cards_standing.with_own_cards(value, standing)
            _ready.clear()
            _ready[key] = (counted.resources, notes)
        resources, notes = _ready[key]
    return replace(value, resources=resources), notes
