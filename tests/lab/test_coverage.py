"""Ranges judged exam by exam and world by world."""

from __future__ import annotations

import pytest

from bounceback_lab.coverage import CoverageRow, coverage
from bounceback_lab.simulation.parameters import digest, parameters
from bounceback_lab.simulation.worlds import FROZEN, VARIANTS


def row(covered: float, standard_error: float = 0.01) -> CoverageRow:
    return CoverageRow(
        "usmle-step-1", "frozen", "any", 1000, covered, standard_error, 0.02, 0.15, 0.6, 0.6
    )


@pytest.mark.parametrize(
    ("covered", "holds"), [(0.70, False), (0.75, True), (0.80, True), (0.85, True), (0.9, False)]
)
def test_too_narrow_and_too_wide_are_both_found_out(covered: float, holds: bool) -> None:
    assert row(covered).holds is holds


def test_every_class_of_learner_is_counted_once() -> None:
    rows = coverage(200, 3, worlds=(FROZEN,), exams=("usmle-step-2-ck",))
    n = {r.tests: r.learners for r in rows}
    assert n["0"] == n["any"] == n["1-2"] + n["3+"] == 200
    assert all(0.5 < r.covered < 1.0 for r in rows)


def test_each_variant_changes_what_it_says_and_leaves_the_frozen_population_alone() -> None:
    before = digest()
    for world in VARIANTS:
        changed = world.parameters()
        differs = {k for k, v in changed.constants.items() if v != parameters().constants[k]}
        assert differs == set(world.factor)
        spread = changed.families["usmle-step-1", "uwsa"].person_sd_points
        assert spread == 5 * world.test_spread
    assert digest() == before
    assert FROZEN.parameters().constants == parameters().constants
