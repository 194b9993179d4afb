"""Looking into a deck, bringing it in, taking it out again."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from bounceback.cli import main
from bounceback.flashcards.anki.reading import read
from bounceback.flashcards.anki.writing import write
from tests.flashcards.anki.builders import FIXTURES, MEDIA, small_deck, unzip, zipped

PACKAGE = FIXTURES / "new-york-latest.apkg"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own for each test."""
    monkeypatch.setenv("BOUNCEBACK_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_inspecting_gives_the_contracts_keys_and_keeps_nothing(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["cards", "inspect", str(PACKAGE), "--zone", "America/New_York", "--rollover", "4"]
    assert main([*words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    contract = {"generation", "notes", "cards", "reviews", "media", "warnings", "skipped", "states"}
    assert contract <= found.keys()
    assert {"name", "sha1", "bytes"} == found["media"][0].keys()
    state = {"note_guid", "template", "deck", "suspended", "due", "reviews", "stability"}
    assert state | {"difficulty"} <= found["states"][0].keys()
    assert len(found["states"]) == found["cards"] > 0
    assert all(one["due"] is None or date.fromisoformat(one["due"]) for one in found["states"])
    assert not home.exists()


def test_the_day_rule_that_was_asked_for_makes_the_states(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = {}
    for zone in ("America/New_York", "Asia/Tokyo"):
        assert main(["cards", "inspect", str(PACKAGE), "--zone", zone, "--json"]) == 0
        found[zone] = json.loads(capsys.readouterr().out)
    new_york, tokyo = found.values()
    assert new_york["day_rule"] != tokyo["day_rule"]
    assert new_york["states"] != tokyo["states"]


def test_inspecting_says_in_words_what_was_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    package = tmp_path / "deck.apkg"
    write(small_deck(), package, MEDIA)
    entries = unzip(package)
    entries["media"] = b'{"0": "../heart.png"}'
    zipped(package, entries)
    assert main(["cards", "inspect", str(package)]) == 0
    out = capsys.readouterr().out
    assert "Left out" in out
    assert "no plain file name" in " ".join(out.split())


@pytest.mark.parametrize("action", ["inspect", "import"])
def test_a_hostile_package_is_refused_with_nothing_on_standard_output(
    action: str, tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bomb = zipped(
        tmp_path / "bomb.apkg", {"collection.anki2": bytes(40 * 1024 * 1024), "media": "{}"}
    )
    assert main(["cards", action, str(bomb)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert "Nothing was kept" in err
    if action == "import":
        assert list(home.iterdir()) == []


@pytest.mark.parametrize(
    ("option", "value"), [("--zone", "Mars/Olympus"), ("--rollover", "24"), ("--rollover", "x")]
)
def test_a_day_rule_that_cannot_be_is_refused(
    option: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cards", "inspect", str(PACKAGE), option, value]) == 2
    out, err = capsys.readouterr()
    assert (out, len(err.splitlines())) == ("", 1)


def test_a_name_that_leads_nowhere_makes_no_collection(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cards", "import", "nowhere.apkg"]) == 2
    assert capsys.readouterr().out == ""
    assert not home.exists()


def test_importing_says_what_is_new_and_the_second_time_that_all_is_known(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = []
    for _ in range(2):
        assert main(["cards", "import", str(PACKAGE)]) == 0
        words.append(" ".join(capsys.readouterr().out.split()))
    package = read(PACKAGE)
    assert f"{len(package.notes)} new" in words[0]
    assert f"{len(package.reviews)} new" in words[0]
    assert f"{len(package.notes)} already there" in words[1]
    assert "0 new files" in words[1]


def test_a_text_deck_comes_in_with_its_left_out_lines_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deck = tmp_path / "mine.csv"
    deck.write_text("What is renin?,an enzyme\n,answer alone\n", "utf-8")
    assert main(["cards", "import", str(deck)]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "1 new" in out
    assert "line 2: its question is empty" in out


def test_what_comes_in_goes_out_with_media_tags_history_and_schedule(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "out.apkg"
    assert main(["cards", "import", str(PACKAGE)]) == 0
    assert main(["cards", "export", str(target)]) == 0
    before, after = read(PACKAGE), read(target)
    assert {n.guid: (n.fields, n.tags) for n in before.notes} == {
        n.guid: (n.fields, n.tags) for n in after.notes
    }
    assert {m.sha1 for m in before.media} == {m.sha1 for m in after.media}
    kept = np.isin(before.reviews["cid"], before.cards["id"])
    assert sorted(before.reviews["id"][kept]) == sorted(after.reviews["id"])
    for column in ("id", "type", "due", "interval_days", "flag"):
        np.testing.assert_array_equal(before.cards[column], after.cards[column])


def test_exporting_never_writes_over_a_file_unasked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "precious.apkg"
    target.write_bytes(b"precious")
    assert main(["cards", "import", str(PACKAGE)]) == 0
    capsys.readouterr()
    assert main(["cards", "export", str(target)]) == 2
    out, err = capsys.readouterr()
    assert (out, target.read_bytes()) == ("", b"precious")
    assert "--replace" in err
    assert main(["cards", "export", str(target), "--replace"]) == 0
    assert len(read(target).notes) == len(read(PACKAGE).notes)


def test_exporting_without_cards_says_how_to_bring_some(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cards", "export", str(tmp_path / "out.apkg")]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "bounceback cards import" in err


def test_a_strangers_words_cannot_steer_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from dataclasses import replace

    deck = small_deck()
    evil = replace(deck.decks[1], name="\x1b[2JCardio\x07")
    package = tmp_path / "deck.apkg"
    write(replace(deck, decks=(deck.decks[0], evil)), package, MEDIA)
    for action in ("inspect", "import"):
        assert main(["cards", action, str(package)]) == 0
        out = capsys.readouterr().out
        assert "\x1b" not in out
        assert "\x07" not in out
