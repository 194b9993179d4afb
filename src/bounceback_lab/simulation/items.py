"""Items, and the tests that are made of them.

An item asks one facet of one area. Who can retrieve the facet answers as a three-parameter item of
difficulty ``b - gain / 2``, who cannot as one of ``b + gain / 2``::

    P(correct) = c + (1 - c) [ R s(a (t + g/2 - b)) + (1 - R) s(a (t - g/2 - b)) ]

with ``t`` the skill on the day (logits), ``R`` the chance that the facet comes to mind, ``g`` the
facet gain, ``a`` slope, ``b`` difficulty, ``c`` guessing, ``s`` the logistic function.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bounceback_lab.simulation import random_streams
from bounceback_lab.simulation.parameters import ExamScale, Parameters

Floats = NDArray[np.float64]
Single = NDArray[np.float32]
Ints = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class ItemSet:
    """The items of one test, sorted by area; every array has shape (items,).

    Attributes:
        name: What the luck of an answer is keyed by.
        area: Index of the area.
        facet: Index of the facet inside the area.
        slope: Discrimination ``a``.
        difficulty: Difficulty ``b``, logits.
    """

    name: str
    area: Ints
    facet: Ints
    slope: Single
    difficulty: Single

    def per_area(self, areas: int) -> Ints:
        """Number of items in each area, shape (areas,)."""
        counts: Ints = np.bincount(self.area, minlength=areas)
        return counts


def apportioned(weights: tuple[float, ...], items: int) -> Ints:
    """Whole items for each area by largest remainder; sums to ``items``."""
    exact = np.asarray(weights) * items
    whole = np.floor(exact).astype(np.intp)
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[: items - int(whole.sum())]] += 1
    counts: Ints = whole
    return counts


@lru_cache(maxsize=4096)
def item_set(scale: ExamScale, p: Parameters, items: int, *name: str) -> ItemSet:
    """The items of the test called ``name``; the same name always gives the same items."""
    key = random_streams.text_key(scale.exam, *name)
    each = np.arange(items)
    area = np.repeat(np.arange(len(scale.areas)), apportioned(scale.weights, items))
    facets = int(p["facets_per_area"])
    shift = p["form_difficulty_sd"] * float(random_streams.normal(key, "form difficulty")[0])
    return ItemSet(
        name="/".join((scale.exam, *name)),
        area=area,
        facet=(random_streams.uniform(key, "facet", each) * facets).astype(np.intp),
        slope=np.exp(p["item_slope_log_sd"] * random_streams.normal(key, "slope", each)).astype(
            np.float32
        ),
        difficulty=(
            p["item_difficulty_mean"]
            + shift
            + p["item_difficulty_sd"] * random_streams.normal(key, "difficulty", each)
        ).astype(np.float32),
    )


def _logistic(x: Single) -> Single:
    y: Single = np.reciprocal(1 + np.exp(-x))
    return y


def p_correct(items: ItemSet, p: Parameters, skill: Floats, recall: Single) -> Single:
    """Chance of a correct answer, shape (learners, items).

    Args:
        items: The test.
        p: The constants.
        skill: Skill on the day, logits, shape (learners,).
        recall: Chance that each item's facet comes to mind, shape (learners, items).
    """
    half = np.float32(p["facet_gain"] / 2)
    guess = np.float32(p["guessing"])
    distance = skill.astype(np.float32)[:, None] - items.difficulty
    with_facet = _logistic(items.slope * (distance + half))
    without = _logistic(items.slope * (distance - half))
    p_right: Single = guess + (1 - guess) * (without + recall * (with_facet - without))
    return p_right


@dataclass(frozen=True, slots=True)
class PoolCurves:
    """Mean chance of a correct answer over the whole pool, by skill, with and without the facet."""

    skill: Floats
    with_facet: Floats
    without: Floats

    def __call__(self, skill: Floats) -> tuple[Floats, Floats]:
        """The two curves at ``skill`` (logits), each of its shape."""
        return (
            np.interp(skill, self.skill, self.with_facet),
            np.interp(skill, self.skill, self.without),
        )


def pool_curves(p: Parameters) -> PoolCurves:
    """Curves of the reference pool: quantiles of difficulty and slope, no form shift."""
    probability = (np.arange(40) + 0.5) / 40
    # Quantiles of the standard normal without SciPy: a fine table of the distribution function.
    grid = np.linspace(-5.0, 5.0, 20001)
    density = np.exp(-0.5 * grid**2)
    z = np.interp(probability, np.cumsum(density) / density.sum(), grid)
    difficulty = (p["item_difficulty_mean"] + p["item_difficulty_sd"] * z)[:, None, None]
    slope = np.exp(p["item_slope_log_sd"] * z)[None, :, None]
    skill = np.linspace(-6.0, 6.0, 241)
    half, guess = p["facet_gain"] / 2, p["guessing"]

    def mean(offset: float) -> Floats:
        curve = 1.0 / (1.0 + np.exp(-slope * (skill + offset - difficulty)))
        averaged: Floats = guess + (1 - guess) * curve.mean(axis=(0, 1))
        return averaged

    return PoolCurves(skill, mean(half), mean(-half))
