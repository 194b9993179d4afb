"""The filter against a particle filter of the same model, on histories of every kind of evidence.

The reference carries half a million particles (τ, β, node of the rate) and knows no Gaussian.
Its scores have normal noise in points. Tolerances: mean of τ within 0.05 of its SD (what follows a
truncated outcome comes out 0.04 off), SD within 5 % (two truncated outcomes in a row come out 4 %
narrow), mean rate within 2 %, chance within 0.01. Where a form contradicts the rest, the
reference uses the likelihood whose posterior mean is the robust one (exponential beyond the limit,
Masreliez 1975); its spread does not shrink there, ours shrinks a little: mean within 0.2 of the
SD, SD within 15 % and chance within 0.035 are held.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pytest
from scipy import optimize

from bounceback.forecast import kalman, normal
from bounceback.forecast.parameters import Constants, constants
from bounceback.vocabulary import ExamId, Group

PARTICLES = 500_000


@dataclass(frozen=True)
class Outcome:
    """A sitting whose result lies between two scores; ``None``: open."""

    worst: float | None
    best: float | None


@dataclass(frozen=True)
class Score:
    """A score in points, of practice or of the real exam."""

    points: float
    practice: bool = True


@dataclass(frozen=True)
class Days:
    """Days that pass, with effective days of recorded or guessed work."""

    days: float
    unworked: float
    effort: float = 0.0
    guess: float = 0.0
    guess_sd: float = 0.0


Step = Outcome | Score | Days


def interval(c: Constants, o: Outcome) -> tuple[float, float]:
    low = -math.inf if o.best is None else c.log_distance(o.best)
    return low, math.inf if o.worst is None else c.log_distance(o.worst)


def ours(c: Constants, steps: Sequence[Step], noise: float) -> kalman.Total:
    total = kalman.start(
        mean=np.array([c.prior_mean]),
        sd=np.array([c.prior_sd]),
        rate=c.rate,
        rate_weight=c.rate_weight,
        gap_mean=c.gap_mean,
        gap_sd=c.gap_sd,
    )
    sitting = c.sitting_sd**2 + c.mark_sd**2 + c.day_sd**2
    for step in steps:
        if isinstance(step, Outcome):
            low, high = interval(c, step)
            kalman.observe_between(
                total, low=np.array([low]), high=np.array([high]), variance=np.array([sitting])
            )
        elif isinstance(step, Score):
            kalman.observe(
                total,
                value=np.array([c.log_distance(step.points)]),
                variance=np.array([noise if step.practice else sitting]),
                outlier_sds=c.parameter["outlier_sds"],
                stated_at=c.at_mark,
                practice=step.practice,
            )
        else:
            kalman.elapse(
                total,
                days=np.array([step.days]),
                unworked_days=np.array([step.unworked]),
                effort=np.array([step.effort]),
                guess_mean=np.array([step.guess]),
                guess_variance=np.array([step.guess_sd**2]),
                kappa=c.parameter["kappa"],
                forgetting_per_day=c.parameter["forgetting_per_day"],
                base=c.base,
                drift_variance_per_day=c.drift_variance_per_day,
            )
    return total


class Particles:
    """The same model, drawn."""

    def __init__(self, c: Constants, noise: float, seed: int = 11) -> None:
        self.c, self.noise, self.rng = c, noise, np.random.default_rng(seed)
        n = PARTICLES
        self.tau = self.rng.normal(c.prior_mean, c.prior_sd, n)
        self.gap = self.rng.normal(c.gap_mean, c.gap_sd, n)
        self.rate = self.rng.choice(c.rate, size=n, p=c.rate_weight)
        self.weight = np.full(n, 1.0 / n)

    def weigh(self, log_likelihood: np.ndarray) -> None:
        self.weight *= np.exp(log_likelihood - log_likelihood.max())
        self.weight /= self.weight.sum()
        if 1.0 / np.square(self.weight).sum() < PARTICLES / 3:
            places = (np.arange(PARTICLES) + self.rng.random()) / PARTICLES
            chosen = np.minimum(np.searchsorted(np.cumsum(self.weight), places), PARTICLES - 1)
            self.tau, self.gap, self.rate = self.tau[chosen], self.gap[chosen], self.rate[chosen]
            self.weight = np.full(PARTICLES, 1.0 / PARTICLES)

    def mean(self, x: np.ndarray) -> float:
        return float(self.weight @ x)

    def sd(self, x: np.ndarray) -> float:
        return math.sqrt(self.mean((x - self.mean(x)) ** 2))

    def take(self, step: Step) -> None:
        c = self.c
        sitting = c.sitting_sd**2 + c.mark_sd**2 + c.day_sd**2
        if isinstance(step, Outcome):
            low, high = interval(c, step)
            s = math.sqrt(sitting)
            inside = normal.cdf((high - self.tau) / s) - normal.cdf((low - self.tau) / s)
            self.weigh(np.log(np.maximum(inside, 1e-300)))
        elif isinstance(step, Score):
            y = c.log_distance(step.points)
            shown = self.tau - self.gap if step.practice else self.tau
            points_sd = math.sqrt(self.noise if step.practice else sitting) / c.log_points
            self.weigh(self.score_likelihood(shown, math.exp(y), points_sd))
        else:
            p = c.parameter
            typical = p["kappa"] * self.mean(self.rate)
            keep = math.exp(-p["forgetting_per_day"] * step.unworked)
            n = len(self.tau)
            self.tau = self.tau + (1.0 - keep) * np.maximum(c.base - self.tau, 0.0)
            self.tau -= p["kappa"] * self.rate * step.effort
            self.tau -= typical * (step.guess + step.guess_sd * self.rng.normal(size=n))
            drift = math.sqrt(c.drift_variance_per_day * step.days)
            self.tau += drift * self.rng.normal(size=n)

    def score_likelihood(self, shown: np.ndarray, distance: float, sd: float) -> np.ndarray:
        """Normal in points; beyond the limit of surprise as steep as there, and no steeper."""
        mean, own = self.mean(shown), self.sd(shown)

        def misfit(x: float, seen: float) -> float:
            return ((x - mean) / own) ** 2 + ((math.exp(x) - seen) / sd) ** 2

        def surprise(seen: float) -> tuple[float, float]:
            found = optimize.minimize_scalar(misfit, (mean, math.log(seen)), args=(seen,))
            return math.sqrt(found.fun), found.x

        limit = self.c.parameter["outlier_sds"]
        if surprise(distance)[0] <= limit:
            return -0.5 * ((np.exp(shown) - distance) / sd) ** 2
        edge = optimize.brentq(
            lambda seen: surprise(seen)[0] - limit, math.exp(mean), distance, xtol=1e-6
        )
        return shown * (surprise(edge)[1] - mean) / own**2

    def chance(self) -> float:
        """The sitting's noise is normal in points, wherever a particle stands."""
        c = self.c
        points = math.sqrt(c.day_sd**2 + c.sitting_sd**2 + c.mark_sd**2) / c.log_points
        return self.mean(normal.cdf((math.exp(c.log_mark) - np.exp(self.tau)) / points))


