"""`bounceback read`: drafts of a file in words and as JSON, nothing stored."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bounceback.cli.main import main

FILES = Path(__file__).parents[1] / "records/importers/files"
ASKED = ["--exam", "usmle-step-1", "--on", "2026-11-30"]


def test_the_json_holds_every_draft(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", str(FILES / "one-line-list.txt"), *ASKED, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["kind"] == "practice-test"
    assert [draft["score"] for draft in answer["drafts"]] == [62, 65, 215, 70]


def test_the_words_name_the_score_and_every_unused_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["read", str(FILES / "sections-with-total.txt"), *ASKED]) == 0
    out = capsys.readouterr().out
    assert "70 (line 5)" in out
    assert "line 2: Block 1" in out


def test_a_file_that_cannot_be_read_is_bad_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "page.html"
    path.write_text("<html>")
    assert main(["read", str(path), *ASKED]) == 2
    assert main(["read", str(tmp_path / "gone.pdf"), *ASKED]) == 2
    answer = capsys.readouterr()
    assert answer.out == ""
    assert len(answer.err.splitlines()) == 2
