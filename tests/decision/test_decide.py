"""The answer to "should I sit?": its order, its days, its words."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bounceback.decision.decide import NextForm, parameters, weights
from bounceback.decision.models import Held
from bounceback.decision.no_eligible_date import path_of_rules
from bounceback.messages.formatting import day_words, form_words
from bounceback.planning.parameters import rules_for
from bounceback.records import models as v
from tests.decision.builders import (
    LEVEL_1,
    STEP_1,
    TODAY,
    ask,
    day,
    failed,
    form,
    learner,
    of_kind,
)

ONCE = failed(day(-80))
TWICE = failed(day(-300), day(-80))
FORMS = (form(-2), form(-6))
"""Two measures for a sitting within a week of today."""


def planned(n: int, **more: object) -> v.Record:
    given = {"attempts": ONCE, "forms": FORMS, "exam_more": {"planned_date": day(n)}}
    return learner(**(given | more))  # type: ignore[arg-type]


def next_on(n: int) -> NextForm:
    return NextForm("nbme-cbssa", "32", day(n))


# --- the order --------------------------------------------------------------------------------


def test_rules_come_before_everything() -> None:
    window = v.Eligibility(first=day(-90), last=day(-1))
    record = planned(5, exam_more={"eligibility": window})
    answer = ask(record, [], level="fundamental-gap")
    assert (answer.advice, answer.date) == ("remediate", None)
    assert answer.closed
    assert "eligibility period ended" in answer.reasons[0]
    assert answer.headline == "No date is open at the moment."


def test_a_fundamental_gap_comes_before_readiness() -> None:
    answer = ask(planned(5), [(5, 0.99, True)], level="fundamental-gap")
    assert (answer.advice, answer.date, answer.closed) == ("remediate", None, False)


def test_a_second_failure_waits_for_a_passed_retest() -> None:
    record = planned(5, attempts=TWICE)
    assert ask(record, [(5, 0.99, True)]).advice == "remediate"
    assert ask(record, [(5, 0.99, True)], retest_passed=True).advice == "sit"


def test_an_incomplete_sitting_is_no_failure() -> None:
    attempts = (*failed(day(-300), outcome="incomplete"), *ONCE)
    assert ask(planned(5, attempts=attempts), [(5, 0.99, True)]).advice == "sit"


def test_without_a_form_since_the_sitting_it_is_too_early_to_say() -> None:
    record = planned(40, forms=(form(-90),))
    answer = ask(record, [(40, 0.99, True)], next_form=next_on(3))
    assert (answer.advice, answer.date) == ("too-early-to-say", day(3))
    assert "NBME 32" in answer.reasons[0]
    assert ask(record, [(40, 0.99, True)]).date == day(7)
    assert ask(record, [(40, 0.99, True)], next_form=next_on(30)).date == day(30)


def test_a_form_of_long_ago_is_no_ground_to_decide_on() -> None:
    stale = int(parameters(STEP_1)["stale_form_days"])  # type: ignore[arg-type]
    old, young = form(-stale - 1), form(-stale)
    assert ask(planned(40, forms=(old,)), [(40, 0.9, True)]).advice == "too-early-to-say"
    assert ask(planned(40, forms=(young,)), [(40, 0.9, True)]).advice == "sit"


def test_an_exam_tomorrow_without_a_form_is_told_what_moving_keeps() -> None:
    answer = ask(planned(1, forms=()), [(1, 0.6, False), (30, 0.9, True)])
    assert answer.advice == "too-early-to-say"
    assert any("moving it keeps the attempt" in reason for reason in answer.reasons)


# --- readiness --------------------------------------------------------------------------------


def test_a_ready_planned_date_with_two_measures_is_sat() -> None:
    answer = ask(planned(5), [(5, 0.95, True), (12, 0.96, True)], next_form=next_on(2))
    assert (answer.advice, answer.date, answer.p_pass) == ("sit", day(5), 0.95)
    (gate,) = of_kind(answer.rules, "readiness")
    assert gate.holds is True


def test_today_can_be_the_day() -> None:
    assert ask(planned(0), [(0, 0.97, True)]).date == TODAY


def test_a_near_date_waits_for_its_measures_while_a_form_can_be_had() -> None:
    record = planned(10, forms=(form(-6),))  # inside no fortnight of day 10
    answer = ask(record, [(10, 0.95, True)], next_form=next_on(4))
    assert (answer.advice, answer.date) == ("too-early-to-say", day(4))
    assert of_kind(answer.rules, "readiness")[0].holds is False
    alone = ask(record, [(10, 0.95, True)])
    assert (alone.advice, alone.date) == ("sit", day(10))
    assert any("the forecast's own range decides" in reason for reason in alone.reasons)


def test_a_date_far_off_is_open_with_its_condition_and_its_days() -> None:
    answer = ask(planned(60), [(60, 0.95, True)], next_form=next_on(4))
    assert answer.advice == "sit"
    (gate,) = of_kind(answer.rules, "readiness")
    assert gate.holds is None
    (condition,) = answer.conditions
    assert day_words(day(46)) in condition
    assert day_words(day(60)) in condition
    assert "2 measures" in condition


def test_a_far_date_under_the_gate_reads_open_too() -> None:
    answer = ask(planned(60), [(60, 0.6, False)], next_form=next_on(4))
    assert of_kind(answer.rules, "readiness")[0].holds is None


def test_a_planned_date_under_the_gate_moves_to_one_that_reaches_it() -> None:
    answer = ask(planned(5), [(5, 0.6, False), (33, 0.9, True), (40, 0.91, True)])
    assert (answer.advice, answer.date) == ("move", day(33))
    assert "cautious end" in answer.reasons[0]


def test_the_burden_of_proof_is_on_the_earlier_date() -> None:
    """An earlier day is never proposed, however much the weights would like it."""
    answer = ask(planned(40), [(5, 0.99, True), (40, 0.9, True)])
    assert (answer.advice, answer.date) == ("sit", day(40))


ADVISED = Held(on=day(47), since=day(-9))


def test_the_day_advised_last_stays_until_a_measure_speaks_for_an_earlier_one() -> None:
    dates = [(5, 0.6, False), (33, 0.9, True), (47, 0.9, True)]
    before = planned(5, forms=(form(-12),))
    answer = ask(before, dates, held=ADVISED)
    assert (answer.advice, answer.date) == ("move", day(47))
    assert "stays, as advised" in answer.reasons[0]
    assert day_words(day(33)) in answer.reasons[0]
    since = replace(before, forms=(*before.forms, form(-2)))
    assert ask(since, dates, held=ADVISED).date == day(33)


def test_the_planned_day_that_has_become_ready_waits_for_a_measure_too() -> None:
    dates = [(33, 0.9, True), (47, 0.93, True)]
    before = planned(33, forms=(form(-12),))
    assert ask(before, dates, held=ADVISED).date == day(47)
    since = replace(before, forms=(*before.forms, form(-2)))
    assert ask(since, dates, held=ADVISED).date == day(33)


def test_a_later_day_replaces_the_one_advised_last_where_it_is_clearly_worth_more() -> None:
    record = planned(5, forms=(form(-12),))
    little = [(5, 0.6, False), (47, 0.90, True), (54, 0.96, True)]
    much = [(5, 0.6, False), (47, 0.80, True), (54, 0.96, True)]
    assert ask(record, little, held=ADVISED).date == day(47)
    assert ask(record, much, held=ADVISED).date == day(54)


def test_a_day_advised_last_that_is_ready_no_longer_gives_way_and_what_happened_since_is_said() -> (
    None
):
    noted = tuple(
        v.PlannedSession(
            id=f"{day(-n).isoformat()}-1",
            date=day(-n),
            minutes=120,
            activity="questions",
            done_minutes=120 if n > 4 else 0,
        )
        for n in range(1, 9)
    )
    record = planned(5, forms=(form(-12), form(-2)), plan=noted)
    answer = ask(record, [(47, 0.8, False), (61, 0.95, True)], held=ADVISED)
    assert answer.date == day(61)
    told = " ".join(answer.reasons)
    assert f"the day advised was {day_words(day(47))}" in told
    assert "8 of 16 planned hours came about" in told
    assert answer.since_then in told
    assert "CBSSA" in told


def test_a_day_whose_result_may_miss_a_deadline_is_explained_with_the_next_step() -> None:
    need = v.Deadline(date=day(40), what="rank list")
    record = planned(5, exam_more={"planned_date": day(5), "deadlines": (need,)})
    told = " ".join(ask(record, [(5, 0.95, True)]).reasons)
    assert "Counted cautiously" in told
    assert "rank list" in told
    assert "Ask today" in told
    far = v.Deadline(date=day(200), what="rank list")
    kept = replace(record, exam=replace(record.exam, deadlines=(far,)))
    assert "rank list" not in " ".join(ask(kept, [(5, 0.95, True)]).reasons)


def test_a_planned_date_outside_the_rules_moves() -> None:
    window = v.Eligibility(first=day(20), last=day(60))
    record = planned(70, exam_more={"planned_date": day(70), "eligibility": window})
    answer = ask(record, [(30, 0.95, True), (70, 0.99, True)])
    assert (answer.advice, answer.date) == ("move", day(30))
    assert "eligibility" in " ".join(answer.reasons)


def test_a_planned_date_in_the_past_is_named_and_another_found() -> None:
    answer = ask(planned(-10), [(20, 0.95, True)])
    assert (answer.advice, answer.date) == ("move", day(20))
    assert any("has passed" in reason for reason in answer.reasons)


def test_without_a_planned_date_the_best_day_is_named() -> None:
    answer = ask(planned(5, exam_more={}), [(20, 0.9, True), (27, 0.901, True)])
    assert (answer.advice, answer.date) == ("sit", day(20))


def test_where_no_day_comes_to_the_mark_a_form_decides_if_it_is_in_reach() -> None:
    dates = [(40, 0.6, False), (60, 0.65, False)]
    answer = ask(planned(40), dates, next_form=next_on(6))
    assert (answer.advice, answer.date) == ("too-early-to-say", day(6))
    assert ask(planned(40), dates).advice == "remediate"
    low = ask(planned(40), [(40, 0.1, False), (60, 0.12, False)], next_form=next_on(6))
    assert (low.advice, low.date) == ("remediate", None)


def test_an_open_school_rule_keeps_a_near_date_open_and_conditions_a_far_one() -> None:
    window = {"clearance": "nbme-two-results"}
    near = planned(
        5, forms=(form(-2, 70.0), form(-6, 69.0)), exam_more={**window, "planned_date": day(5)}
    )
    answer = ask(near, [(5, 0.95, True)], next_form=next_on(2))
    assert (answer.advice, answer.date) == ("too-early-to-say", day(2))
    assert "NBME" in answer.reasons[0]
    far = ask(replace(near, exam=replace(near.exam, planned_date=day(60))), [(60, 0.95, True)])
    assert far.advice == "sit"
    assert any("NBME" in condition for condition in far.conditions)


# --- attempts, pact, eligibility ----------------------------------------------------------------


def test_the_last_attempt_is_marked_and_weighs_more() -> None:
    attempts = failed(day(-1500), day(-1100), day(-700))
    record = planned(5, attempts=attempts)
    answer = ask(record, [(5, 0.9, True)], retest_passed=True)
    assert (answer.attempt_number, answer.last_attempt) == (4, True)
    assert any("the last the board allows" in reason for reason in answer.reasons)
    usual = ask(planned(5), [(5, 0.9, True)])
    assert not usual.last_attempt
    assert answer.options[0].utility < usual.options[0].utility


def test_used_up_attempts_leave_no_date_and_name_the_rule_and_a_person() -> None:
    attempts = failed(day(-1900), day(-1500), day(-1100), day(-700))
    answer = ask(planned(30, attempts=attempts), [(30, 0.95, True)])
    assert (answer.advice, answer.closed, answer.opens) == ("remediate", True, None)
    assert "at most 4 attempts" in answer.reasons[0]
    assert "adviser" in answer.reasons[0]


def test_where_a_wait_closes_the_window_its_end_is_named() -> None:
    record = planned(30, attempts=failed(day(-300), day(-200), day(-100)))
    answer = ask(record, [(30, 0.95, True)])
    assert answer.closed
    assert answer.opens is not None
    assert day_words(answer.opens) in answer.reasons[0]


def test_on_its_day_the_pact_stands_beside_the_answer() -> None:
    pact = v.Pact(rule="lower bound under the mark: I move", date=day(0))
    record = planned(5, decision=v.DecisionPreferences(pact=pact))
    answer = ask(record, [(5, 0.95, True)])
    assert pact.rule in answer.pact
    assert answer.pact.endswith("That day is here.")
    before = replace(record, decision=v.DecisionPreferences(pact=replace(pact, date=day(1))))
    assert "is here" not in ask(before, [(5, 0.95, True)]).pact
    assert ask(planned(5), [(5, 0.95, True)]).pact == ""


def test_letting_eligibility_end_is_compared_with_sitting() -> None:
    window = v.Eligibility(first=day(0), last=day(70))

    def said(**set_by_learner: float) -> str:
        record = planned(
            60,
            exam_more={"planned_date": day(60), "eligibility": window},
            decision=v.DecisionPreferences(weights=set_by_learner),
        )
        answer = ask(record, [(60, 0.6, False)], next_form=next_on(5))
        return " ".join(answer.reasons)

    assert "letting it end costs less" in said(lapsed_eligibility=1.0)
    assert "costs less by the weights shown than letting it end" in said(lapsed_eligibility=500.0)


# --- weights ----------------------------------------------------------------------------------


def with_weights(n: int = 5, **set_by_learner: float) -> v.Record:
    return planned(n, decision=v.DecisionPreferences(weights=set_by_learner))


def test_every_utility_of_the_facts_can_be_set_and_is_shown() -> None:
    record = with_weights()
    for name, usual in weights(record).items():
        assert weights(with_weights(**{name: usual + 1}))[name] == usual + 1
        shown = ask(with_weights(**{name: usual + 1}), [(5, 0.95, True)])
        assert shown.weights[name] == usual + 1


DATES = [(5, 0.85, True), (40, 0.97, True)]


def test_a_dearer_week_of_delay_keeps_the_earlier_date_a_dearer_failure_the_later() -> None:
    assert ask(with_weights(delay_week=0.0), DATES).date == day(40)
    assert ask(with_weights(delay_week=5.0), DATES).date == day(5)
    assert ask(with_weights(failed_attempt=5.0), DATES).date == day(5)
    assert ask(with_weights(failed_attempt=200.0), DATES).date == day(40)


def test_the_margin_of_a_better_date_is_honoured() -> None:
    few = {"delay_week": 0.1}
    assert ask(with_weights(better_date_margin=0.0, **few), DATES).date == day(40)
    assert ask(with_weights(better_date_margin=50.0, **few), DATES).date == day(5)


def test_a_missed_deadline_weighs_against_a_date() -> None:
    need = v.Deadline(date=day(70), what="school")
    more = {"planned_date": day(5), "deadlines": (need,)}

    def chosen(cost: float) -> object:
        prefer = v.DecisionPreferences(weights={"missed_deadline": cost, "delay_week": 0.0})
        return ask(planned(5, exam_more=more, decision=prefer), DATES).date

    assert chosen(0.0) == day(40)
    assert chosen(50.0) == day(5)


@given(
    st.lists(st.tuples(st.integers(0, 180), st.floats(0, 1), st.booleans()), max_size=6),
    st.integers(-20, 190),
    st.sampled_from(["mostly-solid", "wobbly", "fundamental-gap"]),
    st.one_of(st.none(), st.integers(0, 180)),
    st.booleans(),
    st.sampled_from([(), ONCE, TWICE]),
)
@settings(derandomize=True, max_examples=200, deadline=None)
def test_any_answer_is_whole(
    dates: list[tuple[int, float, bool]],
    plan_on: int,
    level: str,
    next_in: int | None,
    retest: bool,
    attempts: tuple[v.Attempt, ...],
) -> None:
    dates = sorted({n: (n, p, ready) for n, p, ready in dates}.values())
    coming = None if next_in is None else next_on(next_in)
    record = planned(plan_on, attempts=attempts)
    answer = ask(record, dates, level=level, next_form=coming, retest_passed=retest)
    assert answer.reasons
    assert answer.headline
    assert (answer.date is None) == (answer.advice == "remediate")
    if answer.advice in ("sit", "move"):
        chosen = next(o for o in answer.options if o.on == answer.date)
        assert chosen.allowed
        assert chosen.reaches_gate
        assert answer.p_pass == chosen.p_pass
    assert len(answer.options) <= 4
    said = " ".join((*answer.reasons, *answer.conditions, answer.headline))
    # Days in words, families by name, none of the words that hurt.
    assert not re.search(r"\d{4}-\d{2}-\d{2}|nbme-|free-120", said)
    assert not re.search(r"\b(only|just|should have|behind|overdue|failed to)\b", said)


# --- words ------------------------------------------------------------------------------------


def test_days_are_said_in_words() -> None:
    assert day_words(TODAY) == "November 22, 2026"
    assert day_words(TODAY, weekday=True, year=False) == "Sunday 22 November"


@pytest.mark.parametrize(
    ("family", "label", "exam", "said"),
    [
        ("nbme-cbssa", "31", STEP_1, "NBME 31"),
        ("free-120", "2026", STEP_1, "Free 120 (2026)"),
        ("uwsa", "2", STEP_1, "UWSA 2"),
        ("comsae", "P1-A", LEVEL_1, "COMSAE Phase 1 P1-A"),
        ("timed-mixed-blocks", "200 items", LEVEL_1, "timed mixed blocks of 200 items"),
        ("of another exam", "x", LEVEL_1, "of another exam x"),
    ],
)
def test_a_practice_test_is_said_by_the_name_it_goes_by(
    family: str, label: str, exam: str, said: str
) -> None:
    assert form_words(family, label, exam) == said


def test_the_days_side_by_side_hold_the_planned_one_and_the_ends() -> None:
    dates = [(n, 0.5 + n / 400, False) for n in range(30, 121, 7)]
    answer = ask(planned(58), dates, next_form=next_on(5))
    shown = [o.on for o in answer.options]
    assert shown == sorted(shown)
    assert {day(58), day(30), day(30) + timedelta(days=84)} <= set(shown)


def test_a_planned_day_before_the_next_test_is_told_what_moving_keeps() -> None:
    answer = ask(planned(4), [(4, 0.3, False), (60, 0.6, False)], next_form=next_on(6))
    assert (answer.advice, answer.date) == ("too-early-to-say", day(6))
    assert any("moving it keeps the attempt" in reason for reason in answer.reasons)


def test_the_rules_say_which_day_they_are_held_against() -> None:
    answer = ask(planned(40), [(40, 0.9, True), (60, 0.95, True)])
    assert answer.about == answer.date == day(40)


def test_without_a_planned_day_an_early_one_does_not_pass_for_want_of_time_to_measure() -> None:
    free = planned(0, exam_more={}, forms=(form(-20),))
    dates = [(0, 0.9, True), (7, 0.9, True)]
    assert ask(free, dates, next_form=next_on(2)).advice == "too-early-to-say"
    assert ask(free, dates).advice == "sit"


def test_nobody_is_sent_to_a_sitting_today_that_was_not_planned() -> None:
    dates = [(0, 0.95, True), (7, 0.95, True)]
    assert ask(planned(0, exam_more={}), dates).date == day(7)
    assert ask(planned(0), dates).date == day(0)


def test_a_passed_exam_is_said_to_be_passed_and_nothing_is_rebuilt() -> None:
    record = learner(attempts=(*failed(day(-200)), *failed(day(-60), outcome="pass")))
    answer = ask(record, [(30, 0.9, True)])
    assert (answer.advice, answer.date, answer.closed) == ("remediate", None, True)
    assert answer.headline == "USMLE Step 1 is passed."
    path = path_of_rules(record, answer, TODAY, rules_for(STEP_1))
    assert path.retest is None
    (onwards,) = path.steps
    assert "what comes next" in onwards.what
