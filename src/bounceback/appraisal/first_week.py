"""The first page after failing: five fears by name, not alone, the first week or what fits now.

Each fear gets one sourced fact with its year, or "nobody publishes this", and one person to ask.
No advice on amounts of money; no chance of a match.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, TypeAlias

from bounceback import facts
from bounceback.appraisal.contacts import place
from bounceback.appraisal.crisis_support import fresh_failure
from bounceback.appraisal.text_tables import evidence_row
from bounceback.appraisal.thresholds import load_thresholds
from bounceback.errors import FactError, FactUnknown
from bounceback.reasons import Fact, Reason, reason
from bounceback.records import as_seen_on
from bounceback.records.models import Record

Answer: TypeAlias = tuple[tuple[Reason, ...], str]
"""What is published, and its source keys."""

FEARS: Final = ("only-chance", "career", "loans", "recover", "match")
"""The five fears, in the order in which they are named."""

WEEK_STEPS: Final = 7
LATER_STEPS: Final = 4
"""How many steps the first weeks, and the time after them, hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fear:
    """One fear with its answer.

    Attributes:
        id: One of ``FEARS``.
        name: The fear in the learner's words.
        answer: One fact with counts, source and year, or that nobody publishes it.
        source: Source keys; empty where nothing is published.
        ask: One person to ask.
    """

    id: str
    name: Reason
    answer: tuple[Reason, ...]
    source: str
    ask: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstWeekStep:
    """One thing to do, in the first week or later, and with whom."""

    do: Reason
    who: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstPage:
    """What a person reads first after a failing result.

    Attributes:
        opening: What stands before everything.
        fears: The five fears, in order.
        not_alone: Counts of others who read the same result.
        not_alone_source: Source keys; empty where nothing is published.
        first_week: What the first week holds; empty once the first weeks are over.
        now: What fits later; empty in the first weeks.
    """

    opening: Reason
    fears: tuple[Fear, ...]
    not_alone: Reason
    not_alone_source: str
    first_week: tuple[FirstWeekStep, ...]
    now: tuple[FirstWeekStep, ...]


def first_page(record: Record, as_of: date) -> FirstPage:
    """The first page for this learner on this day."""
    seen, _ = as_seen_on(record, as_of)
    t = load_thresholds(seen.exam.id)
    where = {"place": place(seen, as_of)}
    answers: dict[str, Callable[[Record, date], Answer]] = {
        "only-chance": _only_chance,
        "career": _career,
        "recover": _recover,
    }
    fears = []
    for fear in FEARS:
        about = {"fear": fear, **where}
        answer: Answer = ((Reason("appraisal.fear-unknown", about),), "")
        if fear in answers:
            with suppress(FactUnknown):
                answer = answers[fear](seen, as_of)
        fears.append(
            Fear(
                id=fear,
                name=Reason("appraisal.fear-name", about),
                answer=answer[0],
                source=answer[1],
                ask=Reason("appraisal.fear-ask", about),
            )
        )
    count, source = not_alone(seen, as_of)
    is_new = fresh_failure(seen, as_of, timedelta(days=t.count("first_weeks_days")))
    weeks = "week" if is_new else "now"
    steps = tuple(
        FirstWeekStep(
            do=Reason("appraisal.first-step", {"list": weeks, "number": number, **where}),
            who=Reason("appraisal.first-step-who", {"list": weeks, "number": number, **where}),
        )
        for number in range(WEEK_STEPS if is_new else LATER_STEPS)
    )
    return FirstPage(
        opening=reason("appraisal.first-page-new" if is_new else "appraisal.first-page-later"),
        fears=tuple(fears),
        not_alone=count,
        not_alone_source=source,
        first_week=steps if is_new else (),
        now=() if is_new else steps,
    )


def _only_chance(record: Record, as_of: date) -> Answer:
    """Attempts allowed by the board, and used."""
    rule = facts.attempt_rules(record.exam.id, as_of).max_attempts
    if not isinstance(rule.value, int | float):
        raise FactUnknown("no limit on attempts was found")
    used = sum(a.exam == record.exam.id for a in record.attempts)
    most = int(rule.value)
    allowed = reason(
        "appraisal.attempts-allowed",
        most=most,
        since=rule.in_force_from,
        used=used,
        source=rule.source,
    )
    if used >= most:
        close = reason("appraisal.ask-board-for-exception", place=place(record, as_of))
    else:
        close = reason("appraisal.states-may-count-fewer")
    return (allowed, close), rule.source


def _cohort(record: Record) -> None:
    """The person-level cohort is of US MD students and Step 1; nobody else is joined to it."""
    if record.learner.group != "us-md" or record.exam.id != "usmle-step-1":
        raise FactUnknown("no cohort is published for this group and exam")


def _counts(row: dict[str, str]) -> tuple[int, int]:
    """The counts that stand in brackets in a statement: ``(4,148 of 4,168)``."""
    found = re.search(r"\(([\d,]+) of ([\d,]+)\)", row["statement"])
    if found is None:
        raise FactError(
            f"evidence {row['id']} gives no counts; allowed: “(k of n)” in its statement "
            "(facts/data/tables/evidence.csv). Add them there."
        )
    k, n = (int(x.replace(",", "")) for x in found.groups())
    return k, n


def _career(record: Record, as_of: date) -> Answer:
    _cohort(record)
    row = evidence_row("graduated-after-step-2-pass")
    k, n = _counts(row)
    return (reason("appraisal.graduated-after-step-2", k=k, n=n, source=row["source"]),), row[
        "source"
    ]


def _recover(record: Record, as_of: date) -> Answer:
    try:
        _cohort(record)
    except FactUnknown:
        return _repeat_rate(record, as_of)
    row = evidence_row("graduated")
    k, n = _counts(row)
    return (reason("appraisal.graduated", k=k, n=n, source=row["source"]),), row["source"]


def _repeat_rate(record: Record, as_of: date) -> Answer:
    rate = facts.pass_rate(record.exam.id, record.learner.group, "repeat", as_of.year)
    return (
        reason(
            "appraisal.repeat-rate",
            attempts=rate.n,
            group=record.learner.group,
            period=rate.period,
            percent=rate.pass_percent,
            source=rate.source,
        ),
    ), rate.source


def not_alone(record: Record, as_of: date) -> tuple[Reason, str]:
    """How many others read the same result in the newest published year, with source.

    Published percentages are whole points, so the count is a range.
    """
    about: dict[str, Fact] = {"exam": record.exam.id, "group": record.learner.group}
    try:
        rate = facts.pass_rate(record.exam.id, record.learner.group, "first", as_of.year)
    except FactUnknown:
        return Reason("appraisal.not-alone-unknown", about), ""
    about |= {"period": rate.period, "source": rate.source}
    if rate.n is None:
        share = 100 - round(rate.pass_percent)
        return Reason("appraisal.not-alone-share", {**about, "of_hundred": share}), rate.source
    low = rate.n * (100 - rate.pass_percent - 0.5) / 100
    high = rate.n * (100 - rate.pass_percent + 0.5) / 100
    counts: dict[str, Fact] = {
        "low": max(0, round(low)),
        "high": round(high),
        "attempts": rate.n,
    }
    return Reason("appraisal.not-alone-count", {**about, **counts}), rate.source
