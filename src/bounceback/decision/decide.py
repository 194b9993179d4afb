"""Sit, move the date, remediate, or wait for one more form: rules first.

1. Rules of board, state and school remove dates.
2. Readiness: the 10th percentile of ability on the date at or above the mark. Inside the last
   fortnight two measures must stand behind it; further off they become dated conditions.
3. Among the dates left the highest expected utility; the burden of proof is on the earlier date.
4. The target chance only prices levers; it is no gate.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from bounceback import facts
from bounceback.appraisal.contacts import HEADS, place
from bounceback.decision import eligibility_rules, fees, readiness
from bounceback.decision.models import Advice, DateOption, Decision, Held, RuleCheck
from bounceback.decision.optimal_stopping import Horizon, Waiting, waiting
from bounceback.errors import FactError
from bounceback.forecast.posterior import Belief
from bounceback.forecast.prediction import Forecast
from bounceback.messages.formatting import day_words, form_words, of_ten, side_by_side
from bounceback.planning.practice_tests import FREE_SAMPLE
from bounceback.records.models import Record
from bounceback.vocabulary import ExamId

_LONGEST_WORTH_WEEKS: Final = 52
_READINESS: Final = "readiness gate (docs/explanation/decision.md)"


@dataclass(frozen=True, slots=True)
class NextForm:
    """The next form of the ledger and its day, as the plan placed it."""

    family: str
    form: str
    on: date


def parameters(exam: ExamId) -> dict[str, float]:
    """The named defaults of this package (``facts/data/parameters/decision.csv``)."""
    return {
        name: float(fact.value)  # type: ignore[arg-type]
        for name, fact in facts.parameters("decision", exam).items()
    }


def weights(record: Record) -> dict[str, float]:
    """Utilities in use: the defaults (unit ``utility``), replaced by what learner or school set."""
    return {
        name: float(record.decision.weights.get(name, fact.value))  # type: ignore[arg-type]
        for name, fact in facts.parameters("decision", record.exam.id).items()
        if fact.unit == "utility"
    }


def expected_utility(
    forecast: Forecast,
    *,
    as_of: date,
    weight: dict[str, float],
    last_factor: float,
    missed_deadlines: int,
    fee_if_failed: float = 0.0,
    fee_to_move: float = 0.0,
) -> float:
    """Utility of sitting on a date: 0 for a pass today, minus delay, minus what a failure costs.

    Args:
        forecast: The date with its chance.
        as_of: The day asked about; delay counts from it, in weeks.
        weight: From :func:`weights`.
        last_factor: How many times as much a failure costs then; 1 unless it uses up the last
            attempt.
        missed_deadlines: Deadlines that the result of that date would miss.
        fee_if_failed: US dollars for registering once more after a failure.
        fee_to_move: US dollars for giving up the planned day in favour of this one.
    """
    dollar = weight["fee_per_100_usd"] / 100.0
    cost = weight["failed_attempt"] * last_factor + dollar * fee_if_failed
    weeks = (forecast.on - as_of).days / 7.0
    return (
        -(1.0 - forecast.p_pass) * cost
        - weeks * weight["delay_week"]
        - missed_deadlines * weight["missed_deadline"]
        - dollar * fee_to_move
    )


def _options(
    record: Record, belief: Belief, forecasts: Sequence[Forecast], weight: dict[str, float]
) -> list[DateOption]:
    as_of = belief.as_of
    last_factor = parameters(record.exam.id)["last_attempt_factor"]
    again = fees.usd(fees.registering(record, as_of))
    moved = fees.usd(fees.moving(record, as_of))
    out = []
    for f in forecasts:
        last = eligibility_rules.last_attempt(record, as_of, f.on)
        checks = eligibility_rules.check(record, as_of, f.on)
        missed = sum(1 for c in checks if c.kind == "deadline" and c.holds is False)
        out.append(
            DateOption(
                on=f.on,
                p_pass=f.p_pass,
                p_pass_low=f.p_pass_low,
                p_pass_high=f.p_pass_high,
                score_low=f.score_low,
                reaches_gate=f.score_low >= belief.constants.mark,
                allowed=all(c.holds is not False for c in checks if c.blocks),
                utility=expected_utility(
                    f,
                    as_of=as_of,
                    weight=weight,
                    last_factor=last_factor if last else 1.0,
                    missed_deadlines=missed,
                    fee_if_failed=0.0 if last else again,
                    fee_to_move=0.0 if f.on == record.exam.planned_date else moved,
                ),
                result_by=eligibility_rules.result_day(record, f.on),
                rules=checks,
            )
        )
    return out


@dataclass(frozen=True, slots=True)
class _Case:
    """What every branch of the advice looks at."""

    record: Record
    as_of: date
    p: dict[str, float]
    weight: dict[str, float]
    options: tuple[DateOption, ...]
    next_form: NextForm | None
    held: Held | None = None
    open_choice: Waiting | None = None

    @property
    def window(self) -> int:
        """Days before the sitting in which measures count."""
        return int(self.p["measure_window_days"])

    @property
    def needed(self) -> int:
        """Measures that the gate asks for."""
        return int(self.p["measures_needed"])

    @property
    def allowed(self) -> list[DateOption]:
        """Dates that the rules leave."""
        return [o for o in self.options if o.allowed]

    @property
    def planned(self) -> DateOption | None:
        """The planned date, if it lies ahead."""
        return next((o for o in self.options if o.on == self.record.exam.planned_date), None)

    def near(self, day: date) -> bool:
        """Whether measures, and not the predicted belief, decide on a day."""
        return (day - self.as_of).days <= self.p["judge_ahead_days"]

    def taken_for(self, day: date) -> int:
        """Measures in for a sitting on a day."""
        items = int(self.p["measure_items"])
        found = readiness.measures(
            self.record, self.as_of, day, window_days=self.window, items=items
        )
        return len(found)

    def asks_for(self, option: DateOption) -> float:
        """The chance from which sitting that day is worth more than waiting; 0 if not known."""
        allowed = self.allowed
        if self.open_choice is None or option not in allowed:
            return 0.0
        return self.open_choice.thresholds[allowed.index(option)]

    def lapse_cost(self) -> float:
        """Utility lost where the period ends unused: the next one is registered for anew."""
        again = fees.usd(fees.registering(self.record, self.as_of))
        return self.weight["lapsed_eligibility"] + self.weight["fee_per_100_usd"] * again / 100.0

    def measured_since_held(self) -> bool:
        """Whether a measure was taken since a day was advised last."""
        return self.held is not None and any(
            self.held.since < form.date <= self.as_of
            and readiness.is_measure(form, self.record.exam.id)
            for form in self.record.forms
        )

    def can_measure(self, day: date) -> bool:
        """Whether a form can still be had before a decision on that day.

        Where no day is planned, none is booked either: a form that comes after an early day can
        come before a later one.
        """
        if self.next_form is None:
            return False
        coming = self.next_form.on
        unbound = self.record.exam.planned_date is None and any(o.on > coming for o in self.allowed)
        return coming < day or unbound

    def passes(self, option: DateOption) -> bool:
        """The whole gate: rules, bound, school and, for a near date, the measures behind it.

        Where no form can be had any more, the bound alone decides.
        """
        if not (option.allowed and option.reaches_gate):
            return False
        if option.on == self.as_of != self.record.exam.planned_date:
            return False  # nobody is booked for today
        if not self.near(option.on):
            return True
        open_rule = any(c.holds is None and c.blocks for c in option.rules)
        enough = self.taken_for(option.on) >= self.needed or not self.can_measure(option.on)
        return enough and not open_rule

    def form(self) -> str:
        """The next form, in words."""
        if self.next_form is None:
            taken = {(f.family, f.form) for f in self.record.forms}
            for owned in self.record.ledger:
                if (owned.family, owned.form) not in taken:
                    return form_words(owned.family, owned.form, self.record.exam.id)
            try:
                free = facts.form_family(FREE_SAMPLE, self.record.exam.id).price_usd == 0
            except FactError:
                free = False
            return "a timed practice test" + (" (a free one is enough)" if free else "")
        return form_words(self.next_form.family, self.next_form.form, self.record.exam.id)

    def readiness(self, option: DateOption) -> RuleCheck:
        """The gate as a rule; open for a date further off than the measures can lie."""
        bound = "the cautious end of your range at or above the mark"
        if not self.near(option.on):
            opens = option.on - timedelta(days=self.window)
            predicted = "at or above it" if option.reaches_gate else "under it"
            return RuleCheck(
                f"readiness, judged from {day_words(opens)} on: {bound}, on {self.needed} "
                f"measures; predicted today {predicted}",
                None,
                _READINESS,
                "readiness",
                blocks=False,
            )
        taken = self.taken_for(option.on)
        enough = taken >= self.needed
        return RuleCheck(
            f"readiness: {bound}, on {self.needed} measures in the last {self.window} days "
            f"({taken} so far)",
            option.reaches_gate and enough,
            _READINESS,
            "readiness",
            blocks=False,
        )


@dataclass(frozen=True, slots=True)
class _Answer:
    """One branch's answer: what, on which day, resting on which date, and why."""

    advice: Advice
    day: date | None
    shown: DateOption | None
    reasons: tuple[str, ...]
    headline: str = ""


