"""Progress of long work: on standard error, where somebody is looking at it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def counting(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """Give a function that is told how many are done, and shows it on a terminal.

    Args:
        what: What is counted, like "forecasts".
        total: How many there will be.
    """
    shown = sys.stderr.isatty()

    def say(done: int) -> None:
        if shown:
            print(f"\r{done:,} of {total:,} {what}", end="", file=sys.stderr, flush=True)

    try:
        yield say
    finally:
        if shown:
            print(f"\r{'':60}\r", end="", file=sys.stderr, flush=True)
