"""An institution's own outcomes into population parameters, with honest intervals (rule F26).

Fitted are the median of the personal rate for each exam and group, by maximum likelihood of the
retakes' results and forms given their hours, and the share of planned hours that was done. Below a
stated number of retakes nothing is fitted: a few dozen results say less than the published rates.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import numpy as np

from bounceback import facts
from bounceback.errors import CaseError, Fault
from bounceback.forecast import kalman
from bounceback.forecast.normal import Floats, cdf
from bounceback.forecast.parameters import Constants, constants
from bounceback.forecast.retake_rate_prior import TypicalRetake, rate_median, with_rate_median
from bounceback.vocabulary import DISTANCES, EXAM_IDS, GROUPS, Distance, ExamId, Group

COLUMNS = (
    "exam",
    "group",
    "retake_year",
    "weeks",
    "failed_score",
    "failed_distance",
    "hours_done",
    "hours_planned",
    "forms",
    "result",
)
"""Columns of ``outcomes.csv``, one row a retake; an empty cell is unknown."""

FEWEST_RETAKES = 200
"""Retakes with known hours of one exam and group below which no rate is fitted: two standard
errors of a pass share of .7 are then .065, and the median's interval about a third of it."""

FEWEST_OF_A_RESULT = 20
"""Passes, and failures, below which the likelihood has no maximum worth a number."""

FEWEST_ADHERENCE = 100
"""Retakes with planned and done hours below which no adherence is fitted."""

LIKELIHOOD_DROP = 1.920729
"""Half the 95 % point of chi-square on one degree of freedom: ends of a profile interval."""

BOOTSTRAPS = 2000


@dataclass(frozen=True, slots=True)
class Retake:
    """One de-identified retake.

    Attributes:
        exam: Which exam.
        group: The learner's group.
        retake_year: Year of the retake; decides the marks.
        weeks: From the failed sitting to the retake.
        failed_score: Reported score of the failure, if the board gave one.
        failed_distance: Distance below the mark, where it gave none.
        hours_done: Hours of study between the report and the retake.
        hours_planned: Hours that were planned for it.
        forms: (family, weeks before the retake, score) of equated practice forms, oldest first.
        passed: What came.
    """

    exam: ExamId
    group: Group
    retake_year: int
    weeks: float
    failed_score: float | None
    failed_distance: Distance | None
    hours_done: float | None
    hours_planned: float | None
    forms: tuple[tuple[str, float, float], ...]
    passed: bool


@dataclass(frozen=True, slots=True)
class Fitted:
    """One parameter, or why there is none.

    Attributes:
        name: As in the parameters of the forecast.
        exam: Exam id, or ``*``.
        unit: As there.
        shipped: The value in use.
        value: The new one; ``None`` where it is not fitted.
        low: Lower end of the 95 % interval.
        high: Upper end.
        n: Retakes that count.
        passed: Passes among them; ``None`` where results play no part.
        why_not: The reason, where it is not fitted.
    """

    name: str
    exam: str
    unit: str
    shipped: float
    value: float | None
    low: float | None
    high: float | None
    n: int
    passed: int | None
    why_not: str = ""


def read_outcomes(text: str) -> tuple[Retake, ...]:
    """Read ``outcomes.csv``.

    Raises:
        CaseError: With every fault, by line.
    """
    reader = csv.DictReader(io.StringIO(text))
    given = tuple(reader.fieldnames or ())
    authority = "outcomes.csv, docs/reference/recalibration.md"
    if set(given) != set(COLUMNS):
        odd = sorted(set(given) ^ set(COLUMNS))
        raise CaseError(
            [
                Fault(
                    "outcomes.csv",
                    f"columns differ in {', '.join(odd)}",
                    ", ".join(COLUMNS),
                    authority,
                    "Names, dates and notes do not belong in it; leave unknown cells empty.",
                )
            ]
        )
    faults: list[Fault] = []
    rows = []
    for line, row in enumerate(reader, start=2):
        try:
            rows.append(_retake({k: (v or "").strip() for k, v in row.items() if k is not None}))
        except ValueError as error:
            given_there, allowed = error.args
            faults.append(
                Fault(f"outcomes.csv line {line}", given_there, allowed, authority, "Correct it.")
            )
    if faults:
        raise CaseError(faults)
    return tuple(rows)


