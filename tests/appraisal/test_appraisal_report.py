from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bounceback import facts
from bounceback.appraisal import appraise, dimensions, load_thresholds
from bounceback.appraisal.core_indicators import is_right_person
from bounceback.appraisal.evidence_indicators import sd_below_mark
from bounceback.appraisal.record_queries import practice_test
from bounceback.planning.parameters import rules_for
from bounceback.reasons import reason
from bounceback.records import as_seen_on
from bounceback.records.models import (
    AppraisalAnswer,
    Attempt,
    Block,
    Checkin,
    Form,
    ItemTrace,
    Miss,
    Record,
    Study,
)
from bounceback.vocabulary import CAUSES
from tests.appraisal import learners
from tests.appraisal.learners import SINCE, TODAY, Expected, everyone

PLAN = facts.parameters("plan", "usmle-step-1")


@pytest.mark.parametrize("expected", everyone(), ids=lambda e: e.name.replace(" ", "-"))
def test_the_first_finding_is_the_habit_the_record_was_written_to_show(expected: Expected) -> None:
    first = appraise(expected.record, TODAY).ranked[0]
    assert first.dimension == expected.dimension
    assert expected.part in ("", first.part)


@pytest.mark.parametrize("expected", everyone(), ids=lambda e: e.name.replace(" ", "-"))
def test_the_first_finding_moves_the_plan_as_stated(expected: Expected) -> None:
    change = appraise(expected.record, TODAY).prescriptions[0]
    assert (change.parameter, change.value) == (expected.parameter, expected.value)
    planned = PLAN[change.parameter]
    assert "prescribable" in planned.note
    assert planned.unit == change.unit
    assert planned.value != change.value, "the plan would not move"
    rules = rules_for(expected.record.exam.id, [change])
    assert rules[change.parameter] == change.value
    assert rules.prescribed[change.parameter] == change.why


@pytest.mark.parametrize(
    ("record", "code", "seconds"),
    [
        (learners.hurried_reader(), "appraisal.measured-hurried", 45),
        (learners.slow_reader(), "appraisal.measured-slow", 120),
    ],
)
def test_how_long_misses_took_is_told_with_the_seconds_that_the_exam_gives(
    record: Record, code: str, seconds: float
) -> None:
    first = appraise(record, TODAY).ranked[0]
    assert first.measure is not None
    says = first.measure.says
    assert (says.code, says.facts["misses"], says.facts["n"]) == (code, 24, 48)
    assert (round(says.facts["seconds"]), says.facts["pace"]) == (seconds, 90)  # type: ignore[call-overload]


def test_misses_without_their_seconds_say_nothing_about_haste() -> None:
    record = learners.hurried_reader()
    few = tuple(
        replace(m, seconds=m.seconds if i < 20 else None) for i, m in enumerate(record.misses)
    )
    for misses in (few, tuple(replace(m, seconds=85) for m in record.misses)):
        found = appraise(replace(record, misses=misses), TODAY)
        assert all(f.dimension != "pacing" for f in found.ranked)


def test_an_over_worker_is_capped_below_the_logged_hours() -> None:
    found = appraise(learners.over_worker(), TODAY)
    first = found.ranked[0]
    assert first.measure is not None
    assert first.measure.value == 12.0
    assert found.prescriptions[0].value < first.measure.value  # type: ignore[operator]


def test_a_steady_learner_hears_of_nothing_and_of_one_thing_done_well() -> None:
    found = appraise(learners.steady(), TODAY)
    assert found.ranked == ()
    assert found.says[0].code == "appraisal.nothing-stands-out"
    assert found.done_well


def test_all_nineteen_dimensions_are_answered_or_said_to_be_unknown() -> None:
    found = appraise(learners.steady(), TODAY)
    seen = {f.dimension for f in (*found.ranked, *found.others)}
    # Findings on the date need a failed sitting, which the steady learner has.
    assert seen == {d.id for d in dimensions()}
    assert len(dimensions()) == 19


@pytest.mark.parametrize("expected", everyone(), ids=lambda e: e.name.replace(" ", "-"))
def test_three_findings_are_shown_and_one_change_a_parameter(expected: Expected) -> None:
    found = appraise(expected.record, TODAY)
    assert len(found.largest) <= 3
    parameters = [p.parameter for p in found.prescriptions]
    assert len(parameters) == len(set(parameters))


