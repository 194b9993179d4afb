"""The learner's cards on disk: one SQLite file, and pictures and sounds beside it.

``cards.sqlite3`` holds notes, cards and reviews; ``media/`` the content of pictures and sounds,
each file named by its SHA-1. Everything that belongs together is written in one transaction, on the
disk before the call returns: a process that is killed leaves the state before or the state after.

Reviews are only ever added, each with its source; triggers refuse a change. An answer that is
taken back stays in the file and is marked in ``withdrawn``.

What the columns mean is said where they are defined: ``memory.package.values``.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from itertools import chain, islice
from pathlib import Path
from tempfile import mkstemp
from typing import TYPE_CHECKING, Any, Final

from bounceback.errors import QuestionError
from bounceback.flashcards.anki.import_merge import OWN, Kept
from bounceback.flashcards.anki.models import (
    CARD_COLUMNS,
    REVIEW_COLUMNS,
    Deck,
    DeckOptions,
    MediaFile,
    Note,
    NoteType,
    Package,
    Template,
    card_dtype,
    review_dtype,
)
from bounceback.local_storage.card_media import MediaFolder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FILE: Final = "cards.sqlite3"
SCHEMA: Final = 1
"""Number of the file's layout that this version writes (``PRAGMA user_version``)."""

_WAIT_S: Final = 30.0
"""How long one process waits for another's transaction; the longest import takes less."""

_ROWS_AT_ONCE: Final = 20_000
_CARD_NAMES: Final = tuple(name for name, _ in CARD_COLUMNS)
_REVIEW_NAMES: Final = tuple(name for name, _ in REVIEW_COLUMNS)
_REALS: Final = tuple(name for name, kind in CARD_COLUMNS if kind == "<f8")
_ABSENT: Final = -1e300  # stands for NULL on the way into a NumPy column

_LAYOUT: Final = f"""
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE note_type (id INTEGER PRIMARY KEY, name TEXT NOT NULL, cloze INTEGER NOT NULL,
  fields TEXT NOT NULL, templates TEXT NOT NULL, css TEXT NOT NULL);
CREATE TABLE deck (id INTEGER PRIMARY KEY, name TEXT NOT NULL, filtered INTEGER NOT NULL,
  options_id INTEGER);
CREATE TABLE deck_options (id INTEGER PRIMARY KEY, name TEXT NOT NULL, weights TEXT NOT NULL,
  desired_retention REAL, historical_retention REAL, ignore_reviews_before TEXT);
CREATE TABLE note (id INTEGER PRIMARY KEY, guid TEXT NOT NULL UNIQUE, note_type_id INTEGER NOT NULL,
  fields TEXT NOT NULL, tags TEXT NOT NULL, modified_s INTEGER NOT NULL);
CREATE TABLE card (
  {", ".join(f"{n} {'REAL' if n in _REALS else 'INTEGER NOT NULL'}" for n in _CARD_NAMES)},
  PRIMARY KEY (id));
CREATE UNIQUE INDEX card_of_note ON card (note_id, template);
CREATE TABLE review_source (place INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE review ({", ".join(f"{n} INTEGER NOT NULL" for n in _REVIEW_NAMES)},
  source INTEGER NOT NULL REFERENCES review_source (place), PRIMARY KEY (cid, id)) WITHOUT ROWID;
CREATE TABLE withdrawn (cid INTEGER NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (cid, id),
  FOREIGN KEY (cid, id) REFERENCES review (cid, id)) WITHOUT ROWID;
CREATE TABLE media (name TEXT PRIMARY KEY, sha1 TEXT NOT NULL, bytes INTEGER NOT NULL)
  WITHOUT ROWID;
CREATE TABLE settled (exam TEXT NOT NULL, label TEXT NOT NULL, area TEXT NOT NULL,
  PRIMARY KEY (exam, label)) WITHOUT ROWID;
CREATE TRIGGER reviews_stay BEFORE DELETE ON review
  BEGIN SELECT RAISE(ABORT, 'reviews are only ever added'); END;
CREATE TRIGGER reviews_hold BEFORE UPDATE ON review
  BEGIN SELECT RAISE(ABORT, 'reviews are only ever added'); END;
INSERT INTO review_source VALUES (0, '{OWN}');
PRAGMA user_version = {SCHEMA};
"""


