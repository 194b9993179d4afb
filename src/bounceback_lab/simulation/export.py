"""Writing a population down: one line a learner, not one file a learner."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

from bounceback.records import to_case
from bounceback_lab.simulation.parameters import digest
from bounceback_lab.simulation.population import Population

CASES = "cases.jsonl"
OUTCOMES = "outcomes.csv"
ABOUT = "population.json"


def write_population(
    population: Population, folder: Path, progress: Callable[[int], None] | None = None
) -> tuple[Path, ...]:
    """Write ``population`` into ``folder``, which is made if it is not there.

    ``cases.jsonl`` holds one case file as JSON a line, in learner order, with the evidence up to
    the day of the forecast; ``outcomes.csv`` one row a learner with what became of them;
    ``population.json`` version, digest of the constants, seed and numbers.

    Args:
        population: The population.
        folder: Where to.
        progress: Called with the number of learners written, now and then.

    Returns:
        The three files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    cases, outcomes, about = folder / CASES, folder / OUTCOMES, folder / ABOUT
    with cases.open("w", encoding="utf-8", newline="\n") as out:
        for i, record in enumerate(population.records()):
            out.write(json.dumps(to_case(record), default=_plain, ensure_ascii=False) + "\n")
            if progress is not None and (i + 1) % 500 == 0:
                progress(i + 1)
    o = population.outcomes
    with outcomes.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(
            (
                "learner",
                "exam",
                "group",
                "as_of",
                "retake_on",
                "lead_days",
                "forms_seen",
                "mark",
                "score",
                "outcome",
                "failed_score",
                "true_score",
            )
        )
        for i in range(len(population)):
            writer.writerow(
                (
                    i,
                    o.exam[i],
                    o.group[i],
                    date.fromordinal(int(o.as_of[i])).isoformat(),
                    date.fromordinal(int(o.retake_on[i])).isoformat(),
                    int(o.lead_days[i]),
                    int(o.forms_seen[i]),
                    f"{o.mark[i]:.0f}",
                    f"{o.score[i]:.0f}",
                    "pass" if o.passed[i] else "fail",
                    f"{o.failed_score[i]:.0f}",
                    f"{o.true_score[i]:.1f}",
                )
            )
    about.write_text(
        json.dumps(
            {
                "population_version": population.version,
                "digest": digest(),
                "seed": population.seed,
                "learners": len(population),
                "retakes_passed": int(o.passed.sum()),
            },
            indent=2,
        )
        + "\n",
        encoding="utf-8",
    )
    return cases, outcomes, about


def _plain(value: object) -> str:
    """Dates and times of a case as ISO 8601 text."""
    return value.isoformat()  # type: ignore[attr-defined,no-any-return]
