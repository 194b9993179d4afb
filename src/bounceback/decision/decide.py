"""Keep the date, move it, build up first, or take one more practice test: optimal stopping.

1. Rules of board, state, school and test centers remove dates. Clearance uses scores and rules.
2. A fundamental gap, or a second failure without a passed checkpoint, comes before any date.
3. Among the dates left: what each is worth while the tests before it are still to come
   (``optimal_stopping``). The student's date is kept while keeping it is worth the wait; a later
   one is suggested only where keeping is worth less.
4. No date is advised without a timed practice test of the three weeks before it if one can be had.
   Inside the last two days no test is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from bounceback import facts
from bounceback.decision import eligibility_rules, fees, readiness
from bounceback.decision.evidence_grade import evidence_grade
from bounceback.decision.models import (
    Advice,
    DateOption,
    Decision,
    NextForm,
    RuleCheck,
)
from bounceback.decision.optimal_stopping import Costs, Worth, best_date, value_dates
from bounceback.decision.priorities import parameters, weights
from bounceback.errors import FactError
from bounceback.forecast.lookahead import JointFuture
from bounceback.forecast.posterior import Belief
from bounceback.forecast.prediction import Forecast
from bounceback.planning.practice_tests import FREE_SAMPLE
from bounceback.reasons import Reason, reason
from bounceback.records.models import Record

__all__ = ["NextForm", "Outlook", "decide", "parameters", "weights"]

_FIRST_TEST_DAY = 1
"""Days from today on which a free test can be taken where the plan has placed none."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What lies ahead.

    Attributes:
        forecasts: One a candidate date, oldest first; the planned date is among them if set.
        joint: The tests to come with those dates.
        level: Time needed: ``mostly-solid``, ``wobbly`` or ``fundamental-gap``.
        next_form: The next practice test that the plan has placed; ``None`` without one.
        unplaced: A practice test that the plan could not place and that can be had: a day must be
            freed for it, or it is free for everyone.
        unplaced_minutes: Its length where a day must be freed for it; 0 otherwise.
        retest_passed: Whether a checkpoint test reached its score since the latest failure.
        moves: How often the date was moved on advice.
        valued: Chances by which the dates are valued, where they are not those of the forecasts:
            as of the latest evidence, so that a question asked on a later day moves no advice.
        valued_on: The day of those chances, from which weeks are counted; ``None``: today.
    """

    forecasts: Sequence[Forecast]
    joint: JointFuture
    level: str
    next_form: NextForm | None
    retest_passed: bool = False
    moves: int = 0
    valued: tuple[float, ...] | None = None
    valued_on: date | None = None
    unplaced: NextForm | None = None
    unplaced_minutes: int = 0


@dataclass(frozen=True, slots=True)
class _Case:
    """What every branch of the advice looks at."""

    record: Record
    as_of: date
    p: dict[str, float]
    weight: dict[str, float]
    options: tuple[DateOption, ...]
    outlook: Outlook
    next_form: NextForm | None
    mark: float

    @property
    def planned(self) -> DateOption | None:
        """The student's own date, if it lies ahead."""
        return next((o for o in self.options if o.on == self.record.exam.planned_date), None)

    @property
    def allowed(self) -> list[DateOption]:
        """Dates that the rules leave."""
        return [o for o in self.options if o.allowed]

    def last_test_day(self, on: date) -> date:
        """Last day on which a practice test still counts for a date."""
        return on - timedelta(days=int(self.p["last_test_days"]))

    def can_measure(self, on: date) -> bool:
        """Whether a practice test that bears on the answer can still be had before a date.

        A test that no plan has placed is asked for only where the date has no measure yet.
        """
        test = self.next_form
        if test is None or test.on > self.last_test_day(on):
            return False
        return test == self.outlook.next_form or not self.measured(on)

    def measured(self, on: date) -> bool:
        """Whether a timed practice test of the weeks before a date is in."""
        return bool(
            readiness.measures(
                self.record,
                self.as_of,
                on,
                window_days=int(self.p["measure_window_days"]),
                items=int(self.p["measure_items"]),
            )
        )


