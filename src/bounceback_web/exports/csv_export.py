"""Everything as tables: one CSV file for each section of the record, in one ZIP.

The case file is the copy without loss; these are for spreadsheets.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from bounceback.records import Record, to_case, write_case
from bounceback.services import Briefing, to_json

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", ";", "＝", "＋", "－", "＠")
"""Beginnings by which a spreadsheet takes a text for a formula."""


def cell(value: Any) -> Any:
    """Return a value as a cell: text that a spreadsheet would run as a formula is quoted."""
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | dict):
        return "; ".join(f"{k}: {v}" for k, v in _flat(value))
    return value


def _flat(value: list[Any] | dict[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value, 1)
    for key, inner in pairs:
        name = f"{before}.{key}" if before else str(key)
        if isinstance(inner, list | dict):
            yield from _flat(inner, name)
        else:
            yield name, inner


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return rows as CSV with a line of names; every key that a row has is a column."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows([cell(row.get(name, "")) for name in names] for row in rows)
    return out.getvalue()


def tables(record: Record, b: Briefing) -> dict[str, str]:
    """Return every table by its file name: sections of the record, areas, plan and forecast."""
    case = to_case(record, json=True)
    found: dict[str, str] = {}
    for name, value in case.items():
        if isinstance(value, list) and value:
            rows = [{k: v for k, v in row.items() if k not in ("areas", "trace")} for row in value]
            found[f"{name}.csv"] = table(rows)
            for part in ("areas", "trace"):
                if inner := list(_inner(name, value, part)):
                    found[f"{name}-{part}.csv"] = table(inner)
        elif isinstance(value, dict):
            found[f"{name}.csv"] = table([dict(_flat(value))])
    keys = to_json(b)
    for name, rows in (
        ("forecast-by-date", keys["forecast"]),
        ("plan-as-shown", keys["plan"]["sessions"]),
        ("areas", keys["areas"]),
        ("sources", keys["sources"]),
    ):
        if rows:
            found[f"{name}.csv"] = table(rows)
    return found


def _inner(section: str, rows: list[dict[str, Any]], part: str) -> Iterator[dict[str, Any]]:
    for number, row in enumerate(rows, 1):
        inner = row.get(part) or ()
        entries = inner.items() if isinstance(inner, dict) else ((None, e) for e in inner)
        for area, entry in entries:
            yield {
                section: number,
                "date": row["date"],
                **({"area": area} if area else {}),
                **entry,
            }


def all_tables(record: Record, b: Briefing) -> bytes:
    """Return the tables and the case file as one ZIP, of the record as it is given."""
    moment = (b.as_of.year, b.as_of.month, b.as_of.day, 12, 0, 0)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        files = {"case.toml": write_case(record), **tables(record, b)}
        for name, text in files.items():
            # The mark at the start tells spreadsheets that the text is UTF-8.
            data = text.encode("utf-8-sig" if name.endswith(".csv") else "utf-8")
            archive.writestr(zipfile.ZipInfo(name, moment), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
