"""Simulate students who retake an exam, to judge forecasts and plans.

The simulation works item by item and doesn't use the forecast's model. It
writes three files: cases.jsonl (one case file per line), outcomes.csv (results)
and population.json (version, seed). Then it compares its figures with published
ones.

  bounceback simulate --learners 1000 --out learners
"""

from __future__ import annotations

import argparse
from pathlib import Path

from bounceback.cli.arguments import seed_number
from bounceback.cli.console import Screen


def learners(text: str) -> int:
    """Read how many learners to simulate."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(
            f"{text!r} isn't a number of students. Write a whole number from 1, like 1000"
        )
    return int(text)


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare how many, which luck, and where to."""
    parser.add_argument(
        "--learners", metavar="N", type=learners, required=True, help="how many students"
    )
    parser.add_argument(
        "--seed",
        metavar="N",
        type=seed_number,
        help="of all luck; the first learners are the same however many are asked for "
        "(default: that of the frozen population)",
    )
    parser.add_argument(
        "--out",
        metavar="DIR",
        type=Path,
        required=True,
        help="folder for the three files, created if needed",
    )


def answer(arguments: argparse.Namespace, screen: Screen) -> int:
    """Simulate, write, and say what the population reproduces."""
    from bounceback.cli.commands.checks import verdict
    from bounceback.cli.extras import need
    from bounceback.cli.progress import counting
    from bounceback.errors import QuestionError

    need("lab", "`bounceback simulate`")
    from bounceback_lab.simulation import DEFAULT_SEED, reproduces, simulate, write_population
    from bounceback_lab.simulation.export import ABOUT, CASES, OUTCOMES

    folder: Path = arguments.out
    there = [name for name in (CASES, OUTCOMES, ABOUT) if (folder / name).exists()]
    if there:
        raise QuestionError(
            f"{folder} already holds {', '.join(there)}; nothing is overwritten. "
            "Name another folder with --out"
        )
    seed = DEFAULT_SEED if arguments.seed is None else arguments.seed
    population = simulate(arguments.learners, seed)
    with counting("learners written", len(population)) as say:
        files = write_population(population, folder, progress=say)
    screen.line(f"{len(population):,} simulated retakers, seed {seed}", "strong")
    for file in files:
        screen.paragraph(str(file), indent=2)
    screen.heading("Published figures and theirs")
    cells = [("agrees", "theirs", "used", "", "figure · exam, group · population · source")]
    for r in reproduces(population):
        what = f"{r.figure} · {r.exam}, {r.group} · {r.population} · {r.source}"
        cells.append(
            (
                f"{r.low:.2f} to {r.high:.2f}",
                f"{r.ours:.2f} ± {r.standard_error:.2f}",
                r.used,
                verdict(r.holds),
                what,
            )
        )
    screen.table(cells)
    screen.line()
    screen.paragraph(
        "± one standard error; a figure agrees within its range, give or take two of them. Rates "
        "need thirty learners of the exam and group. See docs/explanation/population.md."
    )
    return 0
