"""Keep what runs beside the pages: the worker for long jobs, and the address for phones.

The server starts this process and holds its standard input open. When that ends, however the server
went, everything that was started here is ended too.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bounceback import isolated_python
from bounceback.local_storage.data_dir import data_folder
from bounceback_web.devices import phone_access

LOOK_AGAIN_S: Final = 0.5
START_AGAIN_S: Final = 5.0
"""A process that ended by itself is started again after this time at the earliest."""

JOBS: Final = "bounceback_web.jobs.worker"
PHONE: Final = "bounceback_web.config.phone_listener"


class Kept:
    """One process that is kept running while it is wanted.

    Args:
        module: What it runs.
    """

    def __init__(self, module: str) -> None:
        self._module = module
        self._process: subprocess.Popen[bytes] | None = None
        self._arguments: tuple[str, ...] = ()
        self._started = -START_AGAIN_S

    def want(self, *arguments: str, environ: dict[str, str] | None = None) -> None:
        """Let it run with these arguments."""
        if self._process is not None and self._process.poll() is None:
            if self._arguments == arguments:
                return
            self.end()
        now = time.monotonic()
        if now - self._started < START_AGAIN_S and self._arguments == arguments:
            return
        self._started, self._arguments = now, arguments
        self._process = subprocess.Popen(
            isolated_python.command(self._module, *arguments),
            stdin=subprocess.PIPE,  # ends when this process ends
            stdout=subprocess.DEVNULL,
            env={**os.environ, **(environ or {})},
        )

    def end(self) -> None:
        """End it."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None


def end_with_standard_input() -> threading.Event:
    """Return what is set once whoever started this process is gone."""
    gone = threading.Event()
    descriptor = sys.stdin.fileno()

    def watch() -> None:
        # Not through sys.stdin: its lock would be held in a process that is forked meanwhile.
        with suppress(OSError):
            while os.read(descriptor, 1024):
                pass
        gone.set()

    threading.Thread(target=watch, daemon=True).start()
    return gone


def main() -> int:
    """Keep the processes until the server is gone."""
    port = sys.argv[1]
    folder: Path = data_folder()
    gone = end_with_standard_input()
    jobs, phone = Kept(JOBS), Kept(PHONE)
    while not gone.wait(LOOK_AGAIN_S):
        jobs.want("--stay")
        address = phone_access.home_address()
        if address is not None and phone_access.is_open(folder, datetime.now(UTC)):
            phone.want(
                address,
                port,
                environ={"BOUNCEBACK_LISTENER": "phone", "BOUNCEBACK_LISTENER_HOST": address},
            )
        else:
            phone.end()
    phone.end()
    jobs.end()
    return 0


if __name__ == "__main__":
    sys.exit(main())
