"""Which commands there are: one line each, in the order the help shows them.

A command is a module of this folder with ``configure`` and ``answer``; it is imported when it is
asked for, so that the help and the light commands start at once. How to add one:
``docs/how-to/add-a-command.md``.
"""

from __future__ import annotations

import argparse
import importlib
from dataclasses import dataclass
from typing import Final, Protocol, cast

from bounceback.cli.console import Screen


class Module(Protocol):
    """What a command's module offers."""

    __doc__: str | None

    def configure(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments. Imports nothing heavy."""

    def answer(self, arguments: argparse.Namespace, screen: Screen) -> int:
        """Answer, and return the exit status; bad input is raised as a ``BouncebackError``."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command as the help lists it.

    Attributes:
        name: The word typed after ``bounceback``.
        summary: What it answers, in one line.
        module: Its module in this folder.
    """

    name: str
    summary: str
    module: str

    def load(self) -> Module:
        """Import the command's module."""
        return cast(Module, importlib.import_module(f"bounceback.cli.commands.{self.module}"))


COMMANDS: Final = (
    Command("brief", "the whole answer for one case", "brief"),
    Command("forecast", "your chance of passing, by date", "forecast"),
    Command("plan", "what to do each day until the exam", "plan"),
    Command("decide", "sit, move the date, rebuild, or wait", "decide"),
    Command("replan", "the plan re-made, and what moved", "replan"),
    Command("lookback", "the day before the failed sitting, seen again", "lookback"),
    Command("appraise", "why the last attempt went as it did", "appraise"),
    Command("outlook", "the residency match: what is still in your hands", "outlook"),
    Command("case", "your case file: write one, check it, see an example", "case"),
    Command("log", "add what happened: a practice test, a block, a day", "log"),
    Command("read", "read a score report, bank list or deck, nothing stored", "read"),
    Command("cards", "your flash cards, aimed at the exam day", "cards"),
    Command("facts", "what is published, on a day, with its source", "facts"),
    Command("checks", "published figures beside the model's", "checks"),
    Command("simulate", "a population of simulated retakers", "simulate"),
    Command("recalibrate", "an institution's outcomes into parameters of its own", "recalibrate"),
    Command("serve", "your record as pages in the browser, on this machine alone", "serve"),
    Command("demo", "the pages with an invented learner", "demo"),
    Command("support", "people to talk to, at any hour", "support"),
)

BY_NAME: Final = {command.name: command for command in COMMANDS}
