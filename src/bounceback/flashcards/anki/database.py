"""A stranger's SQLite file, opened so that it can do nothing but answer our questions.

The file is opened read-only and immutable, on a private copy. No trigger, view, virtual table or
generated column may be in it; an authoriser then allows plain reads and nothing else; texts have a
largest length; and the work of all queries together is capped in steps of SQLite's virtual machine
(a count, not a clock: the same file is refused or read alike on every machine).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

from bounceback.errors import UntrustedInputError
from bounceback.flashcards.anki.limits import Limits, refuse

_STEPS_PER_ASK: Final = 10_000
_SQL_LENGTH_MAX: Final = 10_000
_COLUMNS_MAX: Final = 64
_FUNCTIONS: Final = frozenset({"count", "max", "min", "typeof", "coalesce"})
_REMEDY: Final = "In Anki, run Tools > Check Database, then export again."

SQLITE_FAULTS: Final = (sqlite3.Error, OverflowError, MemoryError, UnicodeError)
"""What SQLite raises on a damaged file; even its messages may hold text that is no UTF-8."""


def _unicase(left: str, right: str) -> int:
    """Stand in for Anki's own collation: without regard to case. Its order is not relied on."""
    a, b = left.casefold(), right.casefold()
    return (a > b) - (a < b)


def _allow_reads(
    action: int, first: str | None, second: str | None, _database: str | None, _inner: str | None
) -> int:
    if action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ):
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_FUNCTION and second in _FUNCTIONS:
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


@contextmanager
def open_database(path: Path, limits: Limits) -> Iterator[sqlite3.Connection]:
    """Open an unpacked collection for guarded reading.

    Raises:
        UntrustedInputError: It is no SQLite file, is damaged, holds what acts by itself, or a query
            inside the ``with`` block met damage or the cap on work.
    """
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    steps_left = limits.database_steps + limits.database_steps_per_byte * path.stat().st_size
    stopped = False

    def count_steps() -> int:
        nonlocal steps_left, stopped
        steps_left -= _STEPS_PER_ASK
        stopped = steps_left < 0
        return int(stopped)

    try:
        with closing(sqlite3.connect(address, uri=True, cached_statements=0)) as connection:
            # Damaged text must not lose a whole deck: it becomes U+FFFD and is seen.
            connection.text_factory = partial(str, encoding="utf-8", errors="replace")
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, limits.text_bytes)
            connection.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, _SQL_LENGTH_MAX)
            connection.setlimit(sqlite3.SQLITE_LIMIT_COLUMN, _COLUMNS_MAX)
            connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
            connection.create_collation("unicase", _unicase)
            connection.set_progress_handler(count_steps, _STEPS_PER_ASK)
            for pragma in (
                "trusted_schema=OFF",
                "cell_size_check=ON",
                "query_only=ON",
                "temp_store=MEMORY",
                "mmap_size=0",
            ):
                connection.execute(f"PRAGMA {pragma}")
            _refuse_what_acts(connection)
            connection.set_authorizer(_allow_reads)
            yield connection
    except UntrustedInputError:
        raise
    except SQLITE_FAULTS as fault:
        if stopped:
            raise refuse(
                "reading its collection takes more work than its size explains",
                f"{limits.database_steps_per_byte} steps a byte (safety cap)",
                _REMEDY,
            ) from fault
        raise refuse(
            f"its collection is damaged or no collection ({fault})",
            "a SQLite database written by Anki (package format)",
            _REMEDY,
        ) from fault


def _refuse_what_acts(connection: sqlite3.Connection) -> None:
    """Refuse triggers, views, virtual tables and generated columns: Anki writes none of them."""
    rows = connection.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
    for kind, name, sql in rows:
        words = str(sql or "").split(None, 2)
        if kind in ("trigger", "view") or [word.lower() for word in words[:2]] == [
            "create",
            "virtual",
        ]:
            raise refuse(
                f"its collection holds the {'virtual table' if kind == 'table' else kind} {name!r}",
                "plain tables and indexes (safety rule)",
                "Check where the file comes from.",
            )
    for kind, name, _ in rows:
        if kind != "table":
            continue
        quoted = str(name).replace('"', '""')
        for column in connection.execute(f'PRAGMA table_xinfo("{quoted}")'):
            if column[6]:
                raise refuse(
                    f"its collection computes the column {column[1]!r} of {name!r}",
                    "plain columns (safety rule)",
                    "Check where the file comes from.",
                )


def tables(connection: sqlite3.Connection) -> frozenset[str]:
    """Return the names of the tables, in lower case."""
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    return frozenset(str(name).lower() for (name,) in rows)


def one_row(connection: sqlite3.Connection, query: str) -> tuple[Any, ...] | None:
    """Return the first row of a query, or ``None``."""
    row: tuple[Any, ...] | None = connection.execute(query).fetchone()
    return row
