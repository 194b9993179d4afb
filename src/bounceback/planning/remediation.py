"""The next steps where a date would come too early: a person, three subjects, a checkpoint test.

Their length follows from the distance to the passing score. Every step has a day that can be kept,
and the checkpoint says with which score a date can be set, and what follows either way.
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
from bounceback.planning.time_needed import distance, exam_sd
from bounceback.reasons import reason
from bounceback.records.models import Record
from bounceback.vocabulary import ExamId

_WEEK: Final = timedelta(weeks=1)
_SATURDAY: Final = 5
_DAYS_LOOKED_AT: Final = 21
"""Days from the one wanted among which a day with hours for the checkpoint test is looked for."""


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


def weeks_to_checkpoint(record: Record, as_of: date, belief: Belief, rules: Rules) -> int:
    """Weeks of building up before the checkpoint test, by the distance to the passing score.

    In steps, so that a point more or less does not move the day.
    """
    level, below = distance(record, as_of, belief.score_mean, belief.constants.mark)
    if level == "mostly-solid":
        return rules.whole("remediation_weeks_near")
    if level == "wobbly":
        return rules.whole("remediation_weeks_moderate")
    if below >= rules["remediation_far_sd"]:
        return rules.whole("remediation_weeks_far")
    return rules.whole("remediation_retest_weeks")


def _office_day(day: date, record: Record) -> date:
    """The first day from ``day`` on which an office answers and the learner is not away."""
    away = record.availability.days_off if record.availability is not None else ()
    while day.weekday() >= _SATURDAY or day in away:
        day += timedelta(days=1)
    return day


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
    weeks = timedelta(weeks=weeks_to_checkpoint(record, as_of, belief, rules))
    end = retest.date if retest else max(as_of, start + weeks)
    weakest = _weakest(belief, rules.whole("remediation_subjects"))
    steps = [
        Step(
            what="Talk to one person who knows how you are really doing. Bring this page.",
            who=f"your advisor, or a learning specialist at your {where}",
            by=_first_day(record, as_of, start, rules.whole("remediation_contact_days"), soonest=1),
            why=evidence("help").sentence,
        )
    ]
    accommodations = record.exam.accommodations
    if accommodations != "granted":
        asked = accommodations == "asked"
        steps.append(
            Step(
                what=(
                    "Ask how far your application for accommodations is."
                    if asked
                    else "Ask whether accommodations or a reading assessment would fit you."
                ),
                who=f"the disability or student services office at your {where}",
                by=_first_day(
                    record, as_of, start, rules.whole("remediation_accommodations_days"), soonest=3
                ),
                why=(
                    "Settle this before you set a date. Unfinished blocks can have causes that "
                    "more study doesn't reach."
                ),
            )
        )
    steps.append(
        Step(
            what=(
                f"Build up {', '.join(weakest)}: one chapter or video, then its questions, then "
                "the ones you missed. Mixed blocks come after."
            ),
            who=f"you, with a tutor or your {where}'s course if there is one",
            by=max(as_of, end - timedelta(days=1)),
            why="You can still win the most points here, by how much of the exam they are.",
        )
    )
    steps = [replace(step, by=min(step.by, end)) for step in steps]
    if retest is not None:
        name = form_words(retest.family, retest.form, record.exam.id)
        steps += [
            Step(what=f"Take {name}, timed, in one go.", who="you", by=retest.date, why=retest.why),
            Step(
                what=(
                    f"With {retest.score:g} or higher, choose a test date. Below it, review {name} "
                    "together and choose the next three subjects."
                ),
                who=f"you and your advisor, or the learning specialist at your {where}",
                by=_office_day(retest.date + timedelta(days=1), record),
                why="What comes next is agreed before the result, not in the days after it.",
            ),
        ]
    return Remediation(steps=tuple(sorted(steps, key=lambda s: s.by)), retest=retest)


def _first_day(record: Record, as_of: date, start: date, days: int, *, soonest: int) -> date:
    """A day for a step with an office: so many days from the start, and never today."""
    planned = _office_day(start + timedelta(days=days), record)
    return planned if planned > as_of else _office_day(as_of + timedelta(days=soonest), record)


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
    weeks = weeks_to_checkpoint(record, as_of, belief, rules)
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
    # Before a further attempt the checkpoint asks for a little more than the passing score.
    above = rules["remediation_checkpoint_sd_above"] * exam_sd(exam_id, as_of)
    points = belief.constants.mark + above
    score = float(math.ceil(line.from_reported(points) - 1e-9))
    day = wanted
    if held is None:
        # A day near that one with hours for the test; if it is past, building up has had its time.
        length = form_size(family, exam_id, wanted, rules).minutes
        day = _day_with_room(record, wanted, rules, length)
        if day < as_of:
            day = _day_with_room(record, as_of, rules, length)
    return Retest(
        family=family,
        form=form,
        date=day,
        score=score,
        why=(
            f"{score:g} or higher is a little above the passing score: you can set a date."
            + (
                ""
                if start is not None or held is not None
                else f" Nothing of the last weeks is logged: the {weeks} weeks count from the "
                "first day you log."
            )
        ),
    )


def _line(family: str, exam_id: str, on: date) -> facts.Conversion | None:
    try:
        return facts.conversion(family, exam_id, on)
    except FactError:
        return None


def _day_with_room(record: Record, wanted: date, rules: Rules, minutes: int = 0) -> date:
    """A day from ``wanted`` on that has hours for a test, and for its review after it.

    The day of that week with the most minutes; where it is shorter than the test or leaves too
    little for the review, the first day of the next weeks that serves better.
    """
    if record.availability is None:
        return wanted
    after = round(rules["form_review_hours"] / 24)
    last = wanted + timedelta(days=_DAYS_LOOKED_AT - 1 + after)
    days = open_days(record.availability, wanted, last, rules)
    best = max(days[:7], key=lambda day: (day.minutes, -day.date.toordinal()))
    long_enough = [n for n, day in enumerate(days[:_DAYS_LOOKED_AT]) if day.minutes >= minutes]
    reviewed = [
        n
        for n in long_enough
        if sum(day.minutes for day in days[n : n + after + 1]) - minutes >= minutes / 2
    ]
    serves = [days[n] for n in (reviewed or long_enough)]
    return (best if best in serves or not serves else serves[0]).date
