"""``brief`` on one screen: at most 60 lines of 80 columns, the advice first."""

from __future__ import annotations

from pathlib import Path

import pytest

from bounceback.cli import main
from bounceback.records.examples import examples
from tests.golden.golden_cases import CASES, asked_about

PAGES = {
    **{name: (text, "2026-11-22") for name, text in examples().items()},
    **{
        name: (path.read_text(encoding="utf-8"), asked_about()[name]["on"].isoformat())
        for name, path in CASES.items()
    },
}


@pytest.mark.parametrize("name", sorted(PAGES))
def test_the_whole_answer_fits_one_screen(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text, on = PAGES[name]
    Path("me.toml").write_text(text, encoding="utf-8")
    assert main(["brief", "me.toml", "--on", on]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) <= 60
    assert max(map(len, lines)) <= 80
    assert "bounceback support" in lines[1]
    assert lines[-2] == "More: bounceback brief me.toml --full (rules, sources, all days)"


def test_everything_else_is_behind_full(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("me.toml").write_text(examples()["step-1"], encoding="utf-8")
    assert main(["brief", "me.toml", "--on", "2026-11-22"]) == 0
    short = capsys.readouterr().out
    assert main(["brief", "me.toml", "--full", "--on", "2026-11-22"]) == 0
    assert len(capsys.readouterr().out) > 2 * len(short)
    assert "--full" in short
    assert "[" not in short


def test_people_come_before_the_advice_where_the_moment_is_heavy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    case = examples()["step-1"] + "\n[[checkins]]\ndate = 2026-11-21\nphq2 = 5\n"
    Path("me.toml").write_text(case, encoding="utf-8")
    assert main(["brief", "me.toml", "--on", "2026-11-22"]) == 0
    page = capsys.readouterr().out
    assert page.index("Are you safe right now?") < page.index("YOUR CHANCES")
