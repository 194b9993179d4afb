"""What is printed: plain text of at most 80 columns, coloured where a terminal shows colour.

A ``Screen`` holds back what it is given until the answer is whole, so that a fault met half-way
leaves nothing on standard output.
"""

from __future__ import annotations

import json
import os
import re
import sys
import textwrap
from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any, Final, Literal, TextIO

Style = Literal["strong", "quiet", "accent"]

COLUMNS: Final = 80
"""Widest line printed, so that an answer fits a small terminal, a mail and a pipe alike."""

_CODES: Final[Mapping[Style, str]] = {"strong": "1", "quiet": "2", "accent": "36"}


def shows_colour(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Tell whether to colour: a terminal, unless ``NO_COLOR`` is set or ``TERM`` is ``dumb``."""
    return stream.isatty() and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"


_HIDDEN: Final = re.compile(
    "[\\x00-\\x08\\x0b-\\x1a\\x1c-\\x1f\\x7f-\\x9f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff]"
    r"|\x1b(?!\[[0-9]{1,2}m)"
)
"""What steers a terminal or a text's direction unseen: C0 and C1 controls, marks of direction, and
every escape that is not one of our own colors."""


def without_hidden(line: str) -> str:
    """Return a line without characters that steer a terminal unseen."""
    return _HIDDEN.sub("", line)


def _plain(value: object) -> str:
    """Return dates and times as the contract writes them; anything else is a fault of ours."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    raise TypeError(f"{type(value).__name__} has no form in JSON")


class Screen:
    """Collects an answer and shows it when it is whole.

    Attributes:
        colour: Whether styles are shown.
        width: Columns a line may fill.
    """

    def __init__(self, out: TextIO, *, colour: bool = False, width: int = COLUMNS) -> None:
        self.colour = colour
        self.width = min(width, COLUMNS)
        self._out = out
        self._lines: list[str] = []

    @classmethod
    def of_this_process(cls) -> Screen:
        """Return the screen on standard output, as wide and as coloured as it can be shown."""
        width = COLUMNS
        if sys.stdout.isatty():
            from shutil import get_terminal_size

            width = get_terminal_size().columns
        return cls(sys.stdout, colour=shows_colour(sys.stdout, os.environ), width=max(40, width))

    def styled(self, text: str, style: Style | None) -> str:
        """Return the text in a style, or as it is where colour is not shown."""
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if style and self.colour and text else text

    def line(self, text: str = "", style: Style | None = None) -> None:
        """Add one line as it stands."""
        self._lines.append(self.styled(text, style))

    def paragraph(
        self, text: str, *, indent: int = 0, hanging: int = 0, style: Style | None = None
    ) -> None:
        """Add text wrapped to the width; ``hanging`` sets later lines further in."""
        for piece in self.wrapped(text, indent=indent, hanging=hanging) or [""]:
            self.line(piece, style)

    def wrapped(self, text: str, *, indent: int = 0, hanging: int = 0) -> list[str]:
        """Return text as lines of the screen's width."""
        # Addresses and file names stay whole, so that they can be copied.
        return textwrap.wrap(
            text.replace("\N{NO-BREAK SPACE}", " "),
            self.width,
            initial_indent=" " * indent,
            subsequent_indent=" " * (indent + hanging),
            break_long_words=False,
            break_on_hyphens=False,
        )

    def heading(self, text: str) -> None:
        """Add a heading, set off from what stands before it."""
        if self._lines:
            self.line()
        self.line(text, "strong")

    def table(self, rows: Sequence[Sequence[str]], *, indent: int = 2) -> None:
        """Add rows in aligned columns; the last column wraps inside the width."""
        if not rows:
            return
        widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]) - 1)]
        start = indent + sum(width + 2 for width in widths)
        for row in rows:
            left = "".join(
                f"{cell:<{width + 2}}" for cell, width in zip(row[:-1], widths, strict=True)
            )
            last = textwrap.wrap(
                row[-1],
                max(20, self.width - start),
                break_long_words=False,
                break_on_hyphens=False,
            )
            self.line((" " * indent + left + (last[0] if last else "")).rstrip())
            for piece in last[1:]:
                self.line(" " * start + piece)

    def json(self, value: Any) -> None:
        """Add a value as JSON: dates as ISO 8601, times as HH:MM, no NaN."""
        text = json.dumps(value, ensure_ascii=False, indent=2, default=_plain, allow_nan=False)
        # The same value, written so that nothing steers the terminal.
        self.line(_HIDDEN.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text))

    def show(self) -> None:
        """Write what was collected, and forget it."""
        lines, self._lines = self._lines, []
        for line in lines:
            self._out.write(without_hidden(line) + "\n")
        self._out.flush()
