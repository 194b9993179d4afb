"""One reminder a day, asked for, with nothing on a day off; the calendar has the same alarm."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import icalendar
import pytest
from django.test import Client

from bounceback.messages.today import session_title
from bounceback_web import briefings, clock
from bounceback_web.exports.calendar_entries import Entries
from bounceback_web.exports.calendar_file import calendar_file
from bounceback_web.pages import session_view
from bounceback_web.records import learner_store
from tests.web.conftest import TODAY

MADE = datetime(2026, 11, 23, 12, tzinfo=UTC)


def now() -> learner_store.Kept:
    found = learner_store.find(None)
    assert found is not None
    return found


def test_nobody_is_reminded_who_did_not_ask(browser: Client, kept: learner_store.Kept) -> None:
    for address in ("/", "/plan/", "/you/settings/"):
        assert "data-reminder=" not in browser.get(address).content.decode()
    assert b"VALARM" not in browser.get("/you/export/bounceback.ics").content


def test_it_is_turned_on_at_a_time_and_off_again(
    browser: Client, send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    send("/you/settings/reminder/", what="on", at="18:30")
    assert now().row.reminder_at == time(18, 30)
    assert 'data-reminder="18:30"' in browser.get("/plan/").content.decode()
    send("/you/settings/reminder/", what="off", at="18:30")
    assert now().row.reminder_at is None
    assert now().value == kept.value  # how the pages are liked is no part of the data


@pytest.mark.parametrize("at", ["", "25:00", "soon", "\0"])
def test_a_time_that_is_none_changes_nothing(
    send: Callable[..., Any], kept: learner_store.Kept, at: str
) -> None:
    send("/you/settings/reminder/", what="on", at=at)
    assert now().row.reminder_at is None


def test_it_names_the_next_session_and_is_silent_once_all_is_done(
    browser: Client, send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    b = briefings.answer(kept).briefing
    work = session_view.work_of([s for s in b.plan.sessions if s.date == TODAY])
    said = browser.get("/today/reminder/").json()["text"]
    assert session_title(work[0], b.record.exam.id) in said
    for session in work:
        send("/today/done/", session=session.id, minutes=str(session.minutes))
    b = briefings.answer(now()).briefing
    for session in session_view.work_of([s for s in b.plan.sessions if s.date == TODAY]):
        send("/today/done/", session=session.id, minutes=str(session.minutes))
    assert browser.get("/today/reminder/").json() == {"text": ""}


def test_it_is_silent_on_a_day_off_and_on_the_test_day(
    browser: Client, send: Callable[..., Any], kept: learner_store.Kept, settings: Any
) -> None:
    send("/plan/away/", first=TODAY.isoformat(), last=TODAY.isoformat())
    assert browser.get("/today/reminder/").json() == {"text": ""}
    planned = kept.value.exam.planned_date
    assert planned is not None
    settings.FIXED_DAY = planned
    assert browser.get("/today/reminder/").json() == {"text": ""}


@pytest.mark.parametrize("daily", [True, False])
def test_the_calendar_has_one_alarm_on_each_day_with_work(
    kept: learner_store.Kept, daily: bool
) -> None:
    b = briefings.answer(kept).briefing
    entries = Entries()
    content = calendar_file(b, MADE, daily=daily, remind_at=time(7), entries=entries)
    alarms: dict[date, list[timedelta]] = {}
    for event in icalendar.Calendar.from_ical(content).walk("VEVENT"):
        start = event.decoded("dtstart")
        for alarm in event.walk("VALARM"):
            alarms.setdefault(start.date(), []).append(alarm.decoded("trigger"))
            assert timedelta(0) < -alarm.decoded("trigger") < timedelta(hours=24)
    work = {
        s.date for s in b.plan.sessions if s.minutes and s.kind != "buffer" and s.date >= b.as_of
    }
    assert set(alarms) == work
    assert {len(found) for found in alarms.values()} == {1}
    again = calendar_file(b, MADE, daily=daily, remind_at=time(7), entries=entries)
    assert again == content
    other = calendar_file(b, MADE, daily=daily, remind_at=time(6), entries=entries)
    assert other != content  # a later alarm is a change that a calendar takes over


def test_the_first_evening_asks_today_or_tomorrow_and_plans_no_hour_that_is_past(
    browser: Client,
    send: Callable[..., Any],
    kept: learner_store.Kept,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    evening = datetime(2026, 11, 23, 19, 20, tzinfo=UTC)  # 14:20 in New York
    monkeypatch.setattr(clock, "now", lambda: evening)
    type(kept.row).objects.update(made_at=evening, is_example=False)
    assert "Start today or tomorrow?" in browser.get("/").content.decode()
    send("/today/begin/")
    page = browser.get("/").content.decode()
    assert "Start today or tomorrow?" not in page
    starts = [
        s.start
        for s in briefings.answer(now()).briefing.plan.sessions
        if s.date == TODAY and s.minutes and not s.locked
    ]
    assert all(start >= time(14, 30) for start in starts), starts
    send("/undo/", change=now().row.version)
    assert now().value == kept.value
