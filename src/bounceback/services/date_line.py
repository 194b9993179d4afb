"""The date line: today, the practice tests, the dates, and what each date would bring.

One answer for the pages, the terminal and the PDF, so that a date has the same count, level and
price wherever it is shown. Scores are on the exam's reported scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from bounceback import facts
from bounceback.decision.models import DeadlineCheck, RuleCheck
from bounceback.forecast.prediction import Forecast
from bounceback.services.date_terms import can_be_booked, date_terms
from bounceback.services.full_briefing import Briefing

MOST_COMPARED: Final = 4
"""Dates that stand side by side."""

_FRIDAY: Final = 4

MarkState = Literal["taken", "unsure", "planned", "suggested"]
"""A practice test taken; one taken untimed or again; one of the plan; one after the date chosen."""


@dataclass(frozen=True, slots=True)
class DateOnLine:
    """One date with everything that is compared.

    Attributes:
        on: The date.
        chance: Of passing.
        score_low: Low end of the likely reported score.
        score_high: High end.
        score_mean: Its mean.
        weeks: Weeks from today.
        result_usual: Day by which results usually come.
        result_latest: Day to plan for.
        deadlines: Each deadline with whether the latest result meets it.
        attempts_left: Numbers of the attempts left if this one fails; ``None`` without a limit.
        registering_usd: Dollars to register again; ``None`` if not published.
        moving_usd: Dollars to move the student's date now; ``None`` if not known.
        allowed: Whether no rule closes the date.
        not_met: Kinds of the rules that the date does not meet, deadlines apart.
        not_known: Kinds of the rules of which it is not known, deadlines apart.
    """

    on: date
    chance: float
    score_low: float
    score_high: float
    score_mean: float
    weeks: float
    result_usual: date
    result_latest: date
    deadlines: tuple[DeadlineCheck, ...]
    attempts_left: tuple[int, ...] | None
    registering_usd: float | None
    moving_usd: float | None
    allowed: bool
    not_met: tuple[str, ...] = ()
    not_known: tuple[str, ...] = ()

    @property
    def people(self) -> int:
        """How many of ten people would pass."""
        return round(10 * self.chance)


@dataclass(frozen=True, slots=True)
class TestOnLine:
    """A practice test on its day."""

    on: date
    family: str
    form: str
    state: MarkState


@dataclass(frozen=True, slots=True)
class DeadlineOnLine:
    """A deadline, with the last day to test so that the latest result still meets it."""

    what: str
    on: date
    test_by: date


@dataclass(frozen=True, slots=True)
class DateLine:
    """What stands on the line.

    Attributes:
        today: The day asked about.
        last: Last day of the forecast; ``None`` where no day is eligible.
        my_date: The date the student chose; ``None`` without one.
        suggested_date: The date that the advice names, where it is another.
        decide_on: Day of the agreement, where it lies ahead.
        eligibility_first: First eligible day, where one is known.
        eligibility_last: Last eligible day, where one is known and lies ahead.
        dates: The dates one can book, the student's and the suggested one, oldest first.
        tests: Practice tests of today and of the plan, oldest first.
        deadlines: The student's deadlines.
    """

    today: date
    last: date | None
    my_date: date | None
    suggested_date: date | None
    decide_on: date | None
    eligibility_first: date | None
    eligibility_last: date | None
    dates: tuple[DateOnLine, ...]
    tests: tuple[TestOnLine, ...]
    deadlines: tuple[DeadlineOnLine, ...]

    def compared(self) -> tuple[DateOnLine, ...]:
        """Return at most four dates to stand side by side, oldest first."""
        return compared(self.dates, (self.my_date, self.suggested_date))


def date_line(b: Briefing) -> DateLine:
    """Return the date line of a briefing.

    Args:
        b: The briefing.
    """
    record, window = b.record, b.record.exam.eligibility
    pact = record.decision.pact
    return DateLine(
        today=b.as_of,
        last=b.forecasts[-1].on if b.forecasts else None,
        my_date=record.exam.planned_date,
        suggested_date=suggested_date(b),
        decide_on=pact.date if pact is not None and pact.date >= b.as_of else None,
        eligibility_first=window.first if window is not None else None,
        eligibility_last=(window.last if window is not None and window.last >= b.as_of else None),
        dates=dates(b),
        tests=_tests(b),
        deadlines=_deadlines(b),
    )


def suggested_date(b: Briefing) -> date | None:
    """Return the date the advice names, where it is another than the student's."""
    named = b.decision.date
    if b.decision.advice not in ("sit", "move") or named == b.record.exam.planned_date:
        return None
    return named


