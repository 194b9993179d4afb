"""One worker at a time over a data folder; the lock goes with the process, however it ends."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

FILE: Final = "jobs.lock"


def take(folder: Path) -> int | None:
    """Take the lock for the life of this process.

    Returns:
        The open file that holds it; ``None`` where another process has it.
    """
    descriptor = os.open(folder / FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def is_held(folder: Path) -> bool:
    """Tell whether a worker is there."""
    descriptor = take(folder)
    if descriptor is None:
        return True
    os.close(descriptor)
    return False