def _one_of(row: dict[str, str], name: str, allowed: Sequence[str]) -> str:
    if row[name] not in allowed:
        raise ValueError(f"{name} {row[name]!r}", ", ".join(filter(None, allowed)))
    return row[name]


def _number(row: dict[str, str], name: str, low: float, high: float) -> float | None:
    if not row[name]:
        return None
    return _within(name, row[name], low, high)


def _within(name: str, text: str, low: float, high: float) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not low <= value <= high:
        raise ValueError(f"{name} {text!r}", f"a number from {low:g} to {high:g}, or empty")
    return value


def _retake(row: dict[str, str]) -> Retake:
    exam: ExamId = _one_of(row, "exam", EXAM_IDS)  # type: ignore[assignment]
    group: Group = _one_of(row, "group", GROUPS)  # type: ignore[assignment]
    scale = facts.exam(exam)
    year = _number(row, "retake_year", 2015, 2100)
    weeks = _number(row, "weeks", 1, 520)
    if year is None or weeks is None or year != int(year):
        raise ValueError("retake_year or weeks is empty or no whole year", "both, in every row")
    known = [f for f in facts.form_families(exam) if facts.form_family(f, exam).equated]
    forms = []
    for part in filter(None, (piece.strip() for piece in row["forms"].split(";"))):
        family, _, rest = part.partition(":")
        before, _, score = rest.partition(":")
        if family not in known:
            raise ValueError(f"forms {part!r}", f"family:weeks before:score; {', '.join(known)}")
        forms.append(
            (
                family,
                _within("forms, weeks before", before, 0, weeks),
                _within("forms, score", score, 0, 1000),
            )
        )
    return Retake(
        exam=exam,
        group=group,
        retake_year=int(year),
        weeks=weeks,
        failed_score=_number(row, "failed_score", scale.scale_low, scale.scale_high),
        failed_distance=_one_of(row, "failed_distance", ("", *DISTANCES)) or None,  # type: ignore[arg-type]
        hours_done=_number(row, "hours_done", 0, 10_000),
        hours_planned=_number(row, "hours_planned", 1, 10_000),
        forms=tuple(sorted(forms, key=lambda f: -f[1])),
        passed=_one_of(row, "result", ("pass", "fail")) == "pass",
    )


@cache
def _mark(exam: ExamId, on: date) -> float:
    return float(facts.pass_mark(exam, on).value)


def _sitting_days(r: Retake) -> tuple[date, date]:
    retake = date(r.retake_year, 7, 1)
    return retake - timedelta(days=round(7 * r.weeks)), retake


def _failure(c: Constants, r: Retake) -> tuple[float, float, float]:
    """Observed log distance (NaN without a number), low and high end of the interval."""
    mark = _mark(r.exam, _sitting_days(r)[0])
    if r.failed_score is not None:
        return c.log_distance(r.failed_score), math.nan, math.nan
    line = c.log_distance(mark - 0.5)
    near, moderate = (
        c.log_distance(mark - 0.5 - c.parameter[f"{cut}_below_sds"] * c.score_sd)
        for cut in ("near", "moderate")
    )
    low, high = {
        "near": (line, near),
        "moderate": (near, moderate),
        "far": (moderate, math.inf),
        None: (line, math.inf),
    }[r.failed_distance]
    return math.nan, low, high


@dataclass(frozen=True, slots=True)
class _Stretches:
    """N retakes in S stretches of days, each ended by a form (NaN: none); then the retake."""

    days: Floats
    unworked: Floats
    effort: Floats
    value: Floats
    noise: Floats
    failed_value: Floats
    failed_low: Floats
    failed_high: Floats
    log_mark: Floats
    passed: np.ndarray


