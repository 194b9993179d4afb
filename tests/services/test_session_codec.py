"""A session has one set of keys: case file, briefing and earlier plan read and write the same."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date, time

from hypothesis import given
from hypothesis import strategies as st

from bounceback.planning.models import QUIET_KINDS, Session, SessionStep
from bounceback.records.models import PlannedSession
from bounceback.records.schema import PLAN
from bounceback.records.validation_report import Findings
from bounceback.services.previous_plan import session_from_keys
from bounceback.vocabulary import ACTIVITIES, SESSION_KINDS

TEXT = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=30)
MINUTES = st.integers(0, 1440)


@st.composite
def sessions(draw: st.DrawFn) -> Session:
    kind = draw(st.sampled_from(SESSION_KINDS))
    return Session(
        id=draw(TEXT),
        date=draw(st.dates(date(2026, 1, 1), date(2027, 12, 31))),
        start=time(draw(st.integers(0, 23)), draw(st.integers(0, 59))),
        minutes=draw(MINUTES),
        activity=None if kind in QUIET_KINDS else draw(st.sampled_from(ACTIVITIES)),
        kind=kind,
        area=draw(st.none() | TEXT),
        resource=draw(st.none() | TEXT),
        form=draw(st.none() | TEXT),
        units=draw(st.none() | st.integers(0, 4000)),
        locked=draw(st.booleans()),
        done_minutes=draw(st.none() | MINUTES),
        why=draw(st.just("") | TEXT),
        mode=draw(st.sampled_from([None, "timed", "tutor"])),
        areas=tuple(draw(st.lists(TEXT, max_size=3))),
        filter=draw(st.none() | TEXT),
        first_pass=draw(st.sampled_from([None, True, False])),
        of=draw(st.none() | TEXT),
        steps=tuple(
            SessionStep(what, minutes)
            for what, minutes in draw(st.lists(st.tuples(TEXT, MINUTES), max_size=3))
        ),
    )


def test_schema_record_and_briefing_name_the_same_keys() -> None:
    keys = {key.name for key in PLAN.keys}
    session = Session(id="1", date=date(2026, 1, 1), start=time(8), minutes=5, activity=None)
    assert set(session.to_briefing()) == keys
    assert {f.name for f in fields(PlannedSession)} == keys
    assert {f.name for f in fields(Session)} - {"reason"} == keys


@given(sessions())
def test_a_session_comes_back_from_the_json_of_a_briefing(session: Session) -> None:
    assert session_from_keys(json.loads(json.dumps(session.to_briefing()))) == session


@given(sessions())
def test_a_session_comes_back_from_a_case_file(session: Session) -> None:
    findings = Findings()
    shown = PLAN.show(session.to_planned())
    entry = PLAN.build(PLAN.read(shown, "plan[0]", findings))
    assert findings.faults == []
    assert Session.from_planned(entry) == session


@given(sessions())
def test_unknown_minutes_stay_unknown_and_none_done_stays_zero(session: Session) -> None:
    there = session_from_keys(session.to_briefing()).to_planned()
    again = PLAN.build(PLAN.read(PLAN.show(there), "", Findings()))
    assert again.done_minutes == session.done_minutes
    assert (again.done_minutes is None) == (session.done_minutes is None)
