"""Asking what Bounceback can do."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bounceback.cli import main
from bounceback.cli.arguments import SUPPORT_LINE
from bounceback.cli.command_table import BY_NAME, COMMANDS


@pytest.mark.parametrize("words", [[], ["--help"], ["-h"]])
def test_help_opens_with_the_way_to_support_and_lists_every_command(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[0] == SUPPORT_LINE
    for command in COMMANDS:
        assert f"  {command.name} " in out
        assert command.summary.split()[0] in out


def test_the_support_that_help_points_to_is_a_command() -> None:
    assert "`bounceback support`" in SUPPORT_LINE
    assert "support" in BY_NAME


@pytest.mark.parametrize("name", BY_NAME)
def test_each_command_explains_itself_in_80_columns(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert main([name, "--help"]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[0] == SUPPORT_LINE
    assert f"usage: bounceback {name}" in out
    assert max(map(len, out.splitlines())) <= 80


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys; from bounceback.cli import main; main(['--help']);"
        "heavy = {'numpy', 'scipy', 'django', 'altair', 'typst'} & sys.modules.keys();"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)


def test_version_is_that_of_the_installed_program(capsys: pytest.CaptureFixture[str]) -> None:
    from importlib.metadata import version

    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"bounceback {version('bounceback')}\n"