def decide(
    record: Record,
    belief: Belief,
    forecasts: Sequence[Forecast],
    *,
    level: str,
    next_form: NextForm | None,
    retest_passed: bool = False,
    measure_days: Sequence[date] = (),
    held: Held | None = None,
) -> Decision:
    """Answer "should I sit?" for one record.

    Args:
        record: The learner's record as seen on ``belief.as_of``.
        belief: Where the learner stands.
        forecasts: One a candidate date, oldest first; the planned date is among them if set.
        level: Time needed: ``mostly-solid``, ``wobbly`` or ``fundamental-gap``.
        next_form: The next form the plan has placed; ``None`` without one.
        retest_passed: Whether a re-test reached its score since the latest failure.
        measure_days: Days on which the plan has placed a measure; what they will tell is what
            makes waiting worth more than its weeks.
        held: The day advised last, for the same planned date; it is among the forecasts. It stays
            while it is ready, unless a measure taken since speaks for an earlier one or a later
            one is clearly worth more.

    Returns:
        The advice with its reasons, rules, dates side by side, and conditions.
    """
    as_of = belief.as_of
    weight = weights(record)
    case = _Case(
        record=record,
        as_of=as_of,
        p=parameters(record.exam.id),
        weight=weight,
        options=tuple(_options(record, belief, forecasts, weight)),
        next_form=next_form,
        held=held,
    )
    case = replace(case, open_choice=_open_choice(case, belief, forecasts, measure_days))
    taken = eligibility_rules.sittings(record, as_of)
    failures = sum(1 for a in taken if a.outcome == "fail")
    passing = [o for o in case.options if case.passes(o)]
    ready = [o for o in case.allowed if o.reaches_gate]
    opens = None
    if not case.allowed:
        opens = eligibility_rules.first_open_day(record, as_of)
        answer = _no_date(case, opens)
    elif level == "fundamental-gap":
        answer = _rebuild(
            case,
            "The latest measure lies far enough under the mark that a rebuild of subjects comes "
            "before a date. This is a path with a way back: a re-test reopens the plan.",
        )
    elif failures >= case.p["second_failure_count"] and not retest_passed:
        answer = _rebuild(
            case,
            f"After {failures} failed sittings the next step is a changed foundation and a re-test "
            "that shows it; the date follows from that.",
        )
    elif not _recent_form(case, belief):
        answer = _no_form_yet(case)
    elif passing:
        answer = _best(case, passing)
    elif _period_ends(case):
        answer = _sit_or_lapse(case)
    elif ready:
        answer = _measures_missing(case, ready)
    elif next_form is not None and _in_reach(case):
        answer = _form_first(case)
    else:
        best = max(case.allowed, key=lambda o: o.p_pass)
        answer = _rebuild(
            case,
            "On no day in reach does the cautious end of your range come to the mark; on the best, "
            f"{day_words(best.on)}, {of_ten(best.p_pass)} would pass. More of the same would spend "
            "an attempt: the foundation changes first, with a person beside you.",
        )
    planned_day = record.exam.planned_date
    last = eligibility_rules.last_attempt(record, as_of, planned_day or as_of)
    reasons = list(answer.reasons)
    if planned_day is not None and planned_day < as_of:
        reasons.append(f"The planned day, {day_words(planned_day)}, has passed.")
    if last and case.allowed:
        reasons.append(
            f"This would be attempt {len(taken) + 1}, the last the board allows: it waits for "
            "certainty."
        )
    if not passing and case.allowed and answer.advice != "remediate" and not _period_ends(case):
        reasons += _lapse(case)
    since_then = ""
    if held is not None and answer.day != held.on:
        since_then = _since_then(case, held)
        reasons.append(since_then)
    if answer.advice in ("sit", "move") and answer.shown is not None:
        reasons += _late_results(case, answer.shown)
    if answer.advice in ("too-early-to-say", "move"):
        reasons += _worth_of_waiting(case)
    shown = answer.shown
    checks = (*shown.rules, case.readiness(shown)) if shown is not None else ()
    if not checks:
        checks = eligibility_rules.check(record, as_of, planned_day or as_of)
    chosen = shown if answer.advice in ("sit", "move") else None
    return Decision(
        advice=answer.advice,
        date=answer.day,
        p_pass=shown.p_pass if shown else None,
        p_pass_low=shown.p_pass_low if shown else None,
        p_pass_high=shown.p_pass_high if shown else None,
        headline=answer.headline or _headline(answer),
        reasons=tuple(reasons),
        rules=checks,
        options=_side_by_side(case, chosen),
        weights=weight,
        attempt_number=len(taken) + 1,
        last_attempt=last,
        pact=_pact(record, as_of),
        conditions=_conditions(case, chosen),
        opens=opens,
        closed=not case.allowed,
        option_value=case.open_choice.option_value if case.open_choice else None,
        about=shown.on if shown is not None else None,
        since_then=since_then,
    )


