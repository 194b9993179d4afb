"""A lock on a file between processes. It ends with the process, however that ends.

POSIX: ``flock``. Windows: ``msvcrt.locking`` of the file's first byte.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

_OPEN = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0)

if sys.platform == "win32":
    import msvcrt

    _TRY_AGAIN = 36
    """``EDEADLOCK``: Windows gives up after ten seconds."""

    def _wait(descriptor: int) -> None:
        while True:
            os.lseek(descriptor, 0, os.SEEK_SET)
            try:
                msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
            except OSError as error:
                if error.errno != _TRY_AGAIN:
                    raise
            else:
                return

    def _try(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _wait(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)

    def _try(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextlib.contextmanager
def held(path: Path) -> Iterator[None]:
    """Wait until no other process holds the lock, and hold it.

    Args:
        path: File of the lock; it is made where it is not there, readable by its owner alone.

    Raises:
        OSError: The file cannot be made or locked.
    """
    descriptor = os.open(path, _OPEN, 0o600)
    try:
        _wait(descriptor)
        yield
    finally:
        os.close(descriptor)  # closing releases the lock, as the end of a killed process does


def take(path: Path) -> int | None:
    """Take the lock for the life of this process, without waiting.

    Args:
        path: File of the lock; it is made where it is not there.

    Returns:
        The open file that holds it, to be closed with ``os.close``; ``None`` where another process
        has it.
    """
    descriptor = os.open(path, _OPEN, 0o600)
    try:
        _try(descriptor)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor
