"""Prescriptions stay ten days; then their indicator keeps or replaces them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bounceback.appraisal import thresholds
from bounceback.appraisal.values import Appraisal, Finding, Prescription
from bounceback.units import ExamId
from bounceback.wording import day_words


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
        prescription: What holds from now on; ``None`` when done, or if nothing can replace it.
        since: Day from which the ten days count.
        why: One sentence with the indicator.
    """

    action: Literal["stay", "keep", "done", "replace", "wait"]
    prescription: Prescription | None
    since: date
    why: str


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
        then, old = entry.finding, entry.finding.prescription
        days = (now.as_of - entry.since).days
        if days < t["retune_days"]:
            outcomes.append(
                Retuned(
                    action="stay",
                    prescription=old,
                    since=entry.since,
                    why=f"Day {days} of {t.count('retune_days')}; it stays for now.",
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
        if today is None or today.measure is None or today.measure.value is None:
            outcomes.append(
                Retuned(
                    action="wait",
                    prescription=old,
                    since=entry.since,
                    why="The record cannot tell yet whether it helped; a few more days will.",
                )
            )
        elif today.state == "kept-well":
            outcomes.append(
                Retuned(action="done", prescription=None, since=now.as_of, why=today.measure.words)
            )
        elif today.severity <= then.severity * (1 - t["retune_move"]):
            outcomes.append(
                Retuned(
                    action="keep",
                    prescription=old,
                    since=now.as_of,
                    why=f"It moves. {today.measure.words}",
                )
            )
        else:
            other = _another(now, used)
            if other is not None:
                used.add(other.parameter)
            outcomes.append(
                Retuned(
                    action="replace",
                    prescription=other,
                    since=now.as_of,
                    why=f"Since {day_words(entry.since)} it has not moved. {today.measure.words}",
                )
            )
    return tuple(outcomes)


def _another(now: Appraisal, used: set[str]) -> Prescription | None:
    for finding in now.ranked:
        if finding.prescription is not None and finding.prescription.parameter not in used:
            return finding.prescription
    return None
