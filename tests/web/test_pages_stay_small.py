"""A page asks the database at most twelve times, however much a record holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from bounceback.records import Record
from bounceback.records import models as v
from bounceback_web import briefings
from bounceback_web.records import learner_store
from tests.web.conftest import TODAY

MOST = 12
LATER = TODAY + timedelta(days=3)


def addresses() -> list[str]:
    """Every address of the app that needs no argument; which of them are pages, they say."""
    found = (pattern.pattern for pattern in _patterns(get_resolver().url_patterns))
    return sorted("/" + str(route) for route in found if "<" not in str(route))


def _patterns(given: list[Any]) -> list[Any]:
    found = []
    for each in given:
        found += _patterns(each.url_patterns) if hasattr(each, "url_patterns") else [each]
    return found


@pytest.fixture
def long_kept(record: Record) -> learner_store.Kept:
    days = [TODAY - timedelta(days=i) for i in range(120, 0, -1)]
    blocks = tuple(v.Block(date=d, bank="uworld", items=40, correct=22, minutes=60) for d in days)
    misses = tuple(v.Miss(date=d, cause="misread") for d in days for _ in range(3))
    study = tuple(v.Study(date=d, minutes=60, activity="video") for d in days)
    checkins = tuple(v.Checkin(date=d, sleep_hours=7.0) for d in days)
    meetings = tuple(v.Meeting(date=d, with_="adviser", agreed="two forms") for d in days)
    plan = tuple(
        v.PlannedSession(id=f"{d}-{n}", date=d, start=time(8 + n), minutes=50, done_minutes=50)
        for d in days
        for n in range(3)
    )
    whole = replace(
        record,
        blocks=blocks,
        misses=misses,
        study=study,
        checkins=checkins,
        meetings=meetings,
        plan=plan,
    )
    return learner_store.begin(learner_store.local_owner(), whole, "begun")


def asked(browser: Client, page: str) -> int:
    """Return how often a page asks; 0 for an address that takes forms alone."""
    with CaptureQueriesContext(connection) as questions:
        status = browser.get(page).status_code
    assert status in (200, 301, 302, 308, 404, 405), (page, status)
    return len(questions)


def made_at_once() -> list[str]:
    """The pages that no job makes."""
    jobs = {"/you/export/meeting.pdf", "/you/export/tables.zip", "/cards/export.apkg"}
    return [page for page in addresses() if page not in jobs]


def as_in_another_worker() -> None:
    learner_store.forget()
    briefings.forget()


def test_the_pages_are_all_of_them() -> None:
    assert {"/", "/chances/", "/you/export/meeting.pdf", "/cards/browse/"} <= set(addresses())
    assert len(addresses()) > 30


def test_a_page_asks_at_most_twelve_times(browser: Client, long_kept: learner_store.Kept) -> None:
    first, again, anew = {}, {}, {}
    for page in made_at_once():
        with untold():
            first[page] = asked(browser, page)  # the answer is made and written down
        again[page] = asked(browser, page)
        as_in_another_worker()
        anew[page] = asked(browser, page)
    assert {page: n for page, n in first.items() if n > MOST} == {}
    assert {page: n for page, n in again.items() if n > MOST} == {}
    assert {page: n for page, n in anew.items() if n > MOST} == {}


def test_the_first_page_of_a_later_day_does_so_too(
    browser: Client, long_kept: learner_store.Kept, settings: Any
) -> None:
    browser.get("/")
    settings.FIXED_DAY = LATER
    found = {}
    for page in made_at_once():
        with untold():
            found[page] = asked(browser, page)
    assert {page: n for page, n in found.items() if n > MOST} == {}


@contextmanager
def untold() -> Iterator[None]:
    """Ask as if nothing had been asked before, in this worker or another."""
    as_in_another_worker()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    as_in_another_worker()


@pytest.mark.parametrize("page", ["/", "/chances/", "/plan/", "/you/log/"])
def test_a_long_record_asks_no_more_than_a_short_one(
    browser: Client, record: Record, long_kept: learner_store.Kept, page: str
) -> None:
    as_in_another_worker()
    long = asked(browser, page)
    learner_store.begin(learner_store.local_owner(), record, "begun")
    as_in_another_worker()
    assert asked(browser, page) == long
