"""How long a retake needs, by the method's rule of thumb and by the model, side by side.

The rule of thumb measures the distance from the practice tests since the failure to the passing
score in SD of the exam. It says three things and no more: close, some gaps, major gaps. Its weeks
are weeks of full-time study, so they are turned into hours and then into the learner's own weeks.
All of it is inferred.
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
from bounceback.vocabulary import MINUTES_PER_HOUR, ExamId

TimeLevel = Literal["mostly-solid", "wobbly", "fundamental-gap"]

Believed = Literal["guide", "model", "both", "neither"]
"""Which of the two estimates to go by."""

BelieveReason = Literal[
    "agree", "few-tests", "own-results", "no-date-in-reach", "no-weeks-for-a-gap", "no-hours"
]
"""Why: they agree, there are fewer than two tests, the model knows the learner's own tests and
hours, no date asked about is in reach, the guide has no weeks for major gaps, or no hours are set.
"""

_ENOUGH_TESTS = 2

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
        words: The whole in a few sentences.
        hours_low: The guide's weeks as hours of study; ``None`` for a fundamental gap.
        hours_high: See above.
        own_weeks_low: Those hours in the learner's own weeks; ``None`` without study hours.
        own_weeks_high: See above.
        tests: Practice tests since the failure from which the distance was measured.
        believe: Which estimate to go by.
        believe_reason: Why.
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
    hours_low: float | None = None
    hours_high: float | None = None
    own_weeks_low: float | None = None
    own_weeks_high: float | None = None
    tests: int = 0
    believe: Believed = "neither"
    believe_reason: BelieveReason = "few-tests"

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
            "hours_low": _rounded(self.hours_low),
            "hours_high": _rounded(self.hours_high),
            "own_weeks_low": _rounded(self.own_weeks_low),
            "own_weeks_high": _rounded(self.own_weeks_high),
            "tests": self.tests,
            "believe": self.believe,
            "believe_reason": self.believe_reason,
        }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


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
    tests = _tests_since(record, as_of, failures)
    if len(tests) > 1:
        baseline = f"{len(tests)} practice tests, the latest of {day_words(tests[-1].date)}"
    elif form is not None:
        baseline = f"{form_words(form.family, form.form, exam_id)} of {day_words(form.date)}"
    else:
        baseline = "our estimate for today: no practice test since your last attempt converts"
    changes = changes_since(record, as_of, failures[-1] if failures else None)
    model = weeks_to_gate(forecasts, mark, as_of)
    applies = bool(failures) and bool(changes)
    hours, own = _in_own_weeks(chosen, record)
    believe, because = _which(own, model, len(tests), asked=bool(forecasts))
    said = _words(chosen, reasons, changes, bool(failures), model, bool(forecasts))
    return TimeNeeded(
        level=chosen.level,  # type: ignore[arg-type]
        weeks_low=chosen.weeks_low,
        weeks_high=chosen.weeks_high,
        model_weeks=model,
        applies=applies,
        sd_below=below,
        baseline=baseline,
        changes=changes,
        words=" ".join((said, *_own_words(chosen, hours, own), _BELIEVED[because])),
        hours_low=hours[0] if hours else None,
        hours_high=hours[1] if hours else None,
        own_weeks_low=own[0] if own else None,
        own_weeks_high=own[1] if own else None,
        tests=len(tests),
        believe=believe,
        believe_reason=because,
    )


Range = tuple[float, float]


def _in_own_weeks(
    chosen: facts.TimeNeededLevel, record: Record
) -> tuple[Range | None, Range | None]:
    """The guide's weeks as hours, and those hours in weeks of the learner's own."""
    if chosen.weeks_low is None or chosen.weeks_high is None:
        return None, None
    rules = rules_for(record.exam.id)
    hours = (
        chosen.weeks_low * rules["guide_hours_per_week_low"],
        chosen.weeks_high * rules["guide_hours_per_week_high"],
    )
    if record.availability is None:
        return hours, None
    week = sum(weekday_minutes(record.availability, rules)) / MINUTES_PER_HOUR
    return hours, (hours[0] / week, hours[1] / week) if week else None


def _which(
    own: Range | None, model: float | None, tests: int, *, asked: bool
) -> tuple[Believed, BelieveReason]:
    """Which estimate to go by, and why."""
    if own is None:
        if model is not None:
            return "model", "no-weeks-for-a-gap"
        return "neither", "no-date-in-reach" if asked else "no-hours"
    if model is None:
        return ("model", "no-date-in-reach") if asked else ("guide", "few-tests")
    if own[0] <= model <= own[1]:
        return "both", "agree"
    return ("model", "own-results") if tests >= _ENOUGH_TESTS else ("guide", "few-tests")


_BELIEVED: dict[BelieveReason, str] = {
    "agree": "Both estimates agree.",
    "few-tests": "Go by the rule of thumb until you have two practice tests.",
    "own-results": "Go by our estimate: it uses all your tests and your own hours.",
    "no-date-in-reach": "Go by our estimate: no date in reach is safe enough yet.",
    "no-weeks-for-a-gap": "Go by our estimate: the rule of thumb has no weeks for major gaps.",
    "no-hours": "Add your study hours to see it in your own weeks.",
}


def _own_words(
    chosen: facts.TimeNeededLevel, hours: Range | None, own: Range | None
) -> tuple[str, ...]:
    """The guide in hours, then in weeks with the hours of this learner."""
    if hours is None:
        return ()
    said = f"That is {hours[0]:.0f} to {hours[1]:.0f} hours of study."
    if own is None:
        return (said,)
    low, high = max(1, round(own[0])), max(1, round(own[1]))
    weeks = f"{low} week{'' if low == 1 else 's'}" if low == high else f"{low} to {high} weeks"
    return (said, f"With your hours: about {weeks}.")


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
    tests = _tests_since(record, as_of, failures)
    form = tests[-1] if tests else None
    reported = _from_tests(tests, exam_id) if tests else score_mean
    below = (mark - reported) / exam_sd(exam_id, as_of)
    guide = facts.time_needed_guide()
    step = next(i for i, g in enumerate(guide) if g.sd_below_to is None or below < g.sd_below_to)
    reasons: list[str] = []
    if form is not None and not form.timed:
        reasons.append("the practice test was untimed")
    if len(failures) >= 2:
        reasons.append("it is not the first failed attempt")
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


def _tests_since(record: Record, as_of: date, failures: Sequence[Attempt]) -> tuple[Form, ...]:
    """The latest practice tests since the failure that convert to the exam's scale, by day."""
    since = failures[-1].date if failures else date.min
    tests = [
        f
        for f in record.forms
        if since < f.date <= as_of and reported_score(f, record.exam.id) is not None
    ]
    most = rules_for(record.exam.id).whole("guide_tests_max")
    return tuple(sorted(tests, key=lambda f: f.date)[-most:])


