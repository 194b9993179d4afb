"""Beginning: a few questions, a step at a time, to a first honest answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from bounceback.appraisal import first_page
from bounceback.messages import render
from bounceback.records import Record, from_case
from bounceback_web.records import learner_store
from tests.web.conftest import TODAY

ATTEMPTS = {
    "exam": "usmle-step-1", "times": "2", "date1": "2026-09-20", "date2": "2026-03-02",
    "outcome": "fail", "read": "2026-10-21", "distance": "moderate",
}  # fmt: skip
SCHOOL = {"group": "us-md"}
TEST = {"family": "nbme-cbssa", "form": "30", "tested": "2026-11-14", "testscore": "57"}
BANK = {"bank": "uworld-step-1", "used": "50"}
HOURS = {"free": ["mon-morning", "mon-evening", "tue-morning"], "cap": "6"}
DATE = {"planned": "2027-01-08", "last": "2027-02-28"}
STEPS = (ATTEMPTS, SCHOOL, TEST, BANK, HOURS, DATE)
NAMES = ("attempts", "school", "test", "bank", "hours", "date")
ZONE = {"zone": "America/New_York"}


def carried(html: str) -> dict[str, list[str]]:
    """The hidden fields of the page, as a browser would send them back."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html):
        found.setdefault(name, []).append(unescape(value))
    return found


def walk(browser: Client, steps: Sequence[Mapping[str, Any]], start: Any = None) -> Any:
    """Answer screen by screen, each with what the one before carried along."""
    answer = start or browser.get("/welcome/begin/")
    for step in steps:
        fields = carried(answer.content.decode()) | ZONE
        answer = browser.post("/welcome/begin/", fields | dict(step))
        if answer.status_code != 200:
            break
    return answer


def begun() -> Record:
    found = learner_store.find(None)
    assert found is not None
    return found.value


def test_six_screens_lead_to_a_record_and_a_first_answer(browser: Client) -> None:
    done = walk(browser, STEPS)
    assert done.headers["Location"] == "/starting-point/"
    value = begun()
    assert (value.learner.group, value.learner.time_zone) == ("us-md", ZONE["zone"])
    assert [(a.date.isoformat(), a.outcome) for a in value.attempts] == [
        ("2026-03-02", "fail"),
        ("2026-09-20", "fail"),
    ]
    last = value.attempts[-1]
    assert last.distance_below_pass == "moderate"
    assert last.result_read == date(2026, 10, 21)
    assert [(f.family, f.form, f.score) for f in value.forms] == [("nbme-cbssa", "30", 57)]
    bank = value.resources[0]
    assert (bank.name, bank.catalogue, bank.units, bank.done) == (
        "UWorld", "uworld-step-1", 3600, 1800
    )  # fmt: skip
    hours = value.availability
    assert hours is not None
    assert (hours.minutes["mon"], hours.minutes["tue"], hours.minutes["sun"]) == (360, 240, 0)
    assert [(w.start.hour, w.end.hour) for w in hours.windows["mon"]] == [(8, 12), (18, 21)]
    assert value.exam.planned_date == date(2027, 1, 8)
    assert value.exam.eligibility is not None
    assert value.exam.eligibility.last == date(2027, 2, 28)
    page = browser.get("/starting-point/").content.decode()
    assert "people with your results and plan" in page
    assert "Start with today" in page


def test_what_is_left_open_stays_unknown(browser: Client) -> None:
    least = ({"exam": "comlex-level-1", "times": "0"}, {"group": "us-do"}, {}, {}, {}, {})
    assert walk(browser, least).headers["Location"] == "/starting-point/"
    value = begun()
    assert (value.attempts, value.forms, value.resources) == ((), (), ())
    assert (value.availability, value.exam.planned_date, value.exam.eligibility) == (None,) * 3


def test_a_result_that_is_not_out_is_awaited(browser: Client) -> None:
    waiting = ATTEMPTS | {"times": "1", "outcome": "awaiting", "read": "", "distance": ""}
    walk(browser, (waiting, SCHOOL, {}, {}, {}, {}))
    (attempt,) = begun().attempts
    assert (attempt.outcome, attempt.result_read) == ("awaiting", None)


@pytest.mark.parametrize("at", range(6))
def test_back_leads_to_the_screen_before_and_everything_typed_is_kept(
    browser: Client, at: int
) -> None:
    shown = walk(browser, STEPS[: at + 1]) if at < 5 else walk(browser, STEPS[:5])
    html = shown.content.decode()
    before = re.search(r'name="to" value="([^"]*)"', html)
    assert before is not None
    back = browser.post("/welcome/begin/", carried(html) | ZONE | {"to": before[1]})
    page = back.content.decode()
    assert back.status_code == 200
    step = STEPS[NAMES.index(before[1])]
    for name, value in step.items():
        for one in value if isinstance(value, list) else [value]:
            typed = rf'name="{name}"[^>]*value="{one}"'
            assert re.search(typed, page), name
    assert learner_store.find(None) is None


