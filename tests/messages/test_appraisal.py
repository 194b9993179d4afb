"""Sentences of Look back, help and support: plain, without blame, every figure with its source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bounceback import appraisal
from bounceback.appraisal import text_tables
from bounceback.messages import registered_codes, render
from bounceback.messages.appraisal import evidence_sentence, message_text
from bounceback.messages.names import table
from bounceback.reasons import Reason
from bounceback.records.models import AppraisalAnswer
from tests.appraisal import learners
from tests.appraisal.learners import TODAY, everyone
from tests.messages.word_list import hits

BLAME = (
    "just", "should have", "behind", "overdue", "failed to", "lazy", "laziness",
    "excuse", "excuses", "not enough effort", "did not study enough", "too little effort",
    "your fault", "peers", "classmates", "others did better", "give up", "gave up", "weak student",
    "must", "disappointing", "poor", "bad", "streak", "loser", "hopeless", "incapable",
)  # fmt: skip
BLAMING = re.compile(r"\b(" + "|".join(map(re.escape, BLAME)) + r")\b", re.IGNORECASE)


def reasons_of_the_learners() -> Iterator[Reason]:
    """Every reason given to the written learners, asked in every way."""
    low = {d.id: AppraisalAnswer(answer=1) for d in text_tables.dimensions()}
    high = {d.id: AppraisalAnswer(answer=5) for d in text_tables.dimensions()}
    for learner in everyone():
        for answers in ({}, low, high):
            result = appraisal.appraise(learner.record, TODAY, answers)
            yield from (*result.says, *result.done_well, result.tell)
            for finding in (*result.ranked, *result.others):
                yield from (*finding.says, *finding.said)
                if finding.measure is not None:
                    yield finding.measure.says
                if finding.prescription is not None:
                    yield from finding.prescription.why
            for change in appraisal.at_work(learner.record, TODAY, result):
                yield from change.why
        back = appraisal.lookback(learner.record)
        yield from (*back.decided, *(m.says for m in (*back.indicators, *back.unknown)))
        triggers = appraisal.help_triggers(learner.record, TODAY, time_needed="fundamental-gap")
        for trigger in triggers:
            yield from (trigger.title, *trigger.why, trigger.offer, trigger.to, trigger.opening)
            yield from trigger.summary
        page = appraisal.first_page(learner.record, TODAY)
        yield from (page.opening, page.not_alone)
        for fear in page.fears:
            yield from (fear.name, *fear.answer, fear.ask)
        for step in (*page.first_week, *page.now):
            yield from (step.do, step.who)
    for question in appraisal.questions():
        yield from (question.title, question.statement)
        if question.ask is not None:
            yield question.ask
    profile = dict.fromkeys(learners.AREAS[:3], "lower")
    record = learners.avoider()
    attempt = replace(record.attempts[0], profile=profile)
    compared = appraisal.compare_reports(replace(record, attempts=(attempt,)), TODAY)
    assert compared is not None
    yield from (compared.says, *(area.says for area in compared.areas))


REASONS = tuple({str(r): r for r in reasons_of_the_learners()}.values())
OWN_NOTES = re.compile(r"“[^”]*”")
"""What the learner wrote or answered is quoted as it is."""

SENTENCES = sorted(
    {OWN_NOTES.sub("", render(r)) for r in REASONS}
    | {evidence_sentence(key) for key in text_tables.load_table("evidence")}
)


def test_there_is_something_to_read() -> None:
    assert len(SENTENCES) > 200


def test_no_sentence_holds_a_word_put_aside() -> None:
    assert {s: hits(s) for s in SENTENCES if hits(s)} == {}


def test_no_sentence_blames() -> None:
    assert {s: BLAMING.findall(s) for s in SENTENCES if BLAMING.search(s)} == {}


@pytest.mark.parametrize("word", ["You are behind", "You should have", "it is just", "lazy"])
def test_the_list_of_blame_words_finds_what_it_is_for(word: str) -> None:
    assert BLAMING.search(word)


def test_no_sentence_has_an_exclamation_mark_or_a_semicolon() -> None:
    assert [s for s in SENTENCES if "!" in s or ";" in s] == []


def test_no_sentence_gives_a_chance_of_a_match() -> None:
    for sentence in SENTENCES:
        if re.search(r"\bmatch(ed|ing)?\b", sentence):
            assert not re.search(r"\d+ (of|in) \d+", sentence), sentence


def test_offers_name_source_and_year_with_their_figures() -> None:
    for row in table("triggers").values():
        if re.search(r"\d", row["offer"]):
            assert re.search(r"(of|,) \d{4}\)", row["offer"]), row["offer"]


def test_findings_stay_short() -> None:
    for learner in everyone():
        result = appraisal.appraise(learner.record, TODAY)
        for finding in result.largest:
            assert len(" ".join(map(render, finding.says)).split()) <= 60
        assert len(" ".join(map(render, result.says)).split()) <= 60


def test_a_draft_asks_first_and_then_lists_what_it_shows() -> None:
    draft = next(
        x for x in appraisal.help_triggers(learners.dodger(), TODAY) if x.has_message and x.summary
    )
    opening, *lines = message_text(draft).rstrip().split("\n")
    assert opening == render(draft.opening)
    assert [x for x in lines if x] == [f"- {render(line)}" for line in draft.summary]


def test_every_message_can_be_reached_by_its_code() -> None:
    assert {code for code in registered_codes() if code.startswith("appraisal.")} >= {
        r.code for r in REASONS if r.code.startswith("appraisal.")
    }
