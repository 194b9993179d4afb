"""Tables that an institution has licensed from their publisher, read from a file of its own.

A file is CSV in UTF-8 with the columns of a shipped match table, under a preamble of five lines::

    # table: match_medians
    # licensed-to: Example School of Medicine
    # licence: letter of the publisher, 2026-08-14
    # attested-by: J. Doe, associate dean
    # attested-on: 2026-09-01
    # attestation: we hold the publisher's permission to show these tables to our learners

Nothing of it is kept: the rows live as long as the value does. A file with one fault is refused
whole, with every fault and its line.
"""

from __future__ import annotations

import csv
import io
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from bounceback.errors import Fault, UntrustedInputError
from bounceback.facts.loading import Row
from bounceback.facts.validation import TABLE_RULES
from bounceback.residency_match.cited_figures import regime_of

TABLES: Final = ("match_rates", "match_medians", "match_positions", "match_signals")
ATTESTATION: Final = "we hold the publisher's permission to show these tables to our learners"
MAX_BYTES: Final = 2_000_000
MAX_ROWS: Final = 20_000
MAX_CELL: Final = 500
MAX_FAULTS: Final = 50

_PREAMBLE: Final = (
    "table",
    "licensed-to",
    "licence",
    "attested-by",
    "attested-on",
    "attestation",
)
_AUTHORITY: Final = "docs/explanation/outlook.md, licensed tables"


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """Who holds the permission, and who says so."""

    licensed_to: str
    licence: str
    attested_by: str
    attested_on: date


@dataclass(frozen=True, slots=True)
class LicensedTables:
    """Rows that an institution may show, by table, each file with its licence.

    Attributes:
        by_table: Rows as text under the columns of the shipped table.
        licences: One for each file read.
    """

    by_table: Mapping[str, tuple[Row, ...]]
    licences: tuple[Licence, ...]

    def rows(self, table: str) -> tuple[Row, ...]:
        """Rows of one table; empty if none was loaded."""
        return self.by_table.get(table, ())

    def with_(self, other: LicensedTables) -> LicensedTables:
        """Both together; the rows of ``other`` come after."""
        names = dict.fromkeys((*self.by_table, *other.by_table))
        return LicensedTables(
            {name: self.rows(name) + other.rows(name) for name in names},
            self.licences + other.licences,
        )


@cache
def _rules(table: str) -> dict[str, Any]:
    with TABLE_RULES.open("rb") as file:
        rules: dict[str, Any] = tomllib.load(file)[table]
    return rules


def load_licensed(source: Path | str) -> LicensedTables:
    """Read one licensed table.

    Args:
        source: A path, or the text of the file itself.

    Returns:
        The table with its licence; ``with_`` joins several.

    Raises:
        UntrustedInputError: The file is too large, not UTF-8 text, lacks the attestation, or a row
            does not fit the columns, ranges and keys of the shipped table. The message names
            every fault with its line, up to fifty.
        OSError: The file cannot be read.
    """
    text = _text(source)
    # A byte-order mark is what spreadsheets put before UTF-8.
    lines = text.removeprefix("\ufeff").splitlines()
    preamble, start = _preamble(lines)
    faults: list[Fault] = []
    licence = _licence(preamble, faults)
    table = preamble.get("table", "")
    if table not in TABLES:
        faults.append(
            _fault(0, f"table {table!r}", ", ".join(TABLES), "Name it in the first lines.")
        )
        raise _refusal(faults)
    rows = _body(table, lines, start, faults)
    if faults or licence is None:
        raise _refusal(faults)
    return LicensedTables({table: rows}, (licence,))


def _fault(line: int, given: str, allowed: str, remedy: str) -> Fault:
    return Fault(
        key=f"line {line}" if line else "preamble",
        given=given,
        allowed=allowed,
        authority=_AUTHORITY,
        remedy=remedy,
    )


def _refusal(faults: list[Fault]) -> UntrustedInputError:
    told = "\n".join(str(fault) for fault in faults[:MAX_FAULTS])
    more = f"\nand {len(faults) - MAX_FAULTS} more" if len(faults) > MAX_FAULTS else ""
    return UntrustedInputError(f"{told}{more}")


def _text(source: Path | str) -> str:
    if isinstance(source, Path):
        with source.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
            raise _refusal(
                [_fault(line, "bytes that are not UTF-8", "UTF-8 text", "Save it as CSV UTF-8.")]
            ) from None
    else:
        text = source
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise _refusal(
            [
                _fault(
                    0,
                    f"more than {MAX_BYTES:,} bytes",
                    f"at most {MAX_BYTES:,}",
                    "Load the rows that learners are shown.",
                )
            ]
        )
    return text


def _preamble(lines: list[str]) -> tuple[dict[str, str], int]:
    found: dict[str, str] = {}
    for index, line in enumerate(lines):
        if not line.startswith("#"):
            return found, index
        key, _, value = line.removeprefix("#").partition(":")
        found.setdefault(key.strip().casefold(), " ".join(value.split()).rstrip(",;"))
    return found, len(lines)


