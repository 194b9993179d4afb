"""The advice on a date, asked of whole records: steady, monotone, only days one can book."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from bounceback import facts
from bounceback.records import models as v
from bounceback.records.models import Record
from bounceback.services import briefing
from tests.services.builders import TODAY, known

AS_OF = date(2026, 11, 30)


def sure_passer(planned: date) -> Record:
    """Two forms at 85 percent, three tests left, a date in December."""
    return Record(
        learner=v.Learner(group="us-md", time_zone="America/New_York"),
        exam=v.ExamTarget(
            id="usmle-step-1",
            planned_date=planned,
            eligibility=v.Eligibility(first=date(2026, 12, 1), last=date(2027, 2, 28)),
        ),
        attempts=(v.Attempt(exam="usmle-step-1", date=date(2026, 7, 20), outcome="fail"),),
        forms=(
            v.Form(family="nbme-cbssa", form="30", date=date(2026, 11, 14), score=85),
            v.Form(family="nbme-cbssa", form="31", date=date(2026, 11, 21), score=85),
        ),
        ledger=(
            v.LedgerForm(family="nbme-cbssa", form="32"),
            v.LedgerForm(family="nbme-cbssa", form="33"),
            v.LedgerForm(family="free-120", form="2026"),
        ),
        availability=v.Availability(
            minutes=dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat"), 480) | {"sun": 240}
        ),
    )


def test_a_sure_passer_is_never_moved_whatever_the_day_of_december() -> None:
    found = []
    for n in range(1, 32):
        planned = date(2026, 12, n)
        answer = briefing(sure_passer(planned), AS_OF).decision
        assert answer.advice in ("sit", "too-early-to-say")
        assert answer.about == planned
        found.append(answer.advice)
    # One change at most as the day moves on: no to and fro.
    assert sum(a != b for a, b in pairwise(found)) <= 1


@pytest.mark.parametrize("name", sorted(known()))
def test_asked_again_on_later_days_without_news_the_advice_stays(name: str) -> None:
    record = known()[name]
    answers = [briefing(record, TODAY + timedelta(days=n)).decision for n in range(14)]
    # What changes is a day that comes near: its last two days, or one that is past.
    planned = record.exam.planned_date
    near = planned is not None and planned <= TODAY + timedelta(days=16)
    assert near or len({a.advice for a in answers}) == 1


def test_the_results_of_the_next_test_are_monotone_and_whole() -> None:
    for record in known().values():
        bands = briefing(record, TODAY).if_next_test
        if not bands:
            continue
        assert sum(b.share for b in bands) == pytest.approx(1.0)
        assert all(a.score_low == b.score_high for a, b in pairwise(bands))


def test_a_date_named_anew_is_one_that_can_be_booked() -> None:
    for record in known().values():
        for n in (0, 9, 30):
            b = briefing(record, TODAY + timedelta(days=n))
            chosen = b.decision.date
            if b.decision.advice == "move" or record.exam.planned_date is None:
                if chosen is None or b.decision.advice == "too-early-to-say":
                    continue
                assert chosen >= b.as_of + timedelta(days=3)
                assert facts.closed_day(record.exam.id, chosen) is None


def test_the_chance_expected_after_the_next_test_is_that_of_today() -> None:
    from bounceback.services.next_test import chances_after

    for name in ("step1-us-md-wobbly", "step2ck-non-us-img-near"):
        b = briefing(known()[name], TODAY)
        after, dates = chances_after(b)
        for i, f in enumerate(dates):
            assert after.chance[:, i].mean() == pytest.approx(f.p_pass, abs=0.01)
        assert after.drift < 0.03


def test_no_date_of_the_student_is_replaced() -> None:
    record = known()["step1-us-md-wobbly"]
    moved = replace(record, exam=replace(record.exam, planned_date=date(2026, 12, 18)))
    b = briefing(moved, TODAY)
    assert b.decision.advice in ("move", "too-early-to-say")
    assert b.plan.test_date == date(2026, 12, 18)
