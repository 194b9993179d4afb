"""Fees in the decision: which are known for whom, and that they weigh."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bounceback import facts
from bounceback.decision import fees
from bounceback.records import models as v
from bounceback.vocabulary import EXAM_IDS
from tests.decision.builders import TODAY, ask, day, failed, learner

DATES = [(19, 0.80), (34, 0.97)]


def level_1(planned: int = 19, **weights: float) -> v.Record:
    return learner(
        "comlex-level-1",
        attempts=failed(day(-90), exam="comlex-level-1"),
        forms=(v.Form(family="comsae", form="P1-A", date=day(-3), score=460.0),),
        exam_more={"planned_date": day(planned)},
        decision=v.DecisionPreferences(weights=weights),
    )


@pytest.mark.parametrize(
    ("days", "usd"), [(1, 250.0), (5, 250.0), (6, 85.0), (30, 85.0), (31, 0.0), (200, 0.0)]
)
def test_moving_costs_what_the_board_asks_that_many_days_before(days: int, usd: float) -> None:
    fee = fees.moving(level_1(days), TODAY)
    assert fee is not None
    assert fee.amount_usd == usd


@pytest.mark.parametrize("days", [None, -4, 0])
def test_without_a_planned_day_ahead_nothing_is_moved(days: int | None) -> None:
    record = level_1()
    there = None if days is None else day(days)
    assert (
        fees.moving(replace(record, exam=replace(record.exam, planned_date=there)), TODAY) is None
    )


def test_a_fee_published_for_others_is_not_taken_for_ones_own() -> None:
    own = learner(attempts=failed(day(-90)))
    other = replace(own, learner=replace(own.learner, group="us-img"))
    assert fees.usd(fees.registering(own, TODAY)) == 695.0
    assert fees.registering(other, TODAY) is None


@pytest.mark.parametrize("exam_id", EXAM_IDS)
def test_an_amount_that_was_not_found_is_not_weighed(exam_id: str) -> None:
    record = learner(exam_id, exam_more={"planned_date": day(3)})
    for fee in fees.weighed(record, TODAY):
        assert fee.amount_usd is not None
        assert fee in facts.fees(exam_id, TODAY)


def test_dear_registering_makes_the_surer_day_worth_more() -> None:
    usual = {"failed_attempt": 40.0, "delay_week": 1.0, "late_move": 0.0}
    near = [(19, 0.80), (34, 0.86)]
    assert ask(level_1(fee_per_100_usd=0.0, **usual), near).date == day(19)
    assert ask(level_1(fee_per_100_usd=50.0, **usual), near).date == day(34)


def test_a_dear_move_keeps_the_planned_day() -> None:
    close = [(5, 0.90), (19, 0.97)]
    second = v.Form(family="comsae", form="P1-B", date=day(-2), score=470.0)
    record = replace(level_1(5), forms=(*level_1().forms, second))
    usual = {"failed_attempt": 40.0, "delay_week": 0.1, "better_date_margin": 0.0, "late_move": 0.0}

    def chosen(dollars: float) -> object:
        weights = v.DecisionPreferences(weights={**usual, "fee_per_100_usd": dollars})
        return ask(replace(record, decision=weights), close).date

    assert chosen(0.0) == day(19)
    assert chosen(10.0) == day(5)


def test_the_default_weighs_a_thousand_dollars_as_one_week() -> None:
    weights = ask(level_1(), DATES).weights
    assert 10.0 * weights["fee_per_100_usd"] == weights["delay_week"]
