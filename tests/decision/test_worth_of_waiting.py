"""The value of waiting inside the advice: what it is computed from and where it is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bounceback.records import models as v
from bounceback.records import parse_case
from bounceback.records.examples import examples
from bounceback.services import briefing

AS_OF = date(2026, 11, 22)


def test_measures_on_the_way_make_the_open_choice_worth_more() -> None:
    from bounceback.decision.decide import decide
    from bounceback.forecast.baseline_schedule import steady_work
    from bounceback.forecast.posterior import believe
    from bounceback.forecast.prediction import predict

    record = parse_case(examples()["step-1"]).record
    belief = believe(record, AS_OF)
    days = [AS_OF + timedelta(weeks=w) for w in range(4, 16, 2)]
    forecasts = predict(belief, days, steady_work(record, belief, days))

    def worth(measure_days: list[date]) -> float:
        found = decide(
            record,
            belief,
            forecasts,
            level="mostly-solid",
            next_form=None,
            measure_days=measure_days,
        ).option_value
        assert found is not None
        return found

    assert worth([days[0] - timedelta(days=4), days[2]]) > worth([]) + 0.1


def test_every_example_with_two_dates_has_a_value_of_waiting_that_is_not_negative() -> None:
    for text in examples().values():
        b = briefing(parse_case(text).record, AS_OF)
        if sum(o.allowed for o in b.decision.options) >= 2:
            assert b.decision.option_value is not None
            assert b.decision.option_value >= -0.1


@pytest.mark.parametrize("delay_week", [0.0, 2e-309, 1e-12])
def test_where_a_week_of_delay_counts_for_nothing_nothing_is_said_in_weeks(
    delay_week: float,
) -> None:
    for text in examples().values():
        record = parse_case(text).record
        patient = replace(
            record, decision=v.DecisionPreferences(weights={"delay_week": delay_week})
        )
        said = " ".join(briefing(patient, AS_OF).decision.reasons)
        assert "of delay by the weights shown" not in said
