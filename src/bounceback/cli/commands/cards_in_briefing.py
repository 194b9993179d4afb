"""The learner's own cards in an answer about today: what falls due, and what is remembered.

A case that names a deck and leaves ``due_per_day`` out has it counted in the cards kept on this
machine, on the day itself. Any other case, any other day and a machine without cards give the
answer of the case alone, and nothing about cards is loaded for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from bounceback.cli import clock
from bounceback.cli.console import Screen
from bounceback.records.models import Record

if TYPE_CHECKING:
    from bounceback.services.card_queue import Standing
    from bounceback.services.values import AreaRetention, Range


@dataclass(frozen=True, slots=True, eq=False)
class Remembered:
    """The cards behind an answer.

    Attributes:
        found: The cards as they stand.
        shares: Areas of each card, by card id.
        waiting: Cards due today or earlier.
    """

    found: Standing
    shares: Mapping[int, Mapping[str, float]]
    waiting: int

    def by_area(self, exam_day: date) -> tuple[AreaRetention, ...]:
        """Return what is remembered of each area, today and on the exam day if it is ahead."""
        from bounceback.services.card_queue import retention

        ahead = exam_day if exam_day > self.found.today else None
        return retention(self.found, self.shares, ahead)


@dataclass(frozen=True, slots=True, eq=False)
class OwnCards:
    """What the cards on this machine say to one case.

    Attributes:
        record: The case, with its decks counted.
        notes: What was counted, for the notes of the answer.
        remembered: The cards, where any were counted.
    """

    record: Record
    notes: tuple[str, ...] = ()
    remembered: Remembered | None = None


def look(record: Record, on: date) -> OwnCards:
    """Count the decks that a case names in the cards kept here.

    Args:
        record: The case.
        on: Day of the answer. The cards are as they stand now, so they speak of today alone.
    """
    if all(one.kind != "cards" or one.due_per_day is not None for one in record.resources):
        return OwnCards(record)
    zone = record.learner.time_zone
    if on != clock.today(zone):
        return OwnCards(record)
    from bounceback.local_storage.data_dir import place_of_data

    if not place_of_data().is_dir():
        return OwnCards(record)
    import sqlite3

    from bounceback.errors import QuestionError
    from bounceback.local_storage.card_collection import FILE

    if not (place_of_data() / FILE).exists():
        return OwnCards(record)
    try:
        return _counted(record, zone)
    except (QuestionError, sqlite3.Error, OSError) as fault:
        return OwnCards(record, (f"We couldn't read your cards, so none were counted ({fault}).",))


def _counted(record: Record, zone: str) -> OwnCards:
    from bounceback.local_storage.card_collection import open_cards
    from bounceback.local_storage.data_dir import place_of_data
    from bounceback.local_storage.replayed_cards import (
        areas_of,
        day_rule,
        holds_a_deck_of,
        standing,
    )
    from bounceback.messages.cards import counted_in_your_cards
    from bounceback.services.card_queue import area_shares, waiting, with_own_cards

    with open_cards(place_of_data()) as cards:
        if not holds_a_deck_of(cards, record):
            return OwnCards(record)
        found = standing(cards, day_rule(cards, zone), clock.now_ms())
        counted, decks = with_own_cards(record, found, owner=False)
        if not decks:
            return OwnCards(record)
        notes = tuple(
            counted_in_your_cards(deck.name, round(deck.due_per_day or 0.0)) for deck in decks
        )
        exam = record.exam.id
        shares = area_shares(areas_of(cards, found, exam, found.today), exam)
        return OwnCards(counted, notes, Remembered(found, shares, waiting(found)))


def say(cards: Remembered | None, exam_day: date, screen: Screen) -> None:
    """Say what is remembered of each area, one line an area; nothing where none were counted."""
    if cards is None:
        return
    held = [one for one in cards.by_area(exam_day) if one.today is not None]
    screen.heading("Your cards")
    waiting = f"{cards.waiting:,} due today."
    if not held:
        screen.paragraph(
            f"{waiting} None of the cards you have seen is matched to an exam area yet. "
            "To match them, "
            "run: bounceback cards areas CASE"
        )
        return
    screen.paragraph(
        f"{waiting} Out of 100 cards you have seen, you would recall about this many (in brackets: "
        "the likely range):"
    )
    screen.table(
        [
            (
                one.area,
                f"today {_of_100(one.today)}",
                "" if one.exam_day is None else f"test day {_of_100(one.exam_day)}",
                f"{round(one.seen):,} seen, {round(one.unseen):,} new",
            )
            for one in held
        ]
    )
    screen.paragraph(
        "The test day numbers assume no reviews until then. They are about your cards, not your "
        "exam score. For the minutes day by day, run: bounceback cards workload",
        style="quiet",
    )


def _of_100(found: Range | None) -> str:
    if found is None:
        return "unknown"
    return f"{round(100 * found.mean)} ({round(100 * found.low)}-{round(100 * found.high)})"


def keys(cards: Remembered, exam_day: date) -> dict[str, Any]:
    """Return the same for other programs; unknown is null."""
    from dataclasses import asdict

    held: Sequence[AreaRetention] = cards.by_area(exam_day)
    return {"waiting": cards.waiting, "areas": [asdict(one) for one in held]}
