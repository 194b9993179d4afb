from __future__ import annotations

from datetime import timedelta

from bounceback.planning.keep_fresh import maintenance
from tests.planning.feasibility import faults
from tests.planning.learners import AS_OF, dynamics_of, retaker


def test_waiting_takes_an_hour_on_five_days_and_spends_no_form():
    until = AS_OF + timedelta(days=28)
    for seed in range(20):
        record, _ = retaker(seed)
        plan = maintenance(record, AS_OF, until, dynamics_of(record.exam.id, until, seed))
        assert max(plan.minutes_per_day) <= 60
        for week in range(4):
            days = plan.minutes_per_day[7 * week : 7 * week + 7]
            assert sum(m > 0 for m in days) <= 5
        assert {s.kind for s in plan.sessions} <= {"study", "rest"}
        assert [e.form for e in plan.ledger] == [f.form for f in record.ledger]
        assert all(e.date is None and e.why for e in plan.ledger)
        assert faults(record, AS_OF, until, plan.sessions, plan.ledger) == []


def test_waiting_begins_no_new_cards():
    until = AS_OF + timedelta(days=28)
    for seed in range(10):
        record, _ = retaker(seed)
        plan = maintenance(record, AS_OF, until, dynamics_of(record.exam.id, until, seed))
        assert sum(s.units or 0 for s in plan.sessions if s.activity == "cards") == 0
