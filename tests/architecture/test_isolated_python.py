"""A hostile working folder: nothing in it runs, whatever command is asked."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bounceback import isolated_python
from bounceback.cli.command_table import BY_NAME

NAMES = tuple(
    # ours, of others, and of Python itself
    "numpy pypdf python_calamine django granian nh3 typst segno pyrage icalendar zstandard "  # noqa: SIM905
    "typing json argparse dataclasses pathlib sqlite3 csv tempfile subprocess decimal".split()
)
"""Modules that commands import, of ours, of others and of Python itself."""

SCRIPT = str(Path(sys.executable).with_name("bounceback"))


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A folder in which every module that is imported leaves a trace."""
    for name in NAMES:
        (tmp_path / f"{name}.py").write_text("open('ran', 'a').write(__name__)\n", "utf-8")
    return tmp_path


ENTRIES = {"script": [SCRIPT], "module": [sys.executable, "-m", "bounceback.cli"]}
WORDS = {name: [name, "--help"] for name in sorted(BY_NAME)} | {
    "check": ["facts", "check"],
    "pdf": ["read", "scan.pdf", "--exam", "usmle-step-1"],
}


@pytest.mark.parametrize(
    ("entry", "name"),
    [("script", name) for name in WORDS] + [("module", "check"), ("module", "pdf")],
)
def test_nothing_in_the_working_folder_runs(hostile: Path, entry: str, name: str) -> None:
    (hostile / "scan.pdf").write_bytes(b"%PDF-1.4 no report")
    subprocess.run(
        [*ENTRIES[entry], *WORDS[name]],
        cwd=hostile,
        env={**os.environ, "PYTHONPATH": os.pathsep},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert not (hostile / "ran").exists()


def test_a_module_runs_isolated_with_its_arguments(hostile: Path) -> None:
    done = subprocess.run(
        isolated_python.command("bounceback.cli", "facts", "check"),
        cwd=hostile,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert "facts" in done.stdout
    assert not (hostile / "ran").exists()
