"""The learner's cards as the pages see them, kept ready while nothing changes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import inf
from typing import TYPE_CHECKING, Any, Final

from bounceback.local_storage.card_collection import CardCollection
from bounceback_web import briefings
from bounceback_web.cards.collection_access import folder, now_ms, opened, there, written_state
from bounceback_web.config.database import is_in_memory
from bounceback_web.records.learner_store import Kept

if TYPE_CHECKING:
    from bounceback.flashcards.policy_search import ExamPlan
    from bounceback.flashcards.review_session import QueuedCard
    from bounceback.flashcards.simulator import DayLoad, Policy
    from bounceback.local_storage.card_queue import Standing

MINUTES_A_DAY: Final = 60.0
"""Most minutes for cards that the workload is planned with, unless the day has fewer."""

_ready: dict[tuple[Any, ...], Standing] = {}
_counting: Final = threading.Lock()


def standing_of(kept: Kept, collection: CardCollection) -> Standing:
    """Return the cards as they stand now, with what each is worth on the exam day."""
    from bounceback.local_storage.card_queue import day_rule, standing

    rule = day_rule(collection, kept.value.learner.time_zone)
    # Read anew when the file, the day or the record has changed; a review changes the file.
    key = (folder(), written_state(), kept.today, kept.row.pk, kept.row.version, rule.id)
    briefings.answer(kept)  # first: it may write, which nobody may have to wait for below
    with _counting:  # who asks meanwhile waits for the one count
        found = _ready.get(key)
        if found is None:
            found = standing(collection, rule, now_ms())
            if found.deck.count:
                found = found.with_worth(_worth(kept, collection, found))
            _ready.clear()
            _ready[key] = found
    return found


def shares_of(kept: Kept, collection: CardCollection, found: Standing) -> dict[int, Any]:
    """Return the areas of every card on the exam's share axis, by card id."""
    from bounceback.local_storage.card_queue import areas_of
    from bounceback.services import published_facts as facts

    exam = kept.value.exam.id
    target = exam_day(kept) or found.today
    areas = areas_of(collection, found, exam, target)
    axis = facts.exam(exam).share_axis
    return {card: one.weights(axis) for card, one in areas.cards.items()}


def _worth(kept: Kept, collection: CardCollection, found: Standing) -> tuple[float, ...]:
    """What recalling each card on the day is worth: exam weight times what can still be won."""
    from bounceback.flashcards.policy_search import card_worth

    belief = briefings.answer(kept).briefing.belief
    shares = shares_of(kept, collection, found)
    places = belief.area_standings()
    return card_worth(
        [shares[card] for card in sorted(shares)],
        {place.area: place.exam_weight for place in places},
        {place.area: belief.constants.ceiling - place.mean for place in places},
    )


def exam_day(kept: Kept) -> date | None:
    """Return the day aimed at: the one planned, else that of the plan, if it is ahead."""
    planned = kept.value.exam.planned_date
    if planned is not None and planned > kept.today:
        return planned
    day = briefings.answer(kept).briefing.plan.test_date
    return day if day > kept.today else None


def asked(
    kept: Kept, collection: CardCollection, found: Standing, only: frozenset[int] | None = None
) -> tuple[Policy, tuple[QueuedCard, ...]]:
    """Return who is asked, most important first, and by which way of reviewing.

    Of the chosen decks and tags, where some were chosen. The plan that the learner follows, where
    one was chosen; else Anki's usual numbers, with the
    cards that gain most for the exam first.
    """
    from bounceback.flashcards.parameters import value
    from bounceback.flashcards.simulator import Policy
    from bounceback.local_storage.card_queue import followed_minutes, queue

    day = exam_day(kept)
    days = 1 if day is None else (day - found.today).days
    followed = collection.setting("follow")
    if followed and day is not None and date.fromisoformat(followed["until"]) == day:
        last = followed["last_new"]
        stop = None if last is None else (date.fromisoformat(last) - found.today).days
        policy = Policy(**followed["policy"], last_new_day=stop)
        whole = followed_minutes(followed, found.today)
        left = max(whole - found.answered_ms / 60_000, 0.0)
        cards = _among(queue(found, policy, days, left), only)
        if cards:
            return policy, cards
    else:
        policy = Policy(
            value("anki.desired_retention"),
            int(value("anki.new_per_day")),
            order="due" if day is None else "exam-gain",
        )
    return policy, _among(queue(found, policy, days, inf), only)


def _among(cards: tuple[QueuedCard, ...], only: frozenset[int] | None) -> tuple[QueuedCard, ...]:
    return cards if only is None else tuple(card for card in cards if card.card_id in only)


