"""The next steps where a date would come too early: a person, three subjects, a checkpoint test.

Their length follows from the distance to the passing score and from the hours of a week. Every step
has a day that can be kept, the practice tests on the way stand among them, and the checkpoint says
with which score a date can be set, and what follows either way.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from bounceback import facts
from bounceback.appraisal.contacts import place
from bounceback.errors import FactError
from bounceback.forecast.posterior import Belief
from bounceback.planning.allocation import named_areas
from bounceback.planning.availability import open_days, weekday_minutes
from bounceback.planning.models import LedgerEntry
from bounceback.planning.parameters import Rules
from bounceback.planning.practice_tests import days_taken, form_size
from bounceback.planning.time_needed import distance, exam_sd
from bounceback.reasons import Reason, reason
from bounceback.records.models import Record
from bounceback.vocabulary import MINUTES_PER_HOUR, ExamId

_WEEK: Final = timedelta(weeks=1)
_SATURDAY: Final = 5
_DAYS_LOOKED_AT: Final = 21
"""Days from the one wanted among which a day with hours for the checkpoint test is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the path: what, with whom, by when, and why."""

    what: Reason
    who: Reason
    by: date
    why: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Retest:
    """The checkpoint test, when it is taken, and with which score a date can be set.

    Attributes:
        family: Family id.
        form: Label.
        date: Day.
        score: On the family's own scale, a little above the passing score.
        why: What the score means, as a value.
        minutes_to_free: Its length where no day near it is long enough; 0 where one is.
    """

    family: str
    form: str
    date: date
    score: float
    why: Reason
    minutes_to_free: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Remediation:
    """The whole path.

    Attributes:
        steps: By day.
        retest: The checkpoint test; ``None`` where no score opens a date.
        areas: The subjects that are built up, the most points to win first.
    """

    steps: tuple[Step, ...]
    retest: Retest | None
    areas: tuple[str, ...] = ()


def weeks_to_checkpoint(record: Record, as_of: date, belief: Belief, rules: Rules) -> int:
    """Weeks of building up before the checkpoint test.

    By the distance to the passing score, in steps, so that a point more or less does not move the
    day; longer where the learner's week has fewer hours than those weeks are meant for.
    """
    level, below = distance(record, as_of, belief.score_mean, belief.constants.mark)
    if below >= rules["remediation_very_far_sd"]:
        weeks = rules["remediation_weeks_very_far"]
    elif below >= rules["remediation_far_sd"]:
        weeks = rules["remediation_weeks_far"]
    elif level == "fundamental-gap":
        weeks = rules["remediation_retest_weeks"]
    elif level == "wobbly":
        weeks = rules["remediation_weeks_moderate"]
    else:
        weeks = rules["remediation_weeks_near"]
    if record.availability is None:
        return round(weeks)
    hours = sum(weekday_minutes(record.availability, rules)) / MINUTES_PER_HOUR
    wanted = rules["remediation_hours_per_week"] / max(hours, 1.0)
    return round(weeks * min(max(wanted, 1.0), rules["remediation_stretch_max"]))


def _office_day(day: date, record: Record) -> date:
    """The first day from ``day`` on which an office answers and the learner is not away."""
    away = record.availability.days_off if record.availability is not None else ()
    while day.weekday() >= _SATURDAY or day in away:
        day += timedelta(days=1)
    return day


def path_start(
    record: Record, as_of: date, rules: Rules, length_weeks: int | None = None
) -> date | None:
    """The day on which building up began, by what the record shows since the last attempt.

    The path's weeks count from it, so that its days stay where they are whatever day one asks on.
    Only work begins it: a practice test shows where one stands and builds nothing up. A test alone
    counts as the beginning for two weeks, while its result is what the path answers to. A silence
    longer than building up takes starts it again, and so does a practice test taken when the
    checkpoint test was due.

    Args:
        record: Whose path.
        as_of: The day it is asked about.
        rules: Plan parameters.
        length_weeks: Weeks of building up; default: those for major gaps.

    Returns:
        That day, or ``None`` where nothing of the last weeks is on record: then it starts today.
    """
    weeks = timedelta(weeks=length_weeks or rules.whole("remediation_retest_weeks"))
    attempts = [a.date for a in record.attempts if a.exam == record.exam.id and a.date <= as_of]
    after = max(attempts, default=date.min)
    tests = {f.date for f in record.forms if after < f.date <= as_of}
    worked = {entry.date for part in (record.study, record.blocks) for entry in part}
    ticked = {entry.date for entry in record.plan if entry.done_minutes and entry.activity}
    start = latest = None
    for day in sorted(d for d in tests | worked | ticked if after < d <= as_of):
        again = start is not None and day in tests and day > start + weeks - _WEEK
        if day in tests and day not in worked | ticked and not again:
            continue
        if start is None or latest is None or day - latest > weeks or again:
            start = day
        latest = day
    recent = timedelta(days=rules.whole("remediation_test_begins_days"))
    if start is None and tests and as_of - max(tests) <= recent:
        return max(tests)
    return start if latest is not None and as_of - latest <= weeks else None


def remediation(
    record: Record,
    as_of: date,
    belief: Belief,
    rules: Rules,
    held: LedgerEntry | None = None,
) -> Remediation:
    """The path for a record: steps by day, and the checkpoint test.

    Args:
        record: Whose path.
        as_of: The day it is asked about.
        belief: Where the learner stands, by area.
        rules: Plan parameters.
        held: The checkpoint test of an earlier plan, by :func:`held_retest`: its day stays, so that
            the path comes nearer to it.
    """
    where = place(record, as_of)
    weeks = weeks_to_checkpoint(record, as_of, belief, rules)
    start = path_start(record, as_of, rules, weeks) or as_of
    retest = _retest(record, as_of, belief, rules, held)
    end = retest.date if retest else max(as_of, start + timedelta(weeks=weeks))
    dynamics = belief.dynamics()
    areas = tuple(dynamics.areas[a] for a in named_areas(dynamics, rules))
    specialist = reason("remediation.advisor-or-specialist", place=where)
    steps = [
        Step(
            what=reason("remediation.talk"),
            who=specialist,
            by=_first_day(record, as_of, start, rules.whole("remediation_contact_days"), soonest=1),
            why=reason("remediation.talk-why", evidence="help"),
        )
    ]
    if record.exam.accommodations != "granted":
        asked = record.exam.accommodations == "asked"
        days = rules.whole("remediation_accommodations_days")
        steps.append(
            Step(
                what=reason("remediation.accommodations", asked=asked),
                who=reason("remediation.disability-office", place=where),
                by=_first_day(record, as_of, start, days, soonest=3),
                why=reason("remediation.accommodations-why"),
            )
        )
    steps.append(
        Step(
            what=reason("remediation.build-up", areas=areas),
            who=reason("remediation.you-and-tutor", place=where, own=True),
            by=max(as_of, end - timedelta(days=1)),
            why=reason("remediation.build-up-why"),
        )
    )
    steps = [replace(step, by=min(step.by, end)) for step in steps]
    if retest is not None:
        exam_id = record.exam.id
        test = {"family": retest.family, "form": retest.form, "exam": exam_id}
        weeks_after = facts.time_needed_guide()[0]
        window = record.exam.eligibility
        steps += [
            Step(
                what=reason(
                    "remediation.checkpoint", **test, minutes_to_free=retest.minutes_to_free
                ),
                who=reason("remediation.you", own=True),
                by=retest.date,
                why=retest.why,
            ),
            Step(
                what=reason(
                    "remediation.what-follows",
                    **test,
                    score=retest.score,
                    percent=_is_percent(retest, exam_id),
                    weeks_low=weeks_after.weeks_low,
                    weeks_high=weeks_after.weeks_high,
                ),
                who=specialist,
                by=_office_day(retest.date + timedelta(days=1), record),
                why=reason(
                    "remediation.what-follows-why",
                    eligible_until=None if window is None else window.last,
                    too_late=window is not None and window.last <= retest.date,
                ),
            ),
        ]
    by_day = sorted(steps, key=lambda s: s.by)
    return Remediation(steps=tuple(by_day), retest=retest, areas=areas)


def with_tests_on_the_way(path: Remediation, ledger: Sequence[LedgerEntry]) -> Remediation:
    """The path with the practice tests that its plan holds before the checkpoint.

    Args:
        path: From :func:`remediation`.
        ledger: Of the plan that leads to the checkpoint test.
    """
    if path.retest is None:
        return path
    end = path.retest.date
    tests = [
        e
        for e in ledger
        if e.date is not None and e.date < end and e.role in ("baseline", "course") and e.minutes
    ]
    steps = [
        Step(
            what=reason(
                "remediation.test-on-the-way",
                family=e.family,
                form=e.form,
                role=e.role,
            ),
            who=reason("remediation.you", own=True),
            by=e.date,
            why=reason("remediation.test-on-the-way-why", role=e.role),
        )
        for e in tests
        if e.date is not None
    ]
    return replace(path, steps=tuple(sorted((*path.steps, *steps), key=lambda s: s.by)))


def _is_percent(retest: Retest, exam_id: ExamId) -> bool:
    """Whether the checkpoint's score is percent correct."""
    return facts.form_family(retest.family, exam_id).scale in ("epc", "percent")


