"""The only door: the whole answer for one record on one day, and the single questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bounceback import names

if TYPE_CHECKING:
    from bounceback.brief.composing import Briefing, Lookback, briefing, lookback, replanned
    from bounceback.brief.keys import lookback_to_json, to_json


__all__ = [
    "Briefing",
    "Lookback",
    "briefing",
    "lookback",
    "lookback_to_json",
    "replanned",
    "to_json",
]

__getattr__, __dir__ = names.on_first_use(
    __name__,
    {
        "composing": ("Briefing", "Lookback", "briefing", "lookback", "replanned"),
        "keys": ("lookback_to_json", "to_json"),
    },
)
