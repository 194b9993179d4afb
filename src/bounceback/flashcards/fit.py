"""The student's own weights: fitted with a prior at the defaults, kept only where they help.

The loss is the log loss of every next-day answer (recalled or not) given the replayed memory just
before it; the prior is a normal distribution at the default weights with the spread found among
students. Gradients are exact: one forward replay, then one sweep backwards through the reviews.
An expanding time split (learn on the past, be judged on what came next) decides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from bounceback.flashcards.fsrs import Weights, default_weights
from bounceback.flashcards.parameters import group, value
from bounceback.flashcards.replay import Histories, replay, step_major

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_CLIP: Final = 1e-7
"""Predictions are kept this far from 0 and 1, so that one answer cannot cost an infinite loss."""


@dataclass(frozen=True, slots=True)
class Score:
    """How well predicted recall met the answers.

    Attributes:
        predictions: Number of next-day answers judged.
        log_loss: Mean of −log p(answer), in nats.
        rmse_bins: Root mean square gap between predicted and observed recall over bins of
            (days since, reviews so far, lapses so far), weighted by count.
        auc: Chance that a recalled answer had the higher prediction; ``None`` if all answers were
            alike.
    """

    predictions: int
    log_loss: float
    rmse_bins: float
    auc: float | None


@dataclass(frozen=True, slots=True)
class Fit:
    """Outcome of a fit.

    Attributes:
        weights: The weights to use: the student's own if ``kept``, else the defaults.
        kept: Whether the time split favoured the student's own.
        reason: Why, in one sentence with counts.
        own: The fitted weights, kept or not; ``None`` if there was too little to fit.
        held_out_own: Score of weights learned on the past, on the answers that came next.
        held_out_default: Score of the default weights on the same answers.
        predictions: Next-day answers in the whole log.
    """

    weights: Weights
    kept: bool
    reason: str
    own: Weights | None
    held_out_own: Score | None
    held_out_default: Score | None
    predictions: int


def fit(log: Histories, *, max_iterations: int = 60) -> Fit:
    """Fit weights to a student's log and decide by time split whether to keep them.

    Args:
        log: Histories with ``times_ms``. Cards without their learning in the log are left out.
        max_iterations: Limit of quasi-Newton steps of each fit.

    Returns:
        The weights to use, and why.

    Raises:
        ValueError: ``log`` has no times; the split needs them.
    """
    if log.reviews and not len(log.times_ms):
        raise ValueError("fit needs times_ms: the time split asks which reviews came later.")
    learned = log.take(np.flatnonzero(log.complete & (log.lengths() > 1)))
    predicted = _predicted(learned)
    count = int(predicted.sum())
    least = int(value("fit.predictions_min"))
    if count < least:
        return Fit(
            default_weights(),
            False,
            f"{count} next-day reviews so far. From {least} on we try values of your own.",
            None,
            None,
            None,
            count,
        )
    times = learned.times_ms
    parts = int(value("fit.splits"))
    cuts = np.quantile(times[predicted], np.arange(1, parts) / parts, method="lower")
    own_p = np.full(learned.reviews, np.nan)
    for k, cut in enumerate(cuts):
        past = _until(learned, int(cut))
        trained = fit_weights(past, max_iterations=max_iterations)
        end = cuts[k + 1] if k + 1 < len(cuts) else times.max() + 1
        window = predicted & (times >= cut) & (times < end)
        recall = replay(_until(learned, int(end)), trained, states="all").recall_before
        assert recall is not None
        own_p[window] = recall[window[times < end]]
    judged = ~np.isnan(own_p)
    default_p = replay(learned, default_weights(), states="all").recall_before
    assert default_p is not None
    held_own = _score(learned, own_p, judged)
    held_default = _score(learned, default_p, judged)
    own = fit_weights(learned, max_iterations=max_iterations)
    kept = held_own.log_loss < held_default.log_loss
    word = "lower" if kept else "no lower"
    reason = (
        f"On {held_own.predictions} later reviews, values learned from the earlier ones had "
        f"{word} log loss ({held_own.log_loss:.4f} against {held_default.log_loss:.4f}), so "
        f"{'your own' if kept else 'the default'} values are used."
    )
    return Fit(own if kept else default_weights(), kept, reason, own, held_own, held_default, count)


def evaluate(log: Histories, weights: Weights) -> Score:
    """Score the weights on every next-day answer of cards whose learning is in the log.

    Raises:
        ValueError: No such answer.
    """
    learned = log.take(np.flatnonzero(log.complete & (log.lengths() > 1)))
    judged = _predicted(learned)
    if not judged.any():
        raise ValueError("no next-day answers to judge: give a longer log.")
    recall = replay(learned, weights, states="all").recall_before
    assert recall is not None
    return _score(learned, recall, judged)


def fit_weights(log: Histories, *, max_iterations: int = 60, prior_scale: float = 1.0) -> Weights:
    """Return the weights of highest posterior density, without asking whether they help.

    Args:
        log: Histories of cards whose learning is in the log.
        max_iterations: Limit of quasi-Newton steps.
        prior_scale: Multiplies the spreads of the prior; larger trusts the log more.
    """
    rows = group("weight")
    base = np.array([row.value for row in rows])
    spread = np.array([row.spread for row in rows], dtype=float) * prior_scale
    low = np.array([row.low for row in rows], dtype=float)
    high = np.array([row.high for row in rows], dtype=float)
    # The four first stabilities are searched on the log scale: they are positive and vary by
    # factors between students.
    log_spread = value("fit.log_initial_stability_spread") * prior_scale
    centre, scale = base.copy(), spread.copy()
    centre[:4], scale[:4] = np.log(base[:4]), log_spread
    lows, highs = low.copy(), high.copy()
    lows[:4], highs[:4] = np.log(low[:4]), np.log(high[:4])
    loss = Loss(log)

    def posterior(z: Floats) -> tuple[float, Floats]:
        w = centre + z * scale
        w[:4] = np.exp(w[:4])
        total, gradient = loss(w)
        inner = gradient * scale
        inner[:4] *= w[:4]
        n = max(loss.predictions, 1)
        return (total + 0.5 * float(z @ z)) / n, (inner + z) / n

    z = _minimise(
        posterior,
        np.zeros(len(base)),
        (lows - centre) / scale,
        (highs - centre) / scale,
        max_iterations,
    )
    w = centre + z * scale
    w[:4] = np.exp(w[:4])
    return Weights(tuple(float(v) for v in np.clip(w, low, high)), source="fitted")


class Loss:
    """Sum of log losses over next-day answers, with its gradient by the 21 weights."""

    def __init__(self, log: Histories) -> None:
        order = step_major(log)
        self._bounds = order.bounds.tolist()
        self._rating = order.ratings.astype(np.intp)
        self._gap = order.elapsed_days
        first = self._bounds[1] if len(self._bounds) > 1 else 0
        long = self._gap >= 1.0
        long[:first] = False
        self._first = first
        self._predicted = np.flatnonzero(long)
        self._recalled = self._rating[self._predicted] > 1
        self._success = np.flatnonzero(long & (self._rating > 1))
        self._lapse = np.flatnonzero(long & (self._rating == 1))
        same = ~long
        same[:first] = False
        self._same_day = np.flatnonzero(same)
        self.predictions = len(self._predicted)

    def __call__(self, w: Floats) -> tuple[float, Floats]:
        """Return the total loss in nats and its gradient (21,) at the weights ``w`` (21,)."""
        s, d, s_next = self._forward(w)
        return self._backward(w, s, d, s_next)

    def _forward(self, w: Floats) -> tuple[Floats, Floats, Floats]:
        """States before each review and stability after it, unclipped, step by step."""
        n = len(self._rating)
        before_s, before_d, after_s = np.ones(n), np.full(n, 5.0), np.ones(n)
        bounds = self._bounds
        if n == 0:
            return before_s, before_d, after_s
        rating, gap = self._rating, self._gap
        decay = float(w[20])
        factor = 0.9 ** (-1.0 / decay) - 1.0
        s_min, s_max = value("state.stability_min"), value("state.stability_max")
        d_min, d_max = value("state.difficulty_min"), value("state.difficulty_max")
        per_rating = np.exp(w[8]) * np.array([0.0, 0.0, w[15], 1.0, w[16]])
        same_day = np.exp(w[17] * (np.arange(5) - 3 + w[18]))
        floor = np.array([0.0, 0.0, 1.0, 1.0, 1.0])
        cap = float(np.exp(-w[17] * w[18]))
        easy = w[4] - np.exp(3.0 * w[5]) + 1.0
        slope = -w[6] * (np.arange(5) - 3) / 9.0
        first_d = np.clip(w[4] - np.exp(w[5] * (np.arange(5) - 1)) + 1.0, d_min, d_max)
        opening = rating[: bounds[1]]
        s = w[opening - 1].astype(float)
        d = first_d[opening]
        for k in range(1, len(bounds) - 1):
            a, b = bounds[k], bounds[k + 1]
            s, d = s[: b - a], d[: b - a]
            before_s[a:b], before_d[a:b] = s, d
            r, t = rating[a:b], gap[a:b]
            u = t * factor
            u /= s
            u += 1.0
            np.power(u, -decay, out=u)
            np.subtract(1.0, u, out=u)
            new = np.expm1(u * w[10])
            new *= s ** -w[9]
            new *= 11.0 - d
            new *= per_rating[r]
            new += 1.0
            new *= s
            lapsed = np.flatnonzero((r == 1) & (t >= 1.0))
            if len(lapsed):
                sl = s[lapsed]
                left = ((sl + 1.0) ** w[13] - 1.0) * w[11] * d[lapsed] ** -w[12]
                left *= np.exp(u[lapsed] * w[14])
                new[lapsed] = np.minimum(left, sl * cap)
            again = np.flatnonzero(t < 1.0)
            if len(again):
                ra, sa = r[again], s[again]
                new[again] = sa * np.maximum(same_day[ra] * sa ** -w[19], floor[ra])
            after_s[a:b] = new
            s = np.clip(new, s_min, s_max)
            d = w[7] * easy + (1.0 - w[7]) * (d + slope[r] * (10.0 - d))
            np.clip(d, d_min, d_max, out=d)
        return before_s, before_d, after_s

    def _backward(self, w: Floats, s: Floats, d: Floats, after: Floats) -> tuple[float, Floats]:
        """Loss, and its gradient through the chain of states.

        Every local derivative is computed for all reviews at once; the sweep from the last review
        back to the first then only adds and multiplies.
        """
        n = len(self._rating)
        gradient = np.zeros(21)
        if n == 0:
            return 0.0, gradient
        rating, gap = self._rating, self._gap
        decay = float(w[20])
        base = 0.9 ** (-1.0 / decay)
        factor = base - 1.0
        factor_by_decay = base * np.log(0.9) / decay**2

        # Recall before each next-day review, and its derivatives by stability and by the decay.
        p = self._predicted
        sp, tp = s[p], gap[p]
        x = 1.0 + factor * tp / sp
        log_x = np.log(x)
        recall = np.exp(-decay * log_x)
        recall_by_s = decay * recall * factor * tp / (sp * sp * x)
        recall_by_decay = -recall * (log_x + decay * (tp / sp) * factor_by_decay / x)
        clipped = np.clip(recall, _CLIP, 1.0 - _CLIP)
        hit = self._recalled
        total = -float(np.log(np.where(hit, clipped, 1.0 - clipped)).sum())
        loss_by_recall = np.where(hit, -1.0 / clipped, 1.0 / (1.0 - clipped))
        loss_by_recall[clipped != recall] = 0.0
        gradient[20] = float(loss_by_recall @ recall_by_decay)
        loss_by_s = np.zeros(n)
        loss_by_s[p] = loss_by_recall * recall_by_s
        r_all, rs_all, rd_all = np.ones(n), np.zeros(n), np.zeros(n)
        r_all[p], rs_all[p], rd_all[p] = recall, recall_by_s, recall_by_decay

        s_by_s, s_by_d = np.zeros(n), np.zeros(n)
        # Success.
        i = self._success
        si, di, ri = s[i], d[i], r_all[i]
        bonus = np.array([0.0, 0.0, w[15], 1.0, w[16]])[rating[i]]
        plain = np.exp(w[8]) * (11.0 - di) * si ** -w[9]
        spaced = np.exp(w[10] * (1.0 - ri))
        unit = plain * (spaced - 1.0)
        rise = unit * bonus
        rise_by_r = -w[10] * spaced * plain * bonus
        s_by_s[i] = 1.0 + rise * (1.0 - w[9]) + si * rise_by_r * rs_all[i]
        s_by_d[i] = -si * rise / (11.0 - di)
        # Lapse.
        j = self._lapse
        sj, dj, rj = s[j], d[j], r_all[j]
        power = (sj + 1.0) ** w[13]
        scaled = w[11] * dj ** -w[12] * np.exp(w[14] * (1.0 - rj))
        left = scaled * (power - 1.0)
        cap = float(np.exp(-w[17] * w[18]))
        capped = left > sj * cap
        s_by_s[j] = np.where(
            capped, cap, scaled * w[13] * power / (sj + 1.0) - left * w[14] * rs_all[j]
        )
        s_by_d[j] = np.where(capped, 0.0, -w[12] * left / dj)
        # The same day.
        k = self._same_day
        sk, steps = s[k], rating[k] - 3 + w[18]
        times = np.exp(w[17] * steps) * sk ** -w[19]
        floored = (rating[k] > 1) & (times < 1.0)
        s_by_s[k] = np.where(floored, 1.0, times * (1.0 - w[19]))

        s_min, s_max = value("state.stability_min"), value("state.stability_max")
        inside_s = (after >= s_min) & (after <= s_max)
        s_by_s *= inside_s
        s_by_d *= inside_s
        # Difficulty.
        d_min, d_max = value("state.difficulty_min"), value("state.difficulty_max")
        easy = w[4] - np.exp(3.0 * w[5]) + 1.0
        away = rating - 3.0
        damped = d - w[6] * away * (10.0 - d) / 9.0
        raw_d = w[7] * easy + (1.0 - w[7]) * damped
        inside_d = (raw_d >= d_min) & (raw_d <= d_max)
        d_by_d = (1.0 - w[7]) * (1.0 + w[6] * away / 9.0) * inside_d

        # The sweep: adjoints of the state after each review.
        adjoint_s, adjoint_d = np.zeros(n), np.zeros(n)
        bounds = self._bounds
        for step in range(len(bounds) - 2, 0, -1):
            a, b = bounds[step], bounds[step + 1]
            c = bounds[step - 1]
            gs, gd = adjoint_s[a:b], adjoint_d[a:b]
            adjoint_s[c : c + b - a] = loss_by_s[a:b] + gs * s_by_s[a:b]
            adjoint_d[c : c + b - a] = gs * s_by_d[a:b] + gd * d_by_d[a:b]

        # By the weights.
        f = self._first
        opening = rating[:f]
        gradient[:4] = np.bincount(opening - 1, weights=adjoint_s[:f], minlength=4)
        start_d = w[4] - np.exp(w[5] * (opening - 1)) + 1.0
        gd = adjoint_d[:f] * ((start_d >= d_min) & (start_d <= d_max))
        gradient[4] = gd.sum()
        gradient[5] = -float(gd @ ((opening - 1) * np.exp(w[5] * (opening - 1))))
        gd = adjoint_d[f:] * inside_d[f:]
        gradient[4] += w[7] * gd.sum()
        gradient[5] -= 3.0 * w[7] * np.exp(3.0 * w[5]) * gd.sum()
        gradient[6] = -(1.0 - w[7]) * float(gd @ (away[f:] * (10.0 - d[f:]))) / 9.0
        gradient[7] = float(gd @ (easy - damped[f:]))
        adjoint_s *= inside_s
        g = adjoint_s[i]
        gain = g * si
        gradient[8] = float(gain @ rise)
        gradient[9] = -float(gain @ (rise * np.log(si)))
        gradient[10] = float(gain @ (plain * bonus * (1.0 - ri) * spaced))
        gradient[15] = float((gain * unit)[rating[i] == 2].sum())
        gradient[16] = float((gain * unit)[rating[i] == 4].sum())
        gradient[20] += float(gain @ (rise_by_r * rd_all[i]))
        g = np.where(capped, 0.0, adjoint_s[j])
        gradient[11] = float(g @ left) / w[11]
        gradient[12] = -float(g @ (left * np.log(dj)))
        gradient[13] = float(g @ (scaled * power * np.log(sj + 1.0)))
        gradient[14] = float(g @ (left * (1.0 - rj)))
        gradient[20] -= w[14] * float(g @ (left * rd_all[j]))
        on_cap = float(np.where(capped, adjoint_s[j], 0.0) @ sj) * cap
        gradient[17] = -w[18] * on_cap
        gradient[18] = -w[17] * on_cap
        g = np.where(floored, 0.0, adjoint_s[k]) * sk * times
        gradient[17] += float(g @ steps)
        gradient[18] += w[17] * float(g.sum())
        gradient[19] = -float(g @ np.log(sk))
        return total, gradient


def _minimise(
    function: Callable[[Floats], tuple[float, Floats]],
    start: Floats,
    low: Floats,
    high: Floats,
    max_iterations: int,
) -> Floats:
    """Minimise a smooth function inside a box by projected BFGS with backtracking.

    Small and dense on purpose: 21 unknowns, each on the scale of its own prior.
    """
    x = np.clip(start, low, high)
    best, gradient = function(x)
    curvature: Floats | None = None
    flat = 0
    for _ in range(max_iterations):
        free = ~(((x <= low) & (gradient > 0)) | ((x >= high) & (gradient < 0)))
        if not free.any() or np.max(np.abs(gradient[free])) < 1e-7:
            break
        direction = np.zeros_like(x)
        if curvature is None:
            direction[free] = -gradient[free] / max(float(np.linalg.norm(gradient[free])), 1e-12)
        else:
            direction[free] = -np.linalg.solve(curvature[np.ix_(free, free)], gradient[free])
        size = 1.0 if curvature is not None else 0.1
        moved = False
        for _ in range(25):
            trial = np.clip(x + size * direction, low, high)
            found, slope = function(trial)
            if np.isfinite(found) and found <= best + 1e-4 * float(gradient @ (trial - x)):
                moved = True
                break
            size *= 0.4
        if not moved:
            if curvature is None:
                break
            curvature = None  # start again along the gradient
            flat += 1
            if flat > 2:
                break
            continue
        step, change = trial - x, slope - gradient
        bend = float(step @ change)
        if curvature is None:
            curvature = np.eye(len(x)) * max(bend / max(float(step @ step), 1e-300), 1e-6)
        spread = curvature @ step
        along = float(step @ spread)
        # Powell's damping keeps the matrix positive definite.
        if bend < 0.2 * along:
            share = 0.8 * along / (along - bend)
            change = share * change + (1.0 - share) * spread
            bend = float(step @ change)
        if along > 1e-300 and bend > 1e-300:
            curvature = (
                curvature - np.outer(spread, spread) / along + np.outer(change, change) / bend
            )
        flat = flat + 1 if best - found < 1e-9 * max(abs(best), 1e-9) else 0
        x, best, gradient = trial, found, slope
        if flat > 2:
            break
    return x


def _predicted(log: Histories) -> NDArray[np.bool_]:
    """Reviews with something to predict: not a card's first, and on a later day."""
    later = log.elapsed_days >= 1
    later[log.starts[:-1][log.lengths() > 0]] = False
    return later


