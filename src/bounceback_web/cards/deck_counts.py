"""The student's own cards as the resource of the plan: one number, counted in the cards.

Counted once a day and after an import, not after every card: what falls due over two weeks hardly
moves with one answer, and the whole answer is asked again when it does.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from bounceback.errors import QuestionError
from bounceback.messages.cards import counted_in_your_cards
from bounceback.records import Record
from bounceback.records.models import Resource
from bounceback_web.cards import collection_access

if TYPE_CHECKING:
    from bounceback.local_storage.card_queue import Standing

MOST_DECKS: Final = 3
"""Top-level decks that become resources of the plan where the record names none of them."""

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
    from bounceback.local_storage import card_queue

    with collection_access.opened() as cards:
        count = cards.count()
        if not count:
            return value, ()
        rule = card_queue.day_rule(cards, value.learner.time_zone)
        key = (collection_access.folder(), on, rule.id, repr(value.resources), count)
        known = _ready.get(key)
        if known is None:
            standing = card_queue.standing(cards, rule, collection_access.now_ms())
            known = _resources(value.resources, standing)
            _ready.clear()
            _ready[key] = known
        resources, notes = known
    return replace(value, resources=resources), notes


def _resources(
    told: tuple[Resource, ...], found: Standing
) -> tuple[tuple[Resource, ...], tuple[str, ...]]:
    from bounceback.local_storage.card_queue import resource_of_deck

    by_name = {
        one.name: deck
        for one in told
        if one.kind == "cards" and (deck := resource_of_deck(found, one.name)) is not None
    }
    if by_name:
        resources = tuple(_replaced(one, by_name.get(one.name)) for one in told)
        counted = list(by_name.values())
    else:
        decks = Counter(deck.partition("::")[0] for _card, _tags, deck in found.labels)
        names = [name for name, _n in decks.most_common(MOST_DECKS) if name]
        counted = [deck for name in names if (deck := resource_of_deck(found, name)) is not None]
        resources = (*(one for one in told if one.kind != "cards"), *counted)
    return resources, tuple(
        counted_in_your_cards(deck.name, round(deck.due_per_day or 0.0)) for deck in counted
    )


def _replaced(told: Resource, deck: Resource | None) -> Resource:
    """What the cards count, and of what was entered the minutes where nobody reviewed yet."""
    if deck is None:
        return told
    return replace(
        deck,
        name=told.name,
        minutes_per_unit=deck.minutes_per_unit or told.minutes_per_unit,
    )
