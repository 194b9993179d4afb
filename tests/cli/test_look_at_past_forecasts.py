"""Past forecasts beside new ones."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from bounceback.cli import main
from bounceback.local_storage.forecast_history import FILE, read
from bounceback.records import examples

EXAMPLE = Path(examples.__file__).parent / "step-1.toml"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("BOUNCEBACK_HOME", str(folder))
    monkeypatch.delenv("BOUNCEBACK_TRACK_RECORD", raising=False)
    return folder


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return Path(shutil.copy(EXAMPLE, tmp_path / "me.toml"))


def sit(case: Path, outcome: str) -> None:
    with case.open("a", encoding="utf-8") as file:
        file.write(
            f'\n[[attempts]]\nexam = "usmle-step-1"\ndate = 2027-02-10\noutcome = "{outcome}"\n'
        )


def ask(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(list(words)) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


@pytest.mark.parametrize("form", [[], ["--json"]])
@pytest.mark.parametrize("command", ["forecast", "brief"])
def test_each_forecast_shown_is_kept_with_its_model_version(
    command: str, form: list[str], home: Path, case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ask(capsys, command, str(case), "--on", "2026-11-22", *form)
    (shown,), results = read(home)
    told = json.loads(ask(capsys, command, str(case), "--on", "2026-11-22", "--json"))
    assert [f.test_date.isoformat() for f in shown.forecasts] == [
        row["date"] for row in told["forecast"]
    ]
    assert [f.p_pass for f in shown.forecasts] == [row["p_pass"] for row in told["forecast"]]
    assert {f.model_version for f in shown.forecasts} == {told["model_version"]}
    assert len(read(home)[0]) == 1
    assert results


def test_json_is_the_same_whatever_was_kept(
    home: Path, case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = ask(capsys, "forecast", str(case), "--on", "2026-11-22", "--json")
    assert ask(capsys, "forecast", str(case), "--on", "2026-11-22", "--json") == first


def test_the_real_result_scores_what_was_said_for_its_day(
    home: Path, case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for day in ("2026-11-22", "2026-12-20", "2027-01-20"):
        assert "Past forecasts" not in ask(capsys, "forecast", str(case), "--on", day)
    sit(case, "fail")
    out = ask(capsys, "forecast", str(case), "--on", "2027-03-01")
    assert "Past forecasts" in out
    assert "Yours: 3 forecasts for 1 attempt with a result." in out
    assert "Brier score" in out
    assert out.index("Past forecasts") < out.index("Brier score")
    assert max(map(len, out.splitlines())) <= 80


def test_a_look_back_is_no_forecast_and_is_not_kept(
    home: Path, case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sit(case, "pass")
    ask(capsys, "forecast", str(case), "--on", "2026-11-22")
    assert read(home)[0] == []


def test_all_of_this_machine_stand_beside_ones_own(
    home: Path, case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = Path(shutil.copy(EXAMPLE, tmp_path / "other.toml"))
    for file in (case, other):
        ask(capsys, "forecast", str(file), "--on", "2026-12-20")
        sit(file, "fail")
        ask(capsys, "forecast", str(file), "--on", "2027-03-01")
    out = ask(capsys, "forecast", str(case), "--on", "2027-03-01")
    assert "Yours: 1 forecast for 1 attempt" in out
    assert "All on this computer: 2 forecasts for 2 attempts" in out


@pytest.mark.parametrize("word", ["off", "0", "OFF"])
def test_nothing_is_kept_where_it_was_turned_off(
    word: str,
    home: Path,
    case: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BOUNCEBACK_TRACK_RECORD", word)
    out = ask(capsys, "forecast", str(case), "--on", "2026-11-22")
    assert "Forecasts are not saved" in out
    assert not (home / FILE).exists()


def test_a_folder_that_cannot_be_used_leaves_the_answer_and_says_so(
    case: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    blocked = tmp_path / "a-file"
    blocked.write_text("", encoding="utf-8")
    monkeypatch.setenv("BOUNCEBACK_HOME", str(blocked / "home"))
    out = ask(capsys, "forecast", str(case), "--on", "2026-11-22")
    assert "save this forecast" in out
    assert "Your chances by date" in out
