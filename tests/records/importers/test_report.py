"""A report is read label by label; what is not understood is listed, never guessed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bounceback import facts
from bounceback.records import parse_case
from bounceback.records.case_file import from_case
from bounceback.records.examples import examples
from bounceback.records.importers import read_report
from bounceback.records.importers.label_dictionary import read_day
from bounceback.records.serialization import to_case
from bounceback.vocabulary import EXAM_IDS

ON = date(2026, 11, 23)

CBSSA = """
NBME® Comprehensive Basic Science Self-Assessment
Form 31    Test Date: November 15, 2026
Equated Percent Correct Score
58%
Likely score range: 54 - 62%
Low-pass range 62-68%
Estimated probability of passing Step 1 within one week: 24%
Performance by system
Cardiovascular System (7-11%) 52%
Gastrointestinal System   9 of 18
Respiratory & Renal/Urinary Systems 55% 66%
Your ID 887123
"""


def test_a_cbssa_report_is_read_with_the_place_of_each_value() -> None:
    draft = read_report(CBSSA, "usmle-step-1", ON)
    assert {name: found.value for name, found in draft.fields.items()} == {
        "family": "nbme-cbssa",
        "form": "31",
        "date": "2026-11-15",
        "score": 58,
        "printed_p_pass": 0.24,
    }
    assert draft.fields["score"].line == 5
    assert draft.fields["score"].sure == "high"
    assert {area: found.value for area, found in draft.areas.items()} == {
        "Cardiovascular System": {"percent": 52.0},
        "Gastrointestinal System": {"correct": 9, "items": 18},
    }
    assert "Respiratory & Renal/Urinary Systems 55% 66%" in draft.not_understood
    assert "Your ID 887123" in draft.not_understood
    assert not any("58" in line for line in draft.not_understood)


@pytest.mark.parametrize(
    ("exam", "text", "family", "form", "score"),
    [
        (
            "usmle-step-2-ck",
            "CCSSA Form 14\nAssessment Score: 221\nPassing standard 218\nCompleted 10/20/2026",
            "nbme-ccssa",
            "14",
            221,
        ),
        (
            "usmle-step-1",
            "UWorld Self-Assessment 2\nYour predicted score 204\nPercentile rank 31",
            "uwsa",
            "2",
            204,
        ),
        (
            "comlex-level-1",
            "COMSAE Phase 1\nTotal score 452\nDate taken 3 Nov 2026",
            "comsae",
            None,
            452,
        ),
        ("usmle-step-1", "Free 120\nOverall percent correct 61.5 %", "free-120", None, 61.5),
    ],
)
def test_each_family_is_read_by_its_own_labels(
    exam: str, text: str, family: str, form: str | None, score: float
) -> None:
    fields = read_report(text, exam, ON).fields
    assert fields["family"].value == family
    assert (fields["form"].value if form else None) == form
    assert fields["score"].value == score


def test_a_number_off_the_scale_of_the_family_is_not_its_total() -> None:
    draft = read_report("CBSSA\nEquated percent correct score 221", "usmle-step-1", ON)
    assert "score" not in draft.fields
    assert "Equated percent correct score 221" in draft.not_understood


def test_a_mean_a_range_and_a_pass_line_are_not_the_total() -> None:
    text = "CBSSA\nNational mean score 68\nPassing score 62\nScore range 54 - 62\nPeer score 70"
    assert "score" not in read_report(text, "usmle-step-1", ON).fields


def test_a_day_ahead_is_not_the_day_of_a_report() -> None:
    draft = read_report("CBSSA\nTest date 2026-12-24", "usmle-step-1", ON)
    assert "date" not in draft.fields


def test_a_day_that_reads_two_ways_says_so() -> None:
    found = read_report("CBSSA\nTest date: 03/04/2026", "usmle-step-1", ON).fields["date"]
    assert found.value == "2026-03-04"
    assert found.sure != "high"
    assert found.note is not None
    assert found.note.code == "importers.day-or-month"


@pytest.mark.parametrize(
    "text", ["2026-02-30", "February 30, 2026", "31.13.2026", "99/99/99", "0000-00-00"]
)
def test_a_day_that_is_not_in_the_calendar_is_no_day(text: str) -> None:
    assert read_day(text) is None


def test_nothing_is_read_from_nothing() -> None:
    draft = read_report("", "usmle-step-1", ON)
    assert draft.entry() == {}
    assert draft.not_understood == ()


def test_a_confirmed_draft_stands_in_the_record() -> None:
    record = parse_case(examples()["step-1"]).record
    case = to_case(record)
    entry = read_report(CBSSA, "usmle-step-1", ON).entry()
    case["forms"] = [{**entry, "date": date.fromisoformat(entry["date"])}]
    (form,) = from_case(case).record.forms
    assert form.score == 58
    assert form.areas["Gastrointestinal System"].fraction == 0.5


PIECES = st.sampled_from(
    [
        *("CBSSA", "Form 31", "Score", "58%", "221", "9/18", "54-62", "Test date", "11/15/2026"),
        *("Cardiovascular System", "probability of passing", "\n", "\t", "٣", "½", "1e9", "-", "%"),
    ]
)


@settings(derandomize=True, deadline=None, max_examples=150)
@given(
    st.one_of(st.lists(PIECES, max_size=60).map(" ".join), st.text(max_size=400)),
    st.sampled_from(EXAM_IDS),
)
def test_whatever_is_pasted_every_value_is_one_that_the_case_file_allows(
    text: str, exam: str
) -> None:
    draft = read_report(text, exam, ON)
    entry = draft.entry()
    if "score" in entry and "family" in entry:
        family = facts.form_family(entry["family"], exam)
        assert family.low <= entry["score"] <= family.high
    if "printed_p_pass" in entry:
        assert 0.0 <= entry["printed_p_pass"] <= 1.0
    if "date" in entry:
        assert date.fromisoformat(entry["date"]) <= ON
    for result in entry.get("areas", {}).values():
        assert result.get("correct", 0) <= result.get("items", 1)
    assert len(draft.not_understood) <= 200


def test_a_flood_of_text_is_read_in_part() -> None:
    draft = read_report("Score 58\n" * 1_000_000, "usmle-step-1", ON)
    assert len(draft.not_understood) <= 200
