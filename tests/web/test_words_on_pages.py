"""No page, no form with errors and no export says what no text for people may say.

The list of words and the rules of the voice are in ``tests/messages/word_list.py``.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from html import unescape
from typing import Any

import icalendar
import pypdf
import pytest
from django.test import Client

from bounceback import facts
from bounceback.records import parse_case
from bounceback.records.examples import examples
from bounceback_web import briefings
from bounceback_web.exports.calendar_file import calendar_file
from bounceback_web.exports.meeting import meeting_pdf
from bounceback_web.records import learner_store
from tests.golden.golden_cases import CASES, asked_about
from tests.messages.word_list import OWN_STATEMENTS, faults_of_page

PAGES = (
    "/", "/plan/", "/plan/?view=month", "/plan/hours/", "/plan/days-off/", "/plan/resources/",
    "/welcome/", "/welcome/begin/", "/welcome/report/", "/today/session/", "/today/finish/",
    "/cards/", "/cards/browse/", "/cards/workload/",
    "/chances/", "/chances/?date=2027-01-22&try=1", "/chances/tests/",
    "/starting-point/", "/first-week/",
    "/you/", "/you/look-back/", "/you/look-back/before/", "/you/log/", "/you/meeting/",
    "/you/match/", "/you/match/?open=yes", "/you/reason/", "/you/check-in/", "/you/results/",
    "/you/settings/", "/you/settings/delete/", "/you/export/", "/backups/", "/bring-backup/",
    "/bring/", "/support/", "/devices/", "/nowhere/",
)  # fmt: skip
"""Every page of the five places, and what hangs on them."""
BEFORE_ANYTHING = ("/", "/welcome/", "/support/", "/away/", "/key/", "/pair/", "/bring-backup/")
"""Pages that somebody meets who has entered nothing yet."""

JOURNAL = re.compile(r"\b\d{4};\d+:\d+-\d+")
"""Year, volume and pages of a journal, as others print them."""

WRONG_FORMS: dict[str, dict[str, str]] = {
    "/you/log/add/": {"date": "soon", "items": "x", "correct": "50", "minutes": "-4"},
    "/misses/add/": {"rule": "x" * 300, "confidence": "9", "seconds": "-1"},
    "/study/add/": {"date": "2026-13-01", "minutes": "30h"},
    "/chances/tests/add/": {"family": "nbme-cbssa", "date": "2030-01-01", "score": "187"},
    "/chances/tests/own/": {"form": ""},
    "/chances/agreement/": {"date": "x"},
    "/chances/priorities/": {"failed_attempt": "x", "delay_week": "-1"},
    "/chances/date/": {"date": "x"},
    "/you/results/add/": {"exam": "usmle-step-1", "date": "x", "score": "999"},
    "/you/meeting/add/": {"date": "x", "agreed": "x" * 9000},
    "/you/reason/keep/": {"reason": "x" * 9000},
    "/you/check-in/keep/": {"sleep_hours": "30", "note": "x" * 9999},
    "/you/look-back/answer/": {"question": "help", "answer": "9"},
    "/welcome/report/": {"exam": "usmle-step-1", "text": "hello"},
    "/plan/resources/save/": {"have": "own-0", "done-own-0": "many"},
    "/plan/away/": {"first": "soon", "last": "later"},
    "/plan/commitment/": {"date": "x", "start": "25:00", "minutes": "long"},
    "/you/settings/reminder/": {"what": "on", "at": "soon"},
    "/you/settings/hours/": {"hours-mon": "30", "windows-mon": "18-8", "days_off": "never"},
    "/you/settings/exam/": {"planned_date": "x", "target_p_pass": "90x"},
    "/you/settings/resource/": {"units": "x", "done": "9"},
    "/you/settings/commitment/": {"date": "x", "minutes": "30h"},
    "/you/settings/deadline/": {"date": "x"},
    "/you/settings/learner/": {"time_zone": "Nowhere", "country": "USA"},
    "/you/settings/delete/": {"words": "no"},
    "/bring-backup/": {"password": ""},
    "/you/export/backup/": {"password": "a", "again": "b"},
}
"""Forms filled in wrongly in every field that can be."""


def shown(html: str) -> str:
    """What a reader or a screen reader meets on a page, one space between words."""
    main = re.search(r"<main.*?</main>", html, flags=re.S)
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", main[0] if main else html, flags=re.S)
    text = re.sub(r'<blockquote class="own">.*?</blockquote>', " ", text, flags=re.S)
    text = re.sub(r"<cite\b.*?</cite>", " ", text, flags=re.S)  # titles of others, as printed
    text = re.sub(r"<textarea\b.*?</textarea>", " ", text, flags=re.S)
    spoken = re.findall(r'\s(?:aria-label|alt|title|placeholder)="([^"]*)"', text)
    bare = re.sub(r"</(p|li|h\d|dt|dd|td|th|div|section|summary|label|option)>", " | ", text)
    return " ".join(unescape(" | ".join([re.sub(r"<[^>]+>", " ", bare), *spoken])).split())


def own_words(case: str) -> list[str]:
    """The student's own words in a case file, and items of published forms."""
    published = [row["text"] for row in facts.table("instrument_items")]
    return [s for s in re.findall(r'"([^"\n]*)"', case) if " " in s] + [*published, *OWN_STATEMENTS]


