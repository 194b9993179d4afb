"""`bounceback outlook`: opened by asking, sourced to the last number, ending on a person."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bounceback.cli import main

CASES = Path(__file__).parents[1] / "cases"
CASE = str(CASES / "step1-us-md-wobbly.toml")
ON = ["--on", "2026-11-22"]


def test_the_outlook_is_printed_in_its_order_and_ends_on_a_person(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["outlook", CASE, *ON]) == 0
    text = capsys.readouterr().out
    heads = [
        "First: the next attempt",
        "Two facts, side by side",
        "What you can still change",
        "What you can explain",
        "What is past",
        "Where a score stands",
        "Not published",
        "Your next step",
    ]
    places = [text.index(f"\n{head}\n") for head in heads]
    assert places == sorted(places)
    assert "A person for this:" in text[places[-1] :]
    assert "`bounceback support`" in text
    assert all(len(line) <= 80 for line in text.splitlines())
    assert "%" not in text


def test_the_keys_are_those_of_the_briefing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["outlook", CASE, *ON, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["as_of"] == "2026-11-22"
    found = answer["outlook"]
    for name in ("change", "explain", "past", "not_published"):
        assert found[name]
        assert all({"text", "source", "year"} <= set(item) for item in found[name])
    assert main(["brief", CASE, *ON, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["outlook"] == found


def test_no_other_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["decide", CASE, *ON]) == 0
    text = capsys.readouterr().out
    assert not re.search(r"directors|residency|rank list", text)


def test_a_licensed_table_is_shown_or_refused_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = tmp_path / "rates.csv"
    good.write_text(
        "# table: match_rates\n# licensed-to: Example School\n# licence: letter\n"
        "# attested-by: J. Doe\n# attested-on: 2026-09-01\n"
        "# attestation: we hold the publisher's permission to show these tables to our learners\n"
        "year,applicant_type,specialty,metric,percent,numerator,denominator,regime,source,"
        "confidence,note\n"
        "2026,us-md-senior,All specialties,pgy-1,93.5,18700,20000,step-1-pass-fail,Report 2026,"
        "official,\n",
        encoding="utf-8",
    )
    assert main(["outlook", CASE, *ON, "--licensed", str(good)]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "Of 20,000 US MD seniors who took part, 18,700 matched" in text
    assert "licensed: Report 2026" in text
    good.write_text(good.read_text(encoding="utf-8").replace("93.5", "9.35"), encoding="utf-8")
    assert main(["outlook", CASE, *ON, "--licensed", str(good)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "line 8" in said.err
