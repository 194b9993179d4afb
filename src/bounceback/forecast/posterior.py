"""From a record to a belief: one pass through the evidence, oldest first (rules F5-F15)."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from bounceback import facts
from bounceback.forecast import area_effects, earlier_exams, kalman
from bounceback.forecast import observations as evidence
from bounceback.forecast.learning_curve import Dynamics
from bounceback.forecast.normal import Floats
from bounceback.forecast.observations import EvidenceKind
from bounceback.forecast.parameters import Constants, constants
from bounceback.forecast.work_diary import Work, WorkDiary, trust_in_notes
from bounceback.reasons import Reason, reason
from bounceback.records.models import Record


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence with its share of the information.

    Attributes:
        kind: What it is.
        subject: The exam of an attempt, the family of a practice test, the bank of blocks, or the
            published group.
        label: The form of a practice test; else empty.
        on: Its day; ``None`` for the published group.
        weight: Share of the standing's mean that it supplies; all shares add up to 1.
        flags: Why it counts for less, or what it contradicts.
        reported: The same on the reported score scale, before bias; ``None`` without a number.
        printed_p_pass: The chance printed on the report, if any, beside ours.
    """

    kind: EvidenceKind
    subject: str
    label: str
    on: date | None
    weight: float
    flags: tuple[Reason, ...] = ()
    reported: float | None = None
    printed_p_pass: float | None = None


@dataclass(frozen=True, slots=True)
class AreaStanding:
    """Where the learner stands in one area: mean and SD on the reported scale, exam share."""

    area: str
    mean: float
    sd: float
    exam_weight: float


@dataclass(frozen=True, slots=True)
class Belief:
    """Everything believed about one learner at the start of ``as_of``.

    ``total`` has one learner (N = 1); ``areas`` the deviations; ``adherence`` (J,) with
    ``adherence_weight`` the grid of the done share of planned work. ``supply_known`` tells whether
    the record names a question bank: where it does not, plans count on one without end, and the
    forecast on what a typical learner has left.
    """

    as_of: date
    constants: Constants
    total: kalman.Total
    areas: area_effects.Deviations
    area_names: tuple[str, ...]
    adherence: Floats
    adherence_weight: Floats
    evidence: tuple[Evidence, ...]
    retaker: bool
    supply_known: bool

    @property
    def score_mean(self) -> float:
        """Mean of today's ability, in points of the reported scale."""
        return self.constants.ceiling - float(distance_moments(self.total)[0][0])

    @property
    def score_sd(self) -> float:
        """SD of today's ability, in points."""
        return float(distance_moments(self.total)[1][0])

    @property
    def rate_mean(self) -> float:
        """Posterior mean of the personal rate, in times the published growth."""
        return float((self.total.weight() @ self.total.rate)[0])

    def area_standings(self) -> tuple[AreaStanding, ...]:
        """Standing by area; the exam-weighted mean of the areas is the total's."""
        distance, distance_sd = self._distances()
        return tuple(
            AreaStanding(name, self.constants.ceiling - float(d), float(s), float(w))
            for name, d, s, w in zip(
                self.area_names, distance, distance_sd, self.areas.exam_weight, strict=True
            )
        )

    def _distances(self) -> tuple[Floats, Floats]:
        mean, sd = distance_moments(self.total)
        distance = mean[0] * self.areas.share_of_distance()
        return distance, distance * np.sqrt(self.areas.variance + (sd[0] / mean[0]) ** 2)

    def dynamics(self) -> Dynamics:
        """What the plan may know: expected distances and how work shortens them."""
        c = self.constants
        distance, distance_sd = self._distances()
        weight = self.total.weight()[0]
        mean = float(weight @ self.total.mean[0])
        spread = float(weight @ (self.total.variance[0] + (self.total.mean[0] - mean) ** 2))
        return Dynamics(
            areas=self.area_names,
            exam_weight=self.areas.exam_weight,
            distance=distance,
            distance_sd=distance_sd,
            log_distance_sd=math.sqrt(spread),
            ceiling=c.ceiling,
            mark=c.mark,
            score_sd=c.score_sd,
            sitting_sd_log=math.hypot(c.sitting_sd, c.mark_sd),
            kappa=c.parameter["kappa"],
            rate=self.total.rate,
            rate_weight=weight,
            adherence=self.adherence,
            adherence_weight=self.adherence_weight,
            forgetting_per_day=c.parameter["forgetting_per_day"],
            base_log_distance=c.base,
            law=c.law,
        )


