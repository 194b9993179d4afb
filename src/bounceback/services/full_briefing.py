"""The whole answer for one record on one day, composed from the packages in order.

Appraisal changes the plan's parameters; the belief says where the learner stands; the plan made
for each date says how much work reaches it; the forecast turns both into a chance; the decision
weighs the dates; the plan shown is the one for the day advised. What stands beside these (what
changes are worth, what would narrow the range, help, the outlook) moves none of them and is worked
out when it is first read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from bounceback import facts
from bounceback.appraisal import Appraisal, AtWork, appraise, at_work
from bounceback.decision.decide import NextForm, Outlook, decide, free_test
from bounceback.decision.models import Decision, Option, ResultBand
from bounceback.decision.readiness import retest_passed
from bounceback.forecast.learning_curve import Dynamics
from bounceback.forecast.lookahead import JointFuture
from bounceback.forecast.posterior import Belief, believe, p_pass_now
from bounceback.forecast.prediction import Forecast, PlannedWork, predict
from bounceback.messages.appraisal import say_all
from bounceback.messages.planning import in_words
from bounceback.messages.registry import Locale
from bounceback.planning import Plan, make_plan
from bounceback.planning.keep_fresh import (
    ResultAwaited,
    low_hours,
    maintenance,
    result_awaited,
)
from bounceback.planning.models import DayLevel, LedgerEntry
from bounceback.planning.parameters import Prescribes, rules_for
from bounceback.planning.planner import WorkByDate, setting, work_by_date
from bounceback.planning.time_needed import TimeNeeded, exam_sd, time_needed
from bounceback.records import as_seen_on
from bounceback.records.models import Record
from bounceback.services import candidate_dates as eligible
from bounceback.services.awaiting import until_the_result
from bounceback.services.coming_tests import (
    coming_tests,
    latest_evidence,
    since_evidence,
    with_next_range,
)

if TYPE_CHECKING:
    from bounceback.appraisal import lookback_report
    from bounceback.appraisal.models import Prescription
    from bounceback.appraisal.triggers import Bound, HelpTrigger
    from bounceback.forecast.information_gain import Narrowing
    from bounceback.planning.remediation import Remediation
    from bounceback.planning.replanning import OldPlan
    from bounceback.planning.what_if import Lever, LeverSet, Price


@dataclass(frozen=True)
class Briefing:
    """Everything Bounceback says about one record on one day.

    The packages' own values, not yet text or keys; ``to_json`` gives the contract's keys.

    Attributes:
        as_of: The day asked about.
        record: The record as seen on that day.
        notes: What was set aside, resolved or assumed.
        belief: Where the learner stands.
        p_pass_if_today: Chance if the sitting were today.
        forecasts: One an eligible day, oldest first.
        decision: Sit, move, remediate or too early to say.
        plan: The plan for the day advised.
        appraisal: Why the last attempt failed.
        at_work: The plan changes of the appraisal that the plan holds on that day.
        time_needed: The guide's weeks beside the model's.
        remediation: The path, where it is advised.
        solved: The forecasts that were solved; those of the days between lie on lines.
        priced_for: The test date for which changes are priced.
        seed: For what is drawn at random (ten futures).
        joint: The practice tests to come with the dates that were solved.
        work: Planned work up to each of those dates.
        narrowing: What would narrow the range most, best first. This and what follows is worked
            out when first read.
        levers: What one change is worth, the plan as it stands first.
        target: The cheapest changes that reach the learner's own target chance, if one is set.
        help_offers: Help at the moments agreed for it.
        outlook: The residency match, once opened.
    """

    as_of: date
    record: Record
    notes: tuple[str, ...]
    belief: Belief
    p_pass_if_today: float
    forecasts: tuple[Forecast, ...]
    decision: Decision
    plan: Plan
    appraisal: Appraisal
    time_needed: TimeNeeded
    remediation: Remediation | None
    at_work: tuple[AtWork, ...]
    solved: tuple[Forecast, ...]
    priced_for: date
    seed: int
    joint: JointFuture
    work: PlannedWork

    @property
    def prescriptions(self) -> tuple[PlanChange, ...]:
        """The plan changes at work, which the plan holds."""
        return _for_plan(working.prescription for working in self.at_work)

    @cached_property
    def options(self) -> tuple[Option, ...]:
        """The ways to go on, in the same detail: dates, building up, an extension, expiring."""
        from bounceback.decision.options import options

        return options(self.record, self.as_of, self.decision, self.belief, self.forecasts)

    @cached_property
    def if_next_test(self) -> tuple[ResultBand, ...]:
        """What each result of the next practice test would mean, best first."""
        from bounceback.services.next_test import result_bands

        return result_bands(self)

    @cached_property
    def narrowing(self) -> tuple[Narrowing, ...]:
        """What would narrow the range most, best first."""
        return _narrowing(self.record, self.belief, self.plan, self.prescriptions)

    @cached_property
    def levers(self) -> tuple[Lever, ...]:
        """What one change is worth; the plan as it stands first."""
        from bounceback.planning.what_if import levers

        return levers(
            self.record,
            self.as_of,
            self.priced_for,
            self.belief.dynamics(),
            _price(self.belief),
            self.prescriptions,
            seed=self.seed,
        )

    @cached_property
    def target(self) -> LeverSet | None:
        """The cheapest changes that reach the learner's own target chance, if one is set."""
        from bounceback.planning.what_if import cheapest_set

        wanted = self.record.exam.target_p_pass
        if wanted is None:
            return None
        return cheapest_set(
            self.record,
            self.as_of,
            self.priced_for,
            self.belief.dynamics(),
            _price(self.belief),
            wanted,
            self.prescriptions,
        )

    @cached_property
    def help_offers(self) -> tuple[HelpTrigger, ...]:
        """Help at the moments agreed for it."""
        from bounceback.appraisal.triggers import help_triggers

        return help_triggers(
            self.record,
            self.as_of,
            bound=_bound(self.record, self.belief, self.solved),
            time_needed=self.time_needed.level if self.time_needed.applies else None,
        )

    @cached_property
    def outlook(self) -> Mapping[str, Any]:
        """The residency match, under the contract's keys; an invitation until it is opened."""
        from bounceback.residency_match import outlook

        return outlook(self.record, self.as_of).to_briefing()


