"""What a criterion is, and the list of them all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from bounceback_lab.plan_criteria.plan_view import PlanView

Status = Literal["pass", "fail", "not-applicable"]
Weight = Literal[1, 2, 3]
"""3: must, 2: should, 1: nice to have."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one criterion says of one plan.

    Attributes:
        status: Holds, does not hold, or has nothing to say here.
        measured: The value it was judged by, in words short enough for a table.
    """

    status: Status
    measured: str = ""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion.

    Attributes:
        id: ``B1`` and so on.
        weight: How much it counts.
        text: What must hold.
        judge: The function that says so.
    """

    id: str
    weight: Weight
    text: str
    judge: Callable[[PlanView], Finding]


CRITERIA: Final[dict[str, Criterion]] = {}
"""Every criterion by its id, in the order of the table."""


def criterion(
    name: str, weight: Weight, text: str
) -> Callable[[Callable[[PlanView], Finding]], Callable[[PlanView], Finding]]:
    """Enter a function in the list of criteria."""

    def enter(function: Callable[[PlanView], Finding]) -> Callable[[PlanView], Finding]:
        CRITERIA[name] = Criterion(name, weight, text, function)
        return function

    return enter


def holds(condition: bool, measured: str) -> Finding:
    """A finding that passes or fails."""
    return Finding("pass" if condition else "fail", measured)


def not_applicable(why: str) -> Finding:
    """A finding of a criterion that has nothing to judge."""
    return Finding("not-applicable", why)


def judge(view: PlanView) -> dict[str, Finding]:
    """Return what every criterion says of a plan, by id. Without a plan none applies."""
    if not view.work:
        return {name: not_applicable("no sessions") for name in CRITERIA}
    return {name: entry.judge(view) for name, entry in CRITERIA.items()}


def score(findings: dict[str, Finding]) -> float | None:
    """Return the share of weight that holds among the criteria that apply, 0 to 100."""
    applied = [
        (CRITERIA[name].weight, found.status == "pass")
        for name, found in findings.items()
        if found.status != "not-applicable"
    ]
    total = sum(weight for weight, _ in applied)
    return 100.0 * sum(weight for weight, passed in applied if passed) / total if total else None
