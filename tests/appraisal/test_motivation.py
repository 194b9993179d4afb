from __future__ import annotations

from dataclasses import replace

import pytest

from bounceback.appraisal import keep_reason, reason_at, reflection
from bounceback.appraisal.motivation import reason_moments
from bounceback.errors import QuestionError
from tests.appraisal import learners

WORDS = "I want to practise family medicine where I grew up."


@pytest.mark.parametrize("moment", reason_moments())
def test_the_reason_stands_in_the_learners_own_words(moment: str) -> None:
    record = keep_reason(learners.steady(), WORDS)
    card = reason_at(record, moment)
    assert card.words == WORDS
    assert card.lead


def test_without_a_reason_there_is_an_invitation_that_can_wait() -> None:
    card = reason_at(learners.steady(), "opening")
    assert card.words == ""
    assert card.lead.code == "appraisal.your-reason-invite"


def test_an_empty_text_takes_the_reason_back() -> None:
    assert keep_reason(keep_reason(learners.steady(), WORDS), "  ").learner.reason is None


def test_keeping_a_reason_changes_nothing_else() -> None:
    record = learners.steady()
    kept = keep_reason(record, WORDS)
    assert replace(kept, learner=record.learner) == record


def test_the_reflection_takes_two_minutes() -> None:
    assert sum(step.seconds for step in reflection()) == 120


def test_an_unknown_moment_is_refused_with_the_list() -> None:
    with pytest.raises(QuestionError, match="allowed: opening"):
        reason_at(learners.steady(), "midnight")
