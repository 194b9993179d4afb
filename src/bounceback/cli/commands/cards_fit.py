"""The learner's own weights: learned from their answers, kept where they predict better."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict

from bounceback.cli import clock
from bounceback.cli.card_targets import rule_for
from bounceback.cli.console import Screen
from bounceback.local_storage.card_collection import open_cards
from bounceback.local_storage.data_dir import place_of_data
from bounceback.local_storage.replayed_cards import keep_weights, standing
from bounceback.services.anki_decks import fit


def fit_weights(arguments: argparse.Namespace, screen: Screen) -> None:
    """Fit weights to the history and keep them if a split by time says that they help."""
    with open_cards(place_of_data()) as cards:
        rule = rule_for(arguments, cards, None)
        if arguments.forget:
            keep_weights(cards, None, rule)
            screen.line("Your own schedule is removed. The deck's or the default one is used.")
            return
        found = standing(cards, rule, clock.now_ms())
        if sys.stderr.isatty():
            print("Learning from your answers …", file=sys.stderr)
        fitted = fit(found.log)
        keep_weights(cards, fitted.weights if fitted.kept else None, rule)
    if arguments.json:
        screen.json(
            {
                "kept": fitted.kept,
                "reason": fitted.reason,
                "predictions": fitted.predictions,
                "weights": list(fitted.weights.values),
                "day_rule": rule.id,
                "held_out_own": None
                if fitted.held_out_own is None
                else asdict(fitted.held_out_own),
                "held_out_default": None
                if fitted.held_out_default is None
                else asdict(fitted.held_out_default),
            }
        )
        return
    screen.line(
        "Your review schedule is updated."
        if fitted.kept
        else "Your review schedule stays as it is.",
        "strong",
    )
    screen.paragraph(fitted.reason)
    if fitted.kept:
        screen.paragraph(
            "Reviews and workload use it from now on, with the same start of the day "
            f"({rule.id}). To undo, run: bounceback cards fit --forget"
        )
