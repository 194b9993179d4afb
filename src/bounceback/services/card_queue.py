"""The student's cards at one moment: who is asked next, what that takes, what it gives.

Values in, values out: whoever stores the cards replays them (``bounceback.local_storage``) and asks
here. The command line and the web app ask the same functions, so they show the same cards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, time
from math import inf
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import numpy as np

from bounceback import facts
from bounceback.flashcards.anki.models import LEARNING, RELEARNING
from bounceback.flashcards.areas import AreaMap
from bounceback.flashcards.card_states import elapsed_days
from bounceback.flashcards.day_boundary import LocalDays
from bounceback.flashcards.fsrs import Memory, Weights
from bounceback.flashcards.parameters import value
from bounceback.flashcards.policy_search import (
    ExamPlan,
    Maintenance,
    card_worth,
    maintenance,
    plan_to_exam,
)
from bounceback.flashcards.retention import AreaRetention, area_retention
from bounceback.flashcards.review_log import Histories
from bounceback.flashcards.review_session import QueuedCard, Settings
from bounceback.flashcards.simulator import Cards, Habits, Policy, simulate, todays_queue
from bounceback.forecast.posterior import Belief
from bounceback.records.models import Availability, Record, Resource
from bounceback.vocabulary import WEEKDAYS, ExamId

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DAY_QUEUE: Final = 3
"""Anki's ``queue`` of a card whose next step is on another day; its due number counts days."""

_AHEAD_DAYS: Final = 14
"""Days over which the usual number of due cards is averaged: two weeks hold each weekday twice."""

MINUTES_A_DAY: Final = 60.0
"""Most minutes for cards that a plan to the exam day uses, unless the student asks for others."""


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """The cards at one instant. Arrays have one entry a row of ``table``.

    Attributes:
        table: Cards as ``CARD_COLUMNS``, by id.
        deck: Their states and due days, for planning.
        log: Histories of the cards that were answered.
        last_ms: (cards,) instant of the last answer; 0 for none.
        first_ms: (cards,) instant of the first answer; 0 for none.
        labels: Id, tags and deck name of each card.
        weights: Weights of the replay.
        habits: The learner's own times and answers, shrunk towards the published ones.
        rule: Day rule.
        now_ms: The instant, milliseconds since 1970 UTC.
        day_number: Today, counted from the collection's day 0.
        answered_ms: Milliseconds spent on answers today.
    """

    table: NDArray[Any]
    deck: Cards
    log: Histories
    last_ms: NDArray[np.int64]
    first_ms: NDArray[np.int64]
    labels: Sequence[tuple[int, tuple[str, ...], str]]
    weights: Weights
    habits: Habits
    rule: LocalDays
    now_ms: int
    day_number: int
    answered_ms: int

    @property
    def today(self) -> date:
        """Study day of the instant."""
        return self.rule.date(self.now_ms)

    @property
    def begun_today(self) -> int:
        """Number of cards met for the first time today."""
        start = self.first_ms >= self.now_ms - 2 * 86_400_000
        return sum(self.rule.date(one) == self.today for one in self.first_ms[start].tolist())

    def with_worth(self, worth: Sequence[float]) -> Standing:
        """Return the same cards with what each is worth on the exam day."""
        return replace(self, deck=replace(self.deck, worth=np.asarray(worth, np.float64)))


def retention(
    found: Standing, areas: Mapping[int, Mapping[str, float]], exam_day: date | None
) -> tuple[AreaRetention, ...]:
    """Return how much of each area is remembered, with n and a range.

    Args:
        found: The cards.
        areas: Areas of every card with their shares, by card id.
        exam_day: Day for the look ahead, or ``None``.
    """
    return area_retention(
        found.log,
        found.weights,
        areas,
        elapsed_days=elapsed_days(found.log, found.rule, found.now_ms),
        days_to_exam=None if exam_day is None else (exam_day - found.today).days,
        suspended=frozenset(found.table["id"][found.deck.suspended].tolist()),
    )