@dataclass(frozen=True, slots=True)
class Lookback:
    """The time machine: what the record said on the day before the failed sitting.

    Attributes:
        sitting: Its day.
        outcome: What the board reported.
        then: The briefing of the day before, without what belongs to the next attempt.
        seen: What the evidence said on that day, and what was decided, in words.
    """

    sitting: date
    outcome: str
    then: Briefing
    seen: lookback_report.Lookback


def planned_work(
    record: Record,
    belief: Belief,
    days: Sequence[date],
    prescriptions: Sequence[Any],
) -> PlannedWork:
    """The work that the plan made for each date puts before it."""
    at = setting(record, belief.as_of, max(days), prescriptions)
    work = work_by_date(at, days, belief.dynamics())
    return PlannedWork(work.days, work.unworked_days, work.effort)


def _between(a: Forecast, b: Forecast, day: date) -> Forecast:
    """A day between two solved ones, on the line between them."""
    t = (day - a.on).days / (b.on - a.on).days

    def mix(name: str) -> float:
        return float((1.0 - t) * getattr(a, name) + t * getattr(b, name))

    def mix_known(low: float | None, high: float | None) -> float | None:
        return None if low is None or high is None else float((1.0 - t) * low + t * high)

    return Forecast(
        on=day,
        score_mean=mix("score_mean"),
        score_sd=mix("score_sd"),
        p_pass=mix("p_pass"),
        p_pass_low=mix("p_pass_low"),
        p_pass_high=mix("p_pass_high"),
        p_pass_if_followed=mix("p_pass_if_followed"),
        score_low=mix("score_low"),
        score_high=mix("score_high"),
        p_next_low=mix_known(a.p_next_low, b.p_next_low),
        p_next_high=mix_known(a.p_next_high, b.p_next_high),
    )


def every_day(solved: Sequence[Forecast]) -> tuple[Forecast, ...]:
    """Fill the days between solved forecasts."""
    out: list[Forecast] = []
    for a, b in pairwise(solved):
        out.append(a)
        out += [_between(a, b, a.on + timedelta(days=n)) for n in range(1, (b.on - a.on).days)]
    return (*out, *solved[-1:])


def _next_form(plan: Plan, as_of: date) -> NextForm | None:
    placed = [e for e in plan.ledger if e.date is not None and e.date >= as_of]
    if not placed:
        return None
    first = min(placed, key=lambda e: (e.date, e.label))
    assert first.date is not None
    return NextForm(first.family, first.form, first.date)


