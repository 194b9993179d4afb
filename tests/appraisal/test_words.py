"""Every sentence of the room: no blame, no bare percentage, no figure without source and year."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bounceback import appraisal, facts
from bounceback.appraisal import text_tables
from bounceback.records.models import AppraisalAnswer
from tests.appraisal import learners
from tests.appraisal.learners import TODAY, everyone

ROOM = Path(appraisal.__file__).parent
BLAME = (
    "only", "just", "should have", "behind", "overdue", "failed to", "lazy", "laziness",
    "excuse", "excuses", "not enough effort", "did not study enough", "too little effort",
    "your fault", "peers", "classmates", "others did better", "give up", "gave up", "weak student",
    "must", "disappointing", "poor", "bad", "streak", "loser", "hopeless", "incapable",
)  # fmt: skip
BLAMING = re.compile(r"\b(" + "|".join(map(re.escape, BLAME)) + r")\b", re.IGNORECASE)


def table_sentences() -> Iterator[str]:
    """Every text of the room's tables, but the list of danger words."""

    def walk(value: object, key: str = "") -> Iterator[str]:
        if isinstance(value, dict):
            for k, v in value.items():
                if k != "words" or not isinstance(v, list):
                    yield from walk(v, k)
        elif isinstance(value, list):
            for v in value:
                yield from walk(v, key)
        elif isinstance(value, str) and key not in ("id", "fact", "kind", "asked", "act"):
            yield value

    for path in sorted((ROOM / "data").glob("*.toml")):
        yield from walk(tomllib.loads(path.read_text("utf-8")))


def code_sentences() -> Iterator[str]:
    """Every string with a space in the code, but docstrings, error texts included."""
    for path in sorted(ROOM.glob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        docs = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        attribute_docs = {
            id(node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }
        for node in ast.walk(tree):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
                continue
            if id(node) not in docs | attribute_docs and " " in node.value.strip():
                yield node.value


def spoken() -> Iterator[str]:
    """Every sentence said to the written learners."""
    low = {d.id: AppraisalAnswer(answer=1) for d in text_tables.dimensions()}
    high = {d.id: AppraisalAnswer(answer=5) for d in text_tables.dimensions()}
    for learner in everyone():
        for answers in ({}, low, high):
            found = appraisal.appraise(learner.record, TODAY, answers)
            yield from (found.paragraph, found.heard, found.done_well, found.tell)
            for finding in (*found.ranked, *found.others):
                yield from (finding.finding, finding.measured, finding.evidence)
                if finding.prescription is not None:
                    yield from (finding.prescription.why, finding.prescription.evidence)
        back = appraisal.lookback(learner.record)
        yield back.words
        for trigger in appraisal.help_triggers(
            learner.record, TODAY, time_needed="fundamental-gap"
        ):
            yield from (trigger.title, trigger.why, trigger.offer)
            if trigger.message is not None:
                yield trigger.message.text
        page = appraisal.first_page(learner.record, TODAY)
        yield from (page.opening, page.not_alone, *(f.answer + f.ask for f in page.fears))
    profile = dict.fromkeys(learners.AREAS[:3], "lower")
    record = learners.avoider()
    sitting = replace(record.attempts[0], profile=profile)
    compared = appraisal.compare_reports(replace(record, attempts=(sitting,)), TODAY)
    assert compared is not None
    yield from (compared.words, *(c.words for c in compared.areas))


def all_sentences() -> list[str]:
    return sorted({s for s in (*table_sentences(), *code_sentences(), *spoken()) if s})


SENTENCES = all_sentences()


def test_there_is_something_to_read() -> None:
    assert len(SENTENCES) > 400


LEARNERS_VOICE = frozenset({"I used only the most important resources.", "Was it my only chance?"})
"""The learner's own statements, which the method and the fears word so."""


def test_no_sentence_blames() -> None:
    quoted = re.compile("|".join(map(re.escape, LEARNERS_VOICE)))
    said = [quoted.sub("", s) for s in SENTENCES]
    assert {s: BLAMING.findall(s) for s in said if BLAMING.search(s)} == {}


@pytest.mark.parametrize("word", ["You are behind", "You should have", "it is just", "lazy"])
def test_the_list_of_blame_words_finds_what_it_is_for(word: str) -> None:
    assert BLAMING.search(word)


def test_no_sentence_has_an_exclamation_mark_or_a_percent_sign() -> None:
    """Shares are counts here; a percentage would need its range or count beside it."""
    assert [s for s in SENTENCES if "!" in s or re.search(r"\d\s*(%|percent\b)", s)] == []


def test_no_sentence_gives_a_chance_of_a_match() -> None:
    for sentence in SENTENCES:
        if re.search(r"\bmatch(ed|ing)?\b", sentence):
            assert not re.search(r"\d+ (of|in) \d+", sentence), sentence


@pytest.mark.parametrize("key", sorted(text_tables.load_table("evidence")))
def test_every_figure_of_the_evidence_is_a_figure_of_its_fact_with_source_and_year(
    key: str,
) -> None:
    found = text_tables.evidence(key)
    numbers = [
        float(x.replace(",", "").replace("−", "-"))
        for x in re.findall(r"[−-]?\d[\d,]*\.?\d*", found.says)
    ]
    if not found.fact:
        assert numbers == []
        return
    assert re.search(r"\([^()]+, \d{4}\)\.$", found.sentence)
    row = text_tables.evidence_row(found.fact)
    assert row["confidence"] != "inferred"
    known = [
        float(x.replace(",", ""))
        for x in re.findall(
            r"-?\d[\d,]*\.?\d*", " ".join(v for k, v in row.items() if k != "source")
        )
    ]
    for number in numbers:
        if number == 100:
            continue
        assert any(
            abs(number - k) <= 0.5 and (number == k or number == round(k) or abs(number - k) < 0.01)
            for k in known
        ), (number, row)


def test_sentences_of_the_triggers_name_source_and_year_with_their_figures() -> None:
    for row in text_tables.load_table("triggers").values():
        if re.search(r"\d", row["offer"]):
            assert re.search(r"(of|,) \d{4}\)", row["offer"]), row["offer"]


def test_the_words_stay_short() -> None:
    for learner in everyone():
        found = appraisal.appraise(learner.record, TODAY)
        for finding in found.largest:
            assert len(finding.finding.split()) <= 60
        assert len(found.paragraph.split()) <= 60


def test_thresholds_are_all_used_and_all_read_ones_are_known() -> None:
    names = set(facts.parameters("appraisal", "usmle-step-1"))
    code = "\n".join(p.read_text("utf-8") for p in ROOM.glob("*.py"))
    read = set(re.findall(r'\bt\[\s*"(\w+)"\s*\]|\bt\.count\(\s*"(\w+)"|case\.t\["(\w+)"\]', code))
    read_names = {x for group in read for x in group if x}
    assert read_names <= names
    spelled = {n for n in names if f'"{n}"' in code or n.startswith("guess_gap_")}
    assert names - spelled == set()
