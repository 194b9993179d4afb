"""Every available hour, where no plan is at hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import numpy as np
import pytest

from bounceback.forecast.baseline_schedule import steady_work
from bounceback.forecast.posterior import believe
from bounceback.records.models import Availability, Commitment
from bounceback.vocabulary import WEEKDAYS
from tests.forecast.cases import AS_OF, failing

EVERY_DAY = dict.fromkeys(WEEKDAYS, 300)
WEEK = [AS_OF + timedelta(days=7)]


def total(availability: Availability | None) -> tuple[float, float]:
    record = replace(failing(), availability=availability)
    work = steady_work(record, believe(record, AS_OF), WEEK)
    return float(work.effort.sum()), float(work.unworked_days[0])


def test_no_availability_is_no_work_and_every_day_forgets() -> None:
    assert total(None) == (0.0, 7.0)


def test_a_week_of_full_days_is_seven_effective_days() -> None:
    effort, unworked = total(Availability(minutes=dict.fromkeys(WEEKDAYS, 600)))
    assert effort == pytest.approx(7.0)
    assert unworked == 0.0


def test_days_off_commitments_and_the_cap_take_their_time_away() -> None:
    free, _ = total(Availability(minutes=EVERY_DAY))
    day = AS_OF + timedelta(days=2)
    off, unworked = total(Availability(minutes=EVERY_DAY, days_off=(day,)))
    assert off == pytest.approx(free * 6 / 7)
    assert unworked == 0.0, "the week's work holds a day off"
    busy = Commitment(date=day, start=time(9), minutes=300)
    assert total(Availability(minutes=EVERY_DAY, commitments=(busy,)))[0] == pytest.approx(off)
    assert total(Availability(minutes=EVERY_DAY, max_minutes_per_day=120))[0] < 0.5 * free


def test_work_is_spread_by_the_exams_weights_and_grows_with_the_date() -> None:
    record = replace(failing(), availability=Availability(minutes=EVERY_DAY))
    b = believe(record, AS_OF)
    work = steady_work(record, b, [AS_OF + timedelta(days=d) for d in (0, 7, 21)])
    assert np.allclose(work.effort[1] / work.effort[1].sum(), b.areas.exam_weight)
    assert work.effort[0].sum() == 0.0
    assert work.effort[2].sum() == pytest.approx(3 * work.effort[1].sum())
