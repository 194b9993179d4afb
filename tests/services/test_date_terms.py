"""What testing on a date entails agrees with the options of the decision."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bounceback.services.date_terms import can_be_booked, date_terms
from tests.services.builders import TODAY, asked, known

CASES = ("step1-us-md-wobbly", "step2ck-non-us-img-near", "level1-us-do-gap")


@pytest.mark.parametrize("name", CASES)
def test_a_date_of_the_options_has_the_same_terms(name: str) -> None:
    record = known()[name]
    options = [o for o in asked(record)["decision"]["options"] if o["kind"] == "date"]
    assert options
    for option in options:
        terms = date_terms(record, TODAY, date.fromisoformat(option["date"]))
        assert terms.result_usual.isoformat() == option["result_usual"]
        assert terms.result_latest.isoformat() == option["result_latest"]
        if terms.attempts_left is not None:
            assert len(terms.attempts_left) == option["attempts_left_if_failed"]
        assert terms.register_again_usd is None or terms.register_again_usd > 0
        assert terms.allowed


def test_a_day_off_the_calendar_or_too_near_cannot_be_booked() -> None:
    record = known()["step1-us-md-wobbly"]
    assert not can_be_booked(record, TODAY, TODAY)
    christmas = TODAY.replace(month=12, day=25)
    assert not can_be_booked(record, TODAY, christmas)
    assert can_be_booked(record, TODAY, TODAY + timedelta(days=54))


def test_one_more_attempt_leaves_one_less() -> None:
    record = known()["step1-us-md-wobbly"]
    again = replace(
        record.attempts[-1], date=record.attempts[-1].date - timedelta(days=200), outcome="fail"
    )
    more = replace(record, attempts=(again, *record.attempts))
    day = TODAY + timedelta(days=54)
    before, after = date_terms(record, TODAY, day), date_terms(more, TODAY, day)
    assert before.attempts_left is not None
    assert after.attempts_left is not None
    assert len(after.attempts_left) == len(before.attempts_left) - 1
