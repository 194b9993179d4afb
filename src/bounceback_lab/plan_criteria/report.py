"""Judging cases, and the table of what holds."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from bounceback.records.models import Record
from bounceback.services import briefing, replanned, to_json
from bounceback_lab.plan_criteria.generated_cases import GeneratedCase
from bounceback_lab.plan_criteria.plan_view import PlanView
from bounceback_lab.plan_criteria.registry import CRITERIA, Finding, judge, score

MUST = 3
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class JudgedCase:
    """One case with what every criterion says of its plan."""

    name: str
    findings: Mapping[str, Finding]

    @property
    def broken_musts(self) -> tuple[str, ...]:
        """Criteria of weight 3 that do not hold."""
        return tuple(
            name
            for name, found in self.findings.items()
            if found.status == "fail" and CRITERIA[name].weight == MUST
        )

    @property
    def score(self) -> float | None:
        """Share of weight that holds, 0 to 100."""
        return score(dict(self.findings))


def judged(case: GeneratedCase, *, steady: bool = False) -> JudgedCase:
    """Plan a case and judge the plan.

    Args:
        case: The case and its day.
        steady: Whether it is planned again one week later, with the week done as planned.
    """
    answer = to_json(briefing(case.record, case.as_of))
    later = week_later(case.record, answer, case.as_of) if steady else None
    return JudgedCase(case.name, judge(PlanView(case.record, answer, later)))


def week_later(record: Record, answer: Mapping[str, Any], as_of: date) -> dict[str, Any] | None:
    """The answer one week later, all done as planned; ``None`` where no week follows."""
    plan = answer["plan"]
    today = as_of + WEEK
    if not plan["sessions"] or date.fromisoformat(plan["test_date"]) <= today + WEEK:
        return None
    old = copy.deepcopy(dict(answer))
    fresh: dict[str, int] = {}
    for entry in old["plan"]["sessions"]:
        if date.fromisoformat(entry["date"]) < today and entry["activity"]:
            entry["done_minutes"] = entry["minutes"]
            if entry.get("first_pass") is not False and entry["units"]:
                fresh[entry["resource"]] = fresh.get(entry["resource"], 0) + entry["units"]
    resources = tuple(
        replace(r, done=r.done + fresh.get(r.name, 0))
        if r.units is None
        else replace(r, done=min(r.units, r.done + fresh.get(r.name, 0)))
        for r in record.resources
    )
    return to_json(replanned(old, replace(record, resources=resources), today))


def table(cases: Sequence[JudgedCase], *, each: bool = False) -> str:
    """Return the table: a line a criterion, then the score, then the musts that do not hold."""
    lines = [f"{'':4} {'w':>1} {'holds':>7} {'fails':>7} {'n/a':>5}  criterion"]
    for name, entry in CRITERIA.items():
        statuses = [case.findings[name].status for case in cases]
        passed, failed = statuses.count("pass"), statuses.count("fail")
        lines.append(
            f"{name:4} {entry.weight} {passed:7} {failed:7} {len(cases) - passed - failed:5}  "
            f"{entry.text}"
        )
    scores = [case.score for case in cases if case.score is not None]
    if scores:
        lines.append(f"mean score {sum(scores) / len(scores):.1f}, lowest {min(scores):.1f}")
    broken = [case for case in cases if case.broken_musts]
    lines.append(f"{len(broken)} of {len(cases)} plans break a must")
    for case in cases if each else broken:
        fails = tuple(n for n, f in case.findings.items() if f.status == "fail")
        shown = fails if each else case.broken_musts
        said = "; ".join(f"{n} {case.findings[n].measured}" for n in shown)
        lines.append(f"- {case.name}: {said or 'all hold'}")
    return "\n".join(lines)
