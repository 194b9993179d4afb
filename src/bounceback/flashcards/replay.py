"""The memory states of whole collections, by replaying their review histories.

Same formulas as ``fsrs.step``, over all cards at once: cards are ordered by length of history, and
review k of every card that has one is computed in one stroke. Nothing is padded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from bounceback.flashcards.fsrs import ALGORITHM, StateTag, Weights
from bounceback.flashcards.parameters import value
from bounceback.flashcards.review_log import Histories, histories, history_from_revlog

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = [
    "Histories",
    "Replay",
    "histories",
    "history_from_revlog",
    "replay",
    "replay_as_stored",
    "retrievability",
]

_S_MIN, _S_MAX = value("state.stability_min"), value("state.stability_max")
_D_MIN, _D_MAX = value("state.difficulty_min"), value("state.difficulty_max")
_STORED_S, _STORED_D = 4, 3  # decimals that Anki stores, measured with 26.09.3


@dataclass(frozen=True, slots=True, eq=False)
class Replay:
    """Memory states.

    Attributes:
        stability_days: (cards,) after the last review, or (reviews,) after each one.
        difficulty: The same shape, 1 to 10. NaN for a card without any review or start state.
        recall_before: (reviews,) chance of recall just before each review, NaN at a card's first;
            ``None`` unless all states were asked for.
        tag: What the states rest on.
    """

    stability_days: NDArray[np.float64]
    difficulty: NDArray[np.float64]
    recall_before: NDArray[np.float64] | None
    tag: StateTag


@dataclass(frozen=True, slots=True, eq=False)
class StepMajor:
    """Reviews ordered by place in their card's history, long histories first.

    Attributes:
        cards: (cards,) card of each lane; lanes are ordered by length of history, longest first.
        bounds: (steps + 1,) the k-th reviews are ``bounds[k]:bounds[k + 1]``, lanes 0, 1, 2, …
        rows: (reviews,) row in the histories of each.
        ratings: (reviews,) uint8.
        elapsed_days: (reviews,) float64.
    """

    cards: NDArray[np.int64]
    bounds: NDArray[np.int64]
    rows: NDArray[np.int64]
    ratings: NDArray[np.uint8]
    elapsed_days: NDArray[np.float64]


def _lanes(log: Histories) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the cards, longest history first, and the bounds of each step (``StepMajor``)."""
    lengths = log.lengths()
    longest = int(lengths.max()) if len(lengths) else 0
    # A stable sort of 16-bit numbers is a radix sort.
    key = (longest - lengths).astype(np.uint16 if longest < 65_536 else np.int64)
    cards = np.argsort(key, kind="stable")
    at_least = np.cumsum(np.bincount(lengths, minlength=longest + 1)[::-1])[::-1]
    bounds = np.zeros(longest + 1, np.int64)
    np.cumsum(at_least[1:], out=bounds[1:])
    return cards, bounds


def step_major(log: Histories) -> StepMajor:
    """Order the reviews of ``log`` step by step."""
    cards, bounds = _lanes(log)
    first = log.starts[:-1][cards]
    rows = np.empty(log.reviews, np.int64)
    for k in range(len(bounds) - 1):
        a, b = bounds[k], bounds[k + 1]
        np.add(first[: b - a], k, out=rows[a:b])
    return StepMajor(
        cards=cards,
        bounds=bounds,
        rows=rows,
        ratings=log.ratings[rows],
        elapsed_days=log.elapsed_days[rows].astype(np.float64),
    )


