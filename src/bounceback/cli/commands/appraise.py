"""Look back at your last attempt: your answers next to your log.

You see at most three findings, each with what you said, what your log shows and
what changed in your plan.

  bounceback appraise my-case.toml
  bounceback appraise my-case.toml --json
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
    from bounceback.cli.commands import look_within

    b = asked(arguments)
    if not opened(b, "appraise", arguments, screen, numbers_follow=True):
        return 0
    look_within.silence(b, screen)
    look_within.first_hours(b, screen)
    render.appraisal(b, screen)
    look_within.question(b, screen)
    look_within.reports(b, screen)
    look_within.misses(b, screen)
    look_within.rules(b, screen)
    look_within.pace(b, screen)
    render.help_offers(b, screen, drafts=True)
    look_within.meeting(b, screen)
    look_within.reason(b, screen)
    return 0