def distance_moments(total: kalman.Total) -> tuple[Floats, Floats]:
    """Mean and SD of the distance to the ceiling in points, (N,) each: a mixture of log-normals.

    Above 0 however near the ceiling: a score there would be rounded to the ceiling itself.
    """
    weight = total.weight()
    distance = np.exp(total.mean + 0.5 * total.variance)
    square = np.exp(2.0 * total.mean + 2.0 * total.variance)
    mean = (weight * distance).sum(axis=-1)
    variance = (weight * square).sum(axis=-1) - mean**2
    return mean, np.sqrt(np.maximum(variance, 0.0))


def adherence_grid(record: Record, c: Constants, as_of: date) -> tuple[Floats, Floats]:
    """Grid of the share of planned work that will be done and be worth what the plan counts.

    A beta prior, updated by the record's own ticks: a planned day of ``adherence_day_minutes``
    counts as one observation. The ticks of a few days speak for the learner in full and against
    them little: what was left undone counts as the log becomes long enough to be trusted, so that
    a short honest log is never worse than none. Where the record names no question bank, what
    there is to study from is unknown too, and the share spreads further.
    """
    p = c.parameter
    planned = done = 0.0
    days = set()
    for session in record.plan:
        if session.date < as_of and session.done_minutes is not None and session.activity:
            planned += session.minutes
            done += min(session.done_minutes, session.minutes)
            days.add(session.date)
    unit, mean = p["adherence_day_minutes"], p["adherence_mean"]
    trust = trust_in_notes(len(days), c)
    a = mean * p["adherence_prior_days"]
    b = (1.0 - mean) * p["adherence_prior_days"]
    # Done as planned by the average learner changes nothing while the log is short.
    a += (trust * done + (1.0 - trust) * max(done - mean * planned, 0.0)) / unit
    b += trust * (planned - done) / unit
    if not supply_known(record):
        share = a / (a + b)
        more = mean / (1.0 - mean) * p["unknown_supply_spread"] ** 2
        days_worth = 1.0 / (1.0 / (a + b + 1.0) + more) - 1.0
        a, b = share * days_worth, (1.0 - share) * days_worth
    return beta_nodes(a, b, int(p["adherence_nodes"]))


def supply_known(record: Record) -> bool:
    """Whether the record names a question bank; a deck or a book alone says nothing of one."""
    return any(resource.kind == "questions" for resource in record.resources)


def beta_nodes(a: float, b: float, nodes: int) -> tuple[Floats, Floats]:
    """Nodes in (0, 1) and weights with the beta's own moments up to the (2 · nodes - 1)-th.

    Gauss quadrature: eigenvalues of the Jacobi matrix of the beta's orthogonal polynomials, weights
    from the eigenvectors' first entries (Golub and Welsch 1969).
    """
    n = np.arange(nodes, dtype=np.float64)
    s = a + b + 2.0 * n
    centre = np.full(nodes, 0.5)
    # At n = 0 the general term would be 0/0 where a + b is 2; the mean is plain.
    centre[0] = a / (a + b)
    k = n[1:]
    centre[1:] += (a - b) * (a + b - 2.0) / (2.0 * s[1:] * (s[1:] - 2.0))
    beside = k * (k + a - 1.0) * (k + b - 1.0) * (k + a + b - 2.0)
    beside = np.sqrt(beside / ((s[1:] - 1.0) * (s[1:] - 2.0) ** 2 * (s[1:] - 3.0)))
    x, vectors = np.linalg.eigh(np.diag(centre) + np.diag(beside, 1) + np.diag(beside, -1))
    return x, np.square(vectors[0])


