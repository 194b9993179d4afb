"""The deck that a record names is counted in the cards on this machine, once a day."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bounceback.local_storage import replayed_cards
from bounceback.local_storage.deck_import import join
from bounceback_web import briefings
from bounceback_web.cards import collection, collection_access
from bounceback_web.records import learner_store
from tests.flashcards.anki.builders import MEDIA, small_deck


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.HOME = tmp_path
    collection.forget()
    yield
    collection.forget()


@pytest.fixture
def named(kept: learner_store.Kept) -> learner_store.Kept:
    """The example's record, whose one deck is called as the deck of the tests is."""

    def edit(case: dict[str, Any]) -> None:
        case["resources"] = [{"name": "Step", "kind": "cards"}]

    return learner_store.amend(None, edit, "the deck was named")


def bring_in(notes: int) -> None:
    with collection_access.opened(make=True) as cards:
        join(cards, small_deck(notes=notes), MEDIA.__getitem__)


def of_cards(found: briefings.Answer) -> list[str]:
    return [note for note in found.keys["notes"] if "counted in your cards" in note]


def test_without_cards_the_record_alone_is_answered(named: learner_store.Kept) -> None:
    assert of_cards(briefings.answer(named)) == []


def test_an_imported_deck_gets_its_room_in_the_plan_and_moves_no_score(
    named: learner_store.Kept,
) -> None:
    before = briefings.answer(named)
    bring_in(600)
    after = briefings.answer(named)
    (note,) = of_cards(after)
    assert note.startswith("Step: about ")
    (deck,) = after.briefing.record.resources
    assert deck.units == 600
    assert deck.due_per_day is not None
    assert after.keys["standing"]["score_mean"] == before.keys["standing"]["score_mean"]
    # What is kept stays as the learner wrote it.
    assert named.value.resources[0].due_per_day is None


def test_the_cards_are_replayed_once_a_day_and_not_for_each_page(
    named: learner_store.Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_in(100)
    asked = []
    real = replayed_cards.standing
    monkeypatch.setattr(
        replayed_cards, "standing", lambda *given: (asked.append(given), real(*given))[1]
    )
    for _ in range(3):
        briefings.answer(named)
    assert len(asked) == 1


def test_a_card_file_that_cannot_be_read_stops_no_page(
    named: learner_store.Kept, tmp_path: Path
) -> None:
    (tmp_path / "cards.sqlite3").write_bytes(b"no database" * 500)
    assert briefings.answer(named).keys["plan"]["sessions"]


def test_what_was_entered_of_an_imported_deck_gives_way_to_the_cards(
    named: learner_store.Kept,
) -> None:
    def edit(case: dict[str, Any]) -> None:
        case["resources"] = [
            {"name": "Step", "kind": "cards", "units": 9000, "done": 4000, "due_per_day": 250}
        ]

    told = learner_store.amend(None, edit, "other numbers")
    bring_in(600)
    (deck,) = briefings.answer(told).briefing.record.resources
    assert deck.units == 600
    assert deck.done != 4000
    assert deck.due_per_day is not None
    assert deck.due_per_day < 250


@pytest.mark.parametrize("told", [[], [{"name": "AnKing", "kind": "cards", "due_per_day": 250}]])
def test_an_imported_deck_becomes_the_resource_where_none_is_named(
    named: learner_store.Kept, told: list[dict[str, Any]]
) -> None:
    def edit(case: dict[str, Any]) -> None:
        case["resources"] = [{"name": "UWorld", "kind": "questions"}, *told]

    changed = learner_store.amend(None, edit, "another deck")
    bring_in(600)
    bank, deck = briefings.answer(changed).briefing.record.resources
    assert bank.name == "UWorld"
    assert (deck.name, deck.kind, deck.units) == ("Step", "cards", 600)
