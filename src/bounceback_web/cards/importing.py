"""Bring a deck in, or give all cards as one, as jobs that go on when the page is left.

An import is whole or nothing; one that was stopped left the cards as they were.
"""

from __future__ import annotations

import re
import shutil
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bounceback_web import clock

ABOUT_TO_START: Final = timedelta(minutes=1)

if TYPE_CHECKING:
    from bounceback_web.cards.models import Import
    from bounceback_web.jobs.kinds import Work


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
    """Put an import into the queue of jobs."""
    from bounceback_web.cards.models import Import
    from bounceback_web.jobs import queue

    job = queue.enqueue(None, "deck-import", {"import": identity}, key=f"deck-import:{identity}")
    Import.objects.filter(pk=identity).update(job=job)


def work(job: Work) -> None:
    """Bring the deck of one row in, as a job."""
    run(job.payload["import"])


def export_work(job: Work) -> None:
    """Write all cards with every answer as an Anki package, as a job."""
    from bounceback.services.anki_decks import write
    from bounceback_web.cards import collection_access

    path = job.folder / "cards.apkg"
    with collection_access.opened() as opened:
        package = opened.kept().package
        job.report(0.2)
        write(package, path, opened.media_content)
    job.finish(path, "bounceback-cards.apkg", "application/octet-stream")


def run(identity: int) -> None:
    """Bring the deck of one row in, and say in the row how it went."""
    from bounceback.errors import BouncebackError
    from bounceback.local_storage.deck_import import import_deck
    from bounceback_web.cards import collection_access
    from bounceback_web.cards.models import Import

    row = Import.objects.filter(pk=identity).first()
    if row is None:  # deleted with everything else
        clear(identity)
        return
    path = place(identity, row.name)
    Import.objects.filter(pk=identity).update(state="running")
    try:
        with collection_access.opened(make=True) as cards:
            said = in_words(import_deck(cards, path, int(clock.now().timestamp())))
        state = "done"
    except (BouncebackError, OSError) as error:
        state, said = "refused", [" ".join(str(error).split())]
    finally:
        clear(identity)
    Import.objects.filter(pk=identity).update(state=state, said=said)


def put_right() -> None:
    """Note imports that were stopped as such, and remove the files of those that run no more."""
    from bounceback_web.cards import collection_access
    from bounceback_web.cards.models import Import

    for row in Import.objects.filter(state__in=("waiting", "running")).select_related("job"):
        if not still_runs(row):
            row.state, row.said = "stopped", row.job.note if row.job else []
            row.save(update_fields=["state", "said"])
    states = dict(Import.objects.values_list("pk", "state"))
    for path in (collection_access.folder() / collection_access.INCOMING).glob("*"):
        state = states.get(int(path.name)) if path.name.isdecimal() else None
        # Without a row the form that brings it may still be under way.
        if state not in ("waiting", "running") and (state is not None or _is_settled(path)):
            shutil.rmtree(path, ignore_errors=True)


def _is_settled(path: Path) -> bool:
    """Tell whether a folder is not being filled just now."""
    try:
        return abs(time.time() - path.stat().st_mtime) > ABOUT_TO_START.total_seconds()
    except OSError:
        return False


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


def still_runs(row: Import) -> bool:
    """Tell whether an import waits or runs."""
    if row.job is not None:
        return row.job.is_open
    # Without a job it is about to get one, or an earlier version began it, or it never came to be.
    return row.process is None and abs(clock.now() - row.made_at) < ABOUT_TO_START
