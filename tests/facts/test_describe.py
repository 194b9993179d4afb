"""Every fact can be shown by its id, with unit, source and confidence."""

from __future__ import annotations

from datetime import date

import pytest

from bounceback import facts
from bounceback.errors import FactError, FactUnknown
from bounceback.facts.sources import source_keys
from bounceback.vocabulary import EXAM_IDS, GROUPS

ON = date(2026, 11, 22)


def test_every_listed_id_is_shown_or_said_to_be_unknown_with_a_reason() -> None:
    shown = 0
    for fact_id in facts.showable_ids():
        try:
            parts = facts.show(fact_id, ON)
        except FactUnknown as unknown:
            parts, reason = (), str(unknown)
        else:
            reason = ""
        assert parts or len(reason) > 30
        for part in parts:
            assert part.unit
            assert part.confidence in ("official", "reported", "inferred")
            assert all(facts.source(key) for key in source_keys(part.source))
            shown += 1
    assert shown > 700


def test_a_composed_fact_is_shown_part_by_part() -> None:
    parts = {part.id: part.value for part in facts.show("usmle-step-1.block-rhythm", ON)}
    assert parts["usmle-step-1.block-rhythm.items-per-block"] == 20
    assert parts["usmle-step-1.block-rhythm.minutes-per-block"] == 30


def test_a_rate_is_shown_with_its_group_period_and_count() -> None:
    (part,) = facts.show("usmle-step-1.pass-rate.us-img.repeat", ON)
    assert part.value == 54
    assert "non-us" in part.unit
    assert "3594 attempts" in part.unit


def test_the_value_shown_is_that_of_the_day() -> None:
    (before,) = facts.show("usmle-step-2-ck.pass-mark", date(2025, 6, 30))
    (after,) = facts.show("usmle-step-2-ck.pass-mark", date(2025, 7, 1))
    assert (before.value, after.value) == (214, 218)


@pytest.mark.parametrize(
    "fact_id",
    ["usmle-step-2-ck.passmark", "../../etc.passwd", "nothing", "", "usmle-step-1.norms.x"],
)
def test_an_unknown_id_is_refused(fact_id: str) -> None:
    with pytest.raises(FactError):
        facts.show(fact_id, ON)


def test_the_id_an_answer_carries_can_be_shown() -> None:
    for exam_id in EXAM_IDS:
        before = date(2026, 12, 1)
        carried = [
            facts.pass_mark(exam_id, before).id,
            facts.block_rhythm(exam_id, before).id,
            facts.norms(exam_id, before).id,
            facts.release(exam_id, before).id,
            facts.attempt_rules(exam_id, before).max_attempts.id,
            *(
                rate.id
                for group in GROUPS
                for attempt in ("first", "repeat")
                for rate in facts.pass_rates(exam_id, group, attempt)
            ),
            *(constant.id for constant in facts.parameters("forecast", exam_id).values()),
        ]
        for family in facts.form_families(exam_id):
            try:
                carried.append(facts.conversion(family, exam_id, before).id)
            except FactUnknown:
                continue
        for fact_id in carried:
            assert facts.show(fact_id, before)
            assert fact_id in facts.showable_ids()
