"""The web app, on this machine alone: your record, plan and forecast as pages.

  bounceback serve                      then open the address it prints
  bounceback serve --port 8765          where another program holds 8000

What you enter is kept in the platform's data folder, or in BOUNCEBACK_HOME.
There is no account, and no request to any other machine; whoever reaches the
address reads everything, so it answers this machine alone.
"""

from __future__ import annotations

import argparse

from bounceback.cli.console import Screen


def configure(parser: argparse.ArgumentParser) -> None:
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


def answer(arguments: argparse.Namespace, screen: Screen) -> int:
    """Serve until stopped."""
    from bounceback_web.config.server import serve

    serve(arguments.host, arguments.port, say=lambda line: say_at_once(screen, line))
    return 0


def say_at_once(screen: Screen, line: str) -> None:
    """Print a line now: a server's address cannot wait for the end of the answer."""
    screen.line(line)
    screen.show()
