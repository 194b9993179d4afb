"""Rows of an unpacked collection to values: schema 11 (JSON in one row) and 18 (tables).

Facts of the format, in our own words, checked against collections of Anki 26.09.3: fields of a note
are joined by U+001F and tags by spaces; in schema 18 the levels of a deck's name are joined by
U+001F too, in schema 11 by ``::``; settings are JSON in schema 11 and protocol-buffer messages in
schema 18. A row that cannot be right is listed in ``skipped`` and left out; the rest is read.
"""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final, TypeVar

from bounceback.errors import UntrustedInputError
from bounceback.flashcards.anki import protobuf
from bounceback.flashcards.anki.archive import parse_json
from bounceback.flashcards.anki.database import one_row, tables
from bounceback.flashcards.anki.limits import Limits, refuse
from bounceback.flashcards.anki.models import (
    DECK_SEPARATOR,
    MOMENT_MAX_MS,
    MOMENT_MIN_MS,
    NEW,
    REVIEW,
    Deck,
    DeckOptions,
    Note,
    NoteType,
    Skipped,
    Template,
    card_dtype,
    review_dtype,
)
from bounceback.flashcards.fsrs import weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

FIELD_SEPARATOR: Final = "\x1f"
SCHEMAS: Final = (11, 18)
"""Schemas that Anki puts in packages. 12 to 17 were steps of one upgrade and reach no file."""

_DECODED_DATA_BYTES_MAX: Final = 2048
_CLOZE_KIND: Final = 1
_CLOZE_TEMPLATE_MAX: Final = 499  # Anki numbers gaps from 1 to 500
_INT32_MAX: Final = 2**31 - 1
_LISTED_MAX: Final = 1000
_FIELDS_MAX: Final = 1000
_PROTOBUF_KINDS: Final = {"normal": 1, "filtered": 2}


