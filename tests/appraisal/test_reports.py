from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bounceback.appraisal import compare_reports
from bounceback.appraisal.reports import AreaComparison
from bounceback.records.models import AreaResult, Record
from bounceback.vocabulary import Level
from tests.appraisal import learners
from tests.appraisal.learners import AREAS, TODAY, form


def record(profile: dict[str, Level], correct: dict[str, int], items: int = 40) -> Record:
    base = learners.steady()
    areas = {a: AreaResult(correct=k, items=items) for a, k in correct.items()}
    sitting = replace(base.attempts[0], profile=profile)
    tests = (form(learners.TODAY, 60, areas=areas),)
    return replace(base, attempts=(sitting,), forms=tests)


def by_area(found: Record) -> dict[str, AreaComparison]:
    comparison = compare_reports(found, TODAY)
    assert comparison is not None
    return {c.area: c for c in comparison.areas}


EVEN = dict.fromkeys(AREAS[:6], 26)


def test_lower_in_both_reports_is_an_area_to_act_on_and_stands_first() -> None:
    found = record({AREAS[0]: "lower", AREAS[1]: "same"}, EVEN | {AREAS[0]: 12})
    comparison = compare_reports(found, TODAY)
    assert comparison is not None
    first = comparison.areas[0]
    assert (first.area, first.agreement, first.practice) == (AREAS[0], "act", "lower")
    assert (first.correct, first.items) == (12, 40)


def test_overlapping_bars_are_the_same() -> None:
    areas = by_area(record({AREAS[0]: "same"}, EVEN | {AREAS[0]: 24}))
    assert areas[AREAS[0]].practice == "same"
    assert areas[AREAS[0]].agreement == "hold"


@pytest.mark.parametrize(("official", "correct"), [("lower", 26), ("same", 10), ("higher", 10)])
def test_reports_that_differ_ask_to_look_again(official: Level, correct: int) -> None:
    areas = by_area(record({AREAS[0]: official}, EVEN | {AREAS[0]: correct}))
    assert areas[AREAS[0]].agreement == "look-again"


def test_five_right_of_eight_is_the_same_where_twenty_five_of_forty_is_lower() -> None:
    few = by_area(record({AREAS[0]: "same"}, EVEN | {AREAS[0]: 26}))
    assert few[AREAS[0]].practice == "same"
    base = record({AREAS[0]: "same"}, dict.fromkeys(AREAS[1:6], 30))
    small = AreaResult(correct=3, items=5)
    large = AreaResult(correct=24, items=40)
    (test,) = base.forms
    for result, level in ((small, "same"), (large, "lower")):
        one = replace(test, areas={**test.areas, AREAS[0]: result})
        assert by_area(replace(base, forms=(one,)))[AREAS[0]].practice == level


def test_an_area_of_one_report_alone_is_said_to_be_one_sided() -> None:
    areas = by_area(record({AREAS[9]: "lower"}, EVEN))
    assert areas[AREAS[9]].agreement == "one-sided"
    assert areas[AREAS[0]].agreement == "one-sided"


def test_a_split_category_speaks_for_its_parts_less_surely_and_says_so() -> None:
    base = learners.anxious_on_the_day()
    sitting = replace(
        base.attempts[0], profile={"Behavioral Health & Nervous Systems/Special Senses": "lower"}
    )
    areas = by_area(replace(base, attempts=(sitting,)))
    assert len(areas) > 1
    for found in areas.values():
        assert found.official == "lower"
        assert found.official_mapping < 1
        assert not found.says.facts["is_sure"]


def test_a_category_that_was_merged_into_a_wider_one_speaks_for_it_less_surely() -> None:
    areas = by_area(record({"Respiratory System": "lower"}, EVEN))
    wider = areas["Respiratory & Renal/Urinary Systems"]
    assert wider.official == "lower"
    assert wider.official_mapping < 1
    assert not wider.says.facts["is_sure"]
    same = by_area(record({"Respiratory and Renal/Urinary Systems": "lower"}, EVEN))
    assert same["Respiratory & Renal/Urinary Systems"].official_mapping == 1


def test_disciplines_say_nothing_about_a_single_system() -> None:
    comparison = compare_reports(record({"Pathology": "lower"}, {}), TODAY)
    assert comparison is not None
    assert comparison.areas == ()


def test_without_an_official_profile_there_is_nothing_to_compare() -> None:
    assert compare_reports(learners.steady(), TODAY) is None


@given(
    st.dictionaries(
        st.sampled_from(AREAS), st.sampled_from(("lower", "same", "higher")), min_size=1
    ),
    st.dictionaries(st.sampled_from(AREAS), st.integers(0, 40), max_size=11),
)
@settings(deadline=None, derandomize=True, max_examples=60)
def test_both_reports_must_say_lower_before_an_area_is_acted_on(
    profile: dict[str, Level], correct: dict[str, int]
) -> None:
    for found in by_area(record(profile, correct)).values():
        assert (found.agreement == "act") == (found.official == found.practice == "lower")
