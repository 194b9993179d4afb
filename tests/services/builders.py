"""Records to ask about, and the ways of asking, for the tests of the door."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from bounceback.records import parse_case, read_case
from bounceback.records.examples import examples
from bounceback.records.models import Record
from bounceback.services import briefing, to_json

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "docs" / "reference" / "briefing.schema.json"
CASES = {path.stem: path for path in sorted((ROOT / "tests" / "cases").glob("*.toml"))}
TODAY = date(2026, 11, 22)


@cache
def known() -> dict[str, Record]:
    """The three cases and the example of each exam, by name."""
    found = {name: read_case(path).record for name, path in CASES.items()}
    found |= {f"example {name}": parse_case(text).record for name, text in examples().items()}
    return found


@cache
def validator() -> Draft202012Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def faults(answer: dict[str, Any]) -> list[str]:
    """What the schema has against an answer, each with its place."""
    return [
        f"{'.'.join(map(str, error.absolute_path))}: {error.message[:200]}"
        for error in validator().iter_errors(answer)
    ]


def asked(record: Record, on: date = TODAY, **options: Any) -> dict[str, Any]:
    """The briefing as another program reads it."""
    text = json.dumps(to_json(briefing(record, on, **options)), allow_nan=False)
    answer: dict[str, Any] = json.loads(text)
    return answer
