"""100,000 learners, 12 forms each, 26 dates with chance and range, against filterpy a learner.

The peer runs the same model with a maintained Kalman library: one scalar filter a rate node, twelve
updates each, then the mixture on every date. It is measured on a few learners and quoted per
learner; ours is measured on a part of the cohort and quoted per learner too.
"""

from __future__ import annotations

import math
import tracemalloc
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter

import numpy as np

from benchmarks.measuring import Row, turn_about
from bounceback import facts
from bounceback.forecast.baseline_schedule import steady_work
from bounceback.forecast.batch import Ahead, Histories, filtered_areas, forecast_cohort
from bounceback.forecast.normal import Floats
from bounceback.forecast.parameters import Constants, constants
from bounceback.forecast.posterior import believe
from bounceback.forecast.prediction import predict
from bounceback.records import examples, read_case

LEARNERS, PEERS, FORMS, DATES = 20_000, 40, 12, 26
ADHERENCE = np.array([0.5, 0.7, 0.9])
WEIGHT = np.full(3, 1.0 / 3.0)


def cohort(c: Constants, n: int) -> tuple[Histories, Ahead]:
    """A made-up cohort: a failure, then a form every ten days with recorded work between."""
    rng = np.random.default_rng(20261122)
    value = 4.62 - 0.015 * np.arange(FORMS) + rng.normal(0.0, 0.08, (n, FORMS))
    histories = Histories(
        days=np.full((n, FORMS), 10.0),
        unworked_days=np.full((n, FORMS), 2.0),
        effort=rng.uniform(1.0, 7.0, (n, FORMS)),
        guess_mean=np.zeros((n, FORMS)),
        guess_variance=np.zeros((n, FORMS)),
        value=value,
        variance=np.full((n, FORMS), (c.parameter["form_sd.nbme-cbssa"] * c.log_points) ** 2),
        failed=np.ones(n),
    )
    days = 7.0 * np.arange(1, DATES + 1)
    return histories, Ahead(days, days / 7.0, np.outer(rng.uniform(0.2, 0.8, n), days))


def ours(c: Constants, histories: Histories, ahead: Ahead, *, areas: bool) -> float:
    """Seconds a learner."""
    n = len(histories.failed)
    weights = np.fromiter(
        facts.exam_weights("usmle-step-1", date(2027, 1, 8)).values(), dtype=np.float64
    )
    tables: Floats | None = None
    if areas:
        rng = np.random.default_rng(7)
        tables = rng.normal(0.0, 0.1, (n, FORMS, len(weights)))
        noise = np.full_like(tables, 0.05)
    started = perf_counter()
    forecast_cohort(c, histories, ahead, adherence=ADHERENCE, adherence_weight=WEIGHT)
    if tables is not None:
        filtered_areas(c, weights, days=histories.days, value=tables, variance=noise)
    return (perf_counter() - started) / n


def peer(c: Constants, histories: Histories, ahead: Ahead) -> float:
    """Seconds a learner of a loop over filterpy, one filter a rate node."""
    from filterpy.kalman import KalmanFilter

    kappa, keep_rate = c.parameter["kappa"], c.parameter["forgetting_per_day"]
    started = perf_counter()
    for i in range(PEERS):
        means, variances, logs = [], [], []
        for rate, weight in zip(c.rate, c.rate_weight, strict=True):
            f = KalmanFilter(dim_x=1, dim_z=1, dim_u=1)
            f.x, f.P = np.array([[c.prior_mean]]), np.array([[c.prior_sd**2]])
            f.H = np.array([[1.0]])
            log_weight = math.log(weight)
            for t in range(FORMS):
                keep = math.exp(-keep_rate * histories.unworked_days[i, t])
                f.F = np.array([[keep]])
                f.B = np.array([[1.0]])
                f.Q = np.array([[c.drift_variance_per_day * histories.days[i, t]]])
                f.R = np.array([[histories.variance[i, t]]])
                control = c.base * (1 - keep) - kappa * rate * histories.effort[i, t]
                f.predict(u=np.array([[control]]))
                f.update(np.array([[histories.value[i, t]]]))
                log_weight += float(f.log_likelihood)
            means.append(float(f.x[0, 0]))
            variances.append(float(f.P[0, 0]))
            logs.append(log_weight)
        w = np.exp(np.array(logs) - max(logs))
        w /= w.sum()
        for day in range(DATES):
            keep = math.exp(-keep_rate * ahead.unworked_days[day])
            found = 0.0
            for k, rate in enumerate(c.rate):
                for share, alpha in zip(WEIGHT, ADHERENCE, strict=True):
                    mean = (
                        c.base
                        + (means[k] - c.base) * keep
                        - kappa * rate * alpha * ahead.effort[i, day]
                    )
                    spread = math.sqrt(
                        variances[k] * keep**2
                        + c.drift_variance_per_day * ahead.days[day]
                        + c.sitting_sd**2
                    )
                    t = (c.log_mark - mean) / spread
                    found += w[k] * share * 0.5 * math.erfc(-t / math.sqrt(2.0))
    return (perf_counter() - started) / PEERS


def one_warm_learner() -> float:
    """Median seconds for one record: evidence in, 26 dates with chance and range out."""
    record = read_case(Path(examples.__file__).parent / "step-1.toml").record
    on = date(2026, 11, 22)
    days = [on + timedelta(days=7 * i) for i in range(1, DATES + 1)]

    def answer() -> None:
        belief = believe(record, on)
        predict(belief, days, steady_work(record, belief, days))

    return turn_about(answer, rounds=31)[0]


def memory_beyond_results(c: Constants) -> float:
    """Peak bytes a learner beyond inputs and results."""
    histories, ahead = cohort(c, 4096)
    tracemalloc.start()
    found = forecast_cohort(c, histories, ahead, adherence=ADHERENCE, adherence_weight=WEIGHT)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    results = sum(a.nbytes for a in (found.p_pass, found.p_pass_low, found.p_pass_high))
    return (peak - results) / len(histories.failed)


def rows() -> list[Row]:
    """Ours against the peer, totals alone and with area tables."""
    c = constants("usmle-step-1", "us-md", date(2027, 1, 8), retaker=True)
    histories, ahead = cohort(c, LEARNERS)
    ours(c, *cohort(c, 1024), areas=False)
    theirs = peer(c, histories, ahead)
    out = []
    for areas, name in ((False, "12 form totals, 26 dates"), (True, "the same with area tables")):
        taken = ours(c, histories, ahead, areas=areas)
        out.append(
            Row(f"100,000 learners: {name}", taken * 1e5, theirs * 1e5, "filterpy loop", 1 / 30)
        )
    out.append(
        Row("one warm learner, 26 dates", one_warm_learner() * 1e3, 10.0, "the goal", 1.0, "ms")
    )
    kilobytes = memory_beyond_results(c) / 1024.0
    out.append(Row("memory a learner beyond inputs", kilobytes, 8.0, "the goal", 1.0, unit="KB"))
    return out
