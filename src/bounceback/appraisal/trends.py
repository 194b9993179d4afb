"""Has a cause's share of the misses fallen? A test that stays honest when looked at daily.

Model
    The misses of one day are a cluster: one topic, one tired hour, one way of marking. Of ``n``
    misses of a day before the day of change the number with the cause in question is beta-binomial
    with mean share ``p0``, of a day after it with ``p1``, and any correlation between two misses of
    a day from 0 to ``rho = cause_day_correlation``. The question is ``H0: p1 >= p0`` (it has not
    fallen) against ``H1: p1 < p0``.

Statistic
    Days are taken in groups of ``a`` earlier and ``b`` later ones, in an order fixed in advance
    (the earlier ones from the day of change backwards, the later ones forwards). For an
    alternative ``(θ0, θ1)`` with ``θ1 < θ0`` and ``θ = (a θ0 + b θ1) / (a + b)``, a day with ``k``
    of ``n`` misses weighs

        W(k, n; θ') = [(θ'/θ)^k ((1 - θ')/(1 - θ))^(n - k)]^(1/d),   d = 1 + (n - 1) rho,

    with ``θ' = θ0`` before and ``θ1`` after: the likelihood ratio of independent misses, at the
    size that correlated ones are worth (d is the design effect of a cluster). A group contributes

        S = Π W(k, n; θ0) · Π W(k, n; θ1) / max_p Π E_p[W(k, n; θ0)] · Π E_p[W(k, n; θ1)],

    expectations beta-binomial at the correlation ``rho``, the largest over all shares ``p``.

Why its mean is at most 1 under H0
    ``W(., θ0)`` grows with ``k`` and ``W(., θ1)`` falls with it, so the mean is largest at
    ``p0 = p1``. Given a day's own share ``q`` the mean of ``W`` is ``(1 + q (g - 1))^n`` up to a
    constant, convex in ``q``; a beta share spreads out as the correlation grows, so the mean is
    largest at ``rho`` itself. The denominator is that largest mean. Products over groups, and
    averages of them over a grid of alternatives, are therefore nonnegative supermartingales from 1:
    *e-processes*. By Ville's inequality the chance that the value ever reaches ``1 / alpha`` is at
    most ``alpha``, however often one looks (Ramdas, Grünwald, Vovk, Shafer 2023, Statistical
    Science, for the principle; Turner, Ly, Grünwald 2024, Journal of Statistical Planning and
    Inference, for two samples of independent observations, the case ``rho = 0``).
    Shares may drift from day to day within each side; only ``p1 >= p0`` in every group is used.
    A day counts once it is over, so that its misses are complete.

What it does not cover
    A stronger correlation than ``rho`` (docs/explanation/appraisal.md says what happens then). A
    cause that is marked more rarely because marking changed looks like a cause that fell. A fall in
    share can come from a rise of the other causes; the counts are shown beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby
from math import ceil, exp

import numpy as np
from numpy.typing import NDArray

from bounceback.appraisal.misses import REASONING_CAUSES, in_order
from bounceback.appraisal.thresholds import Thresholds
from bounceback.reasons import Reason, reason
from bounceback.records.models import Miss
from bounceback.vocabulary import CAUSES, Cause

_EARLIER = 0.03 * 25 ** (np.arange(16) / 15)
"""Alternatives for the earlier share: 3 to 75 of 100 in equal steps of the logarithm."""
_RATIOS = np.array([0.3, 0.5])
"""Alternatives for the later share as a part of the earlier one: a half, and less."""
_SHARES = 1 / (1 + np.exp(-np.linspace(-8.0, 8.0, 321)))
"""True shares over which the largest mean is taken, 3 of 10,000 to all but 3, even in log odds."""

Day = tuple[int, int]
"""(misses with the cause, all misses) of one day."""


@dataclass(frozen=True, slots=True)
class CauseTrend:
    """Whether a cause's share of the misses has fallen since a day.

    Attributes:
        causes: The cause, or the causes read together.
        since: Day of change; misses of this day count as after it.
        before: (misses with the cause, all misses) before.
        after: The same from ``since`` on.
        e_value: Largest value the e-process has reached; 1 means no evidence.
        fallen: Whether it reached ``1 / alpha``.
        alpha: Level: chance of ever saying "fallen" where it has not, at most this.
    """

    causes: tuple[Cause, ...]
    since: date
    before: tuple[int, int]
    after: tuple[int, int]
    e_value: float
    fallen: bool
    alpha: float

    @property
    def says(self) -> Reason:
        """The counts, and whether the share has fallen."""
        return reason(
            "appraisal.cause-has-fallen" if self.fallen else "appraisal.cause-too-early",
            causes=self.causes,
            since=self.since,
            before=self.before,
            after=self.after,
            alpha=self.alpha,
            all_causes=len(CAUSES),
        )


def e_values(
    before: Sequence[Day], after: Sequence[Day], *, horizon: int, correlation: float
) -> list[float]:
    """The e-process after each complete group of later days.

    Args:
        before: Earlier days, oldest first, each with at least one miss.
        after: Later days, oldest first.
        horizon: Later days over which the earlier ones are to last; sets the group sizes before
            any later miss is seen.
        correlation: The largest correlation of two misses of a day that is guarded against, in
            [0, 1).

    Returns:
        One value a group, (groups,); empty if either side is empty. Later days beyond the groups
        that the earlier ones can answer add nothing.
    """
    days = len(before)
    if days == 0 or not after:
        return []
    a = max(1, days // horizon)
    b = max(1, ceil(horizon / days)) if days < horizon else 1
    early = list(reversed(before))
    logs = np.zeros(_EARLIER.size * _RATIOS.size)
    values: list[float] = []
    for g in range(min(days // a, len(after) // b)):
        most = np.zeros((logs.size, _SHARES.size))
        for group, is_later in (
            (early[g * a : (g + 1) * a], False),
            (after[g * b : (g + 1) * b], True),
        ):
            for k, n in group:
                weights, means = _weights(n, a, b, is_later, correlation)
                logs = logs + weights[:, k]
                most = most + means
        logs = logs - most.max(axis=1)
        top = float(logs.max())
        values.append(exp(min(top + float(np.log(np.exp(logs - top).mean())), 700.0)))
    return values


@lru_cache(maxsize=256)
def _weights(
    n: int, a: int, b: int, is_later: bool, correlation: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Log weight of a day of n misses, and log of its mean.

    Returns:
        ``log W`` (alternatives, n + 1) by number with the cause, and ``log E_p[W]``
        (alternatives, shares).
    """
    early = np.repeat(_EARLIER, _RATIOS.size)
    late = early * np.tile(_RATIOS, _EARLIER.size)
    both = (a * early + b * late) / (a + b)
    own = late if is_later else early
    k = np.arange(n + 1)
    with_it = np.log(own / both)[:, None]
    without = np.log((1 - own) / (1 - both))[:, None]
    weights = (k * with_it + (n - k) * without) / (1 + (n - 1) * correlation)
    means = np.log(np.exp(weights) @ _beta_binomial(n, correlation))
    return weights, means


