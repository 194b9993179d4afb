"""My reason: the learner's own words, at the moments that matter; and a two-minute reflection."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bounceback.appraisal.text_tables import load_table
from bounceback.errors import QuestionError
from bounceback.records.models import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonCard:
    """The reason at one moment.

    Attributes:
        moment: Where it stands.
        lead: One line above it; the invitation where no reason is written yet.
        words: The learner's own words, unchanged; empty if none are written.
    """

    moment: str
    lead: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReflectionStep:
    """One step of the guided reflection."""

    seconds: int
    ask: str


def reason_moments() -> tuple[str, ...]:
    """Moments at which the reason may stand."""
    return tuple(load_table("reason")["moments"])


def reason_at(record: Record, moment: str) -> ReasonCard:
    """The reason for one moment; an invitation without pressure where none is written.

    Raises:
        QuestionError: There is no such moment.
    """
    text = load_table("reason")
    if moment not in text["moments"]:
        raise QuestionError(
            f"moment {moment!r} is not known; allowed: {', '.join(text['moments'])} (appraisal). "
            "Use one of these."
        )
    words = (record.learner.reason or "").strip()
    lead = text["moments"][moment] if words else text["empty"]["invite"]
    return ReasonCard(moment=moment, lead=lead, words=words)


def reflection() -> tuple[ReflectionStep, ...]:
    """The guided reflection: two minutes in all; every step, and the whole, may be skipped."""
    return tuple(
        ReflectionStep(seconds=row["seconds"], ask=row["ask"])
        for row in load_table("reason")["reflection"]
    )


def keep_reason(record: Record, words: str) -> Record:
    """The record with the reason in the learner's words; an empty text takes it back."""
    kept = " ".join(words.split())
    return replace(record, learner=replace(record.learner, reason=kept or None))
