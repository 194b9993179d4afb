"""Whatever a parser can produce, the reader answers with a record or with faults."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bounceback.errors import CaseError, Fault
from bounceback.records import CaseFile, Record, from_case, parse_case, to_case
from bounceback.records.case_file import data_of
from bounceback.records.field_types import Many, Named, Table
from bounceback.records.schema import CASE
from tests.records.faulty_cases import sound_cases
from tests.records.test_serialization import SLOW

LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.just(10**4000),
    st.floats(),
    st.text(),
    st.dates(date(1, 1, 1)),
    st.datetimes().map(lambda moment: moment.replace(tzinfo=None)),
    st.times(),
    st.sampled_from(["2026-11-15", "08:00-12:00", "fail", "usmle-step-1", "UTC", "../.."]),
)


def words(kind: Any = CASE) -> set[str]:
    found: set[str] = set()
    if isinstance(kind, Table):
        for key in kind.keys:
            found |= {key.name} | words(key.kind)
    elif isinstance(kind, Many | Named):
        found |= words(kind.kind) | set(getattr(kind, "names", None) or ())
    return found


NAMES = st.one_of(st.sampled_from(sorted(words())), st.text(max_size=8))
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
SOUND = [data_of(text) for text in sound_cases().values()]


def faults_or_record(read: Callable[[], CaseFile]) -> tuple[Fault, ...] | Record:
    try:
        return read().record
    except CaseError as error:
        return error.faults


def read_or_refused(data: dict[str, Any]) -> None:
    answer = faults_or_record(lambda: from_case(data))
    if isinstance(answer, Record):
        assert from_case(to_case(answer)).record == answer
    else:
        assert answer
        assert all(str(fault).isprintable() for fault in answer)


@SLOW
@given(st.dictionaries(NAMES, ANYTHING, max_size=5))
def test_any_data_is_read_or_refused(data: dict[str, Any]) -> None:
    read_or_refused({"schema": 1, **data})


@SLOW
@given(st.sampled_from(SOUND), st.data())
def test_any_value_at_any_place_of_a_sound_case_is_read_or_refused(
    data: dict[str, Any], draw: st.DataObject
) -> None:
    def changed(entry: Any, depth: int) -> Any:
        if not isinstance(entry, dict | list) or not entry or draw.draw(st.integers(0, 5)) == 0:
            return draw.draw(ANYTHING)
        if isinstance(entry, list):
            i = draw.draw(st.integers(0, len(entry) - 1))
            return [*entry[:i], changed(entry[i], depth + 1), *entry[i + 1 :]]
        name = draw.draw(st.sampled_from(sorted(entry)))
        return {**entry, name: changed(entry[name], depth + 1)}

    section = draw.draw(st.sampled_from(sorted(data)))
    read_or_refused({**data, section: changed(data[section], 0)})


@SLOW
@given(st.text(max_size=200), st.booleans())
def test_any_text_is_refused_and_nothing_else_escapes(text: str, as_json: bool) -> None:
    answer = faults_or_record(lambda: parse_case(text, json=as_json))
    assert answer
    assert not isinstance(answer, Record)


def test_moments_that_are_no_days_are_refused() -> None:
    base = {"schema": 1, "learner": {"group": "us-md", "time_zone": "UTC"}}
    for wrong in (datetime(2026, 1, 1), time(8), 20260101, 2026.5):  # noqa: DTZ001
        with pytest.raises(CaseError) as caught:
            from_case({**base, "exam": {"id": "usmle-step-1", "planned_date": wrong}})
        assert [fault.key for fault in caught.value.faults] == ["exam.planned_date"]