def replay(
    log: Histories,
    weights: Weights,
    *,
    states: Literal["last", "all"] = "last",
    from_stored: bool = False,
) -> Replay:
    """Replay every review of every card.

    Args:
        log: Histories with their day gaps.
        weights: Weights.
        states: ``last``: one state a card. ``all``: one state a review, in the order of ``log``,
            with the chance of recall before it.
        from_stored: Go on from the digits that Anki stores (four decimals of stability, three of
            difficulty) wherever it answered from a stored state. Not for histories without
            ``under_fsrs``.

    Returns:
        The states, float64.
    """
    tag = StateTag(ALGORITHM, weights.digest, log.day_rule)
    cards, bounds = _lanes(log)
    first = log.starts[:-1][cards]
    everything = states == "all"
    lane_s = log.start_stability_days[cards]
    lane_d = log.start_difficulty[cards]
    # Each state goes straight to its place: a step's numbers are still in the cache then.
    out_s, out_d = (np.empty(log.reviews if everything else log.cards) for _ in range(2))
    out_r = np.empty(log.reviews) if everything else None

    v = weights.values
    factor, decay = weights.factor, weights.decay
    growth = np.exp(v[8])
    per_rating = growth * np.array([0.0, 0.0, v[15], 1.0, v[16]])
    same_day = np.array([0.0, *(np.exp(v[17] * (r - 3 + v[18])) for r in (1, 2, 3, 4))])
    floor = np.array([0.0, 0.0, 1.0, 1.0, 1.0])
    cap = float(np.exp(-v[17] * v[18]))
    revert = v[7] * (v[4] - float(np.exp(3.0 * v[5])) + 1.0)
    slope = np.array([0.0, *(-v[6] * (r - 3) / 9.0 for r in (1, 2, 3, 4))]) * (1.0 - v[7])
    first_s = np.array([0.0, *v[:4]])
    first_d = np.clip(
        np.array([0.0, *(v[4] - np.exp(v[5] * (r - 1)) + 1.0 for r in (1, 2, 3, 4))]),
        _D_MIN,
        _D_MAX,
    )

    for k, length in enumerate(np.diff(bounds).tolist()):
        rows = first[:length] + k
        rating = log.ratings.take(rows)
        s, d = lane_s[:length], lane_d[:length]
        if k == 0:
            # A card with a start state is reviewed, all others are met for the first time.
            new = np.isnan(s)
            if new.all():
                s[:] = first_s[rating]
                d[:] = first_d[rating]
                if out_r is not None:
                    out_s[rows], out_d[rows], out_r[rows] = s, d, np.nan
                continue
            before = np.where(new, 1.0, s)
            old_d = np.where(new, 5.0, d)
        else:
            new = None
            before, old_d = s, d
        if from_stored:
            kept = log.under_fsrs.take(rows)
            before = np.where(kept, np.round(before, _STORED_S), before)
            old_d = np.where(kept, np.round(old_d, _STORED_D), old_d)
        gap = log.elapsed_days.take(rows)
        forgotten = factor * gap
        forgotten /= before
        forgotten += 1.0
        np.power(forgotten, -decay, out=forgotten)
        if out_r is not None:
            out_r[rows] = forgotten if new is None else np.where(new, np.nan, forgotten)
        np.subtract(1.0, forgotten, out=forgotten)
        rise = np.expm1(forgotten * v[10])
        rise *= before ** -v[9]
        rise *= 11.0 - old_d
        rise *= per_rating[rating]
        rise += 1.0
        rise *= before
        lapsed = np.flatnonzero((rating == 1) & (gap >= 1))
        if len(lapsed):
            s_l = before[lapsed]
            left = (s_l + 1.0) ** v[13]
            left -= 1.0
            left *= v[11]
            left *= old_d[lapsed] ** -v[12]
            left *= np.exp(forgotten[lapsed] * v[14])
            rise[lapsed] = np.minimum(left, s_l * cap)
        again = np.flatnonzero(gap < 1)
        if len(again):
            r_a, s_a = rating[again], before[again]
            factor_a = s_a ** -v[19]
            factor_a *= same_day[r_a]
            np.maximum(factor_a, floor[r_a], out=factor_a)
            rise[again] = s_a * factor_a
        np.clip(rise, _S_MIN, _S_MAX, out=rise)
        new_d = slope[rating] * (10.0 - old_d)
        new_d += (1.0 - v[7]) * old_d
        new_d += revert
        np.clip(new_d, _D_MIN, _D_MAX, out=new_d)
        if new is not None:
            rise[new] = first_s[rating[new]]
            new_d[new] = first_d[rating[new]]
        s[:], d[:] = rise, new_d
        if everything:
            out_s[rows], out_d[rows] = rise, new_d

    if not everything:
        out_s[cards], out_d[cards] = lane_s, lane_d
    return Replay(out_s, out_d, out_r, tag)


def replay_as_stored(
    log: Histories, weights: Weights, stability_days: ArrayLike, difficulty: ArrayLike
) -> Replay:
    """Replay as Anki came to the states that it stored.

    Anki rounds a state when it stores it and answers the next review from the rounded one, until it
    computes the history anew. Only the stored state tells which of the two came last.

    Args:
        log: Histories out of a review log.
        weights: Weights.
        stability_days: (cards,) stored with each card; NaN for none.
        difficulty: (cards,) likewise.

    Returns:
        The last state of each card in full: carried on from stored digits where that and not the
        replay of the whole history meets the stored state (to one in ten thousand).
    """
    whole = replay(log, weights)
    stored_s = np.asarray(stability_days, np.float64)
    stored_d = np.asarray(difficulty, np.float64)

    def meets(found: Replay, s: Any, d: Any) -> Any:
        # Half of the last digit, with room for Anki's 32-bit numbers; or one in ten thousand.
        near = np.abs(found.stability_days - s) <= np.maximum(0.6 * 10.0**-_STORED_S, 1e-4 * s)
        near &= np.abs(found.difficulty - d) <= 0.6 * 10.0**-_STORED_D
        return near

    rows = np.flatnonzero(~np.isnan(stored_s) & ~meets(whole, stored_s, stored_d))
    if len(rows):
        carried = replay(log.take(rows), weights, from_stored=True)
        at = np.flatnonzero(meets(carried, stored_s[rows], stored_d[rows]))
        whole.stability_days[rows[at]] = carried.stability_days[at]
        whole.difficulty[rows[at]] = carried.difficulty[at]
    return whole


def retrievability(
    weights: Weights, stability_days: ArrayLike, elapsed_days: ArrayLike
) -> NDArray[np.float64]:
    """Return the chance of recall, in (0, 1]; shapes broadcast; negative time counts as none."""
    gap = np.maximum(np.asarray(elapsed_days, np.float64), 0.0)
    return (1.0 + weights.factor * gap / np.asarray(stability_days, np.float64)) ** -weights.decay
