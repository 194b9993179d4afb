"""How long a retake needs, by the method's rule of thumb and by the model, side by side.

The rule of thumb measures the distance from the baseline to the pass mark in SD of the exam. It
says three things and no more: mostly solid, wobbly, fundamental gap. All of it is inferred.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from bounceback import facts
from bounceback.errors import FactError, FactUnknown
from bounceback.forecast.posterior import Belief
from bounceback.forecast.prediction import Forecast
from bounceback.messages.formatting import day_words, form_words
from bounceback.planning.availability import weekday_minutes
from bounceback.planning.parameters import rules_for
from bounceback.records.models import Attempt, Form, Record
from bounceback.vocabulary import MINUTES_PER_HOUR

TimeLevel = Literal["mostly-solid", "wobbly", "fundamental-gap"]

_HOURS_CHANGED = 1.5
"""Hours a day by which the plan must differ from the last attempt's to count as a change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeNeeded:
    """The guide's level beside the model's estimate.

    Attributes:
        level: ``mostly-solid``, ``wobbly`` or ``fundamental-gap``.
        weeks_low: The guide's weeks; ``None`` for a fundamental gap.
        weeks_high: The guide's weeks; ``None`` for a fundamental gap.
        model_weeks: Weeks until the lower end of ability reaches the mark with the plan made;
            ``None`` where no date asked about reaches it.
        applies: False while no change since the last attempt is recorded.
        sd_below: Distance from the baseline to the mark in SD of the exam; negative above it.
        baseline: What the distance was measured from, in words.
        changes: Changes since the last attempt that the record shows, in words.
        words: The whole in two or three sentences.
    """

    level: TimeLevel
    weeks_low: float | None
    weeks_high: float | None
    model_weeks: float | None
    applies: bool
    sd_below: float
    baseline: str
    changes: tuple[str, ...]
    words: str

    def to_briefing(self) -> dict[str, Any]:
        """The ``time_needed`` key of the briefing."""
        return {
            "level": self.level,
            "weeks_low": self.weeks_low,
            "weeks_high": self.weeks_high,
            "model_weeks": None if self.model_weeks is None else round(self.model_weeks, 1),
            "applies": self.applies,
            "sd_below": round(self.sd_below, 3),
            "baseline": self.baseline,
            "changes": list(self.changes),
            "words": self.words,
        }


def time_needed(
    record: Record, as_of: date, belief: Belief, forecasts: Sequence[Forecast] = ()
) -> TimeNeeded:
    """The guide's level for a record, and the model's weeks from forecasts of planned dates.

    Args:
        record: Whose retake.
        as_of: The day asked about.
        belief: Where the learner stands; its mean is the baseline where no form since the failure
            can be converted.
        forecasts: By date, with the plan made for each; the model's weeks are read off them.
    """
    exam_id = record.exam.id
    failures = _failures(record, as_of)
    chosen, form, below, reasons = _guide_step(
        record, as_of, belief.score_mean, belief.constants.mark
    )
    mark = belief.constants.mark
    if form is not None:
        baseline = f"{form_words(form.family, form.form, exam_id)} of {day_words(form.date)}"
    else:
        baseline = "the forecast's estimate for today: no form since the last sitting converts"
    changes = changes_since(record, as_of, failures[-1] if failures else None)
    model = weeks_to_gate(forecasts, mark, as_of)
    applies = bool(failures) and bool(changes)
    return TimeNeeded(
        level=chosen.level,  # type: ignore[arg-type]
        weeks_low=chosen.weeks_low,
        weeks_high=chosen.weeks_high,
        model_weeks=model,
        applies=applies,
        sd_below=below,
        baseline=baseline,
        changes=changes,
        words=_words(chosen, reasons, changes, bool(failures), model, bool(forecasts)),
    )


def level_now(record: Record, as_of: date, score_mean: float, mark: float) -> TimeLevel:
    """The guide's level alone.

    Args:
        record: Whose retake.
        as_of: The day asked about.
        score_mean: Expected score today, in points of the reported scale; used where no form since
            the failure converts.
        mark: The passing score on the same scale.
    """
    return _guide_step(record, as_of, score_mean, mark)[0].level  # type: ignore[return-value]


def distance(
    record: Record, as_of: date, score_mean: float, mark: float
) -> tuple[TimeLevel, float]:
    """The guide's level, and the distance to the passing score in SD of the exam.

    Args:
        record: Whose retake.
        as_of: The day asked about.
        score_mean: As for :func:`level_now`.
        mark: As for :func:`level_now`.
    """
    step = _guide_step(record, as_of, score_mean, mark)
    return step[0].level, step[2]  # type: ignore[return-value]


def _failures(record: Record, as_of: date) -> list[Attempt]:
    return [
        a
        for a in record.attempts
        if a.exam == record.exam.id and a.outcome == "fail" and a.date <= as_of
    ]


