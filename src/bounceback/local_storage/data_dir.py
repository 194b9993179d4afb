"""Where things are kept: one folder of the learner's own, readable by nobody else."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path


def place_of_data(environ: Mapping[str, str] | None = None) -> Path:
    """Return the folder of the learner's data, there or not.

    Args:
        environ: The environment; that of this process where none is given.

    Returns:
        ``BOUNCEBACK_HOME`` where it is set; otherwise the platform's place for an application's
        data.
    """
    known = os.environ if environ is None else environ
    given = known.get("BOUNCEBACK_HOME")
    if given:
        return Path(given).expanduser()
    if sys.platform == "win32":
        base = known.get("LOCALAPPDATA")
        return (Path(base) if base else Path.home() / "AppData" / "Local") / "Bounceback"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Bounceback"
    base = known.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "bounceback"


def data_folder(environ: Mapping[str, str] | None = None) -> Path:
    """Return ``place_of_data``, made if it is not there, for its owner alone.

    Raises:
        OSError: The folder cannot be made.
    """
    folder = place_of_data(environ)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
