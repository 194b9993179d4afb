"""Small wordings that pages share; the engine's own sentences come from ``bounceback.services``."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from bounceback.messages import briefing_text
from bounceback.messages.formatting import session_words
from bounceback.records.models import Attempt
from bounceback.services import Briefing
from bounceback.services.values import Forecast, Session


def session_title(session: Session) -> str:
    """ "questions, Cardiovascular System" or "practice test, nbme-cbssa 31"."""
    what = session_words(session.kind, session.activity)
    about = session.form or session.area
    return f"{what}, {about}" if about else what


VERB: Final = {"moved": "Moved", "dropped": "Let go", "added": "New"}


def changes_in_words(b: Briefing) -> list[str]:
    """Return the short list of what moved in the plan, one sentence each."""
    names = {e.id: session_title(Session.from_planned(e)) for e in b.record.plan}
    names |= {s.id: session_title(s) for s in b.plan.sessions}
    said = []
    for change in b.plan.changes:
        # A line for several sessions, or for a new one, names its subject itself.
        subject = "" if ": " in change.why and change.what != "moved" else names.get(change.session)
        if change.why[:1].isdigit():
            subject = ""
        why = f"{subject}, {change.why}" if subject else change.why
        said.append(f"{VERB[change.what]}: {why}.")
    return said


def named_day(b: Briefing) -> Forecast | None:
    """Return the forecast of the day that words name.

    That is the day planned by the learner; without one that lies ahead, the day that plan and
    levers are reckoned for. The day of a form or of a re-test is never named as a test date.
    """
    for wanted in (b.record.exam.planned_date, b.priced_for):
        for found in b.forecasts:
            if found.on == wanted:
                return found
    return b.forecasts[-1] if b.forecasts else None


def planned_for(b: Briefing) -> Forecast | None:
    """Return the forecast of the day that the plan leads to; without one, of the day named."""
    return next((f for f in b.forecasts if f.on == b.plan.test_date), None) or named_day(b)


def passed_attempt(b: Briefing) -> Attempt | None:
    """Return the attempt that passed the exam of the record; ``None`` while there is none."""
    own = [a for a in b.record.attempts if a.exam == b.record.exam.id]
    return next((a for a in own if a.outcome == "pass"), None)


def waiting_since(b: Briefing) -> date | None:
    """Return the planned day where it has passed and no attempt on or after it was added."""
    planned = b.record.exam.planned_date
    if planned is None or planned >= b.as_of:
        return None
    own = [a for a in b.record.attempts if a.exam == b.record.exam.id]
    return None if any(a.date >= planned for a in own) else planned


def ten_told(b: Briefing) -> list[dict[str, Any]]:
    """Return those of the ten drawn learners who do not pass, and what would carry each."""
    if not b.levers:
        return []
    base, *others = b.levers
    passing = {v.change: {f.learner for f in v.futures if f.passes} for v in others}
    return [
        {
            "said": briefing_text.future_sentence(future),
            "under": [change for change, who in passing.items() if future.learner in who],
        }
        for future in base.futures
        if not future.passes
    ]


def target(b: Briefing) -> str:
    """Return what reaches the chance that the learner wants; "" where none was named."""
    wanted = b.record.exam.target_p_pass
    return (
        ""
        if b.target is None or wanted is None
        else briefing_text.target_sentence(b.target, wanted)
    )
