"""How much of each area is remembered today and on the exam day, with n and a range.

Observed recall (first answers of a day on cards learned before) is shrunk towards the learner's
own mean by a beta-binomial model; what the model predicts is then scaled so that it agrees with
what was observed. Cards never seen are counted apart: they are not studied, not forgotten. The
numbers serve appraisal and plan; they are no evidence of the score. Rules 34 to 37 of
``docs/explanation/memory.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from bounceback.flashcards.fsrs import Weights
from bounceback.flashcards.parameters import value
from bounceback.flashcards.replay import Histories, replay, retrievability

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_GRID: Final = 4_001
_BINS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Range:
    """A share with its 80 % interval, all in [0, 1]."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class AreaRetention:
    """Memory of one area. Counts are sums of shares: a card of two areas counts half in each.

    Attributes:
        area: Name of the area.
        cards: Cards of the area.
        seen: Of them, cards answered at least once and not suspended.
        unseen: Never answered: not studied, not forgotten.
        suspended: Suspended, seen or not.
        answers: First answers of a day that were judged.
        recalled: Of them, recalled.
        observed: Recall on those answers, shrunk towards the learner's mean; ``None`` if the
            learner has no such answer in any area.
        today: Expected recall of the seen cards today; ``None`` if none is seen.
        exam_day: Expected recall of the seen cards on the exam day if none is asked until then;
            ``None`` if none is seen or no exam day was given.
    """

    area: str
    cards: float
    seen: float
    unseen: float
    suspended: float
    answers: float
    recalled: float
    observed: Range | None
    today: Range | None
    exam_day: Range | None


def area_retention(
    log: Histories,
    weights: Weights,
    areas: Mapping[int, Mapping[str, float]],
    *,
    elapsed_days: NDArray[np.float64],
    days_to_exam: int | None = None,
    suspended: frozenset[int] = frozenset(),
    since_ms: int | None = None,
) -> tuple[AreaRetention, ...]:
    """Return the memory of each area, in order of name.

    Args:
        log: Histories of the seen cards.
        weights: Weights.
        areas: Areas of *every* card with their shares, by card id; cards absent from ``log`` have
            not been seen.
        elapsed_days: (log.cards,) days since the last review of each card, by the day rule.
        days_to_exam: Days from today to the exam; ``None``: no exam day is set.
        suspended: Ids of suspended cards.
        since_ms: Judge answers from this instant on; default all.

    Returns:
        One entry an area.
    """
    names = sorted({area for shares in areas.values() for area in shares})
    place = {name: i for i, name in enumerate(names)}
    k = len(names)
    row_of = {int(card): i for i, card in enumerate(log.card_ids.tolist())}
    totals = np.zeros((4, k))  # cards, seen, unseen, suspended
    share = np.zeros((log.cards, k))
    active = np.zeros(log.cards, bool)
    for card, shares in areas.items():
        row = row_of.get(card)
        for area, part in shares.items():
            i = place[area]
            totals[0, i] += part
            if row is not None:
                share[row, i] = part
            if card in suspended:
                totals[3, i] += part
            elif row is None:
                totals[2, i] += part
            else:
                totals[1, i] += part
        if row is not None:
            active[row] = card not in suspended

    states = replay(log, weights, states="all")
    before = states.recall_before
    assert before is not None
    judged = (log.elapsed_days >= 1) & ~np.isnan(before)
    if since_ms is not None and len(log.times_ms):
        judged &= log.times_ms >= since_ms
    card_of = np.repeat(np.arange(log.cards), log.lengths())[judged]
    hit = log.ratings[judged] > 1
    # (areas,) sums of shares over answers; a million answers need no array of answers × areas.
    n = np.bincount(card_of, minlength=log.cards) @ share
    recalled = np.bincount(card_of, weights=hit, minlength=log.cards) @ share
    forecasts = _Forecasts(before[judged], card_of, share)
    posterior = _posterior(recalled, n) if n.sum() > 0.0 else None

    last = replay(log, weights)
    known = ~np.isnan(last.stability_days) & active
    now = np.where(known, retrievability(weights, last.stability_days, elapsed_days), 0.0)
    then = now
    if days_to_exam is not None:
        gone = np.asarray(elapsed_days) + max(days_to_exam, 0)
        then = np.where(known, retrievability(weights, last.stability_days, gone), 0.0)

    found = []
    for i, name in enumerate(names):
        mine = known & (share[:, i] > 0.0)
        observed = None if posterior is None else posterior[i]
        today = exam_day = None
        if mine.any():
            hazards = (1.0, 1.0, 1.0)
            if observed is not None:
                hazards = (
                    forecasts.hazard(i, observed.mean),
                    forecasts.hazard(i, observed.low),
                    forecasts.hazard(i, observed.high),
                )
            today = _scaled(now[mine], share[mine, i], hazards)
            if days_to_exam is not None:
                exam_day = _scaled(then[mine], share[mine, i], hazards)
        found.append(
            AreaRetention(
                area=name,
                cards=float(totals[0, i]),
                seen=float(totals[1, i]),
                unseen=float(totals[2, i]),
                suspended=float(totals[3, i]),
                answers=float(n[i]),
                recalled=float(recalled[i]),
                observed=observed,
                today=today,
                exam_day=exam_day,
            )
        )
    return tuple(found)


