"""People are one action away from every command, with no network at all."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import NoReturn

import pytest

from bounceback import facts
from bounceback.cli import main
from bounceback.cli.arguments import SUPPORT_LINE
from bounceback.cli.command_table import COMMANDS
from tests.services.builders import CASES, TODAY

ON = ("--on", TODAY.isoformat())
ABOUT_A_CASE = ("brief", "forecast", "plan", "decide", "appraise", "outlook", "lookback", "replan")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_given: object, **_named: object) -> NoReturn:
        raise OSError("the network is off")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refused)


def test_the_lines_are_listed_with_the_emergency_number_first(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for country in sorted({line.country for line in facts.support_lines(None)} - {"*"}):
        assert main(["support", "--country", country]) == 0
        listed = [s for s in capsys.readouterr().out.splitlines() if s.startswith("  ")]
        first = facts.support_lines(country)[0]
        assert first.kind == "emergency"
        assert first.contact.split(";")[0] in listed[0]


@pytest.mark.parametrize("name", [command.name for command in COMMANDS])
def test_every_command_opens_its_help_with_the_way_there(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([name, "--help"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == SUPPORT_LINE


@pytest.mark.parametrize("name", ABOUT_A_CASE)
def test_every_answer_about_a_case_opens_with_the_way_there(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = str(CASES["step1-us-md-wobbly"])
    words = [name, case, *(() if name == "lookback" else ON)]
    if name == "replan":
        assert main(["brief", case, *ON, "--json"]) == 0
        old = tmp_path / "old.json"
        old.write_text(capsys.readouterr().out, encoding="utf-8")
        words += ["--from", str(old)]
    assert main(words) == 0
    assert "bounceback support" in " ".join(capsys.readouterr().out.split()[:40])
    assert main([*words, "--json"]) == 0
    support = json.loads(capsys.readouterr().out)["support"]
    assert support
    assert all(line["contact"] and line["checked"] for line in support)