@dataclass(slots=True)
class Findings:
    """What was odd and what was left out, while reading. Lists stay short in a hostile file."""

    warnings: list[str] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    unlisted: int = 0

    def warn(self, sentence: str) -> None:
        """Add one warning."""
        if len(self.warnings) < _LISTED_MAX:
            self.warnings.append(sentence)

    def skip(self, what: str, why: str) -> None:
        """Add one part that is left out."""
        if len(self.skipped) < _LISTED_MAX:
            self.skipped.append(Skipped(what, why))
        else:
            self.unlisted += 1

    def close(self) -> None:
        """Say how many more there were than are listed."""
        if self.unlisted:
            self.skipped.append(Skipped(f"{self.unlisted:,} more", "the list stops here"))
            self.unlisted = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The collection as a whole: its clock, note types, decks and options."""

    schema: int
    created_s: int
    creation_minutes_west: int | None
    rollover_hour: int | None
    note_types: Mapping[int, NoteType]
    decks: Mapping[int, Deck]
    options: Mapping[int, DeckOptions]


def read_settings(connection: sqlite3.Connection, limits: Limits, findings: Findings) -> Settings:
    """Read everything but notes, cards and reviews.

    Raises:
        UntrustedInputError: Tables are missing, or the schema is none that packages carry.
    """
    present = tables(connection)
    missing = {"col", "notes", "cards", "revlog"} - present
    if missing:
        raise refuse(
            f"its collection has no table {', '.join(sorted(missing))}",
            "col, notes, cards and revlog (package format)",
            "Export the deck again from Anki.",
        )
    row = one_row(connection, "SELECT crt, ver, conf, models, decks, dconf FROM col")
    if row is None:
        raise refuse(
            "its collection has no settings row",
            "one row in col (package format)",
            "Export the deck again from Anki.",
        )
    created, schema = row[0], row[1]
    if schema not in SCHEMAS:
        raise refuse(
            f"its collection has schema {schema!r}",
            f"schema {' or '.join(map(str, SCHEMAS))} (package format)",
            "Open the collection in a current Anki and export it from there.",
        )
    if not isinstance(created, int) or not 0 <= created < 2**40:
        findings.warn("The collection does not say when it was created; due days are unknown.")
        created = 0
    if schema == SCHEMAS[0]:
        found = _settings_11(row, created, limits, findings)
        _warn_of_weights(found, findings)
        return found
    needed = {"config", "decks", "deck_config", "notetypes", "fields", "templates"} - present
    if needed:
        raise refuse(
            f"its collection of schema 18 has no table {', '.join(sorted(needed))}",
            "the tables of schema 18 (package format)",
            "Export the deck again from Anki.",
        )
    found = _settings_18(connection, created, limits, findings)
    _warn_of_weights(found, findings)
    return found


def _warn_of_weights(settings: Settings, findings: Findings) -> None:
    """Name the deck options whose weights this version cannot replay with, FSRS-7 above all."""
    for one in settings.options.values():
        try:
            if one.weights:
                weights(one.weights)
        except UntrustedInputError as fault:
            findings.warn(f"The weights of the deck options {one.name!r} were not used: {fault}")


# Schema 11: four JSON texts in one row.


def _object(text: object, what: str, limits: Limits, findings: Findings) -> dict[str, Any]:
    if not isinstance(text, str) or not text.strip():
        return {}
    if len(text) > limits.json_bytes:
        raise refuse(
            f"its {what} take {len(text):,} characters",
            f"{limits.json_bytes:,} (safety cap)",
            "Check where the file comes from.",
        )
    try:
        found = parse_json(text, limits.depth)
    except ValueError as fault:
        findings.warn(f"The {what} of the collection cannot be read ({fault}).")
        return {}
    return found if isinstance(found, dict) else {}


def _settings_11(
    row: tuple[Any, ...], created: int, limits: Limits, findings: Findings
) -> Settings:
    conf = _object(row[2], "settings", limits, findings)
    note_types = {
        kind.id: kind
        for kind in _each(
            _object(row[3], "note types", limits, findings), "note type", _note_type_11, findings
        )
    }
    piles = _object(row[4], "decks", limits, findings)
    decks = {deck.id: deck for deck in _each(piles, "deck", _deck_11, findings)}
    dconf = _object(row[5], "deck options", limits, findings)
    options = {one.id: one for one in _each(dconf, "deck options", _options_11, findings)}
    return Settings(
        schema=SCHEMAS[0],
        created_s=created,
        creation_minutes_west=_minutes_west(conf.get("creationOffset")),
        rollover_hour=_hour(conf.get("rollover")),
        note_types=note_types,
        decks=decks,
        options=options,
    )


_T = TypeVar("_T")


def _each(
    found: dict[str, Any],
    what: str,
    make: Callable[[int, dict[str, Any]], _T],
    findings: Findings,
) -> Iterator[_T]:
    for key, value in found.items():
        try:
            yield make(_whole(key), value)
        except _ROW_FAULTS as fault:
            findings.skip(f"{what} {key[:40]}", f"its settings cannot be read ({fault!r})")


def _note_type_11(identity: int, found: dict[str, Any]) -> NoteType:
    return NoteType(
        id=identity,
        name=str(found["name"]),
        cloze=found.get("type", 0) == _CLOZE_KIND,
        fields=tuple(str(one["name"]) for one in _in_order(found["flds"])),
        templates=tuple(
            Template(str(one["name"]), str(one["qfmt"]), str(one["afmt"]))
            for one in _in_order(found["tmpls"])
        ),
        css=str(found.get("css", "")),
    )


def _in_order(parts: Any) -> list[dict[str, Any]]:
    return sorted(parts, key=lambda one: _whole(one.get("ord", 0)))


def _deck_11(identity: int, found: dict[str, Any]) -> Deck:
    options = found.get("conf")
    return Deck(
        id=identity,
        name=str(found["name"]).replace(FIELD_SEPARATOR, DECK_SEPARATOR),
        filtered=bool(found.get("dyn", 0)),
        options_id=options if isinstance(options, int) else None,
    )


def _options_11(identity: int, found: dict[str, Any]) -> DeckOptions:
    own: tuple[float, ...] = ()
    for key in ("fsrsParams6", "fsrsParams5", "fsrsWeights"):
        own = own or _weight_list(found.get(key))
    return DeckOptions(
        id=identity,
        name=str(found.get("name", "")),
        weights=own,
        desired_retention=_share(found.get("desiredRetention")),
        historical_retention=_share(found.get("sm2Retention")),
        ignore_reviews_before=str(found.get("ignoreRevlogsBeforeDate") or "") or None,
    )


# Schema 18: tables, with protocol-buffer messages in blobs.


def _settings_18(
    connection: sqlite3.Connection, created: int, limits: Limits, findings: Findings
) -> Settings:
    conf: dict[str, Any] = {}
    rows = _Bounded(connection, limits)
    for key, value in rows.of("SELECT KEY, val FROM config"):
        if key in ("creationOffset", "rollover") and isinstance(value, bytes):
            try:
                conf[key] = parse_json(value[:32].decode("utf-8", "replace"), limits.depth)
            except ValueError:
                findings.warn(f"The setting {key} of the collection cannot be read.")
    note_types = _note_types_18(rows, findings)
    decks: dict[int, Deck] = {}
    for identity, name, kind in rows.of("SELECT id, name, kind FROM decks"):
        try:
            decks[_whole(identity)] = _deck_18(_whole(identity), name, kind)
        except _ROW_FAULTS as fault:
            findings.skip(f"deck {identity!r}"[:60], f"its settings cannot be read ({fault!r})")
    options: dict[int, DeckOptions] = {}
    for identity, name, config in rows.of("SELECT id, name, config FROM deck_config"):
        try:
            options[_whole(identity)] = _options_18(_whole(identity), name, config)
        except _ROW_FAULTS as fault:
            what = f"deck options {identity!r}"[:60]
            findings.skip(what, f"the options cannot be read ({fault!r})")
    return Settings(
        schema=SCHEMAS[1],
        created_s=created,
        creation_minutes_west=_minutes_west(conf.get("creationOffset")),
        rollover_hour=_hour(conf.get("rollover")),
        note_types=note_types,
        decks=decks,
        options=options,
    )


class _Bounded:
    """Rows of several queries, counted together against the caps on settings."""

    def __init__(self, connection: sqlite3.Connection, limits: Limits) -> None:
        self._connection = connection
        self._limits = limits
        self._rows = 0
        self._bytes = 0

    def of(self, query: str) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of one query."""
        for row in self._connection.execute(query):
            self._rows += 1
            self._bytes += sum(len(value) for value in row if isinstance(value, str | bytes))
            if self._rows > self._limits.settings_rows or self._bytes > self._limits.settings_bytes:
                raise refuse(
                    f"its settings take more than {self._rows - 1:,} rows or {self._bytes:,} bytes",
                    f"{self._limits.settings_rows:,} rows, {self._limits.settings_bytes:,} bytes"
                    " (safety cap)",
                    "Check where the file comes from.",
                )
            yield row


