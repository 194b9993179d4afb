"""List people you can talk to, any time.

Emergency numbers come first, then lines for students and physicians. Nothing is
sent anywhere, and no internet is needed.

  bounceback support                 all countries
  bounceback support --country US    one country (two letters)
"""

from __future__ import annotations

import argparse
from itertools import groupby

from bounceback.cli.arguments import add_json
from bounceback.cli.console import Screen


def country_code(text: str) -> str:
    """Read a country as its two-letter code."""
    if len(text) != 2 or not text.isascii() or not text.isalpha():
        raise argparse.ArgumentTypeError(
            f"{text!r} isn't a country code. Write two letters, like US or IN"
        )
    code = text.upper()
    return "GB" if code == "UK" else code  # as in a case file


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the country and the form of the answer."""
    parser.add_argument(
        "--country",
        metavar="CODE",
        type=country_code,
        help="where you are now, two letters (default: all countries)",
    )
    add_json(parser)


def answer(arguments: argparse.Namespace, screen: Screen) -> int:
    """List the lines, those of each country together."""
    from bounceback.messages.formatting import day_words
    from bounceback.services import published_facts as facts

    lines = facts.support_lines(arguments.country)
    if arguments.json:
        screen.json(
            {
                "support": [
                    {
                        "kind": line.kind,
                        "service": line.service,
                        "contact": line.contact,
                        "country": line.country,
                        "hours": line.hours,
                        "audience": line.audience,
                        "note": line.note,
                        "checked": line.checked,
                        "source": line.source,
                        "confidence": line.confidence,
                    }
                    for line in lines
                ]
            }
        )
        return 0
    screen.paragraph(
        "You don't have to be in danger to call. \"I failed my boards and I'm struggling\" is "
        "reason enough.",
    )
    # If the country is unknown, the international entries come first.
    known = arguments.country is not None
    by_country = sorted(lines, key=lambda line: ((line.country == "*") is known, line.country_name))
    for country, own in groupby(by_country, key=lambda line: line.country_name):
        screen.heading(country)
        for line in own:
            screen.paragraph(f"{line.service}: {line.contact}", indent=2, hanging=2)
            details = ". ".join(part for part in (line.hours, line.audience, line.note) if part)
            if details:
                screen.paragraph(details, indent=4, style="quiet")
    checked = min(line.checked for line in lines)
    screen.line()
    screen.paragraph(
        f"Numbers change. We checked these on published pages, the oldest on {day_words(checked)}. "
        "If no one answers, call the emergency number of your country."
    )
    return 0
