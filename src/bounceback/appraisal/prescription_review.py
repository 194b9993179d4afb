"""Prescriptions stay ten days; then their indicator keeps or replaces them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, Literal

from bounceback.appraisal import thresholds
from bounceback.appraisal.appraisal_report import appraise
from bounceback.appraisal.models import SHOWN, Appraisal, Finding, Prescription
from bounceback.appraisal.record_queries import last_failure
from bounceback.reasons import Reason, reason
from bounceback.records.models import Record
from bounceback.vocabulary import ExamId

STANDING: Final = frozenset({"life-load", "resources"})
"""Dimensions whose plan change answers how things stand and is not meant to move its indicator:
free hours do not grow by short sessions, nor does a list of resources begun grow shorter."""


REPLAYED: Final = timedelta(days=366)
"""How far back days are replayed; a retake takes less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Active:
    """A prescription at work: the finding it came from and since when."""

    finding: Finding
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Retuned:
    """What becomes of an active prescription.

    Attributes:
        action: ``stay`` (before ten days), ``keep`` (the indicator moves), ``done`` (it is on the
            good side), ``replace`` (it has not moved), ``wait`` (it cannot be read now).
        since: Day from which the ten days count.
        why: What the indicator says.
        finding: The finding that the prescription follows from; ``None`` without one.
    """

    action: Literal["stay", "keep", "done", "replace", "wait"]
    finding: Finding | None
    since: date
    why: tuple[Reason, ...]

    @property
    def prescription(self) -> Prescription | None:
        """What holds from now on; ``None`` when done, or if nothing can replace it."""
        return None if self.finding is None else self.finding.prescription


def retune(active: Sequence[Active], now: Appraisal, exam_id: ExamId) -> tuple[Retuned, ...]:
    """Look at each active prescription on the day of a new appraisal.

    Args:
        active: Prescriptions at work.
        now: The appraisal of today.
        exam_id: Exam, for the thresholds.

    Returns:
        One outcome for each, in the same order. A replacement is the plan change of the largest
        finding of today whose parameter is not at work already.
    """
    t = thresholds.load_thresholds(exam_id)
    used = {a.finding.prescription.parameter for a in active if a.finding.prescription}
    outcomes: list[Retuned] = []
    for entry in active:
        then = entry.finding
        days = (now.as_of - entry.since).days
        if days < t["retune_days"]:
            outcomes.append(
                Retuned(
                    action="stay",
                    finding=then,
                    since=entry.since,
                    why=(reason("appraisal.change-stays", day=days, of=t.count("retune_days")),),
                )
            )
            continue
        today = next(
            (
                f
                for f in (*now.ranked, *now.others)
                if (f.dimension, f.part) == (then.dimension, then.part)
            ),
            None,
        )
        unread = today is None or today.measure is None or today.measure.value is None
        if unread and then.kind == "safety":
            outcomes.append(
                Retuned(
                    action="done",
                    finding=None,
                    since=now.as_of,
                    why=(reason("appraisal.change-screen-expired"),),
                )
            )
        elif today is None or today.measure is None or today.measure.value is None:
            outcomes.append(
                Retuned(
                    action="wait",
                    finding=then,
                    since=entry.since,
                    why=(reason("appraisal.change-not-known-yet"),),
                )
            )
        elif today.measure.last is not None and today.measure.last < entry.since:
            outcomes.append(
                Retuned(
                    action="wait",
                    finding=then,
                    since=entry.since,
                    why=(reason("appraisal.change-nothing-measured"),),
                )
            )
        elif today.state == "kept-well":
            outcomes.append(
                Retuned(action="done", finding=None, since=now.as_of, why=(today.measure.says,))
            )
        elif today.dimension in STANDING:
            outcomes.append(
                Retuned(
                    action="keep",
                    finding=then,
                    since=now.as_of,
                    why=(reason("appraisal.change-holds-while"), today.measure.says),
                )
            )
        elif today.severity <= then.severity * (1 - t["retune_move"]):
            outcomes.append(
                Retuned(
                    action="keep",
                    # The next look asks whether it has moved since this one.
                    finding=replace(today, prescription=then.prescription),
                    since=now.as_of,
                    why=(reason("appraisal.change-is-working"), today.measure.says),
                )
            )
        else:
            other = _another(now, used)
            if other is not None and other.prescription is not None:
                used.add(other.prescription.parameter)
            outcomes.append(
                Retuned(
                    action="replace",
                    finding=other,
                    since=now.as_of,
                    why=(
                        reason("appraisal.change-has-not-moved", since=entry.since),
                        today.measure.says,
                    ),
                )
            )
    return tuple(outcomes)


