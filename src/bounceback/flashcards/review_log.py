"""Review histories of many cards as flat arrays, and how they come out of an Anki review log.

A history is kept card after card (compressed rows): ``starts`` says where each card's reviews
begin. A card known by its scheduling alone (no learning in the log) carries a start state.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bounceback.flashcards.fsrs import Weights, memory_from_sm2

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from bounceback.flashcards.day_boundary import DayRule

_REVLOG_COLUMNS = ("id", "cid", "ease", "ivl", "factor", "type")
_LEARNING, _FILTERED, _MANUAL = 0, 3, 4
_FACTOR_FSRS_MIN, _FACTOR_FSRS_MAX = 100, 1100
"""``factor`` of an answer under FSRS: difficulty 1 to 10 on this scale, in place of the ease."""


@dataclass(frozen=True, slots=True, eq=False)
class Histories:
    """Reviews of many cards, in order of time within each card.

    Attributes:
        card_ids: (cards,) int64, the caller's ids.
        starts: (cards + 1,) int64; reviews of card i are ``starts[i]:starts[i + 1]``.
        ratings: (reviews,) uint8, 1 Again to 4 Easy.
        elapsed_days: (reviews,) int32, days since the card's last review by the day rule; 0 for
            the first review of a card without a start state.
        times_ms: (reviews,) int64, milliseconds since 1970 UTC; empty if unknown.
        start_stability_days: (cards,) float64, NaN where the history is complete.
        start_difficulty: (cards,) float64, NaN where the history is complete.
        last_ms: (cards,) int64, instant of the last review (or of the start state); empty if
            unknown.
        day_rule: Id of the day rule.
        under_fsrs: (reviews,) True where Anki answered from a state that it had stored; empty if
            unknown.
    """

    card_ids: NDArray[np.int64]
    starts: NDArray[np.int64]
    ratings: NDArray[np.uint8]
    elapsed_days: NDArray[np.int32]
    times_ms: NDArray[np.int64]
    start_stability_days: NDArray[np.float64]
    start_difficulty: NDArray[np.float64]
    last_ms: NDArray[np.int64]
    day_rule: str
    under_fsrs: NDArray[np.bool_]

    @property
    def cards(self) -> int:
        """Number of cards."""
        return len(self.card_ids)

    @property
    def reviews(self) -> int:
        """Number of reviews."""
        return len(self.ratings)

    @property
    def complete(self) -> NDArray[np.bool_]:
        """(cards,) True where the log holds the card's learning; these alone serve a fit."""
        return np.isnan(self.start_stability_days)

    def lengths(self) -> NDArray[np.int64]:
        """(cards,) number of reviews of each card."""
        return np.diff(self.starts)

    def take(self, cards: NDArray[np.int64]) -> Histories:
        """Return the histories of some cards, in the given order."""
        lengths = self.lengths()[cards]
        starts = np.zeros(len(cards) + 1, np.int64)
        np.cumsum(lengths, out=starts[1:])
        rows = np.repeat(self.starts[cards] - starts[:-1], lengths) + np.arange(starts[-1])
        return Histories(
            card_ids=self.card_ids[cards],
            starts=starts,
            ratings=self.ratings[rows],
            elapsed_days=self.elapsed_days[rows],
            times_ms=self.times_ms[rows] if len(self.times_ms) else self.times_ms,
            start_stability_days=self.start_stability_days[cards],
            start_difficulty=self.start_difficulty[cards],
            last_ms=self.last_ms[cards] if len(self.last_ms) else self.last_ms,
            day_rule=self.day_rule,
            under_fsrs=self.under_fsrs[rows] if len(self.under_fsrs) else self.under_fsrs,
        )