def _until(log: Histories, end_ms: int) -> Histories:
    """Return the reviews before an instant. Times do not decrease within a card."""
    keep = log.times_ms < end_ms
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(keep)])[log.starts]
    return Histories(
        card_ids=log.card_ids,
        starts=starts,
        ratings=log.ratings[keep],
        elapsed_days=log.elapsed_days[keep],
        times_ms=log.times_ms[keep],
        start_stability_days=log.start_stability_days,
        start_difficulty=log.start_difficulty,
        last_ms=log.last_ms,
        day_rule=log.day_rule,
        under_fsrs=log.under_fsrs[keep] if len(log.under_fsrs) else log.under_fsrs,
    )


def _score(log: Histories, recall: Floats, judged: NDArray[np.bool_]) -> Score:
    p = np.clip(recall[judged], _CLIP, 1.0 - _CLIP)
    hit = log.ratings[judged] > 1
    loss = -float(np.log(np.where(hit, p, 1.0 - p)).mean())
    return Score(int(judged.sum()), loss, _rmse_bins(log, p, hit, judged), auc(p, hit))


def _rmse_bins(
    log: Histories, p: Floats, hit: NDArray[np.bool_], judged: NDArray[np.bool_]
) -> float:
    """RMSE over bins as the field's benchmark draws them (rule 18 in the documentation)."""
    card = np.repeat(np.arange(log.cards), log.lengths())
    later = _predicted(log)
    lapse = later & (log.ratings == 1)

    def so_far(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
        before: NDArray[np.int64] = np.cumsum(mask) - mask
        at_first: NDArray[np.int64] = before[log.starts[:-1].clip(max=len(mask) - 1)]
        found: NDArray[np.int64] = before - at_first[card]
        return found

    def binned(x: NDArray[np.int64], scale: float, ratio: float, decimals: int) -> Floats:
        power = np.floor(np.log(np.maximum(x, 1)) / np.log(ratio))
        return np.where(x > 0, np.round(scale * ratio**power, decimals), 0.0)

    keys = np.stack(
        [
            binned(log.elapsed_days[judged].astype(np.int64), 2.48, 3.62, 2),
            binned(so_far(later)[judged] + 2, 1.99, 1.89, 0),
            binned(so_far(lapse)[judged], 1.65, 1.73, 0),
        ]
    )
    _, which, count = np.unique(keys, axis=1, return_inverse=True, return_counts=True)
    which = which.reshape(-1)
    gap = np.bincount(which, weights=p - hit) / count
    return float(np.sqrt((gap**2 * count).sum() / count.sum()))


def auc(p: Floats, hit: NDArray[np.bool_]) -> float | None:
    """Return the chance that a recalled answer had the higher prediction, ties half.

    Args:
        p: (n,) predictions.
        hit: (n,) whether recalled.

    Returns:
        In [0, 1], or ``None`` if all answers were alike.
    """
    hits = int(hit.sum())
    misses = len(hit) - hits
    if not hits or not misses:
        return None
    _, where, count = np.unique(p, return_inverse=True, return_counts=True)
    mean_rank = np.cumsum(count) - (count - 1) / 2.0
    ranks = mean_rank[where.reshape(-1)]
    return float((ranks[hit].sum() - hits * (hits + 1) / 2.0) / (hits * misses))
