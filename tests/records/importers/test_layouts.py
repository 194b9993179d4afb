"""Reports and lists as boards, banks and programs set them; where that is unclear, nothing is read.

The texts are invented. Their layouts follow published descriptions of the reports: headings over
several lines, ranges and pass lines beside the score, columns taken apart by a PDF.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bounceback.reasons import reason
from bounceback.records.importers import (
    read_blocks,
    read_report,
    rows_of_csv,
    rows_of_text,
    text_of,
)
from bounceback.records.importers.label_dictionary import read_day

ON = date(2026, 11, 23)

INSIGHTS = """NBME\u00ae INSIGHTS
Self-Assessment Performance Report
Assessment: Comprehensive Basic Science Self-Assessment (CBSSA) \u2013 Form 29
Completed on: 12 Oct 2026
TOTAL SCORE
EQUATED PERCENT
CORRECT
59%
Likely Score Range: 55% \u2013 63%
Estimated Probability of Passing
Step 1 within 1 week
29%
Step 1 Low-Pass Range 62-68%
System  % of Items  Your Equated Percent Correct  Step 1 Low Pass Range
Reproductive & Endocrine Systems 12-16% 58% 60-66%
Respiratory and Renal/Urinary Systems 11\u201315% 51% 61\u201367%
Behavioral Health & Nervous Systems/
Special Senses (10-14%) 66%
Musculoskeletal, Skin &
Subcutaneous Tissue 8-12% 71%
"""


def values(text: str, exam: str = "usmle-step-1") -> dict[str, Any]:
    return {name: found.value for name, found in read_report(text, exam, ON).fields.items()}


def areas(text: str) -> dict[str, Any]:
    found = read_report("CBSSA\n" + text, "usmle-step-1", ON).areas
    return {name: (dict(one.value), one.sure) for name, one in found.items()}


def test_labels_and_names_broken_over_lines_are_read() -> None:
    assert values(INSIGHTS) == {
        "family": "nbme-cbssa",
        "form": "29",
        "date": "2026-10-12",
        "score": 59,
        "printed_p_pass": 0.29,
    }
    draft = read_report(INSIGHTS, "usmle-step-1", ON)
    assert {name: found.value["percent"] for name, found in draft.areas.items()} == {
        "Reproductive & Endocrine Systems": 58.0,
        "Respiratory & Renal/Urinary Systems": 51.0,
        "Behavioral Health & Nervous Systems/Special Senses": 66.0,
        "Musculoskeletal, Skin & Subcutaneous Tissue": 71.0,
    }
    assert "Likely Score Range: 55% \u2013 63%" in draft.not_understood


@pytest.mark.parametrize(
    ("exam", "text", "wanted"),
    [
        (
            "usmle-step-3",
            "Comprehensive Clinical Medicine Self-Assessment (CCMSA)\nName: Test Date: 10/30/2026\n"
            "Assessment Score: 460\nIt is scaled to have a mean of 500 and runs from 10 to 800.",
            {"family": "nbme-ccmsa", "date": "2026-10-30", "score": 460},
        ),
        (
            "usmle-step-2-ck",
            "Comprehensive Clinical Science Self-Assessment\nForm 13\nTest Date: October 4, 2026\n"
            "Your total CCSSA score: 209\nLikely score range 200 \u2013 218\n"
            "Step 2 CK low-pass range 218-228\n"
            "Probability of passing Step 2 CK within one week: 27%",
            {
                "family": "nbme-ccssa",
                "form": "13",
                "date": "2026-10-04",
                "score": 209,
                "printed_p_pass": 0.27,
            },
        ),
        (
            "usmle-step-2-ck",
            "USMLE Step 2 CK - UWorld Self Assessment 1\nYour Score\n214\n"
            "Your Percentile Rank: 22nd\nAverage Score: 239\nDate: 10/30/2026 02:15 PM",
            {"family": "uwsa", "form": "1", "date": "2026-10-30", "score": 214},
        ),
        (
            "usmle-step-1",
            "UWSA3\n3-digit score: 199 (SEM \u00b1 11)\nTotal Correct 92\nTotal Omitted 7",
            {"family": "uwsa", "form": "3", "score": 199},
        ),
        (
            "comlex-level-2-ce",
            "NBOME COMSAE Phase 2\nForm: B\nDate Completed: 2026/11/02\nScore: 431\n"
            "COMSAE Phase 2 mean: 500",
            {"family": "comsae", "form": "B", "date": "2026-11-02", "score": 431},
        ),
        (
            "usmle-step-1",
            "Free 120\nCorrect: 74 of 120\nDate: 11/20/26",
            {"family": "free-120", "date": "2026-11-20", "score": 61.67},
        ),
        (
            "usmle-step-1",
            "Comprehensive Basic Science Self\u2011Assess\u00adment\nForm\u00a031\n"
            "Equated Percent Correct 58,5 %\nTest Date: 15.11.2026",
            {"family": "nbme-cbssa", "form": "31", "date": "2026-11-15", "score": 58.5},
        ),
    ],
)
def test_each_report_is_read_in_its_own_layout(
    exam: str, text: str, wanted: dict[str, Any]
) -> None:
    assert values(text, exam) == wanted


def test_labels_in_one_column_and_numbers_in_another_leave_the_total_open() -> None:
    text = "UWSA 2\nPassing score\nYour score\n196\n214"
    assert "score" not in values(text)
    assert "214" in read_report(text, "usmle-step-1", ON).not_understood


def test_a_bound_on_the_printed_chance_is_not_taken_for_a_number_read_clearly() -> None:
    found = read_report("CBSSA\nProbability of passing: >99%", "usmle-step-1", ON)
    assert found.fields["printed_p_pass"].sure == "medium"
    assert found.fields["printed_p_pass"].note == reason("importers.printed-bound")


def test_names_in_one_column_and_numbers_in_another_are_a_guess_or_nothing() -> None:
    names = "Cardiovascular System\nGastrointestinal System\n"
    assert areas(names + "52%\n61%") == {
        "Cardiovascular System": ({"percent": 52.0}, "low"),
        "Gastrointestinal System": ({"percent": 61.0}, "low"),
    }
    assert areas(names + "52%") == {}
    draft = read_report("CBSSA\n" + names + "52%", "usmle-step-1", ON)
    assert {"Cardiovascular System", "Gastrointestinal System", "52%"} <= set(draft.not_understood)


def test_an_area_whose_level_is_a_word_is_listed() -> None:
    draft = read_report("CBSSA\nCardiovascular System   Lower", "usmle-step-1", ON)
    assert draft.areas == {}
    assert "Cardiovascular System Lower" in draft.not_understood


@pytest.mark.parametrize(
    ("text", "day_first", "day", "single"),
    [
        ("2026-11-16T09:30:00Z", None, date(2026, 11, 16), True),
        ("2026/11/16", None, date(2026, 11, 16), True),
        ("16.11.2026", None, date(2026, 11, 16), True),
        ("3.4.2026", None, date(2026, 4, 3), True),
        ("13/11/2026", None, date(2026, 11, 13), True),
        ("3/4/2026", None, date(2026, 3, 4), False),
        ("3/4/2026", True, date(2026, 4, 3), True),
        ("11-16-26", None, date(2026, 11, 16), True),
    ],
)
def test_a_day_is_read_as_it_is_written(
    text: str, day_first: bool | None, day: date, single: bool
) -> None:
    found = read_day(text, day_first=day_first)
    assert found is not None
    assert (found.day, found.single) == (day, single)


# --- lists ------------------------------------------------------------------------------------


def listed(text: str) -> list[tuple[str, int, int]]:
    blocks = read_blocks(rows_of_text(text), "bank", ON).blocks
    return [(b.entry["date"], b.entry["correct"], b.entry["items"]) for b in blocks]


def test_a_table_copied_from_the_bank_s_page_is_read() -> None:
    text = (
        "Score\tName\tDate\tMode\tQ.Pool\tSubjects\tSystems\t# Qs\n"
        "55%\tTest 12\tNov 16, 2026\tTimed\tUnused\tMultiple\tMultiple\t40\n"
        "60%\tTest 13\tNov 17, 2026\tTutored\tMarked\tMedicine\tRenal\t20\n"
    )
    assert listed(text) == [("2026-11-16", 22, 40), ("2026-11-17", 12, 20)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Date;# Qs;Score\n16.11.2026;40;52,5\n", [("2026-11-16", 21, 40)]),
        ("Date;# Qs;Score\nNov 16, 2026;40;55,0\nNov 17, 2026;40;52,5\n", None),
        ("My list; made 2026-11-20\n\nDate;Questions;% Correct\n2026-11-16;40;55 %\n", None),
        ("sep=;\nDate;# Qs;Score\n2026-11-16;40;55%\n", None),
        ('Date,Name,# Qs,Score\n2026-11-16,"One\n1, hard",40,55%\n', None),
        ("Date|# Qs|Score\n2026-11-16|40|55%\n", None),
        ("Date,Correct,Incorrect,Omitted\n2026-11-16,22,16,2\n", None),
        ("Date,# Qs,Score\n2026-11-16,40,55%\nTotal,40,55%\n", None),
    ],
)
def test_a_list_is_read_however_it_was_saved(
    text: str, wanted: list[tuple[str, int, int]] | None
) -> None:
    found = listed(text)
    assert found[:1] == (wanted or [("2026-11-16", 22, 40)])


def test_percentages_that_a_workbook_keeps_as_shares_are_percentages() -> None:
    text = "Date,# Qs,Score\n2026-11-16,40,0.55\n2026-11-17,40,1\n"
    assert listed(text) == [("2026-11-16", 22, 40), ("2026-11-17", 40, 40)]


def test_a_share_among_percentages_is_left_to_the_learner() -> None:
    text = "Date,# Qs,Score\n2026-11-16,40,55%\n2026-11-17,40,0.6\n"
    draft = read_blocks(rows_of_text(text), "bank", ON)
    assert len(draft.blocks) == 1
    assert [(one.line, one.why and one.why.code) for one in draft.unused] == [
        (3, "importers.bare-score")
    ]


def test_one_day_that_reads_one_way_settles_the_others_of_its_list() -> None:
    text = "Date,# Qs,Score\n13/11/2026,40,55%\n03/04/2026,40,55%\n"
    assert [day for day, _, _ in listed(text)] == ["2026-11-13", "2026-04-03"]
    both = "Date,# Qs,Score\n13/11/2026,40,55%\n11/14/2026,40,55%\n03/04/2026,40,55%\n"
    draft = read_blocks(rows_of_text(both), "bank", ON)
    assert [b.sure for b in draft.blocks] == ["medium", "medium", "low"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1252"])
def test_a_text_file_keeps_its_decimals_and_its_letters(encoding: str) -> None:
    text = "CBSSA Form 31\nEquated percent correct: 58,5 %\nPr\u00e4fix 1\n"
    assert values(text_of(text.encode(encoding)))["score"] == 58.5
    assert "Pr\u00e4fix" in text_of(text.encode(encoding))


def test_letters_of_another_country_do_not_stop_a_list() -> None:
    (block,) = read_blocks(
        rows_of_csv("Date,Name,# Qs,Score\n2026-11-16,\u65e5\u672c,40,55%\n".encode("utf-16")),
        "bank",
        ON,
    ).blocks
    assert block.entry["correct"] == 22
