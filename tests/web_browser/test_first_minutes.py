"""The four people of the study of first use: to a plan in time, and with what is true of them."""

from __future__ import annotations

import pytest

from bounceback.records import parse_case
from tests.web_browser.conftest import Open
from tests.web_browser.first_minutes import PEOPLE, Person, walk
from tests.web_browser.serving import App

MOST_SECONDS = 210
"""Three and a half minutes to the first plan, by the reading model."""


@pytest.mark.parametrize("person", PEOPLE, ids=[p.name for p in PEOPLE])
def test_a_newcomer_has_a_plan_in_time_and_is_told_the_truth(
    person: Person, empty_app: App, open_page: Open
) -> None:
    page = open_page(empty_app, timezone_id="America/New_York")
    count = walk(page, person)
    assert count.seconds < MOST_SECONDS
    record = parse_case(count.record).record
    assert record.learner.time_zone == "America/New_York"
    own = {a.date.isoformat() for a in record.attempts}
    assert own == {day for name, day in person.typed.items() if name.startswith("date")}
    assert record.attempts[-1].result_read is not None
    banks = [r for r in record.resources if r.kind == "questions"]
    assert len(banks) == (person.chips["bank"] != "none")
    for bank in banks:
        assert bank.units
        assert bank.done == round(bank.units * int(person.typed["used"]) / 100)
    hours = record.availability
    assert hours is not None
    free = {day for day, minutes in hours.minutes.items() if minutes}
    assert free == {cell.split("-")[0] for cell in person.free}
    assert max(hours.minutes.values()) == 60 * int(person.chips["cap"])
