"""Published pass rates, by exam, group, attempt and year."""

from __future__ import annotations

import pytest

from bounceback import facts
from bounceback.errors import FactError, FactUnknown
from bounceback.vocabulary import EXAM_IDS, GROUPS


@pytest.mark.parametrize(
    ("exam_id", "group", "year", "percent", "n"),
    [
        ("usmle-step-1", "us-md", 2025, 71, 2098),
        ("usmle-step-1", "us-do", 2025, 79, 121),
        ("usmle-step-1", "non-us-img", 2025, 54, 3594),
        ("usmle-step-1", "us-md", 2024, 70, 2422),
        ("usmle-step-2-ck", "us-md", 2025, 70, 440),
        ("usmle-step-2-ck", "us-do", 2025, 69, 32),
        ("usmle-step-2-ck", "us-img", 2025, 64, 1762),
        ("usmle-step-2-ck", "us-md", 2024, 74, 451),
        ("usmle-step-3", "us-md", 2025, 77, 910),
        ("usmle-step-3", "us-img", 2025, 63, 1824),
    ],
)
def test_repeat_rates_are_those_of_the_performance_table(
    exam_id: str, group: str, year: int, percent: float, n: int
) -> None:
    found = facts.pass_rate(exam_id, group, "repeat", year)
    assert (found.year, found.pass_percent, found.n) == (year, percent, n)


def test_both_img_groups_get_the_rate_of_schools_abroad_and_it_says_so() -> None:
    one = facts.pass_rate("usmle-step-1", "us-img", "repeat", 2026)
    other = facts.pass_rate("usmle-step-1", "non-us-img", "repeat", 2026)
    assert one.group_published == other.group_published == "non-us"
    assert one.pass_percent == other.pass_percent
    assert one.group == "us-img"


def test_the_newest_year_not_after_the_asked_one_is_given() -> None:
    assert facts.pass_rate("usmle-step-1", "us-md", "repeat", 2030).year == 2025
    assert facts.pass_rate("usmle-step-1", "us-md", "repeat", 2022).year == 2021


def test_rates_of_step_2_ck_say_which_mark_they_belong_to() -> None:
    assert "214" in facts.pass_rate("usmle-step-2-ck", "us-md", "repeat", 2025).note


def test_a_handful_of_attempts_is_no_rate() -> None:
    with pytest.raises(FactUnknown, match="fewer than five"):
        facts.pass_rate("usmle-step-3", "us-do", "repeat", 2025)
    with pytest.raises(FactUnknown, match="too few"):
        facts.pass_rate("usmle-step-3", "us-do", "repeat", 2024)


@pytest.mark.parametrize("exam_id", EXAM_IDS[3:])
@pytest.mark.parametrize("group", GROUPS)
def test_no_repeat_rate_of_comlex_is_published(exam_id: str, group: str) -> None:
    with pytest.raises(FactUnknown, match="no such rate"):
        facts.pass_rate(exam_id, group, "repeat", 2026)


def test_repeaters_pass_less_often_than_first_takers_in_every_published_year() -> None:
    seen = 0
    for exam_id in EXAM_IDS:
        for group in GROUPS:
            first = {r.year: r.pass_percent for r in facts.pass_rates(exam_id, group, "first")}
            for rate in facts.pass_rates(exam_id, group, "repeat"):
                if rate.year in first:
                    assert rate.pass_percent <= first[rate.year]
                    seen += 1
    assert seen >= 16


def test_an_unknown_group_or_attempt_is_refused_with_the_list() -> None:
    with pytest.raises(FactError, match="us-md, us-do, us-img, non-us-img"):
        facts.pass_rate("usmle-step-1", "canadian", "repeat", 2025)
    with pytest.raises(FactError, match="first, repeat, total"):
        facts.pass_rate("usmle-step-1", "us-md", "second", 2025)
