"""The residency match after a failure: what can still change, what can be explained, what is past.

Every figure carries year, applicant type, reporting regime, source and confidence; a sentence that
would mix them is refused. No chance of a match is computed here, for anybody.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bounceback.outlook.composing import outlook
    from bounceback.outlook.figures import Figure, MixedFiguresError, Sentence, sentence
    from bounceback.outlook.licensed import LicensedTables, load_licensed
    from bounceback.outlook.values import Entry, Outlook, Section

_MODULE_OF_NAME = {
    "outlook": "composing",
    **dict.fromkeys(("Figure", "MixedFiguresError", "Sentence", "sentence"), "figures"),
    **dict.fromkeys(("LicensedTables", "load_licensed"), "licensed"),
    **dict.fromkeys(("Entry", "Outlook", "Section"), "values"),
}

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


def __getattr__(name: str) -> Any:
    module = _MODULE_OF_NAME.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{module}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
