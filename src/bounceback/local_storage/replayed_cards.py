"""The stored cards replayed: states, due days and areas at one moment, and own weights.

Everything is replayed from the review history, under one day rule and one set of weights; nothing
computed is kept. What is asked of the cards then: ``bounceback.services.card_queue``.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from bounceback.flashcards.anki.models import REVIEW, SUSPENDED
from bounceback.flashcards.areas import AreaMap, map_cards
from bounceback.flashcards.card_states import standing as states_now
from bounceback.flashcards.day_boundary import LocalDays
from bounceback.flashcards.fsrs import Weights, default_weights, weights
from bounceback.flashcards.parameters import value
from bounceback.flashcards.review_log import history_from_revlog
from bounceback.flashcards.simulator import own_habits
from bounceback.records.models import Record
from bounceback.services.card_queue import Standing, decks_to_count
from bounceback.vocabulary import ExamId

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bounceback.local_storage.card_collection import CardCollection


def day_rule(collection: CardCollection, zone: str, rollover_hour: int | None = None) -> LocalDays:
    """Return the learner's day rule.

    Args:
        collection: The cards; they may remember the hour.
        zone: IANA zone of the learner.
        rollover_hour: Hour at which their day starts; without it, what was remembered, then what
            the first package said, then Anki's own.
    """
    for hour in (
        rollover_hour,
        collection.setting("chosen_rollover_hour"),
        collection.setting("rollover_hour"),
    ):
        if hour is not None:
            return LocalDays(zone, int(hour))
    return LocalDays(zone, int(value("anki.rollover_hour")))


def standing(collection: CardCollection, rule: LocalDays, now_ms: int) -> Standing:
    """Replay the history and return the cards as they stand; all worth alike."""
    table = collection.cards()
    reviews, _ = collection.reviews()
    w, retention = _chosen_weights(collection, table)
    w = _kept_weights(collection, rule) or w
    log = history_from_revlog(reviews, rule, weights=w, retention=retention)
    number = (rule.date(now_ms) - day_0(collection, rule)).days
    due = np.full(len(table), np.nan)
    in_days = (table["type"] == REVIEW) & (table["filtered_deck_id"] == 0)
    due[in_days] = table["due"][in_days] - number
    graded = reviews[reviews["ease"] > 0]
    first, last = (np.zeros(len(table), np.int64) for _ in range(2))
    if len(graded) and len(table):
        at = np.minimum(np.searchsorted(table["id"], graded["cid"]), len(table) - 1)
        mine = table["id"][at] == graded["cid"]
        at, moments = at[mine], graded["id"][mine]
        last[at] = moments  # rows are by time, so the last one written stays
        first[at[::-1]] = moments[::-1]
    recent = graded[graded["id"] >= now_ms - 2 * 86_400_000]
    today = rule.date(now_ms)
    cap = int(value("anki.seconds_cap") * 1000)
    spent = sum(
        min(ms, cap)
        for moment, ms in zip(recent["id"].tolist(), recent["time"].tolist(), strict=True)
        if rule.date(moment) == today
    )
    return Standing(
        table=table,
        deck=states_now(
            table["id"],
            log,
            w,
            rule,
            now_ms,
            due_in_days=due,
            suspended=frozenset(table["id"][table["queue"] == SUSPENDED].tolist()),
        ),
        log=log,
        last_ms=last,
        first_ms=first,
        labels=collection.labels(),
        weights=w,
        habits=own_habits(reviews["time"], reviews["ease"], reviews["type"]),
        rule=rule,
        now_ms=now_ms,
        day_number=number,
        answered_ms=spent,
    )


def _chosen_weights(collection: CardCollection, table: NDArray[Any]) -> tuple[Weights, float]:
    """Return weights and historical retention of the options under which most cards live.

    The learner's own, where kept, come before them (``_kept_weights``). One set for all: a plan
    compares cards, and states of different weights are never compared.
    """
    options = {one.id: one for one in collection.options()}
    of_deck = {deck.id: options.get(deck.options_id or 0) for deck in collection.decks()}
    ids, counts = np.unique(table["deck_id"], return_counts=True)
    votes: Counter[int] = Counter()
    for deck, count in zip(ids.tolist(), counts.tolist(), strict=True):
        found = of_deck.get(deck)
        votes[0 if found is None else found.id] += count
    for identity, _ in votes.most_common(1):
        chosen = options.get(identity)
        if chosen is not None:
            retention = chosen.historical_retention or 0.9
            given = chosen.weights
            if len(given) in (17, 19, 21) and np.isfinite(given).all():
                return weights(given, source="package"), retention
            return default_weights(), retention
    return default_weights(), 0.9


def keep_weights(collection: CardCollection, own: Weights | None, rule: LocalDays) -> None:
    """Keep the learner's own weights with the day rule they were learned under; ``None`` forgets.

    Under another rule the same answers give other states, so they are used under theirs alone.
    """
    kept = None if own is None else {"values": list(own.values), "day_rule": rule.id}
    collection.remember("own_weights", kept)


def _kept_weights(collection: CardCollection, rule: LocalDays) -> Weights | None:
    kept = collection.setting("own_weights")
    if kept is None or kept["day_rule"] != rule.id:
        return None
    return weights(kept["values"], source="fitted")


def day_0(collection: CardCollection, rule: LocalDays) -> date:
    """Return the calendar day on which the collection's day 0 began."""
    created_s = collection.created_s
    west = collection.setting("creation_minutes_west")
    if west is not None:
        return (datetime.fromtimestamp(created_s, UTC) - timedelta(minutes=west)).date()
    # Day 0 starts at the rollover, which is on that calendar day already.
    return LocalDays(rule.zone, 0).date(created_s * 1000)


def areas_of(
    collection: CardCollection, found: Standing, exam_id: ExamId, on: date
) -> AreaMap[int]:
    """Return the areas of every card for one exam, what the learner settled included."""
    return map_cards(found.labels, exam_id, on, collection.settled(exam_id))


def holds_a_deck_of(collection: CardCollection, record: Record) -> bool:
    """Tell, without a replay, whether any deck to be counted may be among the cards."""
    decks = {deck.name.casefold().partition("::")[0] for deck in collection.decks()}
    names = {name.strip().casefold().partition("::")[0] for name in decks_to_count(record)}
    return not decks.isdisjoint(names)
