"""Writing a case file by questions."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest

from bounceback import records
from bounceback.cli import main

START = ["us-md", "America/New_York", "usmle-step-1"]
SITTING = ["2026-09-20", "fail", "moderate"]
FORM = ["nbme-cbssa", "31", "2026-11-15", "58"]
HOURS = ["5", "sun"]


def answers(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join([*lines, ""])))


@pytest.mark.parametrize("name", ["me.toml", "me.json", "me.JSON"])
def test_the_answers_become_a_case(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    answers(monkeypatch, *START, *SITTING, *FORM, *HOURS, "2027-02-10")
    assert main(["case", "new", str(path)]) == 0
    held = records.read_case(path).record
    assert held.exam.planned_date == date(2027, 2, 10)
    (attempt,) = held.attempts
    assert (attempt.exam, attempt.outcome, attempt.score, attempt.distance_below_pass) == (
        "usmle-step-1",
        "fail",
        None,
        "moderate",
    )
    assert [(form.form, form.score) for form in held.forms] == [("31", 58)]
    assert held.availability is not None
    assert held.availability.minutes["fri"] == 300
    assert held.availability.minutes["sun"] == 0
    out, err = capsys.readouterr()
    assert str(path) in " ".join(out.split())
    assert "Which exam" in err
    assert "Which exam" not in out
    assert max(map(len, err.splitlines())) <= 80


def test_a_folder_that_is_not_there_is_said_before_the_first_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers(monkeypatch, *START, "", "", "", "")
    assert main(["case", "new", str(tmp_path / "absent" / "me.toml")]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    (line,) = err.splitlines()
    assert str(tmp_path / "absent") in line


def test_what_is_not_known_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "me.toml"
    answers(monkeypatch, *START, "", "", "", "")
    assert main(["case", "new", str(path)]) == 0
    held = records.read_case(path).record
    assert held.availability is None
    assert held.exam.planned_date is None
    assert (held.attempts, held.forms) == ((), ())


def test_an_answer_that_does_not_hold_is_asked_again_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "me.toml"
    answers(
        monkeypatch,
        *("us-mdd", *START),  # a slip in the first answer
        *SITTING,
        *(*FORM[:3], "187", "58"),  # a three-digit score
        *HOURS,
        "",
    )
    assert main(["case", "new", str(path)]) == 0
    assert records.read_case(path).record.forms[0].score == 58
    err = " ".join(capsys.readouterr().err.split())
    assert "us-mdd" in err
    assert "187" in err


def test_a_case_that_is_there_is_never_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "me.toml"
    path.write_text("mine", encoding="utf-8")
    assert main(["case", "new", str(path)]) == 2
    assert path.read_text(encoding="utf-8") == "mine"
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_answers_that_end_early_write_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "me.toml"
    answers(monkeypatch, *START)
    assert main(["case", "new", str(path)]) == 2
    assert not path.exists()
    assert capsys.readouterr().out == ""
