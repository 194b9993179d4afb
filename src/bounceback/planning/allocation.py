"""Minutes to activities and areas, so that the chance of passing on the date is largest.

Two steps, both exact. *Activities*: a minute's worth is its activity's effect times the day's
yield, whatever the area, so activities are settled first, under the day's caps and what the
resources still hold. *Areas*: with the effective days given, the expected distance to the ceiling

    Σ_a w_a D_a exp(-p ((1-λ) e_a / w_a + λ E))

is separable and convex in ``e``; at the optimum every area above its floor has the same remaining
distance (equal marginal gain), and the level is found in closed form after sorting.

Arrays have a leading axis of test dates T: 26 candidate dates are solved in one call.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bounceback.forecast.learning_curve import Dynamics, Floats
from bounceback.planning.parameters import Rules
from bounceback.planning.study_resources import Material


def level_fill(caps: Floats, total: Floats) -> Floats:
    """Spread ``total`` (T,) over ``caps`` (T, D) as ``min(cap, level)``: as even as the caps allow.

    Where the caps hold less than the total, every cap is filled.
    """
    ordered = np.sort(caps, axis=1)
    count = caps.shape[1]
    filled = np.cumsum(ordered, axis=1)
    before = np.concatenate([np.zeros((len(caps), 1)), filled[:, :-1]], axis=1)
    # Poured when the level reaches ordered[i]: all smaller caps full, the rest at ordered[i].
    poured = before + ordered * (count - np.arange(count))
    target = np.minimum(total, filled[:, -1])
    index = np.minimum((poured < target[:, None] - 1e-9).sum(axis=1), count - 1)
    rows = np.arange(len(caps))
    level = (target - before[rows, index]) / (count - index)
    return np.asarray(np.minimum(caps, level[:, None]))


@dataclass(frozen=True, slots=True)
class DayRoom:
    """What each day leaves for study, for T test dates of at most D days.

    Attributes:
        study: (T, D) minutes left for study after forms, their reviews, fixed sessions, buffer.
        hard: (T, D) minutes left for fresh questions under the day's cap on hard work.
        kept: Study already on the days, which counts against every daily share and supply.
        reserved: (T, D) True on days for which fresh questions that stand in for a form are kept
            back.
        reserve: Minutes of those in all.
    """

    study: Floats
    hard: Floats
    kept: ActivityMinutes | None = None
    reserved: NDArray[np.bool_] | None = None
    reserve: float = 0.0


@dataclass(frozen=True, slots=True)
class ActivityMinutes:
    """Minutes of each activity on each day, (T, D) each; their sum is at most the day's room."""

    cards: Floats
    questions: Floats
    review: Floats
    passive: Floats
    recall: Floats

    @property
    def total(self) -> Floats:
        """(T, D) minutes of study."""
        return self.cards + self.questions + self.review + self.passive + self.recall


def activity_minutes(
    room: DayRoom, material: Material, rules: Rules, questions_per_day: float
) -> ActivityMinutes:
    """Spread activities over days: due cards, fresh questions, second looks, then books and video.

    Cards come first, capped by their share. Fresh questions that stand in for a form are kept back
    for their days; the others are spread evenly up to a daily number
    that rises week by week, so that review keeps up; second looks at questions already done fill
    what is left, then more fresh questions up to the day's cap on hard work, then books and videos
    up to what the retrieval share leaves, at last recall from memory, which needs nothing, for a
    part of the day. Nothing exceeds what the resources hold.
    """
    kept = room.kept or ActivityMinutes(*(np.zeros_like(room.study) for _ in range(5)))
    wanted = _card_minutes(room.study + kept.total, material, rules)
    cards = np.minimum(np.maximum(wanted - kept.cards, 0.0), room.study)
    minutes = _with_cards(room, kept, cards, material, rules, questions_per_day)
    share = rules["cards_share_max"]
    if share < 1.0:
        # The share is of what is studied, not of the hours: with little else to study from, cards
        # shrink with it.
        others = minutes.total - minutes.cards + kept.total - kept.cards
        most = np.maximum(share / (1.0 - share) * others - kept.cards, 0.0)
        if (minutes.cards > most + 1e-9).any():
            cards = np.minimum(minutes.cards, most)
            return _with_cards(room, kept, cards, material, rules, questions_per_day)
    return minutes


