"""A deck from outside joins the learner's cards: wholly, or not at all, and twice like once."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bounceback.errors import UntrustedInputError
from bounceback.flashcards.anki import text_decks
from bounceback.flashcards.anki.deck_files import (
    crowdanki_deck,
    refuse_what_is_no_deck,
    unpacked_deck,
)
from bounceback.flashcards.anki.import_merge import Kept, Merged, merge
from bounceback.flashcards.anki.installed_anki import is_live
from bounceback.flashcards.anki.limits import DEFAULT, Limits, refuse
from bounceback.flashcards.anki.models import Package, Skipped
from bounceback.flashcards.anki.reading import OpenPackage, open_package

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bounceback.local_storage.card_collection import CardCollection

ANKI: Final = "anki"
"""Source of the reviews that came out of Anki."""

_TEXT_ENDINGS: Final = frozenset({".csv", ".tsv", ".txt"})


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a deck.

    Attributes:
        merged: Counts of what was added, changed, known.
        media_bytes: Bytes of the new pictures and sounds.
        warnings: What was odd and could be read.
        skipped: What was left out, and why.
    """

    merged: Merged
    media_bytes: int
    warnings: tuple[str, ...]
    skipped: tuple[Skipped, ...]


def import_deck(
    collection: CardCollection, path: Path, now_s: int, *, limits: Limits = DEFAULT
) -> Imported:
    """Bring an Anki package, a copy of a live collection, or a text deck in.

    Args:
        collection: The learner's cards.
        path: ``.apkg``, ``.colpkg``, ``collection.anki2``; ``.csv``, ``.tsv`` or ``.txt`` is text.
        now_s: Now, seconds since 1970 UTC, for decks that say no time.
        limits: Caps.

    Raises:
        UntrustedInputError: The file was refused; nothing of it was kept.
        QuestionError: The disk has no room.
        OSError: The file cannot be opened.
    """
    with unpacked_deck(path, limits) as deck:
        name = path.stem if deck == path else deck.stem
        if deck.suffix.casefold() in _TEXT_ENDINGS and not _is_binary(deck):
            refuse_what_is_no_deck(deck)
            package, skipped = text_decks.read_text(
                _text_of(deck, limits), now_s, deck=name, limits=limits
            )
            return join(collection, replace(package, skipped=skipped), scheduled=False)
        described = crowdanki_deck(deck, now_s, limits)
        if described is not None:
            return join(collection, described[0], scheduled=False)
        refuse_what_is_no_deck(deck)
        with open_package(deck, limits) as opened:
            return join(collection, _whole(opened), opened.media_content)


def join(
    collection: CardCollection,
    package: Package,
    content: Callable[[str], bytes] | None = None,
    *,
    source: str = ANKI,
    scheduled: bool = True,
) -> Imported:
    """Join what was read with what is kept, in one transaction.

    Args:
        collection: The learner's cards.
        package: What was read.
        content: Content of a media file of the package, by its name there.
        source: Where its reviews come from.
        scheduled: Whether the package says when its cards are due and when its notes were changed;
            a text deck does not, and then changes no schedule.
    """
    with _arrival(collection), collection.turn():
        # Whatever an import that was killed left behind goes first: the turn is ours now.
        collection.sort_arrivals()
        before = collection.kept()
        merged = merge(before, package if scheduled else _as_known(before, package), source)
        if content is not None:
            _fetch(collection, merged, content)
        try:
            collection.replace(before, merged.kept)
        except UnicodeEncodeError as fault:
            raise refuse(
                "a text in it is not valid Unicode", "valid text", "Rename or retype it in Anki."
            ) from fault
    collection.settle_media()
    return Imported(
        merged,
        sum(file.bytes for file in merged.media_added),
        package.warnings,
        (*package.skipped, *merged.skipped),
    )


@contextmanager
def _arrival(collection: CardCollection) -> Iterator[None]:
    """Clear the arrived files away when the transaction around them did not hold."""
    try:
        yield
    except BaseException:
        collection.settle_media()
        raise


def _fetch(collection: CardCollection, merged: Merged, content: Callable[[str], bytes]) -> None:
    """Write the contents of the new media files among the arriving ones."""
    there = {new: old for old, new in merged.media_renamed.items()}
    missing = {
        file.sha1: file for file in merged.media_added if not collection.media.has(file.sha1)
    }
    collection.media.make_room(sum(file.bytes for file in missing.values()))
    for file in missing.values():
        collection.media.arrive(file.sha1, content(there.get(file.name, file.name)))


def _as_known(before: Kept, package: Package) -> Package:
    """Return a text deck so that what is known and the same stays as it is, schedules included."""
    known = {note.guid: note for note in before.package.notes}
    notes = []
    for note in package.notes:
        mine = known.get(note.guid)
        if mine is not None and (mine.fields, mine.tags) == (note.fields, note.tags):
            note = replace(note, modified_s=mine.modified_s)
        elif mine is not None:
            note = replace(note, modified_s=max(note.modified_s, mine.modified_s + 1))
        notes.append(note)
    kept = {note.id for note in notes if note.guid in known}
    cards = package.cards.copy()
    cards["modified_s"] = [
        0 if note in kept else moment
        for note, moment in zip(
            cards["note_id"].tolist(), cards["modified_s"].tolist(), strict=True
        )
    ]
    return replace(package, notes=tuple(notes), cards=cards)


def _whole(opened: OpenPackage) -> Package:
    """Read a whole package whose file stays open, so that its media can be asked for."""
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
        note_types=tuple(settings.note_types.values()),
        decks=tuple(settings.decks.values()),
        options=tuple(settings.options.values()),
        notes=notes,
        cards=cards,
        reviews=reviews,
        media=media,
        warnings=tuple(findings.warnings),
        skipped=tuple(findings.skipped),
    )


def _is_binary(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(4)
    return head[:2] == b"PK" or is_live(path)


def _text_of(path: Path, limits: Limits) -> str:
    with path.open("rb") as file:
        raw = file.read(4 * limits.text_bytes + 1)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise UntrustedInputError(
            f"{path.name} is not text in UTF-8 (at byte {fault.start:,}). In your spreadsheet or "
            "editor save it as CSV or text in UTF-8, then import it again. Nothing was kept."
        ) from fault
