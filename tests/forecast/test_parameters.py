"""Constants: every number is a fact, and what is computed from them is what was asked for."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bounceback import facts, forecast
from bounceback.forecast import kalman
from bounceback.forecast.parameters import constants, numbers, prior_of_first_takers, rate_grid
from bounceback.vocabulary import EXAM_IDS, GROUPS, ExamId, Group

ON = date(2027, 1, 8)
ROOM = Path(forecast.__file__).parent


@pytest.mark.parametrize("exam", EXAM_IDS)
@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("retaker", [True, False])
def test_every_exam_and_group_has_its_constants(exam: ExamId, group: Group, retaker: bool) -> None:
    c = constants(exam, group, ON, retaker=retaker)
    assert c.mark < c.ceiling
    assert c.rate_weight.sum() == pytest.approx(1.0)
    assert 0 < c.sitting_sd < c.prior_sd
    assert c.base > c.log_mark
    assert c.score(c.log_distance(c.mark)) == pytest.approx(c.mark)


@pytest.mark.parametrize("exam", EXAM_IDS)
def test_every_number_has_unit_source_and_confidence(exam: ExamId) -> None:
    for name, fact in facts.parameters("forecast", exam).items():
        assert fact.unit, name
        assert fact.source, name
        assert fact.confidence in ("official", "reported", "inferred"), name
        assert isinstance(fact.value, float), name
        if fact.source == "bounceback":
            assert fact.confidence == "inferred", name


def test_every_number_on_file_is_read_somewhere() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in ROOM.glob("*.py"))
    for exam in EXAM_IDS:
        for name in numbers(exam):
            assert name.split(".")[0].removeprefix("near").removeprefix("moderate") in code, name


def test_first_takers_pass_as_often_as_published() -> None:
    for exam in ("usmle-step-1", "usmle-step-2-ck", "usmle-step-3"):
        c = constants(exam, "us-md", date(2024, 1, 1), retaker=False)  # type: ignore[arg-type]
        chance = kalman.chance_nearer(
            np.array(c.prior_mean),
            np.array(c.prior_sd**2),
            line=c.log_mark,
            noise=c.sitting_sd**2 + c.day_sd**2,
            stated_at=c.at_mark,
        )
        published = facts.pass_rate(exam, "us-md", "first", 2024).pass_percent / 100
        assert float(chance) == pytest.approx(published, abs=1e-6)


@given(st.floats(0.05, 3), st.floats(2, 4), st.integers(13, 41))
@settings(derandomize=True, deadline=None)
def test_the_rates_grid_has_the_median_and_the_spread_of_its_gamma(
    median: float, shape: float, nodes: int
) -> None:
    from scipy.stats import gamma

    rate, weight = rate_grid(median, shape, nodes)
    assert weight.sum() == pytest.approx(1.0)
    assert np.all(np.diff(rate) > 0)
    exact = gamma(shape, scale=median / gamma.median(shape))
    assert float(weight @ rate) == pytest.approx(exact.mean(), rel=0.04)
    spread = math.sqrt(float(weight @ (rate - weight @ rate) ** 2))
    assert spread == pytest.approx(exact.std(), rel=0.10)


def test_a_prior_gives_back_the_share_it_was_made_from() -> None:
    mean, sd = prior_of_first_takers(
        pass_share=0.9, log_mark=4.57, ability_sd=0.17, sitting_sd=0.08, stated_at=4.57
    )
    # Outside answer: ability drawn on the log scale, noise in points.
    rng = np.random.default_rng(4)
    distance = np.exp(mean + sd * rng.normal(size=1_000_000))
    shown = distance + 0.08 * math.exp(4.57) * rng.normal(size=len(distance))
    assert float(np.mean(shown < math.exp(4.57))) == pytest.approx(0.9, abs=0.001)


def test_noise_is_the_same_points_along_the_scale() -> None:
    c = constants("usmle-step-1", "us-md", ON, retaker=True)
    for score in (160.0, 196.0, 230.0):
        z = c.log_distance(score)
        sd = c.sitting_sd * math.sqrt(float(c.stretch(np.array(z))))
        assert sd * (c.ceiling - score) == pytest.approx(6.0, rel=0.01)


def test_scores_above_the_ceiling_stay_finite() -> None:
    c = constants("usmle-step-1", "us-md", ON, retaker=True)
    assert math.isfinite(c.log_distance(300.0))
    assert c.log_distance(300.0) < c.log_distance(280.0)
