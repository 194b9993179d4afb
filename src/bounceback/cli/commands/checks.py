"""Compare the model with published figures.

Each figure is fitted (used to set a constant), judged (not used), structure
(follows from published constants) or reference (nothing is published). The exit
status is 1 if a figure is outside its limits.

  bounceback checks                     every published figure
  bounceback checks --simulated 20000   also judge the forecast on simulated
                                        students of another model
  bounceback checks --ranks 20000       also check calibration on students
                                        drawn from the forecast's own model
  bounceback checks --by-exam 2000      also check the ranges by exam, in five
                                        simulated populations
  bounceback checks --frontier 300      also compare the advice with plain rules
                                        (keep the date, wait for a chance of .8)
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bounceback.cli.arguments import add_json
from bounceback.cli.console import Screen

if TYPE_CHECKING:
    from bounceback.services.values import Check
    from bounceback_lab.coverage import CoverageRow
    from bounceback_lab.decision_frontier import Frontier
    from bounceback_lab.simulated_validation import JudgedRow
    from bounceback_lab.simulation_based_calibration import Uniformity

FEWEST_SIMULATED = 200
LIMITS_ARE_FOR = 20_000
"""Learners that the limits of the second table are meant for; fewer leave more to chance."""


RANKS_SEED = 20261122
BY_EXAM_SEED = 7001
"""A seed that nothing was chosen on."""


def simulated(text: str) -> int:
    """Read how many learners to simulate."""
    if not text.isdecimal() or int(text) < FEWEST_SIMULATED:
        raise argparse.ArgumentTypeError(
            f"{text!r}: tenths of fewer than {FEWEST_SIMULATED} learners say nothing; write a "
            f"whole number of at least {FEWEST_SIMULATED}, like 20000"
        )
    return int(text)


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the form of the answer and the simulated learners."""
    add_json(parser)
    parser.add_argument(
        "--simulated",
        metavar="N",
        type=simulated,
        help="also judge the forecast on the first N learners of the frozen population "
        "(20000: a few minutes)",
    )
    parser.add_argument(
        "--ranks",
        metavar="N",
        type=simulated,
        help="also rank the truth of N learners drawn from the model itself in what the filter "
        "believes of them",
    )
    parser.add_argument(
        "--by-exam",
        metavar="N",
        type=simulated,
        help="also judge ranges and chances on N learners of each exam in the frozen population "
        "and its four declared variants (2000: about ten minutes)",
    )
    parser.add_argument(
        "--frontier",
        metavar="N",
        type=simulated,
        help="also live the advice through beside plain rules, N learners of Step 1 and of "
        "Step 2 CK (300: about ten minutes)",
    )


def answer(arguments: argparse.Namespace, screen: Screen) -> int:
    """Print the tables."""
    from bounceback.cli.extras import need
    from bounceback.services.model_checks import published_checks

    if arguments.simulated or arguments.ranks or arguments.by_exam or arguments.frontier:
        need("lab", "The simulated part of `bounceback checks`")
    published = published_checks()
    judged = _judged(arguments.simulated) if arguments.simulated else ()
    ranked = _ranked(arguments.ranks) if arguments.ranks else ()
    by_exam = _by_exam(arguments.by_exam) if arguments.by_exam else ()
    lived = _frontiers(arguments.frontier) if arguments.frontier else ()
    if arguments.json:
        screen.json(
            _keys(published, judged, arguments.simulated)
            | _rank_keys(ranked)
            | _by_exam_keys(by_exam)
            | _frontier_keys(lived)
        )
    else:
        _published(published, screen)
        if judged:
            _simulated(judged, arguments.simulated, screen)
        if ranked:
            _ranks(ranked, screen)
        if by_exam:
            _coverage(by_exam, arguments.by_exam, screen)
        if lived:
            _frontier(lived, arguments.frontier, screen)
    decides = judged if (arguments.simulated or 0) >= LIMITS_ARE_FOR else ()
    held = [row.holds for row in published] + [row.holds for row in decides]
    held += [row.holds for row in ranked]
    return 1 if False in held else 0


def _judged(learners: int) -> tuple[JudgedRow, ...]:
    from bounceback.cli.progress import counting
    from bounceback_lab.moves import moves, said_range
    from bounceback_lab.simulated_validation import JudgedRow, judge, table
    from bounceback_lab.simulation import simulate

    population = simulate(learners)
    with counting("forecasts", learners) as say:
        rows = table(judge(population, progress=say))
    found = moves(population, future_range=said_range)
    mean = JudgedRow(
        f"mean move of the chance at the next practice test ({len(found.before)} learners)",
        found.mean,
        found.standard_error,
        "0 ± 0.02",
        abs(found.mean) <= 0.02,
    )
    inside = JudgedRow(
        "share of those moves inside the range that was said for them",
        found.covered,
        found.covered_standard_error,
        "0.80 ± 0.03",
        abs(found.covered - 0.8) <= 0.03,
    )
    return (*rows, mean, inside)


