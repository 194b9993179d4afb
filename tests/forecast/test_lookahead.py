"""Where the chance will go: the filter over the results of one test, and the joint future."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from bounceback.forecast.lookahead import (
    ComingTest,
    after_test,
    join_work,
    joint_future,
    normal_quantiles,
    result_noise,
    work_on,
)
from bounceback.forecast.normal import cdf
from bounceback.forecast.posterior import Belief, believe
from bounceback.forecast.prediction import PlannedWork, predict
from tests.services.builders import CASES, known

TODAY = date(2026, 11, 22)
CASE = sorted(CASES)


def parts(name: str) -> tuple[Belief, list[date], PlannedWork]:
    belief = believe(known()[name], TODAY)
    dates = [TODAY + timedelta(days=n) for n in (21, 42, 84)]
    days = np.array([21.0, 42.0, 84.0])
    shares = belief.areas.exam_weight
    work = PlannedWork(days, 0.2 * days, np.outer(0.4 * days, shares))
    return belief, dates, work


def coming(name: str, n: int = 10) -> ComingTest:
    family = {"usmle-step-1": "nbme-cbssa", "usmle-step-2-ck": "nbme-ccssa"}
    return ComingTest(TODAY + timedelta(days=n), family.get(known()[name].exam.id, "comsae"), "x")


@pytest.mark.parametrize("name", CASE)
def test_the_chance_expected_after_a_test_is_that_of_today(name: str) -> None:
    belief, dates, work = parts(name)
    forecasts = predict(belief, dates, work)
    test = coming(name)
    after = after_test(belief, test, forecasts, join_work(work_on(work, [10.0]), work))
    today = [f.p_pass for f in forecasts]
    assert after.chance.mean(axis=0) == pytest.approx(today, abs=1e-3)
    # The filter keeps the mean by itself up to its own approximations.
    assert after.drift < 0.02
    assert np.all(np.diff(after.chance, axis=0) <= 1e-9)
    assert np.all(np.diff(after.scores) < 0)


@pytest.mark.parametrize("name", CASE)
def test_both_views_agree_on_how_far_a_test_moves_the_chance(name: str) -> None:
    belief, dates, work = parts(name)
    forecasts = predict(belief, dates, work)
    test = coming(name)
    rows = join_work(work_on(work, [10.0]), work)
    joint = joint_future(belief, [test], dates, rows)
    low, high = joint.next_range(np.array([f.p_pass for f in forecasts]))
    after = after_test(belief, test, forecasts, rows, results=200)
    exact_low = np.quantile(after.chance, 0.1, axis=0)
    exact_high = np.quantile(after.chance, 0.9, axis=0)
    assert low == pytest.approx(exact_low, abs=0.12)
    assert high == pytest.approx(exact_high, abs=0.12)


def test_more_tests_tell_more_and_never_everything() -> None:
    belief, dates, work = parts("step1-us-md-wobbly")
    tests = [coming("step1-us-md-wobbly", n) for n in (5, 19, 40)]
    joint = joint_future(belief, tests, dates, join_work(work_on(work, [5.0, 19.0, 40.0]), work))
    one, _ = joint.resolved([tests[0].on] * 3)
    three, link = joint.resolved(dates)
    assert np.all(three >= one - 1e-12)
    assert np.all(three < 1.0)
    assert np.all(np.abs(link) <= 1.0)
    # A test says nothing of a date before it.
    assert joint.cross[0, 2] == 0.0


def test_a_test_that_is_in_tells_what_it_told() -> None:
    """Law of total variance: what one test resolves and what the rest then resolve add up."""
    belief, dates, work = parts("step1-us-md-wobbly")
    tests = [coming("step1-us-md-wobbly", n) for n in (5, 12)]
    joint = joint_future(belief, tests, dates, join_work(work_on(work, [5.0, 12.0]), work))
    both, _ = joint.resolved(dates)
    first, _ = joint.resolved([tests[0].on] * 3)
    later = joint.after(0)
    rest, _ = later.resolved(dates)
    assert first + rest * later.variance / joint.variance == pytest.approx(both, abs=1e-9)


def test_quantiles_invert_the_distribution() -> None:
    p = np.array([[0.1, 0.5], [0.93, 0.999]])
    assert cdf(normal_quantiles(p)) == pytest.approx(p)


def test_a_family_without_numbers_counts_as_a_typical_one() -> None:
    belief, _, _ = parts("step1-us-md-wobbly")
    c = belief.constants
    bias, sd = result_noise(c, "assumed")
    assert bias == 0.0
    assert sd == c.parameter["form_sd.typical"] * c.score_sd


def test_work_between_known_days_lies_on_the_line() -> None:
    _, _, work = parts("step1-us-md-wobbly")
    half = work_on(work, [10.5, 100.0])
    assert half.effort[0] == pytest.approx(work.effort[0] / 2)
    assert half.effort[1] == pytest.approx(work.effort[2])
