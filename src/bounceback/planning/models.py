"""What a plan is made of: sessions, the ledger of forms, what is left out, what changed.

Every value is frozen and compares by content; ``to_briefing`` gives the keys of the briefing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any, Literal, TypeAlias

from bounceback.reasons import Reason
from bounceback.records.models import PlannedSession, PlannedStep
from bounceback.vocabulary import Activity, BlockMode, SessionKind

DayLevel = Literal["good", "half", "minimum"]
DAY_LEVELS: tuple[DayLevel, ...] = ("good", "half", "minimum")

QUIET_KINDS: frozenset[SessionKind] = frozenset({"rest", "buffer", "logistics"})
"""Kinds of sessions that hold no activity."""

NothingReason = Literal[
    "no-availability",
    "no-hours",
    "exam-today",
    "exam-tomorrow",
    "exam-past",
    "no-material",
    "not-eligible-yet",
    "eligibility-over",
]


@dataclass(frozen=True, slots=True)
class SessionStep:
    """One step of a session: what is done (block, review, causes, test), for how many minutes."""

    what: str
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One planned session of work.

    Attributes:
        id: ``YYYY-MM-DD-n``; kept for as long as the session stays on its day.
        date: Day.
        start: Clock time on the learner's clock.
        minutes: Length; 0 for a rest day that the plan keeps.
        activity: ``None`` for rest, buffer and logistics.
        kind: What sort of session it is.
        area: Area of the share axis; ``None`` when mixed.
        resource: The learner's name of what is used; ``None`` if the record names none.
        form: ``family label`` of a practice form, for kinds form and review.
        units: Fresh units of the resource used up here; ``None`` where none are.
        locked: The learner fixed it; the plan works around it.
        done_minutes: Minutes done, as ticked; ``None`` where unknown, 0 where it was not done.
        why: The reason in one sentence, as text: filled in by ``messages`` or by an earlier plan.
        reason: The same as a value; ``None`` for a session of an earlier plan.
        mode: Timed or tutor, of questions.
        areas: Names of areas or strands where the session has several or a strand; empty: all.
        filter: What to choose in the bank, in its own words.
        first_pass: Whether the questions are new; ``None`` where there are none.
        of: Id of the session that this one reviews.
        steps: What is done in order, with minutes; empty where it is one thing.
    """

    id: str
    date: date
    start: time
    minutes: int
    activity: Activity | None
    kind: SessionKind = "study"
    area: str | None = None
    resource: str | None = None
    form: str | None = None
    units: int | None = None
    locked: bool = False
    done_minutes: int | None = None
    why: str = ""
    reason: Reason | None = field(default=None, compare=False)
    mode: BlockMode | None = None
    areas: tuple[str, ...] = ()
    filter: str | None = None
    first_pass: bool | None = None
    of: str | None = None
    steps: tuple[SessionStep, ...] = ()

    @property
    def start_minute(self) -> int:
        """Minutes after midnight."""
        return self.start.hour * 60 + self.start.minute

    def to_briefing(self) -> dict[str, Any]:
        """The session under the briefing's keys."""
        return {
            "id": self.id,
            "date": self.date.isoformat(),
            "start": self.start.strftime("%H:%M"),
            "minutes": self.minutes,
            "activity": self.activity,
            "kind": self.kind,
            "area": self.area or "",
            "resource": self.resource or "",
            "form": self.form,
            "units": self.units,
            "locked": self.locked,
            "done_minutes": self.done_minutes,
            "why": self.why,
            "mode": self.mode,
            "areas": list(self.areas),
            "filter": self.filter,
            "first_pass": self.first_pass,
            "of": self.of,
            "steps": [{"what": step.what, "minutes": step.minutes} for step in self.steps],
        }

    def to_planned(self) -> PlannedSession:
        """The session as an entry of the record's plan."""
        return PlannedSession(
            id=self.id,
            date=self.date,
            start=self.start,
            minutes=self.minutes,
            activity=self.activity,
            area=self.area,
            resource=self.resource,
            kind=self.kind,
            form=self.form,
            units=self.units,
            why=self.why,
            done_minutes=self.done_minutes,
            locked=self.locked,
            mode=self.mode,
            areas=self.areas,
            filter=self.filter,
            first_pass=self.first_pass,
            of=self.of,
            steps=tuple(PlannedStep(what=s.what, minutes=s.minutes) for s in self.steps),
        )

    @classmethod
    def from_planned(cls, entry: PlannedSession, start: time = time(8, 0)) -> Session:
        """A session from the record's plan; ``start`` stands in where the entry has none."""
        return cls(
            id=entry.id,
            date=entry.date,
            start=entry.start or start,
            minutes=entry.minutes,
            activity=None if entry.kind in QUIET_KINDS else entry.activity,
            kind=entry.kind,
            area=entry.area or None,
            resource=entry.resource or None,
            form=entry.form,
            units=entry.units,
            locked=entry.locked,
            done_minutes=entry.done_minutes,
            why=entry.why or "",
            mode=entry.mode,
            areas=entry.areas,
            filter=entry.filter,
            first_pass=entry.first_pass,
            of=entry.of,
            steps=tuple(SessionStep(step.what, step.minutes) for step in entry.steps),
        )


SecondDay: TypeAlias = "date | None"

TestRole = Literal["baseline", "course", "decision", "first-step", "retest", "spare"]
"""What a practice test is for."""

