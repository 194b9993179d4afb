"""Bring one deck in, as a process of its own that goes on when the page is left.

``python -m bounceback_web.cards.importing ID`` is it. An import is whole or nothing; one that was
stopped left the cards as they were.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any


def place(identity: int, name: str) -> Path:
    """Return where an import's file waits, in a folder of its own.

    A text deck is known by its file's name, so that stays, without what could lead elsewhere.
    """
    from bounceback_web.cards import collection_access

    ending = Path(name).suffix.casefold()
    allowed = (".apkg", ".colpkg", ".anki2", ".csv", ".tsv", ".txt")
    stem = re.sub(r"[^\w -]", "", Path(name).stem)[:80].strip() or "deck"
    ending = ending if ending in allowed else ".apkg"
    return (
        collection_access.folder() / collection_access.INCOMING / str(identity) / f"{stem}{ending}"
    )


def clear(identity: int) -> None:
    """Delete the file of an import."""
    from bounceback_web.cards import collection_access

    shutil.rmtree(
        collection_access.folder() / collection_access.INCOMING / str(identity), ignore_errors=True
    )


def start(identity: int) -> None:
    """Start the process of an import."""
    from bounceback_web.cards.models import Import

    # Its own session: it goes on when the server that started it is stopped.
    process = subprocess.Popen(
        [sys.executable, "-m", "bounceback_web.cards.importing", str(identity)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env={**os.environ, "BOUNCEBACK_HOME": str(_home())},
    )
    # It may be done already: its own word on the state is not touched here.
    Import.objects.filter(pk=identity).update(process=process.pid)
    process.returncode = 0  # nobody waits for it; the row says how it went


def _home() -> Path:
    from bounceback_web.cards import collection_access

    return collection_access.folder()


def run(identity: int) -> None:
    """Bring the deck of one row in, and say in the row how it went."""
    from bounceback.errors import BouncebackError
    from bounceback.local_storage.deck_import import import_deck
    from bounceback_web import clock
    from bounceback_web.cards import collection_access
    from bounceback_web.cards.models import Import

    row = Import.objects.filter(pk=identity).first()
    if row is None:  # deleted with everything else
        clear(identity)
        return
    path = place(identity, row.name)
    Import.objects.filter(pk=identity).update(state="running", process=os.getpid())
    try:
        with collection_access.opened(make=True) as cards:
            said = in_words(import_deck(cards, path, int(clock.now().timestamp())))
        state = "done"
    except (BouncebackError, OSError) as error:
        state, said = "refused", [" ".join(str(error).split())]
    finally:
        clear(identity)
    Import.objects.filter(pk=identity).update(state=state, said=said)


def in_words(done: Any) -> list[str]:
    """Return what became of a deck, line by line."""
    m = done.merged
    lines = [
        f"{m.notes_added:,} notes added, {m.notes_changed:,} changed, {m.notes_unchanged:,} as "
        "they were.",
        f"{m.cards_added:,} cards and {m.reviews_added:,} reviews added.",
    ]
    if m.media_added:
        lines.append(f"{len(m.media_added):,} pictures and sounds.")
    lines += list(done.warnings[:20])
    lines += [f"Left out: {one.what}: {one.why}" for one in done.skipped[:20]]
    return lines


def still_runs(process: int | None) -> bool:
    """Tell whether the process of an import is there."""
    if process is None:
        return True  # about to start
    with contextlib.suppress(ChildProcessError, AttributeError):  # not ours, or Windows
        os.waitpid(process, os.WNOHANG)  # one that has ended would otherwise seem to be there
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bounceback_web.config.settings")
    import django

    django.setup()
    run(int(sys.argv[1]))
