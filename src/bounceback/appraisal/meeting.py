"""The advisor meeting: agenda, notes, what was agreed, the next date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from bounceback.appraisal import thresholds
from bounceback.appraisal.core_indicators import is_right_person
from bounceback.appraisal.models import Appraisal
from bounceback.appraisal.triggers import HelpTrigger, summary
from bounceback.errors import QuestionError
from bounceback.reasons import Reason, reason
from bounceback.records.models import Meeting, Record

PRIVATE: Final = frozenset({"mood", "sleep", "help", "anxiety", "life-load"})
"""Dimensions that rest on check-ins or on what is nobody's business; never on an agenda."""


PRIVATE_TRIGGERS: Final = frozenset({"low-wellbeing", "isolation"})
"""Triggers that rest on check-ins; their drafts are the learner's to send or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaItem:
    """One point of the agenda, with the question that goes with it.

    Attributes:
        title: What it is about; the learner's own words where it is their own point.
        ask: The question; empty where the title asks.
    """

    title: Reason | str
    ask: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """Half an hour with the advisor.

    Attributes:
        on: Day of the meeting.
        summary: What the advisor sees, each line to be struck out by the learner at will.
        items: Points, at most five, the learner's own first.
        agreed_last_time: What the last meeting agreed; ``None`` for the first.
        next_date: Proposal for the next meeting.
    """

    on: date
    summary: tuple[Reason, ...]
    items: tuple[AgendaItem, ...]
    agreed_last_time: Reason | None
    next_date: date


def agenda(
    record: Record,
    on: date,
    appraisal: Appraisal,
    *,
    triggers: Sequence[HelpTrigger] = (),
    own_points: Sequence[str] = (),
) -> Agenda:
    """The agenda of a meeting on a day.

    Mood, sleep, contacts and other private dimensions stay out unless the learner names them as
    own points; so does what was agreed with anybody but an advisor, a dean or the like.
    """
    t = thresholds.load_thresholds(record.exam.id)
    items = [AgendaItem(title=point, ask=()) for point in own_points]
    for finding in appraisal.largest:
        if finding.dimension in PRIVATE:
            continue
        change = finding.prescription
        items.append(
            AgendaItem(
                title=reason("appraisal.dimension-title", dimension=finding.dimension),
                ask=(*finding.says, reason("appraisal.agenda-does-this-fit"), *change.why)
                if change is not None
                else (*finding.says, reason("appraisal.agenda-what-would-you-change")),
            )
        )
    items += [
        AgendaItem(title=x.title, ask=(x.opening,))
        for x in triggers
        if x.has_message and x.trigger not in PRIVATE_TRIGGERS
    ]
    items.append(
        AgendaItem(
            title=reason("appraisal.agenda-test-date"),
            ask=(reason("appraisal.agenda-which-rule"),),
        )
    )
    past = [m for m in record.meetings if m.date < on and is_right_person(m.with_)]
    last = max(past, key=lambda m: m.date) if past else None
    return Agenda(
        on=on,
        summary=summary(record, on),
        items=tuple(items[: t.count("agenda_items_max")]),
        agreed_last_time=reason(
            "appraisal.decided-in-meeting", on=last.date, who=last.with_, agreed=last.agreed
        )
        if last and last.agreed
        else None,
        next_date=on + timedelta(days=t.count("meeting_gap_days")),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingOutcome:
    """What a meeting left behind: an entry for the record and the next date."""

    meeting: Meeting
    next_date: date | None


def note_meeting(on: date, with_: str, agreed: str, *, next_date: date | None) -> MeetingOutcome:
    """Put down what was agreed.

    Raises:
        QuestionError: The next date is not after the meeting.
    """
    if next_date is not None and next_date <= on:
        raise QuestionError(
            f"next date {next_date} is not after the meeting on {on}; allowed: a later day "
            "(appraisal). Choose a day after it, or leave it open."
        )
    entry = Meeting(date=on, with_=with_, agreed=" ".join(agreed.split()))
    return MeetingOutcome(meeting=entry, next_date=next_date)
