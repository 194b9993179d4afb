"""Decks as files: what is in one, bringing one in, writing one."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bounceback.cli import clock
from bounceback.cli.arguments import UsageError
from bounceback.cli.console import Screen
from bounceback.local_storage.card_collection import open_cards
from bounceback.local_storage.data_dir import data_folder, place_of_data
from bounceback.services.anki_decks import Skipped

if TYPE_CHECKING:
    from bounceback.services.anki_decks import Inspection

_LISTED: Final = 10
"""How many warnings or left-out parts are shown; the rest is counted (all are in the JSON)."""


def plain(text: str) -> str:
    """Return a stranger's text without characters that steer a terminal."""
    return "".join(one if one.isprintable() else " " for one in text)


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return a count with its noun: "1 card", "2,000 cards"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def inspect_package(arguments: argparse.Namespace, screen: Screen) -> None:
    """Say what is in a package; nothing is stored."""
    from bounceback.services.anki_decks import inspect

    found = inspect(arguments.package, arguments.rollover, arguments.zone or "UTC")
    if arguments.json:
        # In one line and in ASCII: a deck may have sixty thousand states, and names with anything.
        screen.line(json.dumps(found.to_json(), allow_nan=False))
        return
    _say_inspection(found, arguments, screen)


def _say_inspection(found: Inspection, arguments: argparse.Namespace, screen: Screen) -> None:
    screen.line(f"{arguments.package.name}: an Anki package ({found.generation}).", "strong")
    seen = sum(state.stability is not None for state in found.states)
    away = sum(state.suspended for state in found.states)
    screen.table(
        [
            ("notes", f"{found.notes:,}"),
            ("cards", f"{found.cards:,}: {seen:,} seen, {away:,} suspended"),
            ("reviews", f"{found.reviews:,}"),
            ("media", f"{counted(len(found.media), 'file')}"),
            ("start of day", found.day_rule),
        ]
    )
    decks: dict[str, int] = {}
    for state in found.states:
        decks[state.deck or "(no deck)"] = decks.get(state.deck or "(no deck)", 0) + 1
    if decks:
        screen.heading("Decks")
        most = sorted(decks.items(), key=lambda one: (-one[1], one[0]))
        screen.table([(f"{count:,}", plain(name)) for name, count in most[:_LISTED]])
        _say_rest(len(most) - _LISTED, "deck", screen)
    _say_odd(found.warnings, found.skipped, screen)
    screen.line()
    screen.paragraph(
        "Nothing was stored. To import it, run: bounceback cards import "
        f"{plain(str(arguments.package))}"
    )


def _say_odd(warnings: Sequence[str], skipped: Sequence[Skipped], screen: Screen) -> None:
    if warnings:
        screen.heading("Warnings")
        for warning in warnings[:_LISTED]:
            screen.paragraph(plain(warning), indent=2, hanging=2)
        _say_rest(len(warnings) - _LISTED, "warning", screen)
    if skipped:
        screen.heading("Left out")
        for part in skipped[:_LISTED]:
            screen.paragraph(f"{plain(part.what)}: {plain(part.why)}", indent=2, hanging=2)
        _say_rest(len(skipped) - _LISTED, "part", screen)


def _say_rest(number: int, one: str, screen: Screen) -> None:
    if number > 0:
        screen.paragraph(f"and {counted(number, 'more ' + one)}", indent=2)


def import_package(arguments: argparse.Namespace, screen: Screen) -> None:
    """Bring a deck in, wholly or not at all, and say what came."""
    from bounceback.local_storage.deck_import import import_deck

    path: Path = arguments.package
    path.stat()  # a name that leads nowhere makes no empty collection
    if sys.stderr.isatty():
        print("Reading. A large deck takes half a minute …", file=sys.stderr)
    with open_cards(data_folder(), make=True) as cards:
        imported = import_deck(cards, path, clock.now_ms() // 1000)
        if arguments.zone is not None:
            cards.remember("zone", arguments.zone)
        if arguments.rollover is not None:
            cards.remember("chosen_rollover_hour", arguments.rollover)
        away = int((cards.cards()["queue"] == -1).sum())
    merged = imported.merged
    screen.line(f"{plain(path.name)} is imported.", "strong")
    screen.table(
        [
            (
                "notes",
                _changes(
                    (merged.notes_added, "new"),
                    (merged.notes_changed, "changed"),
                    (merged.notes_unchanged, "already there"),
                ),
            ),
            (
                "cards",
                _changes(
                    (merged.cards_added, "new"),
                    (merged.cards_rescheduled, "rescheduled in Anki"),
                    (merged.cards_unchanged, "unchanged"),
                ),
            ),
            (
                "reviews",
                _changes(
                    (merged.reviews_added, "new"),
                    (merged.reviews_known, "already there"),
                    (merged.reviews_without_card, "left out because the card was deleted"),
                ),
            ),
            (
                "media",
                f"{counted(len(merged.media_added), 'new file')}, {imported.media_bytes:,} bytes",
            ),
        ]
    )
    if merged.media_renamed:
        screen.paragraph(
            f"{counted(len(merged.media_renamed), 'picture or sound', 'pictures or sounds')} got "
            "a new name, because another file has theirs. The cards use the new name."
        )
    _say_odd(imported.warnings, imported.skipped, screen)
    screen.line()
    if away:
        screen.paragraph(
            f"{counted(away, 'card is', 'cards are')} suspended. "
            "To review the ones linked to missed questions, run: bounceback cards review "
            "--misses CASE"
        )
    screen.paragraph(
        "Next: `bounceback cards areas CASE` shows recall by exam area. "
        "`bounceback cards review CASE` starts a review session."
    )


def _changes(*parts: tuple[int, str]) -> str:
    return ", ".join(f"{number:,} {what}" for number, what in parts if number) or "none"


def export_package(arguments: argparse.Namespace, screen: Screen) -> None:
    """Write all cards as an Anki package, whole or not at all."""
    from bounceback.services.anki_decks import write

    path: Path = arguments.package
    if path.exists() and not arguments.replace:
        raise UsageError(f"{path} already exists. Choose another name, or add --replace.")
    with open_cards(place_of_data()) as cards:
        package = cards.kept().package
        write(package, path, cards.media_content)
    screen.line(f"Saved {plain(str(path))}.", "strong")
    screen.table(
        [
            (name, f"{number:,}")
            for name, number in (
                ("notes", len(package.notes)),
                ("cards", len(package.cards)),
                ("reviews", len(package.reviews)),
                ("media", len(package.media)),
            )
        ]
    )
    screen.paragraph(
        "In Anki, choose File > Import and leave 'Import any deck presets' off. Anki doesn't "
        "change cards it already has. To send your answers to those, run: bounceback cards push"
    )
