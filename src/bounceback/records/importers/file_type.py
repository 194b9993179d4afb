"""What a file is, by its first bytes, not by its name."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePosixPath
from typing import Final, Literal

from bounceback.zip_faults import ZIP_FAULTS

Kind = Literal[
    "pdf",
    "workbook",
    "old-workbook",
    "anki",
    "zip",
    "json",
    "case",
    "list",
    "text",
    "web-page",
    "image",
    "word",
    "unknown",
]

MOST_ENTRIES: Final = 5_000
_IMAGES: Final = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"RIFF")
_WEB_PAGE: Final = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}\?>\s*)?<(?:!doctype\s+html|html|head)\b", re.I
)


def kind_of(data: bytes, name: str = "") -> Kind:
    """Return what a file is; its name decides between texts alone.

    Args:
        data: The file, or at least its first 8 KB; a zip is looked into where it is whole.
        name: The file's name.
    """
    head = data[:1024].removeprefix(b"\xef\xbb\xbf")
    if head.lstrip().startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return _packed(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return "old-workbook"
    if head.startswith(_IMAGES) or head[4:12] in (b"ftypheic", b"ftypmif1"):
        return "image"
    if data.startswith(b"SQLite format 3\0"):
        return "anki"
    if b"\0" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "unknown"
    ending = name.casefold().rpartition(".")[2]
    if _WEB_PAGE.match(head):
        return "web-page"
    if ending == "toml":
        return "case"
    if ending == "json" or head.lstrip()[:1] == b"{":
        return "json"
    return "list" if ending in ("csv", "tsv") else "text"


def _packed(data: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist()[:MOST_ENTRIES])
    except ZIP_FAULTS:
        return "unknown"
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
        return "workbook"
    if "word/document.xml" in names:
        return "word"
    return "anki" if any(n.startswith("collection.anki2") for n in names) else "zip"


def only_file_in(data: bytes, most_bytes: int) -> tuple[str, bytes] | None:
    """Return the one file that a zip holds, beside what a Mac adds; ``None`` for none or several.

    Args:
        data: The zip.
        most_bytes: Largest size of the file, unpacked.

    Raises:
        ValueError: The file is larger, or cannot be unpacked.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [one for one in archive.infolist()[:MOST_ENTRIES] if _counts(one)]
            if len(entries) != 1:
                return None
            with archive.open(entries[0]) as file:
                content = file.read(most_bytes + 1)
    except ZIP_FAULTS as error:
        raise ValueError("it cannot be unpacked") from error
    if len(content) > most_bytes:
        raise ValueError("its file is too large")
    return PurePosixPath(entries[0].filename).name, content


def _counts(entry: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(entry.filename)
    return not entry.is_dir() and "__MACOSX" not in path.parts and not path.name.startswith(".")
