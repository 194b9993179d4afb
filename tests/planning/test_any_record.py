from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bounceback.planning import make_plan
from bounceback.planning.keep_fresh import maintenance
from bounceback.planning.replanning import replan
from tests.planning.learners import AS_OF, dynamics_of
from tests.records.strategies import records


@settings(
    max_examples=120,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@given(records(), st.integers(-3, 120), st.integers(-30, 200))
def test_whatever_a_record_holds_it_gets_a_plan_or_the_reason_why_not(record, ahead, shift):
    as_of = AS_OF + timedelta(days=shift)
    test_date = as_of + timedelta(days=ahead)
    dynamics = dynamics_of(record.exam.id, max(test_date, as_of), 1)
    plan = make_plan(record, as_of, test_date, dynamics)
    assert plan.sessions or plan.nothing or plan.notes or plan.gain_points == 0
    assert all(as_of <= s.date < test_date for s in plan.sessions)
    assert len({s.id for s in plan.sessions}) == len(plan.sessions)
    assert plan.bound_gap_points >= 0
    again = replan(record, as_of + timedelta(days=1), test_date, dynamics, plan)
    assert all(s.date > as_of for s in again.sessions)
    assert sum(len(f"{c.what} {c.session} {c.why}".split()) for c in again.changes) <= 60
    maintenance(record, as_of, test_date, dynamics)
