"""Print the table of criteria for case files or generated cases.

python -m bounceback_lab.plan_criteria CASE… [--on DATE]
python -m bounceback_lab.plan_criteria --generated N [--seed S] [--steady]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import date

from bounceback.errors import BouncebackError
from bounceback.records import read_case
from bounceback_lab.plan_criteria.generated_cases import GeneratedCase, generated_cases
from bounceback_lab.plan_criteria.report import JudgedCase, judged, table


def _cases(arguments: argparse.Namespace) -> Iterator[GeneratedCase]:
    for path in arguments.case:
        yield GeneratedCase(path, read_case(path).record, date.fromisoformat(arguments.on))
    yield from generated_cases(arguments.generated, arguments.seed)


def main(given: Sequence[str] | None = None) -> int:
    """Judge the cases and print the table; 1 where a must does not hold."""
    parser = argparse.ArgumentParser(prog="python -m bounceback_lab.plan_criteria")
    parser.add_argument("case", nargs="*", help="case files")
    parser.add_argument("--on", default="2026-11-22", help="day on which case files are planned")
    parser.add_argument("--generated", type=int, default=0, metavar="N", help="cases to generate")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steady", action="store_true", help="plan one week later too (S1)")
    parser.add_argument("--each", action="store_true", help="print the findings of each case")
    arguments = parser.parse_args(given)
    found: list[JudgedCase] = []
    start = time.perf_counter()
    for case in _cases(arguments):
        try:
            found.append(judged(case, steady=arguments.steady))
        except BouncebackError as error:
            print(f"{case.name}: {error}", file=sys.stderr)
            return 2
    print(table(found, each=arguments.each))
    print(f"{len(found)} cases in {time.perf_counter() - start:.0f} s")
    return int(any(case.broken_musts for case in found))


if __name__ == "__main__":
    raise SystemExit(main())