def _unplaced_test(record: Record, plan: Plan, as_of: date) -> tuple[NextForm | None, int]:
    """Return a test that can be had where the plan placed none, with the minutes to free for it.

    One that the learner owns and that is longer than any study day comes first: a day can be freed
    for it. It is asked for a week before the test date, so that the day stays as days go by.
    """
    if _next_form(plan, as_of) is not None:
        return None, 0
    owned = next((e for e in plan.ledger if e.state == "too-long" and e.owned and e.measure), None)
    if owned is None:
        return free_test(record, as_of), 0
    on = plan.test_date - timedelta(days=7)
    soonest = as_of + timedelta(days=1)
    return NextForm(owned.family, owned.form, max(on, soonest)), owned.minutes


def _moves(record: Record, old: OldPlan | None) -> int:
    """How often the date was moved to the one advised, counted along with the earlier plan."""
    if old is None:
        return 0
    planned, before = record.exam.planned_date, old.planned_date
    moved = before is not None and planned is not None and planned != before
    return old.moves + (1 if moved and planned == old.advised else 0)


def briefing(
    record: Record,
    today: date,
    *,
    seed: int = 0,
    notes: Sequence[str] = (),
    level: DayLevel = "good",
) -> Briefing:
    """Answer everything for one record on one day.

    A record that carries a plan has it re-made: what was ticked, locked or moved stays, and
    ``plan.changes`` says what else moved.

    Args:
        record: The learner's record.
        today: The day to answer for; later evidence is set aside and listed in ``notes``.
        seed: For what is drawn at random (ten futures); the same seed gives the same answer.
        notes: Remarks made while the record was read.
        level: What the learner chose for today: a good, half or minimum day. The plan's sessions
            of today fit it.

    Returns:
        The briefing.

    Raises:
        FactUnknown: A number the answer needs is not published for that day.
    """
    seen, set_aside = _seen(record, today)
    return _compose(seen, today, (*notes, *set_aside), _old_plan(seen), level, seed)


def _seen(record: Record, today: date) -> tuple[Record, tuple[str, ...]]:
    """What a briefing rests on: no later evidence, no day out of reach; with what was set aside."""
    known, later = as_seen_on(record, today)
    near, far = eligible.within_reach(known, today)
    return near, (*later, *far)


@dataclass(frozen=True, slots=True)
class PlanChange:
    """A plan change of the appraisal as the plan reads it.

    Attributes:
        parameter: Name of the plan parameter.
        value: Its new value.
        why: The reason, as the plan hands it on.
    """

    parameter: str
    value: float | int | bool | str
    why: str


def _for_plan(changes: Iterable[Prescription]) -> tuple[PlanChange, ...]:
    return tuple(PlanChange(c.parameter, c.value, say_all(c.why)) for c in changes)


@dataclass(frozen=True, slots=True)
class _Dates:
    """The possible test dates with the plan made for each, before anything is decided.

    Attributes:
        seen: The record as seen today.
        today: The day asked about.
        old: The plan that the record carries, if any.
        level: What the student chose for today.
        appraisal: Why the last attempt failed.
        working: Plan changes of the appraisal that are at work.
        prescriptions: The same for the plan.
        waiting: The attempt whose result is awaited, if any.
        target: The date that the plan leads to.
        days: The dates that were solved.
        belief: Where the student stands.
        dynamics: What the plan may know of it.
        solved: One forecast for each of ``days``.
        work: Planned work up to each of ``days``.
    """

    seen: Record
    today: date
    old: OldPlan | None
    level: DayLevel
    appraisal: Appraisal
    working: tuple[AtWork, ...]
    prescriptions: tuple[Prescribes, ...]
    waiting: ResultAwaited | None
    target: date
    days: tuple[date, ...]
    belief: Belief
    dynamics: Dynamics
    solved: tuple[Forecast, ...]
    work: PlannedWork

    def planned(self, test_date: date, retest: LedgerEntry | None = None) -> Plan:
        """Return the plan that leads to a date."""
        seen, today, rules = self.seen, self.today, self.prescriptions
        if self.waiting is not None:
            return maintenance(seen, today, test_date, self.dynamics, rules)
        if self.old is None:
            return make_plan(
                seen, today, test_date, self.dynamics, rules, level=self.level, retest=retest
            )
        from bounceback.planning.replanning import replan

        return replan(
            seen, today, test_date, self.dynamics, self.old, rules, level=self.level, retest=retest
        )

    def joint(self, plan: Plan, unplaced: NextForm | None) -> JointFuture:
        """Return the tests of a plan with the dates."""
        return coming_tests(self.seen, self.belief, plan, self.days, self.work, unplaced)

    def in_window(self, solved: Sequence[Forecast]) -> tuple[Forecast, ...]:
        """Return the forecast of every day on which the student may test."""
        window = eligible.window(self.seen, self.today)
        if window is None:
            return ()
        return tuple(f for f in every_day(solved) if window[0] <= f.on <= window[1])


