"""Each date one could test on, with everything that the pages compare.

Values from the briefing, on the scale of the page; ``bounceback.messages.chances`` words them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bounceback.services import Briefing
from bounceback.services import date_line as line
from bounceback.services import published_facts as facts
from bounceback.services.date_line import DateOnLine, suggested_date
from bounceback.services.values import DeadlineCheck, Forecast
from bounceback_web.pages import presenters

__all__ = [
    "DateChoice",
    "Scale",
    "choice",
    "choices",
    "compared",
    "forecast_on",
    "main_date",
    "my_date",
    "scale_of",
    "suggested_date",
]

Z_OF_RANGE = 1.2816
"""Standard deviations from the middle to either end of an 80 percent range."""


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
    return _on_page(line.on_line(b, forecast), scale)


def _on_page(one: DateOnLine, scale: Scale) -> DateChoice:
    """Return a date of the line on the scale of the page."""
    return DateChoice(
        day=one.on,
        chance=one.chance,
        low=scale.shown(one.score_low),
        high=scale.shown(one.score_high),
        middle=scale.shown(one.score_mean),
        result_usual=one.result_usual,
        result_latest=one.result_latest,
        deadlines=one.deadlines,
        attempts_left=one.attempts_left,
        register_again=one.registering_usd,
        moving=one.moving_usd,
        allowed=one.allowed,
        not_met=one.not_met,
        not_known=one.not_known,
    )


def choices(b: Briefing) -> tuple[DateChoice, ...]:
    """Return the dates of the line on the scale of the page."""
    scale = scale_of(b)
    return tuple(_on_page(one, scale) for one in line.dates(b))


def compared(b: Briefing, every: tuple[DateChoice, ...]) -> tuple[DateChoice, ...]:
    """Return at most four of the dates to stand side by side."""
    by_day = {one.day: one for one in every}
    picked = line.compared(
        [one for one in line.dates(b) if one.on in by_day], (my_date(b), suggested_date(b))
    )
    return tuple(by_day[one.on] for one in picked)
