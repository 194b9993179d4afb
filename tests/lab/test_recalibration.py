"""An institution's outcomes into parameters (rule F26)."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date

import pytest

from bounceback import facts
from bounceback.errors import CaseError
from bounceback.facts.model_parameters import COLUMNS as FACT_COLUMNS
from bounceback_lab.recalibration import (
    FEWEST_RETAKES,
    fit_adherence,
    fit_rate,
    parameter_rows,
    read_outcomes,
    recalibrate,
)
from tests.forecast.retakes import as_csv, drawn


@pytest.mark.parametrize("median", [0.25, 0.9])
def test_the_rate_that_outcomes_were_drawn_from_is_found_again(median: float) -> None:
    found = fit_rate(drawn(1500, 3, median=median))
    assert found.low is not None
    assert found.value is not None
    assert found.high is not None
    assert found.low < median < found.high
    assert found.value == pytest.approx(median, rel=0.25)


def test_nineteen_of_twenty_intervals_hold_the_truth() -> None:
    """20 institutions of 300 retakes; at 95 % fewer than 17 would be a chance of 1 in 400."""
    held = 0
    for seed in range(20):
        found = fit_rate(drawn(300, seed, median=0.5))
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 0.5 <= found.high
    assert held >= 17


def test_more_retakes_and_forms_narrow_the_interval() -> None:
    def width(n: int, forms: bool) -> float:
        found = fit_rate(drawn(n, 5, median=0.5, forms=forms))
        assert found.low is not None
        assert found.high is not None
        return found.high / found.low

    assert width(1600, True) < width(400, True)
    assert width(800, True) < width(800, False)


def test_below_the_stated_number_nothing_is_fitted_and_the_reason_is_said() -> None:
    few = fit_rate(drawn(FEWEST_RETAKES - 1, 1, median=0.5))
    assert few.value is None
    assert str(FEWEST_RETAKES) in few.why_not
    assert fit_rate(drawn(FEWEST_RETAKES, 1, median=0.5)).value is not None


def test_retakes_without_hours_do_not_count() -> None:
    known = drawn(FEWEST_RETAKES, 1, median=0.5)
    unknown = [replace(r, hours_done=None) for r in drawn(300, 2, median=0.5)]
    assert fit_rate([*known, *unknown]).n == FEWEST_RETAKES
    assert fit_rate([*known, *unknown]).value == fit_rate(known).value


def test_results_all_alike_bound_nothing() -> None:
    found = fit_rate([replace(r, passed=True) for r in drawn(300, 1, median=0.5)])
    assert found.value is None
    assert "failures" in found.why_not


def test_order_is_irrelevant_and_exams_and_groups_are_kept_apart() -> None:
    one = drawn(250, 1, median=0.5)
    two = [replace(r, group="us-do") for r in drawn(210, 2, median=0.9)]  # type: ignore[arg-type]
    found = {f.name: f for f in recalibrate([*two, *one], 1)}
    other = {f.name: f for f in recalibrate([*reversed(one), *two], 1)}
    assert found["rate_median.us-md"].n == 250
    assert found["rate_median.us-do"].n == 210
    assert found["rate_median.us-md"].value == pytest.approx(other["rate_median.us-md"].value)


def test_adherence_is_the_mean_share_done_with_an_interval_over_learners() -> None:
    found = fit_adherence(drawn(400, 1, median=0.5), seed=1)
    assert found.low is not None
    assert found.value is not None
    assert found.high is not None
    assert found.low < 0.75 < found.high
    assert 0.01 < found.high - found.low < 0.06
    assert fit_adherence(drawn(50, 1, median=0.5), seed=1).value is None


def test_the_new_rows_are_facts_with_day_source_confidence_and_interval() -> None:
    text = parameter_rows(recalibrate(drawn(300, 1, median=0.5), 1), date(2027, 3, 1))
    rows = list(csv.DictReader(io.StringIO(text)))
    assert tuple(rows[0]) == FACT_COLUMNS
    assert [row["name"] for row in rows] == ["rate_median.us-md", "adherence_mean"]
    for row in rows:
        assert row["first"] == "2027-03-01"
        assert row["confidence"] == "inferred"
        assert "95 % interval" in row["note"]
        assert row["unit"] == facts.parameters("forecast", "usmle-step-1")[row["name"]].unit
        assert facts.source(row["source"])


def test_outcomes_are_read_back_as_they_were_written() -> None:
    told = drawn(30, 1, median=0.5)
    read = read_outcomes(as_csv(told))
    assert [r.passed for r in read] == [r.passed for r in told]
    assert [r.hours_done for r in read] == pytest.approx([r.hours_done for r in told], abs=0.06)
    assert [len(r.forms) for r in read] == [len(r.forms) for r in told]


GOOD = as_csv(drawn(1, 1, median=0.5, forms=False)).splitlines()


@pytest.mark.parametrize(
    ("column", "wrong"),
    [
        ("exam", "step-1"),
        ("group", "md"),
        ("retake_year", ""),
        ("retake_year", "26"),
        ("weeks", "0"),
        ("failed_score", "900"),
        ("failed_distance", "close"),
        ("hours_done", "many"),
        ("hours_planned", "0"),
        ("hours_done", "nan"),
        ("forms", "uworld:2:60"),
        ("forms", "nbme-cbssa:2"),
        ("result", "passed"),
    ],
)
def test_a_wrong_cell_is_named_by_line_and_what_is_allowed(column: str, wrong: str) -> None:
    header, row = GOOD
    cells = row.split(",")
    cells[header.split(",").index(column)] = wrong
    with pytest.raises(CaseError) as refused:
        read_outcomes("\n".join([header, row, ",".join(cells)]))
    (fault,) = refused.value.faults
    assert fault.key == "outcomes.csv line 3"
    assert column.split("_")[0] in fault.given


def test_a_column_that_could_name_somebody_is_refused() -> None:
    header, row = GOOD
    with pytest.raises(CaseError, match="columns differ in name"):
        read_outcomes(f"{header},name\n{row},Ann\n")


def test_every_fault_is_told_at_once() -> None:
    header, row = GOOD
    bad = row.replace("us-md", "xx")
    with pytest.raises(CaseError) as refused:
        read_outcomes("\n".join([header, bad, row, bad]))
    assert [f.key for f in refused.value.faults] == ["outcomes.csv line 2", "outcomes.csv line 4"]
