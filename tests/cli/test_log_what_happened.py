"""Adding what happened to a case file."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine

from bounceback import records
from bounceback.cli import main
from bounceback.cli.commands.log import SECTIONS
from bounceback.records.schema import SECTIONS_OF_ENTRIES

CASE = """\
schema = 1

[learner]
group = "us-md"
time_zone = "Asia/Kolkata"

[exam]
id = "usmle-step-1"   # my own remark
"""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    path = tmp_path / "me.toml"
    path.write_text(CASE, encoding="utf-8")
    return path


def test_a_practice_test_is_added_and_the_learners_remarks_are_kept(
    case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [
        "--family",
        "nbme-cbssa",
        "--form",
        "31",
        "--score",
        "58",
        "--date",
        "2026-11-15",
        "--no-timed",
    ]
    area = "Cardiovascular System=9/18"
    assert main(["log", "form", str(case), *words, "--no-timed", "--areas", area]) == 0
    (form,) = records.read_case(case).record.forms
    assert (form.family, form.form, form.score, form.date) == (
        "nbme-cbssa",
        "31",
        58,
        date(2026, 11, 15),
    )
    assert not form.timed
    assert form.areas["Cardiovascular System"].correct == 9
    assert "# my own remark" in case.read_text(encoding="utf-8")
    assert "forms now has 1 entry" in capsys.readouterr().out


def test_without_a_date_it_is_today_where_the_learner_lives(case: Path) -> None:
    with time_machine.travel(datetime(2026, 11, 22, 23, 30, tzinfo=UTC), tick=False):
        main(["log", "study", str(case), "--minutes", "90", "--activity", "questions"])
    assert records.read_case(case).record.study[0].date == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("words", "section"),
    [
        ("block --bank uworld --items 40 --correct 22 --mode tutor", "blocks"),
        ("miss --cause narrowed-wrong --confidence 3 --chosen B", "misses"),
        ("checkin --sleep-hours 6.5 --phq2 2 --contact adviser", "checkins"),
        ("study --minutes 45.5 --activity cards", "study"),
    ],
)
def test_each_kind_of_entry_is_added(case: Path, words: str, section: str) -> None:
    what, *options = words.split()
    assert main(["log", what, str(case), "--date", "2026-11-20", *options]) == 0
    assert len(getattr(records.read_case(case).record, section)) == 1


def test_every_fault_is_named_and_the_file_is_as_it_was(
    case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["log", "study", str(case), "--minutes", "soon", "--activity", "jumping"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 2
    assert "minutes" in err
    assert "jumping" in err
    assert case.read_text(encoding="utf-8") == CASE


@pytest.mark.parametrize("result", ["9/18", "Pharmacology", "Pharmacology=9", "=", "a=b=c"])
def test_an_area_without_a_result_is_refused(
    case: Path, result: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["log", "form", str(case), "--areas", result]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "Pharmacology=9/18" in line


def test_an_area_may_be_given_in_percent(case: Path) -> None:
    words = ["--family", "nbme-cbssa", "--form", "31", "--score", "58", "--date", "2026-11-15"]
    assert main(["log", "form", str(case), *words, "--areas", "Cardiovascular System=52%"]) == 0
    assert records.read_case(case).record.forms[0].areas["Cardiovascular System"].percent == 52


def test_what_can_be_logged_are_sections_of_entries() -> None:
    assert {section for section, _ in SECTIONS.values()} <= set(SECTIONS_OF_ENTRIES)


def test_two_processes_at_once_lose_nothing(case: Path) -> None:
    command = [sys.executable, "-m", "bounceback.cli", "log", "study", str(case)]
    entry = ["--date", "2026-11-20", "--activity", "questions", "--minutes"]
    running = [
        subprocess.Popen([*command, *entry, str(10 + n)], env={**os.environ}, stdout=-1)
        for n in range(6)
    ]
    for process in running:
        process.communicate()
    assert [process.returncode for process in running] == [0] * 6
    minutes = sorted(entry.minutes for entry in records.read_case(case).record.study)
    assert minutes == [10, 11, 12, 13, 14, 15]