def _open_choice(
    case: _Case, belief: Belief, forecasts: Sequence[Forecast], measure_days: Sequence[date]
) -> Waiting | None:
    """The value of deciding on each allowed date with what is known then (rule D6).

    What n measures before a date will reveal of the variance V of ability is
    ``V² / (V + form noise / n + practice gap)``: forms share the learner's own practice gap.
    """
    allowed = case.allowed
    if len(allowed) < 2:
        return None
    c = belief.constants
    by_day = {f.on: f for f in forecasts}
    noise = c.parameter["form_sd.typical"] * c.score_sd
    dollar = case.weight["fee_per_100_usd"] / 100.0
    again = dollar * fees.usd(fees.registering(case.record, case.as_of))
    moved = dollar * fees.usd(fees.moving(case.record, case.as_of))
    found: list[Horizon] = []
    for option in allowed:
        f = by_day[option.on]
        distance = c.ceiling - f.score_mean
        points = 1.0 / distance
        variance = (f.score_sd * points) ** 2
        usual = max(variance - c.day_sd**2, 0.0)
        n = sum(1 for day in measure_days if case.as_of <= day < option.on)
        told = 0.0
        if n and usual > 0:
            told = usual**2 / (usual + (noise * points) ** 2 / n + c.gap_sd**2)
        weeks = (option.on - case.as_of).days / 7.0
        found.append(
            Horizon(
                weeks=weeks,
                mean=math.log(distance),
                variance=variance,
                revealed=max(told, found[-1].revealed if found else 0.0),
                extra_cost=case.weight["missed_deadline"]
                * sum(1 for r in option.rules if r.kind == "deadline" and r.holds is False)
                + (0.0 if option.on == case.record.exam.planned_date else moved),
            )
        )
    last = eligibility_rules.last_attempt(case.record, case.as_of, allowed[0].on)
    return waiting(
        found,
        log_mark=c.log_mark,
        sitting_sd=math.hypot(c.sitting_sd, c.mark_sd),
        failure_cost=(
            case.weight["failed_attempt"] * case.p["last_attempt_factor"]
            if last
            else case.weight["failed_attempt"] + again
        ),
        week_cost=case.weight["delay_week"],
        lapse_cost=case.lapse_cost(),
    )


