"""Holding the model against what is published."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bounceback.cli import main
from bounceback.forecast import checks as room


def test_the_table_has_a_line_for_every_figure_in_80_columns(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["checks"]) == 0
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= 80
    text = " ".join(out.split())
    for check in room.checks():
        assert check.role in text
        assert check.population in text
        assert f" {check.ours:.2f} " in text
    assert "DIFFERS" not in out


def test_json_carries_every_figure_with_source_population_and_tolerance(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["checks", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [c["name"] for c in told["checks"]] == [c.name for c in room.checks()]
    assert set(told["checks"][0]) == {
        *("name", "population", "source", "given", "expected", "tolerance", "ours", "role"),
        "holds",
    }
    assert "simulated" not in told


def test_a_figure_that_does_not_hold_is_named_and_ends_in_status_1(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *rest = room.checks()
    off = replace(first, ours=first.ours + 0.5)
    monkeypatch.setattr("bounceback.services.model_checks.checks", lambda: (off, *rest))
    assert main(["checks"]) == 1
    assert capsys.readouterr().out.count("DIFFERS") == 1


def test_simulated_learners_are_judged_with_standard_errors_and_their_version(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["checks", "--simulated", "200", "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    told = json.loads(out)["simulated"]
    assert (told["learners"], told["population_version"]) == (200, "1")
    names = [row["name"] for row in told["rows"]]
    assert "expected calibration error" in names
    assert sum("Brier score where" in name for name in names) == 4
    assert all(row["standard_error"] > 0 for row in told["rows"])


def test_ranks_of_learners_drawn_from_the_model_are_printed_with_test_and_number(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["checks", "--ranks", "1000"]) == 0
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= 80
    text = " ".join(out.split())
    assert "Ranks of 1,000 learners" in text
    assert main(["checks", "--ranks", "1000", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["ranks"]
    assert {"total", "rate", "score on a date", "area 1"} <= {r["name"] for r in told["rows"]}
    assert all(sum(r["histogram"]) == 1000 for r in told["rows"])


@pytest.mark.parametrize("terminal", [True, False])
def test_progress_is_shown_where_somebody_looks_and_is_gone_at_the_end(
    terminal: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    from bounceback.cli.progress import counting

    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal, raising=False)
    with counting("forecasts", 2000) as say:
        say(1000)
    out, err = capsys.readouterr()
    assert out == ""
    assert ("1,000 of 2,000 forecasts" in err) == terminal
    assert err.endswith("\r" if terminal else "")


@pytest.mark.parametrize("given", ["0", "50", "many", "-3"])
def test_too_few_simulated_learners_are_refused_in_one_line(
    given: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["checks", "--simulated", given]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1


def test_the_advice_is_compared_with_plain_rules_where_that_is_asked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from bounceback_lab import decision_frontier
    from bounceback_lab.decision_frontier import Frontier, Result

    planned = Result(0.36, 0.0, 0.64, 0.0, 0.0, 0.0, 300)
    advice = Result(0.11, 0.07, 0.82, 3.0, 0.2, 1.2, 300)
    monkeypatch.setattr(
        decision_frontier,
        "frontier",
        lambda n, exam, progress: Frontier(
            exam, "frozen", {"planned date": planned, "advice": advice}
        ),
    )
    assert main(["checks", "--frontier", "300"]) == 0
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= 80
    assert "0.110 ± 0.018" in out
    assert main(["checks", "--frontier", "300", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["frontier"]
    assert [f["exam"] for f in told] == ["usmle-step-1", "usmle-step-2-ck"]
    assert all(line["holds"] for line in told[0]["lines"])
