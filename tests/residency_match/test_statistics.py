"""Cells are known from the day they were out, grow old, and stay silent about few people."""

from __future__ import annotations

from datetime import date

import pytest

from bounceback import facts
from bounceback.residency_match.cited_figures import regime_of
from bounceback.residency_match.statistics import Cells, edition_of, specialty_name
from tests.residency_match.learners import TODAY

HERE = Cells(as_of=TODAY)


@pytest.mark.parametrize(
    ("series", "year", "as_of", "age"),
    [
        ("pgy-1", 2026, date(2026, 3, 1), None),
        ("pgy-1", 2026, date(2026, 4, 1), "current"),
        ("pgy-1", 2026, date(2027, 3, 31), "current"),
        ("pgy-1", 2026, date(2027, 4, 1), "one-edition-old"),
        ("pgy-1", 2026, date(2028, 4, 1), "history"),
        ("charting-outcomes", 2026, date(2028, 7, 31), "current"),
        ("charting-outcomes", 2026, date(2028, 8, 1), "one-edition-old"),
        ("charting-outcomes", 2026, date(2030, 8, 1), "history"),
        ("signals", 2026, date(2025, 7, 31), None),
        ("signals", 2026, date(2025, 8, 1), "current"),
        ("signals", 2026, TODAY, "one-edition-old"),
        ("signals", 2025, TODAY, "history"),
        ("directors-survey", 2021, date(2021, 10, 1), "current"),
        ("directors-survey", 2021, TODAY, "history"),
    ],
)
def test_an_edition_has_the_age_of_the_editions_due_since(
    series: str, year: int, as_of: date, age: str | None
) -> None:
    assert edition_of(series, year, as_of) == age


def test_a_figure_two_editions_old_is_hidden_until_history_is_asked_for() -> None:
    later = date(2028, 5, 1)
    assert Cells(as_of=later).rate("us-img", "All specialties", "pgy-1") is None
    shown = Cells(as_of=later, history=True).rate("us-img", "All specialties", "pgy-1")
    assert shown is not None
    assert shown.share.edition == "history"
    assert "history" in shown.share.provenance


def test_a_figure_one_edition_old_is_labelled() -> None:
    rate = HERE.rate("us-md-prior-graduate", "All specialties", "pgy-1")
    assert rate is not None
    assert rate.share.provenance.endswith("2025, one edition old")


def test_nothing_is_known_before_it_was_out() -> None:
    then = Cells(as_of=date(2018, 6, 1))
    assert then.rate("us-md-senior", "All specialties", "pgy-1") is None
    assert then.middle("us-md-senior", "Family Medicine", "step-2-ck", "matched") is None
    assert then.factors() == ()
    assert then.lever("program-signal") == ()
    assert then.finding("matched-after-failing-one-school") is not None
    assert then.finding("pass-fail-and-match") is None


def test_the_newest_survey_held_stands_as_history() -> None:
    cited = HERE.factor_figure("Any failed attempt in USMLE/COMLEX", "percent_citing")
    assert cited is not None
    assert (cited.year, cited.edition, cited.regime) == (2021, "history", "step-1-numeric")


def test_fourteen_factors_stand_in_their_order() -> None:
    places = [figure.value for _, figure in HERE.factors()]
    assert places == list(range(1, 15))


def test_a_cell_of_fewer_than_ten_people_has_a_direction_and_no_number() -> None:
    few = HERE.middle("us-md-senior", "Pediatrics", "step-2-ck", "unmatched")
    assert few is not None
    assert (few.median.value, few.median.unit, few.n, few.q1) == (None, "direction", None, None)
    assert HERE.direction("us-md-senior", "Pediatrics", "step-2-ck") == 1
    enough = HERE.middle("us-md-senior", "Family Medicine", "step-2-ck", "unmatched")
    assert enough is not None
    assert enough.n is not None
    assert (enough.median.value, enough.n.value) == (230, 11)
    rate = HERE.rate("non-us-img", "Orthopaedic Surgery", "preferred-specialty")
    assert rate is not None
    assert rate.share.value is None
    assert rate.matched is not None
    assert rate.matched.value is None
    assert rate.most is False


def test_a_withheld_cell_stays_withheld() -> None:
    assert HERE.middle("non-us-img", "Orthopaedic Surgery", "step-2-ck", "matched") is None


def test_an_inferred_finding_or_answer_is_no_figure() -> None:
    inferred = [e.id for e in facts.evidence_on("unknown") if e.confidence == "inferred"]
    assert inferred
    assert [e for e in inferred if HERE.finding(e) is not None] == []
    assert HERE.policy("seldom") is None
    assert HERE.policy("never") is not None


def test_the_era_of_a_study_follows_the_change_of_reporting() -> None:
    assert regime_of(2021) == "step-1-numeric"
    assert regime_of(2022) == "step-1-pass-fail"
    assert regime_of(2017, 2024) == "across-the-change"


@pytest.mark.parametrize("table", ["match_medians", "match_rates", "match_signals"])
def test_every_specialty_of_the_tables_is_found_under_one_name(table: str) -> None:
    for row in facts.table(table):
        name = specialty_name(row["specialty"])
        assert specialty_name(name) == name
        assert specialty_name(f"  {row['specialty'].upper()} ") in (name, row["specialty"].upper())
    assert specialty_name("Orthopedic Surgery") == specialty_name("ortho") == "Orthopaedic Surgery"
