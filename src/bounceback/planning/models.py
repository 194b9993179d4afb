"""What a plan is made of: sessions, the ledger of forms, what is left out, what changed.

Every value is frozen and compares by content; ``to_briefing`` gives the keys of the briefing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any, Literal

from bounceback.records.models import PlannedSession
from bounceback.vocabulary import Activity, SessionKind

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One planned stretch of work.

    Attributes:
        id: ``YYYY-MM-DD-n``; kept for as long as the session stays on its day.
        date: Day.
        start: Clock time on the learner's clock.
        minutes: Length; 0 for a rest day that the plan keeps.
        activity: ``None`` for rest, buffer and logistics.
        kind: What sort of stretch it is.
        area: Area of the share axis; ``None`` when mixed.
        resource: The learner's name of what is used; ``None`` if the record names none.
        form: ``family label`` of a practice form, for kinds form and review.
        units: Fresh units of the resource used up here; ``None`` where none are.
        locked: The learner fixed it; the plan works around it.
        done_minutes: What became of it, as ticked.
        why: One calm line.
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
    done_minutes: int = 0
    why: str = ""

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
            done_minutes=self.done_minutes or None,
            locked=self.locked,
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
            done_minutes=entry.done_minutes or 0,
            why=entry.why or "",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One practice form with its day, or the reason why it has none.

    Attributes:
        family: Family id; ``timed-mixed-blocks`` for blocks that stand in for a form.
        form: Label.
        date: Day, or ``None``.
        why: The purpose of that day, or the reason.
        role: ``baseline``, ``course`` (between), ``decision`` (last fortnight), ``first-step``
            (towards an avoided form), ``retest`` (reopens the exam plan), ``spare`` (no day).
        owned: False for what the plan suggests beyond the learner's own list.
        measure: Counts as one of the two measures inside the last fortnight.
        put_off: How often this form was planned and not taken.
        minutes: Length of the sitting.
        items: Items in it.
    """

    family: str
    form: str
    date: date | None
    why: str
    role: Literal["baseline", "course", "decision", "first-step", "retest", "spare"]
    owned: bool = True
    measure: bool = True
    put_off: int = 0
    minutes: int = 0
    items: int = 0

    @property
    def label(self) -> str:
        """``family form``, as sessions name it."""
        return f"{self.family} {self.form}".strip()

    def to_briefing(self) -> dict[str, Any]:
        """The entry under the briefing's keys."""
        return {
            "family": self.family,
            "form": self.form,
            "date": self.date.isoformat() if self.date else None,
            "why": self.why,
            "role": self.role,
            "owned": self.owned,
            "measure": self.measure,
            "put_off": self.put_off,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Work that does not fit, in minutes, and the limit that keeps it out."""

    what: str
    minutes: int
    why: str

    def to_briefing(self) -> dict[str, Any]:
        """The entry under the briefing's keys."""
        return {"what": self.what, "minutes": self.minutes, "why": self.why}


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
        notes: What the plan took for granted, in words.
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
