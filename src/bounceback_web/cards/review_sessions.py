"""A review session across requests. Every action is on disk before the next card is shown."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from bounceback.local_storage import card_schedule as schedule
from bounceback.local_storage.card_collection import CardCollection
from bounceback.services import card_review as review_session
from bounceback.services.card_queue import review_settings
from bounceback.services.card_review import LocalDays, Memory
from bounceback.services.card_review import weights as checked_weights
from bounceback_web.cards import collection as cards
from bounceback_web.cards.models import ReviewSession
from bounceback_web.records.learner_store import Kept

if TYPE_CHECKING:
    from collections.abc import Mapping

FLAG = 1
MOST_ACTIONS = 40
"""Actions that can be taken back."""


def begin(
    kept: Kept, collection: CardCollection, only: frozenset[int] | None = None
) -> ReviewSession | None:
    """Begin a review session of about twenty cards; ``None`` if nothing is due.

    Args:
        kept: The record.
        collection: The cards.
        only: Ids of the cards to choose from; ``None`` for all.
    """
    found = cards.standing_of(kept, collection)
    policy, asked = cards.asked(kept, collection, found, only)
    ReviewSession.objects.filter(record=kept.row).delete()
    if not asked:
        return None
    settings = review_settings(found, policy, cards.exam_day(kept))
    follows = {
        "weights": list(found.weights.values),
        "source": found.weights.source,
        "zone": found.rule.zone,
        "rollover_hour": found.rule.rollover_hour,
        "retention": settings.desired_retention,
        "exam_ms": settings.exam_ms,
        "day_number": found.day_number,
        "begun_ms": found.now_ms,
    }
    session = review_session.begin(asked, settings)
    follows["size"] = len(session.queue)
    return ReviewSession.objects.create(
        record=kept.row,
        follows=follows,
        queue=[asdict(card) for card in session.queue],
        later=session.later,
    )


def _rule(follows: Mapping[str, Any]) -> LocalDays:
    return LocalDays(follows["zone"], follows["rollover_hour"])


def _settings(follows: Mapping[str, Any]) -> review_session.Settings:
    return review_session.Settings(
        checked_weights(follows["weights"], source=follows["source"]),
        _rule(follows),
        desired_retention=follows["retention"],
        exam_ms=follows["exam_ms"],
    )


def _card(kept: Mapping[str, Any]) -> review_session.QueuedCard:
    memory = kept["memory"]
    return review_session.QueuedCard(**{**kept, "memory": Memory(*memory) if memory else None})


def session_of(row: ReviewSession) -> review_session.Session:
    """Return the review session as the value that bounceback.flashcards knows."""
    queue = tuple(_card(card) for card in row.queue)
    return review_session.Session(_settings(row.follows), queue, later=row.later)


def place_in(row: ReviewSession) -> tuple[int, int]:
    """Return which card of how many is shown: those that come back today count once."""
    size = max(row.follows.get("size", 0), len(row.queue))
    return min(size - len(row.queue) + 1, size), size


def _alone(session: review_session.Session, card_id: int) -> review_session.Session | None:
    # While one card is looked at, another's step may come due; the answer is for this one.
    for card in session.queue:
        if card.card_id == card_id:
            return replace(session, queue=(card,))
    return None


def choices(row: ReviewSession, card_id: int, now_ms: int) -> tuple[review_session.Choice, ...]:
    """Return what each answer to a card would lead to."""
    alone = _alone(session_of(row), card_id)
    return review_session.choices(alone, now_ms) if alone else ()


def answer(
    row: ReviewSession,
    collection: CardCollection,
    card_id: int,
    rating: int,
    at_ms: int,
    shown_ms: int,
) -> bool:
    """Answer a card once. A repeated answer, or a card not in the session, changes nothing.

    Args:
        row: The review session.
        collection: The cards.
        card_id: The card.
        rating: 1 to 4.
        at_ms: Instant of the answer; with the card it names the review.
        shown_ms: Instant at which the card was shown; an answer given since then stands.

    Returns:
        Whether it was new. A card that was answered elsewhere since the session began leaves it.
    """
    session = session_of(row)
    alone = _alone(session, card_id)
    if alone is None or (alone.queue[0].last_ms or 0) >= shown_ms:
        return False
    begun_ms = row.follows.get("begun_ms", at_ms)  # absent: begun by an earlier version
    elsewhere_ms = collection.last_answer_ms(card_id)
    if elsewhere_ms > max(alone.queue[0].last_ms or 0, begun_ms) and elsewhere_ms != at_ms:
        row.queue = [c for c in row.queue if c["card_id"] != card_id]
        row.save()
        return False
    before = collection.card(card_id)
    after = review_session.answer(alone, rating, at_ms, max(at_ms - shown_ms, 0) / 1000.0)
    came_back = after.queue[0] if after.queue else None
    given = after.answers[-1]
    # A session may go on past the hour at which the next day starts.
    day = row.follows["day_number"] + _rule(row.follows).dates_between(begun_ms, given.at_ms)
    card, log = schedule.after_answer(before, given, came_back, session.settings, day)
    try:
        collection.put_answer(card, log)
        new = True
    except sqlite3.IntegrityError:
        new = False  # written before a stop, and not yet taken note of here
    _note(row, card_id, {"card": before, "answer_ms": given.at_ms}, back=came_back)
    row.answered += 1
    row.save()
    return new


def suspend(row: ReviewSession, collection: CardCollection, card_id: int, now_ms: int) -> None:
    """Suspend a card until the learner unsuspends it."""
    if _alone(session_of(row), card_id) is None:
        return
    before = collection.card(card_id)
    collection.put_card(schedule.put_away(before, now_ms))
    _note(row, card_id, {"card": before, "answer_ms": None}, back=None)
    row.save()


def flag(row: ReviewSession, collection: CardCollection, card_id: int, now_ms: int) -> None:
    """Flag a card, or take its flag off; it stays where it is."""
    alone = _alone(session_of(row), card_id)
    if alone is None:
        return
    before = collection.card(card_id)
    colour = 0 if alone.queue[0].flag else FLAG
    collection.put_card(schedule.flagged(before, colour, now_ms))
    row.actions = [*row.actions, {"card": before, "answer_ms": None, "queue": row.queue}]
    row.queue = [{**c, "flag": colour} if c["card_id"] == card_id else c for c in row.queue]
    row.save()


def _note(
    row: ReviewSession, card_id: int, action: dict[str, Any], back: review_session.QueuedCard | None
) -> None:
    row.actions = [*row.actions, {**action, "queue": row.queue}][-MOST_ACTIONS:]
    rest = [c for c in row.queue if c["card_id"] != card_id]
    row.queue = [*rest, asdict(back)] if back else rest


def undo(row: ReviewSession, collection: CardCollection) -> bool:
    """Take the last action back; false if there is none."""
    if not row.actions:
        return False
    *rest, last = row.actions
    if last["answer_ms"] is None:
        collection.put_card(last["card"])
    else:
        with suppress(sqlite3.IntegrityError):  # taken back before a stop
            collection.withdraw(last["card"], last["answer_ms"])
        row.answered = max(row.answered - 1, 0)
    row.queue, row.actions = last["queue"], rest
    row.save()
    return True
