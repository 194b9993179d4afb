"""The plan as a calendar file (iCalendar, RFC 5545) for the learner's own calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from bounceback import facts
from bounceback.messages import briefing_text
from bounceback.planning import Session
from bounceback.services import Briefing
from bounceback_web.pages import presenters

REFRESH = timedelta(hours=1)
"""How often a calendar that subscribes may look again."""


def calendar_file(b: Briefing, made: datetime, *, plain: bool = False) -> bytes:
    """Return the plan from the day of the briefing on, with the exam day and the decision day.

    Args:
        b: The briefing.
        made: Moment of making, in UTC.
        plain: Say "Study" and nothing of the subject or the exam, for calendars that others see.
    """
    zone = ZoneInfo(b.record.learner.time_zone)
    calendar = Calendar()
    calendar.add("prodid", "-//Bounceback//Study plan//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Study" if plain else "Bounceback")
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    stamp = made.astimezone(UTC)
    for session in b.plan.sessions:
        if session.minutes > 0 and session.date >= b.as_of:
            calendar.add_component(_session(session, zone, stamp, plain=plain))
    if b.plan.sessions or b.record.exam.planned_date:
        calendar.add_component(_exam_day(b, stamp, plain=plain))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _session(session: Session, zone: ZoneInfo, stamp: datetime, *, plain: bool) -> Event:
    event = Event()
    start = datetime.combine(session.date, session.start, tzinfo=zone)
    event.add("uid", f"{session.id}@bounceback.invalid")
    event.add("dtstamp", stamp)
    event.add("dtstart", start)
    # The clock's own hours: a stretch over a change of the clock keeps its length. An end in the
    # hour that comes twice means the first by RFC 5545; the second is written in UTC.
    end = (start.astimezone(UTC) + timedelta(minutes=session.minutes)).astimezone(zone)
    event.add("dtend", end.astimezone(UTC) if end.fold else end)
    title = presenters.session_title(session)
    event.add("summary", "Study" if plain else title[0].upper() + title[1:])
    if not plain:
        lines = [
            line
            for line in (
                session.resource or "",
                f"{session.units} to do" if session.units else "",
                session.why,
            )
            if line
        ]
        event.add("description", "\n".join(lines))
    event.add("transp", "TRANSPARENT" if session.kind == "buffer" else "OPAQUE")
    event.add("class", "PRIVATE")
    return event


def _exam_day(b: Briefing, stamp: datetime, *, plain: bool) -> Event:
    """The day the plan leads to, by what it is: the re-test, the sitting, or a day to plan for."""
    event = Event()
    event.add("uid", f"exam-{b.record.exam.id}@bounceback.invalid")
    event.add("dtstamp", stamp)
    event.add("dtstart", b.plan.test_date)
    event.add("dtend", b.plan.test_date + timedelta(days=1))
    name = facts.exam(b.record.exam.id).short_name
    retest = b.remediation.retest if b.remediation is not None else None
    if retest is not None and retest.date == b.plan.test_date:
        what = f"re-test, {briefing_text.form_words(retest.family, retest.form, b.record.exam.id)}"
    elif b.plan.test_date == b.record.exam.planned_date:
        what = "the exam, on the day you planned"
    elif b.decision.advice in ("sit", "move") and b.plan.test_date == b.decision.date:
        what = "the exam, on the day advised"
    else:
        what = "no day is set yet; the plan reaches this one"
    event.add("summary", "Busy" if plain else f"{name}: {what}")
    event.add("class", "PRIVATE")
    event.add("transp", "OPAQUE")
    return event
