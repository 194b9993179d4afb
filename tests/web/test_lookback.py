"""The page on the day before the exam: what the results showed, what was decided, what changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from bounceback.messages import chances as words
from bounceback.messages.appraisal import say_all
from bounceback.records import Record, parse_case
from bounceback.records.examples import examples
from bounceback.services import lookback
from bounceback_web.records import learner_store
from tests.web.test_read_today_chance_decide import text_of

ADDRESS = "/you/look-back/before/"


@pytest.mark.parametrize("name", ["step-1", "step-1-again"])
def test_it_shows_the_chance_and_the_results_of_the_day_before(name: str, browser: Client) -> None:
    record = parse_case(examples()[name]).record
    learner_store.begin(learner_store.local_owner(), record, "begun")
    found = lookback(record)
    page = text_of(browser.get(ADDRESS).content.decode())
    forecast = next(f for f in found.then.forecasts if f.on == found.sitting)
    assert words.count_words(forecast.p_pass)[0] in page
    for measure in found.seen.indicators:
        assert " ".join(say_all((measure.says,)).split()[:4]) in page


def test_hidden_numbers_hide_its_chance(browser: Client, kept: learner_store.Kept) -> None:
    type(kept.row).objects.update(shows_numbers=False)
    html = browser.get(ADDRESS).content.decode()
    for trace in ("would pass", "td-on"):
        assert trace not in html


def test_without_a_failed_attempt_it_leads_to_look_back(browser: Client, record: Record) -> None:
    value = replace(record, attempts=())
    learner_store.begin(learner_store.local_owner(), value, "begun")
    assert browser.get(ADDRESS).status_code == 302


def test_on_a_heavy_day_you_says_nothing_of_the_match(
    browser: Client, send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    assert "Three things to do this month" in browser.get("/you/").content.decode()
    send("/you/check-in/keep/", **{"mood-0": "2", "mood-1": "2"})
    assert "Three things to do this month" not in browser.get("/you/").content.decode()