def begin(text: str, on: date, settings: Any) -> learner_store.Kept:
    settings.FIXED_DAY = on
    return learner_store.begin(learner_store.local_owner(), parse_case(text).record, "begun")


def month_first(kept: learner_store.Kept) -> bool:
    return kept.value.learner.country in (None, "US", "CA")


@pytest.mark.parametrize("numbers", [True, False], ids=["numbers", "no-numbers"])
@pytest.mark.parametrize("name", sorted(CASES))
def test_no_page_says_what_no_page_may(
    name: str, numbers: bool, browser: Client, settings: Any
) -> None:
    text = CASES[name].read_text(encoding="utf-8")
    kept = begin(text, asked_about()[name]["on"], settings)
    type(kept.row).objects.update(shows_numbers=numbers)
    own = own_words(text)
    found = []
    for address in PAGES:
        answer = browser.get(address)
        if answer.status_code == 302:
            continue  # nothing to look back on, no session in progress
        assert answer.status_code in (200, 404)
        words = shown(answer.content.decode())
        faults = faults_of_page(words, own=own, month_first=month_first(kept))
        found += [(address, fault) for fault in faults]
    assert found == []


def test_before_anything_is_entered(browser: Client) -> None:
    for address in BEFORE_ANYTHING:
        words = shown(browser.get(address, follow=True).content.decode())
        assert faults_of_page(words) == [], address


@pytest.mark.parametrize("wrong", [False, True], ids=["as asked", "with errors"])
def test_the_first_questions_speak_to_a_person(wrong: bool, browser: Client) -> None:
    bad = {"date1": "2030-01-01", "read": "x", "testscore": "187", "planned": "2020-01-01"}
    answers = {"exam": "usmle-step-1", "times": "3", "date1": "2026-09-14", "group": "us-md",
               "date2": "2026-03-01", "date3": "2025-09-01", "family": "nbme-cbssa", "form": "30",
               "tested": "2026-11-14", "testscore": "57", "bank": "other"}  # fmt: skip
    for step in ("", "attempts", "school", "test", "bank", "hours", "date"):
        given = {**answers, **(bad if wrong else {}), "step": step, "zone": "America/New_York"}
        answer = browser.post("/welcome/begin/", given)
        if answer.status_code == 302:
            continue
        assert faults_of_page(shown(answer.content.decode())) == [], step


@pytest.mark.parametrize("address", sorted(WRONG_FORMS))
def test_a_form_with_errors_speaks_to_a_person(
    address: str, browser: Client, send: Callable[..., Any], settings: Any
) -> None:
    text = examples()["step-1-again"]
    begin(text, date(2026, 11, 23), settings)
    answer = send(address, **WRONG_FORMS[address])
    if answer.status_code in (301, 302):
        answer = browser.get(answer.headers["Location"].split("#")[0])
    words = shown(answer.content.decode())
    assert faults_of_page(words, own=own_words(text)) == []


@pytest.mark.parametrize("name", ["level-1-last-attempt", "step-1-forty-minutes"])
def test_what_is_exported_speaks_to_a_person(name: str, settings: Any) -> None:
    text = CASES[name].read_text(encoding="utf-8")
    kept = begin(text, asked_about()[name]["on"], settings)
    found = briefings.answer(kept)
    own = own_words(text)
    pages = pypdf.PdfReader(io.BytesIO(meeting_pdf(found.briefing))).pages
    paper = " ".join(" ".join(page.extract_text() for page in pages).split())
    paper = JOURNAL.sub(" ", paper)
    assert faults_of_page(paper, own=own) == []
    made = datetime(2026, 11, 23, tzinfo=UTC)
    events = icalendar.Calendar.from_ical(calendar_file(found.briefing, made)).walk("VEVENT")
    said = " | ".join(f"{e.get('summary')} | {e.get('description', '')}" for e in events)
    assert faults_of_page(" ".join(said.split()), own=own) == []
