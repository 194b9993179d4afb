"""People to reach: asked for at any time, and before any number on some days."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bounceback.errors import QuestionError
from bounceback.records.models import Checkin
from bounceback.services import briefing
from bounceback.services.support import score_screen, support_before_numbers, support_for
from tests.services.builders import TODAY, known

CASE = known()["step1-us-md-wobbly"]


def test_without_a_record_every_country_is_listed() -> None:
    at_home = replace(CASE, learner=replace(CASE.learner, country="US"))
    everybody = {line.country for line in support_for(None).lines}
    own = {line.country for line in support_for(at_home).lines}
    assert own < everybody
    assert not support_for(at_home).before_numbers


def test_not_safe_leaves_the_urgent_lines_alone() -> None:
    urgent = support_for(CASE, safe="no")
    assert {line.kind for line in urgent.lines} <= {"emergency", "crisis", "directory"}
    assert urgent.before_numbers


def test_words_of_danger_come_before_the_numbers_of_a_briefing() -> None:
    calm = briefing(CASE, TODAY)
    # A few keys of a case may name a moment already; the words must add theirs.
    before = support_before_numbers(calm)
    low = replace(CASE, checkins=(Checkin(date=TODAY, phq2=6),))
    card = support_before_numbers(briefing(low, TODAY))
    assert card is not None
    assert "mood-screen" in card.moments
    assert before is None or "mood-screen" not in before.moments


def test_a_form_with_an_answer_missing_is_refused() -> None:
    with pytest.raises(QuestionError):
        score_screen("phq-2", [1])
