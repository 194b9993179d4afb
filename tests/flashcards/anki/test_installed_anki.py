"""A live collection is copied and read; the file itself stays untouched, whoever has it open."""

import hashlib
import sqlite3

import pytest
from builders import FIXTURES, MEDIA, PICTURE, small_deck, unzip

from bounceback.errors import UntrustedInputError
from bounceback.flashcards import anki as package
from bounceback.flashcards.anki.limits import Limits


@pytest.fixture
def live(tmp_path):
    """An Anki profile folder: a collection of schema 18 with its media folder."""
    import zstandard

    packed = unzip(FIXTURES / "utc-latest.colpkg")["collection.anki21b"]
    path = tmp_path / "profile" / "collection.anki2"
    path.parent.mkdir()
    path.write_bytes(zstandard.ZstdDecompressor().decompress(packed, 1 << 24))
    folder = path.parent / "collection.media"
    folder.mkdir()
    (folder / "heart.png").write_bytes(PICTURE)
    return path


def test_a_live_collection_gives_what_its_package_gives(live):
    found = package.inspect(live, 4, "UTC")
    assert found.states == package.inspect(FIXTURES / "utc-latest.colpkg", 4, "UTC").states
    sha1 = hashlib.sha1(PICTURE).hexdigest()
    assert [(one.name, one.sha1, one.bytes) for one in found.media] == [
        ("heart.png", sha1, len(PICTURE))
    ]


def test_changes_that_anki_has_not_folded_in_yet_are_seen_and_nothing_is_touched(live):
    with sqlite3.connect(live) as anki:
        anki.execute("PRAGMA journal_mode=WAL")
        anki.execute("PRAGMA wal_autocheckpoint=0")
        anki.execute("DELETE FROM revlog")
        anki.commit()
        anki.execute("BEGIN IMMEDIATE")  # Anki holds the write lock
        before = {path.name: path.read_bytes() for path in live.parent.iterdir() if path.is_file()}
        assert "collection.anki2-wal" in before
        assert package.inspect(live, 4, "UTC").reviews == 0
        after = {path.name: path.read_bytes() for path in live.parent.iterdir() if path.is_file()}
        anki.rollback()
    anki.close()
    assert after == before


def test_a_collection_left_in_the_middle_of_a_write_is_refused(live):
    live.with_name("collection.anki2-journal").write_bytes(b"half a write")
    with pytest.raises(UntrustedInputError, match="Start Anki and close it"):
        package.read(live)


def test_a_collection_that_changes_under_the_copy_is_refused(live, monkeypatch):
    from bounceback.flashcards.anki import installed_anki as module

    marks = iter([((1, 1), None), ((1, 2), None)])
    monkeypatch.setattr(module, "_fingerprint", lambda path: next(marks))
    with pytest.raises(UntrustedInputError, match="Close Anki"):
        package.read(live)


def test_links_in_the_media_folder_are_not_followed(live):
    secret = live.parent / "secret.txt"
    secret.write_text("not a picture")
    (live.parent / "collection.media" / "x.png").symlink_to(secret)
    found = package.inspect(live, 4, "UTC")
    assert [one.what for one in found.skipped] == ["media 'x.png'"]
    assert [one.name for one in found.media] == ["heart.png"]


def test_a_collection_over_the_cap_is_refused(live):
    with pytest.raises(UntrustedInputError, match="safety cap"):
        package.read(live, Limits(database_bytes=1000))


def test_the_stand_in_alone_is_refused_as_a_live_collection_too(tmp_path):
    path = tmp_path / "collection.anki2"
    path.write_bytes(unzip(FIXTURES / "utc-latest.apkg")["collection.anki2"])
    with pytest.raises(UntrustedInputError, match="stand-in"):
        package.read(path)


def test_a_package_is_not_taken_for_a_live_collection(tmp_path):
    path = tmp_path / "deck.apkg"
    package.write(small_deck(), path, MEDIA)
    assert package.read(path).generation == "legacy-1"
