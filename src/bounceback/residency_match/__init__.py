"""The residency match after a failure: what can still change, what can be explained, what is past.

Every figure carries year, applicant type, reporting regime, source and confidence; a sentence that
would mix them is refused. No chance of a match is computed here, for anybody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bounceback import lazy_imports

if TYPE_CHECKING:
    from bounceback.residency_match.cited_figures import (
        Figure,
        MixedFiguresError,
        Sentence,
        sentence,
    )
    from bounceback.residency_match.compose import outlook
    from bounceback.residency_match.licensed_tables import LicensedTables, load_licensed
    from bounceback.residency_match.models import Entry, Outlook, Section


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

__getattr__, __dir__ = lazy_imports.on_first_use(
    __name__,
    {
        "compose": ("outlook",),
        "cited_figures": ("Figure", "MixedFiguresError", "Sentence", "sentence"),
        "licensed_tables": ("LicensedTables", "load_licensed"),
        "models": ("Entry", "Outlook", "Section"),
    },
)
