"""Beginning: a few questions, a step at a time, to a first honest answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from bounceback.appraisal import first_page
from bounceback.messages import render
from bounceback.records import from_case
from bounceback_web.records import learner_store
from tests.web.conftest import TODAY

WHAT = {"learner.group": "us-md", "exam.id": "usmle-step-1", "learner.time_zone": "UTC"}
SAT = {"attempts[0].date": "2026-09-20"}
READ = {"attempts[0].outcome": "fail"}
FAR = {"attempts[0].distance_below_pass": "moderate"}
NO_TEST = {"forms[0].family": ""}
HOURS = {"availability.hours_per_day": "6"}
REST = {"availability.rest_day": "sun", "exam.planned_date": ""}
STEPS = (WHAT, SAT | READ | FAR, NO_TEST, HOURS | REST)


def carried(html: str) -> dict[str, str]:
    """The hidden fields of the page, as a browser would send them back."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html)
    return dict(found)


def walk(browser: Client, steps: tuple[dict[str, str], ...]) -> Any:
    """Answer step by step; a step that asks more keeps what was typed in its visible fields."""
    answer = browser.get("/welcome/begin/")
    typed: dict[str, str] = {}
    for step in steps:
        typed |= step
        answer = browser.post(
            "/welcome/begin/", {**typed, **carried(answer.content.decode()), **step}
        )
        if answer.status_code != 200:
            break
    return answer


def test_the_questions_lead_to_a_record_and_a_first_answer(browser: Client) -> None:
    done = walk(browser, STEPS)
    assert done.headers["Location"] == "/starting-point/"
    found = learner_store.find(None)
    assert found is not None
    assert found.value.learner.group == "us-md"
    assert found.value.attempts[0].distance_below_pass == "moderate"
    assert found.value.availability is not None
    assert found.value.availability.minutes["sun"] == 0
    page = browser.get("/starting-point/").content.decode()
    assert "people with your results and plan" in page
    assert "Start with today" in page


def test_a_step_asks_all_that_is_mostly_asked_on_one_page(browser: Client) -> None:
    sat = walk(browser, STEPS[:1]).content.decode()
    hours = walk(browser, STEPS[:3]).content.decode()
    for page, asked in ((sat, SAT | READ | FAR), (hours, HOURS | REST)):
        assert {f'name="{key}"' for key in asked} <= set(re.findall(r'name="[^"]+"', page))
    before_step_3 = walk(browser, (WHAT, SAT | {"attempts[0].outcome": "pass"} | FAR, NO_TEST))
    assert "Step 4 of 4" in before_step_3.content.decode()  # the distance was not for a pass


def test_back_leads_to_the_step_before_and_everything_typed_is_kept(browser: Client) -> None:
    answer = walk(browser, STEPS[:2])
    assert "Step 3 of 4" in answer.content.decode()
    fields = carried(answer.content.decode())
    back = browser.post("/welcome/begin/", {**fields, "forms[0].family": "uwsa", "to": "1"})
    page = back.content.decode()
    assert back.status_code == 200
    assert "Step 2 of 4" in page
    assert 'value="2026-09-20"' in page
    assert '<input type="hidden" name="forms[0].family" value="uwsa">' in page
    assert learner_store.find(None) is None