@dataclass(frozen=True, slots=True)
class _Answer:
    """One branch's answer: what, on which day, about which date, and why."""

    advice: Advice
    day: date | None
    about: DateOption | None
    reasons: tuple[Reason, ...]
    headline: Reason | None = None
    kept: float | None = None
    is_close: bool = False


def candidate_options(
    record: Record, as_of: date, forecasts: Sequence[Forecast]
) -> tuple[DateOption, ...]:
    """Return every forecast date with the rules checked for it."""
    notice = timedelta(days=int(parameters(record.exam.id)["booking_notice_days"]))
    found = []
    for f in forecasts:
        checks = eligibility_rules.check(record, as_of, f.on)
        allowed = all(c.holds is not False for c in checks if c.blocks)
        found.append(
            DateOption(
                on=f.on,
                p_pass=f.p_pass,
                p_pass_low=f.p_pass_low,
                p_pass_high=f.p_pass_high,
                score_mean=f.score_mean,
                allowed=allowed,
                bookable=allowed
                and f.on >= as_of + notice
                and facts.closed_day(record.exam.id, f.on) is None,
                missed_deadlines=sum(
                    1 for c in checks if c.kind == "deadline" and c.holds is False
                ),
                late=eligibility_rules.expected_late(record, f.on),
                last_attempt=eligibility_rules.last_attempt(record, as_of, f.on),
                result_by=eligibility_rules.result_day(record, f.on),
                rules=checks,
            )
        )
    return tuple(found)


def decide(
    record: Record,
    belief: Belief,
    outlook: Outlook,
    *,
    as_of: date | None = None,
    options: tuple[DateOption, ...] | None = None,
) -> Decision:
    """Answer "should I test on that date?" for one record.

    Args:
        record: The record as seen on ``as_of``.
        belief: Where the student stands.
        outlook: What lies ahead.
        as_of: The day asked about; default the belief's.
        options: The candidate dates with their rules, where they were checked before.

    Returns:
        The advice with its reasons, rules and candidate dates.
    """
    today = as_of or belief.as_of
    found = options or candidate_options(record, today, outlook.forecasts)
    case = _Case(
        record=record,
        as_of=today,
        p=parameters(record.exam.id),
        weight=weights(record),
        options=found,
        outlook=outlook,
        next_form=_coming_test(record, today, outlook),
        mark=belief.constants.mark,
    )
    taken = eligibility_rules.sittings(record, today)
    failures = sum(1 for a in taken if a.outcome == "fail")
    opens = None
    if not case.allowed:
        opens = eligibility_rules.first_open_day(record, today)
        answer = _no_date(case, opens)
    elif outlook.level == "fundamental-gap":
        answer = _build_up(case, reason("decision.fundamental-gap"))
    elif failures >= case.p["second_failure_count"] and not outlook.retest_passed:
        answer = _build_up(case, reason("decision.second-failure", failures=failures))
    else:
        answer = _stop_or_wait(case)
    return _decision(case, answer, belief, len(taken), opens)


def _coming_test(record: Record, as_of: date, outlook: Outlook) -> NextForm | None:
    """The test that the plan placed, else one that can be had, else a free one.

    One that the plan placed only after the student's date gives way to one that can be had before.
    """
    planned, placed = record.exam.planned_date, outlook.next_form
    if placed is not None and planned is not None and outlook.unplaced is not None:
        last = planned - timedelta(days=int(parameters(record.exam.id)["last_test_days"]))
        if outlook.unplaced.on <= last < placed.on:
            return outlook.unplaced
    return placed or outlook.unplaced or free_test(record, as_of)


def free_test(record: Record, as_of: date) -> NextForm | None:
    """Return the official free test, to be taken at once; ``None`` if taken or there is none."""
    taken = {form.family for form in record.forms}
    try:
        free = facts.form_family(FREE_SAMPLE, record.exam.id).price_usd == 0
    except FactError:
        return None
    if not free or FREE_SAMPLE in taken:
        return None
    return NextForm(FREE_SAMPLE, "", as_of + timedelta(days=_FIRST_TEST_DAY))


