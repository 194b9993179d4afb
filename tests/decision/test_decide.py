"""The answer to "should I test on that date?": its order, its days, its reasons."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bounceback import facts
from bounceback.decision.decide import (
    NextForm,
    Outlook,
    _Case,
    _let_expire,
    _value,
    candidate_options,
    parameters,
    weights,
)
from bounceback.decision.models import ADVICE_ORDER
from bounceback.messages.registry import render
from bounceback.records import models as v
from tests.decision.builders import (
    LEVEL_1,
    STEP_1,
    TODAY,
    ask,
    chance,
    day,
    failed,
    form,
    future,
    learner,
)

ONCE = failed(day(-80))
TWICE = failed(day(-300), day(-80))
RECENT = (form(-2), form(-6))


def planned(n: int, **more: object) -> v.Record:
    given = {"attempts": ONCE, "forms": RECENT, "exam_more": {"planned_date": day(n)}}
    return learner(**(given | more))  # type: ignore[arg-type]


def next_on(n: int) -> NextForm:
    return NextForm("nbme-cbssa", "32", day(n))


def codes(answer: object) -> list[str]:
    return [r.code for r in answer.reasons]  # type: ignore[attr-defined]


# Days from today that are Fridays with centers open, well before January.
FRIDAY, NEXT, THIRD = 12, 19, 26


# --- the order --------------------------------------------------------------------------------


def test_rules_come_before_everything() -> None:
    window = v.Eligibility(first=day(-90), last=day(-1))
    answer = ask(planned(5, exam_more={"eligibility": window}), [], level="fundamental-gap")
    assert (answer.advice, answer.date, answer.closed) == ("remediate", None, True)
    assert codes(answer)[0] == "decision.period-ended"
    assert answer.headline.code == "decision.headline-closed"


def test_a_fundamental_gap_comes_before_any_date() -> None:
    answer = ask(planned(5), [(5, 0.99)], level="fundamental-gap")
    assert (answer.advice, answer.date, answer.closed) == ("remediate", None, False)
    assert codes(answer)[0] == "decision.fundamental-gap"


def test_a_second_failure_waits_for_a_passed_checkpoint() -> None:
    record = planned(5, attempts=TWICE)
    assert ask(record, [(5, 0.99)]).advice == "remediate"
    assert ask(record, [(5, 0.99)], retest_passed=True).advice == "sit"


def test_a_low_chance_is_no_ground_to_build_up() -> None:
    answer = ask(planned(FRIDAY), [(FRIDAY, 0.2), (NEXT, 0.25)], next_form=next_on(3), tests=[3])
    assert answer.advice != "remediate"


def test_a_passed_exam_is_said_to_be_passed() -> None:
    answer = ask(planned(5, attempts=failed(day(-80), outcome="pass")), [(5, 0.9)])
    assert answer.headline.code == "decision.headline-passed"


# --- the value of the dates -------------------------------------------------------------------


def test_a_sure_date_with_a_recent_test_is_kept() -> None:
    answer = ask(planned(5), [(5, 0.97), (FRIDAY, 0.98)], next_form=next_on(2), tests=[2])
    assert (answer.advice, answer.date) == ("sit", day(5))
    assert answer.kept is not None
    assert answer.kept > 0.9


def test_a_poor_chance_tomorrow_moves() -> None:
    answer = ask(planned(1), [(1, 0.1), (FRIDAY, 0.5), (THIRD, 0.7)])
    assert answer.advice == "move"
    assert answer.date in (day(FRIDAY), day(THIRD))
    assert answer.next_test is None or answer.next_test.on > TODAY


def test_inside_the_last_two_days_no_test_is_asked_for() -> None:
    for n in (0, 1, 2):
        answer = ask(planned(n, forms=()), [(n, 0.9), (FRIDAY, 0.91)], next_form=next_on(n))
        assert answer.advice in ("sit", "move")


def test_without_a_recent_test_no_date_is_advised_if_one_can_be_had() -> None:
    record = planned(THIRD, forms=(form(-3),))
    answer = ask(record, [(THIRD, 0.99)], next_form=next_on(4), tests=[4])
    assert (answer.advice, answer.date) == ("too-early-to-say", day(4))
    assert "decision.unmeasured" in codes(answer)
    assert answer.about == day(THIRD)
    near = planned(FRIDAY, forms=(form(-3),))
    assert ask(near, [(FRIDAY, 0.99)], next_form=next_on(4), tests=[4]).advice == "sit"


def test_where_no_test_can_be_had_the_results_at_hand_decide() -> None:
    record = learner(
        LEVEL_1, attempts=failed(day(-80), exam=LEVEL_1), exam_more={"planned_date": day(THIRD)}
    )
    assert ask(record, [(THIRD, 0.95)]).advice == "sit"


def test_an_earlier_date_is_never_suggested() -> None:
    answer = ask(planned(40), [(FRIDAY, 0.99), (40, 0.9)], next_form=next_on(3), tests=[3])
    assert answer.about == day(40)


def test_moving_again_takes_more() -> None:
    dates = [(FRIDAY, 0.75), (NEXT, 0.79)]
    once = ask(planned(FRIDAY), dates)
    again = ask(planned(FRIDAY), dates, moves=1)
    assert (once.advice, again.advice) == ("move", "sit")
    often = ask(planned(FRIDAY), [(FRIDAY, 0.3), (NEXT, 0.9)], moves=2)
    assert "decision.moved-before" in codes(often)


def test_a_test_that_can_change_the_answer_is_waited_for() -> None:
    dates = [(NEXT, 0.68), (THIRD, 0.70)]
    record = planned(NEXT, forms=(form(-1),))
    waits = ask(record, dates, next_form=next_on(5), tests=[5, 12])
    assert waits.advice == "too-early-to-say"
    assert waits.kept is not None
    assert 0.0 < waits.kept < 1.0


def test_no_new_date_is_today_tomorrow_or_a_day_centers_are_closed() -> None:
    christmas = (date(2026, 12, 25) - TODAY).days
    sunday = 14
    dates = [(0, 0.9), (1, 0.9), (sunday, 0.95), (christmas, 0.99), (THIRD, 0.8)]
    record = learner(attempts=ONCE, forms=RECENT)
    answer = ask(record, sorted(dates))
    assert answer.about == day(THIRD)


def test_a_rule_that_closes_the_date_moves_it() -> None:
    window = v.Eligibility(first=day(10), last=day(60))
    record = planned(5, exam_more={"planned_date": day(5), "eligibility": window})
    answer = ask(record, [(5, 0.9), (FRIDAY, 0.9)])
    assert (answer.advice, answer.date) == ("move", day(FRIDAY))
    assert codes(answer)[0] == "decision.rule-closes"


def test_without_a_date_the_first_one_leaves_time_for_the_next_test() -> None:
    """A date three days off is none that a student without a date is told to take."""
    record = learner(attempts=ONCE, forms=RECENT)
    dates = [(3, 0.80), (FRIDAY, 0.81), (NEXT, 0.82)]
    answer = ask(record, dates, next_form=next_on(9), tests=[9])
    assert answer.about == day(FRIDAY)
    forced = replace(
        record, exam=replace(record.exam, eligibility=v.Eligibility(first=TODAY, last=day(5)))
    )
    answer = ask(forced, [(3, 0.95)], next_form=next_on(9), tests=[9])
    assert (answer.advice, answer.date) == ("sit", day(3))


def test_a_date_that_nobody_chose_is_set_and_not_kept() -> None:
    record = learner(attempts=ONCE, forms=RECENT)
    answer = ask(record, [(FRIDAY, 0.98)], next_form=next_on(9), tests=[9])
    assert (answer.advice, answer.headline.code) == ("sit", "decision.headline-set")
    doubtful = ask(record, [(FRIDAY, 0.50)], next_form=next_on(9), tests=[9])
    assert (doubtful.advice, doubtful.date) == ("too-early-to-say", day(9))


def test_a_closed_date_without_a_recent_test_waits_for_one() -> None:
    window = v.Eligibility(first=TODAY, last=day(40))
    exam = {"planned_date": day(50), "eligibility": window}
    record = planned(50, forms=(), exam_more=exam)
    answer = ask(record, [(FRIDAY, 0.66), (33, 0.73), (50, 0.8)], next_form=next_on(1), tests=[1])
    assert (answer.advice, answer.date) == ("too-early-to-say", day(1))
    assert codes(answer)[0] == "decision.rule-closes"
    measured = replace(record, forms=RECENT)
    assert (
        ask(measured, [(FRIDAY, 0.98), (50, 0.99)], next_form=next_on(1), tests=[1]).advice
        == "move"
    )


def test_a_test_longer_than_any_day_is_asked_for_with_the_day_to_free() -> None:
    record = planned(NEXT, forms=(form(-12),))
    own = NextForm("comsae", "P1-A", day(NEXT - 7))
    answer = ask(record, [(NEXT, 0.55)], unplaced=(own, 240), tests=[NEXT - 7])
    assert (answer.advice, answer.date) == ("too-early-to-say", own.on)
    assert answer.next_test == own
    (why,) = [r for r in answer.reasons if r.code == "decision.free-a-day"]
    assert why.facts["minutes"] == 240


def test_where_the_period_ends_a_hopeless_date_is_not_taken() -> None:
    window = v.Eligibility(first=day(-60), last=day(2))
    record = planned(2, exam_more={"planned_date": day(2), "eligibility": window})
    answer = ask(record, [(2, 0.05)])
    assert answer.date is None
    assert codes(answer)[0] == "decision.expiring-costs-less"
    assert ask(record, [(2, 0.9)]).advice == "sit"


def test_without_a_period_no_date_is_chosen_where_none_is_worth_an_attempt() -> None:
    record = learner(attempts=ONCE, forms=RECENT)
    option = ask(record, [(3, 0.05)]).options[0]
    answer = _let_expire(SimpleNamespace(record=record, mark=196.0), option)  # type: ignore[arg-type]
    assert (answer.advice, answer.day) == ("remediate", None)
    assert answer.reasons[0].code == "decision.no-date-worth-it"


def test_a_late_result_is_named() -> None:
    deadline = v.Deadline(date=day(60), what="school")
    record = planned(FRIDAY, exam_more={"planned_date": day(FRIDAY), "deadlines": (deadline,)})
    answer = ask(record, [(FRIDAY, 0.97)])
    (late,) = [r for r in answer.reasons if r.code == "decision.late-result"]
    assert late.facts["usual_in_time"] is True


def test_a_deadline_is_met_by_passing_alone() -> None:
    """The sooner result is worth keeping for a deadline only as far as it will be a pass."""
    weights = v.DecisionPreferences(weights={"failed_attempt": 60.0})
    own = replace(planned(5), decision=weights)
    deadline = v.Deadline(date=day(5) + timedelta(weeks=8), what="school")
    needed = replace(own, exam=replace(own.exam, deadlines=(deadline,)))

    def gain(record: v.Record, p: float) -> float:
        """What a date is worth beyond one whose result is late, both at the same chance."""
        valued = _value(case_of(record, [(5, p), (34, p)]), None)
        assert valued is not None
        return float(valued.worth.fixed[0] - valued.worth.fixed[1])

    for p in (0.3, 0.6, 0.9):
        assert gain(needed, p) - gain(own, p) == pytest.approx(10.0 * p)


def case_of(record: v.Record, dates: list[tuple[int, float]]) -> _Case:
    """What the branches of the advice look at, without tests to come."""
    mark = 196.0
    forecasts = [chance(day(n), p, mark) for n, p in dates]
    outlook = Outlook(forecasts, future([f.on for f in forecasts]), "mostly-solid", None)
    return _Case(
        record=record,
        as_of=TODAY,
        p=parameters(STEP_1),
        weight=weights(record),
        options=candidate_options(record, TODAY, forecasts),
        outlook=outlook,
        next_form=None,
        mark=mark,
    )


LEAST = parameters(STEP_1)["least_chance"]


@settings(deadline=None, max_examples=150)
@given(
    st.floats(0.0, 0.24),
    st.integers(0, 30),
    st.floats(0.0, 200.0),
    st.integers(0, 3),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
def test_no_date_is_kept_at_a_chance_below_the_least(
    p: float, first: int, failure: float, deadlines: int, window: bool, later: bool, recent: bool
) -> None:
    """Whatever the priorities, the deadlines and the day: nobody is told to keep 1 in 10."""
    more: dict[str, object] = {"planned_date": day(first)}
    more["deadlines"] = tuple(v.Deadline(date=day(90 + 30 * n), what="x") for n in range(deadlines))
    if window:
        more["eligibility"] = v.Eligibility(first=day(-30), last=day(first + 40))
    record = replace(
        planned(first, forms=RECENT if recent else (), exam_more=more),
        decision=v.DecisionPreferences(weights={"failed_attempt": failure}),
    )
    dates = [(first, p)] + ([(first + 7, p), (first + 14, min(1.0, p + 0.02))] if later else [])
    for tests in ([], [2], [2, 9, 16]):
        coming = next_on(tests[0]) if tests else None
        answer = ask(record, dates, next_form=coming, tests=tests)
        assert answer.advice != "sit"
        again = ask(record, dates, next_form=coming, tests=tests, moves=2)
        assert again.advice != "sit"


def test_the_last_attempt_asks_for_more() -> None:
    fourth = failed(day(-900), day(-700), day(-400))
    dates = [(FRIDAY, 0.80), (NEXT, 0.83)]
    record = planned(FRIDAY, attempts=fourth)
    answer = ask(record, dates, retest_passed=True)
    assert answer.last_attempt
    assert answer.advice == "move"
    assert "decision.last-attempt" in codes(answer)


def test_presets_change_the_answer() -> None:
    dates = [(FRIDAY, 0.70), (NEXT, 0.735)]
    for cost, advice in ((20.0, "sit"), (80.0, "move")):
        record = replace(
            planned(FRIDAY), decision=v.DecisionPreferences(weights={"failed_attempt": cost})
        )
        assert ask(record, dates).advice == advice


def test_the_agreement_is_quoted_and_its_day_known() -> None:
    settings_ = v.DecisionPreferences(pact=v.Pact(rule="under 60: I move", date=TODAY))
    answer = ask(replace(planned(5), decision=settings_), [(5, 0.97)])
    assert answer.pact is not None
    assert answer.pact.facts["due"] is True
    assert answer.pact.facts["rule"] == "under 60: I move"


# --- what holds for any answer ----------------------------------------------------------------


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.floats(0.02, 0.98), min_size=1, max_size=6),
    st.integers(0, 40),
    st.sampled_from(["mostly-solid", "wobbly", "fundamental-gap"]),
    st.booleans(),
)
def test_any_answer_is_whole(chances: list[float], first: int, level: str, test: bool) -> None:
    dates = [(first + 7 * i, p) for i, p in enumerate(chances)]
    form_ = next_on(2) if test else None
    answer = ask(planned(first), dates, level=level, next_form=form_, tests=[2] if test else [])
    assert answer.advice in ADVICE_ORDER
    assert (answer.date is None) == (answer.advice == "remediate")
    assert answer.reasons
    assert all(render(r) for r in (answer.headline, *answer.reasons, *answer.conditions))
    if answer.advice == "move":
        assert answer.date is not None
        assert answer.date >= TODAY + timedelta(days=3)
        assert facts.closed_day(STEP_1, answer.date) is None


@settings(deadline=None, max_examples=40)
@given(st.floats(0.05, 0.9), st.floats(0.0, 0.08), st.floats(0.3, 3.0))
def test_better_evidence_never_gives_a_lesser_advice(p: float, gain: float, shift: float) -> None:
    """All dates better by the same step on the normal scale."""
    from bounceback.forecast.normal import cdf, quantile

    base = [(FRIDAY, p), (NEXT, min(p + gain, 0.97)), (THIRD, min(p + 2 * gain, 0.98))]
    better = [(n, float(cdf(quantile(q) + shift))) for n, q in base]
    given_ = {"next_form": next_on(4), "tests": [4, 9]}
    low, high = ask(planned(FRIDAY), base, **given_), ask(planned(FRIDAY), better, **given_)  # type: ignore[arg-type]
    assert ADVICE_ORDER.index(high.advice) >= ADVICE_ORDER.index(low.advice)


@pytest.mark.parametrize("name", weights(learner()))
def test_every_utility_can_be_set_and_is_shown(name: str) -> None:
    record = replace(planned(5), decision=v.DecisionPreferences(weights={name: 3.25}))
    assert ask(record, [(5, 0.9)]).weights[name] == 3.25
    assert name in parameters(STEP_1)