def chance_of(c: Constants, t: kalman.Total) -> float:
    noise = c.day_sd**2 + c.sitting_sd**2 + c.mark_sd**2
    chance = kalman.chance_nearer(
        t.mean, t.variance, line=c.log_mark, noise=noise, stated_at=c.at_mark
    )
    return float((t.weight() * chance).sum())


def failed(c: Constants) -> Outcome:
    return Outcome(worst=None, best=c.mark - 0.5)


STEP_1: tuple[ExamId, Group] = ("usmle-step-1", "us-md")
STEP_2: tuple[ExamId, Group] = ("usmle-step-2-ck", "non-us-img")
WAIT = Days(28, 28)
WORK = Days(21, 4, effort=9.0)

HISTORIES: dict[str, tuple[tuple[ExamId, Group], list[float | Step | str]]] = {
    "a failure and nothing else": (STEP_1, ["fail", WAIT]),
    "a failure, then forms with recorded work between": (
        STEP_1,
        ["fail", WAIT, -14.0, WORK, -6.0, WORK, -2.0, WORK, 6.0],
    ),
    "two failures with work nobody recorded between": (
        STEP_1,
        ["fail", WAIT, Days(120, 20, guess=22.0, guess_sd=8.0), "fail", WAIT, -4.0],
    ),
    "two failures with the work between recorded": (
        STEP_2,
        ["fail", WAIT, Days(50, 8, effort=22.0), "fail", WAIT, WORK],
    ),
    "a failure by a known distance, then unknown work": (
        STEP_1,
        [Outcome(196 - 0.7 * 20, 196 - 0.7 * 20 + 8), WAIT, Days(40, 6, guess=9, guess_sd=6), 3.0],
    ),
    "a failing number, forms, and a long pause": (
        STEP_2,
        [Score(205.0, practice=False), WAIT, -6.0, WORK, 1.0, Days(90, 90), -5.0],
    ),
    "a slow learner with much recorded work": (
        STEP_1,
        [
            "fail",
            WAIT,
            -20.0,
            Days(30, 4, 15),
            -19.0,
            Days(30, 4, 15),
            -17.0,
            Days(30, 4, 15),
            -18.0,
        ],
    ),
}


