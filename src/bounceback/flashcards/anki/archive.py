"""The zip around a collection: which generation it is, its database, its media.

Nothing is ever extracted by path. Entries are read by name, as streams, and every byte that comes
out is counted against ``Limits``. The database goes to one private temporary file (SQLite needs
one), which the caller's ``with`` block removes.

What marks a generation (facts of the format, checked against packages of Anki 26.09.3):

=========  ============================  ======================  ================================
generation marker                        database                media list
=========  ============================  ======================  ================================
legacy-1   neither ``meta`` nor anki21   collection.anki2        JSON
legacy-2   meta version 2, or anki21     collection.anki21       JSON
latest     meta version 3, or anki21b    collection.anki21b,     zstd of protocol-buffer entries,
                                         zstd                    each file zstd
=========  ============================  ======================  ================================

The two newer ones also carry a ``collection.anki2`` with one note that asks for a newer Anki. An
old reader shows that note as if it were the deck; ``collection.is_dummy`` recognises it.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, Final, cast

from bounceback.errors import UntrustedInputError
from bounceback.flashcards.anki import media, protobuf
from bounceback.flashcards.anki.limits import Limits, refuse
from bounceback.flashcards.anki.models import Generation, MediaFile, Skipped
from bounceback.zip_faults import ZIP_FAULTS

_CHUNK: Final = 1 << 18
_META_BYTES_MAX: Final = 1024
_VERSIONS: Final[dict[int, Generation]] = {1: "legacy-1", 2: "legacy-2", 3: "latest"}
_DATABASES: Final[dict[Generation, str]] = {
    "legacy-1": "collection.anki2",
    "legacy-2": "collection.anki21",
    "latest": "collection.anki21b",
}
_ASK_FOR_NEW_EXPORT: Final = "Export the deck again from Anki and try that file."


class _Bounded:
    """A file that refuses one large read: the zip's list of contents is read in one piece."""

    def __init__(self, file: BinaryIO, largest: int) -> None:
        self._file = file
        self._largest = largest

    def read(self, size: int = -1) -> bytes:
        asked = size if 0 <= size <= self._largest else self._largest + 1
        found = self._file.read(asked)
        if len(found) > self._largest:
            raise refuse(
                f"its list of contents takes more than {self._largest:,} bytes",
                f"{self._largest:,} (safety cap)",
                "Split the deck and export the parts.",
            )
        return found

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        self._file.close()


@dataclass(frozen=True, slots=True)
class _Listed:
    """One line of the media list: zip entry, name, and what the list says of its content."""

    entry: str
    name: str
    size: int | None
    sha1: str | None


