"""Fit the model to your school's outcomes, with confidence intervals.

DIR holds outcomes.csv with one de-identified retake per row. For the columns,
see docs/reference/recalibration.md. The command fits the learning rate of each
exam and group with at least 200 retakes and known hours, and the share of
planned hours that students do. It writes a new dated file into DIR. Nothing
changes until you set BOUNCEBACK_PARAMETERS to it.

  bounceback recalibrate outcomes-2027
"""

from __future__ import annotations

import argparse
from pathlib import Path

from bounceback.cli.arguments import add_json, add_on, asked_day
from bounceback.cli.console import Screen

SEED = 20261122


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the folder and the day of the new facts."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="folder that holds outcomes.csv")
    add_on(parser)
    add_json(parser)


def answer(arguments: argparse.Namespace, screen: Screen) -> int:
    """Fit, write the new file, and say what is in it."""
    from bounceback.cli.extras import need
    from bounceback.errors import QuestionError

    need("lab", "`bounceback recalibrate`")
    from bounceback_lab.recalibration import parameter_rows, read_outcomes, recalibrate

    folder: Path = arguments.folder
    source = folder / "outcomes.csv"
    try:
        text = source.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise QuestionError(f"{source} is not UTF-8 text; save it as CSV in UTF-8") from None
    retakes = read_outcomes(text)
    on = asked_day(arguments, None)
    found = recalibrate(retakes, SEED)
    fitted = [f for f in found if f.value is not None]
    if not fitted:
        reasons = "; ".join(f"{f.exam} {f.name}: {f.n}, {f.why_not}" for f in found)
        raise QuestionError(
            f"{source} holds {len(retakes)} retakes, too few for any parameter "
            f"({reasons or 'no rows'}). Nothing was written; the shipped parameters stay"
        )
    target = folder / f"forecast-parameters-{on.isoformat()}.csv"
    try:
        with target.open("x", encoding="utf-8", newline="") as file:
            file.write(parameter_rows(found, on))
    except FileExistsError:
        raise QuestionError(
            f"{target} is already there and is not overwritten; move it, or name another day "
            "with --on"
        ) from None
    if arguments.json:
        screen.json(
            {
                "written": str(target),
                "retakes": len(retakes),
                "parameters": [
                    {
                        "name": f.name,
                        "exam": f.exam,
                        "unit": f.unit,
                        "shipped": f.shipped,
                        "value": f.value,
                        "low": f.low,
                        "high": f.high,
                        "n": f.n,
                        "passed": f.passed,
                        "why_not": f.why_not or None,
                    }
                    for f in found
                ],
            }
        )
        return 0
    screen.line(f"{len(retakes):,} retakes", "strong")
    screen.line()
    cells = [("n", "shipped", "yours", "95 % interval", "parameter")]
    for f in found:
        if f.value is None:
            cells.append((f"{f.n}", f"{f.shipped:.2f}", "", "", f"{f.exam} {f.name}: {f.why_not}"))
        else:
            interval = f"{f.low:.2f} to {f.high:.2f}"
            cells.append(
                (f"{f.n}", f"{f.shipped:.2f}", f"{f.value:.2f}", interval, f"{f.exam} {f.name}")
            )
    screen.table(cells)
    screen.line()
    screen.line(f"Written: {target}")
    screen.paragraph(
        "Nothing in use has changed. Read it, compare the intervals with the shipped values, and "
        "set BOUNCEBACK_PARAMETERS to its path where it shall be used; every forecast then says so "
        "in its model version."
    )
    return 0
