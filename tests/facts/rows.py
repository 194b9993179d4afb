"""The list of every row of the facts, against silent loss: ``rows.json`` beside this file.

A row that is deleted, changed or added makes ``test_every_row_counts.py`` fail until the list is
written anew with ``python tests/facts/rows.py``; the difference then stands in the review.
"""

from __future__ import annotations

import csv
import hashlib
import json
import tomllib
from pathlib import Path

LIST = Path(__file__).with_name("rows.json")
DATA = Path(__file__).parents[2] / "src" / "bounceback" / "facts" / "data"


def short(content: object) -> str:
    """Eight hex digits that change with the content."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def rows_now() -> dict[str, list[str]]:
    """Short digests of every row, by file."""
    found = {
        path.relative_to(DATA).as_posix(): [
            short(row) for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())
        ]
        for path in sorted((DATA / "tables").glob("*.csv"))
    }
    for path in sorted(DATA.glob("*/*.toml")):
        rule = tomllib.loads(path.read_text(encoding="utf-8"))
        found[path.relative_to(DATA).as_posix()] = [short(row) for row in rule["values"]]
    return found


if __name__ == "__main__":
    LIST.write_text(json.dumps(rows_now(), indent=0, sort_keys=True) + "\n", encoding="utf-8")