class Archive:
    """An open package. Use ``open_archive``; it closes the file."""

    def __init__(self, file: zipfile.ZipFile, limits: Limits) -> None:
        self._zip = file
        self._limits = limits
        self._unpacked_bytes: dict[str, int] = {}
        self._total_bytes = 0
        self._media_by_name: dict[str, tuple[str, MediaFile]] | None = None
        self.warnings: list[str] = []
        self.skipped: list[Skipped] = []
        entries = file.infolist()
        if len(entries) > limits.entries:
            raise refuse(
                f"it holds {len(entries):,} entries",
                f"{limits.entries:,} (safety cap)",
                "Split the deck and export the parts.",
            )
        self._doubled = _doubled_names(entries)
        self.generation: Generation = self._find_generation()
        self.database_name: str = _DATABASES[self.generation]
        if self.database_name not in file.NameToInfo:
            raise refuse(
                f"it holds no {self.database_name}, which its generation ({self.generation}) needs",
                "a package written by Anki (package format)",
                _ASK_FOR_NEW_EXPORT,
            )

    def _find_generation(self) -> Generation:
        names = self._zip.NameToInfo
        for name in ("meta", "media", *_DATABASES.values()):
            if name in self._doubled:
                raise refuse(
                    f"it holds two entries named {name}",
                    "each name once (package format)",
                    _ASK_FOR_NEW_EXPORT,
                )
        if "meta" in names:
            raw = self._read("meta", _META_BYTES_MAX)
            try:
                version = protobuf.integer(raw, 1)
            except protobuf.WireError as fault:
                raise refuse(
                    f"its meta entry cannot be read ({fault})",
                    "version 1, 2 or 3 (package format)",
                    _ASK_FOR_NEW_EXPORT,
                ) from fault
            if version not in _VERSIONS:
                raise refuse(
                    f"it says package version {version}",
                    "version 1, 2 or 3 (package format)",
                    "In Anki, export with 'Support older Anki versions' switched on.",
                )
            return _VERSIONS[version]
        for generation in ("latest", "legacy-2"):
            if _DATABASES[generation] in names:
                self.warnings.append(
                    f"The package has no version mark; it was read as {generation}"
                    f" because it holds {_DATABASES[generation]}."
                )
                return generation
        return "legacy-1"

    def unpack_database(self, target: BinaryIO) -> int:
        """Write the collection to ``target`` and return its size in bytes."""
        written = 0
        compressed = self.generation == "latest"
        for chunk in self._chunks(self.database_name, self._limits.database_bytes, compressed):
            target.write(chunk)
            written += len(chunk)
        return written

    def media(self) -> tuple[MediaFile, ...]:
        """Return the media whose name is safe and whose content is there, hashed from the content.

        What is left out goes to ``skipped``: an unsafe or doubled name, no content, content that
        differs from the hash in the list. The files are gone through once.
        """
        if self._media_by_name is None:
            self._media_by_name = {file.name: (entry, file) for entry, file in self._media()}
        return tuple(file for _, file in self._media_by_name.values())

    def content(self, name: str) -> bytes:
        """Return the content of one file of ``media``.

        Raises:
            KeyError: ``media`` has no file of that name.
        """
        self.media()
        entry, _ = (self._media_by_name or {})[name]
        cap = self._limits.media_file_bytes
        return b"".join(self._chunks(entry, cap, self.generation == "latest"))

    def _media(self) -> Iterator[tuple[str, MediaFile]]:
        seen: set[str] = set()
        for listed in self._media_list():
            what = f"media {listed.name!r}"
            why = media.unsafe_name(listed.name)
            if why is None and listed.name in seen:
                why = "another file of the package has the same name"
            if why is None and listed.entry in self._doubled:
                why = "the package holds it twice"
            if why is None and listed.entry not in self._zip.NameToInfo:
                why = "the package lists it and does not hold it"
            if why is not None:
                self.skipped.append(Skipped(what, why))
                continue
            digest = hashlib.sha1(usedforsecurity=False)
            size = 0
            compressed = self.generation == "latest"
            try:
                chunks = self._chunks(listed.entry, self._limits.media_file_bytes, compressed)
                for chunk in chunks:
                    digest.update(chunk)
                    size += len(chunk)
            except _Damaged as fault:
                self.skipped.append(Skipped(what, str(fault)))
                continue
            if listed.sha1 and listed.sha1 != digest.hexdigest():
                self.skipped.append(Skipped(what, "its content differs from the listed SHA-1"))
                continue
            seen.add(listed.name)
            yield listed.entry, MediaFile(listed.name, digest.hexdigest(), size)

    def _media_list(self) -> list[_Listed]:
        if "media" not in self._zip.NameToInfo:
            # Old AnkiDroid writes .colpkg files without one; their notes and reviews are whole.
            self.warnings.append("The package has no media list, so no media were read.")
            return []
        cap = self._limits.json_bytes
        compressed = self.generation == "latest"
        try:
            raw = b"".join(self._chunks("media", cap, compressed))
            return _protobuf_list(raw) if compressed else _json_list(raw, self._limits.depth)
        except (_Damaged, protobuf.WireError, ValueError, RecursionError) as fault:
            self.warnings.append(f"The media list cannot be read ({fault}), so no media were read.")
            return []

    def _read(self, name: str, cap: int) -> bytes:
        return b"".join(self._chunks(name, cap, compressed=False))

    def _chunks(self, name: str, cap: int, compressed: bool) -> Iterator[bytes]:
        """Yield the content of one entry in pieces, counted against every cap.

        Raises:
            _Damaged: The entry cannot be unpacked (a kind of ``UntrustedInputError``).
            UntrustedInputError: A cap is reached.
        """
        info = self._zip.NameToInfo[name]
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _Damaged(
                f"{name} is packed by the method {info.compress_type}; 0 and 8 are known"
            )
        size = 0
        self._total_bytes -= self._unpacked_bytes.pop(name, 0)
        try:
            with self._zip.open(info) as packed:
                for chunk in _pieces(packed, compressed, self._limits.zstd_window_bytes):
                    size += len(chunk)
                    self._unpacked_bytes[name] = size
                    self._total_bytes += len(chunk)
                    self._check(name, size, cap, info.compress_size)
                    yield chunk
        except UntrustedInputError:
            raise
        except ZIP_FAULTS as fault:
            raise _Damaged(f"{name} cannot be unpacked ({fault})") from fault

    def _check(self, name: str, size: int, cap: int, packed_bytes: int) -> None:
        limits = self._limits
        given = None
        if size > cap:
            given, allowed = f"{name} unpacks to more than {cap:,} bytes", f"{cap:,}"
        elif self._total_bytes > limits.total_bytes:
            given = f"it unpacks to more than {limits.total_bytes:,} bytes"
            allowed = f"{limits.total_bytes:,}"
        elif size > limits.ratio_floor_bytes and size > limits.ratio * max(packed_bytes, 1):
            given = f"{name} unpacks to more than {limits.ratio} times its packed size"
            allowed = f"{limits.ratio} times"
        if given is not None:
            raise refuse(given, f"{allowed} (safety cap)", "Check where the file comes from.")


