"""Decks as text: one note a line, in the plain format that Anki's own text import reads.

A file may begin with header lines such as ``#separator:tab`` (see ``text_rows``). Every row becomes
a note or is listed with the reason: nothing is dropped or joined unsaid.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections import Counter
from dataclasses import dataclass, replace
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
from bounceback.flashcards.anki.text_rows import (
    Header,
    Row,
    find_separator,
    read_header,
    rows_of,
)

_HEADINGS: Final = frozenset(
    ["front", "back", "question", "answer", "term", "definition", "text", "extra", "tags", "deck",
     "hint", "notes", "note", "q", "a", "prompt", "response", "word", "meaning", "explanation"]
)  # fmt: skip
_QUESTIONS: Final = frozenset(["front", "question", "term", "text", "q", "prompt", "word"])
_OTHER_SEPARATORS: Final = (
    " >> ",
    " :: ",
    "::",
    " => ",
    " -> ",
    " \u2192 ",
    " \u2014 ",
    " \u2013 ",
    " - ",
    " = ",
    ": ",
    "|",
    ";",
)
"""What people write between question and answer where no column separates them."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class TextDeck:
    """A text deck as read: every row is a note of the package or stands in ``skipped``.

    Attributes:
        package: The notes and their cards.
        skipped: Rows that made no note, with the line they begin on and why.
        rows: Rows of the file that are not blank, without Anki's header lines.
        separator: What separates the columns.
    """

    package: Package
    skipped: tuple[Skipped, ...]
    rows: int
    separator: str


def read_text(
    text: str, created_s: int, deck: str = "Imported", limits: Limits = DEFAULT
) -> tuple[Package, tuple[Skipped, ...]]:
    """Return the package of :func:`read_text_deck` and the rows that were left out."""
    found = read_text_deck(text, created_s, deck, limits)
    return found.package, found.skipped


def read_text_deck(
    text: str, created_s: int, deck: str = "Imported", limits: Limits = DEFAULT
) -> TextDeck:
    """Make a package from a text or CSV deck.

    Args:
        text: The file. Rows are notes: question, answer, and what the header lines say.
        created_s: Now, seconds since 1970 UTC.
        deck: Deck of the notes where the file names none.
        limits: Caps.

    Raises:
        UntrustedInputError: The file is over a cap.
    """
    if len(text) > limits.text_bytes:
        raise refuse(
            f"the text has {len(text):,} characters",
            f"{limits.text_bytes:,} (safety cap)",
            "Split the file.",
        )
    lines = text.removeprefix("\ufeff").splitlines()
    header, first = read_header(lines)
    separator = header.separator or find_separator(lines[first:])
    rows = [row for row in rows_of(lines, first, separator) if any(c.strip() for c in row.cells)]
    if len(rows) > limits.notes:
        raise refuse(
            f"the text has more than {limits.notes:,} notes",
            f"{limits.notes:,} (safety cap)",
            "Split the file.",
        )
    made = _Made(header, header.deck or deck, separator)
    rows_left = rows[1:] if rows and made.take_headings(rows[0]) else rows
    if not header.html_given:
        header.html = any(_HTML.search(cell) for row in rows_left for cell in row.cells)
    for row in rows_left:
        made.take(row)
    package = package_of(made.notes, created_s)
    return TextDeck(
        package=package, skipped=tuple(made.skipped), rows=len(rows), separator=separator
    )


_HTML: Final = re.compile(
    r"</?(?:b|i|u|s|br|hr|div|p|span|img|sub|sup|ul|ol|li|font|strong|em|table|tr|td|th)"
    r"(?:\s[^<>]{0,500})?/?>",
    re.IGNORECASE,
)
"""A tag that says the fields are HTML, where no header line does."""


class _Made:
    """Notes made of rows so far, and the rows that made none."""

    def __init__(self, header: Header, deck: str, separator: str) -> None:
        self.notes: list[NewNote] = []
        self.skipped: list[Skipped] = []
        self._header = header
        self._deck = deck
        self._separator = separator
        self._lines_by_guid: dict[str, int] = {}
        self._lines_by_content: dict[tuple[str, str, str], int] = {}
        self._times_asked: Counter[tuple[str, str]] = Counter()

    def take_headings(self, row: Row) -> bool:
        """Take a first row that names the columns; return whether it was one."""
        names = [cell.strip().casefold() for cell in row.cells]
        given = [name for name in names if name]
        wanted = [name.strip().casefold() for name in self._header.names]
        is_repeated = len(given) > 1 and given == [name for name in wanted if name]
        is_known = len(given) > 1 and set(given) <= _HEADINGS and bool(set(given) & _QUESTIONS)
        if not (is_repeated or is_known):
            return False
        for name, column in (("tags", "tags column"), ("deck", "deck column")):
            if name in names and column not in self._header.columns:
                self._header.columns[column] = names.index(name)
        self._skip(row, "it names the columns")
        return True

    def take(self, row: Row) -> None:
        """Make a note of a row, or list it."""
        note = _note(row.cells, self._header, self._deck)
        if row.comment and (note is None or not note.back):
            self._skip(row, "it begins with # and has no answer, so it counts as a comment")
        elif note is None:
            self._skip(row, "its question is empty")
        elif not note.back and not cloze.gaps(note.front):
            self._skip(row, _no_answer(row, self._separator))
        else:
            self._keep(row, note)

    def _keep(self, row: Row, note: NewNote) -> None:
        content = (note.deck, note.front, note.back)
        if note.guid is None and content in self._lines_by_content:
            self._skip(row, f"line {self._lines_by_content[content]} has the same card")
            return
        asked = (note.deck, note.front)
        guid = note.guid or _guid(*asked)
        if note.guid is None and self._times_asked[asked]:
            # Anki keeps a question that stands there twice with two answers: so do we.
            guid = _guid(note.deck, f"{note.front}\x1f{self._times_asked[asked] + 1}")
        if guid in self._lines_by_guid:
            self._skip(row, f"line {self._lines_by_guid[guid]} has the same id")
            return
        self._times_asked[asked] += 1
        self._lines_by_content[content] = row.line
        self._lines_by_guid[guid] = row.line
        self.notes.append(replace(note, guid=guid))

    def _skip(self, row: Row, why: str) -> None:
        self.skipped.append(Skipped(f"line {row.line}", why))


def _no_answer(row: Row, separator: str) -> str:
    text = row.cells[0]
    for mark in _OTHER_SEPARATORS:
        if mark in text and mark != separator:
            return f"it has no answer. Is \u201c{mark.strip()}\u201d the separator?"
    return "it has no answer"


def _note(row: list[str], head: Header, deck: str) -> NewNote | None:
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
