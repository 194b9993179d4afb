"""Markup of a card's side, made safe to show: gaps marked, formulas as MathML, media by address.

It is a stranger's, so this runs in the helper process of ``face_maker``; it needs no Django.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Final

import nh3

from bounceback.services.anki_decks import Names, face_limits, sanitise

LONGEST_FORMULA: Final = 2_000
"""Characters of one formula; a longer one stays text."""
MOST_FORMULAS: Final = 60
"""Formulas drawn on one side of a card."""

_BEGINNINGS: Final = (r"\(", r"\[", "[$]", "[$$]")
MOST_BEGINNINGS: Final = 500
"""Beginnings of formulas on one side; with more, all of it stays text."""

_CLOZE: Final = re.compile(
    r'<span class="?cloze"?(?:\s[^>]*)?>(.*?)</span>', re.DOTALL | re.IGNORECASE
)
_FORMULA: Final = re.compile(
    r"\\\((?P<inline>.{1,2000}?)\\\)|\\\[(?P<block>.{1,2000}?)\\\]"
    r"|\[\$\](?P<old_inline>.{1,2000}?)\[/\$\]|\[\$\$\](?P<old_block>.{1,2000}?)\[/\$\$\]",
    re.DOTALL,
)
"""MathJax, and the marks of older decks. Both stand in text that was made safe already."""


_MATH_TAGS: Final = frozenset(
    (
        "math", "mrow", "mi", "mo", "mn", "ms", "mtext", "mspace", "msub", "msup", "msubsup",
        "mover", "munder", "munderover", "mfrac", "msqrt", "mroot", "mtable", "mtr", "mtd",
        "mstyle", "mpadded", "mphantom", "menclose", "mmultiscripts", "mprescripts", "none",
    )
)  # fmt: skip
_MATH_ATTRIBUTES: Final[dict[str, set[str]]] = {
    "math": {"display"},
    "mo": {"stretchy", "fence", "form", "lspace", "rspace", "minsize", "maxsize"},
    "mi": {"mathvariant"},
    "mn": {"mathvariant"},
    "mspace": {"width"},
    "mfrac": {"linethickness"},
    "mtable": {"columnalign", "rowspacing", "columnspacing"},
    "mtd": {"columnalign"},
    "mover": {"accent"},
    "munder": {"accentunder"},
    "menclose": {"notation"},
}


def safe(html: str, names: Names, address: Callable[[str], str]) -> str:
    """Return one side of a card, safe to stand in a page.

    Args:
        html: As the note and its template give it.
        names: Names of the deck's media.
        address: From a name to the address of its file.

    Raises:
        FaceTooLargeError: It asks for more than a card needs.
    """
    html = face_limits.without_embedded(html)
    face_limits.check(html)
    return with_formulas(_described(sanitise(_gaps(html), names, address)))


def _gaps(html: str) -> str:
    """Keep the mark of a gap through the cleaning, which drops classes."""
    return _CLOZE.sub(r"<mark>\1</mark>", html)


def _described(html: str) -> str:
    # A picture without words of its own is named as one; the deck's maker alone knows more.
    return html.replace("<img src=", '<img alt="picture of the card" src=')


def with_formulas(html: str) -> str:
    """Draw the formulas of text that was made safe as MathML; what can't be read stays text.

    Args:
        html: Sanitized markup. A formula with markup inside it stays as it is.
    """
    if sum(html.count(mark) for mark in _BEGINNINGS) > MOST_BEGINNINGS:
        return html
    drawn = 0

    def draw(found: re.Match[str]) -> str:
        nonlocal drawn
        source = next(part for part in found.groups() if part is not None)
        if drawn >= MOST_FORMULAS or len(source) > LONGEST_FORMULA or "<" in source:
            return found[0]
        drawn += 1
        block = found["block"] is not None or found["old_block"] is not None
        return _mathml(unescape(source), block=block) or found[0]

    return _FORMULA.sub(draw, html)


def _mathml(source: str, *, block: bool) -> str:
    from latex2mathml.converter import convert

    try:
        made = convert(source, display="block" if block else "inline")
    except Exception:  # a stranger's formula: whatever it breaks, it stays text
        return ""
    # A formula may name a link or a color; what runs or asks nobody is all that stays.
    return nh3.clean(made, tags=set(_MATH_TAGS), attributes=dict(_MATH_ATTRIBUTES))
