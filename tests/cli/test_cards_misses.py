"""From missed questions to cards: those a deck has, and those the learner writes."""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import time_machine

from bounceback.cli import main
from bounceback.local_storage.card_collection import open_cards
from bounceback.local_storage.deck_import import join
from tests.flashcards.anki.builders import CLOZE, MEDIA, small_deck

CASE = Path(__file__).resolve().parents[1] / "cases" / "step1-us-md-wobbly.toml"
NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
MISSES = """
[[misses]]
date = 2026-11-20
cause = "not-recalled"
area = "Cardiovascular System"
item = "uworld:12345"
rule = "S3 is early <diastole>"

[[misses]]
date = 2026-11-21
cause = "misread"
item = "uworld:777"
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder whose cards are put away; one carries the id of a missed question."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("BOUNCEBACK_HOME", str(folder))
    deck = small_deck()
    linked = replace(deck.notes[1], tags=("#AK_Step1_v12::#UWorld::Step::12345",))
    deck.cards["queue"] = -1
    with open_cards(folder, make=True) as cards:
        join(cards, replace(deck, notes=(deck.notes[0], linked, deck.notes[2])), MEDIA.__getitem__)
    return folder


@pytest.fixture
def case(tmp_path: Path) -> str:
    path = tmp_path / "me.toml"
    path.write_text(CASE.read_text("utf-8") + MISSES, "utf-8")
    return str(path)


def ask(lines: str, monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "stdin", io.StringIO(lines))
    with time_machine.travel(NOW, tick=False):
        return main(["cards", *words])


def test_a_miss_asks_its_card_even_where_it_was_put_away_and_takes_it_back(
    home: Path, case: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask("\n3\n", monkeypatch, "review", "--misses", case) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "1 of your 2 missed questions has cards here" in out
    assert "1 to review" in out
    assert "question 1" in out
    with open_cards(home) as cards:
        assert [cards.card(one)["queue"] for one in (1000, 1001, 1002)] == [-1, 2, -1]


def test_a_card_answered_since_its_miss_is_not_asked_again(
    home: Path, case: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ask("\n3\n", monkeypatch, "review", "--misses", case)
    capsys.readouterr()
    assert ask("\n3\n", monkeypatch, "review", "--misses", case) == 0
    assert "No cards to review for your missed" in capsys.readouterr().out


def test_misses_without_a_case_are_refused_with_how_to_ask(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask("", monkeypatch, "review", "--misses") == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "--misses me.toml" in err


def test_a_card_written_from_a_miss_is_the_learners_own_words_and_linked_to_its_question(
    home: Path, case: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = "\nWhen is {{c1::S3}} heard & why?\n\n"  # skip the later miss; its rule as the back
    assert ask(lines, monkeypatch, "write", case) == 0
    out, err = capsys.readouterr()
    assert "1 card added." in out
    assert "1 missed question has no card yet." in out
    assert "Which clue should bring the fact back?" in " ".join(err.split())
    with open_cards(home) as cards:
        (note,) = (note for note in cards.notes() if note.guid.startswith("bb-"))
        assert note.fields == (
            "When is {{c1::S3}} heard &amp; why?",
            "S3 is early &lt;diastole&gt;",
        )
    assert ask("\n3\nq\n", monkeypatch, "review", "--misses", case) == 0
    asked = capsys.readouterr().out
    assert "When is [...] heard & why?" in asked


def test_a_miss_with_a_card_is_not_asked_for_twice_and_the_end_of_input_leaves(
    home: Path, case: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask("a question\nan answer\n", monkeypatch, "write", case) == 0
    _, first = capsys.readouterr()
    assert "uworld:777" in first
    assert ask("", monkeypatch, "write", case) == 0
    out, err = capsys.readouterr()
    assert "uworld:777" not in err
    assert "uworld:12345" in err
    assert "0 cards added." in out
    with open_cards(home) as cards:
        assert len(cards.cards()) == 4


def test_own_cards_of_a_miss_belong_to_its_area(
    home: Path, case: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask("\nq2\na2\n", monkeypatch, "write", case) == 0
    capsys.readouterr()
    assert ask("", monkeypatch, "areas", case, "--json") == 0
    import json

    found = json.loads(capsys.readouterr().out)
    heart = {one["area"]: one for one in found["areas"]}["Cardiovascular System"]
    assert heart["unseen"] == 1.0


def test_of_a_missed_question_one_card_of_each_note_is_asked(
    home: Path, case: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    deck = small_deck(notes=1, guid="two", card_from=7000)
    both = replace(
        deck.notes[0],
        note_type_id=CLOZE.id,
        fields=("{{c1::S3}} and {{c2::S4}}", ""),
        tags=("#UWorld::Step::777",),
    )
    cards = np.repeat(deck.cards, 2)
    cards["id"], cards["template"] = (7000, 7001), (0, 1)
    with open_cards(home) as kept:
        join(kept, replace(deck, notes=(both,), cards=cards), MEDIA.__getitem__)
        assert len(kept.cards()) == 5
    assert ask("q\n", monkeypatch, "review", "--misses", case) == 0
    out = capsys.readouterr().out
    assert "2 of your" in out
    assert "2 to review" in out
