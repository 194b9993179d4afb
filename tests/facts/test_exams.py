"""Pass marks, shapes, norms and percentiles are those of the test date."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bounceback import facts
from bounceback.errors import FactError, FactUnknown
from bounceback.vocabulary import EXAM_IDS

ON = date(2026, 11, 22)
DAYS = st.dates(date(2012, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("exam_id", "on", "mark", "status"),
    [
        ("usmle-step-1", date(2013, 12, 31), 188, "reported"),
        ("usmle-step-1", date(2014, 1, 1), 192, "reported"),
        ("usmle-step-1", date(2022, 1, 25), 194, "official"),
        ("usmle-step-1", date(2022, 1, 26), 196, "official"),
        ("usmle-step-1", date(2027, 2, 10), 196, "official"),
        ("usmle-step-2-ck", date(2012, 7, 1), 196, "inferred"),
        ("usmle-step-2-ck", date(2022, 6, 30), 209, "official"),
        ("usmle-step-2-ck", date(2025, 6, 30), 214, "official"),
        ("usmle-step-2-ck", date(2025, 7, 1), 218, "reported"),
        ("usmle-step-3", date(2019, 12, 31), 196, "reported"),
        ("usmle-step-3", date(2023, 12, 31), 198, "official"),
        ("usmle-step-3", date(2024, 1, 1), 200, "reported"),
        ("comlex-level-1", ON, 400, "reported"),
        ("comlex-level-2-ce", ON, 400, "official"),
        ("comlex-level-3", ON, 350, "reported"),
    ],
)
def test_the_pass_mark_is_that_of_the_test_date(
    exam_id: str, on: date, mark: float, status: str
) -> None:
    found = facts.pass_mark(exam_id, on)
    assert (found.value, found.status) == (mark, status)


@pytest.mark.parametrize(
    ("exam_id", "last_number"),
    [("usmle-step-1", date(2022, 1, 25)), ("comlex-level-1", date(2022, 5, 9))],
)
def test_no_number_is_reported_once_the_exam_is_pass_or_fail(
    exam_id: str, last_number: date
) -> None:
    assert facts.pass_mark(exam_id, last_number).number_reported
    assert not facts.pass_mark(exam_id, last_number + timedelta(days=1)).number_reported


def test_the_mark_of_step_1_says_that_it_may_have_moved_unseen() -> None:
    assert "may have moved" in facts.pass_mark("usmle-step-1", ON).note


@given(st.sampled_from(EXAM_IDS), DAYS)
def test_a_mark_lies_on_the_scale_and_began_before_the_day(exam_id: str, on: date) -> None:
    mark, exam = facts.pass_mark(exam_id, on), facts.exam(exam_id)
    assert exam.scale_low < mark.value < exam.scale_high
    assert mark.in_force_from is None or mark.in_force_from <= on


@given(st.sampled_from(EXAM_IDS), DAYS, st.integers(0, 3000))
def test_a_later_day_never_gets_an_older_mark(exam_id: str, on: date, later: int) -> None:
    def begun(day: date) -> date:
        return facts.pass_mark(exam_id, day).in_force_from or date.min

    assert begun(on) <= begun(on + timedelta(days=later))


@pytest.mark.parametrize(
    ("exam_id", "on", "items", "minutes", "blocks", "total"),
    [
        ("usmle-step-1", date(2026, 5, 13), 40, 60, 7, 280),
        ("usmle-step-1", date(2026, 5, 14), 20, 30, 14, 280),
        ("usmle-step-2-ck", date(2026, 5, 6), 40, 60, 8, 318),
        ("usmle-step-2-ck", date(2026, 5, 7), 20, 30, 16, 316),
        ("usmle-step-3", date(2026, 3, 10), 20, 30, 21, 412),
        ("comlex-level-1", date(2026, 5, 6), 44, 60, 8, 352),
        ("comlex-level-1", date(2026, 5, 7), 40, 60, 8, 320),
        ("comlex-level-2-ce", date(2026, 6, 1), 40, 60, 8, 320),
        ("comlex-level-3", date(2026, 12, 31), 70, 105, 6, 420),
    ],
)
def test_the_block_shape_is_that_of_the_test_date(
    exam_id: str, on: date, items: int, minutes: float, blocks: int, total: int
) -> None:
    shape = facts.block_rhythm(exam_id, on)
    assert (shape.items_per_block, shape.minutes_per_block) == (items, minutes)
    assert (shape.blocks, shape.items) == (blocks, total)


def test_the_half_hour_blocks_kept_the_pace_of_ninety_seconds_an_item() -> None:
    before = facts.block_rhythm("usmle-step-1", date(2026, 5, 13))
    after = facts.block_rhythm("usmle-step-1", date(2026, 5, 14))
    assert before.seconds_per_item == after.seconds_per_item == 90.0


def test_a_shape_that_is_announced_without_counts_is_unknown() -> None:
    with pytest.raises(FactUnknown, match="January 2027"):
        facts.block_rhythm("comlex-level-3", date(2027, 1, 1))


def test_the_last_published_shape_serves_for_practice_and_is_called_inferred() -> None:
    practice = facts.rehearsal_rhythm("comlex-level-3", date(2027, 3, 1))
    published = facts.block_rhythm("comlex-level-3", date(2026, 12, 31))
    assert practice.items_per_block == published.items_per_block
    assert practice.confidence == "inferred"
    assert "not known" in practice.note


@given(st.sampled_from([e for e in EXAM_IDS if e != "comlex-level-3"]), DAYS)
def test_where_the_shape_is_published_practice_follows_it(exam_id: str, on: date) -> None:
    try:
        published = facts.block_rhythm(exam_id, on)
    except FactUnknown:
        return
    assert facts.rehearsal_rhythm(exam_id, on) == published


@pytest.mark.parametrize(
    ("exam_id", "on", "mean", "sd"),
    [
        ("usmle-step-1", ON, 230, 19),
        ("usmle-step-2-ck", ON, 251, 15),
        ("usmle-step-2-ck", date(2024, 9, 1), 250, 15),
        ("usmle-step-3", ON, 227, 15),
        ("comlex-level-1", ON, 520, 85),
        ("comlex-level-2-ce", ON, 520, 100),
        ("comlex-level-3", ON, 500, 123),
    ],
)
def test_norms_are_the_newest_cohort_that_has_begun(
    exam_id: str, on: date, mean: float, sd: float
) -> None:
    found = facts.norms(exam_id, on)
    assert (found.mean, found.sd) == (mean, sd)


def test_percentiles_are_those_of_the_guidelines_of_august_2026() -> None:
    on = date(2026, 8, 17)
    for score, expected in ((230, 9), (250, 44), (270, 93)):
        assert facts.percentile("usmle-step-2-ck", score, on).value == expected
    for score, expected in ((200, 4), (225, 43), (250, 93)):
        assert facts.percentile("usmle-step-3", score, on).value == expected


def test_before_the_new_guidelines_the_older_table_holds() -> None:
    assert facts.percentile("usmle-step-2-ck", 250, date(2026, 8, 16)).value == 47


@given(st.floats(160, 300), st.floats(160, 300))
def test_a_higher_score_never_has_a_lower_percentile(one: float, other: float) -> None:
    low, high = sorted((one, other))
    at = [facts.percentile("usmle-step-2-ck", s, ON).value for s in (low, high)]
    assert 0.0 <= at[0] <= at[1] <= 100.0


def test_a_percentile_outside_the_table_or_without_a_table_is_unknown() -> None:
    with pytest.raises(FactUnknown, match="outside the published table"):
        facts.percentile("usmle-step-2-ck", 120, ON)
    with pytest.raises(FactUnknown, match="no percentile table"):
        facts.percentile("comlex-level-1", 400, ON)


def test_the_error_of_measurement_is_a_number_for_usmle_and_unknown_for_comlex() -> None:
    found = {e: facts.measurement_error(e, ON).value for e in EXAM_IDS if e.startswith("usmle")}
    assert found == {"usmle-step-1": 6, "usmle-step-2-ck": 6, "usmle-step-3": 5}
    with pytest.raises(FactUnknown, match="no standard error"):
        facts.measurement_error("comlex-level-2-ce", ON)


def test_another_exam_is_refused_with_the_list() -> None:
    with pytest.raises(FactError, match="usmle-step-1, usmle-step-2-ck"):
        facts.exam("step1")
