"""The plan as a calendar file (iCalendar, RFC 5545) for the learner's own calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event

from bounceback.messages.practice_test_names import practice_test_name
from bounceback.messages.registry import Format
from bounceback.services import Briefing
from bounceback.services import published_facts as facts
from bounceback.services.values import Session
from bounceback_web.exports.calendar_entries import Entries, years_of
from bounceback_web.exports.time_zones import describe
from bounceback_web.pages import presenters
from bounceback_web.pages.wording import locale_of

USUAL_ALARM = timedelta(minutes=15)
"""Before the first session of a day that starts ahead of the chosen time."""
REFRESH = timedelta(hours=1)
"""How often a calendar that subscribes may look again."""


@dataclass(frozen=True, slots=True)
class _Making:
    """What all events of one file share."""

    zone: ZoneInfo
    stamp: datetime
    entries: Entries
    plain: bool
    remind_at: time | None


def calendar_file(
    b: Briefing,
    made: datetime,
    *,
    plain: bool = False,
    daily: bool = False,
    remind_at: time | None = None,
    entries: Entries | None = None,
) -> bytes:
    """Return the plan from the day of the briefing on, with the exam day and the decision day.

    Args:
        b: The briefing.
        made: Moment of making, in UTC.
        plain: Say "Study" and nothing of the subject or the exam, for calendars that others see.
        daily: One event a day with the list of its sessions inside, instead of one a session.
        remind_at: Time of the one alarm of a day with work; ``None`` for no alarm.
        entries: Events that were given before; new and changed ones are noted in it.
    """
    entries = Entries() if entries is None else entries
    zone = ZoneInfo(b.record.learner.time_zone)
    calendar = Calendar()
    calendar.add("prodid", "-//Bounceback//Study plan//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Study" if plain else "Bounceback")
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    calendar.add("x-wr-timezone", zone.key)
    stamp = made.astimezone(UTC).replace(microsecond=0)
    making = _Making(zone, stamp, entries, plain, remind_at)
    events: list[Event] = []
    ahead = [s for s in b.plan.sessions if s.minutes > 0 and s.date >= b.as_of]
    if daily:
        working = [s for s in ahead if s.kind != "buffer"]
        for _day, of_day in groupby(sorted(working, key=lambda s: s.date), key=lambda s: s.date):
            events.append(_whole_day(list(of_day), b, making))
    else:
        reminded: set[date] = set()
        for session in sorted(ahead, key=lambda s: (s.date, s.start)):
            first = session.kind != "buffer" and session.date not in reminded
            reminded |= {session.date} if first else set()
            events.append(_session(session, making, alarm=first))
    if b.plan.sessions or b.record.exam.planned_date:
        events.append(_exam_day(b, stamp, entries, plain=plain))
    calendar.add_component(describe(zone, *years_of(events, stamp)))
    for event in events:
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _work(session: Session) -> tuple[object, ...]:
    """What a session is, apart from when and how long."""
    return (
        session.kind,
        session.activity,
        session.area,
        session.areas,
        session.resource,
        session.form,
        session.first_pass,
        session.of,
    )


def _session(session: Session, making: _Making, *, alarm: bool) -> Event:
    zone, stamp, entries, plain = making.zone, making.stamp, making.entries, making.plain
    event = Event()
    start = datetime.combine(session.date, session.start, tzinfo=zone)
    event.add("uid", entries.uid(session.id, _work(session)))
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
    content: tuple[object, ...] = (
        session.date, session.start, session.minutes, title, session.units, session.why
    )  # fmt: skip
    if alarm and making.remind_at is not None:
        _add_alarm(event, making)
        content = (*content, making.remind_at)
    entries.stamp(event, content, stamp)
    return event


def _whole_day(sessions: list[Session], b: Briefing, making: _Making) -> Event:
    """One day's sessions as one event, from the first start to the last end."""
    zone, stamp, entries, plain = making.zone, making.stamp, making.entries, making.plain
    fmt = Format(locale_of(b.record))
    event = Event()
    starts = [(datetime.combine(s.date, s.start, tzinfo=zone), s.minutes) for s in sessions]
    first = min(start for start, _minutes in starts)
    last = max(start.astimezone(UTC) + timedelta(minutes=m) for start, m in starts)
    end = last.astimezone(zone)
    event.add("uid", entries.uid(f"day-{sessions[0].date.isoformat()}", "day"))
    event.add("dtstamp", stamp)
    event.add("dtstart", first)
    event.add("dtend", end.astimezone(UTC) if end.fold else end)
    total = fmt.duration(sum(s.minutes for s in sessions))
    event.add("summary", "Study" if plain else f"Study: {total}")
    if not plain:
        lines = []
        for s in sorted(sessions, key=lambda one: one.start):
            title = presenters.session_title(s)
            what = f"{title[0].upper()}{title[1:]}"
            lines.append(f"{fmt.clock(s.start)} {what}, {fmt.duration(s.minutes)}")
        event.add("description", "\n".join(lines))
    event.add("transp", "OPAQUE")
    event.add("class", "PRIVATE")
    content: tuple[object, ...] = tuple(
        (s.start, s.minutes, presenters.session_title(s)) for s in sessions
    )
    if making.remind_at is not None:
        _add_alarm(event, making)
        content = (*content, making.remind_at)
    entries.stamp(event, content, stamp)
    return event


def _add_alarm(event: Event, making: _Making) -> None:
    """Give an event one alarm at the chosen time of its day, or shortly before it starts."""
    if making.remind_at is None:
        return
    start: datetime = event.decoded("dtstart")
    before = start - datetime.combine(start.date(), making.remind_at, tzinfo=start.tzinfo)
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", str(event["summary"]))
    alarm.add("trigger", -before if before > timedelta(0) else -USUAL_ALARM)
    event.add_component(alarm)


def _exam_day(b: Briefing, stamp: datetime, entries: Entries, *, plain: bool) -> Event:
    """Return the day the plan leads to: checkpoint test, test date, or a day to plan for."""
    event = Event()
    event.add("uid", entries.uid(f"exam-{b.record.exam.id}", "exam"))
    event.add("dtstamp", stamp)
    event.add("dtstart", b.plan.test_date)
    event.add("dtend", b.plan.test_date + timedelta(days=1))
    name = facts.exam(b.record.exam.id).short_name
    retest = b.remediation.retest if b.remediation is not None else None
    if retest is not None and retest.date == b.plan.test_date:
        what = f"checkpoint test, {practice_test_name(retest.family, retest.form, name)}"
    elif b.plan.test_date == b.record.exam.planned_date:
        what = "your test date"
    elif b.decision.advice in ("sit", "move") and b.plan.test_date == b.decision.date:
        what = "the suggested date"
    else:
        what = "no date yet. Your plan aims at this day"
    event.add("summary", "Busy" if plain else f"{name}: {what}")
    event.add("class", "PRIVATE")
    event.add("transp", "OPAQUE")
    entries.stamp(event, (b.plan.test_date, what), stamp)
    return event
