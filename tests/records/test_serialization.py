"""A record that is written and read again is the same record."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, given, settings

from bounceback.records import Record, from_case, parse_case, read_case, to_case, write_case
from bounceback.records.models import Checkin
from tests.records.strategies import records

CASES = Path(__file__).parents[1] / "cases"
SLOW = settings(
    derandomize=True,
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@SLOW
@given(records())
def test_every_record_survives_toml_and_json_without_loss(record: Record) -> None:
    assert parse_case(write_case(record)).record == record
    assert parse_case(write_case(record, json=True), json=True).record == record
    assert from_case(to_case(record)).record == record


@SLOW
@given(records())
def test_what_is_read_back_has_the_types_that_were_written(record: Record) -> None:
    assert repr(parse_case(write_case(record)).record) == repr(record)


@SLOW
@given(records())
def test_the_data_is_what_the_text_says(record: Record) -> None:
    assert tomllib.loads(write_case(record)) == to_case(record)
    assert json.loads(json.dumps(to_case(record, json=True))) == to_case(record, json=True)


def test_unknown_is_left_out_and_a_known_zero_is_written() -> None:
    record = read_case(CASES / "step1-us-md-wobbly.toml").record
    assert "phq2" not in write_case(record)
    zero = Checkin(date=date(2026, 11, 1), phq2=0)
    text = write_case(Record(learner=record.learner, exam=record.exam, checkins=(zero,)))
    assert "phq2 = 0" in text
    assert "sleep_hours" not in text
