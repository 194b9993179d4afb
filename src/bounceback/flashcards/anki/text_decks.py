"""Decks as text: one note a line, in the plain format that Anki's own text import reads.

A file may begin with lines like ``#separator:tab``, ``#html:true``, ``#deck:Name``,
``#tags column:3``, ``#deck column:2``, ``#guid column:1`` (Anki manual, Importing text files).
Without them the separator is what splits the first line most, and the text is plain.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections import Counter
from dataclasses import dataclass, field
from html import escape
from typing import Any, Final

from bounceback.flashcards.anki import cloze
from bounceback.flashcards.anki.limits import DEFAULT, Limits, refuse
from bounceback.flashcards.anki.models import (
    Deck,
    Note,
    NoteType,
    Package,
    Skipped,
    Template,
    card_dtype,
    review_dtype,
)

_SEPARATORS: Final = {
    "tab": "\t",
    "comma": ",",
    "semicolon": ";",
    "pipe": "|",
    "colon": ":",
    "space": " ",
}
_SNIFFED: Final = ("\t", ";", "|", ",")
_HEADER: Final = re.compile(r"#\s*([a-z ]{1,30})\s*:\s*(.{0,200})$")
_COLUMNS: Final = ("guid column", "deck column", "tags column", "notetype column")

BASIC: Final = NoteType(
    id=1_700_000_000_001,
    name="Bounceback Basic",
    cloze=False,
    fields=("Front", "Back"),
    templates=(Template("Card 1", "{{Front}}", "{{FrontSide}}<hr id=answer>{{Back}}"),),
)
"""Type of plain notes made here. Its id never changes, so that notes meet again on import."""

CLOZE: Final = NoteType(
    id=1_700_000_000_002,
    name="Bounceback Cloze",
    cloze=True,
    fields=("Text", "Extra"),
    templates=(Template("Cloze", "{{cloze:Text}}", "{{cloze:Text}}<br>{{Extra}}"),),
)
"""Type of cloze notes made here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNote:
    """A note to be made: two sides, or one text with gaps and what is said beside it.

    Attributes:
        front: HTML; with cloze gaps it makes a cloze note, one card a gap.
        back: HTML.
        deck: Full name of the deck.
        guid: The same guid makes the same note on every import; without it, one is made from deck
            and front.
    """

    front: str
    back: str = ""
    deck: str = "Bounceback"
    tags: tuple[str, ...] = ()
    guid: str | None = None


def package_of(notes: list[NewNote], created_s: int, first_id: int | None = None) -> Package:
    """Make a package of new cards, ready for ``write`` or ``merge``.

    Args:
        notes: What to make; a guid that comes twice makes one note.
        created_s: Now, seconds since 1970 UTC: day 0 and time of change of the notes.
        first_id: First id of notes and cards; without it, ``created_s`` in milliseconds, as Anki
            gives ids.
    """
    import numpy as np

    identity = created_s * 1000 if first_id is None else first_id
    decks: dict[str, Deck] = {}
    made: dict[str, Note] = {}
    rows: list[tuple[int, int, int, int]] = []
    for new in notes:
        guid = new.guid or _guid(new.deck, new.front)
        if guid in made:
            continue
        name = new.deck or "Default"
        if name not in decks:
            decks[name] = Deck(id=identity + 1_000_000_000 + len(decks), name=name)
        numbers = cloze.gaps(new.front)
        kind = CLOZE if numbers else BASIC
        note_id = identity + len(made)
        made[guid] = Note(
            id=note_id,
            guid=guid,
            note_type_id=kind.id,
            fields=(new.front, new.back),
            tags=new.tags,
            modified_s=created_s,
        )
        for number in numbers or (1,):
            rows.append((identity + len(rows), note_id, decks[name].id, number - 1))
    cards = np.zeros(len(rows), card_dtype())
    for at, (card, note_id, deck, template) in enumerate(rows):
        cards[at]["id"], cards[at]["note_id"] = card, note_id
        cards[at]["deck_id"], cards[at]["template"] = deck, template
        cards[at]["due"], cards[at]["modified_s"] = at + 1, created_s
    for name in ("stability", "difficulty", "desired_retention", "decay"):
        cards[name] = np.nan
    return Package(
        generation="legacy-1",
        created_s=created_s,
        note_types=(BASIC, CLOZE),
        decks=tuple(decks.values()),
        notes=tuple(made.values()),
        cards=cards,
        reviews=np.zeros(0, review_dtype()),
    )


