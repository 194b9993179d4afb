"""What is remembered, by area of the exam; and which labels of the decks nothing explains."""

from __future__ import annotations

import argparse
import difflib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, Final

from bounceback.cli import clock
from bounceback.cli.arguments import UsageError
from bounceback.cli.card_targets import (
    day_in_words,
    exam_day_of,
    read_record,
    rule_for,
    targets_of,
)
from bounceback.cli.commands.cards_files import counted, plain
from bounceback.cli.console import Screen
from bounceback.errors import FactError
from bounceback.local_storage.card_collection import CardCollection, open_cards
from bounceback.local_storage.data_dir import place_of_data
from bounceback.local_storage.replayed_cards import standing
from bounceback.services import published_facts as facts
from bounceback.services.card_queue import CardTargets, retention
from bounceback.services.values import AreaRetention, Range
from bounceback.vocabulary import ExamId

_LISTED: Final = 10
_SETTLED_BYTES_MAX: Final = 4 * 1024 * 1024


def areas(arguments: argparse.Namespace, screen: Screen) -> None:
    """Say what is remembered by area; print or read the labels to settle."""
    record = read_record(arguments.case)
    assert record is not None
    with open_cards(place_of_data()) as cards:
        rule = rule_for(arguments, cards, record)
        found = standing(cards, rule, clock.now_ms())
        exam_day = exam_day_of(record, cards, found.today)
        if arguments.settle is not None:
            settled = _read_settled(arguments.settle, record.exam.id, exam_day or found.today)
            cards.settle(record.exam.id, settled)
            if not arguments.json:
                screen.line(f"{counted(len(settled), 'entry', 'entries')} saved.", "strong")
        aim = targets_of(record, cards, found, exam_day)
        if arguments.unmapped:
            _print_unmapped(aim, exam_day or found.today, screen)
            return
        held = retention(found, aim.shares, exam_day)
        if arguments.json:
            screen.json(
                {
                    "as_of": found.today,
                    "exam": aim.exam_id,
                    "exam_day": exam_day,
                    "cards": found.deck.count,
                    "mapped": aim.map.mapped,
                    "areas": area_keys(held),
                    "unmapped": [asdict(one) for one in aim.map.unmapped],
                    "settled": _settled_of(cards, aim.exam_id),
                }
            )
            return
        say_areas(held, exam_day, screen)
        _say_unmapped(aim, found.deck.count, screen)


def _settled_of(cards: CardCollection, exam_id: ExamId) -> dict[str, str]:
    return dict(sorted(cards.settled(exam_id).items()))


def area_keys(held: Sequence[AreaRetention]) -> list[dict[str, Any]]:
    """Return the areas for other programs; unknown is null."""
    return [asdict(one) for one in held]


def say_areas(held: Sequence[AreaRetention], exam_day: date | None, screen: Screen) -> None:
    """Say what is remembered by area: counts first, a range, unseen apart from forgotten."""
    if not held:
        screen.paragraph("No card is matched to an exam area yet.")
        return
    screen.heading("Recall by exam area")
    for one in held:
        screen.line(f"  {one.area}")
        parts = [f"{round(one.seen):,} seen", f"{round(one.unseen):,} new"]
        if round(one.suspended):
            parts.append(f"{round(one.suspended):,} suspended")
        screen.paragraph(f"{counted(round(one.cards), 'card')}: {', '.join(parts)}.", indent=4)
        if one.today is not None:
            text = f"Out of 100 seen, you would recall about {_of_100(one.today)} today"
            if round(one.answers):
                text += f", from {counted(round(one.answers), 'answer')}"
            if exam_day is not None and one.exam_day is not None:
                text += (
                    f" and about {_of_100(one.exam_day)} on {day_in_words(exam_day)} "
                    "without reviews"
                )
            screen.paragraph(text + ".", indent=4)
    screen.paragraph(
        "This is about your cards, not your exam score.",
        style="quiet",
    )


def _of_100(found: Range) -> str:
    low, high = round(100 * found.low), round(100 * found.high)
    return f"{round(100 * found.mean)} ({low} to {high})"


def _say_unmapped(aim: CardTargets, cards: int, screen: Screen) -> None:
    screen.line()
    screen.paragraph(f"{aim.map.mapped:,} of {counted(cards, 'card')} are matched to an exam area.")
    unmapped = aim.map.unmapped
    if not unmapped:
        return
    screen.heading("Tags and decks without an area")
    screen.table(
        [(f"{one.cards:,}", f"{plain(one.label)} ({one.kind})") for one in unmapped[:_LISTED]]
    )
    if len(unmapped) > _LISTED:
        screen.paragraph(f"and {counted(len(unmapped) - _LISTED, 'more label')}", indent=2)
    screen.paragraph(
        "To match them, run `bounceback cards areas CASE --unmapped > areas.toml`, fill "
        "in the areas "
        "you know, then run `bounceback cards areas CASE --settle areas.toml`."
    )


def _names(exam_id: ExamId, on: date) -> dict[str, str]:
    """Return the official area names by their lower case, the share axis first."""
    exam = facts.exam(exam_id)
    found: dict[str, str] = {}
    for axis in (exam.share_axis, "discipline", "task"):
        try:
            categories = facts.blueprint(exam_id, axis, on)
        except FactError:  # the exam has no such axis
            continue
        for category in categories:
            found.setdefault(category.name.casefold(), category.name)
    return found


def _print_unmapped(aim: CardTargets, on: date, screen: Screen) -> None:
    screen.line("# Fill in the area of each tag or deck you know. Leave the others empty.")
    screen.line("# An entry also counts for everything below it (a::b covers a::b::c).")
    screen.line("# The areas are:")
    for name in _names(aim.exam_id, on).values():
        screen.line(f"#   {name}")
    for one in aim.map.unmapped:
        screen.line(f'{_key(one.label)} = ""  # {counted(one.cards, "card")}, {one.kind}')


def _key(label: str) -> str:
    """Return a stranger's label as a quoted TOML key that can be nothing else."""
    return (
        '"'
        + "".join(
            one if one.isprintable() and one not in '"\\' else f"\\U{ord(one):08x}" for one in label
        )
        + '"'
    )


def _read_settled(path: Path, exam_id: ExamId, on: date) -> dict[str, str]:
    """Read a filled-in list: label to official area name; labels left empty are not in it.

    Raises:
        UsageError: It is no such list, or names an area that the exam does not have.
    """
    if path.stat().st_size > _SETTLED_BYTES_MAX:
        raise UsageError(f"{path} is too large for this list. Nothing was changed.")
    try:
        given: Mapping[str, Any] = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise UsageError(f"{path} isn't TOML in UTF-8 ({fault}). Nothing was changed.") from None
    known = _names(exam_id, on)
    settled = {}
    for label, area in given.items():
        if not isinstance(area, str):
            raise UsageError(
                f'{path}: {label!r} needs an area, like "{next(iter(known.values()))}"'
            )
        if not area.strip():
            continue
        name = known.get(" ".join(area.split()).casefold())
        if name is None:
            near = difflib.get_close_matches(area.casefold(), known, n=1)
            hint = f"Did you mean {known[near[0]]!r}? " if near else ""
            raise UsageError(
                f"{path}: {area!r} isn't an area of this exam. {hint}Choose one of "
                f"{', '.join(known.values())}. Nothing was changed."
            )
        settled[label] = name
    return settled
