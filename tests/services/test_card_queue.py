"""The cards aim at one day, by one rule, and are counted once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bounceback.flashcards.day_boundary import LocalDays
from bounceback.local_storage.card_collection import open_cards
from bounceback.local_storage.deck_import import join
from bounceback.local_storage.replayed_cards import areas_of, standing
from bounceback.records.models import Resource
from bounceback.services import card_queue as services
from bounceback.services.single_questions import level_today
from tests.flashcards.anki.builders import MEDIA, small_deck
from tests.services.builders import known

NOW_MS = int(datetime(2026, 11, 22, 15, tzinfo=UTC).timestamp() * 1000)
TODAY = date(2026, 11, 22)
CASE = known()["step1-us-md-wobbly"]


@pytest.fixture
def found(tmp_path: Path) -> services.Standing:
    with open_cards(tmp_path, make=True) as cards:
        join(cards, small_deck(notes=200), MEDIA.__getitem__)
        return standing(cards, LocalDays("UTC", 4), NOW_MS)


@pytest.mark.parametrize(
    ("planned", "plan_day", "until", "expected"),
    [
        (5, 9, 7, 5),  # the student's own date first
        (None, 9, 7, 9),  # then that of the study plan
        (None, None, 7, 7),  # then that of the way of reviewing that is followed
        (-1, 9, None, 9),  # a date that has passed is no aim
        (0, None, None, None),  # nor is today
        (None, None, None, None),
    ],
)
def test_the_first_day_ahead_is_aimed_at(
    planned: int | None, plan_day: int | None, until: int | None, expected: int | None
) -> None:
    def on(days: int | None) -> date | None:
        return None if days is None else TODAY + timedelta(days=days)

    last = on(until)
    followed = None if last is None else {"until": last.isoformat()}
    assert services.exam_day_of_cards(TODAY, on(planned), on(plan_day), followed) == on(expected)


def test_every_card_is_counted_once(found: services.Standing) -> None:
    counts = services.card_counts(found)
    assert counts.met + counts.unmet + counts.away == found.deck.count
    assert 0 <= counts.waiting <= counts.met


def test_the_way_that_is_followed_orders_the_cards_of_its_own_day_alone(
    found: services.Standing,
) -> None:
    day = TODAY + timedelta(days=20)
    minutes = services.card_minutes(None, 5.0)
    followed = services.to_follow(services.plan_of_cards(found, day, minutes), minutes)
    own = services.cards_to_ask(found, day, followed)
    other = services.cards_to_ask(found, day + timedelta(days=1), followed)
    assert own.follows
    assert not other.follows
    assert other.policy == services.usual_policy(day)
    assert services.cards_to_ask(found, None, None).policy.order == "due"


def test_used_up_minutes_are_told_and_more_cards_are_given(found: services.Standing) -> None:
    day = TODAY + timedelta(days=20)
    minutes = services.card_minutes(None, 5.0)
    followed = services.to_follow(services.plan_of_cards(found, day, minutes), minutes)
    tired = replace(found, answered_ms=6 * 60_000)
    chosen = services.cards_to_ask(tired, day, followed)
    assert chosen.follows
    assert chosen.extra
    assert chosen.cards


def test_chosen_cards_alone_are_asked(found: services.Standing) -> None:
    every = services.cards_to_ask(found, None, None).cards
    only = frozenset(card.card_id for card in every[:3])
    assert {c.card_id for c in services.cards_to_ask(found, None, None, only).cards} == only


def test_worth_is_one_number_a_card_with_mean_one(tmp_path: Path) -> None:
    with open_cards(tmp_path, make=True) as cards:
        join(cards, small_deck(notes=50), MEDIA.__getitem__)
        now = standing(cards, LocalDays("UTC", 4), NOW_MS)
        areas = areas_of(cards, now, CASE.exam.id, TODAY)
    worth = services.card_targets(CASE.exam.id, areas, level_today(CASE, TODAY)).worth()
    assert len(worth) == now.deck.count
    assert sum(worth) / len(worth) == pytest.approx(1.0)
    assert min(worth) >= 0.0


def test_a_case_keeps_its_numbers_and_an_owner_gets_those_of_the_cards(
    found: services.Standing,
) -> None:
    entered = Resource(name="Step", kind="cards", units=9000, done=4000)
    record = replace(CASE, resources=(entered,))
    (of_case,), _ = _resources(record, found, owner=False)
    (of_owner,), _ = _resources(record, found, owner=True)
    assert (of_case.units, of_case.done) == (9000, 4000)
    assert of_owner.units == found.deck.count
    assert of_case.due_per_day == of_owner.due_per_day
    sure = replace(CASE, resources=(replace(entered, due_per_day=5.0),))
    assert services.with_own_cards(sure, found, owner=False) == (sure, ())


def test_an_owner_who_names_no_deck_has_the_largest(found: services.Standing) -> None:
    bank = Resource(name="UWorld", kind="questions")
    record = replace(CASE, resources=(bank, Resource(name="AnKing", kind="cards", units=10)))
    resources, counted = _resources(record, found, owner=True)
    assert resources == (bank, *counted)
    assert counted[0].name == "Step"
    assert services.with_own_cards(record, found, owner=False)[0] == record


def _resources(
    record: services.Record, found: services.Standing, *, owner: bool
) -> tuple[tuple[Resource, ...], tuple[Resource, ...]]:
    changed, counted = services.with_own_cards(record, found, owner=owner)
    return changed.resources, counted
