"""Where the learner's cards are, and the door to them; nothing here knows of an answer."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.conf import settings

from bounceback.local_storage import card_collection as store
from bounceback.local_storage.card_collection import CardCollection
from bounceback_web import clock

INCOMING: Final = "incoming"
"""Folder of the files of imports under way."""


_NONE: Final = (0, 0, 0)


def folder() -> Path:
    """Return the data folder."""
    return Path(settings.HOME)


def now_ms() -> int:
    """Return this moment in milliseconds since 1970 UTC."""
    return int(clock.now().timestamp() * 1000)


def there() -> bool:
    """Tell whether any cards are kept."""
    return (folder() / store.FILE).exists()


def written_state() -> tuple[tuple[int, int, int], ...]:
    """Return inode, size and time of the collection's files: they differ after every write.

    An empty ``-wal`` counts as none: every reader makes one and removes it again.
    """
    found = []
    for name in (store.FILE, f"{store.FILE}-wal"):
        try:
            stat = (folder() / name).stat()
        except OSError:
            stat = None
        if stat is None or not stat.st_size:
            found.append(_NONE)
        else:
            found.append((stat.st_ino, stat.st_size, stat.st_mtime_ns))
    return tuple(found)


@contextmanager
def opened(*, make: bool = False) -> Iterator[CardCollection]:
    """Open the learner's cards."""
    with store.open_cards(folder(), make=make) as collection:
        yield collection


def delete_everything() -> None:
    """Delete the cards with their pictures and sounds, and the files of imports under way.

    An import that was under way finds its file gone, or the cards that it had opened.

    Raises:
        CardsBusy: An import is being written for longer than that takes; the cards stay.
    """
    # The files first: an import that begins from here on brings nothing.
    shutil.rmtree(folder() / INCOMING, ignore_errors=True)
    store.delete_cards(folder())
