"""Each key of the case file moves a named output, or is listed with what it is for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bounceback.records.field_types import Kind, Many, Named, Table
from bounceback.records.schema import CASE
from tests.acceptance.influence import OUTPUTS, PAGE, ROWS, SHOWN, Row, page, read


def keys(kind: Kind | Table, path: str) -> Iterator[str]:
    """Every key that holds a value, with [] for an entry and * for a name."""
    if isinstance(kind, Table):
        for key in kind.keys:
            yield from keys(key.kind, f"{path}.{key.name}".lstrip("."))
    elif isinstance(kind, Many):
        yield from keys(kind.kind, f"{path}[]")
    elif isinstance(kind, Named):
        yield from keys(kind.kind, f"{path}.*")
    else:
        yield path


def test_every_key_of_the_case_file_stands_in_the_table_once() -> None:
    listed = [row.key for row in ROWS] + [shown.key for shown in SHOWN]
    assert sorted(listed) == sorted(keys(CASE, ""))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.key)
def test_moves_what_it_is_said_to_move(row: Row) -> None:
    before, after = (read(row, value) for value in row.values)
    if row.how == "changes":
        assert before != after
    elif row.how == "rises":
        assert after > before
    else:
        assert after < before


def test_every_output_is_moved_by_some_key() -> None:
    assert {row.output for row in ROWS} == set(OUTPUTS)


def test_the_page_says_what_is_tested() -> None:
    """Written anew by ``python -m tests.acceptance.influence``."""
    assert PAGE.read_text(encoding="utf-8") == page()
