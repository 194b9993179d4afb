"""Static files by names that hold their hash; a page outlives a broken list of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from whitenoise.storage import (  # type: ignore[import-untyped]
    CompressedManifestStaticFilesStorage,
)

MANIFEST: Final = "staticfiles.json"


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # it has no types
    """Names by hash where the list has them, plain names where it does not."""

    manifest_strict = False

    def load_manifest(self) -> tuple[dict[str, Any], str]:
        """Return the list, or an empty one where it cannot be read."""
        try:
            found: tuple[dict[str, Any], str] = super().load_manifest()
        except (ValueError, OSError):
            return {}, ""
        return found

    def stored_name(self, name: str) -> str:
        """Return the name with its hash, or the plain one where no file says more."""
        try:
            stored: str = super().stored_name(name)
        except (ValueError, OSError):
            return name
        return stored


def is_whole(folder: Path) -> bool:
    """Tell whether the list of collected files can be read and names files that are there."""
    try:
        paths = json.loads((folder / MANIFEST).read_text("utf-8"))["paths"]
        return bool(paths) and all((folder / path).is_file() for path in paths.values())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False
