"""Luck belongs to the learner."""

import numpy as np
import pytest

from bounceback_lab.simulation import random_streams


def test_the_first_keys_are_the_same_however_many_are_drawn():
    few, many = random_streams.keys(7, size=10), random_streams.keys(7, size=1000)
    assert (few == many[:10]).all()
    assert (few != random_streams.keys(8, size=10)).all()


def test_a_draw_depends_on_learner_purpose_and_index_and_on_nothing_else():
    key = random_streams.keys(1, size=100)
    whole = random_streams.uniform(key, "answer", 3)
    assert (random_streams.uniform(key[40:60], "answer", 3) == whole[40:60]).all()
    assert not np.isclose(random_streams.uniform(key, "answer", 4), whole).any()
    assert not np.isclose(random_streams.uniform(key, "day", 3), whole).any()


@pytest.mark.parametrize(
    ("draw", "mean", "variance"),
    [
        (random_streams.uniform, 0.5, 1 / 12),
        (random_streams.normal, 0.0, 1.0),
        (random_streams.exponential, 1.0, 1.0),
    ],
)
def test_draws_have_their_mean_and_variance_over_learners_and_over_indices(draw, mean, variance):
    size = 200_000
    over_learners = draw(random_streams.keys(2, size=size), "a")
    over_indices = draw(random_streams.keys(3, size=1), "a", np.arange(size))
    for draws in (over_learners, over_indices):
        assert abs(draws.mean() - mean) < 5 * np.sqrt(variance / size)
        assert abs(draws.var() - variance) < 0.02 * max(variance, 1)
        assert abs(np.corrcoef(draws[:-1], draws[1:])[0, 1]) < 0.012
