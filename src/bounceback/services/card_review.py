"""One review session as a value: begin it, look at a card's choices, answer, suspend, flag.

The functions and values are those of ``bounceback.flashcards``, where each is documented. An
interface stores a session between two cards; nothing here does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bounceback import lazy_imports

if TYPE_CHECKING:
    from bounceback.flashcards.anki.models import LEARNING, RELEARNING
    from bounceback.flashcards.day_boundary import LocalDays
    from bounceback.flashcards.fsrs import Memory, weights
    from bounceback.flashcards.review_session import (
        Choice,
        QueuedCard,
        Session,
        Settings,
        answer,
        begin,
        choices,
        current,
        draft_from_miss,
        flag,
        progress,
        suspend,
        wait_minutes,
    )

__all__ = [
    "LEARNING",
    "RELEARNING",
    "Choice",
    "LocalDays",
    "Memory",
    "QueuedCard",
    "Session",
    "Settings",
    "answer",
    "begin",
    "choices",
    "current",
    "draft_from_miss",
    "flag",
    "progress",
    "suspend",
    "wait_minutes",
    "weights",
]

if not TYPE_CHECKING:  # so that a name that is not listed is an error of types
    __getattr__, __dir__ = lazy_imports.on_first_use(
        __name__,
        {
            "anki.models": ("LEARNING", "RELEARNING"),
            "day_boundary": ("LocalDays",),
            "fsrs": ("Memory", "weights"),
            "review_session": (
                "Choice",
                "QueuedCard",
                "Session",
                "Settings",
                "answer",
                "begin",
                "choices",
                "current",
                "draft_from_miss",
                "flag",
                "progress",
                "suspend",
                "wait_minutes",
            ),
        },
        base="bounceback.flashcards",
    )
