"""Rows of a text deck: header lines, separator, quoted fields (Anki manual, Text Files).

What separates columns is decided over the whole file: the mark that gives most rows the same number
of columns. A quotation mark that is never closed is a character like any other, so that it swallows
no rows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

_SEPARATORS: Final = {
    "tab": "\t",
    "comma": ",",
    "semicolon": ";",
    "pipe": "|",
    "colon": ":",
    "space": " ",
    "\\t": "\t",
}
_GUESSED: Final = ("\t", "|", ";", ",")
"""Separators that are looked for, those least likely in a sentence first."""
_KEYS: Final = frozenset(
    ["separator", "html", "deck", "tags", "columns", "notetype", "if matches", "match scope",
     "guid column", "deck column", "tags column", "notetype column"]
)  # fmt: skip
_HEADER: Final = re.compile(r'\s*"?#\s*([a-z ]{1,30}?)\s*:(.{0,1000})$', re.IGNORECASE)
_MOST_SAMPLED: Final = 5_000
_MOST_LINES_OF_A_FIELD: Final = 300
"""Lines that one quoted field may span; a longer one was not meant as a field."""


@dataclass(slots=True)
class Header:
    """What the header lines of a file say.

    Attributes:
        separator: What separates columns; empty where the file does not say.
        html: Whether fields are HTML.
        html_given: Whether the file says so itself.
        deck: Deck of the notes; empty where the file does not say.
        tags: Tags of every note.
        names: Names of the columns.
        columns: Places, from 0, of columns that are no fields: ``guid column``, ``deck column``, …
    """

    separator: str = ""
    html: bool = False
    html_given: bool = False
    deck: str = ""
    tags: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    columns: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Attributes:
        line: Line of the file it begins on, from 1.
        cells: Its columns.
        comment: Whether it begins with the mark of header lines and is none.
    """

    line: int
    cells: list[str]
    comment: bool = False


def read_header(lines: Sequence[str]) -> tuple[Header, int]:
    """Return what the header lines say, and the index of the first line after them."""
    header = Header()
    first = 0
    for line in lines:
        match = _HEADER.match(line)
        key = match.group(1).strip().casefold() if match else ""
        if match is None or key not in _KEYS:
            break
        first += 1
        _take(header, key, match.group(2).strip())
    return header, first


def _take(header: Header, key: str, value: str) -> None:
    # A spreadsheet fills the line up with its own separators and may put it in quotation marks.
    plain = value.strip('"').rstrip(",;\t ").strip('"').strip()
    if key == "separator":
        literal = value.strip('" ')[:1]
        header.separator = _SEPARATORS.get(plain.casefold(), plain[:1] or literal or "\t")
    elif key == "html":
        header.html = plain.casefold() == "true"
        header.html_given = True
    elif key == "deck":
        header.deck = plain
    elif key == "tags":
        header.tags = tuple(plain.split())
    elif key == "columns":
        mark = header.separator or find_separator([value])
        header.names = tuple(split_line(value, mark))
    elif key.endswith(" column") and plain.isdecimal() and 0 < int(plain) <= 1000:
        header.columns[key] = int(plain) - 1


def find_separator(lines: Sequence[str]) -> str:
    """Return the mark that gives most of the lines the same number of columns, at least two."""
    sample = [line for line in lines[:_MOST_SAMPLED] if line.strip()]
    best, best_rows = "\t", 0
    for mark in _GUESSED:
        widths = Counter(len(row.cells) for row in rows_of(sample, 0, mark))
        rows = max((count for width, count in widths.items() if width > 1), default=0)
        if rows > best_rows:
            best, best_rows = mark, rows
    return best


def split_line(line: str, separator: str) -> list[str]:
    """Return the columns of one line, quotation marks undone where they are closed."""
    cells, rest = _parse(line, separator)
    return line.split(separator) if rest else cells


def rows_of(lines: Sequence[str], first: int, separator: str) -> Iterator[Row]:
    """Yield the rows from a line on.

    Args:
        lines: The lines of the file.
        first: Index of the first line after the header.
        separator: What separates columns.
    """
    usual = _usual_width(lines[first:], separator)
    at = first
    while at < len(lines):
        cells, is_open = _parse(lines[at], separator)
        taken = 1
        if is_open:
            whole = _closed(lines, at, separator, usual)
            if whole is None:
                cells = lines[at].split(separator)
            else:
                cells, taken = whole
        yield Row(at + 1, cells, lines[at].lstrip().startswith("#"))
        at += taken


def _usual_width(lines: Sequence[str], separator: str) -> int:
    widths = Counter(
        line.count(separator) + 1 for line in lines[:_MOST_SAMPLED] if line and '"' not in line
    )
    return widths.most_common(1)[0][0] if widths else 0


def _closed(
    lines: Sequence[str], at: int, separator: str, usual: int
) -> tuple[list[str], int] | None:
    """Return the columns of a row whose quoted field goes on over lines, and their number.

    ``None`` where the field is not closed, or where each line it would swallow is a row of its own.
    """
    end = at
    stop = min(len(lines), at + _MOST_LINES_OF_A_FIELD)
    for end in range(at + 1, stop):
        if '"' in lines[end]:
            break
    else:
        return None
    whole = lines[at]
    for n in range(at + 1, stop):
        whole += "\n" + lines[n]
        if n < end:
            continue
        cells, is_open = _parse(whole, separator)
        if is_open:
            continue
        if not cells:
            return None
        inside = lines[at + 1 : n]
        if usual > 1 and inside and all(line.count(separator) + 1 == usual for line in inside):
            return None
        if separator == "\t" and any(separator in cell for cell in cells):
            return None
        return cells, n - at + 1
    return None


def _parse(text: str, separator: str) -> tuple[list[str], bool]:
    """Return the columns of a row, and whether it ends inside an open quotation.

    A field is quoted where it begins with a quotation mark and another one stands before the next
    separator or the end; inside, two marks are one. Any other mark is a character. No columns: a
    line ends outside a quotation, so that the text is more than one row.
    """
    if '"' not in text:
        return text.split(separator), False
    cells: list[str] = []
    at = 0
    while True:
        if text.startswith('"', at):
            end = _end_of_quotation(text, at + 1, separator)
            if end < 0:
                return cells, True
            if end == 0:  # closed in the middle of the field: the marks are characters
                end = _end_of_plain(text, at, separator)
                if "\n" in text[at:end]:
                    return [], False
                cells.append(text[at:end])
            else:
                cells.append(text[at + 1 : end - 1].replace('""', '"'))
        else:
            end = _end_of_plain(text, at, separator)
            if "\n" in text[at:end]:
                return [], False
            cells.append(text[at:end])
        if end >= len(text):
            return cells, False
        at = end + 1


def _end_of_plain(text: str, at: int, separator: str) -> int:
    end = text.find(separator, at)
    return len(text) if end < 0 else end


def _end_of_quotation(text: str, at: int, separator: str) -> int:
    """Return the place after the closing mark; -1 for none, 0 where it closes nothing."""
    while True:
        end = text.find('"', at)
        if end < 0:
            return -1
        following = text[end + 1 : end + 2]
        if following == '"':
            at = end + 2
            continue
        return end + 1 if following in ("", separator) else 0