def believe(record: Record, as_of: date, *, test_date: date | None = None) -> Belief:
    """Take in everything the record says up to ``as_of``.

    Args:
        record: The learner's record; evidence after ``as_of`` is ignored.
        as_of: The day asked about; the belief is at its start, with that day's evidence in.
        test_date: Decides the pass mark and the areas; default the planned date, else ``as_of``.

    Returns:
        The belief; with no evidence, the published first takers of the group.

    Raises:
        FactUnknown: A number the model needs is not published.
    """
    target = test_date or record.exam.planned_date or as_of
    target = max(target, as_of)
    failed = any(
        a.exam == record.exam.id and a.outcome == "fail" and a.date <= as_of
        for a in record.attempts
    )
    c = constants(record.exam.id, record.learner.group, target, retaker=failed)
    names = tuple(facts.exam_weights(c.exam, target))
    exam_weight = np.fromiter(facts.exam_weights(c.exam, target).values(), dtype=np.float64)
    areas = area_effects.start(
        exam_weight, ability_sd=c.prior_sd, correlation=c.parameter["area_correlation"]
    )
    before = earlier_exams.observations(record, c, as_of)
    seen = evidence.observations(record, c, as_of)
    diary = WorkDiary(record, c, as_of)
    start = min((o.on for o in seen), default=as_of)
    first_sitting = min((o.on for o in seen if o.kind == "attempt"), default=start)
    pace = c.parameter["kappa"] * float(c.rate @ c.rate_weight)
    total = kalman.start(
        mean=np.array([c.prior_mean]),
        sd=np.array([c.prior_sd]),
        rate=c.rate,
        rate_weight=c.rate_weight,
        gap_mean=c.gap_mean,
        gap_sd=c.gap_sd,
    )
    taken = _Taken(total, areas, c, record.learner.group)
    for o in before:
        taken.take(o)
    below = _below_mark(total, areas, c)
    _take_back(total, diary.between(start, first_sitting, below), c, pace)
    day = start
    for o in seen:
        if o.says_something:
            _pass_time(total, areas, diary, c, day, o.on, pace)
            day = o.on
        taken.take(o)
    _pass_time(total, areas, diary, c, day, as_of, pace)
    adherence, adherence_weight = adherence_grid(record, c, as_of)
    return Belief(
        as_of=as_of,
        constants=c,
        total=total,
        areas=areas,
        area_names=names,
        adherence=adherence,
        adherence_weight=adherence_weight,
        evidence=taken.weighed(),
        retaker=failed,
        supply_known=supply_known(record),
    )


class _Taken:
    """Evidence taken into one belief, piece by piece, each with its share of the mean."""

    def __init__(
        self, total: kalman.Total, areas: area_effects.Deviations, c: Constants, group: str
    ) -> None:
        self._total, self._areas, self._c = total, areas, c
        self._pieces = [Evidence("first-takers", group, "", None, 1.0)]
        self._shares = [1.0]

    def take(self, o: evidence.Observation) -> None:
        """Take one observation in, on the day to which the belief was carried."""
        share, flags = 0.0, list(o.flags)
        if o.value is not None:
            share, far = self._score(o, o.value)
            flags += [far] if far else []
        elif o.low is not None and o.high is not None:
            low, high = np.array([o.low]), np.array([o.high])
            got = kalman.observe_between(
                self._total, low=low, high=high, variance=np.array([o.variance])
            )
            share = float(got[0])
        if o.area_value is not None and o.area_variance is not None:
            area_effects.observe(self._areas, o.area_value, o.area_variance)
        self._shares = [s * (1.0 - share) for s in self._shares] + [share]
        self._pieces.append(
            Evidence(
                o.kind, o.subject, o.label, o.on, 0.0, tuple(flags), o.reported, o.printed_p_pass
            )
        )

    def _score(self, o: evidence.Observation, value: float) -> tuple[float, Reason | None]:
        """Take a number in; its share, and how it contradicts what was believed, if it does."""
        limit = self._c.parameter["outlier_sds"]
        beside = any(s > 0.0 for s in self._shares[1:])
        # A first result far from its group tells who came to it, or of a bad day: no contradiction.
        # An earlier exam is part of the prior itself.
        alone = o.kind == "earlier-exam" or not beside
        got, surprise = kalman.observe(
            self._total,
            value=np.array([value]),
            variance=np.array([o.variance]),
            outlier_sds=limit,
            stated_at=None if o.kind == "earlier-exam" else self._c.at_mark,
            practice=o.is_practice,
            stops=not alone,
        )
        if alone or abs(float(surprise[0])) <= limit:
            return float(got[0]), None
        below = bool(surprise[0] > 0)
        return float(got[0]), reason("forecast.far-from-others", below=below)

    def weighed(self) -> tuple[Evidence, ...]:
        """Every piece with its share of the information; the shares sum to 1."""
        pairs = zip(self._pieces, self._shares, strict=True)
        return tuple(replace(piece, weight=share) for piece, share in pairs)


