"""Writing a record as a case file, so that reading it back gives the same record."""

from __future__ import annotations

import json as json_text
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time
from typing import Any

from bounceback.records.models import Record
from bounceback.records.schema import CASE
from bounceback.vocabulary import CASE_SCHEMA


def to_case(record: Record, *, json: bool = False) -> dict[str, Any]:
    """Return a record as case-file data.

    Keys that equal their default (unknown, or the documented default) are left out.

    Args:
        record: The record.
        json: Days and clock times as ISO 8601 text, so that the data fits JSON; otherwise as
            ``date`` and ``time``, as in TOML.

    Returns:
        ``{"schema": 1, "learner": {…}, …}`` in the order of the reference.
    """
    data = {"schema": CASE_SCHEMA, **CASE.show(record)}
    return _as_json(data) if json else data


def write_case(record: Record, *, json: bool = False) -> str:
    """Return the text of a case file: TOML, or JSON with the same keys."""
    if json:
        return json_text.dumps(to_case(record, json=True), ensure_ascii=False, indent=2) + "\n"
    data = to_case(record)
    lines = [f"schema = {data.pop('schema')}"]
    for section, content in data.items():
        entries = content if isinstance(content, list) else [content]
        for entry in entries:
            lines += ["", *table_lines(section, entry, repeated=isinstance(content, list))]
    return "\n".join(lines) + "\n"


def without_mood(record: Record) -> Record:
    """Return a record without the answers to the short form on mood; all else is as it was.

    For a copy in plain text, which may end on another desk. A day on which nothing but the form
    was answered keeps its check-in, empty.
    """
    return replace(record, checkins=tuple(replace(c, phq2=None) for c in record.checkins))


def table_lines(section: str, entry: Mapping[str, Any], *, repeated: bool) -> list[str]:
    """Return the lines of one TOML table: its header, then a line a key.

    Args:
        section: Name of the section.
        entry: Its content, in TOML types.
        repeated: Whether it is one entry of a list, ``[[section]]``.
    """
    header = f"[[{section}]]" if repeated else f"[{section}]"
    return [header, *(f"{_key(name)} = {_value(value)}" for name, value in entry.items())]


def inline_table(entry: Mapping[str, Any]) -> str:
    """Return a table on one line: ``{ key = value }``."""
    inside = ", ".join(
        f"{_key(name)} = {_value(value, on_one_line=True)}" for name, value in entry.items()
    )
    return f"{{ {inside} }}" if inside else "{}"


_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+\Z", re.ASCII)


def _key(name: str) -> str:
    return name if _BARE_KEY.match(name) else _text(name)


def _value(value: Any, *, on_one_line: bool = False) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return repr(value)  # the shortest text that reads back as the same number
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat(timespec="seconds")
    if isinstance(value, Mapping):
        return inline_table(value)
    if isinstance(value, list):
        parts = [_value(part, on_one_line=on_one_line) for part in value]
        if not on_one_line and any(isinstance(part, Mapping) for part in value):
            return "[\n" + "".join(f"  {part},\n" for part in parts) + "]"
        return "[" + ", ".join(parts) + "]"
    raise TypeError(f"a case file cannot hold {type(value).__name__}")


_SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_MANY_DOTS = 64


def _text(text: str) -> str:
    """Return a TOML basic string."""
    escaped = "".join(
        _SHORT.get(c) or (f"\\u{ord(c):04X}" if ord(c) < 0x20 or ord(c) == 0x7F else c)
        for c in text
    )
    if escaped.count(".") >= _MANY_DOTS:
        # The reader refuses long dotted keys unseen (see case_file); text must not look like one.
        escaped = escaped.replace(".", "\\u002E")
    return f'"{escaped}"'


def _as_json(data: Any) -> Any:
    if isinstance(data, Mapping):
        return {name: _as_json(value) for name, value in data.items()}
    if isinstance(data, list):
        return [_as_json(value) for value in data]
    if isinstance(data, time):
        return data.isoformat(timespec="minutes")
    return data.isoformat() if isinstance(data, date) else data
