"""Read a package from a file into values. Nothing is stored and nothing runs.

``open_package`` streams, and gives media content on demand; ``read`` returns one whole value.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection
from typing import TYPE_CHECKING, Any

from bounceback.flashcards.anki import collection
from bounceback.flashcards.anki.archive import Archive, open_archive
from bounceback.flashcards.anki.collection import Findings, Settings
from bounceback.flashcards.anki.database import open_database
from bounceback.flashcards.anki.deck_files import refuse_what_is_no_deck
from bounceback.flashcards.anki.installed_anki import LiveMedia, copy_collection, is_live
from bounceback.flashcards.anki.limits import DEFAULT, Limits, refuse
from bounceback.flashcards.anki.models import Generation, MediaFile, Note, NoteType, Package

if TYPE_CHECKING:
    from numpy.typing import NDArray


class OpenPackage:
    """A package whose file is open. Ask in any order; each list is read when asked for.

    Attributes:
        generation: Which of Anki's formats it is in.
        settings: Clock, note types, decks and options.
        undated: After ``cards``: which of them had a due day that cannot be.
    """

    undated: NDArray[Any]

    def __init__(
        self,
        archive: Archive | LiveMedia,
        connection: Connection,
        limits: Limits,
        findings: Findings,
    ) -> None:
        self._archive = archive
        self._connection = connection
        self._limits = limits
        self._findings = findings
        self.settings: Settings = collection.read_settings(connection, limits, findings)
        self.generation: Generation = archive.generation
        if isinstance(archive, LiveMedia) and self.settings.schema == collection.SCHEMAS[0]:
            self.generation = "legacy-1"  # a collection of Anki 2.1 that is not packed

    def notes(self) -> Iterator[Note]:
        """Yield the notes, by id."""
        return collection.read_notes(self._connection, self.settings, self._limits, self._findings)

    def cards(self, note_types_by_note: dict[int, NoteType]) -> NDArray[Any]:
        """Return the cards of the notes given, as ``CARD_COLUMNS``; impossible due days are 0."""
        cards = collection.read_cards(
            self._connection, self.settings, note_types_by_note, self._limits, self._findings
        )
        self.undated = collection.impossible_due(cards, self.settings.created_s)
        if self.undated.any():
            collection.list_impossible_due(cards, self.undated, self._findings)
            # Due on day 0: such a card is asked soon, and its own history dates it from then on.
            cards["due"][self.undated] = 0
        return cards

    def reviews(self) -> NDArray[Any]:
        """Return every review, as ``REVIEW_COLUMNS``."""
        return collection.read_reviews(self._connection, self._limits, self._findings)

    def media(self) -> tuple[MediaFile, ...]:
        """Return the media files, hashed from their content."""
        return self._archive.media()

    def media_content(self, name: str) -> bytes:
        """Return the content of one file of ``media``; ``KeyError`` if there is none."""
        return self._archive.content(name)

    def note_types_by_note(self, notes: Iterator[Note]) -> dict[int, NoteType]:
        """Go through the notes once and return the note type of each, by note id."""
        return {note.id: self.settings.note_types[note.note_type_id] for note in notes}

    def refuse_dummy(self, notes: int, first: Note | None) -> None:
        """Refuse the stand-in collection that asks for a newer Anki.

        Raises:
            UntrustedInputError: The package holds that one note and nothing else.
        """
        if self.settings.schema == 11 and collection.is_dummy(notes, first):
            raise refuse(
                "its collection is Anki's one-note stand-in for old programs; the deck is missing",
                "a package with its deck (package format)",
                "Export the deck again from Anki.",
            )

    def close_findings(self) -> Findings:
        """Return what was odd and what was left out so far, of the archive and the collection."""
        self._findings.close()
        return Findings(
            warnings=[*self._archive.warnings, *self._findings.warnings],
            skipped=[*self._archive.skipped, *self._findings.skipped],
        )


@contextmanager
def open_package(path: Path | str, limits: Limits = DEFAULT) -> Iterator[OpenPackage]:
    """Open an ``.apkg`` or ``.colpkg`` of any generation, or a copy of a live collection.

    A live ``collection.anki2`` is copied first and never opened itself (see ``live``). The
    collection is unpacked to a private temporary folder, removed at the end of the ``with`` block
    whatever happens in it; nothing else is written.

    Raises:
        UntrustedInputError: The file is no package, is damaged, or is over a cap.
        OSError: The file itself cannot be opened.
    """
    source = Path(path)
    with tempfile.TemporaryDirectory(prefix="bounceback-") as folder:
        unpacked = Path(folder) / "collection"
        if is_live(source):
            copy_collection(source, unpacked, limits)
            with open_database(unpacked, limits) as connection:
                media = LiveMedia(source.with_suffix(".media"), limits)
                yield OpenPackage(media, connection, limits, Findings())
            return
        refuse_what_is_no_deck(source)
        with open_archive(source, limits) as archive:
            with unpacked.open("wb") as target:
                archive.unpack_database(target)
            with open_database(unpacked, limits) as connection:
                yield OpenPackage(archive, connection, limits, Findings())


def read(path: Path | str, limits: Limits = DEFAULT) -> Package:
    """Read a whole package. Media content stays in the file: ``open_package`` gives it.

    Raises:
        UntrustedInputError: As for ``open_package``; nothing of the file was kept.
    """
    with open_package(path, limits) as opened:
        notes = tuple(opened.notes())
        opened.refuse_dummy(len(notes), notes[0] if notes else None)
        cards = opened.cards(opened.note_types_by_note(iter(notes)))
        reviews = opened.reviews()
        media = opened.media()
        findings = opened.close_findings()
        settings = opened.settings
        return Package(
            generation=opened.generation,
            created_s=settings.created_s,
            creation_minutes_west=settings.creation_minutes_west,
            rollover_hour=settings.rollover_hour,
            note_types=tuple(one for _, one in sorted(settings.note_types.items())),
            decks=tuple(one for _, one in sorted(settings.decks.items())),
            options=tuple(one for _, one in sorted(settings.options.items())),
            notes=notes,
            cards=cards,
            reviews=reviews,
            media=media,
            warnings=tuple(findings.warnings),
            skipped=tuple(findings.skipped),
        )
