"""A bank's list of earlier blocks: rows of text into blocks, by the heads of its columns.

Whether a bare number is a percentage or so many right is decided by the column as a whole; where
the column shows neither, nothing is taken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from bounceback.reasons import Reason, reason
from bounceback.records.importers.drafts import BlockDraft, BlocksDraft, Confidence, Unused
from bounceback.records.importers.label_dictionary import labels, read_day, shows_day_first

MOST_ITEMS: Final = 1_000
MOST_UNUSED: Final = 200
_CLEARLY_BLOCKS: Final = 3
"""Known heads by which a table is a list of blocks, even without days."""
_NUMBER: Final = re.compile(r"^\s*(\d{1,4}(?:[.,]\d{1,17})?)\s*%?\s*$")
_OF: Final = re.compile(
    r"^\s*(\d{1,4})\s*(?:/|of|out of)\s*(\d{1,4})\s*(?:\((\d{1,3}(?:[.,]\d+)?)\s*%\))?\s*$"
)
_MINUTES: Final = re.compile(
    r"^\s*(?:(\d{1,2})\s*h(?:rs?|ours?)?\s*)?(\d{1,4})\s*m(?:in(?:ute)?s?)?\s*$", re.I
)
_ROUNDING: Final = 0.51
"""How far a printed percentage may lie from the count it was made of, in percent."""

Meaning = Literal["percent", "share", "points", "unknown"]
"""What the bare numbers of a score column are."""


def read_blocks(rows: Sequence[Sequence[str]], bank: str, on: Any) -> BlocksDraft:
    """Return the blocks of a list.

    Args:
        rows: Rows of text; one of the first ten holds the heads of the columns.
        bank: The bank, where the list has no column of it.
        on: The learner's today: no block is from a later day.
    """
    at, columns = _heads(rows)
    day_column = next((name for name in ("completed", "date", "created") if name in columns), None)
    if day_column is None and _holds_days(rows[at + 1 :], columns.get("name")):
        columns["date"] = columns.pop("name")
        day_column = "date"
    if day_column is None and len(columns) >= _CLEARLY_BLOCKS and "items" in columns:
        return BlocksDraft((), _rows_without_day(rows, at))
    if day_column is None or not {"percent", "correct"} & columns.keys():
        return BlocksDraft((), (Unused(0, "", reason("importers.no-block-heads")),))
    listed = [_cells(row, columns) for row in rows[at + 1 :]]
    for cells in listed:
        cells["day"] = next(
            (cells[name] for name in ("completed", "date", "created") if cells.get(name)), ""
        )
        cells["day_column"] = next(
            (name for name in ("completed", "date", "created") if cells.get(name)), ""
        )
    how = _How(
        bank=bank,
        on=on,
        day_first=shows_day_first(cells["day"] for cells in listed),
        meaning=meaning_of_scores(listed),
        completed_known="completed" in columns or "date" in columns,
    )
    found: list[BlockDraft] = []
    left = [
        Unused(at + 1, head, reason("importers.column-unused", column=head))
        for j, head in enumerate(rows[at])
        if head and j not in columns.values()
    ]
    for i, cells in enumerate(listed, start=at + 1):
        if not any(cells[name] for name in columns):
            continue
        block = _block(cells, how, i + 1)
        if isinstance(block, BlockDraft):
            found.append(block)
        else:
            left.append(Unused(i + 1, " · ".join(cell for cell in rows[i] if cell)[:160], block))
    return BlocksDraft(tuple(found), tuple(left[:MOST_UNUSED]))


def _holds_days(rows: Sequence[Sequence[str]], column: int | None) -> bool:
    """Whether every cell of a column is a day: some banks name a block by its day."""
    if column is None:
        return False
    cells = [row[column].strip() for row in rows if column < len(row) and row[column].strip()]
    return bool(cells) and all(read_day(cell) is not None for cell in cells)


def _rows_without_day(rows: Sequence[Sequence[str]], at: int) -> tuple[Unused, ...]:
    listed = [
        Unused(
            i + 1,
            " · ".join(cell for cell in row if cell)[:160],
            reason("importers.row-no-date", given=""),
        )
        for i, row in enumerate(rows)
        if i > at and any(row)
    ]
    return tuple(listed[:MOST_UNUSED])


@dataclass(frozen=True, slots=True)
class _How:
    """What holds for every row of a list.

    Attributes:
        bank: The bank, where a row names none.
        on: The learner's today.
        day_first: Whether the day stands before the month; ``None`` where no row shows it.
        meaning: What the bare numbers of the score column are.
        completed_known: Whether the list has a column of the day a block was done.
    """

    bank: str
    on: Any
    day_first: bool | None
    meaning: Meaning
    completed_known: bool


def _cells(row: Sequence[str], columns: Mapping[str, int]) -> dict[str, str]:
    return {name: row[j].strip() if j < len(row) else "" for name, j in columns.items()}


def meaning_of_scores(listed: Sequence[Mapping[str, str]]) -> Meaning:
    """Return what the bare numbers of the score column are, from all its rows.

    One cell that shows its unit settles the others: "26/40" makes them points, "65%" percentages.
    Without one, a number above the questions of its row can only be a percentage, and a fraction
    that no count can give can only be one; shares of one are what a workbook keeps of percentages.
    """
    scores = [(cells.get("percent", ""), _items(cells)) for cells in listed]
    scores = [(score, items) for score, items in scores if score]
    if any(_OF.match(score) for score, _ in scores):
        return "points" if not any(score.endswith("%") for score, _ in scores) else "unknown"
    bare = [(n, items) for score, items in scores if (n := _number(score)) is not None]
    if any("%" in score for score, _ in scores):
        return "unknown" if any(0.0 < n < 1.0 for n, _ in bare) else "percent"
    if not bare:
        return "unknown"
    if max(n for n, _ in bare) <= 1.0 and any(0.0 < n < 1.0 for n, _ in bare):
        return "share"
    if any(0.0 < n < 1.0 for n, _ in bare):
        return "unknown"
    above = any(items is not None and n > items for n, items in bare)
    broken = any(not n.is_integer() for n, _ in bare)
    if above or broken:
        return "percent"
    return "unknown"


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


def _block(cells: dict[str, str], how: _How, row: int) -> BlockDraft | Reason:
    read = read_day(cells["day"], day_first=how.day_first)
    if read is None:
        return reason("importers.row-no-date", given=cells["day"])
    if read.day > how.on:
        return reason("importers.row-ahead", day=read.day)
    counts = _counts(cells, how.meaning)
    if isinstance(counts, Reason):
        return counts
    correct, items, sure, note = counts
    if cells["day_column"] == "created":
        sure = "low" if sure == "low" else "medium"
        note = note or reason("importers.created-day")
    if not read.single:
        sure, note = "low", reason("importers.day-or-month")
    mode = cells.get("mode", "").casefold()
    tutor = "tutor" in mode or "untimed" in mode or "study" in mode
    entry: dict[str, Any] = {
        "date": read.day.isoformat(),
        "bank": (cells.get("bank") or how.bank)[:120],
        "items": items,
        "correct": correct,
        "mode": "tutor" if tutor else "timed",
    }
    minutes = _minutes(cells.get("minutes", ""))
    if minutes is not None and 0 < minutes <= 1440:
        entry["minutes"] = minutes
    first_pass = _first_pass(cells.get("pool", ""))
    if first_pass is not None:
        entry["first_pass"] = first_pass
    return BlockDraft(entry, row, sure, note)


def _first_pass(pool: str) -> bool | None:
    """Whether all questions were new; ``None`` where the list does not say.

    A block mixed of unused and incorrect questions is no first pass.
    """
    words = set(re.findall(r"[a-z]+", pool.casefold()))
    if words & set(labels()["pools"]["seen"]):
        return False
    return True if words & set(labels()["pools"]["unseen"]) else None


def _counts(
    cells: Mapping[str, str], meaning: Meaning
) -> tuple[int, int, Confidence, Reason | None] | Reason:
    """Return right answers and questions, confirmed where two columns agree."""
    percent_text = cells.get("percent", "")
    for name in ("correct", "percent"):
        if match := _OF.match(cells.get(name, "")):
            return _of(match, cells, name)
    items_ = _items(cells)
    if items_ is None or not items_.is_integer() or not 0 < items_ <= MOST_ITEMS:
        return reason("importers.row-no-items")
    items = int(items_)
    right = _number(cells.get("correct", ""))
    percent = _percent(percent_text, meaning)
    if right is not None and right.is_integer() and "%" not in cells["correct"]:
        return _right(int(right), items, percent, cells)
    if right is not None and "%" in cells["correct"]:
        percent = right if percent is None else percent
    if percent is None:
        points = _number(percent_text)
        if points is None:
            return reason("importers.row-no-correct")
        if meaning == "points" and points.is_integer() and points <= items:
            return int(points), items, "medium", None
        # More than the block had questions: it can only be a percentage.
        percent = points if items < points <= 100.0 and meaning == "unknown" else None
    if percent is None:
        return reason("importers.bare-score", given=percent_text, items=items)
    if percent > 100.0:
        return reason("importers.row-no-correct")
    correct = round(items * percent / 100.0)
    exact = abs(100.0 * correct / items - percent) <= _ROUNDING
    return (
        correct,
        items,
        "medium" if exact else "low",
        None if exact else reason("importers.rounded-percent"),
    )


def _of(
    match: re.Match[str], cells: Mapping[str, str], name: str
) -> tuple[int, int, Confidence, Reason | None] | Reason:
    correct, items = int(match.group(1)), int(match.group(2))
    stated = _number(cells.get("items", ""))
    if not 0 < items <= MOST_ITEMS or correct > items or (stated is not None and stated != items):
        return reason("importers.row-disagrees")
    if match.group(3):
        printed = float(match.group(3).replace(",", "."))
        if abs(100.0 * correct / items - printed) > _ROUNDING + 0.5:
            return reason("importers.row-disagrees")
        return correct, items, "high", None
    return correct, items, "high" if stated is not None else "medium", None


def _right(
    right: int, items: int, percent: float | None, cells: Mapping[str, str]
) -> tuple[int, int, Confidence, Reason | None] | Reason:
    if right > items:
        return reason("importers.row-disagrees")
    if percent is not None:
        if abs(100.0 * right / items - percent) > _ROUNDING + 0.5:
            return reason("importers.row-disagrees")
        return right, items, "high", None
    parts = _sum_of(cells)
    stated = _number(cells.get("items", ""))
    if parts is not None and stated is not None and parts != stated:
        omitted_unknown = not cells.get("omitted") and parts < stated
        if not omitted_unknown:
            return reason("importers.row-disagrees")
        return right, items, "medium", None
    return right, items, "high" if parts is not None and stated is not None else "medium", None


def _percent(text: str, meaning: Meaning) -> float | None:
    number = _number(text)
    if number is None:
        return None
    if text.endswith("%") or meaning == "percent":
        return number
    return 100.0 * number if meaning == "share" else None


def _items(cells: Mapping[str, str]) -> float | None:
    stated = _number(cells.get("items", ""))
    return stated if stated is not None else _sum_of(cells)


def _sum_of(cells: Mapping[str, str]) -> float | None:
    """Questions as the sum of right, wrong and omitted, where a list counts those."""
    parts = [_number(cells.get(name, "")) for name in ("correct", "incorrect", "omitted")]
    right, wrong, omitted = parts
    return None if right is None or wrong is None else right + wrong + (omitted or 0.0)


def _minutes(text: str) -> float | None:
    number = _number(text)
    if number is not None:
        return number
    match = _MINUTES.match(text)
    if match is None:
        return None
    return 60.0 * int(match.group(1) or 0) + int(match.group(2))


def _number(text: str) -> float | None:
    match = _NUMBER.match(text)
    return float(match.group(1).replace(",", ".")) if match else None