def _frontiers(learners: int) -> tuple[Frontier, ...]:
    from bounceback.cli.progress import counting
    from bounceback_lab.decision_frontier import EXAMS, RULES, frontier

    found = []
    for exam in EXAMS:
        with counting(f"rules, {exam}", len(RULES)) as say:
            found.append(frontier(learners, exam, progress=say))
    return tuple(found)


def _frontier_keys(found: Sequence[Frontier]) -> dict[str, Any]:
    if not found:
        return {}
    names = ("fail", "never", "passed", "weeks", "weeks_se", "moves", "learners")
    return {
        "frontier": [
            {
                "exam": f.exam,
                "world": f.world,
                "rules": [
                    {"rule": rule, **{name: getattr(one, name) for name in names}}
                    for rule, one in f.results.items()
                ],
                "lines": [
                    {"name": x.name, "ours": x.ours, "limit": x.limit, "holds": x.met}
                    for x in f.lines()
                ],
            }
            for f in found
        ]
    }


def _frontier(found: Sequence[Frontier], learners: int, screen: Screen) -> None:
    screen.heading(f"The advice beside plain rules, {learners:,} simulated learners of an exam")
    screen.paragraph(
        "Every rule is lived through by the same learners with the same luck, up to twelve weeks "
        "after the planned date; ± one standard error."
    )
    for f in found:
        screen.line()
        screen.paragraph(f"{f.exam}, {f.world}", indent=2)
        heads = ("test and fail", "never test", "weeks added", "moves", "pass", "rule")
        cells: list[tuple[str, ...]] = [heads]
        cells += [(*one.cells(), rule) for rule, one in f.results.items()]
        screen.table(cells)
        for x in f.lines():
            screen.paragraph(f"{verdict(x.met)}: {x.name} {x.ours:.3f} ({x.limit})", indent=2)


def _ranked(learners: int) -> tuple[Uniformity, ...]:
    from bounceback_lab.simulation_based_calibration import histograms, ranks

    return histograms(ranks(learners, RANKS_SEED))


def _by_exam(learners: int) -> tuple[CoverageRow, ...]:
    from bounceback.cli.progress import counting
    from bounceback.vocabulary import EXAM_IDS
    from bounceback_lab.coverage import coverage
    from bounceback_lab.simulation.worlds import VARIANTS

    with counting("exams and worlds", len(EXAM_IDS) * (1 + len(VARIANTS))) as say:
        return coverage(learners, BY_EXAM_SEED, progress=say)


def _by_exam_keys(rows: Sequence[CoverageRow]) -> dict[str, Any]:
    if not rows:
        return {}
    return {
        "by_exam": {
            "seed": BY_EXAM_SEED,
            "rows": [
                {
                    "exam": r.exam,
                    "world": r.world,
                    "practice_tests": r.tests,
                    "learners": r.learners,
                    "covered": r.covered,
                    "standard_error": r.standard_error,
                    "calibration_error": r.calibration_error,
                    "brier": r.brier,
                    "said": r.said,
                    "passed": r.passed,
                    "holds": r.holds,
                }
                for r in rows
            ],
        }
    }


def _rank_keys(rows: Sequence[Uniformity]) -> dict[str, Any]:
    if not rows:
        return {}
    return {
        "ranks": {
            "learners": rows[0].count,
            "seed": RANKS_SEED,
            "rows": [
                {
                    "name": r.name,
                    "histogram": list(r.histogram),
                    "chi_square": r.chi_square,
                    "p_value": r.p_value,
                    "worst_gap": r.worst_gap,
                    "holds": r.holds,
                }
                for r in rows
            ],
        }
    }


def _keys(
    published: Sequence[Check], judged: Sequence[JudgedRow], learners: int | None
) -> dict[str, Any]:
    from bounceback.services.values import MODEL_VERSION

    out: dict[str, Any] = {
        "model_version": MODEL_VERSION,
        "checks": [
            {
                "name": c.name,
                "population": c.population,
                "source": c.source,
                "given": c.given,
                "expected": c.expected,
                "tolerance": c.tolerance,
                "ours": c.ours,
                "role": c.role,
                "holds": c.holds,
            }
            for c in published
        ],
    }
    if judged:
        from bounceback_lab.simulation import DEFAULT_SEED, POPULATION_VERSION

        out["simulated"] = {
            "learners": learners,
            "population_version": POPULATION_VERSION,
            "seed": DEFAULT_SEED,
            "rows": [
                {
                    "name": r.name,
                    "ours": r.ours,
                    "standard_error": r.standard_error,
                    "limit": r.limit,
                    "holds": r.holds,
                }
                for r in judged
            ],
        }
    return out


