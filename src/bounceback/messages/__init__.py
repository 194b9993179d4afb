"""Every sentence a person reads, made from typed reasons.

``render(reason)`` returns the sentence for a :class:`~bounceback.reasons.Reason`. The functions
that write sentences stand in one module per package of the engine (``messages.decision`` renders
the codes that begin with ``decision.``), each registered with ``message``. This package is the one
place where a translation would stand.
"""

from __future__ import annotations

from bounceback.messages.registry import (
    Format,
    Locale,
    message,
    registered_codes,
    render,
    shows_number,
)

__all__ = ["Format", "Locale", "message", "registered_codes", "render", "shows_number"]