class CardsBusy(QuestionError):
    """Another process holds the right to write."""


class CardsGone(QuestionError):
    """The collection was deleted, or put away for another, since it was opened."""


@contextmanager
def open_cards(folder: Path, *, make: bool = False) -> Iterator[CardCollection]:
    """Open the learner's cards in a folder.

    Args:
        folder: The data folder (``home.data_folder``).
        make: Begin an empty collection where there is none. If nothing comes of it, because a fault
            ends its first use, it is taken away again.

    Raises:
        QuestionError: There are no cards yet, the file is no card collection, or a newer version
            wrote it.
    """
    path = folder / FILE
    made = make and not path.exists()
    if made:
        _begin(path)
    try:
        with _opened(folder, path) as collection:
            yield collection
    except BaseException:
        if made:
            _delete(folder, empty_alone=True)
        raise


@contextmanager
def _opened(folder: Path, path: Path) -> Iterator[CardCollection]:
    try:
        which = _identity(path)
        # Never make a file: it may have been deleted this very moment.
        address = f"{path.absolute().as_uri()}?mode=rw"
        connection = sqlite3.connect(address, timeout=_WAIT_S, isolation_level=None, uri=True)
    except FileNotFoundError as fault:
        raise QuestionError(
            "You have no cards yet. Import a deck: bounceback cards import DECK.apkg"
        ) from fault
    try:
        try:
            _prepare(connection, path)
        except sqlite3.DatabaseError as fault:
            raise QuestionError(
                f"{path} cannot be used as a card collection ({fault}). It was left as it is; put "
                "a copy from a backup in its place, or move it away and import your decks again."
            ) from fault
        collection = CardCollection(connection, MediaFolder(folder / "media"), path, which)
        collection.settle_media()
        yield collection
    finally:
        connection.close()


def _identity(path: Path) -> tuple[int, int]:
    """Tell a file from any other that may come to stand in its place."""
    found = path.stat()
    return found.st_dev, found.st_ino


def delete_cards(folder: Path) -> None:
    """Delete the learner's cards with pictures and sounds, after whatever is being written.

    Whoever has them open can write nothing afterwards (``CardsGone``), so nothing comes back.

    Args:
        folder: The data folder.

    Raises:
        CardsBusy: An import holds them for longer than imports take; nothing was deleted.
    """
    _delete(folder, empty_alone=False)


def _delete(folder: Path, *, empty_alone: bool) -> None:
    held = sys.platform == "win32"  # there, no file goes that is open
    try:
        with open_cards(folder) as cards, cards.turn():
            if empty_alone and cards.count():
                return
            if not held:
                _unlink(folder)
    except CardsBusy:
        if not empty_alone:
            raise
    except QuestionError:  # none is there, or none that can be opened
        if not empty_alone:
            _unlink(folder)
    else:
        if held:
            _unlink(folder)


def _unlink(folder: Path) -> None:
    for path in folder.glob(f"{FILE}*"):
        path.unlink(missing_ok=True)
    shutil.rmtree(folder / "media", ignore_errors=True)


