"""Cards of the learner's own, from missed questions; their text is the learner's alone."""

from __future__ import annotations

import argparse
import sys
import textwrap
from collections.abc import Iterator
from html import escape

from bounceback.cli import clock
from bounceback.cli.card_targets import day_in_words
from bounceback.cli.commands.cards_files import counted
from bounceback.cli.console import COLUMNS, Screen
from bounceback.local_storage.card_collection import CardCollection, open_cards
from bounceback.local_storage.data_dir import data_folder
from bounceback.local_storage.deck_import import join
from bounceback.records import read_case
from bounceback.records.models import Miss, Record
from bounceback.services.anki_decks import NewNote, package_of
from bounceback.services.card_review import draft_from_miss

DECK = "Bounceback::Misses"
"""Deck of cards that came from misses."""


def write(arguments: argparse.Namespace, screen: Screen) -> None:
    """Go through the misses that have no own card yet, latest first; each card is kept at once."""
    record = read_case(arguments.case).record
    made = 0
    with open_cards(data_folder(), make=True) as cards:
        open_misses = list(_without_card(record, cards))
        _say(
            "Press Enter at the question to skip it. Press Ctrl-C to stop. "
            "{{c1::gaps}} make a cloze card."
        )
        for tag, miss in open_misses:
            draft = draft_from_miss(miss)
            where = ", ".join(part for part in (miss.area, miss.item) if part)
            _say("")
            _say(f"{day_in_words(miss.date)}{': ' if where else ''}{where} ({miss.cause})")
            _say(draft.prompt)
            try:
                front = _ask("Question")
                if not front:
                    continue
                back = _ask(f"Answer (press Enter for {draft.back})" if draft.back else "Answer")
            except EOFError:
                _say("")  # the answer stands on a line of its own
                break
            links = (miss.item.replace(":", "::", 1),) if miss.item else ()
            note = NewNote(
                front=escape(front, quote=False),
                back=escape(back or draft.back, quote=False),
                deck=DECK,
                tags=(*draft.tags, *("_".join(one.split()) for one in links), tag),
            )
            join(cards, package_of([note], clock.now_ms() // 1000), scheduled=False)
            made += 1
    screen.line(f"{counted(made, 'card')} added.", "strong")
    left = len(open_misses) - made
    if left:
        screen.paragraph(
            f"{counted(left, 'missed question has', 'missed questions have')} no card yet."
        )
    if made:
        screen.paragraph("They are new cards in your next review session: bounceback cards review")


def _without_card(record: Record, cards: CardCollection) -> Iterator[tuple[str, Miss]]:
    """Yield the misses without an own card, latest first, each with the tag that will mark it."""
    marked = {tag for note in cards.notes() for tag in note.tags}
    number: dict[str, int] = {}
    tagged = []
    for miss in record.misses:
        day = miss.date.isoformat()
        number[day] = number.get(day, 0) + 1
        tagged.append((f"bounceback::miss::{day}-{number[day]}", miss))
    for tag, miss in reversed(tagged):
        if tag not in marked:
            yield tag, miss


def _ask(prompt: str) -> str:
    print(f"{prompt}: ", end="", file=sys.stderr, flush=True)
    return input().strip()


def _say(line: str) -> None:
    # Questions go to standard error, so that standard output holds the answer alone.
    print("\n".join(textwrap.wrap(line, COLUMNS)), file=sys.stderr)
