from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bounceback.appraisal import Active, Finding, appraise, retune
from bounceback.record.values import Record
from tests.appraisal import learners
from tests.appraisal.learners import SINCE, TODAY, studied


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
