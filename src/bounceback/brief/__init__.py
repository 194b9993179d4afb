"""The only door: the whole answer for one record on one day, and the single questions."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bounceback.brief.composing import Briefing, Lookback, briefing, lookback, replanned
    from bounceback.brief.keys import lookback_to_json, to_json

_MODULE_OF_NAME = {
    **dict.fromkeys(("Briefing", "Lookback", "briefing", "lookback", "replanned"), "composing"),
    **dict.fromkeys(("lookback_to_json", "to_json"), "keys"),
}

__all__ = [
    "Briefing",
    "Lookback",
    "briefing",
    "lookback",
    "lookback_to_json",
    "replanned",
    "to_json",
]


def __getattr__(name: str) -> Any:
    module = _MODULE_OF_NAME.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{module}"), name)
    globals()[name] = found
    return found
