"""Small packages for the tests: made by our own writer, or by hand where they must be odd."""

import hashlib
import io
import json
import sqlite3
import zipfile
from pathlib import Path

import numpy as np

from bounceback.flashcards.anki.models import (
    Deck,
    MediaFile,
    Note,
    NoteType,
    Package,
    Template,
    card_dtype,
    review_dtype,
)

FIXTURES = Path(__file__).parent / "fixtures"
CREATED_S = 1_767_225_600  # 2026-01-01 00:00 UTC
DAY_MS = 86_400_000
PICTURE = b"\x89PNG invented"

BASIC = NoteType(
    id=11,
    name="Basic",
    cloze=False,
    fields=("Front", "Back"),
    templates=(Template("Card 1", "{{Front}}", "{{FrontSide}}<hr id=answer>{{Back}}"),),
)
CLOZE = NoteType(
    id=12,
    name="Cloze",
    cloze=True,
    fields=("Text", "Extra"),
    templates=(Template("Cloze", "{{cloze:Text}}", "{{cloze:Text}}<br>{{Extra}}"),),
)


def small_deck(notes=3, reviews_each=2, guid="note", created_s=CREATED_S, card_from=1000):
    """A deck of basic notes, each with one card that has been answered."""
    cards = np.zeros(notes, card_dtype())
    cards["id"] = card_from + np.arange(notes)
    cards["note_id"] = 100 + np.arange(notes)
    cards["deck_id"] = 21
    cards["type"] = cards["queue"] = 2
    cards["due"], cards["interval_days"] = 40, 5
    cards["modified_s"] = created_s + 1
    for name in ("stability", "difficulty", "desired_retention", "decay"):
        cards[name] = np.nan
    log = np.zeros(notes * reviews_each, review_dtype())
    log["cid"] = np.tile(cards["id"], reviews_each)
    log["id"] = created_s * 1000 + np.arange(len(log)) * (DAY_MS // max(notes, 1)) + 1
    log["ease"], log["type"], log["ivl"], log["time"] = 3, 1, 5, 9000
    log["type"][:notes] = 0
    return Package(
        generation="legacy-1",
        created_s=created_s,
        creation_minutes_west=0,
        note_types=(BASIC, CLOZE),
        decks=(Deck(id=1, name="Default"), Deck(id=21, name="Step::Cardio")),
        notes=tuple(
            Note(
                id=100 + at,
                guid=f"{guid}{at}",
                note_type_id=11,
                fields=(f'question {at} <img src="heart.png">', "answer"),
                tags=("a::b", "c"),
                modified_s=created_s,
            )
            for at in range(notes)
        ),
        cards=cards,
        reviews=log,
        media=(MediaFile("heart.png", hashlib.sha1(PICTURE).hexdigest(), len(PICTURE)),),
    )


MEDIA = {"heart.png": PICTURE}


def unzip(path):
    """Return the entries of a zip, by name."""
    with zipfile.ZipFile(path) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def zipped(path, entries, method=zipfile.ZIP_DEFLATED):
    """Write a zip of entries, given as a dictionary or as pairs (which may repeat a name)."""
    pairs = entries.items() if isinstance(entries, dict) else entries
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in pairs:
            archive.writestr(name, content)
    return path


def changed_collection(path, target, *statements):
    """Copy a legacy-1 package with SQL carried out on its collection."""
    entries = unzip(path)
    connection = sqlite3.connect(":memory:")
    connection.deserialize(entries["collection.anki2"])
    for statement in statements:
        connection.execute(*statement) if isinstance(statement, tuple) else connection.execute(
            statement
        )
    connection.commit()
    entries["collection.anki2"] = connection.serialize()
    connection.close()
    return zipped(target, entries)


def changed_json(path, target, column, change):
    """Copy a legacy-1 package with one JSON text of ``col`` changed in place."""
    connection = sqlite3.connect(":memory:")
    connection.deserialize(unzip(path)["collection.anki2"])
    value = json.loads(connection.execute(f"SELECT {column} FROM col").fetchone()[0])
    connection.close()
    change(value)
    return changed_collection(path, target, (f"UPDATE col SET {column} = ?", (json.dumps(value),)))


def bytes_of_zip(entries):
    """Return a zip of entries as bytes."""
    buffer = io.BytesIO()
    zipped(buffer, entries)
    return buffer.getvalue()
