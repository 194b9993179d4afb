"""Constants of an institution's own, where the environment names them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from bounceback import facts


def adopt_named(environ: Mapping[str, str] | None = None) -> None:
    """Use the constants that ``BOUNCEBACK_PARAMETERS`` names; safe to repeat with the same file.

    Every process that answers calls this before its first question: the command line, and the web
    app's server with each of its workers.

    Args:
        environ: The environment; that of this process where none is given.

    Raises:
        FactError: The file holds no such constants, or a question was already answered.
    """
    named = (os.environ if environ is None else environ).get("BOUNCEBACK_PARAMETERS")
    held = facts.adopted()
    if named and (held is None or held[0] != Path(named)):
        facts.adopt(Path(named))
