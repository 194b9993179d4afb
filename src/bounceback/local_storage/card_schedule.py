"""What one own answer writes: a row of the review history, and the card as it is afterwards.

The numbers are Anki's own, so that a package of these cards goes on where the learner left off.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bounceback.flashcards.anki.models import LEARNING, RELEARNING, REVIEW, SUSPENDED
from bounceback.flashcards.fsrs import AGAIN
from bounceback.flashcards.parameters import value
from bounceback.flashcards.review_session import Answer, QueuedCard, Settings

_HISTORY_KIND: Final = {"new": 0, "learning": 0, "review": 1, "relearning": 2}
_EASE_AT_START: Final = 2500  # Anki's starting ease in permille; FSRS does not read it
_QUEUE_STEPS: Final = 1
_QUEUE_BY_TYPE: Final = {0: 0, LEARNING: 1, REVIEW: 2, RELEARNING: 1}


def after_answer(
    card: Mapping[str, Any],
    given: Answer,
    came_back: QueuedCard | None,
    settings: Settings,
    day_number: int,
) -> tuple[dict[str, Any], dict[str, int]]:
    """Return the card after an answer, and the row of the history.

    Args:
        card: The card before, by column (``CARD_COLUMNS``).
        given: The answer.
        came_back: The card in the sitting's queue, if it is asked again today.
        settings: What the sitting follows.
        day_number: Day of the answer, counted from the collection's day 0.
    """
    milliseconds = min(round(given.seconds * 1000), round(value("anki.seconds_cap") * 1000))
    difficulty = given.memory.difficulty
    review = {
        "id": given.at_ms,
        "cid": given.card_id,
        "ease": given.rating,
        "type": _HISTORY_KIND[given.kind],
        "ivl": given.interval,
        "lastIvl": int(card["interval_days"]),
        # Under FSRS Anki writes difficulty 1-10 as 100-1100.
        "factor": round((difficulty - 1.0) / 9.0 * 1000.0) + 100,
        "time": milliseconds,
    }
    after = dict(card) | {
        "modified_s": given.at_ms // 1000,
        "filtered_deck_id": 0,
        "ease_permille": int(card["ease_permille"]) or _EASE_AT_START,
        "repetitions": int(card["repetitions"]) + 1,
        "lapses": int(card["lapses"]) + int(given.kind == "review" and given.rating == AGAIN),
        "stability": given.memory.stability_days,
        "difficulty": difficulty,
        "desired_retention": settings.desired_retention,
        "decay": settings.weights.decay,
        "last_review_s": given.at_ms // 1000,
    }
    if came_back is None:
        return after | {
            "type": REVIEW,
            "queue": REVIEW,
            "due": day_number + given.interval,
            "interval_days": given.interval,
            "left": 0,
        }, review
    lapse = came_back.kind == "relearning"
    steps = settings.relearning_minutes if lapse else settings.learning_minutes
    left = max(len(steps) - came_back.step, 1)
    return after | {
        "type": RELEARNING if lapse else LEARNING,
        "queue": _QUEUE_STEPS,
        "due": came_back.not_before_ms // 1000,
        "interval_days": max(int(card["interval_days"]), 1) if lapse else 0,
        "left": left + 1000 * left,
    }, review


def put_away(card: Mapping[str, Any], now_ms: int) -> dict[str, Any]:
    """Return a card put away (suspended)."""
    return dict(card) | {"queue": SUSPENDED, "modified_s": now_ms // 1000}


def taken_back(card: Mapping[str, Any], now_ms: int) -> dict[str, Any]:
    """Return a card that was put away, back in its place."""
    return dict(card) | {
        "queue": _QUEUE_BY_TYPE[int(card["type"])],
        "modified_s": now_ms // 1000,
    }


def flagged(card: Mapping[str, Any], colour: int, now_ms: int) -> dict[str, Any]:
    """Return a card with a flag: 0 none, 1 to 7 a colour."""
    return dict(card) | {"flag": colour, "modified_s": now_ms // 1000}
