"""The student's own cards as the resource of the plan: one number, counted in the cards.

Counted once a day and after an import, not after every card: what falls due over two weeks hardly
moves with one answer, and the whole answer is asked again when it does.
"""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from bounceback.errors import QuestionError
from bounceback.messages.cards import counted_in_your_cards
from bounceback.records import Record
from bounceback.records.models import Resource
from bounceback_web.cards import collection_access

if TYPE_CHECKING:
    pass

_ready: dict[tuple[Any, ...], tuple[tuple[Resource, ...], tuple[str, ...]]] = {}


def with_own_cards(value: Record, on: date) -> tuple[Record, tuple[str, ...]]:
    """Return the record with the cards on this machine as its resource, and what was counted.

    A deck that the record names is counted in the cards, whatever was entered about it. Where the
    record names none of the decks, the largest of them take the place of what it says of cards.

    Args:
        value: The record.
        on: The app's day. The cards are as they stand now, so no other day is counted.
    """
    if not collection_access.there():
        return value, ()
    try:
        return _counted(value, on)
    except (QuestionError, sqlite3.Error, OSError):
        return value, ()  # the page of the cards says what is wrong


def _counted(value: Record, on: date) -> tuple[Record, tuple[str, ...]]:
    from bounceback.local_storage import replayed_cards
    from bounceback.services import card_queue

    with collection_access.opened() as cards:
        count = cards.count()
        if not count:
            return value, ()
        rule = replayed_cards.day_rule(cards, value.learner.time_zone)
        key = (collection_access.folder(), on, rule.id, repr(value.resources), count)
        known = _ready.get(key)
        if known is None:
            standing = replayed_cards.standing(cards, rule, collection_access.now_ms())
            changed, decks = card_queue.with_own_cards(value, standing, owner=True)
            notes = tuple(
                counted_in_your_cards(deck.name, round(deck.due_per_day or 0.0)) for deck in decks
            )
            known = changed.resources, notes
            _ready.clear()
            _ready[key] = known
        resources, notes = known
    return replace(value, resources=resources), notes
