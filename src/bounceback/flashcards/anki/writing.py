"""Write a package that today's Anki imports: notes, media, tags, history and scheduling.

The format is the oldest that current programs read (legacy-1: schema 11 in ``collection.anki2``, no
``meta``). Anki 26.09.3 imports it with every review and memory state; so do older versions and
other programs. The file appears whole or not at all.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import tempfile
import tomllib
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from functools import cache
from html import unescape
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from bounceback.flashcards.anki import media
from bounceback.flashcards.anki.collection import FIELD_SEPARATOR
from bounceback.flashcards.anki.models import LEARNING, REVIEW, Deck, DeckOptions, NoteType, Package

_SCHEMA: Final = """
CREATE TABLE col (id integer PRIMARY KEY, crt integer NOT NULL, mod integer NOT NULL,
  scm integer NOT NULL, ver integer NOT NULL, dty integer NOT NULL, usn integer NOT NULL,
  ls integer NOT NULL, conf text NOT NULL, models text NOT NULL, decks text NOT NULL,
  dconf text NOT NULL, tags text NOT NULL);
CREATE TABLE notes (id integer PRIMARY KEY, guid text NOT NULL, mid integer NOT NULL,
  mod integer NOT NULL, usn integer NOT NULL, tags text NOT NULL, flds text NOT NULL,
  sfld integer NOT NULL, csum integer NOT NULL, flags integer NOT NULL, data text NOT NULL);
CREATE TABLE cards (id integer PRIMARY KEY, nid integer NOT NULL, did integer NOT NULL,
  ord integer NOT NULL, mod integer NOT NULL, usn integer NOT NULL, type integer NOT NULL,
  queue integer NOT NULL, due integer NOT NULL, ivl integer NOT NULL, factor integer NOT NULL,
  reps integer NOT NULL, lapses integer NOT NULL, left integer NOT NULL, odue integer NOT NULL,
  odid integer NOT NULL, flags integer NOT NULL, data text NOT NULL);
CREATE TABLE revlog (id integer PRIMARY KEY, cid integer NOT NULL, usn integer NOT NULL,
  ease integer NOT NULL, ivl integer NOT NULL, lastIvl integer NOT NULL, factor integer NOT NULL,
  time integer NOT NULL, type integer NOT NULL);
