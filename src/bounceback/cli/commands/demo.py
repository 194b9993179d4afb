"""Open the web app with an example student, to look around.

  bounceback demo                       then open the address it prints
  bounceback demo --example step-3      another student

The example is new at each start and separate from your data. Its day is
November 23, 2026. To choose another day, use --on.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from datetime import date
from typing import Final

from bounceback.cli.arguments import UsageError, add_on
from bounceback.cli.commands.serve import configure_address, say_at_once
from bounceback.cli.console import Screen

STORY_DAY: Final = date(2026, 11, 23)
"""A Monday with work on it."""
EXAMPLE: Final = "step-1-again"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare where to serve, and which example."""
    configure_address(parser)
    add_on(parser)
    parser.add_argument(
        "--example",
        metavar="NAME",
        default=EXAMPLE,
        help="step-1-again, step-1, step-2-ck, step-3, level-1, level-2-ce or level-3 "
        f"(default: {EXAMPLE})",
    )


def answer(arguments: argparse.Namespace, screen: Screen) -> int:
    """Serve the example until stopped."""
    from bounceback.records.examples import examples

    if arguments.example not in examples():
        raise UsageError(
            f"{arguments.example!r} isn't an example. Choose one of {', '.join(examples())}."
        )
    with tempfile.TemporaryDirectory(prefix="bounceback-demo-") as folder:
        os.environ["BOUNCEBACK_HOME"] = folder
        os.environ.pop("BOUNCEBACK_DATABASE", None)  # an example is nobody's record
        from bounceback_web.config.server import serve

        serve(
            arguments.host,
            arguments.port,
            example=arguments.example,
            day=arguments.on or STORY_DAY,
            say=lambda line: say_at_once(screen, line),
        )
    return 0
