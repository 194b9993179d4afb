"""The two faces of a card, from its note and template. Nothing of the template runs.

Anki's template language is small: fields, sections that depend on a field being filled, and a few
filters. What is made here is still a stranger's HTML: pass it through ``html.sanitise`` to show it
in a page, or ``html.as_text`` for a terminal.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from bounceback.flashcards.anki import cloze
from bounceback.flashcards.anki.face_limits import check_length, check_work
from bounceback.flashcards.anki.models import Note, NoteType

_TOKEN: Final = re.compile(r"\{\{([#^/]?)([^{}]*)\}\}")
_DEPTH_MAX: Final = 16
_EMPTY: Final = re.compile(r"<(?!img\b|audio\b|video\b)[^<>]*>|&nbsp;|\s")


class Face(NamedTuple):
    """Question and answer of one card, HTML not yet made safe."""

    front: str
    back: str


def faces(note_type: NoteType, note: Note, template: int, deck: str = "") -> Face:
    """Return the two faces of one card.

    Args:
        note_type: Type of the note.
        note: The note.
        template: From 0; for cloze the gap's number minus 1.
        deck: Full name of the card's deck, for templates that show it.

    Raises:
        ValueError: The note type has no such template, or a face asks for more than a card needs
            (``FaceTooLargeError``).
    """
    at = 0 if note_type.cloze else template
    if not 0 <= at < len(note_type.templates):
        raise ValueError(
            f"template={template}; the note type {note_type.name!r} has"
            f" {len(note_type.templates)}, counted from 0."
        )
    used = note_type.templates[at]
    values = dict(zip(note_type.fields, note.fields, strict=False))
    values |= {
        "Tags": " ".join(note.tags),
        "Type": note_type.name,
        "Deck": deck,
        "Subdeck": deck.rsplit("::", 1)[-1],
        "Card": used.name,
        "CardFlag": "",
    }
    number = template + 1
    front = _filled(used.front, values, number, answer=False)
    back = _filled(used.back, values | {"FrontSide": front}, number, answer=True)
    return Face(front, back)


def _filled(template: str, values: dict[str, str], number: int, *, answer: bool) -> str:
    out: list[str] = []
    check_length(len(template))
    length = work = 0
    filled: dict[str, bool] = {}

    def put(piece: str) -> None:
        # A template may repeat a field without end: it stops here, before it is put together.
        nonlocal length
        length += len(piece)
        check_length(length)
        out.append(piece)

    # One entry a section that is open: its name, and whether what stands in it is shown.
    sections: list[tuple[str, bool]] = []
    at = 0
    for token in _TOKEN.finditer(template):
        shown = all(visible for _, visible in sections)
        if shown:
            put(template[at : token.start()])
        at = token.end()
        kind, name = token[1], token[2].strip()
        if kind in ("#", "^"):
            if len(sections) < _DEPTH_MAX:
                if name not in filled:
                    filled[name] = _is_filled(name, values, number)
                sections.append((name, filled[name] == (kind == "#")))
        elif kind == "/":
            if sections and sections[-1][0] == name:
                sections.pop()
        elif shown:
            passes = 1 + name.count(":")  # every filter goes through the field once
            work += passes * len(values.get(name.rpartition(":")[2].strip(), ""))
            check_work(work)
            put(_field(name, values, number, answer=answer))
    if all(visible for _, visible in sections):
        put(template[at:])
    return "".join(out)


def _is_filled(name: str, values: dict[str, str], number: int) -> bool:
    if re.fullmatch(r"c\d{1,3}", name):
        return name == f"c{number}"
    return bool(_EMPTY.sub("", values.get(name, "")))


def _field(token: str, values: dict[str, str], number: int, *, answer: bool) -> str:
    *filters, name = (part.strip() for part in token.split(":"))
    value = values.get(name)
    if value is None:
        return ""
    for one in reversed(filters):
        if one == "cloze":
            value = cloze.shown(value, number, answer=answer)
        elif one == "text":
            value = re.sub(r"<[^<>]*>", "", value)
        elif one == "type":
            # What the learner types is compared by a face; the question shows an empty line.
            value = value if answer else "____"
        elif one == "hint" and not answer and value:
            value = f"[{name}]"
    return value
