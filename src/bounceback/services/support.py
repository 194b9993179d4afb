"""People a student can reach, and when they come before any number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bounceback import facts
from bounceback.appraisal import crisis_support
from bounceback.appraisal.crisis_support import Safe, Screen, SupportCard
from bounceback.records.models import Learner, Record

if TYPE_CHECKING:
    from bounceback.services.full_briefing import Briefing

US_SCHOOLS = ("us-md", "us-do")
"""Groups whose schools have the crisis line of the United States at hand."""


def country_of(learner: Learner) -> str | None:
    """Return where a student is: the country they entered, else that of their time zone."""
    return learner.country or facts.country_of_zone(learner.time_zone)


def support_for(record: Record | None, *, safe: Safe | None = None) -> SupportCard:
    """Return the people a student can reach, asked for at any time.

    Args:
        record: The student's record; ``None`` lists every country.
        safe: Answer to "Are you safe right now?".
    """
    if record is None:
        return crisis_support.support_card(None, safe=safe)
    learner = record.learner
    return crisis_support.support_card(
        country_of(learner), safe=safe, at_us_school=learner.group in US_SCHOOLS
    )


def support_before_numbers(b: Briefing) -> SupportCard | None:
    """Return the support card where it comes before any number; ``None`` on other days."""
    moments = crisis_support.moments(b.record, b.as_of, p_pass=b.decision.p_pass)
    if not moments:
        return None
    learner = b.record.learner
    return crisis_support.support_card(
        country_of(learner), moments, at_us_school=learner.group in US_SCHOOLS
    )


def score_screen(instrument_id: str, answers: Sequence[int]) -> Screen:
    """Return the score of a short validated form, as published.

    Args:
        instrument_id: A form of the facts, such as ``"phq-2"``.
        answers: One number an item.

    Raises:
        QuestionError: An answer is missing or out of the form's range.
    """
    return crisis_support.score_screen(instrument_id, answers)
