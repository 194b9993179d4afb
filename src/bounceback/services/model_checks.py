"""How the model does against what is published."""

from __future__ import annotations

from bounceback.forecast.checks import Check, checks


def published_checks() -> tuple[Check, ...]:
    """Return every published figure beside the model's, with population, source and tolerance."""
    return tuple(checks())
