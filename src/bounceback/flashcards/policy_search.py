"""Which way of reviewing to keep until the exam, and what it should leave in memory on the day.

What counts is the recall *on the exam day*, each card weighted by what its areas ask in the exam
times how weak the learner is there, under the minutes a day that the learner has. Candidates are
simulated from the cards as they stand (``workload``); near ties go to the gentler one. Rules 28 to
33 of ``docs/explanation/memory.md``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from bounceback.flashcards.fsrs import Weights
from bounceback.flashcards.parameters import value
from bounceback.flashcards.simulator import (
    Cards,
    DayLoad,
    Habits,
    Order,
    Policy,
    daily_load,
    day_minutes,
    simulate,
)

RETENTIONS = (0.7, 0.75, 0.8, 0.85, 0.9, 0.93, 0.95)
"""Desired retentions that are tried."""


@dataclass(frozen=True, slots=True)
class Band:
    """Mean over simulations with the 10th and 90th percentile."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Tried:
    """One way of reviewing and what it is expected to leave.

    Attributes:
        policy: The way.
        recall: Expected recall on the exam day, weighted by worth, in [0, 1].
        minutes: Minutes in all.
        seen: Cards seen by the exam day.
    """

    policy: Policy
    recall: float
    minutes: float
    seen: float


@dataclass(frozen=True, slots=True)
class Backlog:
    """Cards that wait today, and their doses.

    Attributes:
        waiting: Cards due today or earlier.
        per_day: Most of them a day; ``None``: they take their turn by gain with all others.
        waiting_at_exam: Cards due and not asked on the last day; kept for after the exam.
    """

    waiting: int
    per_day: int | None
    waiting_at_exam: int


@dataclass(frozen=True, slots=True)
class ExamPlan:
    """What to set until the exam, and what to expect.

    Attributes:
        policy: The way of reviewing.
        first: First day.
        exam: Exam day.
        last_new: Last day on which new cards are started; ``None`` if none are.
        recall: Expected recall on the exam day, weighted by worth.
        recall_if_nothing: The same if no card is asked from now on.
        seen: Cards seen by the exam day.
        unseen: Cards that will not be started; they are not studied, not forgotten. Cards put away
            are not among them.
        binds: Whether the minutes leave work undone: due cards or new cards.
        backlog: Cards that wait today.
        load: Minutes and cards by date.
        plain: Reviews first at 90 % and the new cards spread over the days: the usual advice.
        anki: Anki's default limits.
        tried: Every candidate, best first.
        seeds: Number of simulations behind the bands.
    """

    policy: Policy
    first: date
    exam: date
    last_new: date | None
    recall: Band
    recall_if_nothing: float
    seen: float
    unseen: float
    binds: bool
    backlog: Backlog
    load: tuple[DayLoad, ...]
    plain: Tried
    anki: Tried
    tried: tuple[Tried, ...]
    seeds: int


def card_worth(
    areas: Sequence[Mapping[str, float]],
    exam_weights: Mapping[str, float],
    weakness: Mapping[str, float] | None = None,
) -> tuple[float, ...]:
    """Return what recalling each card on the exam day is worth.

    Args:
        areas: For each card its areas with their shares (≥ 0); empty if unknown.
        exam_weights: Share of the exam by area.
        weakness: How weak the learner is by area, ≥ 0, on any scale; areas without an entry get
            the mean of the others; ``None``: alike.

    Returns:
        One number a card, mean 1. An area's weight times its weakness is spread over its cards, so
        a large deck of a small area does not crowd out the rest. Cards of unknown area get the
        mean, not zero; cards of areas that the exam does not ask get zero.
    """
    weak = dict(weakness or {})
    usual = sum(weak.values()) / len(weak) if weak else 1.0
    size: dict[str, float] = {}
    for card in areas:
        for area, share in card.items():
            size[area] = size.get(area, 0.0) + share
    unit = {
        area: exam_weights.get(area, 0.0) * weak.get(area, usual) / total
        for area, total in size.items()
        if total > 0.0
    }
    raw = [
        sum(share * unit.get(area, 0.0) for area, share in card.items()) if card else None
        for card in areas
    ]
    known = [r for r in raw if r is not None]
    mean = sum(known) / len(known) if known else 1.0
    if mean <= 0.0:
        return tuple(1.0 for _ in raw)
    return tuple(1.0 if r is None else r / mean for r in raw)


