"""Twelve cases, two for each exam, read as a student does: a change of words is a decision."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from bounceback.records import read_case
from tests.golden.golden_cases import CASES, FOLDER, asked_about, tell
from tests.golden.text_rules import BLAMING, PERCENT, QUOTED, RANGE_OR_COUNT
from tests.messages.word_list import OWN_STATEMENTS
from tests.residency_match.test_compose import FALSE_COMFORT

REWRITE = ".venv/bin/python tests/golden/write.py"


def paragraphs(page: str) -> list[str]:
    """The page with its wrapped lines joined: one string a paragraph or table row."""
    joined: list[str] = []
    for line in page.splitlines():
        indent = len(line) - len(line.lstrip())
        if joined and joined[-1] and line.strip() and indent > 0 and not line.startswith("  On "):
            joined[-1] += " " + line.strip()
        else:
            joined.append(line.strip())
    return [text for text in joined if text]


def strings(value: Any) -> Iterator[str]:
    """Every sentence inside a JSON answer: no ids, cells of tables or titles of sources."""
    if isinstance(value, str):
        if " " in value and "|" not in value:
            yield from re.split(r"(?<=[.?!]) (?=[A-Z“])", value)
    elif isinstance(value, list):
        for part in value:
            yield from strings(part)
    elif isinstance(value, dict):
        for key, part in value.items():
            if key != "sources":
                yield from strings(part)


def sentences(name: str) -> Iterator[str]:
    """Every sentence of the page and of the JSON beside it."""
    told = tell(name)
    yield from strings(paragraphs(told.page))
    for answer in told.answers:
        yield from strings(answer)


def test_there_are_two_cases_for_each_exam_and_a_text_for_each_case() -> None:
    exams = Counter(read_case(path).record.exam.id for path in CASES.values())
    assert len(exams) == 6
    assert set(exams.values()) == {2}
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(CASES)
    assert set(asked_about()) == set(CASES)


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_briefing_reads_as_agreed(name: str) -> None:
    agreed = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    told = tell(name).page
    difference = "\n".join(
        difflib.unified_diff(
            agreed.splitlines(), told.splitlines(), f"{name}.txt", "now", lineterm="", n=2
        )
    )
    assert told == agreed, f"\n{difference}\n\nRead it aloud; then, if it is better: {REWRITE}"


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_page_fits_a_small_terminal(name: str) -> None:
    page = tell(name).page
    assert [line for line in page.splitlines() if len(line) > 80 and line[0] not in "$#"] == []
    assert "\x1b" not in page


@pytest.mark.parametrize("name", sorted(CASES))
def test_no_sentence_blames_shouts_or_comforts_falsely(name: str) -> None:
    own = re.compile("|".join(map(re.escape, OWN_STATEMENTS)))
    learner = set(strings_of_the_learner(name))
    said = [own.sub("", QUOTED.sub("", s)) for s in sentences(name) if s not in learner]
    assert [s for s in said if BLAMING.search(s)] == []
    assert [s for s in said if "!" in s or FALSE_COMFORT.search(s)] == []


def strings_of_the_learner(name: str) -> Iterator[str]:
    yield from re.findall(r'"([^"\n]*)"', CASES[name].read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_percentage_has_its_range_or_count_beside_it(name: str) -> None:
    bare = [s for s in sentences(name) if PERCENT.search(s) and not RANGE_OR_COUNT.search(s)]
    assert [s for s in bare if s != "equated percent correct"] == []


@pytest.mark.parametrize("name", sorted(CASES))
def test_no_sentence_gives_a_chance_of_matching(name: str) -> None:
    for s in sentences(name):
        if re.search(r"\b(match(es|ed|ing)?|rank list)\b", s, re.IGNORECASE):
            if re.search(r"\b(chance|odds|probab\w+|likely)\b", s, re.IGNORECASE):
                assert s.startswith("Your own chance of matching"), s  # "Nobody publishes it"
            assert not re.search(r"\byou\b.*\d+ (of|in) \d+|\d+ (of|in) \d+.*\byou\b", s), s


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_count_of_others_names_its_year(name: str) -> None:
    """Counts of the world carry their year; the model's own ("with your record") have none."""
    for s in paragraphs(tell(name).page):
        for count in re.finditer(r"Of [\d,]+ repeat attempts[^.]*\.", s):
            assert re.search(r"\(\w+, (19|20)\d\d(-\d{4})?; [\d,]+ in all\)", count.group()), s


@pytest.mark.parametrize("name", sorted(CASES))
def test_every_answer_lists_a_source_with_its_confidence_for_what_it_takes_from_the_world(
    name: str,
) -> None:
    brief = tell(name).answers[0]
    assert brief["sources"]
    for source in brief["sources"]:
        assert source["source"], source["id"]
        assert source["confidence"] in ("official", "reported", "inferred")


@pytest.mark.parametrize("name", sorted(CASES))
def test_help_is_named_before_any_number(name: str) -> None:
    page = tell(name).page
    chance = re.search(r"\b\d (?:in|of) 10\b|\bOf 10 people\b", page)
    assert chance is not None
    assert page.index("bounceback support") < chance.start()


@pytest.mark.parametrize(
    ("word", "found"),
    [("You are behind", True), ("overdue", True), ("You should have", True), ("a session", False)],
)
def test_the_list_finds_what_it_is_for(word: str, found: bool) -> None:
    assert bool(BLAMING.search(word)) is found


@pytest.mark.parametrize(
    ("text", "bare"), [("a 74 % chance", True), ("51 to 61 % correct", False), ("74 percent", True)]
)
def test_a_bare_percentage_is_found(text: str, bare: bool) -> None:
    assert bool(PERCENT.search(text) and not RANGE_OR_COUNT.search(text)) is bare
