"""Which days the rules of board, state, school and the learner's own deadlines leave (step 1)."""

from __future__ import annotations

from datetime import date, timedelta

from bounceback import facts
from bounceback.decision.models import RuleCheck
from bounceback.errors import FactUnknown
from bounceback.facts import ClearanceRule
from bounceback.reasons import Reason, reason
from bounceback.records.models import Attempt, Form, Record

_LOOKED_AHEAD_DAYS = 3 * 366
"""How far ahead a first open day is looked for."""


def months_after(day: date, months: int) -> date:
    """The same day of the month ``months`` later, or that month's last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    for candidate in range(day.day, 27, -1):
        try:
            return date(year, month + 1, candidate)
        except ValueError:
            continue
    return date(year, month + 1, min(day.day, 28))


def sittings(record: Record, as_of: date) -> list[Attempt]:
    """Sittings of the exam ahead up to ``as_of``, oldest first; incomplete ones count."""
    return sorted(
        (a for a in record.attempts if a.exam == record.exam.id and a.date <= as_of),
        key=lambda a: a.date,
    )


def result_day(record: Record, on: date) -> date:
    """The day by which to expect the result of a sitting on ``on``, counted cautiously."""
    return on + timedelta(weeks=facts.release(record.exam.id, on).plan_weeks)


def expected_late(record: Record, on: date) -> float:
    """Return how many deadlines the result of a date is expected to miss.

    A result that usually comes in time is late only if it is slow: such results come, one as likely
    as another, between the usual and the latest day.
    """
    release = facts.release(record.exam.id, on)
    usual = on + timedelta(weeks=release.typical_weeks)
    latest = result_day(record, on)
    slow = facts.parameters("decision", record.exam.id)["slow_result_share"].value
    found = 0.0
    for deadline in record.exam.deadlines:
        if usual > deadline.date:
            found += 1.0
        elif latest > deadline.date:
            found += float(slow) * ((latest - deadline.date) / (latest - usual))  # type: ignore[arg-type]
    return found


def _counted(value: object) -> int | None:
    return int(value) if isinstance(value, int | float) else None


def last_attempt(record: Record, as_of: date, on: date) -> bool:
    """Whether the next sitting would be the last the board allows."""
    most = _counted(facts.attempt_rules(record.exam.id, on).max_attempts.value)
    return most is not None and len(sittings(record, as_of)) + 1 >= most


def check(record: Record, as_of: date, on: date) -> tuple[RuleCheck, ...]:
    """Hold every rule against one date.

    Args:
        record: The learner's record.
        as_of: The day asked about.
        on: The candidate test date.

    Returns:
        One check a rule: calendar and permit, the board's, then the state's, deadlines and the
        school's. Unknown facts give no check: nobody is refused a date on a rule that could not be
        found.
    """
    found = [
        RuleCheck(reason("decision-rules.calendar", on=on), on >= as_of, "the calendar", "calendar")
    ]
    window = record.exam.eligibility
    if window is not None:
        found.append(
            RuleCheck(
                reason("decision-rules.eligibility", first=window.first, last=window.last),
                window.first <= on <= window.last,
                "your permit (case file: exam.eligibility)",
                "eligibility",
            )
        )
    closed = facts.closed_day(record.exam.id, on)
    if closed is not None:
        found.append(
            RuleCheck(
                reason("decision-rules.testing-day", on=on),
                None,
                closed.source,
                "testing-day",
                blocks=False,
            )
        )
    found += _board(record, as_of, on)
    found += _result_out(record, as_of, on)
    found += _state(record, as_of)
    found += [
        RuleCheck(
            reason("decision-rules.deadline", on=deadline.date, what=deadline.what),
            result_day(record, on) <= deadline.date,
            "release delay; your deadline",
            "deadline",
            blocks=False,
        )
        for deadline in record.exam.deadlines
    ]
    found += clearance(record, as_of, on)
    return tuple(found)


def first_open_day(record: Record, as_of: date) -> date | None:
    """The first day from ``as_of`` on which no rule stands in the way; ``None`` without one.

    Clearance is left out: a result can still meet it, so it never closes a day far off.
    """
    for n in range(_LOOKED_AHEAD_DAYS):
        day = as_of + timedelta(days=n)
        checks = check(record, as_of, day)
        if all(c.holds is not False for c in checks if c.blocks and c.kind != "clearance"):
            return day
    return None


# --- the board --------------------------------------------------------------------------------


def _board(record: Record, as_of: date, on: date) -> list[RuleCheck]:
    """A passed exam, attempts in all, within twelve months, and the wait for a fourth."""
    found: list[RuleCheck] = []
    taken = sittings(record, as_of)
    board = facts.exam(record.exam.id).board
    if any(a.outcome == "pass" for a in taken):
        found.append(
            RuleCheck(
                reason("decision-rules.passed", board=board),
                False,
                "board rule",
                "passed",
            )
        )
    rules = facts.attempt_rules(record.exam.id, on)
    most = _counted(rules.max_attempts.value)
    if most is not None:
        found.append(
            RuleCheck(
                reason("decision-rules.attempts", most=most, number=len(taken) + 1),
                len(taken) < most,
                rules.max_attempts.id,
                "attempts",
            )
        )
    yearly = _counted(rules.max_in_12_months.value)
    if yearly is not None:
        recent = [a for a in taken if months_after(a.date, 12) > on]
        found.append(
            RuleCheck(
                reason("decision-rules.in-12-months", most=yearly, number=len(recent) + 1),
                len(recent) < yearly,
                rules.max_in_12_months.id,
                "spacing",
            )
        )
    if len(taken) < 3:
        return found
    waits = (
        (rules.fourth_min_months_from_first, taken[0], "decision-rules.fourth-from-first"),
        (rules.fourth_min_months_from_latest, taken[-1], "decision-rules.fourth-from-latest"),
    )
    for fact, attempt, code in waits:
        months = _counted(fact.value)
        if months is not None:
            opens = months_after(attempt.date, months)
            found.append(
                RuleCheck(
                    Reason(code, {"months": months, "opens": opens}),
                    on >= opens,
                    fact.id,
                    "spacing",
                )
            )
    return found


def _result_out(record: Record, as_of: date, on: date) -> list[RuleCheck]:
    """No new sitting before the result of the last is out.

    On the day asked about the record may already hold an outcome that was not out yet then: the
    board's typical weeks decide, for a day looked back to as for today.
    """
    taken = sittings(record, as_of)
    if not taken:
        return []
    weeks = facts.release(record.exam.id, taken[-1].date).typical_weeks
    known = taken[-1].date + timedelta(weeks=weeks)
    late = as_of >= known
    if late and taken[-1].outcome != "awaiting":
        return []
    return [
        RuleCheck(
            reason("decision-rules.result", weeks=float(weeks), by=known),
            None if late else on >= known,
            facts.release(record.exam.id, taken[-1].date).id,
            "result",
        )
    ]


# --- the state --------------------------------------------------------------------------------


def _state(record: Record, as_of: date) -> list[RuleCheck]:
    """What lists say of the state's limit: a warning, since they are undated and disagree."""
    if not record.learner.state:
        return []
    limit = facts.state_limit(record.learner.state, record.exam.id)
    if limit is None or limit.max_attempts is None:
        return []
    taken = len(sittings(record, as_of))
    if limit.scope == "all":
        board = facts.exam(record.exam.id).board
        taken = sum(
            1 for a in record.attempts if a.date <= as_of and facts.exam(a.exam).board == board
        )
    return [
        RuleCheck(
            reason(
                "decision-rules.state",
                state=limit.name,
                text=limit.text,
                number=taken + 1,
                caveat=limit.caveat,
            ),
            taken < limit.max_attempts,
            limit.source,
            "state",
            blocks=False,
        )
    ]


