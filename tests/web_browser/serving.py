"""The app as a person meets it: a server of its own process, a folder of its own, a browser."""

from __future__ import annotations

import atexit
import contextlib
import itertools
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

SERVE = """
import sys
from datetime import date
from bounceback_web.config.server import serve
port, example, day = sys.argv[1:]
serve("127.0.0.1", int(port), example=example or None, day=date.fromisoformat(day))
"""
START_KEY = "the-key-of-the-tests"
"""Key that lets a browser in where the app holds no invented example."""

# A bound for what never comes, not a measure: on a busy machine a start may take a minute.
PATIENCE_S = 240.0


# Systems give outgoing connections ports from 32768 (Linux) or 49152 upwards. A server that is
# stopped and started again on its port must find it free, so its port lies below those.
SERVER_PORTS = range(20_000, 32_000)
# Every process of a parallel run begins elsewhere, and none offers a port twice.
_ASKED = itertools.count(os.getpid() * 97)


def free_port() -> int:
    """Return a port that nobody holds now and that no outgoing connection is given later."""
    for _try in SERVER_PORTS:
        port = SERVER_PORTS[next(_ASKED) % len(SERVER_PORTS)]
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError(f"no port of {SERVER_PORTS} is free")


def wait_until_listening(port: int, process: subprocess.Popen[Any]) -> None:
    """Return once somebody listens on the port; say so at once where the process has ended."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode} and never listened")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"nobody listened on {port} within {PATIENCE_S:g} s")


def wait_until_free(port: int) -> None:
    """Return once the port can be held again: a worker outlives its killed server by a little."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                time.sleep(0.02)
            else:
                return
    raise RuntimeError(f"port {port} is still held after {PATIENCE_S:g} s")


@dataclass
class App:
    """A server over one data folder; it can be stopped, killed, and started on another day."""

    home: Path
    day: date
    example: str = ""
    port: int = 0
    key: str = START_KEY
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    _collected: ClassVar[list[Path]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What the server said; nothing of it is of the app's own data."""
        return self.home.with_name(self.home.name + ".log")

    def start(self, day: date | None = None) -> App:
        self.day = day or self.day
        self.port = self.port or free_port()
        environment = {
            **os.environ,
            "BOUNCEBACK_HOME": str(self.home),
            "BOUNCEBACK_START_KEY": self.key,
            "OPENBLAS_NUM_THREADS": "1",
        }
        self.home.mkdir(parents=True, exist_ok=True)
        collected = self.home / "static"
        if self._collected and not collected.exists():
            shutil.copytree(self._collected[0], collected)  # compressed once in a run
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", SERVE, str(self.port), self.example, self.day.isoformat()],
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,  # killed as one: the server and its worker
            )
        self.wait()
        if not self._collected:
            self._collected.append(Path(tempfile.mkdtemp(prefix="bounceback-static-")) / "static")
            atexit.register(shutil.rmtree, self._collected[0].parent, ignore_errors=True)
            shutil.copytree(collected, self._collected[0])
        return self

    def wait(self) -> None:
        assert self.process is not None
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server stopped at once: {self.log.read_text()}")
            try:
                with urllib.request.urlopen(f"{self.url}/health", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        raise RuntimeError(f"the server did not answer within {PATIENCE_S:g} s")

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        """End the server and its worker, by their own group alone."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, how)
        self.process.wait(timeout=PATIENCE_S)
        self.process = None
        wait_until_free(self.port)

    def stop(self) -> None:
        self.kill(signal.SIGKILL)

    def on(self, day: date) -> App:
        """Go on with the same data on another day."""
        self.stop()
        return self.start(day)
