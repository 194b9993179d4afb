"""Show your chances by date, advice on your test date, and your plan.

  bounceback brief my-case.toml                     today, where you live
  bounceback brief my-case.toml --on 2027-01-04     as of another day
  bounceback brief my-case.toml --full              with rules and sources
  bounceback brief my-case.toml --json              for other programs

Results dated after that day are left out and listed in the notes.
"""

from __future__ import annotations

import argparse

from bounceback.cli.arguments import add_case, add_json, add_on, seed_number
from bounceback.cli.console import Screen


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the case, the day, the seed, the length and the form of the answer."""
    add_case(parser)
    add_on(parser)
    add_json(parser)
    parser.add_argument(
        "--full", action="store_true", help="show all sections, rules, sources and days"
    )
    parser.add_argument(
        "--seed",
        metavar="N",
        type=seed_number,
        default=0,
        help="seed for random draws (default: 0)",
    )


def answer(arguments: argparse.Namespace, screen: Screen) -> int:
    """Answer everything."""
    from bounceback.cli import brief_page, forecast_log, render
    from bounceback.cli.case_input import briefed
    from bounceback.cli.commands import cards_in_briefing
    from bounceback.records import read_case

    case = read_case(arguments.case)
    b, cards = briefed(case, arguments, seed=arguments.seed)
    kept = forecast_log.keep(arguments.case, case.record, b)
    if arguments.json:
        from bounceback.services import to_json

        answer_keys = dict(to_json(b))
        if cards is not None:
            answer_keys["cards"] = cards_in_briefing.keys(cards, b.plan.test_date)
        screen.json(answer_keys)
        return 0
    if not arguments.full:
        brief_page.show(b, screen, str(arguments.case), render.people_card(b))
        return 0
    render.opening(b, screen)
    if render.people_first(b):
        render.support_first(b, screen)
    for section in (
        render.forecast,
        render.decision,
        render.time_needed,
        render.remediation,
        render.changes,
        render.plan,
        lambda b, screen: cards_in_briefing.say(cards, b.plan.test_date, screen),
        render.ledger,
        render.levers,
        render.appraisal,
        render.help_offers,
        render.standing,
        lambda _, screen: forecast_log.show(kept, screen),
        render.notes,
        render.closing,
    ):
        section(b, screen)
    return 0
