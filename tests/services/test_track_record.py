"""Forecasts meet their results by one rule: the last answer of each day before the attempt."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bounceback.forecast.scoring import ShownForecast
from bounceback.services import briefing
from bounceback.services.track_record import (
    Showing,
    past_forecasts,
    results_of,
    shown_forecasts,
)
from tests.services.builders import TODAY, known

CASE = known()["step1-us-md-wobbly"]
TAKEN = date(2027, 1, 8)


def passed_later() -> Showing:
    return Showing("a", CASE.exam.id, shown_forecasts(briefing(CASE, TODAY)))


def test_results_are_those_of_this_exam_that_are_out() -> None:
    waiting = replace(CASE.attempts[-1], date=TAKEN, outcome="awaiting", score=None)
    passed = replace(waiting, outcome="pass")
    other = replace(passed, exam="usmle-step-2-ck")
    before = results_of(CASE, "a")
    assert results_of(replace(CASE, attempts=(*CASE.attempts, waiting, other)), "a") == before
    after = results_of(replace(CASE, attempts=(*CASE.attempts, passed)), "a")
    assert after[-1].passed
    assert after[-1].sat_on == TAKEN


def test_what_was_shown_is_scored_with_the_number_that_was_shown() -> None:
    showing = passed_later()
    passed = replace(CASE.attempts[-1], date=TAKEN, outcome="pass", score=None)
    results = results_of(replace(CASE, attempts=(*CASE.attempts, passed)), "a")
    found = past_forecasts([showing], results, "a")
    said = next(f for f in showing.forecasts if f.test_date == TAKEN)
    assert [s.shown for s in found.scored] == [said]
    assert found.track is not None
    assert found.track.brier == (1.0 - said.p_pass) ** 2


def test_several_days_of_one_attempt_count_as_one_attempt() -> None:
    def shown(days: int, p: float) -> Showing:
        on = TODAY + timedelta(days=days)
        return Showing("a", CASE.exam.id, (ShownForecast(on, TAKEN, p, p, p, "m"),))

    passed = replace(CASE.attempts[-1], date=TAKEN, outcome="pass", score=None)
    results = results_of(replace(CASE, attempts=(passed,)), "a")
    showings = [shown(0, 0.1), shown(0, 0.4), shown(7, 0.6), shown(100, 0.9)]
    found = past_forecasts(showings, results, "a")
    assert [s.shown.p_pass for s in found.scored] == [0.4, 0.6]
    assert found.sittings == 1
