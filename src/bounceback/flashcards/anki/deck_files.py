"""Which kind of deck a file is."""

from __future__ import annotations

import zipfile
from pathlib import Path

from bounceback.flashcards.anki.installed_anki import is_live


def is_package(path: Path) -> bool:
    """Whether a file is an Anki package: a zip with a collection in it."""
    if is_live(path):
        return True
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.startswith("collection.anki2") for name in archive.namelist()[:100])
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False
