from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings

from bounceback.planning import make_plan
from bounceback.planning.parameters import rules_for
from bounceback.planning.practice_tests import forms_state, times_put_off
from bounceback.records.models import (
    Attempt,
    Availability,
    ExamTarget,
    Form,
    Learner,
    LedgerForm,
    PlannedSession,
    Record,
    Resource,
)
from bounceback.vocabulary import WEEKDAYS
from tests.planning.learners import AS_OF, dynamics_of, records

EXAM = "usmle-step-1"
SEVEN_WEEKS = AS_OF + timedelta(days=49)
DAILY = Availability(minutes=dict.fromkeys(WEEKDAYS, 480))
BANK = Resource(name="UWorld", kind="questions", units=3600, done=100, minutes_per_unit=3.0)


def learner(*labels, **changes):
    values = {
        "learner": Learner(group="us-md", time_zone="America/New_York"),
        "exam": ExamTarget(id=EXAM),
        "attempts": (Attempt(exam=EXAM, date=AS_OF - timedelta(days=60), outcome="fail"),),
        "availability": DAILY,
        "resources": (BANK,),
        "ledger": tuple(LedgerForm(family="nbme-cbssa", form=label) for label in labels),
    }
    return Record(**{**values, **changes})


def ledger_of(record, test_date=SEVEN_WEEKS):
    plan = make_plan(record, AS_OF, test_date, dynamics_of(EXAM, test_date, 1))
    return plan, {e.label: e for e in plan.ledger}


