"""The learner's cards as they stand at one instant: states, what is due, who is asked next.

Everything is replayed from the review history, under one day rule and one set of weights; nothing
computed is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from bounceback.flashcards.anki.models import LEARNING, RELEARNING, REVIEW, SUSPENDED
from bounceback.flashcards.areas import AreaMap, map_cards
from bounceback.flashcards.card_states import elapsed_days
from bounceback.flashcards.card_states import standing as states_now
from bounceback.flashcards.day_boundary import LocalDays
from bounceback.flashcards.fsrs import Memory, Weights, default_weights, weights
from bounceback.flashcards.parameters import value
from bounceback.flashcards.retention import AreaRetention, area_retention
from bounceback.flashcards.review_log import Histories, history_from_revlog
from bounceback.flashcards.review_session import QueuedCard, Settings
from bounceback.flashcards.simulator import (
    Cards,
    Habits,
    Policy,
    own_habits,
    simulate,
    todays_queue,
)
from bounceback.records.models import Availability, Record, Resource
from bounceback.vocabulary import WEEKDAYS, ExamId

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bounceback.local_storage.card_collection import CardCollection

_DAY_QUEUE: Final = 3
"""Anki's ``queue`` of a card whose next step is on another day; its due number counts days."""

_AHEAD_DAYS: Final = 14
"""Days over which the usual number of due cards is averaged: two weeks hold each weekday twice."""


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


def day_rule(collection: CardCollection, zone: str, rollover_hour: int | None = None) -> LocalDays:
    """Return the learner's day rule.

    Args:
        collection: The cards; they may remember the hour.
        zone: IANA zone of the learner.
        rollover_hour: Hour at which their day starts; without it, what was remembered, then what
            the first package said, then Anki's own.
    """
    for hour in (
        rollover_hour,
        collection.setting("chosen_rollover_hour"),
        collection.setting("rollover_hour"),
    ):
        if hour is not None:
            return LocalDays(zone, int(hour))
    return LocalDays(zone, int(value("anki.rollover_hour")))


def standing(collection: CardCollection, rule: LocalDays, now_ms: int) -> Standing:
    """Replay the history and return the cards as they stand; all worth alike."""
    table = collection.cards()
    reviews, _ = collection.reviews()
    w, retention = _chosen_weights(collection, table)
    w = _kept_weights(collection, rule) or w
    log = history_from_revlog(reviews, rule, weights=w, retention=retention)
    number = (rule.date(now_ms) - day_0(collection, rule)).days
    due = np.full(len(table), np.nan)
    in_days = (table["type"] == REVIEW) & (table["filtered_deck_id"] == 0)
    due[in_days] = table["due"][in_days] - number
    graded = reviews[reviews["ease"] > 0]
    first, last = (np.zeros(len(table), np.int64) for _ in range(2))
    if len(graded) and len(table):
        at = np.minimum(np.searchsorted(table["id"], graded["cid"]), len(table) - 1)
        mine = table["id"][at] == graded["cid"]
        at, moments = at[mine], graded["id"][mine]
        last[at] = moments  # rows are by time, so the last one written stays
        first[at[::-1]] = moments[::-1]
    recent = graded[graded["id"] >= now_ms - 2 * 86_400_000]
    today = rule.date(now_ms)
    cap = int(value("anki.seconds_cap") * 1000)
    spent = sum(
        min(ms, cap)
        for moment, ms in zip(recent["id"].tolist(), recent["time"].tolist(), strict=True)
        if rule.date(moment) == today
    )
    return Standing(
        table=table,
        deck=states_now(
            table["id"],
            log,
            w,
            rule,
            now_ms,
            due_in_days=due,
            suspended=frozenset(table["id"][table["queue"] == SUSPENDED].tolist()),
        ),
        log=log,
        last_ms=last,
        first_ms=first,
        labels=collection.labels(),
        weights=w,
        habits=own_habits(reviews["time"], reviews["ease"], reviews["type"]),
        rule=rule,
        now_ms=now_ms,
        day_number=number,
        answered_ms=spent,
    )