def _note_types_18(rows: _Bounded, findings: Findings) -> dict[int, NoteType]:
    names: dict[int, list[tuple[int, str]]] = {}
    for owner, order, name in rows.of("SELECT ntid, ord, name FROM fields"):
        names.setdefault(owner, []).append((order, str(name)))
    faces: dict[int, list[tuple[int, Template]]] = {}
    for owner, order, name, config in rows.of("SELECT ntid, ord, name, config FROM templates"):
        try:
            template = Template(str(name), protobuf.text(config, 1), protobuf.text(config, 2))
        except _ROW_FAULTS as fault:
            findings.skip(f"template {name!r}"[:60], f"it cannot be read ({fault!r})")
            continue
        faces.setdefault(owner, []).append((order, template))
    found: dict[int, NoteType] = {}
    for identity, name, config in rows.of("SELECT id, name, config FROM notetypes"):
        try:
            found[_whole(identity)] = NoteType(
                id=_whole(identity),
                name=str(name),
                cloze=protobuf.integer(config, 1) == _CLOZE_KIND,
                fields=tuple(one for _, one in sorted(names.get(identity, ()))),
                templates=tuple(
                    one for _, one in sorted(faces.get(identity, ()), key=lambda at: at[0])
                ),
                css=protobuf.text(config, 3),
            )
        except _ROW_FAULTS as fault:
            findings.skip(f"note type {identity!r}"[:60], f"it cannot be read ({fault!r})")
    return found


