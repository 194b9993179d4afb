"""A report or a list is read, shown value by value, and kept when it is confirmed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from bounceback_web.records import learner_store

REPORT = """Comprehensive Basic Science Self-Assessment
Form 31
Test date: November 15, 2026
Equated Percent Correct Score 58%
Gastrointestinal System 9 of 18
"""


def fields(html: str) -> dict[str, list[str]]:
    """Fields of the confirming form, as a browser would send them untouched."""
    found: dict[str, list[str]] = {}
    form = html.split('action="/chances/tests/add/"', 1)[1].split("</form>", 1)[0]
    for tag in re.findall(r"<input [^>]*>", form):
        name, value = (re.search(rf'{key}="([^"]*)"', tag) for key in ("name", "value"))
        box = 'type="checkbox"' in tag
        if name and (not box or " checked" in tag):
            found.setdefault(name.group(1), []).append(unescape(value.group(1)) if value else "")
    chosen = re.search(r'<option value="([^"]*)" selected', form)
    assert chosen
    found["family"] = [chosen.group(1)]
    return found


def test_a_pasted_report_is_kept_as_it_was_confirmed(
    browser: Client, kept: learner_store.Kept
) -> None:
    before = len(kept.value.forms)
    shown = browser.post("/bring/", {"text": REPORT})
    assert len(learner_store.find(None).value.forms) == before  # nothing is kept by reading
    html = shown.content.decode()
    assert "Line 4: “Equated Percent Correct Score 58%”" in html
    given = fields(html)
    given["form"] = ["77"]  # the learner puts one value right
    assert browser.post("/chances/tests/add/", given).status_code == 302
    form = learner_store.find(None).value.forms[-1]
    assert (form.family, form.form, form.score) == ("nbme-cbssa", "77", 58.0)
    assert form.areas["Gastrointestinal System"].items == 18


def test_a_report_that_says_nothing_leaves_every_field_open(
    browser: Client, kept: learner_store.Kept
) -> None:
    html = browser.post("/bring/", {"text": "dear diary"}).content.decode()
    assert html.count("Not found") == 5


def test_a_list_is_kept_block_by_block_and_what_is_here_is_not_ticked(
    browser: Client, send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    old = kept.value.blocks[0]
    rows = (
        "Date,# Qs,Correct\n2026-11-02,20,11\n2026-11-03,20,12\n"
        f"{old.date},{old.items},{old.correct}\nnever,1,1\n"
    )
    file = BytesIO(rows.encode())
    file.name = "tests.csv"
    html = browser.post("/bring/", {"file": file, "bank": "AMBOSS"}).content.decode()
    boxes = re.findall(r'<input type="checkbox" name="block" value="([^"]*)"( checked)?', html)
    assert [bool(ticked) for _, ticked in boxes] == [True, True, False]
    assert "“never” isn&#x27;t a date we can read." in html
    ticked = [unescape(entry) for entry, on in boxes if on]
    send("/bring/blocks/", block=ticked)
    added = learner_store.find(None).value.blocks[len(kept.value.blocks) :]
    assert [(b.bank, b.correct, b.items) for b in added] == [("AMBOSS", 11, 20), ("AMBOSS", 12, 20)]


def test_a_block_that_may_not_stand_keeps_none(
    send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    good = {"date": "2026-11-02", "bank": "b", "items": 20, "correct": 11}
    bad = {**good, "correct": 21}
    answer = send("/bring/blocks/", block=[json.dumps(good), json.dumps(bad)])
    assert answer.status_code == 422
    assert learner_store.find(None).value == kept.value


@pytest.mark.parametrize("entry", ["[" * 100_000, "[1]", "null", "no JSON"])
def test_a_list_that_does_not_come_back_as_it_was_given_keeps_nothing(
    send: Callable[..., Any], kept: learner_store.Kept, entry: str
) -> None:
    assert send("/bring/blocks/", block=entry).status_code == 422
    assert learner_store.find(None).value == kept.value


@pytest.mark.parametrize("data", [b"", b"\x7fELF\0\0\0", b"%PDF-1.7\nbroken", b"PK\x03\x04xxxx"])
def test_a_file_that_cannot_be_read_is_refused_kindly(
    browser: Client, kept: learner_store.Kept, data: bytes
) -> None:
    file = BytesIO(data)
    file.name = "report.pdf"
    answer = browser.post("/bring/", {"file": file})
    assert answer.status_code in (200, 422)
    assert learner_store.find(None).value == kept.value


def test_a_list_pasted_from_the_bank_s_page_is_read_as_blocks(
    browser: Client, kept: learner_store.Kept
) -> None:
    text = "Score\tName\tDate\tMode\t# Qs\n55%\tTest 12\tNov 16, 2026\tTimed\t40\n"
    html = browser.post("/bring/", {"text": text}).content.decode()
    assert 'action="/bring/blocks/"' in html
    assert "22" in html
