"""How past forecasts did: what was shown before an attempt, beside its result.

Every day counts on which a forecast was shown before the attempt, by the last answer of that day.
The forecasts of one attempt resemble each other, so the number of attempts stands beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bounceback.forecast.scoring import MODEL_VERSION, ShownForecast, TrackRecord, track_record
from bounceback.records.models import Record
from bounceback.services.full_briefing import Briefing


@dataclass(frozen=True, slots=True)
class Showing:
    """The forecasts of one answer: one a candidate test date, of one learner and exam."""

    learner: str
    exam: str
    forecasts: tuple[ShownForecast, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one real sitting."""

    learner: str
    exam: str
    sat_on: date
    passed: bool


@dataclass(frozen=True, slots=True)
class Scored:
    """One shown forecast of a sitting whose result is known."""

    learner: str
    exam: str
    shown: ShownForecast
    passed: bool


@dataclass(frozen=True, slots=True)
class Past:
    """Past forecasts that met their result.

    Attributes:
        scored: Oldest first; the last one shown on a day for a sitting stands for that day.
        sittings: Real sittings among them.
        track: Their scores; ``None`` without any.
    """

    scored: tuple[Scored, ...]
    sittings: int
    track: TrackRecord | None


def past_forecasts(
    showings: Sequence[Showing], results: Sequence[Result], learner: str | None = None
) -> Past:
    """Score what was shown before a sitting, for its day, against its result.

    Args:
        showings: What was shown.
        results: What came; of two lines on one sitting the later holds.
        learner: One learner's alone; default everybody's on this machine.
    """
    came = {
        (r.learner, r.exam, r.sat_on): r.passed
        for r in results
        if learner is None or r.learner == learner
    }
    last_of_day: dict[tuple[str, str, date, date], Scored] = {}
    for showing in showings:
        for f in showing.forecasts:
            passed = came.get((showing.learner, showing.exam, f.test_date))
            if passed is not None and f.shown_on < f.test_date:
                key = (showing.learner, showing.exam, f.test_date, f.shown_on)
                last_of_day[key] = Scored(showing.learner, showing.exam, f, passed)
    scored = tuple(
        sorted(last_of_day.values(), key=lambda s: (s.shown.shown_on, s.shown.test_date, s.learner))
    )
    track = (
        track_record([s.shown.p_pass for s in scored], [s.passed for s in scored])
        if scored
        else None
    )
    return Past(scored, len({key[:3] for key in last_of_day}), track)


def shown_forecasts(b: Briefing) -> tuple[ShownForecast, ...]:
    """Return the forecasts of a briefing as they are stored, chances to four decimals."""
    return tuple(
        ShownForecast(
            b.as_of,
            f.on,
            round(f.p_pass, 4),
            round(f.p_pass_low, 4),
            round(f.p_pass_high, 4),
            MODEL_VERSION,
        )
        for f in b.forecasts
    )


def results_of(record: Record, learner: str) -> tuple[Result, ...]:
    """Return the results of a record's attempts of its exam, under a name for the learner."""
    exam = record.exam.id
    return tuple(
        Result(learner, exam, a.date, a.outcome == "pass")
        for a in record.attempts
        if a.exam == exam and a.outcome in ("pass", "fail")
    )
