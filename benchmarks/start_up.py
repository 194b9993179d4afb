"""How long a person waits for an answer from a fresh process, against ``import numpy``.

Each is measured twice, for both sides alike: with the bytecode that Python keeps of a module once
it has read it (every run but the first), and with none kept (the first run, and machines where
``PYTHONDONTWRITEBYTECODE`` is set). A command that does not exist yet gives no row.
"""

from __future__ import annotations

import functools
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measuring import Row, turn_about
from bounceback.cli.command_table import BY_NAME

ROOT = Path(__file__).resolve().parents[1]
CASE = ROOT / "tests" / "cases" / "step1-us-md-wobbly.toml"
DAY = "2026-11-23"
PEER = 'python -c "import numpy"'

GOALS = {
    "help": (["--help"], 1.0),
    "support": (["support"], 1.0),
    "case check": (["case", "check", str(CASE)], 2.0),
    "forecast": (["forecast", str(CASE), "--on", DAY], 2.5),
    "brief": (["brief", str(CASE), "--on", DAY], 5.0),
}
"""Words typed, and the largest ratio to the peer that we accept."""


def rows() -> list[Row]:
    """Return two rows a command that exists."""
    asked = {
        name: (words, goal)
        for name, (words, goal) in GOALS.items()
        if words[0] in BY_NAME or words[0] == "--help"
    }
    found: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        for regime, kept in (("bytecode kept", True), ("none kept", False)):
            run = functools.partial(
                subprocess.run, check=True, capture_output=True, env=_environment(folder, kept)
            )
            works = [
                functools.partial(run, [sys.executable, "-m", "bounceback.cli", *words])
                for words, _ in asked.values()
            ]
            numpy = functools.partial(run, [sys.executable, "-c", "import numpy"])
            *ours, peer = turn_about(*works, numpy)
            found += [
                Row(f"cold {name}, {regime}", taken, peer, PEER, goal)
                for (name, (_, goal)), taken in zip(asked.items(), ours, strict=True)
            ]
    return found


def _environment(folder: str, kept: bool) -> dict[str, str]:
    """This process's, with bytecode in a folder that the untimed round fills; or with none."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(Path(folder) / str(kept))}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment if kept else {**environment, "PYTHONDONTWRITEBYTECODE": "1"}
