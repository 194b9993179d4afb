"""A bank's list becomes blocks; a file is known by its bytes; a hostile one is refused whole."""

from __future__ import annotations

import io
import zipfile
import zlib
from datetime import date

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from bounceback.errors import UntrustedInputError
from bounceback.records.importers import (
    kind_of,
    read_blocks,
    read_report,
    rows_of_csv,
    rows_of_workbook,
    text_of_pdf,
)

ON = date(2026, 11, 23)
LIST = """Previous tests
Name,Date,Mode,Q. Pool,# Qs,Score,Peer
Test 12,"Nov 16, 2026",Timed,Unused,40,55%,61%
Test 13,11/18/2026,Tutor,Incorrect,20,12/20,
Test 14,2027-01-04,Timed,Unused,40,60%,
Test 15,"Nov 19, 2026",Timed,Unused,forty,60%,
=cmd|' /C calc'!A0,"Nov 20, 2026",Timed,Unused,10,70,
"""


def test_a_list_becomes_blocks_and_says_what_it_left_out() -> None:
    draft = read_blocks(rows_of_csv(LIST.encode()), "uworld", ON)
    assert [dict(b.entry) for b in draft.blocks] == [
        {
            "date": "2026-11-16",
            "bank": "uworld",
            "items": 40,
            "correct": 22,
            "mode": "timed",
            "first_pass": True,
        },
        {
            "date": "2026-11-18",
            "bank": "uworld",
            "items": 20,
            "correct": 12,
            "mode": "tutor",
            "first_pass": False,
        },
        {
            "date": "2026-11-20",
            "bank": "uworld",
            "items": 10,
            "correct": 7,
            "mode": "timed",
            "first_pass": True,
        },
    ]
    assert [(one.line, one.why and one.why.code) for one in draft.unused] == [
        (2, "importers.column-unused"),
        (5, "importers.row-ahead"),
        (6, "importers.row-no-items"),
    ]


def test_a_list_without_heads_says_what_is_needed() -> None:
    draft = read_blocks((("a", "b"), ("1", "2")), "uworld", ON)
    assert draft.blocks == ()
    assert [one.why and one.why.code for one in draft.unused] == ["importers.no-block-heads"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_every_usual_way_of_saving_a_list_is_read(encoding: str, mark: str) -> None:
    text = (
        mark.join(("Date", "# Qs", "Score", "Näme"))
        + "\n"
        + mark.join(("2026-11-16", "40", "55%", "é"))
    )
    (block,) = read_blocks(rows_of_csv(text.encode(encoding)), "b", ON).blocks
    assert block.entry["correct"] == 22


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.lists(st.lists(st.text(max_size=12), max_size=6), max_size=12))
def test_whatever_the_rows_hold_a_block_has_no_more_right_than_asked(
    rows: list[list[str]],
) -> None:
    draft = read_blocks([["Date", "# Qs", "Score"], *rows], "b", ON)
    for block in draft.blocks:
        assert 0 <= block.entry["correct"] <= block.entry["items"]
        assert block.day <= ON


# --- workbooks --------------------------------------------------------------------------------

WORKBOOK = {
    "[Content_Types].xml": """<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>""",  # noqa: E501
    "_rels/.rels": """<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>""",  # noqa: E501
    "xl/workbook.xml": """<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Tests" sheetId="1" r:id="r1"/></sheets></workbook>""",  # noqa: E501
    "xl/_rels/workbook.xml.rels": """<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>""",  # noqa: E501
    "xl/worksheets/sheet1.xml": """<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Date</t></is></c><c r="B1" t="inlineStr"><is><t># Qs</t></is></c><c r="C1" t="inlineStr"><is><t>Score</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>2026-11-16</t></is></c><c r="B2"><v>40</v></c><c r="C2" t="str"><f>HYPERLINK("http://x")</f><v>55%</v></c></row></sheetData></worksheet>""",  # noqa: E501
}


