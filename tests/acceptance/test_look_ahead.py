"""A briefing on a past day equals, apart from notes, that of the record without later evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bounceback.records import models as v
from tests.records.strategies import records
from tests.services.builders import TODAY, asked, known

EVIDENCE = ("attempts", "forms", "blocks", "misses", "study", "checkins")


def without_later_evidence(record: v.Record, on: date) -> v.Record:
    """The contract's rule, written a second time: what a record of that day holds."""
    kept: dict[str, Any] = {
        section: tuple(entry for entry in getattr(record, section) if entry.date <= on)
        for section in EVIDENCE
    }
    plan = tuple(
        replace(session, done_minutes=None) if session.date > on else session
        for session in record.plan
    )
    return replace(record, plan=plan, **kept)


def but_notes(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answer.items() if key != "notes"}


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
@given(records(), st.integers(0, 500))
def test_nothing_that_came_later_moves_a_briefing(record: v.Record, days_ago: int) -> None:
    on = TODAY - timedelta(days=days_ago)
    removed = without_later_evidence(record, on)
    assert but_notes(asked(record, on)) == but_notes(asked(removed, on))


@pytest.mark.parametrize("days_ago", [0, 3, 10, 40, 70, 200])
@pytest.mark.parametrize("name", known())
def test_no_known_case_looks_ahead(name: str, days_ago: int) -> None:
    record, on = known()[name], TODAY - timedelta(days=days_ago)
    removed = without_later_evidence(record, on)
    seen = asked(record, on)
    assert but_notes(seen) == but_notes(asked(removed, on))
    set_aside = sum(
        len(getattr(record, section)) - len(getattr(removed, section)) for section in EVIDENCE
    )
    set_aside += sum(
        before.done_minutes != after.done_minutes
        for before, after in zip(record.plan, removed.plan, strict=True)
    )
    assert sum("was set aside" in note for note in seen["notes"]) == set_aside


def test_the_evidence_of_the_day_itself_is_known() -> None:
    record = known()["step1-us-md-wobbly"]
    on = record.forms[-1].date
    before = replace(record, forms=record.forms[:-1])
    assert asked(record, on)["standing"] != asked(before, on)["standing"]
