"""Every way to go on in the same detail: dates, building up, an extension, letting it expire."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from bounceback import facts
from bounceback.decision import eligibility_rules, fees
from bounceback.decision.models import DateOption, DeadlineCheck, Decision, Option
from bounceback.errors import FactError
from bounceback.forecast.posterior import Belief
from bounceback.forecast.prediction import Forecast
from bounceback.planning.parameters import rules_for
from bounceback.records.models import Attempt, Record

MOST_DATES: Final = 4


def options(
    record: Record,
    as_of: date,
    decision: Decision,
    belief: Belief,
    forecasts: Sequence[Forecast],
) -> tuple[Option, ...]:
    """Return the ways to go on, dates first.

    Args:
        record: The record.
        as_of: The day asked about.
        decision: The advice, with its candidate dates.
        belief: Where the student stands.
        forecasts: One an eligible day.
    """
    mark = belief.constants.mark
    found = [_date_option(record, as_of, o, mark) for o in _compared(record, decision)]
    if decision.closed:
        return tuple(found)
    weeks = rules_for(record.exam.id).whole("remediation_retest_weeks")
    found.append(_other(record, as_of, "rebuild", as_of + timedelta(weeks=weeks), None))
    window = record.exam.eligibility
    if window is not None and window.last >= as_of:
        months = _extension_months(record, as_of)
        if months is not None:
            longer = eligibility_rules.months_after(window.last, months)
            fee = fees.extension(record, as_of)
            found.append(_other(record, as_of, "extension", longer, fee))
        again = fees.registering(record, as_of)
        found.append(
            _other(
                record,
                as_of,
                "lapse",
                window.last + timedelta(days=1),
                again.amount_usd if again else None,
            )
        )
    return tuple(found)


def _compared(record: Record, decision: Decision) -> list[DateOption]:
    """The student's date, the one suggested, the last, and one between: at most four."""
    by_day = {o.on: o for o in decision.options}
    named = [record.exam.planned_date]
    if decision.advice in ("sit", "move"):
        named.append(decision.date)
    named.append(decision.about)
    found = [by_day[d] for d in dict.fromkeys(named) if d in by_day]
    bookable = [o for o in decision.options if o.bookable and o not in found]
    for place in (len(bookable) - 1, len(bookable) // 2, 0):
        if bookable and len(found) < MOST_DATES and bookable[place] not in found:
            found.append(bookable[place])
    return sorted(found, key=lambda o: o.on)


def _attempts_left(record: Record, as_of: date, on: date) -> int | None:
    most = facts.attempt_rules(record.exam.id, on).max_attempts.value
    if not isinstance(most, int | float):
        return None
    return max(0, int(most) - len(eligibility_rules.sittings(record, as_of)) - 1)


def earliest_next(record: Record, as_of: date, on: date) -> date | None:
    """Return the first day of a further attempt if the one on ``on`` fails; ``None`` if none.

    The result must be out, and the board's rules must leave the day. The eligibility period is left
    out: after a failure one registers for another.
    """
    out = on + timedelta(weeks=facts.release(record.exam.id, on).typical_weeks)
    attempts = (*record.attempts, Attempt(exam=record.exam.id, date=on, outcome="fail"))
    exam = replace(record.exam, eligibility=None, planned_date=None)
    return eligibility_rules.first_open_day(replace(record, attempts=attempts, exam=exam), out)


def _deadlines(record: Record, latest: date | None) -> tuple[DeadlineCheck, ...]:
    return tuple(
        DeadlineCheck(d.what, d.date, latest is not None and latest <= d.date)
        for d in record.exam.deadlines
    )


def _date_option(record: Record, as_of: date, o: DateOption, mark: float) -> Option:
    release = facts.release(record.exam.id, o.on)
    moving = fees.moving(record, as_of)
    planned = record.exam.planned_date
    now: float | None = 0.0
    if planned is not None and planned > as_of and o.on != planned:
        now = moving.amount_usd if moving else None
    late = fees.moving_from(record, o.on, max(as_of, o.on - timedelta(days=1)))
    return Option(
        kind="date",
        date=o.on,
        p_pass=o.p_pass,
        weeks=(o.on - as_of).days / 7.0,
        result_usual=o.on + timedelta(weeks=release.typical_weeks),
        result_latest=o.result_by,
        deadlines=_deadlines(record, o.result_by),
        fee_now_usd=now,
        fee_if_moved_later_usd=late.amount_usd if late else None,
        attempts_left_if_failed=_attempts_left(record, as_of, o.on),
        earliest_next=earliest_next(record, as_of, o.on),
        points_from_mark=o.score_mean - mark,
    )


def _other(record: Record, as_of: date, kind: str, day: date, fee: float | None) -> Option:
    """A way without a date of its own: nothing supports a chance for it."""
    release = facts.release(record.exam.id, day)
    latest = day + timedelta(weeks=release.plan_weeks)
    return Option(
        kind=kind,  # type: ignore[arg-type]
        date=day,
        p_pass=None,
        weeks=(day - as_of).days / 7.0,
        result_usual=day + timedelta(weeks=release.typical_weeks),
        result_latest=latest,
        deadlines=_deadlines(record, latest),
        fee_now_usd=0.0 if kind == "rebuild" else fee,
        fee_if_moved_later_usd=None,
        attempts_left_if_failed=_attempts_left(record, as_of, day),
        earliest_next=None,
        points_from_mark=None,
    )


def _extension_months(record: Record, as_of: date) -> int | None:
    board = facts.exam(record.exam.id).board.lower()
    try:
        found = facts.value(f"{board}.eligibility-extension", as_of).value
    except FactError:
        return None
    return int(found) if isinstance(found, int | float) else None
