"""Simulating a population of retakers."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from bounceback.cli import main
from bounceback.records import parse_case


def test_the_three_files_hold_each_learner_once_and_every_case_can_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "new" / "learners"
    assert main(["simulate", "--learners", "12", "--seed", "3", "--out", str(folder)]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    # Paths stay whole, so that they can be copied.
    assert max(len(line) for line in out.splitlines() if str(folder) not in line) <= 80
    cases = (folder / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    with (folder / "outcomes.csv").open(encoding="utf-8", newline="") as file:
        outcomes = list(csv.DictReader(file))
    about = json.loads((folder / "population.json").read_text(encoding="utf-8"))
    assert len(cases) == len(outcomes) == about["learners"] == 12
    assert about["seed"] == 3
    exams = [parse_case(case, json=True).record.exam.id for case in cases]
    assert exams == [row["exam"] for row in outcomes]


def test_the_same_seed_gives_the_same_learners_however_many_are_asked_for(tmp_path: Path) -> None:
    for name, n in (("a", "6"), ("b", "9")):
        assert (
            main(["simulate", "--learners", n, "--seed", "5", "--out", str(tmp_path / name)]) == 0
        )
    few, many = (
        (tmp_path / name / "cases.jsonl").read_text(encoding="utf-8").splitlines() for name in "ab"
    )
    assert many[: len(few)] == few


def test_a_folder_that_holds_a_population_is_left_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    held = tmp_path / "cases.jsonl"
    held.write_text("mine", encoding="utf-8")
    assert main(["simulate", "--learners", "2", "--out", str(tmp_path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "cases.jsonl" in err
    assert held.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("given", ["0", "-1", "ten"])
def test_a_number_of_learners_that_is_none_is_refused(
    given: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["simulate", "--learners", given, "--out", str(tmp_path / "x")]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert not (tmp_path / "x").exists()
