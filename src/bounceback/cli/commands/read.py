"""Read a score report, a question-bank list or a deck. Nothing is stored.

Shows what is in the file, how sure each value is, and every line that was not
used. Reads PDF, CSV, XLSX, text, JSON, Anki packages, and a zip of one of them.

  bounceback read report.pdf --exam usmle-step-1
  bounceback read blocks.csv --exam usmle-step-2-ck --on 2026-11-22
  bounceback read tests.txt --exam comlex-level-1 --json
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from bounceback.cli.arguments import UsageError, add_json, add_on, asked_day
from bounceback.cli.console import Screen
from bounceback.vocabulary import EXAM_IDS

if TYPE_CHECKING:
    from bounceback.services.read_file import FileReading
    from bounceback.services.values import Found

_MOST_UNUSED = 30
"""Lines that were not used and are shown; the rest is counted (all are in the JSON)."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the file, the exam, the day and the form of the answer."""
    parser.add_argument("file", metavar="FILE", type=Path, help="the file to read")
    parser.add_argument(
        "--exam", metavar="ID", required=True, choices=EXAM_IDS, help="your exam: %(choices)s"
    )
    add_on(parser)
    add_json(parser)


def answer(arguments: argparse.Namespace, screen: Screen) -> int:
    """Answer the question."""
    from bounceback.messages import render
    from bounceback.services import read_file
    from bounceback.services.values import UnreadableFileError

    path: Path = arguments.file
    if not path.is_file():
        raise UsageError(f"Can't find {path}. Check the name and folder.")
    on = asked_day(arguments, None)
    try:
        reading = read_file.read_file(path, path.name, arguments.exam, on)
    except UnreadableFileError as error:
        raise UsageError(f"{path.name}: {render(error.reason)}") from None
    if arguments.json:
        screen.json(read_file.to_json(reading))
        return 0
    _show(reading, path.name, arguments.exam, screen)
    return 0


def _show(reading: FileReading, name: str, exam: str, screen: Screen) -> None:
    from bounceback.messages import importers as words

    title = _plain(name)
    if reading.kind == "unknown":
        screen.line(f"{title}: {words.NOTHING_FOUND}", "strong")
    else:
        number = {"practice-test": len(reading.tests), "blocks": len(reading.blocks)}.get(
            reading.kind, 1
        )
        screen.line(f"{title}: {words.draft_count(number, reading.kind)}", "strong")
    for test in reading.tests:
        _show_test(test.fields, test.areas, exam, screen)
    if reading.exam is not None:
        _show_exam(reading, screen)
    for block in reading.blocks[:_MOST_UNUSED]:
        entry = block.entry
        screen.line(
            f"  {entry['date']}  {entry['correct']} of {entry['items']} correct, "
            f"{_plain(entry['bank'])}, {entry['mode']}. {words.CONFIDENCE[block.sure]}."
        )
        _note(block.note, screen)
    if len(reading.blocks) > _MOST_UNUSED:
        screen.line(f"  and {len(reading.blocks) - _MOST_UNUSED:,} more blocks")
    if reading.deck is not None:
        _show_deck(reading, screen)
    _show_unused(reading, screen)
    screen.line()
    screen.paragraph(_next_step(reading, exam))


def _next_step(reading: FileReading, exam: str) -> str:
    if reading.kind == "deck":
        return "Nothing was stored. To import this deck, run: bounceback cards import FILE"
    return (
        "Nothing was stored. To add what you confirmed, run: bounceback log --help, or use "
        "Import on the Practice tests page."
    )


def _plain(text: object) -> str:
    """Return a stranger's text without characters that steer a terminal."""
    return "".join(one if one.isprintable() else " " for one in str(text))


def _note(note: object, screen: Screen) -> None:
    from bounceback.messages import render
    from bounceback.reasons import Reason

    if isinstance(note, Reason):
        screen.paragraph(render(note), indent=6)


def _row(label: str, found: Found, shown: str) -> tuple[str, str]:
    from bounceback.messages import importers as words

    return label, f"{_plain(shown)} (line {found.line}). {words.CONFIDENCE[found.sure]}."


def _show_test(
    fields: Mapping[str, Found], areas: Mapping[str, Found], exam: str, screen: Screen
) -> None:
    from bounceback.messages.practice_test_names import practice_test_name

    family = fields["family"].value if "family" in fields else ""
    form = fields["form"].value if "form" in fields else ""
    name = practice_test_name(family, str(form), exam) if family else "Practice test"
    screen.heading(_plain(name))
    rows = []
    if "date" in fields:
        rows.append(_row("Date", fields["date"], fields["date"].value))
    if "score" in fields:
        rows.append(_row("Score", fields["score"], f"{fields['score'].value:g}"))
    if "printed_p_pass" in fields:
        percent = f"{100 * fields['printed_p_pass'].value:g}%"
        rows.append(_row("Printed chance of passing", fields["printed_p_pass"], percent))
    for area, found in areas.items():
        value = found.value
        shown = (
            f"{value['correct']} of {value['items']}"
            if "items" in value
            else f"{value['percent']:g}%"
        )
        rows.append(_row(area, found, shown))
    screen.table([(label, text) for label, text in rows] or [("Score", "Not found.")])
    for found in (*fields.values(), *areas.values()):
        _note(found.note, screen)


def _show_exam(reading: FileReading, screen: Screen) -> None:
    from bounceback.services import published_facts as facts

    assert reading.exam is not None
    fields = reading.exam.fields
    screen.heading(f"{facts.exam(fields['exam'].value).name} (a real exam, not a practice test)")
    rows = []
    if "date" in fields:
        rows.append(_row("Date", fields["date"], fields["date"].value))
    if "outcome" in fields:
        shown = "Passed" if fields["outcome"].value == "pass" else "Didn't pass"
        rows.append(_row("Outcome", fields["outcome"], shown))
    if "score" in fields:
        rows.append(_row("Score", fields["score"], str(fields["score"].value)))
    for area, found in reading.exam.profile.items():
        rows.append(_row(area, found, found.value))
    screen.table(rows or [("Outcome", "Not found.")])


def _show_deck(reading: FileReading, screen: Screen) -> None:
    deck = reading.deck
    assert deck is not None
    rows = [("Deck", _plain(deck.name)), ("Notes", f"{deck.notes:,}"), ("Cards", f"{deck.cards:,}")]
    if deck.rows is not None:
        rows.insert(1, ("Rows", f"{deck.rows:,}"))
    if deck.reviews:
        rows.append(("Reviews", f"{deck.reviews:,}"))
    if deck.suspended:
        rows.append(("Suspended", f"{deck.suspended:,}"))
    screen.table(rows)


def _show_unused(reading: FileReading, screen: Screen) -> None:
    if not reading.unused:
        return
    screen.heading(f"Not used ({len(reading.unused):,})")
    for one in reading.unused[:_MOST_UNUSED]:
        where = f"line {one.line}: " if one.line else ""
        screen.paragraph(f"{where}{_plain(one.text)}", indent=2, hanging=2)
        _note(one.why, screen)
    if len(reading.unused) > _MOST_UNUSED:
        screen.line(f"  and {len(reading.unused) - _MOST_UNUSED:,} more")
