"""The reference page of the case file says what the reader does."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from bounceback.records import models, parse_case
from bounceback.records.case_file import MOST_BYTES, MOST_LEVELS
from bounceback.records.field_types import Day, Key, Kind, Many, Named, Table
from bounceback.records.schema import CASE

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "case-file.md"


def tables(kind: Kind = CASE) -> Iterator[Table]:
    """Yield every table of the case file, outermost first."""
    if isinstance(kind, Many | Named):
        yield from tables(kind.kind)
    elif isinstance(kind, Table):
        yield kind
        for key in kind.keys:
            yield from tables(key.kind)


def words(kind: Kind) -> str:
    """What may stand there, without repeating the keys of inner tables."""
    if isinstance(kind, Table):
        return "a table, below"
    if isinstance(kind, Day):
        return "day"
    if isinstance(kind, Many):
        return (
            "list of tables, below"
            if isinstance(kind.kind, Table)
            else f"list of {words(kind.kind)}"
        )
    if isinstance(kind, Named):
        names = ", ".join(kind.names) if kind.names else kind.what
        return f"table from {names} to {words(kind.kind).removesuffix(', below')}"
    return kind.allowed.replace(" | ", ", ")


def row(key: Key) -> str:
    return f"| `{key.name}` | {key.meaning} | {words(key.kind)} | {'yes' if key.required else ''} |"


TABLES = {table.value.__name__: table for table in tables()}


@pytest.mark.parametrize("name", TABLES)
def test_every_key_stands_in_the_reference_as_it_is_read(name: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    missing = [row(key) for key in TABLES[name].keys if row(key) not in page.splitlines()]
    assert missing == []


def test_every_field_of_a_record_has_a_key() -> None:
    found = {
        value
        for value in vars(models).values()
        if dataclasses.is_dataclass(value) and value.__module__ == models.__name__
    }
    read = {table.value: {key.into for key in table.keys} for table in TABLES.values()}
    for value in found - {models.ClockWindow}:  # a window is one text, "08:00-12:00"
        assert read[value] == {field.name for field in dataclasses.fields(value)}


def test_the_limits_and_the_example_of_the_page_hold() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert f"{MOST_BYTES:,} bytes" in page
    assert f"{MOST_LEVELS} levels" in page
    example = page.split("```toml\n")[1].split("```")[0]
    assert parse_case(example).notes == ()
