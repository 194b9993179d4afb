"""Checking a case file."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from bounceback.cli import clock, main
from tests.records.faulty_cases import FaultyCase, faulty_cases

CASE = """\
schema = 1
[learner]
group = "us-md"
time_zone = "America/New_York"
[exam]
id = "usmle-step-1"
[[forms]]
family = "nbme-cbssa"
form = "31"
date = 2026-11-15
score = 58.0
"""


def test_a_sound_case_is_told_what_it_holds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "me.toml"
    path.write_text(CASE, encoding="utf-8")
    assert main(["case", "check", str(path)]) == 0
    out, err = capsys.readouterr()
    assert "no errors found" in out
    assert "practice tests taken  1" in out
    assert err == ""


def test_every_fault_is_one_line_with_its_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "me.toml"
    faulty = CASE.replace("us-md", "usmd").replace("58.0", "187").replace("New_York", "Gotham")
    path.write_text(faulty, encoding="utf-8")
    assert main(["case", "check", str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    keys = [line.split(":")[0] for line in err.splitlines()]
    assert keys == ["learner.group", "learner.time_zone", "forms[0].score"]


def test_a_file_that_is_not_there_is_said_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["case", "check", str(tmp_path / "none.toml")]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert "none.toml" in err


@pytest.mark.parametrize("case", faulty_cases(20), ids=lambda case: case.name)
def test_a_faulty_case_is_refused_in_a_shell_and_the_fault_is_named(
    case: FaultyCase, tmp_path: Path
) -> None:
    path = tmp_path / f"case{case.suffix}"
    path.write_bytes(case.content)
    done = subprocess.run(
        [sys.executable, "-m", "bounceback.cli", "case", "check", path.name],
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith(case.key)
    assert case.says in line


@pytest.mark.parametrize("year", [2027, 2099])
def test_a_planned_day_decades_away_is_asked_about(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    year: int,
) -> None:
    monkeypatch.setattr(clock, "today", lambda zone: date(2026, 11, 22))
    path = tmp_path / "me.toml"
    planned = f'id = "usmle-step-1"\nplanned_date = {year}-02-10'
    path.write_text(CASE.replace('id = "usmle-step-1"', planned), encoding="utf-8")
    assert main(["case", "check", str(path)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    asked = "exam.planned_date (2099-02-10) lies more than two years ahead; check the year"
    assert (asked in said) is (year == 2099)