# --- the value of the dates -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Valued:
    """The dates that count, the student's own first if it is one of them, and their worth."""

    dates: tuple[DateOption, ...]
    worth: Worth
    costs: Costs


def _value(case: _Case, own: DateOption | None) -> _Valued | None:
    """Value the student's date and the bookable dates after it; every bookable one without."""
    chosen = [
        o for o in case.options if o is own or (o.bookable and (own is None or o.on > own.on))
    ]
    if not chosen:
        return None
    joint = case.outlook.joint.select([o.on for o in chosen])
    resolved, link = joint.resolved([case.last_test_day(o.on) for o in chosen])
    weight, dollar = case.weight, case.weight["fee_per_100_usd"] / 100.0
    again = dollar * fees.usd(fees.registering(case.record, case.as_of))
    since = case.outlook.valued_on or case.as_of
    weeks = [(o.on - since).days / 7.0 for o in chosen]
    window = case.record.exam.eligibility
    outside = weight["build_up_weeks"]
    if window is not None:
        lapse = weight["lapsed_eligibility"] + again
        lapse += weight["delay_week"] * max((window.last - since).days / 7.0, 0.0)
        outside = min(outside, lapse)
    outside += weight["missed_deadline"] * len(case.record.exam.deadlines)
    failure = [_failure(case, o, again, outside) for o in chosen]
    now = dollar * fees.usd(fees.moving(case.record, case.as_of)) if own is not None else 0.0
    late = now
    if own is not None:
        late = dollar * fees.usd(fees.moving(case.record, case.last_test_day(own.on)))
    costs = Costs(
        failure=np.array(failure),
        date=np.array(
            [
                w * weight["delay_week"] + o.late * weight["missed_deadline"]
                for w, o in zip(weeks, chosen, strict=True)
            ]
        ),
        move_now=now,
        move_late=weight["late_move"] + late,
        outside=outside,
    )
    chances = case.outlook.valued or tuple(o.p_pass for o in case.options)
    by_day = {o.on: p for o, p in zip(case.options, chances, strict=True)}
    chance = np.array([by_day[o.on] for o in chosen])
    return _Valued(tuple(chosen), value_dates(chance, resolved, link, costs), costs)


def _failure(case: _Case, option: DateOption, again: float, outside: float) -> float:
    """Return what a failed attempt on a date costs.

    A deadline asks for a passing result: a failed attempt misses those that its date meets.
    However little the attempt itself is said to count, whoever fails still has before them what
    those have who did not test, so failing never costs less than testing on no date; and an attempt
    is used up. So no date is worth an attempt at a chance below ``least_chance``.

    Args:
        case: The case.
        option: The date.
        again: Cost of registering once more.
        outside: Cost of testing on no date.
    """
    weight = case.weight
    own = weight["failed_attempt"] * (case.p["last_attempt_factor"] if option.last_attempt else 1.0)
    own += weight["missed_deadline"] * (len(case.record.exam.deadlines) - option.late)
    least = outside / (1.0 - case.p["least_chance"]) - weight["missed_deadline"] * option.late
    return max(own, least) + (0.0 if option.last_attempt else again)


def _stop_or_wait(case: _Case) -> _Answer:
    """Keep the date, move it, or wait for a test: whichever is worth most."""
    planned = case.planned
    own = planned if planned is not None and planned.allowed else None
    valued = _value(case, own)
    if valued is None:
        return _no_open_center(case)
    if own is None:
        return _choose(case, valued, planned)
    later = best_date(valued.worth, [o is not own for o in valued.dates])
    return replace(_keep_or_move(case, valued, own, later), is_close=_close(case, valued, later))


def _close(case: _Case, valued: _Valued, later: int | None) -> bool:
    """Whether a little more or less would change the answer."""
    if later is None:
        return False
    near = case.p["close_call"]
    gain = float(valued.worth.held[later]) - valued.costs.move_now - float(valued.worth.held[0])
    kept = float(valued.worth.kept[0])
    line = any(abs(kept - case.p[name]) < 0.12 for name in ("doubt_share", "keep_share"))
    return abs(gain - case.weight["better_date_margin"]) < near or line


