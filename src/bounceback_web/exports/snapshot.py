"""Everything of a learner in one ZIP: databases, pictures and sounds, forecasts, the case file.

Databases are copied with SQLite's own backup, so a copy is whole while others write. What is put
back is checked first: known names alone, sizes, versions, and each database by SQLite itself.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from bounceback.errors import UntrustedInputError
from bounceback.local_storage import card_collection, forecast_history
from bounceback.zip_faults import ZIP_FAULTS

FORMAT: Final = 2
"""Number of the layout; 1 was the case file alone."""

RECORD: Final = "bounceback.sqlite3"
CARDS: Final = "cards.sqlite3"
CASE: Final = "case.toml"
MANIFEST: Final = "manifest.json"
FORECASTS: Final = forecast_history.FILE
_MEDIA: Final = re.compile(r"media/([0-9a-f]{40})")

MOST_BYTES: Final = 8 * 1024**3
"""Most bytes of everything unpacked."""
MOST_FILES: Final = 200_000
_PIECE: Final = 1 << 20


def copy_database(source: Path, target: Path) -> None:
    """Copy a database that others may be writing, whole."""
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as old,
        closing(sqlite3.connect(target)) as new,
    ):
        target.chmod(0o600)
        old.backup(new)
        new.execute("PRAGMA journal_mode=DELETE")


def check_database(path: Path) -> None:
    """Check that a file is a whole SQLite database.

    Raises:
        UntrustedInputError: It is not.
    """
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
            database.execute("PRAGMA trusted_schema=OFF")
            (answer,) = database.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        answer = str(error)
    if answer != "ok":
        raise UntrustedInputError(f"The backup is damaged ({path.name}). Nothing was changed.")


def write(
    home: Path,
    target: Path,
    case: str | None,
    report: Callable[[float], None] = lambda share: None,
    *,
    with_media: bool = True,
) -> None:
    """Write everything of a data folder into a ZIP.

    Args:
        home: The data folder.
        target: The ZIP to write.
        case: The record as a case file, so that other programs can read it.
        report: Called with the share done.
        with_media: Pictures and sounds too.
    """
    names: list[str] = []
    media = sorted((home / "media").glob("??/*")) if with_media else []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        target.chmod(0o600)
        for name in (RECORD, CARDS):
            if (home / name).exists():
                copied = target.with_suffix(f".{name}")
                try:
                    copy_database(home / name, copied)
                    archive.write(copied, name)
                finally:
                    copied.unlink(missing_ok=True)
                names.append(name)
        if case is not None:
            archive.writestr(CASE, case)
        if (home / FORECASTS).exists():
            archive.write(home / FORECASTS, FORECASTS)
        report(0.2)
        for index, path in enumerate(media):
            archive.write(path, f"media/{path.name}", zipfile.ZIP_STORED)
            report(0.2 + 0.6 * index / len(media))
        archive.writestr(
            MANIFEST,
            json.dumps(
                {
                    "format": FORMAT,
                    "version": metadata.version("bounceback"),
                    "databases": names,
                    "media": len(media),
                    "with_media": with_media,
                }
            ),
        )


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open such a ZIP, checked as far as its list goes.

    Raises:
        UntrustedInputError: It is none, is damaged, is too large, or a newer version made it.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_list(archive)
            yield archive
    except (KeyError, *ZIP_FAULTS) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise UntrustedInputError("The backup is damaged. Nothing was changed.") from error


def _check_list(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise UntrustedInputError("The backup is larger than Bounceback makes them.")
    for entry in entries:
        known = entry.filename in (RECORD, CARDS, CASE, MANIFEST, FORECASTS)
        if not known and not _MEDIA.fullmatch(entry.filename):
            raise UntrustedInputError("This file is not a backup of Bounceback.")
    manifest: Any = json.loads(archive.read(MANIFEST))
    if not isinstance(manifest, dict) or not isinstance(manifest.get("format"), int):
        raise UntrustedInputError("This file is not a backup of Bounceback.")
    if manifest["format"] > FORMAT:
        raise UntrustedInputError(
            f"A newer version of Bounceback ({manifest.get('version')}) made this backup. Update "
            "Bounceback, then restore it. Nothing was changed."
        )


def case_of(archive: zipfile.ZipFile) -> str | None:
    """Return the case file that a backup holds."""
    return archive.read(CASE).decode("utf-8") if CASE in archive.namelist() else None


def extract(archive: zipfile.ZipFile, name: str, folder: Path) -> Path | None:
    """Unpack one database into a folder, checked; ``None`` where the backup holds none."""
    if name not in archive.namelist():
        return None
    path = folder / name
    with archive.open(name) as packed, path.open("wb") as file:
        path.chmod(0o600)
        shutil.copyfileobj(packed, file, _PIECE)
    check_database(path)
    return path


def replace_database(source: Path, target: Path) -> None:
    """Put a database's content in the place of another's, also while others have that open."""
    with (
        closing(sqlite3.connect(source)) as new,
        closing(sqlite3.connect(target, timeout=30, isolation_level=None)) as live,
    ):
        target.chmod(0o600)
        new.backup(live)
        live.execute("PRAGMA journal_mode=WAL")
        live.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def restore_cards(
    archive: zipfile.ZipFile,
    home: Path,
    folder: Path,
    report: Callable[[float], None] = lambda share: None,
) -> None:
    """Put the cards, pictures and sounds of a backup in the place of those that are kept.

    Raises:
        UntrustedInputError: A picture or a sound has another content than its name says.
    """
    cards = extract(archive, CARDS, folder)
    if cards is None:
        card_collection.delete_cards(home)
        return
    media = [entry for entry in archive.infolist() if _MEDIA.fullmatch(entry.filename)]
    for index, entry in enumerate(media):
        sha1 = entry.filename.rpartition("/")[2]
        content = archive.read(entry)
        if hashlib.sha1(content, usedforsecurity=False).hexdigest() != sha1:
            raise UntrustedInputError("The backup is damaged (pictures). Nothing was changed.")
        place = home / "media" / sha1[:2] / sha1
        if not place.exists():
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            new = folder / sha1
            new.write_bytes(content)
            new.replace(place)
        report(index / len(media))
    replace_database(cards, home / CARDS)


def restore_forecasts(archive: zipfile.ZipFile, home: Path, folder: Path) -> None:
    """Put the command line's forecasts of a backup in the place of those that are kept."""
    if FORECASTS in archive.namelist():
        new = folder / FORECASTS
        new.write_bytes(archive.read(FORECASTS))
        new.replace(home / FORECASTS)
