"""A session of the plan as pages show it: title, recipe, times, what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any

from bounceback.messages import briefing_text
from bounceback.messages import today as words
from bounceback.messages.registry import Format
from bounceback.services.values import Session

BAR_STEPS = 20
"""Widths that a bar of a day can have, in parts of the longest day."""


@dataclass(frozen=True, slots=True)
class SessionView:
    """One session for a template.

    Attributes:
        session: The session itself.
        kind: Which color and icon: questions, review, cards, form, reading or rest.
        title: What it is.
        short: The same for a narrow cell.
        note: Bank, mode and filter.
        start: Clock time in words.
        length: Duration in words.
        steps: Recipe, as dicts of kind, words and length; empty where it is one thing.
        why: The reason in one sentence.
        done: Minutes done; 0 where none or unknown.
    """

    session: Session
    kind: str
    title: str
    short: str
    note: str
    start: str
    length: str
    steps: Sequence[dict[str, str]]
    why: str
    done: int

    @property
    def id(self) -> str:
        """The session's id, as forms send it."""
        return self.session.id

    @property
    def minutes(self) -> int:
        """Planned minutes."""
        return self.session.minutes

    @property
    def start_time(self) -> time:
        """Clock time."""
        return self.session.start

    @property
    def questions(self) -> int | None:
        """How many questions it has; ``None`` for other work."""
        return self.session.units if self.kind == "questions" else None


def view(session: Session, exam: str, fmt: Format) -> SessionView:
    """Return a session with its words."""
    recipe: list[dict[str, Any]] = [
        {"kind": kind, "words": text, "length": fmt.duration(minutes)}
        for kind, text, minutes in words.steps(session)
    ]
    return SessionView(
        session=session,
        kind=words.work_kind(session),
        title=words.session_title(session, exam),
        short=words.short_title(session, exam),
        note=words.session_note(session),
        start=fmt.clock(session.start),
        length=fmt.duration(session.minutes),
        steps=recipe,
        why=briefing_text.with_names(session.why, exam),
        done=session.done_minutes or 0,
    )


def work_of(sessions: Sequence[Session]) -> list[Session]:
    """Return the sessions that are work, in order: no day off, no catch-up time."""
    return [s for s in sessions if s.minutes > 0 and s.kind not in ("buffer", "rest")]


def bar(sessions: Sequence[SessionView], longest: int) -> list[dict[str, Any]]:
    """Return a day as a row of pieces, each with its kind and its share of the longest day."""
    pieces: list[dict[str, Any]] = []
    for one in sessions:
        steps = max(1, round(BAR_STEPS * one.minutes / max(longest, 1)))
        pieces.append({"kind": one.kind, "steps": min(steps, BAR_STEPS)})
    return pieces
