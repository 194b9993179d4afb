"""Today is the day where the learner lives."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from bounceback.cli import clock
from bounceback.cli.arguments import asked_day
from bounceback.errors import QuestionError


def test_today_is_the_calendar_day_in_the_learners_zone() -> None:
    with time_machine.travel(datetime(2026, 11, 22, 23, 30, tzinfo=UTC), tick=False):
        unasked = argparse.Namespace(on=None)
        assert asked_day(unasked, "Asia/Kolkata") == date(2026, 11, 23)
        assert asked_day(unasked, "America/New_York") == date(2026, 11, 22)


def test_a_day_that_was_asked_for_wins_over_the_clock() -> None:
    asked = argparse.Namespace(on=date(2027, 2, 10))
    assert asked_day(asked, "America/New_York") == date(2027, 2, 10)


def test_an_instant_is_counted_in_milliseconds_as_anki_counts() -> None:
    with time_machine.travel(datetime(2026, 11, 22, 23, 30, tzinfo=UTC), tick=False):
        assert clock.now_ms() == 1_795_390_200_000


def test_the_machines_zone_is_a_name_of_the_zone_database_or_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    assert clock.zone_here() == "America/New_York"
    monkeypatch.setenv("TZ", "nowhere at all")
    assert clock.zone_here() is None or ZoneInfo(clock.zone_here() or "").key


def test_a_fixed_day_is_the_day_of_every_question_and_instant(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clock, "_fixed_day", None)
    clock.adopt_fixed_day({"BOUNCEBACK_DAY": "2028-02-29"})
    assert clock.today("Asia/Kolkata") == date(2028, 2, 29)
    assert datetime.fromtimestamp(clock.now_ms() / 1000, UTC).date() == date(2028, 2, 29)
    with pytest.raises(QuestionError, match="2028-02-30"):
        clock.adopt_fixed_day({"BOUNCEBACK_DAY": "2028-02-30"})