@pytest.mark.parametrize(
    ("step", "wrong", "field"),
    [
        ("attempts", {"exam": ""}, "exam"),
        ("attempts", {"times": "9"}, "times"),
        ("attempts", {"date1": "20.9.2026"}, "date1"),
        ("attempts", {"date1": "2027-09-20"}, "date1"),
        ("attempts", {"date2": "2026-09-20"}, "date2"),
        ("attempts", {"date2": ""}, "date2"),
        ("attempts", {"read": "2026-09-01"}, "read"),
        ("attempts", {"exam": "usmle-step-2-ck", "score": "999"}, "score"),
        ("school", {"group": "somewhere"}, "group"),
        ("test", {"testscore": "187"}, "testscore"),
        ("test", {"testscore": "many"}, "testscore"),
        ("test", {"tested": "2026-12-20"}, "tested"),
        ("test", {"form": " "}, "form"),
        ("test", {"family": "school", "testscore": "60"}, "scale"),
        ("bank", {"bank": "other", "units": "some"}, "units"),
        ("date", {"planned": "2026-11-01"}, "planned"),
        ("date", {"last": "2027-01-01"}, "last"),
    ],
)
def test_a_wrong_answer_is_named_at_its_field_and_kept(
    browser: Client, step: str, wrong: dict[str, str], field: str
) -> None:
    before = STEPS[: NAMES.index(step)]
    answer = walk(browser, (*before, STEPS[NAMES.index(step)] | wrong))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in page
    typed = next(iter(wrong.values())).strip()
    assert not typed or f'value="{typed}"' in page or typed in ("9", "somewhere", "school")
    assert learner_store.find(None) is None


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd"])
def test_a_zone_that_is_none_does_not_stop_anybody(browser: Client, zone: str) -> None:
    answer = browser.get("/welcome/begin/")
    for step in STEPS:
        fields = carried(answer.content.decode()) | {"zone": zone}
        answer = browser.post("/welcome/begin/", fields | dict(step))
    assert answer.headers["Location"] == "/starting-point/"
    assert begun().learner.time_zone


@pytest.mark.parametrize("report", ["[", "[]", "7", '{"date": [[[[', "x" * 30_000, '{"colour": 1}'])
def test_a_report_that_no_page_gives_breaks_nothing(browser: Client, report: str) -> None:
    first = ATTEMPTS | {"report": report, "test_report": report}
    answer = walk(browser, (first, SCHOOL, TEST, BANK, HOURS, DATE))
    assert answer.status_code in (302, 422)


def test_a_report_fills_in_its_questions(browser: Client) -> None:
    text = (
        "NBME Comprehensive Basic Science Self-Assessment\nForm 30\nTest date: 11/14/2026\n"
        "Equated percent correct score: 57%\n"
    )
    read = browser.post("/welcome/report/", {"exam": "usmle-step-1", "text": text, **ZONE})
    page = read.content.decode()
    assert read.status_code == 200, page
    assert "NBME" in page
    assert "57" in page
    first = browser.post("/welcome/begin/", carried(page) | ZONE)
    assert "question 1 of 5" in first.content.decode().lower()
    done = walk(browser, (ATTEMPTS, SCHOOL, BANK, HOURS, DATE), start=first)
    assert done.headers["Location"] == "/starting-point/"
    (form,) = begun().forms
    assert (form.family, form.form, form.score) == ("nbme-cbssa", "30", 57)


@pytest.mark.parametrize(
    "sent",
    [{}, {"exam": "usmle-step-1"}, {"exam": "usmle-step-1", "text": "hello"}],
    ids=["no exam", "no report", "no score"],
)
def test_a_report_without_a_score_leads_to_the_questions(
    browser: Client, sent: dict[str, str]
) -> None:
    answer = browser.post("/welcome/report/", sent | ZONE)
    assert answer.status_code == 422
    assert "/welcome/begin/" in answer.content.decode()


def test_beginning_anew_asks_before_it_replaces_a_record(
    browser: Client, kept: learner_store.Kept
) -> None:
    asked = walk(browser, STEPS)
    assert asked.status_code == 409
    found = learner_store.find(None)
    assert found is not None
    assert found.value == kept.value
    done = browser.post("/welcome/begin/", carried(asked.content.decode()) | ZONE)
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