def _deck_18(identity: int, name: object, kind: bytes) -> Deck:
    normal = protobuf.message(kind, _PROTOBUF_KINDS["normal"])
    return Deck(
        id=identity,
        name=str(name).replace(FIELD_SEPARATOR, DECK_SEPARATOR),
        filtered=protobuf.message(kind, _PROTOBUF_KINDS["filtered"]) is not None,
        options_id=None if normal is None else _signed(protobuf.integer(normal, 1)),
    )


def _options_18(identity: int, name: object, config: bytes) -> DeckOptions:
    own: tuple[float, ...] = ()
    for number in (6, 5, 3):  # FSRS-6, FSRS-5, FSRS-4.5
        own = own or _weight_list(protobuf.floats(config, number))
    return DeckOptions(
        id=identity,
        name=str(name),
        weights=own,
        desired_retention=_share(_float(config, 37)),
        historical_retention=_share(_float(config, 40)),
        ignore_reviews_before=protobuf.text(config, 46) or None,
    )


def _float(config: bytes, number: int) -> float | None:
    found = protobuf.floats(config, number)
    return found[-1] if found else None


# The long tables.


def read_notes(
    connection: sqlite3.Connection, settings: Settings, limits: Limits, findings: Findings
) -> Iterator[Note]:
    """Yield the notes in the order of their ids.

    A note with fewer fields than its type gets empty ones; further fields are joined to the last,
    with a warning for each. A note of an unknown type, or without a guid, is skipped.
    """
    _refuse_long(connection, "notes", limits.notes)
    seen: set[str] = set()
    characters = 0
    for identity, guid, kind, modified, tags, fields in connection.execute(
        "SELECT id, guid, mid, mod, tags, flds FROM notes ORDER BY id"
    ):
        what = f"note {identity}"
        note_type = settings.note_types.get(kind)
        if note_type is None:
            findings.skip(what, "its note type is not in the package")
            continue
        guid = str(guid) if isinstance(guid, int | float) else guid
        if not isinstance(guid, str) or not guid:
            findings.skip(what, "it has no guid, by which copies of a note are told apart")
            continue
        if guid in seen:
            findings.skip(what, f"another note has the same guid {guid[:40]!r}")
            continue
        if isinstance(fields, int | float):
            fields = str(fields)
        if not isinstance(fields, str):
            findings.skip(what, "its fields are no text")
            continue
        characters += len(fields)
        if characters > limits.notes_bytes:
            raise refuse(
                f"its notes take more than {limits.notes_bytes:,} characters",
                f"{limits.notes_bytes:,} (safety cap)",
                "Split the deck and export the parts.",
            )
        if isinstance(tags, str) and len(tags) > limits.tags_bytes:
            findings.skip(f"tags of note {identity}", f"they take {len(tags):,} characters")
            tags = ""
        parts = fields.split(FIELD_SEPARATOR, _FIELDS_MAX)
        wanted = len(note_type.fields)
        if len(parts) != wanted:
            if not wanted:
                findings.skip(what, "its note type has no fields")
                continue
            findings.warn(f"Note {identity} has {len(parts)} fields; its type has {wanted}.")
            last = " ".join(parts[wanted - 1 :])
            parts = [*parts[: wanted - 1], last]
            parts += [""] * (wanted - len(parts))
        seen.add(guid)
        yield Note(
            id=identity,
            guid=guid,
            note_type_id=kind,
            fields=tuple(parts),
            tags=tuple(dict.fromkeys(tags.replace("\u3000", " ").split()))
            if isinstance(tags, str)
            else (),
            modified_s=modified if isinstance(modified, int) else 0,
        )


