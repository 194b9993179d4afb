"""Simulation-based calibration: ranks of the truth are uniform for learners of the model (F25).

Chi-square over 20 equal bins, 19 degrees of freedom; n stands with each case. The seeds are fixed,
so a p-value below the limit is a fault and not bad luck; the faulty filters below show that the
test has the power to find one.
"""

from __future__ import annotations

import numpy as np
import pytest

from bounceback.forecast import kalman
from bounceback.vocabulary import ExamId, Group
from bounceback_lab.simulation_based_calibration import histograms, ranks, uniformity

LEARNERS = 4000

CELLS: list[tuple[ExamId, Group, str]] = [
    ("usmle-step-1", "us-md", "nbme-cbssa"),
    ("usmle-step-2-ck", "non-us-img", "nbme-ccssa"),
    ("usmle-step-3", "us-md", "uwsa"),
    ("comlex-level-1", "us-do", "comsae"),
]


@pytest.mark.parametrize(("exam", "group", "family"), CELLS)
def test_ranks_of_total_rate_areas_and_score_are_uniform(
    exam: ExamId, group: Group, family: str
) -> None:
    found = histograms(ranks(LEARNERS, 7, exam=exam, group=group, family=family))
    assert {"total", "rate", "score on a date", "area 1"} <= {u.name for u in found}
    for u in found:
        assert u.count == LEARNERS
        assert u.holds, u
        assert u.worst_gap < 0.035, u


def test_the_robust_pull_moves_no_stated_probability_by_more_than_two_in_a_hundred() -> None:
    """The robust update is the one departure from the plain filter on calm data."""
    shipped = uniformity("total", ranks(LEARNERS, 7).total)
    plain = uniformity("total", ranks(LEARNERS, 7, outlier_sds=1e6).total)
    assert abs(shipped.worst_gap - plain.worst_gap) < 0.02


def test_the_same_seed_draws_the_same_learners() -> None:
    one, two = ranks(50, 3), ranks(50, 3)
    assert np.array_equal(one.total, two.total)
    assert np.array_equal(one.score, two.score)
    assert not np.array_equal(one.total, ranks(50, 4).total)


def _overconfident(total: kalman.Total, **arguments: object) -> tuple[object, object]:
    arguments["variance"] = 0.5 * np.asarray(arguments["variance"])
    return kept_observe(total, **arguments)  # type: ignore[arg-type]


def _tireless(total: kalman.Total, **arguments: object) -> None:
    arguments["effort"] = 0.6 * np.asarray(arguments["effort"])
    kept_elapse(total, **arguments)  # type: ignore[arg-type]


kept_observe, kept_elapse = kalman.observe, kalman.elapse


@pytest.mark.parametrize(
    ("name", "fault", "seen_in"),
    [("observe", _overconfident, "total"), ("elapse", _tireless, "rate")],
)
def test_a_filter_that_believes_too_much_or_counts_too_little_is_found_out(
    name: str, fault: object, seen_in: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kalman, name, fault)
    found = ranks(LEARNERS, 7)
    assert uniformity(seen_in, getattr(found, seen_in)).p_value < 0.001


def test_uniform_shares_are_told_from_others() -> None:
    rng = np.random.default_rng(1)
    assert uniformity("fair", rng.random(5000)).p_value > 0.01
    assert uniformity("narrow", rng.beta(1.3, 1.3, 5000)).p_value < 1e-6
    assert uniformity("all low", np.zeros(100)).worst_gap == pytest.approx(1.0)
