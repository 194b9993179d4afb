from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from bounceback.planning.allocation import (
    area_floors,
    effort_by_area,
    fill_areas,
    level_fill,
    weak_areas,
    weakest_area,
)
from bounceback.planning.parameters import Rules, rules_for
from tests.planning.learners import dynamics_of

EXAM = "usmle-step-1"
ON = date(2027, 1, 8)
PROPERTY = settings(max_examples=60, deadline=None, derandomize=True)


@PROPERTY
@given(
    st.lists(st.lists(st.floats(0, 500), min_size=6, max_size=6), min_size=1, max_size=4),
    st.floats(0, 4000),
)
def test_level_fill_pours_the_total_or_fills_every_cap(rows, amount):
    caps = np.array(rows)
    total = np.full(len(caps), amount)
    filled = level_fill(caps, total)
    assert (filled <= caps + 1e-9).all()
    assert (filled >= -1e-9).all()
    assert filled.sum(axis=1) == pytest.approx(np.minimum(total, caps.sum(axis=1)), abs=1e-6)
    # As even as the caps allow: below its cap, nothing is lower than the highest.
    open_days = filled < caps - 1e-6
    for row, is_open in zip(filled, open_days, strict=True):
        if is_open.any():
            assert row[is_open].min() >= row.max() - 1e-6


@PROPERTY
@given(st.integers(0, 1000), st.floats(0.1, 60.0), st.floats(0.0, 0.9))
def test_areas_above_their_floor_end_at_one_marginal_gain(seed, total, floor_share):
    dynamics = dynamics_of(EXAM, ON, seed)
    least = (
        floor_share * total * np.random.default_rng(seed).dirichlet(np.ones(len(dynamics.areas)))
    )
    effort = fill_areas(dynamics, np.array([total]), least[None, :])[0]
    assert effort.sum() == pytest.approx(total)
    assert (effort >= least - 1e-12).all()
    gain = dynamics.marginal_gain(effort)
    above = effort > least + 1e-9
    if above.any():
        assert gain[above] == pytest.approx(np.full(above.sum(), gain[above].max()), rel=1e-8)
        assert (gain[~above] <= gain[above].min() * (1 + 1e-9)).all()


def test_the_split_matches_a_general_solver():
    for seed in range(5):
        dynamics = dynamics_of(EXAM, ON, seed)
        total, areas = 12.0, len(dynamics.areas)
        least = 0.02 * total * dynamics.exam_weight
        ours = fill_areas(dynamics, np.array([total]), least[None, :])[0]
        theirs = minimize(
            lambda e, d=dynamics: float(d.distance_after(e)),
            np.full(areas, total / areas),
            jac=lambda e, d=dynamics: -d.marginal_gain(e),
            bounds=[(low, total) for low in least],
            constraints={"type": "eq", "fun": lambda e, t=total: e.sum() - t},
            method="SLSQP",
            options={"maxiter": 500, "ftol": 1e-12},
        )
        assert dynamics.distance_after(ours) <= theirs.fun + 1e-6


@PROPERTY
@given(st.integers(0, 1000), st.floats(0.5, 60.0))
def test_floors_and_caps_of_areas_hold_and_no_kept_split_is_better(seed, total):
    dynamics, rules = dynamics_of(EXAM, ON, seed, spread=0.3), rules_for(EXAM)
    base = 0.2 * total * dynamics.exam_weight
    effort = effort_by_area(dynamics, np.array([total]), base[None, :], rules)[0]
    weak = list(weak_areas(dynamics, rules))
    floor = area_floors(dynamics, rules)
    assert floor[weakest_area(dynamics, rules)] == rules["weakest_floor_share"]
    low = base + floor * (total - base.sum()) * dynamics.exam_weight
    high = np.maximum(rules["area_share_max"], 2 * dynamics.exam_weight) * total
    assert effort.sum() == pytest.approx(total)
    assert (effort >= low - 1e-9).all()
    assert (effort <= high + 1e-9).all()
    assert effort[weak].sum() >= rules["weak_topic_floor_share"] * total - 1e-6
    # Moving a little from any area to any other, where floors and caps allow, gains nothing.
    step = 1e-4 * total
    before = float(dynamics.distance_after(effort))
    inside = np.isin(np.arange(len(effort)), weak)
    for a in range(len(effort)):
        for b in range(len(effort)):
            moved = effort.copy()
            moved[a] -= step
            moved[b] += step
            kept = (
                moved[a] >= low[a]
                and moved[b] <= high[b]
                and moved[inside].sum() >= rules["weak_topic_floor_share"] * total
            )
            if kept and a != b:
                assert float(dynamics.distance_after(moved)) >= before - 1e-9


def test_many_dates_are_solved_as_each_alone():
    dynamics, rules = dynamics_of(EXAM, ON, 3), rules_for(EXAM)
    totals = np.linspace(1.0, 60.0, 26)
    base = 0.1 * totals[:, None] * dynamics.exam_weight
    together = effort_by_area(dynamics, totals, base, rules)
    for n in range(26):
        alone = effort_by_area(dynamics, totals[n : n + 1], base[n : n + 1], rules)[0]
        assert together[n] == pytest.approx(alone)


def test_areas_that_the_record_does_not_tell_apart_are_not_called_weak():
    dynamics = dynamics_of(EXAM, ON, 1, spread=0.0)
    assert weak_areas(dynamics, rules_for(EXAM)) == ()
    distance = dynamics.distance.copy()
    distance[2] *= 1.2
    assert weak_areas(replace(dynamics, distance=distance), rules_for(EXAM)) == (2,)


def test_an_area_never_takes_more_than_its_cap_however_weak():
    dynamics = dynamics_of(EXAM, ON, 1, spread=0.0)
    distance = dynamics.distance.copy()
    distance[0] *= 3.0
    rules = rules_for(EXAM)
    values = {**rules.values, "area_share_max": 0.2}
    effort = effort_by_area(
        replace(dynamics, distance=distance),
        np.array([10.0]),
        np.zeros((1, len(distance))),
        Rules(values),
    )[0]
    assert effort[0] == pytest.approx(max(0.2, 2 * dynamics.exam_weight[0]) * 10.0)
