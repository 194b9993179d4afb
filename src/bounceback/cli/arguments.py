"""Arguments that commands share, and the errors for wrong ones."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Final, NoReturn

from bounceback.cli import clock
from bounceback.cli.console import COLUMNS
from bounceback.errors import BouncebackError

SUPPORT_LINE: Final = "Hard day? `bounceback support` lists people you can talk to, any time."
"""The first line of every help."""


class UsageError(BouncebackError):
    """The words typed after ``bounceback`` do not make a question; one line says why."""


class _HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """Keeps the description as it was written, inside the columns of every other answer."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=28, width=COLUMNS)


class Parser(argparse.ArgumentParser):
    """An argument parser that says a fault in one line and leaves the exit to ``main``."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        # Abbreviated options would turn every new option into a breaking change.
        kwargs.setdefault("allow_abbrev", False)
        kwargs.setdefault("formatter_class", _HelpFormatter)
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # argparse's own arguments

    def format_help(self) -> str:
        """Return the help, opening with the way to support."""
        return f"{SUPPORT_LINE}\n\n{super().format_help()}"

    def error(self, message: str) -> NoReturn:
        """Raise the fault, with where to look it up."""
        raise UsageError(f"{self.prog}: {' '.join(message.split())}. See: {self.prog} --help")


def day(text: str) -> date:
    """Read a day written as ISO 8601, of the years that a case file may name."""
    try:
        read = date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} isn't a date. Write it like 2027-02-10"
        ) from None
    from bounceback.records.field_types import FIRST_DAY, LAST_DAY

    if not FIRST_DAY <= read <= LAST_DAY:
        raise argparse.ArgumentTypeError(
            f"{text!r} is outside {FIRST_DAY} to {LAST_DAY}. Check the year"
        )
    return read


def seed_number(text: str) -> int:
    """Read a seed: a whole number from 0."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} isn't a seed. Write a whole number from 0")
    return int(text)


def number(text: str) -> int | float | str:
    """Read a number; anything else is handed on as it is, so that its fault is named with all."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def add_case(parser: argparse.ArgumentParser) -> None:
    """Declare the case file."""
    parser.add_argument("case", metavar="CASE", type=Path, help="your case file (TOML or JSON)")


def add_on(parser: argparse.ArgumentParser, *, required: bool = False) -> None:
    """Declare the day the question is asked on."""
    parser.add_argument(
        "--on",
        metavar="DATE",
        type=day,
        required=required,
        help="answer as of this date, like 2027-02-10"
        + ("" if required else " (default: today where you live)"),
    )


def add_json(parser: argparse.ArgumentParser) -> None:
    """Declare the answer for other programs."""
    parser.add_argument("--json", action="store_true", help="print the answer as JSON")


def asked_day(arguments: argparse.Namespace, time_zone: str | None) -> date:
    """Return the day asked for with ``--on``, or today in this zone."""
    on: date | None = arguments.on
    return on if on is not None else clock.today(time_zone)
