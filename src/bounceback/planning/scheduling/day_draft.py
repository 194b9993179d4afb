"""One day under construction: what is placed, and the clock time still free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from bounceback.planning.availability import Day, Slot, subtract
from bounceback.planning.models import Session, SessionStep
from bounceback.planning.parameters import Rules
from bounceback.reasons import Reason
from bounceback.vocabulary import Activity, BlockMode, SessionKind

HARD: Final[frozenset[Activity]] = frozenset({"questions", "form"})
"""Activities that count as hard work."""

QUARTER: Final = 15
"""Sessions start on a quarter of an hour."""


@dataclass(slots=True)
class Draft:
    """A session before it has an id. Fields as in :class:`Session`."""

    start: int
    minutes: int
    activity: Activity | None
    kind: SessionKind = "study"
    area: int | None = None
    resource: str | None = None
    form: str | None = None
    units: int | None = None
    reason: Reason | None = None
    kept: Session | None = None
    first_step: bool = False
    mode: BlockMode | None = None
    areas: tuple[str, ...] = ()
    filter: str | None = None
    first_pass: bool | None = None
    steps: tuple[SessionStep, ...] = ()


@dataclass(slots=True)
class DayDraft:
    """One day under construction.

    Attributes:
        day: Its rules.
        slots: Clock time still free.
        study: Minutes left for study.
        hard: Minutes left for new questions.
        drafts: What is placed.
        session_limit: Longest session where one is prescribed for the day; 0 where none is.
    """

    day: Day
    slots: tuple[Slot, ...]
    study: int
    hard: int
    drafts: list[Draft] = field(default_factory=list)
    session_limit: int = 0

    def take(self, draft: Draft) -> None:
        """Put a session on the day's clock."""
        self.drafts.append(draft)
        self.slots = subtract(self.slots, [(draft.start, draft.start + draft.minutes)])

    @property
    def minutes_of_work(self) -> int:
        """Minutes of work already on the day (rest, catch-up time and preparations are none)."""
        return sum(d.minutes for d in self.drafts if d.activity is not None)


def start_days(days: Sequence[Day], fixed: Sequence[Session], rules: Rules) -> list[DayDraft]:
    """The days with their fixed sessions on the clock."""
    hard = round(rules["hard_hours_cap"] * 60)
    by_date: dict[date, list[Session]] = {}
    for session in fixed:
        by_date.setdefault(session.date, []).append(session)
    drafts: list[DayDraft] = []
    for day in days:
        draft = DayDraft(day, day.slots, day.minutes, hard)
        for session in sorted(by_date.get(day.date, ()), key=lambda s: s.start_minute):
            draft.take(Draft(session.start_minute, session.minutes, session.activity, kept=session))
            draft.study -= session.minutes
            if session.activity in HARD:
                draft.hard -= session.minutes
        draft.study = max(0, draft.study)
        draft.hard = max(0, draft.hard)
        drafts.append(draft)
    return drafts


def on_quarter(minute: int) -> int:
    """The first quarter of an hour at or after a minute of the day."""
    return -(-minute // QUARTER) * QUARTER


def whole_quarters(minutes: float) -> int:
    """So many minutes in whole quarters of an hour, rounded down."""
    return int((minutes + 1e-6) // QUARTER) * QUARTER


def free_spans(slots: Sequence[Slot], shortest: int) -> list[Slot]:
    """Free clock time from a quarter of an hour on, at least ``shortest`` long."""
    spans = [(on_quarter(start), end) for start, end in slots]
    return [(start, end) for start, end in spans if end - start >= shortest]


def sessions_that_fit(spans: Sequence[Slot], minutes: int) -> int:
    """How many sessions of so many minutes, each from a quarter of an hour on, the spans hold."""
    step = on_quarter(minutes)
    return sum(max(0, end - start - minutes + step) // step for start, end in spans)


@dataclass(slots=True)
class Piece:
    """A session that still looks for its hour.

    Attributes:
        kind: One of ``allocation.KINDS``.
        minutes: Its length.
        area: Index of its area; ``None`` for mixed work.
        strand: Index of its strand; ``None`` for other work.
        whole: Whether it can only be placed whole.
        row: Blocks in it that are done without a break.
    """

    kind: str
    minutes: int
    area: int | None = None
    strand: int | None = None
    whole: bool = False
    row: int = 1


def lay_out(
    spans: Sequence[Slot], pieces: Sequence[Piece], pause: int, shortest: int
) -> tuple[list[tuple[int, Piece]], int]:
    """Put pieces on the clock in order; one that does not fit lets a later one go first.

    Args:
        spans: Free clock time, each from a quarter of an hour on.
        pieces: In the order wanted.
        pause: Minutes between two sessions.
        shortest: A piece that may be split leaves parts at least as long.

    Returns:
        (start, piece) in clock order, and the minutes that found no place.
    """
    placed: list[tuple[int, Piece]] = []
    queue = list(pieces)
    for start, end in spans:
        at = start
        while queue and end - at >= shortest:
            room = end - at
            n = next((i for i, p in enumerate(queue) if p.minutes <= room), None)
            if n is None:
                n = next(
                    (
                        i
                        for i, p in enumerate(queue)
                        if not p.whole and p.minutes - whole_quarters(room) >= shortest
                    ),
                    None,
                )
                take = whole_quarters(room)
                if n is None or take < shortest:
                    break
                piece = queue[n]
                queue[n] = Piece(piece.kind, piece.minutes - take, piece.area, piece.strand)
                piece = Piece(piece.kind, take, piece.area, piece.strand)
            else:
                piece = queue.pop(n)
            placed.append((at, piece))
            at = on_quarter(at + piece.minutes + pause)
    return placed, sum(p.minutes for p in queue)
