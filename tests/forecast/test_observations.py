"""What a record says, piece by piece (rules F8-F15)."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from bounceback import facts
from bounceback.forecast import observations
from bounceback.forecast.parameters import constants, numbers
from bounceback.records.models import Attempt, Block, Form, PlannedSession, Record, Study
from tests.forecast.cases import AREAS, AS_OF, FAILED, TEST, failing, form

C = constants("usmle-step-1", "us-md", TEST, retaker=True)
INDEX = observations.area_index(C, AS_OF)


def sat(**more: object) -> observations.Observation:
    attempt = Attempt(exam="usmle-step-1", date=FAILED, outcome="fail")
    return observations.sitting(replace(attempt, **more), C, INDEX, 0.1)  # type: ignore[arg-type]


def test_distances_of_a_failing_report_are_neighbours_without_gap_or_overlap() -> None:
    line = C.log_distance(195.5)
    near, moderate, far = (sat(distance_below_pass=d) for d in ("near", "moderate", "far"))
    assert near.low == pytest.approx(line)
    assert near.high == moderate.low
    assert moderate.high == far.low
    assert far.high == math.inf
    assert (sat().low, sat().high) == (near.low, math.inf)


def test_a_pass_is_the_other_side_of_the_same_line() -> None:
    passed = sat(outcome="pass")
    assert passed.low == -math.inf
    assert passed.high == sat().low


def test_a_reported_number_speaks_instead_of_the_interval() -> None:
    told = sat(score=180.0)
    assert told.value == pytest.approx(math.log(C.ceiling - 180.0))
    assert told.low is None
    assert told.variance == pytest.approx(C.sitting_sd**2 + C.mark_sd**2 + C.day_sd**2)


def test_an_incomplete_sitting_says_nothing() -> None:
    out = sat(outcome="incomplete")
    assert out.value is None
    assert out.low is None


def test_a_profile_orders_its_areas_and_leaves_the_others_alone() -> None:
    weak, strong = list(INDEX)[:2]
    out = sat(profile={weak: "lower", strong: "higher"})
    assert out.area_value is not None
    assert out.area_value[INDEX[weak]] > out.area_value[INDEX[strong]]
    assert math.isnan(out.area_value[INDEX[list(INDEX)[4]]])


def seen(**more: object) -> observations.Observation:
    return observations.form(form(**more), C, INDEX)  # type: ignore[arg-type]


def test_a_forms_total_is_read_through_the_published_conversion() -> None:
    told = form(above=2)
    line = facts.conversion("nbme-cbssa", "usmle-step-1", told.date)
    out = observations.form(told, C, INDEX)
    assert told.score is not None
    assert out.reported == pytest.approx(line.to_reported(told.score))
    assert out.value == pytest.approx(math.log(C.ceiling - out.reported))


def test_a_printed_chance_is_used_only_without_a_total() -> None:
    with_total, without = seen(printed_p_pass=0.9), seen(score=None, printed_p_pass=0.9)
    assert with_total.value == seen().value
    assert [f.code for f in without.flags] == ["forecast.read-from-printed-chance"]
    low = seen(score=None, printed_p_pass=0.2)
    assert low.value > C.log_mark > without.value  # type: ignore[operator]


@pytest.mark.parametrize(
    ("condition", "flag"),
    [
        ({"timed": False}, "forecast.untimed"),
        ({"interrupted": True}, "forecast.interrupted"),
        ({"repeat": True}, "forecast.taken-before"),
    ],
)
def test_conditions_widen_and_never_raise_what_a_form_says(
    condition: dict[str, bool], flag: str
) -> None:
    plain, other = seen(), seen(**condition)
    assert [f.code for f in other.flags] == [flag]
    assert other.variance > 1.5 * plain.variance
    assert other.value >= plain.value  # type: ignore[operator]


def test_area_results_are_told_against_the_forms_own_total() -> None:
    out = seen(areas=AREAS)
    assert out.area_value is not None
    assert out.area_value[INDEX["Cardiovascular System"]] > 0
    assert out.area_value[INDEX["Gastrointestinal System"]] < 0


def blocks(n: int, **more: object) -> list[observations.Observation]:
    told = [
        Block(date=AS_OF - timedelta(days=7 * i), bank="uworld", items=40, correct=22, minutes=60)
        for i in range(n)
    ]
    return observations.blocks(
        [replace(b, **more) for b in told],  # type: ignore[arg-type]
        C,
        INDEX,
    )


def test_weeks_of_one_bank_together_never_say_more_than_its_bias_allows() -> None:
    bias = C.parameter["block_bias_sd_percent"] * C.parameter["block_reported_per_percent"]
    for n in (1, 4, 12):
        precision = sum(1.0 / o.variance for o in blocks(n))
        assert precision < 1.0 / (bias * C.log_points) ** 2


def test_a_tutor_block_or_a_second_pass_reads_lower_and_wider() -> None:
    plain = blocks(1)[0]
    for more in ({"mode": "tutor"}, {"first_pass": False}):
        other = blocks(1, **more)[0]
        assert other.reported < plain.reported  # type: ignore[operator]
        assert other.variance > plain.variance
        assert other.flags


def diary(record: Record) -> observations.WorkDiary:
    return observations.WorkDiary(record, C, AS_OF)


def day(n: int) -> date:
    return AS_OF - timedelta(days=n)


def test_study_speaks_before_ticks_and_ticks_before_blocks() -> None:
    block = Block(date=day(1), bank="uworld", items=40, correct=20, minutes=200)
    tick = PlannedSession(id="a", date=day(1), minutes=300, activity="questions", done_minutes=150)
    study = Study(date=day(1), minutes=90, activity="questions")
    for record, raw in (
        (replace(failing(), blocks=(block,)), 200.0),
        (replace(failing(), blocks=(block,), plan=(tick,)), 150.0),
        (replace(failing(), blocks=(block,), plan=(tick,), study=(study,)), 90.0),
    ):
        assert observations.known_work(record, C, AS_OF)[day(1)].raw == raw


def test_reading_counts_for_less_than_questions() -> None:
    def effort(activity: str) -> float:
        study = Study(date=day(2), minutes=300, activity=activity)  # type: ignore[arg-type]
        return diary(failing(study=[study])).between(day(2), day(1)).effort

    assert (
        0
        < effort("reading")
        < effort("questions")
        == pytest.approx(float(C.law.effective_days(np.array([300.0]))[0]))
    )


def test_a_gap_of_a_few_days_in_a_log_is_rest_and_a_long_one_is_unknown() -> None:
    logged = [Study(date=day(n), minutes=300, activity="questions") for n in (40, 36, 10)]
    d = diary(failing(study=logged))
    rest = d.between(day(39), day(36))
    unknown = d.between(day(30), day(20))
    assert (rest.effort, rest.guess_mean, rest.guess_variance) == (0.0, 0.0, 0.0)
    assert unknown.unworked_days == 0.0
    assert unknown.guess_mean > 0
    assert unknown.guess_variance > 0


def test_the_weeks_work_holds_its_rest_days_and_no_longer() -> None:
    """Two hours on each of five days hold the week; one hour in six days leaves most unheld."""
    full = [Study(date=day(n), minutes=120, activity="questions") for n in (50, 49, 48, 47, 46, 43)]
    thin = [Study(date=day(n), minutes=60, activity="questions") for n in (50, 44)]
    assert diary(failing(study=full)).between(day(50), day(43)).unworked_days == 0.0
    held = [1 - 60 / n / 60 for n in (1, 2, 3, 4, 5, 6)]
    assert diary(failing(study=thin)).between(day(50), day(44)).unworked_days == pytest.approx(
        sum(held)
    )


def test_after_a_failure_unrecorded_days_hold_part_of_a_typical_retakes_work() -> None:
    failed, never = failing(), replace(failing(), attempts=())
    after, first = (diary(r).between(day(20), day(10)) for r in (failed, never))
    typical = numbers("usmle-step-1")
    pace = typical["typical_retake_effective_days"] / typical["typical_retake_days"]
    assert first.guess_mean < after.guess_mean < 10 * pace
    assert after.guess_variance > first.guess_variance


def test_a_long_silence_holds_the_level_and_widens_it() -> None:
    """After a typical retake's weeks without a word no more work is expected; a form is a word."""
    typical = int(numbers("usmle-step-1")["typical_retake_days"])
    last = replace(failing(), attempts=(replace(failing().attempts[0], date=day(500)),))
    d = diary(last)
    heard = round(facts.release("usmle-step-1", AS_OF).typical_weeks * 7)
    end = day(500 - heard - typical)
    first, after = (
        d.between(end - timedelta(days=10), end),
        d.between(end, end + timedelta(days=300)),
    )
    assert first.guess_mean > 0.0
    assert (after.effort, after.guess_mean, after.unworked_days) == (0.0, 0.0, 0.0)
    assert after.guess_variance == pytest.approx(30 * first.guess_variance)
    with_form = diary(replace(last, forms=(form(days_ago=60),)))
    assert with_form.between(day(60), day(50)).guess_mean == pytest.approx(first.guess_mean)


