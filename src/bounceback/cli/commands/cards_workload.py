"""The way to the exam day: how many cards on which day, and what that should leave in memory."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any, Final

from bounceback.cli import clock
from bounceback.cli.arguments import UsageError
from bounceback.cli.card_targets import (
    day_in_words,
    read_record,
    rule_for,
    targets_of,
)
from bounceback.cli.commands.cards_areas import area_keys, say_areas
from bounceback.cli.commands.cards_files import counted
from bounceback.cli.console import Screen
from bounceback.local_storage.card_collection import open_cards
from bounceback.local_storage.data_dir import place_of_data
from bounceback.local_storage.replayed_cards import standing
from bounceback.messages.cards import exam_plan_sentences
from bounceback.services.card_queue import (
    CardMinutes,
    CardTargets,
    Standing,
    card_counts,
    card_minutes,
    keeping_up,
    plan_of_cards,
    retention,
    to_follow,
)
from bounceback.services.values import AreaRetention, DayLoad, ExamPlan, Maintenance
from bounceback.vocabulary import WEEKDAYS

DAYS_MAX: Final = 730
"""Farthest exam day that is simulated; no board lets anybody wait longer for a retake."""


def workload(arguments: argparse.Namespace, screen: Screen) -> None:
    """Choose a way of reviewing until the exam day and say what it costs and leaves."""
    record = read_record(arguments.case)
    until: date = arguments.until
    with open_cards(place_of_data()) as cards:
        rule = rule_for(arguments, cards, record)
        found = standing(cards, rule, clock.now_ms())
        days = (until - found.today).days
        if not 0 <= days <= DAYS_MAX:
            raise UsageError(
                f"--until {until} is {counted(abs(days), 'day')} "
                f"{'ago' if days < 0 else 'ahead'}. Choose a date from today "
                f"({found.today}) to {DAYS_MAX} days ahead."
            )
        aim = None
        if record is not None:
            aim = targets_of(record, cards, found, until)
            found = found.with_worth(aim.worth())
        minutes = card_minutes(
            None if record is None else record.availability,
            arguments.minutes,
            dict(arguments.easy),
        )
        if sys.stderr.isatty():
            print("Comparing review plans …", file=sys.stderr)
        plan = plan_of_cards(found, until, minutes)
        kept: Sequence[Maintenance] = ()
        if arguments.keep:
            kept = keeping_up(found, days)
        held = () if aim is None else retention(found, aim.shares, until)
        if arguments.follow:
            cards.remember("follow", to_follow(plan, minutes))
        if arguments.json:
            screen.json(_keys(plan, found, aim, held, minutes) | _keep_keys(kept))
            return
        _say(plan, found, aim, held, screen)
        if kept:
            _say_kept(kept, days, screen)
        if arguments.follow:
            screen.paragraph(
                f"`bounceback cards review` uses this plan until {day_in_words(until)}."
            )
        elif plan.load:
            screen.paragraph("To use this plan in `bounceback cards review`, add --follow.")


def _say_kept(kept: Sequence[Maintenance], days: int, screen: Screen) -> None:
    """Say what keeping takes, for a time in which something else comes first."""
    screen.heading("Keeping what you know, without new cards")
    screen.paragraph(
        f"Minutes a day to keep what you know for {days} days, by how many of 100 cards you recall "
        "when they come up:"
    )
    screen.table(
        [
            (
                f"{round(100 * one.desired_retention)} of 100",
                f"{round(one.minutes_a_day.mean):,} min a day "
                f"({round(one.minutes_a_day.low):,} to {round(one.minutes_a_day.high):,})",
                f"about {round(100 * one.recall.mean)} of 100 at the end",
            )
            for one in kept
        ]
    )
    screen.line()


def _keep_keys(kept: Sequence[Maintenance]) -> dict[str, Any]:
    return {"keep": [asdict(one) for one in kept]} if kept else {}


def _say(
    plan: ExamPlan,
    found: Standing,
    aim: CardTargets | None,
    held: Sequence[AreaRetention],
    screen: Screen,
) -> None:
    deck, counts = found.deck, card_counts(found)
    screen.line(f"Cards until {day_in_words(plan.exam)}", "strong")
    screen.paragraph(
        f"{counted(deck.count, 'card')}: {counts.met:,} seen, {counts.unmet:,} new, "
        f"{counts.away:,} suspended."
    )
    for sentence in exam_plan_sentences(plan):
        screen.paragraph(sentence)
    if any(one.minutes_high > 0.0 for one in plan.load):
        screen.paragraph(
            f"A card comes back when you would recall about "
            f"{round(100 * plan.policy.desired_retention)} in 100."
        )
        screen.heading("Minutes a day, by week")
        screen.table(_weeks(plan.load))
        screen.paragraph(
            "In brackets: the range for 80 in 100 simulated students like you "
            f"({plan.seeds} runs).",
            style="quiet",
        )
    if aim is None:
        screen.line()
        screen.paragraph(
            "All cards count the same here. Add --case to put your exam and your weak areas first."
        )
    else:
        say_areas(held, plan.exam, screen)
    screen.line()


def _weeks(load: Sequence[DayLoad]) -> list[tuple[str, str, str]]:
    """Return one row a week: its first day, minutes on the days with cards, new cards in all."""
    weeks: dict[date, list[DayLoad]] = {}
    for one in load:
        weeks.setdefault(one.date - timedelta(days=one.date.weekday()), []).append(one)
    rows = []
    for days in weeks.values():
        open_days = [one for one in days if one.minutes_high > 0.0]
        if not open_days:
            rows.append((f"from {days[0].date:%b} {days[0].date.day}", "no cards", ""))
            continue
        mean, low, high = (
            round(sum(getattr(one, name) for one in open_days) / len(open_days))
            for name in ("minutes", "minutes_low", "minutes_high")
        )
        new = round(sum(one.new for one in days))
        reviews = round(sum(one.reviews for one in days))
        rows.append(
            (
                f"from {days[0].date:%b} {days[0].date.day}",
                f"{mean} min ({low} to {high})",
                f"{reviews:,} reviews, {new:,} new cards in the week",
            )
        )
    return rows


def _keys(
    plan: ExamPlan,
    found: Standing,
    aim: CardTargets | None,
    held: Sequence[AreaRetention],
    minutes: CardMinutes,
) -> dict[str, Any]:
    deck, counts = found.deck, card_counts(found)
    return {
        "as_of": plan.first,
        "until": plan.exam,
        "exam": None if aim is None else aim.exam_id,
        "minutes_by_weekday": dict(zip(WEEKDAYS, minutes.week, strict=True)),
        "cards": {
            "all": deck.count,
            "seen": counts.met,
            "unseen": counts.unmet,
            "suspended": counts.away,
        },
        "weights": found.weights.source,
        "day_rule": found.rule.id,
        "desired_retention": plan.policy.desired_retention,
        "new_per_day": 0 if plan.last_new is None else plan.policy.new_per_day,
        "last_new": plan.last_new,
        "order": plan.policy.order,
        "last_look_days": plan.policy.last_look_days,
        "backlog": asdict(plan.backlog),
        "recall": asdict(plan.recall),
        "recall_if_nothing": plan.recall_if_nothing,
        "recall_usual": {"plain": plan.plain.recall, "anki_defaults": plan.anki.recall},
        "unseen_on_the_day": plan.unseen,
        "binds": plan.binds,
        "load": [asdict(one) for one in plan.load],
        "areas": area_keys(held),
        "words": list(exam_plan_sentences(plan)),
    }