def queue(
    found: Standing, policy: Policy, days_to_exam: int, minutes: float
) -> tuple[QueuedCard, ...]:
    """Return who is asked now, most important first: cards in steps, then by the policy.

    Args:
        found: The cards.
        policy: Way of reviewing; ``last_new_day`` counts from today. New cards that were begun
            today count towards its daily number.
        days_to_exam: At least 1.
        minutes: Minutes for cards today; ``inf`` for no limit.

    Returns:
        Of one note one card: its siblings would give the answer away.
    """
    table, deck = found.table, found.deck
    stepping = np.isin(table["type"], (LEARNING, RELEARNING)) & ~deck.suspended
    rest = replace(deck, suspended=deck.suspended | stepping)
    begun = min(found.begun_today, policy.new_per_day)
    order = todays_queue(
        rest,
        replace(policy, new_per_day=policy.new_per_day - begun),
        days_to_exam,
        minutes,
        weights=found.weights,
        habits=found.habits,
    )
    first = [at for at in np.flatnonzero(stepping).tolist() if _step_is_due(found, at)]
    first.sort(key=lambda at: int(table["due"][at]))
    notes: set[int] = set()
    cards = []
    for at in (*first, *order.tolist()):
        note = int(table["note_id"][at])
        if note not in notes:
            notes.add(note)
            cards.append(queued(found, at))
    return tuple(cards)


def _step_is_due(found: Standing, at: int) -> bool:
    row = found.table[at]
    if row["queue"] == _DAY_QUEUE or row["due"] < 1_000_000_000:
        return bool(row["due"] <= found.day_number)
    ahead = value("review.learn_ahead_minutes") * 60
    return bool(row["due"] <= found.now_ms / 1000 + ahead)


def queued(found: Standing, at: int) -> QueuedCard:
    """Return one card for a sitting.

    Args:
        found: The cards.
        at: Its row.
    """
    row, deck = found.table[at], found.deck
    memory = None
    if deck.seen[at]:
        memory = Memory(float(deck.stability_days[at]), float(deck.difficulty[at]))
    last = int(found.last_ms[at]) if memory else None
    card = QueuedCard(int(row["id"]), memory=memory, last_ms=last, flag=int(row["flag"]))
    if row["type"] in (LEARNING, RELEARNING):
        in_seconds = row["due"] >= 1_000_000_000
        lapse = row["type"] == RELEARNING
        usual = Settings(found.weights, found.rule)
        steps = len(usual.relearning_minutes if lapse else usual.learning_minutes)
        return replace(
            card,
            kind="relearning" if lapse else "learning",
            step=max(steps - int(row["left"]) % 1000, 0),
            not_before_ms=int(row["due"]) * 1000 if in_seconds else 0,
        )
    return replace(card, kind="new" if memory is None else "review")


def waiting(found: Standing) -> int:
    """Return the number of seen cards that are due today or earlier."""
    deck = found.deck
    return int((deck.seen & ~deck.suspended & (deck.due_in_days <= 0)).sum())


def resource_of_deck(found: Standing, name: str) -> Resource | None:
    """Return a deck as something to study from, for a plan that asks how many cards fall due.

    Args:
        found: The cards.
        name: Name of a deck; its sub-decks count, upper and lower case do not.

    Returns:
        ``units``: cards not put away; ``done``: those that were answered; ``due_per_day``: reviews
        a day over the two weeks after today's pile is done, without new cards; and the learner's
        own minutes for a card. ``None`` if there is no such deck.

    """
    wanted = name.strip().casefold()
    mine = np.array(
        [
            deck.casefold() == wanted or deck.casefold().startswith(f"{wanted}::")
            for _, _, deck in found.labels
        ],
        bool,
    )
    if not mine.any():
        return None
    deck = found.deck
    part = Cards(
        deck.stability_days[mine],
        deck.difficulty[mine],
        deck.elapsed_days[mine],
        deck.due_in_days[mine],
        deck.worth[mine],
        deck.suspended[mine],
    )
    usual = Policy(value("anki.desired_retention"), 0)
    out = simulate(
        part, [usual], [np.inf] * (1 + _AHEAD_DAYS), weights=found.weights, habits=found.habits
    )
    active = ~part.suspended
    asked = float(out.reviews.sum())
    return Resource(
        name=name,
        kind="cards",
        units=int(active.sum()),
        done=int((part.seen & active).sum()),
        minutes_per_unit=float(out.minutes.sum()) / asked if asked else None,
        due_per_day=float(out.reviews[0, 0, 1:].mean()),
    )


