"""Reading: what is accepted, what is refused, and how a fault is told."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from bounceback.errors import CaseError, Fault
from bounceback.records import case_file
from bounceback.records.case_file import parse_case, read_case
from bounceback.records.serialization import write_case

CASES = Path(__file__).parents[1] / "cases"

SMALLEST = """
schema = 1
[learner]
group = "us-md"
time_zone = "America/New_York"
[exam]
id = "usmle-step-1"
"""


def faults_of(text: str, *, as_json: bool = False) -> dict[str, Fault]:
    with pytest.raises(CaseError) as caught:
        parse_case(text, json=as_json)
    return {fault.key: fault for fault in caught.value.faults}


@pytest.mark.parametrize("path", sorted(CASES.glob("*.toml")), ids=lambda path: path.stem)
def test_the_three_cases_are_read(path: Path) -> None:
    record = read_case(path).record
    assert record.attempts
    assert record.forms
    assert record.availability is not None


def test_what_is_absent_is_unknown_and_never_zero() -> None:
    record = parse_case(SMALLEST).record
    assert record.exam.planned_date is None
    assert record.availability is None
    assert record.learner.state is None
    assert record.attempts == ()


def test_an_empty_text_where_one_may_stand_is_absent() -> None:
    text = SMALLEST + (
        '[[plan]]\nid = "a"\ndate = 2026-11-23\nminutes = 60\narea = ""\nresource = " "\n'
        'form = ""\nwhy = ""\n[[meetings]]\ndate = 2026-11-20\nwith = "adviser"\nagreed = ""\n'
    )
    record = parse_case(text).record
    (session,) = record.plan
    assert (session.area, session.resource, session.form, session.why) == (None,) * 4
    assert record.meetings[0].agreed == ""
    assert parse_case(write_case(record)).record == record


def test_every_fault_is_named_at_once_in_file_order() -> None:
    text = SMALLEST + (
        'target_p_pass = 41\nplanned_date = "2026-02-30"\n'
        '[[forms]]\nfamily = "nbme-cbssa"\nform = 31\ndate = 2026-11-15\ncolour = "red"\n'
        '[[study]]\ndate = 2026-11-15\nminutes = -5\nactivity = "sleeping"\n'
    )
    with pytest.raises(CaseError) as caught:
        parse_case(text)
    assert [fault.key for fault in caught.value.faults] == [
        "exam.target_p_pass",
        "exam.planned_date",
        "forms[0].form",
        "forms[0].colour",
        "study[0].minutes",
        "study[0].activity",
    ]


def test_a_percentage_given_for_a_probability_is_turned_into_what_to_write() -> None:
    assert (
        faults_of(SMALLEST + "target_p_pass = 41\n")["exam.target_p_pass"].remedy == "Write 0.41."
    )


def test_json_with_the_same_keys_is_the_same_record() -> None:
    data = {
        "schema": 1,
        "learner": {"group": "us-md", "time_zone": "America/New_York", "state": None},
        "exam": {"id": "usmle-step-1", "planned_date": "2027-01-08"},
    }
    from_json = parse_case(json.dumps(data), json=True).record
    assert from_json == parse_case(SMALLEST + "planned_date = 2027-01-08\n").record
    assert from_json.exam.planned_date == date(2027, 1, 8)


def test_a_byte_order_mark_is_accepted_and_another_encoding_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "case.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SMALLEST.encode())
    assert read_case(path).record.learner.group == "us-md"
    for encoding in ("utf-16", "latin-1"):
        path.write_bytes((SMALLEST + "# né\n").encode(encoding))
        with pytest.raises(CaseError, match="UTF-8"):
            read_case(path)


def test_a_file_that_is_absent_or_a_folder_or_too_large_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in (tmp_path / "absent.toml", tmp_path):
        with pytest.raises(CaseError):
            read_case(path)
    monkeypatch.setattr(case_file, "MOST_BYTES", 20)
    large = tmp_path / "large.toml"
    large.write_text(SMALLEST)
    with pytest.raises(CaseError, match="more than 20 bytes"):
        read_case(large)


HOSTILE = {
    "deep array": "schema = 1\nx = " + "[" * 5000 + "]" * 5000,
    "deep key": "schema = 1\n" + "a." * 20_000 + "b = 1\n",
    "long line": "schema = 1\nx = " + "1" * 100_000,
    "huge number": SMALLEST + "target_p_pass = 0x" + "F" * 20_000 + "\n",
    "huge float": SMALLEST + "target_p_pass = 1" + "0" * 4000 + "\n",
    "broken": "schema = = 1",
    "table twice": SMALLEST + '[learner]\ngroup = "us-md"\n',
    "control": "schema = 1\n\x00",
    "impossible day": SMALLEST + "planned_date = 2026-02-30\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_toml_is_refused_and_nothing_else_escapes(name: str) -> None:
    assert faults_of(HOSTILE[name])


HOSTILE_JSON = {
    "deep": '{"a":' * 100_000 + "1" + "}" * 100_000,
    "digits": '{"schema": 1' + "0" * 5000 + "}",
    "list": "[]",
    "nothing": "",
    "key twice": '{"schema": 1, "schema": 1}',
    "surrogate": json.dumps(
        {
            "schema": 1,
            "learner": {"group": "us-md", "time_zone": "UTC", "reason": "\ud800"},
            "exam": {"id": "usmle-step-1"},
        }
    ),
}


@pytest.mark.parametrize("name", HOSTILE_JSON)
def test_hostile_json_is_refused_and_nothing_else_escapes(name: str) -> None:
    for fault in faults_of(HOSTILE_JSON[name], as_json=True).values():
        str(fault).encode()


def test_a_newer_schema_is_refused_with_that_reason_alone() -> None:
    faults = faults_of("schema = 2\n[new_section]\n")
    assert list(faults) == ["schema"]
    assert "newer version" in faults["schema"].remedy
