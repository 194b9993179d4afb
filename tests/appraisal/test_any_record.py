"""Whatever the record holds, every question of the room is answered or refused with a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bounceback import appraisal, facts
from bounceback.messages import render
from bounceback.messages.appraisal import say_all
from bounceback.records.models import (
    AppraisalAnswer,
    AreaResult,
    Attempt,
    Availability,
    Block,
    Checkin,
    Commitment,
    ExamTarget,
    Form,
    ItemTrace,
    Learner,
    LedgerForm,
    Meeting,
    Miss,
    PlannedSession,
    Record,
    Resource,
    Study,
)
from bounceback.vocabulary import ACTIVITIES, APPRAISAL_KEYS, CAUSES, EXAM_IDS, GROUPS, WEEKDAYS

TODAY = date(2026, 11, 22)
DAYS = st.dates(date(2026, 5, 1), date(2027, 1, 31))
FAMILIES = (*facts.form_families(), "school")


@st.composite
def any_records(draw: st.DrawFn) -> Record:
    exam = draw(st.sampled_from(EXAM_IDS))
    areas = list(facts.area_names(exam, TODAY))
    area = st.sampled_from(areas)
    results = st.dictionaries(
        area,
        st.one_of(
            st.builds(AreaResult, correct=st.integers(0, 10), items=st.integers(10, 40)),
            st.builds(AreaResult, percent=st.floats(0, 100), items=st.none() | st.integers(1, 40)),
        ),
        max_size=6,
    )
    trace = st.lists(
        st.builds(
            ItemTrace,
            position=st.integers(1, 40),
            seconds=st.none() | st.floats(0, 300),
            correct=st.none() | st.booleans(),
            first=st.sampled_from((None, "A", "B")),
            chosen=st.sampled_from((None, "A", "B")),
        ),
        max_size=40,
    ).map(tuple)

    def some(values: st.SearchStrategy, most: int = 8):  # type: ignore[no-untyped-def]
        return draw(st.lists(values, max_size=most).map(tuple))

    optional = st.none()
    return Record(
        learner=Learner(
            group=draw(st.sampled_from(GROUPS)),
            time_zone="UTC",
            country=draw(st.sampled_from((None, "US", "PK"))),
        ),
        exam=ExamTarget(id=exam, planned_date=draw(optional | DAYS)),
        attempts=some(
            st.builds(
                Attempt,
                exam=st.sampled_from((exam, "usmle-step-1")),
                date=DAYS,
                outcome=st.sampled_from(("fail", "pass", "incomplete")),
                score=optional | st.floats(100, 250),
                distance_below_pass=st.sampled_from((None, "near", "moderate", "far")),
                hours_per_day=optional | st.floats(0, 16),
                profile=st.dictionaries(
                    area, st.sampled_from(("lower", "same", "higher")), max_size=4
                ),
            ),
            4,
        ),
        forms=some(
            st.builds(
                Form,
                family=st.sampled_from(FAMILIES),
                form=st.just("1"),
                date=DAYS,
                score=optional | st.floats(1, 300),
                printed_p_pass=optional | st.floats(0, 1),
                predicted=optional | st.floats(1, 300),
                timed=st.booleans(),
                repeat=st.booleans(),
                areas=results,
            )
        ),
        blocks=some(
            st.builds(
                Block,
                date=DAYS,
                bank=st.just("b"),
                items=st.just(40),
                correct=st.integers(0, 40),
                minutes=optional | st.floats(1, 200),
                mode=st.sampled_from(("timed", "tutor")),
                areas=results,
                trace=trace,
            )
        ),
        misses=some(
            st.builds(
                Miss,
                date=DAYS,
                cause=st.sampled_from(CAUSES),
                area=optional | area,
                confidence=optional | st.integers(1, 4),
                rule=optional | st.text(max_size=40),
            ),
            40,
        ),
        study=some(
            st.builds(
                Study,
                date=DAYS,
                minutes=st.floats(0, 1000),
                activity=st.sampled_from(ACTIVITIES),
                area=optional | area,
            ),
            40,
        ),
        checkins=some(
            st.builds(
                Checkin,
                date=DAYS,
                sleep_hours=optional | st.floats(0, 14),
                phq2=optional | st.integers(0, 6),
                contact=optional | st.sampled_from(("adviser", "a friend")),
            ),
            20,
        ),
        availability=draw(
            optional
            | st.builds(
                Availability,
                minutes=st.dictionaries(st.sampled_from(WEEKDAYS), st.integers(0, 900)),
                max_minutes_per_day=optional | st.integers(1, 600),
                days_off=st.lists(DAYS, max_size=3).map(tuple),
                commitments=st.lists(
                    st.builds(
                        Commitment, date=DAYS, start=st.just(time(9)), minutes=st.integers(0, 900)
                    ),
                    max_size=3,
                ).map(tuple),
            )
        ),
        resources=some(
            st.builds(
                Resource,
                name=st.sampled_from(("a", "b", "c")),
                kind=st.sampled_from(("questions", "cards", "video", "book")),
                units=optional | st.integers(1, 4000),
                done=st.integers(0, 5000),
                minutes_per_unit=optional | st.floats(0, 60),
                due_per_day=optional | st.floats(0, 900),
            )
        ),
        ledger=some(st.builds(LedgerForm, family=st.sampled_from(FAMILIES), form=st.just("2")), 3),
        appraisal=draw(
            st.dictionaries(
                st.sampled_from(APPRAISAL_KEYS),
                st.builds(AppraisalAnswer, answer=st.integers(1, 5), note=st.text(max_size=20)),
            )
        ),
        plan=some(
            st.builds(
                PlannedSession,
                id=st.just("s"),
                date=DAYS,
                start=st.none(),
                minutes=st.integers(0, 300),
                activity=optional | st.sampled_from(ACTIVITIES),
                area=optional | area,
                kind=st.sampled_from(("study", "form", "rest", "buffer")),
                done_minutes=optional | st.integers(0, 400),
            ),
            20,
        ),
        meetings=some(st.builds(Meeting, date=DAYS, with_=st.just("adviser")), 2),
    )


@given(any_records())
@settings(max_examples=150, deadline=None, derandomize=True)
def test_every_question_is_answered(record: Record) -> None:
    found = appraisal.appraise(record, TODAY)
    assert {f.dimension for f in (*found.ranked, *found.others)} <= {
        d.id for d in appraisal.dimensions()
    }
    for finding in (*found.ranked, *found.others):
        assert say_all(finding.says)
        assert all(render(r) for r in finding.said)
    triggers = appraisal.help_triggers(record, TODAY, time_needed="wobbly")
    assert "wobbly" in {x.trigger for x in triggers}
    assert len(appraisal.agenda(record, TODAY, found, triggers=triggers).items) <= 5
    appraisal.moments(record, TODAY, p_pass=0.4)
    assert len(appraisal.first_page(record, TODAY).fears) == 5
    appraisal.compare_reports(record, TODAY)
    if any(a.exam == record.exam.id and a.outcome == "fail" for a in record.attempts):
        back = appraisal.lookback(record)
        assert back.day < back.sitting.date
    appraisal.rules_of(record.misses, record.looks, appraisal.load_thresholds(record.exam.id))


def worst_case() -> Record:
    """The last sitting used, a graduate of years ago, low scores, alone."""
    sittings = tuple(
        Attempt(
            exam="usmle-step-2-ck",
            date=date(2023, 2, 1) + timedelta(days=400 * k),
            outcome="fail",
            score=180 + 3 * k,
        )
        for k in range(4)
    )
    return Record(
        learner=Learner(
            group="non-us-img", time_zone="Asia/Karachi", country="PK", degree_year=2017
        ),
        exam=ExamTarget(id="usmle-step-2-ck"),
        attempts=sittings,
        forms=(Form(family="nbme-ccssa", form="14", date=date(2026, 11, 15), score=178),),
        checkins=(Checkin(date=TODAY, phq2=5),),
    )


def test_the_hardest_record_gets_a_next_step_a_person_and_no_closed_door() -> None:
    record = worst_case()
    found = appraisal.appraise(record, TODAY)
    page = appraisal.first_page(record, TODAY)
    triggers = appraisal.help_triggers(record, TODAY)
    assert found.ranked[0].dimension == "mood"
    assert found.ranked[0].prescription is not None
    assert found.tell.code == "appraisal.tell-someone-today"
    assert [x.trigger for x in triggers][:2] == ["low-wellbeing", "fourth-attempt"]
    assert render((page.first_week or page.now)[0].who) == "your advisor"
    assert "mood-screen" in appraisal.moments(record, TODAY)
    text = " ".join(
        [
            say_all(found.says),
            *(say_all(f.says) for f in found.ranked),
            *(say_all(f.answer) for f in page.fears),
            *(say_all((*x.why, x.offer)) for x in triggers),
        ]
    ).casefold()
    for closed in ("no longer", "cannot sit", "impossible", "never", "too late", "not eligible"):
        assert closed not in text
    for false_comfort in ("will pass", "you will", "guarantee", "everything will", "don't worry"):
        assert false_comfort not in text


@pytest.mark.parametrize("field", ["forms", "blocks", "study", "checkins", "misses", "plan"])
def test_a_section_left_out_is_unknown_and_never_held_against_the_learner(field: str) -> None:
    from tests.appraisal.learners import steady

    found = appraisal.appraise(replace(steady(), **{field: ()}), TODAY)
    assert {f.dimension for f in found.ranked} <= {"assessment"}