def read_cards(
    connection: sqlite3.Connection,
    settings: Settings,
    note_types_by_note: Mapping[int, NoteType],
    limits: Limits,
    findings: Findings,
) -> NDArray[Any]:
    """Return the cards as a structured array (``CARD_COLUMNS``), by id.

    A card is skipped if its note is not in the package, its template is not in its note type, or a
    number in it is none.

    Args:
        note_types_by_note: Note type of each note that was read, by note id.
    """
    import numpy as np

    count = _refuse_long(connection, "cards", limits.cards)
    cards = _plain_cards(connection, count, settings, note_types_by_note)
    if cards is not None:
        return cards
    rows = (
        row
        for raw in connection.execute(f"SELECT {_CARD_COLUMNS}, data FROM cards ORDER BY id")
        if (row := _card(raw, settings, note_types_by_note, findings)) is not None
    )
    return np.fromiter(rows, dtype=card_dtype())


def _plain_cards(
    connection: sqlite3.Connection,
    count: int,
    settings: Settings,
    note_types_by_note: Mapping[int, NoteType],
) -> NDArray[Any] | None:
    """Return the cards if nothing about any of them is odd, else ``None``: then row by row.

    The same rules as ``_card``, a column at a time.
    """
    import numpy as np

    width = len(_CARD_NUMBERS)
    query = f"SELECT {_CARD_COLUMNS} FROM cards ORDER BY id"
    try:
        numbers = np.fromiter(
            chain.from_iterable(connection.execute(query)), np.int64, count * width
        ).reshape(-1, width)
        notes = np.fromiter(note_types_by_note, np.int64, len(note_types_by_note))
    except (TypeError, ValueError, OverflowError):
        return None
    columns = dict(zip(_CARD_NUMBERS, numbers.T, strict=True))
    for name, column in columns.items():
        low, high = _CARD_RANGES.get(name, _INT32)
        if count and not low <= int(column.min()) <= int(column.max()) <= high:
            return None
    last = np.fromiter(map(_last_template, note_types_by_note.values()), np.int64, len(notes))
    order = np.argsort(notes)
    at = np.searchsorted(notes, columns["note"], sorter=order)
    if count and (not len(notes) or int(at.max()) >= len(notes)):
        return None
    at = order[at]
    away = columns["home deck"] != 0
    home = np.where(away, columns["home deck"], columns["deck"])
    if not (
        (notes[at] == columns["note"]).all()
        and (columns["template"] <= last[at]).all()
        and np.isin(home, list(settings.decks)).all()
    ):
        return None
    due = np.where(
        away & (columns["due in its home deck"] != 0),
        columns["due in its home deck"],
        columns["due"],
    )
    cards = np.zeros(count, card_dtype())
    for name, values in (
        ("id", columns["id"]),
        ("note_id", columns["note"]),
        ("deck_id", home),
        ("filtered_deck_id", np.where(away, columns["deck"], 0)),
        ("template", columns["template"]),
        ("modified_s", columns["modification time"]),
        ("type", columns["type"]),
        ("queue", columns["queue"]),
        ("due", due),
        ("interval_days", columns["interval"]),
        ("ease_permille", columns["ease"]),
        ("repetitions", columns["repetitions"]),
        ("lapses", columns["lapses"]),
        ("left", columns["steps left"]),
        ("flag", columns["flags"] & 7),
    ):
        cards[name] = values
    for name in _MEMORY_COLUMNS[:-1]:
        cards[name] = np.nan
    ids, memories = [], []
    query = "SELECT id, data FROM cards WHERE data NOT IN ('', '{}')"
    for identity, data in connection.execute(query):
        ids.append(identity)
        memories.append(_stored_memory(data))
    rows = np.searchsorted(cards["id"], np.array(ids, np.int64))
    for name, found in zip(_MEMORY_COLUMNS, zip(*memories, strict=True), strict=False):
        cards[name][rows] = found
    return cards


