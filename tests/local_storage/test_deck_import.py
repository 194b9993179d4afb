"""A deck comes in wholly or not at all, and twice like once."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bounceback.errors import QuestionError, UntrustedInputError
from bounceback.flashcards.anki.limits import Limits
from bounceback.flashcards.anki.models import MediaFile
from bounceback.flashcards.anki.writing import write
from bounceback.local_storage import card_media
from bounceback.local_storage.card_collection import open_cards
from bounceback.local_storage.deck_import import import_deck, join
from tests.flashcards.anki.builders import FIXTURES, MEDIA, PICTURE, small_deck
from tests.local_storage.test_card_collection import NOW_S, answered, everything

PACKAGES = sorted(path for path in FIXTURES.iterdir() if path.suffix in (".apkg", ".colpkg"))


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_importing_twice_changes_nothing(package: Path, tmp_path: Path) -> None:
    with open_cards(tmp_path, make=True) as cards:
        first = import_deck(cards, package, NOW_S)
        before = everything(tmp_path)
        again = import_deck(cards, package, NOW_S + 86_400)
    assert everything(tmp_path) == before
    assert first.merged.notes_added > 0
    merged = again.merged
    assert (merged.notes_added, merged.notes_changed, merged.reviews_added) == (0, 0, 0)
    assert (merged.cards_added, merged.cards_rescheduled, merged.media_added) == (0, 0, ())


def test_importing_a_text_deck_twice_changes_nothing_not_even_after_answers(
    tmp_path: Path,
) -> None:
    deck = tmp_path / "renal.csv"
    deck.write_text("nephron,unit of the kidney\n{{c1::ADH}} acts on V2,\n,no question\n", "utf-8")
    with open_cards(tmp_path, make=True) as cards:
        first = import_deck(cards, deck, NOW_S)
        assert (first.merged.cards_added, len(first.skipped)) == (2, 1)
        card_id = int(cards.cards()["id"][0])
        cards.put_card(cards.card(card_id) | {"queue": -1, "flag": 2})
        before = everything(tmp_path)
        import_deck(cards, deck, NOW_S + 500_000)
    assert everything(tmp_path) == before


def test_a_corrected_line_of_a_text_deck_changes_its_note_and_no_schedule(tmp_path: Path) -> None:
    deck = tmp_path / "renal.csv"
    deck.write_text("nephron,unit of the liver\n", "utf-8")
    with open_cards(tmp_path, make=True) as cards:
        import_deck(cards, deck, NOW_S)
        card_id = int(cards.cards()["id"][0])
        mine = answered(cards, card_id, NOW_S * 1000 + 60_000)
        deck.write_text("nephron,unit of the kidney\n", "utf-8")
        again = import_deck(cards, deck, NOW_S)
        assert again.merged.notes_changed == 1
        assert next(cards.notes()).fields == ("nephron", "unit of the kidney")
        assert cards.card(card_id) == mine


def test_text_that_is_no_utf8_is_refused_with_what_to_do(tmp_path: Path) -> None:
    deck = tmp_path / "old.csv"
    deck.write_bytes("Ménière,inner ear\n".encode("latin-1"))
    with (
        open_cards(tmp_path, make=True) as cards,
        pytest.raises(UntrustedInputError, match="UTF-8"),
    ):
        import_deck(cards, deck, NOW_S)


@pytest.mark.parametrize(
    "moment", ["MediaFolder.arrive", "CardCollection._add_reviews", "CardCollection.settle_media"]
)
def test_an_import_killed_in_the_middle_leaves_the_state_before_or_after(
    moment: str, tmp_path: Path
) -> None:
    """Killed after the call named; the last is after the commit, before files move."""
    with open_cards(tmp_path, make=True) as cards:
        join(cards, small_deck(guid="mine"), MEDIA.__getitem__)
    before = everything(tmp_path)
    package = FIXTURES / "utc-latest.apkg"
    program = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from bounceback.local_storage import card_collection, deck_import\n"
        "from bounceback.local_storage.card_collection import CardCollection\n"
        "from bounceback.local_storage.card_media import MediaFolder\n"
        f"owner, name = {moment.split('.')[0]}, {moment.split('.')[1]!r}\n"
        "whole = getattr(owner, name)\n"
        "def then_die(self, *given):\n"
        "    if name != 'settle_media': whole(self, *given)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "with card_collection.open_cards(Path(sys.argv[1])) as kept:\n"
        "    setattr(owner, name, then_die)\n"
        "    deck_import.import_deck(kept, Path(sys.argv[2]), 1795000000)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path), str(package)], check=False)
    assert done.returncode == -9
    with open_cards(tmp_path) as cards:
        assert not cards.media.arriving()
        for file in cards.media_files():
            assert len(cards.media_content(file.name)) == file.bytes
    if moment.endswith("settle_media"):
        whole = tmp_path / "whole"
        whole.mkdir()
        with open_cards(whole, make=True) as cards:
            join(cards, small_deck(guid="mine"), MEDIA.__getitem__)
            import_deck(cards, package, 1_795_000_000)
        assert everything(tmp_path) == everything(whole)
    else:
        assert everything(tmp_path) == before


def test_a_refused_package_leaves_nothing(tmp_path: Path) -> None:
    package = tmp_path / "deck.apkg"
    write(small_deck(), package, MEDIA)
    home = tmp_path / "home"
    home.mkdir()
    with open_cards(home, make=True) as cards:
        before = everything(home)
        with pytest.raises(UntrustedInputError):
            import_deck(cards, package, NOW_S, limits=Limits(notes=1))
    assert everything(home) == before


def test_media_that_changed_since_it_was_listed_is_refused_and_leaves_nothing(
    tmp_path: Path,
) -> None:
    with open_cards(tmp_path, make=True) as cards:
        before = everything(tmp_path)
        with pytest.raises(UntrustedInputError, match="SHA-1"):
            join(cards, small_deck(), lambda name: b"another picture")
        assert not cards.media.arriving()
    assert everything(tmp_path) == before


def test_media_that_the_disk_cannot_hold_is_refused_before_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = shutil._ntuple_diskusage(10**9, 10**9, 0)
    monkeypatch.setattr(card_media.shutil, "disk_usage", lambda path: full)
    with open_cards(tmp_path, make=True) as cards:
        before = everything(tmp_path)
        with pytest.raises(QuestionError, match="free"):
            join(cards, small_deck(), MEDIA.__getitem__)
    assert everything(tmp_path) == before


def test_the_same_picture_under_two_names_is_kept_once(tmp_path: Path) -> None:
    sha1 = hashlib.sha1(PICTURE).hexdigest()
    twice = (MediaFile("heart.png", sha1, len(PICTURE)), MediaFile("b.png", sha1, len(PICTURE)))
    with open_cards(tmp_path, make=True) as cards:
        join(cards, replace(small_deck(), media=twice), lambda name: PICTURE)
        assert cards.media_content("b.png") == cards.media_content("heart.png") == PICTURE
    assert len(everything(tmp_path)[1]) == 1


def test_another_picture_under_a_taken_name_keeps_both(tmp_path: Path) -> None:
    other = b"another"
    theirs = MediaFile("heart.png", hashlib.sha1(other).hexdigest(), len(other))
    with open_cards(tmp_path, make=True) as cards:
        join(cards, small_deck(), MEDIA.__getitem__)
        deck = replace(small_deck(guid="theirs", card_from=5000), media=(theirs,))
        imported = join(cards, deck, {"heart.png": other}.__getitem__)
        (name,) = (file.name for file in imported.merged.media_added)
        assert cards.media_content("heart.png") == PICTURE
        assert cards.media_content(name) == other
        fields = [note.fields[0] for note in cards.notes() if note.guid == "theirs0"]
        assert name in fields[0]


def test_what_was_answered_here_is_not_rescheduled_by_an_older_package(tmp_path: Path) -> None:
    with open_cards(tmp_path, make=True) as cards:
        join(cards, small_deck(), MEDIA.__getitem__)
        mine = answered(cards, 1000, NOW_S * 1000)
        newer = small_deck()
        newer.cards["modified_s"] = NOW_S + 10
        join(cards, newer, MEDIA.__getitem__)
        assert cards.card(1000) == mine
        assert cards.card(1001)["modified_s"] == NOW_S + 10


def test_a_text_that_is_no_unicode_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    deck = small_deck()
    deck = replace(deck, notes=(replace(deck.notes[0], fields=("\ud800", "b")), *deck.notes[1:]))
    with open_cards(tmp_path, make=True) as cards:
        before = everything(tmp_path)
        with pytest.raises(UntrustedInputError, match="Unicode"):
            join(cards, deck, MEDIA.__getitem__)
    assert everything(tmp_path) == before


def test_sources_tell_what_came_from_anki_from_what_was_answered_here(tmp_path: Path) -> None:
    with open_cards(tmp_path, make=True) as cards:
        join(cards, small_deck(), MEDIA.__getitem__)
        answered(cards, 1000, NOW_S * 1000)
        _, marks = cards.reviews()
        names = np.array(cards.sources())[marks]
    assert sorted(set(names)) == ["anki", "own"]
    assert (names == "own").sum() == 1
