"""Records and forecasts made by hand, so that each rule can be looked at alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from bounceback import facts
from bounceback.decision.decide import NextForm, decide
from bounceback.decision.models import Decision, Held, RuleCheck
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


def chance(on: date, p: float, *, ready: bool, mark: float, spread: float = 0.2) -> Forecast:
    """One day of a forecast; ``ready``: the cautious end lies at the mark."""
    return Forecast(
        on=on,
        score_mean=mark + 10,
        score_sd=8.0,
        p_pass=p,
        p_pass_low=max(0.0, p - spread),
        p_pass_high=min(1.0, p + spread),
        p_pass_if_followed=p,
        score_low=mark + (1.0 if ready else -5.0),
        score_high=mark + 20,
    )


def ask(
    record: v.Record,
    dates: Sequence[tuple[int, float, bool]],
    *,
    level: str = "mostly-solid",
    next_form: NextForm | None = None,
    retest_passed: bool = False,
    held: Held | None = None,
) -> Decision:
    """Decide on (days from today, chance, ready) triples."""
    belief = believe(record, TODAY)
    mark = belief.constants.mark
    return decide(
        record,
        belief,
        [chance(day(n), p, ready=ready, mark=mark) for n, p, ready in dates],
        level=level,
        next_form=next_form,
        retest_passed=retest_passed,
        held=held,
    )


def of_kind(checks: Sequence[RuleCheck], kind: str) -> list[RuleCheck]:
    return [c for c in checks if c.kind == kind]


def usmle(name: str) -> Any:
    return facts.value(f"usmle.{name}", TODAY).value
