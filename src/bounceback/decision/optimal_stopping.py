"""What each date is worth while the practice tests before it are still to come.

Backward induction over the news that those tests will bring. On the last decision day before a date
one takes the exam on it, or moves to a later date, or takes it on none of them. The state is the
news for that date, standard normal as seen from today: what it resolves of level, pace, adherence
and practice gap together is given by ``bounceback.forecast.lookahead``. News for one date and news
for a later one are jointly normal with a known correlation, so that

    P_i(u) = Phi((z_i + sqrt(r_i) u) / sqrt(1 - r_i)),    u_j = g_ij u_i + sqrt(1 - g_ij^2) e

with ``z_i`` the normal quantile of the chance of today and ``r_i`` the share resolved. The mean of
``P_i`` is the chance of today. Integrated by Gauss-Hermite quadrature on a grid;
``tests/decision/test_optimal_stopping.py`` holds it to a simulation of the same policy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from bounceback.forecast import normal
from bounceback.forecast.normal import Floats

GRID_END: Final = 4.0
GRID: Final = 65
NODES: Final = 9


@dataclass(frozen=True, slots=True)
class Costs:
    """Utility lost, in the unit of the priorities (a week of delay).

    Attributes:
        failure: (D,) by a failed attempt on each date.
        date: (D,) by the date itself: weeks of delay and deadlines its result would miss.
        move_now: By moving today.
        move_late: By moving on a later decision day.
        outside: By taking the exam on none of the dates: building up and booking anew, or letting
            the eligibility period expire.
    """

    failure: Floats
    date: Floats
    move_now: float
    move_late: float
    outside: float


@dataclass(frozen=True, slots=True)
class Worth:
    """What the dates are worth.

    Attributes:
        held: (D,) utility of holding each date and deciding when its tests are in.
        fixed: (D,) utility of taking the exam on each date whatever the tests say.
        kept: (D,) chance that a date which is held will be kept on its decision day.
        threshold: (D,) least chance on the decision day at which the date is kept; 1 if never.
    """

    held: Floats
    fixed: Floats
    kept: Floats
    threshold: Floats


def value_dates(chance: Floats, resolved: Floats, link: Floats, costs: Costs) -> Worth:
    """Value every date.

    Args:
        chance: (D,) chance of today on each date, oldest first.
        resolved: (D,) share of its variance that the tests before it resolve.
        link: (D, D) correlation of the news for date i and for date j.
        costs: What is lost.

    Raises:
        ValueError: No date is given.
    """
    n = len(chance)
    if not n:
        raise ValueError("no dates; give at least one")
    u, density = _grid()
    x, weight = gauss_hermite(NODES)
    held_chance = np.clip(chance, 1e-6, 1.0 - 1e-6)
    z = np.array([normal.quantile(float(p)) for p in held_chance])
    then = normal.cdf(
        (z[:, None] + np.sqrt(resolved)[:, None] * u) / np.sqrt(1.0 - resolved)[:, None]
    )
    sit = -(1.0 - then) * costs.failure[:, None] - costs.date[:, None]
    best = np.empty_like(sit)
    between = density[:-1] + density[1:]
    share = between / between.sum()
    kept, threshold = np.zeros(n), np.ones(n)
    for i in range(n - 1, -1, -1):
        other = np.full(len(u), -costs.outside)
        if i + 1 < n:
            g = link[i, i + 1 :]
            news = g[:, None, None] * u[None, :, None]
            news = news + np.sqrt(np.maximum(1.0 - g**2, 0.0))[:, None, None] * x
            later = np.stack(
                [np.interp(news[k], u, best[i + 1 + k]) @ weight for k in range(n - i - 1)]
            )
            other = np.maximum(other, later.max(axis=0) - costs.move_late)
        lead = np.clip(sit[i] - other, -1e9, 1e9)
        best[i] = np.maximum(sit[i], other)
        kept[i] = float(share @ _positive(lead))
        if lead.max() >= 0.0:
            first = int(np.argmax(lead >= 0.0))
            before = max(first - 1, 0)
            part = 0.0 if first == before else -lead[before] / (lead[first] - lead[before])
            threshold[i] = float(then[i][before] + part * (then[i][first] - then[i][before]))
    fixed = -(1.0 - chance) * costs.failure - costs.date
    return Worth(best @ density, fixed, kept, threshold)


def _positive(lead: Floats) -> Floats:
    """Return the part of each interval of the grid on which the line through its ends is above 0.

    So that the share of futures in which a date is kept moves with the values and not in steps.
    """
    a, b = lead[:-1], lead[1:]
    length = np.abs(a) + np.abs(b)
    above = np.maximum(a, 0.0) + np.maximum(b, 0.0)
    return np.where(length > 0.0, above / np.where(length > 0.0, length, 1.0), 1.0)


@lru_cache(maxsize=1)
def _grid() -> tuple[Floats, Floats]:
    u = np.linspace(-GRID_END, GRID_END, GRID)
    density = normal.pdf(u)
    return u, np.asarray(density / density.sum())


@lru_cache(maxsize=4)
def gauss_hermite(nodes: int) -> tuple[Floats, Floats]:
    """Nodes and weights of the mean under a standard normal (Golub and Welsch 1969).

    The nodes are the eigenvalues of the Jacobi matrix of the Hermite polynomials. NumPy's own
    ``polynomial`` gives the same, and takes a tenth of a cold answer to load.
    """
    beside = np.diag(np.sqrt(np.arange(1.0, nodes)), 1)
    x, vectors = np.linalg.eigh(beside + beside.T)
    return x, np.square(vectors[0])


def best_date(worth: Worth, allowed: Sequence[bool]) -> int | None:
    """Return the place of the date worth most to hold, the earlier of two alike."""
    places = [i for i, ok in enumerate(allowed) if ok]
    if not places:
        return None
    return max(places, key=lambda i: (round(float(worth.held[i]), 9), -i))
