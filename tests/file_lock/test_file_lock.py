"""One process at a time holds a lock, and a process that ends lets it go."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bounceback import file_lock

TAKE = """
import sys
from pathlib import Path
from bounceback import file_lock
print(file_lock.take(Path(sys.argv[1])) is not None)
"""


def another_process_takes(path: Path) -> bool:
    done = subprocess.run(
        [sys.executable, "-c", TAKE, str(path)], capture_output=True, text=True, check=True
    )
    return done.stdout.strip() == "True"


def test_what_is_held_cannot_be_taken_until_it_is_released(tmp_path: Path) -> None:
    path = tmp_path / "one.lock"
    with file_lock.held(path):
        assert not another_process_takes(path)
    # The process that took it has ended, so that it is free again.
    assert another_process_takes(path)
    assert another_process_takes(path)


def test_what_is_taken_is_kept_until_it_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "one.lock"
    descriptor = file_lock.take(path)
    assert descriptor is not None
    assert file_lock.take(path) is None
    os.close(descriptor)
    assert another_process_takes(path)


def test_a_fault_inside_lets_the_lock_go(tmp_path: Path) -> None:
    path = tmp_path / "one.lock"
    with pytest.raises(ValueError, match="inside"), file_lock.held(path):
        raise ValueError("inside")
    assert another_process_takes(path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such modes")
def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "one.lock"
    with file_lock.held(path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