def dates(b: Briefing) -> tuple[DateOnLine, ...]:
    """Return the Fridays one can book, the student's date and the suggested one, oldest first."""
    named = {b.record.exam.planned_date, suggested_date(b)}
    found = []
    for forecast in b.forecasts:
        open_friday = forecast.on.weekday() == _FRIDAY and can_be_booked(
            b.record, b.as_of, forecast.on
        )
        if forecast.on in named or open_friday:
            one = on_line(b, forecast)
            if one.allowed or one.on in named:
                found.append(one)
    return tuple(found)


def on_line(b: Briefing, forecast: Forecast) -> DateOnLine:
    """Return everything about one date of the forecast."""
    day, terms = forecast.on, date_terms(b.record, b.as_of, forecast.on)
    return DateOnLine(
        on=day,
        chance=forecast.p_pass,
        score_low=forecast.score_low,
        score_high=forecast.score_high,
        score_mean=forecast.score_mean,
        weeks=(day - b.as_of).days / 7.0,
        result_usual=terms.result_usual,
        result_latest=terms.result_latest,
        deadlines=tuple(
            DeadlineCheck(d.what, d.date, terms.result_latest <= d.date)
            for d in b.record.exam.deadlines
        ),
        attempts_left=terms.attempts_left,
        registering_usd=terms.register_again_usd,
        moving_usd=terms.moving_usd,
        allowed=terms.allowed,
        not_met=_kinds(terms.rules, holds=False),
        not_known=_kinds(terms.rules, holds=None),
    )


def _kinds(checks: tuple[RuleCheck, ...], *, holds: bool | None) -> tuple[str, ...]:
    """Return the kinds of the rules in this state. Deadlines have lines of their own."""
    found = (c.kind for c in checks if c.holds is holds and c.kind != "deadline")
    return tuple(dict.fromkeys(found))


def compared(every: Sequence[DateOnLine], named: Sequence[date | None]) -> tuple[DateOnLine, ...]:
    """Return at most four dates to stand side by side: those named, the last, and those between.

    The last date is one of them, so that the most time is always compared.

    Args:
        every: The dates of the line, oldest first.
        named: The student's date and the suggested one, as far as there are any.
    """
    by_day = {one.on: one for one in every}
    picked = [by_day[d] for d in dict.fromkeys(named) if d in by_day]
    rest = [one for one in every if one not in picked]
    if rest and len(picked) < MOST_COMPARED:
        picked.append(rest.pop())
    while rest and len(picked) < MOST_COMPARED:
        # The date farthest from those picked says most that is new.
        far = max(rest, key=lambda one: min(abs((one.on - p.on).days) for p in picked))
        picked.append(far)
        rest.remove(far)
    return tuple(sorted(picked, key=lambda one: one.on))


def _tests(b: Briefing) -> tuple[TestOnLine, ...]:
    mine = b.record.exam.planned_date
    found = [
        TestOnLine(f.date, f.family, f.form, "unsure" if f.repeat or not f.timed else "taken")
        for f in b.record.forms
        if f.date == b.as_of
    ]
    found += [
        TestOnLine(
            e.date,
            e.family,
            e.form,
            "suggested" if mine is not None and e.date > mine else "planned",
        )
        for e in b.plan.ledger
        if e.date is not None and b.as_of <= e.date <= b.plan.test_date
    ]
    return tuple(sorted(found, key=lambda t: t.on))


def _deadlines(b: Briefing) -> tuple[DeadlineOnLine, ...]:
    found = []
    for deadline in b.record.exam.deadlines:
        weeks = facts.release(b.record.exam.id, deadline.date).plan_weeks
        test_by = deadline.date - timedelta(days=round(7 * weeks))
        found.append(DeadlineOnLine(deadline.what, deadline.date, test_by))
    return tuple(found)
