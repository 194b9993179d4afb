"""Strangers' files: each is read, or refused with a reason; nothing else happens."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from builders import (
    FIXTURES,
    MEDIA,
    PICTURE,
    changed_collection,
    changed_json,
    small_deck,
    unzip,
    zipped,
)

from bounceback.errors import UntrustedInputError
from bounceback.flashcards import anki
from bounceback.flashcards.anki.limits import Limits
from bounceback.flashcards.anki.media import unsafe_name

pytestmark = pytest.mark.filterwarnings("ignore:Duplicate name")


@pytest.fixture
def good(tmp_path):
    path = tmp_path / "good.apkg"
    anki.write(small_deck(), path, MEDIA)
    return path


@pytest.fixture
def odd(tmp_path):
    return tmp_path / "odd.apkg"


def refused(path, why, limits=None):
    with pytest.raises(UntrustedInputError, match=why) as caught:
        anki.read(path, limits or Limits())
    assert "Nothing was kept" in str(caught.value)


def skipped(path):
    return {one.what: one.why for one in anki.read(path).skipped}


def test_five_hundred_damaged_packages_crash_nothing_and_leave_nothing():
    done = subprocess.run(
        [sys.executable, str(Path(__file__).parent / "mutate.py"), "--count", "500", "--seed", "7"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    counts = json.loads(done.stdout)
    assert counts["answered"] + counts["refused"] == 500
    assert counts["answered"] > 50
    assert counts["refused"] > 50


@pytest.mark.parametrize("content", [b"", b"PK", b"no zip at all", b"\0" * 10_000])
def test_what_is_no_zip_is_refused(odd, content):
    odd.write_bytes(content)
    refused(odd, "no zip file")


@pytest.mark.parametrize("cut", [10, 1000, 30_000, 70_000])
def test_a_file_cut_short_is_refused(odd, cut):
    odd.write_bytes((FIXTURES / "utc-latest.apkg").read_bytes()[:-cut])
    refused(odd, "no zip file")


def test_the_stand_in_for_old_programs_is_not_taken_for_the_deck(odd):
    entries = unzip(FIXTURES / "utc-latest.apkg")
    zipped(odd, {"collection.anki2": entries["collection.anki2"], "media": b"{}"})
    refused(odd, "stand-in")


def test_a_newer_package_version_is_refused_by_name(odd):
    entries = unzip(FIXTURES / "utc-latest.apkg")
    zipped(odd, entries | {"meta": b"\x08\x04"})
    refused(odd, "version 4")


def test_a_new_package_without_its_mark_is_still_told_from_the_stand_in(odd):
    entries = unzip(FIXTURES / "utc-latest.apkg")
    del entries["meta"]
    found = anki.read(zipped(odd, entries))
    assert found.generation == "latest"
    assert len(found.notes) > 1
    assert "no version mark" in found.warnings[0]


def test_a_collection_package_without_a_media_list_is_accepted(good, odd):
    entries = unzip(good)
    del entries["media"]
    found = anki.read(zipped(odd, entries))
    assert found.media == ()
    assert len(found.notes) == 3
    assert "no media list" in found.warnings[0]


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER t AFTER INSERT ON notes BEGIN DELETE FROM notes; END",
        "CREATE VIEW v AS SELECT * FROM notes",
        "CREATE TABLE g (a, b AS (a || a))",
        "CREATE VIRTUAL TABLE f USING fts5(x)",
    ],
)
def test_a_database_that_acts_by_itself_is_refused(good, odd, statement):
    changed_collection(good, odd, statement)
    refused(odd, "trigger|view|computes|virtual")


def test_a_view_in_the_place_of_a_table_never_runs(good, odd):
    changed_collection(
        good,
        odd,
        "ALTER TABLE notes RENAME TO other",
        "CREATE VIEW notes AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n)"
        " SELECT x AS id FROM n",
    )
    refused(odd, "view")


def test_work_beyond_what_the_size_explains_is_stopped(odd):
    anki.write(small_deck(500, 10), odd, MEDIA)
    refused(odd, "more work", Limits(database_steps=0, database_steps_per_byte=0))


def test_a_bomb_of_a_database_is_stopped_by_its_ratio_and_its_size(good, odd):
    zipped(odd, unzip(good) | {"collection.anki2": b"\0" * (20 << 20)})
    refused(odd, "times its packed size")
    refused(odd, "more than 1,000 bytes", Limits(database_bytes=1000))


def test_a_bomb_in_zstandard_is_stopped(odd):
    import zstandard

    entries = unzip(FIXTURES / "utc-latest.apkg")
    bomb = zstandard.ZstdCompressor(19).compress(b"\0" * (64 << 20))
    assert len(bomb) < 10_000
    zipped(odd, entries | {"collection.anki21b": bomb})
    refused(odd, "times its packed size")


def test_a_window_larger_than_the_cap_is_not_allocated(odd):
    import zstandard

    entries = unzip(FIXTURES / "utc-latest.apkg")
    parameters = zstandard.ZstdCompressionParameters(window_log=27)
    writer = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    wide = writer.compress(b"x" * 1000) + writer.flush()
    zipped(odd, entries | {"collection.anki21b": wide})
    with pytest.raises(UntrustedInputError, match="cannot be unpacked"):
        anki.read(odd, Limits(zstd_window_bytes=1 << 20))


def test_too_many_entries_and_a_huge_list_of_contents_are_refused(odd):
    zipped(odd, {str(at): b"" for at in range(2000)})
    refused(odd, "2,000 entries", Limits(entries=1000))
    refused(odd, "list of contents", Limits(directory_bytes=1 << 16))


def test_two_collections_of_one_name_are_refused(good, odd):
    zipped(odd, [*unzip(good).items(), ("collection.anki2", b"another")])
    refused(odd, "two entries named collection.anki2")


def test_too_many_rows_are_refused(good):
    refused(good, "rows in notes", Limits(notes=2))
    refused(good, "rows in cards", Limits(cards=2))
    refused(good, "rows in revlog", Limits(reviews=2))


def test_long_notes_tags_and_settings_are_refused_or_left_out(good, odd):
    refused(good, "notes take more", Limits(notes_bytes=20))
    changed_collection(good, odd, ("UPDATE notes SET tags = ? WHERE id = 100", (" t" * 60_000,)))
    assert skipped(odd) == {"tags of note 100": "they take 120,000 characters"}
    refused(FIXTURES / "utc-latest.apkg", "settings take", Limits(settings_rows=5))
    refused(FIXTURES / "utc-latest.apkg", "settings take", Limits(settings_bytes=500))


def test_deep_json_is_refused_before_it_is_parsed(good, odd):
    changed_collection(
        good, odd, ("UPDATE col SET models = ?", ('{"a":' * 5000 + "1" + "}" * 5000,))
    )
    found = anki.read(odd)
    assert found.notes == ()
    assert any("deeper" in one for one in found.warnings)


@pytest.mark.parametrize(
    "name",
    [
        "../up",
        "/root",
        "a/b",
        "a\\b",
        "C:x",
        "nul.png",
        "CON",
        "a\0b",
        "",
        "..",
        ".",
        "x" * 256,
        "a\nb",
    ],
)
def test_a_media_name_that_is_more_than_a_name_is_skipped(good, odd, name):
    assert unsafe_name(name)
    zipped(odd, unzip(good) | {"media": json.dumps({"0": name}).encode()})
    assert [one.what for one in anki.read(odd).skipped] == [f"media {name!r}"]


def test_media_that_are_missing_doubled_or_changed_are_skipped_with_the_reason(odd, good):
    entries = unzip(good)
    listed = {"0": "heart.png", "1": "gone.png", "5": "heart.png"}
    zipped(odd, entries | {"5": b"other", "media": json.dumps(listed).encode()})
    found = anki.read(odd)
    assert [one.name for one in found.media] == ["heart.png"]
    assert {one.why for one in found.skipped} == {
        "the package lists it and does not hold it",
        "another file of the package has the same name",
    }


def test_media_whose_content_is_not_the_listed_one_are_skipped(odd):
    import zstandard

    entries = unzip(FIXTURES / "utc-latest.apkg")
    entries["0"] = zstandard.ZstdCompressor().compress(b"swapped")
    found = anki.read(zipped(odd, entries, zipfile.ZIP_STORED))
    assert [one.why for one in found.skipped] == ["its content differs from the listed SHA-1"]


def test_a_media_file_over_its_cap_is_refused(good):
    refused(good, "unpacks to more than 5 bytes", Limits(media_file_bytes=5))


def test_media_content_is_read_by_name(good):
    with anki.open_package(good) as opened:
        assert opened.media_content("heart.png") == PICTURE
        with pytest.raises(KeyError):
            opened.media_content("../heart.png")


@pytest.mark.parametrize(
    ("statement", "what", "why"),
    [
        ("UPDATE cards SET nid = 5 WHERE id = 1001", "card 1001", "its note is not in the package"),
        ("UPDATE cards SET ord = 7 WHERE id = 1001", "card 1001", "its template 7"),
        ("UPDATE cards SET due = 'x' WHERE id = 1001", "card 1001", "its due is 'x'"),
        ("UPDATE cards SET type = 9 WHERE id = 1001", "card 1001", "its type is '9'"),
        ("UPDATE notes SET mid = 5 WHERE id = 101", "note 101", "its note type is not"),
        ("UPDATE notes SET guid = '' WHERE id = 101", "note 101", "it has no guid"),
        ("UPDATE notes SET guid = 'note0' WHERE id = 101", "note 101", "another note has"),
        ("UPDATE notes SET flds = x'00' WHERE id = 101", "note 101", "its fields are no text"),
        ("UPDATE revlog SET ease = 'x' WHERE cid = 1001", "review", "it holds 'x'"),
        ("UPDATE revlog SET ease = 9 WHERE cid = 1001", "review", "it has ease 9"),
        ("UPDATE revlog SET ivl = 1e300 WHERE cid = 1001", "review", "it holds"),
        (f"UPDATE revlog SET id = {2**60} + id WHERE cid = 1001", "review", "2000 to 2049"),
    ],
)
def test_one_bad_row_is_listed_and_skipped_and_the_rest_is_read(good, odd, statement, what, why):
    changed_collection(good, odd, statement)
    found = anki.read(odd)
    assert any(one.what.startswith(what) and why in one.why for one in found.skipped)
    assert len(found.notes) >= 2
    assert len(found.cards) >= 2
    assert len(found.reviews) >= 4


@pytest.mark.parametrize(
    "name",
    ["utc-latest.colpkg", "utc-legacy2.apkg", "new-york-latest.apkg", "genanki-legacy1.apkg"],
)
def test_cards_are_the_same_read_by_column_and_row_by_row(name, monkeypatch):
    by_column = anki.read(FIXTURES / name).cards
    monkeypatch.setattr("bounceback.flashcards.anki.collection._plain_cards", lambda *_: None)
    by_row = anki.read(FIXTURES / name).cards
    assert len(by_column) > 0
    assert by_column.tobytes() == by_row.tobytes()


def test_a_moment_beyond_any_calendar_stops_no_inspection(good, odd):
    changed_collection(good, odd, f"UPDATE revlog SET id = {2**60} + id WHERE cid = 1001")
    states = {state.note_guid: state for state in anki.inspect(odd, 4, "UTC").states}
    assert states["note1"].stability is None
    assert states["note0"].stability is not None


def test_a_note_with_fewer_or_more_fields_than_its_type_is_kept_with_a_warning(good, odd):
    changed_collection(
        good,
        odd,
        ("UPDATE notes SET flds = 'one' WHERE id = 100",),
        ("UPDATE notes SET flds = ? WHERE id = 101", ("a\x1fb\x1fc",)),
    )
    found = anki.read(odd)
    assert [note.fields for note in found.notes[:2]] == [("one", ""), ("a", "b c")]
    assert len(found.warnings) == 2


def test_a_broken_deck_or_note_type_loses_itself_and_what_hangs_on_it(good, odd):
    def spoil(models):
        models["12"]["flds"] = 5

    found = anki.read(changed_json(good, odd, "models", spoil))
    assert [one.what for one in found.skipped] == ["note type 12"]
    assert len(found.notes) == 3


def test_weights_of_another_algorithm_are_named_and_the_defaults_used(good, odd):
    def newer(options):
        for one in options.values():
            one["fsrsParams6"] = [0.5] * 34

    changed_json(good, odd, "dconf", newer)
    whole, found = anki.read(odd), anki.inspect(odd, 4, "UTC")
    assert found.warnings == whole.warnings
    assert "34 weights are FSRS-7" in found.warnings[0]
    assert found.states == anki.inspect(good, 4, "UTC").states


def test_text_that_is_no_utf8_is_shown_as_such_and_kept(good, odd):
    changed_collection(
        good, odd, "UPDATE notes SET flds = CAST(x'61ff1f62' AS TEXT) WHERE id = 100"
    )
    assert anki.read(odd).notes[0].fields == ("a\ufffd", "b")


def test_a_schema_in_mid_upgrade_is_refused(good, odd):
    changed_collection(good, odd, "UPDATE col SET ver = 15")
    refused(odd, "schema 15")


def test_a_number_as_first_field_is_text(good, odd):
    changed_collection(good, odd, "UPDATE notes SET flds = 42, sfld = 42 WHERE id = 100")
    assert anki.read(odd).notes[0].fields == ("42", "")


def test_a_negative_and_a_far_due_day_do_no_harm(good, odd):
    changed_collection(
        good,
        odd,
        "UPDATE cards SET due = -30 WHERE id = 1000",
        "UPDATE cards SET due = 9000000000000 WHERE id = 1001",
    )
    states = anki.inspect(odd, 4, "UTC").states
    assert states[0].due.isoformat() == "2025-12-02"
    assert states[1].due is None


def test_an_empty_deck_is_a_deck(tmp_path):
    path = tmp_path / "empty.apkg"
    anki.write(small_deck(0), path, MEDIA)
    found = anki.inspect(path, 4, "UTC")
    assert (found.notes, found.cards, found.reviews, found.states) == (0, 0, 0, ())


def test_the_temporary_copy_is_gone_after_a_refusal(good, odd, tmp_path, monkeypatch):
    import tempfile

    room = tmp_path / "room"
    room.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(room))
    changed_collection(good, odd, "CREATE VIEW v AS SELECT 1")
    refused(odd, "view")
    anki.read(good)
    assert list(room.iterdir()) == []


@pytest.mark.parametrize(
    "values",
    [
        (-600, -(2**31), 0, 2**26 - 1),
        (2**31 - 1, 2**31 - 1, 2**31 - 1, 0),
        (-(2**31), -1, -(2**31), 60_000),
        (1, 2, 3, 2**31 - 1),  # a time too long for the fast way
    ],
)
def test_reviews_keep_every_digit_at_the_ends_of_their_ranges(tmp_path, values):
    deck = small_deck(3, 3)
    for column, value in zip(("ivl", "lastIvl", "factor", "time"), values, strict=True):
        deck.reviews[column][4] = value
    path = tmp_path / "ends.apkg"
    anki.write(deck, path, MEDIA)
    assert anki.read(path).reviews.tolist() == deck.reviews.tolist()
