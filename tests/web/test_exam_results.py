"""Putting a sitting of the exam down: what was forecast meets its result, and the pages follow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from bounceback.messages import briefing_text
from bounceback.records import Record
from bounceback.services import briefing
from bounceback_web import briefings
from bounceback_web.pages import presenters
from bounceback_web.records import learner_store
from tests.web.conftest import TODAY
from tests.web.test_read_today_chance_decide import text_of

SAT_ON = TODAY + timedelta(days=7)
RESULT_ON = SAT_ON + timedelta(days=28)


def now() -> learner_store.Kept:
    found = learner_store.find(None)
    assert found is not None
    return found


@pytest.fixture
def after_the_day(record: Record, settings: Any, browser: Client) -> learner_store.Kept:
    """A learner whose planned day has come and gone; the forecast of it was shown before."""
    exam = replace(record.exam, planned_date=SAT_ON, eligibility=None)
    learner_store.begin(learner_store.local_owner(), replace(record, exam=exam), "You began.")
    type(now().row).objects.update(made_at=datetime(2026, 11, 1, tzinfo=UTC))
    browser.get("/chances/")
    settings.FIXED_DAY = RESULT_ON
    return now()


def test_a_planned_day_that_has_passed_is_asked_about_until_its_sitting_is_down(
    browser: Client, send: Callable[..., Any], after_the_day: learner_store.Kept
) -> None:
    asked = f"{briefing_text.day_words(SAT_ON, year=False)} was your test date"
    assert asked in text_of(browser.get("/").content.decode())
    form = browser.get("/you/results/").content.decode()
    assert f'value="{SAT_ON.isoformat()}"' in form
    send("/you/results/add/", exam="usmle-step-1", date=SAT_ON.isoformat(), outcome="fail")
    assert asked not in text_of(browser.get("/").content.decode())
    assert now().value.exam.planned_date is None


def test_a_passed_exam_asks_for_nothing_more_and_its_forecast_meets_it(
    browser: Client, send: Callable[..., Any], after_the_day: learner_store.Kept
) -> None:
    answer = send("/you/results/add/", exam="usmle-step-1", date=SAT_ON.isoformat(), outcome="pass")
    assert answer.headers["Location"] == "/"
    today = text_of(browser.get("/").content.decode())
    assert "You passed Step 1" in today
    for asking in ("Start with today", "Log time", "your next practice test", "Having a hard day?"):
        assert asking not in today
    chance = text_of(browser.get("/chances/").content.decode())
    assert "1 of your forecasts has met a result" in chance
    assert "people with your results and plan" not in chance


def test_a_sitting_not_passed_opens_on_the_page_that_begins_with_people(
    browser: Client, send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    fields = {
        "exam": "usmle-step-1",
        "date": (TODAY - timedelta(days=2)).isoformat(),
        "outcome": "fail",
        "distance_below_pass": "near",
        "hours_per_day": "7,5",
        "profile-Cardiovascular System": "lower",
        "profile-Gastrointestinal System": "",
    }
    answer = send("/you/results/add/", **fields)
    assert answer.headers["Location"] == "/starting-point/"
    last = now().value.attempts[-1]
    assert (last.outcome, last.distance_below_pass, last.hours_per_day) == ("fail", "near", 7.5)
    assert dict(last.profile) == {"Cardiovascular System": "lower"}
    assert now().value.exam.planned_date == kept.value.exam.planned_date  # it lies ahead


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"outcome": ""}, "outcome"), ({"date": ""}, "date"), ({"score": "12,34,5"}, "score")],
)
def test_what_cannot_stand_is_said_and_what_was_typed_stays(
    send: Callable[..., Any], kept: learner_store.Kept, wrong: dict[str, str], said: str
) -> None:
    good = {"exam": "usmle-step-2-ck", "date": "2026-11-20", "outcome": "fail"}
    answer = send("/you/results/add/", **{**good, "hours_per_day": "7", **wrong})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"<strong>{said}</strong>" in page
    assert '<option value="usmle-step-2-ck" selected>' in page
    assert 'name="hours_per_day" inputmode="decimal" value="7"' in page
    assert now().value == kept.value


def test_a_sitting_is_taken_out_by_its_owner_alone(
    browser: Client,
    send: Callable[..., Any],
    kept: learner_store.Kept,
    stranger: learner_store.Kept,
) -> None:
    mine, theirs = (
        learner_store.rows(kept, "attempts")[0],
        learner_store.rows(stranger, "attempts")[0],
    )
    assert send(f"/you/results/{theirs.pk}/remove/").status_code == 404
    assert browser.get(f"/you/results/{mine.pk}/remove/").status_code == 405
    assert send(f"/you/results/{mine.pk}/remove/").status_code == 302
    assert now().value.attempts == kept.value.attempts[1:]


@pytest.mark.parametrize("planned", [None, TODAY - timedelta(days=1)], ids=["none", "passed"])
def test_without_a_day_ahead_the_words_name_the_day_that_the_plan_leads_to(
    record: Record, planned: date | None
) -> None:
    exam = replace(record.exam, planned_date=planned, eligibility=None)
    b = briefing(replace(record, exam=exam, forms=()), TODAY)
    named = presenters.named_day(b)
    assert b.decision.advice == "too-early-to-say"
    assert named is not None
    assert named.on == b.plan.test_date != b.decision.date


def test_the_rules_are_not_headed_by_the_day_of_a_practice_test(
    browser: Client, record: Record
) -> None:
    exam = replace(record.exam, planned_date=None, eligibility=None)
    new = replace(record, exam=exam, forms=())
    learner_store.begin(learner_store.local_owner(), new, "You began.")
    b = briefings.answer(now()).briefing
    assert b.decision.advice == "too-early-to-say"
    assert b.decision.date is not None
    page = text_of(browser.get("/chances/").content.decode())
    assert f"Rules for {briefing_text.day_words(b.decision.date)}" not in page
