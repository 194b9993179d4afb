"""Decks that the add-on CrowdAnki exports as JSON: notes, note types and sub-decks, no schedules.

Facts of the format: a deck is an object with ``__type__`` "Deck", its ``notes``, its ``children``
(decks again) and, at the top, ``note_models`` in the shape of Anki's schema 11 with a
``crowdanki_uuid`` each. Media lie beside the file and are not read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, Final

from bounceback.flashcards.anki import cloze
from bounceback.flashcards.anki.card_rendering import faces
from bounceback.flashcards.anki.limits import DEFAULT, Limits, refuse
from bounceback.flashcards.anki.models import (
    DECK_SEPARATOR,
    Deck,
    Note,
    NoteType,
    Package,
    Skipped,
    Template,
    card_dtype,
    review_dtype,
)

_CLOZE_KIND: Final = 1
_DEPTH_MAX: Final = 20
_FIELDS_MAX: Final = 100
_FAULTS: Final = (KeyError, TypeError, ValueError, AttributeError)


def is_crowdanki(value: object) -> bool:
    """Whether parsed JSON is a deck of CrowdAnki."""
    return isinstance(value, dict) and value.get("__type__") == "Deck"


def read_crowdanki(
    value: Mapping[str, Any], created_s: int, limits: Limits = DEFAULT
) -> tuple[Package, tuple[Skipped, ...]]:
    """Return the package that a CrowdAnki deck describes, and what was left out.

    Args:
        value: The parsed JSON.
        created_s: Now, seconds since 1970 UTC: day 0, and time of change of the notes.
        limits: Caps.

    Raises:
        UntrustedInputError: It holds more notes than the cap.
    """
    import numpy as np

    skipped: list[Skipped] = []
    kinds = _note_types(value, skipped)
    identity = created_s * 1000
    decks: dict[str, Deck] = {}
    notes: dict[str, Note] = {}
    rows: list[tuple[int, int, int]] = []
    for number, (deck_name, entry) in enumerate(_notes_of(value, "", 0), start=1):
        if number > limits.notes:
            raise refuse(
                f"it holds more than {limits.notes:,} notes",
                f"{limits.notes:,} (safety cap)",
                "Split the deck.",
            )
        what = f"note {number}"
        try:
            guid, kind, fields, tags = _note(entry, kinds)
        except _FAULTS:
            skipped.append(Skipped(what, "its fields or its note type can't be read"))
            continue
        if guid in notes:
            skipped.append(Skipped(what, "another note has the same id"))
            continue
        note = Note(
            id=identity + len(notes),
            guid=guid,
            note_type_id=kind.id,
            fields=fields,
            tags=tags,
            modified_s=created_s,
        )
        made = templates_with_a_front(kind, note)
        if not made:
            skipped.append(Skipped(what, "it makes no card: its question is empty"))
            continue
        if deck_name not in decks:
            decks[deck_name] = Deck(id=identity + 1_000_000_000 + len(decks), name=deck_name)
        notes[guid] = note
        rows.extend((note.id, decks[deck_name].id, template) for template in made)
    cards = np.zeros(len(rows), card_dtype())
    for at, (note_id, deck_id, template) in enumerate(rows):
        cards[at]["id"], cards[at]["note_id"] = identity + at, note_id
        cards[at]["deck_id"], cards[at]["template"] = deck_id, template
        cards[at]["due"], cards[at]["modified_s"] = at + 1, created_s
    for name in ("stability", "difficulty", "desired_retention", "decay"):
        cards[name] = np.nan
    package = Package(
        generation="legacy-1",
        created_s=created_s,
        note_types=tuple(kinds.values()),
        decks=tuple(decks.values()),
        notes=tuple(notes.values()),
        cards=cards,
        reviews=np.zeros(0, review_dtype()),
        skipped=tuple(skipped),
    )
    return package, tuple(skipped)


def templates_with_a_front(kind: NoteType, note: Note) -> list[int]:
    """Return the cards that Anki would make of a note, counted from 0."""
    if kind.cloze:
        return sorted({n - 1 for text in note.fields for n in cloze.gaps(text)})
    empty = Note(id=0, guid="", note_type_id=kind.id, fields=("",) * len(kind.fields))
    return [
        at
        for at in range(len(kind.templates))
        if faces(kind, note, at).front.strip() != faces(kind, empty, at).front.strip()
    ]


def _note_types(value: Mapping[str, Any], skipped: list[Skipped]) -> dict[str, NoteType]:
    found: dict[str, NoteType] = {}
    models = value.get("note_models")
    for number, model in enumerate(models if isinstance(models, list) else (), start=1):
        try:
            uuid = str(model["crowdanki_uuid"])
            found[uuid] = NoteType(
                id=_identity(uuid),
                name=str(model["name"]),
                cloze=model.get("type", 0) == _CLOZE_KIND,
                fields=tuple(str(one["name"]) for one in model["flds"][:_FIELDS_MAX]),
                templates=tuple(
                    Template(str(one["name"]), str(one["qfmt"]), str(one["afmt"]))
                    for one in model["tmpls"][:_FIELDS_MAX]
                ),
                css=str(model.get("css", "")),
            )
        except _FAULTS:
            skipped.append(Skipped(f"note type {number}", "it can't be read"))
    return found


def _identity(uuid: str) -> int:
    """Return the same id for the same note type on every import."""
    digest = hashlib.sha1(uuid.encode(), usedforsecurity=False).hexdigest()
    return 1_600_000_000_000 + int(digest[:9], 16)


def _notes_of(
    deck: Mapping[str, Any], above: str, depth: int
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every note with the full name of its deck."""
    own = str(deck.get("name") or "Imported")[:300]
    name = f"{above}{DECK_SEPARATOR}{own}" if above and DECK_SEPARATOR not in own else own
    notes = deck.get("notes")
    for note in notes if isinstance(notes, list) else ():
        yield name, note
    children = deck.get("children")
    if depth < _DEPTH_MAX and isinstance(children, list):
        for child in children:
            if isinstance(child, dict):
                yield from _notes_of(child, name, depth + 1)


def _note(
    entry: Mapping[str, Any], kinds: Mapping[str, NoteType]
) -> tuple[str, NoteType, tuple[str, ...], tuple[str, ...]]:
    kind = kinds[str(entry["note_model_uuid"])]
    given = [str(one) for one in entry["fields"]]
    width = len(kind.fields)
    fields = tuple([*given, *[""] * width][:width])
    if not entry["guid"] or not fields:
        raise ValueError("no guid or no fields")
    tags = tuple(str(tag) for tag in entry.get("tags") or () if str(tag).strip())
    return str(entry["guid"]), kind, fields, tags
