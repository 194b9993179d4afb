"""Limits of a card's face: its length, its nesting, its repetition, checked before it is sanitised.

The sanitiser's work grows with the square of the nesting, so a few kilobytes could hold it for
minutes. Everything here takes time proportional to the text.
"""

from __future__ import annotations

import re
from typing import Final

MOST_CHARACTERS: Final = 200_000
"""Longest face, about the text of fifty printed pages."""

MOST_WORK: Final = 1_000_000
"""Most characters of fields that a template is filled from, shown or not."""

MOST_MARKS: Final = 40_000
"""Most signs that may begin an entity."""

MOST_NESTING: Final = 100
"""Most elements open at once; real cards have about 30."""

MOST_TAGS: Final = 20_000
MOST_TAG_CHARACTERS: Final = 8_000
"""Longest single tag, without the picture that it may hold itself."""

_EMBEDDED: Final = re.compile(r"""(?i)\bsrc\s*=\s*(?:"data:[^"]*"|'data:[^']*'|data:[^\s>"']*)""")
_TAG: Final = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]*)([^<>]*)")

_VOID: Final = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)
_CLOSED_BY_THE_NEXT: Final = frozenset(
    {"dd", "dt", "li", "option", "p", "rp", "rt", "tbody", "td", "tfoot", "th", "thead", "tr"}
)
"""Elements that end where the next begins, so that many of them nest no deeper."""


class FaceTooLargeError(ValueError):
    """A face asks for more than a card needs; the message says of what."""


def check_length(characters: int) -> None:
    """Refuse a face that has become too long.

    Raises:
        FaceTooLargeError: It has.
    """
    if characters > MOST_CHARACTERS:
        raise FaceTooLargeError("it is too long")


def check_work(characters: int) -> None:
    """Refuse a template that goes through its fields too often.

    Raises:
        FaceTooLargeError: It does.
    """
    if characters > MOST_WORK:
        raise FaceTooLargeError("its template repeats its fields too often")


def without_embedded(html: str) -> str:
    """Return HTML without pictures written into it as data; no page shows them."""
    return _EMBEDDED.sub("", html)


def check(html: str) -> None:
    """Refuse HTML that would take the sanitiser long.

    Args:
        html: A face, without embedded pictures.

    Raises:
        FaceTooLargeError: It is too long, nests too deep, or has too many or too long tags.
    """
    check_length(len(html))
    if html.count("&") > MOST_MARKS:
        raise FaceTooLargeError("it has too many entities")
    is_open: dict[str, int] = {}
    depth = 0
    for count, tag in enumerate(_TAG.finditer(html)):
        if count >= MOST_TAGS:
            raise FaceTooLargeError("it has too many tags")
        if len(tag[3]) > MOST_TAG_CHARACTERS:
            raise FaceTooLargeError("a tag in it is too long")
        name = tag[2].lower()
        if name in _VOID or name in _CLOSED_BY_THE_NEXT:
            continue
        if not tag[1]:
            is_open[name] = is_open.get(name, 0) + 1
            depth += 1
            if depth > MOST_NESTING:
                raise FaceTooLargeError("it nests too deep")
        elif is_open.get(name, 0):
            is_open[name] -= 1
            depth -= 1