def _guide_step(
    record: Record, as_of: date, score_mean: float, mark: float
) -> tuple[facts.TimeNeededLevel, Form | None, float, list[str]]:
    """The guide's row, the form it was measured from, SD below the mark, and what moved it."""
    exam_id = record.exam.id
    failures = _failures(record, as_of)
    form = _latest_form(record, as_of, failures)
    reported = None if form is None else reported_score(form, exam_id)
    if reported is None:
        reported, form = score_mean, None
    below = (mark - reported) / exam_sd(exam_id, as_of)
    guide = facts.time_needed_guide()
    step = next(i for i, g in enumerate(guide) if g.sd_below_to is None or below < g.sd_below_to)
    reasons: list[str] = []
    if form is not None and not form.timed:
        reasons.append("the form was untimed")
    if len(failures) >= 2:
        reasons.append("it is not the first failed sitting")
    if reasons:
        step = min(step + 1, len(guide) - 1)
    return guide[step], form, below, reasons


def exam_sd(exam_id: str, on: date) -> float:
    """The SD in which the guide counts, in points of the exam's reported scale."""
    try:
        value = facts.value(f"{exam_id}.time-needed-sd", on).value
    except FactError:
        value = None
    return float(value) if isinstance(value, int | float) else facts.norms(exam_id, on).sd


def reported_score(form: Form, exam_id: str) -> float | None:
    """A form's score on the exam's reported scale by the published line; ``None`` without one."""
    if form.score is None:
        return None
    scale = "epc" if form.scale == "percent" else form.scale
    try:
        return facts.conversion(form.family, exam_id, form.date, scale).to_reported(form.score)
    except (FactError, FactUnknown):
        return None


def _latest_form(record: Record, as_of: date, failures: Sequence[Attempt]) -> Form | None:
    since = failures[-1].date if failures else date.min
    forms = [
        f
        for f in record.forms
        if since < f.date <= as_of and reported_score(f, record.exam.id) is not None
    ]
    return max(forms, key=lambda f: f.date, default=None)


def changes_since(record: Record, as_of: date, last: Attempt | None) -> tuple[str, ...]:
    """What the record shows to be different since the last attempt, in words.

    Agreements with an adviser, help that was asked for, the look within, other hours, granted
    accommodations, a pact. More of the same study is no change.
    """
    since = last.date if last is not None else date.min
    found: list[str] = []
    agreed = [m for m in record.meetings if since < m.date <= as_of and m.agreed]
    if agreed:
        found.append(f"agreed with your {agreed[-1].with_}: {agreed[-1].agreed}")
    contacts = [c for c in record.checkins if since < c.date <= as_of and c.contact]
    if contacts:
        found.append("you talked to somebody")  # whom stays in the check-in
    if record.appraisal:
        found.append("you looked at why the last attempt went as it did")
    if last is not None and last.hours_per_day is not None and record.availability is not None:
        rules = rules_for(record.exam.id)
        busy = [m for m in weekday_minutes(record.availability, rules) if m]
        hours = sum(busy) / len(busy) / MINUTES_PER_HOUR if busy else 0.0
        if abs(hours - last.hours_per_day) >= _HOURS_CHANGED:
            about = "about 1 hour" if round(hours) == 1 else f"about {hours:.0f} hours"
            found.append(f"{about} a day instead of {last.hours_per_day:g}")
    if record.exam.accommodations in ("asked", "granted"):
        found.append(f"accommodations {record.exam.accommodations}")
    if record.decision.pact is not None:
        found.append("a rule and a day to decide, agreed in advance")
    return tuple(found)


def weeks_to_gate(forecasts: Sequence[Forecast], mark: float, as_of: date) -> float | None:
    """Weeks until the 10th percentile of ability reaches the mark; between dates on the line."""
    before: Forecast | None = None
    for forecast in forecasts:
        if forecast.score_low >= mark:
            days = float((forecast.on - as_of).days)
            if before is not None and forecast.score_low > before.score_low:
                share = (mark - before.score_low) / (forecast.score_low - before.score_low)
                gap = (forecast.on - before.on) / timedelta(days=1)
                days = (before.on - as_of).days + share * gap
            return days / 7.0
        before = forecast
    return None


def _words(
    chosen: facts.TimeNeededLevel,
    reasons: Sequence[str],
    changes: Sequence[str],
    failed: bool,
    model: float | None,
    asked: bool,
) -> str:
    name = {
        "mostly-solid": "Mostly solid",
        "wobbly": "Wobbly",
        "fundamental-gap": "A fundamental gap",
    }[chosen.level]
    weeks = (
        f"{chosen.weeks_low:g} to {chosen.weeks_high:g} weeks"
        if chosen.weeks_low is not None
        else "no number of weeks: the subjects are rebuilt first, with somebody beside you"
    )
    parts = [f"{name}: by the guide {weeks}."]
    if reasons:
        parts.append(f"One level further because {' and '.join(reasons)}.")
    if chosen.level == "wobbly" and chosen.advice:
        parts.append(f"The guide adds: {chosen.advice}.")
    if not failed:
        parts.append("The guide speaks of retakes; the record holds no failed sitting.")
    elif not changes:
        parts.append(
            "It does not apply yet: the record shows no change since the last attempt. Note what "
            "will be different, and it counts."
        )
    if model is not None:
        whole = round(model)
        span = f"about {whole} week{'' if whole == 1 else 's'}" if whole else "days, not weeks"
        parts.append(f"The model's own estimate: {span}.")
    elif asked:
        parts.append("The model finds no eligible date yet whose lower end reaches the mark.")
    return " ".join(parts)
