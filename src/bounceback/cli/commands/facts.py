"""Show published facts with their sources.

Every number that Bounceback uses is a dated fact with its unit, publisher and
how sure we are: official, published by others, or our estimate.

  bounceback facts list usmle-step-1    facts you can show
  bounceback facts show usmle-step-1.pass-mark --on 2027-02-10
  bounceback facts check                check sources, dates and values
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from bounceback.cli.arguments import add_json, add_on, asked_day
from bounceback.cli.console import Screen

if TYPE_CHECKING:
    from datetime import date

    from bounceback.services.values import Sourced


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the three questions."""
    questions = parser.add_subparsers(dest="question", metavar="QUESTION", required=True)
    show = questions.add_parser("show", help="show one fact as of a date")
    show.add_argument("id", metavar="ID", help="which fact, like usmle-step-1.pass-mark")
    add_on(show)
    add_json(show)
    listing = questions.add_parser("list", help="list the facts you can show")
    listing.add_argument("prefix", metavar="START", nargs="?", default="", help="how its id begins")
    questions.add_parser("check", help="check the facts that came with the program")


def answer(arguments: argparse.Namespace, screen: Screen) -> int:
    """Answer one of the three questions."""
    return {"show": _show, "list": _list, "check": _check}[arguments.question](arguments, screen)


def _show(arguments: argparse.Namespace, screen: Screen) -> int:
    from bounceback.services import published_facts as facts
    from bounceback.services.published_facts import source_keys

    on = asked_day(arguments, None)
    parts = facts.show(arguments.id, on)
    if arguments.json:
        answers = [_as_json(part, on) for part in parts]
        whole = {"id": arguments.id, "on": on, "parts": answers}
        screen.json(answers[0] if len(answers) == 1 else whole)
        return 0
    for part in parts:
        _print_part(part, on, screen)
    for key in dict.fromkeys(key for part in parts for key in source_keys(part.source)):
        source = facts.source(key)
        screen.paragraph(
            f"{source.publisher}: {source.title}"
            + (f" ({source.year})" if source.year else "")
            + (f", {source.address}" if source.address else "")
            + f". Read {source.read_on}.",
            indent=2,
            hanging=2,
        )
    return 0


def _as_json(fact: Sourced, on: date) -> dict[str, object]:
    from bounceback.services import published_facts as facts
    from bounceback.services.published_facts import source_keys

    sources = [facts.source(key) for key in source_keys(fact.source)]
    return {
        "id": fact.id,
        "on": on,
        "value": fact.value,
        "unit": fact.unit,
        "in_force_from": fact.in_force_from,
        "confidence": fact.confidence,
        "locator": fact.locator,
        "note": fact.note,
        "sources": [
            {
                "key": source.key,
                "publisher": source.publisher,
                "title": source.title,
                "year": source.year,
                "address": source.address,
                "read_on": source.read_on,
            }
            for source in sources
        ],
    }


def _print_part(fact: Sourced, on: date, screen: Screen) -> None:
    from bounceback.messages.chances import HOW_SURE

    value = "no rule" if fact.value is None else _in_words(fact.value)
    screen.line(f"{fact.id} on {on}", "strong")
    screen.paragraph(f"{value} ({fact.unit})", indent=2)
    since = f"since {fact.in_force_from}" if fact.in_force_from else "first day unknown"
    screen.paragraph(f"{HOW_SURE[fact.confidence]}, {since}", indent=2)
    if fact.note:
        screen.paragraph(fact.note, indent=2)


def _in_words(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(_in_words(part) for part in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _list(arguments: argparse.Namespace, screen: Screen) -> int:
    from bounceback.services import published_facts as facts

    for fact_id in facts.showable_ids():
        if fact_id.startswith(arguments.prefix):
            screen.line(fact_id)
    return 0


def _check(arguments: argparse.Namespace, screen: Screen) -> int:
    from bounceback.cli import clock
    from bounceback.services import published_facts as facts

    faults = facts.check(clock.today(None))
    for fault in faults:
        print(fault, file=sys.stderr)
    if not faults:
        screen.line(f"{len(facts.ids())} facts and {len(facts.tables())} tables: no errors found.")
    return 1 if faults else 0
