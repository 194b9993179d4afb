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
from bounceback.records import Record
from bounceback.records.models import Resource
from bounceback_web.cards import collection_access

_ready: dict[tuple[Any, ...], tuple[tuple[Resource, ...], tuple[str, ...]]] = {}


def with_own_cards(value: Record, on: date) -> tuple[Record, tuple[str, ...]]:
    """Return the record with its decks counted, and what was counted in words.

    Args:
        value: The record. A deck of which it says how many cards fall due stays as it is.
        on: The app's day. The cards are as they stand now, so no other day is counted.
    """
    if all(one.kind != "cards" or one.due_per_day is not None for one in value.resources):
        return value, ()
    if not collection_access.there():
        return value, ()
    try:
        return _counted(value, on)
    except (QuestionError, sqlite3.Error, OSError):
        return value, ()  # the page of the cards says what is wrong


def _counted(value: Record, on: date) -> tuple[Record, tuple[str, ...]]:
    from bounceback.local_storage import card_queue

    with collection_access.opened() as cards:
        if not card_queue.holds_a_deck_of(cards, value):
            return value, ()
        rule = card_queue.day_rule(cards, value.learner.time_zone)
        key = (collection_access.folder(), on, rule.id, value.resources, cards.count())
        if key not in _ready:
            standing = card_queue.standing(cards, rule, collection_access.now_ms())
            counted, notes = card_queue.with_own_cards(value, standing)
            _ready.clear()
            _ready[key] = (counted.resources, notes)
        resources, notes = _ready[key]
    return replace(value, resources=resources), notes
