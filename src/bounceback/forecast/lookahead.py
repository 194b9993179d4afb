"""Where the chance will go: the practice tests still to come, before they are taken.

Two views of the same belief. ``joint_future`` takes level, personal rate, adherence and the gap
between practice and the day as jointly Gaussian on the log scale, so that a whole schedule of tests
costs one small matrix: it gives the share of each date's uncertainty that the tests before it will
resolve, and how the news for one date bears on another. ``after_test`` runs the filter itself over
the possible results of one test. Both keep the mean: the chance expected after a test is the chance
of today (a martingale), since a test adds information and no ability.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np

from bounceback.errors import FactError
from bounceback.facts import conversion
from bounceback.forecast import kalman, normal
from bounceback.forecast.normal import Floats
from bounceback.forecast.parameters import Constants
from bounceback.forecast.posterior import Belief
from bounceback.forecast.prediction import Forecast, Futures, PlannedWork, futures

Z_80: Final = 1.2815515655446004
"""Standard deviations from the middle to either end of an 80 percent range."""

RESULTS: Final = 48
"""Equally likely results of one test at which the filter is run."""

_MOST_RESOLVED: Final = 0.995
_CLOSEST: Final = 1e-6
_SCORE_STEPS: Final = 160


@dataclass(frozen=True, slots=True)
class ComingTest:
    """A practice test still to be taken.

    Attributes:
        on: Its day.
        family: Family id, or ``timed-mixed-blocks``.
        form: Label; empty for a test that is assumed.
    """

    on: date
    family: str
    form: str = ""


@dataclass(frozen=True, slots=True)
class JointFuture:
    """Tests to come and test dates as one Gaussian, D dates and T tests.

    Attributes:
        dates: Test dates, oldest first.
        tests: Tests to come, oldest first.
        variance: (D,) variance of the reported outcome on the log scale, all noise included.
        cross: (D, T) covariance of the ability on a date with the result of a test; 0 where the
            test comes on or after the date.
        results: (T, T) covariance of the results.
    """

    dates: tuple[date, ...]
    tests: tuple[ComingTest, ...]
    variance: Floats
    cross: Floats
    results: Floats

    def resolved(self, until: Sequence[date]) -> tuple[Floats, Floats]:
        """Say what the tests up to a day before each date will tell.

        Args:
            until: For each date the last day on which a test still counts for it.

        Returns:
            (D,) share of each date's variance that those tests resolve, in [0, 1); and (D, D)
            correlation between the news for date i (on its day) and for a later date j (on its).
        """
        d = len(self.dates)
        last = [sum(1 for t in self.tests if t.on <= day) for day in until]
        gain: list[Floats] = []
        for row, n in enumerate(last):
            weights = np.zeros(len(self.tests))
            if n:
                weights[:n] = np.linalg.solve(self.results[:n, :n], self.cross[row, :n])
            gain.append(weights)
        gains = np.asarray(gain).reshape(d, len(self.tests))
        told = np.maximum((gains * self.cross).sum(axis=1), 0.0)
        share = np.minimum(told / self.variance, _MOST_RESOLVED)
        covariance = gains @ self.results @ gains.T
        scale = np.sqrt(np.maximum(np.diag(covariance), 0.0))
        both = np.outer(scale, scale)
        link = np.divide(covariance, both, out=np.zeros((d, d)), where=both > 0.0)
        return share, np.clip(link, -1.0, 1.0)

    def next_range(self, chance: Floats, place: int = 0) -> tuple[Floats, Floats]:
        """Return the 10th and 90th percentile of the chance after one test, (D,) each.

        Args:
            chance: (D,) chance of today.
            place: Which test; dates on or before its day keep their chance.
        """
        told = np.square(self.cross[:, place]) / self.results[place, place] / self.variance
        share = np.clip(told, 0.0, _MOST_RESOLVED)
        z = normal_quantiles(chance)
        low, high = (
            normal.cdf((z + sign * Z_80 * np.sqrt(share)) / np.sqrt(1.0 - share))
            for sign in (-1.0, 1.0)
        )
        return np.minimum(low, chance), np.maximum(high, chance)

    def after(self, place: int) -> JointFuture:
        """Return the same future once one test is in, whatever it says."""
        rest = [i for i in range(len(self.tests)) if i != place]
        column, own = self.results[rest, place], self.results[place, place]
        told = self.cross[:, place]
        return JointFuture(
            dates=self.dates,
            tests=tuple(self.tests[i] for i in rest),
            variance=self.variance - np.square(told) / own,
            cross=self.cross[:, rest] - np.outer(told, column) / own,
            results=self.results[np.ix_(rest, rest)] - np.outer(column, column) / own,
        )

    def select(self, dates: Sequence[date]) -> JointFuture:
        """Return the same future for some of the dates."""
        rows = [self.dates.index(d) for d in dates]
        return replace(
            self, dates=tuple(dates), variance=self.variance[rows], cross=self.cross[rows]
        )


def normal_quantiles(chance: Floats) -> Floats:
    """Standard normal quantiles of chances, held off 0 and 1; any shape."""
    held = np.clip(chance, _CLOSEST, 1.0 - _CLOSEST)
    return np.array([normal.quantile(float(p)) for p in held.ravel()]).reshape(held.shape)


def result_noise(c: Constants, family: str) -> tuple[float, float]:
    """Return bias and standard deviation of a test's total, in points.

    A family without numbers of its own counts as a typical one.
    """
    p = c.parameter
    unit = c.score_sd if family == "school" else 1.0
    sd = p.get(f"form_sd.{family}")
    if sd is None:
        return 0.0, p["form_sd.typical"] * c.score_sd
    bias_sd = p.get(f"form_bias_sd.{family}", 0.0) * unit
    return p.get(f"form_bias.{family}", 0.0) * unit, math.hypot(sd * unit, bias_sd)


@dataclass(frozen=True, slots=True)
class _Components:
    """The belief's mixture, one row a day and M components a row."""

    futures: Futures
    gap_mean: Floats
    gap_variance: Floats
    covariance: Floats
    rate: Floats


