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
    Command("brief", "show your chances, advice and plan", "brief"),
    Command("forecast", "show your chances of passing by date", "forecast"),
    Command("plan", "show what to do each day", "plan"),
    Command("decide", "compare test dates and get advice", "decide"),
    Command("replan", "update an earlier plan and show what changed", "replan"),
    Command("lookback", "show what your results said before the exam", "lookback"),
    Command("appraise", "look back at your last attempt", "appraise"),
    Command("outlook", "show what you can still do for the match", "outlook"),
    Command("case", "write or check a case file, see an example", "case"),
    Command("log", "add a practice test, a block or a study day", "log"),
    Command("read", "read a score report, question list or deck", "read"),
    Command("cards", "import, review and export flash cards", "cards"),
    Command("facts", "show published facts with their sources", "facts"),
    Command("checks", "compare the model with published figures", "checks"),
    Command("simulate", "simulate students who retake an exam", "simulate"),
    Command("recalibrate", "fit the model to your school's outcomes", "recalibrate"),
    Command("serve", "open the web app", "serve"),
    Command("demo", "open the web app with an example student", "demo"),
    Command("support", "list people you can talk to, any time", "support"),
)

BY_NAME: Final = {command.name: command for command in COMMANDS}