def _guid(deck: str, front: str) -> str:
    digest = hashlib.sha1(f"{deck}\x1f{front}".encode(), usedforsecurity=False).hexdigest()
    return f"bb-{digest[:20]}"


@dataclass(slots=True)
class _Head:
    separator: str = "\t"
    html: bool = False
    deck: str = ""
    tags: tuple[str, ...] = ()
    columns: dict[str, int] = field(default_factory=dict)


def read_text(
    text: str, created_s: int, deck: str = "Imported", limits: Limits = DEFAULT
) -> tuple[Package, tuple[Skipped, ...]]:
    """Make a package from a text or CSV deck.

    Args:
        text: The file. Lines are notes: question, answer, and what the head says.
        created_s: Now, seconds since 1970 UTC.
        deck: Deck of the notes where the file names none.
        limits: Caps.

    Returns:
        The package, and the lines left out with the reason.

    Raises:
        UntrustedInputError: The file is over a cap.
    """
    if len(text) > limits.text_bytes:
        raise refuse(
            f"the text has {len(text):,} characters",
            f"{limits.text_bytes:,} (safety cap)",
            "Split the file.",
        )
    head, body = _head(text.removeprefix("\ufeff"))
    notes: list[NewNote] = []
    skipped: list[Skipped] = []
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=head.separator)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            break
        except csv.Error as fault:
            skipped.append(Skipped(f"line {reader.line_num}", f"it cannot be read ({fault})"))
            continue
        if not any(cell.strip() for cell in row):
            continue
        if len(notes) >= limits.notes:
            raise refuse(
                f"the text has more than {limits.notes:,} notes",
                f"{limits.notes:,} (safety cap)",
                "Split the file.",
            )
        note = _note(row, head, head.deck or deck)
        if note is None:
            skipped.append(Skipped(f"line {reader.line_num}", "its question is empty"))
        else:
            notes.append(note)
    return package_of(notes, created_s), tuple(skipped)


def _head(text: str) -> tuple[_Head, str]:
    head = _Head()
    given = False
    lines = text.splitlines(keepends=True)
    at = 0
    for line in lines:
        found = _HEADER.match(line.strip())
        if not found:
            break
        at += 1
        key, value = found[1].strip(), found[2].strip()
        if key == "separator":
            head.separator = _SEPARATORS.get(value.casefold(), value[:1] or "\t")
            given = True
        elif key == "html":
            head.html = value.casefold() == "true"
        elif key == "deck":
            head.deck = value
        elif key == "tags":
            head.tags = tuple(value.split())
        elif key in _COLUMNS and value.isdecimal():
            head.columns[key] = int(value) - 1
    if not given and at < len(lines):
        counts = Counter({mark: lines[at].count(mark) for mark in _SNIFFED})
        best, number = max(counts.items(), key=lambda one: (one[1], -_SNIFFED.index(one[0])))
        head.separator = best if number else "\t"
    return head, "".join(lines[at:])


def _note(row: list[str], head: _Head, deck: str) -> NewNote | None:
    def cell(name: str) -> str:
        at = head.columns.get(name, -1)
        return row[at].strip() if 0 <= at < len(row) else ""

    special = set(head.columns.values())
    fields = [value for at, value in enumerate(row) if at not in special]
    if not head.html:
        fields = [escape(value, quote=False).replace("\n", "<br>") for value in fields]
    if not fields or not fields[0].strip():
        return None
    return NewNote(
        front=fields[0].strip(),
        back="<br>".join(value.strip() for value in fields[1:] if value.strip()),
        deck=cell("deck column") or deck,
        tags=tuple(dict.fromkeys((*head.tags, *cell("tags column").split()))),
        guid=cell("guid column") or None,
    )


def write_text(package: Package) -> str:
    """Return the notes as text that Anki's import reads: guid, deck, tags, then the fields.

    Reviews, schedules and media are not in it: write a package for those.
    """
    home: dict[int, int] = {}
    for note, deck in zip(
        package.cards["note_id"].tolist(), package.cards["deck_id"].tolist(), strict=True
    ):
        home.setdefault(note, deck)
    names = {deck.id: deck.name for deck in package.decks}
    out = io.StringIO()
    out.write("#separator:tab\n#html:true\n#guid column:1\n#deck column:2\n#tags column:3\n")
    lines: Any = csv.writer(out, delimiter="\t", lineterminator="\n")
    for note in package.notes:
        deck_name = names.get(home.get(note.id, 0), "Default")
        lines.writerow([note.guid, deck_name, " ".join(note.tags), *note.fields])
    return out.getvalue()