def test_weeks_of_waiting_are_without_work_and_weeks_before_a_sitting_are_not() -> None:
    d = diary(failing())
    waiting = d.between(FAILED, FAILED + timedelta(days=14))
    before = d.between(FAILED - timedelta(days=14), FAILED)
    assert waiting.unworked_days == 14.0
    assert waiting.effort == waiting.guess_mean == 0.0
    assert before.effort > 0
    assert before.guess_mean == 0.0


def test_a_sitting_still_ahead_says_nothing_of_the_days_before_it() -> None:
    record = failing()
    ahead = replace(record.attempts[0], date=AS_OF + timedelta(days=10))
    told, untold = diary(replace(record, attempts=(*record.attempts, ahead))), diary(record)
    assert told.between(day(20), AS_OF).effort == untold.between(day(20), AS_OF).effort == 0.0


def test_stated_hours_before_a_sitting_are_used_and_stay_uncertain() -> None:
    def prepared(hours: float | None) -> observations.Work:
        record = failing()
        told = replace(record.attempts[0], hours_per_day=hours)
        return diary(replace(record, attempts=(told,))).between(day(110), day(100))

    few, many, unknown = prepared(3.0), prepared(10.0), prepared(None)
    assert few.effort < many.effort
    assert min(w.guess_variance for w in (few, many, unknown)) > 0


def test_every_piece_is_dated_up_to_the_day_and_in_order() -> None:
    later = Form(family="nbme-cbssa", form="z", date=AS_OF + timedelta(days=1), score=70.0)
    record = failing(forms=[form(days_ago=2, label="b"), later, form(days_ago=9, label="a")])
    found = observations.observations(record, C, AS_OF)
    assert [(o.kind, o.subject, o.label) for o in found] == [
        ("attempt", "usmle-step-1", ""),
        ("practice-test", "nbme-cbssa", "a"),
        ("practice-test", "nbme-cbssa", "b"),
    ]
