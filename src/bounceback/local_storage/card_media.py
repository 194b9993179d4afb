"""Content of pictures and sounds: one file each, named by its SHA-1, so a name is never a path.

New files first stand in ``arriving/``. The database's transaction decides what becomes of them:
listed, they move to their place; otherwise they are removed, at the latest when the collection is
opened again.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from bounceback.errors import QuestionError, UntrustedInputError

_SHA1: Final = re.compile(r"[0-9a-f]{40}")
_ROOM_LEFT: Final = 64 * 1024 * 1024
"""Bytes of the disk that an import leaves free."""


class MediaFolder:
    """The folder of contents.

    Args:
        folder: Where; made when the first file comes.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._arriving = folder / "arriving"

    def arriving(self) -> bool:
        """Tell whether an import is going on, or was stopped."""
        return self._arriving.is_dir()

    def has(self, sha1: str) -> bool:
        """Tell whether a content is kept."""
        return self._place(sha1).is_file()

    def content(self, sha1: str) -> bytes:
        """Return a content.

        Raises:
            KeyError: It is not there.
        """
        for path in (self._place(sha1), self._arriving / sha1):
            with suppress(FileNotFoundError):
                return path.read_bytes()
        raise KeyError(sha1)

    def make_room(self, total_bytes: int) -> None:
        """Refuse before anything is written what the disk cannot hold.

        Raises:
            QuestionError: So many bytes would not leave room on the disk.
        """
        parent = next(one for one in (self._folder, *self._folder.parents) if one.is_dir())
        free = shutil.disk_usage(parent).free
        if total_bytes + _ROOM_LEFT > free:
            raise QuestionError(
                f"The pictures and sounds take {total_bytes:,} bytes and the disk has {free:,} "
                "free. Make room, or export the deck from Anki without media. Nothing was kept."
            )

    def arrive(self, sha1: str, content: bytes) -> None:
        """Write a content among the arriving ones, unless it is kept already.

        Raises:
            UntrustedInputError: The content is not the one its SHA-1 names.
        """
        if self.has(sha1):
            return
        if hashlib.sha1(content, usedforsecurity=False).hexdigest() != sha1:
            raise UntrustedInputError(
                "The package changed while it was read: a media file has another content than "
                "listed (SHA-1). Import it again when no program writes to it. Nothing was kept."
            )
        self._arriving.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self._arriving / sha1).open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())

    def sort_arrivals(self, listed: Callable[[str], bool]) -> None:
        """Move the arrived files that are listed to their places; remove the others."""
        if not self._arriving.is_dir():
            return
        for path in self._arriving.iterdir():
            if listed(path.name):
                place = self._place(path.name)
                place.parent.mkdir(mode=0o700, exist_ok=True)
                path.replace(place)
            else:
                path.unlink()
        self._arriving.rmdir()

    def _place(self, sha1: str) -> Path:
        if not _SHA1.fullmatch(sha1):
            raise KeyError(sha1)
        return self._folder / sha1[:2] / sha1
