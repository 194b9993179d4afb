"""How days, shares, chances and practice tests are said."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bounceback import facts
from bounceback.messages.formatting import (
    ACTIVITY_WORDS,
    day_words,
    form_words,
    of_ten,
    session_words,
    side_by_side,
)
from bounceback.vocabulary import ACTIVITIES, EXAM_IDS, SESSION_KINDS, ExamId


@pytest.mark.parametrize(
    ("p", "said"),
    [
        (0.0, "fewer than 1 in 100"),
        (0.004, "fewer than 1 in 100"),
        (0.04, "about 4 in 100"),
        (0.06, "about 1 in 10"),
        (0.5, "about 5 in 10"),
        (0.94, "about 9 in 10"),
        (0.96, "about 96 in 100"),
        (0.996, "about 99 in 100"),
        (1.0, "about 99 in 100"),
    ],
)
def test_a_chance_is_a_count_and_never_a_certainty(p: float, said: str) -> None:
    assert of_ten(p) == said


@pytest.mark.parametrize(
    ("chances", "said"),
    [
        ((0.62, 0.81), ("about 6 in 10", "about 8 in 10")),
        ((0.86, 0.93), ("about 86 in 100", "about 93 in 100")),
        ((0.861, 0.863), ("about 9 in 10", "about 9 in 10")),
        ((0.62, 0.86, 0.93), ("about 62 in 100", "about 86 in 100", "about 93 in 100")),
        ((), ()),
    ],
)
def test_chances_side_by_side_are_of_a_hundred_where_tens_would_hide_the_difference(
    chances: tuple[float, ...], said: tuple[str, ...]
) -> None:
    assert side_by_side(chances) == said


@given(st.floats(0, 1), st.floats(0, 1))
@settings(derandomize=True)
def test_two_chances_a_count_of_a_hundred_apart_never_read_the_same(a: float, b: float) -> None:
    if round(100 * a) != round(100 * b) and min(a, b) >= 0.01 and max(a, b) <= 0.99:
        first, second = side_by_side((a, b))
        assert first != second


@given(st.floats(0, 1))
@settings(derandomize=True)
def test_no_share_is_said_as_none_or_all_of_a_count(p: float) -> None:
    said = of_ten(p)
    assert " 0 of" not in said
    assert "10 of 10" not in said
    assert "100 of 100" not in said


def test_a_day_is_said_without_a_locale() -> None:
    assert day_words(date(2026, 3, 4)) == "March 4, 2026"
    assert day_words(date(2027, 1, 8), weekday=True, year=False) == "Friday, January 8"


@pytest.mark.parametrize("exam", EXAM_IDS)
def test_every_practice_test_goes_by_its_name(exam: ExamId) -> None:
    for family in facts.form_families(exam):
        if family != "school":
            said = form_words(family, "31", exam)
            assert family not in said
            assert "31" in said


@pytest.mark.parametrize(
    ("family", "label", "said"),
    [
        ("nbme-cbssa", "31", "NBME 31"),
        ("nbme-cbssa", "", "NBME"),
        ("free-120", "2026", "Free 120 (2026)"),
        ("my-own-test", "1", "my-own-test 1"),
    ],
)
def test_a_practice_test_is_said_by_its_short_name(family: str, label: str, said: str) -> None:
    assert form_words(family, label, "usmle-step-1") == said


def test_every_session_has_a_name_and_recall_is_not_any_other_work() -> None:
    for kind in SESSION_KINDS:
        assert session_words(kind, None)
    for activity in ACTIVITIES:
        assert session_words("study", activity)
    assert session_words("study", "other") == "Write from memory"
    assert ACTIVITY_WORDS["other"] == "Extra study"
