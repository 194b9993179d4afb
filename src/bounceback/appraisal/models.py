"""What an appraisal is made of: measures, findings, prescriptions.

Every value is frozen, picklable and compares by content. Sentences are complete and in the second
person; a face prints them as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from bounceback.errors import QuestionError

Certainty = Literal["low", "medium", "high"]
Kind = Literal["safety", "access", "load", "strategy", "knowledge", "effort"]
State = Literal["held-back", "look-again", "kept-well", "unknown"]

CERTAINTIES: tuple[Certainty, ...] = ("low", "medium", "high")
SHOWN = 3
"""Findings shown at once: one page that a tired person can take in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of days, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """Calendar days in the span; 0 if it is empty."""
        return max(0, (self.last - self.first).days + 1)

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One indicator of the record.

    Attributes:
        name: Key of the indicator, ``minutes_per_study_day``.
        value: The number in ``unit``; ``None`` if the minimum of data is not reached.
        unit: Unit of ``value``.
        n: How many entries it rests on.
        counted: What ``n`` counts: ``days``, ``items``, ``tests``, …
        first: First day of evidence.
        last: Last day of evidence.
        words: The sentence for the learner, counts first, with n and dates; when ``value`` is
            ``None`` it begins "not enough recorded yet".
    """

    name: str
    value: float | None
    unit: str
    n: int
    counted: str
    words: str
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prescription:
    """At most one change of the plan that follows from a finding.

    Attributes:
        parameter: Name of a plan parameter (``facts/data/parameters/plan.csv``).
        value: New value of that parameter.
        unit: Its unit, as the plan declares it.
        why: What changes and for what, one sentence.
        evidence: What it rests on, with source and year, or that it is a design choice.
    """

    parameter: str
    value: float | int | bool | str
    unit: str
    why: str
    evidence: str

    @property
    def sentence(self) -> str:
        """The change and its evidence in words."""
        return f"{self.why} {self.evidence}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing the appraisal says about one dimension.

    Attributes:
        dimension: One of the nineteen (``data/dimensions.toml``).
        part: Sub-question inside the dimension; empty for the dimension as a whole.
        state: ``held-back`` (ranked), ``look-again`` (words and record differ), ``kept-well``,
            ``unknown`` (the record cannot tell).
        kind: What sort of cause it names; effort comes after strategy, load and access.
        finding: One or two sentences.
        confidence: How sure.
        said: The learner's own answer in words; empty if not asked or not answered.
        measured: The record's indicator with n and dates, or "not enough recorded yet: …".
        prescription: The one plan change; ``None`` if none follows.
        evidence: The published finding behind it, with source and year; or "our own threshold".
        severity: In [0, 1], how far past the threshold; for ranking alone, never shown.
        measure: The indicator itself, so that ten days later it can be compared.
    """

    dimension: str
    part: str = ""
    state: State
    kind: Kind
    finding: str
    confidence: Certainty
    said: str = ""
    measured: str = ""
    prescription: Prescription | None = None
    evidence: str = ""
    severity: float = 0.0
    measure: Measure | None = None

    def __post_init__(self) -> None:
        if not 0.0 <= self.severity <= 1.0:
            raise QuestionError(
                f"severity={self.severity!r} of the finding on {self.dimension}; allowed: 0 to 1 "
                "(appraisal). Scale it by the distance to the threshold."
            )

    def to_briefing(self) -> dict[str, str]:
        """The finding under the briefing's keys, as text."""
        return {
            "dimension": self.dimension,
            "finding": self.finding,
            "confidence": self.confidence,
            "said": self.said,
            "measured": self.measured,
            "prescription": self.prescription.sentence if self.prescription else "",
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Appraisal:
    """Why the last attempt went as it did: ranked findings, plan changes, one person, one date.

    Attributes:
        as_of: The day it was made.
        ranked: Findings that hold the learner back, largest first; at most one a dimension and
            part.
        others: What is kept well, where to look again, what is unknown.
        paragraph: What held you back, how sure we are, what we do not know.
        heard: A kind sentence where the learner wrote that the exam was unfair; else empty.
        done_well: One thing done well.
        tell: One person to tell.
        next_check: The day on which the appraisal is made anew.
    """

    as_of: date
    ranked: tuple[Finding, ...]
    others: tuple[Finding, ...]
    paragraph: str
    heard: str
    done_well: str
    tell: str
    next_check: date

    @property
    def largest(self) -> tuple[Finding, ...]:
        """The three that are shown."""
        return self.ranked[:SHOWN]

    @property
    def prescriptions(self) -> tuple[Prescription, ...]:
        """Plan changes of the findings shown, one a parameter: the largest finding wins."""
        chosen: dict[str, Prescription] = {}
        for finding in self.largest:
            if finding.prescription is not None:
                chosen.setdefault(finding.prescription.parameter, finding.prescription)
        return tuple(chosen.values())
