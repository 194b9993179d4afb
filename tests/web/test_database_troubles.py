"""A database that cannot be used is named with what to do, and pages that read still read."""

from __future__ import annotations

import errno
import json
import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from bounceback_web import briefings
from bounceback_web.config import static_files
from bounceback_web.config.database_troubles import sentence
from bounceback_web.exports.csv_export import cell
from bounceback_web.records import learner_store
from bounceback_web.records.models import Shown

PLACE = Path("/data/bounceback.sqlite3")


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (OperationalError("database is locked"), "another program"),
        (OperationalError("database or disk is full"), "full"),
        (OSError(errno.ENOSPC, "No space left on device"), "full"),
        (OperationalError("attempt to write a readonly database"), "read-only"),
        (sqlite3.DatabaseError("database disk image is malformed"), "damaged"),
        (sqlite3.DatabaseError("file is not a database"), "damaged"),
        (OperationalError("disk I/O error"), "Check the disk"),
    ],
)
def test_what_is_wrong_is_said_with_the_file(error: Exception, word: str) -> None:
    text = sentence(error, PLACE)
    assert str(PLACE) in text
    assert word in text


def broken(*_given: Any, **_named: Any) -> None:
    raise OperationalError("attempt to write a readonly database")


def test_pages_that_read_still_read_where_nothing_can_be_written(
    browser: Client, kept: learner_store.Kept, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    browser.get("/")
    monkeypatch.setattr(learner_store, "amend", broken)
    monkeypatch.setattr(Shown._default_manager, "bulk_create", broken)
    settings.FIXED_DAY = date(2026, 11, 25)
    briefings.forget()
    for page in ("/", "/chances/"):
        assert browser.get(page).status_code == 200


def test_a_form_that_cannot_be_kept_says_why(
    send: Callable[..., Any], kept: learner_store.Kept, browser: Client, monkeypatch: Any
) -> None:
    browser.raise_request_exception = False
    monkeypatch.setattr(learner_store, "find", broken)
    answer = browser.get("/")
    assert answer.status_code == 503
    assert b"read-only" in answer.content


@pytest.mark.parametrize("day", [date(1999, 1, 1), date(2100, 1, 1)])
def test_a_clock_that_is_set_wrong_is_named(
    browser: Client, kept: learner_store.Kept, settings: Any, day: date
) -> None:
    browser.raise_request_exception = False
    settings.FIXED_DAY = day
    for page in ("/", "/chances/", "/support/"):
        answer = browser.get(page)
        assert answer.status_code in (200, 302, 503)
        if answer.status_code == 503:
            assert str(day.year).encode() in answer.content


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t", "\r", "\n", ";", "＝", "＋", "－", "＠"]
)
def test_no_cell_begins_a_formula(start: str) -> None:
    assert cell(f"{start}1+1").startswith("'")


def test_a_broken_list_of_static_files_is_not_whole(tmp_path: Path) -> None:
    manifest = tmp_path / static_files.MANIFEST
    assert not static_files.is_whole(tmp_path)
    for text in ("", "{", "[]", '{"paths": {}}', '{"paths": {"a.css": "a.1.css"}}'):
        manifest.write_text(text, "utf-8")
        assert not static_files.is_whole(tmp_path)
    (tmp_path / "a.1.css").write_text("a {}", "utf-8")
    manifest.write_text(json.dumps({"paths": {"a.css": "a.1.css"}}), "utf-8")
    assert static_files.is_whole(tmp_path)
