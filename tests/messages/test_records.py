"""Errors at a field: in the unit that was typed, without a key, an id or a bracket."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest

from bounceback.errors import CaseError
from bounceback.messages.records import fault_place, field_error, field_error_in_file
from bounceback.records import parse_case
from bounceback.records.examples import examples
from tests.messages.word_list import hits

CODE = re.compile(r"_|\[|\]|\bkey\b|\bnull\b|invalid|allowed|;", re.IGNORECASE)
CASE = examples()["step-1"]


def errors_of(old: str, new: str) -> list[str]:
    """What a form would say if this replaced that in the example."""
    assert old in CASE
    with pytest.raises(CaseError) as refused:
        parse_case(CASE.replace(old, new, 1))
    return [field_error(fault) for fault in refused.value.faults]


def number_of_day(minutes: int) -> str:
    return re.sub(r"mon = \d+", f"mon = {minutes}", CASE, count=1)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(1800, "30 hours in a day? A day has 24."), (1500, "25 hours in a day? A day has 24.")],
)
def test_too_long_a_day_is_said_in_hours(minutes: int, words: str) -> None:
    with pytest.raises(CaseError) as refused:
        parse_case(number_of_day(minutes))
    assert [field_error(fault) for fault in refused.value.faults] == [words]


REFUSED: dict[str, Any] = {
    "a score of three digits": ({"forms": [{"score": 187}]}, "three-digit"),
    "text for a number": ({"forms": [{"score": "many"}]}, "number"),
    "a fraction": ({"forms": [{"score": 0.6}]}, "fraction"),
    "no date": ({"forms": [{"date": "soon"}]}, "date"),
    "an odd year": ({"forms": [{"date": "1066-10-14"}]}, "year"),
    "an unknown kind of test": ({"forms": [{"family": "nbme-cbsa"}]}, "list"),
    "more correct than asked": ({"blocks": [{"correct": 50, "items": 40}]}, "40"),
    "less than no time": ({"blocks": [{"minutes": -5}]}, "minus"),
    "too much text": ({"learner": {"reason": "x" * 9000}}, "Shorten"),
    "an unknown zone": ({"learner": {"time_zone": "America/New_Yrok"}}, "America/New York"),
    "a country that is none": ({"learner": {"country": "USA?"}}, "letters"),
    "an end before the start": (
        {"availability": {"windows": {"mon": ["18:00-08:00"]}}},
        "earlier time first",
    ),
    "hours that overlap": (
        {"availability": {"windows": {"mon": ["08:00-12:00", "11:00-13:00"]}}},
        "overlaps",
    ),
    "more done than there is": ({"resources": [{"units": 10, "done": 20}]}, "20 done"),
}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_every_fault_has_words_for_its_field(name: str) -> None:
    changes, expected = REFUSED[name]
    data = to_data(CASE)
    for section, change in changes.items():
        if isinstance(change, list):
            data[section][0].update(change[0])
        else:
            data.setdefault(section, {}).update(change)
    with pytest.raises(CaseError) as refused:
        parse_case(dump(data), json=True)
    words = [field_error(fault) for fault in refused.value.faults]
    assert any(expected in text for text in words), words
    for text in words + [field_error_in_file(fault) for fault in refused.value.faults]:
        assert not CODE.search(text), text
        assert not hits(text)


def to_data(text: str) -> dict[str, Any]:
    import tomllib

    return tomllib.loads(text)


def dump(data: dict[str, Any]) -> str:
    import json

    return json.dumps(data, default=str)


def test_a_place_in_a_file_is_said_in_words() -> None:
    assert fault_place("forms[1].score") == "Practice tests 2, score"
    assert fault_place("exam.planned_date") == "Exam, planned date"
    assert fault_place("") == ""


def test_every_refusal_of_a_value_says_why() -> None:
    """A fault without a reason would be answered by a form with a sentence that says nothing."""
    records = Path(__file__).resolve().parents[2] / "src" / "bounceback" / "records"
    without = []
    for name in ("field_types", "consistency_checks", "checks_against_facts"):
        for node in ast.walk(ast.parse((records / f"{name}.py").read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "refuse":
                given = len(node.args) > 5 or any(k.arg == "why" for k in node.keywords)
                if not given:
                    without.append((name, node.lineno))
    # Shapes of tables and lists, which no form can send.
    assert len(without) <= 7, without
