"""Caps on what a package from outside may cost, and the refusal when it costs more.

A package is a stranger's file. Its few hundred bytes can unfold to gigabytes, name a million files,
or loop a query for ever, so every step that reads one asks these caps first. They are product
choices, far above the largest deck known to be shared (about 35,000 notes, 60,000 cards and
60,000 media files), and an institution may pass its own.
"""

from __future__ import annotations

from dataclasses import dataclass

from bounceback.errors import UntrustedInputError

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one package may cost. Counts, bytes, or steps of the database's virtual machine.

    Attributes:
        directory_bytes: Size of the zip's list of contents; bounds how many entries it may name.
        entries: Entries in the zip.
        package_bytes: Size of the file itself.
        database_bytes: Size of the collection once unpacked.
        media_file_bytes: Size of one media file once unpacked.
        total_bytes: Everything unpacked together.
        ratio: Unpacked over packed bytes, once more than ``ratio_floor_bytes`` have come out.
        ratio_floor_bytes: Below this the ratio is not asked: an empty collection packs 30 to 1.
        text_bytes: One text or blob of the database.
        json_bytes: One JSON text that is parsed whole.
        depth: Nesting of JSON.
        zstd_window_bytes: Memory that a compressed stream may ask of the reader.
        notes, cards, reviews: Rows of each table.
        notes_bytes: Characters of all notes together. Rows of a forged database may share the same
            bytes on disk, so its size alone bounds nothing.
        tags_bytes: Characters of one note's tags.
        settings_rows, settings_bytes: Rows, and bytes of them together, of decks, options, note
            types, fields and templates.
        database_steps: Fixed allowance of database steps.
        database_steps_per_byte: Further steps for each byte of the collection. Reading every row
            of a real collection once takes about 1 step a byte.
    """

    directory_bytes: int = 8 * _MIB
    entries: int = 150_000
    package_bytes: int = 4096 * _MIB
    database_bytes: int = 2048 * _MIB
    media_file_bytes: int = 50 * _MIB
    total_bytes: int = 4096 * _MIB
    ratio: int = 200
    ratio_floor_bytes: int = 16 * _MIB
    text_bytes: int = 16 * _MIB
    json_bytes: int = 8 * _MIB
    depth: int = 32
    zstd_window_bytes: int = 128 * _MIB
    notes: int = 200_000
    notes_bytes: int = 256 * _MIB
    tags_bytes: int = 100_000
    settings_rows: int = 100_000
    settings_bytes: int = 32 * _MIB
    cards: int = 300_000
    reviews: int = 5_000_000
    database_steps: int = 50_000_000
    database_steps_per_byte: int = 50


DEFAULT = Limits()
"""The caps that hold unless the caller passes others."""


def refuse(given: str, allowed: str, remedy: str) -> UntrustedInputError:
    """Return the error that says what was found, what is allowed and what to do.

    The authority is this program's own safety cap or the package format, named in ``allowed``.
    """
    return UntrustedInputError(
        f"This package was not read: {given}; allowed: {allowed}. {remedy} Nothing was kept."
    )
