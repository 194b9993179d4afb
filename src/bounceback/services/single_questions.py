"""One function a question: each answer is the part of the briefing that holds it.

Where several are wanted, ask ``briefing`` once: plan and decision rest on the chances by date, so
either costs about as much as all three. The chances alone cost half of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from bounceback.appraisal import Appraisal
from bounceback.appraisal import appraise as appraise_seen
from bounceback.decision.models import Decision
from bounceback.forecast.posterior import Belief, believe
from bounceback.forecast.prediction import Forecast
from bounceback.planning import Plan
from bounceback.records import as_seen_on
from bounceback.records.models import Record
from bounceback.residency_match import LicensedTables, Outlook, load_licensed, outlook
from bounceback.services.full_briefing import briefing, forecasts_by_date


def forecasts(record: Record, today: date) -> tuple[Forecast, ...]:
    """Say how likely the learner is to pass, by date.

    Args:
        record: The learner's record.
        today: The day to answer for; later evidence is set aside.

    Returns:
        One forecast an eligible day, oldest first; each with the plan made for that day. Empty
        where no day is eligible.

    Raises:
        FactUnknown: A number the answer needs is not published for that day.
    """
    return forecasts_by_date(record, today)


def daily_plan(record: Record, today: date) -> Plan:
    """Say what to do each day until the day advised, and what does not fit.

    Args:
        record: The learner's record; the plan it carries is re-made, ticks and locks kept.
        today: The day to answer for, and the first day of the plan.

    Raises:
        FactUnknown: A number the answer needs is not published for that day.
    """
    return briefing(record, today).plan


def decide(record: Record, today: date) -> Decision:
    """Say whether to sit, move the date, rebuild first, or wait for one more form, and why.

    Args:
        record: The learner's record.
        today: The day to answer for; later evidence is set aside.

    Raises:
        FactUnknown: A number the answer needs is not published for that day.
    """
    return briefing(record, today).decision


def appraise(record: Record, today: date) -> Appraisal:
    """Say why the last attempt went as it did: causes with confidence, and what to change.

    Args:
        record: The learner's record.
        today: The day to answer for; later evidence is set aside.
    """
    seen, _ = as_seen_on(record, today)
    return appraise_seen(seen, today)


def match_outlook(
    record: Record,
    today: date,
    *,
    asked: bool = True,
    licensed: LicensedTables | None = None,
    history: bool = False,
) -> Outlook:
    """Say what is still in the learner's hands before the residency match; never a chance of it.

    Args:
        record: The learner's record.
        today: The day to answer for.
        asked: Whether the student asked for it; without that, the invitation alone.
        licensed: Match tables that an institution may show.
        history: Whether editions that are two or more old are shown, too.
    """
    seen, _ = as_seen_on(record, today)
    return outlook(seen, today, asked=asked, licensed=licensed, history=history)


def licensed_tables(paths: Iterable[Path]) -> LicensedTables | None:
    """Return the match tables of an institution's files together; ``None`` without a file.

    Args:
        paths: CSV files; where two hold the same cell the later one holds.

    Raises:
        QuestionError: A file cannot be read as match tables.
    """
    tables: LicensedTables | None = None
    for path in paths:
        more = load_licensed(path)
        tables = more if tables is None else tables.with_(more)
    return tables


def level_today(record: Record, today: date, test_date: date | None = None) -> Belief:
    """Return the student's level by area, without a plan or a forecast.

    Args:
        record: The learner's record.
        today: The day to answer for; later evidence is set aside.
        test_date: Date whose blueprint names the areas; the planned one where it is not given.
    """
    seen, _ = as_seen_on(record, today)
    return believe(seen, today, test_date=test_date)