def usual_policies(deck: Cards, days: int) -> tuple[Policy, Policy]:
    """Return what students are usually told: plain FSRS at 0.9 with the new cards spread evenly
    over the days, and Anki's default limits.
    """
    unseen = int((~deck.seen & ~deck.suspended).sum())
    desired = value("anki.desired_retention")
    return (
        Policy(desired, -(-unseen // max(days, 1))),
        Policy(
            desired,
            int(value("anki.new_per_day")),
            reviews_per_day=int(value("anki.reviews_per_day")),
        ),
    )


def new_card_ladder(deck: Cards, minutes: Sequence[float]) -> tuple[int, ...]:
    """Return up to eight daily numbers of new cards to try: none, … what would finish the deck,
    … what would fill the minutes.
    """
    unseen = int((~deck.seen & ~deck.suspended).sum())
    days = sum(m > 0.0 for m in minutes)
    if not unseen or not days:
        return (0,)
    finish = -(-unseen // days)
    # A card's first day takes some 35 seconds; more than fills the minutes changes nothing.
    room = max(int(np.max([m for m in minutes if np.isfinite(m)], initial=0.0)) * 2, 1)
    steps = {0, *(int(np.ceil(finish * k)) for k in (0.25, 0.5, 0.75, 1.0, 1.5, 2.5))}
    steps.add(max(room, int(np.ceil(finish * 1.0))))
    return tuple(sorted(min(step, unseen) for step in steps))[:8]


def grid(
    deck: Cards, minutes: Sequence[float], *, order: Order = "exam-gain"
) -> tuple[Policy, ...]:
    """Return the candidates of the first round: desired retentions × new cards a day."""
    look = int(value("policy.last_look_days"))
    return tuple(
        Policy(desired, new, order=order, last_look_days=look)
        for desired in RETENTIONS
        for new in dict.fromkeys(new_card_ladder(deck, minutes))
    )


def plan_to_exam(
    deck: Cards,
    *,
    today: date,
    exam: date,
    minutes_per_day: float | Sequence[float],
    days_off: Sequence[date] = (),
    easy_days: Mapping[date, float] | None = None,
    weights: Weights | None = None,
    habits: Habits | None = None,
    seed: int = 0,
    seeds: int | None = None,
) -> ExamPlan:
    """Choose new cards a day, order, desired retention and the last day for new cards.

    Args:
        deck: Cards as they stand today, with their worth.
        today: First day on which cards are asked.
        exam: Exam day; nothing is asked on it.
        minutes_per_day: Minutes for cards: one number, or seven from Monday.
        days_off: Days without cards.
        easy_days: Days with their share of the usual minutes, in [0, 1].
        weights: Weights; default if not given.
        habits: Answers and times; published if not given.
        seed: First of the seeds.
        seeds: Number of simulations behind the bands.

    Returns:
        The plan. With no day left it says what is remembered as things stand.
    """
    minutes = day_minutes(today, exam, minutes_per_day, days_off=days_off, easy_days=easy_days)
    days = len(minutes)
    number = int(value("workload.seeds")) if seeds is None else seeds

    def judge(policies: Sequence[Policy], how_many: int) -> list[Tried]:
        out = simulate(
            deck,
            policies,
            minutes,
            seeds=range(seed, seed + how_many),
            weights=weights,
            habits=habits,
        )
        return [
            Tried(
                policy,
                float(out.recall[i].mean()),
                float(out.minutes[i].sum(axis=1).mean()),
                float(out.seen[i].mean()),
            )
            for i, policy in enumerate(policies)
        ]

    tried = judge(grid(deck, minutes), 1)
    waiting = int((deck.seen & ~deck.suspended & (deck.due_in_days <= 0)).sum())
    best = max(tried, key=lambda t: t.recall)
    second = _variations(best.policy, minutes, waiting)
    # What the usual advice would do is always among the candidates.
    plain, anki = usual_policies(deck, days)
    tried += judge([*second, plain, anki], 1)
    tolerance = value("policy.tolerance")
    top = max(t.recall for t in tried)
    close = [t for t in tried if t.recall >= top * (1.0 - tolerance)]
    chosen = min(close, key=_burden)
    # Moving due days towards days with room costs nothing that matters and eases the week.
    eased = replace(chosen.policy, spread=True)
    final = [eased, plain, anki]
    out = simulate(
        deck,
        final,
        minutes,
        seeds=range(seed, seed + number),
        weights=weights,
        habits=habits,
        forgetting_spread=value("workload.forgetting_spread"),
    )
    # Of the same students, so that the two can stand side by side.
    nothing = simulate(
        deck,
        [Policy(0.9, 0)],
        [0.0] * days,
        seeds=range(seed, seed + number),
        weights=weights,
        habits=habits,
        forgetting_spread=value("workload.forgetting_spread"),
    )
    low, high = np.quantile(out.recall[0], [0.1, 0.9])
    results = [
        Tried(
            policy,
            float(out.recall[i].mean()),
            float(out.minutes[i].sum(axis=1).mean()),
            float(out.seen[i].mean()),
        )
        for i, policy in enumerate(final)
    ]
    started = out.new[0].sum(axis=0).nonzero()[0]
    at_exam = float(out.waiting[0, :, -1].mean()) if days else float(waiting)
    seen = results[0].seen
    unseen = deck.count - int((~deck.seen & deck.suspended).sum()) - seen
    return ExamPlan(
        policy=eased,
        first=today,
        exam=exam,
        last_new=today + timedelta(days=int(started[-1])) if len(started) else None,
        recall=Band(results[0].recall, float(low), float(high)),
        recall_if_nothing=float(nothing.recall[0].mean()),
        seen=seen,
        unseen=unseen,
        binds=at_exam >= 1.0 or unseen > 0.0,
        backlog=Backlog(waiting, eased.backlog_per_day, round(at_exam)),
        load=daily_load(out, today),
        plain=results[1],
        anki=results[2],
        tried=tuple(sorted(tried, key=lambda t: -t.recall)),
        seeds=number,
    )


def _variations(policy: Policy, minutes: Sequence[float], waiting: int) -> list[Policy]:
    """Second round: when new cards stop, how long the last look is, how the backlog is dosed."""
    days = len(minutes)
    found = [policy]
    for stop in (3, 7, 14, 21):
        if stop < days:
            found.append(replace(policy, last_new_day=days - 1 - stop))
    found += [replace(policy, last_look_days=look) for look in (0, 7, 14) if look < days]
    if waiting and days:
        spread_over = max(int(days * value("policy.backlog_share_of_days")), 1)
        dose = -(-waiting // spread_over)
        open_days = [m for m in minutes if m > 0.0]
        if open_days and np.isfinite(open_days).all():
            # Small doses: the backlog never fills more than its share of a day.
            seconds = value("habit.seconds_review_good")
            share = value("policy.backlog_share_of_minutes")
            dose = min(dose, max(int(np.mean(open_days) * 60.0 * share / seconds), 1))
        found += [replace(policy, backlog_per_day=dose)]
        found += [
            replace(policy, backlog_per_day=dose, last_new_day=days - 1 - stop)
            for stop in (3, 7)
            if stop < days
        ]
    return found


def _burden(tried: Tried) -> tuple[float, ...]:
    """Among ways that are equally good: less time (to the hour), new cards stop early, fewer new
    cards a day, a dosed backlog.
    """
    policy = tried.policy
    stop = np.inf if policy.last_new_day is None else float(policy.last_new_day)
    return (
        round(tried.minutes / 60.0),
        stop,
        float(policy.new_per_day),
        0.0 if policy.backlog_per_day is not None else 1.0,
        -policy.desired_retention,
    )


@dataclass(frozen=True, slots=True)
class Maintenance:
    """What it takes to keep what is known while something else comes first.

    Attributes:
        desired_retention: Chance of recall at which a card is asked.
        minutes_a_day: Mean minutes a day, 10th and 90th percentile over simulations.
        recall: Expected weighted recall at the end.
    """

    desired_retention: float
    minutes_a_day: Band
    recall: Band


def maintenance(
    deck: Cards,
    days: int,
    *,
    desired: Sequence[float] = (0.7, 0.8, 0.9),
    weights: Weights | None = None,
    habits: Habits | None = None,
    seed: int = 0,
    seeds: int = 5,
) -> tuple[Maintenance, ...]:
    """Price keeping what is known for some days without new cards, at several retentions.

    Args:
        deck: Cards as they stand.
        days: Days to keep it up, for instance while a result is awaited.
        desired: Desired retentions.
        weights: Weights; default if not given.
        habits: Answers and times; published if not given.
        seed: First seed.
        seeds: Number of simulations.
    """
    out = simulate(
        deck,
        [Policy(r, 0, spread=True) for r in desired],
        [np.inf] * days,
        seeds=range(seed, seed + seeds),
        weights=weights,
        habits=habits,
        forgetting_spread=value("workload.forgetting_spread"),
    )

    def band(x: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Band:
        low, high = np.quantile(x, [0.1, 0.9])
        return Band(float(x.mean()), float(low), float(high))

    return tuple(
        Maintenance(r, band(out.minutes[i].sum(axis=1) / max(days, 1)), band(out.recall[i]))
        for i, r in enumerate(desired)
    )
