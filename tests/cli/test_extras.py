"""Commands of an extra that is not installed say how to install it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from bounceback.cli import extras, main


@pytest.mark.parametrize(
    "words",
    [
        ["simulate", "--learners", "20", "--out", "learners"],
        ["recalibrate", "."],
        ["checks", "--simulated", "200"],
        ["checks", "--ranks", "200"],
    ],
)
def test_without_the_lab_one_line_names_the_install_command(
    words: Sequence[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(extras, "find_spec", lambda _name: None)
    assert main(list(words)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "pip install 'bounceback[lab]'" in err
    assert list(tmp_path.iterdir()) == []


def test_published_figures_need_no_extra(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda _name: None)
    assert main(["checks", "--json"]) == 0
    assert capsys.readouterr().err == ""
