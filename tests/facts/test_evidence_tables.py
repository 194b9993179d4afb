"""Findings carry source and population; unknown is said; the outlook mixes nothing."""

from __future__ import annotations

from itertools import pairwise

import pytest

from bounceback import facts
from bounceback.errors import FactError


def test_a_finding_is_one_sentence_with_its_source() -> None:
    found = facts.evidence("same-wrong-option")
    assert found.value == 68
    assert found.statement.endswith(".")
    assert facts.source(found.source).publisher


def test_every_finding_with_a_number_has_a_unit_and_a_population_or_a_design() -> None:
    topics = dict.fromkeys(row["topic"] for row in facts.table("evidence"))
    for topic in topics:
        for one in facts.evidence_on(topic):
            assert one.value is None or one.unit
            assert one.population or one.design
            assert one.low is None or one.high is None or one.low <= one.high


def test_what_nobody_publishes_has_no_number() -> None:
    unknown = facts.evidence_on("unknown")
    assert {"match-rate-after-one-failure", "comlex-repeat-rate"} <= {one.id for one in unknown}
    assert all(one.value is None and one.low is None for one in unknown)


def test_an_unknown_finding_is_refused_with_the_nearest() -> None:
    with pytest.raises(FactError, match="same-wrong-option"):
        facts.evidence("same-wrong-opton")
    with pytest.raises(FactError, match="topics: learning"):
        facts.evidence_on("luck")


def test_the_rates_worked_out_from_counts_are_the_ones_shown() -> None:
    counted = [r for r in facts.table("match_rates") if r["denominator"] and r["numerator"]]
    assert len(counted) == 25
    for row in counted:
        share = 100.0 * int(row["numerator"]) / int(row["denominator"])
        assert share == pytest.approx(float(row["percent"]), abs=0.06)


def test_no_whole_table_of_the_match_report_is_kept() -> None:
    assert len(facts.table("match_rates")) <= 33
    specialties = {row["specialty"] for row in facts.table("match_medians")}
    assert len(specialties - {"All specialties"}) == 11


def test_refused_sources_stay_out() -> None:
    for name in facts.tables():
        for row in facts.table(name):
            assert "RESIDENCYADVISOR" not in row.get("source", "")
            assert "residencyadvisor" not in row.get("source", "")


def test_a_withheld_cell_stays_withheld() -> None:
    withheld = [
        row
        for row in facts.table("match_medians")
        if row["specialty"] == "Orthopaedic Surgery"
        and row["applicant_type"] == "non-us-img"
        and row["status"] == "matched"
    ]
    assert [row["median"] for row in withheld] == [""]
    assert "withheld" in withheld[0]["note"]


def test_the_fourteen_factors_are_in_order() -> None:
    rows = facts.table("match_factors")
    assert [int(row["order"]) for row in rows] == list(range(1, 15))
    assert rows[1]["factor"] == "Any failed attempt in USMLE/COMLEX"


def test_the_cuts_of_the_guide_join_without_a_gap() -> None:
    guide = facts.time_needed_guide()
    assert [level.level for level in guide] == ["mostly-solid", "wobbly", "fundamental-gap"]
    assert [level.distance for level in guide] == ["near", "moderate", "far"]
    for earlier, later in pairwise(guide):
        assert earlier.sd_below_to == later.sd_below_from
    assert guide[-1].weeks_low is None
    assert all(level.confidence == "inferred" for level in guide)