def _from_tests(tests: Sequence[Form], exam_id: ExamId) -> float:
    """Reported points that several tests stand for, the newer and the equated counting more.

    A family that is known to read high is corrected by its bias; one that reads low is not, so that
    nobody is called closer than the test said.
    """
    rules = rules_for(exam_id)
    bias = facts.parameters("forecast", exam_id)
    any_equated = any(facts.form_family(f.family, exam_id).equated for f in tests)
    total = weights = 0.0
    for form in tests:
        score = reported_score(form, exam_id)
        assert score is not None
        known = bias.get(f"form_bias.{form.family}")
        if known is not None and known.unit == "points" and isinstance(known.value, int | float):
            score -= max(0.0, float(known.value))
        age = (tests[-1].date - form.date).days / rules["guide_test_half_life_days"]
        weight = 0.5**age
        if any_equated and not facts.form_family(form.family, exam_id).equated:
            weight *= rules["guide_unequated_weight"]
        total += weight * score
        weights += weight
    return total / weights


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
        "mostly-solid": "Close",
        "wobbly": "Some gaps",
        "fundamental-gap": "Major gaps",
    }[chosen.level]
    weeks = (
        f"{chosen.weeks_low:g} to {chosen.weeks_high:g} weeks"
        if chosen.weeks_low is not None
        else "no number of weeks. Build up your weak subjects first, with someone who can help"
    )
    parts = [f"{name}. A tutoring company's rule of thumb: {weeks}"]
    parts[0] += " of full-time study." if chosen.weeks_low is not None else "."
    if reasons:
        parts.append(f"We count one level more because {' and '.join(reasons)}.")
    if chosen.level == "wobbly" and chosen.advice:
        parts.append(f"It adds: {chosen.advice}.")
    if not failed:
        parts.append("It is about retakes, and you have entered no failed attempt.")
    elif not changes:
        parts.append(
            "It does not apply yet: nothing you entered has changed since your last attempt. Enter "
            "what will be different."
        )
    if model is not None:
        whole = round(model)
        span = f"about {whole} week{'' if whole == 1 else 's'}" if whole else "days, not weeks"
        parts.append(f"Our own estimate: {span}.")
    elif asked:
        parts.append(
            "Our own estimate finds no eligible date yet whose low estimate reaches the passing "
            "score."
        )
    return " ".join(parts)
