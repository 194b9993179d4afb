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

from bounceback import facts
from bounceback.appraisal.contacts import people
from bounceback.appraisal.crisis_support import fresh_failure
from bounceback.appraisal.text_tables import evidence_row, first_source, load_table
from bounceback.appraisal.thresholds import load_thresholds
from bounceback.errors import FactError, FactUnknown
from bounceback.messages.formatting import day_words
from bounceback.records import as_seen_on
from bounceback.records.models import Record
from bounceback.vocabulary import Group

GROUP_WORDS: dict[Group, str] = {
    "us-md": "US MD examinees",
    "us-do": "US DO examinees",
    "us-img": "examinees from schools outside the US (US citizens among them)",
    "non-us-img": "examinees from schools outside the US (US citizens among them)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fear:
    """One fear with its answer.

    Attributes:
        id: Name for other rooms.
        name: The fear in the learner's words.
        answer: One fact with counts, source and year, or that nobody publishes it.
        source: Source keys; empty where nothing is published.
        ask: One person to ask.
    """

    id: str
    name: str
    answer: str
    source: str
    ask: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstWeekStep:
    """One thing to do, in the first week or later, and with whom."""

    do: str
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstPage:
    """What a person reads first after a failing result.

    Attributes:
        opening: Two or three sentences before everything.
        fears: The five fears, in the order of the table.
        not_alone: Counts of others who read the same sentence.
        not_alone_source: Source keys; empty where nothing is published.
        first_week: What the first week holds; empty once the first weeks are over.
        now: What fits later; empty in the first weeks.
    """

    opening: str
    fears: tuple[Fear, ...]
    not_alone: str
    not_alone_source: str
    first_week: tuple[FirstWeekStep, ...]
    now: tuple[FirstWeekStep, ...]


def first_page(record: Record, as_of: date) -> FirstPage:
    """The first page for this learner on this day."""
    seen, _ = as_seen_on(record, as_of)
    text, t = load_table("first_page"), load_thresholds(seen.exam.id)
    around = people(seen, as_of)
    answers: dict[str, Callable[[Record, date], tuple[str, str]]] = {
        "only-chance": _only_chance,
        "career": _career,
        "recover": _recover,
    }
    fears = []
    for row in text["fear"]:
        answer, source = around.say(row["unknown"]), ""
        if row["id"] in answers:
            with suppress(FactUnknown):
                answer, source = answers[row["id"]](seen, as_of)
        fears.append(
            Fear(
                id=row["id"],
                name=around.say(row["name"]),
                answer=answer,
                source=source,
                ask=around.say(row["ask"]),
            )
        )
    count, source = not_alone(seen, as_of)
    is_new = fresh_failure(seen, as_of, timedelta(days=t.count("first_weeks_days")))
    steps = tuple(
        FirstWeekStep(do=around.say(r["do"]), who=around.say(r["who"]))
        for r in text["week" if is_new else "now"]
    )
    return FirstPage(
        opening=text["opening"]["new" if is_new else "later"],
        fears=tuple(fears),
        not_alone=count,
        not_alone_source=source,
        first_week=steps if is_new else (),
        now=() if is_new else steps,
    )


def source_words(keys: str) -> str:
    """Publisher and year of the first of the sources: ``Academic Medicine, 2012``."""
    found = first_source(keys)
    return f"{found.publisher}, {found.year}" if found.year else found.publisher


def _only_chance(record: Record, as_of: date) -> tuple[str, str]:
    """Sittings allowed by the board, and used."""
    rule = facts.attempt_rules(record.exam.id, as_of).max_attempts
    if not isinstance(rule.value, int | float):
        raise FactUnknown("no limit on sittings was found")
    used = sum(a.exam == record.exam.id for a in record.attempts)
    since = f" since {day_words(rule.in_force_from)}" if rule.in_force_from else ""
    most = int(rule.value)
    words = (
        f"The board allows {most} sittings of this exam{since} ({source_words(rule.source)}); your "
        f"record holds {used}."
    )
    if used >= most:
        return (
            f"{words} Whether an exception is possible is for the board to say; ask it together "
            f"with your {people(record, as_of).head} before you conclude anything.",
            rule.source,
        )
    return (f"{words} Some states count fewer; your adviser can look with you.", rule.source)


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


def _career(record: Record, as_of: date) -> tuple[str, str]:
    _cohort(record)
    row = evidence_row("graduated-after-step-2-pass")
    k, n = _counts(row)
    return (
        f"Of {n:,} US MD students who failed Step 1 and then passed Step 2 CK at the first "
        f"sitting, {k:,} graduated (those who began 1993 to 2000; "
        f"{source_words(row['source'])}). The cohort is old; the next exam was in their hands.",
        row["source"],
    )


def _recover(record: Record, as_of: date) -> tuple[str, str]:
    try:
        _cohort(record)
    except FactUnknown:
        return _repeat_rate(record, as_of)
    row = evidence_row("graduated")
    k, n = _counts(row)
    return (
        f"Of {n:,} US MD students who failed Step 1 at first, {k:,} graduated (those who began "
        f"1993 to 2000; {source_words(row['source'])}).",
        row["source"],
    )


def _repeat_rate(record: Record, as_of: date) -> tuple[str, str]:
    rate = facts.pass_rate(record.exam.id, record.learner.group, "repeat", as_of.year)
    of = f"{rate.n:,} " if rate.n else ""
    group = GROUP_WORDS[record.learner.group]
    return (
        f"Of {of}repeat sittings by {group} in {rate.period}, about {round(rate.pass_percent)} of "
        f"100 passed ({source_words(rate.source)}). This counts sittings, second and later ones "
        "together, not people.",
        rate.source,
    )


def not_alone(record: Record, as_of: date) -> tuple[str, str]:
    """How many others read the same sentence in the newest published year, with source.

    Published percentages are whole points, so the count is a range.
    """
    name = facts.exam(record.exam.id).short_name
    group = GROUP_WORDS[record.learner.group]
    try:
        rate = facts.pass_rate(record.exam.id, record.learner.group, "first", as_of.year)
    except FactUnknown:
        return (
            f"Nobody publishes how many {group} read the same sentence for {name}. Others "
            "have; ask your adviser, who may have sat with some of them.",
            "",
        )
    if rate.n is None:
        return (
            f"In {rate.period} about {100 - round(rate.pass_percent)} of 100 first sittings of "
            f"{name} by {group} ended as yours did ({source_words(rate.source)}).",
            rate.source,
        )
    low = rate.n * (100 - rate.pass_percent - 0.5) / 100
    high = rate.n * (100 - rate.pass_percent + 0.5) / 100
    return (
        f"In {rate.period} between {max(0, round(low)):,} and {round(high):,} first sittings of "
        f"{name} by {group} ended as yours did, of {rate.n:,} ({source_words(rate.source)}). You "
        "are not alone.",
        rate.source,
    )
