"""Update an earlier plan and show what changed.

Sessions you finished, pinned or moved stay. The days ahead are planned from
today. Nothing is lost.

  bounceback brief my-case.toml --json > monday.json
  bounceback replan my-case.toml --from monday.json
  bounceback replan my-case.toml --from monday.json --json > today.json

--from names the earlier plan. If your case file says a session is done, that
counts.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from bounceback.cli.arguments import add_case, add_json, add_on
from bounceback.cli.console import Screen


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the case, the earlier plan, the day and the form of the answer."""
    add_case(parser)
    parser.add_argument(
        "--from",
        dest="earlier",
        metavar="OLD.json",
        type=Path,
        required=True,
        help="an earlier plan, as `brief --json` or `plan --json` wrote it",
    )
    add_on(parser)
    add_json(parser)


def answer(arguments: argparse.Namespace, screen: Screen) -> int:
    """Answer the question."""
    from bounceback.cli import render
    from bounceback.cli.case_input import asked_again, opened

    b = asked_again(arguments)
    if not opened(b, "replan", arguments, screen):
        return 0
    render.changes(b, screen, when_none=True)
    render.plan(b, screen, days=14)
    render.ledger(b, screen)
    render.levers(b, screen)
    render.notes(b, screen)
    return 0
