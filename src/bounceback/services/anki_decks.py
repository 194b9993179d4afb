"""Anki decks for an interface: inspect and write packages, render cards safely, talk to Anki.

The functions and values are those of ``bounceback.flashcards.anki``, where each is documented.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bounceback import lazy_imports

if TYPE_CHECKING:
    from bounceback.flashcards.anki import ankiconnect, face_limits
    from bounceback.flashcards.anki.card_rendering import faces
    from bounceback.flashcards.anki.face_limits import FaceTooLargeError
    from bounceback.flashcards.anki.html import as_text, sanitise
    from bounceback.flashcards.anki.inspection import Inspection, inspect
    from bounceback.flashcards.anki.media import Names
    from bounceback.flashcards.anki.models import Note, NoteType, Skipped, Template, review_dtype
    from bounceback.flashcards.anki.text_decks import NewNote, package_of
    from bounceback.flashcards.anki.writing import write
    from bounceback.flashcards.fit import fit

__all__ = [
    "FaceTooLargeError",
    "Inspection",
    "Names",
    "NewNote",
    "Note",
    "NoteType",
    "Skipped",
    "Template",
    "ankiconnect",
    "as_text",
    "face_limits",
    "faces",
    "fit",
    "inspect",
    "package_of",
    "review_dtype",
    "sanitise",
    "write",
]

if not TYPE_CHECKING:  # so that a name that is not listed is an error of types
    __getattr__, __dir__ = lazy_imports.on_first_use(
        __name__,
        {
            "anki.ankiconnect": ("ankiconnect",),
            "anki.card_rendering": ("faces",),
            "anki.face_limits": ("FaceTooLargeError", "face_limits"),
            "anki.html": ("as_text", "sanitise"),
            "anki.inspection": ("Inspection", "inspect"),
            "anki.media": ("Names",),
            "anki.models": ("Note", "NoteType", "Skipped", "Template", "review_dtype"),
            "anki.text_decks": ("NewNote", "package_of"),
            "anki.writing": ("write",),
            "fit": ("fit",),
        },
        base="bounceback.flashcards",
    )
