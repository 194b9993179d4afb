"""An institution's outcomes into parameters of its own."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bounceback.cli import main
from bounceback.records import examples
from tests.forecast.retakes import as_csv, drawn

EXAMPLE = Path(examples.__file__).parent / "step-1.toml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    text = as_csv(drawn(260, 4, median=1.2, group="us-img"))
    (tmp_path / "outcomes.csv").write_text(text, encoding="utf-8")
    return tmp_path


def ask(words: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bounceback.cli", *words],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )


def test_a_dated_file_is_written_and_its_path_and_intervals_are_shown(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["recalibrate", str(folder), "--on", "2027-03-01"]) == 0
    out, err = capsys.readouterr()
    written = folder / "forecast-parameters-2027-03-01.csv"
    assert err == ""
    assert str(written) in out
    assert "BOUNCEBACK_PARAMETERS" in out
    assert max(len(line) for line in out.splitlines() if str(folder) not in line) <= 80
    with written.open(encoding="utf-8", newline="") as file:
        names = [row["name"] for row in csv.DictReader(file)]
    assert names == ["rate_median.us-img", "adherence_mean"]


def test_json_says_the_same(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["recalibrate", str(folder), "--on", "2027-03-01", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["retakes"] == 260
    rate = told["parameters"][0]
    assert rate["low"] < rate["value"] < rate["high"]
    assert rate["n"] == 260


def test_a_file_that_is_there_is_never_overwritten(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    held = folder / "forecast-parameters-2027-03-01.csv"
    held.write_text("mine", encoding="utf-8")
    assert main(["recalibrate", str(folder), "--on", "2027-03-01"]) == 2
    assert capsys.readouterr().out == ""
    assert held.read_text(encoding="utf-8") == "mine"


def test_too_few_retakes_are_refused_with_the_number_needed_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "outcomes.csv").write_text(as_csv(drawn(40, 1, median=0.5)), encoding="utf-8")
    assert main(["recalibrate", str(tmp_path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "200" in err
    assert [p.name for p in tmp_path.iterdir()] == ["outcomes.csv"]


@pytest.mark.parametrize("content", [None, "exam,group\n", "exam;group\n", b"\xff\xfe\x00"])
def test_outcomes_that_cannot_be_read_are_refused_without_an_answer(
    content: str | bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if content is not None:
        data = content if isinstance(content, bytes) else content.encode()
        (tmp_path / "outcomes.csv").write_bytes(data)
    assert main(["recalibrate", str(tmp_path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err


def test_the_new_file_changes_forecasts_when_it_is_named_and_they_say_so(folder: Path) -> None:
    question = ["forecast", str(EXAMPLE), "--on", "2026-11-22", "--json"]
    shipped = ask(question)
    assert main(["recalibrate", str(folder), "--on", "2027-03-01"]) == 0
    assert ask(question).stdout == shipped.stdout
    own = ask(question, BOUNCEBACK_PARAMETERS=str(folder / "forecast-parameters-2027-03-01.csv"))
    assert own.returncode == 0, own.stderr
    before, after = json.loads(shipped.stdout), json.loads(own.stdout)
    assert after["model_version"].startswith(before["model_version"] + "+own-")
    assert after["forecast"][-1]["p_pass"] > before["forecast"][-1]["p_pass"] + 0.05


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("rate_median.us-md,usmle-step-1,0,times the published growth,2027-03-01", "above 0"),
        ("pass_mark,usmle-step-1,180,points,2027-03-01", "no constant"),
        ("adherence_mean,*,0.8,percent,2027-03-01", "no constant"),
        ("adherence_mean,*,0.8,share,", "first day"),
        ("adherence_mean,step-9,0.8,share,2027-03-01", "step-9"),
    ],
)
def test_a_file_of_parameters_that_is_wrong_is_refused_with_its_line(
    row: str, said: str, tmp_path: Path
) -> None:
    own = tmp_path / "own.csv"
    header = "name,exam,value,unit,first,source,locator,confidence,note"
    own.write_text(f"{header}\n{row},bounceback,x,inferred,\n", encoding="utf-8")
    done = ask(["forecast", str(EXAMPLE), "--on", "2026-11-22"], BOUNCEBACK_PARAMETERS=str(own))
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
