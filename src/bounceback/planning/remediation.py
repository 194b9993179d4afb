"""The path where a date would come too early: rebuild, a person, accommodations, a re-test.

It is a path with dates, and it says which score reopens the exam plan.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

import numpy as np

from bounceback import facts
from bounceback.appraisal.contacts import place
from bounceback.appraisal.text_tables import evidence
from bounceback.errors import FactError
from bounceback.forecast.posterior import Belief
from bounceback.messages.formatting import form_words
from bounceback.planning.availability import open_days
from bounceback.planning.models import LedgerEntry
from bounceback.planning.parameters import Rules
from bounceback.planning.practice_tests import days_taken, form_size
from bounceback.planning.time_needed import exam_sd
from bounceback.reasons import reason
from bounceback.records.models import Record
from bounceback.vocabulary import ExamId

_WEEK: Final = timedelta(weeks=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the path: what, with whom, by when, and why."""

    what: str
    who: str
    by: date
    why: str

    def to_briefing(self) -> dict[str, str]:
        """The step under the briefing's keys."""
        return {"what": self.what, "who": self.who, "by": self.by.isoformat(), "why": self.why}


@dataclass(frozen=True, slots=True, kw_only=True)
class Retest:
    """The re-test: which form, when, and the score on its own scale that reopens the exam plan."""

    family: str
    form: str
    date: date
    score: float
    why: str

    def to_briefing(self) -> dict[str, Any]:
        """The re-test under the briefing's keys."""
        return {
            "family": self.family,
            "form": self.form,
            "date": self.date.isoformat(),
            "score": self.score,
            "why": self.why,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Remediation:
    """The whole path."""

    steps: tuple[Step, ...]
    retest: Retest | None

    def to_briefing(self) -> dict[str, Any]:
        """The ``remediation`` key of the briefing."""
        return {
            "steps": [step.to_briefing() for step in self.steps],
            "retest": self.retest.to_briefing() if self.retest else None,
        }


def path_start(record: Record, as_of: date, rules: Rules) -> date | None:
    """The day on which the work since the last sitting began, by what the record shows.

    The path's weeks count from it, so that its days stay where they are whatever day one asks on.
    A silence longer than the rebuild starts it anew, and so does a practice test taken when the
    re-test was due.

    Returns:
        That day, or ``None`` where nothing of the last weeks is on record: then it starts today.
    """
    weeks = timedelta(weeks=rules.whole("remediation_retest_weeks"))
    sittings = [a.date for a in record.attempts if a.exam == record.exam.id and a.date <= as_of]
    after = max(sittings, default=date.min)
    tests = {f.date for f in record.forms}
    worked = {entry.date for part in (record.study, record.blocks) for entry in part}
    ticked = {entry.date for entry in record.plan if entry.done_minutes and entry.activity}
    start = latest = None
    for day in sorted(d for d in tests | worked | ticked if after < d <= as_of):
        again = start is not None and day in tests and day > start + weeks - _WEEK
        if start is None or latest is None or day - latest > weeks or again:
            start = day
        latest = day
    return start if latest is not None and as_of - latest <= weeks else None


def remediation(
    record: Record,
    as_of: date,
    belief: Belief,
    rules: Rules,
    held: LedgerEntry | None = None,
) -> Remediation:
    """The path for a record: steps by day, and the re-test.

    Args:
        record: Whose path.
        as_of: The day it is asked about.
        belief: Where the learner stands, by area.
        rules: Plan parameters.
        held: The re-test of an earlier plan, by :func:`held_retest`: its day stays, so that the
            path comes nearer to it.
    """
    where = place(record, as_of)
    start = path_start(record, as_of, rules) or as_of
    retest = _retest(record, as_of, belief, rules, held)
    weeks = timedelta(weeks=rules.whole("remediation_retest_weeks"))
    end = retest.date if retest else max(as_of, start + weeks)
    weakest = _weakest(belief, rules.whole("remediation_subjects"))
    steps = [
        Step(
            what="Talk to one person who knows how it really is, with this page in hand.",
            who=f"your adviser, or learning specialist at your {where}",
            by=max(as_of, start + timedelta(days=rules.whole("remediation_contact_days"))),
            why=evidence("help").sentence,
        ),
        Step(
            what=(
                f"Rebuild {', '.join(weakest)}: one chapter or video, then its questions, then the "
                "misses, before anything mixed."
            ),
            who=f"you, with a tutor or the course of your {where} where there is one",
            by=max(as_of, end - timedelta(days=1)),
            why="These hold the most points still to win, by their weight in the exam.",
        ),
    ]
    accommodations = record.exam.accommodations
    if accommodations != "granted":
        asked = accommodations == "asked"
        steps.append(
            Step(
                what=(
                    "Ask how far the application for accommodations is."
                    if asked
                    else "Ask whether accommodations or a reading assessment would fit you."
                ),
                who=f"the disability or student services office at your {where}",
                by=max(
                    as_of, start + timedelta(days=rules.whole("remediation_accommodations_days"))
                ),
                why=(
                    "It is settled before a date is set: blocks left unfinished can have causes "
                    "that more study does not reach."
                ),
            )
        )
    if retest is not None:
        steps.append(
            Step(
                what=f"Take {form_words(retest.family, retest.form, record.exam.id)}, timed, in "
                "one sitting.",
                who="you",
                by=retest.date,
                why=retest.why,
            )
        )
    steps = [replace(step, by=min(step.by, end)) for step in steps]
    return Remediation(steps=tuple(sorted(steps, key=lambda s: s.by)), retest=retest)


def _weakest(belief: Belief, count: int) -> list[str]:
    """Areas with the most points still to win: exam weight times distance."""
    dynamics = belief.dynamics()
    worth = dynamics.exam_weight * dynamics.distance
    return [dynamics.areas[int(i)] for i in np.argsort(-worth, kind="stable")[:count]]


def retest_entry(retest: Retest, exam_id: ExamId, rules: Rules) -> LedgerEntry:
    """The re-test as the plan's ledger holds it."""
    size = form_size(retest.family, exam_id, retest.date, rules)
    return LedgerEntry(
        family=retest.family,
        form=retest.form,
        date=retest.date,
        reason=reason("planning.test-checkpoint", score=retest.score),
        role="retest",
        measure=size.measure,
        minutes=size.minutes,
        items=size.items,
    )


def held_retest(
    ledger: Sequence[LedgerEntry], record: Record, as_of: date, rules: Rules
) -> LedgerEntry | None:
    """The re-test that an earlier plan holds, if it has not been taken.

    Its day stays while it lies ahead. One whose day has passed comes within the week: the rebuild
    has had its weeks.
    """
    taken = days_taken(record, as_of)
    for entry in ledger:
        if entry.role == "retest" and entry.date and entry.label not in taken:
            if entry.date >= as_of:
                return entry
            return replace(entry, date=_day_with_room(record, as_of, rules))
    return None


def _retest(
    record: Record, as_of: date, belief: Belief, rules: Rules, held: LedgerEntry | None
) -> Retest | None:
    exam_id = record.exam.id
    start = path_start(record, as_of, rules)
    weeks = rules.whole("remediation_retest_weeks")
    wanted = (start or as_of) + timedelta(weeks=weeks)
    if held is not None and held.date is not None:
        wanted = held.date
    taken = days_taken(record, as_of)
    owned = [
        (form_size(f.family, exam_id, wanted, rules).worth, f.family, f.form)
        for f in record.ledger
        if f"{f.family} {f.form}" not in taken and _line(f.family, exam_id, wanted) is not None
    ]
    if held is not None and _line(held.family, exam_id, wanted) is not None:
        family, form = held.family, held.form
    elif owned:
        _, family, form = max(owned)
    else:
        on_sale = []
        for name in facts.form_families(exam_id):
            known = facts.form_family(name, exam_id)
            if known.price_usd is None and name != "comsae":
                continue
            if not known.measure or _line(name, exam_id, wanted) is None:
                continue
            unused = [
                f for f in known.forms if f not in known.retired and f"{name} {f}" not in taken
            ]
            label = unused[-1] if unused else ""
            on_sale.append((form_size(name, exam_id, wanted, rules).worth, name, label))
        if not on_sale:
            return None
        _, family, form = max(on_sale)
    line = _line(family, exam_id, wanted)
    if line is None:
        return None
    # A date needs the burden of proof: the re-test is passed where the exam would be.
    points = belief.constants.mark - rules["remediation_reopens_sd"] * exam_sd(exam_id, as_of)
    score = float(math.ceil(line.from_reported(points) - 1e-9))
    day = wanted
    if held is None:
        # The day of that week with most room; once the week is over, the rebuild has had its time.
        day = _day_with_room(record, wanted, rules)
        if day < as_of:
            day = _day_with_room(record, as_of, rules)
    return Retest(
        family=family,
        form=form,
        date=day,
        score=score,
        why=(
            f"A score of {score:g} or more, where the pass mark lies, reopens the exam plan. Below "
            "it, the path goes on with what the form shows."
            + (
                ""
                if start is not None or held is not None
                else f" Nothing of the last weeks is on record: the {weeks} weeks count from the "
                "first day that you note."
            )
        ),
    )


def _line(family: str, exam_id: str, on: date) -> facts.Conversion | None:
    try:
        return facts.conversion(family, exam_id, on)
    except FactError:
        return None


def _day_with_room(record: Record, wanted: date, rules: Rules) -> date:
    """The day of that week with the most minutes that may be planned, on or after ``wanted``."""
    if record.availability is None:
        return wanted
    week = open_days(record.availability, wanted, wanted + timedelta(days=6), rules)
    return max(week, key=lambda day: (day.minutes, -day.date.toordinal())).date