CREATE TABLE graves (usn integer NOT NULL, oid integer NOT NULL, type integer NOT NULL);
CREATE INDEX ix_notes_usn ON notes (usn);
CREATE INDEX ix_cards_usn ON cards (usn);
CREATE INDEX ix_revlog_usn ON revlog (usn);
CREATE INDEX ix_cards_nid ON cards (nid);
CREATE INDEX ix_cards_sched ON cards (did, queue, due);
CREATE INDEX ix_revlog_cid ON revlog (cid);
CREATE INDEX ix_notes_csum ON notes (csum);
"""
_LATEX_PRE: Final = "\\documentclass[12pt]{article}\n\\pagestyle{empty}\n\\begin{document}\n"
_LATEX_POST: Final = "\\end{document}"
_ZIP_DATE: Final = (
    1980,
    1,
    1,
    0,
    0,
    0,
)  # the zip format's first day: the same deck, the same bytes
_NOT_SYNCED: Final = -1
_DEFAULT_DECK: Final = 1
_FILTERED_QUEUE_PREVIEW: Final = 4
_QUEUE_BY_TYPE: Final = {0: 0, LEARNING: 1, REVIEW: 2, 3: 1}
_IMAGE_TAG: Final = re.compile(r"(?i)<img[^<>]*>")
_IMAGE_NAME: Final = re.compile(r"(?i)src\s*=\s*[\"']?([^\"'<> ]+)")
_TAG: Final = re.compile(r"<[^<>]*>")
_REMOVED_WHOLE: Final = (("<!--", "-->"), ("<style", "</style>"), ("<script", "</script>"))
"""Where what is not text begins, and where it ends."""
_NO_MEDIA: Final[Mapping[str, bytes]] = MappingProxyType({})
_ROWS_AT_ONCE: Final = 100_000
_BYTES_AT_ONCE: Final = 1 << 18


def write(
    package: Package,
    path: Path | str,
    media_content: Callable[[str], bytes] | Mapping[str, bytes] = _NO_MEDIA,
    *,
    modified_ms: int | None = None,
) -> None:
    """Write ``package`` to ``path`` as a legacy-1 Anki package, whole or not at all.

    Cards in filtered decks are written to their home decks, since a filtered deck cannot travel.

    Args:
        package: What to write. ``generation``, ``warnings`` and ``skipped`` play no part.
        path: Where; replaced if it exists.
        media_content: Content of each file of ``package.media``, by name.
        modified_ms: When the deck was last changed, milliseconds since 1970 UTC; without it, the
            latest moment that the package itself knows of.

    Raises:
        ValueError: A media name is unsafe, a content does not have its SHA-1, or an id is double.
        KeyError: Content of a media file is missing.
        OSError: The file cannot be written.
    """
    target = Path(path)
    content = media_content.__getitem__ if isinstance(media_content, Mapping) else media_content
    with tempfile.TemporaryDirectory(prefix=".bounceback-", dir=target.parent) as folder:
        database = Path(folder) / "collection"
        _write_database(package, database, modified_ms or _latest_ms(package))
        packed = Path(folder) / "package"
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            entry = _entry("collection.anki2", zipfile.ZIP_DEFLATED)
            with archive.open(entry, "w", force_zip64=True) as out, database.open("rb") as source:
                while chunk := source.read(_BYTES_AT_ONCE):
                    out.write(chunk)
            names = {str(index): file.name for index, file in enumerate(package.media)}
            for index, file in enumerate(package.media):
                # Pictures and sounds are packed already, so they are stored as they are.
                archive.writestr(
                    _entry(str(index), zipfile.ZIP_STORED),
                    _checked(file.name, file.sha1, content(file.name)),
                )
            listed = json.dumps(names, ensure_ascii=False)
            archive.writestr(_entry("media", zipfile.ZIP_DEFLATED), listed.encode())
        packed.replace(target)


def _entry(name: str, method: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _ZIP_DATE)
    entry.compress_type = method
    return entry


def _checked(name: str, sha1: str, content: bytes) -> bytes:
    why = media.unsafe_name(name)
    if why:
        raise ValueError(f"media {name!r} was not written: {why}. Rename the file.")
    found = hashlib.sha1(content, usedforsecurity=False).hexdigest()
    if found != sha1:
        raise ValueError(
            f"media {name!r} was not written: its content has SHA-1 {found}, the deck says {sha1}."
            " Import the file again."
        )
    return content


def _latest_ms(package: Package) -> int:
    moments = [package.created_s * 1000]
    if len(package.reviews):
        moments.append(int(package.reviews["id"].max()))
    if len(package.cards):
        moments.append(int(package.cards["modified_s"].max()) * 1000)
    moments.extend(note.modified_s * 1000 for note in package.notes)
    return max(moments)


def _write_database(package: Package, path: Path, modified_ms: int) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=OFF")
        connection.execute("PRAGMA synchronous=OFF")
        connection.executescript(_SCHEMA)
        connection.execute("BEGIN")
        connection.execute(
            "INSERT INTO col VALUES (1, ?, ?, ?, 11, 0, 0, 0, ?, ?, ?, ?, '{}')",
            (
                package.created_s,
                modified_ms,
                modified_ms,
                json.dumps(_conf(package)),
                json.dumps({str(one.id): _model(one, modified_ms) for one in package.note_types}),
                json.dumps(_decks(package, modified_ms)),
                json.dumps(_options(package.options, modified_ms)),
            ),
        )
        sort = {one.id: one for one in package.note_types}
        try:
            connection.executemany(
                "INSERT INTO notes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, '')",
                (_note_row(note, sort[note.note_type_id]) for note in package.notes),
            )
            connection.executemany(
                "INSERT INTO cards VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?)",
                _card_rows(package.cards),
            )
            connection.executemany(
                "INSERT INTO revlog VALUES (?, ?, -1, ?, ?, ?, ?, ?, ?)", _review_rows(package)
            )
        except sqlite3.IntegrityError as fault:
            raise ValueError(
                f"the package was not written: two rows share an id ({fault})"
            ) from fault
        connection.execute("COMMIT")


def _conf(package: Package) -> dict[str, Any]:
    conf: dict[str, Any] = {
        "activeDecks": [_DEFAULT_DECK],
        "curDeck": _DEFAULT_DECK,
        "curModel": str(package.note_types[0].id) if package.note_types else None,
        "nextPos": 1,
        "schedVer": 2,
        "sched2021": True,
    }
    if package.creation_minutes_west is not None:
        conf["creationOffset"] = package.creation_minutes_west
    if package.rollover_hour is not None:
        conf["rollover"] = package.rollover_hour
    return conf


def _model(kind: NoteType, modified_ms: int) -> dict[str, Any]:
    return {
        "id": kind.id,
        "name": kind.name,
        "type": int(kind.cloze),
        "mod": modified_ms // 1000,
        "usn": _NOT_SYNCED,
        "sortf": 0,
        "did": None,
        "css": kind.css,
        "latexPre": _LATEX_PRE,
        "latexPost": _LATEX_POST,
        "latexsvg": False,
        "req": [],
        "vers": [],
        "tags": [],
        "flds": [
            {"name": name, "ord": at, "sticky": False, "rtl": False, "font": "Arial", "size": 20}
            for at, name in enumerate(kind.fields)
        ],
        "tmpls": [
            {
                "name": one.name,
                "ord": at,
                "qfmt": one.front,
                "afmt": one.back,
                "bqfmt": "",
                "bafmt": "",
                "did": None,
            }
            for at, one in enumerate(kind.templates)
        ],
    }


def _decks(package: Package, modified_ms: int) -> dict[str, Any]:
    decks = {deck.id: deck for deck in package.decks if not deck.filtered}
    decks.setdefault(_DEFAULT_DECK, Deck(id=_DEFAULT_DECK, name="Default"))
    options = {one.id for one in package.options}
    return {
        str(deck.id): {
            "id": deck.id,
            "name": deck.name,
            "mod": modified_ms // 1000,
            "usn": _NOT_SYNCED,
            "dyn": 0,
            "conf": deck.options_id if deck.options_id in options else _DEFAULT_DECK,
            "desc": "",
            "collapsed": False,
            "browserCollapsed": False,
            "extendNew": 0,
            "extendRev": 0,
            "newToday": [0, 0],
            "revToday": [0, 0],
            "lrnToday": [0, 0],
            "timeToday": [0, 0],
        }
        for deck in decks.values()
    }


def _options(options: tuple[DeckOptions, ...], modified_ms: int) -> dict[str, Any]:
    """Options by id. What we do not know of them gets Anki's starting values."""
    found = {one.id: one for one in options}
    found.setdefault(_DEFAULT_DECK, DeckOptions(id=_DEFAULT_DECK, name="Default"))
    written: dict[str, Any] = {}
    for one in found.values():
        entry: dict[str, Any] = {
            **_starting_options(),
            "id": one.id,
            "name": one.name,
            "mod": modified_ms // 1000,
            "usn": _NOT_SYNCED,
            "dyn": False,
        }
        if one.weights:
            # FSRS-4.5, 5 and 6 have 17, 19 and 21 weights, each under its own key.
            key = {17: "fsrsWeights", 19: "fsrsParams5"}.get(len(one.weights), "fsrsParams6")
            entry[key] = list(one.weights)
        if one.desired_retention is not None:
            entry["desiredRetention"] = one.desired_retention
        if one.historical_retention is not None:
            entry["sm2Retention"] = one.historical_retention
        if one.ignore_reviews_before is not None:
            entry["ignoreRevlogsBeforeDate"] = one.ignore_reviews_before
        written[str(one.id)] = entry
    return written