def verdict(holds: bool | None) -> str:
    """Say whether a row holds."""
    return {True: "holds", False: "DIFFERS", None: ""}[holds]


def _published(rows: Sequence[Check], screen: Screen) -> None:
    screen.line("Published figures and ours", "strong")
    screen.line()
    cells = [("expected", "ours", "role", "", "figure · population · input · source")]
    for c in rows:
        expected = (
            "not published" if c.expected is None else f"{c.expected:.2f} ± {c.tolerance:.2f}"
        )
        what = f"{c.name} · {c.population} · {c.given} · {c.source}"
        cells.append((expected, f"{c.ours:.2f}", c.role, verdict(c.holds), what))
    screen.table(cells)
    held = [c for c in rows if c.holds is not None]
    screen.line()
    screen.paragraph(
        f"{sum(bool(c.holds) for c in held)} of {len(held)} figures hold; "
        f"{len(rows) - len(held)} rows are printed beside, where nothing is published to hold "
        "them against. A source's key is explained by `bounceback facts show`; how each figure "
        "is computed stands in docs/explanation/forecast.md."
    )


def _simulated(rows: Sequence[JudgedRow], learners: int, screen: Screen) -> None:
    from bounceback_lab.simulation import DEFAULT_SEED, POPULATION_VERSION

    screen.heading(f"{learners:,} simulated learners who follow other laws than the model")
    screen.paragraph(f"Population {POPULATION_VERSION}, seed {DEFAULT_SEED}; ± one standard error.")
    screen.line()
    cells = [("ours", "limit", "", "what")]
    for r in rows:
        cells.append((f"{r.ours:.4f} ± {r.standard_error:.4f}", r.limit, verdict(r.holds), r.name))
    screen.table(cells)
    if learners < LIMITS_ARE_FOR:
        screen.line()
        screen.paragraph(
            f"The limits are meant for {LIMITS_ARE_FOR:,} learners; with fewer, a tenth may leave "
            "them by chance alone, and the exit status does not look at this table."
        )


def _ranks(rows: Sequence[Uniformity], screen: Screen) -> None:
    screen.heading(f"Ranks of {rows[0].count:,} learners drawn from the model itself")
    screen.paragraph(
        f"usmle-step-1, us-md, seed {RANKS_SEED}. Each line: chi-square of "
        f"{len(rows[0].histogram)} equal bins with its p-value (holds "
        f"from {rows[0].least_p:.4f}: 0.05 shared among {len(rows)} lines), and the largest "
        "distance of any stated probability from what came."
    )
    screen.line()
    cells = [("chi-square", "p-value", "distance", "", "rank of the true")]
    for r in rows:
        cells.append(
            (
                f"{r.chi_square:.1f}",
                f"{r.p_value:.3f}",
                f"{r.worst_gap:.4f}",
                verdict(r.holds),
                r.name,
            )
        )
    screen.table(cells)


def _coverage(rows: Sequence[CoverageRow], learners: int, screen: Screen) -> None:
    from bounceback_lab.coverage import HIGHEST, LOWEST
    from bounceback_lab.simulation.worlds import VARIANTS

    screen.heading(f"{learners:,} simulated learners of each exam, in five worlds")
    screen.paragraph(
        f"Seed {BY_EXAM_SEED}. Covered: share of scores inside the 80% range, ± one standard "
        f"error. It holds from {LOWEST:.2f} to {HIGHEST:.2f}, two standard errors allowed. "
        "Error: expected calibration error of the chance. No outcome of a real retaker is in this "
        "table."
    )
    for world in VARIANTS:
        screen.paragraph(f"{world.name}: {world.reason}", indent=2)
    screen.line()
    cells = [("covered", "error", "said", "passed", "", "exam · world · practice tests")]
    for r in rows:
        cells.append(
            (
                f"{r.covered:.3f} ± {r.standard_error:.3f}",
                f"{r.calibration_error:.3f}",
                f"{r.said:.2f}",
                f"{r.passed:.2f}",
                verdict(r.holds),
                f"{r.exam} · {r.world} · {r.tests}",
            )
        )
    screen.table(cells)
