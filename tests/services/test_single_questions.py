"""One function a question: the same answer as the briefing's, from the package itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

import bounceback
from tests.services.builders import TODAY, known

ON = date(2026, 11, 22)
CASE = Path(__file__).resolve().parents[1] / "cases" / "step1-us-md-wobbly.toml"


@pytest.fixture(scope="module")
def record() -> bounceback.Record:
    return bounceback.read_case(CASE).record


@pytest.fixture(scope="module")
def whole(record: bounceback.Record) -> bounceback.Briefing:
    return bounceback.briefing(record, ON)


def test_each_question_has_the_answer_of_the_whole_briefing(
    record: bounceback.Record, whole: bounceback.Briefing
) -> None:
    assert whole.forecasts != ()
    assert bounceback.forecasts(record, ON) == whole.forecasts
    assert bounceback.daily_plan(record, ON) == whole.plan
    assert bounceback.decide(record, ON) == whole.decision
    assert bounceback.appraise(record, ON) == whole.appraisal


def test_the_match_is_opened_by_asking_and_holds_no_chance_of_it(
    record: bounceback.Record,
) -> None:
    found = bounceback.match_outlook(record, ON)
    assert not found.closed
    assert "p_match" not in repr(found.to_briefing())


@pytest.mark.parametrize("question", ["appraise", "match_outlook"])
def test_what_happens_later_answers_no_question_of_today(
    question: str, record: bounceback.Record
) -> None:
    """The other questions rest on ``briefing``, whose tests say it of them."""
    later = replace(record.forms[-1], date=ON + timedelta(days=3), score=1.0)
    ask = getattr(bounceback, question)
    assert ask(replace(record, forms=(*record.forms, later)), ON) == ask(record, ON)


def test_an_earlier_answer_is_taken_back(
    record: bounceback.Record, whole: bounceback.Briefing
) -> None:
    again = bounceback.replanned(bounceback.to_json(whole), record, ON)
    assert {s.id for s in again.plan.sessions} == {s.id for s in whole.plan.sessions}


def test_an_unknown_name_is_said_by_name() -> None:
    with pytest.raises(AttributeError, match="'crystal_ball'"):
        bounceback.crystal_ball  # noqa: B018  # the access itself is what is tried


@pytest.mark.parametrize("name", known())
def test_the_chances_alone_are_those_of_the_briefing(name: str) -> None:
    """Asked alone they are found without any decision, and to the last digit the same."""
    record = known()[name]
    assert bounceback.forecasts(record, TODAY) == bounceback.briefing(record, TODAY).forecasts


def test_the_chances_alone_decide_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise AssertionError("a decision was made")

    monkeypatch.setattr("bounceback.services.full_briefing.decide", refused)
    assert bounceback.forecasts(next(iter(known().values())), TODAY)
