"""The decision lived through: sitting as planned against the advice, same learners, same luck.

Simulated retakers study their own hours by the blueprint, take a form every fortnight and two in
the last days before the date they hold. One arm tests on the planned date, the others ask a rule
nine and three days before the date they hold and do what it says. Eligibility ends twelve weeks
after the planned date. Nobody studies more in one arm than in another on any day.

The same for every rule: dates looked at lie on days centers are open, and nobody lets the period
expire while a day of it is left (a later date beyond the last day is the last day). On the last day
a rule that does not keep it lets the period expire.

``bounceback checks --frontier N`` and ``benchmarks/decision_loop.py`` print it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from bounceback import facts
from bounceback.decision.decide import NextForm, Outlook, decide
from bounceback.forecast.baseline_schedule import steady_work
from bounceback.forecast.lookahead import ComingTest, joint_future
from bounceback.forecast.posterior import Belief, believe
from bounceback.forecast.prediction import Forecast, predict
from bounceback.planning.time_needed import time_needed
from bounceback.records.models import Block, Eligibility, Form, Record, Study
from bounceback.services.candidate_dates import open_day
from bounceback.vocabulary import ExamId
from bounceback_lab.simulation.population import Population, simulate
from bounceback_lab.simulation.simulator import World
from bounceback_lab.simulation.worlds import FROZEN
from bounceback_lab.simulation.worlds import World as Variant

Rule = Callable[["Life", date], tuple[str, "date | None"]]

EXAMS: tuple[ExamId, ...] = ("usmle-step-1", "usmle-step-2-ck")
FAMILY = {"usmle-step-1": "nbme-cbssa", "usmle-step-2-ck": "nbme-ccssa"}
BLOCK_ITEMS = 200
BEFORE, AFTER = 28, 84
"""Days of eligibility before and after the planned date."""

SCHOOL = ("nbme-cbse", "nbme-ccse")
"""Examinations of a school: no learner can have one on a wish."""

ASKED = (9, 3)
"""Days before the date held on which a rule is asked: after each of the two last tests."""


@dataclass(slots=True)
class Life:
    """One learner on the way: the record so far, the date held, what came."""

    record: Record
    planned: int
    held: int
    last: int
    forms: int = 0
    sat: int = -1
    passed: bool = False
    lapsed: bool = False
    moves: int = 0


def lives(population: Population) -> tuple[list[Life], np.ndarray]:
    """The learners on the day their report is out, with nothing studied since."""
    part = population.parts[0]
    found = []
    for row, learner in enumerate(part.learners):
        whole = population.record(int(learner))
        failed_on = date.fromordinal(int(part.habits.failed_on[row]))
        planned = int(part.habits.sit_day[row])
        window = Eligibility(
            first=failed_on + timedelta(days=planned - BEFORE),
            last=failed_on + timedelta(days=planned + AFTER),
        )
        record = replace(
            whole,
            forms=(),
            blocks=(),
            study=(),
            exam=replace(
                whole.exam,
                eligibility=window,
                planned_date=failed_on + timedelta(days=planned),
            ),
        )
        found.append(Life(record, planned, planned, planned + AFTER))
    return found, part.habits.start_day


def _measure(
    world: World, people: list[Life], rows: list[int], day: int, failed_on: list[date]
) -> None:
    """Everybody in ``rows`` takes the next form they have not seen, or fresh timed blocks."""
    unseen = [
        (family.family, label)
        for (exam, _), family in world.p.families.items()
        if exam == people[0].record.exam.id and family.family not in SCHOOL
        for label in family.labels
    ]
    by_form: dict[int, list[int]] = {}
    for i in rows:
        by_form.setdefault(min(people[i].forms, len(unseen)), []).append(i)
    for place, group in by_form.items():
        today = [failed_on[i] + timedelta(days=day) for i in group]
        if place < len(unseen):
            family, label = unseen[place]
            taken = world.take_form(family, label, rows=np.array(group))
            for k, i in enumerate(group):
                form = Form(family=family, form=label, date=today[k], score=float(taken.score[k]))
                people[i].record = replace(people[i].record, forms=(*people[i].record.forms, form))
        else:
            correct, _ = world.take_block(f"bank, day {day}", BLOCK_ITEMS, np.array(group))
            for k, i in enumerate(group):
                block = Block(
                    date=today[k],
                    bank="bank",
                    items=BLOCK_ITEMS,
                    correct=int(correct[k].sum()),
                    minutes=300,
                )
                record = people[i].record
                people[i].record = replace(record, blocks=(*record.blocks, block))
        for i in group:
            people[i].forms += 1


def looked_at(life: Life, today: date) -> tuple[Belief, list[Forecast], Sequence[date]]:
    """Forecast the date held and every week after it until eligibility ends."""
    window, held = life.record.exam.eligibility, life.record.exam.planned_date
    assert window is not None
    assert held is not None
    days = {held, window.last}
    day = held
    while day < window.last:
        days.add(open_day(life.record, day, held))
        day += timedelta(days=7)
    days.add(open_day(life.record, window.last, held))
    dates = sorted(d for d in days if d >= today)
    belief = believe(life.record, today, test_date=held)
    return belief, list(predict(belief, dates, steady_work(life.record, belief, dates))), dates


def advised(life: Life, today: date) -> tuple[str, date | None]:
    """What ``decide`` says; tests come four days before the date held, then every fortnight."""
    belief, forecasts, dates = looked_at(life, today)
    held = life.record.exam.planned_date
    assert held is not None
    coming = [held - timedelta(days=4)] if held - timedelta(days=4) > today else []
    day = held + timedelta(days=10)
    while day < dates[-1]:
        coming.append(day)
        day += timedelta(days=14)
    family = FAMILY[life.record.exam.id]
    tests = [ComingTest(on, family, "the next") for on in coming]
    work = steady_work(life.record, belief, [*coming, *dates])
    level = time_needed(life.record, today, belief, forecasts).level
    near = NextForm(family, "the next", coming[0]) if coming and coming[0] < held else None
    outlook = Outlook(
        forecasts=forecasts,
        joint=joint_future(belief, tests, dates, work),
        level=level,
        next_form=near,
        moves=life.moves,
    )
    found = decide(life.record, belief, outlook)
    return found.advice, found.date


def threshold(least: float) -> Rule:
    """Keep the date at a chance of at least so much, else the first day predicted to reach it."""

    def rule(life: Life, today: date) -> tuple[str, date | None]:
        _, forecasts, dates = looked_at(life, today)
        if forecasts[0].p_pass >= least:
            return "sit", dates[0]
        reached = (f.on for f in forecasts[1:] if f.p_pass >= least)
        return "move", next(reached, dates[-1] + timedelta(days=7))

    return rule


def two_above(life: Life, today: date) -> tuple[str, date | None]:
    """Keep the date where the two latest forms lie above the mark, else a fortnight later."""
    exam = life.record.exam.id
    mark = facts.pass_mark(exam, today).value
    scores = [
        facts.conversion(f.family, exam, f.date).to_reported(f.score or 0.0)
        for f in life.record.forms[-2:]
    ]
    held = life.record.exam.planned_date
    assert held is not None
    if len(scores) == 2 and min(scores) >= mark:
        return "sit", held
    return "move", held + timedelta(days=14)


def live(population: Population, rule: Rule | None) -> list[Life]:
    """Run every learner to a sitting or to the end of eligibility."""
    people, start = lives(population)
    part = population.parts[0]
    world = population.world(people[0].record.exam.id)
    failed_on = [date.fromordinal(int(d)) for d in part.habits.failed_on]
    weights, activities = world.weights, [a.activity for a in world.p.activities]
    mix = np.zeros(len(activities))
    mix[activities.index("questions")], mix[activities.index("review")] = 0.6, 0.4
    everyone = np.arange(len(people))
    next_form = np.maximum(start, world.day) + 2
    while any(p.sat < 0 and not p.lapsed for p in people):
        day = world.day
        active = [i for i, p in enumerate(people) if p.sat < 0 and not p.lapsed]
        sitting = []
        for i in active:
            p, today = people[i], failed_on[i] + timedelta(days=day)
            if p.held == day:
                sitting.append(i)
            elif rule is not None and p.held - day in ASKED:
                advice, on = rule(p, today)
                new = p.held
                if advice == "move" and on is not None:
                    new = (on - failed_on[i]).days
                    p.moves += 1
                elif advice == "remediate":
                    new = p.held + 14
                if new > p.last > p.held:
                    new = p.last
                if new > p.last:
                    p.lapsed = True
                elif new != p.held:
                    p.held = new
                    moved = failed_on[i] + timedelta(days=new)
                    p.record = replace(p.record, exam=replace(p.record.exam, planned_date=moved))
        if sitting:
            result = world.sit(np.array(sitting))
            for k, i in enumerate(sitting):
                people[i].sat, people[i].passed = day, bool(result.passed[k])
        forming = [
            i
            for i in active
            if people[i].sat < 0
            and not people[i].lapsed
            and day >= start[i]
            and (
                (day >= next_form[i] and people[i].held - day > 14)
                or people[i].held - day in (10, 4)
            )
            and people[i].held - day > 2
        ]
        if forming:
            _measure(world, people, forming, day, failed_on)
            next_form[forming] = day + 14
        weekday = (np.array([d.weekday() for d in failed_on]) + day) % 7
        wanted = np.array([people[i].sat < 0 and not people[i].lapsed for i in everyone])
        planned = np.where(wanted & (day >= start), part.habits.planned[everyone, weekday], 0.0)
        done = np.rint(world.keep(planned))
        world.study(done[:, None, None] * weights[None, :, None] * mix[None, None, :])
        for i in np.flatnonzero(done > 0).tolist():
            entry = Study(
                date=failed_on[i] + timedelta(days=day),
                minutes=float(done[i]),
                activity="questions",
            )
            people[i].record = replace(people[i].record, study=(*people[i].record.study, entry))
    return people


RULES: dict[str, Rule | None] = {
    "planned date": None,
    "two above": two_above,
    "P >= .5": threshold(0.5),
    "P >= .6": threshold(0.6),
    "P >= .7": threshold(0.7),
    "P >= .8": threshold(0.8),
    "P >= .9": threshold(0.9),
    "advice": advised,
}


@dataclass(frozen=True, slots=True)
class Result:
    """What became of the learners under one rule; shares of all, weeks of those who tested.

    Attributes:
        fail: Share that tested and failed.
        never: Share that never tested.
        passed: Share that passed inside eligibility.
        weeks: Mean weeks from the planned date to the test.
        weeks_se: Its standard error.
        moves: Mean number of moves.
        learners: How many.
    """

    fail: float
    never: float
    passed: float
    weeks: float
    weeks_se: float
    moves: float
    learners: int

    def share(self, p: float) -> str:
        """A share with its standard error."""
        return f"{p:.3f} ± {math.sqrt(p * (1 - p) / self.learners):.3f}"

    def cells(self) -> tuple[str, ...]:
        """Test and fail, never test, weeks, moves, pass: one row of the table."""
        return (
            self.share(self.fail),
            self.share(self.never),
            f"{self.weeks:.1f} ± {self.weeks_se:.1f}",
            f"{self.moves:.2f}",
            self.share(self.passed),
        )

    def dominated_by(self, other: Result) -> bool:
        """Whether another rule is nowhere worse and somewhere better."""
        mine = (-self.fail, -self.never, -self.weeks, self.passed)
        theirs = (-other.fail, -other.never, -other.weeks, other.passed)
        return all(b >= a for a, b in zip(mine, theirs, strict=True)) and theirs != mine


def outcome(people: Sequence[Life]) -> Result:
    """Sum up one rule."""
    n = len(people)
    waits = np.array([(p.sat - p.planned) / 7.0 for p in people if p.sat >= 0])
    return Result(
        fail=sum(p.sat >= 0 and not p.passed for p in people) / n,
        never=sum(p.lapsed for p in people) / n,
        passed=sum(p.passed for p in people) / n,
        weeks=float(waits.mean()),
        weeks_se=float(waits.std() / math.sqrt(len(waits))),
        moves=float(np.mean([p.moves for p in people])),
        learners=n,
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the acceptance: what, the advice's figure, the limit, whether it is met."""

    name: str
    ours: float
    limit: str
    met: bool