def _first_day(record: Record, as_of: date, start: date, days: int, *, soonest: int) -> date:
    """A day for a step with an office: so many days from the start, and never today."""
    planned = _office_day(start + timedelta(days=days), record)
    return planned if planned > as_of else _office_day(as_of + timedelta(days=soonest), record)


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
    weeks = weeks_to_checkpoint(record, as_of, belief, rules)
    start = path_start(record, as_of, rules, weeks)
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
    length = form_size(family, exam_id, wanted, rules).minutes
    if held is None:
        # A day near that one with hours for the test; if it is past, building up has had its time.
        day = _day_with_room(record, wanted, rules, length)
        if day < as_of:
            day = _day_with_room(record, as_of, rules, length)
    return Retest(
        family=family,
        form=form,
        date=day,
        score=score,
        why=reason(
            "remediation.checkpoint-why",
            score=score,
            percent=facts.form_family(family, exam_id).scale in ("epc", "percent"),
            weeks_from_first_log=weeks if start is None and held is None else None,
        ),
        minutes_to_free=0 if _holds(record, day, rules, length) else length,
    )


def _holds(record: Record, day: date, rules: Rules, minutes: int) -> bool:
    """Whether a day has the hours for a test; true where no hours are known."""
    if record.availability is None:
        return True
    return open_days(record.availability, day, day, rules)[0].minutes >= minutes


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
