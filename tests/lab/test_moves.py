"""What the next practice test does to a chance."""

from __future__ import annotations

import numpy as np
import pytest

from bounceback_lab.moves import Moves, moves, said_range
from bounceback_lab.simulation import simulate


def test_the_next_test_moves_a_chance_either_way_alike() -> None:
    found = moves(simulate(600, 11, {"usmle-step-1": 1.0}))
    assert len(found.before) > 150
    assert np.std(found.after - found.before) > 0.03
    assert abs(found.mean) <= 0.02 + 2 * found.standard_error
    assert np.isnan(found.covered)


def test_a_range_is_held_against_what_was_said_next() -> None:
    population = simulate(60, 11, {"usmle-step-1": 1.0})
    wide = moves(population, future_range=lambda *_: (0.0, 1.0))
    empty = moves(population, future_range=lambda *_: (2.0, 3.0))
    assert wide.covered == 1.0
    assert empty.covered == 0.0


def test_the_range_that_is_said_holds_most_moves_and_not_all() -> None:
    found = moves(simulate(400, 11, {"usmle-step-1": 1.0}), future_range=said_range)
    assert 0.6 < found.covered < 0.95
    assert 0.0 < found.covered_standard_error < 0.1


def test_a_forecast_that_falls_at_every_test_is_found_out() -> None:
    before = np.linspace(0.2, 0.9, 400)
    found = Moves(before, before - 0.05, np.full(400, np.nan))
    assert found.mean == pytest.approx(-0.05)
    assert abs(found.mean) > 0.02 + 2 * found.standard_error