def histories(
    starts: ArrayLike,
    ratings: ArrayLike,
    elapsed_days: ArrayLike,
    *,
    card_ids: ArrayLike | None = None,
    times_ms: ArrayLike | None = None,
    day_rule: str = "given",
) -> Histories:
    """Make histories from arrays that already hold day gaps.

    Args:
        starts: (cards + 1,), from 0 to the number of reviews, not decreasing.
        ratings: (reviews,), 1 to 4.
        elapsed_days: (reviews,), days since the card's last review; negative counts as 0.
        card_ids: (cards,); default 0, 1, 2, …
        times_ms: (reviews,), milliseconds since 1970 UTC; default unknown.
        day_rule: Id of the rule that made ``elapsed_days``.

    Raises:
        ValueError: Shapes or values outside the above.
    """
    first = np.asarray(starts, np.int64)
    given = np.asarray(ratings)
    rated = given.astype(np.uint8)
    gaps = np.maximum(np.asarray(elapsed_days, np.int32), 0)
    if first.ndim != 1 or len(first) < 1 or first[0] != 0 or first[-1] != len(rated):
        raise ValueError(
            f"starts must run from 0 to the number of reviews ({len(rated)}), one more than cards."
        )
    if np.any(np.diff(first) < 0) or len(gaps) != len(rated):
        raise ValueError("starts may not decrease, and each review needs one elapsed_days.")
    if len(given) and (given.min() < 1 or given.max() > 4):
        raise ValueError("ratings are 1 Again, 2 Hard, 3 Good, 4 Easy; drop all others first.")
    cards = len(first) - 1
    times = np.zeros(0, np.int64) if times_ms is None else np.asarray(times_ms, np.int64)
    last = times[np.maximum(first[1:] - 1, 0)] if len(times) else times
    return Histories(
        card_ids=np.arange(cards) if card_ids is None else np.asarray(card_ids, np.int64),
        starts=first,
        ratings=rated,
        elapsed_days=gaps,
        times_ms=times,
        start_stability_days=np.full(cards, np.nan),
        start_difficulty=np.full(cards, np.nan),
        last_ms=last,
        day_rule=day_rule,
        under_fsrs=np.zeros(0, np.bool_),
    )


def history_from_revlog(
    revlog: Any,
    rule: DayRule,
    *,
    weights: Weights | None = None,
    retention: float = 0.9,
) -> Histories:
    """Read the reviews that count out of an Anki review log.

    Args:
        revlog: Anything indexed by column name that gives arrays of one length: ``id``
            (milliseconds), ``cid``, ``ease`` (0 to 4), ``ivl`` (days; negative: seconds),
            ``factor``, ``type`` (0 learning, 1 review, 2 relearning, 3 filtered, 4 manual,
            5 rescheduled). A structured array or a dictionary will do. Any order.
        rule: Day rule.
        weights: Weights for the start state of cards without a learning row; default weights if
            not given.
        retention: Historical retention for those start states, in (0, 1).

    Returns:
        One entry for each card that has a state, ordered by card id. Cards with nothing graded
        (since their last reset) are left out.

    Notes:
        A card's rows are walked from the newest back (rules 9 to 13 in
        ``docs/explanation/memory.md``). Practice in a filtered deck (type 3, factor 0) is skipped.
        The history starts at the first row of the *last* run of graded learning rows; a reset
        (type 4, factor 0) met before such a run cuts it. Without a learning row the state starts
        from the first graded row with an interval of a day or more: SM-2 ease and interval, or the
        stored difficulty where ``factor`` is at most 1100. Rows without a grade are dropped last.
    """
    columns = [np.asarray(revlog[name]) for name in _REVLOG_COLUMNS]
    order = _by_card(*columns)
    n = len(order)
    if n == 0:
        empty = np.zeros(0, np.int64)
        return histories([0], [], [], card_ids=empty, times_ms=empty, day_rule=rule.id)
    # One copy of each column, in order; row numbers in 32 bits: a log may have millions of rows.
    ids, cids, ease, ivl, factor, kind = (column[order] for column in columns)
    del order, columns
    new_card = np.empty(n, np.bool_)
    new_card[0] = True
    np.not_equal(cids[1:], cids[:-1], out=new_card[1:])
    first = np.flatnonzero(new_card).astype(np.int32)
    end = np.append(first[1:], np.int32(n))
    row = np.arange(n, dtype=np.int32)

    graded = ease >= 1
    learning = graded & (kind == _LEARNING)
    reset = (kind == _MANUAL) & (factor == 0)
    day_or_more = graded & ((ivl >= 1) | (ivl <= -86_400))

    last_learning = _last_true(learning, row, first, end)
    last_reset = _last_true(reset, row, first, end)
    del reset
    complete = last_learning > last_reset
    # Start of the run of learning rows that ends at the card's last learning row.
    other = np.maximum.accumulate(np.where(learning, np.int32(-1), row))
    run_start = np.maximum(first, other[np.maximum(last_learning, 0)] + 1)
    # Without one: the first graded row of a day or more, after the last reset.
    del other, learning
    late = np.where(day_or_more, row, np.int32(n))
    next_day_or_more = np.minimum.accumulate(late[::-1])[::-1]
    after_reset = np.maximum(first, last_reset + 1)
    fallback = np.append(next_day_or_more, np.int32(n))[after_reset]
    del late, next_day_or_more, day_or_more
    begin = np.where(complete, run_start, fallback)
    known = begin < end

    # One row of the incomplete cards is their start state and not a review.
    from_row = (begin + np.where(complete, 0, 1)).astype(np.int32)
    use = graded & (row >= np.repeat(np.where(known, from_row, np.int32(n)), end - first))
    counts = np.add.reduceat(use, first, dtype=np.int64)[known]
    starts = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=starts[1:])

    # Day gaps between rows that count, the start row of an incomplete card included.
    counted = use.copy()
    start_rows = begin[known & ~complete]
    counted[start_rows] = True
    at = np.flatnonzero(counted)
    gap = np.zeros(n, np.int32)
    if len(at) > 1:
        gap[at[1:]] = rule.gaps(ids[at].astype(np.int64))
        same_card = cids[at[1:]] == cids[at[:-1]]
        gap[at[1:][~same_card]] = 0

    stability = np.full(len(counts), np.nan)
    difficulty = np.full(len(counts), np.nan)
    given = weights
    if len(start_rows):
        if given is None:
            from bounceback.flashcards.fsrs import default_weights

            given = default_weights()
        s, d = _start_states(given, ivl[start_rows], factor[start_rows], retention)
        where = np.flatnonzero(~complete[known])
        stability[where], difficulty[where] = s, d

    last_row = _last_true(counted, row, first, end)[known]
    return Histories(
        card_ids=cids[first][known].astype(np.int64),
        starts=starts,
        ratings=ease[use].astype(np.uint8),
        elapsed_days=gap[use],
        times_ms=ids[use].astype(np.int64),
        start_stability_days=stability,
        start_difficulty=difficulty,
        last_ms=ids[last_row].astype(np.int64),
        day_rule=rule.id,
        under_fsrs=(factor[use] >= _FACTOR_FSRS_MIN) & (factor[use] <= _FACTOR_FSRS_MAX),
    )


