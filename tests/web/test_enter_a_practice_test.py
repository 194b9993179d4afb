"""Entering a practice test: it is kept, forecast and plan follow; a wrong one is said kindly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from bounceback.appraisal import compare_reports
from bounceback.messages import chances, render
from bounceback_web import briefings
from bounceback_web.pages import date_choices, date_line, date_line_values, reveal, wording
from bounceback_web.records import learner_store
from tests.web.conftest import TODAY
from tests.web.test_read_today_chance_decide import text_of

GOOD = {
    "family": "nbme-cbssa",
    "form": "31",
    "date": "2026-11-22",
    "score": "62,5 %",
    "predicted": "60",
    "timed": "on",
    "areas-area": ["Cardiovascular System", ""],
    "areas-correct": ["9", ""],
    "areas-items": ["18", ""],
    "areas-percent": ["", ""],
}


def now() -> learner_store.Kept:
    found = learner_store.find(None)
    assert found is not None
    return found


def test_a_test_is_kept_with_its_areas_and_the_forecast_takes_it_in(
    browser: Client, send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    before = briefings.answer(kept).briefing.belief.score_sd
    shown = send("/chances/tests/add/", **GOOD).headers["Location"]
    newest = learner_store.rows(now(), "forms")[-1]
    assert shown == f"/chances/tests/{newest.pk}/"
    form = now().value.forms[-1]
    assert (form.form, form.score, form.predicted, form.timed) == ("31", 62.5, 60.0, True)
    assert form.areas["Cardiovascular System"].items == 18
    assert briefings.answer(now()).briefing.belief.score_sd < before
    assert "NBME\N{NO-BREAK SPACE}31" in browser.get("/chances/").content.decode()


def test_a_used_form_leaves_the_list_of_unused_ones(
    send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    unused = {(f.family, f.form) for f in kept.value.ledger}
    assert ("nbme-cbssa", "31") in unused
    send("/chances/tests/add/", **GOOD)
    left = {(f.family, f.form) for f in now().value.ledger}
    assert left == unused - {("nbme-cbssa", "31")}


def test_a_three_digit_score_is_refused_by_name_and_what_was_typed_stays(
    send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    answer = send("/chances/tests/add/", **{**GOOD, "score": "187"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "187" in page
    assert 'value="2026-11-22"' in page
    assert now().value == kept.value


def test_a_test_dated_ahead_is_refused_at_its_field(
    send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    answer = send("/chances/tests/add/", **{**GOOD, "date": "2026-12-20"})
    assert answer.status_code == 422
    assert 'id="date-fault"' in answer.content.decode()
    assert now().value == kept.value


def test_a_test_entered_twice_asks_whether_it_was_taken_before(
    send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    send("/chances/tests/add/", **GOOD)
    before = now().value
    again = {**GOOD, "date": "2026-11-23"}
    asked = send("/chances/tests/add/", **again)
    assert asked.status_code == 422
    assert 'id="repeat-fault"' in asked.content.decode()
    assert now().value == before
    assert send("/chances/tests/add/", repeat="on", **again).status_code == 302
    assert now().value.forms[-1].repeat is True


@pytest.mark.parametrize(
    ("field", "typed"), [("score", "sixty"), ("score", "-3"), ("form", ""), ("date", "")]
)
def test_a_fault_stands_at_its_field_and_the_entry_stays(
    send: Callable[..., Any], kept: learner_store.Kept, field: str, typed: str
) -> None:
    answer = send("/chances/tests/add/", **{**GOOD, field: typed})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in page
    assert 'value="60"' in page  # the guess that was typed beside it
    assert now().value == kept.value


def reveal_after(browser: Client, send: Callable[..., Any], **fields: Any) -> str:
    where = send("/chances/tests/add/", **{**GOOD, **fields}).headers["Location"]
    return browser.get(where).content.decode()


def test_the_reveal_shows_every_date_before_and_after(
    browser: Client, send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    page = reveal_after(browser, send, score="72")
    after = briefings.answer(now()).briefing
    before = reveal.without(now(), len(now().value.forms) - 1)
    then = {f.on: chances.tenths(f.p_pass) for f in before.forecasts}
    gained = sum(
        max(0, chances.tenths(one.chance) - then[one.day]) for one in date_choices.choices(after)
    )
    drawn = {
        c.day
        for c in date_line.columns_to_draw(
            date_line_values.date_line_of(
                after, date_choices.choices(after), wording.format_for(now())
            )
        )
    }
    ringed = sum(
        max(0, chances.tenths(one.chance) - then[one.day])
        for one in date_choices.choices(after)
        if one.day in drawn
    )
    assert gained > 0
    assert page.count('class="dl-gained"') == 2 * ringed  # once for a phone, once for a desk
    assert "That\u2019s enough for today." in page


def test_what_was_expected_is_what_the_forecast_said_without_the_test(
    kept: learner_store.Kept, browser: Client, send: Callable[..., Any]
) -> None:
    send("/chances/tests/add/", **GOOD)
    position = len(now().value.forms) - 1
    before = reveal.without(now(), position)
    assert before.belief.score_mean == pytest.approx(
        briefings.answer(kept).briefing.belief.score_mean
    )
    scale = reveal.own_scale(now().value.forms[position], before)
    assert scale is not None
    assert scale.low is not None
    assert scale.high is not None
    assert scale.low < scale.high
    assert scale.score == 62.5


def test_the_reveal_names_at_most_three_changes(
    browser: Client, send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    page = reveal_after(browser, send, score="40")
    assert page.count('class="change-icon"') <= reveal.MOST_CHANGES


def test_hidden_numbers_stay_hidden_after_a_test(
    browser: Client, send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    type(kept.row).objects.update(shows_numbers=False)
    page = reveal_after(browser, send, score="72")
    for trace in ("72", "would pass", "dl-column", "in 10", "expected"):
        assert trace not in page, trace


def test_a_reveal_belongs_to_its_owner(
    browser: Client, kept: learner_store.Kept, stranger: learner_store.Kept
) -> None:
    theirs = learner_store.rows(stranger, "forms")[0]
    assert browser.get(f"/chances/tests/{theirs.pk}/").status_code == 404


def test_a_test_is_taken_out_from_a_current_page_only_by_its_owner(
    browser: Client,
    send: Callable[..., Any],
    kept: learner_store.Kept,
    stranger: learner_store.Kept,
) -> None:
    mine, theirs = learner_store.rows(kept, "forms")[0], learner_store.rows(stranger, "forms")[0]
    assert send(f"/chances/tests/{theirs.pk}/remove/").status_code == 404
    assert browser.get(f"/chances/tests/{mine.pk}/remove/").status_code == 405
    stale = send(f"/chances/tests/{mine.pk}/remove/", version=0)
    assert stale.status_code == 409
    assert "It changed meanwhile" in stale.content.decode()
    assert send(f"/chances/tests/{mine.pk}/remove/").status_code == 302
    assert now().value.forms == kept.value.forms[1:]


def test_an_owned_form_gets_its_day(send: Callable[..., Any], kept: learner_store.Kept) -> None:
    assert send("/chances/tests/own/", family="nbme-cbssa", form="26").status_code == 302
    ledger = briefings.answer(now()).briefing.plan.ledger
    assert ("nbme-cbssa", "26") in {(e.family, e.form) for e in ledger}


def test_the_official_report_stands_beside_practice_in_the_engines_words(
    browser: Client, kept: learner_store.Kept
) -> None:
    found = compare_reports(kept.value, TODAY)
    assert found is not None
    page = text_of(browser.get("/chances/tests/").content.decode())
    assert render(found.says) in page
    for area in found.areas:
        if area.agreement in ("act", "look-again"):
            assert render(area.says) in page
        assert area.area in page
