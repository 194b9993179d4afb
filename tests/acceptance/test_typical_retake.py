"""A typical retake through the whole program gives its group's published repeat rate."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bounceback.forecast.parameters import constants
from bounceback.forecast.retake_rate_prior import TypicalRetake, repeat_pass_share
from bounceback.records import models as v
from bounceback.services import briefing
from bounceback.vocabulary import WEEKDAYS, ExamId, Group

REPORT = date(2024, 6, 3)
TYPICAL_DAY = 420
HALF_DAY = 210


@pytest.mark.parametrize("group", ["us-md", "us-do", "non-us-img"])
@pytest.mark.parametrize("exam", ["usmle-step-1", "usmle-step-2-ck", "usmle-step-3"])
def test_a_typical_retake_planned_by_the_program_gives_the_groups_rate(
    exam: ExamId, group: Group
) -> None:
    """Four weeks of waiting, then seven weeks of five and a half days of seven hours."""
    c = constants(exam, group, REPORT, retaker=True)
    retake = TypicalRetake.of(c)
    day = REPORT + timedelta(days=int(retake.study_days))
    record = v.Record(
        learner=v.Learner(group=group, time_zone="America/New_York"),
        exam=v.ExamTarget(id=exam, planned_date=day),
        attempts=(
            v.Attempt(
                exam=exam, date=REPORT - timedelta(days=int(retake.wait_days)), outcome="fail"
            ),
        ),
        availability=v.Availability(
            minutes={**dict.fromkeys(WEEKDAYS[:5], TYPICAL_DAY), "sat": HALF_DAY}
        ),
    )
    ours = next(f for f in briefing(record, REPORT).forecasts if f.on == day)
    published = repeat_pass_share(c, first_mark=c.mark, retake=retake)
    assert ours.p_pass == pytest.approx(published, abs=0.05)
