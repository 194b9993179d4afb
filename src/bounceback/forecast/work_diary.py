"""Work between any two days: recorded, expected but not recorded, or none (rule F12)."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

import numpy as np

from bounceback import facts
from bounceback.forecast.learning_curve import EffortLaw
from bounceback.forecast.normal import Floats
from bounceback.forecast.observations import area_index, onto_share_axis
from bounceback.forecast.parameters import Constants
from bounceback.forecast.study_effects import CONTENT, StudyEffects
from bounceback.records.models import Record
from bounceback.vocabulary import Activity

LONGEST_GAP_IN_A_LOG_DAYS: Final = 7
"""Days between two study entries that still belong to one log, in which days may be left out."""

REVIEW_DAYS: Final = 3
"""Review on the day of a block or the two days after belongs to it."""

ENDLESS_POOL: Final = 1e6
"""Minutes of second looks there are where nobody said how many questions were seen."""


@dataclass(frozen=True, slots=True)
class Work:
    """Work between two days, in effective days: recorded, and expected with its variance.

    ``unworked_days`` are those without enough work to hold what is known; ``by_area`` (A,) is
    recorded and expected work together.
    """

    days: float
    unworked_days: float
    effort: float
    guess_mean: float
    guess_variance: float
    by_area: Floats


@dataclass(slots=True)
class DayOfWork:
    """Known work of one day, in minutes of new questions, and raw minutes.

    ``content`` (reading, video) is at its worth at the passing score: what it is worth to this
    learner depends on the foundation. Area -1 is work on no area.
    """

    raw: float = 0.0
    by_area: dict[int, float] = field(default_factory=dict)
    content_by_area: dict[int, float] = field(default_factory=dict)

    def add(self, worth: float, places: Mapping[int, float], *, content: bool) -> None:
        """Add minutes at their worth to areas."""
        target = self.content_by_area if content else self.by_area
        for place, share in places.items():
            target[place] = target.get(place, 0.0) + worth * share


@dataclass(frozen=True, slots=True)
class _Entry:
    minutes: float
    activity: Activity
    area: str | None
    first_pass: bool = True


def noted(record: Record, as_of: date) -> dict[date, list[_Entry]]:
    """Entries of each day that has any, up to ``as_of``.

    Study entries speak first; a day without one takes its ticked plan sessions; a day without
    either takes the minutes of its blocks.
    """
    study: dict[date, list[_Entry]] = {}
    for entry in record.study:
        if entry.date <= as_of:
            study.setdefault(entry.date, []).append(
                _Entry(entry.minutes, entry.activity, entry.area)
            )
    ticked: dict[date, list[_Entry]] = {}
    for session in record.plan:
        if session.date <= as_of and session.done_minutes is not None and session.activity:
            ticked.setdefault(session.date, []).append(
                _Entry(float(session.done_minutes), session.activity, session.area)
            )
    answered: dict[date, list[_Entry]] = {}
    for block in record.blocks:
        if block.date <= as_of and block.minutes is not None:
            answered.setdefault(block.date, []).append(
                _Entry(block.minutes, "questions", None, block.first_pass)
            )
    return dict(sorted({**answered, **ticked, **study}.items()))


class _SecondLooks:
    """Tells review of new blocks from second looks, day by day, and weighs the second looks."""

    def __init__(self, effects: StudyEffects, pool: float) -> None:
        self._effects, self._pool, self._done = effects, pool, 0.0
        self._open: deque[tuple[date, float]] = deque()

    def next_day(self, day: date, fresh_minutes: float) -> None:
        """Open the review that belongs to the day's new questions and practice tests."""
        while self._open and (day - self._open[0][0]).days >= REVIEW_DAYS:
            self._open.popleft()
        self._open.append((day, self._effects.review_ratio * fresh_minutes))

    def review(self, minutes: float) -> float:
        """Worth of review: first of open blocks, the rest is a second look."""
        left = minutes
        for i, (day, room) in enumerate(self._open):
            used = min(room, left)
            self._open[i] = (day, room - used)
            left -= used
        worth = (minutes - left) * self._effects.activity["review"]
        return worth + self.look(left)

    def look(self, minutes: float) -> float:
        """Worth of so many minutes of second looks after those before."""
        before, after = self._effects.second_look_minutes(
            np.array([self._done, self._done + minutes]), self._pool
        )
        self._done += minutes
        return float(after - before)

    def pass_again(self, minutes: float) -> float:
        """Worth of going through seen questions, of which the missed ones alone pay."""
        return self.look(minutes * self._effects.missed_share)


