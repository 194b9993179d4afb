"""The residency match after a failure: what can still change, what can be explained, what is past.

Every figure carries year, applicant type, reporting regime, source and confidence; a sentence that
would mix them is refused. No chance of a match is computed here, for anybody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bounceback import names

if TYPE_CHECKING:
    from bounceback.outlook.composing import outlook
    from bounceback.outlook.figures import Figure, MixedFiguresError, Sentence, sentence
    from bounceback.outlook.licensed import LicensedTables, load_licensed
    from bounceback.outlook.values import Entry, Outlook, Section


__all__ = [
    "Entry",
    "Figure",
    "LicensedTables",
    "MixedFiguresError",
    "Outlook",
    "Section",
    "Sentence",
    "load_licensed",
    "outlook",
    "sentence",
]

__getattr__, __dir__ = names.on_first_use(
    __name__,
    {
        "composing": ("outlook",),
        "figures": ("Figure", "MixedFiguresError", "Sentence", "sentence"),
        "licensed": ("LicensedTables", "load_licensed"),
        "values": ("Entry", "Outlook", "Section"),
    },
)