_MEMORY_COLUMNS: Final = ("stability", "difficulty", "desired_retention", "decay", "last_review_s")
_CARD_COLUMNS: Final = (
    "id, nid, did, ord, mod, type, queue, due, ivl, factor, reps, lapses, left, odue, odid, flags"
)


def _last_template(kind: NoteType) -> int:
    """Number of the last card that a note of this type may have, from 0."""
    return _CLOZE_TEMPLATE_MAX if kind.cloze else len(kind.templates) - 1


def _card(
    raw: tuple[Any, ...],
    settings: Settings,
    note_types_by_note: Mapping[int, NoteType],
    findings: Findings,
) -> tuple[Any, ...] | None:
    what = f"card {raw[0]}"
    note_type = note_types_by_note.get(raw[1])
    if note_type is None:
        findings.skip(what, "its note is not in the package")
        return None
    # Anki itself once wrote halves into whole-number columns; a float is cut, text is refused.
    numbers: list[int] = []
    for name, value in zip(_CARD_NUMBERS, raw[:16], strict=True):
        low, high = _CARD_RANGES.get(name, _INT32)
        whole = int(value) if isinstance(value, float) and math.isfinite(value) else value
        if not isinstance(whole, int) or not low <= whole <= high:
            findings.skip(what, f"its {name} is {str(value)[:40]!r}, allowed: {low} to {high}")
            return None
        numbers.append(whole)
    (identity, note, deck, order, modified, kind, queue, due, interval, factor) = numbers[:10]
    (reps, lapses, left, home_due, home_deck, flags) = numbers[10:]
    last = _last_template(note_type)
    if order > last:
        findings.skip(what, f"its template {order} is not in its note type ({last + 1} are)")
        return None
    filtered = deck if home_deck else 0
    if home_deck:
        deck = home_deck
        due = home_due or due
    if deck not in settings.decks:
        findings.warn(f"Card {identity} is in a deck that the package does not describe.")
    memory = _stored_memory(raw[16])
    return (
        identity,
        note,
        deck,
        filtered,
        order,
        modified,
        kind,
        queue,
        due,
        interval,
        factor,
        reps,
        lapses,
        left,
        flags & 7,
        *memory,
    )


_INT64: Final = (-(2**63), 2**63 - 1)
_INT32: Final = (-(2**31), _INT32_MAX)
_CARD_NUMBERS: Final = (
    "id",
    "note",
    "deck",
    "template",
    "modification time",
    "type",
    "queue",
    "due",
    "interval",
    "ease",
    "repetitions",
    "lapses",
    "steps left",
    "due in its home deck",
    "home deck",
    "flags",
)
_CARD_RANGES: Final[Mapping[str, tuple[int, int]]] = {
    "id": (1, 2**63 - 1),
    "note": _INT64,
    "deck": _INT64,
    "template": (0, _CLOZE_TEMPLATE_MAX),
    "modification time": _INT64,
    "type": (0, 3),
    "queue": (-3, 4),
    "due": _INT64,
    "due in its home deck": _INT64,
    "home deck": _INT64,
}
_NO_MEMORY: Final = (math.nan, math.nan, math.nan, math.nan, 0)


def _stored_memory(data: object) -> tuple[float, float, float, float, int]:
    """Stability, difficulty, desired retention, decay and last review that the writer stored.

    They are rounded, and missing in most decks, so they are a hint beside the replayed states.
    """
    if not isinstance(data, str) or len(data) > _DECODED_DATA_BYTES_MAX or not data:
        return _NO_MEMORY
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return _NO_MEMORY
    if not isinstance(found, dict):
        return _NO_MEMORY
    numbers = [found.get(key) for key in ("s", "d", "dr", "decay")]
    last = found.get("lrt")
    return (  # type: ignore[return-value]
        *(
            float(one)
            if isinstance(one, int | float) and abs(one) < _INT32_MAX and math.isfinite(one)
            else math.nan
            for one in numbers
        ),
        last if isinstance(last, int) and 0 <= last < 2**40 else 0,
    )


