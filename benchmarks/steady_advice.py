"""Whether the advice stays where nothing new is known, and never falls for a better result.

Simulated retakers of every exam, each asked on 14 days in a row without a new entry. The advice may
change only where a day itself changes what can be done: the last days before the date, a date that
has passed, a practice test of the plan whose day has come. Then the results of the next practice
test: a better one never brings a lesser answer.

Run: ``python benchmarks/steady_advice.py [RECORDS] [--from N]``. Exit status 1 with a record that
changes its advice.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bounceback.decision.models import ADVICE_ORDER, Decision
from bounceback.records.models import Eligibility, Record
from bounceback.services import Briefing, briefing
from bounceback_lab.simulation.population import Population, simulate

DAYS = 14
NEAR_DAYS = 3
"""Days before the date in which what can be done changes by the day itself."""


@dataclass(frozen=True, slots=True)
class Found:
    """One record's answers.

    Attributes:
        name: Exam and number.
        advice: Advice on each day asked.
        changed: Whether it changed without a reason.
        bands_fall: Whether a better result of the next test has a lesser answer.
    """

    name: str
    advice: tuple[str, ...]
    changed: bool
    bands_fall: bool


def record_of(population: Population, number: int) -> tuple[Record, date]:
    """One learner as known on a day, with a date and a period of their own."""
    outcomes = population.outcomes
    as_of = date.fromordinal(int(outcomes.as_of[number]))
    retake = date.fromordinal(int(outcomes.retake_on[number]))
    record = population.record(number)
    kind = number % 3
    window = Eligibility(first=as_of - timedelta(30), last=retake + timedelta(7 * (number % 9)))
    exam = replace(
        record.exam,
        planned_date=None if kind == 2 else retake,
        eligibility=window if kind == 1 else None,
    )
    return replace(record, exam=exam), as_of


def day_explains(before: Briefing, after: Briefing) -> bool:
    """Whether the day itself changes what can be done: the date, a test, the end of the period."""
    today = after.as_of
    ends = after.record.exam.eligibility
    named = {before.record.exam.planned_date, before.decision.about, before.decision.date}
    if ends is not None:
        named.add(ends.last)
    if any(day is not None and (day - today).days <= NEAR_DAYS for day in named):
        return True
    test = before.decision.next_test
    return test is not None and test.on < today


def _answer(d: Decision, record: Record) -> tuple[str, date | None]:
    """The advice, with its date where it moves the student's."""
    return d.advice, d.date if d.advice == "move" and record.exam.planned_date else None


def asked(record: Record, first: date, name: str) -> Found:
    """Ask one record on consecutive days without news."""
    answers = [briefing(record, first + timedelta(days=n)) for n in range(DAYS)]
    changed = any(
        _answer(a.decision, record) != _answer(b.decision, record) and not day_explains(a, b)
        for a, b in pairwise(answers)
    )
    ranks = [ADVICE_ORDER.index(band.advice) for band in answers[0].if_next_test]
    return Found(
        name,
        tuple(a.decision.advice for a in answers),
        changed,
        any(better < worse for better, worse in pairwise(ranks)),
    )


def main() -> int:
    """Print what was found."""
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("records", nargs="?", type=int, default=200)
    ask.add_argument("--from", dest="first", type=int, default=0)
    given = ask.parse_args()
    population = simulate(given.first + given.records)
    counted: Counter[str] = Counter()
    unsteady = []
    for number in range(given.first, given.first + given.records):
        record, as_of = record_of(population, number)
        found = asked(record, as_of, f"{record.exam.id} {number}")
        counted[found.advice[0]] += 1
        if found.changed or found.bands_fall:
            unsteady.append(found)
            print(f"{found.name}: {' '.join(found.advice)}", flush=True)
    falls = sum(f.bands_fall for f in unsteady)
    print(
        f"{given.records} records on {DAYS} days ({dict(counted)}): "
        f"{sum(f.changed for f in unsteady)} changed their advice without news, "
        f"{falls} have a better result with a lesser answer"
    )
    return 1 if unsteady else 0


if __name__ == "__main__":
    sys.exit(main())