def _another(now: Appraisal, used: set[str]) -> Finding | None:
    for finding in now.ranked:
        if finding.prescription is not None and finding.prescription.parameter not in used:
            return finding
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class AtWork:
    """A plan change at work on a day.

    Attributes:
        finding: The finding it came from, as it was on the day it began.
        since: The day it began, or was kept on by its indicator.
        next_look: The day on which its indicator is read again.
        why: What the last look said of it; empty before its first.
    """

    finding: Finding
    since: date
    next_look: date
    why: tuple[Reason, ...] = ()

    @property
    def prescription(self) -> Prescription:
        """The plan change."""
        assert self.finding.prescription is not None
        return self.finding.prescription


def at_work(record: Record, as_of: date, now: Appraisal) -> tuple[AtWork, ...]:
    """The plan changes at work on a day, three at most, the largest finding's first.

    Nothing is stored: the days are replayed from the first planned one that the record holds, since
    that is when a plan was first made with them. Each change stays ten days, then ``retune`` keeps,
    ends or replaces it; what was replaced comes back at the next look at the earliest. A free
    place is filled at once by the largest finding whose parameter is not at work, and a mood screen
    at its cut does not wait for a place.

    Args:
        record: The record; evidence after ``as_of`` is not read.
        as_of: The day.
        now: The appraisal of that day.
    """
    t = thresholds.load_thresholds(record.exam.id)
    stay = timedelta(days=t.count("retune_days"))
    failure = last_failure(record, as_of)
    days = [
        s.date
        for s in record.plan
        if as_of - REPLAYED < s.date <= as_of and (failure is None or s.date > failure.date)
    ]
    start = min(days, default=as_of)

    def seen(day: date) -> Appraisal:
        return now if day == as_of else appraise(record, day)

    working = _filled((), seen(start), start, stay)
    replaced: frozenset[str] = frozenset()
    day = start
    while (day := min((day + stay, *(w.next_look for w in working)))) <= as_of:
        working, replaced = _looked(working, seen(day), stay, record.exam.id)
    return _filled(working, now, as_of, stay, without=replaced)


def _looked(
    working: Sequence[AtWork], looked: Appraisal, stay: timedelta, exam_id: ExamId
) -> tuple[tuple[AtWork, ...], frozenset[str]]:
    """What is at work after one look, and the parameters that were replaced in it."""
    kept: list[AtWork] = []
    replaced: set[str] = set()
    active = [Active(finding=w.finding, since=w.since) for w in working]
    for entry, outcome in zip(working, retune(active, looked, exam_id), strict=True):
        if outcome.action == "stay":
            kept.append(entry)
            continue
        if outcome.action == "replace":
            replaced.add(entry.prescription.parameter)
        if outcome.finding is not None:
            kept.append(
                AtWork(
                    finding=outcome.finding,
                    since=outcome.since,
                    next_look=looked.as_of + stay,
                    why=outcome.why if outcome.action != "replace" else (),
                )
            )
    gone = frozenset(replaced)
    return _filled(kept, looked, looked.as_of, stay, without=gone), gone


def _filled(
    working: Iterable[AtWork],
    looked: Appraisal,
    on: date,
    stay: timedelta,
    *,
    without: Collection[str] = (),
) -> tuple[AtWork, ...]:
    """Fill free places; a finding on safety takes its parameter and a place at once."""
    found = list(working)
    for finding in looked.ranked:
        change = finding.prescription
        if change is None or change.parameter in without:
            continue
        taken = [w for w in found if w.prescription.parameter == change.parameter]
        if finding.kind == "safety":
            if any(w.finding.kind == "safety" for w in taken):
                continue
            found = [w for w in found if w not in taken]
            found.insert(0, AtWork(finding=finding, since=on, next_look=on + stay))
            del found[SHOWN:]
        elif not taken and len(found) < SHOWN and finding in looked.largest:
            found.append(AtWork(finding=finding, since=on, next_look=on + stay))
    return tuple(found)
