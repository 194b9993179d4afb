"""What the published repeat rates say about the typical retaker (rule F4).

Repeat rates count attempts of a year: first repeats mixed with later ones. The model's own
version of that number walks a typical retaker through it: first takers of the group, a failure,
the wait for a result, a typical retake, and for those who fail again the same once more. What
the rates identify is the product of the personal rate and the effective days of a typical
retake; the split between the two is stated once, in ``parameters/forecast.csv``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from bounceback.forecast import kalman
from bounceback.forecast.parameters import Constants, constants, rate_grid
from bounceback.vocabulary import ExamId, Group


@dataclass(frozen=True, slots=True)
class TypicalRetake:
    """The named, inferred retake to which repeat rates are tied."""

    wait_days: float
    study_days: float
    effective_days: float
    return_share: float
    most_attempts: int

    @classmethod
    def of(cls, c: Constants) -> TypicalRetake:
        """As stated in the parameters."""
        p = c.parameter
        return cls(
            wait_days=p["typical_retake_wait_days"],
            study_days=p["typical_retake_days"],
            effective_days=p["typical_retake_effective_days"],
            return_share=p["return_share"],
            most_attempts=4,
        )


def repeat_pass_share(c: Constants, *, first_mark: float, retake: TypicalRetake) -> float:
    """The model's share of repeat attempts that pass, in the mixture the boards publish.

    Args:
        c: Constants; ``c.mark`` is the mark at the retake.
        first_mark: The mark under which the first failure fell.
        retake: What a typical retake is.

    Returns:
        Passed repeat attempts over repeat attempts, second to ``most_attempts``-th together.
    """
    p = c.parameter
    total = kalman.start(
        mean=np.array([c.prior_mean]),
        sd=np.array([c.prior_sd]),
        rate=c.rate,
        rate_weight=c.rate_weight,
    )
    variance = np.array([c.sitting_sd**2 + c.mark_sd**2 + c.day_sd**2])
    line = math.log(c.ceiling - first_mark + 0.5)
    sitting, present, passed = 0.0, 1.0, 0.0
    for attempt in range(2, retake.most_attempts + 1):
        kalman.observe_between(
            total, low=np.array([line]), high=np.array([math.inf]), variance=variance
        )
        for days, effort in (
            (retake.wait_days, 0.0),
            (retake.study_days, retake.effective_days),
        ):
            kalman.elapse(
                total,
                days=np.array([days]),
                unworked_days=np.array([days if effort == 0.0 else 0.0]),
                effort=np.array([effort]),
                guess_mean=np.zeros(1),
                guess_variance=np.zeros(1),
                kappa=p["kappa"],
                forgetting_per_day=p["forgetting_per_day"],
                base=c.base,
                drift_variance_per_day=c.drift_variance_per_day,
            )
        passing = kalman.chance_nearer(
            total.mean,
            total.variance,
            line=c.log_mark,
            noise=float(variance[0]),
            stated_at=c.at_mark,
        )
        chance = float((total.weight() * passing).sum())
        sitting += present
        passed += present * chance
        present *= (1.0 - chance) * retake.return_share
        line = c.log_mark
        if attempt == retake.most_attempts:
            break
    return passed / sitting


def rate_median(c: Constants) -> float:
    """The median of the personal rate's prior: half of the grid's weight lies on either side.

    A node stands for the stretch around it, so the middle of its weight is set at the node.
    """
    return float(np.interp(0.5, np.cumsum(c.rate_weight) - 0.5 * c.rate_weight, c.rate))


def with_rate_median(c: Constants, median: float) -> Constants:
    """The same constants under another median of the personal rate."""
    rate, weight = rate_grid(median, c.parameter["rate_shape"], int(c.parameter["rate_nodes"]))
    return replace(c, rate=rate, rate_weight=weight)


def fit_rate_median(
    exam: ExamId, group: Group, *, published_share: float, on: date, first_mark: float
) -> float:
    """The median rate at which the model's repeat share equals the published one.

    Bisection on [0.01, 6]; the share rises with the median.
    """
    c = constants(exam, group, on, retaker=True)
    retake = TypicalRetake.of(c)
    low, high = 0.01, 6.0
    for _ in range(60):
        middle = math.sqrt(low * high)
        share = repeat_pass_share(with_rate_median(c, middle), first_mark=first_mark, retake=retake)
        low, high = (middle, high) if share < published_share else (low, middle)
    return math.sqrt(low * high)
