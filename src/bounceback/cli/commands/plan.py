"""Show what to do each day until your test date.

You see sessions with their times, a date for each practice test you have left,
what doesn't fit, and what could raise your chances.

  bounceback plan my-case.toml
  bounceback plan my-case.toml --json > monday.json    for `replan` later
"""

from __future__ import annotations

import argparse

from bounceback.cli.arguments import add_case, add_json, add_on
from bounceback.cli.console import Screen


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the case, the day and the form of the answer."""
    add_case(parser)
    add_on(parser)
    add_json(parser)


def answer(arguments: argparse.Namespace, screen: Screen) -> int:
    """Answer the question."""
    from bounceback.cli import render
    from bounceback.cli.case_input import asked, opened

    b = asked(arguments)
    if not opened(b, "plan", arguments, screen):
        return 0
    render.time_needed(b, screen)
    render.remediation(b, screen)
    render.changes(b, screen)
    render.plan(b, screen, days=14)
    render.ledger(b, screen)
    render.levers(b, screen)
    render.notes(b, screen)
    return 0
