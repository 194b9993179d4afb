"""What a record says, piece by piece (rules F8-F15)."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

import pytest

from bounceback import facts
from bounceback.forecast import observations
from bounceback.forecast.parameters import constants
from bounceback.records.models import Attempt, Block, Form
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


def test_every_piece_is_dated_up_to_the_day_and_in_order() -> None:
    later = Form(family="nbme-cbssa", form="z", date=AS_OF + timedelta(days=1), score=70.0)
    record = failing(forms=[form(days_ago=2, label="b"), later, form(days_ago=9, label="a")])
    found = observations.observations(record, C, AS_OF)
    assert [(o.kind, o.subject, o.label) for o in found] == [
        ("attempt", "usmle-step-1", ""),
        ("practice-test", "nbme-cbssa", "a"),
        ("practice-test", "nbme-cbssa", "b"),
    ]