# --- the school -------------------------------------------------------------------------------


def clearance(record: Record, as_of: date, on: date) -> list[RuleCheck]:
    """The school's own clearance rule, if the case names one: scores and counts, never a chance.

    A rule that a result before the sitting can still meet is open (``holds`` None); it is broken
    where too few days or tries are left for that. A rule whose cut the school does not publish is
    a reminder.
    """
    wanted = record.exam.clearance
    if not wanted or wanted == "none":
        return []
    rule = facts.clearance_rule(wanted)
    if rule.exam != record.exam.id or rule.minimum is None:
        named = reason(
            "decision-rules.clearance",
            school=rule.school,
            text=rule.text,
            other_exam=rule.exam != record.exam.id,
        )
        return [RuleCheck(named, None, rule.source, "clearance", blocks=False)]
    start = date.min if rule.within_days is None else on - timedelta(days=rule.within_days)
    results = _results(record, rule, start, min(as_of, on))
    reached = sum(_clears(score, rule) for score in results)
    missing = max(0, rule.count - reached)
    tries = len(_results(record, rule, date.min, as_of))
    tries_left = None if rule.max_tries is None else rule.max_tries - tries
    can_still = (on - as_of).days >= missing and (tries_left is None or tries_left >= missing)
    holds = True if not missing else None if can_still else False
    on_conditions = False
    if rule.conditional_minimum is not None and missing:
        on_conditions = any(s >= rule.conditional_minimum for s in results)
        # Only the school can say whether its conditions are met.
        holds = None if on_conditions else holds
    counted = reason(
        "decision-rules.clearance-count",
        school=rule.school,
        text=rule.text,
        reached=reached,
        count=rule.count,
        tries=tries,
        most_tries=rule.max_tries,
        on_conditions=on_conditions,
    )
    found = [RuleCheck(counted, holds, rule.source, "clearance")]
    if rule.block_percent is not None and rule.block_days is not None:
        found.append(_block_rule(record, rule, as_of, on))
    return found