SECONDS_FROM: Final = 1_000_000_000
"""A due number from here on is seconds since 1970 (learning); below, days since creation."""
_DAY_S: Final = 86_400
_REMAINS_SEEN: Final = 100
"""Cards with an impossible due day that are named one by one; the others are counted."""


def impossible_due(cards: NDArray[Any], created_s: int) -> NDArray[Any]:
    """Return which cards have a due day that cannot be, as an array of bool.

    The day on which a review card was last answered is its due day less its interval: it has to lie
    in the years 2000 to 2049, like the due moment of a card in learning.

    Args:
        cards: ``CARD_COLUMNS``.
        created_s: Start of the collection's day 0; 0 where it is not known.
    """
    import numpy as np

    due = cards["due"].astype(np.float64)
    moment = np.where(due >= SECONDS_FROM, due, created_s + _DAY_S * due)
    interval = np.maximum(cards["interval_days"], 0) * float(_DAY_S)
    answered = np.where(cards["type"] == REVIEW, moment - interval, moment)
    low, high = MOMENT_MIN_MS / 1000, MOMENT_MAX_MS / 1000
    wrong = (answered < low) | (answered > high) | (moment < low)
    if not created_s:
        wrong &= due >= SECONDS_FROM
    result: NDArray[Any] = wrong & (cards["type"] != NEW)
    return result


def list_impossible_due(cards: NDArray[Any], wrong: NDArray[Any], findings: Findings) -> None:
    """Name the cards whose due day is not used."""
    chosen = cards["id"][wrong].tolist()
    for identity in chosen[:_REMAINS_SEEN]:
        findings.skip(f"due date of card {identity}", "it lies outside the years 2000 to 2049")
    if len(chosen) > _REMAINS_SEEN:
        findings.skip(f"due dates of {len(chosen) - _REMAINS_SEEN:,} more cards", "they do too")


def read_reviews(
    connection: sqlite3.Connection, limits: Limits, findings: Findings
) -> NDArray[Any]:
    """Return the reviews as a structured array (``REVIEW_COLUMNS``), by time, streamed.

    1.5 million rows take 42 MB. Rows with a number that is none are skipped.
    """
    import numpy as np

    count = _refuse_long(connection, "revlog", limits.reviews)
    try:
        reviews = _packed_reviews(connection, count)
    except (TypeError, ValueError, OverflowError):
        query = "SELECT id, cid, ease, type, ivl, lastIvl, factor, time FROM revlog ORDER BY id"
        rows = (row for row in connection.execute(query) if _sound_review(row, findings))
        reviews = np.fromiter(rows, dtype=review_dtype())
    wrong = (reviews["ease"] > 4) | (reviews["type"] > 5)
    wrong |= (reviews["id"] < MOMENT_MIN_MS) | (reviews["id"] > MOMENT_MAX_MS)
    for row in reviews[wrong][:_LISTED_MAX]:
        why = f"it has ease {row['ease']}, type {row['type']}"
        if not MOMENT_MIN_MS <= row["id"] <= MOMENT_MAX_MS:
            why = "its moment lies outside the years 2000 to 2049"
        findings.skip(f"review {row['id']}", why)
    return reviews[~wrong] if wrong.any() else reviews


