"""Decks in and out: Anki packages of every generation, text files, a running Anki.

``read`` and ``open_package`` turn a package into values, ``inspect`` says what is in one, ``write``
makes one that today's Anki imports, ``merge`` joins what came in with what is kept. Everything from
outside is untrusted: see ``limits``, ``database`` and ``html``.

The modules are named so that none hides a function of the same name. NumPy, zstandard and nh3
load on first use.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bounceback.flashcards.anki.import_merge import Merged, merge
    from bounceback.flashcards.anki.inspection import Inspection, inspect
    from bounceback.flashcards.anki.limits import Limits
    from bounceback.flashcards.anki.models import Package
    from bounceback.flashcards.anki.reading import open_package, read
    from bounceback.flashcards.anki.writing import write

__all__ = [
    "Inspection",
    "Limits",
    "Merged",
    "Package",
    "inspect",
    "merge",
    "open_package",
    "read",
    "write",
]

_HOME = {
    "Inspection": "inspection",
    "inspect": "inspection",
    "Limits": "limits",
    "Merged": "import_merge",
    "merge": "import_merge",
    "Package": "models",
    "open_package": "reading",
    "read": "reading",
    "write": "writing",
}


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