def _components(belief: Belief, work: PlannedWork) -> _Components:
    f = futures(belief, work)
    nodes = len(belief.adherence)

    def spread(values: Floats) -> Floats:
        return np.repeat(values, nodes)

    total = belief.total
    return _Components(
        futures=f,
        gap_mean=spread(total.gap_mean[0]),
        gap_variance=spread(total.gap_variance[0]),
        covariance=spread(total.covariance[0]),
        rate=spread(np.broadcast_to(total.rate, total.mean.shape)[0]),
    )


def joint_future(
    belief: Belief, tests: Sequence[ComingTest], dates: Sequence[date], work: PlannedWork
) -> JointFuture:
    """Take tests to come and test dates together.

    Args:
        belief: Where the learner stands.
        tests: Tests to come, oldest first.
        dates: Test dates, oldest first.
        work: Planned work up to each of the tests, then up to each of the dates.

    Returns:
        The joint future. Covariances between components (rate and adherence unknown) and within
        them (level and practice gap unknown) are both in.
    """
    c = belief.constants
    n = len(tests)
    if not dates:
        return JointFuture((), tuple(tests), np.zeros(0), np.zeros((0, n)), np.eye(n))
    parts = _components(belief, work)
    f = parts.futures
    w = f.weight[0]
    keep = f.kept @ w
    shown = f.level[:n] - parts.gap_mean
    off_test = shown - (shown @ w)[:, None]
    ability = f.level[n:]
    off_date = ability - (ability @ w)[:, None]
    lasting = f.lasting @ w
    gap = float(w @ parts.gap_variance)
    shared = float(w @ parts.covariance)
    earlier = np.minimum.outer(np.arange(n), np.arange(n))
    later = np.maximum.outer(np.arange(n), np.arange(n))
    within = lasting[:n][earlier] * keep[:n][later] / keep[:n][earlier]
    results = within - shared * np.add.outer(keep[:n], keep[:n]) + gap
    results = results + (off_test * w) @ off_test.T
    middle = np.exp(f.level[:n] @ w) if n else np.zeros(0)
    points = np.array([result_noise(c, t.family)[1] for t in tests])
    results[np.diag_indices(n)] += np.square(points / np.maximum(middle, c.nearest))
    cross = (
        lasting[:n][None, :] * keep[n:][:, None] / keep[:n][None, :] - shared * keep[n:][:, None]
    )
    cross = cross + (off_date * w) @ off_test.T
    before = np.array([[t.on < d for t in tests] for d in dates]).reshape(len(dates), n)
    sitting = c.day_sd**2 + c.sitting_sd**2 + c.mark_sd**2
    variance = lasting[n:] + np.square(off_date) @ w + sitting
    return JointFuture(tuple(dates), tuple(tests), variance, np.where(before, cross, 0.0), results)


@dataclass(frozen=True, slots=True)
class AfterTest:
    """What one test may say, R equally likely results, best first, and the chances after each.

    Attributes:
        test: The test.
        scores: (R,) results on the exam's reported scale, its own bias still in.
        chance: (R, D) chance of passing on each date after that result; its mean over R is the
            chance of today.
        drift: Largest distance of that mean from today's chance before it was set right.
    """

    test: ComingTest
    scores: Floats
    chance: Floats
    drift: float


