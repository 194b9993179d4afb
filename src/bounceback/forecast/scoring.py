"""Scoring of past forecasts: Brier, log score, reliability (rule F22).

A forecast is kept as it was shown, with its model version; the real result scores it. Nothing is
re-computed afterwards.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bounceback import facts

_OWN = facts.adopted()

MODEL_VERSION = "2026.12-1" + (f"+own-{_OWN[1]}" if _OWN else "")
"""Changes whenever the same record would be told another number; with an institution's own
constants it ends on the first digits of their digest."""


@dataclass(frozen=True, slots=True)
class ShownForecast:
    """One number as it was shown: on which day, for which date, by which model."""

    shown_on: date
    test_date: date
    p_pass: float
    p_pass_low: float
    p_pass_high: float
    model_version: str


@dataclass(frozen=True, slots=True)
class Reliability:
    """Forecasts between ``low`` and ``high``: how many, what was said, what came."""

    low: float
    high: float
    count: int
    mean_p: float
    passed: int


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """How past forecasts did. ``brier`` 0 is perfect, 0.25 is a coin; ``log_score`` in nats."""

    count: int
    brier: float
    log_score: float
    expected_calibration_error: float
    bins: tuple[Reliability, ...]


def brier(p: float, passed: bool) -> float:
    """Squared error of one forecast, in [0, 1]."""
    return (p - (1.0 if passed else 0.0)) ** 2


def log_score(p: float, passed: bool) -> float:
    """Negative log of the probability given to what came, in nats; p is held 1e-6 off 0 and 1."""
    q = min(max(p if passed else 1.0 - p, 1e-6), 1.0)
    return -math.log(q)


def track_record(
    forecasts: Sequence[float], passed: Sequence[bool], *, bins: int = 10
) -> TrackRecord:
    """Score forecasts against results.

    Args:
        forecasts: Probabilities, in any order.
        passed: What came, in the same order.
        bins: Equal steps of probability for reliability; empty ones are left out.

    Raises:
        ValueError: No forecasts, or lists of different length.
    """
    if not forecasts or len(forecasts) != len(passed):
        raise ValueError(
            f"{len(forecasts)} forecasts and {len(passed)} results; "
            "give one result for each forecast, and at least one"
        )
    n = len(forecasts)
    groups: dict[int, list[tuple[float, bool]]] = {}
    for p, y in zip(forecasts, passed, strict=True):
        groups.setdefault(min(int(p * bins), bins - 1), []).append((p, y))
    rows = tuple(
        Reliability(
            low=i / bins,
            high=(i + 1) / bins,
            count=len(g),
            mean_p=math.fsum(p for p, _ in g) / len(g),
            passed=sum(y for _, y in g),
        )
        for i, g in sorted(groups.items())
    )
    return TrackRecord(
        count=n,
        brier=math.fsum(brier(p, y) for p, y in zip(forecasts, passed, strict=True)) / n,
        log_score=math.fsum(log_score(p, y) for p, y in zip(forecasts, passed, strict=True)) / n,
        expected_calibration_error=math.fsum(
            r.count / n * abs(r.mean_p - r.passed / r.count) for r in rows
        ),
        bins=rows,
    )
