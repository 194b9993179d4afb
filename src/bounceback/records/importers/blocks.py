"""A bank's list of earlier blocks: rows of text into blocks, by the heads of its columns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from bounceback.records.importers.drafts import BlockDraft, BlocksDraft
from bounceback.records.importers.label_dictionary import labels, read_day, shows_day_first

MOST_ITEMS: Final = 1_000
MOST_NOT_UNDERSTOOD: Final = 40
_NUMBER: Final = re.compile(r"^\s*(\d{1,4}(?:[.,]\d{1,17})?)\s*%?\s*$")
_OF: Final = re.compile(r"^\s*(\d{1,4})\s*(?:/|of)\s*(\d{1,4})\s*(?:\(.*\))?$")


def read_blocks(rows: Sequence[Sequence[str]], bank: str, on: date) -> BlocksDraft:
    """Return the blocks of a list.

    Args:
        rows: Rows of text; one of the first ten holds the heads of the columns.
        bank: The bank, where the list has no column of it.
        on: The learner's today: no block is from a later day.
    """
    at, columns = _heads(rows)
    if "date" not in columns or not {"percent", "correct"} & columns.keys():
        return BlocksDraft(
            (),
            (
                "No row with heads such as Date, # Qs and Score was found; what is needed is a "
                "day, a number of questions, and how many were right.",
            ),
        )
    listed = [_cells(row, columns) for row in rows[at + 1 :]]
    how = _How(
        bank=bank,
        on=on,
        day_first=shows_day_first(cells["date"] for cells in listed),
        shares=_are_shares([cells.get("percent", "") for cells in listed]),
    )
    found: list[BlockDraft] = []
    left = [
        f"column {head!r}: not used"
        for j, head in enumerate(rows[at])
        if head and j not in columns.values()
    ]
    for i, cells in enumerate(listed, start=at + 1):
        if not any(cells.values()):
            continue
        block = _block(cells, how, f"row {i + 1}")
        if isinstance(block, BlockDraft):
            found.append(block)
        else:
            left.append(f"row {i + 1}: {block}")
    return BlocksDraft(tuple(found), tuple(left[:MOST_NOT_UNDERSTOOD]))


@dataclass(frozen=True, slots=True)
class _How:
    """What holds for every row of a list.

    Attributes:
        bank: The bank, where a row names none.
        on: The learner's today.
        day_first: Whether the day stands before the month; ``None`` where no row shows it.
        shares: Whether the score is a share of one, as a workbook keeps its percentages.
    """

    bank: str
    on: date
    day_first: bool | None
    shares: bool


def _cells(row: Sequence[str], columns: Mapping[str, int]) -> dict[str, str]:
    return {name: row[j] if j < len(row) else "" for name, j in columns.items()}


def _are_shares(scores: Sequence[str]) -> bool:
    """Whether every score lies from 0 to 1, none is a percent, and one is no whole number."""
    numbers = [_number(score) for score in scores if score.strip()]
    known = [n for n in numbers if n is not None]
    between = any(0.0 < n < 1.0 for n in known)
    return between and max(known) <= 1.0 and not any("%" in score for score in scores)


def _heads(rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    """The row that holds most known heads, and the column of each."""
    best: tuple[int, dict[str, int]] = 0, {}
    for i, row in enumerate(rows[:10]):
        columns: dict[str, int] = {}
        for j, head in enumerate(row):
            for name, spelled in labels()["columns"].items():
                if _plain(head) in map(_plain, spelled) and name not in columns:
                    columns[name] = j
                    break
        if len(columns) > len(best[1]):
            best = i, columns
    return best


def _plain(head: str) -> str:
    return " ".join(re.sub(r"[^\w#%]+", " ", head.casefold()).split())


def _block(cells: dict[str, str], how: _How, where: str) -> BlockDraft | str:
    read = read_day(cells["date"], day_first=how.day_first)
    if read is None:
        return f"{cells['date']!r} is no day that can be read"
    if read.day > how.on:
        return f"{read.day.isoformat()} lies ahead"
    counts = _counts(cells, how.shares)
    if isinstance(counts, str):
        return counts
    correct, items, sure, note = counts
    if not read.single:
        sure, note = "low", "month and day could also be the other way round"
    entry: dict[str, Any] = {
        "date": read.day.isoformat(),
        "bank": (cells.get("bank") or how.bank)[:120],
        "items": items,
        "correct": correct,
        "mode": "tutor" if "tutor" in cells.get("mode", "").casefold() else "timed",
    }
    if "untimed" in cells.get("mode", "").casefold():
        entry["mode"] = "tutor"
    minutes = _number(cells.get("minutes", ""))
    if minutes is not None and 0 < minutes <= 1440:
        entry["minutes"] = minutes
    pool = cells.get("pool", "").casefold()
    if (
        any(word in pool for word in ("incorrect", "marked", "all", "used"))
        and "unused" not in pool
    ):
        entry["first_pass"] = False
    return BlockDraft(entry, where, sure, note)  # type: ignore[arg-type]


def _counts(cells: dict[str, str], shares: bool) -> tuple[int, int, str, str] | str:
    for name in ("correct", "percent"):
        if match := _OF.match(cells.get(name, "")):
            correct, items = int(match.group(1)), int(match.group(2))
            if 0 < items <= MOST_ITEMS and correct <= items:
                return correct, items, "high", ""
    items_ = _number(cells.get("items", ""))
    if items_ is None:
        items_ = _sum_of(cells)
    if items_ is None or not items_.is_integer() or not 0 < items_ <= MOST_ITEMS:
        return "how many questions it had cannot be read"
    items = int(items_)
    right = _number(cells.get("correct", ""))
    if right is not None and right.is_integer() and right <= items:
        return int(right), items, "high", ""
    percent = _number(cells.get("percent", ""))
    if percent is not None and shares:
        percent *= 100.0
    elif percent is not None and 0.0 < percent < 1.0 and "%" not in cells["percent"]:
        return f"{cells['percent']!r} could be a share or a percent"
    if percent is None or percent > 100.0:
        return "how many were right cannot be read"
    correct = round(items * percent / 100.0)
    note = "" if abs(100.0 * correct / items - percent) < 100.0 / items else "percent is rounded"
    return correct, items, "medium", note


def _sum_of(cells: dict[str, str]) -> float | None:
    """Questions as the sum of right, wrong and omitted, where a list counts those."""
    parts = [_number(cells.get(name, "")) for name in ("correct", "incorrect", "omitted")]
    right, wrong, omitted = parts
    return None if right is None or wrong is None else right + wrong + (omitted or 0.0)


def _number(text: str) -> float | None:
    match = _NUMBER.match(text)
    return float(match.group(1).replace(",", ".")) if match else None