def test_a_wrong_answer_is_asked_again_with_what_was_typed(browser: Client) -> None:
    answer = walk(browser, (WHAT, {"attempts[0].date": "20.9.2026"}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="20.9.2026"' in page
    assert 'aria-invalid="true"' in page
    assert learner_store.find(None) is None


def test_beginning_anew_asks_before_it_replaces_a_record(
    browser: Client, kept: learner_store.Kept
) -> None:
    asked = walk(browser, STEPS)
    assert asked.status_code == 409
    found = learner_store.find(None)
    assert found is not None
    assert found.value == kept.value
    done = browser.post("/welcome/begin/", carried(asked.content.decode()))
    assert done.status_code == 302
    found = learner_store.find(None)
    assert found is not None
    assert found.value != kept.value


@pytest.mark.parametrize("ticked", [True, False])
def test_export_delete_import_gives_the_same_record_but_for_what_was_left_out(
    browser: Client, send: Callable[..., Any], kept: learner_store.Kept, ticked: bool
) -> None:
    """With the box ticked all of it; without, all but the answers on mood, and nothing else."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    send("/you/check-in/keep/", sleep_hours="6.5", **{"mood-0": "0", "mood-1": "1"})
    whole = learner_store.find(None)
    assert whole is not None
    assert [c.phq2 for c in whole.value.checkins][-1] == 1
    expected = whole.value
    if not ticked:
        without = tuple(replace(c, phq2=None) for c in expected.checkins)
        expected = replace(expected, checkins=without)
    for form, name in (("toml", "me.toml"), ("json", "me.json")):
        asked = {"form": form, **({"mood": "yes"} if ticked else {})}
        text = browser.get("/you/settings/export/", asked).content
        assert send("/you/settings/delete/", sure=" Delete  everything").status_code == 302
        assert learner_store.find(None) is None
        brought = send("/welcome/bring/", file=SimpleUploadedFile(name, text))
        assert brought.headers["Location"] == "/"
        found = learner_store.find(None)
        assert found is not None
        assert found.value == expected


def test_the_first_answer_shows_what_the_engine_says_to_do_now(
    browser: Client, kept: learner_store.Kept
) -> None:
    page = first_page(kept.value, TODAY)
    shown = browser.get("/first-week/").content.decode()
    for step in page.first_week or page.now:
        assert escape(render(step.do)) in shown


def test_nothing_is_deleted_without_the_words(
    browser: Client, send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    assert browser.get("/you/settings/delete/").status_code == 200
    send("/you/settings/delete/", sure="yes")
    assert learner_store.find(None) is not None


def test_a_file_that_is_no_case_file_is_refused_whole(
    send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    for content in (b"\xff\xfe\x00", b"schema = 1\n[learner]\ngroup = 'x'\n", b"\x00" * 100):
        answer = send("/welcome/bring/", replace="yes", file=SimpleUploadedFile("a.toml", content))
        assert answer.status_code == 422
    found = learner_store.find(None)
    assert found is not None
    assert found.value == kept.value


def test_an_import_over_a_record_needs_the_box(
    send: Callable[..., Any], browser: Client, kept: learner_store.Kept
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    text = browser.get("/you/settings/export/").content
    send("/welcome/bring/", file=SimpleUploadedFile("me.toml", text))
    found = learner_store.find(None)
    assert found is not None
    assert found.row.pk == kept.row.pk


@pytest.mark.parametrize(
    "page",
    [
        *("/", "/plan/", "/plan/?view=month", "/chances/", "/you/look-back/"),
        *(
            "/chances/tests/",
            "/cards/",
            "/cards/workload/",
            "/cards/browse/",
            "/you/log/",
            "/you/meeting/",
        ),
        *("/you/match/", "/you/match/?open=yes", "/you/reason/", "/you/export/", "/you/settings/"),
        *("/you/check-in/", "/bring/", "/you/export/meeting.pdf", "/starting-point/"),
    ],
)
def test_every_page_opens_for_a_record_that_holds_the_least(browser: Client, page: str) -> None:
    least = from_case(
        {
            "schema": 1,
            "learner": {"group": "us-md", "time_zone": "America/New_York"},
            "exam": {"id": "usmle-step-1"},
        }
    ).record
    learner_store.begin(learner_store.local_owner(), least, "begun")
    assert browser.get(page).status_code == 200


def test_a_question_left_out_is_named_at_its_field(browser: Client) -> None:
    first = browser.get("/welcome/begin/").content.decode()
    shown = re.findall(r'name="shown" value="([^"]+)"', first)
    answer = browser.post("/welcome/begin/", {"step": "0", "shown": shown})
    assert answer.status_code == 422
    assert "Choose one to continue." in answer.content.decode()
