"""Reading a file that may be hostile in a process of its own, with little memory and little time.

The file can at most end that process. A module that reads so runs as ``python -m`` with the file
on standard input, and prints what it read as JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any, Final

from bounceback import isolated_python

MOST_SECONDS: Final = 20
MOST_MEMORY: Final = 1_000_000_000


class NotReadError(Exception):
    """The process did not come to an end of its own.

    Attributes:
        slow: Whether its time was up; otherwise the file is damaged or protected, or asked for too
            much memory.
    """

    def __init__(self, *, slow: bool) -> None:
        super().__init__("too slow" if slow else "not read")
        self.slow = slow


def read_apart(module: str, data: bytes, *, seconds: float = MOST_SECONDS) -> Any:
    """Return what a module reads from a file, in a process of its own.

    Args:
        module: Name of a module that calls :func:`tell`.
        data: The file.
        seconds: Longest time that reading may take.

    Raises:
        NotReadError: The file is damaged or protected, or asks for too much memory or time.
    """
    try:
        done = subprocess.run(
            isolated_python.command(module),
            input=data,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotReadError(slow=True) from None
    if done.returncode != 0:
        raise NotReadError(slow=False)
    return json.loads(done.stdout)


def tell(read: Callable[[bytes], Any], most_bytes: int) -> int:
    """Be that process: read what stands on standard input, and print it as JSON.

    Args:
        read: From the file to what JSON can hold.
        most_bytes: So many bytes are taken from standard input.
    """
    import logging

    _bound()
    logging.disable(logging.CRITICAL)
    sys.stdout.write(json.dumps(read(sys.stdin.buffer.read(most_bytes + 1))))
    return 0


def _bound() -> None:
    """Bound this process where the system can (not on Windows; the parent's clock holds there)."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    if sys.platform != "darwin":  # there the limit is refused for a running process
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