class _Damaged(UntrustedInputError):
    """One entry cannot be unpacked; a media file is then skipped, a database refused."""


def _pieces(packed: IO[bytes], compressed: bool, window: int) -> Iterator[bytes]:
    if not compressed:
        while chunk := packed.read(_CHUNK):
            yield chunk
        return
    import zstandard

    decoder = zstandard.ZstdDecompressor(max_window_size=window)
    try:
        with decoder.stream_reader(packed, read_across_frames=False) as reader:
            while chunk := reader.read(_CHUNK):
                yield chunk
    except zstandard.ZstdError as fault:
        raise ValueError(str(fault)) from fault


def _doubled_names(entries: list[zipfile.ZipInfo]) -> frozenset[str]:
    seen: set[str] = set()
    doubled: set[str] = set()
    for entry in entries:
        (doubled if entry.filename in seen else seen).add(entry.filename)
    return frozenset(doubled)


def _json_list(raw: bytes, depth: int) -> list[_Listed]:
    if not raw.strip():
        return []
    found = parse_json(raw.decode("utf-8", "replace"), depth)
    if not isinstance(found, dict):
        raise ValueError("it is no JSON object")
    return [
        _Listed(entry, name, None, None) for entry, name in found.items() if isinstance(name, str)
    ]


def _protobuf_list(raw: bytes) -> list[_Listed]:
    listed = []
    index = 0
    for number, value in protobuf.fields(raw):
        if number != 1 or not isinstance(value, bytes):
            continue
        digest = protobuf.message(value, 3) or b""
        listed.append(
            _Listed(
                str(index),
                protobuf.text(value, 1),
                protobuf.integer(value, 2),
                digest.hex() or None,
            )
        )
        index += 1
    return listed


_JSON_MARKS: Final = re.compile(r'(?s)"(?>[^"\\]+|\\.)*+(?:"|\\?\Z)|[\[\]{}]')
_JSON_STEP: Final = {"[": 1, "{": 1, "]": -1, "}": -1}


def parse_json(text: str, depth: int) -> object:
    """Parse JSON that nests at most ``depth`` deep.

    Raises:
        ValueError: It is not JSON, or nests deeper, or holds a number too long to be one.
    """
    level = 0
    # Before parsing: the parser itself recurses. An unclosed text runs to the end, and no part of
    # a text is tried twice, so this is one pass.
    for mark in _JSON_MARKS.finditer(text):
        level += _JSON_STEP.get(mark[0], 0)
        if level > depth:
            raise ValueError(f"it nests deeper than {depth}")
    try:
        return cast(object, json.loads(text))
    except RecursionError as fault:
        raise ValueError("it nests too deep") from fault


@contextmanager
def open_archive(path: Path, limits: Limits) -> Iterator[Archive]:
    """Open a package for reading; the file is closed at the end of the ``with`` block.

    Raises:
        UntrustedInputError: It is no zip, is too large, or is of no known generation.
        FileNotFoundError, PermissionError: The file cannot be opened (the caller's own matter).
    """
    size = path.stat().st_size
    if size > limits.package_bytes:
        raise refuse(
            f"the file has {size:,} bytes",
            f"{limits.package_bytes:,} (safety cap)",
            "Export without media, or split the deck.",
        )
    with path.open("rb") as raw:
        try:
            bounded = cast(IO[bytes], _Bounded(raw, limits.directory_bytes))
            file = zipfile.ZipFile(bounded)
        except UntrustedInputError:
            raise
        except ZIP_FAULTS as fault:
            raise refuse(
                f"it is no zip file, or a damaged one ({fault})",
                "a .apkg or .colpkg package (package format)",
                _ASK_FOR_NEW_EXPORT,
            ) from fault
        with file:
            yield Archive(file, limits)