def _clears(score: float, rule: ClearanceRule) -> bool:
    assert rule.minimum is not None
    return score > rule.minimum or (score == rule.minimum and not rule.strictly_above)


def _results(record: Record, rule: ClearanceRule, first: date, last: date) -> list[float]:
    """Scores of the families the rule counts, on its scale, from ``first`` to ``last``."""
    found = []
    for form in record.forms:
        if form.family in rule.families and form.score is not None and first <= form.date <= last:
            score = _on_scale(form, rule, record.exam.id)
            if score is not None:
                found.append(score)
    return found


def _on_scale(form: Form, rule: ClearanceRule, exam_id: str) -> float | None:
    assert form.score is not None
    if facts.form_family(form.family, exam_id).scale == rule.scale:
        return form.score
    try:
        return facts.conversion(form.family, exam_id, form.date).to_reported(form.score)
    except FactUnknown:
        return None


def _block_rule(record: Record, rule: ClearanceRule, as_of: date, on: date) -> RuleCheck:
    """Percent correct on timed mixed blocks over the rule's days; open for a sitting ahead."""
    assert rule.block_percent is not None
    assert rule.block_days is not None
    start = as_of - timedelta(days=rule.block_days)
    timed = [b for b in record.blocks if start < b.date <= as_of and b.mode == "timed"]
    items, correct = sum(b.items for b in timed), sum(b.correct for b in timed)
    reached = items > 0 and 100.0 * correct >= rule.block_percent * items
    return RuleCheck(
        reason(
            "decision-rules.clearance-blocks",
            school=rule.school,
            percent=rule.block_percent,
            days=rule.block_days,
            correct=correct,
            items=items,
        ),
        True if reached else None if on > as_of else False,
        rule.source,
        "clearance",
    )
