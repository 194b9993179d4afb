"""A licensed table is read whole and attested, or refused with every fault and its line."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bounceback import facts
from bounceback.errors import UntrustedInputError
from bounceback.residency_match import load_licensed, outlook
from bounceback.residency_match.licensed_tables import MAX_BYTES, MAX_ROWS
from tests.residency_match.learners import TODAY, learner, passed_step_2, senior

PREAMBLE = """\
# table: {table}
# licensed-to: Example School of Medicine
# licence: letter of the publisher, 2026-08-14
# attested-by: J. Doe, associate dean
# attested-on: 2026-09-01
# attestation: We hold the publisher’s permission to show these tables to our learners.
"""
MEDIANS = (
    PREAMBLE.format(table="match_medians")
    + """\
year,applicant_type,specialty,measure,status,median,q1,q3,n,regime,source,confidence,note
2026,us-do-senior,Family Medicine,step-2-ck,matched,240,229,250,1500,step-1-pass-fail,Charting Outcomes DO 2026,official,
2026,us-do-senior,Family Medicine,step-2-ck,unmatched,225,,,40,step-1-pass-fail,Charting Outcomes DO 2026,official,
"""  # noqa: E501
)
RATES = (
    PREAMBLE.format(table="match_rates")
    + """\
year,applicant_type,specialty,metric,percent,numerator,denominator,regime,source,confidence,note
2026,us-do-senior,All specialties,pgy-1,93.2,7900,8476,step-1-pass-fail,Results and Data 2026,official,
"""  # noqa: E501
)


def osteopath(score: float = 231):
    return learner(
        passed_step_2(score),
        group="us-do",
        exam="comlex-level-1",
        degree_year=2028,
        apply_year=2027,
        specialties=("family medicine",),
    )


def test_licensed_cells_place_a_score_that_shipped_ones_cannot() -> None:
    record = osteopath()
    assert outlook(record, TODAY).position == ()
    shown = outlook(record, TODAY, licensed=load_licensed(MEDIANS))
    (entry,) = shown.position
    assert "1,500 US DO seniors who matched had 229 to 250 on Step 2 CK" in entry.text
    assert "Your 231 stands within that middle half" in entry.text
    assert "(licensed: Charting Outcomes DO 2026, 2026)" in entry.text
    assert all(f.licensed for f in entry.figures)
    assert any("Example School of Medicine" in note for note in shown.notes)


def test_a_licensed_cell_stands_before_the_shipped_one_of_its_year() -> None:
    tables = load_licensed(RATES).with_(load_licensed(MEDIANS))
    (entry,) = outlook(osteopath(), TODAY, licensed=tables).rates
    assert "Of 8,476 US DO seniors who took part, 7,900 matched" in entry.text
    assert len(tables.licences) == 2
    assert pickle.loads(pickle.dumps(tables)) == tables


def test_a_file_and_its_text_are_read_alike(tmp_path: Path) -> None:
    path = tmp_path / "medians.csv"
    path.write_text("\ufeff" + MEDIANS.replace("\n", "\r\n"), encoding="utf-8", newline="")
    assert load_licensed(path) == load_licensed(MEDIANS)


def test_licensed_rows_of_another_kind_of_applicant_are_not_joined() -> None:
    shown = outlook(senior(231, "FM"), TODAY, licensed=load_licensed(MEDIANS))
    assert not any(f.licensed for e in shown.entries for f in e.figures)


def test_a_licensed_cell_of_few_people_shows_no_number() -> None:
    few = MEDIANS.replace(",1500,", ",9,")
    (entry,) = outlook(osteopath(), TODAY, licensed=load_licensed(few)).position
    assert "229" not in entry.text
    assert "240" not in entry.text


def test_a_licensed_table_of_the_numeric_era_is_never_compared_with_a_score() -> None:
    old = MEDIANS.replace("step-1-pass-fail", "step-1-numeric")
    tables = load_licensed(old)
    assert outlook(osteopath(), TODAY, licensed=tables).position == ()
    (entry,) = outlook(osteopath(), TODAY, licensed=tables, history=True).position
    assert "229 to 250" in entry.text
    assert "history" in entry.text
    assert "Your 231" not in entry.text


FAULTY = [
    (MEDIANS.replace("# attestation", "# promise"), "preamble", "attestation"),
    (MEDIANS.replace("We hold", "We may hold"), "preamble", "another attestation"),
    (MEDIANS.replace("attested-on: 2026-09-01", "attested-on: soon"), "preamble", "a day"),
    (MEDIANS.replace("table: match_medians", "table: evidence"), "preamble", "match_rates"),
    (MEDIANS.replace("measure,status", "status,measure"), "line 7", "columns"),
    (MEDIANS.replace("2026,us-do-senior", "2026,us-do", 1), "line 8", "applicant_type"),
    (MEDIANS.replace(",240,", ",2e2,"), "line 8", "median"),
    (MEDIANS.replace(",240,", ",nan,"), "line 8", "median"),
    (MEDIANS.replace(",240,229,250", ",260,229,250"), "line 8", "quartiles"),
    (MEDIANS.replace(",40,step", ",-4,step"), "line 9", "n "),
    (MEDIANS.replace("official", "inferred", 1), "line 8", "confidence"),
    (MEDIANS.replace("unmatched,225", "matched,225"), "line 9", "second time"),
    (MEDIANS.replace("2026,official,\n", "2026,official\n", 1), "line 8", "cells"),
    (MEDIANS.replace("Charting", "Char\x1b[31mting", 1), "line 8", "control"),
    (MEDIANS.replace("Charting", '"Charting', 1), "line", "CSV"),
    (RATES.replace("7900", "790"), "line 8", "percent"),
    ("\n".join(MEDIANS.splitlines()[:7]) + "\n", "line 7", "no rows"),
    ("", "preamble", "table"),
    (MEDIANS + "x" * MAX_BYTES, "preamble", "bytes"),
]


@pytest.mark.parametrize(("text", "where", "what"), FAULTY)
def test_a_faulty_file_is_refused_with_its_line(text: str, where: str, what: str) -> None:
    with pytest.raises(UntrustedInputError) as refused:
        load_licensed(text)
    assert where in str(refused.value)
    assert what in str(refused.value)


def test_every_fault_is_told_at_once() -> None:
    text = MEDIANS.replace(",240,", ",x,").replace(",225,", ",y,")
    with pytest.raises(UntrustedInputError) as refused:
        load_licensed(text)
    assert [line.split(":")[0] for line in str(refused.value).splitlines()] == ["line 8", "line 9"]


def test_more_rows_than_learners_need_are_refused() -> None:
    row = MEDIANS.splitlines()[7]
    rows = (row.replace("Family Medicine", f"S{i}") for i in range(MAX_ROWS + 1))
    text = "\n".join([*MEDIANS.splitlines()[:7], *rows])
    with pytest.raises(UntrustedInputError, match=r"rows|bytes"):
        load_licensed(text)


def test_bytes_that_are_no_text_are_refused_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "medians.csv"
    path.write_bytes(MEDIANS.encode() + b"\xff\xfe\n")
    with pytest.raises(UntrustedInputError, match="line 10"):
        load_licensed(path)


@given(st.text(max_size=300), st.integers(0, len(MEDIANS)))
def test_any_text_is_read_or_refused_and_nothing_else(junk: str, where: int) -> None:
    for text in (junk, MEDIANS[:where] + junk + MEDIANS[where:]):
        try:
            loaded = load_licensed(text)
        except UntrustedInputError:
            continue
        outlook(osteopath(), TODAY, licensed=loaded)


@pytest.mark.parametrize(
    "table", ["match_medians", "match_rates", "match_positions", "match_signals"]
)
def test_the_shipped_tables_pass_the_rules_for_licensed_ones(table: str) -> None:
    """The same columns and ranges hold for both, so a school can follow the shipped file."""
    rows = facts.table(table)
    body = [",".join(rows[0])]
    body += [",".join(f'"{cell}"' for cell in row.values()) for row in rows]
    loaded = load_licensed(PREAMBLE.format(table=table) + "\n".join(body))
    assert loaded.rows(table) == rows


def test_a_row_of_the_numeric_era_cannot_claim_the_present_one() -> None:
    with pytest.raises(UntrustedInputError, match="as Step 1 was reported in that year"):
        load_licensed(RATES.replace("\n2026,", "\n2021,"))
