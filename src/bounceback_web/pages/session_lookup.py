"""Find the session that a form names: in today's plan, as shown before, or on a day that passed."""

from __future__ import annotations

from datetime import date

from bounceback.services.previous_plan import session_from_keys
from bounceback.services.values import Session
from bounceback_web import briefings
from bounceback_web.records import learner_store, models

SHOWN_LOOKED_AT = 60
"""As many earlier answers of one day are searched, newest first."""


def planned_session(
    kept: learner_store.Kept, session_id: str, page_day: date | None = None
) -> Session | None:
    """Return a session of the plan by its id, wherever a page may have shown it.

    The plan as it stands comes first, then what earlier pages of today showed. A form may also
    arrive on a later day, from a device that was offline: then the session is found among the days
    that have passed.

    Args:
        kept: Whose plan.
        session_id: Id as a page gave it.
        page_day: Day of that page, where the form carries it.

    Returns:
        The session, or ``None`` if no page showed one of this id.
    """
    today = kept.today
    found = next((s for s in _current(kept) if s.id == session_id), None)
    if found is None:
        found = _as_shown(kept, session_id, today)
    if found is None:
        passed = (e for e in kept.value.plan if e.id == session_id)
        found = next((Session.from_planned(e) for e in passed), None)
    for day in (page_day, _first_day(session_id)):
        if found is None and day is not None and day != today:
            found = _as_shown(kept, session_id, day)
    return found


def session_ahead(kept: learner_store.Kept, session_id: str) -> Session | None:
    """Return a session of today or later that isn't done; ``None`` for one that has passed."""
    found = next((s for s in _current(kept) if s.id == session_id), None)
    found = found or _as_shown(kept, session_id, kept.today)
    return found if found is not None and found.date >= kept.today else None


def _first_day(session_id: str) -> date | None:
    """The day that an id begins with, as the planner writes ids; ``None`` for another id."""
    try:
        return date.fromisoformat(session_id[:10])
    except ValueError:
        return None


def _current(kept: learner_store.Kept) -> tuple[Session, ...]:
    return tuple(briefings.answer(kept).briefing.plan.sessions)


def _as_shown(kept: learner_store.Kept, session_id: str, day: date) -> Session | None:
    shown = models.Shown.objects.filter(record=kept.row, day=day).order_by("-version", "-pk")
    for earlier in shown[:SHOWN_LOOKED_AT]:
        for keys in earlier.sessions:
            if keys["id"] == session_id:
                return session_from_keys(keys)
    return None
