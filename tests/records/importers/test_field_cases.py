# ruff: noqa: E501  (a report's line stays one line)
"""Reports and lists as people bring them: what is right for each, and what is never taken."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bounceback.records.importers import Reading, read_blocks, read_reports, rows_of_text

ON = date(2026, 11, 30)
FILES = Path(__file__).parent / "files"


def read(name: str, exam: str = "usmle-step-1") -> Reading:
    return read_reports((FILES / name).read_text("utf-8"), exam, ON)


def entries(reading: Reading) -> list[dict[str, Any]]:
    return [test.entry() for test in reading.tests]


def test_sections_are_not_the_total() -> None:
    (draft,) = read("sections-with-total.txt").tests
    assert draft.entry() == {"family": "free-120", "score": 70}
    assert draft.fields["score"].sure == "high"
    alone = read("sections-alone.txt")
    assert entries(alone) == [{"family": "free-120"}]
    assert [one.line for one in alone.unused] == [2, 3, 4]


def test_another_percentage_is_not_the_chance_of_passing() -> None:
    word = read("word-then-percent.txt")
    assert entries(word) == [{"family": "uwsa", "form": "1"}]
    assert [one.line for one in word.unused] == [3]
    stacked = read("stacked.txt")
    assert entries(stacked) == [{"family": "nbme-cbssa", "form": "27"}]
    assert [one.line for one in stacked.unused] == [4, 5]


def test_several_tests_are_several_drafts() -> None:
    one_line = read("one-line-list.txt")
    assert one_line.several
    assert [(e["family"], e.get("form"), e["score"]) for e in entries(one_line)] == [
        ("nbme-cbssa", "25", 62),
        ("nbme-cbssa", "26", 65),
        ("uwsa", "1", 215),
        ("free-120", None, 70),
    ]
    listed = read("list.txt", "usmle-step-2-ck")
    assert [(e["family"], e.get("form"), e["score"]) for e in entries(listed)] == [
        ("nbme-ccssa", "11", 220),
        ("nbme-ccssa", "12", 224),
        ("nbme-ccssa", "13", 226),
        ("uwsa", "2", 237),
        ("free-120", None, 81),
    ]
    for reading in (one_line, listed):
        for test in reading.tests:
            assert "high" not in {found.sure for found in test.fields.values()}


def test_a_number_is_not_lost_with_its_line() -> None:
    assert entries(read("score-behind-name.txt", "usmle-step-2-ck")) == [
        {"family": "uwsa", "form": "2", "score": 237}
    ]
    assert entries(read("sentence.txt")) == [
        {"family": "nbme-cbssa", "form": "31", "printed_p_pass": 0.72, "score": 61}
    ]


def test_the_column_decides_what_a_bare_number_is() -> None:
    counts = read_blocks(rows_of_text((FILES / "counts.csv").read_text()), "uworld", ON)
    assert counts.blocks == ()
    assert {one.why and one.why.code for one in counts.unused} == {"importers.bare-score"}
    mixed = read_blocks(rows_of_text((FILES / "mixed.csv").read_text()), "uworld", ON)
    assert [(b.entry["correct"], b.entry["items"]) for b in mixed.blocks] == [(26, 40), (26, 40)]


REPORTS = {
    "two columns": ("CBSSA Form 30\nYour Score   Average\n58%   68%", None),
    "mean first": ("CBSSA Form 30\nPeer mean: 68% Your score: 58%", 58),
    "limit behind": ("CBSSA 30\nEPC: 58 (low pass 62)", 58),
    "raw count": ("CBSSA 31\nYou answered 112 of 200 correctly (56%).\nEquated percent correct: 60%", 60),
    "change": ("CBSSA Form 31\nScore: 60% (up from 55%)", None),
    "attempts": ("CBSSA Form 31\nFirst attempt: 50%\nSecond attempt: 60%", None),
    "under its name": ("NBME 30\n62%", 62),
    "equal standing": ("CBSSA 30\nTotal score 58%\nYour score 61%", None),
    "heading": ("CBSSA 30\nComparison group\nScore 68%", None),
    "previous": ("Previous: NBME 28 57%\nNow: NBME 29 61%", 61),
}  # fmt: skip


@pytest.mark.parametrize("name", REPORTS)
def test_a_number_is_taken_where_its_label_says_whose_it_is(name: str) -> None:
    text, score = REPORTS[name]
    (draft,) = read_reports(text, "usmle-step-1", ON).tests
    assert draft.entry().get("score") == score


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("CBSSA 30\nPurchase date: 2026-10-01\nEPC 58%", None),
        ("CBSSA 30\nPurchase date: 2026-10-01\nTest date: 2026-10-05", "2026-10-05"),
        ("CBSSA 30\nReport printed 2026-10-09\nCompleted 2026-10-05", "2026-10-05"),
        ("CBSSA 30\nDate of birth: 1998-01-02\nEPC 58%", None),
        ("CBSSA 30\nTest date: 2026-10-05\nTest date: 2026-10-06", None),
        ("10/20/2026, 9:31 AM\nCBSSA 30\nEPC 58%", None),
    ],
)
def test_the_day_of_the_test_is_no_other_day(text: str, day: str | None) -> None:
    (draft,) = read_reports(text, "usmle-step-1", ON).tests
    assert draft.entry().get("date") == day


EXAM_REPORTS = [
    (
        "USMLE Step 1 Score Report\nUSMLE ID: 5-123-456-7\nTest Date: September 20, 2026\n"
        "Result: FAIL\nMinimum passing standard 196\nCardiovascular System  Lower\n"
        "Gastrointestinal System  Same\nRespiratory & Renal/Urinary Systems  Higher",
        {
            "exam": "usmle-step-1",
            "date": "2026-09-20",
            "outcome": "fail",
            "profile": {
                "Cardiovascular System": "lower",
                "Gastrointestinal System": "same",
                "Respiratory & Renal/Urinary Systems": "higher",
            },
        },
    ),
    (
        "United States Medical Licensing Examination\nStep 2 CK\nTest Date: 08/14/2026\n"
        "Your score: 205\nPass/Fail: Fail\nMinimum passing score: 218\nMean 250 SD 15",
        {"exam": "usmle-step-2-ck", "date": "2026-08-14", "outcome": "fail", "score": 205},
    ),
    (
        "COMLEX-USA Level 1 Score Report\nExam date: August 3, 2026\nYou failed this examination.\n"
        "Respiratory System: Low\nMusculoskeletal System: Average\nIntegumentary System: High",
        {
            "exam": "comlex-level-1",
            "date": "2026-08-03",
            "outcome": "fail",
            "profile": {
                "Respiratory System": "lower",
                "Musculoskeletal System": "same",
                "Integumentary System": "higher",
            },
        },
    ),
    (
        "COMLEX-USA Level 2-CE\nExamination date 2026-07-07\nStandard Score: 385\nFail\nPassing 400",
        {"exam": "comlex-level-2-ce", "outcome": "fail", "score": 385},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), EXAM_REPORTS)
def test_a_report_of_the_real_exam_is_told_from_a_practice_test(
    text: str, wanted: dict[str, Any]
) -> None:
    reading = read_reports(text, "usmle-step-1", ON)
    assert reading.tests == ()
    assert reading.exam is not None
    assert wanted.items() <= reading.exam.entry().items()


def test_a_practice_report_that_speaks_of_the_exam_is_a_practice_test() -> None:
    text = (
        "NBME Self-Assessment\nCBSSA Form 30\nUSMLE Step 1 performance report\n"
        "Equated percent correct 58%\nCardiovascular System Lower"
    )
    reading = read_reports(text, "usmle-step-1", ON)
    assert reading.exam is None
    assert reading.tests[0].entry()["score"] == 58
