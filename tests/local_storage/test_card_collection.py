"""The learner's cards on disk: nothing lost, nothing overwritten, nothing half."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from bounceback.errors import QuestionError
from bounceback.flashcards.anki.import_merge import merge, nothing_kept
from bounceback.flashcards.anki.reading import read
from bounceback.local_storage import card_collection as cards_on_disk
from bounceback.local_storage.card_collection import (
    FILE,
    SCHEMA,
    CardsBusy,
    CardsGone,
    delete_cards,
    open_cards,
)
from bounceback.local_storage.deck_import import import_deck, join
from tests.flashcards.anki.builders import FIXTURES, MEDIA, small_deck

NOW_S = 1_795_000_000


def answered(cards, card_id, moment, rating=3):
    """Write one own answer, as a sitting does."""
    card = cards.card(card_id) | {"due": 99, "modified_s": moment // 1000}
    review = {"id": moment, "cid": card_id, "ease": rating, "type": 1}
    cards.put_answer(card, review | {"ivl": 9, "lastIvl": 5, "factor": 500, "time": 4000})
    return card


def everything(folder: Path):
    """All rows of the file and all contents beside it, to compare."""
    connection = sqlite3.connect(folder / FILE)
    tables = [
        name
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    ]
    rows = {name: sorted(map(repr, connection.execute(f"SELECT * FROM {name}"))) for name in tables}
    connection.close()
    files = {
        path.name: path.read_bytes() for path in (folder / "media").rglob("*") if path.is_file()
    }
    return rows, files


def test_a_new_collection_is_seen_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, seen = os.link, []
    asked = ("user_version", "journal_mode")

    def watched(source: str, target: Path) -> None:
        with closing(sqlite3.connect(source)) as connection:
            seen.append([connection.execute(f"PRAGMA {n}").fetchone()[0] for n in asked])
        seen.append(target.exists())
        link(source, target)

    monkeypatch.setattr("os.link", watched)
    with open_cards(tmp_path, make=True):
        assert seen == [[SCHEMA, "wal"], False]
        assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_of_two_who_begin_at_once_the_second_takes_the_first_one_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = os.link

    def late(source: str, target: Path) -> None:
        monkeypatch.setattr("os.link", link)
        with open_cards(target.parent, make=True) as cards:
            cards.remember("who", "the first")
        link(source, target)

    monkeypatch.setattr("os.link", late)
    with open_cards(tmp_path, make=True) as cards:
        assert cards.setting("who") == "the first"
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_what_goes_in_comes_out_the_same(tmp_path: Path) -> None:
    package = FIXTURES / "new-york-latest.apkg"
    with open_cards(tmp_path, make=True) as cards:
        import_deck(cards, package, NOW_S)
    merged = merge(nothing_kept(), read(package)).kept
    with open_cards(tmp_path) as cards:
        kept = cards.kept()
        for one in kept.package.media:
            assert len(cards.media_content(one.name)) == one.bytes
    assert kept.sources == merged.sources
    for name in ("note_types", "decks", "options", "created_s", "creation_minutes_west"):
        assert getattr(kept.package, name) == getattr(merged.package, name), name
    assert sorted(kept.package.notes, key=lambda n: n.id) == sorted(
        merged.package.notes, key=lambda n: n.id
    )
    assert set(kept.package.media) == set(merged.package.media)
    for name in merged.package.cards.dtype.names:
        np.testing.assert_array_equal(kept.package.cards[name], merged.package.cards[name])
    np.testing.assert_array_equal(
        np.sort(kept.package.reviews, order=["id", "cid"]),
        np.sort(merged.package.reviews, order=["id", "cid"]),
    )


def test_no_cards_yet_is_said_with_the_way_to_bring_some(tmp_path: Path) -> None:
    with pytest.raises(QuestionError, match="bounceback cards import"), open_cards(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_review_can_neither_be_changed_nor_removed(tmp_path: Path) -> None:
    with open_cards(tmp_path, make=True) as cards:
        join(cards, small_deck(), MEDIA.__getitem__)
    connection = sqlite3.connect(tmp_path / FILE)
    for statement in ("DELETE FROM review", "UPDATE review SET ease = 1"):
        with pytest.raises(sqlite3.IntegrityError, match="only ever added"):
            connection.execute(statement)
    connection.close()


def test_an_answer_taken_back_counts_no_more_and_stays_on_file(tmp_path: Path) -> None:
    with open_cards(tmp_path, make=True) as cards:
        join(cards, small_deck(), MEDIA.__getitem__)
        before, _ = cards.reviews()
        card = cards.card(1000)
        moment = NOW_S * 1000
        answered(cards, 1000, moment)
        cards.withdraw(card, moment)
        after, _ = cards.reviews()
        np.testing.assert_array_equal(before, after)
        assert cards.card(1000) == card
    rows, _ = everything(tmp_path)
    assert len(rows["review"]) == len(before) + 1


def test_an_answer_taken_back_does_not_return_with_the_next_import(tmp_path: Path) -> None:
    with open_cards(tmp_path, make=True) as cards:
        join(cards, small_deck(), MEDIA.__getitem__)
        card = cards.card(1000)
        moment = NOW_S * 1000
        answered(cards, 1000, moment)
        returned = cards.kept().package
        cards.withdraw(card, moment)
        join(cards, returned, MEDIA.__getitem__)
        reviews, _ = cards.reviews()
        assert moment not in reviews["id"]


def test_own_answers_stay_own_when_they_come_back_from_anki(tmp_path: Path) -> None:
    with open_cards(tmp_path, make=True) as cards:
        join(cards, small_deck(), MEDIA.__getitem__)
        moment = NOW_S * 1000
        mine = answered(cards, 1000, moment)
        returned = cards.kept().package
        changed = returned.reviews.copy()
        changed["ease"] = 1
        from dataclasses import replace

        join(cards, replace(returned, reviews=changed), MEDIA.__getitem__)
        reviews, marks = cards.reviews()
        (at,) = np.flatnonzero(reviews["id"] == moment)
        assert (reviews["ease"][at], cards.sources()[marks[at]]) == (3, "own")
        assert cards.card(1000)["due"] == mine["due"]


def test_an_answer_that_was_acknowledged_survives_a_killed_process(tmp_path: Path) -> None:
    with open_cards(tmp_path, make=True) as cards:
        join(cards, small_deck(), MEDIA.__getitem__)
    program = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from bounceback.local_storage.card_collection import open_cards\n"
        "with open_cards(Path(sys.argv[1])) as cards:\n"
        "    card = cards.card(1000) | {'due': 77}\n"
        "    review = dict(id=1795000000000, cid=1000, ease=3, type=1, ivl=9, lastIvl=5,\n"
        "                  factor=500, time=4000)\n"
        "    cards.put_answer(card, review)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False)
    assert done.returncode == -9
    with open_cards(tmp_path) as cards:
        reviews, _ = cards.reviews()
        assert 1_795_000_000_000 in reviews["id"]
        assert cards.card(1000)["due"] == 77


def test_a_card_and_its_answer_are_written_together_or_not_at_all(tmp_path: Path) -> None:
    with open_cards(tmp_path, make=True) as cards:
        join(cards, small_deck(), MEDIA.__getitem__)
        before = everything(tmp_path)
        review = {"id": 5, "cid": 4, "ease": 3, "type": 1}
        review |= {"ivl": 9, "lastIvl": 5, "factor": 500, "time": 4000}
        with pytest.raises(KeyError):
            cards.put_answer(cards.card(1000) | {"id": 4}, review)
        assert everything(tmp_path) == before


def test_a_file_of_a_newer_version_is_left_as_it_is(tmp_path: Path) -> None:
    with open_cards(tmp_path, make=True):
        pass
    connection = sqlite3.connect(tmp_path / FILE)
    connection.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    connection.close()
    with pytest.raises(QuestionError, match="Update Bounceback"), open_cards(tmp_path):
        pass


def test_a_file_that_is_no_collection_is_named_and_left(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"something else altogether" * 100)
    with pytest.raises(QuestionError, match="backup"), open_cards(tmp_path):
        pass
    assert (tmp_path / FILE).read_bytes() == b"something else altogether" * 100


def test_settled_labels_are_kept_by_exam_and_can_be_taken_back(tmp_path: Path) -> None:
    with open_cards(tmp_path, make=True) as cards:
        cards.settle("usmle-step-1", {"mine": "Cardiovascular System", "b": "Immune System"})
        cards.settle("usmle-step-1", {"b": ""})
        assert cards.settled("usmle-step-1") == {"mine": "Cardiovascular System"}
        assert cards.settled("usmle-step-3") == {}


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


def test_deleted_cards_leave_nothing_and_whoever_has_them_open_writes_nothing(
    tmp_path: Path,
) -> None:
    with open_cards(tmp_path, make=True) as first:
        join(first, small_deck(), MEDIA.__getitem__)
    with open_cards(tmp_path) as cards:
        delete_cards(tmp_path)
        assert left_in(tmp_path) == []
        with pytest.raises(CardsGone, match="deleted meanwhile"):
            join(cards, small_deck(guid="late"), MEDIA.__getitem__)
        with pytest.raises(CardsGone):
            cards.put_card(cards.card(1000) | {"due": 77})
    assert left_in(tmp_path) == []


def test_cards_begun_anew_after_a_deletion_are_not_touched_by_who_has_the_old_ones_open(
    tmp_path: Path,
) -> None:
    with open_cards(tmp_path, make=True) as old:
        join(old, small_deck(), MEDIA.__getitem__)
        delete_cards(tmp_path)
        with open_cards(tmp_path, make=True) as anew:
            join(anew, small_deck(notes=1), MEDIA.__getitem__)
            with pytest.raises(CardsGone):
                join(old, small_deck(guid="late"), MEDIA.__getitem__)
    with open_cards(tmp_path) as cards:
        assert cards.count() == 1
        assert cards.media.has(cards_media_sha1(cards))


def cards_media_sha1(cards) -> str:
    (file,) = cards.kept().package.media
    return file.sha1


def test_a_deletion_waits_for_what_is_being_written_and_says_so_if_that_takes_too_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_cards(tmp_path, make=True) as cards:
        join(cards, small_deck(), MEDIA.__getitem__)
    before = everything(tmp_path)
    monkeypatch.setattr(cards_on_disk, "_WAIT_S", 0.0)
    with open_cards(tmp_path) as cards, cards.turn(), pytest.raises(CardsBusy):
        delete_cards(tmp_path)
    assert everything(tmp_path) == before


def test_a_first_import_that_was_refused_leaves_nothing_and_a_later_one_takes_nothing_away(
    tmp_path: Path,
) -> None:
    class Refused(Exception):
        pass

    def refuse(cards) -> None:
        cards.remember("zone", "UTC")
        raise Refused

    with pytest.raises(Refused), open_cards(tmp_path, make=True) as cards:
        refuse(cards)
    assert left_in(tmp_path) == []
    with open_cards(tmp_path, make=True) as cards:
        join(cards, small_deck(), MEDIA.__getitem__)
    with pytest.raises(Refused), open_cards(tmp_path, make=True):
        raise Refused
    with open_cards(tmp_path) as cards:
        assert cards.count() == 3
