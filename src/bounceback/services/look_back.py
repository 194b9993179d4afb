"""What stands around the findings of the appraisal: first page, reports, questions, reason."""

from __future__ import annotations

from datetime import date

from bounceback.appraisal import crisis_support, daily_question, first_week, motivation
from bounceback.appraisal import meeting as meetings
from bounceback.appraisal import reports as score_reports
from bounceback.appraisal.daily_question import Question
from bounceback.appraisal.first_week import FirstPage
from bounceback.appraisal.meeting import Agenda
from bounceback.appraisal.motivation import ReasonCard, ReflectionStep
from bounceback.appraisal.reports import ReportComparison
from bounceback.appraisal.text_tables import dimensions
from bounceback.appraisal.thresholds import load_thresholds
from bounceback.reasons import Reason
from bounceback.records.models import Record
from bounceback.services.full_briefing import Briefing

__all__ = [
    "advisor_agenda",
    "dimensions",
    "first_page",
    "next_question",
    "questions",
    "reason_card",
    "reflection",
    "reports_compared",
    "welcome_back",
]


def advisor_agenda(b: Briefing) -> Agenda:
    """Return the agenda of a meeting with the advisor on the day of a briefing."""
    return meetings.agenda(b.record, b.as_of, b.appraisal, triggers=b.help_offers)


def first_page(b: Briefing) -> FirstPage:
    """Return the first page after a failed attempt: fears with their facts, and the first week.

    Raises:
        FactUnknown: A number of it is not published for the student's exam.
    """
    return first_week.first_page(b.record, b.as_of)


def reports_compared(b: Briefing) -> ReportComparison | None:
    """Return the official report beside the practice tests; ``None`` without both."""
    return score_reports.compare_reports(b.record, b.as_of)


def questions() -> tuple[Question, ...]:
    """Return every question of the appraisal, in the order in which they are asked."""
    return daily_question.questions()


def next_question(record: Record, on: date) -> Question | None:
    """Return the one question for a day: the first without an answer; ``None`` if all have one."""
    return daily_question.question_of_the_day(record, on=on)


def reason_card(record: Record, moment: str) -> ReasonCard:
    """Return the student's own reason with the line that goes before it.

    Args:
        record: The student's record.
        moment: ``"opening"`` or ``"hard-day"``.
    """
    return motivation.reason_at(record, moment)


def reflection() -> tuple[ReflectionStep, ...]:
    """Return the steps that lead to a reason where none is written yet."""
    return motivation.reflection()


def welcome_back(record: Record, as_of: date) -> Reason | None:
    """Return a line for a student who comes back after days without an entry."""
    return crisis_support.silence_note(record, as_of, load_thresholds(record.exam.id))
