"""The decision lived through: sitting as planned against the advice, same learners, same luck.

Simulated retakers of Step 1 study their own hours by the blueprint, take a form every fortnight and
two in the last days before the date they hold. One arm sits on the planned date. The other asks
``decide`` two days before the date it holds, and does what it says; its eligibility period ends
eight weeks after the planned date. Nobody studies more in one arm than in the other on any day.

Run: ``python benchmarks/decision_loop.py [LEARNERS]``.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bounceback.decision.decide import NextForm, decide
from bounceback.forecast.baseline_schedule import steady_work
from bounceback.forecast.posterior import believe
from bounceback.forecast.prediction import predict
from bounceback.planning.time_needed import time_needed
from bounceback.records.models import Block, Eligibility, Form, Record, Study
from bounceback_lab.simulation.population import Population, simulate
from bounceback_lab.simulation.simulator import World

EXAM = "usmle-step-1"
BLOCK_ITEMS = 200
BEFORE, AFTER = 28, 56
"""Days of eligibility before and after the planned date."""


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


def lives(population: Population) -> tuple[list[Life], np.ndarray]:
    """The learners on the day their report is out, with nothing studied since."""
    part = population._part(EXAM)
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
        if exam == EXAM and family.family != "nbme-cbse"
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


def ask(life: Life, today: date) -> tuple[str, date | None]:
    """What ``decide`` says, with every remaining week and the date held looked at."""
    window = life.record.exam.eligibility
    assert window is not None
    held = life.record.exam.planned_date
    assert held is not None
    days = {held, window.last}
    day = held
    while day < window.last:
        days.add(day)
        day += timedelta(days=7)
    dates = sorted(d for d in days if d >= today)
    belief = believe(life.record, today, test_date=held)
    forecasts = predict(belief, dates, steady_work(life.record, belief, dates))
    level = time_needed(life.record, today, belief, forecasts).level
    coming = NextForm("nbme-cbssa", "the next", today + timedelta(days=5))
    found = decide(life.record, belief, forecasts, level=level, next_form=coming)
    return found.advice, found.date


def live(population: Population, *, advised: bool) -> list[Life]:
    """Run every learner to a sitting or to the end of eligibility."""
    people, start = lives(population)
    part = population._part(EXAM)
    world = population.world(EXAM)
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
            elif advised and p.held - day == 2:
                advice, on = ask(p, today)
                new = p.held
                if advice == "move" and on is not None:
                    new = (on - failed_on[i]).days
                elif advice != "sit":
                    new = p.held + 7
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
        for i in np.flatnonzero(done > 0):
            entry = Study(
                date=failed_on[i] + timedelta(days=day),
                minutes=float(done[i]),
                activity="questions",
            )
            people[i].record = replace(people[i].record, study=(*people[i].record.study, entry))
    return people


def table(learners: int) -> str:
    """Both arms side by side, with standard errors."""
    population = simulate(learners, exam_mix={EXAM: 1.0})
    plain, told = live(population, advised=False), live(population, advised=True)
    n = len(plain)

    def share(count: int) -> str:
        p = count / n
        return f"{p:.3f} ± {math.sqrt(p * (1 - p) / n):.3f}"

    rows = [("", "planned date", "advice")]
    for name, test in (
        ("sit and pass", lambda p: p.passed),
        ("sit and fail", lambda p: p.sat >= 0 and not p.passed),
        ("never sit", lambda p: p.lapsed),
    ):
        rows.append((name, share(sum(map(test, plain))), share(sum(map(test, told)))))
    waits = [p.sat - p.planned for p in told if p.sat >= 0]
    rows.append(("mean added wait, days", "0", f"{np.mean(waits):.1f}"))
    return "\n".join(f"{a:24}{b:20}{c}" for a, b, c in rows)


if __name__ == "__main__":
    print(table(int(sys.argv[1]) if len(sys.argv) > 1 else 2000))
