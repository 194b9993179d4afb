"""Simulation-based calibration: the filter on learners drawn from its own model (rule F25).

Learners are drawn from the prior and lived through the dynamics that the filter assumes; the
filter sees what they show; the truth is then ranked in what is believed. If the filter computes
what it claims, ranks are uniform for whoever is drawn (Talts et al. 2018). This finds faults of
computation, not of the model: for those there are the published figures and the simulated learners
of ``population``.

A rank is given as the share of the posterior below the truth, the limit of ranking it among
infinitely many draws. The rate lives on a grid, so its share is spread evenly over its node.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from datetime import date

import numpy as np

from bounceback import facts
from bounceback.forecast import area_effects, batch, kalman
from bounceback.forecast.normal import Floats, cdf
from bounceback.forecast.parameters import Constants, constants
from bounceback.forecast.posterior import Belief, beta_nodes
from bounceback.forecast.prediction import PlannedWork, futures, reached
from bounceback.vocabulary import ExamId, Group

STEPS = 8
"""Stretches of work lived through after the failure, each ended by a form for four in five."""

BINS = 20

LEVEL = 0.05
"""Chance that any line of the table is called uneven though the filter computes what it claims."""

ON = date(2027, 1, 8)
"""The day whose mark and areas are used; any day would do."""


@dataclass(frozen=True, slots=True)
class Ranks:
    """Share of the belief below the truth, (N,) each in [0, 1]; ``areas`` (N, A).

    Attributes:
        total: Log distance of the total after the last step.
        rate: Personal rate.
        areas: Deviation of each area.
        score: Reported score of a sitting weeks ahead, adherence and day included.
    """

    total: Floats
    rate: Floats
    areas: Floats
    score: Floats


@dataclass(frozen=True, slots=True)
class Uniformity:
    """One histogram of ranks held against the uniform one.

    ``chi_square`` on ``BINS - 1`` degrees of freedom with its ``p_value``, which holds from
    ``least_p``; ``worst_gap`` is the largest distance between the ranks' distribution function and
    the diagonal: how far any stated probability can be from what comes.
    """

    name: str
    count: int
    histogram: tuple[int, ...]
    chi_square: float
    p_value: float
    least_p: float
    worst_gap: float

    @property
    def holds(self) -> bool:
        """Whether the histogram may be called uniform."""
        return self.p_value >= self.least_p


@dataclass(frozen=True, slots=True)
class _Lived:
    """Truth and belief of N learners after the last step."""

    tau: Floats
    node: np.ndarray
    total: kalman.Total


def _one(total: kalman.Total, i: int) -> kalman.Total:
    """The belief about learner ``i`` alone."""
    names = [f.name for f in fields(total) if f.name != "rate"]
    return replace(total, **{name: getattr(total, name)[i : i + 1] for name in names})


def _sitting_variance(c: Constants) -> float:
    return c.sitting_sd**2 + c.mark_sd**2 + c.day_sd**2


def _failed(c: Constants, rng: np.random.Generator, tau: Floats) -> np.ndarray:
    """Who of those who sit falls short; a sitting is wrong by so many points."""
    points = math.sqrt(_sitting_variance(c)) / c.log_points
    return np.asarray(np.exp(tau) + points * rng.normal(size=len(tau)) > math.exp(c.log_mark))


def _sit(
    c: Constants, rng: np.random.Generator, tau: Floats, total: kalman.Total, who: np.ndarray
) -> None:
    """Those in ``who`` sit, and the outcome alone is reported; ``total`` changes in place."""
    variance = _sitting_variance(c)
    failed = _failed(c, rng, tau)
    kalman.observe_between(
        total,
        low=np.where(who, np.where(failed, c.log_mark, -np.inf), np.nan),
        high=np.where(failed, np.inf, c.log_mark),
        variance=np.full(len(tau), variance),
    )


def _start(c: Constants, rng: np.random.Generator, n: int) -> _Lived:
    """N first takers who failed, drawn from the prior; the filter knows that they failed."""
    found: list[Floats] = []
    while sum(map(len, found)) < n:
        tau = rng.normal(c.prior_mean, c.prior_sd, 8 * n)
        found.append(tau[_failed(c, rng, tau)])
    total = kalman.start(
        mean=np.full(n, c.prior_mean),
        sd=np.full(n, c.prior_sd),
        rate=c.rate,
        rate_weight=c.rate_weight,
        gap_mean=c.gap_mean,
        gap_sd=c.gap_sd,
    )
    kalman.observe_between(
        total,
        low=np.full(n, c.log_mark),
        high=np.full(n, np.inf),
        variance=np.full(n, _sitting_variance(c)),
    )
    node = rng.choice(len(c.rate), size=n, p=c.rate_weight)
    return _Lived(np.concatenate(found)[:n], node, total)


def _live(c: Constants, rng: np.random.Generator, n: int, family: str, outlier: float) -> _Lived:
    """Work, forgetting and forms between the failure and today."""
    lived = _start(c, rng, n)
    tau, total = lived.tau, lived.total
    p = c.parameter
    noise = (p[f"form_sd.{family}"] * c.log_points) ** 2
    gap = rng.normal(c.gap_mean, c.gap_sd, n)
    for step in range(STEPS):
        days = rng.integers(7, 22, n).astype(np.float64)
        unworked = days * rng.uniform(0.0, 0.5, n)
        logged = rng.random(n) < 0.7
        effort = np.where(logged, days * rng.uniform(0.0, 0.9, n), 0.0)
        guess = np.where(logged, 0.0, days * p["unlogged_retaker_mean"])
        spread = np.where(
            logged, 0.0, days * p["unlogged_correlation_days"] * p["unlogged_retaker_sd"] ** 2
        )
        typical = p["kappa"] * (total.weight() @ c.rate)
        keep = np.exp(-p["forgetting_per_day"] * unworked)
        tau = tau + (1.0 - keep) * np.maximum(c.base - tau, 0.0)
        tau -= p["kappa"] * c.rate[lived.node] * effort
        tau -= typical * (guess + np.sqrt(spread) * rng.normal(size=n))
        tau += np.sqrt(c.drift_variance_per_day * days) * rng.normal(size=n)
        kalman.elapse(
            total,
            days=days,
            unworked_days=unworked,
            effort=effort,
            guess_mean=guess,
            guess_variance=spread,
            kappa=p["kappa"],
            forgetting_per_day=p["forgetting_per_day"],
            base=c.base,
            drift_variance_per_day=c.drift_variance_per_day,
        )
        # A form is wrong by so many points, wherever the learner stands.
        points = np.exp(tau - gap) + math.sqrt(noise) / c.log_points * rng.normal(size=n)
        seen = np.log(np.maximum(points, c.nearest))
        kalman.observe(
            total,
            value=np.where(rng.random(n) < 0.8, seen, np.nan),
            variance=np.full(n, noise),
            outlier_sds=outlier,
            stated_at=c.at_mark,
        )
        if step == STEPS // 2:
            _sit(c, rng, tau, total, rng.random(n) < 0.5)
    return _Lived(tau, lived.node, total)


def _area_ranks(c: Constants, rng: np.random.Generator, n: int) -> Floats:
    """(N, A) ranks of area deviations after four area tables."""
    weights = np.fromiter(facts.exam_weights(c.exam, ON).values(), dtype=np.float64)
    a, steps = len(weights), 4
    prior = c.prior_sd**2 * (1.0 / c.parameter["area_correlation"] - 1.0)
    fade = c.parameter["area_drift_sd_per_week"] ** 2 / 7.0
    per_percent = c.parameter["block_reported_per_percent"] * c.log_points
    noise = np.array(
        [
            area_effects.binomial_variance_of_percent(
                60.0, w * 200, c.parameter["area_overdispersion"]
            )
            for w in weights
        ]
    )
    variance = np.broadcast_to(noise * per_percent**2, (n, steps, a))
    delta = rng.normal(0.0, math.sqrt(prior), (n, a))
    delta -= (delta @ weights)[:, None]
    days = np.full((n, steps), 14.0)
    days[:, 0] = 0.0
    value = np.empty((n, steps, a))
    for t in range(steps):
        step = rng.normal(0.0, 1.0, (n, a)) * np.sqrt(fade * days[:, t, None])
        delta += step - (step @ weights)[:, None]
        noise_now = rng.normal(0.0, 1.0, (n, a)) * np.sqrt(variance[:, t])
        value[:, t] = delta + noise_now - (noise_now @ weights)[:, None]
    mean, spread = batch.filtered_areas(c, weights, days=days, value=value, variance=variance)
    return cdf((delta - mean) / np.sqrt(spread))


def _score_ranks(c: Constants, rng: np.random.Generator, lived: _Lived) -> Floats:
    """(N,) ranks of the reported score of a sitting two to ten weeks ahead, plan half kept."""
    n = len(lived.tau)
    p = c.parameter
    weights = np.fromiter(facts.exam_weights(c.exam, ON).values(), dtype=np.float64)
    areas = area_effects.start(weights, ability_sd=c.prior_sd, correlation=p["area_correlation"])
    a = p["adherence_mean"] * p["adherence_prior_days"]
    b = p["adherence_prior_days"] - a
    alpha = rng.beta(a, b, n)
    # The same nodes that a record without ticks is given.
    nodes, node_weight = beta_nodes(a, b, int(p["adherence_nodes"]))
    days = rng.integers(14, 71, n).astype(np.float64)
    effort = days * rng.uniform(0.2, 0.8, n)
    sitting = c.day_sd**2 + c.sitting_sd**2
    depth = np.empty(n)
    for i in range(n):
        belief = Belief(
            as_of=ON,
            constants=c,
            total=_one(lived.total, i),
            areas=areas,
            area_names=(),
            adherence=nodes,
            adherence_weight=node_weight,
            evidence=(),
            retaker=True,
            supply_known=True,
        )
        work = PlannedWork(days[i : i + 1], days[i : i + 1] / 7.0, (effort[i] * weights)[None, :])
        f = futures(belief, work)
        keep = math.exp(-p["forgetting_per_day"] * days[i] / 7.0)
        tau = lived.tau[i] + (1.0 - keep) * max(c.base - lived.tau[i], 0.0)
        tau -= p["kappa"] * c.rate[lived.node[i]] * alpha[i] * effort[i]
        tau += math.sqrt(c.drift_variance_per_day * days[i]) * rng.normal()
        # A day and a draw of items are worth the same points wherever the learner stands.
        shown = math.exp(tau) + math.sqrt(sitting) / c.log_points * rng.normal()
        seen = math.log(max(shown, c.nearest))
        depth[i] = reached(c, f, np.array([seen]), sitting)[0]
    return depth


def ranks(
    learners: int,
    seed: int,
    *,
    exam: ExamId = "usmle-step-1",
    group: Group = "us-md",
    family: str = "nbme-cbssa",
    outlier_sds: float | None = None,
) -> Ranks:
    """Draw learners from the model, run the filter on what they show, and rank the truth.

    Args:
        learners: How many.
        seed: Of all draws.
        exam: Whose constants.
        group: Whose prior.
        family: Family of the forms taken.
        outlier_sds: Where the pull of a score stops growing; default the shipped constant. A
            large value gives the plain Kalman filter, which is exact but for the truncated
            outcomes.
    """
    rng = np.random.default_rng(seed)
    c = constants(exam, group, ON, retaker=True)
    lived = _live(
        c, rng, learners, family, c.parameter["outlier_sds"] if outlier_sds is None else outlier_sds
    )
    weight = lived.total.weight()
    total = (
        weight * cdf((lived.tau[:, None] - lived.total.mean) / np.sqrt(lived.total.variance))
    ).sum(axis=-1)
    row = np.arange(learners)
    below = np.cumsum(weight, axis=-1)[row, lived.node] - weight[row, lived.node]
    rate = below + rng.random(learners) * weight[row, lived.node]
    return Ranks(total, rate, _area_ranks(c, rng, learners), _score_ranks(c, rng, lived))


def uniformity(name: str, share: Floats, *, lines: int = 1) -> Uniformity:
    """Hold ranks against the uniform distribution: chi-square over ``BINS`` equal bins.

    Args:
        name: What is ranked.
        share: The ranks.
        lines: Histograms judged together; ``LEVEL`` is shared among them (Bonferroni).
    """
    from scipy.special import gammaincc  # type: ignore[import-untyped]

    values = np.sort(np.asarray(share, dtype=np.float64).ravel())
    n = len(values)
    histogram = np.bincount(np.minimum((values * BINS).astype(int), BINS - 1), minlength=BINS)
    chi_square = float((np.square(histogram - n / BINS) / (n / BINS)).sum())
    steps = np.arange(n)
    gap = float(max((values - steps / n).max(), ((steps + 1) / n - values).max()))
    return Uniformity(
        name=name,
        count=n,
        histogram=tuple(int(k) for k in histogram),
        chi_square=chi_square,
        p_value=float(gammaincc((BINS - 1) / 2.0, chi_square / 2.0)),
        least_p=LEVEL / lines,
        worst_gap=gap,
    )


def histograms(found: Ranks) -> tuple[Uniformity, ...]:
    """The rank histograms of the total, the rate, the score on a date, and each area together."""
    named = {"total": found.total, "rate": found.rate, "score on a date": found.score}
    named |= {f"area {i + 1}": found.areas[:, i] for i in range(found.areas.shape[1])}
    return tuple(uniformity(name, share, lines=len(named)) for name, share in named.items())


__all__ = ["Ranks", "Uniformity", "histograms", "ranks", "uniformity"]
