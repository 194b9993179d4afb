"""Entering a practice test: it is kept, forecast and plan follow; a wrong one is said kindly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client

from bounceback.appraisal import compare_reports
from bounceback.messages import briefing_text
from bounceback_web import briefings
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
    assert send("/tests/add/", **GOOD).headers["Location"] == "/tests/"
    form = now().value.forms[-1]
    assert (form.form, form.score, form.predicted, form.timed) == ("31", 62.5, 60.0, True)
    assert form.areas["Cardiovascular System"].items == 18
    assert briefings.answer(now()).briefing.belief.score_sd < before
    assert "CBSSA 31" in browser.get("/chances/").content.decode()


def test_a_used_form_leaves_the_list_of_unused_ones(
    send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    unused = {(f.family, f.form) for f in kept.value.ledger}
    assert ("nbme-cbssa", "31") in unused
    send("/tests/add/", **GOOD)
    left = {(f.family, f.form) for f in now().value.ledger}
    assert left == unused - {("nbme-cbssa", "31")}


def test_a_three_digit_score_is_refused_by_name_and_what_was_typed_stays(
    send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    answer = send("/tests/add/", **{**GOOD, "score": "187"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "187" in page
    assert 'value="2026-11-22"' in page
    assert now().value == kept.value


def test_a_test_is_taken_out_from_a_current_page_only_by_its_owner(
    browser: Client,
    send: Callable[..., Any],
    kept: learner_store.Kept,
    stranger: learner_store.Kept,
) -> None:
    mine, theirs = learner_store.rows(kept, "forms")[0], learner_store.rows(stranger, "forms")[0]
    assert send(f"/tests/{theirs.pk}/remove/").status_code == 404
    assert browser.get(f"/tests/{mine.pk}/remove/").status_code == 405
    stale = send(f"/tests/{mine.pk}/remove/", version=0)
    assert stale.status_code == 409
    assert "It changed meanwhile" in stale.content.decode()
    assert send(f"/tests/{mine.pk}/remove/").status_code == 302
    assert now().value.forms == kept.value.forms[1:]


def test_an_owned_form_gets_its_day(send: Callable[..., Any], kept: learner_store.Kept) -> None:
    assert send("/tests/own/", family="nbme-cbssa", form="26").status_code == 302
    ledger = briefings.answer(now()).briefing.plan.ledger
    assert ("nbme-cbssa", "26") in {(e.family, e.form) for e in ledger}


def test_the_official_report_stands_beside_practice_in_the_engines_words(
    browser: Client, kept: learner_store.Kept
) -> None:
    found = compare_reports(kept.value, TODAY)
    assert found is not None
    page = text_of(browser.get("/tests/").content.decode())
    exam = kept.value.exam.id
    assert briefing_text.with_names(found.words, exam) in page
    for area in found.areas:
        if area.agreement in ("act", "look-again"):
            assert briefing_text.with_names(area.words, exam) in page
        assert area.area in page
