"""What waiting is worth: backward induction over the belief's mean (rule D6).

The state on a future date is the mean of the belief held then. Between two dates it moves by the
growth that is expected and by what the measures taken in between will reveal; what they reveal is
what the spread of ability loses. On the last date one sits or lets the period lapse; on every
earlier date one sits or waits, whichever is worth more. The value of waiting is what this is worth
today above the best date fixed today.

The belief is taken as Gaussian in log distance with the mixture's mean and variance on each date,
integrated by Gauss-Hermite quadrature; ``tests/decision/test_waiting.py`` holds it to a simulation
of the same policy.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bounceback.forecast.normal import Floats, cdf


@dataclass(frozen=True, slots=True)
class Horizon:
    """What is known today about one future date.

    Attributes:
        weeks: Weeks from today.
        mean: Expected log distance of ability on the date.
        variance: Its variance as believed today, the day's own spread included.
        revealed: Part of that variance that the measures until then will have revealed.
        extra_cost: Utility lost there for other reasons (a deadline missed), at least 0.
    """

    weeks: float
    mean: float
    variance: float
    revealed: float
    extra_cost: float = 0.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """Value of keeping the choice open.

    Attributes:
        open_value: Utility of deciding on each date with what is known then.
        fixed_value: Utility of the best date if it were fixed today.
        thresholds: On each date the chance of passing from which sitting is worth more than
            waiting; 1.0 where it never is.
    """

    open_value: float
    fixed_value: float
    thresholds: tuple[float, ...]

    @property
    def option_value(self) -> float:
        """What keeping the choice open is worth, at least 0 up to quadrature error."""
        return self.open_value - self.fixed_value


def waiting(
    horizons: Sequence[Horizon],
    *,
    log_mark: float,
    sitting_sd: float,
    failure_cost: float,
    week_cost: float,
    lapse_cost: float,
    grid: int = 161,
    nodes: int = 15,
) -> Waiting:
    """Value the choice between sitting and waiting on each date.

    Args:
        horizons: Dates in order; at least one.
        log_mark: Log distance of the lowest passing score.
        sitting_sd: Noise of a sitting on the log scale (items and mark).
        failure_cost: Utility lost by a failure.
        week_cost: Utility lost by a week of delay.
        lapse_cost: Utility lost by letting the period end unused.
        grid: Points of the grid of means.
        nodes: Gauss-Hermite nodes a step.

    Returns:
        The values, with utility 0 for passing today.
    """
    if not horizons:
        raise ValueError("no dates; give at least one horizon")
    x, w = gauss_hermite(nodes)
    spread = max(math.sqrt(h.variance) for h in horizons)
    low = min(h.mean for h in horizons) - 6.0 * spread
    high = max(h.mean for h in horizons) + 6.0 * spread
    means = np.linspace(low, high, grid)

    def sit(h: Horizon, at: Floats, left: float) -> Floats:
        """Utility of sitting there when the belief has this mean and this variance left."""
        p = cdf((log_mark - at) / math.sqrt(left + sitting_sd**2))
        return np.asarray(-(1.0 - p) * failure_cost - h.weeks * week_cost - h.extra_cost)

    value = np.full(grid, -lapse_cost - horizons[-1].weeks * week_cost)
    thresholds: list[float] = []
    for i in range(len(horizons) - 1, -1, -1):
        h = horizons[i]
        left = max(h.variance - h.revealed, 1e-12)
        now = sit(h, means, left)
        chance = cdf((log_mark - means) / math.sqrt(left + sitting_sd**2))
        better = now >= value
        thresholds.append(float(chance[better].min()) if better.any() else 1.0)
        best = np.maximum(now, value)
        earlier = horizons[i - 1] if i > 0 else None
        growth = h.mean - earlier.mean if earlier is not None else 0.0
        news = h.revealed - (earlier.revealed if earlier is not None else 0.0)
        step = growth + math.sqrt(max(news, 0.0)) * x
        start = means if earlier is not None else np.array([h.mean])
        value = np.interp(start[:, None] + step[None, :], means, best) @ w
    fixed = max(
        *(float(sit(h, np.array([h.mean]), h.variance)[0]) for h in horizons),
        -lapse_cost - horizons[-1].weeks * week_cost,
    )
    return Waiting(float(value[0]), fixed, tuple(reversed(thresholds)))


def gauss_hermite(nodes: int) -> tuple[Floats, Floats]:
    """Nodes and weights of the mean under a standard normal (Golub and Welsch 1969).

    The nodes are the eigenvalues of the Jacobi matrix of the Hermite polynomials. NumPy's own
    ``polynomial`` gives the same, and takes a tenth of a cold answer to load.
    """
    beside = np.diag(np.sqrt(np.arange(1.0, nodes)), 1)
    x, vectors = np.linalg.eigh(beside + beside.T)
    return x, np.square(vectors[0])
