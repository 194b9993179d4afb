"""Both sides of a card, made safe to show: gaps marked, formulas as MathML, media from the deck."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape, unescape
from typing import Final

import nh3
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from bounceback.flashcards.anki.card_rendering import faces
from bounceback.flashcards.anki.html import sanitise
from bounceback.local_storage.card_collection import CardCollection

LONGEST_FORMULA: Final = 2_000
"""Characters of one formula; a longer one stays text."""
MOST_FORMULAS: Final = 60
"""Formulas drawn on one side of a card."""

_CLOZE: Final = re.compile(
    r'<span class="?cloze"?(?:\s[^>]*)?>(.*?)</span>', re.DOTALL | re.IGNORECASE
)
_FORMULA: Final = re.compile(
    r"\\\((?P<inline>.+?)\\\)|\\\[(?P<block>.+?)\\\]"
    r"|\[\$\](?P<old_inline>.+?)\[/\$\]|\[\$\$\](?P<old_block>.+?)\[/\$\$\]",
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


@dataclass(frozen=True, slots=True)
class Sides:
    """One card as it is shown.

    Attributes:
        front: The question.
        back: The answer, without the question that most templates repeat above it.
        place: Where it comes from: its deck, level by level.
    """

    front: SafeString
    back: SafeString
    place: str


def sides(opened: CardCollection, card_id: int) -> Sides:
    """Return both sides of a card.

    Raises:
        KeyError: There is no such card.
    """
    row = opened.card(card_id)
    note = next(opened.notes([row["note_id"]]))
    kinds = {kind.id: kind for kind in opened.note_types()}
    deck = {one.id: one.name for one in opened.decks()}.get(row["deck_id"], "")
    names = [file.name for file in opened.media_files()]
    try:
        front, back = faces(kinds[note.note_type_id], note, row["template"], deck)
    except (KeyError, ValueError):  # the deck does not say how to show it: its fields, plainly
        front, back = note.fields[0], "<br>".join(note.fields[1:])
    rest = re.sub(r"^\s*(<hr[^>]*>\s*)?", "", back.removeprefix(front)) if front else back
    back = rest or back

    def address(name: str) -> str:
        return reverse("cards-media", args=[name])

    safe = [
        mark_safe(with_formulas(_described(sanitise(_gaps(face), names, address))))
        for face in (front, back)
    ]
    return Sides(safe[0], safe[1], " · ".join(part for part in deck.split("::") if part))


def _gaps(html: str) -> str:
    """Keep the mark of a gap through the cleaning, which drops classes."""
    return _CLOZE.sub(r"<mark>\1</mark>", html)


def _described(html: str) -> str:
    # A picture without words of its own is named as one; the deck's maker alone knows more.
    return html.replace("<img src=", f'<img alt="{escape(_("picture of the card"))}" src=')


def with_formulas(html: str) -> str:
    """Draw the formulas of text that was made safe as MathML; what can't be read stays text.

    Args:
        html: Sanitized markup. A formula with markup inside it stays as it is.
    """
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
