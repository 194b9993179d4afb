"""When there is nothing to plan: which case it is, in kind words, with the next step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bounceback.planning.availability import Day
from bounceback.planning.models import NothingToPlan
from bounceback.planning.study_resources import Material
from bounceback.records.models import Record


def nothing_to_plan(
    record: Record,
    as_of: date,
    test_date: date,
    days: Sequence[Day],
    stuff: Material,
    *,
    sitting: bool = True,
) -> NothingToPlan | None:
    """Say why no study can be planned, or ``None`` where it can.

    Args:
        record: Whose plan.
        as_of: First day of the plan.
        test_date: The sitting.
        days: Days before the sitting, from the calendar.
        stuff: What there is to study from.
        sitting: Whether the plan leads to the exam, and not to a re-test.
    """
    window = record.exam.eligibility
    days_left = (test_date - as_of).days
    if window is not None and as_of > window.last:
        return NothingToPlan(
            reason="eligibility-over",
            words=f"Your eligibility ended on {window.last.isoformat()}.",
            next_step="Ask for a new period; a low-hour plan keeps what you know meanwhile.",
        )
    if days_left < 0:
        return NothingToPlan(
            reason="exam-past",
            words=f"The day of the exam, {test_date.isoformat()}, has passed.",
            next_step="Enter the result when it comes, or a new date; until then rest is a plan.",
        )
    if days_left == 0:
        return NothingToPlan(
            reason="exam-today",
            words="The exam is today. Everything you could do for it is done.",
            next_step="Eat, breathe, one block at a time.",
        )
    if days_left == 1 and sitting:
        return NothingToPlan(
            reason="exam-tomorrow",
            words="The exam is tomorrow. Nothing learned today would show in it; rest will.",
            next_step="Permit, identification, route, food; then an early night.",
        )
    if record.availability is None:
        return NothingToPlan(
            reason="no-availability",
            words="You haven't entered your study hours yet.",
            next_step="Add the minutes of each weekday. Forty a day are enough for a plan.",
        )
    if not any(day.minutes for day in days):
        return NothingToPlan(
            reason="no-hours",
            words=f"No free hours are left before {test_date.isoformat()}.",
            next_step="Free one morning a week, or look at a later date: each is priced for you.",
        )
    nothing_left = (
        stuff.known
        and not stuff.cards
        and stuff.passive_minutes < 1
        and stuff.fresh_question_minutes < 1
        and stuff.questions_done < 1
    )
    if nothing_left and not record.ledger:
        return NothingToPlan(
            reason="no-material",
            words="Everything listed has been used, and no practice form is left.",
            next_step="Name one more question bank, or the free sample questions of the board.",
        )
    return None
