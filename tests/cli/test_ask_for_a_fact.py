"""Asking what is published."""

from __future__ import annotations

import json
from datetime import date

import pytest

from bounceback import facts
from bounceback.cli import main

MARK = "usmle-step-2-ck.pass-mark"


def test_a_fact_is_shown_as_in_force_on_the_day_with_its_source(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["facts", "show", MARK, "--on", "2027-01-20"]) == 0
    out = capsys.readouterr().out
    fact = facts.value(MARK, date(2027, 1, 20))
    assert f"{fact.value:g} (" in out
    assert f"since {fact.in_force_from}" in out
    assert facts.source(fact.source.split(";")[0]).publisher in " ".join(out.split())


def test_an_earlier_day_gets_the_value_of_that_day(capsys: pytest.CaptureFixture[str]) -> None:
    answers = {}
    for day in ("2024-01-20", "2027-01-20"):
        assert main(["facts", "show", MARK, "--on", day, "--json"]) == 0
        answers[day] = json.loads(capsys.readouterr().out)
        assert answers[day]["value"] == facts.value(MARK, date.fromisoformat(day)).value
    assert answers["2024-01-20"]["value"] != answers["2027-01-20"]["value"]


def test_an_unknown_fact_is_refused_in_one_line_with_the_nearest(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["facts", "show", "usmle-step-2-ck.passmark", "--on", "2027-01-20"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert MARK in err


def test_the_list_holds_every_fact_that_can_be_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["facts", "list"]) == 0
    assert tuple(capsys.readouterr().out.splitlines()) == facts.showable_ids()
    assert main(["facts", "list", "usmle-step-2-ck."]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert MARK in listed
    assert all(name.startswith("usmle-step-2-ck.") for name in listed)


def test_faults_of_the_facts_are_ours_and_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from bounceback.errors import Fault
    from bounceback.services import published_facts

    fault = Fault("a.toml", "no unit", "a unit", "facts", "Add one.")
    monkeypatch.setattr(published_facts, "check", lambda today: (fault,))
    assert main(["facts", "check"]) == 1
    assert capsys.readouterr() == ("", f"{fault}\n")


def test_a_resource_is_shown_with_what_is_known_of_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ask = ["facts", "show", "catalog.uworld-step-1", "--on", "2026-12-01"]
    assert main([*ask, "--json"]) == 0
    parts = {p["id"].rpartition(".")[2]: p for p in json.loads(capsys.readouterr().out)["parts"]}
    assert parts["units"]["value"] == 3600
    assert parts["filters"]["confidence"] == "inferred"
    assert "minutes-per-unit" not in parts
    assert main(ask) == 0
    assert "UWorld USMLE Step 1 QBank" in capsys.readouterr().out
