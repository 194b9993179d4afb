"""The path where rules, and not readiness, leave no date: whom to ask, and by when."""

from __future__ import annotations

from datetime import date, timedelta

from bounceback.appraisal.contacts import place
from bounceback.decision.models import Decision
from bounceback.planning.parameters import Rules
from bounceback.planning.remediation import Remediation, Step, path_start
from bounceback.reasons import Reason, reason
from bounceback.records.models import Record


def path_of_rules(record: Record, decision: Decision, as_of: date, rules: Rules) -> Remediation:
    """Steps towards a date that the rules allow; no re-test, since no score opens one.

    Args:
        record: Whose path.
        decision: One that is ``closed``.
        as_of: The day the path starts.
        rules: Plan parameters; the first contact follows from them.
    """
    start = path_start(record, as_of, rules) or as_of
    contact = max(as_of, start + timedelta(days=rules.whole("remediation_contact_days")))
    head = reason("remediation.head-or-advisor", place=place(record, as_of))
    if any(check.kind == "passed" for check in decision.rules):
        onwards = Step(
            what=reason("remediation.passed"),
            who=head,
            by=contact,
            why=reason("remediation.passed-why"),
        )
        return Remediation(steps=(onwards,), retest=None)
    steps = [
        Step(
            what=reason("remediation.rule-in-the-way"),
            who=head,
            by=contact,
            why=reason("remediation.rule-in-the-way-why"),
        ),
        Step(
            what=reason("remediation.ask-the-board"),
            who=reason("remediation.board"),
            by=contact,
            why=_closing_rule(decision),
        ),
    ]
    if decision.opens is not None:
        steps.append(
            Step(
                what=reason("remediation.book", opens=decision.opens),
                who=reason("remediation.you", own=True),
                by=max(decision.opens, contact),
                why=reason("remediation.book-why"),
            )
        )
    return Remediation(steps=tuple(steps), retest=None)


def _closing_rule(decision: Decision) -> Reason:
    """The rule that leaves no date."""
    broken = next((c for c in decision.rules if c.blocks and c.holds is False), None)
    return reason(
        "remediation.ask-the-board-why",
        rule=None if broken is None else broken.rule,
    )
