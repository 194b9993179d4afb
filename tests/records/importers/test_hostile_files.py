"""A hostile file ends at most the process that reads it, and is refused in one line."""

from __future__ import annotations

import io
import struct
import zipfile

import pypdf
import pytest
import typst

from bounceback.errors import UntrustedInputError
from bounceback.records.importers import kind_of, rows_of_text, rows_of_workbook, text_of_pdf
from tests.records.importers.test_lists_and_files import WORKBOOK, packed, report_pdf

SHEET = "xl/worksheets/sheet1.xml"


def refused(data: bytes) -> str:
    with pytest.raises(UntrustedInputError, match="importers") as said:
        rows_of_workbook(data)
    assert "\n" not in str(said.value)
    return str(said.value)


def with_sheet(rows: str, more: dict[str, str] | None = None) -> bytes:
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    sheet = f'<?xml version="1.0"?><worksheet {space}><sheetData>{rows}</sheetData></worksheet>'
    return packed({**WORKBOOK, SHEET: sheet, **(more or {})})  # type: ignore[dict-item]


def test_a_workbook_that_lies_about_its_size_ends_its_own_process_alone() -> None:
    filler = b"<!--" + b" " * 1_100_000_000 + b"-->"
    head, tail = WORKBOOK[SHEET].encode().split(b"<sheetData>")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in WORKBOOK.items():
            if name != SHEET:
                archive.writestr(name, content)
        with archive.open(SHEET, "w", force_zip64=True) as sheet:
            sheet.write(head + b"<sheetData>")
            for start in range(0, len(filler), 50_000_000):
                sheet.write(filler[start : start + 50_000_000])
            sheet.write(tail)
    data = out.getvalue()
    assert len(data) < 5_000_000
    refused(data)  # as it stands, by its own directory
    at = data.rindex(b"PK\x01\x02")
    lying = bytearray(data)
    lying[at + 24 : at + 28] = struct.pack("<I", 1_000)  # the size it says it unpacks to
    refused(bytes(lying))


def test_a_cell_at_the_far_corner_of_the_sheet_does_not_fill_the_memory() -> None:
    near = '<row r="1"><c r="A1"><v>1</v></c></row>'
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    refused(with_sheet(near + far))


def test_of_a_long_sheet_the_first_rows_are_read() -> None:
    row = '<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>'
    rows = rows_of_workbook(with_sheet("".join(row.format(n=n) for n in range(1, 60_001))))
    assert len(rows) == 5_000
    assert rows[-1][0] == "5000"


def test_formulas_and_links_to_other_files_are_the_text_they_show() -> None:
    cells = (
        '<row r="1"><c r="A1" t="str"><f>WEBSERVICE("http://example.org")</f><v>shown</v></c>'
        '<c r="B1" t="str"><f>cmd|\'/C calc\'!A0</f><v>=1+1</v></c>'
        '<c r="C1"><f>[1]Sheet1!A1</f><v>7</v></c></row>'
    )
    link = {
        "xl/externalLinks/externalLink1.xml": "<externalLink/>",
        "xl/externalLinks/_rels/externalLink1.xml.rels": (
            '<Relationships><Relationship Target="http://example.org/x.xlsx" '
            'TargetMode="External"/></Relationships>'
        ),
    }
    assert rows_of_workbook(with_sheet(cells, link)) == (("shown", "=1+1", "7"),)


def test_an_entity_that_names_itself_over_and_over_is_refused_or_left_out() -> None:
    laughs = '<!ENTITY l0 "ha">'
    laughs += "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    sheet = (
        f'<?xml version="1.0"?><!DOCTYPE x [{laughs}]><worksheet><sheetData><row r="1">'
        '<c r="A1" t="inlineStr"><is><t>&l8;</t></is></c></row></sheetData></worksheet>'
    )
    data = packed({**WORKBOOK, SHEET: sheet})  # type: ignore[dict-item]
    try:
        rows = rows_of_workbook(data)
    except UntrustedInputError:
        return
    assert sum(len(cell) for row in rows for cell in row) <= 500


def test_a_protected_workbook_is_known_for_none() -> None:
    assert kind_of(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "list.xlsx") == "old-workbook"


def test_a_workbook_that_takes_too_long_is_refused() -> None:
    with pytest.raises(UntrustedInputError, match="too-slow"):
        rows_of_workbook(packed(WORKBOOK), seconds=0.001)  # type: ignore[arg-type]


def test_a_flood_of_text_is_read_as_the_first_rows() -> None:
    assert len(rows_of_text("a,b\n" * 1_000_000)) == 5_000
    with pytest.raises(UntrustedInputError, match="importers"):
        rows_of_text('"' + "x" * 1_000_000)


# --- PDF --------------------------------------------------------------------------------------


def rewritten(change: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(report_pdf()))
    if change == "script":
        script = pypdf.generic.DictionaryObject()
        script[pypdf.generic.NameObject("/S")] = pypdf.generic.NameObject("/JavaScript")
        words = "app.launchURL('http://example.org')"
        script[pypdf.generic.NameObject("/JS")] = pypdf.generic.TextStringObject(words)
        writer.root_object[pypdf.generic.NameObject("/OpenAction")] = script
    elif change == "attachment":
        writer.add_attachment("virus.exe", b"MZ" * 1_000)
    else:
        writer.encrypt("a password", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("change", ["script", "attachment"])
def test_what_a_pdf_would_run_or_carries_is_not_looked_at(change: str) -> None:
    assert text_of_pdf(rewritten(change)) == text_of_pdf(report_pdf())


def test_a_pdf_with_a_password_is_refused() -> None:
    with pytest.raises(UntrustedInputError, match="pdf-damaged"):
        text_of_pdf(rewritten("password"))


def test_a_pdf_of_pictures_says_that_it_holds_no_text() -> None:
    made = typst.compile(b"#rect(width: 2cm)", format="pdf", ignore_system_fonts=True)
    with pytest.raises(UntrustedInputError, match="pdf-without-text"):
        text_of_pdf(made)  # type: ignore[arg-type]


def test_pages_that_lead_to_themselves_are_refused() -> None:
    data = (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>endobj\n"
        b"trailer<</Root 1 0 R>>\n%%EOF"
    )
    with pytest.raises(UntrustedInputError, match="importers"):
        text_of_pdf(data)
