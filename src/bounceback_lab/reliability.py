"""Reliability of chances without bins (CORP), and the net benefit of acting on them.

CORP (Dimitriadis, Gneiting, Jordan 2021): the observed share of passes as an isotonic function of
the chance said, by pooling adjacent violators, with the band in which that function lies if the
chances are right. The Brier score splits into miscalibration - discrimination + uncertainty.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bounceback.forecast.normal import Floats


def isotonic(p: Floats, y: Floats) -> Floats:
    """Least-squares fit of ``y`` that never falls as ``p`` rises, in the order of ``p``.

    Pools adjacent violators; equal chances share one value.

    Args:
        p: (N,) chances said.
        y: (N,) what came, 0 or 1 (or any number).

    Returns:
        (N,) fitted values, each for its own learner.
    """
    said, place = np.unique(p, return_inverse=True)
    weight = np.bincount(place).astype(np.float64)
    value = np.bincount(place, weights=y) / weight
    mean: list[float] = []
    mass: list[float] = []
    count: list[int] = []
    for v, w in zip(value.tolist(), weight.tolist(), strict=True):
        mean.append(v)
        mass.append(w)
        count.append(1)
        while len(mean) > 1 and mean[-2] >= mean[-1]:
            v1, w1, n1 = mean.pop(), mass.pop(), count.pop()
            total = mass[-1] + w1
            mean[-1] = (mass[-1] * mean[-1] + w1 * v1) / total
            mass[-1], count[-1] = total, count[-1] + n1
    fitted = np.repeat(mean, count)
    assert len(fitted) == len(said)
    return np.asarray(fitted[place])


@dataclass(frozen=True, slots=True)
class Reliability:
    """CORP reliability of N chances.

    Attributes:
        miscalibration: What recalibrating would remove from the Brier score.
        discrimination: What knowing the chances removes from the uncertainty.
        uncertainty: Brier score of the base rate.
        miscalibration_if_right: 95th percentile of ``miscalibration`` if every chance were right.
        inside: Share of learners whose fitted value lies in the band.
        curve: (G, 4) chance said, observed share there, and the band's ends.
    """

    miscalibration: float
    discrimination: float
    uncertainty: float
    miscalibration_if_right: float
    inside: float
    curve: Floats


def corp(p: Floats, y: Floats, *, seed: int, draws: int = 200, level: float = 0.9) -> Reliability:
    """CORP reliability with its consistency band.

    Args:
        p: (N,) chances said; read to a thousandth, which no page shows.
        y: (N,) what came, 0 or 1.
        seed: Of the outcomes drawn under the chances said.
        draws: How many times outcomes are drawn.
        level: Pointwise level of the band.
    """
    rng = np.random.default_rng(seed)
    p = np.round(p, 3)
    fitted = isotonic(p, y)
    drawn, right = np.empty((draws, len(p))), np.empty(draws)
    for k in range(draws):
        came = (rng.random(len(p)) < p).astype(np.float64)
        drawn[k] = isotonic(p, came)
        right[k] = np.square(p - came).mean() - np.square(drawn[k] - came).mean()
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)
    brier, recalibrated = np.square(p - y).mean(), np.square(fitted - y).mean()
    uncertainty = float(y.mean() * (1.0 - y.mean()))
    order = np.argsort(p, kind="stable")
    shown = order[np.linspace(0, len(p) - 1, min(21, len(p))).astype(int)]
    return Reliability(
        miscalibration=float(brier - recalibrated),
        discrimination=float(uncertainty - recalibrated),
        uncertainty=uncertainty,
        miscalibration_if_right=float(np.quantile(right, 0.95)),
        inside=float(np.mean((fitted >= low - 1e-12) & (fitted <= high + 1e-12))),
        curve=np.column_stack([p[shown], fitted[shown], low[shown], high[shown]]),
    )


def net_benefit(sits: Floats, passed: Floats, threshold: float) -> float:
    """Passes of those who sit, less failures at the odds of the threshold, per learner.

    A threshold t says that one failed attempt weighs as much as t / (1 - t) passed ones: who would
    sit from a chance of t on. Nobody sitting has 0 (Vickers and Elkin 2006).

    Args:
        sits: (N,) 1 for who sits under the rule.
        passed: (N,) 1 for who would pass.
        threshold: t in (0, 1).
    """
    odds = threshold / (1.0 - threshold)
    return float(np.mean(sits * passed) - odds * np.mean(sits * (1.0 - passed)))


__all__ = ["Reliability", "corp", "isotonic", "net_benefit"]
