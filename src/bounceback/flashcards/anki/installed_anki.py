"""The collection of an installed Anki: copied, and the copy is read. The live file is not opened.

Opening a SQLite file that another program has open can lock it, or replay its journal; a student's
years of reviews are not risked for that. The file and its write-ahead log are copied byte for byte,
and the copy is refused if either changed meanwhile.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from bounceback.flashcards.anki import media
from bounceback.flashcards.anki.limits import Limits, refuse
from bounceback.flashcards.anki.models import Generation, MediaFile, Skipped

_SQLITE_MARK: Final = b"SQLite format 3\0"
_WAL: Final = "-wal"
_JOURNAL: Final = "-journal"


def is_live(path: Path) -> bool:
    """Tell whether a file is a SQLite database, as a live collection is, and no package."""
    with path.open("rb") as file:
        return file.read(len(_SQLITE_MARK)) == _SQLITE_MARK


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _fingerprint(path: Path) -> tuple[tuple[int, int] | None, ...]:
    """Size and time of change of the collection and its log; ``None`` for a missing one."""
    found: list[tuple[int, int] | None] = []
    for part in (path, _beside(path, _WAL)):
        try:
            status = part.stat()
        except FileNotFoundError:
            found.append(None)
        else:
            found.append((status.st_size, status.st_mtime_ns))
    return tuple(found)


def copy_collection(source: Path, target: Path, limits: Limits) -> None:
    """Copy a live collection with its write-ahead log to ``target`` and fold the log in there.

    Raises:
        UntrustedInputError: It is too large, is being changed, or was left in mid-write.
    """
    before = _fingerprint(source)
    size = sum(part[0] for part in before if part)
    if size > limits.database_bytes:
        raise refuse(
            f"the collection has {size:,} bytes",
            f"{limits.database_bytes:,} (safety cap)",
            "Export the decks you need from Anki as .apkg.",
        )
    journal = _beside(source, _JOURNAL)
    if journal.exists() and journal.stat().st_size:
        raise refuse(
            "the collection was left in the middle of a write (a -journal file is beside it)",
            "a collection at rest (SQLite)",
            "Start Anki and close it again, then come back.",
        )
    shutil.copyfile(source, target)
    log = _beside(source, _WAL)
    if log.exists() and log.stat().st_size:
        shutil.copyfile(log, _beside(target, _WAL))
    if _fingerprint(source) != before:
        raise refuse(
            "Anki changed the collection while it was copied",
            "a collection at rest (SQLite)",
            "Close Anki and try again.",
        )
    if _beside(target, _WAL).exists():
        _fold_log(target)


def _fold_log(copy: Path) -> None:
    """Write the log of the copy into the copy. No query runs on its tables."""
    try:
        with closing(sqlite3.connect(copy)) as connection:
            connection.execute("PRAGMA trusted_schema=OFF")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            connection.execute("PRAGMA journal_mode=DELETE").fetchall()
    except sqlite3.Error as fault:
        raise refuse(
            f"the collection's log cannot be read ({fault})",
            "a collection written by Anki (SQLite)",
            "Close Anki and try again.",
        ) from fault


class LiveMedia:
    """The media folder beside a live collection. Files are read; links are not followed."""

    generation: Generation = "latest"

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._folder = folder
        self._limits = limits
        self.warnings: list[str] = []
        self.skipped: list[Skipped] = []
        self._found: dict[str, MediaFile] | None = None

    def media(self) -> tuple[MediaFile, ...]:
        """Return the files of the folder, hashed from their content."""
        if self._found is None:
            self._found = {file.name: file for file in self._files()}
        return tuple(self._found.values())

    def content(self, name: str) -> bytes:
        """Return the content of one file of ``media``; ``KeyError`` if there is none."""
        self.media()
        return self._folder.joinpath((self._found or {})[name].name).read_bytes()

    def _files(self) -> list[MediaFile]:
        if not self._folder.is_dir():
            self.warnings.append("There is no media folder beside the collection.")
            return []
        found: list[MediaFile] = []
        for path in sorted(self._folder.iterdir()):
            why = media.unsafe_name(path.name)
            if why is None and (path.is_symlink() or not path.is_file()):
                why = "it is no plain file"
            if why is None and path.stat().st_size > self._limits.media_file_bytes:
                why = f"it is larger than {self._limits.media_file_bytes:,} bytes (safety cap)"
            if why is not None:
                self.skipped.append(Skipped(f"media {path.name!r}", why))
                continue
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, _sha1)
            found.append(MediaFile(path.name, digest.hexdigest(), path.stat().st_size))
        return found


def _sha1() -> hashlib._Hash:
    return hashlib.sha1(usedforsecurity=False)
