"""What a row of the speed table is, and how two programs are timed fairly.

Differences below 1.5 times on a shared machine are noise; every row is a ratio against a named peer
measured in the same run, turn about, and the median of each is compared.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    Attributes:
        name: What was measured.
        ours: Median of ours, in ``unit``.
        peer: Median of the peer, in ``unit``.
        peer_name: Who the peer is, so that anyone can run it.
        goal: Largest ratio ours/peer that we accept.
        unit: Of both: ``s``, ``MB``, …; smaller is better.
    """

    name: str
    ours: float
    peer: float
    peer_name: str
    goal: float
    unit: str = "s"

    @property
    def ratio(self) -> float:
        """Ours divided by the peer's."""
        return self.ours / self.peer

    @property
    def holds(self) -> bool:
        """Whether the goal is met."""
        return self.ratio <= self.goal


def seconds(work: Callable[[], object]) -> float:
    """Return the wall-clock seconds one call takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def turn_about(*works: Callable[[], object], rounds: int = 7) -> tuple[float, ...]:
    """Return the median seconds of each piece of work, run in turns after one untimed round."""
    for work in works:
        work()
    taken = [[seconds(work) for work in works] for _ in range(rounds)]
    return tuple(statistics.median(column) for column in zip(*taken, strict=True))
