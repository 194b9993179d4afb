"""Saying more about what there is to study from never lowers a chance nor widens its range."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bounceback.records import models as v
from bounceback.services import briefing
from bounceback.vocabulary import EXAM_IDS, WEEKDAYS, ExamId

TODAY = date(2026, 11, 22)
MARKS: dict[ExamId, float] = {
    "usmle-step-1": 196,
    "usmle-step-2-ck": 218,
    "usmle-step-3": 200,
    "comlex-level-1": 400,
    "comlex-level-2-ce": 400,
    "comlex-level-3": 350,
}


@st.composite
def untold(draw: st.DrawFn) -> v.Record:
    """A retaker of any exam with hours and no word on resources."""
    exam: ExamId = draw(st.sampled_from(EXAM_IDS))
    first = TODAY + timedelta(days=draw(st.integers(21, 90)))
    hours = draw(st.integers(1, 9))
    failed = v.Attempt(exam=exam, date=TODAY - timedelta(days=60), outcome="fail")
    if not exam.endswith("-1"):
        failed = replace(failed, score=round(MARKS[exam] * draw(st.floats(0.9, 0.995))))
    return v.Record(
        learner=v.Learner(
            group="us-do"
            if exam.startswith("comlex")
            else draw(st.sampled_from(["us-md", "us-img"])),
            time_zone="America/New_York",
        ),
        exam=v.ExamTarget(
            id=exam,
            planned_date=first,
            eligibility=v.Eligibility(first=TODAY, last=first + timedelta(days=30)),
        ),
        attempts=(failed,),
        availability=v.Availability(minutes=dict.fromkeys(WEEKDAYS[:6], 60 * hours)),
    )


BANK = v.Resource(name="Bank", kind="questions", units=3600, done=0, minutes_per_unit=3.0)
DECK = v.Resource(name="Deck", kind="cards", units=9000, done=3000, due_per_day=40.0)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(untold(), st.booleans())
def test_a_fresh_bank_that_is_named_never_lowers_a_chance_nor_widens_its_range(
    record: v.Record, deck: bool
) -> None:
    told = replace(record, resources=(BANK, DECK) if deck else (BANK,))
    before, after = (briefing(r, TODAY).forecasts for r in (record, told))
    for f, g in zip(before, after, strict=True):
        assert g.p_pass >= f.p_pass - 0.005
        assert g.p_pass_high - g.p_pass_low <= f.p_pass_high - f.p_pass_low + 0.03


@settings(max_examples=10, deadline=None, derandomize=True)
@given(untold())
def test_a_deck_alone_does_not_mean_that_there_are_no_questions(record: v.Record) -> None:
    told = replace(record, resources=(DECK,))
    before, after = (briefing(r, TODAY).forecasts for r in (record, told))
    for f, g in zip(before, after, strict=True):
        assert abs(g.p_pass - f.p_pass) <= 0.05
