"""The plan lived through: the same retakers, hours, activities, forms and luck; areas differ.

Simulated retakers of Step 1 (item level, power-law forgetting: a simulator that the planner does
not know) study their own hours from the day their report is out to the date they planned. Each
takes a form on the first day and every fortnight. Five arms share the minutes of a day by area:

    ours           the plan made from the record so far, re-made after every form
    blueprint      exam weights, every day
    resource order one area after the other, each as long as its weight
    weakest first  the three areas lowest in the forms so far
    oracle         the three areas of the highest true points a minute, today

Run: ``python benchmarks/plan_closed_loop.py [LEARNERS [SEED]]``. Paired, with standard errors. The
least share of an area was chosen on the first 700 learners of the default seed; judge by another.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bounceback.forecast.posterior import believe
from bounceback.planning import make_plan
from bounceback.records.models import AreaResult, Form, Record, Study
from bounceback_lab.simulation.population import DEFAULT_SEED, Population, simulate
from bounceback_lab.simulation.simulator import FormsTaken, World

EXAM = "usmle-step-1"
ARMS = ("ours", "blueprint", "resource order", "weakest first", "oracle")
FORM_EVERY = 14
TOP = 3


def with_form(
    record: Record, taken: FormsTaken, k: int, today: date, areas: tuple[str, ...]
) -> Record:
    """The record with one more form, its areas included."""
    results = {
        area: AreaResult(correct=int(taken.correct[k, a]), items=int(taken.items[a]))
        for a, area in enumerate(areas)
        if taken.items[a]
    }
    form = Form(
        family=taken.family.family,
        form=taken.label,
        date=today,
        score=float(taken.score[k]),
        areas=results,
    )
    return replace(record, forms=(*record.forms, form))


def top_areas(worth: np.ndarray) -> np.ndarray:
    """(N, A) equal shares of the areas with the most worth."""
    share = np.zeros_like(worth)
    best = np.argsort(-worth, axis=1, kind="stable")[:, :TOP]
    np.put_along_axis(share, best, 1.0 / TOP, axis=1)
    return share


def live(population: Population, arm: str) -> tuple[np.ndarray, np.ndarray]:
    """(N,) passed and (N,) expected score on the sitting day, under one arm."""
    part = population._part(EXAM)
    world: World = population.world(EXAM)
    rows = np.arange(len(part.learners))
    failed_on = [date.fromordinal(int(d)) for d in part.habits.failed_on]
    start, sit = np.maximum(part.habits.start_day, world.day), part.habits.sit_day
    records = [
        replace(population.record(int(n)), forms=(), blocks=(), study=(), plan=())
        for n in part.learners
    ]
    weights = world.weights
    names = [a.activity for a in world.p.activities]
    mix = np.zeros(len(names))
    mix[names.index("questions")], mix[names.index("review")] = 0.6, 0.4
    share = np.tile(weights, (len(rows), 1))
    right, asked = np.zeros_like(share), np.zeros_like(share)
    edges = np.cumsum(weights)
    forms = np.zeros(len(rows), dtype=int)
    labels = [
        (family.family, label)
        for (exam, _), family in world.p.families.items()
        if exam == EXAM and family.family == "nbme-cbssa"
        for label in family.labels
    ]
    passed, score = np.zeros(len(rows), dtype=bool), np.zeros(len(rows))
    while (sit >= world.day).any():
        day = world.day
        sitting = rows[sit == day]
        if len(sitting):
            score[sitting] = world.expected_score()[sitting]
            passed[sitting] = world.sit(sitting).passed
        due = (day >= start) & (day < sit - 2) & ((day - start) % FORM_EVERY == 0)
        for nth in np.unique(forms[due]):
            group = rows[due & (forms == nth)]
            family, label = labels[min(int(nth), len(labels) - 1)]
            taken = world.take_form(family, label, rows=group)
            right[group] += taken.correct
            asked[group] += taken.items
            forms[group] += 1
            if arm != "ours":
                continue
            for k, i in enumerate(group):
                today = failed_on[i] + timedelta(days=int(day))
                records[i] = with_form(records[i], taken, k, today, world.areas)
                on = failed_on[i] + timedelta(days=int(sit[i]))
                dynamics = believe(records[i], today, test_date=on).dynamics()
                plan = make_plan(records[i], today, on, dynamics)
                minutes = np.array([plan.planned_minutes.get(a, 0) for a in world.areas], float)
                if minutes.sum() > 0:
                    share[i] = minutes / minutes.sum()
        if arm == "weakest first":
            share = top_areas(-(right + 1.0) / (asked + 2.0))
        elif arm == "oracle":
            share = top_areas(world.points_per_minute("questions"))
        elif arm == "resource order":
            progress = np.clip((day - start) / np.maximum(sit - start, 1), 0.0, 1.0 - 1e-9)
            share = np.eye(len(weights))[np.searchsorted(edges / edges[-1], progress, side="right")]
        weekday = (np.array([d.weekday() for d in failed_on]) + day) % 7
        active = (day >= start) & (day < sit)
        planned = np.where(active, part.habits.planned[rows, weekday], 0.0)
        done = np.rint(world.keep(planned))
        world.study(done[:, None, None] * share[:, :, None] * mix[None, None, :])
        if arm == "ours":
            for i in np.flatnonzero(done > 0):
                entry = Study(
                    date=failed_on[i] + timedelta(days=int(day)),
                    minutes=float(done[i]),
                    activity="questions",
                )
                records[i] = replace(records[i], study=(*records[i].study, entry))
    return passed, score


def table(learners: int, seed: int = DEFAULT_SEED) -> str:
    """Pass rate and expected score by arm, and ours against each, paired."""
    population = simulate(learners, seed, exam_mix={EXAM: 1.0})
    found = {arm: live(population, arm) for arm in ARMS}
    n = len(found["ours"][0])
    lines = [f"{'arm':16}{'pass rate':>18}{'score':>10}   ours less this arm: passes, points"]
    for arm in ARMS:
        passed, score = found[arm]
        rate = passed.mean()
        error = np.sqrt(rate * (1 - rate) / n)
        more = found["ours"][0].astype(float) - passed
        points = found["ours"][1] - score
        lines.append(
            f"{arm:16}{rate:10.4f} ± {error:.4f}{score.mean():10.2f}   "
            f"{more.mean():+.4f} ± {more.std() / np.sqrt(n):.4f}   "
            f"{points.mean():+.2f} ± {points.std() / np.sqrt(n):.2f}"
        )
    best = max(("blueprint", "resource order", "weakest first"), key=lambda a: found[a][1].mean())
    gain = found["ours"][1].mean() - found["resource order"][1].mean()
    most = found["oracle"][1].mean() - found["resource order"][1].mean()
    lines.append(f"best simple plan: {best}; ours has {gain / most:.0%} of the oracle's gain in")
    lines.append("points over one pass through the resources in order")
    return "\n".join(lines)


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:3]]
    print(table(*(numbers or [2000])))
