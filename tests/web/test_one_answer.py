"""A question has one answer: Python, the command line and the pages give the same."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client

from bounceback.cli.main import main
from bounceback.messages.names import CAUSES
from bounceback.records import Record, write_case
from bounceback.records.models import Miss
from bounceback.services.miss_analysis import miss_analysis
from bounceback_web.records import learner_store
from tests.web.conftest import TODAY
from tests.web.test_read_today_chance_decide import text_of


def terminal(command: str, record: Record, folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    case = folder / "case.toml"
    case.write_text(write_case(record), encoding="utf-8")
    capsys.readouterr()
    assert main([command, str(case), "--on", TODAY.isoformat()]) == 0
    return " ".join(capsys.readouterr().out.split())


def test_missed_questions_are_counted_alike(
    browser: Client, record: Record, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def missed(day: date, cause: str, n: int) -> Miss:
        return Miss(date=day, cause=cause, item=f"q{n}", chosen="B", rule=f"this {n}, not that")  # type: ignore[arg-type]

    day = TODAY - timedelta(days=3)
    value = replace(
        record,
        misses=(
            *(missed(day, "misread", n) for n in (1, 1, 2)),
            *(missed(TODAY, "slip", n) for n in (3, 4)),
        ),
    )
    learner_store.begin(learner_store.local_owner(), value, "begun")
    found = miss_analysis(value, TODAY)
    assert found.by_cause == (("misread", 3), ("slip", 2))
    shown = terminal("appraise", value, tmp_path, capsys)
    page = text_of(browser.get("/you/log/").content.decode())
    for cause, count in found.by_cause:
        assert f"{count} of {found.table.total}: {CAUSES[cause]}" in shown
        assert re.search(rf"{re.escape(CAUSES[cause])}\D*{count}\b", page)
    again = found.repeated[0]
    assert f"{again.item}, {again.chosen}, {again.times} times" in shown
    assert again.item in page