@dataclass(frozen=True, slots=True)
class CardMinutes:
    """Minutes for cards, as ``plan_to_exam`` takes them.

    Attributes:
        week: Monday to Sunday.
        days_off: Days without cards.
        easy_days: Lighter days, with their share of the weekday's minutes.
    """

    week: tuple[float, ...]
    days_off: tuple[date, ...] = ()
    easy_days: Mapping[date, float] = field(default_factory=dict)


def card_minutes(
    availability: Availability | None, most: float, easy_days: Mapping[date, float] | None = None
) -> CardMinutes:
    """Return the minutes for cards: never more than the learner's day has.

    Args:
        availability: The learner's, if known. A day whose commitments leave less than the minutes
            for cards is a lighter day.
        most: Minutes a day asked for.
        easy_days: Lighter days that the learner named, with their share; these win.
    """
    if availability is None:
        return CardMinutes((most,) * 7, (), dict(easy_days or {}))
    week = tuple(min(most, float(availability.minutes.get(day, most))) for day in WEEKDAYS)
    busy: Counter[date] = Counter()
    for one in availability.commitments:
        busy[one.date] += one.minutes
    lighter = {}
    for day, taken in busy.items():
        usual = week[day.weekday()]
        if not usual:
            continue
        left = availability.minutes.get(WEEKDAYS[day.weekday()], most) - taken
        if left < usual:
            lighter[day] = max(left, 0.0) / usual
    return CardMinutes(week, tuple(availability.days_off), {**lighter, **(easy_days or {})})


def followed_minutes(followed: Mapping[str, Any], on: date) -> float:
    """Return the minutes that a followed plan has for cards on a day."""
    share = followed.get("easy_days", {}).get(on.isoformat(), 1.0)
    return float(followed["minutes"][on.weekday()] * share)


def decks_to_count(record: Record) -> tuple[str, ...]:
    """Return the names of the decks of which a record does not say how many cards fall due."""
    return tuple(
        one.name for one in record.resources if one.kind == "cards" and one.due_per_day is None
    )


MOST_DECKS: Final = 3
"""Top-level decks that become resources where a record names none of the decks."""


def with_own_cards(
    record: Record, found: Standing, *, owner: bool
) -> tuple[Record, tuple[Resource, ...]]:
    """Return a record with its decks counted in the cards, and the decks that were counted.

    Args:
        record: The record.
        found: The cards.
        owner: Whether the record is that of the owner of the cards. Then the cards win over what
            was entered about a deck, and where the record names none of the decks, the largest of
            them take the place of what it says of cards. A case file may be somebody else's: there,
            numbers that were written down stay, and the cards fill in those that were left out.

    Returns:
        The record, and the counted decks under the names of the record.
    """
    by_name = {
        one.name: deck
        for one in record.resources
        if one.kind == "cards"
        and (owner or one.due_per_day is None)
        and (deck := resource_of_deck(found, one.name)) is not None
    }
    if by_name or not owner:
        counted = tuple(
            _filled(one, by_name[one.name], owner=owner)
            for one in record.resources
            if one.kind == "cards" and one.name in by_name
        )
        of_name = {one.name: one for one in counted}
        resources = tuple(
            of_name.get(one.name, one) if one.kind == "cards" else one for one in record.resources
        )
    else:
        decks = Counter(deck.partition("::")[0] for _card, _tags, deck in found.labels)
        names = [name for name, _n in decks.most_common(MOST_DECKS) if name]
        every = (resource_of_deck(found, name) for name in names)
        counted = tuple(deck for deck in every if deck is not None)
        resources = (*(one for one in record.resources if one.kind != "cards"), *counted)
    return replace(record, resources=resources), counted


