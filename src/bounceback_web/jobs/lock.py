"""One worker at a time over a data folder; the lock goes with the process, however it ends."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from bounceback import file_lock

FILE: Final = "jobs.lock"


def take(folder: Path) -> int | None:
    """Take the lock for the life of this process.

    Returns:
        The open file that holds it; ``None`` where another process has it.
    """
    return file_lock.take(folder / FILE)


def is_held(folder: Path) -> bool:
    """Tell whether a worker is there."""
    descriptor = take(folder)
    if descriptor is None:
        return True
    os.close(descriptor)
    return False
