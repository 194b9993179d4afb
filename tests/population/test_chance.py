"""Luck belongs to the learner."""

import numpy as np
import pytest

from bounceback.population import chance


def test_the_first_keys_are_the_same_however_many_are_drawn():
    few, many = chance.keys(7, size=10), chance.keys(7, size=1000)
    assert (few == many[:10]).all()
    assert (few != chance.keys(8, size=10)).all()


def test_a_draw_depends_on_learner_purpose_and_index_and_on_nothing_else():
    key = chance.keys(1, size=100)
    whole = chance.uniform(key, "answer", 3)
    assert (chance.uniform(key[40:60], "answer", 3) == whole[40:60]).all()
    assert not np.isclose(chance.uniform(key, "answer", 4), whole).any()
    assert not np.isclose(chance.uniform(key, "day", 3), whole).any()


@pytest.mark.parametrize(
    ("draw", "mean", "variance"),
    [(chance.uniform, 0.5, 1 / 12), (chance.normal, 0.0, 1.0), (chance.exponential, 1.0, 1.0)],
)
def test_draws_have_their_mean_and_variance_over_learners_and_over_indices(draw, mean, variance):
    size = 200_000
    over_learners = draw(chance.keys(2, size=size), "a")
    over_indices = draw(chance.keys(3, size=1), "a", np.arange(size))
    for draws in (over_learners, over_indices):
        assert abs(draws.mean() - mean) < 5 * np.sqrt(variance / size)
        assert abs(draws.var() - variance) < 0.02 * max(variance, 1)
        assert abs(np.corrcoef(draws[:-1], draws[1:])[0, 1]) < 0.012
