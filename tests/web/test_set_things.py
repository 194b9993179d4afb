"""Settings: hours, resources, dates and the learner are kept; numbers rest; nothing half-done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from django.test import Client

from bounceback_web import briefings
from bounceback_web.pages.templatetags.formatting import hours
from bounceback_web.records import learner_store
from tests.web.conftest import TODAY

FORMS: dict[str, dict[str, str]] = {
    "/you/settings/hours/": {"hours-mon": "3,5", "windows-mon": "08:00-12:00", "cap": "6"},
    "/you/settings/commitment/": {"date": "2026-12-02", "start": "13:00", "minutes": "120"},
    "/you/settings/resource/": {"name": "Sketchy", "kind": "video", "units": "40"},
    "/you/settings/exam/": {
        "first": "2026-12-01",
        "last": "2027-02-20",
        "planned_date": "2027-02-12",
    },
    "/you/settings/deadline/": {"date": "2027-03-20", "what": "school: result"},
    "/you/settings/learner/": {"time_zone": "Europe/Berlin", "country": "de"},
}
WRONG: dict[str, dict[str, str]] = {
    "/you/settings/hours/": {"hours-mon": "30"},
    "/you/settings/commitment/": {"date": "2026-12-02", "start": "25:00", "minutes": "120"},
    "/you/settings/resource/": {"name": "Sketchy", "kind": "film"},
    "/you/settings/exam/": {"first": "2027-03-01", "last": "2027-02-20"},
    "/you/settings/deadline/": {"date": "2027-03-20", "what": ""},
    "/you/settings/learner/": {"time_zone": "Mars/Olympus"},
}


def now() -> learner_store.Kept:
    found = learner_store.find(None)
    assert found is not None
    return found


@pytest.mark.parametrize("address", FORMS)
def test_what_is_set_is_kept_and_can_be_undone(
    send: Callable[..., Any], kept: learner_store.Kept, address: str
) -> None:
    assert send(address, **FORMS[address]).status_code == 302
    assert now().value != kept.value
    send("/undo/", change=now().row.version)
    assert now().value == kept.value


@pytest.mark.parametrize("address", WRONG)
def test_what_may_not_stand_is_refused_and_nothing_of_it_is_kept(
    send: Callable[..., Any], kept: learner_store.Kept, address: str
) -> None:
    answer = send(address, **WRONG[address])
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert now().value == kept.value


@pytest.mark.parametrize("typed", ["inf", "nan", "1e308", "-inf", "1e400"])
@pytest.mark.parametrize("field", ["hours-mon", "cap"])
def test_what_is_no_number_of_hours_is_refused(
    send: Callable[..., Any], kept: learner_store.Kept, field: str, typed: str
) -> None:
    assert send("/you/settings/hours/", **{field: typed}).status_code == 422
    assert now().value == kept.value


@pytest.mark.parametrize("address", FORMS)
def test_an_old_page_asks_again(
    send: Callable[..., Any], kept: learner_store.Kept, address: str
) -> None:
    assert send(address, version=0, **FORMS[address]).status_code == 409
    assert now().value == kept.value


@pytest.mark.parametrize("address", [*FORMS, "/you/settings/numbers/"])
def test_looking_changes_nothing(browser: Client, kept: learner_store.Kept, address: str) -> None:
    assert browser.get(address).status_code == 405


@pytest.mark.parametrize("address", FORMS)
def test_without_a_record_of_ones_own_there_is_nothing_to_set(
    send: Callable[..., Any], stranger: learner_store.Kept, address: str
) -> None:
    assert send(address, **FORMS[address]).status_code == 404


def test_hours_become_minutes_with_their_windows(
    send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    send("/you/settings/hours/", **FORMS["/you/settings/hours/"], days_off="2026-12-24, 2026-12-25")
    a = now().value.availability
    assert a is not None
    assert dict(a.minutes) == {"mon": 210}
    assert [(w.start, w.end) for w in a.windows["mon"]] == [(time(8), time(12))]
    assert a.max_minutes_per_day == 360
    assert a.days_off == (date(2026, 12, 24), date(2026, 12, 25))


def test_the_plan_fits_the_hours_that_were_set(
    send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    send("/you/settings/hours/", **{f"hours-{day}": "1" for day in ("mon", "tue", "wed", "thu")})
    plan = briefings.answer(now()).briefing.plan
    by_day: dict[date, int] = {}
    for s in plan.sessions:
        by_day[s.date] = by_day.get(s.date, 0) + s.minutes
    assert max(by_day.values()) <= 60
    assert {day.weekday() for day, minutes in by_day.items() if minutes} <= {0, 1, 2, 3}


def test_the_learners_zone_decides_which_day_it_is(
    send: Callable[..., Any],
    kept: learner_store.Kept,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from datetime import UTC, datetime

    from bounceback_web import clock

    settings.FIXED_DAY = None
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: late)
    assert clock.today("America/New_York") == TODAY
    assert clock.today("Europe/Berlin") == date(2026, 11, 24)
    send("/you/settings/learner/", time_zone="Europe/Berlin")
    assert now().today == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (1, ("1 minute", "1 min", "1 minute")),
        (45, ("45 minutes", "45 min", "45 minutes")),
        (60, ("1 hour", "1 h", "60 minutes")),
        (95, ("1½ hours", "1 h 35 min", "95 minutes")),
        (0, ("0 minutes", "0 min", "0 minutes")),
    ],
)
def test_a_length_of_time_is_said_three_ways(minutes: int, said: tuple[str, ...]) -> None:
    assert tuple(hours(minutes, way) for way in ("parts", "clock", "minutes")) == said


def test_numbers_rest_and_come_back(
    browser: Client, send: Callable[..., Any], kept: learner_store.Kept
) -> None:
    send("/you/settings/numbers/", numbers="hide")
    assert "would pass" not in browser.get("/chances/").content.decode()
    send("/you/settings/numbers/", numbers="show")
    assert "would pass" in browser.get("/chances/").content.decode()
