"""The one place for temporary files: swept at every start and by "delete everything".

A process that is killed leaves what it was writing. Everything of that kind lies in this folder, so
nothing of a learner stays elsewhere. A file that is older than a day belongs to nobody.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

FOLDER: Final = "temporary"
SECONDS_KEPT: Final = 24 * 3600


def folder(home: Path) -> Path:
    """Return the folder of temporary files, made if it is not there, for its owner alone."""
    place = home / FOLDER
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def use(home: Path) -> None:
    """Let every temporary file of this process and its children lie there."""
    tempfile.tempdir = str(folder(home))


def sweep_at_start(home: Path) -> None:
    """Remove what earlier processes left; files of finished jobs stay for their day.

    Where another server runs over the same folder, only what is older than a day goes.
    """
    from bounceback_web.jobs import lock

    folder(home)
    if lock.is_held(home):
        sweep(home, older_than_s=SECONDS_KEPT)
    else:
        sweep(home, keep="job-*")


def sweep(home: Path, *, older_than_s: float = 0.0, keep: str = "") -> None:
    """Remove what lies there.

    Args:
        home: The data folder.
        older_than_s: Files that were changed since then stay: another process may write them.
        keep: Pattern of the names that stay in any case.
    """
    before = time.time() - older_than_s
    for path in [*folder(home).iterdir(), *home.glob("cards.sqlite3-new-*")]:
        with suppress(OSError):
            if keep and path.match(keep):
                continue
            if older_than_s and path.stat().st_mtime > before:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink()