def _solve(seen: Record, today: date, old: OldPlan | None, level: DayLevel) -> _Dates:
    """Forecast the dates, each with the plan made for it."""
    appraisal = appraise(seen, today)
    working = at_work(seen, today, appraisal)
    prescriptions: tuple[Prescribes, ...] = _for_plan(w.prescription for w in working)
    waiting = result_awaited(seen, today)
    if waiting is not None:
        # While a result is awaited every date is forecast with the low hours of the plan made.
        prescriptions = (*low_hours(seen.exam.id, prescriptions), *prescriptions)
    target = eligible.plan_date(seen, today, old.test_date if old is not None else None)
    days = tuple(eligible.solved(seen, today, also=target))
    belief = believe(seen, today, test_date=target)
    work = planned_work(seen, belief, days, prescriptions) if days else None
    return _Dates(
        seen=seen,
        today=today,
        old=old,
        level=level,
        appraisal=appraisal,
        working=working,
        prescriptions=prescriptions,
        waiting=waiting,
        target=target,
        days=days,
        belief=belief,
        dynamics=belief.dynamics(),
        solved=predict(belief, days, work),
        work=work if work is not None else PlannedWork.none(belief, ()),
    )


def _old_plan(seen: Record) -> OldPlan | None:
    """The plan that a record carries, to be re-made; ``None`` without one."""
    if not seen.plan:
        return None
    from bounceback.planning.replanning import OldPlan

    return OldPlan((), ())


def forecasts_by_date(record: Record, today: date) -> tuple[Forecast, ...]:
    """Return the forecasts of a briefing and nothing else: no date is compared or advised.

    Args:
        record: The learner's record.
        today: The day to answer for.
    """
    seen, _ = _seen(record, today)
    at = _solve(seen, today, _old_plan(seen), "good")
    solved = at.solved
    if solved:
        plan = at.planned(at.target)
        coming = _next_form(plan, today)
        if coming is not None:
            solved = with_next_range(solved, at.joint(plan, None), coming)
    return at.in_window(solved)


