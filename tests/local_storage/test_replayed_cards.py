"""The cards as they stand: the same states and days as the package says, and who is asked next."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from math import inf
from pathlib import Path

import numpy as np
import pytest

from bounceback.flashcards.anki.inspection import inspect
from bounceback.flashcards.day_boundary import LocalDays
from bounceback.flashcards.simulator import Policy
from bounceback.local_storage.card_collection import open_cards
from bounceback.local_storage.deck_import import import_deck, join
from bounceback.local_storage.replayed_cards import areas_of, day_rule, standing
from bounceback.records.models import Availability, Commitment
from bounceback.services.card_queue import (
    card_minutes,
    followed_minutes,
    queue,
    resource_of_deck,
    retention,
)
from tests.flashcards.anki.builders import CREATED_S, FIXTURES, MEDIA, small_deck

NOW_MS = int(datetime(2026, 3, 1, 15, tzinfo=UTC).timestamp() * 1000)
UTC_4 = LocalDays("UTC", 4)


@pytest.fixture
def cards(tmp_path: Path):
    with open_cards(tmp_path, make=True) as collection:
        yield collection


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo"])
def test_states_and_due_days_are_those_of_the_package(cards, zone: str) -> None:
    # Anki computed these states anew, so none goes on from stored digits.
    package = FIXTURES / "utc-latest.apkg"
    import_deck(cards, package, NOW_MS // 1000)
    rule = LocalDays(zone, 4)
    found = standing(cards, rule, NOW_MS)
    guids = {note.id: note.guid for note in cards.notes()}
    said = {(s.note_guid, s.template): s for s in inspect(package, 4, zone).states}
    agreed = 0
    for at, row in enumerate(found.table):
        state = said[guids[int(row["note_id"])], int(row["template"])]
        if state.deck == "Tuned":  # its own weights; here one set holds for all cards
            continue
        agreed += 1
        if state.stability is None:
            assert not found.deck.seen[at]
        else:
            assert found.deck.stability_days[at] == pytest.approx(state.stability, rel=1e-12)
        if row["type"] == 2 and row["filtered_deck_id"] == 0:
            due = found.today + timedelta(days=int(found.deck.due_in_days[at]))
            assert due == state.due
    assert agreed > 40


def test_weights_of_the_options_under_which_most_cards_live_are_used(cards) -> None:
    deck = small_deck()
    from dataclasses import replace

    from bounceback.flashcards.anki.models import DeckOptions
    from bounceback.flashcards.fsrs import default_weights

    own = tuple(v * 1.01 for v in default_weights().values)
    options = DeckOptions(id=5, name="mine", weights=own)
    decks = (deck.decks[0], replace(deck.decks[1], options_id=5))
    join(cards, replace(deck, options=(options,), decks=decks), MEDIA.__getitem__)
    assert standing(cards, UTC_4, NOW_MS).weights.source == "package"


def test_the_day_rule_asked_for_wins_then_the_remembered_then_the_packages(cards) -> None:
    assert day_rule(cards, "UTC") == LocalDays("UTC", 4)
    cards.remember("rollover_hour", 6)
    assert day_rule(cards, "UTC") == LocalDays("UTC", 6)
    cards.remember("chosen_rollover_hour", 2)
    assert day_rule(cards, "UTC") == LocalDays("UTC", 2)
    assert day_rule(cards, "UTC", 0) == LocalDays("UTC", 0)


def test_new_cards_begun_today_count_towards_the_days_number(cards) -> None:
    deck = small_deck(notes=30, reviews_each=0)
    deck.cards["type"] = deck.cards["queue"] = 0
    join(cards, deck, MEDIA.__getitem__)
    policy = Policy(0.9, 20)
    found = standing(cards, UTC_4, NOW_MS)
    assert len(queue(found, policy, 30, inf)) == 20
    for at, card in enumerate(found.table["id"][:5].tolist()):
        row = cards.card(card) | {"type": 2, "queue": 2, "due": 400, "interval_days": 300}
        review = {"id": NOW_MS - 1000 + at, "cid": card, "ease": 4, "type": 0, "ivl": 9}
        cards.put_answer(row, review | {"lastIvl": 0, "factor": 500, "time": 5000})
    later = standing(cards, UTC_4, NOW_MS)
    assert later.begun_today == 5
    assert later.answered_ms == 25_000
    assert len(queue(later, policy, 30, inf)) == 15
    tomorrow = standing(cards, UTC_4, NOW_MS + 86_400_000)
    assert (tomorrow.begun_today, tomorrow.answered_ms) == (0, 0)


@pytest.mark.parametrize(
    ("due_s", "asked"), [(NOW_MS // 1000 - 60, True), (NOW_MS // 1000 + 3 * 3600, False)]
)
def test_a_card_in_steps_comes_first_when_its_time_is_up_and_not_hours_before(
    cards, due_s: int, asked: bool
) -> None:
    join(cards, small_deck(), MEDIA.__getitem__)
    row = cards.card(1002) | {"type": 3, "queue": 1, "due": due_s, "left": 1001}
    cards.put_card(row)
    first = queue(standing(cards, UTC_4, NOW_MS), Policy(0.9, 0), 30, inf)
    assert (first[0].card_id == 1002) is asked
    assert len(first) == 2 + asked
    if asked:
        assert (first[0].kind, first[0].step) == ("relearning", 0)


def test_the_minutes_of_the_day_bound_who_is_asked(cards) -> None:
    join(cards, small_deck(notes=100), MEDIA.__getitem__)
    found = standing(cards, UTC_4, NOW_MS)
    some, all_ = (queue(found, Policy(0.9, 0), 30, minutes) for minutes in (5.0, inf))
    assert 0 < len(some) < len(all_) == 100


def test_cards_put_away_are_never_asked(cards) -> None:
    join(cards, small_deck(), MEDIA.__getitem__)
    cards.put_card(cards.card(1000) | {"queue": -1})
    asked = queue(standing(cards, UTC_4, NOW_MS), Policy(0.9, 0), 30, inf)
    assert {card.card_id for card in asked} == {1001, 1002}


def test_a_deck_as_a_resource_counts_what_it_holds_and_what_falls_due(cards) -> None:
    join(cards, small_deck(notes=200), MEDIA.__getitem__)
    cards.put_card(cards.card(1000) | {"queue": -1})
    found = standing(cards, UTC_4, NOW_MS)
    deck = resource_of_deck(found, "step")
    assert deck is not None
    assert (deck.name, deck.kind, deck.units, deck.done) == ("step", "cards", 199, 199)
    assert deck.due_per_day is not None
    assert 0.0 < deck.due_per_day < 199
    assert deck.minutes_per_unit is not None
    assert 0.05 < deck.minutes_per_unit < 2.0
    assert resource_of_deck(found, "St") is None


def test_retention_by_area_counts_unseen_apart_from_forgotten(cards) -> None:
    deck = small_deck(notes=20)
    unseen = small_deck(notes=5, reviews_each=0, guid="new", card_from=5000)
    unseen.cards["type"] = unseen.cards["queue"] = 0
    join(cards, deck, MEDIA.__getitem__)
    join(cards, unseen, MEDIA.__getitem__)
    cards.settle("usmle-step-1", {"Step::Cardio": "Cardiovascular System"})
    found = standing(cards, UTC_4, NOW_MS)
    on = date(2026, 6, 1)
    areas = areas_of(cards, found, "usmle-step-1", on)
    shares = {card: one.weights("system") for card, one in areas.cards.items()}
    (heart,) = retention(found, shares, on)
    assert (heart.area, heart.cards, heart.seen, heart.unseen) == (
        "Cardiovascular System",
        25.0,
        20.0,
        5.0,
    )
    assert heart.today is not None
    assert heart.exam_day is not None
    assert heart.exam_day.mean < heart.today.mean


def test_the_day_number_counts_from_the_collections_first_day(cards) -> None:
    join(cards, small_deck(), MEDIA.__getitem__)
    assert standing(cards, UTC_4, CREATED_S * 1000 + 10 * 3_600_000).day_number == 0
    assert standing(cards, UTC_4, CREATED_S * 1000 + 30 * 3_600_000).day_number == 1


def test_an_empty_collection_stands_too(cards) -> None:
    found = standing(cards, UTC_4, NOW_MS)
    assert found.deck.count == 0
    assert queue(found, Policy(0.9, 20), 30, inf) == ()
    assert np.array_equal(found.first_ms, np.zeros(0))


def test_a_day_with_little_left_beside_its_commitments_is_a_lighter_day() -> None:
    monday = date(2026, 11, 23)
    availability = Availability(
        minutes={"mon": 120, "tue": 40, "sun": 0},
        days_off=(date(2026, 12, 25),),
        commitments=(
            Commitment(date=monday, start=time(9), minutes=60, what="clinic"),
            Commitment(date=monday, start=time(13), minutes=30, what="clinic"),
            Commitment(date=date(2026, 11, 29), start=time(9), minutes=60),  # a Sunday
            Commitment(date=date(2026, 11, 30), start=time(9), minutes=45),  # enough is left
            Commitment(date=date(2026, 12, 1), start=time(9), minutes=300),
        ),
    )
    named = {date(2026, 12, 2): 0.25}
    found = card_minutes(availability, 60.0, named)
    assert found.week == (60.0, 40.0, 60.0, 60.0, 60.0, 60.0, 0.0)
    assert found.days_off == (date(2026, 12, 25),)
    assert found.easy_days == {monday: 0.5, date(2026, 12, 1): 0.0} | named
    assert card_minutes(None, 30.0).week == (30.0,) * 7


def test_a_followed_plan_has_fewer_minutes_on_a_lighter_day() -> None:
    followed = {"minutes": [60.0] * 7, "easy_days": {"2026-11-23": 0.5}}
    assert followed_minutes(followed, date(2026, 11, 23)) == 30.0
    assert followed_minutes(followed, date(2026, 11, 24)) == 60.0
    assert followed_minutes({"minutes": [60.0] * 7}, date(2026, 11, 23)) == 60.0  # kept earlier
