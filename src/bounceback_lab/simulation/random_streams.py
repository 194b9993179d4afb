"""Luck that belongs to a learner, not to the order of the calls.

Every draw is a pure function of the learner's 64-bit key, a purpose and indices (a facet, a day,
the label of a form, how often it was taken). So the same learner meets the same luck under any
policy, in any batch, in any order: common random numbers by construction. The keys come from one
``numpy.random.Generator`` per population; the draws are the SplitMix64 finaliser over the key and
the indices (Steele, Lea and Flood, 2014, "Fast splittable pseudorandom number generators").
"""

from __future__ import annotations

import zlib
from typing import Final

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]
Floats = NDArray[np.float64]

_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
_FIRST: Final = np.uint64(0xBF58476D1CE4E5B9)
_SECOND: Final = np.uint64(0x94D049BB133111EB)
_OTHER_HALF: Final = np.uint64(0xD1B54A32D192ED03)


def keys(seed: int, *stream: int, size: int) -> Keys:
    """Keys of ``size`` learners; the first k are the same for every ``size`` of at least k."""
    generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence((seed, *stream))))
    return generator.integers(0, 2**64, size=size, dtype=np.uint64)


def text_key(*words: str) -> Keys:
    """A key made of words, shape (1,): the luck of a form or an exam, the same for everybody."""
    text = "\x1f".join(words).encode()
    number = (zlib.crc32(text) << 32) | zlib.crc32(text[::-1] + b"!")
    return np.array([number], dtype=np.uint64)


def _mixed(x: Keys) -> Keys:
    x = (x ^ (x >> np.uint64(30))) * _FIRST
    x = (x ^ (x >> np.uint64(27))) * _SECOND
    mixed: Keys = x ^ (x >> np.uint64(31))
    return mixed


def _hash(key: Keys, purpose: str, indices: tuple[object, ...]) -> Keys:
    salt = zlib.crc32(purpose.encode()) * int(_GOLDEN) % 2**64
    h = _mixed(key + np.uint64(salt))
    for index in indices:
        step = np.atleast_1d(np.asarray(index)).astype(np.int64).astype(np.uint64)
        h = _mixed(h + (step + np.uint64(1)) * _GOLDEN)
    return h


def _unit(h: Keys) -> Floats:
    unit: Floats = ((h >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53
    return unit


def uniform(key: Keys, purpose: str, *indices: object) -> Floats:
    """Uniform draws in the open interval (0, 1); shape = key and indices broadcast together."""
    return _unit(_hash(key, purpose, indices))


def exponential(key: Keys, purpose: str, *indices: object) -> Floats:
    """Exponential draws of mean 1."""
    draws: Floats = -np.log(uniform(key, purpose, *indices))
    return draws


def normal(key: Keys, purpose: str, *indices: object) -> Floats:
    """Standard normal draws (Box-Muller on two halves of the same hash)."""
    h = _hash(key, purpose, indices)
    radius = np.sqrt(-2.0 * np.log(_unit(h)))
    draws: Floats = radius * np.cos(2.0 * np.pi * _unit(_mixed(h ^ _OTHER_HALF)))
    return draws
