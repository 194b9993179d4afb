"""What would narrow the range most: the next form, by family and day (rule F21)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from bounceback.forecast.posterior import Belief
from bounceback.forecast.prediction import Futures, PlannedWork, futures


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What one more form would do to the range of ability on the test date.

    ``width_now`` and ``width_after`` are the widths of the 80 % range in points; the second is
    what is expected after the form, whatever it says.
    """

    family: str
    by: date
    width_now: float
    width_after: float

    @property
    def share_removed(self) -> float:
        """Share of the width that the form would take away, in [0, 1]."""
        return 1.0 - self.width_after / self.width_now if self.width_now > 0 else 0.0


def _spread(f: Futures, row: int) -> float:
    mean = float(f.weight[row] @ f.mean[row])
    within = float(f.weight[row] @ f.variance[row])
    between = float(f.weight[row] @ (f.mean[row] - mean) ** 2)
    return float(np.sqrt(within + between))


def narrowing(
    belief: Belief,
    *,
    families: Sequence[str],
    on: date,
    test_date: date,
    work: PlannedWork,
) -> tuple[Narrowing, ...]:
    """Rank families of forms by how much one of them, taken ``on``, would narrow the range.

    The form's noise is taken from the facts; given a rate and an adherence node the update of a
    Gaussian does not depend on the score, so the width afterwards is exact up to what the form
    would teach about the rate: the nodes' spread shrinks by the form's reliability for the
    mixture as a whole (law of total variance).

    Args:
        belief: Where the learner stands.
        families: Families to compare, owned ones first.
        on: The day the form would be taken.
        test_date: The sitting.
        work: Planned work up to ``on`` and up to ``test_date`` (two rows, in this order).

    Returns:
        Best first. Families whose score does not predict the exam are left out.
    """
    c = belief.constants
    f = futures(belief, work)
    points = c.ceiling - c.mark
    z = 2.0 * 1.2815515655446004
    now = _spread(f, 1)
    # What of the spread on the date is already there on the day of the form: the level and the
    # rate, not the luck of either day.
    level = f.lasting[0]
    mean0 = f.level[0] - float(f.weight[0] @ f.level[0])
    mean1 = f.level[1] - float(f.weight[1] @ f.level[1])
    keep, keep_then = (float(f.weight[i] @ f.kept[i]) for i in (0, 1))
    kept = keep_then / keep
    at_form = float(f.weight[0] @ (level + mean0**2))
    shared = float(f.weight[0] @ (kept * level + mean0 * mean1))
    # A form shows τ less the learner's gap to the day, part of which earlier forms have taught.
    weight = belief.total.weight()[0]
    covariance = keep * float(weight @ belief.total.covariance[0])
    at_form += float(weight @ belief.total.gap_variance[0]) - 2.0 * covariance
    shared -= kept * covariance
    out = []
    for family in families:
        name = f"form_sd.{family}"
        if name not in c.parameter:
            continue
        unit = c.score_sd if family == "school" else 1.0
        sd = c.parameter[name] * unit
        bias_sd = c.parameter.get(f"form_bias_sd.{family}", 0.0) * unit
        noise = (sd**2 + bias_sd**2) / points**2
        left = now**2 - shared**2 / (at_form + noise)
        out.append(
            Narrowing(
                family=family,
                by=on,
                width_now=z * now * points,
                width_after=z * float(np.sqrt(max(left, 0.0))) * points,
            )
        )
    return tuple(sorted(out, key=lambda n: (n.width_after, n.family)))


__all__ = ["Narrowing", "narrowing"]
