"""The normal distribution on whole arrays, in NumPy alone: the only one of the engine.

``cdf`` is Cody's (1969, Rational Chebyshev approximations for the error function, Math. Comp. 23),
within a few units in the last place of ``math.erfc``.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

CHUNK: Final = 16_384
"""Values worked through together: the dozen arrays of one chunk stay within the cache."""
_SQRT_HALF: Final = math.sqrt(0.5)
_LOG_SQRT_2PI: Final = 0.5 * math.log(2.0 * math.pi)


def cdf(x: Floats) -> Floats:
    """Φ(x), the share of a standard normal at or below x. Any shape."""
    a = np.asarray(x, dtype=np.float64)
    if a.size <= CHUNK:
        return 0.5 * _erfc(-_SQRT_HALF * a)
    flat = a.ravel()
    out = np.empty_like(flat)
    for start in range(0, flat.size, CHUNK):
        part = slice(start, start + CHUNK)
        out[part] = 0.5 * _erfc(-_SQRT_HALF * flat[part])
    return out.reshape(a.shape)


# Coefficients of the numerators and denominators, highest power first: |x| up to 0.46875, from
# there to 4, and beyond.
# fmt: off
_NEAR: Final = (
    (1.85777706184603153e-1, 3.16112374387056560e0, 1.13864154151050156e2,
     3.77485237685302021e2, 3.20937758913846947e3),
    (1.0, 2.36012909523441209e1, 2.44024637934444173e2,
     1.28261652607737228e3, 2.84423683343917062e3),
)
_MIDDLE: Final = (
    (2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594e0,
     6.61191906371416295e1, 2.98635138197400131e2, 8.81952221241769090e2,
     1.71204761263407058e3, 2.05107837782607147e3, 1.23033935479799725e3),
    (1.0, 1.57449261107098347e1, 1.17693950891312499e2,
     5.37181101862009858e2, 1.62138957456669019e3, 3.29079923573345963e3,
     4.36261909014324716e3, 3.43936767414372164e3, 1.23033935480374942e3),
)
_FAR: Final = (
    (1.63153871373020978e-2, 3.05326634961232344e-1, 3.60344899949804439e-1,
     1.25781726111229246e-1, 1.60837851487422766e-2, 6.58749161529837803e-4),
    (1.0, 2.56852019228982242e0, 1.87295284992346047e0,
     5.27905102951428412e-1, 6.05183413124413191e-2, 2.33520497626869185e-3),
)
# fmt: on
_ONE_OVER_SQRT_PI: Final = 1.0 / math.sqrt(math.pi)
_LARGEST: Final = 27.0
"""``erfc`` of it is below 1e-300: nothing further out is told from 0."""


def _ratio(coefficients: tuple[tuple[float, ...], tuple[float, ...]], x: Floats) -> Floats:
    above, below = (np.full_like(x, c[0]) for c in coefficients)
    for a, b in zip(coefficients[0][1:], coefficients[1][1:], strict=True):
        above = above * x + a
        below = below * x + b
    return above / below


def _erfc(x: Floats) -> Floats:
    """The complementary error function. Any shape."""
    size = np.minimum(np.abs(x), _LARGEST)
    # exp(-x²) with x split, so that the square's rounding does not grow in the exponent.
    head = np.trunc(size * 16.0) / 16.0
    fall = np.exp(-head * head) * np.exp(-(size - head) * (size + head))
    tail = np.asarray(fall * _ratio(_MIDDLE, np.minimum(size, 4.0)))
    far = size > 4.0
    if far.any():
        t = size[far]
        inverse = 1.0 / np.square(t)
        tail[far] = fall[far] * (_ONE_OVER_SQRT_PI - _ratio(_FAR, inverse) * inverse) / t
        tail[size >= _LARGEST] = 0.0
    out = np.where(x < 0.0, 2.0 - tail, tail)
    near = size <= 0.46875
    if near.any():
        t = x[near]
        out[near] = 1.0 - t * _ratio(_NEAR, t * t)
    return np.asarray(out)


def pdf(x: Floats) -> Floats:
    """φ(x), the standard normal density. Any shape."""
    a = np.asarray(x, dtype=np.float64)
    return np.exp(-0.5 * a * a - _LOG_SQRT_2PI)


def quantile(p: float) -> float:
    """The x with Φ(x) = p, for p in (0, 1), to within 1e-14 of it or of 1.

    Newton's method on the lower half, where Φ is convex: from 0 each step falls short of x and none
    goes beyond it. (The standard library's would take 3 ms of imports.)
    """
    if not 0.0 < p < 1.0:
        raise ValueError(f"a quantile of {p} is not finite; allowed: above 0 and below 1")
    if p > 0.5:
        return -quantile(1.0 - p)
    x, step = 0.0, 1.0
    while step > 1e-15 * (1.0 - x):
        density = math.exp(-0.5 * x * x - _LOG_SQRT_2PI)
        step = (0.5 * math.erfc(-_SQRT_HALF * x) - p) / density
        x -= step
    return x


def quantiles(p: Floats) -> Floats:
    """The x with Φ(x) = p for every p in (0, 1), to within 1e-13 of it or of 1. Any shape.

    A start within 0.0005 (Abramowitz and Stegun 1964, 26.2.23), then Halley steps on the half where
    shares are small, so that no digit is lost to 1.
    """
    share = np.asarray(p, dtype=np.float64)
    if not ((share > 0.0) & (share < 1.0)).all():
        raise ValueError("a quantile of 0 or 1 is not finite; allowed: above 0 and below 1")
    small = np.minimum(share, 1.0 - share)
    t = np.sqrt(-2.0 * np.log(small))
    above = (0.010328 * t + 0.802853) * t + 2.515517
    x = above / (((0.001308 * t + 0.189269) * t + 1.432788) * t + 1.0) - t
    for _ in range(3):
        error = (cdf(x) - small) / np.maximum(pdf(x), 1e-300)
        x = x - error / (1.0 + 0.5 * x * error)
    return np.asarray(np.where(share > 0.5, -x, x))


def log_upper(x: Floats) -> Floats:
    """log(1 - Φ(x)), stable far into the tail. Any shape.

    Beyond 20 the asymptotic series of Mills' ratio is used (relative error below 1e-8 there).
    """
    a = np.asarray(x, dtype=np.float64)
    far = a > 20.0
    near = np.log(np.maximum(cdf(-np.where(far, 0.0, a)), 1e-300))
    t = np.where(far, a, 30.0)
    series = 1.0 - 1.0 / t**2 + 3.0 / t**4 - 15.0 / t**6
    tail = -0.5 * t * t - _LOG_SQRT_2PI - np.log(t) + np.log(series)
    return np.where(far, tail, near)


def hazard(x: Floats) -> Floats:
    """φ(x) / (1 - Φ(x)): mean of a standard normal above x. Any shape, stable in both tails."""
    a = np.asarray(x, dtype=np.float64)
    return np.exp(-0.5 * a * a - _LOG_SQRT_2PI - log_upper(a))