def known_work(record: Record, constants: Constants, as_of: date) -> dict[date, DayOfWork]:
    """What the record says was done, by day."""
    effects = constants.law.effects
    index = area_index(constants, as_of)
    entries = noted(record, as_of)
    looks = _SecondLooks(effects, _pool(record, effects))
    out: dict[date, DayOfWork] = {}
    for day, of_day in entries.items():
        fresh = sum(e.minutes for e in of_day if e.first_pass and e.activity in _OPENS_REVIEW)
        looks.next_day(day, fresh)
        work = out[day] = DayOfWork()
        for e in of_day:
            places = {-1: 1.0}
            if e.area is not None:
                places = onto_share_axis(e.area, constants, day, index)[0]
            work.raw += e.minutes
            if e.activity == "review":
                worth = looks.review(e.minutes)
            elif not e.first_pass:
                worth = looks.pass_again(e.minutes)
            else:
                worth = e.minutes * effects.activity[e.activity]
            work.add(worth, places, content=e.activity in CONTENT)
    return out


_OPENS_REVIEW: Final[frozenset[Activity]] = frozenset({"questions", "form"})


def _pool(record: Record, effects: StudyEffects) -> float:
    """Minutes of one second look at everything missed in the banks so far."""
    banks = [r for r in record.resources if r.kind == "questions"]
    if not banks or any(r.minutes_per_unit is None for r in banks):
        return ENDLESS_POOL
    return float(effects.missed_minutes(sum(r.done * (r.minutes_per_unit or 0.0) for r in banks)))


class WorkDiary:
    """Work between any two days: recorded, waiting for a result, or unrecorded."""

    def __init__(self, record: Record, constants: Constants, as_of: date) -> None:
        self._constants = constants
        self._known = known_work(record, constants, as_of)
        self._trust = trust_in_notes(len(self._known), constants)
        self._days_a_week = days_a_week(record, constants)
        self._log = self._held(constants.law)
        self._weights = np.fromiter(
            facts.exam_weights(constants.exam, as_of).values(), dtype=np.float64
        )
        sittings = sorted(
            (a for a in record.attempts if a.exam == constants.exam and a.date <= as_of),
            key=lambda a: a.date,
        )
        self._sittings = [(a.date, a.hours_per_day) for a in sittings]
        wait = facts.release(constants.exam, as_of).typical_weeks * 7
        self._waiting = [(d, d + timedelta(days=wait)) for d, _ in self._sittings]
        self._heard = sorted(
            {end for _, end in self._waiting}
            | self._known.keys()
            | {f.date for f in record.forms}
            | {b.date for b in record.blocks}
        )

    def _held(self, law: EffortLaw) -> dict[date, tuple[float, float, float]]:
        """Every day of a log: its share of forgetting, the log's usual day, and how likely a day
        left out of it was worked."""
        found: dict[date, tuple[float, float, float]] = {}
        for log in _logs(sorted(self._known)):
            minutes = np.zeros((log[-1] - log[0]).days + 1)
            for day in log:
                minutes[(day - log[0]).days] = self._known[day].raw
            mean = float(np.mean([self._worth(day, 0.0)[0] for day in log]))
            worked = self._worked_though_left_out(len(log), len(minutes))
            for n, share in enumerate(law.unworked_share(minutes)):
                found[log[0] + timedelta(days=n)] = float(share), mean, worked
        return found

    def _worked_though_left_out(self, noted_days: int, days: int) -> float:
        """Chance that a day left out of a log was worked.

        A log of as many days a week as the learner means to work is whole: what is left out was
        rest. What is missing from such a week was part lost and part not noted.
        """
        if noted_days >= days:
            return 0.0
        missing = max(self._days_a_week / 7.0 - noted_days / days, 0.0)
        share = missing / (1.0 - noted_days / days)
        return min(self._constants.parameter["unnoted_share"] * share, 1.0)

    def _worth(self, day: date, below_mark_sds: Floats | float) -> tuple[float, dict[int, float]]:
        """Effective days of a recorded day, in all and by area (-1: none)."""
        law, entry = self._constants.law, self._known[day]
        scale = float(law.day_yield(entry.raw)) / law.minutes_per_effective_day
        below = np.atleast_1d(np.asarray(below_mark_sds, dtype=np.float64))
        by_area = dict(entry.by_area)
        for place, minutes in entry.content_by_area.items():
            # Work on no area meets the average learner of the exam: the mean over areas.
            at = below[place] if place >= 0 and len(below) > 1 else float(below.mean())
            factor = float(law.effects.content_factor(at))
            by_area[place] = by_area.get(place, 0.0) + minutes * factor
        by_area = {place: minutes * scale for place, minutes in by_area.items()}
        return sum(by_area.values()), by_area

    def _guess(self, day: date) -> tuple[float, float, float, bool]:
        """Mean, spread, unworked share of an unrecorded day, and whether it prepared a sitting.

        In effective days. Days of one habit resemble each other: the spread of a stretch grows
        as if the days of ``unlogged_correlation_days`` were one. Who sat an exam prepared for it:
        that work acts at the learner's own rate, so that failing again after it says something
        of the rate; other unrecorded work acts at the expected rate and says nothing of it. It is
        expected for as long as a typical retake after the record last speaks; a longer silence
        holds the level and widens it.
        """
        p = self._constants.parameter
        before = bisect_right(self._heard, day)
        silent = (day - self._heard[before - 1]).days if before else 0
        expected = 1.0 if silent < p["typical_retake_days"] else 0.0
        for start, end in self._waiting:
            if start <= day < end:
                return 0.0, p["waiting_effort_sd"], 1.0, False
        for sat, hours in self._sittings:
            if 0 < (sat - day).days <= p["unlogged_before_sitting_days"]:
                mean, sd = p["unlogged_before_sitting_mean"], p["unlogged_before_sitting_sd"]
                if hours is not None:
                    full = hours * 60.0 / p["minutes_per_effective_day"]
                    mean = full * p["adherence_mean"] * p["typical_study_worth"]
                    sd = mean * p["stated_hours_spread"]
                return mean, sd, 0.0, True
        if self._sittings and day >= self._sittings[0][0]:
            mean, sd = p["unlogged_retaker_mean"], p["unlogged_retaker_sd"]
        else:
            mean, sd = p["unlogged_effort_mean"], p["unlogged_effort_sd"]
        return expected * mean, sd, 0.0, False

    def between(self, start: date, end: date, below_mark_sds: Floats | float = 0.0) -> Work:
        """Work from ``start`` (included) to ``end`` (excluded).

        Args:
            start: First day.
            end: Day after the last.
            below_mark_sds: How far below the passing score the learner stood meanwhile, in exam
                SDs, one number or by area (A,): what content was worth depends on it.
        """
        out = _Sum(self._weights)
        for n in range((end - start).days):
            self._add(out, start + timedelta(days=n), below_mark_sds)
        return Work(
            float((end - start).days),
            out.unworked,
            out.effort,
            out.guess_mean,
            out.guess_variance,
            out.by_area,
        )

    def _add(self, out: _Sum, day: date, below_mark_sds: Floats | float) -> None:
        """Add one day.

        A noted day counts as noted where a log is long enough to be trusted. In a short one
        ("three days say little") it is an unrecorded day on which at least what is noted was done,
        so that a short honest log is never worse than none.
        """
        p = self._constants.parameter
        mean, sd, idle, prepared = self._guess(day)
        variance = sd**2 * p["unlogged_correlation_days"]
        if day not in self._log:
            out.guess(mean, variance, prepared=prepared)
            out.unworked += idle
            return
        trust = self._trust
        unworked, usual, share = self._log[day]
        out.unworked += trust * unworked + (1.0 - trust) * min(idle, unworked)
        if day in self._known:
            worth, by_area = self._worth(day, below_mark_sds)
            # What is noted beyond an unrecorded day acts at the learner's own rate; the rest at
            # the rate at which unrecorded work acts, or a fair note could cost a slow learner.
            own = trust + (1.0 - trust) * max(worth - mean, 0.0) / worth if worth > 0.0 else 0.0
            out.record(by_area, own)
            out.guess((1.0 - trust) * mean, (1.0 - trust) * variance, prepared=prepared)
            return
        # A day left out of a log was rest, or was worked and not noted.
        missing = usual * share
        spread = usual**2 * share * (1.0 - share) * p["unlogged_correlation_days"]
        out.guess(
            trust * missing + (1.0 - trust) * max(mean, missing),
            trust * spread + (1.0 - trust) * variance,
            prepared=False,
        )


