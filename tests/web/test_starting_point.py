"""The starting point: the level, the dates as a choice, and the first session in few words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.test import Client

from bounceback.records import Record, parse_case
from bounceback.records.examples import examples
from bounceback_web.records import learner_store
from tests.web.test_words_on_pages import shown

MOST_WORDS = 170
"""Of the page, so that with the questions before it a newcomer reads fewer than 250."""


def now() -> learner_store.Kept:
    found = learner_store.find(None)
    assert found is not None
    return found


@pytest.mark.parametrize("name", sorted(examples()))
def test_it_says_the_level_and_the_way_on_in_few_words(name: str, browser: Client) -> None:
    record = parse_case(examples()[name]).record
    learner_store.begin(learner_store.local_owner(), record, "begun")
    html = browser.get("/starting-point/").content.decode()
    head = html[html.index("<main") : html.index("</main>")]
    head = re.sub(r"<svg.*?</svg>", "", head, flags=re.S)
    words = [w for w in shown(f"<main{head}</main>").split() if any(c.isalpha() for c in w)]
    assert len(words) <= MOST_WORDS, len(words)
    assert "Start with today" in html


def test_the_date_that_is_chosen_becomes_the_students(
    browser: Client, send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    done = send("/starting-point/go/", date="2027-02-24")
    assert done.headers["Location"] == "/"
    assert now().value.exam.planned_date == date(2027, 2, 24)


@pytest.mark.parametrize("given", ["", "tomorrow"])
def test_deciding_later_changes_nothing(
    send: Callable[..., Any], kept: learner_store.Kept, given: str
) -> None:
    assert send("/starting-point/go/", date=given).headers["Location"] == "/"
    assert now().value == kept.value


def test_without_a_date_no_date_is_chosen_beforehand(browser: Client, record: Record) -> None:
    value = replace(record, exam=replace(record.exam, planned_date=None))
    learner_store.begin(learner_store.local_owner(), value, "begun")
    page = browser.get("/starting-point/").content.decode()
    assert 'name="date" value="" checked' in page
    assert "is-mine" not in page


def test_hidden_numbers_leave_the_dates_and_no_count(
    browser: Client, kept: learner_store.Kept
) -> None:
    type(kept.row).objects.update(shows_numbers=False)
    page = browser.get("/starting-point/").content.decode()
    for trace in ("would pass", "dl-column", "ten-people", "%"):
        assert trace not in page[page.index("<main") :], trace


def test_the_old_address_leads_here(browser: Client, kept: learner_store.Kept) -> None:
    assert browser.get("/welcome/answer/").headers["Location"] == "/starting-point/"
