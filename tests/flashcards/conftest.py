"""Simulated students for the tests: reviews drawn from FSRS-6 with known weights."""

import numpy as np
import pytest

from bounceback.flashcards import fsrs
from bounceback.flashcards.replay import Histories, histories


def _log_of(weights: fsrs.Weights, cards: int, seed: int, days: int = 300) -> Histories:
    """Draw a review log: each card starts on a random day and is asked near its due day."""
    rng = np.random.default_rng(seed)
    rows = []
    for card in range(cards):
        day, gap, memory = float(rng.integers(0, days)), 0, None
        for k in range(int(min(rng.geometric(1 / 9), 60))):
            if memory is None:
                rating = int(rng.choice(4, p=[0.24, 0.1, 0.49, 0.17])) + 1
            elif gap < 1:
                rating = int(rng.choice(4, p=[0.15, 0.06, 0.73, 0.06])) + 1
            elif rng.random() > fsrs.retrievability(weights, memory.stability_days, gap):
                rating = 1
            else:
                rating = int(rng.choice(3, p=[0.22, 0.63, 0.15])) + 2
            rows.append((card, int(day * 86_400_000) + k, rating, gap))
            memory = fsrs.step(weights, memory, rating, gap)
            if rating == 1 or (k == 0 and rating == 2):
                gap = 0
            else:
                spread = np.exp(0.4 * rng.standard_normal())
                gap = int(min(max(round(memory.stability_days * spread), 1), 400))
            day += gap + 0.001
    card, times, rating, gap = np.array(rows).T
    starts = np.concatenate([[0], np.cumsum(np.bincount(card, minlength=cards))])
    return histories(starts, rating, gap, times_ms=times)


def _away_from_default(seed: int) -> fsrs.Weights:
    """Draw weights half a spread away from the defaults."""
    from bounceback.flashcards.parameters import group

    rng = np.random.default_rng(seed)
    rows = group("weight")
    values = [row.value + 0.5 * row.spread * rng.standard_normal() for row in rows]
    values[:4] = sorted(row.value * np.exp(0.6 * rng.standard_normal()) for row in rows[:4])
    return fsrs.weights(values)


@pytest.fixture(scope="session")
def log_of():
    return _log_of


@pytest.fixture(scope="session")
def away_from_default():
    return _away_from_default
