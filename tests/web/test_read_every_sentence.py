"""No sentence of any page says what is never said: every golden case, every page that answers."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from bounceback import facts
from bounceback.records import parse_case
from bounceback_web.records import learner_store
from tests.golden.golden_cases import CASES, asked_about
from tests.golden.text_rules import faults, of_page
from tests.messages.word_list import OWN_STATEMENTS

PAGES = (
    "/", "/plan/", "/you/look-back/", "/you/log/", "/you/meeting/",
    "/you/match/?open=yes", "/you/reason/", "/support/", "/you/check-in/", "/you/results/",
)  # fmt: skip
VOICE = re.compile("|".join(map(re.escape, OWN_STATEMENTS)))
AS_PUBLISHED = {row["text"] for row in facts.table("instrument_items")}
"""Items of a screening form stand word for word."""


@pytest.mark.parametrize("name", sorted(CASES))
def test_no_sentence_of_any_page_says_what_is_never_said(
    name: str, browser: Client, settings: Any
) -> None:
    text = CASES[name].read_text(encoding="utf-8")
    settings.FIXED_DAY = asked_about()[name]["on"]
    learner_store.begin(learner_store.local_owner(), parse_case(text).record, "begun")
    own = set(re.findall(r'"([^"\n]*)"', text))
    found, read = {}, 0
    for address in PAGES:
        answer = browser.get(address)
        assert answer.status_code == 200
        for sentence, sourced in of_page(answer.content.decode()):
            read += 1
            if sentence not in own | AS_PUBLISHED and (
                fault := faults(VOICE.sub("", sentence), sourced=sourced)
            ):
                found[address, sentence] = fault
    assert read > 200
    assert found == {}