def _by_card(ids: Any, cids: Any, ease: Any, ivl: Any, factor: Any, kind: Any) -> Any:
    """Return the rows that may count, card after card, by time within each card."""
    keep = (kind != _FILTERED) | (factor != 0)
    keep &= ease <= 4
    in_time = len(ids) < 2 or bool(np.all(ids[1:] >= ids[:-1]))
    order = np.argsort(cids, kind="stable") if in_time else np.lexsort((ids, cids))
    return order if keep.all() else order[keep[order]]


def _last_true(mask: Any, row: Any, first: Any, end: Any) -> Any:
    """Return for each card the last row where ``mask`` holds, or -1."""
    last = np.maximum.accumulate(np.where(mask, row, np.int32(-1)))[end - 1]
    return np.where(last >= first, last, -1)


def _start_states(w: Weights, ivl: Any, factor: Any, retention: float) -> tuple[Any, Any]:
    days = np.where(ivl < 0, -ivl / 86_400.0, ivl).astype(float)
    out_s, out_d = np.empty(len(days)), np.empty(len(days))
    for i, (interval, f) in enumerate(zip(days.tolist(), factor.tolist(), strict=True)):
        ease = f / 1000.0 if f > 1100 else 2.5
        s, d = memory_from_sm2(w, ease, interval, retention)
        if 100 <= f <= 1100:  # written by Anki under FSRS: difficulty mapped to 100-1100
            d = 1.0 + (f - 100.0) * 9.0 / 1000.0
        out_s[i], out_d[i] = s, d
    return out_s, out_d


def concatenate(parts: Sequence[Histories]) -> Histories:
    """Join histories of different cards under one day rule.

    Raises:
        ValueError: Nothing given, or different day rules: their states cannot be mixed.
    """
    rules = {part.day_rule for part in parts}
    if len(rules) != 1:
        raise ValueError(f"histories with the day rules {sorted(rules)} cannot be joined.")
    offsets = np.cumsum([0, *(part.reviews for part in parts)])
    return Histories(
        card_ids=np.concatenate([part.card_ids for part in parts]),
        starts=np.concatenate(
            [
                np.zeros(1, np.int64),
                *(part.starts[1:] + off for part, off in zip(parts, offsets[:-1], strict=True)),
            ]
        ),
        ratings=np.concatenate([part.ratings for part in parts]),
        elapsed_days=np.concatenate([part.elapsed_days for part in parts]),
        times_ms=np.concatenate([part.times_ms for part in parts]),
        start_stability_days=np.concatenate([part.start_stability_days for part in parts]),
        start_difficulty=np.concatenate([part.start_difficulty for part in parts]),
        last_ms=np.concatenate([part.last_ms for part in parts]),
        day_rule=rules.pop(),
        under_fsrs=np.concatenate([part.under_fsrs for part in parts]),
    )