def test_effort_comes_after_strategy_load_access_and_knowledge() -> None:
    ranked = appraise(learners.plan_too_large(), TODAY).ranked
    kinds = [f.kind for f in ranked]
    assert "effort" in kinds
    weights = {f.kind: f.severity for f in ranked}
    assert weights["effort"] > min(weights.values()), "effort is not last by its size"
    first_effort = kinds.index("effort")
    top_of_other_dimensions = {f.dimension for f in ranked[:first_effort]}
    assert top_of_other_dimensions >= {"cards"}


def test_a_mood_screen_at_its_cut_comes_before_any_study_finding() -> None:
    found = appraise(learners.low_mood(), TODAY)
    assert found.ranked[0].kind == "safety"
    assert found.tell.code == "appraisal.tell-someone-today"


def test_words_against_the_record_show_both_without_a_verdict() -> None:
    first = appraise(learners.words_against_record(), TODAY).ranked[0]
    assert first.said[0].facts["answer"] == 5
    assert first.said[0].facts["note"] == "I always began with the worst."
    assert first.measure is not None
    assert first.measure.says.facts["spent"] < 0.01  # type: ignore[operator]
    assert first.says[-1].code == "appraisal.answer-and-log-differ"


def test_low_words_and_a_good_record_ask_which_is_nearer() -> None:
    record = replace(learners.steady(), appraisal={"weaknesses": AppraisalAnswer(answer=1)})
    found = appraise(record, TODAY)
    look = next(f for f in found.ranked if f.dimension == "weaknesses")
    assert look.state == "look-again"
    assert look.confidence == "low"
    assert [r.code for r in look.says] == [
        "appraisal.answer-low",
        "appraisal.log-reads-otherwise",
    ]


def test_hours_remembered_and_hours_logged_stand_side_by_side() -> None:
    first = appraise(learners.remembers_more_hours(), TODAY).ranked[0]
    (says,) = first.says
    assert says.code == "appraisal.effort-remembered-other-hours"
    assert says.facts["remembered_minutes"] == 8 * 60
    assert 195 <= says.facts["logged_minutes"] < 225  # type: ignore[operator]


def test_an_unfair_exam_is_heard_kindly_and_turned_to_what_can_change() -> None:
    found = appraise(learners.unfair_exam(), TODAY)
    assert found.wrote_unfair
    assert found.largest
    assert not appraise(learners.steady(), TODAY).wrote_unfair


def test_words_alone_are_never_more_than_low_confidence() -> None:
    answers = {d.id: AppraisalAnswer(answer=1) for d in dimensions()}
    found = appraise(learners.too_little_data(), TODAY, answers)
    for finding in (*found.ranked, *found.others):
        if finding.measure is not None and finding.measure.value is None:
            assert finding.confidence == "low"
            assert finding.measure.says.code in {
                "appraisal.too-few",
                "appraisal.not-asked-who-chose",
                "appraisal.no-attempt-to-compare",
            }


@pytest.mark.parametrize("days", [1, 5, 9])
def test_fewer_than_ten_days_of_study_give_no_measured_finding_on_habits(days: int) -> None:
    study = learners.over_worker().study
    chosen = set(sorted({s.date for s in study})[:days])
    record = replace(
        learners.steady(), study=tuple(s for s in study if s.date in chosen), blocks=()
    )
    found = appraise(record, TODAY)
    habits = ("effort", "weaknesses", "cards", "active-passive")
    for finding in (*found.ranked, *found.others):
        if finding.dimension in habits:
            assert finding.measure is not None
            assert finding.measure.value is None


def test_fewer_than_two_hundred_questions_give_no_finding_on_pacing() -> None:
    record = learners.slow_finisher()
    found = appraise(replace(record, blocks=record.blocks[:9]), TODAY)
    pacing = next(f for f in found.others if f.dimension == "pacing")
    assert pacing.measure is not None
    assert pacing.measure.says == reason(
        "appraisal.too-few", n=180, need=200, what="questions-with-trace"
    )


