"""Reading a case and asking the engine about it: what every question of the journey shares."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any, Final

from bounceback.cli import render
from bounceback.cli.arguments import asked_day
from bounceback.cli.commands.cards_in_briefing import Remembered, look
from bounceback.cli.console import Screen
from bounceback.errors import CaseError, Fault
from bounceback.records import CaseFile, read_case
from bounceback.services import to_json
from bounceback.services.full_briefing import Briefing, briefing, replanned

LARGEST_EARLIER_BYTES: Final = 32_000_000
"""Largest earlier briefing that is read; a real one has well under a tenth of this."""


def asked(arguments: argparse.Namespace, *, seed: int = 0) -> Briefing:
    """Read the case file and brief it for the day asked about."""
    return briefed(read_case(arguments.case), arguments, seed=seed)[0]


def briefed(
    case: CaseFile, arguments: argparse.Namespace, *, seed: int = 0
) -> tuple[Briefing, Remembered | None]:
    """Brief a case, and return the learner's own cards where they were counted for it."""
    today = asked_day(arguments, case.record.learner.time_zone)
    own = look(case.record, today)
    b = briefing(own.record, today, seed=seed, notes=(*case.notes, *own.notes))
    return b, own.remembered


def asked_again(arguments: argparse.Namespace) -> Briefing:
    """Read the case file and an earlier briefing, and re-make its plan."""
    case = read_case(arguments.case)
    old = read_earlier(arguments.earlier)
    today = asked_day(arguments, case.record.learner.time_zone)
    own = look(case.record, today)
    return replanned(old, own.record, today, notes=(*case.notes, *own.notes))


def opened(
    b: Briefing,
    question: str,
    arguments: argparse.Namespace,
    screen: Screen,
    *,
    numbers_follow: bool = False,
) -> bool:
    """Answer other programs at once, or open the page for a person.

    Args:
        b: The briefing.
        question: The one question asked.
        arguments: What was typed, with ``json``.
        screen: Where it is said.
        numbers_follow: The page says a chance, so that people come first where a moment asks it.

    Returns:
        Whether the page is to be told on.
    """
    if arguments.json:
        screen.json(to_json(b, question))
        return False
    render.opening(b, screen)
    if numbers_follow and render.people_first(b):
        render.support_first(b, screen)
    return True


def read_earlier(path: Path) -> Any:
    """Parse an earlier briefing; whether it is one, ``replanned`` looks at.

    Raises:
        CaseError: It is no JSON in UTF-8, or too large.
        OSError: It cannot be opened.
    """

    def refuse(given: str) -> CaseError:
        remedy = "Use a file that `bounceback brief --json` or `plan --json` wrote."
        return CaseError(
            [
                Fault(
                    "", f"{path}: {given}", "a briefing in JSON", "bounceback replan --from", remedy
                )
            ]
        )

    def no_constant(name: str) -> Any:
        raise ValueError(f"{name} isn't a JSON number")

    if path.stat().st_size > LARGEST_EARLIER_BYTES:
        raise refuse(f"The file has more than {LARGEST_EARLIER_BYTES // 1_000_000} MB")
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"), parse_constant=no_constant)
    except RecursionError:
        raise refuse("The file is nested too deep") from None
    except ValueError as error:
        raise refuse(f"This isn't JSON in UTF-8 ({error})") from None
