"""To and from a running Anki: pull its answers; push ours, after a yes."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from typing import Any

import numpy as np

from bounceback.cli import clock
from bounceback.cli.anki_connection import Anki
from bounceback.cli.card_targets import rule_for
from bounceback.cli.commands.cards_files import counted, plain
from bounceback.cli.console import Screen
from bounceback.local_storage.anki_sync import days_to_due, own_reviews, pull_from_ms, take_in
from bounceback.local_storage.card_collection import CardCollection, open_cards
from bounceback.local_storage.data_dir import place_of_data
from bounceback.local_storage.replayed_cards import day_0
from bounceback.services.anki_decks import ankiconnect, review_dtype


def pull(arguments: argparse.Namespace, screen: Screen) -> None:
    """Bring in the answers that were given in Anki since the last time."""
    anki = Anki(arguments.address, arguments.key)
    with open_cards(place_of_data()) as cards:
        rule = rule_for(arguments, cards, None)
        decks = _shared_decks(anki, cards)
        rows, skipped = _reviews(anki, decks, pull_from_ms(cards))
        merged = take_in(cards, rows, rule)
    screen.line("Pulled from Anki.", "strong")
    screen.table(
        [
            ("decks", f"{len(decks):,} in both"),
            (
                "reviews",
                f"{merged.reviews_added:,} new, {merged.reviews_known:,} already there, "
                f"{merged.reviews_without_card:,} of cards you haven't imported",
            ),
            ("cards", f"{merged.cards_rescheduled:,} have a new due date"),
        ]
    )
    if skipped:
        screen.paragraph(f"{counted(skipped, 'row')} left out. Anki doesn't write rows like that.")
    if merged.reviews_without_card:
        screen.paragraph(
            "To add those cards, export the deck in Anki, then run: bounceback cards import"
        )


def push(arguments: argparse.Namespace, screen: Screen) -> None:
    """Offer the answers that were given here and that Anki does not have; send them on a yes."""
    anki = Anki(arguments.address, arguments.key)
    with open_cards(place_of_data()) as cards:
        rule = rule_for(arguments, cards, None)
        mine = own_reviews(cards)
        if not len(mine):
            screen.line("You haven't answered any cards here yet. There is nothing to send.")
            return
        decks = _shared_decks(anki, cards)
        theirs, _ = _reviews(anki, decks, int(mine["id"].min()) - 1)
        there = {card for deck in decks for card in _cards_of(anki, deck)}
        have = set(zip(theirs["cid"].tolist(), theirs["id"].tolist(), strict=True))
        send = np.array(
            [
                card in there and (card, moment) not in have
                for card, moment in zip(mine["cid"].tolist(), mine["id"].tolist(), strict=True)
            ],
            bool,
        )
        absent = len({card for card in mine["cid"].tolist() if card not in there})
        if send.any():
            today = (rule.date(clock.now_ms()) - day_0(cards, rule)).days
            due = days_to_due(cards, np.unique(mine["cid"][send]), today)
    if send.any():
        changes = [ankiconnect.insert_reviews(mine[send]), *_set_due(due)]
        _send(anki, changes, screen)
    else:
        screen.line("Anki already has all these answers. There is nothing to send.")
    if absent:
        screen.paragraph(
            f"{counted(absent, 'answered card is', 'answered cards are')} not in Anki. "
            "To add them there, run: bounceback cards export"
        )


def _send(anki: Anki, changes: list[ankiconnect.Change], screen: Screen) -> None:
    print("This would change your Anki:", file=sys.stderr)
    for change in changes:
        print(f"  {change.what}", file=sys.stderr)
    print("Type yes to send it: ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().casefold() != "yes":
        screen.line("Nothing was sent.")
        return
    for change in changes:
        anki.ask(change.request)
    screen.line(f"Sent: {changes[0].what}.", "strong")


def _set_due(due: dict[int, int]) -> Iterable[ankiconnect.Change]:
    by_days: dict[int, list[int]] = {}
    for card, days in due.items():
        by_days.setdefault(days, []).append(card)
    return [ankiconnect.set_due(cards, days) for days, cards in sorted(by_days.items())]


def _shared_decks(anki: Anki, cards: CardCollection) -> tuple[str, ...]:
    """Return the decks of both; the add-on would make a deck that it is asked for and lacks."""
    there = set(ankiconnect.texts(anki.ask(ankiconnect.deck_names())))
    return tuple(deck.name for deck in cards.decks() if deck.name in there)


def _cards_of(anki: Anki, deck: str) -> tuple[int, ...]:
    return ankiconnect.whole_numbers(anki.ask(ankiconnect.cards_of(deck)))


def _reviews(anki: Anki, decks: Iterable[str], since_ms: int) -> tuple[Any, int]:
    """Return the reviews of decks after an instant, by time, and how many rows were left out."""
    parts = [np.zeros(0, review_dtype())]
    skipped = 0
    for deck in decks:
        if sys.stderr.isatty():
            print(f"Asking Anki for {plain(deck)} …", file=sys.stderr)
        rows, odd = ankiconnect.reviews(anki.ask(ankiconnect.reviews_since(deck, since_ms)))
        parts.append(rows)
        skipped += len(odd)
    whole = np.concatenate(parts)
    return whole[np.argsort(whole["id"], kind="stable")], skipped
