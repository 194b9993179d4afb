"""The look-ahead rule: what was not known on a day does not speak on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from hypothesis import given

from bounceback.records import Record, as_seen_on, read_case
from bounceback.records.as_of import EVIDENCE
from bounceback.records.models import Attempt
from tests.records.strategies import FIRST, TODAY, days, records
from tests.records.test_serialization import SLOW

CASES = Path(__file__).parents[1] / "cases"


@SLOW
@given(records(), days(FIRST, TODAY))
def test_it_is_the_record_with_later_evidence_removed_and_nothing_else(
    record: Record, as_of: date
) -> None:
    seen, notes = as_seen_on(record, as_of)
    removed = 0
    for section in EVIDENCE:
        entries = getattr(record, section)
        known = tuple(entry for entry in entries if entry.date <= as_of)
        removed += len(entries) - len(known)
        if section == "attempts":
            unread = [a.result_read is not None and a.result_read > as_of for a in known]
            removed += sum(unread)
            known = tuple(
                Attempt(exam=a.exam, date=a.date, outcome="awaiting", hours_per_day=a.hours_per_day)
                if later
                else a
                for a, later in zip(known, unread, strict=True)
            )
        assert getattr(seen, section) == known
    for before, after in zip(record.plan, seen.plan, strict=True):
        if before.date > as_of and before.done_minutes is not None:
            assert after == replace(before, done_minutes=None)
            removed += 1
        else:
            assert after == before
    assert len(notes) == removed
    same = ("learner", "exam", "availability", "resources", "ledger", "appraisal", "decision")
    for section in (*same, "grants", "meetings"):
        assert getattr(seen, section) == getattr(record, section)


@SLOW
@given(records(), days(FIRST, TODAY), days(FIRST, TODAY))
def test_looking_twice_is_looking_from_the_earlier_day(record: Record, a: date, b: date) -> None:
    seen, _ = as_seen_on(record, a)
    assert as_seen_on(seen, a) == (seen, ())
    assert as_seen_on(seen, b)[0] == as_seen_on(record, min(a, b))[0]


def test_each_entry_set_aside_is_named_by_its_key() -> None:
    record = read_case(CASES / "step1-us-md-wobbly.toml").record
    seen, notes = as_seen_on(record, date(2026, 9, 19))
    assert seen.attempts == ()
    assert [form.form for form in seen.forms] == ["29"]
    assert [note.split()[0] for note in notes] == ["attempts[0]", "forms[1]", "blocks[0]"]
    assert "nbme-cbssa 31" in notes[1]
    assert "2026-09-19" in notes[1]


def test_a_result_that_was_read_later_was_awaited() -> None:
    record = read_case(CASES / "step1-us-md-wobbly.toml").record
    failed = record.attempts[0]
    read = replace(failed, result_read=date(2026, 10, 21))
    record = replace(record, attempts=(read,))
    before, notes = as_seen_on(record, date(2026, 10, 20))
    assert before.attempts[0].outcome == "awaiting"
    assert before.attempts[0].score is None
    assert before.attempts[0].profile == {}
    assert any(note.startswith("attempts[0].result_read") for note in notes)
    assert as_seen_on(record, date(2026, 10, 21))[0].attempts == (read,)


def test_an_entry_of_the_day_itself_is_known_and_no_note_names_it() -> None:
    case = read_case(CASES / "step1-us-md-wobbly.toml").record
    day = max(form.date for form in case.forms)
    own = next(form for form in case.forms if form.date == day)
    later = replace(own, form="later", date=TODAY.replace(year=TODAY.year + 1))
    seen, notes = as_seen_on(replace(case, forms=(own, later)), day)
    assert seen.forms == (own,)
    named = [note for note in notes if "forms[" in note]
    assert len(named) == 1
    assert "forms[1]" in named[0]
