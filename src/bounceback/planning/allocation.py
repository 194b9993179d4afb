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

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bounceback.forecast.learning_curve import HOLDING_DAYS, Dynamics, Floats
from bounceback.planning.parameters import Rules
from bounceback.planning.strands import Strand
from bounceback.planning.study_block import StudyBlock
from bounceback.planning.study_resources import Material
from bounceback.vocabulary import Activity


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


KINDS: Final = ("questions", "incorrects", "content", "strands", "recall", "cards")
"""Kinds of study that share a day's minutes."""


@dataclass(frozen=True, slots=True)
class DayMinutes:
    """What each day leaves for study: D days.

    Attributes:
        study: (D,) minutes left after practice tests, their reviews, fixed sessions, catch-up time.
        hard: (D,) minutes left for new questions under the day's cap on hard work.
        kept: (6, D) study already on the days by kind, in the order of ``KINDS``.
        new_content: (D,) whether reading, videos and new cards may stand on the day.
        new_questions: (D,) whether new questions may.
        window: (D,) days whose new questions stand in for a practice test.
        window_questions: New questions to keep for those.
        early_blocks: Blocks of the first two weeks where pace is trained from the start.
        fixed: (D,) work of any kind already on the days: tests, their reviews, kept sessions.
        holding_minutes: Minutes a day, on the average of a week, that hold what is known.
    """

    study: Floats
    hard: Floats
    kept: Floats
    new_content: NDArray[np.bool_]
    new_questions: NDArray[np.bool_]
    window: NDArray[np.bool_]
    window_questions: float = 0.0
    early_blocks: int = 0
    fixed: Floats | float = 0.0
    holding_minutes: float = 0.0


@dataclass(frozen=True, slots=True)
class StudyShares:
    """Shares of study by day that the phase and the foundation ask for; (D,) each or a number.

    Attributes:
        content: Reading and video.
        content_max: Most of them, where other work runs out.
        recall_more: Most recall from memory beyond its own share of the day, where other work
            runs out: what a better foundation need not read.
        strands: Strands together.
        mixed: Share of new questions in mixed blocks.
        incorrects_max: Most incorrects.
        incorrects_start: Missed questions that are open at the start.
        missed_share: Share of new questions that are missed.
    """

    content: Floats
    content_max: float
    recall_more: float
    strands: Floats
    mixed: Floats
    incorrects_max: float
    incorrects_start: float
    missed_share: float


@dataclass(frozen=True, slots=True)
class KindMinutes:
    """Minutes of each kind on each day, (D,) each; their sum is at most the day's study."""

    questions: Floats
    incorrects: Floats
    content: Floats
    strands: Floats
    recall: Floats
    cards: Floats

    @property
    def total(self) -> Floats:
        """(D,) minutes of study."""
        return np.asarray(
            self.questions
            + self.incorrects
            + self.content
            + self.strands
            + self.recall
            + self.cards
        )


def fill_level(caps: Floats, total: float) -> Floats:
    """:func:`level_fill` of one row."""
    return np.asarray(level_fill(caps[None, :], np.array([min(max(total, 0.0), 1e9)]))[0])


