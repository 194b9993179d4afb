"""Generated cases: the same for a seed, of every exam and state, and judged in one table."""

from __future__ import annotations

from bounceback.vocabulary import EXAM_IDS
from bounceback_lab.plan_criteria import CRITERIA, Finding
from bounceback_lab.plan_criteria.generated_cases import (
    LEVELS,
    LIVES,
    MATERIALS,
    STATES,
    generated_cases,
)
from bounceback_lab.plan_criteria.report import JudgedCase, table


def test_the_same_seed_gives_the_same_cases() -> None:
    first, again = (tuple(generated_cases(12, 3)) for _ in range(2))
    assert first == again
    assert first != tuple(generated_cases(12, 4))


def test_every_exam_life_level_state_and_material_is_there() -> None:
    names = [case.name for case in generated_cases(200, 1)]
    wanted = {*EXAM_IDS, *LIVES, *LEVELS, *STATES, *MATERIALS}
    assert {w for w in wanted if not any(w in name for name in names)} == set()


def test_hours_run_from_one_to_ten() -> None:
    most = [
        max(case.record.availability.minutes.values())
        for case in generated_cases(100, 1)
        if case.record.availability is not None
    ]
    assert min(most) <= 60
    assert max(most) == 600


def test_the_table_names_musts_that_do_not_hold() -> None:
    good = dict.fromkeys(CRITERIA, Finding("pass"))
    bad = good | {"B1": Finding("fail", "10% in whole blocks"), "D3": Finding("fail", "5%")}
    text = table([JudgedCase("first", good), JudgedCase("second", bad)])
    assert "1 of 2 plans break a must" in text
    assert "- second: B1 10% in whole blocks" in text
    assert "- first" not in text
    assert JudgedCase("second", bad).broken_musts == ("B1",)
