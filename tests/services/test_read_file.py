"""One answer for a file, whoever asks: its kind, drafts and what was not used."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from pathlib import Path

import pytest

from bounceback.records.importers.refusals import UnreadableFileError
from bounceback.services.read_file import read_file, read_pasted, to_json

ON = date(2026, 11, 30)
DECKS = Path(__file__).parents[1] / "flashcards/anki/fixtures"
REPORT = b"CBSSA Form 31\nTest date: 2026-11-15\nEquated percent correct 58%\nMean 70%\n"


def read(data: bytes, name: str, exam: str = "usmle-step-1"):  # type: ignore[no-untyped-def]
    return read_file(data, name, exam, ON)


def test_a_report_has_the_keys_of_the_contract() -> None:
    answer = to_json(read(REPORT, "report.txt"))
    assert answer == {
        "kind": "practice-test",
        "drafts": [
            {
                "family": "nbme-cbssa",
                "form": "31",
                "date": "2026-11-15",
                "score": 58,
                "printed_p_pass": None,
                "areas": {},
                "confidence": {"family": "high", "form": "high", "date": "high", "score": "high"},
            }
        ],
        "unused": [{"line": 4, "text": "Mean 70%"}],
    }
    assert to_json(read_pasted(REPORT.decode(), "usmle-step-1", ON)) == answer


def test_each_kind_is_told() -> None:
    blocks = b"Date,# Qs,Score\n2026-11-16,40,55%\n"
    exam = b"USMLE Step 1 Score Report\nTest date: 2026-09-20\nResult: Fail\n"
    deck = b"#separator:tab\nWhat is renin?\tan enzyme\n"
    assert read(blocks, "list.csv").kind == "blocks"
    assert read(exam, "report.txt").kind == "exam-report"
    assert read(deck, "deck.txt").kind == "deck"
    assert read(b"dear diary", "x.txt").kind == "unknown"
    assert read_file(DECKS / "note-type-grown.apkg", "d.apkg", "usmle-step-1", ON).kind == "deck"


def test_a_zip_is_read_by_its_one_file() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("folder/report.txt", REPORT)
        archive.writestr("__MACOSX/._report.txt", b"x")
    assert read(out.getvalue(), "report.zip").kind == "practice-test"
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("second.txt", REPORT)
    with pytest.raises(UnreadableFileError) as refused:
        read(out.getvalue(), "report.zip")
    assert refused.value.reason.code == "importers.zip-several"


def test_json_is_a_table_of_tests_or_blocks() -> None:
    tests = [{"test": "NBME 30", "date": "2026-11-01", "score": "64%"}]
    answer = to_json(read(json.dumps(tests).encode(), "tests.json"))
    assert [(d["family"], d["form"], d["score"]) for d in answer["drafts"]] == [
        ("nbme-cbssa", "30", 64)
    ]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<!DOCTYPE html><html>", "importers.web-page"),
        (b"\x89PNG\r\n\x1a\n", "importers.image"),
        (b"\x7fELF\0\0", "importers.unknown-file"),
        (b'{"a": 1}', "importers.json-unknown"),
        (b"x" * 10_000_001, "importers.file-too-large"),
    ],
)
def test_what_cannot_be_read_is_named(data: bytes, code: str) -> None:
    with pytest.raises(UnreadableFileError) as refused:
        read(data, "file")
    assert refused.value.reason.code == code
