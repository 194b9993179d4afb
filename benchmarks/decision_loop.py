"""The advice beside plain rules, lived through on the same simulated learners.

Run: ``python benchmarks/decision_loop.py [LEARNERS] [--exam ID] [--variants]``. With ``--variants``
the frozen population and the four declared variants of it
(``bounceback_lab/simulation/worlds.py``), each with the lines of the acceptance.
"""

from __future__ import annotations

import argparse

from bounceback_lab.decision_frontier import EXAMS, Frontier, frontier
from bounceback_lab.simulation.worlds import FROZEN, VARIANTS

WIDTHS = (16, 16, 13, 8, 16)
HEADER = ("test and fail", "never test", "weeks", "moves", "pass")


def table(found: Frontier, reason: str) -> str:
    """Every rule side by side, with standard errors, and what the advice is to reach."""
    rows = [("", HEADER), *((name, one.cells()) for name, one in found.results.items())]
    lines = [f"{found.exam}, {found.world}: {reason}"]
    for name, cells in rows:
        ends = "".join(f"{cell:>{width}}" for cell, width in zip(cells, WIDTHS, strict=True))
        lines.append(f"{name:14}{ends}")
    for line in found.lines():
        state = "met" if line.met else "MISSED"
        lines.append(f"  {state:7}{line.name} {line.ours:.3f}, {line.limit}")
    return "\n".join(lines)


def main() -> None:
    """Print the tables asked for."""
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("learners", nargs="?", type=int, default=200)
    ask.add_argument("--exam", choices=EXAMS, action="append")
    ask.add_argument("--variants", action="store_true")
    given = ask.parse_args()
    for exam in given.exam or EXAMS:
        for variant in (FROZEN, *VARIANTS) if given.variants else (FROZEN,):
            print(table(frontier(given.learners, exam, variant), variant.reason), flush=True)
            print()


if __name__ == "__main__":
    main()
