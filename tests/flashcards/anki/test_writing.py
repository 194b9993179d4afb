"""What is written can be read again, whole. That Anki reads it too is recorded in the docs."""

import hashlib

import numpy as np
import pytest
from builders import FIXTURES, MEDIA, PICTURE, small_deck, unzip

from bounceback.flashcards import anki
from bounceback.flashcards.anki.models import MediaFile


@pytest.fixture
def path(tmp_path):
    return tmp_path / "deck.apkg"


def test_a_deck_comes_back_as_it_was_written(path):
    deck = small_deck()
    anki.write(deck, path, MEDIA)
    back = anki.read(path)
    assert back.generation == "legacy-1"
    assert back.notes == deck.notes
    assert back.note_types == deck.note_types
    assert {one.name for one in back.decks} == {"Default", "Step::Cardio"}
    assert back.media == deck.media
    assert np.array_equal(back.reviews, deck.reviews)
    for column in ("id", "note_id", "deck_id", "template", "type", "queue", "due", "interval_days"):
        assert np.array_equal(back.cards[column], deck.cards[column])
    assert (back.warnings, back.skipped) == ((), ())


@pytest.mark.parametrize("name", ["utc-latest.colpkg", "utc-legacy2.apkg", "new-york-latest.apkg"])
def test_a_deck_made_by_anki_survives_reading_and_writing(name, path):
    with anki.open_package(FIXTURES / name) as opened:
        anki.write(anki.read(FIXTURES / name), path, opened.media_content)
    before = anki.inspect(FIXTURES / name, 4, "UTC")
    after = anki.inspect(path, 4, "UTC")
    assert after.states == before.states
    assert after.media == before.media
    assert (after.notes, after.cards, after.reviews) == (before.notes, before.cards, before.reviews)
    first, second = anki.read(FIXTURES / name), anki.read(path)
    assert second.notes == first.notes
    assert second.options == first.options
    assert np.array_equal(second.reviews, first.reviews)


def test_the_same_deck_gives_the_same_bytes(tmp_path):
    anki.write(small_deck(), tmp_path / "a.apkg", MEDIA)
    anki.write(small_deck(), tmp_path / "b.apkg", MEDIA)
    assert (tmp_path / "a.apkg").read_bytes() == (tmp_path / "b.apkg").read_bytes()


def test_media_whose_content_changed_stops_the_writing_and_leaves_nothing(path, tmp_path):
    with pytest.raises(ValueError, match="SHA-1"):
        anki.write(small_deck(), path, {"heart.png": b"another picture"})
    assert list(tmp_path.iterdir()) == []


def test_an_unsafe_media_name_stops_the_writing(path, tmp_path):
    from dataclasses import replace

    evil = MediaFile("../heart.png", hashlib.sha1(PICTURE).hexdigest(), len(PICTURE))
    with pytest.raises(ValueError, match="no plain file name"):
        anki.write(replace(small_deck(), media=(evil,)), path, {"../heart.png": PICTURE})
    assert list(tmp_path.iterdir()) == []


def test_a_failure_keeps_the_file_that_was_there(path):
    path.write_bytes(b"what was there")
    with pytest.raises(KeyError):
        anki.write(small_deck(), path, {})
    assert path.read_bytes() == b"what was there"


def test_cards_in_a_filtered_deck_go_home():
    read = anki.read(FIXTURES / "utc-latest.colpkg")
    away = read.cards["filtered_deck_id"] != 0
    assert away.any()
    homes = {deck.id: deck for deck in read.decks}
    assert not any(homes[one].filtered for one in read.cards["deck_id"].tolist())


def test_two_reviews_of_one_millisecond_are_written_one_apart(path):
    deck = small_deck(notes=2, reviews_each=1)
    deck.reviews["id"] = deck.reviews["id"][0]
    anki.write(deck, path, MEDIA)
    ids = anki.read(path).reviews["id"]
    assert len(ids) == 2
    assert int(ids[1] - ids[0]) == 1


def test_two_cards_with_one_id_are_refused(path):
    deck = small_deck(notes=2)
    deck.cards["id"] = 7
    with pytest.raises(ValueError, match="share an id"):
        anki.write(deck, path, MEDIA)


def test_the_package_is_of_the_generation_that_every_anki_reads(path):
    anki.write(small_deck(), path, MEDIA)
    assert set(unzip(path)) == {"collection.anki2", "media", "0"}
