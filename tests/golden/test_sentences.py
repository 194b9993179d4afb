"""No sentence of any answer holds what must never be said: all golden cases, terminal and JSON."""

from __future__ import annotations

import json
import re

import pytest

from tests.golden.golden_cases import CASES, asked_about, nothing_remembered, say, tell
from tests.golden.test_briefings import paragraphs
from tests.golden.text_rules import faults, of_json, of_page, split
from tests.messages.word_list import OWN_STATEMENTS

COMMANDS = ("appraise", "outlook", "lookback", "support")
"""Beside ``brief`` and ``replan``, which hold what forecast, plan and decide say."""
VOICE = re.compile("|".join(map(re.escape, OWN_STATEMENTS)))


def wrong(name: str) -> dict[str, list[str]]:
    """Each sentence with a fault, in everything that is answered to a case."""
    told = tell(name)
    pages, answers = [told.page], list(told.answers)
    on = asked_about()[name]["on"].isoformat()
    with nothing_remembered() as folder:
        case = folder / f"{name}.toml"
        case.write_text(CASES[name].read_text(encoding="utf-8"), encoding="utf-8")
        for command in COMMANDS:
            words = [command] if command == "support" else [command, str(case)]
            if command in ("appraise", "outlook"):
                words += ["--on", on]
            if command != "support":  # a list of contacts; its JSON has each with its source
                pages.append(say(*words))
            answers.append(json.loads(say(*words, "--json")))
    own = set(re.findall(r'"([^"\n]*)"', CASES[name].read_text(encoding="utf-8")))
    read = [(s, False) for page in pages for text in paragraphs(page) for s in split(text)]
    read += [pair for answer in answers for pair in of_json(answer)]
    assert len(read) > 200
    found = {}
    for sentence, sourced in read:
        said = VOICE.sub("", sentence)
        if sentence not in own and (fault := faults(said, sourced=sourced)):
            found[sentence] = fault
    return found


@pytest.mark.parametrize("name", sorted(CASES))
def test_no_sentence_of_any_answer_says_what_is_never_said(name: str) -> None:
    assert wrong(name) == {}


@pytest.mark.parametrize(
    ("sentence", "fault"),
    [
        ("Your chance of a match is about 6 of 10.", "a chance of a match"),
        ("You would match in 7 of 10 such years.", "a chance of a match"),
        ("People like you are likely to match.", "a chance of a match"),
        ("You are behind.", "a word of blame"),
        ("About 70 % know this.", "a percentage without range or count"),
        ("Of 6,594 students 5,952 graduated.", "a figure without source and year"),
        ("About nine of ten passed.", "a figure without source and year"),
        ("About 74 of 100 directors named it (Yousmle).", "a figure without source and year"),
    ],
)
def test_the_rules_find_what_they_are_for(sentence: str, fault: str) -> None:
    assert fault in faults(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Of 6,594 students 5,952 graduated (Academic Medicine; 2012).",
        "Your own chance of matching is computed by nobody.",
        "On 8 January 2027 about 7 of 10 with your record would pass (likely 2 to 10 of 10).",
        "Step 2 CK comes before the graduates' list.",
        "You wrote: “I was behind and only 3 students knew.”",
    ],
)
def test_the_rules_leave_alone_what_is_well_said(sentence: str) -> None:
    assert faults(sentence) == []


def test_a_page_is_read_block_by_block_and_without_its_scripts() -> None:
    html = "<p>One <em>whole</em> sentence. A second.</p><script>var x = 'a b'</script><li>A b</li>"
    assert [s for s, _ in of_page(html)] == ["One whole sentence.", "A second.", "A b"]


def test_a_cell_is_sourced_where_its_table_has_a_column_of_sources() -> None:
    row = "<tr><td>90 of 100 passed</td><td>{}</td></tr>"
    head = "<table><tr><th>What</th><th>Source</th></tr>"
    html = f"{head}{row.format('USMLE')}</table><table>{row.format('nobody')}</table>"
    assert [sourced for s, sourced in of_page(html) if "passed" in s] == [True, False]