def _with_cards(
    room: DayRoom,
    kept: ActivityMinutes,
    cards: Floats,
    material: Material,
    rules: Rules,
    questions_per_day: float,
) -> ActivityMinutes:
    whole = room.study + kept.total
    left = room.study - cards
    zero = np.zeros_like(left)
    most_recall = np.maximum(rules["recall_share_max"] * whole - kept.recall, 0.0)
    books = np.full(len(left), _finite(material.passive_minutes))
    if not material.questions:
        # Without any questions the retrieval share cannot be met; books and videos may fill the
        # day, and the plan says so.
        passive = level_fill(left, books)
        recall = np.minimum(left - passive, most_recall)
        return ActivityMinutes(cards, zero, zero, passive, recall)

    per_question = material.minutes_per_question
    weeks = np.arange(left.shape[1]) // 7
    ramp = (questions_per_day + rules["questions_growth_per_week"] * weeks) * per_question
    ramp = np.maximum(ramp - kept.questions, 0.0)
    fresh = np.full(len(left), _finite(material.fresh_question_minutes))
    most = np.minimum(np.minimum(room.hard, ramp), left)
    first = np.zeros_like(left)
    if room.reserved is not None:
        held = np.minimum(room.hard, left) * room.reserved
        first = level_fill(held, np.minimum(fresh, room.reserve))
    questions = first + level_fill(np.maximum(most - first, 0.0), fresh - first.sum(axis=1))
    left = left - questions

    review = _second_looks(left, left, questions, kept, material)
    left = left - review
    if "start_questions_per_day" not in rules.prescribed:
        more = np.minimum(room.hard - questions, left)
        extra = level_fill(np.maximum(more, 0.0), fresh - questions.sum(axis=1))
        questions, left = questions + extra, left - extra
        again = _second_looks(left + review, left + review, questions, kept, material)
        left = left + review - again
        review = again
    most_passive = np.maximum((1.0 - rules["retrieval_share_min"]) * whole - kept.passive, 0.0)
    passive = level_fill(np.minimum(left, most_passive), books)
    recall = np.minimum(left - passive, most_recall)
    if (left - passive - recall > 1e-6).any() and (recall < most_recall - 1e-6).any():
        # Some days stay short of work. Recall needs nothing but has its share of each day: it
        # keeps that share everywhere, and what is finite goes where the hours would stay empty.
        left = left + review
        first = np.maximum(left - most_recall, 0.0)
        review = _second_looks(first, left, questions, kept, material)
        first, left = np.maximum(first - review, 0.0), left - review
        passive = level_fill(np.minimum(first, most_passive), books)
        room_left = np.minimum(left, most_passive) - passive
        passive = passive + level_fill(room_left, books - passive.sum(axis=1))
        recall = np.minimum(left - passive, most_recall)
    return ActivityMinutes(cards, questions, review, passive, recall)


def _finite(minutes: float) -> float:
    """An unknown supply, as more than any plan can hold."""
    return min(minutes, 1e7)


def _card_minutes(study: Floats, material: Material, rules: Rules) -> Floats:
    if not material.cards:
        return np.zeros_like(study)
    cap = rules["cards_share_max"] * study
    due = material.due_card_minutes_per_day
    fresh_left = sum(s.minutes_left for s in material.cards)
    new = rules["new_cards_per_day"] * material.cards[0].minutes_per_unit
    if due is None:
        seen = any(s.done for s in material.cards)
        wanted = np.minimum(rules["cards_share_min"] * study, cap)
        if not seen:
            wanted = np.minimum(wanted, new)
            return level_fill(wanted, np.full(len(study), _finite(fresh_left)))
        return wanted
    backlog = due > cap
    reviews = np.minimum(due, cap)
    room = np.where(backlog, 0.0, np.minimum(new, cap - reviews))
    return reviews + level_fill(room, np.full(len(study), _finite(fresh_left)))