def _below_mark(total: kalman.Total, areas: area_effects.Deviations, c: Constants) -> Floats:
    """(A,) expected distance of each area below the passing score, in exam SDs."""
    distance = distance_moments(total)[0][0] * areas.share_of_distance()
    return np.asarray((distance - (c.ceiling - c.mark)) / c.score_sd)


def _take_back(total: kalman.Total, work: Work, c: Constants, pace: float) -> None:
    """Set the prior back by the work before the first sitting, in place (rule F5).

    First takers' level is published for the day of the sitting. Evidence from before it meets
    learners who had not yet gained, at each node's own rate, what that work gave them; let pass
    again, it returns to the published level in every node, so that what says nothing of the score
    changes nothing. The spread that those days add is taken off first, at most to half.
    """
    p = c.parameter
    keep = np.exp(-p["forgetting_per_day"] * work.unworked_days)
    gained = p["kappa"] * total.rate * work.effort + pace * work.guess_mean
    before = total.mean + gained
    # Forgetting took from those above the base alone.
    total.mean[:] = before + (1.0 / keep - 1.0) * np.minimum(before - c.base, 0.0)
    added = pace**2 * work.guess_variance + c.drift_variance_per_day * work.days
    total.variance[:] = np.maximum(total.variance - added, 0.5 * total.variance) / keep**2


def _pass_time(
    total: kalman.Total,
    areas: area_effects.Deviations,
    diary: WorkDiary,
    c: Constants,
    start: date,
    end: date,
    pace: float,
) -> None:
    """Let the days from ``start`` to ``end`` pass for total and areas, in place."""
    if end <= start:
        return
    work = diary.between(start, end, _below_mark(total, areas, c))
    kalman.elapse(
        total,
        days=np.array([work.days]),
        unworked_days=np.array([work.unworked_days]),
        effort=np.array([work.effort]),
        guess_mean=np.array([work.guess_mean]),
        guess_variance=np.array([work.guess_variance]),
        kappa=c.parameter["kappa"],
        forgetting_per_day=c.parameter["forgetting_per_day"],
        base=c.base,
        drift_variance_per_day=c.drift_variance_per_day,
    )
    felt = (1.0 - c.law.spill_over) * work.by_area / areas.exam_weight
    shift = -pace * (felt - float((areas.exam_weight * areas.share_of_distance()) @ felt))
    area_effects.elapse(
        areas,
        days=work.days,
        drift_variance_per_day=c.parameter["area_drift_sd_per_week"] ** 2 / 7.0,
        shift=shift if work.by_area.any() else None,
    )


def p_pass_now(belief: Belief) -> float:
    """Chance of passing if the sitting were at the start of ``as_of``."""
    c, total = belief.constants, belief.total
    chance = kalman.chance_nearer(
        total.mean,
        total.variance,
        line=c.log_mark,
        noise=c.day_sd**2 + c.sitting_sd**2 + c.mark_sd**2,
        stated_at=c.at_mark,
    )
    return float((total.weight() * chance).sum())


def days(start: date, end: date) -> list[date]:
    """The days from ``start`` (included) to ``end`` (excluded)."""
    return [start + timedelta(days=n) for n in range((end - start).days)]