def after_test(
    belief: Belief,
    test: ComingTest,
    forecasts: Sequence[Forecast],
    work: PlannedWork,
    *,
    results: int = RESULTS,
) -> AfterTest:
    """Run the filter over the possible results of one test.

    Args:
        belief: Where the learner stands.
        test: The test.
        forecasts: Dates after it with the chances of today.
        work: Planned work up to the test, then up to each of those dates.
        results: How many equally likely results.
    """
    c = belief.constants
    parts = _components(belief, work)
    f = parts.futures
    level, lasting = f.level[0], f.lasting[0]
    bias, sd = result_noise(c, test.family)
    noise = (sd * c.log_points) ** 2
    own = lasting - 2.0 * f.kept[0] * parts.covariance + parts.gap_variance
    scores = _equal_shares(c, level - parts.gap_mean, own, f.weight[0], noise, results)
    total = kalman.Total(
        rate=parts.rate,
        mean=np.repeat(level[None, :], results, axis=0),
        variance=np.repeat(lasting[None, :], results, axis=0),
        log_weight=np.repeat(np.log(np.maximum(f.weight[:1], 1e-300)), results, axis=0),
        gap_mean=np.repeat(parts.gap_mean[None, :], results, axis=0),
        gap_variance=np.repeat(parts.gap_variance[None, :], results, axis=0),
        covariance=np.repeat((f.kept[0] * parts.covariance)[None, :], results, axis=0),
    )
    alone = not any(e.weight > 0 and e.kind != "first-takers" for e in belief.evidence)
    kalman.observe(
        total,
        value=np.log(np.maximum(c.ceiling - scores, c.nearest)),
        variance=np.full(results, noise),
        outlier_sds=c.parameter["outlier_sds"],
        stated_at=c.at_mark,
        stops=not alone,
    )
    ratio = (f.kept[1:] / f.kept[0])[None, :, :]
    moved = f.level[None, 1:, :] + ratio * (total.mean - level)[:, None, :]
    spread = f.lasting[None, 1:, :] + ratio**2 * (total.variance - lasting)[:, None, :]
    passing = kalman.chance_nearer(
        moved,
        np.maximum(spread, 1e-9),
        line=c.log_mark,
        noise=c.day_sd**2 + c.sitting_sd**2 + c.mark_sd**2,
        stated_at=c.at_mark,
    )
    chance = (passing * total.weight()[:, None, :]).sum(axis=-1)
    # Better results never lower a chance; far out the filter's own rounding could.
    chance = np.minimum.accumulate(chance, axis=0)
    today = np.array([one.p_pass for one in forecasts])
    drift = float(np.abs(chance.mean(axis=0) - today).max(initial=0.0))
    return AfterTest(test, scores + bias, _keep_mean(chance, today), drift)


def _equal_shares(
    c: Constants, mean: Floats, variance: Floats, weight: Floats, noise: float, results: int
) -> Floats:
    """(R,) scores in the middle of R equally likely bands, best first."""
    sd = np.sqrt(variance + noise)
    low, high = (mean - 5.0 * sd).min(), (mean + 5.0 * sd).max()
    lines = np.linspace(low, high, _SCORE_STEPS)
    nearer = kalman.chance_nearer(
        mean[None, :], variance[None, :], line=lines[:, None], noise=noise, stated_at=c.at_mark
    )
    share = np.maximum.accumulate(nearer @ weight)
    wanted = (np.arange(results) + 0.5) / results
    return np.asarray(c.score(np.interp(wanted, share, lines)))


def _keep_mean(chance: Floats, today: Floats) -> Floats:
    """Shift each column on the normal scale until its mean is the chance of today."""
    z = normal_quantiles(chance)
    shift = np.zeros(len(today))
    for _ in range(12):
        moved = normal.cdf(z + shift)
        slope = np.maximum(normal.pdf(z + shift).mean(axis=0), 1e-4)
        shift = shift + np.clip((today - moved.mean(axis=0)) / slope, -1.0, 1.0)
    return np.asarray(normal.cdf(z + shift))


def on_own_scale(test: ComingTest, exam: str, reported: float) -> float | None:
    """Return a reported score on the scale that the test prints; ``None`` without a conversion."""
    try:
        return float(conversion(test.family, exam, test.on).from_reported(reported))
    except FactError:
        return None


def work_on(work: PlannedWork, days: Sequence[float]) -> PlannedWork:
    """Return planned work up to other days, on the lines between the days that are known.

    Args:
        work: Planned work up to some days, oldest first.
        days: Days from today; beyond the last the work of the last holds.
    """
    at = np.concatenate([[0.0], work.days])
    wanted = np.asarray(days, dtype=np.float64)
    effort = np.vstack([np.zeros((1, work.effort.shape[1])), work.effort])
    columns = [np.interp(wanted, at, effort[:, a]) for a in range(effort.shape[1])]
    unworked = np.interp(wanted, at, np.concatenate([[0.0], work.unworked_days]))
    return PlannedWork(wanted, unworked, np.stack(columns, axis=-1))


def join_work(first: PlannedWork, second: PlannedWork) -> PlannedWork:
    """Return the rows of both, in order."""
    return PlannedWork(
        np.concatenate([first.days, second.days]),
        np.concatenate([first.unworked_days, second.unworked_days]),
        np.vstack([first.effort, second.effort]),
    )
