"""An earlier briefing handed back: what is refused, what is kept, what is said to have moved."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bounceback.errors import BouncebackError, CaseError
from bounceback.records.models import PlannedSession, Record
from bounceback.services import Briefing, replanned, to_json
from tests.services.builders import TODAY, asked, faults, known

NAME = "step1-us-md-wobbly"


@cache
def printed() -> str:
    return json.dumps(asked(known()[NAME]))


def old() -> dict[str, Any]:
    """A fresh copy of what was handed back."""
    answer: dict[str, Any] = json.loads(printed())
    return answer


def again(
    record: Record, on: date = TODAY, earlier: dict[str, Any] | None = None
) -> dict[str, Any]:
    b = replanned(earlier or old(), record, on)
    answer: dict[str, Any] = json.loads(json.dumps(to_json(b), allow_nan=False))
    return answer


def test_an_unchanged_record_has_no_changes_and_the_same_plan() -> None:
    answer = again(known()[NAME])
    assert answer["changes"] == []
    assert answer["plan"]["sessions"] == old()["plan"]["sessions"]
    assert faults(answer) == []


def test_re_making_a_re_made_plan_changes_nothing() -> None:
    first = again(known()[NAME], TODAY + timedelta(days=4))
    assert first["changes"] != []
    second = again(known()[NAME], TODAY + timedelta(days=4), first)
    assert second["changes"] == []


def test_after_days_that_went_otherwise_the_plan_starts_today_and_says_what_moved() -> None:
    answer = again(known()[NAME], TODAY + timedelta(days=5))
    assert {c["what"] for c in answer["changes"]} <= {"moved", "dropped", "added"}
    assert answer["changes"]
    assert min(s["date"] for s in answer["plan"]["sessions"]) >= answer["as_of"]
    words = sum(len(f"{c['what']} {c['session']} {c['why']}".split()) for c in answer["changes"])
    assert words <= 60


def tick(session: dict[str, Any], **more: Any) -> PlannedSession:
    return PlannedSession(
        id=session["id"],
        date=date.fromisoformat(session["date"]),
        minutes=session["minutes"],
        activity=session["activity"],
        **more,
    )


def test_a_tick_in_the_case_wins_over_the_earlier_plan() -> None:
    record = known()[NAME]
    later = TODAY + timedelta(days=2)
    earlier = old()
    session = next(s for s in earlier["plan"]["sessions"] if s["date"] == later.isoformat())
    session["done_minutes"] = 5
    ticked = replace(record, plan=(tick(session, done_minutes=session["minutes"]),))
    answer = again(ticked, later, earlier)
    (kept,) = [s for s in answer["plan"]["sessions"] if s["id"] == session["id"]]
    assert kept["done_minutes"] == session["minutes"]


def test_a_session_locked_in_the_case_keeps_its_day() -> None:
    record = known()[NAME]
    session = next(s for s in old()["plan"]["sessions"] if s["date"] == "2026-12-02")
    locked = replace(record, plan=(tick(session, locked=True),))
    answer = again(locked, TODAY + timedelta(days=5))
    (kept,) = [s for s in answer["plan"]["sessions"] if s["id"] == session["id"]]
    assert (kept["date"], kept["locked"]) == ("2026-12-02", True)


def test_minutes_done_on_days_ahead_are_not_known_yet() -> None:
    earlier = old()
    for session in earlier["plan"]["sessions"]:
        session["done_minutes"] = 1
    answer = again(known()[NAME], TODAY, earlier)
    assert all(s["done_minutes"] is None for s in answer["plan"]["sessions"])


def test_the_plan_in_a_case_file_is_re_made_as_well() -> None:
    """On opening after missed days the plan already starts today, with what moved."""
    record = known()[NAME]
    seen = tuple(
        PlannedSession(
            id=s["id"],
            date=date.fromisoformat(s["date"]),
            minutes=s["minutes"],
            activity=s["activity"],
            kind=s["kind"],
            area=s["area"] or None,
            resource=s["resource"] or None,
            form=s["form"],
            units=s["units"],
        )
        for s in old()["plan"]["sessions"]
    )
    answer = asked(replace(record, plan=seen), TODAY + timedelta(days=3))
    assert answer["changes"]
    assert min(s["date"] for s in answer["plan"]["sessions"]) >= answer["as_of"]


def test_sessions_of_an_older_plan_in_the_case_are_no_news_when_a_plan_is_handed_back() -> None:
    """What the record held beside the earlier plan was answered when that plan was made."""
    older = tuple(
        PlannedSession(
            id=f"{day.isoformat()}-9", date=day, minutes=45, activity="reading", kind="study"
        )
        for day in (TODAY - timedelta(days=3), TODAY + timedelta(days=2))
    )
    record = replace(known()[NAME], plan=older)
    first = asked(record)
    assert again(record, TODAY, first)["changes"] == []
    assert again(record, TODAY, first)["plan"]["sessions"] == first["plan"]["sessions"]


def test_a_missed_form_of_the_case_is_counted_once_however_often_the_plan_is_re_made() -> None:
    record = known()[NAME]
    label = f"{record.ledger[0].family} {record.ledger[0].form}"
    missed = PlannedSession(
        id="2026-11-18-1",
        date=date(2026, 11, 18),
        minutes=240,
        activity="form",
        kind="form",
        form=label,
        done_minutes=0,
    )
    answer = asked(replace(record, plan=(missed,)))
    for _ in range(3):
        answer = again(replace(record, plan=(missed,)), TODAY, answer)
        counts = {f"{e['family']} {e['form']}": e["put_off"] for e in answer["ledger"]}
        assert counts[label] == 1


def test_days_left_open_by_somebody_who_ticks_count_as_not_done_and_it_is_said() -> None:
    record, on = known()[NAME], TODAY + timedelta(days=8)
    first = next(s["date"] for s in old()["plan"]["sessions"] if s["activity"])
    ticks = tuple(
        tick(s, done_minutes=s["minutes"])
        for s in old()["plan"]["sessions"]
        if s["date"] == first and s["activity"]
    )
    kept = replanned(old(), replace(record, plan=ticks), on)
    unknown = replanned(old(), record, on)
    assert any("left open count as not done" in note for note in kept.notes)
    assert not any("left open" in note for note in unknown.notes)

    def adherence(b: Briefing) -> float:
        return float(b.belief.adherence @ b.belief.adherence_weight)

    # Eight days of which one was kept are no sign of many kept hours, nor yet of few.
    assert adherence(kept) == pytest.approx(adherence(unknown))


@pytest.mark.parametrize("name", known())
def test_an_earlier_plan_carries_the_day_advised_and_the_day_planned(name: str) -> None:
    record = known()[name]
    first = asked(record)
    decided = first["decision"]["advice"] in ("sit", "move")
    assert first["plan"]["advised"] == (first["decision"]["date"] if decided else None)
    planned = record.exam.planned_date
    assert first["plan"]["planned_date"] == (planned.isoformat() if planned else None)
    later = replanned(first, record, TODAY + timedelta(days=1))
    if first["decision"]["advice"] != "remediate":
        # One day later, with nothing new, the plan is for the same day.
        assert later.plan.test_date == date.fromisoformat(first["plan"]["test_date"])


FAULTY: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "another exam": (lambda a: a.update(exam="usmle-step-3"), "exam"),
    "a newer schema": (lambda a: a.update(schema=2), "schema"),
    "no plan": (lambda a: a.pop("plan"), "plan.sessions"),
    "a plan that is none": (lambda a: a.update(plan=[]), "plan.sessions"),
    "a session that is none": (lambda a: a["plan"]["sessions"].append(3), "plan.sessions[N]"),
    "no id": (lambda a: a["plan"]["sessions"][0].pop("id"), "plan.sessions[N].id"),
    "an id twice": (
        lambda a: a["plan"]["sessions"].append(a["plan"]["sessions"][0]),
        "plan.sessions[N].id",
    ),
    "no day": (lambda a: a["plan"]["sessions"][0].update(date="soon"), "plan.sessions[N].date"),
    "no clock": (lambda a: a["plan"]["sessions"][0].update(start=8), "plan.sessions[N].start"),
    "negative minutes": (
        lambda a: a["plan"]["sessions"][0].update(minutes=-5),
        "plan.sessions[N].minutes",
    ),
    "a day of 2000 minutes done": (
        lambda a: a["plan"]["sessions"][0].update(done_minutes=2000),
        "plan.sessions[N].done_minutes",
    ),
    "an unknown activity": (
        lambda a: a["plan"]["sessions"][0].update(activity="sleep"),
        "plan.sessions[N].activity",
    ),
    "an unknown kind": (
        lambda a: a["plan"]["sessions"][0].update(kind="party"),
        "plan.sessions[N].kind",
    ),
    "an area of another exam": (
        lambda a: a["plan"]["sessions"][0].update(area="Osteopathic Principles"),
        "plan.sessions[N].area",
    ),
    "a resource that is no text": (
        lambda a: a["plan"]["sessions"][0].update(resource=1),
        "plan.sessions[N].resource",
    ),
    "half a unit": (
        lambda a: a["plan"]["sessions"][0].update(units=0.5),
        "plan.sessions[N].units",
    ),
    "locked in words": (
        lambda a: a["plan"]["sessions"][0].update(locked="yes"),
        "plan.sessions[N].locked",
    ),
    "a test date that is none": (lambda a: a["plan"].update(test_date=7), "plan.test_date"),
    "a ledger that is none": (lambda a: a.update(ledger={}), "ledger"),
    "a form without family": (lambda a: a["ledger"][0].pop("family"), "ledger[N].family"),
    "a role that is none": (lambda a: a["ledger"][0].update(role=None), "ledger[N].role"),
    "put off in words": (lambda a: a["ledger"][0].update(put_off="twice"), "ledger[N].put_off"),
    "owned in words": (lambda a: a["ledger"][0].update(owned="yes"), "ledger[N].owned"),
    "a reason that is none": (
        lambda a: a["plan"]["sessions"][0].update(why=None),
        "plan.sessions[N].why",
    ),
    "a form on no day": (lambda a: a["ledger"][0].update(date="May"), "ledger[N].date"),
}


@pytest.mark.parametrize("fault", FAULTY)
def test_is_refused_by_key_with_what_to_hand_back(fault: str) -> None:
    earlier = old()
    change, key = FAULTY[fault]
    change(earlier)
    with pytest.raises(CaseError) as refused:
        replanned(earlier, known()[NAME], TODAY)
    assert [re.sub(r"\d+", "N", f.key) for f in refused.value.faults] == [key]
    assert "bounceback" in str(refused.value)


@pytest.mark.parametrize("value", [None, 3, "text", [], True])
def test_what_is_no_object_is_refused(value: object) -> None:
    with pytest.raises(CaseError, match="not a briefing"):
        replanned(value, known()[NAME], TODAY)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=6,
)


@given(st.data())
@settings(
    derandomize=True,
    max_examples=40,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
)
def test_no_damage_to_an_earlier_briefing_is_our_fault(data: st.DataObject) -> None:
    earlier = old()
    sessions = earlier["plan"]["sessions"]
    place: Any = data.draw(
        st.sampled_from([earlier, earlier["plan"], *sessions[:3], *earlier["ledger"][:2]])
    )
    place[data.draw(st.sampled_from(sorted(place)))] = data.draw(JSON)
    try:
        answer = again(known()[NAME], TODAY, earlier)
    except BouncebackError:
        return
    assert faults(answer) == []