def _worth_of_waiting(case: _Case) -> list[str]:
    """In weeks, what keeping the choice open is worth beside fixing the best date today."""
    week = case.weight["delay_week"]
    if case.open_choice is None:
        return []
    worth = case.open_choice.option_value
    # Where a week of delay counts for nothing, or nearly, weeks are no unit to say it in.
    if not 0.0 < week <= worth <= _LONGEST_WORTH_WEEKS * week:
        return []
    weeks = worth / week
    return [
        "Deciding when the next practice tests are in is worth about "
        f"{round(weeks)} week{'s' if round(weeks) != 1 else ''} of delay by the weights shown."
    ]


# --- the branches, in order -------------------------------------------------------------------


def _no_date(case: _Case, opens: date | None) -> _Answer:
    """Rules leave no date in the window: the first day they do, and whom to ask."""
    passed = next(
        (a for a in eligibility_rules.sittings(case.record, case.as_of) if a.outcome == "pass"),
        None,
    )
    if passed is not None:
        name = facts.exam(case.record.exam.id).name
        why = (
            f"{name} was passed on {day_words(passed.date)}, and a passed exam is not sat again. "
            "Name the exam that comes next, and its story starts here."
        )
        return _Answer("remediate", None, None, (why,), headline=f"{name} is passed.")
    broken = next(
        (
            c
            for o in reversed(case.options)
            for c in o.rules
            if c.blocks and c.holds is False and c.kind != "calendar"
        ),
        None,
    )
    window = case.record.exam.eligibility
    if broken is None and window is not None and window.last < case.as_of:
        why = f"Your eligibility period ended on {day_words(window.last)}."
    elif broken is not None:
        why = f"The rules leave no date in the weeks ahead: {broken.rule} ({broken.source})."
    else:
        why = "The rules leave no date in the weeks ahead."
    head = HEADS[place(case.record, case.as_of)]
    person = f"The next step is a person: your {head} or adviser, and the board itself."
    first = f" The first day they allow is {day_words(opens)}." if opens is not None else ""
    shown = case.planned or (case.options[-1] if case.options else None)
    return _Answer(
        "remediate",
        None,
        shown,
        (f"{why}{first} {person}",),
        headline="No date is open at the moment.",
    )


