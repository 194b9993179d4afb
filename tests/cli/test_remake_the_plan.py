"""bounceback replan: an earlier plan in, the plan of today out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bounceback.cli import main
from bounceback.records import read_case, to_case
from tests.services.builders import CASES, faults

CASE = str(CASES["step1-us-md-wobbly"])


@pytest.fixture
def monday(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert main(["plan", CASE, "--on", "2026-11-23", "--json"]) == 0
    path = tmp_path / "monday.json"
    path.write_text(capsys.readouterr().out, encoding="utf-8")
    return path


def test_the_plan_of_a_single_question_can_be_handed_back(
    monday: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["replan", CASE, "--from", str(monday), "--on", "2026-11-27", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["as_of"] == "2026-11-27"
    assert answer["changes"]
    assert {"plan", "ledger", "changes", "levers"} <= set(answer)
    missing = {line for line in faults(answer) if "is a required property" not in line}
    assert missing == set()


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_sessions_of_a_briefing_stand_in_the_case_file_with_what_became_of_them(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["brief", str(CASES[name]), "--on", "2026-11-23", "--json"]) == 0
    sessions = json.loads(capsys.readouterr().out)["plan"]["sessions"]
    for session in sessions:
        session["done_minutes"] = session["minutes"]
    assert {session["kind"] for session in sessions} > {"study"}
    case = to_case(read_case(CASES[name]).record)
    path = tmp_path / "case.json"
    path.write_text(json.dumps({**case, "plan": sessions}, default=str), encoding="utf-8")
    after = sessions[-1]["date"]
    assert main(["brief", str(path), "--on", after, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert faults(answer) == []
    assert all(session["date"] >= after for session in answer["plan"]["sessions"])


def test_the_page_says_what_changed_before_the_days(
    monday: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["replan", CASE, "--from", str(monday), "--on", "2026-11-27"]) == 0
    page = capsys.readouterr().out
    assert page.index("What changed") < page.rindex("Friday, November 27")
    assert main(["replan", CASE, "--from", str(monday), "--on", "2026-11-23"]) == 0
    assert "Your plan is as you last saw it" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"{", "isn't JSON"),
        (b'{"schema": NaN}', "isn't a JSON number"),
        (b"\xff\xfe", "isn't JSON in UTF-8"),
        (b"[]", "not a briefing"),
        (b"[" * 100_000, "nested too deep"),
        (b'{"schema": 1, "exam": "usmle-step-3", "plan": {"sessions": []}}', "usmle-step-1"),
    ],
)
def test_what_is_no_earlier_plan_is_refused_in_lines_and_nothing_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: bytes, said: str
) -> None:
    path = tmp_path / "old.json"
    path.write_bytes(text)
    assert main(["replan", CASE, "--from", str(path), "--on", "2026-11-27"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert "Traceback" not in err


def test_a_file_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replan", CASE, "--from", "nowhere.json"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "nowhere.json" in err


def test_without_an_earlier_plan_the_question_is_not_whole(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["replan", CASE]) == 2
    assert "--from" in capsys.readouterr().err
