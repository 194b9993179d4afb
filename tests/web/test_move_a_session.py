"""Moving and fixing sessions: seen before it is kept, kept through every later re-plan."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from bounceback.planning import Session
from bounceback.records import Record, parse_case
from bounceback.records.examples import examples
from bounceback_web import briefings
from bounceback_web.records import learner_store
from tests.web.conftest import TODAY


@pytest.fixture
def record() -> Record:
    """A student whose plan has blocks, cards and tests."""
    return parse_case(examples()["step-1-again"]).record


def now() -> learner_store.Kept:
    found = learner_store.find(None)
    assert found is not None
    return found


def sessions() -> dict[str, Session]:
    return {s.id: s for s in briefings.answer(now()).briefing.plan.sessions}


@pytest.fixture
def session_id(browser: Client, kept: learner_store.Kept) -> str:
    browser.get("/plan/")
    day = TODAY + timedelta(days=1)
    return next(s.id for s in sessions().values() if s.date == day and s.kind == "study")


def test_a_preview_shows_the_change_and_keeps_nothing(
    browser: Client, session_id: str, kept: learner_store.Kept
) -> None:
    to = TODAY + timedelta(days=2)
    page = browser.post("/plan/preview/", {"session": session_id, "day": to.isoformat()})
    assert page.status_code == 200
    said = page.content.decode()
    assert "What this move changes" in said
    assert f"Moved to {to:%A}, November\N{NO-BREAK SPACE}{to.day}: " in said
    assert said.index("Now") < said.index("With this move")
    assert now().row.version == kept.row.version
    assert sessions()[session_id].date != to


def test_a_moved_session_stays_where_it_was_put(
    browser: Client, send: Callable[..., Any], session_id: str, settings: Any
) -> None:
    to = TODAY + timedelta(days=2)
    assert send("/plan/move/", session=session_id, day=to.isoformat()).status_code == 302
    assert sessions()[session_id].date == to
    settings.FIXED_DAY = TODAY + timedelta(days=1)
    browser.get("/")
    assert sessions()[session_id].date == to


def test_a_fixed_session_is_fixed_until_it_is_let_go(
    browser: Client, send: Callable[..., Any], session_id: str
) -> None:
    before = sessions()[session_id]
    send("/plan/move/", session=session_id, locked="yes")
    assert sessions()[session_id].locked
    assert sessions()[session_id].date == before.date
    send("/plan/move/", session=session_id, locked="no")
    assert not sessions()[session_id].locked


def test_a_move_can_be_undone(send: Callable[..., Any], session_id: str) -> None:
    before = now().value
    send("/plan/move/", session=session_id, day=(TODAY + timedelta(days=2)).isoformat())
    send("/undo/", change=now().row.version)
    assert now().value == before


def test_after_an_undo_the_plan_stands_as_it_did(
    browser: Client, send: Callable[..., Any], session_id: str
) -> None:
    before = sessions()
    for days in (2, 3):  # the second time it is the undone plan that comes back
        send("/plan/move/", session=session_id, day=(TODAY + timedelta(days)).isoformat())
        browser.get("/plan/")
        assert sessions()[session_id].date == TODAY + timedelta(days)
        send("/undo/", change=now().row.version)
        browser.get("/plan/")
        assert sessions() == before
    briefings.forget()  # as in another worker
    assert sessions() == before


def test_a_move_from_an_old_page_asks_again(send: Callable[..., Any], session_id: str) -> None:
    old = now().row.version
    send("/you/reason/keep/", reason="written in another tab")
    to = (TODAY + timedelta(days=2)).isoformat()
    assert send("/plan/move/", session=session_id, day=to, version=old).status_code == 409


@pytest.mark.parametrize("address", ["/plan/move/", "/plan/preview/"])
def test_looking_changes_nothing(browser: Client, kept: learner_store.Kept, address: str) -> None:
    assert browser.get(address).status_code == 405


@pytest.mark.parametrize("address", ["/plan/move/", "/plan/preview/"])
def test_nobody_moves_what_is_not_in_their_plan(
    send: Callable[..., Any], kept: learner_store.Kept, stranger: learner_store.Kept, address: str
) -> None:
    answer = send(address, session="2020-01-01-1", day="2026-12-01")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/plan/")
    found = learner_store.find(None)
    assert found is not None
    assert found.value == kept.value


def test_week_and_month_show_tests_as_flags_and_rest_as_rest(
    browser: Client, kept: learner_store.Kept
) -> None:
    plan = briefings.answer(kept).briefing.plan
    form = next(s for s in plan.sessions if s.kind == "form")
    week = browser.get(f"/plan/?on={form.date.isoformat()}").content.decode()
    assert 'class="what flag"' in week
    month = browser.get(f"/plan/?view=month&on={form.date.isoformat()}").content.decode()
    assert "is-form" in month
    assert "is-off" in month


@pytest.mark.parametrize("on", ["", "yesterday", "2026-02-30", "9999-12-31", "0001-01-01"])
@pytest.mark.parametrize("view", ["", "month"])
def test_any_day_asked_for_is_answered(
    browser: Client, kept: learner_store.Kept, on: str, view: str
) -> None:
    assert browser.get("/plan/", {"on": on, "view": view}).status_code == 200


def test_the_day_of_the_exam_is_named(browser: Client, kept: learner_store.Kept) -> None:
    planned = kept.value.exam.planned_date
    assert planned is not None
    assert "Test date" in browser.get(f"/plan/?on={planned.isoformat()}").content.decode()
