"""My reason: the learner's own words, at the moments that matter; and a two-minute reflection."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from bounceback.errors import QuestionError
from bounceback.reasons import Reason, reason
from bounceback.records.models import Record

MOMENTS: Final = (
    "opening",
    "low-forecast",
    "postponement",
    "hard-day",
    "before-form",
    "night-before",
    "after-pass",
)
"""Moments at which the reason may stand."""

REFLECTION_SECONDS: Final = (20, 35, 35, 30)
"""Length of each step of the guided reflection: two minutes in all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonCard:
    """The reason at one moment.

    Attributes:
        moment: Where it stands.
        lead: One line above it; the invitation where no reason is written yet.
        words: The learner's own words, unchanged; empty if none are written.
    """

    moment: str
    lead: Reason
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReflectionStep:
    """One step of the guided reflection."""

    seconds: int
    ask: Reason


def reason_moments() -> tuple[str, ...]:
    """Moments at which the reason may stand."""
    return MOMENTS


def reason_at(record: Record, moment: str) -> ReasonCard:
    """The reason for one moment; an invitation without pressure where none is written.

    Raises:
        QuestionError: There is no such moment.
    """
    if moment not in MOMENTS:
        raise QuestionError(
            f"moment {moment!r} is not known; allowed: {', '.join(MOMENTS)} (appraisal). "
            "Use one of these."
        )
    words = (record.learner.reason or "").strip()
    lead = (
        reason("appraisal.your-reason", moment=moment)
        if words
        else reason("appraisal.your-reason-invite")
    )
    return ReasonCard(moment=moment, lead=lead, words=words)


def reflection() -> tuple[ReflectionStep, ...]:
    """The guided reflection: two minutes in all; every step, and the whole, may be skipped."""
    return tuple(
        ReflectionStep(seconds=seconds, ask=reason("appraisal.reflection", number=number))
        for number, seconds in enumerate(REFLECTION_SECONDS)
    )


def keep_reason(record: Record, words: str) -> Record:
    """The record with the reason in the learner's words; an empty text takes it back."""
    kept = " ".join(words.split())
    return replace(record, learner=replace(record.learner, reason=kept or None))
