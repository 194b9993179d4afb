"""What a file is, by its first bytes, not by its name."""

from __future__ import annotations

import io
import zipfile
from typing import Literal

Kind = Literal["pdf", "workbook", "anki", "case", "list", "text", "unknown"]


def kind_of(data: bytes, name: str = "") -> Kind:
    """Return what a file is; its name decides between texts alone."""
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return _packed(data)
    ending = name.casefold().rpartition(".")[2]
    if b"\0" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "unknown"
    if ending in ("toml", "json"):
        return "case"
    return "list" if ending in ("csv", "tsv") else "text"


def _packed(data: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist()[:5_000])
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return "unknown"
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
        return "workbook"
    return "anki" if any(n.startswith("collection.anki2") for n in names) else "unknown"