def packed(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_a_workbook_is_read_and_a_formula_is_the_text_it_shows() -> None:
    data = packed(WORKBOOK)  # type: ignore[arg-type]
    assert kind_of(data) == "workbook"
    (block,) = read_blocks(rows_of_workbook(data), "b", ON).blocks
    assert (block.entry["correct"], block.entry["items"]) == (22, 40)


def test_a_workbook_that_unpacks_to_far_more_is_refused() -> None:
    bomb = packed({**WORKBOOK, "xl/media/x.bin": b"\0" * 70_000_000})
    assert len(bomb) < 1_000_000
    with pytest.raises(UntrustedInputError, match="unpacks-too-large"):
        rows_of_workbook(bomb)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"PK\x03\x04" + b"\xff" * 300, b"\0" * 50])
def test_what_is_no_workbook_is_refused_in_one_line(data: bytes) -> None:
    with pytest.raises(UntrustedInputError, match="importers") as said:
        rows_of_workbook(data)
    assert "\n" not in str(said.value)


@pytest.mark.parametrize("data", [b"a,b\0c", b"x" * 5_000_001])
def test_a_list_that_is_too_large_or_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(UntrustedInputError, match="importers"):
        rows_of_csv(data)


# --- PDF --------------------------------------------------------------------------------------


def report_pdf() -> bytes:
    text = """Comprehensive Basic Science Self-Assessment (CBSSA)

Form 31

Test date: November 15, 2026

Equated Percent Correct Score: 58%

Probability of passing: 24%"""
    made = typst.compile(text.replace("%", "\\%").encode(), format="pdf", ignore_system_fonts=True)
    assert isinstance(made, bytes)
    return made


def test_a_report_in_a_pdf_is_read_like_its_text() -> None:
    data = report_pdf()
    assert kind_of(data, "anything.exe") == "pdf"
    entry = read_report(text_of_pdf(data), "usmle-step-1", ON).entry()
    assert entry == {
        "family": "nbme-cbssa",
        "form": "31",
        "date": "2026-11-15",
        "score": 58,
        "printed_p_pass": 0.24,
    }


def test_a_pdf_of_many_pages_is_read_in_part() -> None:
    body = b"#for i in range(60) [ page #i #pagebreak() ]"
    made = typst.compile(body, format="pdf", ignore_system_fonts=True)
    text = text_of_pdf(made)  # type: ignore[arg-type]
    assert "page 29" in text
    assert "page 30" not in text


@pytest.mark.parametrize(
    "data",
    [b"%PDF-1.7\n", b"%PDF-1.7\n" + b"1 0 obj<</Kids[1 0 R]>>" * 50, b"%PDF-" + b"\xff" * 99],
)
def test_a_damaged_pdf_is_refused_in_one_line(data: bytes) -> None:
    with pytest.raises(UntrustedInputError, match="importers") as said:
        text_of_pdf(data)
    assert "\n" not in str(said.value)


def test_a_pdf_whose_page_unpacks_to_more_than_memory_allows_ends_alone() -> None:
    packer = zlib.compressobj(9)
    stream = b"".join(packer.compress(b"\0" * 10_000_000) for _ in range(300)) + packer.flush()
    head = (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj\n"
    )
    body = b"4 0 obj<</Length %d/Filter/FlateDecode>>stream\n" % len(stream)
    data = head + body + stream + b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    with pytest.raises(UntrustedInputError, match="importers"):
        text_of_pdf(data)


def test_a_pdf_that_takes_too_long_is_refused() -> None:
    with pytest.raises(UntrustedInputError, match="too-slow"):
        text_of_pdf(report_pdf(), seconds=0.001)


def test_a_pdf_that_weighs_too_much_is_not_even_opened() -> None:
    with pytest.raises(UntrustedInputError, match="file-too-large"):
        text_of_pdf(b"%PDF-1.7" + b"\0" * 10_000_001)


# --- kinds ------------------------------------------------------------------------------------


def test_a_file_is_known_by_its_bytes_and_not_by_its_name() -> None:
    assert kind_of(packed({"collection.anki2": b"x"}), "report.pdf") == "anki"
    assert kind_of(packed({"readme.txt": "x"}), "deck.apkg") == "zip"
    assert kind_of(b"schema = 1\n", "case.toml") == "case"
    assert kind_of(b"Date,Score\n", "tests.csv") == "list"
    assert kind_of(b"\x7fELF\0\0", "report.txt") == "unknown"