def _rebuild(case: _Case, why: str) -> _Answer:
    return _Answer("remediate", None, case.planned or case.allowed[-1], (why,))


def _no_form_yet(case: _Case) -> _Answer:
    day = case.next_form.on if case.next_form else case.as_of + timedelta(days=7)
    reasons = [
        "There is no practice test of the last weeks since the latest sitting, so the range is too "
        f"wide to decide on. Take {case.form()} by {day_words(day)}; the answer follows the same "
        "day."
    ]
    reasons += _planned_before(case, day)
    return _Answer("too-early-to-say", day, case.planned or case.allowed[-1], tuple(reasons))


def _planned_before(case: _Case, day: date) -> list[str]:
    planned = case.planned
    if planned is None or planned.on > day:
        return []
    return [
        f"The planned day, {day_words(planned.on)}, comes before that: moving it keeps the attempt."
    ]


def _best(case: _Case, passing: Sequence[DateOption]) -> _Answer:
    """The date worth most by the weights; an earlier one than planned is never proposed."""
    planned, planned_day = case.planned, case.record.exam.planned_date
    after = [o for o in passing if planned is None or o.on >= planned.on] or list(passing)
    best = max(after, key=lambda o: (o.utility, -o.on.toordinal()))
    stays = _held_stays(case, after, best)
    if stays is not None:
        return stays
    reasons = []
    if planned is not None and planned in passing:
        waits = planned.p_pass < case.asks_for(planned) and best is not planned
        if not waits and best.utility <= planned.utility + case.weight["better_date_margin"]:
            reasons.append(
                f"On {day_words(planned.on)} {of_ten(planned.p_pass)} with your record would pass, "
                "and the cautious end of your range is at or above the mark."
            )
            reasons += _without_measures(case, planned)
            return _Answer("sit", planned.on, planned, tuple(reasons))
        then, later = side_by_side((planned.p_pass, best.p_pass))
        reasons.append(
            f"{day_words(planned.on)} would do, and {day_words(best.on)} is worth more by the "
            f"weights shown: {then} against {later} would pass."
        )
    else:
        if planned is not None:
            reasons.append(_why_not(case, planned))
        reasons.append(
            f"{day_words(best.on)} is worth most among the days on which the cautious end of your "
            f"range comes to the mark: {of_ten(best.p_pass)} with your record would pass."
        )
    reasons += _without_measures(case, best)
    advice: Advice = "sit" if planned_day is None else "move"
    return _Answer(advice, best.on, best, tuple(reasons))


