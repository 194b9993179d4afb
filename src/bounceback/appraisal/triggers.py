"""Help triggers, agreed in advance, each with one act and a draft of a message.

Most need the record alone. Those that need a forecast take plain numbers. The drafted message
holds what the learner chose to study with; check-ins (sleep, mood, contacts) never enter it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from bounceback import facts
from bounceback.appraisal import core_indicators, evidence_indicators, thresholds
from bounceback.appraisal.contacts import Place, place
from bounceback.appraisal.crisis_support import flat_forms, low_mood
from bounceback.appraisal.models import Span
from bounceback.appraisal.record_queries import form_scale, period, practice_test, span_since
from bounceback.appraisal.thresholds import Thresholds
from bounceback.errors import QuestionError
from bounceback.reasons import Reason, reason
from bounceback.records import as_seen_on
from bounceback.records.models import Record
from bounceback.vocabulary import ExamId

Act = Literal["message", "conversation", "accommodations", "clinician", "plan"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpTrigger:
    """One agreed condition that holds today, and the one act it offers.

    Attributes:
        trigger: Id of the condition.
        why: What in the record makes it hold, with counts and dates.
        act: ``message``, ``conversation``, ``accommodations``, ``clinician`` or ``plan``.
        place: Where the learner turns to.
        exam: Exam the message is about.
        is_private: Whether the draft says nothing about the exam.
        summary: What the draft shows of the record, line by line; the learner strikes out what
            stays private.
    """

    trigger: str
    why: tuple[Reason, ...]
    act: Act
    place: Place
    exam: ExamId
    is_private: bool
    summary: tuple[Reason, ...]

    @property
    def has_message(self) -> bool:
        """Whether the act is a message to somebody."""
        return self.act != "plan"

    @property
    def title(self) -> Reason:
        """Two or three words."""
        return self._part("title")

    @property
    def offer(self) -> Reason:
        """The one act."""
        return self._part("offer")

    @property
    def to(self) -> Reason:
        """Who it reaches."""
        return self._part("to")

    @property
    def subject(self) -> Reason:
        """Subject line of the draft."""
        return self._part("subject")

    @property
    def opening(self) -> Reason:
        """The one sentence of the draft that asks."""
        return self._part("opening")

    def _part(self, name: Literal["title", "offer", "to", "subject", "opening"]) -> Reason:
        """Return one text of this trigger: its title, the offer, or a part of the draft."""
        return Reason(
            f"appraisal.trigger-{name}",
            {
                "trigger": self.trigger,
                "place": self.place,
                "exam": self.exam,
                "is_private": self.is_private,
            },
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """The low estimate of ability on the test date, as the forecast gives it.

    Attributes:
        lower: 10th percentile of ability on the date, reported scale.
        mark: Pass mark, reported scale.
        decide_on: Day agreed for the decision.
    """

    lower: float
    mark: float
    decide_on: date


ACTS: Final[Mapping[str, Act]] = {
    "low-wellbeing": "clinician",
    "fourth-attempt": "conversation",
    "bound-below-mark": "message",
    "falling-forms": "message",
    "flat-forms": "conversation",
    "avoided-forms": "message",
    "lost-days": "message",
    "over-work": "plan",
    "isolation": "message",
    "timing-gap": "accommodations",
    "wobbly": "conversation",
    "fundamental-gap": "conversation",
}
"""The act of each trigger, most pressing trigger first."""


def trigger_ids() -> tuple[str, ...]:
    """Every trigger that can be agreed on, most pressing first."""
    return tuple(ACTS)


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
    readers: dict[str, Callable[[], tuple[Reason, ...]]] = {
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


def _trigger(record: Record, as_of: date, trigger: str, why: tuple[Reason, ...]) -> HelpTrigger:
    private = trigger == "low-wellbeing"
    return HelpTrigger(
        trigger=trigger,
        why=why,
        act=ACTS[trigger],
        place=place(record, as_of),
        exam=record.exam.id,
        is_private=private,
        summary=() if private or ACTS[trigger] == "plan" else summary(record, as_of),
    )


def summary(record: Record, as_of: date) -> tuple[Reason, ...]:
    """What an advisor needs at a glance, from exam, tests and plan alone.

    Check-ins, notes, the reason and missed questions are private and stay out.
    """
    exam = record.exam.id
    lines = []
    own = tuple(a.date for a in record.attempts if a.exam == exam)
    if own:
        lines.append(reason("appraisal.summary-attempts", exam=exam, dates=own))
    if record.exam.planned_date is not None:
        lines.append(reason("appraisal.summary-planned-date", on=record.exam.planned_date))
    forms = sorted((f for f in record.forms if f.date <= as_of), key=lambda f: f.date)[-3:]
    lines += [
        reason(
            "appraisal.summary-test",
            test=practice_test(f.family, f.form, exam),
            on=f.date,
            score=f.score,
            timed=f.timed,
        )
        for f in forms
    ]
    lines.append(reason("appraisal.summary-tests-left", tests=len(record.ledger)))
    return tuple(lines)


# --- the conditions: reasons, or none -----------------------------------------------


def _low_wellbeing(record: Record, as_of: date, t: Thresholds) -> tuple[Reason, ...]:
    if not low_mood(record, as_of, t):
        return ()
    return (reason("appraisal.screen-at-cut"),)


def _fourth_attempt(record: Record, as_of: date, t: Thresholds) -> tuple[Reason, ...]:
    used = sum(a.exam == record.exam.id for a in record.attempts)
    if used + 1 < t.count("fourth_attempt"):
        return ()
    most = facts.attempt_rules(record.exam.id, as_of).max_attempts.value
    if isinstance(most, int | float) and used >= most:
        return (reason("appraisal.attempts-used-up", used=used),)
    return (reason("appraisal.next-attempt-number", used=used),)


def _bound_below_mark(record: Record, bound: Bound | None, as_of: date) -> tuple[Reason, ...]:
    if bound is None or as_of < bound.decide_on or bound.lower >= bound.mark:
        return ()
    pact = record.decision.pact
    low = reason(
        "appraisal.low-estimate-below-passing",
        on=bound.decide_on,
        points=bound.mark - bound.lower,
        exam=record.exam.id,
    )
    if pact is None:
        return (low,)
    return (low, reason("appraisal.your-agreement", rule=pact.rule))


def _falling_forms(record: Record, as_of: date, t: Thresholds) -> tuple[Reason, ...]:
    newest = flat_forms(record, as_of, t.count("flat_forms"), t)
    if not newest:
        return ()
    first, last = newest[0], newest[-1]
    limit = t[f"guess_gap_{form_scale(record, first)}"] / 2
    if (first.score or 0.0) - (last.score or 0.0) < limit:
        return ()
    return (
        reason(
            "appraisal.measured-gain",
            test=practice_test(last.family, "", record.exam.id),
            first=first.score or 0.0,
            first_on=first.date,
            last=last.score or 0.0,
            last_on=last.date,
        ),
    )


def _flat_forms(record: Record, as_of: date, t: Thresholds) -> tuple[Reason, ...]:
    if _falling_forms(record, as_of, t):
        return ()
    newest = flat_forms(record, as_of, t.count("plateau_forms"), t)
    if not newest:
        return ()
    return (
        reason(
            "appraisal.tests-level",
            test=practice_test(newest[0].family, "", record.exam.id),
            scores=tuple(f.score or 0.0 for f in newest),
            **period(f.date for f in newest),
        ),
    )


def _avoided_forms(record: Record, as_of: date, span: Span, t: Thresholds) -> tuple[Reason, ...]:
    put_off = [
        s for s in record.plan if s.kind == "form" and s.date < as_of and s.done_minutes == 0
    ]
    if len(put_off) >= t.count("avoided_forms"):
        return (
            reason(
                "appraisal.tests-put-off",
                tests=len(put_off),
                newest=max(s.date for s in put_off),
            ),
        )
    gap = core_indicators.days_without_form(record, span, t)
    if record.ledger and gap.value is not None and gap.value >= t["forms_gap_days"]:
        return (gap.says,)
    return ()


def _lost_days(record: Record, as_of: date, t: Thresholds) -> tuple[Reason, ...]:
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
        return ()
    return (reason("appraisal.days-without-study", days=len(lost), first=lost[-1]),)


def _over_work(record: Record, as_of: date, t: Thresholds) -> tuple[Reason, ...]:
    fortnight = Span(first=as_of - timedelta(days=t.count("effort_window_days") - 1), last=as_of)
    hours = core_indicators.hours_per_study_day(record, fortnight, t)
    if hours.value is not None and hours.value >= t["overwork_hours"]:
        return (hours.says,)
    rest = core_indicators.rest_days_per_week(record, fortnight, t)
    if rest.value == 0:
        return (rest.says,)
    return ()


def _isolation(record: Record, span: Span, t: Thresholds) -> tuple[Reason, ...]:
    gap = core_indicators.days_without_contact(record, span, t)
    return (gap.says,) if gap.value is not None and gap.value >= t["contact_gap_days"] else ()


def _timing_gap(record: Record, span: Span, t: Thresholds) -> tuple[Reason, ...]:
    if record.exam.accommodations in ("asked", "granted"):
        return ()
    gap = evidence_indicators.untimed_minus_timed(record, span, t)
    return (gap.says,) if gap.value is not None and gap.value >= t["timing_gap_points"] else ()


def _level(given: str | None, level: str) -> tuple[Reason, ...]:
    if given != level:
        return ()
    return (reason("appraisal.level-by-the-guide", level=level),)
