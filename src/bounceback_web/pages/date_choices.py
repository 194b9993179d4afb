"""Each date one could test on, with everything that the pages compare.

Values from the briefing, on the scale of the page; ``bounceback.messages.chances`` words them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bounceback.services import Briefing
from bounceback.services import published_facts as facts
from bounceback.services.date_terms import can_be_booked, date_terms
from bounceback.services.values import Forecast, RuleCheck
from bounceback_web.pages import presenters

FRIDAY = 4
Z_OF_RANGE = 1.2816
"""Standard deviations from the middle to either end of an 80 percent range."""


@dataclass(frozen=True, slots=True)
class DeadlineCheck:
    """Whether a result would be in before a deadline."""

    what: str
    day: date
    met: bool


@dataclass(frozen=True, slots=True)
class DateChoice:
    """One date.

    Attributes:
        day: The date.
        chance: Of passing.
        low: Low end of the likely reported score, on the scale of the page.
        high: High end.
        middle: Middle of it.
        result_usual: Day by which results usually come.
        result_latest: Day to plan for.
        deadlines: Each deadline with whether the latest result meets it.
        attempts_left: Numbers of the attempts left if this one fails; ``None`` without a limit.
        register_again: Dollars to register again; ``None`` if not published.
        moving: Dollars to move now; ``None`` if not known.
        allowed: Whether no rule closes the date.
        not_met: Kinds of the rules that the date does not meet, deadlines apart.
        not_known: Kinds of the rules of which it is not known, deadlines apart.
    """

    day: date
    chance: float
    low: float
    high: float
    middle: float
    result_usual: date
    result_latest: date
    deadlines: tuple[DeadlineCheck, ...]
    attempts_left: tuple[int, ...] | None
    register_again: float | None
    moving: float | None
    allowed: bool
    not_met: tuple[str, ...] = ()
    not_known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scale:
    """The scale of the page.

    Attributes:
        percent: Whether scores are percent correct.
        passing: Passing score.
        status: Whether a board publishes it.
        source: Keys of its source.
    """

    percent: bool
    passing: float
    status: str
    source: str
    exam: str
    day: date

    def shown(self, reported: float) -> float:
        """Return a reported score on the scale of the page."""
        if not self.percent:
            return reported
        return facts.conversion("nbme-cbssa", "usmle-step-1", self.day).from_reported(reported)


def scale_of(b: Briefing) -> Scale:
    """Return the scale of a briefing's page."""
    exam = b.record.exam.id
    mark = facts.pass_mark(exam, b.plan.test_date)
    percent = exam == "usmle-step-1"
    bare = Scale(percent, mark.value, mark.status, mark.source, exam, b.as_of)
    return Scale(percent, bare.shown(mark.value), mark.status, mark.source, exam, b.as_of)


def my_date(b: Briefing) -> date | None:
    """Return the date the student chose."""
    return b.record.exam.planned_date


def suggested_date(b: Briefing) -> date | None:
    """Return the date the advice names, where it is another than the student's."""
    if b.decision.advice not in ("sit", "move") or b.decision.date in (None, my_date(b)):
        return None
    return b.decision.date


def forecast_on(b: Briefing, day: date | None) -> Forecast | None:
    """Return the forecast of a day."""
    return next((f for f in b.forecasts if f.on == day), None)


def main_date(b: Briefing) -> Forecast | None:
    """Return the forecast that the page is about: my date, else the suggested, else the plan's."""
    for day in (my_date(b), suggested_date(b), b.plan.test_date):
        found = forecast_on(b, day)
        if found is not None:
            return found
    return presenters.named_day(b)


def choice(b: Briefing, forecast: Forecast, scale: Scale) -> DateChoice:
    """Return everything about one date."""
    record, day = b.record, forecast.on
    terms = date_terms(record, b.as_of, day)
    mean, spread = forecast.score_mean, (forecast.score_high - forecast.score_low) / 2
    return DateChoice(
        day=day,
        chance=forecast.p_pass,
        low=scale.shown(mean - spread),
        high=scale.shown(mean + spread),
        middle=scale.shown(mean),
        result_usual=terms.result_usual,
        result_latest=terms.result_latest,
        deadlines=tuple(
            DeadlineCheck(d.what, d.date, terms.result_latest <= d.date)
            for d in record.exam.deadlines
        ),
        attempts_left=terms.attempts_left,
        register_again=terms.register_again_usd,
        moving=terms.moving_usd,
        allowed=terms.allowed,
        not_met=_kinds(terms.rules, holds=False),
        not_known=_kinds(terms.rules, holds=None),
    )


def _kinds(checks: tuple[RuleCheck, ...], *, holds: bool | None) -> tuple[str, ...]:
    """Return the kinds of the rules in this state. Deadlines have lines of their own."""
    found = (c.kind for c in checks if c.holds is holds and c.kind != "deadline")
    return tuple(dict.fromkeys(found))


def choices(b: Briefing) -> tuple[DateChoice, ...]:
    """Return the Fridays one can book, the student's date and the suggested one, oldest first."""
    scale = scale_of(b)
    named = {my_date(b), suggested_date(b)}
    found = []
    for forecast in b.forecasts:
        open_friday = forecast.on.weekday() == FRIDAY and can_be_booked(
            b.record, b.as_of, forecast.on
        )
        if forecast.on in named or open_friday:
            one = choice(b, forecast, scale)
            if one.allowed or one.day in named:
                found.append(one)
    return tuple(found)


def compared(b: Briefing, every: tuple[DateChoice, ...]) -> tuple[DateChoice, ...]:
    """Return at most four dates to stand side by side: mine, the suggested, and two between.

    The last date is one of them, so that the most time is always compared.
    """
    by_day = {one.day: one for one in every}
    picked = [by_day[d] for d in (my_date(b), suggested_date(b)) if d in by_day]
    rest = [one for one in every if one not in picked]
    if rest and len(picked) < 4:
        picked.append(rest[-1])
        rest = rest[:-1]
    while rest and len(picked) < 4:
        # The date farthest from those picked says most that is new.
        far = max(rest, key=lambda one: min(abs((one.day - p.day).days) for p in picked))
        picked.append(far)
        rest.remove(far)
    return tuple(sorted(picked, key=lambda one: one.day))
