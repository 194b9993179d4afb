"""Help triggers, agreed in advance, each with one act; and the message that may go with it.

Most need the record alone. Those that need a forecast take plain numbers. The drafted message
holds what the learner chose to study with; check-ins (sleep, mood, contacts) never enter it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bounceback import facts
from bounceback.appraisal import core_indicators, evidence_indicators, thresholds
from bounceback.appraisal.contacts import people
from bounceback.appraisal.crisis_support import flat_forms, low_mood
from bounceback.appraisal.models import Span
from bounceback.appraisal.record_queries import form_scale, plural, span_since
from bounceback.appraisal.text_tables import load_table
from bounceback.appraisal.thresholds import Thresholds
from bounceback.errors import QuestionError
from bounceback.messages.formatting import day_words, form_words
from bounceback.records import as_seen_on
from bounceback.records.models import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A drafted message; every word may be edited before it is sent.

    Attributes:
        to: Role of the person.
        subject: Subject line.
        opening: The one sentence that asks.
        summary: What the record shows, line by line; the learner strikes out what stays private.
    """

    to: str
    subject: str
    opening: str
    summary: tuple[str, ...]

    @property
    def text(self) -> str:
        """The whole message."""
        lines = "\n".join(f"- {line}" for line in self.summary)
        return f"{self.opening}\n\n{lines}\n" if lines else f"{self.opening}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpTrigger:
    """One agreed condition that holds today, and the one act it offers.

    Attributes:
        trigger: Id of the condition.
        title: Two or three words.
        why: What in the record makes it hold, with counts and dates.
        offer: The one act.
        act: ``message``, ``conversation``, ``accommodations``, ``clinician`` or ``plan``.
        to: Whom it reaches.
        message: The draft; ``None`` where the act is no message.
    """

    trigger: str
    title: str
    why: str
    offer: str
    act: str
    to: str
    message: Message | None

    def to_briefing(self) -> dict[str, Any]:
        """Under the briefing's keys; ``message`` is the draft, null where the act is none."""
        draft = self.message
        return {
            "trigger": self.trigger,
            "why": self.why,
            "offer": self.offer,
            "act": self.act,
            "to": self.to,
            "message": None
            if draft is None
            else {"to": draft.to, "subject": draft.subject, "text": draft.text},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """The lower bound of ability on the sitting, as the forecast gives it.

    Attributes:
        lower: 10th percentile of ability on the date, reported scale.
        mark: Pass mark, reported scale.
        decide_on: Day agreed for the decision.
    """

    lower: float
    mark: float
    decide_on: date


def trigger_ids() -> tuple[str, ...]:
    """Every trigger that can be agreed on, most pressing first."""
    first = ("low-wellbeing", "fourth-attempt", "bound-below-mark")
    return (*first, *(k for k in load_table("triggers") if k not in first))


def help_triggers(
    record: Record,
    as_of: date,
    *,
    bound: Bound | None = None,
    time_needed: str | None = None,
    agreed: Collection[str] | None = None,
) -> tuple[HelpTrigger, ...]:
    """The triggers that hold on one day, most pressing first.

    Args:
        record: The record.
        as_of: The day.
        bound: Forecast at the decision, where there is one.
        time_needed: ``wobbly`` or ``fundamental-gap``, where the guide applies.
        agreed: Ids that the learner agreed to in advance; default all.

    Raises:
        QuestionError: An agreed id is not known.
    """
    known = trigger_ids()
    unknown = sorted(set(agreed or ()) - set(known))
    if unknown:
        raise QuestionError(
            f"trigger {', '.join(unknown)} is not known; allowed: {', '.join(known)} (appraisal). "
            "Choose among these."
        )
    seen, _ = as_seen_on(record, as_of)
    t = thresholds.load_thresholds(seen.exam.id)
    span = span_since(seen, as_of, t)
    readers: dict[str, Callable[[], str]] = {
        "low-wellbeing": lambda: _low_wellbeing(seen, as_of, t),
        "fourth-attempt": lambda: _fourth_attempt(seen, as_of, t),
        "bound-below-mark": lambda: _bound_below_mark(seen, bound, as_of),
        "falling-forms": lambda: _falling_forms(seen, as_of, t),
        "flat-forms": lambda: _flat_forms(seen, as_of, t),
        "avoided-forms": lambda: _avoided_forms(seen, as_of, span, t),
        "lost-days": lambda: _lost_days(seen, as_of, t),
        "over-work": lambda: _over_work(seen, as_of, t),
        "isolation": lambda: _isolation(seen, span, t),
        "timing-gap": lambda: _timing_gap(seen, span, t),
        "wobbly": lambda: _level(time_needed, "wobbly"),
        "fundamental-gap": lambda: _level(time_needed, "fundamental-gap"),
    }
    found = []
    for trigger in known:
        if agreed is not None and trigger not in agreed:
            continue
        why = readers[trigger]()
        if why:
            found.append(_trigger(seen, as_of, trigger, why))
    return tuple(found)


def _trigger(record: Record, as_of: date, trigger: str, why: str) -> HelpTrigger:
    around = people(record, as_of)
    row = {key: around.say(text) for key, text in load_table("triggers")[trigger].items()}
    message = None
    if row["ask"]:
        private = trigger == "low-wellbeing"
        message = Message(
            to=row["to"],
            subject=f"{facts.exam(record.exam.id).short_name}: {row['title'].lower()}"
            if not private
            else "An appointment",
            opening=row["ask"],
            summary=() if private else summary(record, as_of),
        )
    return HelpTrigger(
        trigger=trigger,
        title=row["title"],
        why=why,
        offer=row["offer"],
        act=row["act"],
        to=row["to"],
        message=message,
    )


def summary(record: Record, as_of: date) -> tuple[str, ...]:
    """What an adviser needs at a glance, from exam, tests and plan alone.

    Check-ins, notes, the reason and misses are private and stay out.
    """
    exam = facts.exam(record.exam.id)
    lines = []
    own = [a for a in record.attempts if a.exam == record.exam.id]
    if own:
        dates = ", ".join(day_words(a.date) for a in own)
        lines.append(f"{exam.short_name}, sittings so far: {len(own)} ({dates}).")
    if record.exam.planned_date is not None:
        lines.append(f"Planned date: {day_words(record.exam.planned_date)}.")
    forms = sorted((f for f in record.forms if f.date <= as_of), key=lambda f: f.date)[-3:]
    lines += [
        f"{form_words(f.family, f.form, exam.id)}, {day_words(f.date)}: "
        + (f"{f.score:g}" if f.score is not None else "no score")
        + ("" if f.timed else ", untimed")
        + "."
        for f in forms
    ]
    lines.append(f"Unused practice tests: {len(record.ledger)}.")
    return tuple(lines)


# --- the conditions: a reason in words, or empty -----------------------------------------------


def _low_wellbeing(record: Record, as_of: date, t: Thresholds) -> str:
    if not low_mood(record, as_of, t):
        return ""
    return (
        "Your answers to the short form are at or above its published cut. Nobody else sees them."
    )


def _fourth_attempt(record: Record, as_of: date, t: Thresholds) -> str:
    used = sum(a.exam == record.exam.id for a in record.attempts)
    if used + 1 < t.count("fourth_attempt"):
        return ""
    held = f"Your record holds {plural(used, 'sitting')} of this exam"
    most = facts.attempt_rules(record.exam.id, as_of).max_attempts.value
    if isinstance(most, int | float) and used >= most:
        return f"{held}, as many as the board's rule allows; an exception is for the board to say."
    return (
        f"{held}; the next would be number {used + 1}, and waiting times and limits change there."
    )


def _bound_below_mark(record: Record, bound: Bound | None, as_of: date) -> str:
    if bound is None or as_of < bound.decide_on or bound.lower >= bound.mark:
        return ""
    pact = record.decision.pact
    rule = f" Your rule: “{pact.rule}”." if pact is not None else ""
    return (
        f"On {day_words(bound.decide_on)}, the day you agreed on, the lower bound of your forecast "
        f"is under the mark by about {bound.mark - bound.lower:.0f} points of the exam's scale."
        f"{rule}"
    )


def _falling_forms(record: Record, as_of: date, t: Thresholds) -> str:
    newest = flat_forms(record, as_of, t.count("flat_forms"), t)
    if not newest:
        return ""
    first, last = newest[0], newest[-1]
    limit = t[f"guess_gap_{form_scale(record, first)}"] / 2
    if (first.score or 0.0) - (last.score or 0.0) < limit:
        return ""
    return (
        f"{form_words(last.family, '', record.exam.id)}: {first.score:g} on "
        f"{day_words(first.date)}, {last.score:g} on {day_words(last.date)}."
    )


def _flat_forms(record: Record, as_of: date, t: Thresholds) -> str:
    if _falling_forms(record, as_of, t):
        return ""
    newest = flat_forms(record, as_of, t.count("plateau_forms"), t)
    if not newest:
        return ""
    name = form_words(newest[0].family, "", record.exam.id)
    scores = ", ".join(f"{f.score:g}" for f in newest)
    return (
        f"{plural(len(newest), 'test')} of {name} in a row: {scores}, from "
        f"{day_words(newest[0].date)} to {day_words(newest[-1].date)}."
    )


def _avoided_forms(record: Record, as_of: date, span: Span, t: Thresholds) -> str:
    put_off = [
        s for s in record.plan if s.kind == "form" and s.date < as_of and s.done_minutes == 0
    ]
    if len(put_off) >= t.count("avoided_forms"):
        return f"{plural(len(put_off), 'planned test')} moved on, the last on " + (
            f"{day_words(max(s.date for s in put_off))}."
        )
    gap = core_indicators.days_without_form(record, span, t)
    if record.ledger and gap.value is not None and gap.value >= t["forms_gap_days"]:
        return gap.words
    return ""


def _lost_days(record: Record, as_of: date, t: Thresholds) -> str:
    """Planned days in a row, up to yesterday, whose ticks all say nothing was done."""
    planned: dict[date, bool] = {}
    for session in record.plan:
        if session.date < as_of and session.kind in ("study", "form", "review"):
            if session.done_minutes is None:
                continue
            planned[session.date] = planned.get(session.date, False) or session.done_minutes > 0
    studied = {s.date for s in record.study} | {b.date for b in record.blocks}
    lost = []
    for day in sorted(planned, reverse=True):
        if planned[day] or day in studied:
            break
        lost.append(day)
    if len(lost) < t["lost_days"]:
        return ""
    return f"{plural(len(lost), 'planned day')} went otherwise, from {day_words(lost[-1])} on."


def _over_work(record: Record, as_of: date, t: Thresholds) -> str:
    fortnight = Span(first=as_of - timedelta(days=t.count("effort_window_days") - 1), last=as_of)
    hours = core_indicators.hours_per_study_day(record, fortnight, t)
    if hours.value is not None and hours.value >= t["overwork_hours"]:
        return hours.words
    rest = core_indicators.rest_days_per_week(record, fortnight, t)
    if rest.value == 0:
        return rest.words
    return ""


def _isolation(record: Record, span: Span, t: Thresholds) -> str:
    gap = core_indicators.days_without_contact(record, span, t)
    return gap.words if gap.value is not None and gap.value >= t["contact_gap_days"] else ""


def _timing_gap(record: Record, span: Span, t: Thresholds) -> str:
    if record.exam.accommodations in ("asked", "granted"):
        return ""
    gap = evidence_indicators.untimed_minus_timed(record, span, t)
    return gap.words if gap.value is not None and gap.value >= t["timing_gap_points"] else ""


def _level(given: str | None, level: str) -> str:
    if given != level:
        return ""
    return (
        "Your baseline stands there by the method's guide, a rule of thumb from a tutoring "
        "company; the measured forecast is the better guide."
    )