def _held_stays(case: _Case, passing: Sequence[DateOption], best: DateOption) -> _Answer | None:
    """The day advised last, where it is still ready and nothing speaks clearly for another.

    The burden of proof is on the earlier date: it takes a measure taken since. A later one must be
    worth more by the margin that a later day needs beside the planned one.
    """
    held = case.held
    option = next((o for o in passing if held is not None and o.on == held.on), None)
    if held is None or option is None:
        return None
    planned = case.planned if case.planned in passing else None
    rival = best if best.on != option.on else planned
    if rival is None or rival.on == option.on:
        return None
    advised = f"{day_words(option.on)} stays, as advised on {day_words(held.since)}"
    if rival.on < option.on:
        if case.measured_since_held():
            return None
        why = (
            f"{advised}: {of_ten(option.p_pass)} with your record would pass. "
            f"{day_words(rival.on)} would do by the numbers of today; an earlier day is proposed "
            "once a practice test taken since then speaks for it."
        )
    elif rival.utility <= option.utility + case.weight["better_date_margin"]:
        why = (
            f"{advised}: {of_ten(option.p_pass)} with your record would pass, and no other day is "
            "clearly worth more by the weights shown."
        )
    else:
        return None
    advice: Advice = "move" if case.record.exam.planned_date not in (None, option.on) else "sit"
    return _Answer(advice, option.on, option, (why, *_without_measures(case, option)))


def _since_then(case: _Case, held: Held) -> str:
    """What the record holds of the days since another day was advised."""
    exam = case.record.exam.id
    found = [
        f"{form_words(f.family, f.form, exam)} on {day_words(f.date, year=False)}"
        for f in case.record.forms
        if held.since < f.date <= case.as_of
    ]
    noted = [
        s
        for s in case.record.plan
        if held.since <= s.date < case.as_of and s.done_minutes is not None and s.activity
    ]
    if noted:
        hours = sum(s.minutes for s in noted) / 60.0
        done = sum(min(s.done_minutes or 0, s.minutes) for s in noted) / 60.0
        found.append(f"{done:.0f} of {hours:.0f} planned hours came about")
    told = (
        f"Since then: {', '.join(found)}."
        if found
        else "Since then days have passed, or hours, resources or dates in the record are others."
    )
    return f"On {day_words(held.since)} the day advised was {day_words(held.on)}. {told}"


def _late_results(case: _Case, chosen: DateOption) -> list[str]:
    """Why a day is advised whose result, counted cautiously, comes after a deadline."""
    late = [
        d for d in case.record.exam.deadlines if chosen.result_by > d.date and d.date >= case.as_of
    ]
    if not late:
        return []
    first = min(late, key=lambda d: d.date)
    release = facts.release(case.record.exam.id, chosen.on)
    usual = chosen.on + timedelta(weeks=release.typical_weeks)
    by_then = "in time" if usual <= first.date else "after it as well"
    told = (
        f"Counted cautiously ({release.plan_weeks:g} weeks) the result of {day_words(chosen.on)} "
        f"is out by {day_words(chosen.result_by)}, after {day_words(first.date)} ({first.what}); "
        f"at the usual {release.typical_weeks:g} weeks it is there by {day_words(usual)}, "
        f"{by_then}."
    )
    in_time = [o for o in case.allowed if o.result_by <= first.date]
    if not in_time:
        told += " No day that the rules leave keeps it by that count."
    elif not any(o.reaches_gate for o in in_time):
        told += (
            " On the days that keep it by that count the cautious end of your range is under "
            "the mark."
        )
    elif case.planned is not None and in_time[-1].on < case.planned.on:
        told += " The days that keep it by that count are earlier than the one you planned."
    else:
        told += " A day that keeps it by that count is worth less by the weights shown."
    return [f"{told} Ask today whether that day can move, or whether a later result counts."]


