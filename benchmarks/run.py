"""Print the speed table: ``name · ours · peer · ratio · goal``.

Every module of this folder that has ``rows()`` gives its rows (see ``measuring.Row``). Run all with
``make bench``, or some with ``python benchmarks/run.py start_up``. Exit 1 if a goal is missed.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from benchmarks.measuring import Row  # noqa: E402  (the path above makes this folder importable)

HEADINGS = ("name", "ours", "peer", "ratio", "goal", "")


def modules(names: Sequence[str]) -> Iterator[str]:
    """Yield the modules that give rows: those named, or all."""
    for path in sorted(HERE.glob("*.py")):
        gives_rows = re.search(r"^def rows\(", path.read_text(encoding="utf-8"), re.MULTILINE)
        if gives_rows and (path.stem in names or not names):
            yield f"benchmarks.{path.stem}"


def table(rows: Iterable[Row]) -> str:
    """Return the rows as aligned text."""
    cells = [HEADINGS] + [
        (
            row.name,
            f"{row.ours:.3g} {row.unit}",
            f"{row.peer:.3g} {row.unit} ({row.peer_name})",
            f"{row.ratio:.2f}×",
            f"≤ {row.goal:g}×",
            "" if row.holds else "missed",
        )
        for row in rows
    ]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEADINGS))]
    return "\n".join(
        " · ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip(" ·")
        for line in cells
    )


def main(names: Sequence[str]) -> int:
    """Measure and print; 0 when every goal is met."""
    rows = [row for name in modules(names) for row in importlib.import_module(name).rows()]
    print(table(rows))
    return 0 if all(row.holds for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
