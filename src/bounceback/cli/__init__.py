"""The command line: parse, ask, print. ``main(argv)`` returns the exit status."""

from bounceback.cli.main import main

__all__ = ["main"]