def _chosen_weights(collection: CardCollection, table: NDArray[Any]) -> tuple[Weights, float]:
    """Return weights and historical retention of the options under which most cards live.

    The learner's own, where kept, come before them (``_kept_weights``). One set for all: a plan
    compares cards, and states of different weights are never compared.
    """
    options = {one.id: one for one in collection.options()}
    of_deck = {deck.id: options.get(deck.options_id or 0) for deck in collection.decks()}
    ids, counts = np.unique(table["deck_id"], return_counts=True)
    votes: Counter[int] = Counter()
    for deck, count in zip(ids.tolist(), counts.tolist(), strict=True):
        found = of_deck.get(deck)
        votes[0 if found is None else found.id] += count
    for identity, _ in votes.most_common(1):
        chosen = options.get(identity)
        if chosen is not None:
            retention = chosen.historical_retention or 0.9
            given = chosen.weights
            if len(given) in (17, 19, 21) and np.isfinite(given).all():
                return weights(given, source="package"), retention
            return default_weights(), retention
    return default_weights(), 0.9


def keep_weights(collection: CardCollection, own: Weights | None, rule: LocalDays) -> None:
    """Keep the learner's own weights with the day rule they were learned under; ``None`` forgets.

    Under another rule the same answers give other states, so they are used under theirs alone.
    """
    kept = None if own is None else {"values": list(own.values), "day_rule": rule.id}
    collection.remember("own_weights", kept)


def _kept_weights(collection: CardCollection, rule: LocalDays) -> Weights | None:
    kept = collection.setting("own_weights")
    if kept is None or kept["day_rule"] != rule.id:
        return None
    return weights(kept["values"], source="fitted")


def day_0(collection: CardCollection, rule: LocalDays) -> date:
    """Return the calendar day on which the collection's day 0 began."""
    created_s = collection.created_s
    west = collection.setting("creation_minutes_west")
    if west is not None:
        return (datetime.fromtimestamp(created_s, UTC) - timedelta(minutes=west)).date()
    # Day 0 starts at the rollover, which is on that calendar day already.
    return LocalDays(rule.zone, 0).date(created_s * 1000)


def areas_of(
    collection: CardCollection, found: Standing, exam_id: ExamId, on: date
) -> AreaMap[int]:
    """Return the areas of every card for one exam, what the learner settled included."""
    return map_cards(found.labels, exam_id, on, collection.settled(exam_id))


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


def counts_on_cards(record: Record) -> tuple[str, ...]:
    """Return the names of the decks of which a record does not say how many cards fall due."""
    return tuple(
        one.name for one in record.resources if one.kind == "cards" and one.due_per_day is None
    )


def holds_a_deck_of(collection: CardCollection, record: Record) -> bool:
    """Tell, without a replay, whether any deck to be counted may be among the cards."""
    decks = {deck.name.casefold().partition("::")[0] for deck in collection.decks()}
    names = {name.strip().casefold().partition("::")[0] for name in counts_on_cards(record)}
    return not decks.isdisjoint(names)


def with_own_cards(record: Record, found: Standing) -> tuple[Record, tuple[str, ...]]:
    """Return a record with its decks counted in the learner's own cards, and what was counted.

    Args:
        record: What the learner told us. A deck of which it says how many cards fall due stays as
            it is, and so does one that is not among the cards.
        found: The cards.

    Returns:
        The record, and one sentence a deck, for the notes of an answer. Numbers that the record
        gives are kept; the cards fill in those that it leaves out.
    """
    open_ = counts_on_cards(record)
    resources, notes = [], []
    for one in record.resources:
        deck = resource_of_deck(found, one.name) if one.name in open_ else None
        if deck is not None and one.kind == "cards":
            one = replace(
                deck,
                name=one.name,
                units=deck.units if one.units is None else one.units,
                done=one.done or deck.done,
                minutes_per_unit=one.minutes_per_unit or deck.minutes_per_unit,
            )
            notes.append(
                f"{one.name}: about {round(deck.due_per_day or 0.0):,} cards fall due a day, "
                "counted in your own cards; the plan leaves room for them. Write due_per_day in "
                "the case to say otherwise."
            )
        resources.append(one)
    return replace(record, resources=tuple(resources)), tuple(notes)
