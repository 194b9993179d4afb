"""Constants of the models: ``facts/data/parameters/<model>.csv``.

Columns ``name, exam, value, unit, first, source, locator, confidence, note``; ``exam`` is an exam
id or ``*`` for all; a row for the exam overrides one for all; of two rows the later ``first``
wins. Text that is a number is read as one, ``true`` and ``false`` as such, the rest as text.
"""

from __future__ import annotations

import csv
import io
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from bounceback.errors import FactError
from bounceback.facts.loading import DATA, Row, day, known_exam, read_csv
from bounceback.facts.models import FactValue, Sourced

PARAMETERS: Final = DATA / "parameters"
COLUMNS: Final = (
    "name",
    "exam",
    "value",
    "unit",
    "first",
    "source",
    "locator",
    "confidence",
    "note",
)


def models() -> tuple[str, ...]:
    """Names of the models that have constants, sorted."""
    return tuple(sorted(path.stem for path in PARAMETERS.glob("*.csv")))


def _path(model: str) -> Path:
    if model not in models():
        raise FactError(
            f"no model is called {model!r}; models with constants: {', '.join(models())}"
        )
    return PARAMETERS / f"{model}.csv"


def read_value(text: str) -> FactValue:
    """A value cell: number, ``true``/``false``, or text."""
    if text in ("true", "false"):
        return text == "true"
    try:
        return float(text)
    except ValueError:
        return text


_adopted: dict[str, tuple[Path, str, tuple[Row, ...]]] = {}


def adopt(path: Path, model: str = "forecast") -> None:
    """Let an institution's own constants win over those that came with the program.

    Once in a process, before the first question: an answer rests on one set of constants. Only
    constants that the model has may be replaced, each by a number of the same unit.

    Args:
        path: CSV with the columns of a model's file, as ``bounceback recalibrate`` writes it.
        model: The model they are for.

    Raises:
        FactError: The file does not hold such rows, or a question was already answered.
    """
    if _adopted or _parameters.cache_info().currsize:
        raise FactError(f"{path}: constants are adopted once, before the first question")
    shipped = {row["name"]: row["unit"] for row in read_csv(_path(model))}
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise FactError(
            f"{path}: {getattr(error, 'strerror', None) or 'not UTF-8 text'}; name a file that "
            "`bounceback recalibrate` wrote"
        ) from None
    reader = csv.DictReader(io.StringIO(text))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise FactError(f"{path}: columns are {', '.join(COLUMNS)}, in this order")
    rows = []
    for number_of_row, row in enumerate(reader, start=2):
        where = f"{path} line {number_of_row}"
        if shipped.get(row["name"]) is None or row["unit"] != shipped[row["name"]]:
            raise FactError(
                f"{where}: {row['name']!r} in {row['unit']!r} is no constant of the model {model!r}"
            )
        value = read_value(row["value"] or "")
        if not isinstance(value, float) or not 0.0 < value < float("inf"):
            raise FactError(f"{where}: {row['value']!r}; allowed: a number above 0")
        if row["exam"] != "*":
            known_exam(row["exam"])
        if day(row["first"]) is None or row["confidence"] not in ("reported", "inferred"):
            raise FactError(f"{where}: needs its first day and a confidence, reported or inferred")
        rows.append(row)
    import hashlib

    _adopted[model] = path, hashlib.sha256(content).hexdigest()[:8], tuple(rows)


def adopted(model: str = "forecast") -> tuple[Path, str] | None:
    """The file whose constants win, with the first digits of its digest; ``None`` without one."""
    held = _adopted.get(model)
    return held[:2] if held else None


def names(model: str) -> tuple[str, ...]:
    """Names of a model's constants, in file order."""
    return tuple(dict.fromkeys(row["name"] for row in read_csv(_path(model))))


def _rank(row: Row) -> tuple[bool, date]:
    return row["exam"] != "*", day(row["first"]) or date.min


@cache
def _parameters(model: str, exam_id: str, on: date | None) -> dict[str, Sourced]:
    chosen: dict[str, Row] = {}
    own = _adopted[model][2] if model in _adopted else ()
    for row in (*read_csv(_path(model)), *own):
        begins = day(row["first"])
        if row["exam"] not in ("*", exam_id) or (on and begins and begins > on):
            continue
        held = chosen.get(row["name"])
        if held is None or _rank(row) >= _rank(held):
            chosen[row["name"]] = row
    return {
        name: Sourced(
            id=f"{model}.{name}",
            value=read_value(row["value"]),
            unit=row["unit"],
            in_force_from=day(row["first"]),
            source=row["source"],
            locator=row["locator"],
            confidence=row["confidence"],  # type: ignore[arg-type]
            note=row["note"],
        )
        for name, row in chosen.items()
    }


def parameters(model: str, exam_id: str, on: date | None = None) -> dict[str, Sourced]:
    """Return a model's constants for an exam, by name.

    Args:
        model: Name of the file in ``facts/data/parameters`` without ``.csv``.
        exam_id: Exam; its own rows override those for all exams (``*``).
        on: Rows that begin later do not count; ``None``: the latest of each.

    Raises:
        FactError: No such model or exam.
    """
    known_exam(exam_id)
    return dict(_parameters(model, exam_id, on))
