"""One thing changed in a golden case moves the answer in the direction a student expects."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest

from bounceback.records import read_case
from bounceback.records.models import Record
from bounceback.services import briefing, replanned, to_json
from tests.golden.golden_cases import CASES, asked_about

STUDY = ("study", "review", "form")
STEADY = "step-2-ck-date-moved-twice"
"""A case whose test date is its planned date, so that a moved date is a moved plan."""
WITH_FORMS = ("step-1-five-days-away", STEADY, "level-1-school-clearance", "step-3-two-jobs")


@cache
def record(name: str) -> Record:
    return read_case(CASES[name]).record


def answered(given: Record, on: date) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(json.dumps(to_json(briefing(given, on)), default=str))
    return answer


@cache
def told(name: str) -> dict[str, Any]:
    return answered(record(name), asked_about()[name]["on"])


def planned_minutes(answer: dict[str, Any], until: str = "9999") -> int:
    return sum(
        s["minutes"]
        for s in answer["plan"]["sessions"]
        if s["kind"] in STUDY and s["date"] <= until
    )


def p_on(answer: dict[str, Any], day: str) -> float:
    (found,) = [f["p_pass"] for f in answer["forecast"] if f["date"] == day]
    return float(found)


@pytest.mark.parametrize("name", sorted(CASES))
def test_more_minutes_a_day_plan_more_minutes(name: str) -> None:
    """Half an hour more on each day that has any; windows are widened with it."""
    given = record(name)
    held = given.availability
    more = {day: minutes + 30 if minutes else 0 for day, minutes in held.minutes.items()}
    wider = replace(given, availability=replace(held, minutes=more, windows={}))
    same = replace(given, availability=replace(held, windows={}))
    on = asked_about()[name]["on"]
    until = (on + timedelta(days=6)).isoformat()
    before, after = answered(same, on), answered(wider, on)
    assert planned_minutes(after, until) >= planned_minutes(before, until)


def test_more_minutes_raise_the_whole_plan_of_the_steady_case() -> None:
    held = record(STEADY).availability
    more = {day: minutes + 60 if minutes else 0 for day, minutes in held.minutes.items()}
    wider = replace(record(STEADY), availability=replace(held, minutes=more))
    on = asked_about()[STEADY]["on"]
    assert planned_minutes(answered(wider, on)) > planned_minutes(told(STEADY))


@pytest.mark.parametrize("name", WITH_FORMS)
def test_a_higher_latest_score_does_not_lower_the_chance(name: str) -> None:
    given = record(name)
    latest = given.forms[-1]
    higher = replace(
        given, forms=(*given.forms[:-1], replace(latest, score=latest.score * 1.04, areas={}))
    )
    same = replace(given, forms=(*given.forms[:-1], replace(latest, areas={})))
    on = asked_about()[name]["on"]
    day = given.exam.planned_date.isoformat()
    assert p_on(answered(higher, on), day) > p_on(answered(same, on), day)


def test_an_earlier_date_leaves_fewer_sessions() -> None:
    given, on = record(STEADY), asked_about()[STEADY]["on"]
    assert told(STEADY)["plan"]["sessions"][-1]["date"] <= given.exam.planned_date.isoformat()
    earlier = replace(given.exam, planned_date=given.exam.planned_date - timedelta(weeks=2))
    sooner = answered(replace(given, exam=earlier), on)
    assert len(sooner["plan"]["sessions"]) < len(told(STEADY)["plan"]["sessions"])
    assert planned_minutes(sooner) < planned_minutes(told(STEADY))


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_day_off_holds_no_study(name: str) -> None:
    given, on = record(name), asked_about()[name]["on"]
    sessions = told(name)["plan"]["sessions"]
    busy = next(s["date"] for s in sessions if s["kind"] == "study" and s["date"] > str(on))
    held = given.availability
    free = replace(held, days_off=(*held.days_off, date.fromisoformat(busy)))
    rested = answered(replace(given, availability=free), on)
    on_the_day = [s for s in rested["plan"]["sessions"] if s["date"] == busy]
    assert [s for s in on_the_day if s["kind"] in STUDY or s["activity"]] == []


@pytest.mark.parametrize("name", [name for name in sorted(CASES) if not record(name).plan])
def test_replanning_an_unchanged_record_changes_nothing(name: str) -> None:
    old = deepcopy(told(name))
    again = json.loads(
        json.dumps(
            to_json(replanned(old, record(name), asked_about()[name]["on"]), "replan"), default=str
        )
    )
    assert again["changes"] == []
    for mine, before in zip(again["plan"]["sessions"], old["plan"]["sessions"], strict=True):
        assert mine == before
