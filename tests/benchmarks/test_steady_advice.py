"""The measure of steadiness finds no change on records that once changed."""

from __future__ import annotations

import pytest

from benchmarks import steady_advice
from bounceback_lab.simulation.population import simulate


@pytest.mark.parametrize("number", [1, 3, 19])
def test_asked_on_14_days_without_news_the_advice_stays(number: int) -> None:
    record, as_of = steady_advice.record_of(simulate(number + 1), number)
    found = steady_advice.asked(record, as_of, str(number))
    assert not found.changed, found.advice
    assert not found.bands_fall
