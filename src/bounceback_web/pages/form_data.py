"""What was typed into a form, as data of the case file; whether it may stand is the record's word.

Field names are the keys of the case file. An empty field is an absent key: unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from bounceback.records.field_types import Flag, Many, Named, Number, Table, Text

BEYOND = 1e9
"""No number that is asked for comes near it."""


def entry(table: Table, post: Mapping[str, Any]) -> dict[str, Any]:
    """Return one entry of the case file from the fields of a form.

    Numbers may carry a percent sign or a decimal comma. A box that is not ticked is false.

    Args:
        table: Keys of the entry.
        post: Fields of the form.
    """
    found: dict[str, Any] = {}
    for key in table.keys:
        if isinstance(key.kind, Named):
            if isinstance(post, QueryDict):
                areas = _by_area(key.name, post)
                if areas:
                    found[key.name] = areas
        elif isinstance(key.kind, Flag):
            found[key.name] = bool(post.get(key.name))
        elif not isinstance(key.kind, Many | Table):
            given = str(post.get(key.name, ""))
            text = given if isinstance(key.kind, Text) and key.kind.lines else given.strip()
            if text.strip():
                found[key.name] = number(text) if isinstance(key.kind, Number) else text
    return found


def number(text: str) -> float | int | str:
    """Return the number that was typed, or the text as it is for the record to refuse.

    What is no finite number, or a billion and more, is nobody's: it goes back as text.
    """
    bare = text.strip().removesuffix("%").strip().replace(",", ".")
    try:
        value = float(bare)
    except ValueError:
        return text
    if not abs(value) < BEYOND:
        return text
    return int(value) if value.is_integer() else value


def _by_area(name: str, post: QueryDict) -> dict[str, dict[str, Any]]:
    """Return results by area from the parallel fields of the rows of a form."""
    found: dict[str, dict[str, Any]] = {}
    rows = zip(
        post.getlist(f"{name}-area"),
        post.getlist(f"{name}-correct"),
        post.getlist(f"{name}-items"),
        post.getlist(f"{name}-percent"),
        strict=False,
    )
    for area, *given in rows:
        result = {
            key: number(text)
            for key, text in zip(("correct", "items", "percent"), given, strict=True)
            if text.strip()
        }
        if area.strip() and result:
            found[area.strip()] = result
    return found