def _beta_binomial(n: int, correlation: float) -> NDArray[np.float64]:
    """Chance of k of n at each share, (n + 1, shares); as urn draws, so 0 gives the binomial."""
    steps = np.arange(n)[:, None] * correlation / (1 - correlation)
    first = np.zeros((1, _SHARES.size))
    hits = np.concatenate([first, np.cumsum(np.log(_SHARES + steps), axis=0)])
    others = np.concatenate([first, np.cumsum(np.log(1 - _SHARES + steps), axis=0)])
    orders = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, n + 1)))])
    choose = (orders[n] - orders - orders[::-1])[:, None]
    chances: NDArray[np.float64] = np.exp(
        choose + hits + others[::-1] - np.log1p(steps).sum(axis=0)
    )
    return chances


def cause_trend(
    misses: Iterable[Miss],
    cause: Cause | Iterable[Cause],
    t: Thresholds,
    *,
    as_of: date,
    since: date | None = None,
) -> CauseTrend | None:
    """Test whether the share of a cause has fallen.

    Args:
        misses: All misses up to the day of looking.
        cause: One cause, or several read together.
        t: Thresholds.
        as_of: The day of looking. Its misses are counted in words, and weigh from tomorrow on.
        since: Day of change, for instance of the prescription. Without it, the first misses
            (``cause_baseline_misses``) up to the end of their day are the share to beat. It must be
            chosen without looking at what came after it.

    Returns:
        The trend; ``None`` if there is no miss on one of the two sides.
    """
    causes: tuple[Cause, ...] = (cause,) if isinstance(cause, str) else tuple(sorted(cause))
    ordered = in_order(list(misses))
    if since is None:
        first = t.count("cause_baseline_misses")
        if len(ordered) <= first:
            return None
        boundary = ordered[first - 1].date
        later = [m.date for m in ordered if m.date > boundary]
        if not later:
            return None
        since = later[0]
    days = [
        (day, sum(m.cause in causes for m in own), len(own))
        for day, own in ((day, list(own)) for day, own in groupby(ordered, lambda m: m.date))
    ]
    before = [(k, n) for day, k, n in days if day < since]
    after = [(k, n) for day, k, n in days if day >= since]
    if not before or not after:
        return None
    alpha = t["cause_alpha"]
    path = e_values(
        before,
        [(k, n) for day, k, n in days if since <= day < as_of],
        horizon=t.count("cause_horizon_days"),
        correlation=t["cause_day_correlation"],
    )
    best = max(path, default=1.0)
    fallen = best >= 1 / alpha
    counts = (_total(before), _total(after))
    return CauseTrend(
        causes=causes,
        since=since,
        before=counts[0],
        after=counts[1],
        e_value=max(1.0, best),
        fallen=fallen,
        alpha=alpha,
    )


def _total(days: Iterable[Day]) -> Day:
    pairs = list(days)
    return sum(k for k, _ in pairs), sum(n for _, n in pairs)


def reasoning_trend(
    misses: Iterable[Miss], t: Thresholds, *, as_of: date, since: date | None = None
) -> CauseTrend | None:
    """The trend of reasoning causes, which the exam and the ward share."""
    return cause_trend(misses, REASONING_CAUSES, t, as_of=as_of, since=since)
