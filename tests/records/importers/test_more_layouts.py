"""Reports and lists as people type and paste them: each with what is right, number by number."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bounceback.services import read_file

ON = date(2026, 11, 30)


def read(text: str, exam: str, ending: str = "txt") -> dict[str, Any]:
    found = read_file.read_file(text.encode(), f"file.{ending}", exam, ON)
    return read_file.to_json(found)


def found_in(answer: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [
        (d["family"], d["form"] or None, d["score"], d["printed_p_pass"]) for d in answer["drafts"]
    ]


def lines_left(answer: dict[str, Any]) -> list[int]:
    return [one["line"] for one in answer["unused"]]


S1, S2, S3 = "usmle-step-1", "usmle-step-2-ck", "usmle-step-3"
L1, L2, L3 = "comlex-level-1", "comlex-level-2-ce", "comlex-level-3"
TESTS: dict[str, tuple[str, str, list[tuple[Any, ...]], list[int]]] = {
    "days without a year in brackets": (
        S1,
        "NBME 31 - 62% (11/14), NBME 32 - 66% (11/21)",
        [("nbme-cbssa", "31", 62, None), ("nbme-cbssa", "32", 66, None)],
        [1],
    ),
    "percent of the questions behind points": (
        S1,
        "UWSA 1: 203 (52% correct), UWSA 2: 214 (57%), NBME 28 60%",
        [("uwsa", "1", 203, None), ("uwsa", "2", 214, None), ("nbme-cbssa", "28", 60, None)],
        [1],
    ),
    "weeks before the exam": (
        S2,
        "UWSA1 - 4 weeks out: 225\nUWSA2 - 1 week out: 238\nNBME 14: 230",
        [("uwsa", "1", 225, None), ("uwsa", "2", 238, None), ("nbme-ccssa", "14", 230, None)],
        [1, 2],
    ),
    "a bank's percentage beside a test": (
        S1,
        "UWorld 54% correct, 61% used\nNBME 29: 60",
        [("nbme-cbssa", "29", 60, None)],
        [1],
    ),
    "a bank's labelled percentage": (
        S1,
        "UWorld percent correct: 54%\nCBSSA 29",
        [("nbme-cbssa", "29", None, None)],
        [1],
    ),
    "the maker's own name in its report": (
        S1,
        "UWorld Self-Assessment 2\nUWorld score: 215\nUWorld QBank average: 54%",
        [("uwsa", "2", 215, None)],
        [3],
    ),
    "one test twice": (
        S1,
        "NBME 31 62% untimed\nNBME 31 70% (repeat)",
        [("nbme-cbssa", "31", None, None)],
        [1, 2],
    ),
    "forms of three digits": (
        L1,
        "COMSAE 110: 430 (10/3/2026)\nCOMSAE 111: 465 (11/3/2026)\nUWorld COMLEX: 58%",
        [("comsae", "110", 430, None), ("comsae", "111", 465, None)],
        [3],
    ),
    "a score of three digits is no form": (L1, "COMSAE 430", [("comsae", None, 430, None)], []),
    "chance of failing": (
        S1,
        "Chance of failing 28%\nEPC 63\nCBSSA form 28",
        [("nbme-cbssa", "28", 63, None)],
        [1],
    ),
    "target and current": (
        S1,
        "Target score: 70%\nNBME 31 54%",
        [("nbme-cbssa", "31", 54, None)],
        [1],
    ),
    "raw count of an equated family": (
        S1,
        "NBME Form 29: 120/200 = 60%",
        [("nbme-cbssa", "29", None, None)],
        [1],
    ),
    "a friend's": (
        S1,
        "I got a 63 on NBME 31 yesterday and my friend got 71.",
        [("nbme-cbssa", "31", 63, None)],
        [1],
    ),
    "a score off the scale": (
        S1,
        "CBSSA 31\nEPC: 162",
        [("nbme-cbssa", "31", None, None)],
        [2],
    ),
    "a percentage where points belong": (
        S2,
        "CCSSA 12\nScore: 62%",
        [("nbme-ccssa", "12", None, None)],
        [2],
    ),
    "one planned, one taken": (
        S1,
        "planning to take NBME 32 on 12/20. NBME 31 was 60%.",
        [("nbme-cbssa", "31", 60, None)],
        [1],
    ),
    "points and percentage of a clinical form": (
        S3,
        "UWSA Step 3 form 1\nScore 189\nCCS score 62%\nMCQ percent correct 55%",
        [("uwsa", "1", 189, None)],
        [3, 4],
    ),
    "two tests with chances, a line each": (
        S1,
        "NBME 31 (taken 11/14/2026) Equated % correct: 62%, probability of passing 63%\n"
        "NBME 32 (taken 11/21/2026) Equated % correct: 66%, probability of passing 79%",
        [("nbme-cbssa", "31", 62, 0.63), ("nbme-cbssa", "32", 66, 0.79)],
        [],
    ),
    "a table of a notes app": (
        S1,
        "| Form | Score |\n|---|---|\n| NBME 29 | 61% |\n| NBME 30 | 63% |",
        [("nbme-cbssa", "29", 61, None), ("nbme-cbssa", "30", 63, None)],
        [],
    ),
}


@pytest.mark.parametrize("name", TESTS)
def test_each_number_has_its_owner(name: str) -> None:
    exam, text, expected, left = TESTS[name]
    answer = read(text, exam)
    assert (found_in(answer), lines_left(answer)) == (expected, left)
    assert answer["kind"] == "practice-test"


def test_the_day_of_the_real_exam_is_not_that_of_a_practice_test() -> None:
    answer = read("I failed Step 1 on September 20th, 2026. NBME 30: 61%.", S1)
    assert [(d["form"], d["date"]) for d in answer["drafts"]] == [("30", None)]


def test_an_area_with_its_questions() -> None:
    answer = read("CBSSA 31\nEPC 62%\nCardiovascular System 55% (18 items)", S1)
    assert answer["drafts"][0]["areas"] == {"Cardiovascular System": {"percent": 55.0, "items": 18}}


EXAMS = {
    "usmle-step-1": (
        "USMLE\nStep 1 Score Report\nTest Date: 09/20/2026   Report date 10/14/2026\nFAIL\n"
        "The passing standard corresponds to about 60% of items correctly.\n"
        "Respiratory & Renal/Urinary Systems     Lower",
        ("2026-09-20", "fail", None),
    ),
    "usmle-step-2-ck": (
        "USMLE STEP 2 CLINICAL KNOWLEDGE (CK) SCORE REPORT\nYour 3-digit score: 209     FAIL\n"
        "Passing score 218\nTest date: November 2, 2026\nMean 250 SD 15\n"
        "your score would be within 209 +/- 8 two thirds of the time",
        ("2026-11-02", "fail", 209),
    ),
    "usmle-step-3": (
        "Your Step 3 results are available\nScore: 194\nResult: Fail\n"
        "The minimum passing score is 200.\nExamination completed 10/13/2026",
        ("2026-10-13", "fail", 194),
    ),
    "comlex-level-1": (
        "NATIONAL BOARD OF OSTEOPATHIC MEDICAL EXAMINERS\nCOMLEX-USA Level 1\n"
        "Pass/Fail Status: PASS\nAdministration Date: 06/21/2026",
        ("2026-06-21", "pass", None),
    ),
    "comlex-level-2-ce": (
        "COMLEX-USA Level 2-CE performance profile\n3-Digit Standard Score 389\n"
        "Minimum Passing Score 400\nNational mean 540\nStatus: Fail\n"
        "Exam taken on 10 October 2026",
        ("2026-10-10", "fail", 389),
    ),
    "comlex-level-3": (
        "COMLEX-USA Level 3\nYour score of 331 is below the passing score of 350.\n"
        "Result: Fail\nDate 2026-09-09",
        ("2026-09-09", "fail", 331),
    ),
}


@pytest.mark.parametrize("exam", EXAMS)
def test_a_report_of_each_exam(exam: str) -> None:
    text, expected = EXAMS[exam]
    answer = read(text, S1)
    (draft,) = answer["drafts"]
    assert answer["kind"] == "exam-report"
    assert draft["exam"] == exam
    assert (draft["date"], draft["outcome"], draft["score"]) == expected


def test_a_list_that_names_its_blocks_by_their_days() -> None:
    answer = read(
        "Session\tQuestions\tPercent Correct\tTime\nNov 3 2026\t40\t62\t58:12\n"
        "Nov 4 2026\t40\t70\t1:02:00\n",
        S1,
    )
    assert answer["kind"] == "blocks"
    found = [(d["date"], d["correct"], d["items"]) for d in answer["drafts"]]
    assert found == [("2026-11-03", 25, 40), ("2026-11-04", 28, 40)]


def test_a_list_of_blocks_without_days_is_listed_and_no_deck() -> None:
    answer = read("Mode\tQuestions\tPercent Correct\nTimed\t40\t62\nTutor\t20\t70\n", S1)
    assert (answer["kind"], answer["drafts"]) == ("blocks", [])
    assert lines_left(answer) == [2, 3]
