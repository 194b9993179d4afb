"""The filter of the total against brute force on a fine grid of the same model."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from bounceback.forecast import kalman, normal

RATE = np.array([0.1, 0.3, 0.5, 0.9, 1.6])
RATE_WEIGHT = np.array([0.1, 0.25, 0.3, 0.25, 0.1])
KAPPA, FORGETTING, BASE, DRIFT = 0.0126, 0.0016, 4.9, 1e-5


class Brute:
    """The same model on a dense grid of τ for every rate: no Gaussian anywhere."""

    def __init__(self, mean: float, sd: float) -> None:
        self.x = np.linspace(2.0, 7.0, 20001)
        p = np.exp(-0.5 * ((self.x - mean) / sd) ** 2)
        self.p = RATE_WEIGHT[:, None] * (p / p.sum())[None, :]

    def elapse(self, days: float, unworked: float, effort: float, guess: float, sd: float) -> None:
        keep = math.exp(-FORGETTING * unworked)
        new = np.zeros_like(self.p)
        typical = KAPPA * float(self.p.sum(axis=1) @ RATE)
        for k, rate in enumerate(RATE):
            centre = self.x + (1.0 - keep) * np.maximum(BASE - self.x, 0.0)
            centre -= KAPPA * rate * effort + typical * guess
            thinned = self.p[k] / np.where(self.x < BASE, keep, 1.0)
            var = (typical * sd) ** 2 + DRIFT * days
            step = self.x[1] - self.x[0]
            if var < step**2:
                new[k] = np.interp(self.x, centre, thinned, left=0.0, right=0.0)
            else:
                moved = np.interp(self.x, centre, thinned, left=0.0, right=0.0)
                half = int(6 * math.sqrt(var) / step) + 1
                t = np.arange(-half, half + 1) * step
                kernel = np.exp(-0.5 * t**2 / var)
                new[k] = np.convolve(moved, kernel / kernel.sum(), mode="same")
        self.p = new / new.sum()

    def see(self, likelihood: np.ndarray) -> None:
        self.p = self.p * likelihood[None, :]
        self.p /= self.p.sum()

    @property
    def moments(self) -> tuple[float, float, float]:
        marginal = self.p.sum(axis=0)
        mean = float(marginal @ self.x)
        sd = math.sqrt(float(marginal @ (self.x - mean) ** 2))
        return mean, sd, float(self.p.sum(axis=1) @ RATE)


def total(mean: float = 4.5, sd: float = 0.2) -> kalman.Total:
    return kalman.start(
        mean=np.array([mean]), sd=np.array([sd]), rate=RATE, rate_weight=RATE_WEIGHT
    )


def elapse(
    t: kalman.Total,
    days: float,
    unworked: float,
    effort: float,
    guess: float = 0.0,
    sd: float = 0.0,
    base: float = BASE,
) -> None:
    kalman.elapse(
        t,
        days=np.array([days]),
        unworked_days=np.array([unworked]),
        effort=np.array([effort]),
        guess_mean=np.array([guess]),
        guess_variance=np.array([sd**2]),
        kappa=KAPPA,
        forgetting_per_day=FORGETTING,
        base=base,
        drift_variance_per_day=DRIFT,
    )


def moments(t: kalman.Total) -> tuple[float, float, float]:
    w = t.weight()[0]
    mean = float(w @ t.mean[0])
    sd = math.sqrt(float(w @ (t.variance[0] + (t.mean[0] - mean) ** 2)))
    return mean, sd, float(w @ RATE)


def test_scores_and_work_agree_with_brute_force_to_four_digits() -> None:
    ours, brute = total(), Brute(4.5, 0.2)
    for value, effort, unworked, days, guess, sd in (
        (4.62, 8.0, 2.0, 14.0, 0.0, 0.0),
        (4.55, 0.0, 28.0, 28.0, 0.0, 0.0),
        (4.50, 2.0, 3.0, 21.0, 9.0, 3.0),
        (4.41, 15.0, 3.0, 21.0, 0.0, 0.0),
    ):
        kalman.observe(ours, value=np.array([value]), variance=np.array([0.005]), outlier_sds=50.0)
        brute.see(np.exp(-0.5 * (value - brute.x) ** 2 / 0.005))
        elapse(ours, days, unworked, effort, guess, sd)
        brute.elapse(days, unworked, effort, guess, sd)
    assert moments(ours) == pytest.approx(brute.moments, rel=2e-4)


MARK = math.log(96.0)


@pytest.mark.parametrize("sd", [0.05, 0.1, 0.18])
@pytest.mark.parametrize("score", [150.0, 170.0, 196.0, 215.0, 230.0])
def test_a_score_wrong_by_points_moves_the_level_as_brute_force_does(
    score: float, sd: float
) -> None:
    """Normal noise of 7.2 points under a ceiling of 292, on every side of a belief at the mark."""
    noise, distance = 7.2, 292.0 - score
    ours, brute = total(MARK, sd), Brute(MARK, sd)
    kalman.observe(
        ours,
        value=np.array([math.log(distance)]),
        variance=np.array([(noise / 96.0) ** 2]),
        outlier_sds=50.0,
        stated_at=MARK,
    )
    brute.see(np.exp(-0.5 * ((np.exp(brute.x) - distance) / noise) ** 2))
    mean, spread, _ = moments(ours)
    expected, expected_spread, _ = brute.moments
    assert mean == pytest.approx(expected, abs=0.03 * expected_spread)
    assert spread == pytest.approx(expected_spread, rel=0.06)


@given(st.floats(100, 285), st.floats(0.5, 20), st.floats(0.03, 0.25))
@settings(derandomize=True, max_examples=150)
def test_a_better_score_in_points_never_says_a_worse_level_flagged_or_not(
    score: float, points: float, sd: float
) -> None:
    def after(seen: float) -> tuple[float, float]:
        t = total(MARK, sd)
        _, surprise = kalman.observe(
            t,
            value=np.array([math.log(max(292.0 - seen, 2.0))]),
            variance=np.array([(7.2 / 96.0) ** 2]),
            outlier_sds=2.3,
            stated_at=MARK,
        )
        return moments(t)[0], float(surprise[0])

    worse, better = after(score), after(score + points)
    assert better[0] <= worse[0] + 1e-9
    assert better[1] <= worse[1] + 1e-9


@pytest.mark.parametrize(
    ("low", "high"), [(4.57, math.inf), (4.57, 4.70), (4.70, 4.80), (-math.inf, 4.57)]
)
def test_a_result_without_a_number_moves_the_belief_as_brute_force_does(
    low: float, high: float
) -> None:
    ours, brute = total(), Brute(4.5, 0.2)
    noise = 0.07**2
    kalman.observe_between(
        ours, low=np.array([low]), high=np.array([high]), variance=np.array([noise])
    )
    sd = math.sqrt(noise)
    upper = normal.cdf((high - brute.x) / sd) if math.isfinite(high) else np.ones_like(brute.x)
    lower = normal.cdf((low - brute.x) / sd) if math.isfinite(low) else np.zeros_like(brute.x)
    brute.see(upper - lower)
    assert moments(ours) == pytest.approx(brute.moments, rel=2e-4)


@given(st.floats(-3, 3), st.floats(0.02, 0.4))
@settings(derandomize=True, max_examples=60)
def test_an_outcome_never_widens_the_belief(shift: float, sd: float) -> None:
    t = total(mean=4.57 + shift, sd=sd)
    before = t.variance.copy()
    kalman.observe_between(
        t, low=np.array([4.57]), high=np.array([math.inf]), variance=np.array([0.004])
    )
    assert np.all(t.variance <= before + 1e-15)
    assert np.all(t.variance > 0)
    assert np.all(np.isfinite(t.mean))


@given(st.floats(3.5, 5.5), st.floats(0.001, 0.3))
@settings(derandomize=True, max_examples=80)
def test_the_level_never_rises_when_the_latest_score_falls(value: float, step: float) -> None:
    means = []
    for v in (value, value + step):
        t = total()
        elapse(t, 14.0, 2.0, 8.0)
        kalman.observe(t, value=np.array([v]), variance=np.array([0.005]), outlier_sds=2.3)
        means.append(moments(t)[0])
    assert means[1] >= means[0] - 1e-12


def test_a_contradicting_score_pulls_less_and_narrows_less_than_it_would_in_calm() -> None:
    calm, wild = total(sd=0.08), total(sd=0.08)
    kalman.observe(calm, value=np.array([4.4]), variance=np.array([0.005]), outlier_sds=2.3)
    _, surprise = kalman.observe(
        wild, value=np.array([3.9]), variance=np.array([0.005]), outlier_sds=2.3
    )
    assert surprise[0] < -2.3
    assert wild.variance[0, 2] > calm.variance[0, 2]
    gain = 0.08**2 / (0.08**2 + 0.005)
    assert 4.5 - wild.mean[0, 2] < gain * 0.6


@pytest.mark.parametrize("far", [30.0, 45.0, 300.0])
@pytest.mark.parametrize("side", [1.0, -1.0])
def test_an_outcome_however_far_from_what_was_expected_stays_a_number(
    far: float, side: float
) -> None:
    """Outside answer: far out a normal tail lies 1/z beyond its edge (Mills' ratio)."""
    t = total(mean=4.5, sd=0.1)
    s = math.sqrt(0.1**2 + 0.01)
    edge = 4.5 + side * far * s
    low, high = (edge, math.inf) if side > 0 else (-math.inf, edge)
    kalman.observe_between(t, low=np.array([low]), high=np.array([high]), variance=np.array([0.01]))
    assert t.mean[0] == pytest.approx(4.5 + side * 0.1**2 / s * (far + 1.0 / far), abs=1e-3)
    assert t.variance[0] == pytest.approx(0.1**2 * 0.01 / s**2, rel=0.01)
    assert t.weight()[0] == pytest.approx(RATE_WEIGHT)


def test_a_learner_without_the_observation_is_left_as_it_was() -> None:
    t = kalman.start(
        mean=np.array([4.5, 4.5]), sd=np.array([0.2, 0.2]), rate=RATE, rate_weight=RATE_WEIGHT
    )
    kalman.observe(
        t, value=np.array([np.nan, 4.3]), variance=np.array([np.nan, 0.005]), outlier_sds=2.3
    )
    kalman.observe_between(
        t,
        low=np.array([np.nan, 4.57]),
        high=np.array([np.nan, math.inf]),
        variance=np.array([np.nan, 0.005]),
    )
    assert t.mean[0] == pytest.approx(4.5)
    assert t.variance[0] == pytest.approx(0.04)
    assert not np.allclose(t.mean[1], 4.5)
    assert t.weight()[0] == pytest.approx(RATE_WEIGHT)


def test_a_thousand_days_and_five_hundred_scores_stay_finite_and_settle() -> None:
    t = total()
    for i in range(500):
        elapse(t, 2.0, 1.0, 0.5, 0.1, 0.1)
        kalman.observe(
            t,
            value=np.array([4.4 + 0.05 * math.sin(i)]),
            variance=np.array([0.005]),
            outlier_sds=2.3,
        )
    assert np.all(np.isfinite(t.mean))
    assert np.all(t.variance > 0)
    assert t.weight().sum() == pytest.approx(1.0)
    assert moments(t)[0] == pytest.approx(4.4, abs=0.03)


def test_unrecorded_work_teaches_the_level_and_not_the_rate() -> None:
    shift = {}
    for label, effort, guess in (("recorded", 20.0, 0.0), ("unrecorded", 0.0, 20.0)):
        t = total(sd=0.05)
        elapse(t, 40.0, 0.0, effort, guess, 0.5 * guess)
        before_rate, before_level = moments(t)[2], moments(t)[0]
        kalman.observe(
            t, value=np.array([before_level - 0.1]), variance=np.array([0.002]), outlier_sds=50.0
        )
        shift[label] = moments(t)[2] - before_rate
        assert moments(t)[0] < before_level - 0.05
    assert shift["recorded"] > 0.1
    assert shift["unrecorded"] == pytest.approx(0.0, abs=1e-9)


def test_idle_time_drifts_towards_the_base_and_never_past_it() -> None:
    t = total(mean=4.5)
    elapse(t, 100.0, 100.0, 0.0)
    hundred = moments(t)[0]
    elapse(t, 5000.0, 5000.0, 0.0)
    assert 4.5 < hundred < BASE
    assert moments(t)[0] == pytest.approx(BASE, abs=2e-3)


@given(st.floats(3.8, 5.8), st.floats(0.01, 0.5), st.floats(0.05, 1.0))
@settings(derandomize=True, max_examples=60, deadline=None)
def test_forgetting_takes_from_those_above_the_base_alone(
    mean: float, sd: float, keep: float
) -> None:
    """Outside answer: the moments of the law on a dense grid."""
    x = mean + sd * np.linspace(-9.0, 9.0, 40_001)
    p = np.exp(-0.5 * ((x - mean) / sd) ** 2)
    p /= p.sum()
    y = x + (1.0 - keep) * np.maximum(BASE - x, 0.0)
    exact = float(p @ y)
    found, variance, slope = kalman.forget(
        np.array([mean]), np.array([sd**2]), keep=np.array([keep]), base=BASE
    )
    assert found[0] == pytest.approx(exact, abs=1e-7)
    assert variance[0] == pytest.approx(float(p @ (y - exact) ** 2), rel=1e-5, abs=1e-12)
    covariance = float(p @ ((y - exact) * (x - mean)))
    assert slope[0] == pytest.approx(covariance / sd**2, abs=1e-5)
    assert found[0] >= mean


def test_who_stands_far_below_the_base_gains_nothing_by_idle_time() -> None:
    t = total(mean=6.5)
    elapse(t, 400.0, 400.0, 0.0)
    assert t.mean == pytest.approx(np.full_like(t.mean, 6.5), abs=1e-9)
    assert t.variance == pytest.approx(np.full_like(t.mean, 0.04 + DRIFT * 400.0), abs=1e-9)


@pytest.mark.parametrize("x", [-9.0, -3.0, 0.0, 2.5, 6.0, 6.1, 12.0, 37.0])
def test_log_of_the_upper_tail_matches_scipy(x: float) -> None:
    from scipy.stats import norm

    assert float(normal.log_upper(np.array(x))) == pytest.approx(
        float(norm.logsf(x)), rel=1e-6, abs=1e-12
    )
    assert float(normal.hazard(np.array(x))) == pytest.approx(
        math.exp(norm.logpdf(x) - norm.logsf(x)), rel=2e-6
    )


GAP_SD = 0.06
FAR_BASE = 7.0
"""A base so far below that no part of a belief lies beyond it: there forgetting is linear."""


def with_gap() -> kalman.Total:
    """One learner before any evidence, with a gap between practice and the day."""
    return kalman.start(
        mean=np.array([4.5]),
        sd=np.array([0.2]),
        rate=RATE,
        rate_weight=RATE_WEIGHT,
        gap_sd=GAP_SD,
    )


def test_level_and_gap_agree_with_a_matrix_filter_a_node() -> None:
    """Outside answer: filterpy's own two-state filter for each rate, weighed by its likelihood."""
    from filterpy.kalman import KalmanFilter

    ours = with_gap()
    story = [
        # days, unworked days, effort, practice, seen
        (14.0, 2.0, 8.0, True, 4.62),
        (60.0, 60.0, 0.0, True, 4.70),
        (21.0, 3.0, 15.0, False, 4.48),
        (10.0, 1.0, 6.0, True, 4.36),
        (200.0, 150.0, 30.0, True, 4.55),
    ]
    for days, unworked, effort, practice, seen in story:
        elapse(ours, days, unworked, effort, base=FAR_BASE)
        kalman.observe(
            ours,
            value=np.array([seen]),
            variance=np.array([0.005]),
            outlier_sds=50.0,
            practice=practice,
        )
    log_weight = np.log(RATE_WEIGHT)
    for k, rate in enumerate(RATE):
        f = KalmanFilter(dim_x=2, dim_z=1, dim_u=1)
        f.x, f.P = np.array([[4.5], [0.0]]), np.diag([0.04, GAP_SD**2])
        f.R, f.B = np.array([[0.005]]), np.array([[1.0], [0.0]])
        for days, unworked, effort, practice, seen in story:
            keep = math.exp(-FORGETTING * unworked)
            f.F, f.Q = np.diag([keep, 1.0]), np.diag([DRIFT * days, 0.0])
            f.predict(u=np.array([[FAR_BASE * (1 - keep) - KAPPA * rate * effort]]))
            f.H = np.array([[1.0, -1.0 if practice else 0.0]])
            f.update(np.array([[seen]]))
            log_weight[k] += float(f.log_likelihood)
        assert ours.mean[0, k] == pytest.approx(f.x[0, 0], rel=1e-9)
        assert ours.gap_mean[0, k] == pytest.approx(f.x[1, 0], rel=1e-9)
        assert ours.variance[0, k] == pytest.approx(f.P[0, 0], rel=1e-9)
        assert ours.gap_variance[0, k] == pytest.approx(f.P[1, 1], rel=1e-9)
        assert ours.covariance[0, k] == pytest.approx(f.P[0, 1], rel=1e-9)
    weight = np.exp(log_weight - log_weight.max())
    assert ours.weight()[0] == pytest.approx(weight / weight.sum(), rel=1e-9)


@pytest.mark.parametrize("limits", [(4.57, math.inf), (4.57, 4.62), (-math.inf, 4.45)])
def test_an_outcome_moves_the_gap_as_brute_force_over_level_and_gap_does(
    limits: tuple[float, float],
) -> None:
    ours = kalman.start(
        mean=np.array([4.5]),
        sd=np.array([0.12]),
        rate=np.array([1.0]),
        rate_weight=np.ones(1),
        gap_sd=0.1,
    )
    kalman.observe(ours, value=np.array([4.40]), variance=np.array([0.004]), outlier_sds=50.0)
    kalman.observe_between(
        ours,
        low=np.array([limits[0]]),
        high=np.array([limits[1]]),
        variance=np.array([0.003]),
    )
    x, b = np.meshgrid(np.linspace(3.7, 5.3, 801), np.linspace(-0.7, 0.7, 701), indexing="ij")
    p = np.exp(-0.5 * ((x - 4.5) / 0.12) ** 2 - 0.5 * (b / 0.1) ** 2)
    p *= np.exp(-0.5 * (4.40 - (x - b)) ** 2 / 0.004)
    s = math.sqrt(0.003)
    p *= normal.cdf((limits[1] - x) / s) - normal.cdf((limits[0] - x) / s)
    p /= p.sum()
    mean, gap = float((p * x).sum()), float((p * b).sum())
    assert ours.mean[0, 0] == pytest.approx(mean, abs=1e-5)
    assert ours.gap_mean[0, 0] == pytest.approx(gap, abs=1e-5)
    assert ours.variance[0, 0] == pytest.approx(float((p * (x - mean) ** 2).sum()), rel=1e-3)
    assert ours.gap_variance[0, 0] == pytest.approx(float((p * (b - gap) ** 2).sum()), rel=1e-3)
    covariance = float((p * (x - mean) * (b - gap)).sum())
    assert ours.covariance[0, 0] == pytest.approx(covariance, rel=1e-3)


@given(
    st.lists(
        st.tuples(st.floats(1, 200), st.floats(0, 1), st.floats(0, 30), st.floats(4.0, 5.2)),
        min_size=1,
        max_size=12,
    )
)
@settings(derandomize=True, max_examples=80, deadline=None)
def test_a_better_practice_score_never_says_a_worse_level_whatever_went_before(
    story: list[tuple[float, float, float, float]],
) -> None:
    means = []
    for last in (0.0, -0.05):
        t = with_gap()
        for i, (days, idle, effort, seen) in enumerate(story):
            elapse(t, days, days * idle, effort)
            value = seen + (last if i == len(story) - 1 else 0.0)
            kalman.observe(t, value=np.array([value]), variance=np.array([0.005]), outlier_sds=2.3)
            assert np.all(t.variance > 0)
            assert np.all(t.gap_variance > 0)
            assert np.all(t.covariance**2 <= t.variance * t.gap_variance * (1 + 1e-9))
        means.append(t.mean[0].copy())
    assert np.all(means[1] <= means[0] + 1e-12)


@given(
    st.lists(
        st.tuples(st.floats(1, 200), st.floats(0, 1), st.floats(0, 60), st.floats(4.0, 5.2)),
        min_size=1,
        max_size=6,
    ),
    st.floats(0.002, 0.2),
    st.floats(3.6, 4.7),
)
@example([(100.0, 0.0, 60.0, 5.1)], 0.02, 4.0)
@settings(derandomize=True, max_examples=200, deadline=None)
def test_a_better_score_makes_no_line_less_likely_however_far_it_lies(
    story: list[tuple[float, float, float, float]], step: float, line: float
) -> None:
    """Rule F8: monotone in distribution as long as the score contradicts the record as little."""
    reached = []
    for last in (0.0, -step):
        t = with_gap()
        surprise = np.zeros(1)
        for i, (days, idle, effort, seen) in enumerate(story):
            elapse(t, days, days * idle, effort)
            value = seen + (last if i == len(story) - 1 else 0.0)
            _, surprise = kalman.observe(
                t, value=np.array([value]), variance=np.array([0.005]), outlier_sds=2.3
            )
        assume(abs(surprise[0]) <= 2.3)
        assert np.ptp(t.variance) <= 1e-12
        reached.append(t.weight()[0] @ normal.cdf((line - t.mean[0]) / np.sqrt(t.variance[0])))
    assert reached[1] >= reached[0] * (1.0 - 1e-9)


def test_nodes_of_different_spread_are_weighed_by_the_likelihood_of_the_score() -> None:
    from scipy.stats import norm

    t = total()
    t.mean[0] = [4.6, 4.55, 4.5, 4.45, 4.4]
    t.variance[0] = [0.002, 0.005, 0.01, 0.02, 0.04]
    kalman.observe(t, value=np.array([4.52]), variance=np.array([0.004]), outlier_sds=50.0)
    likelihood = norm.pdf(
        4.52, [4.6, 4.55, 4.5, 4.45, 4.4], np.sqrt([0.006, 0.009, 0.014, 0.024, 0.044])
    )
    expected = RATE_WEIGHT * likelihood
    assert t.weight()[0] == pytest.approx(expected / expected.sum(), rel=1e-9)


def test_the_chance_of_a_sitting_is_the_integral_over_level_and_points() -> None:
    """Outside answer: Gauss-Hermite over the level of a normal in points, 201 nodes."""
    x, w = np.polynomial.hermite_e.hermegauss(201)
    w /= w.sum()
    line, noise = math.log(96.5), 0.0840**2
    for sd in (0.02, 0.05, 0.08, 0.12, 0.2):
        for z in np.linspace(-5.0, 5.0, 41):
            mean = line + z * math.hypot(sd, math.sqrt(noise))
            short = (math.exp(line) - np.exp(mean + sd * x)) / (math.exp(line) * math.sqrt(noise))
            exact = float(w @ normal.cdf(short))
            ours = kalman.chance_nearer(
                np.array(mean), np.array(sd**2), line=line, noise=noise, stated_at=line
            )
            assert float(ours) == pytest.approx(exact, abs=0.001)
