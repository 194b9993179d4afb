"""Records and forecasts made by hand, so that each rule can be looked at alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from bounceback import facts
from bounceback.decision.decide import NextForm, Outlook, decide
from bounceback.decision.models import Decision, RuleCheck
from bounceback.forecast.lookahead import ComingTest, JointFuture
from bounceback.forecast.posterior import believe
from bounceback.forecast.prediction import Forecast
from bounceback.records import models as v

TODAY = date(2026, 11, 22)
STEP_1, LEVEL_1, STEP_2 = "usmle-step-1", "comlex-level-1", "usmle-step-2-ck"


def day(n: int) -> date:
    return TODAY + timedelta(days=n)


def failed(*days: date, exam: str = STEP_1, outcome: str = "fail") -> tuple[v.Attempt, ...]:
    return tuple(v.Attempt(exam=exam, date=d, outcome=outcome) for d in days)  # type: ignore[arg-type]


def form(n: int, score: float = 70.0, **more: Any) -> v.Form:
    """A CBSSA taken n days from today."""
    given = {"family": "nbme-cbssa", "form": str(25 + n % 7), "date": day(n), "score": score}
    return v.Form(**(given | more))


def learner(
    exam: str = STEP_1, *, exam_more: dict[str, Any] | None = None, **more: Any
) -> v.Record:
    group = "us-do" if exam.startswith("comlex") else "us-md"
    who = v.Learner(group=group, time_zone="UTC", state=more.pop("state", None))  # type: ignore[arg-type]
    return v.Record(
        learner=who,
        exam=v.ExamTarget(id=exam, **(exam_more or {})),  # type: ignore[arg-type]
        **more,
    )


def chance(on: date, p: float, mark: float) -> Forecast:
    """One day of a forecast."""
    return Forecast(
        on=on,
        score_mean=mark + 40.0 * (p - 0.5),
        score_sd=8.0,
        p_pass=p,
        p_pass_low=max(0.0, p - 0.2),
        p_pass_high=min(1.0, p + 0.2),
        p_pass_if_followed=p,
        score_low=mark - 5.0,
        score_high=mark + 20.0,
    )


def future(dates: Sequence[date], tests: Sequence[date] = (), told: float = 0.5) -> JointFuture:
    """Dates that share one unknown level, of which a test resolves the share ``told``."""
    n, d = len(tests), len(dates)
    noise = 1.0 / told - 1.0 if told else 1e9
    before = np.array([[t < on for t in tests] for on in dates]).reshape(d, n)
    return JointFuture(
        tuple(dates),
        tuple(ComingTest(t, "nbme-cbssa", str(40 + i)) for i, t in enumerate(tests)),
        np.full(d, 1.0),
        np.where(before, 1.0, 0.0),
        np.ones((n, n)) + noise * np.eye(n),
    )


def ask(
    record: v.Record,
    dates: Sequence[tuple[int, float]],
    *,
    level: str = "mostly-solid",
    next_form: NextForm | None = None,
    retest_passed: bool = False,
    tests: Sequence[int] = (),
    moves: int = 0,
    unplaced: tuple[NextForm, int] | None = None,
) -> Decision:
    """Decide on (days from today, chance) pairs, with tests on days from today."""
    belief = believe(record, TODAY)
    forecasts = [chance(day(n), p, belief.constants.mark) for n, p in dates]
    outlook = Outlook(
        forecasts=forecasts,
        joint=future([f.on for f in forecasts], [day(n) for n in tests]),
        level=level,
        next_form=next_form,
        retest_passed=retest_passed,
        moves=moves,
        unplaced=unplaced[0] if unplaced else None,
        unplaced_minutes=unplaced[1] if unplaced else 0,
    )
    return decide(record, belief, outlook)


def of_kind(checks: Sequence[RuleCheck], kind: str) -> list[RuleCheck]:
    return [c for c in checks if c.kind == kind]


def usmle(name: str) -> Any:
    return facts.value(f"usmle.{name}", TODAY).value
