"""Categories and shares are those of the test date; one axis alone is used as shares."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bounceback import facts
from bounceback.errors import FactError, FactUnknown
from bounceback.vocabulary import EXAM_IDS

ON = date(2026, 11, 22)
DAYS = st.dates(date(2019, 7, 1), date(2028, 4, 8))


@given(st.sampled_from(EXAM_IDS), DAYS)
def test_weights_are_positive_and_sum_to_one_on_any_day(exam_id: str, on: date) -> None:
    weights = facts.exam_weights(exam_id, on)
    assert abs(sum(weights.values()) - 1.0) < 1e-12
    assert min(weights.values()) > 0.0
    assert len(weights) <= 15
    assert "Nutrition" not in weights


def test_weights_are_midpoints_scaled_to_one() -> None:
    weights = facts.exam_weights("usmle-step-1", ON)
    assert weights["Reproductive & Endocrine Systems"] == pytest.approx(14 / 101.5)
    assert weights["Human Development"] == pytest.approx(2 / 101.5)


def test_comlex_weights_are_the_published_minima_scaled_to_one() -> None:
    weights = facts.exam_weights("comlex-level-2-ce", ON)
    assert weights["Musculoskeletal System"] == pytest.approx(13 / 85)
    assert len(weights) == 10


def test_the_discipline_axis_overlaps_and_is_no_share_axis() -> None:
    disciplines = facts.blueprint("usmle-step-1", "discipline", ON)
    assert sum(category.low or 0 for category in disciplines) > 100
    assert not any(category.counts_as_share for category in disciplines)


def test_nutrition_became_its_own_category_in_june_2026() -> None:
    def names(on: date) -> set[str]:
        return {c.name for c in facts.blueprint("usmle-step-1", "discipline", on)}

    before, after = names(date(2026, 5, 31)), names(date(2026, 6, 1))
    assert after - before == {"Nutrition", "Biochemistry"}
    assert before - after == {"Biochemistry & Nutrition"}


def test_nutrition_in_step_2_ck_is_a_system_without_a_share() -> None:
    found = {c.name: c for c in facts.blueprint("usmle-step-2-ck", "system", ON)}
    assert not found["Nutrition"].counts_as_share
    assert "Nutrition" not in {
        c.name for c in facts.blueprint("usmle-step-2-ck", "system", date(2026, 5, 31))
    }


def test_surgery_in_step_2_ck_is_twenty_to_thirty_by_ruling() -> None:
    surgery = [
        c for c in facts.blueprint("usmle-step-2-ck", "discipline", ON) if c.name == "Surgery"
    ]
    assert [(c.low, c.high) for c in surgery] == [(20, 30)]
    assert "0005-facts-conflicts" in surgery[0].note


def test_an_announced_blueprint_whose_content_was_not_seen_is_unknown() -> None:
    assert facts.exam_weights("comlex-level-1", date(2028, 4, 8))
    with pytest.raises(FactUnknown, match=r"Blueprint 2\.0"):
        facts.exam_weights("comlex-level-1", date(2028, 4, 9))


def test_a_day_before_the_first_blueprint_seen_is_unknown() -> None:
    with pytest.raises(FactUnknown, match="2019-06-01"):
        facts.exam_weights("comlex-level-2-ce", date(2018, 1, 1))


def test_an_axis_the_exam_does_not_have_is_refused() -> None:
    with pytest.raises(FactError, match="has no clinical-presentation axis"):
        facts.blueprint("usmle-step-1", "clinical-presentation", ON)
    with pytest.raises(FactError, match="axes: system"):
        facts.blueprint("usmle-step-1", "organ", ON)