def _why_not(case: _Case, planned: DateOption) -> str:
    day = day_words(planned.on)
    if not planned.allowed:
        broken = next(c for c in planned.rules if c.blocks and c.holds is False)
        return f"The rules do not allow {day}: {broken.rule} ({broken.source})."
    would = f"{of_ten(planned.p_pass)} would pass then."
    if not planned.reaches_gate:
        return f"On {day} the cautious end of your range is under the mark: {would}"
    open_rule = next((c for c in planned.rules if c.blocks and c.holds is None), None)
    if open_rule is not None:
        return f"For {day} a rule is still open: {open_rule.rule}."
    return f"For {day} {case.taken_for(planned.on)} of {case.needed} measures are in: {would}"


def _without_measures(case: _Case, chosen: DateOption) -> list[str]:
    if not case.near(chosen.on) or case.taken_for(chosen.on) >= case.needed:
        return []
    return [
        f"{case.taken_for(chosen.on)} of {case.needed} measures are in and no unused test can be "
        "taken before that day, so the forecast's own range decides."
    ]


def _measures_missing(case: _Case, ready: Sequence[DateOption]) -> _Answer:
    planned = case.planned
    chosen = planned if planned in ready and planned else max(ready, key=lambda o: o.utility)
    day = case.next_form.on if case.next_form else case.as_of + timedelta(days=7)
    day = max(case.as_of, min(day, chosen.on - timedelta(days=1)))
    open_rule = next((c for c in chosen.rules if c.blocks and c.holds is None), None)
    missing = (
        f"a rule is still open: {open_rule.rule}."
        if open_rule is not None
        else f"{case.taken_for(chosen.on)} of {case.needed} measures of the last {case.window} "
        "days are in."
    )
    return _Answer(
        "too-early-to-say",
        day,
        chosen,
        (
            f"For {day_words(chosen.on)} the level is there, and {missing} Take {case.form()} by "
            f"{day_words(day)}.",
        ),
    )


def _in_reach(case: _Case) -> bool:
    """Whether one more form could still bring a date over the gate."""
    allowed = case.allowed
    return (
        max(o.p_pass_high for o in allowed) >= case.p["low_p_pass"]
        and max(o.p_pass for o in allowed) >= case.p["low_p_pass"]
    )


def _form_first(case: _Case) -> _Answer:
    assert case.next_form is not None
    best = max(case.allowed, key=lambda o: o.p_pass)
    return _Answer(
        "too-early-to-say",
        case.next_form.on,
        best,
        (
            "On no day in reach does the cautious end of your range come to the mark yet; on "
            f"{day_words(best.on)} {of_ten(best.p_pass)} would pass. {case.form()} on "
            f"{day_words(case.next_form.on)} tells more: decide then.",
            *_planned_before(case, case.next_form.on),
        ),
    )


def _period_ends(case: _Case) -> bool:
    """Whether the last day the permit allows is too near for another measure to change much."""
    window = case.record.exam.eligibility
    return window is not None and bool(case.allowed) and case.near(window.last)


