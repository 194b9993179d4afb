"""The learner's cards as the pages see them, kept ready while nothing changes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from bounceback.local_storage.card_collection import CardCollection
from bounceback_web import briefings
from bounceback_web.cards.collection_access import folder, now_ms, opened, there, written_state
from bounceback_web.config.database import is_in_memory
from bounceback_web.records.learner_store import Kept

if TYPE_CHECKING:
    from bounceback.services.card_queue import Standing
    from bounceback.services.values import DayLoad, ExamPlan, Policy, QueuedCard

_ready: dict[tuple[Any, ...], Standing] = {}
_counting: Final = threading.Lock()


def standing_of(kept: Kept, collection: CardCollection) -> Standing:
    """Return the cards as they stand now, with what each is worth on the exam day."""
    from bounceback.local_storage.replayed_cards import day_rule, standing

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


def _worth(kept: Kept, collection: CardCollection, found: Standing) -> tuple[float, ...]:
    """Return what recalling each card on the day is worth."""
    from bounceback.local_storage.replayed_cards import areas_of
    from bounceback.services.card_queue import card_targets

    exam = kept.value.exam.id
    areas = areas_of(collection, found, exam, exam_day(kept) or found.today)
    return card_targets(exam, areas, briefings.answer(kept).briefing.belief).worth()


def exam_day(kept: Kept) -> date | None:
    """Return the day aimed at: the one planned, else that of the plan, if it is ahead."""
    from bounceback.services.card_queue import exam_day_of_cards

    planned = kept.value.exam.planned_date
    if planned is not None and planned > kept.today:
        return planned
    plan = briefings.answer(kept).briefing.plan
    return exam_day_of_cards(kept.today, planned, plan.test_date)


def asked(
    kept: Kept, collection: CardCollection, found: Standing, only: frozenset[int] | None = None
) -> tuple[Policy, tuple[QueuedCard, ...]]:
    """Return who is asked, most important first, and by which way of reviewing.

    Of the chosen decks and tags, where some were chosen. The plan that the learner follows, where
    one was chosen; else Anki's usual numbers, with the
    cards that gain most for the exam first.
    """
    from bounceback.services.card_queue import cards_to_ask

    chosen = cards_to_ask(found, exam_day(kept), collection.setting("follow"), only)
    return chosen.policy, chosen.cards


def load_of(kept: Kept) -> Sequence[DayLoad]:
    """Return the minutes for cards by day until the exam; none without cards or a day."""
    if not there():
        return ()
    with opened() as found:
        plan = plan_of(kept, standing_of(kept, found), patience_s=None)
    return plan.load if plan else ()


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
    from bounceback.services.card_queue import MINUTES_A_DAY, card_minutes, plan_of_cards

    minutes = card_minutes(given.availability, MINUTES_A_DAY)
    return plan_of_cards(given.found, given.day, minutes)


def forget() -> None:
    """Let go of what is kept ready."""
    _ready.clear()
    _plans.forget()