def _filled(entered: Resource, deck: Resource, *, owner: bool) -> Resource:
    """Return the counted deck under its entered name, with what only the entry knows."""
    if owner:
        return replace(
            deck,
            name=entered.name,
            minutes_per_unit=deck.minutes_per_unit or entered.minutes_per_unit,
        )
    return replace(
        deck,
        name=entered.name,
        units=deck.units if entered.units is None else entered.units,
        done=entered.done or deck.done,
        minutes_per_unit=entered.minutes_per_unit or deck.minutes_per_unit,
    )


@dataclass(frozen=True, slots=True)
class CardCounts:
    """The cards in numbers: due now, met, not met yet, put away."""

    waiting: int
    met: int
    unmet: int
    away: int


def card_counts(found: Standing) -> CardCounts:
    """Return how many cards are due, met, not met yet and put away."""
    deck = found.deck
    met = int((deck.seen & ~deck.suspended).sum())
    away = int(deck.suspended.sum())
    return CardCounts(waiting(found), met, deck.count - met - away, away)


def exam_day_of_cards(
    today: date,
    planned: date | None,
    plan_day: date | None = None,
    followed: Mapping[str, Any] | None = None,
) -> date | None:
    """Return the day that the cards aim at; ``None`` where none is ahead.

    Args:
        today: Study day of the cards.
        planned: Test date that the student chose.
        plan_day: Test date that the study plan leads to.
        followed: The way of reviewing that the student follows; its day counts last, for cards
            that are reviewed without a record.
    """
    last = date.fromisoformat(followed["until"]) if followed else None
    return next((day for day in (planned, plan_day, last) if day and day > today), None)


@dataclass(frozen=True, slots=True, eq=False)
class CardTargets:
    """What an exam asks of the cards.

    Attributes:
        exam_id: The exam.
        map: Areas and question-bank ids of each card, by card id.
        shares: Areas of each card on the exam's share axis, by card id; empty where unknown.
        exam_weights: Share of the exam by area, summing to 1.
        weakness: Points of the reported scale from the student's level to the model's ceiling, by
            area: what an hour of work there can still win is in proportion to it.
    """

    exam_id: ExamId
    map: AreaMap[int]
    shares: Mapping[int, Mapping[str, float]]
    exam_weights: Mapping[str, float]
    weakness: Mapping[str, float]

    def worth(self) -> tuple[float, ...]:
        """Return what recalling each card on the exam day is worth, in order of card id."""
        return card_worth(
            [self.shares[card] for card in sorted(self.shares)], self.exam_weights, self.weakness
        )


def area_shares(areas: AreaMap[int], exam_id: ExamId) -> dict[int, Mapping[str, float]]:
    """Return the areas of every card with their shares on the exam's share axis, by card id."""
    axis = facts.exam(exam_id).share_axis
    return {card: one.weights(axis) for card, one in areas.cards.items()}


def card_targets(exam_id: ExamId, areas: AreaMap[int], belief: Belief) -> CardTargets:
    """Return what the exam asks of the cards.

    The belief says where the student is weak. Retention of cards never enters it.

    Args:
        exam_id: The exam ahead.
        areas: Areas of every card.
        belief: The student's level by area, as a briefing holds it.
    """
    places = belief.area_standings()
    return CardTargets(
        exam_id=exam_id,
        map=areas,
        shares=area_shares(areas, exam_id),
        exam_weights={place.area: place.exam_weight for place in places},
        weakness={place.area: belief.constants.ceiling - place.mean for place in places},
    )