def _stretches(c: Constants, retakes: Sequence[Retake]) -> _Stretches:
    n, s = len(retakes), 2 + max(len(r.forms) for r in retakes)
    days, unworked, effort = (np.zeros((n, s)) for _ in range(3))
    value, noise = np.full((n, s), np.nan), np.ones((n, s))
    wait = TypicalRetake.of(c).wait_days
    for i, r in enumerate(retakes):
        whole = 7.0 * r.weeks
        waited = min(wait, whole - 1.0)
        studied = whole - waited
        days[i, 0] = unworked[i, 0] = waited
        # One day of rest a week, and the hours spread evenly over the others.
        worked = studied * 6.0 / 7.0
        minutes = 60.0 * (r.hours_done or 0.0)
        a_day = c.law.effective_days(np.array([minutes / worked]))[0]
        a_day *= c.parameter["typical_study_worth"]
        unheld = float(c.law.unworked_share(np.array([minutes / studied]))[0])
        at = waited
        for k, (family, before, score) in enumerate(r.forms, start=1):
            end = max(whole - 7.0 * before, at)
            _fill(days, unworked, effort, i, k, end - at, a_day, unheld)
            conversion = facts.conversion(family, r.exam, _sitting_days(r)[1])
            value[i, k] = c.log_distance(float(conversion.to_reported(score)))
            noise[i, k] = (c.parameter[f"form_sd.{family}"] * c.log_points) ** 2
            at = end
        _fill(days, unworked, effort, i, s - 1, whole - at, a_day, unheld)
    failures = np.array([_failure(c, r) for r in retakes])
    return _Stretches(
        days,
        unworked,
        effort,
        value,
        noise,
        failures[:, 0],
        failures[:, 1],
        failures[:, 2],
        np.array([math.log(c.ceiling - _mark(r.exam, _sitting_days(r)[1]) + 0.5) for r in retakes]),
        np.array([r.passed for r in retakes]),
    )


def _fill(
    days: Floats,
    unworked: Floats,
    effort: Floats,
    i: int,
    k: int,
    length: float,
    a_day: float,
    unheld: float,
) -> None:
    days[i, k] = length
    unworked[i, k] = length * unheld
    effort[i, k] = length * 6.0 / 7.0 * a_day


def log_likelihood(c: Constants, s: _Stretches) -> float:
    """Log of the chance that the model gives to the forms and results, given the failures."""
    n = len(s.passed)
    p = c.parameter
    total = kalman.start(
        mean=np.full(n, c.prior_mean),
        sd=np.full(n, c.prior_sd),
        rate=c.rate,
        rate_weight=c.rate_weight,
        gap_mean=c.gap_mean,
        gap_sd=c.gap_sd,
    )
    sitting = np.full(n, c.sitting_sd**2 + c.mark_sd**2 + c.day_sd**2)
    kalman.observe(
        total,
        value=s.failed_value,
        variance=sitting,
        outlier_sds=p["outlier_sds"],
        stated_at=c.at_mark,
        practice=False,
    )
    kalman.observe_between(total, low=s.failed_low, high=s.failed_high, variance=sitting)
    total.log_weight[:] = np.log(total.weight())  # the failure itself is given
    for k in range(s.days.shape[1]):
        kalman.elapse(
            total,
            days=s.days[:, k],
            unworked_days=s.unworked[:, k],
            effort=s.effort[:, k],
            guess_mean=np.zeros(n),
            guess_variance=np.zeros(n),
            kappa=p["kappa"],
            forgetting_per_day=p["forgetting_per_day"],
            base=c.base,
            drift_variance_per_day=c.drift_variance_per_day,
        )
        kalman.observe(
            total,
            value=s.value[:, k],
            variance=s.noise[:, k],
            outlier_sds=p["outlier_sds"],
            stated_at=c.at_mark,
        )
    forms = total.log_weight.max(axis=-1)
    forms = forms + np.log(np.exp(total.log_weight - forms[:, None]).sum(axis=-1))
    spread = np.sqrt(total.variance + sitting[:, None])
    chance = (total.weight() * cdf((s.log_mark[:, None] - total.mean) / spread)).sum(axis=-1)
    chance = np.clip(chance, 1e-9, 1.0 - 1e-9)
    return float((forms + np.log(np.where(s.passed, chance, 1.0 - chance))).sum())


