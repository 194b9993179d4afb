"""What is remembered by area, and settling what nothing explains."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from bounceback.cli import main
from bounceback.cli.commands.cards_areas import _key
from bounceback.local_storage.card_collection import open_cards
from bounceback.local_storage.deck_import import join
from tests.flashcards.anki.builders import MEDIA, small_deck

CASE = Path(__file__).resolve().parents[1] / "cases" / "step1-us-md-wobbly.toml"
NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with three cards whose labels nothing explains."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("BOUNCEBACK_HOME", str(folder))
    deck = small_deck()
    mine = replace(deck.decks[1], name="Mine 🫀")
    with open_cards(folder, make=True) as cards:
        join(cards, replace(deck, decks=(deck.decks[0], mine)), MEDIA.__getitem__)
    return folder


def ask(*words: str) -> int:
    with time_machine.travel(NOW, tick=False):
        return main(["cards", "areas", str(CASE), *words])


def test_labels_are_printed_filled_in_and_settle_their_cards(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask("--json") == 0
    before = json.loads(capsys.readouterr().out)
    assert (before["mapped"], before["areas"]) == (0, [])
    assert ask("--unmapped") == 0
    printed = capsys.readouterr().out
    assert '"Mine 🫀" = ""' in printed
    filled = tmp_path / "areas.toml"
    filled.write_text(
        printed.replace('"Mine 🫀" = ""', '"Mine 🫀" = "cardiovascular system"'), "utf-8"
    )
    assert ask("--settle", str(filled), "--json") == 0
    after = json.loads(capsys.readouterr().out)
    assert after["mapped"] == 3
    assert [one["area"] for one in after["areas"]] == ["Cardiovascular System"]
    assert after["settled"] == {"Mine 🫀": "Cardiovascular System"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('"Mine" = "Cardiology system"', "isn't an area"),
        ('"Mine" = 3', "needs an area"),
        ("not toml", "isn't TOML"),
    ],
)
def test_a_list_that_cannot_be_read_settles_nothing(
    text: str, said: str, tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filled = tmp_path / "areas.toml"
    filled.write_text('"Other" = "Cardiovascular System"\n' + text, "utf-8")
    assert ask("--settle", str(filled)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    with open_cards(home) as cards:
        assert cards.settled("usmle-step-1") == {}


@settings(max_examples=200, derandomize=True, deadline=None)
@given(label=st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_label_is_a_key_of_the_list_and_nothing_else(label: str) -> None:
    assert tomllib.loads(f'{_key(label)} = ""') == {label: ""}
    assert _key(label).isprintable()


def test_in_words_the_unseen_stand_apart_from_the_forgotten(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unseen = small_deck(notes=4, reviews_each=0, guid="new", card_from=5000)
    unseen.cards["type"] = unseen.cards["queue"] = 0
    with open_cards(home) as cards:
        join(cards, unseen, MEDIA.__getitem__)
        cards.settle("usmle-step-1", {"Mine 🫀": "Cardiovascular System"})
    assert ask() == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "7 cards: 3 seen, 4 new." in out
    assert "today, from 3 answers" in out
