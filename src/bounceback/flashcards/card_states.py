"""From review histories to what can be planned: cards as they stand on a day."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np

from bounceback.flashcards.day_boundary import DayRule
from bounceback.flashcards.fsrs import Weights, interval_days
from bounceback.flashcards.replay import replay
from bounceback.flashcards.review_log import Histories
from bounceback.flashcards.simulator import Cards, cards

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def elapsed_days(log: Histories, rule: DayRule, now_ms: int) -> NDArray[np.float64]:
    """Return the days since each card's last review by the day rule: (log.cards,).

    Raises:
        ValueError: ``log`` has no times, or was made under another day rule.
    """
    if log.cards and not len(log.last_ms):
        raise ValueError("the histories hold no times; days since the last review are unknown.")
    if log.day_rule != rule.id:
        raise ValueError(
            f"histories under the day rule {log.day_rule} cannot be aged under {rule.id}; "
            "read them again with the rule of today."
        )
    pairs = np.empty(2 * log.cards, np.int64)
    pairs[0::2], pairs[1::2] = log.last_ms, now_ms
    return rule.gaps(pairs)[0::2].astype(np.float64)


def standing(
    card_ids: ArrayLike,
    log: Histories,
    weights: Weights,
    rule: DayRule,
    now_ms: int,
    *,
    due_in_days: ArrayLike | None = None,
    desired_retention: float = 0.9,
    suspended: Collection[int] = (),
    worth: ArrayLike | None = None,
) -> Cards:
    """Return cards as they stand, in the order of ``card_ids``.

    Args:
        card_ids: Ids of all cards; those without a history have not been seen.
        log: Histories of the seen cards.
        weights: Weights.
        rule: Day rule, the same that made ``log``.
        now_ms: Instant, milliseconds since 1970 UTC.
        due_in_days: (cards,) when each falls due, from today; NaN or absent: where the model's
            interval at ``desired_retention`` puts it.
        desired_retention: For those intervals.
        suspended: Ids of suspended cards.
        worth: (cards,) what each is worth on the exam day; default alike.
    """
    ids = np.asarray(card_ids, np.int64)
    n = len(ids)
    s, d, elapsed = np.full(n, np.nan), np.full(n, np.nan), np.zeros(n)
    if log.cards and n:
        found = replay(log, weights)
        order = np.argsort(log.card_ids, kind="stable")
        at = np.searchsorted(log.card_ids, ids, sorter=order)
        at = order[np.minimum(at, log.cards - 1)]
        known = log.card_ids[at] == ids
        s[known] = found.stability_days[at[known]]
        d[known] = found.difficulty[at[known]]
        elapsed[known] = elapsed_days(log, rule, now_ms)[at[known]]
    scale = interval_days(weights, 1.0, desired_retention)
    with np.errstate(invalid="ignore"):
        due = np.maximum(np.rint(s * scale), 1.0) - elapsed
    if due_in_days is not None:
        given = np.asarray(due_in_days, np.float64)
        due = np.where(np.isnan(given), due, given)
    return cards(
        s,
        d,
        elapsed,
        due,
        worth=worth,
        suspended=np.isin(ids, np.fromiter(suspended, np.int64, len(suspended))),
    )
