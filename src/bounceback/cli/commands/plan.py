"""What to do each day until the exam, inside the hours you have.

Sessions on real days and clock hours, a day for every practice test you own,
what does not fit, and what one change would be worth.

  bounceback plan my-case.toml
  bounceback plan my-case.toml --json > monday.json    `replan` takes it back
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
