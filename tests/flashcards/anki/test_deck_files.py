"""Decks in other files: a zip with one package, JSON of CrowdAnki; what is no deck is named."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from bounceback.errors import UntrustedInputError
from bounceback.flashcards import anki
from bounceback.flashcards.anki.crowdanki import read_crowdanki
from bounceback.flashcards.anki.deck_files import crowdanki_deck, unpacked_deck
from bounceback.flashcards.anki.import_merge import merge, nothing_kept

NOW = 1_790_000_000
FIXTURES = Path(__file__).parent / "fixtures"
DECK = {
    "__type__": "Deck",
    "name": "Renal",
    "children": [
        {
            "__type__": "Deck",
            "name": "Drugs",
            "notes": [
                {
                    "fields": ["{{c1::a}} {{c2::b}}", ""],
                    "guid": "g2",
                    "note_model_uuid": "u2",
                    "tags": ["t"],
                }
            ],
        }
    ],
    "note_models": [
        {
            "crowdanki_uuid": "u1",
            "name": "Both ways",
            "type": 0,
            "flds": [{"name": "Front"}, {"name": "Back"}],
            "tmpls": [
                {"name": "1", "qfmt": "{{Front}}", "afmt": "{{Back}}"},
                {"name": "2", "qfmt": "{{#Back}}{{Back}}{{/Back}}", "afmt": "{{Front}}"},
            ],
        },
        {
            "crowdanki_uuid": "u2",
            "name": "Gaps",
            "type": 1,
            "flds": [{"name": "Text"}, {"name": "Extra"}],
            "tmpls": [{"name": "1", "qfmt": "{{cloze:Text}}", "afmt": "{{cloze:Text}}"}],
        },
    ],
    "notes": [
        {"fields": ["ask", "tell"], "guid": "g1", "note_model_uuid": "u1", "tags": []},
        {"fields": ["ask", ""], "guid": "g3", "note_model_uuid": "u1", "tags": []},
        {"fields": ["ask", ""], "guid": "g4", "note_model_uuid": "gone", "tags": []},
    ],
}  # fmt: skip


def test_a_crowdanki_deck_makes_the_cards_that_anki_would_make() -> None:
    package, skipped = read_crowdanki(DECK, NOW)
    assert [note.guid for note in package.notes] == ["g1", "g3", "g2"]
    assert package.cards["template"].tolist() == [0, 1, 0, 0, 1]
    assert {deck.name for deck in package.decks} == {"Renal", "Renal::Drugs"}
    assert [one.what for one in skipped] == ["note 3"]
    again = merge(merge(nothing_kept(), package).kept, read_crowdanki(DECK, NOW + 9)[0])
    assert (again.notes_added, again.cards_added) == (0, 0)


def test_json_that_is_no_deck_is_named(tmp_path: Path) -> None:
    path = tmp_path / "deck.json"
    path.write_text(json.dumps(DECK))
    assert crowdanki_deck(path, NOW) is not None
    path.write_text('{"a": 1}')
    with pytest.raises(UntrustedInputError, match="JSON"):
        crowdanki_deck(path, NOW)
    path.write_text("front,back")
    assert crowdanki_deck(path, NOW) is None


def test_a_zip_with_one_package_is_read(tmp_path: Path) -> None:
    package = FIXTURES / "note-type-before.apkg"
    path = tmp_path / "deck.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(package, "My deck/deck.apkg")
        archive.writestr("__MACOSX/._deck.apkg", b"x")
        archive.writestr("readme.md", b"x")
    assert anki.inspect(path).cards == anki.inspect(package).cards == 1
    with zipfile.ZipFile(path, "a") as archive:
        archive.write(package, "other.apkg")
    with pytest.raises(UntrustedInputError, match="2 decks"), unpacked_deck(path):
        pass


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"<!DOCTYPE html><html>", "web page"),
        (b"%PDF-1.7", "PDF"),
        (b"\x89PNG\r\n", "picture"),
        (b"\x1f\x8b\x08", "compressed"),
    ],
)
def test_what_is_no_deck_is_named_with_the_cure(tmp_path: Path, content: bytes, named: str) -> None:
    path = tmp_path / "deck.apkg"
    path.write_bytes(content + b"\0" * 50)
    with pytest.raises(UntrustedInputError, match=named):
        anki.read(path)


def test_a_note_type_that_grew_shows_its_new_card_and_wording() -> None:
    from bounceback.flashcards.anki.card_rendering import faces

    before, grown = (anki.read(FIXTURES / f"note-type-{name}.apkg") for name in ("before", "grown"))
    merged = merge(merge(nothing_kept(), before).kept, grown)
    package = merged.kept.package
    (note,) = package.notes
    kinds = {kind.id: kind for kind in package.note_types}
    fronts = [
        faces(kinds[note.note_type_id], note, t).front for t in package.cards["template"].tolist()
    ]
    assert fronts == ["<b>Question:</b> Where is renin made?", "Juxtaglomerular cells"]
    assert merged.skipped == ()
    # The older copy again: nothing shrinks, nothing is added.
    back = merge(merged.kept, before)
    assert (back.cards_added, len(back.kept.package.cards)) == (0, 2)
    assert back.kept.package.note_types == package.note_types


def test_a_card_that_no_template_shows_is_left_out_and_listed() -> None:
    from dataclasses import replace

    before, grown = (anki.read(FIXTURES / f"note-type-{name}.apkg") for name in ("before", "grown"))
    # Another type under the same id: its fields have other names, so the two cannot be one.
    other = tuple(replace(k, fields=tuple(f"{f} 2" for f in k.fields)) for k in grown.note_types)
    merged = merge(merge(nothing_kept(), before).kept, replace(grown, note_types=other))
    assert (merged.cards_added, len(merged.kept.package.cards)) == (0, 1)
    assert len(merged.skipped) == 1
