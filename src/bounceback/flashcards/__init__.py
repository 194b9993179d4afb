"""Cards that aim at the exam day: memory states, schedules, workload, packages.

Start at the question:

=====================================================  ============
what a review does to a memory, when to ask again      ``fsrs``
which day a review belongs to                          ``dayclock``
the states of a whole review history                   ``histories``, ``replay``
the student's own weights                              ``fit``
a student's cards as they stand on a day               ``deck``
what a schedule costs and leaves on the exam day       ``workload``
which schedule to keep until the exam                  ``policy``
what is remembered, by area, with n and range          ``retention``
one sitting at the cards                               ``review``
Anki packages in and out; tags to areas                ``package``, ``areas``
=====================================================  ============

Nothing is imported before it is used: the name of a module is enough
(``from bounceback import memory; memory.fsrs.step(...)``).
"""

from __future__ import annotations

import importlib
from types import ModuleType

_MODULES = frozenset(
    {
        "areas",
        "day_boundary",
        "card_states",
        "fit",
        "fsrs",
        "review_log",
        "anki",
        "parameters",
        "policy_search",
        "replay",
        "retention",
        "review_session",
        "simulator",
    }
)


def __getattr__(name: str) -> ModuleType:
    if name in _MODULES:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