def kind_minutes(
    room: DayMinutes,
    shares: StudyShares,
    material: Material,
    block: StudyBlock,
    rules: Rules,
    questions_per_day: float,
) -> KindMinutes:
    """Spread the kinds of study over the days.

    Cards first, held to their share and daily limit; then strands and content by their shares,
    incorrects as they fall due, and new questions in the rest, spread evenly as far as the banks
    reach. Where they do not fill the hours, incorrects, content and recall take what is left up to
    their own limits; past those, recall takes only what holds what is known
    (``holding_minutes`` a day on the average of a week). Nothing exceeds what the resources hold.
    """
    kept = dict(zip(KINDS, room.kept, strict=True))
    whole = room.study + room.kept.sum(axis=0)
    left = room.study.copy()

    def take(wanted: Floats, limit: Floats | None = None) -> Floats:
        nonlocal left
        given = np.clip(wanted, 0.0, left if limit is None else np.minimum(left, limit))
        left = left - given
        return np.asarray(given)

    eve = ~room.new_questions
    # Where few days of a week hold a block those that it fills are its own.
    own = is_weekly_quota(room, block, rules) & (room.hard > 0) & (left < 1.5 * block.minutes)
    for_blocks = np.where(own, left, 0.0)
    left = left - for_blocks
    cards = take(_card_minutes(whole, room.new_content, material, rules) - kept["cards"])
    # What strands lose on days of blocks they get on the others.
    others_whole = float(whole[~own].sum())
    scale = float(whole.sum()) / others_whole if others_whole > 0 else 1.0
    strands = take(np.where(eve | own, 0.0, scale * shares.strands * whole - kept["strands"]))
    books = min(material.passive_minutes, 1e7) if material.known and material.passive else 1e7
    content_wanted = np.where(room.new_content, shares.content * whole - kept["content"], 0.0)
    content = fill_level(np.clip(content_wanted, 0.0, left), books)
    left = left - content + for_blocks
    open_for_work = np.where(eve, 0.0, left)
    most = np.minimum(room.hard, open_for_work)
    if "start_questions_per_day" in rules.prescribed:
        weeks = np.arange(len(left)) // 7
        number = questions_per_day + rules["questions_growth_per_week"] * weeks
        each = block.minutes / block.items
        most = np.minimum(most, np.maximum(number * each, block.minutes) - kept["questions"])
    whole_blocks = sum(min(s.units_left, 1e7) // block.items for s in material.questions)
    supply = whole_blocks * block.minutes
    cap = rules["incorrects_share_max"]
    # Incorrects are done beside whole blocks; a prescribed number of questions counts them too.
    both = most if "start_questions_per_day" in rules.prescribed else open_for_work
    beside = np.where(own, most, np.minimum(most, both * (1.0 - cap / 2.0)))
    questions = _new_questions(beside, supply, room, block)
    looks = np.where(own, 0.0, np.minimum(cap * whole, both))
    incorrects = _incorrects(questions, looks, room, shares, block, rules)
    beside = np.minimum(most, np.maximum(both - incorrects, 0.0))
    questions = _new_questions(beside, supply, room, block)
    left = left - questions - incorrects

    # Where new questions do not fill the hours.
    extra = np.where(
        eve, 0.0, np.minimum(left, shares.incorrects_max * whole - incorrects - kept["incorrects"])
    )
    # What is missed in the last days falls due after the exam.
    soon = questions.copy()
    soon[max(0, len(soon) - rules.whole("incorrect_day_2")) :] = 0.0
    pool = _open_pool(soon, room, shares, block, rules) - float(incorrects.sum())
    more = fill_level(np.clip(extra, 0.0, None), max(0.0, pool))
    incorrects, left = incorrects + more, left - more
    limit = np.where(room.new_content, shares.content_max * whole - content - kept["content"], 0.0)
    more = fill_level(np.clip(np.minimum(limit, left), 0.0, None), books - float(content.sum()))
    content, left = content + more, left - more
    recall_max = np.where(
        eve, rules["eve_notes_minutes"], rules["recall_share_max"] * whole - kept["recall"]
    )
    recall = take(recall_max)
    more = take(np.where(eve, 0.0, shares.recall_more * whole))
    # Shares are of what is studied, not of the hours offered.
    before = float(room.kept.sum())
    others = float((questions + strands + recall + cards).sum()) + before
    incorrects, content, more = _held(
        (incorrects, content, more),
        (room.kept[1].sum(), room.kept[2].sum(), 0.0),
        (shares.incorrects_max, shares.content_max, shares.recall_more),
        others,
    )
    recall = recall + more
    share = rules["cards_share_max"]
    if share < 1.0:
        beside_cards = questions + incorrects + content + strands + recall + whole - room.study
        cards = np.minimum(cards, share / (1.0 - share) * beside_cards + 1e-9)
    done = KindMinutes(questions, incorrects, content, strands, recall, cards)
    return replace(done, recall=recall + _to_hold(done.total, room))


def is_weekly_quota(room: DayMinutes, block: StudyBlock, rules: Rules) -> bool:
    """Whether so few days hold a whole block that blocks are a matter of the week."""
    blocks = float((room.hard // block.minutes).sum())
    return 7.0 * blocks <= rules["weekly_quota_blocks"] * len(room.hard)


def _to_hold(study: Floats, room: DayMinutes) -> Floats:
    """(D,) minutes of recall that hold what is known where other work runs out.

    Every seven days that end on a study day get ``holding_minutes`` a day, kept and fixed work
    included, as far as the hours offered reach: beyond that nothing would be held better.
    """
    fixed = room.fixed + study
    free = np.where(room.new_questions, np.maximum(room.study - study, 0.0), 0.0)
    added = np.zeros_like(study)
    for d in range(len(study)):
        first = max(d - HOLDING_DAYS + 1, 0)
        done = float((fixed + added)[first : d + 1].sum())
        added[d] = np.clip(room.holding_minutes * (d + 1 - first) - done, 0.0, free[d])
    return added


def _held(
    minutes: Sequence[Floats], kept: Sequence[float], most: Sequence[float], others: float
) -> list[Floats]:
    """Kinds of study, each at most its share of all study; ``others`` is the rest of it."""
    held = list(minutes)
    for _ in range(4):
        sums = [float(m.sum()) + k for m, k in zip(held, kept, strict=True)]
        for n, share in enumerate(most):
            rest = others + sum(sums) - sums[n]
            limit = share / (1.0 - share) * rest if share < 1.0 else np.inf
            if sums[n] > limit + 1e-6:
                own = max(sums[n] - kept[n], 1e-9)
                held[n] = held[n] * max(0.0, limit - kept[n]) / own
                sums[n] = limit
    return held


def _new_questions(most: Floats, supply: float, room: DayMinutes, block: StudyBlock) -> Floats:
    """Minutes of new questions by day, spread evenly; those of the window are kept for it.

    Their total is a number of whole blocks.
    """
    most = np.clip(np.where(room.new_questions, most, 0.0), 0.0, None)
    whole = float((min(supply, float(most.sum())) + 1e-6) // block.minutes) * block.minutes
    if room.early_blocks:
        early = most * (np.arange(len(most)) < 14)
        first = fill_level(early, min(room.early_blocks * block.minutes, whole))
        return np.asarray(first + fill_level(most - first, whole - float(first.sum())))
    if not room.window.any() or room.window_questions <= 0:
        return fill_level(most, whole)
    reserve = min(room.window_questions / block.items * block.minutes, whole)
    first = fill_level(most * room.window, reserve)
    return np.asarray(first + fill_level(most - first, whole - float(first.sum())))


def _open_pool(
    questions: Floats, room: DayMinutes, shares: StudyShares, block: StudyBlock, rules: Rules
) -> float:
    """Minutes that one return to every missed question takes, those to be missed included."""
    new = float((questions + room.kept[0]).sum()) / block.minutes * block.items
    missed = shares.incorrects_start + shares.missed_share * new
    return max(0.0, missed * rules["incorrect_minutes"] - float(room.kept[1].sum()))


def _incorrects(
    questions: Floats,
    cap: Floats,
    room: DayMinutes,
    shares: StudyShares,
    block: StudyBlock,
    rules: Rules,
) -> Floats:
    """Minutes of incorrects by day: those due after so many days, then the older ones."""
    new = (questions + room.kept[0]) / block.minutes * block.items
    each = rules["incorrect_minutes"]
    missed = shares.missed_share * new * each
    due = np.zeros_like(missed)
    for n in (1, 2, 3):
        after = rules.whole(f"incorrect_day_{n}")
        if after < len(due):
            due[after:] += rules[f"incorrect_share_{n}"] * missed[:-after]
    open_days = np.where(room.new_questions, np.clip(cap - room.kept[1], 0.0, None), 0.0)
    # What falls due on a day without study waits for the next.
    given = np.zeros_like(due)
    waiting = 0.0
    for d, (today, most) in enumerate(zip(due.tolist(), open_days.tolist(), strict=True)):
        waiting += today
        given[d] = min(waiting, most)
        waiting -= given[d]
    older = shares.incorrects_start * each
    return np.asarray(given + fill_level(open_days - given, older))


def _card_minutes(
    whole: Floats, new_allowed: NDArray[np.bool_], material: Material, rules: Rules
) -> Floats:
    if not material.cards:
        return np.zeros_like(whole)
    cap = np.minimum(rules["cards_share_max"] * whole, rules["cards_minutes_max"])
    due = material.due_card_minutes_per_day
    fresh_left = sum(s.minutes_left for s in material.cards)
    new = rules["new_cards_per_day"] * material.cards[0].minutes_per_unit
    if due is None:
        wanted = np.minimum(rules["cards_share_min"] * whole, cap)
        if not any(s.done for s in material.cards):
            return fill_level(np.minimum(wanted, np.where(new_allowed, new, 0.0)), fresh_left)
        return wanted
    reviews = np.minimum(due, cap)
    room = np.where(new_allowed & (due <= cap), np.minimum(new, cap - reviews), 0.0)
    return np.asarray(reviews + fill_level(np.clip(room, 0.0, None), fresh_left))


def yields(dynamics: Dynamics, minutes_per_day: Floats) -> Floats:
    """Effective days per minute on days of that many raw minutes; same shape."""
    law = dynamics.law
    return np.asarray(law.day_yield(minutes_per_day) / law.minutes_per_effective_day)


@dataclass(frozen=True, slots=True)
class StudyWorth:
    """Worth of a minute of each kind of study, new questions = 1.

    Attributes:
        by_activity: At the passing score, by activity.
        content: (A,) worth of reading by area: content pays by foundation.
        video: (A,) worth of video.
        incorrects: Mean worth of incorrects over the plan: each further return pays less.
    """

    by_activity: Mapping[Activity, float]
    content: Floats
    video: Floats
    incorrects: float

    def of(self, activity: Activity, kind: str, area: int | None, weight: Floats) -> float:
        """Worth of a minute of a session; mixed content is worth its mean over the exam."""
        if activity == "review" and kind == "study":
            return self.incorrects
        if activity in ("reading", "video"):
            worth = self.content if activity == "reading" else self.video
            return float(worth @ weight) if area is None else float(worth[area])
        return self.by_activity[activity]


def study_worth(dynamics: Dynamics, minutes: float, pool: float) -> StudyWorth:
    """Worth of study for a learner.

    Args:
        dynamics: How study moves the score.
        minutes: Minutes of incorrects that the plan holds.
        pool: Minutes that one return to every missed question takes.
    """
    effects = dynamics.law.effects
    below = dynamics.below_mark_sds
    mean = effects.second_look
    if minutes > 0 and pool > 0:
        mean = float(effects.second_look_minutes(minutes, pool)) / minutes
    return StudyWorth(
        by_activity=dynamics.law.activity_effect,
        content=effects.of_activity("reading", below),
        video=effects.of_activity("video", below),
        incorrects=mean,
    )


def worth_of_kinds(
    worth: StudyWorth, material: Material, strands: Sequence[Strand], named: Sequence[int]
) -> dict[str, float]:
    """Worth of a minute of each of ``KINDS``; content by what is listed, in the areas named."""
    kinds = [(min(s.minutes_left, 1e7), s.kind) for s in material.passive]
    total = sum(minutes for minutes, _ in kinds)
    areas = list(named) or list(range(len(worth.content)))
    reading, video = float(worth.content[areas].mean()), float(worth.video[areas].mean())
    content = reading
    if total > 0:
        content = sum(m * (reading if k == "book" else video) for m, k in kinds) / total
    share = sum(s.share for s in strands)
    of_strands = (
        sum(
            s.share * (worth.incorrects if s.id == "pacing" else worth.by_activity[s.activity])
            for s in strands
        )
        / share
        if share
        else 0.0
    )
    return {
        "questions": worth.by_activity["questions"],
        "incorrects": worth.incorrects,
        "content": content,
        "strands": of_strands,
        "recall": worth.by_activity["other"],
        "cards": worth.by_activity["cards"],
    }


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


def weakest_area(dynamics: Dynamics, rules: Rules) -> int:
    """Index of the weakest area that has study of its own: a small one is studied in the mix."""
    own = dynamics.exam_weight >= min(rules["small_area_share"], float(dynamics.exam_weight.max()))
    return int(np.argmax(np.where(own, dynamics.distance, -np.inf)))


def area_floors(dynamics: Dynamics, rules: Rules, named: Sequence[int] = ()) -> Floats:
    """(A,) least share of what is not mixed, as a part of each area's weight in the exam.

    The weakest area has more, and so have those that a way back names.
    """
    floor = np.full(len(dynamics.areas), rules["area_floor_share"])
    floor[weakest_area(dynamics, rules)] = rules["weakest_floor_share"]
    if named:
        floor *= rules["area_floor_share"]
        floor[list(named)] = rules["named_floor_share"]
    return floor


def named_areas(dynamics: Dynamics, rules: Rules) -> tuple[int, ...]:
    """Indices of the areas with the most points still to win: exam weight times distance."""
    points = dynamics.exam_weight * dynamics.distance
    count = rules.whole("remediation_subjects")
    return tuple(int(i) for i in np.argsort(-points, kind="stable")[:count])


def effort_by_area(
    dynamics: Dynamics,
    total: Floats,
    base: Floats,
    rules: Rules,
    most_by_area: Floats | None = None,
    named: Sequence[int] = (),
) -> Floats:
    """Optimal effective days by area, with floors and a cap per area and a floor for the weakest.

    Args:
        dynamics: Of A areas.
        total: (T,) effective days in all, ``base`` included.
        base: (T, A) effective days already given (forms, fixed and mixed sessions).
        rules: Plan parameters.
        most_by_area: (T, A) most effective days of each area, where its questions run out or it is
            studied in mixed blocks alone; raised together where they cannot hold the total.
        named: Areas that are rebuilt first on the way to a checkpoint test.

    Returns:
        (T, A) with sum ``total``, at least ``base``.
    """
    weight = dynamics.exam_weight
    free = np.maximum(total - base.sum(axis=1), 0.0)
    floor = area_floors(dynamics, rules, named)
    least = base + floor * free[:, None] * weight
    share = np.maximum(rules["area_share_max"], 2.0 * weight)
    most = share * total[:, None]
    if most_by_area is not None:
        most = np.minimum(most, np.maximum(most_by_area, base))
        least = np.minimum(least, most)
        short = np.maximum(total - most.sum(axis=1), 0.0)
        most = most + short[:, None] * weight * 1.000001
    most = np.maximum(most, least)
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