def _keep_or_move(case: _Case, valued: _Valued, own: DateOption, later: int | None) -> _Answer:
    kept = float(valued.worth.kept[0])
    if later is not None and _is_worth_moving(case, valued, later):
        gains = _moving_gains(case, valued, later)
        return _move(case, valued.dates[later], own, kept, gains=gains)
    if not case.can_measure(own.on):
        return _without_a_test(case, valued, own, later)
    if case.measured(own.on) and kept >= case.p["keep_share"]:
        return _keep(case, own, kept)
    return _test_first(case, own, kept)


def _is_worth_moving(case: _Case, valued: _Valued, later: int) -> bool:
    """Whether moving now is worth more than keeping the date and looking again.

    A date that hardly any future keeps is not held on to either where a later one is worth as much,
    within the margin, and is kept more often: waiting would only put off the same answer.
    """
    if _moving_gains(case, valued, later):
        return True
    worth, costs = valued.worth, valued.costs
    lost = float(worth.held[0]) - (float(worth.held[later]) - costs.move_now)
    return (
        case.can_measure(valued.dates[0].on)
        and worth.kept[0] < case.p["doubt_share"]
        and worth.kept[later] > worth.kept[0]
        and lost <= case.weight["better_date_margin"]
    )


def _moving_gains(case: _Case, valued: _Valued, later: int) -> bool:
    moving = float(valued.worth.held[later]) - valued.costs.move_now
    return moving > float(valued.worth.held[0]) + _margin(case)


def _margin(case: _Case) -> float:
    """The lead that another answer needs over keeping the date."""
    factor = case.p["moved_margin_factor"] if case.outlook.moves else 1.0
    return case.weight["better_date_margin"] * factor


def _without_a_test(case: _Case, valued: _Valued, own: DateOption, later: int | None) -> _Answer:
    """No practice test can come before the date any more: test or not, as known today."""
    fixed, aside = float(valued.worth.fixed[0]), -valued.costs.outside
    if later is not None:
        moving = float(valued.worth.held[later]) - valued.costs.move_now
        if moving > fixed + _margin(case) or aside > fixed:
            return _move(case, valued.dates[later], own, 0.0)
    elif aside > fixed:
        return _let_expire(case, own)
    return _keep(case, own, 1.0)


def _choose(case: _Case, valued: _Valued, planned: DateOption | None) -> _Answer:
    """No date is chosen, or a rule closes it: the date worth most."""
    # A first date leaves time for the next practice test wherever a date is left that does.
    measurable = [case.can_measure(o.on) for o in valued.dates]
    known = measurable if any(measurable) else [case.measured(o.on) for o in valued.dates]
    place = best_date(valued.worth, known if any(known) else [True] * len(valued.dates))
    assert place is not None
    best = valued.dates[place]
    hopeless = valued.worth.fixed[place] <= -valued.costs.outside + 1e-9
    if hopeless and not case.can_measure(best.on):
        return _let_expire(case, best)
    closed: tuple[Reason, ...] = ()
    if planned is not None:
        broken = next(c for c in planned.rules if c.blocks and c.holds is False)
        closed = (reason("decision.rule-closes", on=planned.on, rule=broken.rule),)
    is_sure = case.measured(best.on) and valued.worth.kept[place] >= case.p["keep_share"]
    if case.can_measure(best.on) and not is_sure:
        waits = _test_first(case, best, None)
        return replace(waits, reasons=(*closed, *waits.reasons))
    if closed:
        return _Answer("move", best.on, best, (*closed, _chance(best, case.mark)))
    return _Answer(
        "sit",
        best.on,
        best,
        (_chance(best, case.mark), reason("decision.worth-most")),
        reason("decision.headline-set", on=best.on),
    )


# --- the branches -----------------------------------------------------------------------------


def _chance(option: DateOption, mark: float) -> Reason:
    return reason(
        "decision.chance",
        on=option.on,
        chance=option.p_pass,
        points=option.score_mean - mark,
    )


