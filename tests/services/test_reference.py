"""The page of the briefing's keys tells of every key, and of what each question prints."""

from __future__ import annotations

import json
import re
from pathlib import Path

from bounceback.services.briefing_json import ALWAYS, PARTS

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"


def page() -> str:
    return (REFERENCE / "briefing.md").read_text(encoding="utf-8")


def test_every_key_is_explained_in_the_order_of_the_schema() -> None:
    schema = json.loads((REFERENCE / "briefing.schema.json").read_text(encoding="utf-8"))
    explained = page().partition("## What the keys hold")[2]
    assert re.findall(r"^\| `(\w+)` \|", explained, re.MULTILINE) == list(schema["properties"])


def test_the_keys_of_each_question_are_those_it_prints() -> None:
    told = {
        name: tuple(re.findall(r"`(\w+)`", keys))
        for name, keys in re.findall(r"^\| `(\w+)` \| (`\w+`(?:, `\w+`)*) \|", page(), re.MULTILINE)
    }
    assert told == {name: keys for name, keys in PARTS.items() if keys}
    (always,) = re.findall(r"Every answer carries ([^.]*)\.", page())
    assert tuple(re.findall(r"`(\w+)`", always)) == ALWAYS