def _licence(preamble: Mapping[str, str], faults: list[Fault]) -> Licence | None:
    before = len(faults)
    for key in _PREAMBLE:
        if not preamble.get(key):
            faults.append(
                _fault(0, f"no line '# {key}: …'", ", ".join(_PREAMBLE), "Add it above the header.")
            )
        elif len(preamble[key]) > MAX_CELL or not preamble[key].isprintable():
            faults.append(
                _fault(0, f"{key} is not a short line", f"{MAX_CELL} characters", "Shorten it.")
            )
    said = preamble.get("attestation", "").replace("’", "'").rstrip(".").casefold()
    if said and said != ATTESTATION:
        faults.append(
            _fault(0, "another attestation", f"'{ATTESTATION}'", "Write it so, if it is true.")
        )
    try:
        on = date.fromisoformat(preamble.get("attested-on", ""))
    except ValueError:
        if preamble.get("attested-on"):
            faults.append(
                _fault(0, f"attested-on {preamble['attested-on']!r}", "a day", "Write YYYY-MM-DD.")
            )
        return None
    if len(faults) > before:
        return None
    return Licence(
        licensed_to=preamble["licensed-to"],
        licence=preamble["licence"],
        attested_by=preamble["attested-by"],
        attested_on=on,
    )


def _body(table: str, lines: list[str], start: int, faults: list[Fault]) -> tuple[Row, ...]:
    columns: list[str] = _rules(table)["columns"]
    reader = csv.reader(io.StringIO("\n".join(lines[start:])), strict=True)
    rows: list[Row] = []
    seen: set[tuple[str, ...]] = set()
    try:
        header = next(reader, [])
        if [name.strip() for name in header] != columns:
            faults.append(
                _fault(
                    start + 1,
                    f"columns {', '.join(header) or 'none'}"[:MAX_CELL],
                    ", ".join(columns),
                    f"Use the columns of {table}.",
                )
            )
            return ()
        for cells in reader:
            line = start + reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if len(rows) >= MAX_ROWS:
                faults.append(
                    _fault(line, f"more than {MAX_ROWS:,} rows", f"{MAX_ROWS:,}", "Split it.")
                )
                return ()
            if len(cells) != len(columns):
                faults.append(
                    _fault(line, f"{len(cells)} cells", f"{len(columns)} cells", "Fill the row.")
                )
                continue
            row = {name: cell.strip() for name, cell in zip(columns, cells, strict=True)}
            faults += _row_faults(table, row, line)
            key = tuple(row[name] for name in _rules(table)["key"])
            if key in seen:
                faults.append(
                    _fault(line, f"{' '.join(key)} for the second time", "once", "Keep one row.")
                )
            seen.add(key)
            rows.append(row)
            if len(faults) > MAX_FAULTS:
                return ()
    except csv.Error as error:
        faults.append(
            _fault(start + reader.line_num, f"no CSV ({error})", "CSV", "Save it as CSV again.")
        )
    if not rows and not faults:
        faults.append(_fault(start + 1, "no rows", "one or more", "Add the rows."))
    return tuple(rows)


def _row_faults(table: str, row: Row, line: int) -> list[Fault]:
    rules = _rules(table)
    found: list[Fault] = []
    for name, cell in row.items():
        if len(cell) > MAX_CELL or not cell.isprintable():
            found.append(
                _fault(
                    line,
                    f"{name} is too long or holds control characters",
                    f"{MAX_CELL} printable characters",
                    "Shorten it.",
                )
            )
            return found
        if not cell:
            if name not in rules["may_be_empty"]:
                found.append(_fault(line, f"{name} is empty", "a value", "Fill it in."))
            continue
        choices = rules.get("choices", {}).get(name)
        if choices and cell not in choices:
            found.append(_fault(line, f"{name} {cell!r}", ", ".join(choices), "Choose one."))
        if name in rules.get("numbers", {}):
            found += _number_faults(name, cell, rules["numbers"][name], line)
    if row["confidence"] not in ("official", "reported"):
        found.append(
            _fault(line, f"confidence {row['confidence']!r}", "official, reported", "Choose one.")
        )
    return found or _sense_faults(table, row, line)


_WHOLE: Final = ("year", "season", "n", "numerator", "denominator", "signals", "gold", "silver")


def _number_faults(name: str, cell: str, limits: list[float], line: int) -> list[Fault]:
    low, high = limits
    try:
        value = float(cell)
        # Digits alone: float() also reads "1_000", "nan" and "1e3".
        fits = cell.isascii() and cell.replace(".", "", 1).isdigit() and math.isfinite(value)
        fits = fits and low <= value <= high and (name not in _WHOLE or cell.isdigit())
    except ValueError:
        fits = False
    if fits:
        return []
    kind = "a whole number" if name in _WHOLE else "a number"
    return [_fault(line, f"{name} {cell!r}", f"{kind} from {low} to {high}", "Correct it.")]


def _sense_faults(table: str, row: Row, line: int) -> list[Fault]:
    """Cells that contradict each other inside one row."""
    # The other way round is careful: who took part in a Match had mostly sat Step 1 before it.
    if row.get("regime") == "step-1-pass-fail" != regime_of(int(row["year"])):
        return [
            _fault(
                line,
                f"{row['regime']} in {row['year']}",
                "step-1-numeric, as Step 1 was reported in that year",
                "Correct the regime: figures of two eras never stand together.",
            )
        ]
    if table == "match_rates" and row["numerator"] and row["denominator"]:
        matched, among = int(row["numerator"]), int(row["denominator"])
        if matched > among or abs(100 * matched / among - float(row["percent"])) > 0.6:
            return [
                _fault(
                    line,
                    f"{row['percent']} percent of {matched} and {among}",
                    "the percentage of numerator in denominator",
                    "Correct the row.",
                )
            ]
    if table == "match_medians":
        ends = [float(row[name]) for name in ("q1", "median", "q3") if row[name]]
        if ends != sorted(ends):
            return [_fault(line, "quartiles out of order", "q1, median, q3 rising", "Correct it.")]
    return []
