"""Families of practice tests and the lines from their scores to the exam's scale."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bounceback import facts
from bounceback.errors import FactError, FactUnknown
from bounceback.vocabulary import EXAM_IDS

ON = date(2026, 11, 15)
CONTRACT_FAMILIES = {
    "nbme-cbssa", "nbme-ccssa", "nbme-ccmsa", "nbme-cbse", "nbme-ccse",
    "uwsa", "free-120", "amboss-sa", "comsae", "school",
}  # fmt: skip


def lines() -> list[tuple[str, str]]:
    return [(family, exam) for exam in EXAM_IDS for family in facts.form_families(exam)]


def test_every_family_of_the_case_file_is_known() -> None:
    assert set(facts.form_families()) == CONTRACT_FAMILIES


@pytest.mark.parametrize(
    ("family", "scale", "low", "high"),
    [
        ("nbme-cbssa", "epc", 0, 100),
        ("nbme-cbse", "epc", 0, 100),
        ("nbme-ccssa", "reported", 1, 300),
        ("nbme-ccse", "reported", 1, 300),
        ("nbme-ccmsa", "own", 10, 800),
        ("uwsa", "reported", 1, 300),
        ("free-120", "percent", 0, 100),
        ("amboss-sa", "reported", 1, 300),
        ("comsae", "own", 9, 999),
        ("school", "percent", 0, 100),
    ],
)
def test_each_family_has_its_own_scale(family: str, scale: str, low: float, high: float) -> None:
    found = facts.form_family(family)
    assert (found.scale, found.low, found.high) == (scale, low, high)


def test_a_family_says_which_exams_it_serves() -> None:
    assert facts.form_family("nbme-cbssa").exams == ("usmle-step-1",)
    assert set(facts.form_family("free-120").exams) == set(EXAM_IDS[:3])
    assert set(facts.form_family("comsae").exams) == set(EXAM_IDS[3:])
    with pytest.raises(FactError, match="serves usmle-step-1"):
        facts.form_family("nbme-cbssa", "usmle-step-2-ck")


def test_the_forms_of_the_example_cases_are_known_labels() -> None:
    assert {"29", "30", "31", "32", "33"} <= set(facts.form_family("nbme-cbssa").forms)
    assert {"14", "15", "16"} <= set(facts.form_family("nbme-ccssa").forms)
    assert "P1-A" in facts.form_family("comsae", "comlex-level-1").forms
    assert "25" in facts.form_family("nbme-cbssa").retired


def test_what_does_not_predict_is_no_readiness_measure() -> None:
    assert not facts.form_family("nbme-ccmsa").measure
    assert not facts.form_family("nbme-ccmsa").predicts
    assert facts.form_family("free-120", "usmle-step-3").measure


def test_196_lies_at_63_8_percent_of_a_cbssa() -> None:
    line = facts.conversion("nbme-cbssa", "usmle-step-1", ON)
    assert line.to_reported(63.8) == pytest.approx(196.0, abs=0.1)
    assert line.to_reported(89.5) == pytest.approx(250.0, abs=0.1)


def test_the_ccssa_line_runs_through_its_two_printed_anchors() -> None:
    line = facts.conversion("nbme-ccssa", "usmle-step-2-ck", ON, "epc")
    assert line.to_reported(58) == pytest.approx(201.0, abs=0.01)
    assert line.to_reported(77) == pytest.approx(249.0, abs=0.01)
    assert line.covers(60)
    assert not line.covers(50)


def test_a_ccmsa_is_never_converted() -> None:
    with pytest.raises(FactUnknown, match="not meant to predict"):
        facts.conversion("nbme-ccmsa", "usmle-step-3", ON)


def test_a_cbssa_of_before_february_2022_had_another_scale() -> None:
    with pytest.raises(FactUnknown, match="another scale"):
        facts.conversion("nbme-cbssa", "usmle-step-1", date(2022, 1, 31))


def test_a_school_form_is_read_on_the_scale_the_case_file_names() -> None:
    percent = facts.conversion("school", "usmle-step-1", ON, "percent")
    reported = facts.conversion("school", "usmle-step-1", ON, "reported")
    assert percent.slope > 1.5
    assert reported.to_reported(201) == 201
    with pytest.raises(FactUnknown, match="no anchor"):
        facts.conversion("school", "comlex-level-1", ON, "percent")


@given(st.sampled_from(lines()), st.floats(1, 300))
def test_a_conversion_goes_there_and_back(pair: tuple[str, str], score: float) -> None:
    try:
        line = facts.conversion(*pair, ON)
    except FactUnknown:
        return
    assert line.slope > 0
    assert line.valid_low < line.valid_high
    assert line.from_reported(line.to_reported(score)) == pytest.approx(score)


@given(st.sampled_from(lines()))
def test_a_line_of_a_family_that_is_not_equated_is_called_inferred(pair: tuple[str, str]) -> None:
    if facts.form_family(*pair).equated:
        return
    try:
        assert facts.conversion(*pair, ON).confidence == "inferred"
    except FactUnknown:
        return
