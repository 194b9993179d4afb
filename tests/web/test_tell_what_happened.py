"""Blocks, misses, study, meetings, answers, the reason: each is kept, refused kindly, taken out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from bounceback.records import Record
from bounceback.records.models import Miss
from bounceback.vocabulary import APPRAISAL_KEYS
from bounceback_web.records import learner_store
from tests.web.conftest import TODAY

BLOCK = {"date": "2026-11-22", "bank": "uworld", "items": "40", "correct": "25", "first_pass": "on"}
MISS = {"date": "2026-11-22", "cause": "misread", "rule": "Read the last line first."}
LOOK = {"date": "2026-11-22", "rule": "Read the last line first.", "recalled": "on"}
STUDY = {"date": "2026-11-22", "minutes": "45", "activity": "reading"}
MEETING = {"date": "2026-11-20", "with": "adviser", "agreed": "two forms\r\nbefore we decide"}
ANSWER = {"question": "help", "answer": "2", "note": "I waited."}


def now() -> learner_store.Kept:
    found = learner_store.find(None)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("address", "fields", "section"),
    [
        ("/you/log/add/", BLOCK, "blocks"),
        ("/misses/add/", MISS, "misses"),
        ("/study/add/", STUDY, "study"),
        ("/looks/add/", LOOK, "looks"),
        ("/you/meeting/add/", MEETING, "meetings"),
    ],
)
class TestAnEntry:
    def test_is_kept_at_the_end_of_its_section(
        self,
        send: Callable[..., Any],
        kept: learner_store.Kept,
        address: str,
        fields: dict[str, str],
        section: str,
    ) -> None:
        # An old page is no hindrance: an entry stands on its own.
        assert send(address, version=0, **fields).status_code == 302
        before, after = getattr(kept.value, section), getattr(now().value, section)
        assert after[:-1] == before
        assert str(after[-1].date) == fields["date"]

    def test_without_its_day_is_refused_and_what_was_typed_stays(
        self,
        send: Callable[..., Any],
        kept: learner_store.Kept,
        address: str,
        fields: dict[str, str],
        section: str,
    ) -> None:
        answer = send(address, **{**fields, "date": "soon"})
        assert answer.status_code == 422
        assert "soon" in answer.content.decode()
        assert now().value == kept.value

    def test_is_not_made_by_looking(
        self,
        browser: Client,
        kept: learner_store.Kept,
        address: str,
        fields: dict[str, str],
        section: str,
    ) -> None:
        assert browser.get(address, fields).status_code == 405
        assert now().value == kept.value


@pytest.mark.parametrize(
    ("section", "address"),
    [
        ("blocks", "/log/blocks/{}/remove/"),
        ("misses", "/log/misses/{}/remove/"),
        ("meetings", "/you/meeting/{}/remove/"),
        ("resources", "/you/settings/resource/{}/remove/"),
        ("ledger", "/chances/tests/own/{}/remove/"),
    ],
)
def test_an_entry_is_taken_out_by_its_owner_from_a_current_page(
    send: Callable[..., Any],
    browser: Client,
    kept: learner_store.Kept,
    stranger: learner_store.Kept,
    section: str,
    address: str,
) -> None:
    mine, theirs = (address.format(learner_store.rows(k, section)[0].pk) for k in (kept, stranger))
    assert send(theirs).status_code == 404
    assert browser.get(mine).status_code == 405
    assert send(mine, version=0).status_code == 409
    assert send(mine).status_code == 302
    assert getattr(now().value, section) == getattr(kept.value, section)[1:]
    assert len(learner_store.rows(stranger, section)) == len(getattr(stranger.value, section))


def test_every_field_of_a_block_can_be_refused_at_once(
    send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    wrong = {"date": "soon", "bank": "", "items": "x", "correct": "50", "minutes": "-4"}
    answer = send("/you/log/add/", **wrong)
    assert answer.status_code == 422
    page = answer.content.decode()
    for field in ("b-date", "b-bank", "b-items", "b-min"):
        assert f'id="{field}-fault"' in page
    assert now().value.blocks == kept.value.blocks


def test_a_cause_is_counted_on_the_page(
    browser: Client, send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    for _n in range(3):
        send("/misses/add/", **MISS)
    few = browser.get("/you/log/").content.decode()
    assert "5 missed questions so far" in few
    assert "the most common cause" not in few
    for _n in range(6):
        send("/misses/add/", **MISS)
    page = browser.get("/you/log/").content.decode()
    assert "the most common cause: misread the question (9)" in page
    assert "Read the last line first." in page


def test_a_rule_is_met_again_until_it_came_to_mind_twice_days_apart(
    browser: Client, send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    send("/misses/add/", **{**MISS, "date": "2026-11-16"})

    def waits() -> bool:
        asked = f'name="rule" value="{MISS["rule"]}"'
        return asked in browser.get("/you/log/").content.decode()

    assert waits()
    send("/looks/add/", date="2026-11-18", rule=MISS["rule"], recalled="on")
    send("/looks/add/", date="2026-11-19", rule=MISS["rule"], recalled="")
    assert [look.recalled for look in now().value.looks[-2:]] == [True, False]
    assert waits()  # it starts again two days after it did not come
    send("/looks/add/", date="2026-11-21", rule=MISS["rule"], recalled="on")
    assert not waits()  # the second look has its own day


def test_an_answer_is_kept_and_taken_back(
    send: Callable[..., Any], browser: Client, kept: learner_store.Kept
) -> None:
    send("/you/look-back/answer/", **ANSWER)
    said = now().value.appraisal["help"]
    assert (said.answer, said.note) == (2, "I waited.")
    assert "I waited." in browser.get("/you/look-back/").content.decode()
    send("/you/look-back/answer/", question="help", answer="", note="")
    assert "help" not in now().value.appraisal


def test_one_question_is_open_at_a_time_sub_questions_and_added_ones_too(
    send: Callable[..., Any], browser: Client, kept: learner_store.Kept
) -> None:
    for _n in range(40):
        page = browser.get("/you/look-back/").content.decode()
        one = re.search(r'id="one".*?name="question" value="([a-z.-]+)"', page, re.DOTALL)
        if one is None:
            break
        send("/you/look-back/answer/", question=one[1], answer="3", note="")
    assert set(now().value.appraisal) == set(APPRAISAL_KEYS)
    assert f"{len(APPRAISAL_KEYS)} of {len(APPRAISAL_KEYS)} answered" in page


def test_a_drafted_message_can_be_read_on_today(
    send: Callable[..., Any], browser: Client, kept: learner_store.Kept
) -> None:
    send("/you/check-in/keep/", **{"mood-0": "3", "mood-1": "3"})
    page = browser.get("/").content.decode()
    assert "Draft to your clinician or counseling service" in page
    assert "May I have an appointment?" in page


def test_the_reason_comes_back_on_a_hard_day_and_a_reflection_stands_beside_it(
    send: Callable[..., Any], browser: Client, kept: learner_store.Kept
) -> None:
    send("/you/reason/keep/", reason="For the ward where I was born.")
    hard = browser.get("/").content.decode().split("Having a hard day?")[1]
    assert "A hard day doesn&#x27;t change what you wrote:" in hard
    assert "For the ward where I was born." in hard
    assert "three slow breaths" in browser.get("/you/reason/").content.decode()


def test_an_answer_off_the_scale_is_refused(
    send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    assert send("/you/look-back/answer/", **{**ANSWER, "answer": "9"}).status_code == 422
    assert now().value == kept.value


def test_an_answer_from_an_old_page_asks_again(
    send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    assert send("/you/look-back/answer/", version=0, **ANSWER).status_code == 409


def test_the_reason_is_kept_with_its_lines_and_can_be_taken_away(
    send: Callable[..., Any], browser: Client, kept: learner_store.Kept
) -> None:
    send("/you/reason/keep/", reason="For my sister.\r\nAnd for me. <b>")
    assert now().value.learner.reason == "For my sister.\nAnd for me. <b>"
    page = browser.get("/you/reason/").content.decode()
    assert "And for me. &lt;b&gt;" in page
    send("/you/reason/keep/", reason="")
    assert now().value.learner.reason is None


def test_the_meeting_opens_the_next_agenda(
    send: Callable[..., Any], browser: Client, kept: learner_store.Kept
) -> None:
    send("/you/meeting/add/", **MEETING)
    assert now().value.meetings[-1].agreed == "two forms\nbefore we decide"
    assert "before we decide" in browser.get("/you/meeting/").content.decode()


def test_the_outlook_is_closed_until_it_is_opened(
    browser: Client, kept: learner_store.Kept
) -> None:
    closed, opened = (
        browser.get(a).content.decode() for a in ("/you/match/", "/you/match/?open=yes")
    )
    assert "directors" not in closed.split("</header>")[-1]
    assert "What is next?" in opened


def test_the_outlook_names_the_next_step_and_the_person_once(
    browser: Client, kept: learner_store.Kept
) -> None:
    page = browser.get("/you/match/?open=yes").content.decode()
    assert page.count("A person for this:") == 1
    assert page.count("This week:") == 1


def test_where_people_come_first_no_step_and_no_figure_stands_beside_them(
    send: Callable[..., Any], browser: Client, kept: learner_store.Kept
) -> None:
    send("/you/check-in/keep/", **{"mood-0": "2", "mood-1": "2"})
    page = browser.get("/you/match/?open=yes").content.decode()
    assert "This page stays closed today." in page
    assert page.count("A person for this:") == 1
    assert "This week:" not in page
    assert "directors" not in page.split("</header>")[-1]


def test_a_long_paste_is_refused_with_the_reason_and_not_cut_short(
    browser: Client, send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    (field,) = re.findall(r'<input id="m-rule"[^>]*>', browser.get("/you/log/").content.decode())
    assert "maxlength" not in field
    answer = send("/misses/add/", **{**MISS, "rule": "A 45-year-old woman comes in. " * 5})
    assert answer.status_code == 422
    assert "The question itself belongs to its publisher" in answer.content.decode()
    assert now().value.misses == kept.value.misses


def test_a_longer_rule_of_an_older_record_stays_and_is_met_again(
    send: Callable[..., Any], record: Record
) -> None:
    old = Miss(date=TODAY - timedelta(days=5), cause="misread", rule="y" * 280)
    learner_store.begin(learner_store.local_owner(), replace(record, misses=(old,)), "begun")
    assert send("/misses/add/", **MISS).status_code == 302
    assert send("/looks/add/", date="2026-11-22", rule=old.rule, recalled="on").status_code == 302
    assert now().value.misses[0] == old
    assert now().value.looks[-1].rule == old.rule