def _compose(
    seen: Record,
    today: date,
    notes: Sequence[str],
    old: OldPlan | None,
    level: DayLevel,
    seed: int = 0,
) -> Briefing:
    at = _solve(seen, today, old, level)
    belief, prescriptions, waiting, planned = at.belief, at.prescriptions, at.waiting, at.planned
    target, solved_days, solved, work = at.target, at.days, at.solved, at.work
    rules = rules_for(seen.exam.id, prescriptions)
    plan = planned(target)
    # A planned day too near for any test says nothing of what the weeks after it could hold.
    further = None
    if _next_form(plan, today) is None and solved_days and solved_days[-1] > target:
        middle = solved_days[len(solved_days) // 2]
        further = planned(middle if middle > target else solved_days[-1])
    tests = further or plan
    time = time_needed(seen, today, belief, solved)
    reopens_at = belief.constants.mark + rules["remediation_checkpoint_sd_above"] * exam_sd(
        seen.exam.id, today
    )
    unplaced, to_free = _unplaced_test(seen, plan, today)
    joint = at.joint(tests, unplaced)
    solved = with_next_range(solved, joint, _next_form(plan, today))
    outlook = Outlook(
        forecasts=solved,
        joint=joint,
        level=time.level,
        next_form=_next_form(tests, today),
        retest_passed=retest_passed(seen, today, reopens_at),
        moves=_moves(seen, old),
        unplaced=unplaced,
        unplaced_minutes=to_free,
    )
    decision = decide(seen, belief, outlook)
    if decision.is_close and latest_evidence(seen, today) < today:
        # Days without news move no advice: where it could go either way, the evidence's own day
        # decides, whenever the question is asked.
        then = since_evidence(
            seen, belief, solved, lambda b, days: planned_work(seen, b, days, prescriptions), target
        )
        joint_then = coming_tests(seen, then.belief, tests, solved_days, then.work, unplaced)
        valued = tuple(f.p_pass for f in then.forecasts)
        decision = decide(
            seen,
            belief,
            replace(outlook, joint=joint_then, valued=valued, valued_on=then.belief.as_of),
        )
    if waiting is not None:
        decision = until_the_result(decision, waiting, today)
    path: Remediation | None = None
    if waiting is not None:
        pass  # the low-hour plan stands, whatever a date would need
    elif decision.closed:
        from bounceback.decision.no_eligible_date import path_of_rules

        path = path_of_rules(seen, decision, today, rules)
    elif decision.advice == "remediate":
        from bounceback.planning.remediation import (
            held_retest,
            remediation,
            retest_entry,
            with_tests_on_the_way,
        )

        before = held_retest(old.ledger, seen, today, rules) if old is not None else None
        path = remediation(seen, today, belief, rules, before)
        # The plan leads to the checkpoint test, unless the student keeps the date regardless.
        if path.retest is not None and not eligible.date_stands(seen):
            entry = retest_entry(path.retest, seen.exam.id, rules)
            plan = planned(path.retest.date, entry)
            path = with_tests_on_the_way(path, plan.ledger)
    plan = in_words(plan, Locale(seen.learner.country or "US", today))
    return Briefing(
        as_of=today,
        record=seen,
        notes=(*notes, *eligible.notes_on_date(seen), *plan.notes),
        belief=belief,
        p_pass_if_today=p_pass_now(belief),
        forecasts=at.in_window(solved),
        decision=decision,
        plan=plan,
        appraisal=at.appraisal,
        at_work=at.working,
        time_needed=time,
        remediation=path,
        solved=solved,
        priced_for=target,
        seed=seed,
        joint=joint,
        work=work,
    )


def _price(belief: Belief) -> Price:
    """The forecast as levers ask it: planned work in, chance with its range out."""

    def price(work: WorkByDate) -> list[tuple[float, float, float]]:
        planned = PlannedWork(work.days, work.unworked_days, work.effort)
        return [
            (f.p_pass, f.p_pass_low, f.p_pass_high) for f in predict(belief, work.dates, planned)
        ]

    return price


def _bound(record: Record, belief: Belief, solved: Sequence[Forecast]) -> Bound | None:
    """The cautious end on the planned date, for the day that learner and adviser agreed on."""
    from bounceback.appraisal.triggers import Bound

    pact = record.decision.pact
    named = next((f for f in solved if f.on == record.exam.planned_date), None)
    if pact is None or named is None:
        return None
    return Bound(lower=named.score_low, mark=belief.constants.mark, decide_on=pact.date)


def _narrowing(
    record: Record, belief: Belief, plan: Plan, prescriptions: Sequence[Any]
) -> tuple[Narrowing, ...]:
    """What one more form in the next week would take off the range on the test date.

    Asked of the families that the learner owns and of those whose forms count as a measure; an
    examination of one's own school cannot be had on a wish.
    """
    from bounceback.forecast.information_gain import narrowing

    if plan.test_date <= belief.as_of:
        return ()
    on = min(belief.as_of + timedelta(days=7), plan.test_date)
    owned = {e.family for e in record.ledger}
    families = [
        f
        for f in facts.form_families(record.exam.id)
        if f in owned or facts.form_family(f, record.exam.id).measure
    ]
    work = planned_work(record, belief, (on, plan.test_date), prescriptions)
    return narrowing(belief, families=families, on=on, test_date=plan.test_date, work=work)


def replanned(
    old: object,
    record: Record,
    today: date,
    *,
    notes: Sequence[str] = (),
    level: DayLevel = "good",
) -> Briefing:
    """Re-make the plan of an earlier briefing; ``plan.changes`` says what moved.

    Args:
        old: The parsed JSON of an earlier ``brief``, ``plan`` or ``replan``.
        record: The learner's record as it is now; its ticks win over ``old`` by session id.
        today: The day to answer for.
        notes: Remarks made while the record was read.
        level: What the learner chose for today, as for ``briefing``.

    Raises:
        CaseError: ``old`` is no briefing of this exam; with every fault by key.
    """
    from bounceback.services.previous_plan import earlier_plan, with_earlier

    seen, set_aside = _seen(record, today)
    areas = facts.exam_weights(seen.exam.id, max(today, seen.exam.planned_date or today))
    given = earlier_plan(old, seen.exam.id, areas)
    with_plan, known, assumed = with_earlier(seen, given, today)
    return _compose(with_plan, today, (*notes, *set_aside, *assumed), known, level)


def lookback(record: Record) -> Lookback:
    """Replay the record to the day before the latest failed sitting of the exam ahead.

    Raises:
        QuestionError: No failed sitting is on record.
    """
    from bounceback.appraisal import lookback_report

    seen = lookback_report.lookback(record)
    return Lookback(seen.sitting.date, seen.sitting.outcome, briefing(seen.record, seen.day), seen)
