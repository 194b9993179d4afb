"""How numbers and names are said."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bounceback import facts
from bounceback.messages.briefing_text import (
    day_words,
    future_sentence,
    futures_count,
    futures_sentence,
    group_sentence,
    more_of_hundred,
    narrowing_sentence,
    rough_share,
    ten_range,
    waiting_sentence,
    with_names,
)
from bounceback.planning.what_if import Future, Lever
from bounceback.records import models as v
from bounceback.services import Briefing, briefing
from bounceback.vocabulary import WEEKDAYS
from tests.services.builders import TODAY, known


def test_the_ten_futures_are_counted_and_one_who_does_not_pass_is_opened() -> None:
    found = briefing(known()["step1-us-md-wobbly"], TODAY).levers
    assert found
    for lever in found:
        n = sum(f.passes for f in lever.futures)
        shown = {0: "none", 10: "all"}.get(n, str(n))
        assert futures_count(lever).startswith(f"{shown} of the ten pass")
        for f in lever.futures:
            said = future_sentence(f)
            assert said.startswith(f"Simulated student {f.learner} ")
            assert ("doesn't pass" in said) == (not f.passes)
            assert f.why in said


def test_who_gives_the_test_that_would_narrow_the_range_stands_beside_its_name() -> None:
    b = briefing(known()["step1-us-md-wobbly"], TODAY)
    best = b.narrowing[0]
    publisher = facts.form_family(best.family, b.record.exam.id).publisher
    assert best.share_removed > 0.02
    assert f"({publisher}) by {day_words(best.by)}" in narrowing_sentence(b)


def with_hours(minutes: int | None) -> Briefing:
    """The wobbly case with so many minutes on every weekday; ``None``: none on record."""
    hours = None if minutes is None else v.Availability(minutes=dict.fromkeys(WEEKDAYS, minutes))
    case = known()["step1-us-md-wobbly"]
    exam = replace(case.exam, eligibility=None)
    return briefing(replace(case, availability=hours, exam=exam, plan=()), TODAY)


def test_where_more_is_forgotten_than_learned_a_page_says_that_waiting_does_not_help() -> None:
    few, none = waiting_sentence(with_hours(20)), waiting_sentence(with_hours(None))
    for said in (few, none):
        assert said.startswith("A later date isn't better")
        assert "you'd forget more than you'd learn" in said
    assert few.endswith("More study hours each week would change that.")
    assert none.endswith("Study hours each week would change that.")
    assert waiting_sentence(with_hours(120)) == ""


def lever(change: str, passing: int) -> Lever:
    futures = tuple(
        Future(
            learner=n,
            lever="hours",
            passes=n > 10 - passing,
            points_from_mark=0.0,
            rate=0.5,
            adherence=0.7,
        )
        for n in range(1, 11)
    )
    return Lever(
        lever="hours",
        change=change,
        date=TODAY,
        p_pass=0.5,
        p_pass_low=0.1,
        p_pass_high=0.9,
        gain=0.0,
        futures=futures,
    )


@pytest.mark.parametrize(
    ("passing", "said"),
    [
        ((8, 8, 8, 8), "8 pass with your plan as it is, and as many under every change."),
        ((8, 9, 8, 9), "8 pass with your plan as it is. 9 with one of these: a, c."),
        ((1, 1, 2, 0), "1 passes with your plan as it is. None with this: c. 2 with this: b."),
        ((10,), "all pass with your plan as it is."),
    ],
)
def test_the_ten_are_told_once_with_the_changes_that_move_their_count(
    passing: tuple[int, ...], said: str
) -> None:
    levers = [lever(name, n) for name, n in zip("?abc", passing, strict=False)]
    assert futures_sentence(levers).endswith(said)


@given(st.floats(0, 1), st.floats(0, 1))
@settings(derandomize=True)
def test_a_range_runs_from_low_to_high_in_tens(a: float, b: float) -> None:
    low, high = sorted((a, b))
    numbers = [int(word) for word in ten_range(low, high).split() if word.isdigit()]
    assert numbers == [*sorted(numbers[:-1]), 10]


def test_a_difference_is_a_count_of_people() -> None:
    assert more_of_hundred(0.041) == "4 more would pass"
    assert more_of_hundred(-0.02) == "2 fewer would pass"
    assert more_of_hundred(0.003) == "about as many would pass"
    assert rough_share(0.31) == "about a third"
    assert rough_share(0.03) == "a little"
    assert rough_share(0.5) == "about half"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nbme-cbssa 29 on August 30, 2026 gave 61", "NBME 29 on August 30, 2026 gave 61"),
        ("(nbme-cbssa 29, 30 August)", "(NBME 29, 30 August)"),
        ("nbme-cbssa: 61 on", "NBME: 61 on"),
        ("of free-120 2026.", "of Free 120 (2026)."),
        ("a school with nothing to name", "a school with nothing to name"),
    ],
)
def test_a_sentence_names_tests_as_people_do(text: str, said: str) -> None:
    assert with_names(text, "usmle-step-1") == said


def test_a_group_without_published_repeaters_is_told_so() -> None:
    assert "No one publishes" in group_sentence(briefing(known()["level1-us-do-gap"], TODAY))


def test_a_published_rate_is_said_with_its_year_and_count() -> None:
    said = group_sentence(briefing(known()["step1-us-md-wobbly"], TODAY))
    assert said.startswith(
        "For context: 71% of repeat attempts by US MD students passed Step 1 (USMLE, 2025, "
    )
    assert "counts attempts, not people" in said
