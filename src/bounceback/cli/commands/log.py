"""Add a practice test, block, missed question or study day to your case file.

The whole file is checked before it is saved, and your comments stay. Without
--date, the date is today where you live.

  bounceback log form me.toml --family nbme-cbssa --form 32 --score 61
  bounceback log block me.toml --bank uworld --items 40 --correct 22
  bounceback log study me.toml --minutes 90 --activity questions
  bounceback log miss me.toml --cause narrowed-wrong
  bounceback log look me.toml --rule "Read the last line first." --recalled
  bounceback log checkin me.toml --sleep-hours 6.5
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, Final

from bounceback.cli import clock
from bounceback.cli.arguments import add_case, number
from bounceback.cli.console import Screen

if TYPE_CHECKING:
    from bounceback.records.field_types import Key, Table

SECTIONS: Final = {
    "form": ("forms", "a practice test you took"),
    "block": ("blocks", "a block of question-bank questions"),
    "study": ("study", "study time"),
    "miss": ("misses", "a question you missed or guessed, and why (never its text)"),
    "look": ("looks", "a takeaway you reviewed"),
    "checkin": ("checkins", "how you are (private, never shared)"),
}
"""What can be logged: the word typed, the section of the case file, its line in the help."""

_ENTRY = "entry."
"""Begins the destinations of an entry's options, so that none collides with ours."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare one action a section, its options those of the case file."""
    actions = parser.add_subparsers(dest="section", metavar="WHAT", required=True)
    for name, (section, summary) in SECTIONS.items():
        action = actions.add_parser(name, help=summary)
        add_case(action)
        for key in _table_of(section).keys:
            _add_option(action, key)


def answer(arguments: argparse.Namespace, screen: Screen) -> int:
    """Append the entry; a fault refuses it, and the file is as it was."""
    from bounceback import records
    from bounceback.cli.commands.cards_files import counted

    section, _ = SECTIONS[arguments.section]
    entry: dict[str, Any] = {
        name.removeprefix(_ENTRY): dict(value) if isinstance(value, list) else value
        for name, value in vars(arguments).items()
        if name.startswith(_ENTRY) and value is not None
    }
    if "date" not in entry:
        zone = records.read_case(arguments.case).record.learner.time_zone
        entry["date"] = clock.today(zone).isoformat()
    after = records.append(arguments.case, section, entry)
    count = len(getattr(after, section))
    screen.line(
        f"Saved to {arguments.case}. {section} now has {counted(count, 'entry', 'entries')}.",
        "strong",
    )
    screen.table([(name, _in_words(value)) for name, value in entry.items()])
    screen.paragraph("To undo, delete the last entry of that section.")
    return 0


def _table_of(section: str) -> Table:
    from bounceback.records.field_types import Many, Table
    from bounceback.records.schema import CASE

    kind = CASE.key(section).kind
    assert isinstance(kind, Many)
    assert isinstance(kind.kind, Table)
    return kind.kind


def _add_option(action: argparse.ArgumentParser, key: Key) -> None:
    from bounceback.records.field_types import Flag, Many, Named, Number, Word

    option = f"--{key.name.replace('_', '-')}"
    destination = _ENTRY + key.name
    meaning = key.meaning + ("" if not key.required or key.name == "date" else " (required)")
    if isinstance(key.kind, Many):
        return  # lists inside an entry (the trace of a block) are for programs, not for typing
    if isinstance(key.kind, Flag):
        action.add_argument(
            option, dest=destination, action=argparse.BooleanOptionalAction, help=meaning
        )
    elif isinstance(key.kind, Named):
        action.add_argument(
            option,
            dest=destination,
            action="append",
            type=area_result,
            metavar="AREA=9/18",
            help=f"{meaning}, as correct/questions or AREA=52%% (can be repeated)",
        )
    elif isinstance(key.kind, Number):
        action.add_argument(option, dest=destination, type=number, metavar="N", help=meaning)
    else:
        words = f": {', '.join(key.kind.words)}" if isinstance(key.kind, Word) else ""
        metavar = "DATE" if key.name == "date" else "TEXT"
        action.add_argument(option, dest=destination, metavar=metavar, help=meaning + words)


def area_result(text: str) -> tuple[str, dict[str, int | float | str]]:
    """Read one area's result: ``Pharmacology=9/18`` or ``Pharmacology=52%``."""
    area, equals, result = text.rpartition("=")
    if equals and result.endswith("%"):
        return area.strip(), {"percent": number(result[:-1])}
    correct, slash, items = result.partition("/")
    if equals and slash:
        return area.strip(), {"correct": number(correct), "items": number(items)}
    raise argparse.ArgumentTypeError(
        f"{text!r} isn't a result for an area. Write it like 'Pharmacology=9/18' or "
        "'Pharmacology=52%'"
    )


def _in_words(value: object) -> str:
    if isinstance(value, dict):
        return "; ".join(
            f"{area} {result['percent']}%"
            if "percent" in result
            else f"{area} {result['correct']}/{result['items']}"
            for area, result in value.items()
        )
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
