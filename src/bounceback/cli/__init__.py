"""The command line: parse, ask, print. ``main(argv)`` returns the exit status."""

from bounceback.cli.dispatch import main

__all__ = ["main"]
