"""Deciding: the pact and the date are kept, from the page as it was seen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils.text import capfirst

from bounceback.messages import briefing_text
from bounceback_web import briefings
from bounceback_web.records import learner_store


def now() -> learner_store.Kept:
    found = learner_store.find(None)
    assert found is not None
    return found


def test_the_pact_is_kept_and_stands_on_the_page(
    browser: Client, send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    send("/decide/pact/", rule="two measures above the line", date="2027-01-12")
    pact = now().value.decision.pact
    assert pact is not None
    assert (pact.rule, pact.date) == ("two measures above the line", date(2027, 1, 12))
    assert "two measures above the line" in browser.get("/decide/").content.decode()


def test_a_pact_without_a_day_is_refused_and_the_words_stay(
    send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    answer = send("/decide/pact/", rule="a rule without a day", date="")
    assert answer.status_code == 422
    assert "a rule without a day" in answer.content.decode()
    assert now().value == kept.value


def test_weights_of_ones_own_are_kept_and_an_empty_field_takes_ours(
    browser: Client, send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    send("/decide/weights/", failed_attempt="40", delay_week="")
    assert now().value.decision.weights == {"failed_attempt": 40}
    assert 'value="40"' in browser.get("/decide/").content.decode()


def test_a_weight_that_is_no_number_is_refused(
    send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    assert send("/decide/weights/", failed_attempt="much").status_code == 422
    assert now().value == kept.value


def test_another_date_becomes_the_planned_one_and_can_be_undone(
    send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    send("/decide/date/", date="2027-02-24")
    assert now().value.exam.planned_date == date(2027, 2, 24)
    send("/undo/", change=now().row.version)
    assert now().value == kept.value


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        ("/decide/pact/", {"rule": "mine", "date": "2027-01-12"}),
        ("/decide/date/", {"date": "2027-02-24"}),
    ],
)
def test_a_page_that_grew_old_asks_again_and_then_goes_on_top(
    browser: Client,
    send: Callable[..., Any],
    kept: learner_store.Kept,
    address: str,
    fields: dict[str, str],
) -> None:
    old = now().row.version
    send("/reason/keep/", reason="written in another tab")
    asked = send(address, version=old, **fields)
    page = asked.content.decode()
    assert asked.status_code == 409
    assert "My reason was written." in page
    assert all(value in page for value in fields.values())
    assert send(address, **fields).status_code == 302
    assert now().value.learner.reason == "written in another tab"


@pytest.mark.parametrize("address", ["/decide/pact/", "/decide/date/", "/decide/weights/"])
def test_looking_changes_nothing(browser: Client, kept: learner_store.Kept, address: str) -> None:
    assert browser.get(address).status_code == 405


@pytest.mark.parametrize("address", ["/decide/pact/", "/decide/date/", "/decide/weights/"])
def test_without_a_record_of_ones_own_there_is_nothing_to_change(
    send: Callable[..., Any], stranger: learner_store.Kept, address: str
) -> None:
    assert send(address, date="2027-02-24", rule="mine").status_code == 404


def test_what_was_weighed_is_said_in_words(browser: Client, kept: learner_store.Kept) -> None:
    weighed = briefings.answer(kept).briefing.decision.weights
    assert set(weighed) <= set(briefing_text.WEIGHTS)
    page = browser.get("/decide/").content.decode()
    assert all(f">{capfirst(briefing_text.WEIGHTS[name])}</label>" in page for name in weighed)
