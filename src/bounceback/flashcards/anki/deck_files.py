"""A deck in whatever file it comes: a package, a zip with one package, JSON of CrowdAnki, text.

What a file is, is told by its content. A file that is no deck is refused by name: a saved web page,
a PDF, a picture, a case file.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Final

from bounceback.errors import UntrustedInputError
from bounceback.flashcards.anki.archive import parse_json
from bounceback.flashcards.anki.crowdanki import is_crowdanki, read_crowdanki
from bounceback.flashcards.anki.installed_anki import is_live
from bounceback.flashcards.anki.limits import DEFAULT, Limits
from bounceback.flashcards.anki.models import Package, Skipped
from bounceback.zip_faults import ZIP_FAULTS

DECK_ENDINGS: Final = frozenset(
    {".apkg", ".colpkg", ".anki2", ".anki21", ".txt", ".csv", ".tsv", ".json"}
)
_COLLECTION: Final = "collection.anki2"
_CHUNK: Final = 1 << 18
_HEAD_BYTES: Final = 4_096
_ENTRIES_LOOKED_AT: Final = 1_000
_JSON_DEPTH: Final = 100


def is_package(path: Path) -> bool:
    """Whether a file is an Anki package or a live collection."""
    if is_live(path):
        return True
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.startswith(_COLLECTION) for name in archive.namelist()[:100])
    except ZIP_FAULTS:
        return False


@contextmanager
def unpacked_deck(path: Path, limits: Limits = DEFAULT) -> Iterator[Path]:
    """Yield the deck that a zip holds, unpacked to a private folder; any other file as it is.

    Raises:
        UntrustedInputError: The zip holds no deck or several, or the deck is over a cap.
    """
    with path.open("rb") as file:
        head = file.read(4)
    if head != b"PK\x03\x04" or is_package(path):
        yield path
        return
    try:
        with zipfile.ZipFile(path) as archive:
            entry = _only_deck(archive)
            if entry is None:  # the package reader says what is wrong with it
                yield path
                return
            with tempfile.TemporaryDirectory(prefix="bounceback-") as folder:
                target = Path(folder) / f"deck{PurePosixPath(entry.filename).suffix.casefold()}"
                _unpack(archive, entry, target, limits)
                yield target
    except ZIP_FAULTS as fault:
        if isinstance(fault, OSError) and fault.filename is not None:
            raise
        raise _refused("This zip is damaged. Unzip it and import the deck inside.") from fault


def _only_deck(archive: zipfile.ZipFile) -> zipfile.ZipInfo | None:
    """Return the one deck of a zip; ``None`` where it holds none.

    Raises:
        UntrustedInputError: It holds several.
    """
    decks = [
        one
        for one in archive.infolist()[:_ENTRIES_LOOKED_AT]
        if not one.is_dir()
        and "__MACOSX" not in PurePosixPath(one.filename).parts
        and not PurePosixPath(one.filename).name.startswith(".")
        and PurePosixPath(one.filename).suffix.casefold() in DECK_ENDINGS
    ]
    packages = [one for one in decks if one.filename.casefold().endswith((".apkg", ".colpkg"))]
    chosen = packages or decks
    if len(chosen) > 1:
        raise _refused(
            f"This zip holds {len(chosen)} decks. Unzip it and import them one at a time."
        )
    return chosen[0] if chosen else None


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, limits: Limits) -> None:
    written = 0
    with archive.open(entry) as source, target.open("wb") as out:
        while chunk := source.read(_CHUNK):
            written += len(chunk)
            if written > limits.package_bytes:
                raise _refused("The deck in this zip is too large. Split it and export the parts.")
            out.write(chunk)


def crowdanki_deck(
    path: Path, now_s: int, limits: Limits = DEFAULT
) -> tuple[Package, tuple[Skipped, ...]] | None:
    """Return the deck of a CrowdAnki JSON file; ``None`` where the file is no JSON object.

    Raises:
        UntrustedInputError: It is JSON and no deck, or over a cap.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
        if head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] != b"{":
            return None
        raw = head + file.read(limits.text_bytes + 1 - len(head))
    if len(raw) > limits.text_bytes:
        raise _refused("This JSON file is too large. Export the deck from Anki as .apkg.")
    try:
        value = parse_json(raw.decode("utf-8-sig"), _JSON_DEPTH)
    except ValueError:
        return None
    if not is_crowdanki(value) or not isinstance(value, dict):
        raise _refused(
            "This JSON file isn't a deck we can read. Export the deck from Anki as .apkg."
        )
    return read_crowdanki(value, now_s, limits)


def refuse_what_is_no_deck(path: Path) -> None:
    """Refuse a file that is plainly something else, with what it is and the cure.

    Raises:
        UntrustedInputError: It is a web page, a PDF, a picture or an Office file.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:256].lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<?xml")):
        raise _refused(
            "This is a saved web page, not a deck. If it came from a download link, sign in there "
            "and download again. Otherwise export the deck from Anki as .apkg."
        )
    if start.startswith(b"%pdf-"):
        raise _refused("This is a PDF, not a deck. Export the deck from Anki as .apkg.")
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8")):
        raise _refused("This is a picture, not a deck. Export the deck from Anki as .apkg.")
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise _refused("This is an older Excel or Word file. Save it as CSV and import that.")
    if head.startswith((b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b")):
        raise _refused("This is a compressed file. Unpack it and import the deck inside.")


def _refused(why: str) -> UntrustedInputError:
    return UntrustedInputError(why)
