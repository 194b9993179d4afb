"""Where the learner's data lies."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bounceback.local_storage.data_dir import data_folder, place_of_data


def test_the_learners_own_choice_of_a_folder_wins(tmp_path: Path) -> None:
    chosen = tmp_path / "mine"
    assert place_of_data({"BOUNCEBACK_HOME": str(chosen), "XDG_DATA_HOME": "elsewhere"}) == chosen


def test_asking_for_the_place_makes_nothing(tmp_path: Path) -> None:
    chosen = tmp_path / "mine"
    place_of_data({"BOUNCEBACK_HOME": str(chosen)})
    assert not chosen.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="the place is the platform's own")
def test_without_a_choice_it_is_the_platforms_place(tmp_path: Path) -> None:
    assert place_of_data({"XDG_DATA_HOME": str(tmp_path)}) == tmp_path / "bounceback"
    assert place_of_data({}) == Path.home() / ".local" / "share" / "bounceback"


@pytest.mark.skipif(sys.platform == "win32", reason="file modes are POSIX")
def test_nobody_else_may_read_the_folder(tmp_path: Path) -> None:
    folder = data_folder({"BOUNCEBACK_HOME": str(tmp_path / "a" / "b")})
    assert folder.stat().st_mode & 0o077 == 0
    assert data_folder({"BOUNCEBACK_HOME": str(folder)}) == folder
