"""Reading fact files: one small TOML file per rule, one CSV per table, each read once.

A rule file::

    unit = "points, reported scale 1-300"
    verified_on = 2026-11-22
    recheck_by = 2027-05-01

    [[values]]
    first = 2025-07-01          # first day in force; absent: holds from the beginning
    value = 218
    source = "medvily2025;nbmecalc_norms"
    locator = "announcement"
    confidence = "reported"

A row holds until a newer one. A row with ``reason`` and no ``value`` says that from that day
nothing is known; a row with ``none = true`` says that no such rule exists.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final

from bounceback.errors import FactError, FactUnknown
from bounceback.facts.models import Sourced

DATA: Final = Path(__file__).parent / "data"
SOURCES: Final = DATA / "sources.csv"
TABLES: Final = DATA / "tables"

Row = dict[str, str]


@cache
def read_csv(path: Path) -> tuple[Row, ...]:
    """Rows of a CSV file as text, by column name. Read once per process.

    As ``csv.DictReader``, a third of its time: a cell too few is ``None``, one too many stands
    under ``None``. The checker refuses both.
    """
    with path.open(encoding="utf-8", newline="") as file:
        head, *lines = csv.reader(file)
    return tuple(dict(zip_longest(head, line)) for line in lines if line)


@cache
def read_rule(fact_id: str) -> dict[str, Any]:
    """The rule file of a fact id, parsed. Raises ``FactError`` if there is none."""
    import tomllib

    subject, _, rule = fact_id.rpartition(".")
    path = DATA / subject / f"{rule}.toml"
    parts_are_plain = all(p and p.replace("-", "").isalnum() for p in (subject, rule))
    if not parts_are_plain or not path.is_file():
        from difflib import get_close_matches

        near = get_close_matches(fact_id, ids(), n=3)
        hint = f"nearest: {', '.join(near)}" if near else "facts.ids() lists them"
        raise FactError(f"no fact has the id {fact_id!r}; {hint}")
    with path.open("rb") as file:
        return tomllib.load(file)


def table(name: str) -> tuple[Row, ...]:
    """Rows of a CSV table, as text, in file order.

    Args:
        name: Name of the file in ``facts/data/tables`` without ``.csv``.

    Raises:
        FactError: No such table.
    """
    path = TABLES / f"{name}.csv"
    if name not in tables():
        raise FactError(f"no table is called {name!r}; tables: {', '.join(tables())}")
    return read_csv(path)


@cache
def tables() -> tuple[str, ...]:
    """Names of the CSV tables, sorted."""
    return tuple(sorted(path.stem for path in TABLES.glob("*.csv")))


@cache
def ids() -> tuple[str, ...]:
    """Ids of every dated rule, sorted: what ``value`` answers."""
    return tuple(sorted(f"{path.parent.name}.{path.stem}" for path in DATA.glob("*/*.toml")))


@cache
def value(fact_id: str, on: date) -> Sourced:
    """Return a rule's value as in force on a day.

    Args:
        fact_id: ``subject.rule``, for example ``usmle-step-1.pass-mark``.
        on: The learner's test date, or the application date where the rule says so.

    Raises:
        FactError: No such fact.
        FactUnknown: Nothing is published for that day; the message gives the reason.
    """
    rule = read_rule(fact_id)
    row = in_force(rule["values"], on)
    if row is None:
        first = min(r["first"] for r in rule["values"])
        raise FactUnknown(f"{fact_id} is not known before {first}; asked for {on}")
    if "value" not in row and not row.get("none", False):
        raise FactUnknown(f"{fact_id} is not known on {on}: {row['reason']}")
    found = row.get("value")
    return Sourced(
        id=fact_id,
        value=tuple(found) if isinstance(found, list) else found,
        unit=row.get("unit", rule["unit"]),
        in_force_from=row.get("first"),
        source=row["source"],
        locator=row["locator"],
        confidence=row["confidence"],
        note=row.get("note", ""),
    )


def in_force(rows: Iterable[Mapping[str, Any]], on: date) -> Mapping[str, Any] | None:
    """The row of one rule that holds on a day: the newest that has begun; else ``None``."""
    begun = [row for row in rows if (row.get("first") or date.min) <= on]
    return max(begun, key=lambda row: row.get("first") or date.min, default=None)


def day(text: str) -> date | None:
    """A day cell of a table; empty is ``None``."""
    return date.fromisoformat(text) if text else None


def number(text: str) -> float | None:
    """A number cell of a table; empty is ``None``, never zero."""
    return float(text) if text else None


def whole(text: str) -> int | None:
    """A whole-number cell of a table; empty is ``None``, never zero."""
    return int(text) if text else None


def holds(row: Row, on: date) -> bool:
    """Whether a dated table row holds on a day; ``first`` and ``last`` are both included."""
    return (day(row["first"]) or date.min) <= on <= (day(row.get("last", "")) or date.max)


def newest_in_force(rows: Iterable[Row], on: date) -> Row | None:
    """The row that began latest among those that hold on a day; file order breaks ties."""
    begun = [row for row in rows if holds(row, on)]
    return max(begun, key=lambda row: day(row["first"]) or date.min, default=None)


def known_exam(exam_id: str) -> str:
    """Return the id if it is one of ours; else raise ``FactError`` with the list."""
    from bounceback.vocabulary import EXAM_IDS

    if exam_id not in EXAM_IDS:
        raise FactError(f"exam {exam_id!r} is not known; exams: {', '.join(EXAM_IDS)}")
    return exam_id