@dataclass(frozen=True, slots=True)
class CardsToAsk:
    """Who is asked next, and how.

    Attributes:
        policy: The way of reviewing.
        cards: Most important first.
        follows: Whether it is the way that the student chose to follow.
        extra: Whether today's minutes of that way are used up, so that these cards are more.
    """

    policy: Policy
    cards: tuple[QueuedCard, ...]
    follows: bool = False
    extra: bool = False


def usual_policy(exam_day: date | None) -> Policy:
    """Return Anki's usual numbers; with an exam ahead the cards that gain most for it go first."""
    return Policy(
        value("anki.desired_retention"),
        int(value("anki.new_per_day")),
        order="due" if exam_day is None else "exam-gain",
    )


def cards_to_ask(
    found: Standing,
    exam_day: date | None,
    followed: Mapping[str, Any] | None,
    only: frozenset[int] | None = None,
) -> CardsToAsk:
    """Return who is asked next: by the way that the student follows, else by the usual one.

    Args:
        found: The cards.
        exam_day: Day aimed at, as ``exam_day_of_cards`` gives it.
        followed: The way of reviewing that the student follows, as it was stored.
        only: Ids of the cards to choose from; ``None`` for all.
    """

    def among(cards: tuple[QueuedCard, ...]) -> tuple[QueuedCard, ...]:
        return cards if only is None else tuple(card for card in cards if card.card_id in only)

    # Without an exam ahead the number of days plays no part in the order.
    days = 1 if exam_day is None else (exam_day - found.today).days
    if not followed or exam_day is None or date.fromisoformat(followed["until"]) != exam_day:
        policy = usual_policy(exam_day)
        return CardsToAsk(policy, among(queue(found, policy, days, inf)))
    last_new = followed["last_new"]
    stop = None if last_new is None else (date.fromisoformat(last_new) - found.today).days
    policy = Policy(**followed["policy"], last_new_day=stop)
    whole = followed_minutes(followed, found.today)
    left = max(whole - found.answered_ms / 60_000, 0.0)
    cards = among(queue(found, policy, days, left))
    if cards:
        return CardsToAsk(policy, cards, follows=True)
    more = among(queue(found, policy, days, inf))
    return CardsToAsk(policy, more, follows=True, extra=bool(more and whole))


def review_settings(found: Standing, policy: Policy, exam_day: date | None) -> Settings:
    """Return what a review session follows: weights, day rule, retention and the exam's day."""
    rule = found.rule
    exam_ms = None
    if exam_day is not None:
        start = datetime.combine(exam_day, time(rule.rollover_hour), ZoneInfo(rule.zone))
        exam_ms = int(start.timestamp() * 1000)
    return Settings(
        found.weights, rule, desired_retention=policy.desired_retention, exam_ms=exam_ms
    )


def plan_of_cards(found: Standing, exam_day: date, minutes: CardMinutes) -> ExamPlan:
    """Return the way of reviewing until the exam day, with its minutes and cards by date."""
    return plan_to_exam(
        found.deck,
        today=found.today,
        exam=exam_day,
        minutes_per_day=minutes.week,
        days_off=minutes.days_off,
        easy_days=minutes.easy_days,
        weights=found.weights,
        habits=found.habits,
    )


def keeping_up(found: Standing, days: int) -> tuple[Maintenance, ...]:
    """Return what it takes to keep what is known for some days, at each retention."""
    return tuple(maintenance(found.deck, max(days, 1), weights=found.weights, habits=found.habits))


def to_follow(plan: ExamPlan, minutes: CardMinutes) -> dict[str, Any]:
    """Return a way of reviewing as it is stored for ``cards_to_ask``."""
    policy = {name: one for name, one in asdict(plan.policy).items() if name != "last_new_day"}
    if plan.last_new is None:
        policy["new_per_day"] = 0
    return {
        "until": plan.exam.isoformat(),
        "last_new": None if plan.last_new is None else plan.last_new.isoformat(),
        "minutes": list(minutes.week),
        "easy_days": {day.isoformat(): one for day, one in minutes.easy_days.items()},
        "policy": policy,
    }