def _second_looks(
    first: Floats, left: Floats, questions: Floats, kept: ActivityMinutes, material: Material
) -> Floats:
    """Minutes of second looks: never more than what has been seen by the day before.

    Of the minutes ``left``, those in ``first`` (at most as many) are filled before the others.
    """
    share = material.second_pass_share
    seen = material.seen_question_minutes + share * np.cumsum(questions + kept.questions, axis=1)
    seen = np.concatenate(
        [np.full((len(left), 1), material.seen_question_minutes), seen[:, :-1]], axis=1
    )
    if kept.review.any():
        seen = np.maximum(seen - np.cumsum(kept.review, axis=1), 0.0)
        seen = np.minimum(seen, seen[:, -1:])
    if not material.known:
        seen = np.full_like(seen, 1e7)  # what was done before is unknown, not nothing
    looks = level_fill(first, seen[:, -1])
    if first is not left:
        looks = looks + level_fill(left - looks, seen[:, -1] - looks.sum(axis=1))
    if (np.cumsum(looks, axis=1) > seen + 1e-6).any():
        # Early days wait until something has been seen; what waits is done as soon as it may be.
        used = np.zeros(len(left))
        waiting = np.zeros(len(left))
        for day in range(left.shape[1]):
            waiting += looks[:, day]
            now = np.minimum(np.minimum(left[:, day], waiting), np.maximum(seen[:, day] - used, 0))
            looks[:, day] = now
            waiting -= now
            used += now
    return looks


def yields(dynamics: Dynamics, minutes_per_day: Floats) -> Floats:
    """Effective days per minute on days of that many raw minutes; same shape."""
    law = dynamics.law
    return np.asarray(law.day_yield(minutes_per_day) / law.minutes_per_effective_day)


def activity_worth(dynamics: Dynamics, material: Material) -> dict[str, float]:
    """Worth of a minute of each of the five, questions = 1; books and video by what is listed."""
    effect = dynamics.law.activity_effect
    kinds = [(min(s.minutes_left, 1e7), s.kind) for s in material.passive]
    whole = sum(minutes for minutes, _ in kinds)
    passive = effect["reading"]
    if whole > 0:
        of_kind = {"book": effect["reading"], "video": effect["video"]}
        passive = sum(minutes * of_kind[kind] for minutes, kind in kinds) / whole
    return {
        "questions": effect["questions"],
        "review": effect["review"],
        "cards": effect["cards"],
        "passive": passive,
        "recall": effect["other"],
    }


def effective(worth_of: dict[str, float], minutes: ActivityMinutes, worth: Floats) -> Floats:
    """(T,) effective days of study when each day's minute is worth ``worth`` (T, D)."""
    weighted = sum(factor * getattr(minutes, name) for name, factor in worth_of.items())
    return np.asarray((weighted * worth).sum(axis=1))


def effective_bound(
    worth_of: dict[str, float], totals: dict[str, float], volume: Floats, worth: Floats
) -> float:
    """Upper bound on effective days when activities may change days freely.

    The day's caps on activities are dropped: the best activities meet the days of highest yield
    (rearrangement inequality), so nothing within these volumes and totals can do better.

    Args:
        worth_of: Worth of a minute of each activity.
        totals: Minutes of each activity over all days.
        volume: (D,) minutes of study of each day.
        worth: (D,) effective days a minute, of each day.
    """
    order = np.argsort(-worth, kind="stable")
    v, w = volume[order], worth[order]
    top = np.cumsum(v)
    start = bound = 0.0
    for name in sorted(worth_of, key=lambda n: -worth_of[n]):
        end = start + totals[name]
        inside = np.clip(np.minimum(top, end) - np.maximum(top - v, start), 0.0, None)
        bound += worth_of[name] * float(inside @ w)
        start = end
    return bound


def fill_areas(dynamics: Dynamics, total: Floats, least: Floats) -> Floats:
    """Split ``total`` effective days so that the expected distance is smallest.

    Args:
        dynamics: Of A areas.
        total: (T,) effective days to split; at least the sum of ``least``.
        least: (T, A) floors.

    Returns:
        (T, A), at least ``least``, with sum ``total``: areas above their floor end at one level of
        remaining distance, areas at their floor are nearer already (KKT, exact).
    """
    return _fill(
        np.log(dynamics.distance),
        dynamics.exam_weight,
        dynamics.mean_pace * (1.0 - dynamics.law.spill_over),
        total,
        least,
    )