def _keep(case: _Case, own: DateOption, kept: float) -> _Answer:
    reasons = [_chance(own, case.mark)]
    if case.measured(own.on):
        reasons.append(reason("decision.measured"))
    elif (own.on - case.as_of).days <= case.p["last_test_days"]:
        reasons.append(reason("decision.no-test-so-late", on=own.on))
    else:
        reasons.append(reason("decision.no-test-left", on=own.on))
    return _Answer("sit", own.on, own, tuple(reasons), kept=kept)


def _test_first(case: _Case, own: DateOption, kept: float | None) -> _Answer:
    test = case.next_form
    assert test is not None
    reasons = [_chance(own, case.mark)]
    if not case.measured(own.on):
        reasons.append(reason("decision.unmeasured", weeks=_weeks_of(case)))
    if test == case.outlook.unplaced and case.outlook.unplaced_minutes:
        reasons.append(
            reason(
                "decision.free-a-day",
                exam=case.record.exam.id,
                family=test.family,
                form=test.form,
                minutes=case.outlook.unplaced_minutes,
            )
        )
    if kept is not None:
        reasons.append(reason("decision.stays-for-now", on=own.on, share=kept))
    return _Answer("too-early-to-say", test.on, own, tuple(reasons), kept=kept)


def _weeks_of(case: _Case) -> int:
    return round(case.p["measure_window_days"] / 7.0)


def _move(
    case: _Case, best: DateOption, own: DateOption, kept: float, *, gains: bool = True
) -> _Answer:
    """Advise a later date: it is worth more, or the earlier one is hardly ever kept."""
    code = "decision.later-is-worth-more" if gains else "decision.date-rarely-kept"
    reasons = [
        _chance(own, case.mark),
        Reason(
            code,
            {
                "on": best.on,
                "chance": best.p_pass,
                "days": (best.on - own.on).days,
                "own": own.on,
                "kept": kept,
            },
        ),
    ]
    if case.outlook.moves + 1 > case.p["person_after_moves"]:
        reasons.append(reason("decision.moved-before", times=case.outlook.moves))
    return _Answer("move", best.on, best, tuple(reasons), kept=kept)


def _build_up(case: _Case, why: Reason) -> _Answer:
    about = case.planned or case.allowed[-1]
    return _Answer("remediate", None, about, (why, _chance(about, case.mark)))


def _let_expire(case: _Case, best: DateOption) -> _Answer:
    """Testing on any day costs more than none: the period expires, or building up comes first."""
    window = case.record.exam.eligibility
    if window is None:
        why = (reason("decision.no-date-worth-it"), _chance(best, case.mark))
        return _Answer("remediate", None, best, why)
    return _Answer(
        "remediate",
        None,
        best,
        (
            reason("decision.expiring-costs-less", last=window.last),
            _chance(best, case.mark),
            reason("decision.ask-for-extension"),
        ),
    )


def _no_open_center(case: _Case) -> _Answer:
    """The rules leave days, but none that can be booked."""
    best = max(case.allowed, key=lambda o: o.on)
    if case.can_measure(best.on):
        return _test_first(case, best, None)
    return _Answer(
        "remediate",
        None,
        best,
        (reason("decision.no-day-to-book"), reason("decision.ask-for-extension")),
    )


def _no_date(case: _Case, opens: date | None) -> _Answer:
    """Rules leave no date: the first day they do, and whom to ask."""
    exam = case.record.exam
    passed = next(
        (a for a in eligibility_rules.sittings(case.record, case.as_of) if a.outcome == "pass"),
        None,
    )
    if passed is not None:
        why = reason("decision.passed", exam=exam.id, on=passed.date)
        return _Answer(
            "remediate", None, None, (why,), reason("decision.headline-passed", exam=exam.id)
        )
    broken: RuleCheck | None = next(
        (
            c
            for o in reversed(case.options)
            for c in o.rules
            if c.blocks and c.holds is False and c.kind != "calendar"
        ),
        None,
    )
    window = exam.eligibility
    if broken is None and window is not None and window.last < case.as_of:
        why = reason("decision.period-ended", last=window.last)
    else:
        why = reason("decision.rules-leave-no-date", rule=broken.rule if broken else None)
    found = [why]
    if opens is not None:
        found.append(reason("decision.opens", on=opens))
    found.append(reason("decision.ask-a-person"))
    about = case.planned or (case.options[-1] if case.options else None)
    return _Answer("remediate", None, about, tuple(found), reason("decision.headline-closed"))