@settings(
    max_examples=80,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(records())
def test_every_owned_form_gets_a_date_or_a_reason(case):
    record, test_date = case
    plan = make_plan(record, AS_OF, test_date, dynamics_of(record.exam.id, test_date, 1))
    owned = [e for e in plan.ledger if e.owned]
    assert [(e.family, e.form) for e in owned] == [(f.family, f.form) for f in record.ledger]
    assert all(e.reason is not None for e in owned)
    assert all((e.state == "placed") == (e.date is not None) for e in owned)


def test_a_baseline_is_taken_in_the_first_days_where_none_is_recent():
    plan, _ = ledger_of(learner("29", "30", "31", "32"))
    baseline = next(e for e in plan.ledger if e.role == "baseline")
    assert (baseline.date - AS_OF).days <= 7


def test_a_recent_form_is_the_baseline_and_none_is_spent_on_another():
    recent = (Form(family="nbme-cbssa", form="28", date=AS_OF - timedelta(days=5), score=58.0),)
    plan, _ = ledger_of(learner("29", "30", "31", "32", forms=recent))
    assert not [e for e in plan.ledger if e.role == "baseline"]


def test_a_form_from_before_the_failure_is_no_baseline():
    old = (Form(family="nbme-cbssa", form="28", date=AS_OF - timedelta(days=70), score=58.0),)
    plan, _ = ledger_of(learner("29", "30", "31", "32", forms=old))
    assert [e for e in plan.ledger if e.role == "baseline"]


def test_two_measures_lie_in_the_last_fortnight_and_none_in_the_last_days():
    plan, _ = ledger_of(learner("29", "30", "31", "32", "33"))
    late = [e for e in plan.ledger if e.date and (SEVEN_WEEKS - e.date).days <= 14]
    assert len([e for e in late if e.measure]) == 2
    assert all((SEVEN_WEEKS - e.date).days > 3 for e in plan.ledger if e.date)


def test_the_best_test_and_the_free_sample_are_kept_for_the_end():
    mixed = learner("32", "33")
    mixed = replace(
        mixed,
        ledger=(
            *mixed.ledger,
            LedgerForm(family="free-120", form="2026"),
            LedgerForm(family="uwsa", form="1"),
        ),
    )
    plan, _ = ledger_of(mixed)
    late = {e.family for e in plan.ledger if e.date and (SEVEN_WEEKS - e.date).days <= 14}
    assert late == {"nbme-cbssa", "free-120"}
    last = max(plan.ledger, key=lambda e: e.date or date.min)
    assert last.family == "free-120"


def test_forms_before_the_fortnight_keep_their_distance():
    plan, _ = ledger_of(learner(*"abcdef"))
    days = sorted(
        e.date
        for e in plan.ledger
        if e.date and e.role in ("course", "decision") and (SEVEN_WEEKS - e.date).days > 14
    )
    assert all((b - a).days >= 7 for a, b in itertools.pairwise(days))


def test_a_form_taken_before_is_not_placed_and_says_why():
    taken = (Form(family="nbme-cbssa", form="30", date=AS_OF - timedelta(days=9), score=60.0),)
    _, ledger = ledger_of(learner("30", "31", "32", forms=taken))
    assert ledger["nbme-cbssa 30"].date is None
    assert ledger["nbme-cbssa 30"].state == "taken"
    assert ledger["nbme-cbssa 30"].reason.facts["date"] == taken[0].date


def test_with_no_form_left_the_free_sample_and_timed_blocks_stand_in():
    plan, _ledger = ledger_of(learner())
    late = [e for e in plan.ledger if e.date and e.measure]
    assert {e.family for e in late} == {"free-120", "timed-mixed-blocks"}
    blocks = next(e for e in late if e.family == "timed-mixed-blocks")
    mixed = [
        s
        for s in plan.sessions
        if s.activity == "questions"
        and s.area is None
        and (SEVEN_WEEKS - s.date).days <= 14
        and s.date <= blocks.date
    ]
    assert sum(s.units for s in mixed) >= 200


def test_a_bank_used_up_cannot_stand_in_and_says_so():
    used = replace(BANK, done=3550)
    plan, _ = ledger_of(learner(resources=(used,)))
    blocks = next(e for e in plan.ledger if e.family == "timed-mixed-blocks")
    assert blocks.date is None
    assert blocks.state == "too-few-questions"
    assert blocks.reason.facts["questions"] == 200


def test_a_form_longer_than_every_day_says_what_would_make_room():
    little = Availability(minutes=dict.fromkeys(WEEKDAYS, 120))
    plan, ledger = ledger_of(learner("30", availability=little))
    entry = ledger["nbme-cbssa 30"]
    assert entry.date is None
    assert entry.state == "too-long"
    assert (entry.reason.facts["minutes"], entry.reason.facts["longest"]) == (300, 120)
    assert any(left.what == "nbme-cbssa 30" for left in plan.left_out)


def test_the_last_form_rehearses_the_rhythm_of_the_exam_on_its_date():
    plan, _ = ledger_of(learner("30", "31"))
    last = max(e.date for e in plan.ledger if e.date)
    why = next(s.reason for s in plan.sessions if s.kind == "form" and s.date == last)
    assert why.facts["rehearsal"]
    assert (why.facts["block_questions"], why.facts["block_minutes"]) == (20, 30)
    before = date(2026, 3, 2)
    record = learner("30", "31")
    old = make_plan(
        replace(record, attempts=(), availability=DAILY),
        before - timedelta(days=40),
        before,
        dynamics_of(EXAM, before, 1),
    )
    tests = [s.reason.facts for s in old.sessions if s.kind == "form" and s.reason]
    assert any(f.get("block_questions") == 40 and f["block_minutes"] == 60 for f in tests)


def test_a_form_is_reviewed_within_two_days_for_half_its_length():
    plan, _ = ledger_of(learner("29", "30", "31", "32"))
    for entry in plan.ledger:
        if entry.date and entry.owned:
            days = [
                (s.date - entry.date).days
                for s in plan.sessions
                if s.kind == "review" and s.form == entry.label
            ]
            assert days
            assert all(0 <= n <= 2 for n in days)
            reviewed = sum(s.minutes for s in plan.sessions if s.form == entry.label)
            assert reviewed >= 1.5 * entry.minutes


def test_put_off_counts_start_anew_with_a_form_taken():
    missed = tuple(
        PlannedSession(
            id=f"x{n}", date=AS_OF - timedelta(days=n), start=None, minutes=300, activity="form",
            kind="form", form="nbme-cbssa 30",
        )
        for n in (3, 9)
    )  # fmt: skip
    assert times_put_off(missed, (), AS_OF) == {"nbme-cbssa 30": 2}
    taken = (Form(family="nbme-cbssa", form="29", date=AS_OF - timedelta(days=5)),)
    assert times_put_off(missed, taken, AS_OF) == {"nbme-cbssa 30": 1}


def test_none_left_is_told_apart_from_avoiding_and_from_never_owned():
    rules = rules_for(EXAM)
    assert forms_state(learner(), (), rules) == "not-owned"
    taken = (Form(family="nbme-cbssa", form="30", date=AS_OF - timedelta(days=9), score=60.0),)
    assert forms_state(learner(forms=taken), (), rules) == "none-left"
    _, ledger = ledger_of(learner("30", "31"))
    assert forms_state(learner("30", "31"), tuple(ledger.values()), rules) == "ready"
    avoided = tuple(replace(e, put_off=1) for e in ledger.values())
    assert forms_state(learner("30", "31"), avoided, rules) == "avoided"


def test_unseen_questions_are_kept_back_for_a_second_measure_where_forms_are_short():
    bank = replace(BANK, units=1100, done=500)
    sample = Form(family="free-120", form="2026", date=AS_OF - timedelta(days=5), score=60)
    plan, ledger = ledger_of(learner("33", resources=(bank,), forms=(sample,)))
    blocks = ledger["timed-mixed-blocks 200 items"]
    assert blocks.date is not None
    mixed = [
        s
        for s in plan.sessions
        if s.activity == "questions"
        and s.area is None
        and blocks.date - timedelta(days=10) <= s.date <= blocks.date
    ]
    assert sum(s.units for s in mixed) >= 200


def test_where_nothing_was_measured_since_the_failure_the_free_sample_comes_at_once():
    _, ledger = ledger_of(learner())
    (sample,) = [e for e in ledger.values() if e.family == "free-120"]
    assert sample.role == "baseline"
    assert (sample.date - AS_OF).days <= 7


def test_two_copies_of_one_form_have_one_day_between_them():
    plan = make_plan(
        learner("32", "32", "33"), AS_OF, SEVEN_WEEKS, dynamics_of(EXAM, SEVEN_WEEKS, 1)
    )
    days = {s.date for s in plan.sessions if s.form == "nbme-cbssa 32" and s.kind == "form"}
    assert len(days) == 1
    first, second = [e for e in plan.ledger if e.form == "32"]
    assert first.date in days
    assert second.date is None
    assert second.state == "listed-twice"


def test_a_second_copy_of_a_form_taken_is_never_placed_as_fresh():
    taken = Form(family="nbme-cbssa", form="32", date=AS_OF - timedelta(days=4), score=60.0)
    plan, _ = ledger_of(learner("32", "32", forms=(taken,)))
    assert all(e.date is None and e.state == "taken" for e in plan.ledger if e.owned)


def test_what_is_said_of_a_review_that_the_days_after_a_test_cannot_hold():
    """Saturdays hold a test, and the two days after it three quarters of an hour."""
    hours = dict.fromkeys(WEEKDAYS, 45) | {"sat": 300, "sun": 0}
    record = learner("31", "32", availability=Availability(minutes=hours))
    plan = make_plan(record, AS_OF, SEVEN_WEEKS, dynamics_of(EXAM, SEVEN_WEEKS, 3))
    short = {r.facts["date"]: r.facts for r in plan.remarks if r.code == "planning.review-short"}
    sat = {s.date for s in plan.sessions if s.kind == "form"}
    assert sat
    assert set(short) <= sat
    for day in sat:
        done = sum(
            s.minutes for s in plan.sessions if s.kind == "review" and 0 <= (s.date - day).days <= 2
        )
        length = sum(s.minutes for s in plan.sessions if s.kind == "form" and s.date == day)
        assert (day in short) == (done < length / 2)
