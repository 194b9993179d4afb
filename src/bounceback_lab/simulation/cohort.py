"""First takers of one exam and group, and those among them who fail and sit again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bounceback_lab.simulation import random_streams
from bounceback_lab.simulation.habits import retakes
from bounceback_lab.simulation.parameters import Cell, Parameters
from bounceback_lab.simulation.simulator import World

_CANDIDATES_AT_FIRST, _CANDIDATES_AT_ONCE = 250, 4000
# Nobody fails from an expected score on the day this many standard errors of the items above the
# mark (one in a thousand million), so their items need not be drawn.
_CLEAR_STANDARD_ERRORS = 6.0


@dataclass(frozen=True, slots=True)
class Retakers:
    """The first retakers of a stream of first takers.

    Attributes:
        keys: Keys of those who failed and sit again, shape (wanted,).
        tested: First takers looked at.
        failed: How many of them failed.
    """

    keys: NDArray[np.uint64]
    tested: int
    failed: int


def _stream(seed: int, cell: Cell) -> tuple[int, int]:
    return seed, int(random_streams.text_key(cell.exam, cell.group)[0] % np.uint64(2**32))


def first_takers(cell: Cell, p: Parameters, seed: int, size: int) -> World:
    """``size`` first takers on the day of their sitting."""
    return World(cell.exam, random_streams.keys(*_stream(seed, cell), size=size), cell.level, p)


def retakers(cell: Cell, p: Parameters, seed: int, wanted: int) -> Retakers:
    """Draw first takers until ``wanted`` of them have failed and sit again.

    The first k retakers are the same for every ``wanted`` of at least k.
    """
    generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence(_stream(seed, cell))))
    scale = p.exams[cell.exam]
    error = 100 * scale.points_per_percent * (0.25 / scale.items) ** 0.5
    clear = scale.mark + _CLEAR_STANDARD_ERRORS * error
    found: list[NDArray[np.uint64]] = []
    tested = failed = have = 0
    size = _CANDIDATES_AT_FIRST
    while have < wanted:
        key = generator.integers(0, 2**64, size=size, dtype=np.uint64)
        size = min(2 * size, _CANDIDATES_AT_ONCE)
        world = World(cell.exam, key, cell.level, p)
        expected = world.expected_score(world.usual_skill() + world.sitting_day_shift())
        doubtful = np.flatnonzero(expected < clear)
        sat = world.sit(doubtful)
        below = doubtful[~sat.passed]
        again = retakes(
            world.take(below),
            cell,
            p,
            (sat.score[~sat.passed] - scale.mark) / scale.points_per_percent,
        )
        found.append(key[below[again]])
        have += len(found[-1])
        tested += len(key)
        failed += len(below)
    return Retakers(
        np.concatenate(found)[:wanted] if found else random_streams.keys(0, size=0), tested, failed
    )
