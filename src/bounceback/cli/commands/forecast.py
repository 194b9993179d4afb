"""Show your chances of passing by date.

For each date: how many of 10 people with your results and plan would pass, the
likely score range, and what the numbers are based on.

  bounceback forecast my-case.toml                     today, where you live
  bounceback forecast my-case.toml --on 2027-01-04     as of another day
  bounceback forecast my-case.toml --json              for other programs
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
    from bounceback.cli import forecast_log, render
    from bounceback.cli.case_input import briefed, opened
    from bounceback.records import read_case

    case = read_case(arguments.case)
    b, _ = briefed(case, arguments)
    kept = forecast_log.keep(arguments.case, case.record, b)
    if not opened(b, "forecast", arguments, screen, numbers_follow=True):
        return 0
    render.forecast(b, screen, every=7)
    render.standing(b, screen)
    forecast_log.show(kept, screen)
    render.notes(b, screen)
    render.closing(b, screen)
    return 0
