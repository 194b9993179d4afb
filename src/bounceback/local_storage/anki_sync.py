"""Answers that were given in a running Anki come in; answers that were given here are told apart.

Values only: a face carries the messages. ``memory.package.ankiconnect`` says what they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from bounceback.flashcards.anki.import_merge import OWN, Kept, Merged, merge
from bounceback.flashcards.anki.models import LEARNING, RELEARNING, REVIEW, Package
from bounceback.flashcards.day_boundary import LocalDays
from bounceback.local_storage.deck_import import ANKI
from bounceback.local_storage.replayed_cards import day_0

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bounceback.local_storage.card_collection import CardCollection

_OVERLAP_MS: Final = 30 * 86_400_000
"""How far back a pull asks again: a phone may hand Anki its answers weeks late."""

_DAY_S: Final = 86_400
_FILTERED: Final = 3
_QUEUE_STEPS, _QUEUE_DAY_STEPS = 1, 3
_ONE_STEP_LEFT: Final = 1001  # as Anki packs it; a review does not say how many are left


def pull_from_ms(collection: CardCollection) -> int:
    """Return the instant after which reviews are asked for: the last known one, with overlap."""
    reviews, marks = collection.reviews()
    sources = collection.sources()
    theirs = reviews["id"][marks != sources.index(OWN)]
    return max(int(theirs.max()) - _OVERLAP_MS, 0) if len(theirs) else 0


def take_in(collection: CardCollection, rows: NDArray[Any], rule: LocalDays) -> Merged:
    """Add reviews from Anki, and let their cards fall due as they say; in one transaction.

    Args:
        collection: The cards.
        rows: Reviews (``REVIEW_COLUMNS``), by time. Those of cards that are not kept are left out.
        rule: Day rule.

    Returns:
        What became of them. A card that was answered here later keeps its schedule.
    """
    with collection.turn():
        before = collection.kept()
        merged = merge(before, _as_answered(before, rows, collection, rule), ANKI)
        collection.replace(before, merged.kept)
    return merged


def _as_answered(
    before: Kept, rows: NDArray[Any], collection: CardCollection, rule: LocalDays
) -> Package:
    """Return what is kept with the pulled reviews instead of ours, cards scheduled by them."""
    cards = before.package.cards.copy()
    start = day_0(collection, rule)
    known = _last_graded(before.package.reviews)
    place = {card: at for at, card in enumerate(cards["id"].tolist())}
    for row in rows:
        card, moment = int(row["cid"]), int(row["id"])
        at = place.get(card)
        practice = row["type"] == _FILTERED and row["factor"] == 0
        if at is None or not row["ease"] or practice or moment <= known.get(card, 0):
            continue
        one = cards[at]
        one["repetitions"] += 1
        one["lapses"] += int(row["type"] == 1 and row["ease"] == 1)
        one["modified_s"] = max(moment // 1000, int(one["modified_s"]) + 1)
        one["filtered_deck_id"] = 0
        interval = int(row["ivl"])
        if interval >= 0:
            day = (rule.date(moment) - start).days
            one["type"] = one["queue"] = REVIEW
            one["due"], one["interval_days"], one["left"] = day + interval, interval, 0
            continue
        lapse = row["type"] == 2 or (row["type"] == 1 and row["ease"] == 1)
        one["type"] = RELEARNING if lapse else LEARNING
        one["left"] = _ONE_STEP_LEFT
        if -interval < _DAY_S:
            one["queue"], one["due"] = _QUEUE_STEPS, moment // 1000 - interval
        else:
            day = (rule.date(moment - interval * 1000) - start).days
            one["queue"], one["due"] = _QUEUE_DAY_STEPS, day
    return replace(before.package, cards=cards, reviews=rows, media=())


def _last_graded(reviews: NDArray[Any]) -> Mapping[int, int]:
    graded = reviews[reviews["ease"] > 0]
    # Rows are by time, so the last one written for a card stays.
    return dict(zip(graded["cid"].tolist(), graded["id"].tolist(), strict=True))


def own_reviews(collection: CardCollection) -> NDArray[Any]:
    """Return the answers that were given here and not taken back, by time."""
    reviews, marks = collection.reviews()
    mine: NDArray[Any] = reviews[marks == collection.sources().index(OWN)]
    return mine


def days_to_due(collection: CardCollection, card_ids: NDArray[Any], today: int) -> dict[int, int]:
    """Return the days until each review card falls due, 0 for those that wait; steps are left out.

    Args:
        collection: The cards.
        card_ids: Which.
        today: Day number of today.
    """
    cards = collection.cards()
    mine = np.isin(cards["id"], card_ids) & (cards["type"] == REVIEW) & (cards["queue"] == REVIEW)
    return {
        int(card): max(int(due) - today, 0)
        for card, due in zip(cards["id"][mine], cards["due"][mine], strict=True)
    }
