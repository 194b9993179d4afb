from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from bounceback import facts
from bounceback.errors import QuestionError
from bounceback.planning.parameters import PRESCRIBABLE, rules_for

EXAM = "usmle-step-1"
DOC = Path(__file__).parents[2] / "docs" / "explanation" / "plan.md"


@dataclass(frozen=True)
class Prescribed:
    parameter: str
    value: object
    why: str = "why"


def test_the_first_prescription_of_a_name_wins_and_its_reason_is_kept():
    rules = rules_for(EXAM, [Prescribed("hours_cap", 6), Prescribed("hours_cap", 4)])
    assert rules["hours_cap"] == 6.0
    assert rules.prescribed == {"hours_cap": "why"}


@pytest.mark.parametrize(
    ("name", "value"), [("hour_cap", 6), ("hours_cap", 14), ("hours_cap", "many"), ("kappa", 1)]
)
def test_what_cannot_be_prescribed_is_refused_with_what_can(name, value):
    with pytest.raises(QuestionError, match="allowed"):
        rules_for(EXAM, [Prescribed(name, value)])


def test_everything_that_may_be_prescribed_is_a_parameter_and_is_documented():
    parameters = facts.parameters("plan", EXAM)
    text = DOC.read_text(encoding="utf-8")
    for name, (low, high) in PRESCRIBABLE.items():
        assert low <= parameters[name].value <= high, name
        assert f"`{name}`" in text, name


def test_every_parameter_of_the_plan_is_used_by_it():
    source = "".join(
        path.read_text(encoding="utf-8")
        for path in (Path(__file__).parents[2] / "src/bounceback/planning").rglob("*.py")
    )
    families = (
        "gap_days_",
        "review_ratio_",
        "mixed_share_",
        "content_share_",
        "content_max_",
        "incorrect_day_",
        "incorrect_share_",
        "strand_share_",
    )
    unused = [
        name
        for name in facts.parameters("plan", EXAM)
        if f'"{name}"' not in source and not name.startswith(families)
    ]
    assert unused == []
