"""Rules of boards and states: attempts, waiting for results, fees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from bounceback.errors import FactUnknown
from bounceback.facts.exams import exam
from bounceback.facts.loading import day, holds, known_exam, number, table, value, whole
from bounceback.facts.models import Sourced
from bounceback.facts.sources import source_keys
from bounceback.vocabulary import Confidence


@dataclass(frozen=True, slots=True)
class AttemptRules:
    """How often and how soon the exam may be sat. ``value`` None: no such rule was found.

    Attributes:
        max_attempts: Sittings of this Step or Level in all; incomplete ones count. Looked up by
            application date.
        max_in_12_months: Most sittings within any 12 months. Looked up by application date.
        fourth_min_months_from_first: From the fourth sitting on: months since the first.
        fourth_min_months_from_latest: From the fourth sitting on: months since the latest.
    """

    max_attempts: Sourced
    max_in_12_months: Sourced
    fourth_min_months_from_first: Sourced
    fourth_min_months_from_latest: Sourced


@dataclass(frozen=True, slots=True)
class StateLimit:
    """What undated third-party lists say about a state's limit. Never a sentence of fact alone.

    Attributes:
        state: Two-letter code.
        name: Name of the state.
        max_attempts: The number, where the lists agree on one; ``None``: no limit, or they differ.
        scope: ``step`` (each Step or Level), ``all`` (all of them together) or ``none`` (no limit).
        text: What the lists say, in words.
        caveat: What must stand beside it.
        source: Source keys.
        confidence: ``reported`` or ``inferred``; never official.
    """

    state: str
    name: str
    max_attempts: int | None
    scope: str
    text: str
    caveat: str
    source: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Release:
    """How long a result takes.

    Attributes:
        id: Fact id, for ``facts show``.
        typical_weeks: Weeks within which results typically come (the later end of a range).
        plan_weeks: Weeks to allow for when a deadline depends on the result.
        pauses: Stretches of the year without releases, in words.
        in_force_from: First day; ``None`` if not found.
        source: Source keys.
        confidence: The lower confidence of the two numbers.
    """

    id: str
    typical_weeks: float
    plan_weeks: float
    pauses: tuple[str, ...]
    in_force_from: date | None
    source: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Fee:
    """One fee.

    Attributes:
        kind: ``registration``, ``appointment-change``, ``eligibility-extension``,
            ``reschedule-or-cancel``, ``cancel``, ``no-show``, ``accommodation-request``.
        condition: When it applies, in words.
        groups: Whom it concerns; empty: everybody.
        days_low: Fewest days before the appointment; ``None``: no lower end.
        days_high: Most days before the appointment; ``None``: no upper end.
        amount_usd: US dollars; ``None``: a fee exists or may exist, the amount was not found.
        in_force_from: First day; ``None`` if not found.
        note: What to know.
        source: Source keys.
        confidence: Confidence.
    """

    kind: str
    condition: str
    groups: tuple[str, ...]
    days_low: float | None
    days_high: float | None
    amount_usd: float | None
    in_force_from: date | None
    note: str
    source: str
    confidence: Confidence


def _programme(exam_id: str) -> str:
    return "usmle" if exam(exam_id).board == "USMLE" else "comlex"


@cache
def attempt_rules(exam_id: str, on: date) -> AttemptRules:
    """Return the rules on attempts for an application or test date.

    Raises:
        FactUnknown: The rule of that day is not known.
    """
    programme = _programme(exam_id)
    return AttemptRules(
        max_attempts=value(f"{programme}.max-attempts", on),
        max_in_12_months=value(f"{programme}.max-in-12-months", on),
        fourth_min_months_from_first=value(f"{programme}.fourth-min-months-from-first", on),
        fourth_min_months_from_latest=value(f"{programme}.fourth-min-months-from-latest", on),
    )


@lru_cache(maxsize=512)  # bounded: the state comes from outside
def state_limit(state: str, exam_id: str) -> StateLimit | None:
    """Return what third-party lists say of a state's attempt limit, or ``None`` if unlisted.

    The lists are undated and disagree; the learner is always sent to the state board. ``None``
    means "not in the lists", never "no limit".

    Args:
        state: Two-letter code, any case.
        exam_id: Exam.
    """
    known_exam(exam_id)
    for row in table("state_limits"):
        if row["state"] == state.upper() and exam_id in row["exams"].split():
            return StateLimit(
                state=row["state"],
                name=row["name"],
                max_attempts=whole(row["max_attempts"]),
                scope=row["scope"],
                text=row["text"],
                caveat=str(value("state-limits.caveat", date.max).value),
                source=row["source"],
                confidence=row["confidence"],  # type: ignore[arg-type]
            )
    return None


@cache
def release(exam_id: str, on: date) -> Release:
    """Return how long the result of a sitting on a day takes.

    Raises:
        FactUnknown: Not known for that day.
    """
    programme = _programme(exam_id)
    typical = value(f"{programme}.release-typical-weeks", on)
    plan = value(f"{programme}.release-plan-weeks", on)
    assert isinstance(typical.value, int | float)
    assert isinstance(plan.value, int | float)
    pauses = tuple(row["what"] for row in table("release_pauses") if row["programme"] == programme)
    order: tuple[Confidence, ...] = ("official", "reported", "inferred")
    return Release(
        id=f"{exam_id}.release",
        typical_weeks=float(typical.value),
        plan_weeks=float(plan.value),
        pauses=pauses,
        in_force_from=plan.in_force_from,
        source=";".join(dict.fromkeys(source_keys(f"{plan.source};{typical.source}"))),
        confidence=max(typical.confidence, plan.confidence, key=order.index),
    )


def release_is_paused(exam_id: str, on: date) -> bool:
    """Whether results are usually not released in the week that holds this day.

    Seen on programme pages of about 2020-2023; the programme announces each year's weeks.
    """
    programme = _programme(exam_id)
    for row in table("release_pauses"):
        if row["programme"] != programme:
            continue
        anchor = date(on.year, int(row["month"]), int(row["day"]))
        if anchor.isocalendar()[:2] == on.isocalendar()[:2]:
            return True
    return False


@cache
def fees(exam_id: str, on: date) -> tuple[Fee, ...]:
    """Return the fees seen for a day, in file order; empty if none were found.

    Amounts of third-party lists are ``reported``; a fee without an amount has ``amount_usd`` None.
    """
    known_exam(exam_id)
    return tuple(
        Fee(
            kind=row["kind"],
            condition=row["condition"],
            groups=tuple(row["groups"].split()),
            days_low=number(row["days_low"]),
            days_high=number(row["days_high"]),
            amount_usd=number(row["amount_usd"]),
            in_force_from=day(row["first"]),
            note=row["note"],
            source=row["source"],
            confidence=row["confidence"],  # type: ignore[arg-type]
        )
        for row in table("fees")
        if exam_id in row["exams"].split() and holds(row, on)
    )


def require_amount(fee: Fee) -> float:
    """The fee's amount in US dollars; ``FactUnknown`` if it was not found."""
    if fee.amount_usd is None:
        raise FactUnknown(f"the amount of the fee {fee.kind!r} ({fee.condition}) was not found")
    return fee.amount_usd
