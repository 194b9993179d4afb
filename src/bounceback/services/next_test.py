"""What each result of the next practice test would mean, from the decision itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from bounceback.decision.decide import Outlook, candidate_options, decide
from bounceback.decision.models import ADVICE_ORDER, Advice, Decision, NextForm, ResultBand
from bounceback.decision.readiness import retest_passed
from bounceback.errors import QuestionError
from bounceback.forecast.lookahead import (
    AfterTest,
    ComingTest,
    after_test,
    join_work,
    on_own_scale,
    work_on,
)
from bounceback.forecast.prediction import Forecast, PlannedWork
from bounceback.planning.parameters import rules_for
from bounceback.planning.time_needed import exam_sd, time_needed
from bounceback.records.models import Form, Record

if TYPE_CHECKING:
    from bounceback.services.full_briefing import Briefing

KEPT_STEPS: Final = (0.5, 0.8)
"""Chances of keeping the student's date at which one band of results ends and another begins."""


@dataclass(frozen=True, slots=True)
class _Result:
    """The answer after one result of the test."""

    score: float
    decision: Decision
    chance: tuple[float, ...]

    @property
    def rank(self) -> tuple[int, int, int]:
        """Greater is better: the advice, how likely the date is kept, the earlier date."""
        d = self.decision
        waits = d.advice == "too-early-to-say" and d.kept is not None
        steps = sum(1 for s in KEPT_STEPS if waits and (d.kept or 0.0) >= s)
        day = -d.date.toordinal() if d.advice in ("move", "sit") and d.date else 0
        return ADVICE_ORDER.index(d.advice), steps, day


def result_bands(b: Briefing) -> tuple[ResultBand, ...]:
    """Return the bands of results of the next test, best first; empty without one.

    Each of equally likely results is taken into the forecast, and the decision is asked on the day
    of the test. Neighbors with the same answer are one band. A better result never has a lesser
    answer.
    """
    test = b.decision.next_test
    if test is None or b.decision.closed:
        return ()
    after = _after(b, test)
    if after is None:
        return ()
    results = _answers(b, test, *after)
    return _bands(b.record, results)


def chances_after(b: Briefing) -> tuple[AfterTest, list[Forecast]]:
    """Return the chances after each equally likely result of the next test, with the dates.

    Raises:
        QuestionError: No practice test lies ahead, or no date after it.
    """
    test = b.decision.next_test
    found = None if test is None else _after(b, test)
    if found is None:
        raise QuestionError("No practice test lies ahead. Add one to your tests (decision).")
    return found


def _after(b: Briefing, test: NextForm) -> tuple[AfterTest, list[Forecast]] | None:
    dates = [f for f in b.solved if f.on >= test.on]
    if not dates:
        return None
    keep = [i for i, f in enumerate(b.solved) if f.on >= test.on]
    work = PlannedWork(b.work.days[keep], b.work.unworked_days[keep], b.work.effort[keep])
    rows = join_work(work_on(b.work, [float((test.on - b.as_of).days)]), work)
    coming = ComingTest(test.on, test.family, test.form)
    return after_test(b.belief, coming, dates, rows), dates


def _answers(
    b: Briefing, test: NextForm, after: AfterTest, dates: Sequence[Forecast]
) -> list[_Result]:
    record, rules = b.record, rules_for(b.record.exam.id)
    joint = b.joint.select([f.on for f in dates])
    place = next(
        (
            i
            for i, t in enumerate(joint.tests)
            if (t.on, t.family, t.form) == (test.on, test.family, test.form)
        ),
        None,
    )
    if place is not None:
        joint = joint.after(place)
    joint = replace(
        joint,
        tests=tuple(t for t in joint.tests if t.on > test.on),
        cross=joint.cross[:, [i for i, t in enumerate(joint.tests) if t.on > test.on]],
        results=joint.results[
            np.ix_(*[[i for i, t in enumerate(joint.tests) if t.on > test.on]] * 2)
        ],
    )
    later = [
        e
        for e in b.plan.ledger
        if e.date is not None
        and e.date > test.on
        and (e.family, e.form) != (test.family, test.form)
    ]
    first = min(later, key=lambda e: (e.date or date.max, e.label), default=None)
    coming = (
        NextForm(first.family, first.form, first.date)
        if first is not None and first.date is not None
        else None
    )
    reopens = b.belief.constants.mark + rules["remediation_checkpoint_sd_above"] * exam_sd(
        record.exam.id, test.on
    )
    options = None
    found = []
    for row, score in enumerate(after.scores):
        then = _with_result(record, test, float(score))
        forecasts = [
            replace(f, p_pass=float(p)) for f, p in zip(dates, after.chance[row], strict=True)
        ]
        level = time_needed(then, test.on, b.belief, ()).level
        checked = options if options and not _has_clearance(record) else None
        if checked is None:
            options = checked = candidate_options(then, test.on, forecasts)
        checked = tuple(
            replace(o, p_pass=f.p_pass) for o, f in zip(checked, forecasts, strict=True)
        )
        decision = decide(
            then,
            b.belief,
            Outlook(
                forecasts=forecasts,
                joint=joint,
                level=level,
                next_form=coming,
                retest_passed=retest_passed(then, test.on, reopens),
                moves=b.decision.moves,
            ),
            as_of=test.on,
            options=checked,
        )
        found.append(_Result(float(score), decision, tuple(after.chance[row])))
    return found


def _has_clearance(record: Record) -> bool:
    return record.exam.clearance not in (None, "none")


def _with_result(record: Record, test: NextForm, reported: float) -> Record:
    own = on_own_scale(ComingTest(test.on, test.family, test.form), record.exam.id, reported)
    taken = Form(
        family=test.family,
        form=test.form or "next",
        date=test.on,
        score=reported if own is None else own,
        scale="reported" if test.family == "school" else None,
    )
    return replace(record, forms=(*record.forms, taken))


def _bands(record: Record, results: Sequence[_Result]) -> tuple[ResultBand, ...]:
    """Join neighbors with the same answer; a worse result never has a better one."""
    held: list[_Result] = []
    for one in results:
        # Results come best first: an answer better than that of a better result is rounding.
        held.append(
            one
            if not held or one.rank <= held[-1].rank
            else replace(one, decision=held[-1].decision)
        )
    groups: list[list[_Result]] = []
    for one in held:
        if groups and groups[-1][-1].rank == one.rank:
            groups[-1].append(one)
        else:
            groups.append([one])
    edges = [(above[-1].score + below[0].score) / 2.0 for above, below in pairwise(groups)]
    bands = []
    for i, group in enumerate(groups):
        answer = group[0].decision
        chances = [r.decision.p_pass for r in group if r.decision.p_pass is not None]
        kept = [r.decision.kept for r in group if r.decision.kept is not None]
        bands.append(
            ResultBand(
                score_low=edges[i] if i < len(edges) else group[-1].score,
                score_high=edges[i - 1] if i else group[0].score,
                share=len(group) / len(results),
                advice=answer.advice,
                date=answer.date,
                p_pass=float(np.mean(chances)) if chances else None,
                kept=float(np.mean(kept)) if kept else None,
            )
        )
    return tuple(bands)


def holds_the_date(bands: Sequence[ResultBand]) -> bool:
    """Whether some result of the next test alone is enough to keep the date."""
    best: Advice | None = bands[0].advice if bands else None
    return best == "sit"
