"""Records that the forecast's tests share: small, hand-made, one fact each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from bounceback.records.models import (
    AreaResult,
    Attempt,
    ExamTarget,
    Form,
    Learner,
    Record,
    Resource,
    Study,
)
from bounceback.vocabulary import ExamId, Group

FAILED = date(2026, 9, 1)
AS_OF = date(2026, 12, 1)
TEST = date(2027, 1, 20)

FAMILY: dict[ExamId, str] = {
    "usmle-step-1": "nbme-cbssa",
    "usmle-step-2-ck": "nbme-ccssa",
    "usmle-step-3": "uwsa",
    "comlex-level-1": "comsae",
    "comlex-level-2-ce": "comsae",
    "comlex-level-3": "comsae",
}
AT_THE_MARK: dict[ExamId, float] = {
    "usmle-step-1": 63.8,
    "usmle-step-2-ck": 218.0,
    "usmle-step-3": 200.0,
    "comlex-level-1": 400.0,
    "comlex-level-2-ce": 400.0,
    "comlex-level-3": 350.0,
}
UNIT: dict[ExamId, float] = {
    "usmle-step-1": 1.0,
    "usmle-step-2-ck": 2.0,
    "usmle-step-3": 2.0,
    "comlex-level-1": 10.0,
    "comlex-level-2-ce": 10.0,
    "comlex-level-3": 10.0,
}


BANK = Resource(name="bank", kind="questions", units=3600, done=1800, minutes_per_unit=3.0)
"""A question bank, half done."""


def failing(
    exam: ExamId = "usmle-step-1",
    *,
    group: Group = "us-md",
    forms: Sequence[Form] = (),
    failures: int = 1,
    study: Sequence[Study] = (),
    test: date = TEST,
) -> Record:
    """A learner with failures of one exam and the forms given."""
    return Record(
        learner=Learner(group=group, time_zone="America/New_York"),
        exam=ExamTarget(id=exam, planned_date=test),
        attempts=tuple(
            Attempt(exam=exam, date=FAILED - timedelta(days=200 * i), outcome="fail")
            for i in reversed(range(failures))
        ),
        forms=tuple(forms),
        study=tuple(study),
    )


def form(
    exam: ExamId = "usmle-step-1",
    *,
    above: float = 0.0,
    days_ago: int = 5,
    label: str = "1",
    **more: object,
) -> Form:
    """A form of the exam's own family, ``above`` units over the mark."""
    made = Form(
        family=FAMILY[exam],
        form=label,
        date=AS_OF - timedelta(days=days_ago),
        score=AT_THE_MARK[exam] + above * UNIT[exam],
    )
    return replace(made, **more)  # type: ignore[arg-type]


AREAS = {
    "Cardiovascular System": AreaResult(correct=8, items=20),
    "Gastrointestinal System": AreaResult(correct=16, items=20),
    "Reproductive & Endocrine Systems": AreaResult(correct=13, items=26),
}
