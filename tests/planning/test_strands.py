from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bounceback.planning import make_plan
from bounceback.planning.parameters import rules_for
from bounceback.planning.strands import runs_out_of_time, strands_of
from bounceback.records.models import Availability, Miss
from bounceback.vocabulary import STRAND_NAMES, WEEKDAYS
from tests.planning.learners import AS_OF, dynamics_of, retaker

SEED = 34
"""A learner of Step 1: no strand but pace."""


def hurried(share: float, **changes):
    record, test_date = retaker(SEED, 8)
    causes = ["out-of-time" if n < 20 * share else "not-learned" for n in range(20)]
    misses = tuple(Miss(date=AS_OF - timedelta(days=2), cause=cause) for cause in causes)
    return replace(record, misses=misses, **changes), test_date


@pytest.mark.parametrize(("share", "expected"), [(0.0, False), (0.35, False), (0.5, True)])
def test_time_runs_out_where_two_fifths_of_misses_say_so(share, expected):
    record, _ = hurried(share)
    rules = rules_for(record.exam.id)
    assert runs_out_of_time(record, AS_OF, rules) == expected
    ids = [strand.id for strand in strands_of(record, AS_OF, rules)]
    assert ("pacing" in ids) == expected


@pytest.mark.parametrize("minutes", [45, 90, 240, 480])
def test_pace_is_trained_three_times_a_week_from_the_first_week(minutes):
    hours = Availability(minutes=dict.fromkeys(WEEKDAYS, minutes))
    record, test_date = hurried(0.6, availability=hours, ledger=())
    plan = make_plan(record, AS_OF, test_date, dynamics_of(record.exam.id, test_date, SEED))
    timed = [s for s in plan.sessions if s.activity == "questions" and s.mode == "timed"]
    assert any(s.areas == (STRAND_NAMES["pacing"],) for s in timed)
    for week in range(7):
        first = AS_OF + timedelta(days=7 * week)
        assert sum(first <= s.date < first + timedelta(days=7) for s in timed) >= 3
    for s in timed:
        assert s.reason is not None
        assert s.reason.facts["seconds"] is not None
