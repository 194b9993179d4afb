"""Pacing by position, and what changed answers gained, from the traces of blocks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import comb, sqrt

from bounceback import facts
from bounceback.appraisal.thresholds import Thresholds
from bounceback.errors import FactError
from bounceback.records.models import Block
from bounceback.vocabulary import ExamId

QUARTERS = 4


@dataclass(frozen=True, slots=True)
class Quarter:
    """One quarter of a block, pooled over blocks of one length.

    Attributes:
        items: Questions answered, right or wrong.
        correct: Of these, right.
        blank: Questions without a chosen answer.
        seconds_mean: Mean time a question; ``None`` without times.
    """

    items: int
    correct: int
    blank: int
    seconds_mean: float | None


@dataclass(frozen=True, slots=True)
class Pacing:
    """Pacing in timed blocks of one length.

    Attributes:
        items_per_block: 20 for the present rhythm of the USMLE, 40 for the former.
        seconds_per_item: Time that the exam's rhythm gives for one question; ``None`` if unknown.
        blocks: Number of blocks.
        quarters: First to last.
        drop_points: First quarter minus last, percentage points; ``None`` below the minimum.
        drop_low, drop_high: 80 % interval of the drop (Wald on two proportions).
        checkpoints: (items, minutes) where to look at the clock; empty if the rhythm is unknown.
    """

    items_per_block: int
    seconds_per_item: float | None
    blocks: int
    quarters: tuple[Quarter, ...]
    drop_points: float | None
    drop_low: float | None
    drop_high: float | None
    checkpoints: tuple[tuple[int, float], ...]


_Z80 = 1.2815515655446004
"""90th percentile of the standard normal: an interval with 80 % inside."""


def pacing_by_quarter(
    blocks: Iterable[Block], exam_id: ExamId, on: date, t: Thresholds
) -> tuple[Pacing, ...]:
    """Pacing by quarter for each block length that occurs, shortest first.

    Args:
        blocks: Any blocks; those with a trace in timed mode are read.
        exam_id: Exam whose rhythm gives the pace.
        on: Day whose rhythm holds (the planned sitting).
        t: Thresholds.
    """
    by_length: dict[int, list[Block]] = {}
    for block in blocks:
        if block.mode == "timed" and block.trace:
            by_length.setdefault(block.items, []).append(block)
    return tuple(_pacing(n, by_length[n], exam_id, on, t) for n in sorted(by_length))


def _pacing(length: int, blocks: list[Block], exam_id: ExamId, on: date, t: Thresholds) -> Pacing:
    quarters = tuple(_quarter(blocks, length, q) for q in range(QUARTERS))
    first, last = quarters[0], quarters[-1]
    drop = low = high = None
    if min(first.items, last.items) >= t["pacing_quarter_items"]:
        a, b = first.correct / first.items, last.correct / last.items
        error = sqrt(a * (1 - a) / first.items + b * (1 - b) / last.items)
        drop = (a - b) * 100
        low, high = drop - _Z80 * error * 100, drop + _Z80 * error * 100
    pace = seconds_per_item(length, blocks, exam_id, on)
    step = t.count("checkpoint_items")
    marks = (
        tuple((k, k * pace / 60) for k in range(step, length + 1, step)) if pace is not None else ()
    )
    return Pacing(length, pace, len(blocks), quarters, drop, low, high, marks)


def seconds_per_item(
    length: int, blocks: Iterable[Block], exam_id: ExamId, on: date
) -> float | None:
    """Pace of the exam if the length is its own; else the pace at which the blocks were set."""
    try:
        rhythm = facts.block_rhythm(exam_id, on)
    except FactError:
        rhythm = None
    if rhythm is not None and rhythm.items_per_block == length:
        return rhythm.minutes_per_block * 60 / rhythm.items_per_block
    minutes = [b.minutes for b in blocks if b.minutes is not None]
    return max(minutes) * 60 / length if minutes else None


def _quarter(blocks: list[Block], length: int, quarter: int) -> Quarter:
    items = correct = blank = 0
    seconds: list[float] = []
    for block in blocks:
        # A trace without any answer letter says nothing of blanks.
        lettered = any(item.chosen is not None for item in block.trace)
        for item in block.trace:
            if min(QUARTERS - 1, (item.position - 1) * QUARTERS // length) != quarter:
                continue
            if item.seconds is not None:
                seconds.append(item.seconds)
            if lettered and item.chosen is None and not item.correct:
                blank += 1
            if item.correct is not None:
                items += 1
                correct += item.correct
    return Quarter(items, correct, blank, sum(seconds) / len(seconds) if seconds else None)


@dataclass(frozen=True, slots=True)
class AnswerChanges:
    """What changed answers gained.

    Attributes:
        changes: Answers that were changed, with a known outcome.
        to_right: Of these, ended right.
        to_wrong_at_most: Ended wrong; some of these began wrong too, the trace does not say.
        enough: Whether the learner's own table may be read (30 changes).
        p_half: Chance of at least so many ending right if changes were as good as a coin; a
            description, for one look.
    """

    changes: int
    to_right: int
    to_wrong_at_most: int
    enough: bool
    p_half: float | None


def answer_changes(blocks: Iterable[Block], t: Thresholds) -> AnswerChanges:
    """Count changed answers and what became of them."""
    n = right = 0
    for block in blocks:
        for item in block.trace:
            if item.correct is None or not item.first or not item.chosen:
                continue
            if item.first != item.chosen:
                n += 1
                right += item.correct
    enough = n >= t["changes_min"]
    p = sum(comb(n, k) for k in range(right, n + 1)) / 2**n if enough else None
    return AnswerChanges(n, right, n - right, enough, p)
