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
    from bounceback.memory.package.inspection import Inspection, inspect
    from bounceback.memory.package.limits import Limits
    from bounceback.memory.package.merging import Merged, merge
    from bounceback.memory.package.reading import open_package, read
    from bounceback.memory.package.values import Package
    from bounceback.memory.package.writing import write

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
    "Merged": "merging",
    "merge": "merging",
    "Package": "values",
    "open_package": "reading",
    "read": "reading",
    "write": "writing",
}


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
