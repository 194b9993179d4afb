"""Asking for people to talk to."""

from __future__ import annotations

import json

import pytest

from bounceback import facts
from bounceback.cli import main


def test_the_emergency_number_of_the_country_comes_first(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["support", "--country", "us"]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("  ")]
    assert "911" in lines[0]


def test_without_a_country_every_service_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["support"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    for line in facts.support_lines(None):
        assert f"{line.service}: {line.contact}" in out


def test_other_programs_get_each_line_with_the_day_it_was_checked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["support", "--country", "IN", "--json"]) == 0
    given = json.loads(capsys.readouterr().out)["support"]
    held = facts.support_lines("IN")
    assert [line["contact"] for line in given] == [line.contact for line in held]
    assert all(line["checked"] for line in given)


def test_a_country_nobody_lists_still_gets_an_answer(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["support", "--country", "TV"]) == 0
    assert capsys.readouterr().out.strip() != ""


@pytest.mark.parametrize("country", ["USA", "1", "ÅÅ", ""])
def test_what_is_no_country_code_is_refused(
    country: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["support", "--country", country]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert "two letters" in err


def test_the_united_kingdom_is_found_by_the_code_people_write(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["support", "--country", "uk"]) == 0
    assert "Samaritans" in capsys.readouterr().out
