"""What the cards aim at: the case's exam and its day, what each area is worth, the day rule."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bounceback.cli import clock
from bounceback.messages.formatting import day_words
from bounceback.records import read_case
from bounceback.records.models import Record

if TYPE_CHECKING:
    from bounceback.local_storage.card_collection import CardCollection
    from bounceback.services.card_queue import CardTargets, Standing
    from bounceback.services.card_review import LocalDays


def read_record(path: Path | None) -> Record | None:
    """Read the case file, where one was named."""
    return None if path is None else read_case(path).record


def rule_for(
    arguments: argparse.Namespace, cards: CardCollection, record: Record | None
) -> LocalDays:
    """Return the day rule: as asked, else the case's zone, else remembered, else this machine's."""
    from bounceback.local_storage.replayed_cards import day_rule

    zone = (
        arguments.zone
        or (record and record.learner.time_zone)
        or cards.setting("zone")
        or clock.zone_here()
        or "UTC"
    )
    return day_rule(cards, zone, arguments.rollover)


def targets_of(
    record: Record, cards: CardCollection, found: Standing, exam_day: date | None
) -> CardTargets:
    """Return what the case's exam asks of the cards, from the level of its briefing."""
    from bounceback.local_storage.replayed_cards import areas_of
    from bounceback.services.card_queue import card_targets
    from bounceback.services.single_questions import level_today

    target = exam_day if exam_day is not None and exam_day >= found.today else found.today
    areas = areas_of(cards, found, record.exam.id, target)
    return card_targets(record.exam.id, areas, level_today(record, found.today, target))


def exam_day_of(record: Record | None, cards: CardCollection, today: date) -> date | None:
    """Return the day that the cards aim at, as the web app finds it."""
    from bounceback.services.card_queue import exam_day_of_cards
    from bounceback.services.single_questions import daily_plan

    planned = record.exam.planned_date if record is not None else None
    plan_day = None
    if record is not None and (planned is None or planned <= today):
        plan_day = daily_plan(record, today).test_date
    return exam_day_of_cards(today, planned, plan_day, cards.setting("follow"))


def day_in_words(when: date) -> str:
    """Return "February 10, 2027"."""
    return day_words(when)
