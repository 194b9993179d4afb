"""Checking the shipped facts: shape, sources, dates, ranges, and what is due to be looked at again.

``check(today)`` returns every fault; it never raises for bad data, so that one run shows all.
The tables' own rules (columns, keys, ranges, days) stand in ``facts/data/tables.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date
from typing import Any, Final, get_args

from bounceback.errors import Fault
from bounceback.facts.loading import DATA, SOURCES, TABLES, Row, ids, read_csv, read_rule, tables
from bounceback.facts.model_parameters import COLUMNS, PARAMETERS, models
from bounceback.facts.sources import source_keys
from bounceback.vocabulary import EXAM_IDS, Confidence

AUTHORITY: Final = "docs/explanation/facts.md"
TABLE_RULES: Final = DATA / "tables.toml"
_CONFIDENCES: Final = get_args(Confidence)
_RULE_KEYS: Final = {"unit", "verified_on", "recheck_by", "low", "high", "values"}
_ROW_KEYS: Final = {"first", "value", "none", "reason", "source", "locator", "confidence", "note"}
_TABLE_KEYS: Final = {
    "columns",
    "key",
    "numbers",
    "may_be_empty",
    "choices",
    "verified_on",
    "recheck_by",
    "note",
}


def check(today: date) -> tuple[Fault, ...]:
    """Return every fault of the shipped facts as of a day; empty if all is well.

    Args:
        today: A fact whose ``recheck_by`` lies before this day is reported.
    """
    known = {key for row in read_csv(SOURCES) for key in (row["key"], *row["also"].split()) if key}
    faults = [
        *_source_faults(),
        *(fault for fact_id in ids() for fault in _rule_faults(fact_id, known, today)),
        *_table_faults(known, today),
        *(fault for model in models() for fault in _parameter_faults(model, known)),
    ]
    return tuple(faults)


def _fault(key: str, given: str, allowed: str, remedy: str) -> Fault:
    return Fault(key=key, given=given, allowed=allowed, authority=AUTHORITY, remedy=remedy)


def _source_faults() -> Iterator[Fault]:
    seen: set[str] = set()
    for row in read_csv(SOURCES):
        key = row["key"]
        if not key or key in seen:
            yield _fault(
                f"sources.csv {key}", "empty or doubled key", "one row a key", "Rename it."
            )
        seen.add(key)
        for column in ("publisher", "title"):
            if not row[column]:
                yield _fault(
                    f"sources.csv {key}", f"no {column}", "publisher and title", "Fill it in."
                )
        if _date_of(row["read_on"]) is None:
            yield _fault(
                f"sources.csv {key}", f"read_on {row['read_on']!r}", "a day", "Write YYYY-MM-DD."
            )


def _provenance_faults(where: str, row: dict[str, Any], known: set[str]) -> Iterator[Fault]:
    keys = source_keys(str(row.get("source", "")))
    if not keys:
        yield _fault(where, "no source", "a key of sources.csv", "Name where it comes from.")
    for key in keys:
        if key not in known:
            yield _fault(where, f"source {key!r}", "a key of sources.csv", "Add the source.")
    if row.get("confidence") not in _CONFIDENCES:
        yield _fault(
            where, f"confidence {row.get('confidence')!r}", ", ".join(_CONFIDENCES), "Choose one."
        )


def _recheck_faults(where: str, rule: dict[str, Any], today: date) -> Iterator[Fault]:
    verified, due = rule.get("verified_on"), rule.get("recheck_by")
    if not isinstance(verified, date) or not isinstance(due, date):
        yield _fault(where, "no verified_on or recheck_by", "two days", "Say when it was read.")
        return
    if due <= verified:
        yield _fault(where, f"recheck_by {due}", f"a day after {verified}", "Set a later day.")
    if due < today:
        yield _fault(
            where,
            f"last read on {verified}, to be read again by {due}",
            f"a day not before {today}",
            "Read the source again, then move verified_on and recheck_by.",
        )


def _rule_faults(fact_id: str, known: set[str], today: date) -> Iterator[Fault]:
    rule = read_rule(fact_id)
    for extra in sorted(set(rule) - _RULE_KEYS):
        yield _fault(fact_id, f"key {extra!r}", ", ".join(sorted(_RULE_KEYS)), "Remove it.")
    if not rule.get("unit"):
        yield _fault(fact_id, "no unit", "a unit in words", "Add it.")
    yield from _recheck_faults(fact_id, rule, today)
    rows = rule.get("values") or []
    if not rows:
        yield _fault(fact_id, "no values", "one or more", "Add a row, or a row with a reason.")
    previous = date.min
    for index, row in enumerate(rows):
        where = f"{fact_id} values[{index}]"
        for extra in sorted(set(row) - _ROW_KEYS):
            yield _fault(where, f"key {extra!r}", ", ".join(sorted(_ROW_KEYS)), "Remove it.")
        first = row.get("first")
        if first is None and index > 0:
            yield _fault(
                where, "no first day", "first day in force", "Only the oldest may lack it."
            )
        if first is not None:
            if not isinstance(first, date) or first <= previous:
                yield _fault(
                    where, f"first {first}", f"a day after {previous}", "Order rows by first day."
                )
            else:
                previous = first
        kinds = [kind for kind in ("value", "none", "reason") if row.get(kind) not in (None, "")]
        if len(kinds) != 1:
            yield _fault(
                where,
                f"{' and '.join(kinds) or 'neither value nor reason'}",
                "one of value, none = true, reason",
                "Unknown is a row with a reason.",
            )
        yield from _provenance_faults(where, row, known)
        yield from _range_faults(where, row.get("value"), rule)


def _range_faults(where: str, found: Any, rule: dict[str, Any]) -> Iterator[Fault]:
    if isinstance(found, bool) or not isinstance(found, int | float):
        return
    if "low" not in rule or "high" not in rule:
        yield _fault(where, "a number without a range", "low and high", "State what is possible.")
    elif not rule["low"] <= found <= rule["high"]:
        yield _fault(where, f"{found}", f"{rule['low']} to {rule['high']}", "Check the source.")


def _table_faults(known: set[str], today: date) -> Iterator[Fault]:
    with TABLE_RULES.open("rb") as file:
        all_rules = tomllib.load(file)
    for name in sorted(set(all_rules) ^ set(tables())):
        yield _fault(
            name, "a table without rules, or rules without a table", "both", "See tables.toml."
        )
    for name in sorted(set(all_rules) & set(tables())):
        rules, rows = all_rules[name], read_csv(TABLES / f"{name}.csv")
        for extra in sorted(set(rules) - _TABLE_KEYS):
            yield _fault(name, f"rule {extra!r}", ", ".join(sorted(_TABLE_KEYS)), "Remove it.")
        yield from _recheck_faults(name, rules, today)
        if not rows:
            yield _fault(name, "no rows", "one or more", "An empty table says nothing.")
            continue
        if list(rows[0]) != rules["columns"]:
            yield _fault(
                name, f"columns {list(rows[0])}", f"{rules['columns']}", "Match tables.toml."
            )
            continue
        yield from _row_faults(name, rules, rows, known)


def _row_faults(
    name: str, rules: dict[str, Any], rows: tuple[Row, ...], known: set[str]
) -> Iterator[Fault]:
    seen: set[tuple[str, ...]] = set()
    empty = set(rules.get("may_be_empty", ()))
    for number_of_row, row in enumerate(rows, start=2):
        where = f"tables/{name}.csv line {number_of_row}"
        if None in row or None in row.values():
            yield _fault(where, "too many or too few cells", "one a column", "Quote commas.")
            continue
        key = tuple(row[column] for column in rules["key"])
        if key in seen:
            yield _fault(where, f"key {key} again", "one row a key", "Merge the rows.")
        seen.add(key)
        for column, cell in row.items():
            if not cell and column not in empty:
                yield _fault(
                    where, f"{column} is empty", "a value", "Fill it, or list it as empty."
                )
        for column, (low, high) in rules.get("numbers", {}).items():
            yield from _number_faults(f"{where} {column}", row[column], low, high)
        for column, allowed in rules.get("choices", {}).items():
            for part in row[column].split() if column == "exams" else [row[column]]:
                if part and part not in allowed:
                    yield _fault(where, f"{column} {part!r}", ", ".join(allowed), "Choose one.")
        for column in ("exam", "exams"):
            for part in row.get(column, "").split():
                if part not in EXAM_IDS:
                    yield _fault(where, f"exam {part!r}", ", ".join(EXAM_IDS), "Use our ids.")
        yield from _day_faults(where, row)
        if "source" in row:
            yield from _provenance_faults(where, dict(row), known)


def _number_faults(where: str, cell: str, low: float, high: float) -> Iterator[Fault]:
    if not cell:
        return
    try:
        found = float(cell)
    except ValueError:
        yield _fault(where, repr(cell), "a number", "Write a number or leave it empty.")
        return
    if not low <= found <= high:
        yield _fault(where, cell, f"{low:g} to {high:g}", "Check the source.")


def _date_of(cell: str) -> date | None:
    try:
        return date.fromisoformat(cell)
    except ValueError:
        return None


def _day_faults(where: str, row: dict[str, str]) -> Iterator[Fault]:
    for column in ("first", "last", "date", "checked", "verified_on"):
        cell = row.get(column, "")
        if cell and _date_of(cell) is None:
            yield _fault(where, f"{column} {cell!r}", "a day YYYY-MM-DD", "Write a real day.")
    first, last = _date_of(row.get("first", "")), _date_of(row.get("last", ""))
    if first and last and last < first:
        yield _fault(where, f"last {last}", f"a day not before {first}", "Swap or correct them.")


def _parameter_faults(model: str, known: set[str]) -> Iterator[Fault]:
    seen: set[tuple[str, ...]] = set()
    for number_of_row, row in enumerate(read_csv(PARAMETERS / f"{model}.csv"), start=2):
        where = f"parameters/{model}.csv line {number_of_row}"
        if tuple(row) != COLUMNS or None in row.values():
            yield _fault(where, f"cells {list(row)}", ", ".join(COLUMNS), "One cell a column.")
            continue
        if row["exam"] not in ("*", *EXAM_IDS):
            yield _fault(where, f"exam {row['exam']!r}", f"*, {', '.join(EXAM_IDS)}", "Choose one.")
        key = (row["name"], row["exam"], row["first"])
        if key in seen:
            yield _fault(where, f"{key} again", "one row a name, exam and day", "Merge the rows.")
        seen.add(key)
        for column in ("name", "value", "unit"):
            if not row[column]:
                yield _fault(where, f"{column} is empty", "a value", "Fill it in.")
        yield from _day_faults(where, row)
        yield from _provenance_faults(where, dict(row), known)
