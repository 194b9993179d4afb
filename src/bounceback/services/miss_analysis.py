"""Why questions were missed: causes, trends, repeated answers, pace, takeaways to review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bounceback.appraisal.learned_rules import RuleList, rules_of
from bounceback.appraisal.misses import (
    CauseTable,
    ConfusionPair,
    RepeatedOption,
    cause_table,
    confusion_pairs,
    repeated_options,
)
from bounceback.appraisal.pacing import AnswerChanges, Pacing, answer_changes, pacing_by_quarter
from bounceback.appraisal.thresholds import load_thresholds
from bounceback.appraisal.trends import CauseTrend, cause_trend, reasoning_trend
from bounceback.records.models import Record
from bounceback.vocabulary import Cause


@dataclass(frozen=True, slots=True)
class MissAnalysis:
    """What the missed questions and timed blocks of a record show.

    Attributes:
        table: Counts of misses by cause, area and week.
        by_cause: Each cause that occurs with its number of misses, most frequent first.
        trends: Causes whose share of the misses can be compared over time, most frequent first.
        reasoning: The trend of the causes of clinical reasoning together; ``None`` where too few
            misses are logged.
        repeated: Questions that got the same wrong option twice or more.
        pairs: Pairs that the student's takeaways set apart.
        pacing: Pacing in timed blocks, one entry a block length.
        changes: What changed answers gained.
        takeaways: The student's own rules, with the days on which each is to be met again.
    """

    table: CauseTable
    by_cause: tuple[tuple[Cause, int], ...]
    trends: tuple[CauseTrend, ...]
    reasoning: CauseTrend | None
    repeated: tuple[RepeatedOption, ...]
    pairs: tuple[ConfusionPair, ...]
    pacing: tuple[Pacing, ...]
    changes: AnswerChanges
    takeaways: RuleList

    def trend_of(self, cause: Cause) -> CauseTrend | None:
        """Return the trend of one cause; ``None`` where it cannot be told yet."""
        return next((t for t in self.trends if t.causes == (cause,)), None)


def miss_analysis(record: Record, as_of: date) -> MissAnalysis:
    """Return what the misses and blocks up to a day show.

    Args:
        record: The student's record.
        as_of: Misses, blocks and reviews after this day are left out. Pace is compared with the
            block length in force on the planned test date, or on this day without one.
    """
    t = load_thresholds(record.exam.id)
    misses = [m for m in record.misses if m.date <= as_of]
    blocks = [b for b in record.blocks if b.date <= as_of]
    looks = [one for one in record.looks if one.date <= as_of]
    table = cause_table(misses)
    by_cause = tuple(
        (cause, count)
        for cause, count in sorted(table.by_cause().items(), key=lambda pair: -pair[1])
        if count
    )
    trends = (cause_trend(misses, cause, t, as_of=as_of) for cause, _ in by_cause)
    return MissAnalysis(
        table=table,
        by_cause=by_cause,
        trends=tuple(trend for trend in trends if trend is not None),
        reasoning=reasoning_trend(misses, t, as_of=as_of),
        repeated=repeated_options(misses),
        pairs=confusion_pairs(misses),
        pacing=pacing_by_quarter(blocks, record.exam.id, record.exam.planned_date or as_of, t),
        changes=answer_changes(blocks, t),
        takeaways=rules_of(misses, looks, t),
    )
