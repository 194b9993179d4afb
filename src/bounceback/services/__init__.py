"""The whole answer for one record on one day, and the single questions that interfaces ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bounceback import lazy_imports

if TYPE_CHECKING:
    from bounceback.services.briefing_json import lookback_to_json, to_json
    from bounceback.services.full_briefing import Briefing, Lookback, briefing, lookback, replanned


__all__ = [
    "Briefing",
    "Lookback",
    "briefing",
    "lookback",
    "lookback_to_json",
    "replanned",
    "to_json",
]

__getattr__, __dir__ = lazy_imports.on_first_use(
    __name__,
    {
        "full_briefing": ("Briefing", "Lookback", "briefing", "lookback", "replanned"),
        "briefing_json": ("lookback_to_json", "to_json"),
    },
)
