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


def folder() -> Path:
    """Return the data folder."""
    return Path(settings.HOME)


def now_ms() -> int:
    """Return this moment in milliseconds since 1970 UTC."""
    return int(clock.now().timestamp() * 1000)


def there() -> bool:
    """Tell whether any cards are kept."""
    return (folder() / store.FILE).exists()


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
