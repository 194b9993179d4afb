"""Planned work where no plan has been made: every available hour, mixed, by exam weight."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from bounceback.forecast.posterior import Belief
from bounceback.forecast.prediction import PlannedWork
from bounceback.records.models import Record
from bounceback.vocabulary import WEEKDAYS


def steady_work(record: Record, belief: Belief, dates: Sequence[date]) -> PlannedWork:
    """Availability spent day by day as retakers typically do, over areas by exam weight.

    Commitments, days off and the daily cap are kept; no availability is no work. This is what is
    forecast where a plan is not at hand, and what a forecast is judged on among simulated
    learners, whose own way of spending the hours is not known to it.
    """
    last = max(dates)
    law = belief.constants.law
    n = (last - belief.as_of).days
    raw = np.zeros(n)
    availability = record.availability
    if availability is not None:
        busy: dict[date, int] = {}
        for c in availability.commitments:
            busy[c.date] = busy.get(c.date, 0) + c.minutes
        for i in range(n):
            day = belief.as_of + timedelta(days=i)
            minutes = availability.minutes.get(WEEKDAYS[day.weekday()], 0) - busy.get(day, 0)
            if availability.max_minutes_per_day is not None:
                minutes = min(minutes, availability.max_minutes_per_day)
            raw[i] = 0.0 if day in availability.days_off else max(minutes, 0)
    # From an unknown supply the forecast itself counts what a typical learner has left.
    worth = belief.constants.parameter["typical_study_worth"] if belief.supply_known else 1.0
    effective = np.concatenate([[0.0], np.cumsum(worth * law.effective_days(raw))])
    unworked = np.concatenate([[0.0], np.cumsum(law.unworked_share(raw))])
    at = np.array([(d - belief.as_of).days for d in dates])
    return PlannedWork(
        days=at.astype(np.float64),
        unworked_days=unworked[at],
        effort=np.outer(effective[at], belief.areas.exam_weight),
    )
