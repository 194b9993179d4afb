"""How long a person waits for an answer from a fresh process, against ``import numpy``.

A command that does not exist yet gives no row.
"""

from __future__ import annotations

import functools
import subprocess
import sys
from pathlib import Path

from benchmarks.measuring import Row, turn_about
from bounceback.cli.commands import BY_NAME

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
    """Return one row a command that exists."""
    asked = {
        name: (words, goal)
        for name, (words, goal) in GOALS.items()
        if words[0] in BY_NAME or words[0] == "--help"
    }
    run = functools.partial(subprocess.run, check=True, capture_output=True)
    works = [
        functools.partial(run, [sys.executable, "-m", "bounceback.cli", *words])
        for words, _ in asked.values()
    ]
    *ours, peer = turn_about(*works, functools.partial(run, [sys.executable, "-c", "import numpy"]))
    return [
        Row(f"cold {name}", taken, peer, PEER, goal)
        for (name, (_, goal)), taken in zip(asked.items(), ours, strict=True)
    ]
