"""Show what you can still change, explain, and what won't change for the match.

No other command shows this. It gives no personal chance of matching, because no
one publishes one, and it doesn't change your test date.

  bounceback outlook my-case.toml
  bounceback outlook my-case.toml --licensed medians.csv
  bounceback outlook my-case.toml --json
"""

from __future__ import annotations

import argparse
from pathlib import Path

from bounceback.cli.arguments import SUPPORT_LINE, add_case, add_json, add_on, asked_day
from bounceback.cli.console import Screen


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the case, the day, an institution's tables and the form of the answer."""
    add_case(parser)
    add_on(parser)
    parser.add_argument(
        "--licensed",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        help="a match table your school may show (can be repeated)",
    )
    parser.add_argument(
        "--history",
        action="store_true",
        help="also show editions that are two or more years old",
    )
    add_json(parser)


def answer(arguments: argparse.Namespace, screen: Screen) -> int:
    """Answer the question."""
    from bounceback.records import read_case
    from bounceback.services.single_questions import licensed_tables, match_outlook

    tables = licensed_tables(arguments.licensed)
    case = read_case(arguments.case)
    today = asked_day(arguments, case.record.learner.time_zone)
    found = match_outlook(case.record, today, licensed=tables, history=arguments.history)
    if arguments.json:
        from bounceback.cli.case_input import asked
        from bounceback.services import to_json

        keys = to_json(asked(arguments), "outlook")
        screen.json({**keys, "outlook": found.to_briefing()})
        return 0
    screen.line("The residency match", "strong")
    screen.paragraph(SUPPORT_LINE, style="accent")
    for section in found.sections():
        screen.heading(section.title)
        if section.words:
            screen.paragraph(section.words, indent=2)
        for number, entry in enumerate(section.entries):
            if number:
                screen.line()
            screen.paragraph(entry.title, indent=2, style="strong")
            for told in entry.sentences:
                screen.paragraph(told.text, indent=4)
            if entry.do:
                screen.paragraph(entry.do, indent=4, style="accent")
    if not found.closed:
        screen.line()
        for note in found.notes:
            screen.paragraph(note, style="quiet")
        screen.paragraph(
            "Not affiliated with NBME, FSMB, NBOME or NRMP. Nothing left this computer.",
            style="quiet",
        )
    return 0
