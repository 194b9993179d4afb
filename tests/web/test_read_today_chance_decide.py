"""Today, Chance and Decide say what the engine says, from few questions to the database."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bounceback import facts
from bounceback.messages.chances import chance_sentence
from bounceback.messages.registry import Format, Locale
from bounceback.records import Record, parse_case
from bounceback.records import models as v
from bounceback.records.examples import examples
from bounceback.services import briefing, to_json
from bounceback_web import briefings
from bounceback_web.pages import wording
from bounceback_web.pages.templatetags.formatting import in_ten
from bounceback_web.pages.wording import DAYS_WITHOUT_YEAR
from bounceback_web.records import learner_store
from tests.web.conftest import TODAY

PAGES = ("/", "/chances/")
MOST_QUERIES = 12


def text_of(html: str) -> str:
    """What a reader sees: no tags, one space between words."""
    bare = re.sub(r"<(script|style|title|desc)\b.*?</\1>", " ", html, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", bare)).split())


@pytest.fixture
def answer(record: Record) -> dict[str, Any]:
    return to_json(briefing(record, TODAY))


def test_today_shows_every_session_of_the_day_with_its_minutes(
    browser: Client, kept: learner_store.Kept, answer: dict[str, Any]
) -> None:
    page = text_of(browser.get("/").content.decode())
    mine = [
        s
        for s in answer["plan"]["sessions"]
        if s["date"] == TODAY.isoformat() and s["minutes"] and s["kind"] != "buffer"
    ]
    assert mine != []
    for s in mine:
        assert Format(Locale()).duration(s["minutes"]) in page
        assert s["why"].replace("'", "'") in page


@pytest.mark.parametrize("page", PAGES)
def test_hidden_numbers_show_no_chance_anywhere(
    browser: Client, kept: learner_store.Kept, page: str
) -> None:
    type(kept.row).objects.update(shows_numbers=False)
    text = text_of(browser.get(page).content.decode())
    options = re.search(r"about \d+ (of|in) 10+ (with your record|people)|would pass", text)
    assert options is None


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_few_questions_of_the_database_whatever_the_record_holds(
    browser: Client,
    kept: learner_store.Kept,
    record: Record,
    page: str,
    django_capture_on_commit_callbacks: Any,
) -> None:
    area = next(iter(facts.exam_weights(record.exam.id, TODAY)))
    days = [TODAY - timedelta(days=n) for n in range(1, 120)]
    large = replace(
        record,
        blocks=tuple(v.Block(date=day, bank="uworld", items=40, correct=22) for day in days),
        misses=tuple(v.Miss(date=day, cause="misread", area=area) for day in days * 3),
        study=tuple(v.Study(date=day, minutes=60.0, activity="questions") for day in days * 3),
    )
    with django_capture_on_commit_callbacks(execute=True):
        learner_store.change(None, lambda _old: learner_store.checked(large), "a long story")
    for _first_after_the_change in (True, False):
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(page).status_code == 200
        assert len(asked) <= MOST_QUERIES
    # A server that was started again reads ahead before it answers.
    learner_store.forget()
    briefings.forget()
    briefings.read_ahead()
    with CaptureQueriesContext(connection) as asked:
        browser.get(page)
    assert len(asked) <= MOST_QUERIES


def test_what_was_said_a_week_ago_stands_beside_what_is_said_now(
    browser: Client, kept: learner_store.Kept, record: Record, settings: Any
) -> None:
    browser.get("/chances/")
    settings.FIXED_DAY = TODAY + timedelta(days=8)
    page = text_of(browser.get("/chances/").content.decode())
    planned = record.exam.planned_date
    assert planned is not None
    said = next(f for f in briefing(record, TODAY).forecasts if f.on == planned)
    fmt = wording.format_for(kept)
    line = f"{fmt.day(TODAY)}: {in_ten(said.p_pass)} would pass on {fmt.day(planned)}"
    assert " ".join(line.split()) in page


def test_a_forecast_that_met_its_result_is_scored_in_plain_view(
    browser: Client, kept: learner_store.Kept, record: Record, settings: Any
) -> None:
    type(kept.row).objects.update(made_at=datetime(2026, 11, 1, tzinfo=UTC))
    browser.get("/chances/")
    planned = record.exam.planned_date
    assert planned is not None
    said = next(f for f in briefing(record, TODAY).forecasts if f.on == planned)
    sitting = v.Attempt(exam="usmle-step-1", date=planned, outcome="fail")
    learner_store.change(
        None,
        lambda r: learner_store.checked(replace(r, attempts=(*r.attempts, sitting))),
        "a result came",
    )
    settings.FIXED_DAY = planned + timedelta(days=30)
    page = text_of(browser.get("/chances/").content.decode())
    assert "1 of your forecasts has met a result" in page
    tenth = min(int(10 * said.p_pass), 9)
    assert f"{tenth} to {tenth + 1} 1 0" in page
    assert f"{said.p_pass**2:.2f}" in page


def test_today_counts_down_to_the_students_date_and_says_its_chance(
    browser: Client,
) -> None:
    record = parse_case(examples()["step-1-again"]).record
    learner_store.begin(learner_store.local_owner(), record, "begun")
    b = briefing(record, TODAY)
    own = record.exam.planned_date
    assert own is not None
    main = next(f for f in b.forecasts if f.on == own)
    page = text_of(browser.get("/").content.decode())
    fmt = Format(Locale("US", TODAY, DAYS_WITHOUT_YEAR))
    assert f"{(own - TODAY).days} days to {fmt.day(own)}".replace("\N{NO-BREAK SPACE}", " ") in page
    said = str(chance_sentence(main.p_pass, own, fmt))
    assert " ".join(said.split()) in page


def test_a_rule_names_its_publication_and_no_file_of_ours(
    browser: Client, kept: learner_store.Kept
) -> None:
    page = text_of(browser.get("/chances/").content.decode())
    rules = page[page.index("Rules for") if "Rules for" in page else page.index("Rules") :]
    assert "USMLE, " in rules
    assert "usmle." not in rules
    assert "docs/" not in rules


@pytest.mark.parametrize("page", PAGES)
def test_before_there_is_a_record_every_page_leads_to_the_welcome(
    browser: Client, page: str
) -> None:
    assert browser.get(page).headers["Location"] == "/welcome/"


def test_another_persons_record_is_never_shown(
    browser: Client, stranger: learner_store.Kept
) -> None:
    for page in PAGES:
        assert browser.get(page).headers["Location"] == "/welcome/"


@pytest.mark.parametrize("page", [*PAGES, "/support/", "/welcome/"])
def test_every_page_says_that_nobody_sees_it_and_where_people_answer(
    browser: Client, kept: learner_store.Kept, page: str
) -> None:
    html = browser.get(page).content.decode()
    assert "Your data stays on this computer" in html
    assert 'href="/support/"' in html