def fit_rate(retakes: Sequence[Retake], *, fewest: int = FEWEST_RETAKES) -> Fitted:
    """The median rate of one exam and group, with its profile-likelihood interval.

    Args:
        retakes: Of one exam and group; those without hours are left out.
        fewest: Below so many nothing is fitted.
    """
    exam, group = retakes[0].exam, retakes[0].group
    c = constants(exam, group, _sitting_days(retakes[0])[1], retaker=True)
    used = [r for r in retakes if r.hours_done is not None]
    passed = sum(r.passed for r in used)
    row = c.parameter
    shipped = row.get(f"rate_median.{group}", row.get("rate_median", rate_median(c)))

    def result(value: float | None, low: float | None, high: float | None, why: str = "") -> Fitted:
        return Fitted(
            f"rate_median.{group}",
            exam,
            "times the published growth",
            shipped,
            value,
            low,
            high,
            len(used),
            passed,
            why,
        )

    if len(used) < fewest:
        return result(None, None, None, f"{fewest} retakes with hours are needed")
    if min(passed, len(used) - passed) < FEWEST_OF_A_RESULT:
        needed = f"{FEWEST_OF_A_RESULT} passes and {FEWEST_OF_A_RESULT} failures are needed"
        return result(None, None, None, needed)
    s = _stretches(c, used)
    grid = np.exp(np.linspace(math.log(0.03), math.log(6.0), 49))
    at = np.array([log_likelihood(with_rate_median(c, float(m)), s) for m in grid])
    fine = np.linspace(math.log(grid[0]), math.log(grid[-1]), 4001)
    smooth = _through(np.log(grid), at, fine)
    best = int(np.argmax(smooth))
    inside = smooth >= smooth[best] - LIKELIHOOD_DROP
    if inside[0] or inside[-1]:
        return result(None, None, None, "the results do not bound it; more hours or forms would")
    held = np.flatnonzero(inside)
    value, low, high = (math.exp(float(fine[i])) for i in (best, held[0], held[-1]))
    return result(value, low, high)


def _through(x: Floats, y: Floats, at: Floats) -> Floats:
    """A smooth curve through the points."""
    from scipy.interpolate import CubicSpline  # type: ignore[import-untyped]

    return np.asarray(CubicSpline(x, y)(at))


def fit_adherence(
    retakes: Sequence[Retake], seed: int, *, fewest: int = FEWEST_ADHERENCE
) -> Fitted:
    """Done over planned hours, at most 1 a learner, with a bootstrap interval over learners."""
    shares = np.array(
        [
            min(r.hours_done / r.hours_planned, 1.0)
            for r in retakes
            if r.hours_done is not None and r.hours_planned is not None
        ]
    )
    shipped = float(facts.parameters("forecast", retakes[0].exam)["adherence_mean"].value)  # type: ignore[arg-type]
    name, unit, n = "adherence_mean", "share", len(shares)
    if n < fewest:
        why = f"{fewest} retakes with planned and done hours are needed"
        return Fitted(name, "*", unit, shipped, None, None, None, n, None, why)
    rng = np.random.default_rng(seed)
    means = shares[rng.integers(0, n, (BOOTSTRAPS, n))].mean(axis=1)
    low, high = (float(np.quantile(means, q)) for q in (0.025, 0.975))
    return Fitted(name, "*", unit, shipped, float(shares.mean()), low, high, n, None)


def recalibrate(retakes: Sequence[Retake], seed: int) -> tuple[Fitted, ...]:
    """Fit what the outcomes can bear: a rate for each exam and group, and adherence.

    Args:
        retakes: De-identified retakes; taken as independent of each other.
        seed: Of the bootstrap.
    """
    cells: dict[tuple[ExamId, Group], list[Retake]] = {}
    for r in retakes:
        cells.setdefault((r.exam, r.group), []).append(r)
    out = []
    for exam in EXAM_IDS:
        for group in GROUPS:
            if (exam, group) in cells:
                out.append(fit_rate(cells[exam, group]))
    if retakes:
        out.append(fit_adherence(retakes, seed))
    return tuple(out)


def parameter_rows(found: Sequence[Fitted], on: date) -> str:
    """The fitted parameters as CSV, with the columns of ``facts/data/parameters``."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        ("name", "exam", "value", "unit", "first", "source", "locator", "confidence", "note")
    )
    for f in found:
        if f.value is None:
            continue
        results = f", {f.passed} passed" if f.passed is not None else ""
        writer.writerow(
            (
                f.name,
                f.exam,
                f"{f.value:.4g}",
                f.unit,
                on.isoformat(),
                "bounceback",
                f"recalibrate: {f.n} retakes{results}",
                "inferred",
                f"95 % interval {f.low:.3g} to {f.high:.3g}; shipped {f.shipped:g}",
            )
        )
    return out.getvalue()


__all__ = [
    "COLUMNS",
    "FEWEST_ADHERENCE",
    "FEWEST_RETAKES",
    "Fitted",
    "Retake",
    "fit_adherence",
    "fit_rate",
    "parameter_rows",
    "read_outcomes",
    "recalibrate",
]