def _begin(path: Path) -> None:
    """Lay a new collection out beside its place and put it there whole, unless one is there by now.

    Two that open a file while it is laid out would shut each other out: how it is written (WAL) is
    set without waiting for others.
    """
    descriptor, name = mkstemp(prefix=f"{FILE}-new-", dir=path.parent)  # mode 0600
    os.close(descriptor)
    try:
        with closing(sqlite3.connect(name, isolation_level=None)) as connection:
            _prepare(connection, path)
        try:
            os.link(name, path)  # unlike a rename, never over what another process put there
        except FileExistsError:
            return
        except OSError:  # a file system without links
            if not path.exists():
                Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Set how the file is written, and lay it out if it is new."""
    connection.execute("PRAGMA journal_mode=WAL")
    # In WAL mode FULL means: a commit that was answered survives a power cut.
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA trusted_schema=OFF")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version == 0:
        with _turn(connection):
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version == 0:
                for statement in _statements(_LAYOUT):
                    connection.execute(statement)
                version = SCHEMA
    if version > SCHEMA:
        raise QuestionError(
            f"{path} has layout {version}; this version knows up to {SCHEMA}. Update Bounceback; "
            "the file was left as it is."
        )


def _statements(script: str) -> Iterator[str]:
    """Split a script, so that it runs inside a transaction (``executescript`` would end it)."""
    piece = ""
    for line in script.splitlines(keepends=True):
        piece += line
        if sqlite3.complete_statement(piece):
            yield piece
            piece = ""


@contextmanager
def _turn(connection: sqlite3.Connection) -> Iterator[None]:
    """Hold the right to write; keep everything at the end, or nothing if it is left by a fault."""
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as fault:
        raise CardsBusy(
            f"The cards are being written by another process ({fault}). Wait until it is done, "
            "then try again; nothing was changed."
        ) from fault
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


class CardCollection:
    """The learner's cards, open. Make one with ``open_cards``.

    Attributes:
        media: Content of pictures and sounds.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        media: MediaFolder,
        path: Path,
        which: tuple[int, int],
    ) -> None:
        self._connection = connection
        self._path, self._which = path, which
        self.media = media

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold the right to write for several calls that belong together.

        Raises:
            CardsBusy: Another process holds it.
            CardsGone: The cards were deleted since they were opened.
        """
        with _turn(self._connection):
            try:
                there = _identity(self._path) == self._which
            except FileNotFoundError:
                there = False
            if not there:
                raise CardsGone("The cards were deleted meanwhile; nothing of this was kept.")
            yield

    # Settings.

    def setting(self, name: str) -> Any:
        """Return what was remembered under a name, or ``None``."""
        row = self._connection.execute(
            "SELECT value FROM setting WHERE name = ?", (name,)
        ).fetchone()
        return None if row is None else json.loads(row[0])

    def remember(self, name: str, value: Any) -> None:
        """Remember a value (anything JSON holds); ``None`` forgets it."""
        if value is None:
            self._connection.execute("DELETE FROM setting WHERE name = ?", (name,))
        else:
            self._connection.execute(
                "INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, json.dumps(value))
            )

    def settled(self, exam: str) -> dict[str, str]:
        """Return the areas that the learner settled for one exam, by label (tag or deck)."""
        rows = self._connection.execute("SELECT label, area FROM settled WHERE exam = ?", (exam,))
        return dict(rows.fetchall())

    def settle(self, exam: str, areas: Mapping[str, str]) -> None:
        """Keep the area of some labels for one exam; an empty area takes a label back."""
        with self.turn():
            for label, area in areas.items():
                if area:
                    self._connection.execute(
                        "INSERT OR REPLACE INTO settled VALUES (?, ?, ?)", (exam, label, area)
                    )
                else:
                    self._connection.execute(
                        "DELETE FROM settled WHERE exam = ? AND label = ?", (exam, label)
                    )

    # Reading.

    def kept(self) -> Kept:
        """Return everything, ready for ``merge`` or ``write``."""
        reviews, marks = self.reviews()
        return Kept(
            package=Package(
                **self._clock(),
                generation="legacy-1",
                note_types=self.note_types(),
                decks=self.decks(),
                options=self.options(),
                notes=tuple(self.notes()),
                cards=self.cards(),
                reviews=reviews,
                media=self.media_files(),
            ),
            sources=self.sources(),
            review_sources=marks,
        )

    def _clock(self) -> dict[str, Any]:
        return {
            "created_s": self.setting("created_s") or 0,
            "creation_minutes_west": self.setting("creation_minutes_west"),
            "rollover_hour": self.setting("rollover_hour"),
        }

    @property
    def created_s(self) -> int:
        """Start of day 0, from which due days count; seconds since 1970 UTC."""
        return int(self.setting("created_s") or 0)

    def note_types(self) -> tuple[NoteType, ...]:
        """Return the note types."""
        rows = self._connection.execute("SELECT * FROM note_type ORDER BY id")
        return tuple(
            NoteType(
                id=identity,
                name=name,
                cloze=bool(cloze),
                fields=tuple(json.loads(fields)),
                templates=tuple(Template(*one) for one in json.loads(templates)),
                css=css,
            )
            for identity, name, cloze, fields, templates, css in rows
        )

    def decks(self) -> tuple[Deck, ...]:
        """Return the decks."""
        rows = self._connection.execute("SELECT * FROM deck ORDER BY id")
        return tuple(
            Deck(id=identity, name=name, filtered=bool(filtered), options_id=options)
            for identity, name, filtered, options in rows
        )

    def options(self) -> tuple[DeckOptions, ...]:
        """Return the deck options."""
        rows = self._connection.execute("SELECT * FROM deck_options ORDER BY id")
        return tuple(
            DeckOptions(
                id=identity,
                name=name,
                weights=tuple(json.loads(weights)),
                desired_retention=desired,
                historical_retention=historical,
                ignore_reviews_before=ignored,
            )
            for identity, name, weights, desired, historical, ignored in rows
        )

    def notes(self, ids: Iterable[int] | None = None) -> Iterator[Note]:
        """Yield the notes by id: all, or those asked for that are there."""
        select = "SELECT id, guid, note_type_id, fields, tags, modified_s FROM note"
        if ids is None:
            rows: Iterable[Any] = self._connection.execute(f"{select} ORDER BY id")
        else:
            rows = (
                row
                for one in ids
                for row in self._connection.execute(f"{select} WHERE id = ?", (one,))
            )
        for identity, guid, kind, fields, tags, modified in rows:
            yield Note(
                id=identity,
                guid=guid,
                note_type_id=kind,
                fields=tuple(json.loads(fields)),
                tags=tuple(tags.split()),
                modified_s=modified,
            )

    def labels(self) -> list[tuple[int, tuple[str, ...], str]]:
        """Return id, tags and deck name of each card, in order of card id, for ``map_cards``."""
        rows = self._connection.execute(
            "SELECT card.id, note.tags, coalesce(deck.name, '') FROM card "
            "JOIN note ON note.id = card.note_id LEFT JOIN deck ON deck.id = card.deck_id "
            "ORDER BY card.id"
        )
        return [(card, tuple(tags.split()), deck) for card, tags, deck in rows]

    def count(self) -> int:
        """Return the number of cards."""
        (cards,) = self._connection.execute("SELECT count() FROM card").fetchone()
        return int(cards)

    def cards(self) -> NDArray[Any]:
        """Return the cards as ``CARD_COLUMNS``, by id."""
        import numpy as np

        wanted = ", ".join(
            f"coalesce({name}, {_ABSENT})" if name in _REALS else name for name in _CARD_NAMES
        )
        rows = self._connection.execute(f"SELECT {wanted} FROM card ORDER BY id")
        cards = np.fromiter(rows, dtype=card_dtype())
        for name in _REALS:
            cards[name][cards[name] == _ABSENT] = np.nan
        return cards

    def reviews(self) -> tuple[NDArray[Any], NDArray[np.uint8]]:
        """Return the reviews as ``REVIEW_COLUMNS``, by time, and the source of each.

        Withdrawn answers are left out.
        """
        import numpy as np

        names = (*_REVIEW_NAMES, "source")
        numbers = chain.from_iterable(
            self._connection.execute(f"SELECT {', '.join(names)} FROM review")
        )
        fields = np.dtype([*review_dtype().descr, ("source", "u1")])
        pieces = [np.empty(0, fields)]
        while True:
            flat = np.fromiter(islice(numbers, len(names) * _ROWS_AT_ONCE), np.int64)
            if not len(flat):
                break
            pieces.append(np.empty(len(flat) // len(names), fields))
            for name, column in zip(names, flat.reshape(-1, len(names)).T, strict=True):
                pieces[-1][name] = column

        def whole(name: str) -> NDArray[Any]:
            return np.concatenate([piece[name] for piece in pieces])

        moments = whole("id")
        order = np.argsort(moments, kind="stable")
        gone = set(self._connection.execute("SELECT cid, id FROM withdrawn"))
        if gone:
            cards = whole("cid")
            keep = np.ones(len(order), np.bool_)
            for row in np.flatnonzero(np.isin(moments, [moment for _, moment in gone])).tolist():
                keep[row] = (int(cards[row]), int(moments[row])) not in gone
            order = order[keep[order]]
        reviews = np.empty(len(order), review_dtype())
        for name in _REVIEW_NAMES:
            reviews[name] = whole(name)[order]
        return reviews, whole("source")[order]

    def sources(self) -> tuple[str, ...]:
        """Return the names of where reviews came from, by place."""
        rows = self._connection.execute("SELECT name FROM review_source ORDER BY place")
        return tuple(name for (name,) in rows)

    def media_files(self) -> tuple[MediaFile, ...]:
        """Return the pictures and sounds."""
        rows = self._connection.execute("SELECT name, sha1, bytes FROM media ORDER BY name")
        return tuple(MediaFile(*row) for row in rows)

    def media_content(self, name: str) -> bytes:
        """Return the content of one file of ``media_files``.

        Raises:
            KeyError: There is no such file.
        """
        row = self._connection.execute("SELECT sha1 FROM media WHERE name = ?", (name,)).fetchone()
        if row is None:
            raise KeyError(name)
        return self.media.content(row[0])

    # Writing.

    def replace(self, before: Kept, after: Kept) -> None:
        """Write what ``merge`` made of ``before``; call inside ``turn``.

        Reviews are added, never replaced; everything else is written as it is now.
        """
        package = after.package
        for name, value in (
            ("created_s", package.created_s),
            ("creation_minutes_west", package.creation_minutes_west),
            ("rollover_hour", package.rollover_hour),
        ):
            self.remember(name, value)
        self._rewrite(
            "note_type",
            (
                (
                    one.id,
                    one.name,
                    int(one.cloze),
                    _json(one.fields),
                    _json([(t.name, t.front, t.back) for t in one.templates]),
                    one.css,
                )
                for one in package.note_types
            ),
        )
        self._rewrite(
            "deck", ((one.id, one.name, int(one.filtered), one.options_id) for one in package.decks)
        )
        self._rewrite(
            "deck_options",
            (
                (
                    one.id,
                    one.name,
                    _json(one.weights),
                    one.desired_retention,
                    one.historical_retention,
                    one.ignore_reviews_before,
                )
                for one in package.options
            ),
        )
        if package.notes is not before.package.notes:
            self._rewrite(
                "note",
                (
                    (n.id, n.guid, n.note_type_id, _json(n.fields), " ".join(n.tags), n.modified_s)
                    for n in package.notes
                ),
            )
        self._rewrite("card", _card_rows(package.cards))
        self._rewrite("media", ((one.name, one.sha1, one.bytes) for one in package.media))
        self._connection.executemany(
            "INSERT OR IGNORE INTO review_source VALUES (?, ?)", enumerate(after.sources)
        )
        if len(package.reviews) > len(before.package.reviews):
            self._add_reviews(package.reviews, after.review_sources)

    def _rewrite(self, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
        self._connection.execute(f"DELETE FROM {table}")
        columns = self._connection.execute(f"SELECT * FROM {table} LIMIT 0").description
        marks = ", ".join("?" for _ in columns)
        self._connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)

    def _add_reviews(self, reviews: NDArray[Any], marks: NDArray[np.uint8]) -> None:
        import numpy as np

        # In the order of the table's key, which is several times faster to insert; in pieces,
        # because a number as a Python object takes ten times its room in the array.
        order = np.lexsort((reviews["id"], reviews["cid"]))
        insert = (
            f"INSERT OR IGNORE INTO review VALUES ({', '.join('?' * (len(_REVIEW_NAMES) + 1))})"
        )
        for start in range(0, len(order), _ROWS_AT_ONCE):
            rows = order[start : start + _ROWS_AT_ONCE]
            piece = reviews[rows]
            columns = (piece[name].tolist() for name in _REVIEW_NAMES)
            self._connection.executemany(insert, zip(*columns, marks[rows].tolist(), strict=True))

    def card(self, card_id: int) -> dict[str, Any]:
        """Return one card by column; numbers that are absent are ``None``.

        Raises:
            KeyError: There is no such card.
        """
        row = self._connection.execute(
            f"SELECT {', '.join(_CARD_NAMES)} FROM card WHERE id = ?", (card_id,)
        ).fetchone()
        if row is None:
            raise KeyError(card_id)
        return dict(zip(_CARD_NAMES, row, strict=True))

    def last_answer_ms(self, card_id: int) -> int:
        """Return the instant of a card's last answer that was not taken back; 0 if there is none.

        Whoever holds a sitting asks before showing a card: another process may have answered it.
        """
        (last,) = self._connection.execute(
            "SELECT max(id) FROM review WHERE cid = ? AND ease > 0 AND NOT EXISTS "
            "(SELECT 1 FROM withdrawn WHERE withdrawn.cid = review.cid AND "
            "withdrawn.id = review.id)",
            (card_id,),
        ).fetchone()
        return int(last or 0)

    def put_card(self, card: Mapping[str, Any]) -> None:
        """Write one card as it is now, on the disk when this returns."""
        with self.turn():
            self._put_card(card)

    def _put_card(self, card: Mapping[str, Any]) -> None:
        changes = ", ".join(f"{name} = :{name}" for name in _CARD_NAMES)
        done = self._connection.execute(f"UPDATE card SET {changes} WHERE id = :id", dict(card))
        if done.rowcount != 1:
            raise KeyError(card["id"])

    def put_note(
        self, note_id: int, fields: Sequence[str], tags: Iterable[str], modified_s: int
    ) -> None:
        """Write the text and the tags of one note, on the disk when this returns.

        Args:
            note_id: The note.
            fields: One text a field of its type, in order.
            tags: Its tags, without spaces inside.
            modified_s: Instant of the change, seconds since 1970 UTC; an import with an older
                change of the same note leaves it as it is.

        Raises:
            KeyError: There is no such note.
        """
        with self.turn():
            done = self._connection.execute(
                "UPDATE note SET fields = ?, tags = ?, modified_s = ? WHERE id = ?",
                (_json(list(fields)), " ".join(tags), modified_s, note_id),
            )
            if done.rowcount != 1:
                raise KeyError(note_id)

    def put_answer(
        self, card: Mapping[str, Any], review: Mapping[str, int], known_ms: int | None = None
    ) -> bool:
        """Write one own answer and its card, together, on the disk when this returns.

        Args:
            card: The card as it is after the answer.
            review: The answer.
            known_ms: Instant up to which the caller knows the card's answers. If a later one
                stands, another process gave it, and nothing is written.

        Returns:
            Whether it was written.
        """
        marks = ", ".join(f":{name}" for name in _REVIEW_NAMES)
        with self.turn():
            if known_ms is not None and self.last_answer_ms(card["id"]) > known_ms:
                return False
            self._connection.execute(f"INSERT INTO review VALUES ({marks}, 0)", dict(review))
            self._put_card(card)
        return True

    def withdraw(self, card: Mapping[str, Any], review_id: int) -> None:
        """Take back one own answer: it stays in the file and counts no more.

        Args:
            card: The card as it was before the answer.
            review_id: The answer.
        """
        with self.turn():
            self._connection.execute("INSERT INTO withdrawn VALUES (?, ?)", (card["id"], review_id))
            self._put_card(card)

    def settle_media(self) -> None:
        """Finish or clear away what an import that was killed left in the media folder."""
        if not self.media.arriving():
            return
        self._connection.execute("PRAGMA busy_timeout=0")
        try:
            with self.turn():
                self.sort_arrivals()
        except (CardsBusy, CardsGone):
            return  # another process is importing now; the files are its own
        finally:
            self._connection.execute(f"PRAGMA busy_timeout={int(_WAIT_S * 1000)}")

    def sort_arrivals(self) -> None:
        """Keep the arrived files that are listed, drop the others; call inside ``turn``."""
        listed = {sha1 for (sha1,) in self._connection.execute("SELECT sha1 FROM media")}
        self.media.sort_arrivals(listed.__contains__)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _card_rows(cards: NDArray[Any]) -> Iterator[tuple[Any, ...]]:
    columns = []
    for name in _CARD_NAMES:
        values = cards[name].tolist()
        # NaN is the array's way to say that nothing is known; in the file that is NULL.
        columns.append([None if v != v else v for v in values] if name in _REALS else values)
    return zip(*columns, strict=True)
