"""Forecasts as they were shown, and what came."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bounceback.forecast.scoring import ShownForecast
from bounceback.local_storage.forecast_history import FILE, forget, keep, learner_key, read
from bounceback.services.track_record import Result, Showing
from bounceback.services.track_record import past_forecasts as past

SHOWN = date(2026, 11, 22)
SAT = date(2027, 2, 10)


def showing(p: float = 0.6, *, on: date = SHOWN, learner: str = "a", test: date = SAT) -> Showing:
    return Showing(
        learner, "usmle-step-1", (ShownForecast(on, test, p, p / 2, (1 + p) / 2, "2026.11-1"),)
    )


def result(passed: bool = True, *, learner: str = "a", sat: date = SAT) -> Result:
    return Result(learner, "usmle-step-1", sat, passed)


def test_what_was_shown_is_read_back_as_it_was(tmp_path: Path) -> None:
    keep(tmp_path, showing(), [])
    keep(tmp_path, None, [result()])
    assert read(tmp_path) == ([showing()], [result()])


def test_everything_kept_can_be_deleted_and_nothing_there_is_no_fault(tmp_path: Path) -> None:
    forget(tmp_path)
    keep(tmp_path, showing(), [result()])
    forget(tmp_path)
    assert read(tmp_path) == ([], [])
    assert not (tmp_path / FILE).exists()


def test_the_same_answer_twice_is_kept_once_and_another_number_is_kept_too(tmp_path: Path) -> None:
    for s in (showing(), showing(), showing(0.7), showing(0.7)):
        keep(tmp_path, s, [result()])
    shown, results = read(tmp_path)
    assert [s.forecasts[0].p_pass for s in shown] == [0.6, 0.7]
    assert results == [result()]


def test_a_corrected_result_holds(tmp_path: Path) -> None:
    keep(tmp_path, showing(0.8), [result(False)])
    keep(tmp_path, None, [result(True)])
    found = past(*read(tmp_path))
    assert [s.passed for s in found.scored] == [True]


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    keep(tmp_path, showing(), [])
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "broken", ['{"kind":"shown","learner":"a"', "not json", '{"kind":7}', "[]"]
)
def test_a_line_left_unfinished_costs_no_other(tmp_path: Path, broken: str) -> None:
    keep(tmp_path, showing(), [])
    with (tmp_path / FILE).open("a", encoding="utf-8") as file:
        file.write(broken)
    keep(tmp_path, showing(0.9), [result()])
    shown, results = read(tmp_path)
    assert [s.forecasts[0].p_pass for s in shown] == [0.6, 0.9]
    assert results == [result()]


def test_nothing_kept_is_nothing_read(tmp_path: Path) -> None:
    assert read(tmp_path) == ([], [])
    assert past([], []).track is None


def test_a_forecast_is_scored_for_the_day_it_named_and_only_before_it() -> None:
    shown = [
        showing(0.6),
        showing(0.1, test=SAT + timedelta(days=1)),
        showing(0.2, on=SAT),
        showing(0.3, learner="b"),
    ]
    found = past(shown, [result()])
    assert [s.shown.p_pass for s in found.scored] == [0.6]
    assert found.sittings == 1
    assert found.track is not None
    assert found.track.brier == pytest.approx(0.16)


def test_the_last_answer_of_a_day_stands_for_it_and_each_day_counts() -> None:
    shown = [showing(0.2), showing(0.5), showing(0.7, on=SHOWN + timedelta(days=7))]
    found = past(shown, [result()])
    assert [s.shown.p_pass for s in found.scored] == [0.5, 0.7]


def test_one_learners_past_is_told_from_everybodys() -> None:
    shown = [showing(0.6), showing(0.3, learner="b")]
    results = [result(), result(False, learner="b")]
    assert past(shown, results, "b").track.count == 1  # type: ignore[union-attr]
    everybody = past(shown, results)
    assert (everybody.sittings, everybody.track.count) == (2, 2)  # type: ignore[union-attr]


@given(
    st.lists(st.tuples(st.floats(0, 1), st.sampled_from("abc"), st.integers(1, 60)), max_size=12)
)
@settings(derandomize=True, max_examples=40, deadline=None)
def test_no_forecast_is_lost_or_changed_on_the_way(
    tmp_path_factory: pytest.TempPathFactory, told: list[tuple[float, str, int]]
) -> None:
    folder = tmp_path_factory.mktemp("kept")
    shown = [showing(p, learner=who, on=SAT - timedelta(days=days)) for p, who, days in told]
    for s in shown:
        keep(folder, s, [])
    kept, _ = read(folder)
    assert kept == list(dict.fromkeys(shown))


def test_processes_that_keep_at_once_lose_nothing(tmp_path: Path) -> None:
    program = (
        "import sys\nfrom pathlib import Path\n"
        "from tests.local_storage.test_forecast_history import keep, showing\n"
        "for i in range(20): keep(Path(sys.argv[1]), showing(i / 100, learner=sys.argv[2]), [])"
    )
    root = Path(__file__).resolve().parents[2]
    running = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path), who], cwd=root)
        for who in "xyz"
    ]
    assert [process.wait() for process in running] == [0, 0, 0]
    lines = (tmp_path / FILE).read_text(encoding="utf-8").splitlines()
    assert len(lines) == 60
    assert len({json.loads(line)["learner"] for line in lines}) == 3


def test_a_case_is_the_same_learner_by_whatever_path_and_another_file_is_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert learner_key(Path("me.toml")) == learner_key(tmp_path / "me.toml")
    assert learner_key(Path("me.toml")) != learner_key(Path("you.toml"))
    assert "me" not in learner_key(Path("me.toml"))


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r".+"):
        keep(tmp_path / "missing", replace(showing()), [])
