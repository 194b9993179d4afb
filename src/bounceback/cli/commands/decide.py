"""Compare test dates and get advice: keep, move, wait, or build up first.

You see the rules of your board, state and school, what your next practice test
would change, and your dates side by side.

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
