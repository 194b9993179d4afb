from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bounceback.appraisal import (
    cause_table,
    confusion_pairs,
    load_thresholds,
    quick_miss,
    repeated_options,
)
from bounceback.appraisal.misses import REASONING_CAUSES
from bounceback.errors import QuestionError
from bounceback.records.models import Miss
from bounceback.vocabulary import CAUSES

T = load_thresholds("usmle-step-1")
DAY = date(2026, 11, 16)

some_misses = st.lists(
    st.builds(
        Miss,
        date=st.dates(date(2026, 9, 1), date(2026, 11, 22)),
        cause=st.sampled_from(CAUSES),
        area=st.sampled_from((None, "Cardiovascular System", "Gastrointestinal System")),
    ),
    max_size=50,
)


@given(some_misses)
def test_every_margin_of_the_cause_table_adds_up_to_the_misses(misses: list[Miss]) -> None:
    table = cause_table(misses)
    assert sum(table.by_cause().values()) == len(misses)
    assert sum(table.by_area().values()) == len(misses)
    assert sum(n for _, n in table.by_week().values()) == len(misses)
    assert list(table.by_cause()) == list(CAUSES)


def test_reasoning_causes_have_their_own_count_by_week() -> None:
    misses = [
        Miss(date=DAY, cause="anchored"),
        Miss(date=DAY, cause="slip"),
        Miss(date=DAY + timedelta(days=7), cause="narrowed-wrong"),
    ]
    weeks = cause_table(misses).by_week(REASONING_CAUSES)
    assert weeks == {DAY: (1, 2), DAY + timedelta(days=7): (1, 1)}


def test_the_same_wrong_option_again_is_listed_and_another_option_is_not() -> None:
    misses = [
        Miss(date=DAY, cause="slip", item="u:1", chosen="B"),
        Miss(date=DAY + timedelta(days=9), cause="slip", item="u:1", chosen="B"),
        Miss(date=DAY, cause="slip", item="u:2", chosen="A"),
        Miss(date=DAY + timedelta(days=9), cause="slip", item="u:2", chosen="C"),
    ]
    (found,) = repeated_options(misses)
    assert (found.item, found.chosen, found.times) == ("u:1", "B", 2)


@pytest.mark.parametrize(
    "rule",
    [
        "Nephrotic, normal light microscopy: minimal change, not membranous",
        "membranous vs minimal change",
        "Minimal change / Membranous: look at the age",
    ],
)
def test_a_rule_that_sets_two_things_apart_is_read_as_a_pair(rule: str) -> None:
    (pair,) = confusion_pairs([Miss(date=DAY, cause="misconception", rule=rule)])
    assert pair.names == ("membranous", "minimal change")


def test_a_rule_without_two_names_is_no_pair() -> None:
    rule = "Read the last sentence first and do not hurry into the first answer that looks right"
    assert confusion_pairs([Miss(date=DAY, cause="misread", rule=rule)]) == ()


def test_a_miss_needs_cause_area_and_confidence_alone() -> None:
    miss = quick_miss(DAY, "misread", area="Cardiovascular System", confidence=3, t=T)
    assert (miss.cause, miss.confidence, miss.rule) == ("misread", 3, None)


@pytest.mark.parametrize(
    "paste", ["A 54-year-old man comes to the physician " * 8, "Line one\nA. First\nB. Second"]
)
def test_a_pasted_question_is_refused_with_the_reason(paste: str) -> None:
    with pytest.raises(QuestionError, match="Questions belong to their bank"):
        quick_miss(DAY, "misread", rule=paste, t=T)


def test_a_confidence_outside_one_to_four_is_refused() -> None:
    with pytest.raises(QuestionError, match="allowed: 1 to 4"):
        quick_miss(DAY, "slip", confidence=5, t=T)
