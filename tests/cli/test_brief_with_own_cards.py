"""A briefing where the deck of the case is kept: due cards in the plan, recall by area."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest
import time_machine

from bounceback.cli import main
from bounceback.flashcards.anki.models import Deck
from bounceback.local_storage.card_collection import FILE, open_cards
from bounceback.local_storage.deck_import import join
from tests.flashcards.anki.builders import MEDIA, small_deck

DOCS = Path(__file__).resolve().parents[2] / "docs"
CASE = Path(__file__).resolve().parents[1] / "cases" / "step1-us-md-wobbly.toml"
NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
DECK = "Step"  # of small_deck, with one sub-deck


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("BOUNCEBACK_HOME", str(folder))
    return folder


@pytest.fixture
def kept(home: Path) -> Path:
    """Cards of one deck, all waiting, most of them of one area."""
    with open_cards(home, make=True) as cards:
        join(cards, small_deck(notes=600), MEDIA.__getitem__)
        cards.settle("usmle-step-1", {"Step::Cardio": "Cardiovascular System"})
    return home


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """The example with its deck named as it is named here."""
    path = tmp_path / "me.toml"
    path.write_text(CASE.read_text("utf-8").replace('"AnKing"', f'"{DECK}"'), "utf-8")
    return path


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]):
    def asked(*words: object) -> str:
        with time_machine.travel(NOW, tick=False):
            assert main([str(word) for word in words]) == 0
        return capsys.readouterr().out

    return asked


def minutes_of_cards(answer: dict) -> int:
    return sum(s["minutes"] for s in answer["plan"]["sessions"] if s["activity"] == "cards")


def test_the_named_deck_is_counted_and_the_plan_leaves_room_for_it(kept, case, ask) -> None:
    counted = json.loads(ask("brief", case, "--json"))
    (kept / FILE).unlink()
    alone = json.loads(ask("brief", case, "--json"))
    (note,) = [n for n in set(counted["notes"]) - set(alone["notes"]) if n.startswith(DECK)]
    assert note.startswith(f"{DECK}: about ")
    assert "fall due a day" in note
    assert "cards" not in alone
    assert counted["plan"] != alone["plan"]
    assert minutes_of_cards(counted) > 0
    # What is recalled is no evidence of the score.
    assert counted["standing"]["score_mean"] == alone["standing"]["score_mean"]
    assert counted["standing"]["p_pass_if_today"] == alone["standing"]["p_pass_if_today"]


def test_the_answer_with_cards_is_as_its_schema_says(kept, case, ask) -> None:
    schema = json.loads((DOCS / "reference" / "briefing.schema.json").read_text("utf-8"))
    jsonschema.validate(json.loads(ask("brief", case, "--json")), schema)


def test_recall_by_area_stands_beside_the_plan_for_today_and_the_exam_day(kept, case, ask) -> None:
    found = json.loads(ask("brief", case, "--json"))["cards"]
    (heart,) = found["areas"]
    assert heart["area"] == "Cardiovascular System"
    assert heart["seen"] > 0
    assert heart["exam_day"]["mean"] < heart["today"]["mean"] < 1.0
    assert found["waiting"] > 0
    text = ask("brief", case, "--full")
    assert "Your cards" in text
    assert " new" in text


def test_cards_of_no_known_area_are_sent_to_be_settled(home, case, ask) -> None:
    deck = small_deck(notes=50)
    with open_cards(home, make=True) as cards:
        join(cards, replace(deck, decks=(Deck(id=21, name=DECK),)), MEDIA.__getitem__)
    text = " ".join(ask("brief", case, "--full").split())
    assert "50 due today. None of the cards you have seen is matched to an exam area yet" in text
    assert json.loads(ask("brief", case, "--json"))["cards"]["areas"] == []


@pytest.mark.parametrize("question", ["plan", "forecast", "decide", "appraise"])
def test_every_question_counts_the_same_deck(kept, case, ask, question: str) -> None:
    whole = json.loads(ask("brief", case, "--json"))
    part = json.loads(ask(question, case, "--json"))
    assert part["notes"] == whole["notes"]
    assert all(whole[key] == value for key, value in part.items() if key != "cards")


def test_the_same_answer_comes_again_and_a_replan_counts_them_too(
    kept, case, ask, tmp_path: Path
) -> None:
    first = ask("brief", case, "--json")
    assert ask("brief", case, "--json") == first
    old = tmp_path / "old.json"
    old.write_text(first, "utf-8")
    again = json.loads(ask("replan", case, "--from", old, "--json"))
    assert [n for n in again["notes"] if n.startswith(f"{DECK}: about ")]


def test_a_number_written_in_the_case_wins(kept, case, ask) -> None:
    text = case.read_text("utf-8")
    case.write_text(text.replace("done = 4100", "done = 4100\ndue_per_day = 5"), "utf-8")
    found = json.loads(ask("brief", case, "--json"))
    assert "cards" not in found
    assert not [n for n in found["notes"] if "counted in your cards" in n]


def test_another_day_and_another_deck_are_answered_from_the_case_alone(kept, case, ask) -> None:
    past = json.loads(ask("brief", case, "--json", "--on", "2026-11-20"))
    other = json.loads(ask("brief", CASE, "--json"))
    for answer in (past, other):
        assert "cards" not in answer
        assert not [n for n in answer["notes"] if "counted in your cards" in n]


def test_cards_that_cannot_be_read_stop_no_answer(home, case, ask) -> None:
    (home / FILE).write_bytes(b"no database at all" * 100)
    found = json.loads(ask("brief", case, "--json"))
    assert any(n.startswith("We couldn't read your cards") for n in found["notes"])
    assert found["plan"]["sessions"]
