"""What an earlier version stored opens in this one, with everything in it.

``fixtures/version-2026-11.zip`` was made by that version (its README.txt says how) and is never
made again.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bounceback.local_storage import forecast_history
from bounceback.local_storage.card_collection import open_cards
from bounceback.records import parse_case, read_case

FIXTURE = Path(__file__).parent / "fixtures" / "version-2026-11.zip"

READ_THE_DATABASE = """
import json
from bounceback_web.config.server import make_ready
make_ready()
from django.test import Client
from bounceback.records import to_case
from bounceback_web.records import learner_store, models
record = learner_store.find(None)
counts = {
    model.__name__: model.objects.count()
    for model in (models.Change, models.Shown, models.Look, models.PlanSession)
}
print(json.dumps({"case": to_case(record.value), "counts": counts}, default=str))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("older-version")
    with zipfile.ZipFile(FIXTURE) as archive:
        archive.extractall(place)
    return place


@pytest.fixture(scope="module")
def database(folder: Path) -> dict[str, Any]:
    environment = {
        **os.environ,
        "BOUNCEBACK_HOME": str(folder),
        "BOUNCEBACK_DAY": "2026-11-23",
        "DJANGO_SETTINGS_MODULE": "bounceback_web.config.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", READ_THE_DATABASE],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_the_record_in_the_database_is_whole(folder: Path, database: dict[str, Any]) -> None:
    opened = parse_case(json.dumps(database["case"]), json=True).record
    written = read_case(folder / "case.toml").record
    assert opened.learner.reason == "I want to practice where I grew up."
    for section in (
        "attempts",
        "forms",
        "blocks",
        "misses",
        "study",
        "checkins",
        "resources",
        "ledger",
        "appraisal",
        "plan",
        "decision",
        "meetings",
        "availability",
    ):
        assert getattr(opened, section) == getattr(written, section), section
    assert opened.exam == written.exam


def test_changes_forecasts_and_reviews_of_rules_are_kept(database: dict[str, Any]) -> None:
    assert database["counts"] == {"Change": 2, "Shown": 1, "Look": 1, "PlanSession": 2}


def test_the_card_collection_is_whole(folder: Path) -> None:
    with open_cards(folder) as cards:
        assert len(cards.media_files()) == 6
    import sqlite3

    with sqlite3.connect(folder / "cards.sqlite3") as connection:
        counts = {
            table: connection.execute(f"select count(*) from {table}").fetchone()[0]
            for table in ("note", "card", "review", "deck", "note_type")
        }
    assert counts == {"note": 32, "card": 50, "review": 333, "deck": 8, "note_type": 4}


def test_the_backup_opens_with_its_password(folder: Path) -> None:
    from bounceback_web.exports import backup

    opened = backup.unlock((folder / "backup.age").read_bytes(), "correct horse battery")
    assert opened.record.exam.id == read_case(folder / "case.toml").record.exam.id


def test_forecasts_of_the_command_line_are_read(folder: Path) -> None:
    lines = (folder / forecast_history.FILE).read_text(encoding="utf-8").splitlines()
    showings, results = forecast_history.read(folder)
    assert len(showings) + len(results) == len(lines)
    assert all(f.test_date > date(2026, 11, 22) for s in showings for f in s.forecasts)