def test_an_answer_to_a_sub_question_is_kept_apart_from_its_neighbour() -> None:
    answers = {
        "help.asked": AppraisalAnswer(answer=5),
        "help.right-person": AppraisalAnswer(answer=1),
    }
    found = appraise(learners.too_little_data(), TODAY, answers)
    parts = {f.part: f for f in (*found.ranked, *found.others) if f.dimension == "help"}
    assert parts["asked"].state == "kept-well"
    assert parts["right-person"].state == "held-back"


def test_talking_with_friends_alone_names_the_right_person() -> None:
    talks = tuple(
        Checkin(date=learners.SINCE + timedelta(days=k), contact="a friend") for k in range(28)
    )
    ranked = appraise(replace(learners.steady(), checkins=talks), TODAY).ranked
    assert (ranked[0].dimension, ranked[0].part) == ("help", "right-person")


def test_no_log_of_contacts_is_unknown_and_not_loneliness() -> None:
    found = appraise(learners.steady(), TODAY)
    help_ = [f for f in (*found.ranked, *found.others) if f.dimension == "help"]
    assert {f.state for f in help_} == {"unknown"}


def test_a_habit_that_changed_since_the_sitting_is_not_held_against_the_learner() -> None:
    before = learners.studied(
        learners.BEFORE, learners.SITTING - timedelta(days=1), (("video", 300), ("questions", 60))
    )
    record = learners.steady()
    found = appraise(replace(record, study=(*before, *record.study)), TODAY)
    active = next(f for f in found.others if f.dimension == "active-passive")
    assert active.state == "kept-well"
    assert [r.code for r in active.says] == ["appraisal.changed-since-attempt"]


def test_a_second_failure_counts_one_level_lower() -> None:
    record = replace(learners.steady(), forms=(learners.form(date(2026, 11, 14), 57),))
    earlier = Attempt(exam="usmle-step-1", date=date(2026, 3, 1), outcome="fail")
    twice = replace(record, attempts=(earlier, *record.attempts))
    assert "foundation" not in {f.dimension for f in appraise(record, TODAY).ranked}
    assert "foundation" in {f.dimension for f in appraise(twice, TODAY).ranked}


@pytest.mark.parametrize("expected", everyone(), ids=lambda e: e.name.replace(" ", "-"))
@pytest.mark.parametrize("back", [0, 9, 40])
def test_evidence_after_the_day_changes_nothing(expected: Expected, back: int) -> None:
    day = TODAY - timedelta(days=back)
    seen, _ = as_seen_on(expected.record, day)
    assert appraise(expected.record, day) == appraise(seen, day)


def test_next_check_is_a_week_later() -> None:
    assert appraise(learners.steady(), TODAY).next_check == TODAY + timedelta(days=7)


@st.composite
def records(draw: st.DrawFn) -> Record:
    """Records with any amount of evidence of any kind, answers included."""
    base = draw(st.sampled_from([e.record for e in everyone()]))
    days = st.dates(date(2026, 6, 1), TODAY)
    study = draw(
        st.lists(
            st.builds(
                Study,
                date=days,
                minutes=st.floats(0, 900),
                activity=st.sampled_from(("questions", "cards", "reading", "video", "other")),
                area=st.sampled_from((None, *learners.AREAS)),
            ),
            max_size=60,
        )
    )
    misses = draw(
        st.lists(
            st.builds(
                Miss,
                date=days,
                cause=st.sampled_from(CAUSES),
                confidence=st.sampled_from((None, 1, 2, 3, 4)),
                item=st.sampled_from((None, "a", "b", "c")),
                chosen=st.sampled_from((None, "A", "B")),
            ),
            max_size=60,
        )
    )
    keys = st.sampled_from(
        ("effort", "weaknesses", "resources", "assessment", "help", "cards", "timeline")
    )
    answers = draw(
        st.dictionaries(keys, st.builds(AppraisalAnswer, answer=st.integers(1, 5)), max_size=7)
    )
    return replace(base, study=tuple(study), misses=tuple(misses), appraisal=answers)


@given(records())
@settings(max_examples=60, deadline=None, derandomize=True)
def test_any_record_gets_ranked_findings_with_at_most_one_change_each(record: Record) -> None:
    found = appraise(record, TODAY)
    safety_done = False
    for finding in found.ranked:
        assert finding.severity > 0
        if finding.kind != "safety":
            safety_done = True
        assert not (finding.kind == "safety" and safety_done)
        if finding.prescription is not None:
            rules_for(record.exam.id, [finding.prescription])
    firsts = []
    for finding in found.ranked:
        if finding.dimension not in {f.dimension for f in firsts}:
            firsts.append(finding)
    assert list(found.ranked[: len(firsts)]) == firsts


