"""From what was read to what can be planned: cards as they stand on a day.

``standing`` turns review histories into the cards of a simulation; ``deck_of_package`` does so for
an Anki package.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np

from bounceback.memory.dayclock import DayRule
from bounceback.memory.fsrs import Weights, default_weights, interval_days
from bounceback.memory.histories import Histories, history_from_revlog
from bounceback.memory.package.values import RELEARNING, REVIEW, SUSPENDED
from bounceback.memory.replay import replay
from bounceback.memory.workload import Cards, cards

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from bounceback.memory.package.values import Package


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


def deck_of_package(
    package: Package,
    rule: DayRule,
    now_ms: int,
    *,
    weights: Weights | None = None,
    worth: ArrayLike | None = None,
    desired_retention: float = 0.9,
) -> Cards:
    """Return the cards of a package as they stand, one a row of ``package.cards``.

    Args:
        package: What was read.
        rule: Day rule.
        now_ms: Instant, milliseconds since 1970 UTC.
        weights: Weights; default if not given.
        worth: (cards,) what each is worth on the exam day; default alike.
        desired_retention: For cards whose due day the package does not say.

    Notes:
        A review card is due as the package says (days since the collection's first day); cards in
        steps are due today; cards in a filtered deck where the model puts them.
    """
    w = weights or default_weights()
    table = package.cards
    log = history_from_revlog(package.reviews, rule, weights=w)
    today = rule.days_between(package.created_s * 1000, now_ms)
    due = np.full(len(table), np.nan)
    scheduled = (table["type"] == REVIEW) & (table["filtered_deck_id"] == 0)
    due[scheduled] = table["due"][scheduled] - today
    due[table["type"] == RELEARNING] = 0.0
    return standing(
        table["id"],
        log,
        w,
        rule,
        now_ms,
        due_in_days=due,
        desired_retention=desired_retention,
        suspended=frozenset(table["id"][table["queue"] == SUSPENDED].tolist()),
        worth=worth,
    )