@cache
def _starting_options() -> Mapping[str, Any]:
    data = files("bounceback.flashcards").joinpath("data/anki_deck_options.toml").read_text("utf-8")
    return tomllib.loads(data)


def _note_row(note: Any, kind: NoteType) -> tuple[Any, ...]:
    first = _plain(note.fields[0])
    checksum = int(hashlib.sha1(first.encode(), usedforsecurity=False).hexdigest()[:8], 16)
    tags = f" {' '.join(note.tags)} " if note.tags else ""
    fields = FIELD_SEPARATOR.join(field.replace(FIELD_SEPARATOR, " ") for field in note.fields)
    return (note.id, note.guid, kind.id, note.modified_s, -1, tags, fields, first, checksum)


def _plain(html: str) -> str:
    """Return the text by which Anki compares first fields: no mark-up, media names kept."""

    def name(tag: re.Match[str]) -> str:
        source = _IMAGE_NAME.search(tag[0])
        return f" {source[1]} " if source else tag[0]

    text = _IMAGE_TAG.sub(name, html)
    for start, end in _REMOVED_WHOLE:
        text = _without(text, start, end)
    return unescape(_TAG.sub("", text)).strip()


def _without(text: str, start: str, end: str) -> str:
    """Return a text without what stands between two marks; one pass, whatever the text."""
    low, parts, at = text.lower(), [], 0
    if len(low) != len(text):
        return text  # a letter whose small form is longer: its tags still go, one by one
    while (begin := low.find(start, at)) >= 0 and (stop := low.find(end, begin)) >= 0:
        parts.append(text[at:begin])
        at = stop + len(end)
    return "".join([*parts, text[at:]])