def _scaled(recall: Floats, part: Floats, hazards: tuple[float, float, float]) -> Range:
    """Mean recall when forgetting runs ``hazards`` times as strong: mean, low, high."""
    mean, low, high = (float(np.average(recall**h, weights=part)) for h in hazards)
    return Range(mean, min(low, mean), max(high, mean))


class _Forecasts:
    """Predicted recall of the judged answers, by area, gathered in narrow bins."""

    def __init__(self, predicted: Floats, card_of: NDArray[np.int64], share: Floats) -> None:
        which = np.minimum((predicted * _BINS).astype(np.int64), _BINS - 1)
        self.levels = (np.arange(_BINS) + 0.5) / _BINS
        self.counts = (
            np.stack(
                [np.bincount(which, weights=part[card_of], minlength=_BINS) for part in share.T]
            )
            if share.shape[1]
            else np.zeros((0, _BINS))
        )

    def hazard(self, area: int, target: float) -> float:
        """Return h with mean of predicted^h equal to ``target``, in [1/50, 50].

        Areas without an answer are calibrated on all answers.
        """
        part = self.counts[area]
        if part.sum() <= 0.0:
            part = self.counts.sum(axis=0)
        used = part > 0.0
        levels, part = self.levels[used], part[used]
        low, high = -np.log(50.0), np.log(50.0)
        for _ in range(50):
            middle = 0.5 * (low + high)
            if float(np.average(levels ** np.exp(middle), weights=part)) > target:
                low = middle
            else:
                high = middle
        return float(np.exp(0.5 * (low + high)))


def _posterior(recalled: Floats, n: Floats) -> list[Range]:
    """Shrink each area's recall towards the mean of all: beta-binomial, 80 % intervals.

    The strength of the shrinkage (answers that the common mean counts for) is the one under which
    the areas' counts are most likely, on a grid; its posterior is averaged over.
    """
    p = np.linspace(0.0, 1.0, _GRID)[1:-1]
    mean = (recalled.sum() + 1.0) / (n.sum() + 2.0)
    strengths = np.geomspace(value("retention.strength_low"), value("retention.strength_high"), 13)
    log_weight = np.array(
        [
            sum(
                _log_beta_binomial(r, m, mean * k, (1.0 - mean) * k)
                for r, m in zip(recalled, n, strict=True)
            )
            for k in strengths
        ]
    )
    chance = np.exp(log_weight - log_weight.max())
    chance /= chance.sum()
    found = []
    for r, m in zip(recalled, n, strict=True):
        density = np.zeros_like(p)
        for k, c in zip(strengths, chance, strict=True):
            a, b = mean * k + r, (1.0 - mean) * k + m - r
            log_d = (a - 1.0) * np.log(p) + (b - 1.0) * np.log1p(-p)
            d = np.exp(log_d - log_d.max())
            density += c * d / d.sum()
        ladder = np.cumsum(density)
        ladder /= ladder[-1]
        low, high = np.interp([0.1, 0.9], ladder, p)
        found.append(Range(float((p * density).sum() / density.sum()), float(low), float(high)))
    return found


def _log_beta_binomial(r: float, n: float, a: float, b: float) -> float:
    from math import lgamma

    return (
        lgamma(a + r)
        + lgamma(b + n - r)
        - lgamma(a + b + n)
        + lgamma(a + b)
        - lgamma(a)
        - lgamma(b)
    )
