"""What can be wrong with the database file: named, with what to do, and a way back where there is.

At the start the file is looked at before it is opened for writing: missing or empty where one was,
damaged, or written by a newer version. While the app runs, a failed request is explained.
"""

from __future__ import annotations

import errno
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bounceback.errors import QuestionError

FILE: Final = "bounceback.sqlite3"
MARKER: Final = "database-in-use"
"""A file that says that a database with a record was here; "delete everything" removes it."""

_TAKEN_BACK: Final = (
    "{copy} is the newest daily copy. To put it back, run: bounceback serve --restore-copy. "
    "To start with an empty app instead, remove {marker}."
)
_NO_COPY: Final = (
    "There is no daily copy in {folder}. Put the file back from a backup of your own, or remove "
    "{marker} to start with an empty app."
)


def newest_copy(home: Path) -> Path | None:
    """Return the newest daily copy."""
    return max((home / "daily-copies").glob("????-??-??.zip"), default=None)


def _way_back(home: Path) -> str:
    copy, marker = newest_copy(home), home / MARKER
    if copy is None:
        return _NO_COPY.format(folder=home / "daily-copies", marker=marker)
    return _TAKEN_BACK.format(copy=copy, marker=marker)


def check_before_start(home: Path) -> None:
    """Refuse to start over a database that is not what it was.

    Raises:
        QuestionError: It is missing, empty, damaged or newer; the message names file and remedy.
    """
    path = home / FILE
    is_known = (home / MARKER).exists()
    if not path.exists() or not path.stat().st_size:
        if is_known:
            what = "is empty" if path.exists() else "is missing"
            raise QuestionError(f"{path} {what}, and your data was in it. {_way_back(home)}")
        return
    try:
        with closing(sqlite3.connect(path, timeout=5)) as database:
            (answer,) = database.execute("PRAGMA quick_check(1)").fetchone()
            tables = {
                name
                for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type='table'")
            }
    except sqlite3.OperationalError as error:
        raise QuestionError(sentence(error, path) + " Nothing was changed.") from None
    except sqlite3.DatabaseError as error:
        answer, tables = str(error), set()
    if answer != "ok":
        raise QuestionError(
            f"{path} is damaged ({answer}). It was left as it is. Move it away first. "
            f"{_way_back(home)}"
        )
    if is_known and "store_learnerrecord" not in tables:
        raise QuestionError(f"{path} is empty, and your data was in it. {_way_back(home)}")


def check_version(home: Path) -> None:
    """Refuse a database that a newer version wrote; Django must be set up.

    Raises:
        QuestionError: It is newer; the message names what this version does not know.
    """
    from bounceback_web.exports.restoring import unknown_migrations

    path = home / FILE
    if path.exists() and path.stat().st_size and (unknown := unknown_migrations(path)):
        raise QuestionError(
            f"{path} was written by a newer version of Bounceback (it knows {unknown[-1]}). "
            "Update Bounceback, then start it again. The file was left as it is."
        )


def note_in_use(home: Path) -> None:
    """Note that the database holds a record."""
    path = home / MARKER
    if not path.exists():
        path.write_text(datetime.now(UTC).isoformat() + "\n", "ascii")
        path.chmod(0o600)


def forget(home: Path) -> None:
    """Note that there is no record any more."""
    (home / MARKER).unlink(missing_ok=True)


def put_newest_copy_back(home: Path, folder: Path) -> Path:
    """Put the newest daily copy in the place of a missing, empty or damaged database.

    Args:
        home: The data folder.
        folder: Folder for temporary files.

    Raises:
        QuestionError: There is no copy, or it is damaged.
    """
    from bounceback.errors import UntrustedInputError
    from bounceback_web.exports import snapshot

    copy = newest_copy(home)
    if copy is None:
        raise QuestionError(f"There is no daily copy in {home / 'daily-copies'}.")
    try:
        with snapshot.opened(copy) as archive:
            record = snapshot.extract(archive, snapshot.RECORD, folder)
            if record is None:
                raise QuestionError(f"{copy} holds no record.")
            for ending in ("-wal", "-shm"):
                (home / f"{FILE}{ending}").unlink(missing_ok=True)
            if (home / FILE).exists() and (home / FILE).stat().st_size:
                (home / FILE).replace(home / f"{FILE}.set-aside")
            record.replace(home / FILE)
            if not (home / snapshot.CARDS).exists():
                cards = snapshot.extract(archive, snapshot.CARDS, folder)
                if cards is not None:
                    cards.replace(home / snapshot.CARDS)
    except UntrustedInputError as error:
        raise QuestionError(f"{copy}: {error}") from None
    return copy


def sentence(error: BaseException, path: Path | None = None) -> str:
    """Return what happened to the database, and what to do.

    Args:
        error: What was raised.
        path: The database.
    """
    text = str(error).lower()
    name = path or "The database"
    if "locked" in text or "busy" in text:
        return (
            f"{name} is in use by another program. Close it (a backup program, another Bounceback) "
            "and try again."
        )
    if "full" in text or getattr(error, "errno", None) == errno.ENOSPC:
        return f"The disk that holds {name} is full. Make room, then try again."
    if "readonly" in text or "read-only" in text or "unable to open" in text:
        return (
            f"{name} can't be written. Check that the folder and the file belong to you and are "
            "not read-only."
        )
    if "malformed" in text or "not a database" in text or "no such table" in text:
        return (
            f"{name} is damaged or was replaced. Stop Bounceback and start it again: it then says "
            "how to put a daily copy back."
        )
    if "disk i/o" in text:
        return f"{name} can't be read or written: the disk reports an error. Check the disk."
    return f"{name} can't be used ({error})."