def steps_of(c: Constants, told: Sequence[float | Step | str]) -> list[Step]:
    out: list[Step] = []
    for item in told:
        if item == "fail":
            out.append(failed(c))
        elif isinstance(item, float):
            out.append(Score(c.mark + item))
        else:
            out.append(item)  # type: ignore[arg-type]
    return out


def both(
    name: tuple[ExamId, Group], told: Sequence[float | Step | str]
) -> tuple[Constants, kalman.Total, Particles]:
    c = constants(*name, date(2027, 1, 8), retaker=True)
    family = {"usmle-step-1": "nbme-cbssa", "usmle-step-2-ck": "nbme-ccssa"}[name[0]]
    noise = (c.parameter[f"form_sd.{family}"] * c.log_points) ** 2
    steps = steps_of(c, told)
    reference = Particles(c, noise)
    for step in steps:
        reference.take(step)
    return c, ours(c, steps, noise), reference


def level(t: kalman.Total) -> tuple[float, float, float]:
    w = t.weight()[0]
    mean = float(w @ t.mean[0])
    return mean, math.sqrt(float(w @ (t.variance[0] + (t.mean[0] - mean) ** 2))), float(w @ t.rate)


@pytest.mark.parametrize("name", HISTORIES)
def test_level_rate_and_chance_agree_with_particles(name: str) -> None:
    c, total, reference = both(*HISTORIES[name])
    mean, sd, rate = level(total)
    assert mean == pytest.approx(reference.mean(reference.tau), abs=0.05 * sd)
    assert sd == pytest.approx(reference.sd(reference.tau), rel=0.05)
    assert rate == pytest.approx(reference.mean(reference.rate), rel=0.02)
    assert chance_of(c, total) == pytest.approx(reference.chance(), abs=0.01)


@pytest.mark.parametrize("off", [-28.0, 25.0])
def test_a_contradicting_form_moves_the_level_as_the_robust_likelihood_does(off: float) -> None:
    told: list[float | Step | str] = ["fail", WAIT, -8.0, WORK, -6.0, Days(7, 1, 3.0), -5.0 + off]
    c, total, reference = both(STEP_1, told)
    mean, sd, rate = level(total)
    assert mean == pytest.approx(reference.mean(reference.tau), abs=0.2 * sd)
    assert sd == pytest.approx(reference.sd(reference.tau), rel=0.15)
    assert rate == pytest.approx(reference.mean(reference.rate), rel=0.04)
    assert chance_of(c, total) == pytest.approx(reference.chance(), abs=0.035)


def test_double_precision_agrees_with_extended_precision_over_five_hundred_scores() -> None:
    c = constants(*STEP_1, date(2027, 1, 8), retaker=True)
    found = []
    for kind in (np.float64, np.longdouble):
        t = kalman.start(
            mean=np.array([c.prior_mean], dtype=kind),
            sd=np.array([c.prior_sd], dtype=kind),
            rate=c.rate.astype(kind),
            rate_weight=c.rate_weight.astype(kind),
            gap_mean=c.gap_mean,
            gap_sd=c.gap_sd,
        )
        for name in ("gap_mean", "gap_variance", "covariance", "log_weight"):
            setattr(t, name, getattr(t, name).astype(kind))
        for i in range(500):
            kalman.elapse(
                t,
                days=np.array([2.0], dtype=kind),
                unworked_days=np.array([0.7], dtype=kind),
                effort=np.array([0.4 * (i % 3)], dtype=kind),
                guess_mean=np.array([0.1 * (i % 5 == 0)], dtype=kind),
                guess_variance=np.array([0.01], dtype=kind),
                kappa=c.parameter["kappa"],
                forgetting_per_day=c.parameter["forgetting_per_day"],
                base=c.base,
                drift_variance_per_day=c.drift_variance_per_day,
            )
            kalman.observe(
                t,
                value=np.array([4.3 + 0.15 * math.sin(i)], dtype=kind),
                variance=np.array([0.006], dtype=kind),
                outlier_sds=c.parameter["outlier_sds"],
            )
        found.append(t)
    double, extended = found
    for name in ("mean", "variance", "gap_mean", "gap_variance", "covariance"):
        a, b = getattr(double, name), getattr(extended, name)
        assert np.allclose(a, b.astype(np.float64), rtol=1e-9, atol=1e-12), name
    assert np.allclose(double.weight(), extended.weight().astype(np.float64), atol=1e-9)
