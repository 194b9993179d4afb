"""Sentences about the evidence behind a forecast."""

from __future__ import annotations

from datetime import date

import pytest

from bounceback.forecast.posterior import Evidence
from bounceback.messages import render, shows_number
from bounceback.messages.forecast import evidence_name, flag_words
from bounceback.reasons import reason

STEP_1 = "usmle-step-1"


@pytest.mark.parametrize(
    ("kind", "subject", "label", "name"),
    [
        ("first-takers", "us-md", "", "published results of first takers, US MD students"),
        ("attempt", STEP_1, "", "your attempt at Step 1"),
        ("earlier-exam", "comlex-level-1", "", "your attempt at Level 1"),
        ("practice-test", "nbme-cbssa", "31", "NBME 31"),
        ("blocks", "uworld", "", "question blocks, uworld"),
    ],
)
def test_evidence_goes_by_its_name(kind: str, subject: str, label: str, name: str) -> None:
    piece = Evidence(kind, subject, label, date(2026, 11, 1), 0.5)  # type: ignore[arg-type]
    assert evidence_name(piece, STEP_1) == name


@pytest.mark.parametrize(("below", "side"), [(True, "below"), (False, "above")])
def test_a_result_far_from_the_others_says_how_it_counts(below: bool, side: str) -> None:
    said = render(reason("forecast.far-from-others", below=below))
    assert said.startswith(f"far {side} your other results")
    assert "counts up to a point" in said
    assert "a second one" in said


def test_flags_are_one_line_without_a_number_of_the_person() -> None:
    flags = (reason("forecast.untimed"), reason("forecast.taken-before"))
    assert flag_words(flags) == "untimed, so it counts less, taken before, so it counts less"
    assert not any(shows_number(flag) for flag in flags)
    assert flag_words(()) == ""
