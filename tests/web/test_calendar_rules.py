"""The calendar file as other programs read it: zones by rule, UIDs for life, changes counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from django.test import Client

from bounceback.services import Briefing
from bounceback_web import briefings
from bounceback_web.exports.calendar_entries import Entries
from bounceback_web.exports.calendar_file import calendar_file
from bounceback_web.exports.time_zones import changes_in, describe
from bounceback_web.records import learner_store

MADE = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = MADE + timedelta(days=1)
ZONES = (
    "America/New_York",
    "America/Los_Angeles",
    "America/Phoenix",
    "America/Halifax",
    "Europe/Berlin",
    "Asia/Kolkata",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "UTC",
)


def events(content: bytes) -> dict[str, Any]:
    found = icalendar.Calendar.from_ical(content).walk("VEVENT")
    return {str(event["uid"]): event for event in found}


@pytest.fixture
def b(kept: learner_store.Kept) -> Briefing:
    return briefings.answer(kept).briefing


def moved_to(b: Briefing, zone: str, day: date) -> Briefing:
    """The briefing with one session on a day, in a zone."""
    one = replace(b.plan.sessions[0], date=day, start=time(8), minutes=60, kind="study")
    record = replace(b.record, learner=replace(b.record.learner, time_zone=zone))
    plan = replace(b.plan, sessions=(one,), test_date=day + timedelta(days=3))
    return replace(b, record=record, as_of=day, plan=plan)


def test_new_york_is_described_by_two_rules() -> None:
    parts = {
        part.name: part["rrule"].to_ical().decode()
        for part in describe(ZoneInfo("America/New_York"), 2026, 2027).subcomponents
    }
    assert parts == {
        "DAYLIGHT": "FREQ=YEARLY;BYDAY=2SU;BYMONTH=3",
        "STANDARD": "FREQ=YEARLY;BYDAY=1SU;BYMONTH=11",
    }


def test_no_zone_is_a_list_of_days(b: Briefing) -> None:
    for zone in ZONES:
        content = calendar_file(moved_to(b, zone, date(2027, 3, 20)), MADE)
        assert "RDATE" not in content.decode()
        if list(changes_in(ZoneInfo(zone), 2026, 2027)):
            parts = icalendar.Calendar.from_ical(content).walk("VTIMEZONE")[0].subcomponents
            assert all("rrule" in part for part in parts)


def test_a_zone_without_a_simple_rule_names_each_change(b: Briefing) -> None:
    for zone in ("Africa/Casablanca", "Asia/Jerusalem", "Africa/Cairo"):
        text = calendar_file(moved_to(b, zone, date(2027, 4, 20)), MADE).decode()
        assert "RDATE" not in text
        assert text.count("BEGIN:VTIMEZONE") == 1


DAYS = (
    date(2026, 12, 1),
    date(2027, 3, 13),
    date(2027, 3, 15),
    date(2027, 7, 4),
    date(2027, 11, 8),
)


def test_another_library_reads_every_session_at_its_hour(b: Briefing) -> None:
    for zone in ZONES:
        for day in DAYS:
            one = moved_to(b, zone, day)
            calendar = vobject.readOne(calendar_file(one, MADE).decode())
            name = one.plan.sessions[0].id
            (event,) = [e for e in calendar.vevent_list if e.uid.value.startswith(name)]
            expected = datetime.combine(day, time(8), tzinfo=ZoneInfo(zone))
            start = event.dtstart.value
            assert start.astimezone(UTC) == expected.astimezone(UTC), (zone, day)
            assert event.dtend.value - start == timedelta(minutes=60)


def test_every_line_and_event_keeps_the_rules_of_calendar_programs(b: Briefing) -> None:
    content = calendar_file(b, MADE)
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    calendar = icalendar.Calendar.from_ical(content)
    assert (str(calendar["version"]), str(calendar["method"])) == ("2.0", "PUBLISH")
    zone = str(calendar.walk("VTIMEZONE")[0]["tzid"])
    names = [component.name for component in calendar.subcomponents]
    assert names.index("VTIMEZONE") < names.index("VEVENT")
    uids = [str(event["uid"]) for event in calendar.walk("VEVENT")]
    assert len(set(uids)) == len(uids)
    for event in calendar.walk("VEVENT"):
        assert {"UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "LAST-MODIFIED"} <= set(event)
        assert event.decoded("dtend") > event.decoded("dtstart")
        assert event["dtstart"].params.get("TZID", zone) == zone


def test_what_did_not_change_keeps_its_number(b: Briefing) -> None:
    entries = Entries()
    first = events(calendar_file(b, MADE, entries=entries))
    again = events(calendar_file(b, LATER, entries=Entries.of_json(entries.to_json())))
    assert {uid: e["sequence"] for uid, e in first.items()} == dict.fromkeys(first, 0)
    for uid in first:
        assert (again[uid]["sequence"], again[uid].decoded("last-modified")) == (0, MADE)


def test_a_moved_session_keeps_its_uid_and_counts_up(b: Briefing) -> None:
    entries = Entries()
    session = b.plan.sessions[0]
    uid = f"{session.id}@bounceback.invalid"
    calendar_file(b, MADE, entries=entries)
    later = replace(session, start=time(17, 30))
    changed = replace(b, plan=replace(b.plan, sessions=(later, *b.plan.sessions[1:])))
    found = events(calendar_file(changed, LATER, entries=entries))
    assert (found[uid]["sequence"], found[uid].decoded("last-modified")) == (1, LATER)
    assert {e["sequence"] for other, e in found.items() if other != uid} == {0}


def test_a_uid_never_comes_to_mean_other_work(b: Briefing) -> None:
    entries = Entries()
    session = b.plan.sessions[0]
    calendar_file(b, MADE, entries=entries)
    other = replace(session, activity="reading", area=None, resource="A book", of=None)
    changed = replace(b, plan=replace(b.plan, sessions=(other, *b.plan.sessions[1:])))
    found = events(calendar_file(changed, LATER, entries=entries))
    assert f"{session.id}@bounceback.invalid" not in found
    assert f"{session.id}.2@bounceback.invalid" in found
    # The first work comes back: so does its UID.
    back = events(calendar_file(b, LATER, entries=entries))
    assert f"{session.id}@bounceback.invalid" in back
    assert f"{session.id}.2@bounceback.invalid" not in back


def test_the_file_of_the_page_remembers_what_it_gave(
    browser: Client, kept: learner_store.Kept
) -> None:
    first, again = (events(browser.get("/you/export/bounceback.ics").content) for _ in range(2))
    assert {uid: e["last-modified"].to_ical() for uid, e in first.items()} == {
        uid: e["last-modified"].to_ical() for uid, e in again.items()
    }
