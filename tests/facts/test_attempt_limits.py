"""Attempt rules, waiting for results, fees and state lists."""

from __future__ import annotations

from datetime import date

import pytest

from bounceback import facts
from bounceback.errors import FactUnknown
from bounceback.facts.attempt_limits import require_amount
from bounceback.vocabulary import EXAM_IDS

ON = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("exam_id", "on", "limit"),
    [
        ("usmle-step-1", date(2021, 6, 30), 6),
        ("usmle-step-1", date(2021, 7, 1), 4),
        ("usmle-step-3", ON, 4),
        ("comlex-level-1", date(2022, 6, 30), 6),
        ("comlex-level-3", date(2022, 7, 1), 4),
    ],
)
def test_the_attempt_limit_is_that_of_the_application_date(
    exam_id: str, on: date, limit: int
) -> None:
    assert facts.attempt_rules(exam_id, on).max_attempts.value == limit


def test_a_fourth_usmle_sitting_waits_from_the_first_and_from_the_latest() -> None:
    rules = facts.attempt_rules("usmle-step-2-ck", ON)
    assert rules.max_in_12_months.value == 3
    assert rules.fourth_min_months_from_first.value == 12
    assert rules.fourth_min_months_from_latest.value == 6


def test_comlex_has_no_such_rule_and_none_is_not_zero() -> None:
    rules = facts.attempt_rules("comlex-level-1", ON)
    assert rules.max_in_12_months.value == 4
    assert rules.fourth_min_months_from_first.value is None
    assert rules.fourth_min_months_from_first.source == "nbome_retake"


def test_a_result_is_planned_for_later_than_it_typically_comes() -> None:
    for exam_id in EXAM_IDS:
        found = facts.release(exam_id, ON)
        assert 0 < found.typical_weeks < found.plan_weeks
    usmle = facts.release("usmle-step-1", ON)
    assert (usmle.typical_weeks, usmle.plan_weeks) == (4, 8)
    assert usmle.confidence == "reported"


def test_results_pause_around_july_4_and_at_the_end_of_december() -> None:
    assert facts.release_is_paused("usmle-step-1", date(2026, 7, 1))
    assert facts.release_is_paused("usmle-step-1", date(2026, 12, 30))
    assert not facts.release_is_paused("usmle-step-1", date(2026, 7, 8))
    assert not facts.release_is_paused("comlex-level-1", date(2026, 7, 1))


def test_a_fee_without_a_known_amount_is_not_free() -> None:
    step3 = facts.fees("usmle-step-3", ON)
    unknown = [fee for fee in step3 if fee.amount_usd is None]
    assert unknown
    with pytest.raises(FactUnknown, match="was not found"):
        require_amount(unknown[0])


def test_fees_of_another_year_are_not_shown() -> None:
    def registration(on: date) -> list[float | None]:
        found = facts.fees("comlex-level-2-ce", on)
        return [fee.amount_usd for fee in found if fee.kind == "registration"]

    assert registration(date(2022, 9, 1)) == [695]
    assert registration(date(2024, 9, 1)) == [715]
    assert registration(ON) == [730]


def test_a_state_list_always_carries_its_caveat_and_is_never_official() -> None:
    found = facts.state_limit("ga", "usmle-step-1")
    assert found is not None
    assert (found.max_attempts, found.scope) == (3, "step")
    assert "undated third-party lists" in found.caveat
    assert found.confidence != "official"


def test_where_the_lists_disagree_no_number_is_given() -> None:
    found = facts.state_limit("AR", "usmle-step-1")
    assert found is not None
    assert found.max_attempts is None
    assert "disagree" in found.text


def test_an_unlisted_state_is_not_said_to_have_no_limit() -> None:
    assert facts.state_limit("TX", "usmle-step-1") is None
    new_york = facts.state_limit("NY", "usmle-step-1")
    assert new_york is not None
    assert new_york.scope == "none"
