"""The path where rules, and not readiness, leave no date: whom to ask, and by when."""

from __future__ import annotations

from datetime import date, timedelta

from bounceback.appraisal.contacts import HEADS, place
from bounceback.decision.models import Decision
from bounceback.planning.parameters import Rules
from bounceback.planning.remediation import Remediation, Step, path_start
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
    if any(check.kind == "passed" for check in decision.rules):
        onwards = Step(
            what="Look at what comes next: the next exam, or the application.",
            who=f"your {HEADS[place(record, as_of)]} or adviser",
            by=contact,
            why="Nothing is to be rebuilt; a passed exam is not sat again.",
        )
        return Remediation(steps=(onwards,), retest=None)
    steps = [
        Step(
            what="Talk through which rule stands in the way, with this page in hand.",
            who=f"your {HEADS[place(record, as_of)]} or adviser",
            by=contact,
            why="They have seen it before, and know what the board accepts.",
        ),
        Step(
            what="Ask in writing which dates are open to you and what the board needs for one.",
            who="the board",
            by=contact,
            why="A rule leaves no date at the moment. It is named with the advice.",
        ),
    ]
    if decision.opens is not None:
        steps.append(
            Step(
                what="Book a day from the first one that the rules allow.",
                who="you",
                by=max(decision.opens, contact),
                why="The advice names that day.",
            )
        )
    return Remediation(steps=tuple(steps), retest=None)