@dataclass(frozen=True, slots=True)
class Frontier:
    """Every rule side by side on the same learners, and what the advice is to reach.

    Attributes:
        exam: Exam id.
        world: Name of the population.
        results: By rule; ``planned date`` and ``advice`` among them.
    """

    exam: ExamId
    world: str
    results: dict[str, Result]

    @property
    def dominating(self) -> tuple[str, ...]:
        """Rules that are nowhere worse than the advice and somewhere better."""
        advice = self.results["advice"]
        return tuple(name for name, one in self.results.items() if advice.dominated_by(one))

    def lines(self) -> tuple[Line, ...]:
        """Each line of the acceptance."""
        planned, advice = self.results["planned date"], self.results["advice"]
        third, gained = planned.fail / 3.0, advice.passed - planned.passed
        better = self.dominating
        return (
            Line("test and fail", advice.fail, f"at most {third:.3f}", advice.fail <= third + 1e-9),
            Line("weeks added", advice.weeks, "at most 4.5", advice.weeks <= 4.5),
            Line("never test", advice.never, "at most 0.080", advice.never <= 0.08),
            Line("more pass than as planned", gained, "at least 0.120", gained >= 0.12 - 1e-9),
            Line(
                f"rules that are better in everything: {', '.join(better) or 'none'}",
                float(len(better)),
                "0",
                not better,
            ),
        )


def frontier(
    learners: int,
    exam: ExamId,
    world: Variant = FROZEN,
    *,
    rules: Mapping[str, Rule | None] = RULES,
    progress: Callable[[int], None] | None = None,
) -> Frontier:
    """Live every rule through on the same simulated learners.

    Args:
        learners: How many.
        exam: One of ``EXAMS``.
        world: The frozen population or a declared variant of it.
        rules: By name; ``planned date`` and ``advice`` among them.
        progress: Called with the number of rules done.
    """
    found = {}
    for done, (name, rule) in enumerate(rules.items(), start=1):
        population = simulate(learners, exam_mix={str(exam): 1.0}, p=world.parameters())
        found[name] = outcome(live(population, rule))
        if progress is not None:
            progress(done)
    return Frontier(exam, world.name, found)


__all__ = ["EXAMS", "RULES", "Frontier", "Line", "Result", "Rule", "frontier", "live", "outcome"]
