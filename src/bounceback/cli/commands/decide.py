"""Whether to sit, move the date, rebuild first, or wait for one more test.

First the rules of board, state and school, then readiness, then which of the
dates left is worth most. The reasons and the dates stand side by side.

  bounceback decide my-case.toml
  bounceback decide my-case.toml --json
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
    if not opened(b, "decide", arguments, screen, numbers_follow=True):
        return 0
    render.decision(b, screen)
    render.time_needed(b, screen)
    render.remediation(b, screen)
    render.help_offers(b, screen)
    render.closing(b, screen)
    return 0
