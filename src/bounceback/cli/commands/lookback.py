"""Show what your results said the day before your last exam.

You also see what was decided then. Use it for your next decision.

  bounceback lookback my-case.toml
  bounceback lookback my-case.toml --json
"""

from __future__ import annotations

import argparse

from bounceback.cli.arguments import add_case, add_json
from bounceback.cli.console import Screen


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the case and the form of the answer."""
    add_case(parser)
    add_json(parser)


def answer(arguments: argparse.Namespace, screen: Screen) -> int:
    """Answer the question."""
    from bounceback.cli import render
    from bounceback.records import read_case
    from bounceback.services import lookback, lookback_to_json

    found = lookback(read_case(arguments.case).record)
    if arguments.json:
        screen.json(lookback_to_json(found))
        return 0
    render.lookback(found, screen)
    return 0
