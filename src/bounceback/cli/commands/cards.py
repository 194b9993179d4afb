"""Import, review and export your flash cards.

Everything stays on this computer. Your Anki changes only if you run `push` and
answer yes.

  bounceback cards inspect MyDeck.apkg         show what is in it
  bounceback cards import MyDeck.apkg          import the deck
  bounceback cards review me.toml              review about 20 cards
  bounceback cards review --misses me.toml     cards for your missed questions
  bounceback cards workload --until 2027-02-10 --case me.toml
  bounceback cards areas me.toml               recall by exam area
  bounceback cards export MyCards.apkg         export to Anki, with your answers
"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from bounceback.cli.arguments import UsageError, add_case, add_json, day
from bounceback.cli.console import Screen

_TEXT = "a deck: .apkg, .colpkg, or text (.csv, .tsv, .txt)"


def zone(text: str) -> str:
    """Read a time zone by its IANA name."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(text).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise argparse.ArgumentTypeError(
            f"{text!r} isn't a time zone. Write it like America/New_York"
        ) from None


def hour(text: str) -> int:
    """Read the hour at which a day starts."""
    if not text.isdecimal() or int(text) > 23:
        raise argparse.ArgumentTypeError(f"{text!r} isn't an hour of the day. Write 0 to 23")
    return int(text)


def easy_day(text: str) -> tuple[date, float]:
    """Read a lighter day, with its share of the usual minutes where one is given."""
    when, _, share = text.partition("=")
    try:
        found = float(share or 0.5)
    except ValueError:
        found = -1.0
    if not 0.0 <= found <= 1.0:
        raise argparse.ArgumentTypeError(f"{share!r} isn't a share of a day. Write 0 to 1")
    return day(when), found


def minutes(text: str) -> float:
    """Read minutes of a day."""
    try:
        found = float(text)
    except ValueError:
        found = -1.0
    if not 0.0 <= found <= 1440.0:
        raise argparse.ArgumentTypeError(f"{text!r} isn't a number of minutes. Write 0 to 1440")
    return found


def _add_day_rule(parser: argparse.ArgumentParser, *, kept: bool) -> None:
    remembered = " (remembered)" if kept else ""
    parser.add_argument(
        "--rollover",
        metavar="HOUR",
        type=hour,
        help="hour your day starts in Anki (default: from the deck, or 4)" + remembered,
    )
    parser.add_argument(
        "--zone",
        metavar="ZONE",
        type=zone,
        help="where you live, like America/New_York" + remembered,
    )


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare what can be done with cards."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)

    inspect = actions.add_parser("inspect", help="show what is in an Anki package")
    inspect.add_argument("package", metavar="PACKAGE", type=Path, help="an .apkg or .colpkg file")
    _add_day_rule(inspect, kept=False)
    add_json(inspect)

    bring = actions.add_parser("import", help="import a deck with its review history")
    bring.add_argument("package", metavar="PACKAGE", type=Path, help=_TEXT)
    _add_day_rule(bring, kept=True)

    export = actions.add_parser("export", help="export an Anki package with your answers")
    export.add_argument("package", metavar="PACKAGE", type=Path, help="the .apkg file to write")
    export.add_argument("--replace", action="store_true", help="replace a file with that name")

    review = actions.add_parser("review", help="review about 20 cards")
    add_case(review)
    review.add_argument(
        "--misses", action="store_true", help="review the cards linked to your missed questions"
    )
    review.add_argument(
        "--cards", metavar="N", type=_count, help="most cards in this session (default: about 20)"
    )
    _optional_case(review)
    _add_day_rule(review, kept=False)

    write = actions.add_parser("write", help="write your own cards from missed questions")
    add_case(write)

    workload = actions.add_parser("workload", help="show cards and minutes until your test date")
    workload.add_argument(
        "--until", metavar="DATE", type=day, required=True, help="your test date, like 2027-02-10"
    )
    workload.add_argument(
        "--minutes",
        metavar="N",
        type=minutes,
        default=60.0,
        help="minutes a day for cards (default: 60)",
    )
    workload.add_argument(
        "--easy",
        metavar="DATE[=SHARE]",
        type=easy_day,
        action="append",
        default=[],
        help="a lighter day with this share of its minutes, 0 to 1 (default: 0.5, can be repeated)",
    )
    workload.add_argument(
        "--keep",
        action="store_true",
        help="also show the minutes to keep what you know, without new cards",
    )
    workload.add_argument(
        "--case", metavar="CASE", type=Path, help="put your exam and your weak areas first"
    )
    workload.add_argument(
        "--follow", action="store_true", help="use this plan in `cards review` from today"
    )
    _add_day_rule(workload, kept=False)
    add_json(workload)

    areas = actions.add_parser("areas", help="show recall by exam area")
    add_case(areas)
    areas.add_argument(
        "--unmapped", action="store_true", help="print tags and decks without an area, to fill in"
    )
    areas.add_argument("--settle", metavar="FILE", type=Path, help="import the areas you filled in")
    _add_day_rule(areas, kept=False)
    add_json(areas)

    fit = actions.add_parser("fit", help="fit the review schedule to your answers")
    fit.add_argument(
        "--forget", action="store_true", help="go back to the deck's or default schedule"
    )
    _add_day_rule(fit, kept=False)
    add_json(fit)

    for name, summary in (
        ("pull", "import answers from a running Anki"),
        ("push", "send your answers to a running Anki, after you confirm"),
    ):
        sync = actions.add_parser(name, help=summary)
        sync.add_argument(
            "--address",
            metavar="URL",
            help="address of the AnkiConnect add-on on this computer "
            "(default: http://127.0.0.1:8765)",
        )
        sync.add_argument("--key", metavar="KEY", help="the key set in the add-on, if any")
        _add_day_rule(sync, kept=False)


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 1000:
        raise argparse.ArgumentTypeError(f"{text!r} isn't a number of cards. Write 1 to 1000")
    return int(text)


def _optional_case(parser: argparse.ArgumentParser) -> None:
    for action in parser._actions:
        if action.dest == "case":
            action.nargs = "?"
            action.required = False


def answer(arguments: argparse.Namespace, screen: Screen) -> int:
    """Do one of the actions."""
    action: str = arguments.action
    if action in ("inspect", "import", "export"):
        from bounceback.cli.commands import cards_files

        {
            "inspect": cards_files.inspect_package,
            "import": cards_files.import_package,
            "export": cards_files.export_package,
        }[action](arguments, screen)
    elif action == "review":
        if arguments.misses and arguments.case is None:
            raise UsageError(
                "--misses needs your case file: bounceback cards review --misses me.toml"
            )
        from bounceback.cli.commands import cards_review

        cards_review.review(arguments, screen)
    elif action == "write":
        from bounceback.cli.commands import cards_write

        cards_write.write(arguments, screen)
    elif action == "workload":
        from bounceback.cli.commands import cards_workload

        cards_workload.workload(arguments, screen)
    elif action == "fit":
        from bounceback.cli.commands import cards_fit

        cards_fit.fit_weights(arguments, screen)
    elif action == "areas":
        from bounceback.cli.commands import cards_areas

        cards_areas.areas(arguments, screen)
    else:
        from bounceback.cli.commands import cards_anki

        (cards_anki.pull if action == "pull" else cards_anki.push)(arguments, screen)
    return 0