def days_a_week(record: Record, constants: Constants) -> float:
    """Days a week that the learner means to work; where nobody said, those of a typical retake."""
    available = record.availability
    if available is None or not available.minutes:
        return constants.parameter["typical_days_a_week"]
    return float(sum(minutes > 0 for minutes in available.minutes.values()))


def trust_in_notes(days: int, constants: Constants) -> float:
    """How far a log of so many noted days speaks against what was expected without it, 0 to 1."""
    p = constants.parameter
    few, many = p["log_believed_from_days"], p["log_believed_full_days"]
    return float(np.clip((days - few) / (many - few), 0.0, 1.0))


class _Sum:
    """Work of a stretch of days so far."""

    def __init__(self, weights: Floats) -> None:
        self._weights = weights
        self.effort = self.guess_mean = self.guess_variance = self.unworked = 0.0
        self.by_area = np.zeros_like(weights)

    def record(self, by_area: Mapping[int, float], share: float) -> None:
        """A share of noted work."""
        for place, noted_effort in by_area.items():
            effort = share * noted_effort
            self.effort += effort
            if place >= 0:
                self.by_area[place] += effort
            else:
                self.by_area += effort * self._weights

    def guess(self, mean: float, variance: float, *, prepared: bool) -> None:
        """Expected work; what prepared a sitting acts at the learner's own rate."""
        self.effort += mean if prepared else 0.0
        self.guess_mean += 0.0 if prepared else mean
        self.guess_variance += variance
        self.by_area += mean * self._weights


def _logs(days: list[date]) -> Iterator[list[date]]:
    """Noted days, those at most a week apart together."""
    log: list[date] = []
    for day in days:
        if log and (day - log[-1]).days > LONGEST_GAP_IN_A_LOG_DAYS:
            yield log
            log = []
        log.append(day)
    if log:
        yield log
