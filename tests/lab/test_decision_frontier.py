"""The advice lived through beside plain rules."""

from __future__ import annotations

from dataclasses import replace

from bounceback_lab.decision_frontier import RULES, Frontier, Result, frontier

PLANNED = Result(
    fail=0.36, never=0.0, passed=0.64, weeks=0.0, weeks_se=0.0, moves=0.0, learners=300
)
ADVICE = Result(
    fail=0.11, never=0.07, passed=0.82, weeks=3.0, weeks_se=0.2, moves=1.2, learners=300
)


def lines(advice: Result, **others: Result) -> dict[str, bool]:
    found = Frontier(
        "usmle-step-1", "frozen", {"planned date": PLANNED, "advice": advice, **others}
    )
    return {line.name.split(":")[0]: line.met for line in found.lines()}


def test_an_advice_that_reaches_every_line_meets_them_all() -> None:
    assert all(lines(ADVICE).values())


def test_each_line_is_missed_by_an_advice_that_does_not_reach_it() -> None:
    assert not lines(replace(ADVICE, fail=0.13))["test and fail"]
    assert not lines(replace(ADVICE, weeks=4.6))["weeks added"]
    assert not lines(replace(ADVICE, never=0.09))["never test"]
    assert not lines(replace(ADVICE, passed=0.75))["more pass than as planned"]
    better = replace(ADVICE, weeks=2.9)
    assert not lines(ADVICE, other=better)["rules that are better in everything"]
    assert lines(ADVICE, other=replace(better, fail=0.12))["rules that are better in everything"]


def test_the_same_learners_live_through_each_rule() -> None:
    chosen = {name: RULES[name] for name in ("planned date", "two above", "advice")}
    found = frontier(24, "usmle-step-1", rules=chosen)
    planned = found.results["planned date"]
    assert planned.weeks == planned.never == planned.moves == 0.0
    assert planned.fail + planned.passed == 1.0
    assert found.results["two above"].weeks > 0.0
    for one in found.results.values():
        assert one.learners == 24
        assert abs(one.fail + one.passed + one.never - 1.0) < 1e-9