TestState = Literal[
    "open",
    "placed",
    "taken",
    "ticked",
    "listed-twice",
    "too-long",
    "no-free-day",
    "kept-for-later",
    "too-few-questions",
    "no-plan",
]
"""Where a practice test stands: waiting for a day, on its day, or why it has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One practice test with its day, or the reason why it has none.

    Attributes:
        family: Family id; ``timed-mixed-blocks`` for blocks that stand in for a test.
        form: Label.
        date: Day, or ``None``.
        second_date: Day of the second half, where a test is taken on two days.
        why: The reason as text, filled in by ``messages`` or by an earlier plan.
        reason: The purpose of that day, or why there is none; ``None`` on an earlier plan's entry.
        role: ``baseline``, ``course`` (between), ``decision`` (last two weeks), ``first-step``
            (towards a test that was put off), ``retest`` (checkpoint of the way back), ``spare``.
        state: On its day, or what keeps it from one.
        owned: False for what the plan suggests beyond the learner's own list.
        measure: Counts as one of the two tests inside the last two weeks.
        put_off: How often this test was planned and not taken.
        minutes: Its length, with granted extra time.
        items: Questions in it.
    """

    family: str
    form: str
    date: date | None
    second_date: SecondDay = None
    why: str = ""
    reason: Reason | None = field(default=None, compare=False)
    role: TestRole
    state: TestState = "open"
    owned: bool = True
    measure: bool = True
    put_off: int = 0
    minutes: int = 0
    items: int = 0

    @property
    def label(self) -> str:
        """``family form``, as sessions name it."""
        return f"{self.family} {self.form}".strip()

    @property
    def minutes_on_day(self) -> bool:
        """Whether its day holds it as a session of its own."""
        return self.family != "timed-mixed-blocks"

    def to_briefing(self) -> dict[str, Any]:
        """The entry under the briefing's keys."""
        return {
            "family": self.family,
            "form": self.form,
            # Blocks that stand in for a test fill the days up to one: they have none of their own.
            "date": self.date.isoformat() if self.date and self.minutes_on_day else None,
            "second_date": self.second_date.isoformat() if self.second_date else None,
            "why": self.why,
            "role": self.role,
            "state": self.state,
            "owned": self.owned,
            "measure": self.measure,
            "put_off": self.put_off,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Work that does not fit, in minutes, and the limit that keeps it out.

    Attributes:
        kind: New units of a resource, due cards, a practice test, or a resource set aside.
        what: What it is, as text; filled in by ``messages`` where ``about`` says it.
        minutes: How long it takes.
        why: The limit as text, filled in by ``messages``.
        about: What it is, as a value.
        reason: The limit as a value.
    """

    kind: Literal["units", "due-cards", "test", "set-aside"] = "units"
    what: str = ""
    minutes: int
    why: str = ""
    about: Reason | None = field(default=None, compare=False)
    reason: Reason | None = field(default=None, compare=False)

    def to_briefing(self) -> dict[str, Any]:
        """The entry under the briefing's keys."""
        return {
            "kind": self.kind,
            "what": self.what,
            "minutes": self.minutes,
            "why": self.why,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference between two plans. ``session`` is the old id, or the new one if added."""

    what: Literal["moved", "dropped", "added"]
    session: str
    why: str
    about_form: bool = False

    def to_briefing(self) -> dict[str, str]:
        """The change under the briefing's keys."""
        return {"what": self.what, "session": self.session, "why": self.why}


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingToPlan:
    """Why there is nothing to plan, and the next step. A kind and exact answer, as a value."""

    reason: NothingReason
    words: str
    next_step: str

    def to_briefing(self) -> dict[str, str]:
        """The answer as keys."""
        return {"reason": self.reason, "words": self.words, "next_step": self.next_step}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to do each day until the sitting.

    Attributes:
        as_of: First day of the plan.
        test_date: The sitting it is made for.
        sessions: By day and clock time.
        ledger: Every owned form with a day or a reason, then what the plan suggests.
        fits: Nothing is left out.
        left_out: What does not fit.
        bound_gap_points: Expected points between the relaxation's bound and these sessions.
        gain_points: Expected points of these sessions over no study.
        effort: Planned effective days by area, in the order of the dynamics' areas.
        areas: Names of those areas.
        planned_minutes: Minutes by area; mixed sessions are spread by exam weight.
        minutes_per_day: Raw planned minutes of each day from ``as_of``.
        changes: The short list against an earlier plan, at most sixty words.
        all_changes: Every difference.
        remarks: What the plan took for granted, which limit binds, what is still to be got.
        notes: The same as text, filled in by ``messages``.
        nothing: Set when there is nothing to plan.
        level: Level chosen for ``as_of``.
    """

    as_of: date
    test_date: date
    sessions: tuple[Session, ...] = ()
    ledger: tuple[LedgerEntry, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    bound_gap_points: float = 0.0
    gain_points: float = 0.0
    areas: tuple[str, ...] = ()
    effort: tuple[float, ...] = ()
    planned_minutes: Mapping[str, int] = field(default_factory=dict)
    minutes_per_day: tuple[float, ...] = ()
    changes: tuple[Change, ...] = ()
    all_changes: tuple[Change, ...] = ()
    remarks: tuple[Reason, ...] = ()
    notes: tuple[str, ...] = ()
    nothing: NothingToPlan | None = None
    level: DayLevel = "good"

    @property
    def fits(self) -> bool:
        """Nothing is left out."""
        return not self.left_out

    def to_briefing(self) -> dict[str, Any]:
        """The ``plan`` key of the briefing."""
        return {
            "fits": self.fits,
            "left_out": [entry.to_briefing() for entry in self.left_out],
            "bound_gap_points": round(self.bound_gap_points, 4),
            "gain_points": round(self.gain_points, 4),
            "test_date": self.test_date.isoformat(),
            "level": self.level,
            "nothing": self.nothing.to_briefing() if self.nothing else None,
            "sessions": [session.to_briefing() for session in self.sessions],
        }
