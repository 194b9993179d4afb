from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bounceback.planning.keep_fresh import maintenance, result_awaited
from bounceback.records.models import Attempt
from tests.planning.feasibility import faults
from tests.planning.learners import AS_OF, dynamics_of, retaker


def test_waiting_takes_an_hour_on_five_days_and_spends_no_form():
    until = AS_OF + timedelta(days=28)
    for seed in range(20):
        record, _ = retaker(seed)
        plan = maintenance(record, AS_OF, until, dynamics_of(record.exam.id, until, seed))
        assert max(plan.minutes_per_day) <= 75
        for week in range(4):
            days = plan.minutes_per_day[7 * week : 7 * week + 7]
            assert sum(m > 0 for m in days) <= 5
        assert {s.kind for s in plan.sessions} <= {"study", "rest"}
        assert [e.form for e in plan.ledger] == [f.form for f in record.ledger]
        assert all(e.date is None for e in plan.ledger)
        assert {e.reason.code for e in plan.ledger if e.reason} <= {"keep_fresh.kept-for-later"}
        assert faults(record, AS_OF, until, plan.sessions, plan.ledger) == []


def test_waiting_begins_no_new_cards():
    until = AS_OF + timedelta(days=28)
    for seed in range(10):
        record, _ = retaker(seed)
        plan = maintenance(record, AS_OF, until, dynamics_of(record.exam.id, until, seed))
        assert sum(s.units or 0 for s in plan.sessions if s.activity == "cards") == 0


def test_a_result_is_awaited_from_the_attempt_until_a_result_is_entered():
    record, _ = retaker(1)
    day = AS_OF - timedelta(days=3)
    waiting = Attempt(exam=record.exam.id, date=day, outcome="awaiting")
    waits = replace(record, attempts=(*record.attempts, waiting))
    found = result_awaited(waits, AS_OF)
    assert found is not None
    assert found.attempt == waiting
    assert found.usual is not None
    assert found.usual > day
    assert result_awaited(waits, day - timedelta(days=1)) is None
    known = replace(waiting, outcome="fail")
    assert result_awaited(replace(record, attempts=(*record.attempts, known)), AS_OF) is None
    elsewhere = replace(waiting, exam="comlex-level-3")
    assert result_awaited(replace(record, attempts=(elsewhere,)), AS_OF) is None
