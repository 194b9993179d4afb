"""Sessions with their ids from the drafts of days, and what a list of sessions amounts to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, time

import numpy as np

from bounceback.forecast.learning_curve import Dynamics, Floats
from bounceback.planning.allocation import StudyWorth, study_worth
from bounceback.planning.models import Session
from bounceback.planning.scheduling.day_draft import DayDraft, Draft
from bounceback.planning.study_resources import Supply
from bounceback.records.models import PlannedSession

Place = tuple[date, time, int, str | None, str, str | None, str | None, str | None]
"""What makes two sessions the same: day, start, minutes, activity, kind, area, resource, form."""


def place_of(session: Session) -> Place:
    """Identity of a session by what stands where; ids and words apart."""
    return (
        session.date,
        session.start,
        session.minutes,
        session.activity,
        session.kind,
        session.area,
        session.resource,
        session.form,
    )


def to_sessions(
    drafts: Sequence[DayDraft], areas: Sequence[str], ids: Mapping[Place, str]
) -> tuple[Session, ...]:
    """Sessions by day and clock, with ids.

    Kept sessions keep their ids, sessions that equal one of an earlier plan (``ids``) take its id
    again, new ones take the lowest number of their day that no earlier session had. A review names
    the practice test that it reviews.
    """
    sessions: list[Session] = []
    earlier = set(ids.values())
    for draft in drafts:
        taken = {d.kept.id for d in draft.drafts if d.kept}
        number = 0
        for d in sorted(draft.drafts, key=lambda d: (d.start, d.minutes)):
            if d.kept is not None:
                sessions.append(d.kept)
                continue
            session = _session(d, draft.day.date, areas)
            name = ids.get(place_of(session), "")
            if not name or name in taken:
                number += 1
                while (name := f"{draft.day.date.isoformat()}-{number}") in taken or (
                    name in earlier
                ):
                    number += 1
            taken.add(name)
            sessions.append(replace(session, id=name))
    tests = {s.form: s.id for s in reversed(sessions) if s.kind == "form"}
    return tuple(
        replace(s, of=tests[s.form]) if s.kind == "review" and s.form in tests and not s.of else s
        for s in sessions
    )


def _session(d: Draft, on: date, areas: Sequence[str]) -> Session:
    return Session(
        id="",
        date=on,
        start=time(d.start // 60, d.start % 60),
        minutes=d.minutes,
        activity=d.activity,
        kind=d.kind,
        area=None if d.area is None else areas[d.area],
        resource=d.resource,
        form=d.form,
        units=d.units,
        reason=d.reason,
        mode=d.mode,
        areas=d.areas,
        filter=d.filter,
        first_pass=d.first_pass,
        steps=d.steps,
    )


def count_begun(
    sessions: Sequence[Session],
    supplies: Sequence[Supply],
    plan: Sequence[PlannedSession],
    as_of: date,
) -> tuple[Session, ...]:
    """Sessions with their chapters and videos counted over all of them in order.

    A unit counts in the session that ends it: after every session the units so far are the whole
    ones that the minutes so far hold. What the learner fixed keeps its own number.

    Args:
        sessions: By day and clock.
        supplies: Books and videos.
        plan: The record's plan; what was ticked before ``as_of`` may have begun a unit.
        as_of: First day of the sessions.
    """
    counted = list(sessions)
    for supply in supplies:
        begun = 0.0
        for entry in sorted(plan, key=lambda e: e.date):
            if entry.resource == supply.name and entry.date < as_of and entry.done_minutes:
                begun = (begun + entry.done_minutes) % supply.minutes_per_unit
        left = supply.units_left
        for n, s in enumerate(counted):
            if s.resource != supply.name or s.activity not in ("reading", "video"):
                continue
            begun += s.minutes
            if s.locked or s.done_minutes:
                units = s.units or 0
            else:
                units = int(max(0.0, min((begun + 1e-9) // supply.minutes_per_unit, left)))
                counted[n] = replace(s, units=units)
            begun = max(0.0, begun - units * supply.minutes_per_unit)
            left -= units
    return tuple(counted)


def realised_effort(
    dynamics: Dynamics,
    first: date,
    days: int,
    sessions: Sequence[Session],
    worth: StudyWorth | None = None,
) -> tuple[Floats, Floats]:
    """Effective days by area of a list of sessions, and the raw minutes of each day.

    Mixed sessions, strands, cards and practice tests reach the areas in proportion to their exam
    weight. A session that is ticked counts with its planned minutes while its day is not over.

    Args:
        dynamics: How study moves the score.
        first: Day of the first entry of the result.
        days: How many.
        sessions: Any; those outside the days are left out.
        worth: Of each kind of study; default: with incorrects at their first return.

    Returns:
        (A,) effective days, (days,) raw minutes.
    """
    worth = worth or study_worth(dynamics, 0.0, 0.0)
    index = {area: a for a, area in enumerate(dynamics.areas)}
    weight = dynamics.exam_weight
    weighted = np.zeros((days, len(dynamics.areas)))
    raw = np.zeros(days)
    for session in sessions:
        d = (session.date - first).days
        if session.activity is None or not 0 <= d < days:
            continue
        a = index.get(session.area or "")
        again = session.activity == "questions" and session.first_pass is False
        activity = "review" if again else session.activity
        minutes = session.minutes * worth.of(activity, session.kind, a, weight)
        raw[d] += session.minutes
        if a is None:
            weighted[d] += minutes * weight
        else:
            weighted[d, a] += minutes
    day_worth = dynamics.law.day_yield(raw) / dynamics.law.minutes_per_effective_day
    return np.asarray((weighted * day_worth[:, None]).sum(axis=0)), raw