@pytest.mark.parametrize("remembered", [None, 3.0])
@pytest.mark.parametrize("hours", [None, 180.0])
def test_low_effort_without_long_days_never_shortens_the_day(
    remembered: float | None, hours: float | None
) -> None:
    """ "1 of 5" may mean too few hours: the log or the memory of long days alone brings a cap."""
    record = learners.steady()
    record = replace(
        record,
        attempts=(replace(record.attempts[0], hours_per_day=remembered),),
        study=() if hours is None else learners.studied(SINCE, TODAY, (("questions", hours),)),
        appraisal={"effort": AppraisalAnswer(answer=1)},
    )
    appraisal = appraise(record, TODAY)
    (found,) = [f for f in appraisal.ranked if (f.dimension, f.part) == ("effort", "hours")]
    assert found.prescription is not None
    assert found.prescription.parameter == "session_minutes"


@pytest.mark.parametrize(
    ("who", "right"),
    [
        ("programme director", True),
        ("Program Director", True),
        ("chief resident", True),
        ("the dean", True),
        ("disability office", True),
        ("Deanna, a friend", False),
        ("mother", False),
    ],
)
def test_who_can_change_plan_date_or_access(who: str, right: bool) -> None:
    assert is_right_person(who) is right


def test_the_weekly_gain_and_what_the_date_asks_for_are_points_of_one_family() -> None:
    record = replace(
        learners.steady(),
        forms=(
            learners.form(date(2026, 10, 30), 58, "30"),
            learners.form(date(2026, 11, 13), 60, "31"),
            Form(family="uwsa", form="1", date=date(2026, 11, 18), score=180),
        ),
    )
    appraisal = appraise(record, TODAY)
    found = next(f for f in (*appraisal.ranked, *appraisal.others) if f.part == "ahead")
    assert found.measure is not None
    facts = found.measure.says.facts
    assert facts["test"] == practice_test("nbme-cbssa", "", "usmle-step-1")
    assert facts["gain"] == pytest.approx(1.0)


def test_an_untimed_test_before_the_sitting_moves_no_level_after_it() -> None:
    record = learners.steady()
    untimed = learners.form(date(2026, 9, 10), 60, "30", timed=False)
    with_it = replace(record, forms=(untimed,))
    without = replace(record, forms=())

    def depth(r: Record) -> float | None:
        return sd_below_mark(r, TODAY, load_thresholds("usmle-step-1")).value

    assert depth(with_it) == depth(without)
    after = replace(record, forms=(replace(untimed, date=date(2026, 11, 10)),))
    timed = replace(record, forms=(replace(untimed, date=date(2026, 11, 10), timed=True),))
    assert depth(after) == pytest.approx((depth(timed) or 0.0) + 0.55)


@pytest.mark.parametrize(("blank", "held"), [(0, False), (1, False), (2, True)])
def test_questions_left_blank_at_the_end_of_a_block_are_a_finding_on_pacing(
    blank: int, held: bool
) -> None:
    """Ten blocks of 20; from 1 of 100 questions on (2 blocks of 20 with one blank each)."""

    def block(day: date, blanks: int) -> Block:
        trace = tuple(
            ItemTrace(position=p, correct=p % 3 > 0 and p <= 20 - blanks,
                      chosen=None if p > 20 - blanks else "A")
            for p in range(1, 21)
        )  # fmt: skip
        right = sum(bool(i.correct) for i in trace)
        return Block(date=day, bank="uworld", items=20, correct=right, minutes=30, trace=trace)

    days = learners.weekdays(SINCE, TODAY)[:10]
    blocks = tuple(block(day, 1 if i < blank else 0) for i, day in enumerate(days))
    appraisal = appraise(replace(learners.steady(), blocks=blocks), TODAY)
    found = [f for f in appraisal.ranked if f.dimension == "pacing"]
    assert bool(found) is held
    if held:
        assert found[0].measure is not None
        says = found[0].measure.says
        assert (says.code, says.facts["blank"]) == ("appraisal.measured-blank", 2)
        assert says.facts["items"] == 200
