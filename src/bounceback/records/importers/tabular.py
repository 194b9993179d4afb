"""Tables out of files: CSV and XLSX as rows of text, bounded.

A workbook is read in a process of its own: what a cell shows is taken, and neither its formula nor
a link to another file is followed.
"""

from __future__ import annotations

import csv
import io
import sys
import zipfile
from collections import Counter
from datetime import date, datetime, time
from typing import Any, Final

from bounceback.records.importers.refusals import refused
from bounceback.records.importers.sandbox import MOST_SECONDS, NotReadError, read_apart, tell
from bounceback.zip_faults import ZIP_FAULTS

MOST_BYTES: Final = 5_000_000
MOST_UNPACKED: Final = 60_000_000
MOST_RATIO: Final = 200
MOST_ROWS: Final = 5_000
MOST_COLUMNS: Final = 80
MOST_CELL: Final = 500
SAMPLE: Final = 8_192
MARKS: Final = ",;\t|"
"""What may separate columns."""

Rows = tuple[tuple[str, ...], ...]


def text_of(data: bytes) -> str:
    """Return a text file in UTF-8, UTF-16 or Windows-1252.

    Raises:
        UnreadableFileError: Too large, or not text.
    """
    if len(data) > MOST_BYTES:
        raise refused("file-too-large", megabytes=MOST_BYTES // 1_000_000)
    text = _text(data)
    if "\0" in text:
        raise refused("not-text")
    return text


def rows_of_csv(data: bytes) -> Rows:
    """Return the rows of a CSV, TSV or semicolon file in UTF-8, UTF-16 or Windows-1252.

    Raises:
        UnreadableFileError: Too large, or not text.
    """
    return rows_of_text(text_of(data))


def rows_of_text(text: str) -> Rows:
    """Return the rows of a list as text; what separates its columns is found by trying.

    Raises:
        UnreadableFileError: It is no such list.
    """
    start = text[:SAMPLE]
    mark = max(MARKS, key=lambda mark: _evenness(start, mark))
    found: list[tuple[str, ...]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark):
            if len(found) == MOST_ROWS:
                break
            found.append(tuple(cell.strip()[:MOST_CELL] for cell in row[:MOST_COLUMNS]))
    except csv.Error:
        raise refused("list-damaged") from None
    return tuple(found)


def _evenness(text: str, mark: str) -> tuple[int, int]:
    """Rows that have the same number of columns, more than one; then that number."""
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    except csv.Error:
        return 0, 0
    widths = Counter(len(row) for row in rows if len(row) > 1)
    return max(((count, width) for width, count in widths.items()), default=(0, 0))


def _text(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise refused("not-text")


def rows_of_workbook(data: bytes, *, seconds: float = MOST_SECONDS) -> Rows:
    """Return the rows of the first sheet of an XLSX file that holds any.

    Args:
        data: The file.
        seconds: Longest time that reading may take.

    Raises:
        UnreadableFileError: Too large (packed or unpacked), too slow to read, or no workbook.
    """
    if len(data) > MOST_BYTES:
        raise refused("file-too-large", megabytes=MOST_BYTES // 1_000_000)
    _refuse_bomb(data)
    try:
        rows = read_apart(__name__, data, seconds=seconds)
    except NotReadError as error:
        raise refused("workbook-too-slow" if error.slow else "workbook-damaged") from None
    if isinstance(rows, str):
        raise refused("workbook-damaged")
    return tuple(tuple(row) for row in rows)


def _read(data: bytes) -> list[list[str]] | str:
    """Return the rows, or in a few words what is wrong."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name in book.sheet_names[:20]:
            sheet = book.get_sheet_by_name(name)
            if sheet.start is not None:  # it holds a cell
                rows = sheet.to_python(skip_empty_area=True, nrows=MOST_ROWS)
                return [[_cell(c) for c in row[:MOST_COLUMNS]] for row in rows]
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        return " ".join(str(error).split())[:80]
    return []


def _refuse_bomb(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except ZIP_FAULTS:
        raise refused("workbook-damaged") from None
    whole = sum(e.file_size for e in entries)
    if len(entries) > 2_000 or whole > MOST_UNPACKED or whole > MOST_RATIO * max(len(data), 1):
        raise refused("unpacks-too-large")


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()[:MOST_CELL]


if __name__ == "__main__":
    sys.exit(tell(_read, MOST_BYTES))
