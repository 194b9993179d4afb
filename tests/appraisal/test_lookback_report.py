from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bounceback.appraisal import lookback
from bounceback.errors import QuestionError
from bounceback.reasons import reason
from bounceback.records.models import Checkin, Meeting, Pact
from tests.appraisal import learners
from tests.appraisal.learners import BEFORE, SITTING, form


def prepared():  # type: ignore[no-untyped-def]
    record = learners.same_plan_again()
    return replace(
        record,
        forms=(form(date(2026, 9, 12), 58, "29", printed_p_pass=0.3), *record.forms[2:]),
        meetings=(Meeting(date=date(2026, 9, 1), with_="adviser", agreed="sit in September"),),
        checkins=tuple(
            Checkin(date=SITTING - timedelta(days=k), sleep_hours=6.0) for k in range(1, 11)
        ),
    )


def test_the_record_is_that_of_the_day_before_and_knows_nothing_later() -> None:
    found = lookback(prepared())
    assert found.day == SITTING - timedelta(days=1)
    assert found.record.attempts == ()
    assert found.record.exam.planned_date == SITTING
    for section in ("forms", "study", "checkins", "blocks", "misses", "meetings"):
        assert all(x.date <= found.day for x in getattr(found.record, section))


def test_evidence_of_later_days_changes_nothing_in_it() -> None:
    record = prepared()
    later = replace(record, forms=record.forms[:1], study=record.study[:40])
    known = tuple(s for s in record.study if s.date < SITTING)
    assert lookback(replace(later, study=known)).indicators == lookback(record).indicators


def test_indicators_stand_beside_what_was_decided_without_a_verdict() -> None:
    found = lookback(prepared())
    names = {m.name for m in found.indicators}
    assert {
        "newest_test_below_mark",
        "last_form_to_sitting",
        "printed_chance",
        "hours_per_study_day",
        "sleep_hours",
    } <= names
    printed = next(m for m in found.indicators if m.name == "printed_chance")
    assert printed.says.code == "appraisal.measured-printed-chance"
    assert found.decided[0] == reason("appraisal.decided-to-test", on=date(2026, 9, 20))
    assert any(r.facts.get("agreed") == "sit in September" for r in found.decided)


def test_what_could_not_be_measured_is_listed_as_unknown() -> None:
    found = lookback(learners.too_little_data())
    assert {m.name for m in found.unknown} >= {"newest_test_below_mark", "hours_per_study_day"}
    assert {m.says.code for m in found.unknown} <= {
        "appraisal.too-few",
        "appraisal.no-test-on-exam-scale",
    }


def test_a_pact_for_a_later_day_is_not_part_of_what_was_decided_then() -> None:
    record = prepared()
    pact = Pact(rule="lower bound under the mark: I move", date=date(2027, 1, 2))
    later = replace(record, decision=replace(record.decision, pact=pact))
    assert lookback(later).decided == lookback(record).decided
    assert lookback(later).record.decision.pact is None


def test_the_newest_failed_sitting_is_the_one_looked_at_and_the_earlier_one_bounds_it() -> None:
    record = prepared()
    first = replace(record.attempts[0], date=date(2026, 8, 10))
    found = lookback(replace(record, attempts=(first, *record.attempts)))
    assert found.day == SITTING - timedelta(days=1)
    hours = next(m for m in found.indicators if m.name == "hours_per_study_day")
    assert hours.first is not None
    assert BEFORE < first.date < hours.first


def test_a_later_sitting_that_was_not_finished_is_no_failure() -> None:
    record = prepared()
    later = replace(
        record.attempts[0],
        date=SITTING + timedelta(days=40),
        outcome="incomplete",
        distance_below_pass=None,
        profile={},
    )
    with_it = replace(record, attempts=(*record.attempts, later))
    assert lookback(with_it).day == SITTING - timedelta(days=1)
    assert lookback(with_it).sitting == record.attempts[0]
    with pytest.raises(QuestionError, match="Add the attempt"):
        lookback(replace(record, attempts=(later,)))


def test_without_a_failed_sitting_the_question_is_refused_with_what_to_do() -> None:
    with pytest.raises(QuestionError, match="Add the attempt"):
        lookback(replace(learners.steady(), attempts=()))
