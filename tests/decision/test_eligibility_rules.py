"""Step 1 of the decision: each rule of board, state, school and calendar, alone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bounceback import facts
from bounceback.decision.eligibility_rules import (
    check,
    first_open_day,
    last_attempt,
    months_after,
    result_day,
)
from bounceback.records import models as v
from tests.decision.builders import (
    LEVEL_1,
    STEP_1,
    STEP_2,
    TODAY,
    day,
    failed,
    form,
    learner,
    of_kind,
)


def verdict(record: v.Record, on: date, kind: str) -> list[bool | None]:
    return [c.holds for c in of_kind(check(record, TODAY, on), kind)]


# --- calendar and permit ----------------------------------------------------------------------


@pytest.mark.parametrize(("n", "holds"), [(-1, False), (0, True), (1, True)])
def test_a_past_day_is_no_date(n: int, holds: bool) -> None:
    (found,) = of_kind(check(learner(), TODAY, day(n)), "calendar")
    assert (found.holds, found.blocks) == (holds, True)


@pytest.mark.parametrize(("n", "holds"), [(9, False), (10, True), (40, True), (41, False)])
def test_both_ends_of_the_eligibility_period_may_be_sat_on(n: int, holds: bool) -> None:
    window = v.Eligibility(first=day(10), last=day(40))
    assert verdict(learner(exam_more={"eligibility": window}), day(n), "eligibility") == [holds]


# --- the board --------------------------------------------------------------------------------


def years_ago(n: int) -> tuple[v.Attempt, ...]:
    """n failures, a year and a half apart, the last more than a year ago."""
    return failed(*(TODAY - timedelta(days=500 + 540 * k) for k in reversed(range(n))))


@pytest.mark.parametrize("taken", range(6))
def test_a_step_is_sat_four_times_at_most(taken: int) -> None:
    record = learner(attempts=years_ago(taken))
    assert verdict(record, day(30), "attempts") == [taken < 4]
    assert last_attempt(record, TODAY, day(30)) == (taken >= 3)


@pytest.mark.parametrize("taken", range(6))
def test_a_level_is_sat_four_times_at_most(taken: int) -> None:
    attempts = tuple(
        v.Attempt(exam=LEVEL_1, date=a.date, outcome="fail")  # type: ignore[arg-type]
        for a in years_ago(taken)
    )
    assert verdict(learner(LEVEL_1, attempts=attempts), day(30), "attempts") == [taken < 4]


def test_an_incomplete_sitting_counts_and_one_of_another_exam_does_not() -> None:
    two = (*years_ago(2), *failed(day(-400), outcome="incomplete"))
    (found,) = of_kind(check(learner(attempts=two), TODAY, day(9)), "attempts")
    assert found.rule.facts["number"] == 4
    other = failed(day(-400), exam=STEP_2)
    (found,) = of_kind(check(learner(attempts=other), TODAY, day(9)), "attempts")
    assert found.rule.facts["number"] == 1


def test_a_sitting_after_the_day_asked_about_is_not_counted() -> None:
    record = learner(attempts=failed(day(3)))
    (found,) = of_kind(check(record, TODAY, day(9)), "attempts")
    assert found.rule.facts["number"] == 1


def test_three_sittings_within_twelve_months_close_the_year() -> None:
    record = learner(attempts=failed(day(-300), day(-200), day(-100)))
    first = record.attempts[0].date
    (early, *_), (late, *_) = (
        of_kind(check(record, TODAY, on), "spacing")
        for on in (months_after(first, 12) - timedelta(days=1), months_after(first, 12))
    )
    assert (early.holds, late.holds) == (False, True)
    assert early.source == "usmle.max-in-12-months"


def test_a_fourth_attempt_waits_a_year_from_the_first_and_half_a_year_from_the_latest() -> None:
    record = learner(attempts=failed(date(2026, 2, 1), date(2026, 5, 1), date(2026, 10, 1)))

    def waits(on: date) -> dict[str, bool | None]:
        return {c.source: c.holds for c in of_kind(check(record, TODAY, on), "spacing")}

    first, latest = "usmle.fourth-min-months-from-first", "usmle.fourth-min-months-from-latest"
    assert waits(date(2027, 1, 31))[first] is False
    assert waits(date(2027, 2, 1))[first] is True
    assert waits(date(2027, 3, 31))[latest] is False
    assert waits(date(2027, 4, 1))[latest] is True
    assert first_open_day(record, TODAY) == date(2027, 4, 1)


def test_the_wait_for_a_fourth_is_no_rule_of_the_third() -> None:
    record = learner(attempts=failed(day(-200), day(-100)))
    sources = {c.source for c in check(record, TODAY, day(1))}
    assert not any("fourth" in source for source in sources)


def test_a_level_may_be_sat_four_times_in_a_year_without_a_wait_for_the_fourth() -> None:
    taken = failed(day(-300), day(-200), day(-100), exam=LEVEL_1)
    record = learner(LEVEL_1, attempts=taken)
    assert verdict(record, day(1), "spacing") == [True]


def test_a_passed_exam_is_not_sat_again() -> None:
    record = learner(attempts=failed(day(-300), outcome="pass"))
    assert verdict(record, day(30), "passed") == [False]
    assert first_open_day(record, TODAY) is None


def test_no_new_sitting_before_the_result_of_the_last_is_out() -> None:
    record = learner(attempts=failed(day(-10)))
    weeks = facts.release(STEP_1, day(-10)).typical_weeks
    out = day(-10) + timedelta(weeks=weeks)
    assert verdict(record, out - timedelta(days=1), "result") == [False]
    assert verdict(record, out, "result") == [True]
    assert verdict(learner(attempts=failed(day(-60))), day(1), "result") == []


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(0, 60))
@settings(derandomize=True)
def test_months_are_counted_by_the_calendar_and_never_run_into_the_next(
    start: date, months: int
) -> None:
    then = months_after(start, months)
    assert (then.year - start.year) * 12 + then.month - start.month == months
    assert then.day <= start.day
    assert then.day == start.day or (then + timedelta(days=1)).month != then.month


# --- deadlines --------------------------------------------------------------------------------


def test_a_deadline_is_held_against_the_cautious_day_of_the_result_and_only_warns() -> None:
    weeks = facts.release(STEP_1, TODAY).plan_weeks
    need = v.Deadline(date=day(100), what="school: result needed")
    record = learner(exam_more={"deadlines": (need,)})
    latest = day(100) - timedelta(weeks=weeks)
    assert result_day(record, latest) == day(100)
    for on, holds in ((latest, True), (latest + timedelta(days=1), False)):
        (found,) = of_kind(check(record, TODAY, on), "deadline")
        assert (found.holds, found.blocks) == (holds, False)
        assert found.rule.facts["what"] == "school: result needed"


# --- the state --------------------------------------------------------------------------------


def test_a_states_limit_warns_with_its_caveat_and_removes_no_date() -> None:
    record = learner(state="GA", attempts=years_ago(3))
    (found,) = of_kind(check(record, TODAY, day(60)), "state")
    assert (found.holds, found.blocks) == (False, False)
    limit = facts.state_limit("GA", STEP_1)
    assert limit is not None
    assert found.rule.facts["caveat"] == limit.caveat
    assert found.rule.facts["number"] == 4


def test_a_limit_over_all_steps_counts_all_steps() -> None:
    others = failed(day(-900), day(-800), exam=STEP_2)
    record = learner(state="IL", attempts=(*others, *years_ago(3)))
    (found,) = of_kind(check(record, TODAY, day(60)), "state")
    assert found.rule.facts["number"] == 6
    assert found.holds is False


@pytest.mark.parametrize("state", ["CA", "AR", "WY", None])
def test_no_limit_or_none_agreed_on_gives_no_warning(state: str | None) -> None:
    assert verdict(learner(state=state, attempts=years_ago(3)), day(60), "state") == []


# --- the school -------------------------------------------------------------------------------


def cleared_by(rule_id: str, *forms: v.Form, exam: str = STEP_1, **more: object) -> v.Record:
    return learner(exam, exam_more={"clearance": rule_id}, forms=forms, **more)


@pytest.mark.parametrize("rule_id", [r.id for r in facts.clearance_rules()])
def test_each_published_rule_is_named_with_its_school_and_source(rule_id: str) -> None:
    rule = facts.clearance_rule(rule_id)
    found = of_kind(check(cleared_by(rule_id, exam=rule.exam), TODAY, day(40)), "clearance")
    assert found
    assert all(rule.school == c.rule.facts["school"] and c.source == rule.source for c in found)
    # Nothing is taken yet: a rule that a result can still meet closes no day far off.
    assert all(c.holds is None for c in found)


@pytest.mark.parametrize(
    "rule_id", [r.id for r in facts.clearance_rules() if r.minimum is not None]
)
def test_each_published_number_is_met_at_its_score_and_not_below(rule_id: str) -> None:
    rule = facts.clearance_rule(rule_id)
    assert rule.minimum is not None
    family = rule.families[0]

    def score(points: float) -> float:
        if facts.form_family(family, rule.exam).scale == rule.scale:
            return points
        return facts.conversion(family, rule.exam, day(-3)).from_reported(points)

    def holds(points: float) -> bool | None:
        taken = [
            form(-2 - n, score(points), family=family, form=f"x{n}") for n in range(rule.count)
        ]
        record = cleared_by(rule_id, *taken, exam=rule.exam)
        return of_kind(check(record, TODAY, day(5)), "clearance")[0].holds

    step = 0.5 if rule.scale == "epc" else 1.0
    at = rule.minimum + (step if rule.strictly_above else 1e-6)
    assert holds(at) is True
    assert holds(rule.minimum - (0.0 if rule.strictly_above else step)) is not True


def test_a_result_outside_the_schools_window_does_not_clear() -> None:
    def holds(ago: int) -> bool | None:
        record = cleared_by("louisville-step-1", form(-ago, 70.0))
        return of_kind(check(record, TODAY, day(4)), "clearance")[0].holds

    assert holds(10) is True  # fourteen days before the sitting
    assert holds(11) is None  # a newer one can still be taken


def test_an_open_rule_is_broken_once_no_day_is_left_for_a_result() -> None:
    record = cleared_by("nbme-two-results", form(-3, 75.0))
    assert verdict(record, day(1), "clearance") == [None]
    assert verdict(record, TODAY, "clearance") == [False]


def test_used_up_tries_close_the_date() -> None:
    tries = [form(-30 * n, 430.0, family="comsae", form=f"P1-{n}") for n in (1, 2, 3)]
    record = cleared_by("nova-kpcom-level-1", *tries, exam=LEVEL_1)
    (found,) = of_kind(check(record, TODAY, day(60)), "clearance")
    assert found.holds is False
    assert (found.rule.facts["tries"], found.rule.facts["most_tries"]) == (3, 3)


def test_a_score_between_the_two_numbers_is_for_the_school_to_clear() -> None:
    record = cleared_by("vcom-level-1", form(-3, 445.0, family="comsae"), exam=LEVEL_1)
    rule, blocks = of_kind(check(record, TODAY, day(20)), "clearance")
    assert rule.holds is None
    assert rule.rule.facts["on_conditions"] is True
    assert blocks.holds is None


def test_a_rule_on_question_blocks_counts_timed_ones_of_its_days() -> None:
    def block(ago: int, correct: int, mode: str = "timed") -> v.Block:
        return v.Block(date=day(-ago), bank="b", items=40, correct=correct, mode=mode)

    comsae = form(-3, 470.0, family="comsae")
    good = (block(2, 27), block(5, 26), block(3, 0, mode="tutor"), block(20, 0))
    record = cleared_by("vcom-level-1", comsae, exam=LEVEL_1, blocks=good)
    assert verdict(record, day(5), "clearance") == [True, True]
    short = cleared_by("vcom-level-1", comsae, exam=LEVEL_1, blocks=(block(2, 25),))
    assert verdict(short, day(5), "clearance") == [True, None]
    assert verdict(short, TODAY, "clearance") == [True, False]


def test_a_cut_that_is_not_public_is_a_reminder() -> None:
    (found,) = of_kind(check(cleared_by("sgu-step-1"), TODAY, day(1)), "clearance")
    assert (found.holds, found.blocks) == (None, False)


@pytest.mark.parametrize("chosen", [None, "none"])
def test_without_a_rule_there_is_no_clearance_to_check(chosen: str | None) -> None:
    assert verdict(learner(exam_more={"clearance": chosen}), day(5), "clearance") == []