def _sit_or_lapse(case: _Case) -> _Answer:
    """Eligibility ends before a date reaches the gate: sitting against letting it end."""
    window = case.record.exam.eligibility
    assert window is not None
    # Days that leave time for the next test; without one, days that can still be booked.
    first = case.next_form.on if case.next_form is not None else case.as_of
    ahead = [o for o in case.allowed if o.on > case.as_of] or case.allowed
    left = [o for o in ahead if o.on > first] or ahead
    best = max(left, key=lambda o: (o.utility, o.on))
    weeks = (window.last - case.as_of).days / 7.0
    lapse = -case.lapse_cost() - weeks * case.weight["delay_week"]
    ends = f"Your eligibility ends on {day_words(window.last)} and no date reaches the gate before."
    extension = (
        "Ask the board first whether the period can be extended; that would be better still."
    )
    if best.utility >= lapse:
        held = case.planned if case.planned in case.allowed and case.planned else best
        if held.utility + case.weight["better_date_margin"] >= best.utility:
            best = held
        why = (
            f"{ends} On {day_words(best.on)} {of_ten(best.p_pass)} with your record would pass; by "
            "the weights shown that is worth more than letting the period end."
        )
        advice: Advice = "sit" if best is held else "move"
        return _Answer(advice, best.on, best, (why, extension))
    why = (
        f"{ends} On the best day left, {day_words(best.on)}, {of_ten(best.p_pass)} would pass; by "
        "the weights shown letting the period end costs less than one more failed attempt."
    )
    return _Answer("remediate", None, best, (why, extension))


# --- what stands beside the answer ------------------------------------------------------------


def _recent_form(case: _Case, belief: Belief) -> bool:
    """Whether a form since the latest sitting is young enough to decide on."""
    taken = eligibility_rules.sittings(case.record, case.as_of)
    return any(
        e.on is not None
        and e.kind == "practice-test"
        and e.weight > 0
        and (case.as_of - e.on).days <= case.p["stale_form_days"]
        and (not taken or e.on >= taken[-1].date)
        for e in belief.evidence
    )


def _lapse(case: _Case) -> list[str]:
    """If eligibility ends before a date reaches the gate: sitting against letting it end."""
    window = case.record.exam.eligibility
    if window is None:
        return []
    best = max(case.allowed, key=lambda o: o.utility)
    ends = f"Should that stay so until your eligibility ends on {day_words(window.last)}"
    if best.utility < -case.lapse_cost():
        return [
            f"{ends}, letting it end costs less by the weights shown than sitting below it. "
            "Ask the board about an extension."
        ]
    return [
        f"{ends}, sitting on {day_words(best.on)} costs less by the weights shown than letting it "
        "end."
    ]


def _conditions(case: _Case, chosen: DateOption | None) -> tuple[str, ...]:
    """What must come true between now and a sitting far off, with its days."""
    if chosen is None or case.near(chosen.on):
        return ()
    opens = chosen.on - timedelta(days=case.window)
    measures = (
        f"Between {day_words(opens)} and {day_words(chosen.on)}: {case.needed} measures, with the "
        "cautious end of your range at or above the mark."
    )
    school = [
        f"Before {day_words(chosen.on)}: {c.rule}"
        for c in chosen.rules
        if c.kind == "clearance" and c.holds is None
    ]
    return (measures, *school)


def _headline(answer: _Answer) -> str:
    day = day_words(answer.day, weekday=True) if answer.day else ""
    return {
        "sit": f"Sit on {day}.",
        "move": f"Move the date to {day}.",
        "remediate": "A rebuild comes before a date.",
        "too-early-to-say": f"It is too early to say. The next step is on {day}.",
    }[answer.advice]


def _pact(record: Record, as_of: date) -> str:
    agreed = record.decision.pact
    if agreed is None:
        return ""
    if as_of >= agreed.date:
        return f'Your rule, agreed for {day_words(agreed.date)}: "{agreed.rule}". That day is here.'
    return f'Your rule for {day_words(agreed.date)}: "{agreed.rule}".'


def _side_by_side(case: _Case, chosen: DateOption | None) -> tuple[DateOption, ...]:
    """Three or four dates to look at: planned, advised, and the window's ends."""
    wanted = [o for o in (case.planned, chosen) if o is not None]
    allowed = case.allowed
    if allowed:
        wanted += [allowed[0], allowed[-1], allowed[len(allowed) // 2]]
    seen: dict[date, DateOption] = {}
    for option in wanted:
        if len(seen) < 4:
            seen.setdefault(option.on, option)
    return tuple(seen[d] for d in sorted(seen))
