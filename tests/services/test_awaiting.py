"""While a result is awaited: a light plan, and no date before it is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from bounceback.records import read_case
from bounceback.records.models import Attempt
from bounceback.services import briefing

CASE = Path(__file__).parents[1] / "cases" / "step1-us-md-wobbly.toml"
TODAY = date(2026, 11, 22)


def test_the_plan_keeps_fresh_and_the_decision_waits() -> None:
    record = read_case(CASE).record
    waiting = Attempt(exam=record.exam.id, date=date(2026, 11, 16), outcome="awaiting")
    found = briefing(replace(record, attempts=(*record.attempts, waiting)), TODAY)
    assert found.decision.advice == "too-early-to-say"
    assert found.decision.date == date(2026, 12, 14)
    assert found.remediation is None
    assert max(found.plan.minutes_per_day) <= 75
    assert all(s.kind in ("study", "rest") for s in found.plan.sessions)
    assert all(e.date is None for e in found.plan.ledger)


def test_after_the_usual_day_the_result_may_come_any_day() -> None:
    record = read_case(CASE).record
    waiting = Attempt(exam=record.exam.id, date=date(2026, 10, 1), outcome="awaiting")
    found = briefing(replace(record, attempts=(*record.attempts, waiting)), TODAY)
    assert found.decision.advice == "too-early-to-say"
    assert found.decision.date == TODAY