def _fill(
    log_distance: Floats,
    weight: Floats,
    pace: float,
    total: Floats,
    least: Floats,
    most: Floats | None = None,
) -> Floats:
    # Area a leaves its floor when the level ν of log remaining distance falls below its threshold;
    # above the floor e_a = (w_a / c) (ln D_a - ν). An area whose floor is its cap never leaves it.
    span = np.broadcast_to(weight / pace, least.shape)
    threshold = log_distance - least / span
    if most is not None:
        threshold = np.where(least >= most, -np.inf, threshold)
    order = np.argsort(-threshold, axis=1, kind="stable")
    sorted_threshold = np.take_along_axis(threshold, order, axis=1)
    sorted_span = np.take_along_axis(span, order, axis=1)
    finite = np.isfinite(sorted_threshold)
    open_span = np.cumsum(np.where(finite, sorted_span, 0.0), axis=1)
    mass = np.where(finite, sorted_span * np.where(finite, sorted_threshold, 0.0), 0.0)
    open_mass = np.cumsum(mass, axis=1)
    extra = np.maximum(total - least.sum(axis=1), 0.0)
    # With the k+1 highest open, extra = Σ span (threshold - ν).
    level = (open_mass - extra[:, None]) / np.maximum(open_span, 1e-300)
    following = np.concatenate([sorted_threshold[:, 1:], np.full((len(least), 1), -np.inf)], axis=1)
    k = np.argmax(level >= following, axis=1)
    nu = level[np.arange(len(level)), k]
    above = np.where(np.isfinite(threshold), threshold - nu[:, None], 0.0)
    return np.asarray(least + span * np.maximum(above, 0.0))


def weak_areas(dynamics: Dynamics, rules: Rules) -> tuple[int, ...]:
    """Indices of the weakest third of areas, weakest first.

    An area counts as weak when its distance exceeds the total's by a margin: where the record does
    not tell the areas apart, none is called weak.
    """
    count = -(-len(dynamics.areas) // 3)
    least = dynamics.total_distance * (1.0 + rules["weak_margin_share"])
    order = np.argsort(-dynamics.distance, kind="stable")[:count]
    return tuple(int(i) for i in order if dynamics.distance[i] > least)


def effort_by_area(dynamics: Dynamics, total: Floats, base: Floats, rules: Rules) -> Floats:
    """Optimal effective days by area, with floors and a cap per area and a floor for the weakest.

    Args:
        dynamics: Of A areas.
        total: (T,) effective days in all, ``base`` included.
        base: (T, A) effective days already given (forms, fixed and mixed sessions).
        rules: Plan parameters.

    Returns:
        (T, A) with sum ``total``, at least ``base``.
    """
    weight = dynamics.exam_weight
    free = np.maximum(total - base.sum(axis=1), 0.0)
    least = base + rules["area_floor_share"] * free[:, None] * weight
    share = np.maximum(rules["area_share_max"], 2.0 * weight)
    most = np.maximum(share * total[:, None], least)
    best = _within(dynamics, total, least, most)
    weak = np.zeros(len(dynamics.areas), dtype=bool)
    weak[list(weak_areas(dynamics, rules))] = True
    if weak.all() or not weak.any():
        return best
    # The floor of the weakest third binds as one: each side is then optimal by itself.
    room = np.minimum(total - least[:, ~weak].sum(axis=1), most[:, weak].sum(axis=1))
    needed = np.minimum(rules["weak_topic_floor_share"] * total, room)
    short = best[:, weak].sum(axis=1) < needed - 1e-12
    if short.any():
        for side, amount in ((weak, needed), (~weak, total - needed)):
            best[np.ix_(short, side)] = _within(
                dynamics, amount[short], least[short][:, side], most[short][:, side], side
            )
    return best


def _within(
    dynamics: Dynamics,
    total: Floats,
    least: Floats,
    most: Floats,
    side: NDArray[np.bool_] | None = None,
) -> Floats:
    """:func:`fill_areas` with caps: an area that would exceed its cap is held there for good.

    Holding one area down raises the others, so a held area stays held; at most A rounds.
    """
    chosen = slice(None) if side is None else side
    log_distance = np.log(dynamics.distance[chosen])
    weight = dynamics.exam_weight[chosen]
    pace = dynamics.mean_pace * (1.0 - dynamics.law.spill_over)
    low = least
    for _ in range(least.shape[1]):
        best = _fill(log_distance, weight, pace, total, low, most)
        over = (best > most + 1e-12) & (low < most)
        if not over.any():
            break
        low = np.where(over, most, low)
    return best