def load_of(kept: Kept) -> Sequence[DayLoad]:
    """Return the minutes for cards by day until the exam; none without cards or a day."""
    if not there():
        return ()
    with opened() as found:
        plan = plan_of(kept, standing_of(kept, found), patience_s=None)
    return plan.load if plan else ()


@dataclass(frozen=True, slots=True)
class Counts:
    """The cards in numbers."""

    waiting: int
    met: int
    unmet: int
    away: int


def counts(found: Standing) -> Counts:
    """Count the cards."""
    from bounceback.local_storage.card_queue import waiting

    deck = found.deck
    met = int((deck.seen & ~deck.suspended).sum())
    away = int(deck.suspended.sum())
    return Counts(waiting(found), met, deck.count - met - away, away)


PATIENCE_S: Final = 0.3
"""How long a page waits for the way of reviewing; a large deck takes seconds to plan."""


def plan_of(kept: Kept, found: Standing, patience_s: float | None = PATIENCE_S) -> ExamPlan | None:
    """Return the way of reviewing until the exam day, with its load.

    It is planned once a day, and after cards came or went, in a thread of its own. A page that
    asks meanwhile gets the one before, if it leads to the same day.

    Args:
        kept: The record.
        found: Its cards.
        patience_s: Seconds to wait for a new one; ``None``: until it is there.

    Returns:
        The plan; ``None`` without an exam day, without cards, or while the first one is planned.
    """
    day = exam_day(kept)
    if day is None or not found.deck.count:
        return None
    aim = (folder(), kept.row.pk, day, repr(kept.value.availability))
    state = (found.today, found.deck.count, int(found.deck.suspended.sum()), found.rule.id)
    return _plans.of(aim, state, _Asked(found, kept.value.availability, day), patience_s)


def is_planning() -> bool:
    """Tell whether a way of reviewing is being planned in this process."""
    return _plans.is_busy()


@dataclass(frozen=True, eq=False)
class _Asked:
    found: Standing
    availability: Any
    day: date


class _Plans:
    """The plans made in this process: the newest for each aim."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._newest: OrderedDict[tuple[Any, ...], tuple[tuple[Any, ...], ExamPlan | None]]
        self._newest = OrderedDict()
        self._under_way = False

    def of(
        self,
        aim: tuple[Any, ...],
        state: tuple[Any, ...],
        asked: _Asked,
        patience_s: float | None,
    ) -> ExamPlan | None:
        """Return the plan for an aim and a state of the cards; see :func:`plan_of`."""

        def is_there() -> bool:
            return aim in self._newest and self._newest[aim][0] == state

        with self._changed:
            if not is_there():
                if patience_s is None or is_in_memory():
                    self._keep(aim, state, _plan(asked))
                elif not self._under_way:
                    self._under_way = True
                    make = threading.Thread(target=self._make, args=(aim, state, asked))
                    make.daemon = True
                    make.start()
            self._changed.wait_for(is_there, patience_s)
            return self._newest[aim][1] if aim in self._newest else None

    def is_busy(self) -> bool:
        """Tell whether a plan is under way."""
        return self._under_way

    def forget(self) -> None:
        """Let go of all."""
        with self._changed:
            self._newest.clear()

    def _make(self, aim: tuple[Any, ...], state: tuple[Any, ...], asked: _Asked) -> None:
        plan = None
        try:
            plan = _plan(asked)
        finally:  # a fault goes on to the log; this state of the cards then has no plan
            with self._changed:
                self._keep(aim, state, plan)
                self._under_way = False
                self._changed.notify_all()

    def _keep(self, aim: tuple[Any, ...], state: tuple[Any, ...], plan: ExamPlan | None) -> None:
        self._newest[aim] = (state, plan)
        self._newest.move_to_end(aim)
        while len(self._newest) > PLANS_KEPT:
            self._newest.popitem(last=False)


PLANS_KEPT: Final = 4
_plans: Final = _Plans()


def _plan(given: _Asked) -> ExamPlan:
    from bounceback.flashcards.policy_search import plan_to_exam
    from bounceback.local_storage.card_queue import card_minutes

    minutes = card_minutes(given.availability, MINUTES_A_DAY)
    return plan_to_exam(
        given.found.deck,
        today=given.found.today,
        exam=given.day,
        minutes_per_day=minutes.week,
        days_off=minutes.days_off,
        easy_days=minutes.easy_days,
        weights=given.found.weights,
        habits=given.found.habits,
    )


def forget() -> None:
    """Let go of what is kept ready."""
    _ready.clear()
    _plans.forget()
