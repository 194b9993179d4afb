"""A copy of the databases for each day of use, kept for two weeks in the data folder.

Pictures and sounds are not in it: files of them are only ever added, and stay where they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection

from bounceback_web import clock
from bounceback_web.config import database_troubles
from bounceback_web.config.database import is_in_memory
from bounceback_web.exports import snapshot

FOLDER: Final = "daily-copies"
KEPT: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy.

    Attributes:
        day: Its day, in UTC.
        path: Its file.
    """

    day: date
    path: Path

    @property
    def bytes(self) -> int:
        """Its size."""
        return self.path.stat().st_size


def _folder() -> Path:
    return Path(settings.HOME) / FOLDER


def copies(home: Path | None = None) -> list[Copy]:
    """Return the copies that are there, newest first."""
    found = []
    for path in (home / FOLDER if home else _folder()).glob("*.zip"):
        try:
            found.append(Copy(date.fromisoformat(path.stem), path))
        except ValueError:
            continue
    return sorted(found, key=lambda copy: copy.day, reverse=True)


def is_due() -> bool:
    """Tell whether today has no copy yet, and whether copies are made here at all."""
    if connection.vendor != "sqlite" or is_in_memory():
        return False  # an organisation's database has an administrator and backups of its own
    today = clock.real_now().date()
    return all(copy.day != today for copy in copies())


def ask_if_due() -> None:
    """Put the making of today's copy into the queue, once a record is there."""
    from bounceback_web.jobs import queue
    from bounceback_web.records.models import LearnerRecord

    if not is_due() or not LearnerRecord.objects.filter(is_example=False).exists():
        return
    database_troubles.note_in_use(Path(settings.HOME))
    queue.enqueue(None, "daily-copy", {}, key=f"daily-copy:{clock.real_now().date()}")


def make(folder: Path) -> Path:
    """Make today's copy; it appears whole or not at all.

    Args:
        folder: Folder for temporary files.
    """
    today = clock.real_now().date()
    place = _folder()
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = folder / "copy.zip"
    snapshot.write(Path(settings.HOME), new, None, with_media=False)
    path = place / f"{today.isoformat()}.zip"
    new.replace(path)
    for copy in copies():
        if today - copy.day > KEPT:
            copy.path.unlink(missing_ok=True)
    return path


def find(day: str) -> Copy | None:
    """Return the copy of a day, written as in its file name."""
    return next((copy for copy in copies() if copy.day.isoformat() == day), None)


def delete_all() -> None:
    """Delete every copy."""
    for copy in copies():
        copy.path.unlink(missing_ok=True)
