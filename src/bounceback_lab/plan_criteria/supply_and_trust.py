"""A, T and S: questions that exist, instructions, contradictions, what-ifs, steadiness."""

from __future__ import annotations

import math
from collections import Counter
from datetime import date, timedelta
from typing import Final

from bounceback_lab.plan_criteria.blocks_and_review import says_both
from bounceback_lab.plan_criteria.days_and_rest import SMALL_AREA, opening_area
from bounceback_lab.plan_criteria.plan_view import BLOCK, PlanView, Session
from bounceback_lab.plan_criteria.registry import Finding, criterion, holds, not_applicable

EXCESS_SHARE: Final = 0.05
TOP_AREA_SHARE: Final = 0.25
OPENING_SHARE: Final = 0.50
ACT_SHARE: Final = 0.90
PARTS_OF_AN_INSTRUCTION: Final = 3
TWICE: Final = 2.0
NO_CHANGE: Final = 0.0005
STEADY_SHARE: Final = 0.75


@criterion("A1", 3, "new questions by area exist")
def questions_exist(view: PlanView) -> Finding:
    """At most 1.5 times an area's share of what is left, and a block; 5 % may be beyond."""
    if not view.fresh or math.isinf(view.questions_left):
        return not_applicable("what is left is not known")
    planned: Counter[str] = Counter()
    for s in view.fresh:
        for area, share in view.spread(s).items():
            planned[area] += share * (s.units or 0)  # type: ignore[assignment]
    total = sum(planned.values())
    excess = sum(max(0.0, n - view.left_in(area) - BLOCK) for area, n in planned.items())
    beyond = max(0.0, total - view.questions_left)
    share = max(excess, beyond) / total
    return holds(share <= EXCESS_SHARE, f"{share:.0%} beyond")


@criterion("A2", 2, "weak areas are favored and none owns the plan")
def weak_favored(view: PlanView) -> Finding:
    """Top area at most 25 % (or twice its weight) of area study, the weakest its weight.

    The weakest of the areas that D4 lets stand on their own: a small one comes in the mix alone.
    """
    minutes: Counter[str] = Counter()
    for s in view.study:
        for area, share in view.spread(s).items():
            minutes[area] += s.minutes * share  # type: ignore[assignment]
    total = sum(minutes.values())
    known = {
        a["area"]: a["mean"]
        for a in view.briefing.get("areas", ())
        if view.weights.get(a["area"], 0.0) >= SMALL_AREA and a.get("mean") is not None
    }
    if not total or not known:
        return not_applicable("no study by area")
    top, most = minutes.most_common(1)[0]
    weakest = min(known, key=lambda a: (known[a], -view.weights[a]))
    bounded = most / total <= max(TOP_AREA_SHARE, 2 * view.weights[top]) + 1e-9
    favored = minutes[weakest] / total >= view.weights[weakest] - 1e-9
    return holds(
        bounded and favored,
        f"top {most / total:.0%}, weakest {minutes[weakest] / total:.0%} "
        f"of {view.weights[weakest]:.0%}",
    )


@criterion("A3", 1, "no area opens more than half of the days")
def opens_vary(view: PlanView) -> Finding:
    """Of the days with work."""
    _, share = opening_area(view)
    return holds(share <= OPENING_SHARE, f"{share:.0%}")


def instruction_parts(view: PlanView, s: Session) -> int:
    """How many of four parts a question session names: filter, mode, number, what after."""
    after = says_both(view, s) or len(s.steps) >= 2
    return sum((bool(s.filter), bool(s.mode), bool(s.units), after))


@criterion("T1", 3, "a student can act without asking")
def can_act(view: PlanView) -> Finding:
    """90 % of question sessions name three of filter, mode, number and what comes after."""
    asked = [s for s in view.work if s.activity == "questions"]
    if not asked:
        return not_applicable("no questions")
    good = sum(instruction_parts(view, s) >= PARTS_OF_AN_INSTRUCTION for s in asked)
    return holds(good / len(asked) >= ACT_SHARE, f"{good} of {len(asked)}")


@criterion("T2", 2, "no contradiction between level, advice and weeks")
def no_contradiction(view: PlanView) -> Finding:
    """Close and build up first never together; a close learner waits at most twice the weeks."""
    if view.level != "mostly-solid":
        return not_applicable("not close")
    decision = view.briefing["decision"]
    if decision["advice"] == "remediate":
        return holds(False, "close, and to build up first")
    weeks = (view.briefing["time_needed"] or {}).get("weeks_high")
    if decision["advice"] != "move" or not decision.get("date") or not weeks:
        return holds(True, decision["advice"])
    ahead = (date.fromisoformat(decision["date"]) - view.as_of).days / 7
    first = view.record.exam.eligibility and view.record.exam.eligibility.first
    opens = max(((first or view.as_of) - view.as_of).days / 7, 0.0)
    return holds(ahead <= max(TWICE * weeks, opens + 1), f"{ahead:.0f} weeks of {weeks:g}")


@criterion("T3", 1, "a what-if that changes nothing says why")
def honest_zeros(view: PlanView) -> Finding:
    """Every one names the limit that binds."""
    levers = list(view.briefing.get("levers", ()))
    base = next((x["p_pass"] for x in levers if x["lever"] == "as-planned"), None)
    if base is None:
        base = next(
            (
                f["p_pass"]
                for f in view.briefing.get("forecast", ())
                if f["date"] == view.briefing["plan"]["test_date"]
            ),
            None,
        )
    if base is None:
        return not_applicable("no what-ifs")
    zeros = [
        x for x in levers if x["lever"] != "as-planned" and abs(x["p_pass"] - base) < NO_CHANGE
    ]
    silent = [x["lever"] for x in zeros if not (x.get("limit") or x.get("note"))]
    return holds(not silent, f"{len(silent)} of {len(zeros)} say nothing")


@criterion("S1", 2, "the plan is steady from week to week")
def steady(view: PlanView) -> Finding:
    """75 % of the second week keep day, task and area when the first went as planned."""
    if view.later is None:
        return not_applicable("no later plan")
    start = view.as_of + timedelta(days=7)
    end = min(start + timedelta(days=7), view.test_date)
    later = PlanView(view.record, view.later)

    def key(s: Session) -> tuple[object, ...]:
        return s.date, s.activity, s.areas, s.form

    then = Counter(key(s) for s in later.work)
    before = [key(s) for s in view.work if start <= s.date < end]
    if not before:
        return not_applicable("no second week")
    kept = 0
    for entry in before:
        if then[entry]:
            then[entry] -= 1
            kept += 1
    return holds(kept / len(before) >= STEADY_SHARE, f"{kept} of {len(before)}")