# Most of the time goes into making Python numbers, so SQLite packs six small columns into two
# 64-bit ones. A row with a number outside its range packs to NULL, which stops the fast way.
_PACKED_REVIEWS: Final = f"""
SELECT id, cid,
  CASE WHEN ivl BETWEEN {-(2**31)} AND {2**31 - 1} AND lastIvl BETWEEN {-(2**31)} AND {2**31 - 1}
       THEN (ivl << 32) | (lastIvl & {2**32 - 1}) END,
  CASE WHEN ease BETWEEN 0 AND 7 AND type BETWEEN 0 AND 7 AND time BETWEEN 0 AND {2**26 - 1}
        AND factor BETWEEN {-(2**31)} AND {2**31 - 1}
        AND cid BETWEEN {-(2**63) + 1} AND {2**63 - 1}
       THEN (factor << 32) | (time << 6) | (ease << 3) | type END
FROM revlog ORDER BY id"""
_REVIEWS_AT_ONCE: Final = 50_000


def _packed_reviews(connection: sqlite3.Connection, count: int) -> NDArray[Any]:
    """Return ``count`` reviews; ``TypeError`` and its like if a row does not fit the packing."""
    import numpy as np

    reviews = np.empty(count, review_dtype())
    numbers = chain.from_iterable(connection.execute(_PACKED_REVIEWS))
    for start in range(0, count, _REVIEWS_AT_ONCE):
        part = reviews[start : start + _REVIEWS_AT_ONCE]
        size = 4 * len(part)
        packed = np.fromiter(islice(numbers, size), np.int64, size).reshape(-1, 4)
        part["id"], part["cid"] = packed[:, 0], packed[:, 1]
        part["ivl"], part["lastIvl"] = packed[:, 2] >> 32, packed[:, 2].astype(np.int32)
        part["factor"], rest = packed[:, 3] >> 32, packed[:, 3]
        part["time"], part["ease"], part["type"] = (
            rest >> 6 & (1 << 26) - 1,
            rest >> 3 & 7,
            rest & 7,
        )
    return reviews


_REVIEW_RANGES: Final = (_INT64, _INT64, (0, 255), (0, 255), _INT32, _INT32, _INT32, _INT32)


def _sound_review(row: tuple[Any, ...], findings: Findings) -> bool:
    for value, (low, high) in zip(row, _REVIEW_RANGES, strict=True):
        if not isinstance(value, int | float) or not low <= value <= high:
            findings.skip(f"review {row[0]}", f"it holds {str(value)[:40]!r}")
            return False
    return True


def is_dummy(notes: int, first: Note | None) -> bool:
    """Tell whether a legacy collection is the note that asks for a newer Anki.

    The note is alone and its text, whatever its language, names the ending ``.colpkg``.
    """
    return notes == 1 and first is not None and ".colpkg" in " ".join(first.fields)


def _refuse_long(connection: sqlite3.Connection, table: str, most: int) -> int:
    row = one_row(connection, f"SELECT count() FROM {table}")
    count = int(row[0]) if row else 0
    if count > most:
        raise refuse(
            f"its collection has {count:,} rows in {table}",
            f"{most:,} (safety cap)",
            "Split the deck and export the parts.",
        )
    return count


# Single values.

_ROW_FAULTS: Final = (KeyError, TypeError, ValueError, AttributeError, OverflowError)


def _whole(value: Any) -> int:
    number = int(value)
    if not _INT64[0] <= number <= _INT64[1]:
        raise ValueError(f"{number} is no 64-bit number")
    return number


def _signed(value: int) -> int:
    return value - (1 << 64) if value >= 1 << 63 else value


def _weight_list(found: object) -> tuple[float, ...]:
    if not isinstance(found, list | tuple):
        return ()
    numbers = tuple(float(one) for one in found if isinstance(one, int | float))
    sound = len(numbers) == len(found) and all(math.isfinite(one) for one in numbers)
    return numbers if sound else ()


def _share(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and 0 < value < 1 else None


def _hour(value: object) -> int | None:
    return value if isinstance(value, int) and 0 <= value <= 23 else None


def _minutes_west(value: object) -> int | None:
    return value if isinstance(value, int) and abs(value) <= 24 * 60 else None
