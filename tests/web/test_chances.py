"""Chances: what the page shows, and what is kept of its forms."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils.text import capfirst

from bounceback.messages import chances as words
from bounceback.messages import render
from bounceback.records import Record
from bounceback.records import models as v
from bounceback.services.values import ResultBand
from bounceback_web import briefings
from bounceback_web.pages import chances_values, date_choices, wording
from bounceback_web.pages.date_line_values import Shown
from bounceback_web.records import learner_store
from tests.web.test_read_today_chance_decide import text_of

FORMS = ("/chances/agreement/", "/chances/date/", "/chances/priorities/")


def now() -> learner_store.Kept:
    found = learner_store.find(None)
    assert found is not None
    return found


def test_the_pact_is_kept_and_stands_on_the_page(
    browser: Client, send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    send("/chances/agreement/", rule="two measures above the line", date="2027-01-12")
    pact = now().value.decision.pact
    assert pact is not None
    assert (pact.rule, pact.date) == ("two measures above the line", date(2027, 1, 12))
    assert "two measures above the line" in browser.get("/chances/").content.decode()


def test_a_pact_without_a_day_is_refused_and_the_words_stay(
    send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    answer = send("/chances/agreement/", rule="a rule without a day", date="")
    assert answer.status_code == 422
    assert "a rule without a day" in answer.content.decode()
    assert now().value == kept.value


def test_weights_of_ones_own_are_kept_and_an_empty_field_takes_ours(
    browser: Client, send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    send("/chances/priorities/", failed_attempt="40", delay_week="")
    assert now().value.decision.weights == {"failed_attempt": 40}
    assert 'value="40"' in browser.get("/chances/").content.decode()


def test_a_weight_that_is_no_number_is_refused(
    send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    assert send("/chances/priorities/", failed_attempt="much").status_code == 422
    assert now().value == kept.value


def test_another_date_becomes_the_planned_one_and_can_be_undone(
    send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    send("/chances/date/", date="2027-02-24")
    assert now().value.exam.planned_date == date(2027, 2, 24)
    send("/undo/", change=now().row.version)
    assert now().value == kept.value


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        ("/chances/agreement/", {"rule": "mine", "date": "2027-01-12"}),
        ("/chances/date/", {"date": "2027-02-24"}),
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
    send("/you/reason/keep/", reason="written in another tab")
    asked = send(address, version=old, **fields)
    page = asked.content.decode()
    assert asked.status_code == 409
    assert "My reason was saved." in page
    assert all(value in page for value in fields.values())
    assert send(address, **fields).status_code == 302
    assert now().value.learner.reason == "written in another tab"


@pytest.mark.parametrize(
    "address", ["/chances/agreement/", "/chances/date/", "/chances/priorities/"]
)
def test_looking_changes_nothing(browser: Client, kept: learner_store.Kept, address: str) -> None:
    assert browser.get(address).status_code == 405


@pytest.mark.parametrize(
    "address", ["/chances/agreement/", "/chances/date/", "/chances/priorities/"]
)
def test_without_a_record_of_ones_own_there_is_nothing_to_change(
    send: Callable[..., Any], stranger: learner_store.Kept, address: str
) -> None:
    assert send(address, date="2027-02-24", rule="mine").status_code == 404


def test_every_priority_has_a_field_in_words(browser: Client, kept: learner_store.Kept) -> None:
    weights = briefings.answer(kept).briefing.decision.weights
    assert set(weights) <= set(words.PRIORITIES)
    page = browser.get("/chances/").content.decode()
    assert all(f">{words.PRIORITIES[name]}</label>" in page for name in weights)


@pytest.mark.parametrize("preset", words.PRESETS, ids=lambda p: p.id)
def test_a_preset_sets_what_a_failed_attempt_counts(
    browser: Client, send: Callable[..., Any], kept: learner_store.Kept, preset: words.Preset
) -> None:
    send("/chances/priorities/", preset=preset.id, failed_attempt="25")
    assert now().value.decision.weights["failed_attempt"] == preset.failed_attempt
    page = browser.get("/chances/").content.decode()
    assert re.search(rf'value="{preset.id}" checked', page)


def values_of(page: str) -> dict[str, Any]:
    found = re.search(r'<script id="date-line-values"[^>]*>(.*?)</script>', page, flags=re.S)
    assert found is not None
    values: dict[str, Any] = json.loads(found[1])
    return values


def test_every_date_that_is_drawn_has_its_readout_in_the_page(
    browser: Client, kept: learner_store.Kept
) -> None:
    page = browser.get("/chances/").content.decode()
    drawn = set(re.findall(r'data-day="([\d-]+)" data-x', page))
    values = values_of(page)
    assert drawn
    assert drawn <= set(values)
    by_day = {f.on.isoformat(): f for f in briefings.answer(kept).briefing.forecasts}
    for day, value in values.items():
        assert value["passing"] == words.tenths(by_day[day].p_pass)
        assert {"Would pass", "Likely level", "Result"} <= {name for name, _said in value["rows"]}


def test_the_list_of_dates_shows_a_date_without_a_script(
    browser: Client, kept: learner_store.Kept
) -> None:
    page = browser.get("/chances/").content.decode()
    days = re.findall(r'name="date" value="([\d-]+)"', page)
    assert set(values_of(page)) <= set(days)
    chosen = next(day for day in values_of(page) if day != "2027-02-10")
    shown = browser.get("/chances/", {"date": chosen}).content.decode()
    assert " ".join(values_of(shown)[chosen]["day"].split()) in text_of(shown)
    assert "is-finger" in shown
    assert "dl-added" not in shown


def test_trying_a_date_changes_nothing(browser: Client, kept: learner_store.Kept) -> None:
    last = max(values_of(browser.get("/chances/").content.decode()))
    page = browser.get("/chances/", {"date": last, "try": "1"}).content.decode()
    assert "dl-added" in page
    assert now().value == kept.value


@pytest.mark.parametrize("asked", ["", "tomorrow", "2031-01-01", "2026-13-40"])
def test_a_date_that_cant_be_shown_shows_the_page_at_rest(
    browser: Client, kept: learner_store.Kept, asked: str
) -> None:
    answer = browser.get("/chances/", {"date": asked, "compare": asked})
    assert answer.status_code == 200
    assert "is-finger" not in answer.content.decode()


def test_my_number_comes_before_the_groups(browser: Client, kept: learner_store.Kept) -> None:
    page = text_of(browser.get("/chances/").content.decode())
    assert page.index("people with your results and plan") < page.index("For context")


def test_dates_side_by_side_have_the_same_rows(browser: Client, kept: learner_store.Kept) -> None:
    b = briefings.answer(kept).briefing
    side = chances_values.page_values(b, wording.format_for(kept), Shown())["side"]
    assert 2 <= len(side["columns"]) <= 4
    assert {len(row["cells"]) for row in side["rows"]} == {len(side["columns"])}
    assert sum(column["mine"] for column in side["columns"]) == 1


def test_only_changes_that_move_three_of_a_hundred_are_listed(kept: learner_store.Kept) -> None:
    b = briefings.answer(kept).briefing
    levers = chances_values.page_values(b, wording.format_for(kept), Shown())["levers"]
    worth = [v for v in b.levers[1:] if round(100 * v.gain) >= words.WORTH_SHOWING]
    assert len(levers["rows"]) == len(worth)
    assert bool(levers["none"]) is not bool(worth)


def test_every_rule_has_its_status(browser: Client, kept: learner_store.Kept) -> None:
    b, fmt = briefings.answer(kept).briefing, wording.format_for(kept)
    page = text_of(browser.get("/chances/").content.decode())
    for rule in b.decision.rules:
        if rule.kind != "calendar":
            text = " ".join(capfirst(render(rule.rule, fmt.locale)).split())
            assert f"{words.STATUS[rule.holds]} {text}" in page


def test_hidden_numbers_leave_the_dates_and_no_count(
    browser: Client, kept: learner_store.Kept
) -> None:
    type(kept.row).objects.update(shows_numbers=False)
    html = browser.get("/chances/").content.decode()
    assert "dl-mine-mark" in html
    for trace in ("dl-column", "dl-count", "would pass", "date-line-values", "td-on"):
        assert trace not in html
    # "91 in 100" of a published study is not a count of this person.
    assert not re.search(r" in 10\b", html)


@pytest.mark.parametrize("old", ["/chance/", "/decide/"])
def test_old_addresses_lead_here(browser: Client, kept: learner_store.Kept, old: str) -> None:
    assert browser.get(old).headers["Location"] == "/chances/"


def test_a_period_that_has_ended_says_so(browser: Client, record: Record) -> None:
    ended = v.Eligibility(first=date(2026, 8, 1), last=date(2026, 10, 31))
    value = replace(record, exam=replace(record.exam, eligibility=ended, planned_date=None))
    learner_store.begin(learner_store.local_owner(), value, "begun")
    assert "Your eligibility period has ended" in text_of(browser.get("/chances/").content.decode())


def test_bands_of_results_meet_in_whole_points(kept: learner_store.Kept) -> None:
    scale = date_choices.scale_of(briefings.answer(kept).briefing)

    def band(low: float, high: float, share: float) -> ResultBand:
        return ResultBand(low, high, share, "sit", None, 0.5, None)

    found = [
        band(188, 300, 0.5),
        band(187.6, 187.9, 0.02),
        band(170, 187.5, 0.3),
        band(0, 169, 0.18),
    ]
    whole = chances_values._bands_of_whole_points(found, scale)
    edges = [round(scale.shown(one.score_low)) for one in whole]
    assert edges == sorted(set(edges), reverse=True)
    assert sum(one.share for one in whole) == pytest.approx(1.0)
    assert [one.share for one in whole][1] == pytest.approx(0.32)
