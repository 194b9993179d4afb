"""A session is an instruction: what to choose in the bank, and what is done in which order."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bounceback import facts
from bounceback.messages import render
from bounceback.planning.models import Session
from bounceback.planning.planner import make_plan
from bounceback.planning.study_block import bank_choice, filter_remarks, two_steps
from bounceback.records.models import Record
from tests.planning.learners import AS_OF, dynamics_of, records


@pytest.mark.parametrize("bank", ["UWorld", "AMBOSS", "TrueLearn", "COMBANK", "COMQUEST", "Other"])
@pytest.mark.parametrize("timed", [True, False])
@pytest.mark.parametrize("new", [True, False])
def test_a_choice_is_in_the_words_of_the_bank(bank: str, timed: bool, new: bool) -> None:
    words = facts.bank_filters(bank)
    choice = bank_choice(bank, timed=timed, new=new, area="Skin")
    assert choice.mode == (words.timed if timed else words.tutor)
    assert choice.filter.endswith(", Skin")
    assert choice.by_area == words.by_area
    assert (words.unused in choice.status) == new
    assert (words.marked in choice.status) != new


def test_names_that_no_source_gives_are_said_to_be_an_estimate() -> None:
    (said,) = filter_remarks({"AMBOSS", "UWorld", None})
    assert said.code == "planning.bank-names"
    assert said.facts["banks"] == ("AMBOSS", "UWorld")
    assert filter_remarks({None}) == ()


@given(minutes=st.integers(1, 300), second=st.integers(0, 300))
def test_two_steps_take_the_whole_session(minutes: int, second: int) -> None:
    steps = two_steps("read", "recall", minutes, second)
    assert sum(step.minutes for step in steps) == minutes
    assert all(step.minutes > 0 for step in steps)


@settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
@given(case=records(), seed=st.integers(0, 10_000))
def test_every_session_of_work_says_what_to_do(case: tuple[Record, date], seed: int) -> None:
    record, test_date = case
    plan = make_plan(record, AS_OF, test_date, dynamics_of(record.exam.id, test_date, seed))
    for session in plan.sessions:
        if session.activity is None or session.locked:
            continue
        assert sum(step.minutes for step in session.steps) == session.minutes
        assert _acts_on(session)


def _acts_on(session: Session) -> bool:
    """Whether a student can begin without deciding anything."""
    if session.activity == "questions":
        assert session.reason is not None
        said = render(session.reason)
        return bool(
            session.mode
            and session.filter
            and session.units
            and session.first_pass is not None
            and len(session.steps) >= 2
            and str(session.units) in said
        )
    if session.kind == "review":
        return bool(session.form)
    if session.activity == "review":
        return bool(session.filter and session.units and session.mode)
    return True