# --- the whole answer -------------------------------------------------------------------------


def _decision(
    case: _Case, answer: _Answer, belief: Belief, taken: int, opens: date | None
) -> Decision:
    record, about = case.record, answer.about
    planned_day = record.exam.planned_date
    last = eligibility_rules.last_attempt(record, case.as_of, planned_day or case.as_of)
    reasons = list(answer.reasons)
    if planned_day is not None and planned_day < case.as_of:
        reasons.append(reason("decision.date-has-passed", on=planned_day))
    if last and case.allowed:
        reasons.append(reason("decision.last-attempt", number=taken + 1))
    if answer.advice in ("sit", "move") and about is not None:
        reasons += _late_result(case, about)
    asks = answer.advice == "too-early-to-say"
    named = about is not None and answer.advice in ("sit", "move", "too-early-to-say")
    test = case.next_form
    if not asks and not (named and about is not None and case.can_measure(about.on)):
        test = None
    if answer.advice == "remediate":
        test = case.outlook.next_form
    return Decision(
        advice=answer.advice,
        date=answer.day,
        p_pass=about.p_pass if about else None,
        p_pass_low=about.p_pass_low if about else None,
        p_pass_high=about.p_pass_high if about else None,
        headline=answer.headline or _headline(answer, test, record.exam.id),
        reasons=tuple(reasons),
        rules=about.rules
        if about
        else eligibility_rules.check(record, case.as_of, planned_day or case.as_of),
        options=case.options,
        next_test=test,
        weights=case.weight,
        attempt_number=taken + 1,
        last_attempt=last,
        pact=_agreement(record, case.as_of),
        conditions=_conditions(case, answer, test),
        evidence=evidence_grade(
            record, belief, case.as_of, about.on if about else case.as_of, case.p
        ),
        kept=answer.kept,
        opens=opens,
        closed=not case.allowed,
        about=about.on if about is not None else None,
        moves=case.outlook.moves,
        is_close=answer.is_close,
    )


def _headline(answer: _Answer, test: NextForm | None, exam: str) -> Reason:
    if answer.advice == "sit":
        return reason("decision.headline-keep", on=answer.day)
    if answer.advice == "move":
        return reason("decision.headline-move", on=answer.day)
    if answer.advice == "remediate":
        return reason("decision.headline-build-up")
    assert test is not None
    return reason(
        "decision.headline-too-soon",
        exam=exam,
        family=test.family,
        form=test.form,
        on=answer.day,
    )


def _late_result(case: _Case, chosen: DateOption) -> list[Reason]:
    """Why a date is named whose latest result comes after a deadline."""
    late = [
        d for d in case.record.exam.deadlines if chosen.result_by > d.date and d.date >= case.as_of
    ]
    if not late:
        return []
    first = min(late, key=lambda d: d.date)
    usual = chosen.on + timedelta(weeks=facts.release(case.record.exam.id, chosen.on).typical_weeks)
    return [
        reason(
            "decision.late-result",
            deadline=first.date,
            what=first.what,
            usual=usual,
            latest=chosen.result_by,
            usual_in_time=usual <= first.date,
        )
    ]


def _conditions(case: _Case, answer: _Answer, test: NextForm | None) -> tuple[Reason, ...]:
    """What to do before the date, with its days."""
    about = answer.about
    if about is None or answer.advice not in ("sit", "move"):
        return ()
    found = []
    if test is not None:
        found.append(
            reason(
                "decision.take-test",
                exam=case.record.exam.id,
                family=test.family,
                form=test.form,
                on=test.on,
                test_date=about.on,
            )
        )
    found += [
        reason("decision.clearance-open", on=about.on, rule=c.rule)
        for c in about.rules
        if c.kind == "clearance" and c.holds is None
    ]
    return tuple(found)


def _agreement(record: Record, as_of: date) -> Reason | None:
    agreed = record.decision.pact
    if agreed is None:
        return None
    return reason("decision.agreement", rule=agreed.rule, on=agreed.date, due=as_of >= agreed.date)
