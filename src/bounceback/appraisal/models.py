"""What an appraisal is made of: measures, findings, prescriptions.

Every value is frozen, picklable and compares by content. What is to be said is a
:class:`~bounceback.reasons.Reason`; ``bounceback.messages.appraisal`` writes the sentences.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from bounceback.errors import QuestionError
from bounceback.reasons import Reason

Certainty = Literal["low", "medium", "high"]
Kind = Literal["safety", "access", "load", "strategy", "knowledge", "effort"]
State = Literal["held-back", "look-again", "kept-well", "unknown"]

CERTAINTIES: tuple[Certainty, ...] = ("low", "medium", "high")
SHOWN = 3
"""Findings shown at once: one page that a tired person can take in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A period of days, both included."""

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
        says: What was measured, with n and dates, or what is missing where ``value`` is ``None``.
    """

    name: str
    value: float | None
    unit: str
    n: int
    counted: str
    says: Reason
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prescription:
    """At most one change of the plan that follows from a finding.

    Attributes:
        parameter: Name of a plan parameter (``facts/data/parameters/plan.csv``).
        value: New value of that parameter.
        unit: Its unit, as the plan declares it.
        why: What changes and for what, one or two reasons.
        evidence: Id of the published finding behind it (``data/evidence.toml``); ``design`` is a
            choice of our own.
    """

    parameter: str
    value: float | int | bool | str
    unit: str
    why: tuple[Reason, ...]
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing the appraisal says about one dimension.

    Attributes:
        dimension: One of the nineteen (``data/dimensions.toml``).
        part: Sub-question inside the dimension; empty for the dimension as a whole.
        state: ``held-back`` (ranked), ``look-again`` (words and record differ), ``kept-well``,
            ``unknown`` (the record cannot tell).
        kind: What sort of cause it names; effort comes after strategy, load and access.
        says: The finding: one or two reasons.
        confidence: How sure.
        said: The learner's own answers; empty if not asked or not answered.
        prescription: The one plan change; ``None`` if none follows.
        evidence: Id of the published finding behind it (``data/evidence.toml``); ``None`` where the
            finding rests on words alone.
        severity: In [0, 1], how far past the threshold; for ranking alone, never shown.
        measure: The indicator itself, so that ten days later it can be compared.
    """

    dimension: str
    part: str = ""
    state: State
    kind: Kind
    says: tuple[Reason, ...]
    confidence: Certainty
    said: tuple[Reason, ...] = ()
    prescription: Prescription | None = None
    evidence: str | None = None
    severity: float = 0.0
    measure: Measure | None = None

    def __post_init__(self) -> None:
        if not 0.0 <= self.severity <= 1.0:
            raise QuestionError(
                f"severity={self.severity!r} of the finding on {self.dimension}; allowed: 0 to 1 "
                "(appraisal). Scale it by the distance to the threshold."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Appraisal:
    """Why the last attempt went as it did: ranked findings, plan changes, one person, one date.

    Attributes:
        as_of: The day it was made.
        ranked: Findings that hold the learner back, largest first; at most one a dimension and
            part.
        others: What is kept well, where to look again, what is unknown.
        says: What held the learner back, how sure we are, what is not known yet.
        wrote_unfair: Whether the learner wrote that the exam was unfair.
        done_well: One thing done well.
        tell: One person to tell.
        next_check: The day on which the appraisal is made again.
    """

    as_of: date
    ranked: tuple[Finding, ...]
    others: tuple[Finding, ...]
    says: tuple[Reason, ...]
    wrote_unfair: bool
    done_well: tuple[Reason, ...]
    tell: Reason
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
