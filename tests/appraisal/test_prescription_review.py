from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bounceback.appraisal import Active, Finding, appraise, at_work, retune
from bounceback.records import as_seen_on
from bounceback.records.models import Checkin, PlannedSession, Record
from tests.appraisal import learners
from tests.appraisal.learners import SINCE, TODAY, Expected, studied


def first(record: Record) -> Finding:
    return appraise(record, TODAY).ranked[0]


def later(record: Record, mix: tuple[tuple[str, float], ...], days: int = 28) -> Record:
    """The record with further weeks of another mix."""
    return replace(
        record,
        study=(
            *record.study,
            *studied(TODAY + timedelta(days=1), TODAY + timedelta(days=days), mix),
        ),
    )


START = learners.passive_reader()
ACTIVE = (Active(finding=first(START), since=TODAY),)


def on(record: Record, day: date):  # type: ignore[no-untyped-def]
    (outcome,) = retune(ACTIVE, appraise(record, day), "usmle-step-1")
    return outcome


def test_a_prescription_stays_ten_days_whatever_the_indicator_does() -> None:
    outcome = on(START, TODAY + timedelta(days=9))
    assert (outcome.action, outcome.since) == ("stay", TODAY)
    assert outcome.prescription == ACTIVE[0].finding.prescription


def test_an_indicator_on_the_good_side_ends_it() -> None:
    record = later(START, (("questions", 240), ("cards", 60)))
    assert on(record, TODAY + timedelta(days=28)).action == "done"


def test_an_indicator_that_moves_keeps_it_for_another_ten_days() -> None:
    record = later(START, (("video", 190), ("questions", 150)))
    outcome = on(record, TODAY + timedelta(days=28))
    assert (outcome.action, outcome.since) == ("keep", TODAY + timedelta(days=28))
    assert outcome.prescription == ACTIVE[0].finding.prescription


def test_an_indicator_that_stays_replaces_it_instead_of_repeating_it() -> None:
    record = later(START, (("video", 180), ("reading", 90), ("questions", 90)))
    outcome = on(record, TODAY + timedelta(days=28))
    assert outcome.action == "replace"
    assert outcome.prescription is not None
    assert outcome.prescription.parameter != "retrieval_share_min"


def test_without_enough_new_days_it_waits() -> None:
    cleared = replace(START, study=tuple(s for s in START.study if s.date < SINCE))
    assert on(cleared, TODAY + timedelta(days=12)).action == "wait"


# --- what is at work, replayed from the first planned day ----------------------------------------


def planned(record: Record, first: date) -> Record:
    """The record with a plan whose first day is ``first``."""
    session = PlannedSession(id="1", date=first, start=None, minutes=60)
    return replace(record, plan=(session,))


def working(record: Record, day: date = TODAY) -> dict[str, date]:
    """Parameters at work and the day each began."""
    found = at_work(record, day, appraise(record, day))
    return {w.prescription.parameter: w.since for w in found}


@pytest.mark.parametrize("expected", learners.everyone(), ids=lambda e: e.name.replace(" ", "-"))
def test_without_a_plan_so_far_the_changes_of_today_are_at_work(expected: Expected) -> None:
    record = replace(expected.record, plan=())
    now = appraise(record, TODAY)
    found = at_work(record, TODAY, now)
    assert tuple(w.prescription for w in found) == now.prescriptions
    assert {w.since for w in found} <= {TODAY}


def test_a_change_stays_at_work_ten_days_and_is_then_replaced_if_nothing_moved() -> None:
    start = TODAY
    record = planned(later(START, (("video", 200), ("reading", 100), ("questions", 60))), start)
    parameter = first(START).prescription.parameter  # type: ignore[union-attr]
    for days in range(10):
        assert working(record, start + timedelta(days=days))[parameter] == start
    assert parameter not in working(record, start + timedelta(days=10))


def test_a_change_that_moves_its_indicator_is_kept_and_one_on_the_good_side_ends() -> None:
    parameter = first(START).prescription.parameter  # type: ignore[union-attr]
    moving = planned(later(START, (("video", 190), ("questions", 150))), TODAY)
    assert working(moving, TODAY + timedelta(days=12))[parameter] == TODAY + timedelta(days=10)
    good = planned(later(START, (("questions", 240), ("cards", 60))), TODAY)
    assert parameter not in working(good, TODAY + timedelta(days=28))


def test_a_freeze_of_resources_holds_as_long_as_they_are_open() -> None:
    record = planned(learners.collector(), TODAY - timedelta(days=25))
    assert "resource_freeze" in working(record)
    assert "resource_freeze" in working(record, TODAY + timedelta(days=21))


def test_a_mood_screen_at_its_cut_waits_for_no_place() -> None:
    record = planned(START, TODAY - timedelta(days=3))
    heavy = replace(record, checkins=(Checkin(date=TODAY, phq2=5),))
    found = at_work(heavy, TODAY, appraise(heavy, TODAY))
    assert (found[0].finding.kind, found[0].since) == ("safety", TODAY)


def test_a_lighter_load_ends_when_its_screen_is_older_than_it_speaks_for() -> None:
    record = planned(START, TODAY)
    heavy = replace(record, checkins=(Checkin(date=TODAY, phq2=5),))
    assert "hours_cap" in working(heavy, TODAY + timedelta(days=9))
    assert "hours_cap" not in working(heavy, TODAY + timedelta(days=28))


def test_a_sitting_failed_since_begins_anew() -> None:
    record = planned(START, learners.SITTING - timedelta(days=30))
    assert set(working(record).values()) <= {TODAY}


@pytest.mark.parametrize("back", [5, 15, 40])
@pytest.mark.parametrize("expected", learners.everyone(), ids=lambda e: e.name.replace(" ", "-"))
def test_three_at_most_one_a_parameter_and_later_evidence_changes_nothing(
    expected: Expected, back: int
) -> None:
    record = planned(expected.record, TODAY - timedelta(days=40))
    day = TODAY - timedelta(days=back)
    found = at_work(record, day, appraise(record, day))
    parameters = [w.prescription.parameter for w in found]
    assert len(parameters) <= 3
    assert len(set(parameters)) == len(parameters)
    assert all(day < w.next_look for w in found)
    seen, _ = as_seen_on(record, day)
    assert at_work(seen, day, appraise(seen, day)) == found
