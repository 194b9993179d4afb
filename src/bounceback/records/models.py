"""The learner's record: everything one learner told us, as one frozen value.

The fields and their names are those of the case file (``docs/reference/case-file.md``). A missing
entry is ``None`` or an empty tuple: unknown, never zero. Mappings are plain dictionaries that
nobody changes; every value is picklable and comparable.

Area names are kept as resolved official names once a record has been read by ``case_file``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

from bounceback.vocabulary import (
    Activity,
    AppraisalKey,
    BlockMode,
    Cause,
    Distance,
    ExamId,
    GrantRight,
    GrantScope,
    Group,
    Level,
    Outcome,
    ResourceKind,
    SessionKind,
    Strand,
    Weekday,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Learner:
    """Who sits the exam, as far as the forecast, the rules and the support lines need to know."""

    group: Group
    time_zone: str
    state: str | None = None
    country: str | None = None
    degree_year: int | None = None
    apply_year: int | None = None
    reason: str | None = None
    specialties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility:
    """First and last day on which the learner may sit, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A day by which somebody needs something."""

    date: date
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamTarget:
    """The exam ahead: which, on which days it may be taken, when it is planned.

    Attributes:
        planned_date: The date the learner chose; the plan leads to it.
        date_stands: The learner keeps that date against the advice to build up first.
        working_date: Where no date is chosen: fixed by the first plan, moved by the learner alone.
    """

    id: ExamId
    eligibility: Eligibility | None = None
    planned_date: date | None = None
    date_stands: bool = False
    working_date: date | None = None
    deadlines: tuple[Deadline, ...] = ()
    target_p_pass: float | None = None
    clearance: str | None = None
    accommodations: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt at a real exam.

    Attributes:
        outcome: ``awaiting`` until the board reports; then nothing below is known but the hours.
        result_read: The day the learner read the result.
        score: Only if the board reported a number.
    """

    exam: ExamId
    result_read: date | None = None
    date: date
    outcome: Outcome
    score: float | None = None
    distance_below_pass: Distance | None = None
    hours_per_day: float | None = None
    profile: Mapping[str, Level] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaResult:
    """Result in one area of a form or block: counts, or a percentage with its number of items."""

    correct: int | None = None
    items: int | None = None
    percent: float | None = None

    @property
    def fraction(self) -> float | None:
        """Share correct in [0, 1]; ``None`` if nothing was given."""
        if self.correct is not None and self.items:
            return self.correct / self.items
        return None if self.percent is None else self.percent / 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One practice test taken. ``score`` is on the family's own scale (a fact)."""

    family: str
    form: str
    date: date
    score: float | None = None
    scale: str | None = None
    printed_p_pass: float | None = None
    predicted: float | None = None
    timed: bool = True
    interrupted: bool = False
    repeat: bool = False
    areas: Mapping[str, AreaResult] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemTrace:
    """One answered question of a block: place, time, first and final answer."""

    position: int
    seconds: float | None = None
    correct: bool | None = None
    first: str | None = None
    chosen: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One set of bank questions done together."""

    date: date
    bank: str
    items: int
    correct: int
    minutes: float | None = None
    mode: str = "timed"
    first_pass: bool = True
    areas: Mapping[str, AreaResult] = field(default_factory=dict)
    trace: tuple[ItemTrace, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """One wrong or guessed question with its cause; never the item's text."""

    date: date
    cause: Cause
    area: str | None = None
    chosen: str | None = None
    confidence: int | None = None
    seconds: float | None = None
    item: str | None = None
    rule: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look at a rule that a miss left: whether it came to mind."""

    date: date
    rule: str
    recalled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """Minutes that were spent, on what."""

    date: date
    minutes: float
    activity: Activity
    area: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkin:
    """Private: sleep, a short mood screen, a human contact. Never part of a share."""

    date: date
    sleep_hours: float | None = None
    phq2: int | None = None
    contact: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockWindow:
    """A stretch of a day on the learner's clock, ``start`` before ``end``."""

    start: time
    end: time

    @property
    def minutes(self) -> int:
        """Length in whole minutes."""
        return (self.end.hour - self.start.hour) * 60 + self.end.minute - self.start.minute


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """Time that is already promised elsewhere."""

    date: date
    start: time
    minutes: int
    what: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """Minutes a weekday before commitments, clock windows, caps, days off."""

    minutes: Mapping[Weekday, int]
    windows: Mapping[Weekday, tuple[ClockWindow, ...]] = field(default_factory=dict)
    max_minutes_per_day: int | None = None
    days_off: tuple[date, ...] = ()
    commitments: tuple[Commitment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """Something the learner studies from.

    Attributes:
        catalogue: Entry of the catalog of resources; sizes that are absent here come from it.
        strand: Work beside the areas that it serves.
        left_by_area: Unused questions by area of the blueprint, where the bank shows them.
        minutes_per_unit: Review included.
    """

    name: str
    kind: ResourceKind
    catalogue: str | None = None
    strand: Strand | None = None
    left_by_area: Mapping[str, int] = field(default_factory=dict)
    units: int | None = None
    done: int = 0
    minutes_per_unit: float | None = None
    due_per_day: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerForm:
    """A practice form that the learner owns and has not used."""

    family: str
    form: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppraisalAnswer:
    """Answer to one question of the appraisal, 1 (not at all true) to 5."""

    answer: int
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStep:
    """One step of a planned session, and its minutes."""

    what: str
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSession:
    """A session of the plan as the learner last saw it, with what became of it.

    Attributes:
        units: Questions, cards, pages or videos of the resource.
        mode: Timed or tutor, of questions.
        filter: What to choose in the bank.
        areas: Several areas or strands of one session; empty: all of them, or ``area`` alone.
        first_pass: Whether the questions are new; ``None`` where there are none.
        of: Id of the session that this one reviews.
        steps: What is done in order.
        done_minutes: ``None`` where unknown, 0 where it was not done.
    """

    id: str
    date: date
    start: time | None = None
    minutes: int
    activity: Activity | None = None
    area: str | None = None
    resource: str | None = None
    kind: SessionKind = "study"
    form: str | None = None
    units: int | None = None
    mode: BlockMode | None = None
    filter: str | None = None
    areas: tuple[str, ...] = ()
    first_pass: bool | None = None
    of: str | None = None
    steps: tuple[PlannedStep, ...] = ()
    why: str | None = None
    done_minutes: int | None = None
    locked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pact:
    """The rule and the day that student and adviser agreed in advance."""

    rule: str
    date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionPreferences:
    """Utilities that the learner or school set, and the pact."""

    weights: Mapping[str, float] = field(default_factory=dict)
    pact: Pact | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Permission for one person to see parts of the record until a day.

    Attributes:
        to: Whom it is given to, as the learner names them.
        scopes: Which parts.
        may: See, comment, or propose changes.
        purpose: What it is for, in the learner's words.
        from_: First day on which it holds; ``None``: from now on.
        until: Last day on which it holds.
    """

    to: str
    scopes: tuple[GrantScope, ...]
    may: GrantRight = "see"
    purpose: str = ""
    from_: date | None = None
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """One meeting with the adviser and what was agreed."""

    date: date
    with_: str
    agreed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Everything one learner told us. Sequences are in the order of the file."""

    learner: Learner
    exam: ExamTarget
    attempts: tuple[Attempt, ...] = ()
    forms: tuple[Form, ...] = ()
    blocks: tuple[Block, ...] = ()
    misses: tuple[Miss, ...] = ()
    looks: tuple[Look, ...] = ()
    study: tuple[Study, ...] = ()
    checkins: tuple[Checkin, ...] = ()
    availability: Availability | None = None
    resources: tuple[Resource, ...] = ()
    ledger: tuple[LedgerForm, ...] = ()
    appraisal: Mapping[AppraisalKey, AppraisalAnswer] = field(default_factory=dict)
    plan: tuple[PlannedSession, ...] = ()
    decision: DecisionPreferences = field(default_factory=DecisionPreferences)
    grants: tuple[Grant, ...] = ()
    meetings: tuple[Meeting, ...] = ()
