"""Open the web app: your plan, cards and chances in the browser.

  bounceback serve                      then open the address it prints
  bounceback serve --port 8765          if another program uses 8000
  bounceback serve --phone              also for paired phones on your Wi-Fi

The address has a key that is new at every start. It keeps out other people who
use this computer. Your data stays in your data folder, or in BOUNCEBACK_HOME.
Nothing is sent to other computers. --phone opens the app to
your home network for paired devices, until you stop it or 12 hours have passed.
"""

from __future__ import annotations

import argparse
import sys

from bounceback.cli.console import Screen


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare where to serve, and for whom."""
    configure_address(parser)
    configure_phone(parser)


def configure_address(parser: argparse.ArgumentParser) -> None:
    """Declare where to serve."""
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        metavar="HOST",
        help="a loopback address (default: 127.0.0.1)",
    )
    parser.add_argument(
        "--port", default=8000, type=int, metavar="PORT", help="port (default: 8000)"
    )


def configure_phone(parser: argparse.ArgumentParser) -> None:
    """Declare what a real record alone is served with."""
    parser.add_argument(
        "--phone",
        action="store_true",
        help="let paired phones on your home network connect",
    )
    parser.add_argument(
        "--restore-copy",
        action="store_true",
        help="first restore the newest daily copy of your data",
    )
    parser.add_argument("--no-browser", action="store_true", help="don't open a browser")


def answer(arguments: argparse.Namespace, screen: Screen) -> int:
    """Serve until stopped."""
    from bounceback_web.config.server import Options, serve_with

    options = Options(
        phone=arguments.phone,
        restore_copy=arguments.restore_copy,
        browser=sys.stdout.isatty() and not arguments.no_browser,
    )
    serve_with(arguments.host, arguments.port, options, lambda line: say_at_once(screen, line))
    return 0


def say_at_once(screen: Screen, line: str) -> None:
    """Print a line now: a server's address cannot wait for the end of the answer."""
    screen.line(line)
    screen.show()
