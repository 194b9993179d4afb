"""Starting from the case of an invented learner."""

from __future__ import annotations

from pathlib import Path

import pytest

from bounceback.cli import main
from bounceback.records.examples import examples


def test_the_examples_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["case", "example"]) == 0
    out = capsys.readouterr().out
    listed = [line for line in out.splitlines() if line and not line.startswith(" ")]
    assert listed == list(examples())


@pytest.mark.parametrize("name", examples())
def test_an_example_can_be_saved_and_reads_well(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["case", "example", name]) == 0
    path = tmp_path / "me.toml"
    path.write_text(capsys.readouterr().out, encoding="utf-8")
    assert main(["case", "check", str(path)]) == 0


def test_an_unknown_example_is_answered_with_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["case", "example", "step-9"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    (line,) = err.splitlines()
    assert all(name in line for name in examples())
