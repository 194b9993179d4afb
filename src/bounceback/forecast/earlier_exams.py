"""Earlier exams of the sequence in the prior, through published correlations (rule F5).

The population of the prior is the group's first takers of the exam ahead. Among them the score of
an earlier exam, in SDs from the mean of the same group, is correlated r with the score of this one.
A score of z SDs is therefore an observation of ability at ``mean + sd · z / c`` with variance
``sd² (1 - c²) / c²``, where c is r freed from the luck of this exam's own day; combined with the
prior it leaves the published regression, whatever else is known. A pass or a failure without a
number is the same observation, truncated at that exam's own passing score.

One exam enters: the correlations are of pairs, and what an earlier exam adds to a later one is not
published (with Step 2 in, Step 1 falls out). Its first attempt enters, which is what the published
correlations are of. Everything else is listed with the reason why it is not used.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from bounceback import facts
from bounceback.errors import FactUnknown
from bounceback.forecast import normal
from bounceback.forecast.observations import Observation
from bounceback.forecast.parameters import Constants, first_pass_share, numbers
from bounceback.reasons import Reason, reason
from bounceback.records.models import Attempt, Record
from bounceback.vocabulary import EXAM_IDS, ExamId, Group

HIGHEST_CORRELATION: Final = 0.95
"""Of an earlier exam with ability: two exams of different matter are never one."""


@dataclass(frozen=True, slots=True)
class EarlierExam:
    """The earlier exam that enters the prior.

    Attributes:
        attempt: Its first attempt.
        correlation: Of its score with the score of the exam ahead.
        published: Whether the correlation was published; else it is inferred and weak.
    """

    attempt: Attempt
    correlation: float
    published: bool


def find(record: Record, c: Constants, as_of: date) -> tuple[EarlierExam | None, list[Observation]]:
    """The earlier exam that enters the prior, and those that do not, each with its reason.

    A number speaks before a result without one; then the higher correlation.
    """
    candidates: list[EarlierExam] = []
    unused: list[Observation] = []
    for attempt in _first_attempts(record, c.exam, as_of):
        fact = facts.parameters("forecast", c.exam).get(f"earlier_exam_correlation.{attempt.exam}")
        if fact is None:
            unused.append(_unused(attempt, reason("forecast.no-published-correlation")))
            continue
        published = fact.confidence != "inferred"
        candidates.append(EarlierExam(attempt, float(fact.value), published))  # type: ignore[arg-type]
    candidates.sort(key=lambda e: (e.attempt.score is None, -e.correlation, e.attempt.exam))
    for other in candidates[1:]:
        used = candidates[0].attempt.exam
        unused.append(_unused(other.attempt, reason("forecast.another-exam-used", exam=used)))
    return (candidates[0] if candidates else None), unused


def _first_attempts(record: Record, exam: ExamId, as_of: date) -> Iterator[Attempt]:
    """The first attempt of each other exam that has a result, in the order of the exams."""
    dated = sorted((a for a in record.attempts if a.date <= as_of), key=lambda a: a.date)
    for other in EXAM_IDS:
        known = [a for a in dated if a.exam == other and a.outcome in ("pass", "fail")]
        if other != exam and known:
            yield known[0]


def _unused(attempt: Attempt, why: Reason) -> Observation:
    return Observation(attempt.date, kind="earlier-exam", subject=attempt.exam, flags=[why])


def _shown(c: Constants, group: Group, earlier: EarlierExam) -> Observation:
    """The earlier exam as an observation of ability at the exam ahead."""
    attempt = earlier.attempt
    out = Observation(attempt.date, kind="earlier-exam", subject=attempt.exam)
    if not earlier.published:
        out.flags.append(reason("forecast.inferred-correlation"))
    reliable = c.prior_sd / math.hypot(c.prior_sd, c.sitting_sd, c.day_sd)
    r = min(earlier.correlation / reliable, HIGHEST_CORRELATION)
    out.variance = c.prior_sd**2 * (1.0 - r**2) / r**2
    mean, sd = group_scores(attempt.exam, group, attempt.date)

    def log_distance(score: float) -> float:
        # Log distances fall as scores rise.
        return c.prior_mean - c.prior_sd * (score - mean) / sd / r

    if attempt.score is not None:
        out.reported, out.value = attempt.score, log_distance(attempt.score)
        return out
    line = log_distance(float(facts.pass_mark(attempt.exam, attempt.date).value) - 0.5)
    out.low, out.high = (-math.inf, line) if attempt.outcome == "pass" else (line, math.inf)
    return out


def observations(record: Record, c: Constants, as_of: date) -> list[Observation]:
    """The earlier exam that enters the prior, if any, then those that do not, with their reasons.

    The first, if it says something, is to be taken into the prior before anything else and before
    any day passes.
    """
    used, unused = find(record, c, as_of)
    if used is None:
        return unused
    try:
        return [_shown(c, record.learner.group, used), *unused]
    except FactUnknown:
        return [_unused(used.attempt, reason("forecast.no-norms-then")), *unused]


def group_scores(exam: ExamId, group: Group, on: date) -> tuple[float, float]:
    """Mean and SD of the group's first takers' scores of an exam on a day, in points.

    The SD is the published one of the time; the mean is set so that the group's published share
    passes, moved by as much as the published mean has moved since the year of that share.

    Raises:
        FactUnknown: No norms are published that early.
    """
    row = numbers(exam)
    year = date(int(row["prior_reference_year"]), 12, 31)
    mark = float(facts.pass_mark(exam, year).value)
    then, reference = facts.norms(exam, on), facts.norms(exam, year)
    asked = normal.quantile(first_pass_share(exam, group))
    return mark - 0.5 + asked * row["score_sd"] + then.mean - reference.mean, then.sd


__all__ = ["EarlierExam", "find", "group_scores", "observations"]