def _card_rows(cards: Any) -> Iterator[tuple[Any, ...]]:
    for card in cards:
        kind, queue = int(card["type"]), int(card["queue"])
        if (card["filtered_deck_id"] and queue >= 0) or queue == _FILTERED_QUEUE_PREVIEW:
            queue = _QUEUE_BY_TYPE[kind]
        yield (
            int(card["id"]),
            int(card["note_id"]),
            int(card["deck_id"]),
            int(card["template"]),
            int(card["modified_s"]),
            _NOT_SYNCED,
            kind,
            queue,
            int(card["due"]),
            int(card["interval_days"]),
            int(card["ease_permille"]),
            int(card["repetitions"]),
            int(card["lapses"]),
            int(card["left"]),
            int(card["flag"]),
            _data(card),
        )


def _data(card: Any) -> str:
    found: dict[str, float | int] = {}
    for key, column, places in (
        ("s", "stability", 4),
        ("d", "difficulty", 3),
        ("dr", "desired_retention", 2),
        ("decay", "decay", 3),
    ):
        value = float(card[column])
        if value == value:
            found[key] = round(value, places)
    if card["last_review_s"]:
        found["lrt"] = int(card["last_review_s"])
    return json.dumps(found, separators=(",", ":")) if found else ""


def _review_rows(package: Package) -> Iterator[tuple[Any, ...]]:
    columns = ("id", "cid", "ease", "ivl", "lastIvl", "factor", "time", "type")
    reviews = package.reviews
    ids = _one_a_millisecond(reviews["id"])
    for start in range(0, len(reviews), _ROWS_AT_ONCE):
        part = reviews[start : start + _ROWS_AT_ONCE].copy()
        part["id"] = ids[start : start + _ROWS_AT_ONCE]
        yield from zip(*(part[name].tolist() for name in columns), strict=True)


def _one_a_millisecond(ids: Any) -> Any:
    """Return review ids of which no two are equal: Anki keeps one review a millisecond.

    Reviews of two cards in the same millisecond are moved a millisecond on, in order.
    """
    import numpy as np

    if len(np.unique(ids)) == len(ids):
        return ids
    order = np.argsort(ids, kind="stable")
    moved = ids[order].copy()
    last = moved[0] - 1
    for at, moment in enumerate(moved.tolist()):
        last = max(moment, last + 1)
        moved[at] = last
    spread = np.empty_like(ids)
    spread[order] = moved
    return spread
