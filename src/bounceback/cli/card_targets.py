"""What the cards aim at: the case's exam and its day, what each area is worth, the day rule."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bounceback.cli import clock
from bounceback.messages.formatting import day_words
from bounceback.records import as_seen_on, read_case
from bounceback.records.models import Record
from bounceback.vocabulary import ExamId

if TYPE_CHECKING:
    from bounceback.flashcards.areas import AreaMap
    from bounceback.flashcards.day_boundary import LocalDays
    from bounceback.local_storage.card_collection import CardCollection
    from bounceback.local_storage.card_queue import Standing


@dataclass(frozen=True, slots=True, eq=False)
class Aim:
    """What one exam asks of the cards.

    Attributes:
        exam_id: The exam.
        map: Areas and question-bank ids of each card, by card id.
        shares: Areas of each card on the exam's share axis, by card id; empty where unknown.
        exam_weights: Share of the exam by area, summing to 1.
        weakness: Points of the reported scale from the learner's level to the model's ceiling, by
            area: what an hour of work there can still win is in proportion to it.
    """

    exam_id: ExamId
    map: AreaMap[int]
    shares: Mapping[int, Mapping[str, float]]
    exam_weights: Mapping[str, float]
    weakness: Mapping[str, float]

    def worth(self) -> tuple[float, ...]:
        """Return what recalling each card on the exam day is worth, in order of card id."""
        from bounceback.flashcards.policy_search import card_worth

        return card_worth(
            [self.shares[card] for card in sorted(self.shares)], self.exam_weights, self.weakness
        )


def read_record(path: Path | None) -> Record | None:
    """Read the case file, where one was named."""
    return None if path is None else read_case(path).record


def rule_for(
    arguments: argparse.Namespace, cards: CardCollection, record: Record | None
) -> LocalDays:
    """Return the day rule: as asked, else the case's zone, else remembered, else this machine's."""
    from bounceback.local_storage.card_queue import day_rule

    zone = (
        arguments.zone
        or (record and record.learner.time_zone)
        or cards.setting("zone")
        or clock.zone_here()
        or "UTC"
    )
    return day_rule(cards, zone, arguments.rollover)


def aim_of(record: Record, cards: CardCollection, found: Standing, exam_day: date | None) -> Aim:
    """Compose what the cards aim at from the case's belief and the exam's weights.

    The belief says where the learner is weak; retention of cards never enters it.
    """
    from bounceback.forecast.posterior import believe
    from bounceback.local_storage.card_queue import areas_of

    seen, _ = as_seen_on(record, found.today)
    target = exam_day if exam_day is not None and exam_day >= found.today else found.today
    belief = believe(seen, found.today, test_date=target)
    places = belief.area_standings()
    exam_id = record.exam.id
    areas = areas_of(cards, found, exam_id, target)
    from bounceback.services import published_facts as facts

    axis = facts.exam(exam_id).share_axis
    return Aim(
        exam_id=exam_id,
        map=areas,
        shares={card: one.weights(axis) for card, one in areas.cards.items()},
        exam_weights={place.area: place.exam_weight for place in places},
        weakness={place.area: belief.constants.ceiling - place.mean for place in places},
    )


def day_in_words(when: date) -> str:
    """Return "February 10, 2027"."""
    return day_words(when)
