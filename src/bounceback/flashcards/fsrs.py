"""One memory, one review: the FSRS-6 model in plain floats.

A memory has a *stability* S (days until the chance of recall falls to 90 %) and a *difficulty* D
(1 to 10). The model is the public FSRS-6 (21 weights); formulas with rule numbers are in
``docs/explanation/memory.md``. Whole collections are replayed by ``replay`` with the same formulas.

>>> w = default_weights()
>>> first = step(w, None, GOOD, 0)
>>> round(first.stability_days, 4), round(interval_days(w, first.stability_days, 0.9), 4)
(2.3065, 2.3065)
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final, NamedTuple

from bounceback.errors import UntrustedInputError
from bounceback.flashcards.parameters import group, value

AGAIN: Final = 1
HARD: Final = 2
GOOD: Final = 3
EASY: Final = 4
RATINGS: Final = (AGAIN, HARD, GOOD, EASY)

ALGORITHM: Final = "fsrs-6"

_TARGET: Final = 0.9
"""Recall at t = S, by the definition of stability."""


class Memory(NamedTuple):
    """State of one memory after a review.

    Attributes:
        stability_days: Days until the chance of recall falls to 90 %, in [0.001, 36500].
        difficulty: From 1 (easy) to 10.
    """

    stability_days: float
    difficulty: float


@dataclass(frozen=True, slots=True)
class StateTag:
    """What a stored state rests on. States with different tags are never compared or mixed.

    Attributes:
        algorithm: ``fsrs-6``.
        weights: Digest of the weights.
        day_rule: Id of the day rule (``dayclock``).
    """

    algorithm: str
    weights: str
    day_rule: str


@dataclass(frozen=True, slots=True)
class Weights:
    """The 21 weights of FSRS-6. Make one with ``weights()`` or ``default_weights()``.

    Attributes:
        values: The weights in the published order, inside the published bounds.
        source: Where they come from: ``default``, ``fitted``, ``package``, …
        changed: What had to be changed to accept them, in words; empty if nothing.
        decay: Exponent of the forgetting curve, positive.
        factor: ``0.9 ** (-1 / decay) - 1``: makes recall 90 % at t = S.
    """

    values: tuple[float, ...]
    source: str = "given"
    changed: tuple[str, ...] = ()
    decay: float = field(init=False)
    factor: float = field(init=False)
    _constants: tuple[float, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        w = self.values
        decay = w[20]
        set_ = object.__setattr__
        set_(self, "decay", decay)
        set_(self, "factor", _TARGET ** (-1.0 / decay) - 1.0)
        set_(
            self,
            "_constants",
            (
                math.exp(w[8]),
                math.exp(w[17] * w[18]),
                w[7] * (w[4] - math.exp(3.0 * w[5]) + 1.0),
                *(math.exp(w[17] * (rating - 3 + w[18])) for rating in RATINGS),
            ),
        )

    @property
    def digest(self) -> str:
        """First 16 hexadecimal digits of the SHA-256 of the weights, at nine significant digits."""
        text = ",".join(f"{v:.9g}" for v in self.values)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def named(self) -> dict[str, float]:
        """Return the weights by name; units and meaning: ``parameters.group("weight")``."""
        return dict(zip(weight_names(), self.values, strict=True))

    def tag(self, day_rule: str) -> StateTag:
        """Return the tag of states computed with these weights under a day rule's id."""
        return StateTag(ALGORITHM, self.digest, day_rule)


@cache
def weight_names() -> tuple[str, ...]:
    """Return the names of the 21 weights in the published order."""
    return tuple(row.name.removeprefix("weight.") for row in group("weight"))


@cache
def default_weights() -> Weights:
    """Return the published default weights."""
    return Weights(tuple(row.value for row in group("weight")), source="default")


def weights(values: Sequence[float], *, source: str = "given") -> Weights:
    """Accept weights from outside: 17 (FSRS-4.5) and 19 (FSRS-5) are upgraded to 21 (FSRS-6).

    Args:
        values: 17, 19 or 21 finite numbers in the published order.
        source: Where they come from, in a word; kept.

    Returns:
        The weights, each moved inside its published bounds; ``changed`` says what was changed.

    Raises:
        UntrustedInputError: Any other count (34: FSRS-7, an algorithm that this version does not
            know), or a number that is not finite.
    """
    given = [float(v) for v in values]
    if len(given) == 34:
        raise UntrustedInputError(
            "34 weights are FSRS-7, with two stabilities a card; this version reads FSRS-4.5, "
            "FSRS-5 and FSRS-6 (17, 19 or 21 weights). Review history can be used with the "
            "default weights instead."
        )
    if len(given) not in (17, 19, 21):
        raise UntrustedInputError(
            f"{len(given)} weights given; allowed are 17 (FSRS-4.5), 19 (FSRS-5) or 21 (FSRS-6). "
            "Use the default weights, or fit the student's own."
        )
    for name, v in zip(weight_names(), given, strict=False):
        if not math.isfinite(v):
            raise UntrustedInputError(
                f"Weight {name} is {v}; allowed are finite numbers. Use the default weights."
            )
    changed: list[str] = []
    if len(given) == 17:
        # FSRS-4.5 had a linear first difficulty; this keeps its value at Good and its slope.
        first, slope = given[4], given[5]
        given[4] = first + 2.0 * slope
        given[5] = math.log(max(3.0 * slope + 1.0, 1e-9)) / 3.0
        given[6] += 0.5
        given += [0.0, 0.0]
        changed.append("upgraded from FSRS-4.5 (17 weights)")
    if len(given) == 19:
        # FSRS-5: no saturation on the same day, decay fixed at 0.5.
        given += [0.0, 0.5]
        if not changed:
            changed.append("upgraded from FSRS-5 (19 weights)")
    inside: list[float] = []
    for row, v in zip(group("weight"), given, strict=True):
        assert row.low is not None
        assert row.high is not None
        kept = min(max(v, row.low), row.high)
        if kept != v:
            changed.append(f"{row.name.removeprefix('weight.')} {v:g} moved to {kept:g}")
        inside.append(kept)
    return Weights(tuple(inside), source=source, changed=tuple(changed))


_S_MIN: Final = value("state.stability_min")
_S_MAX: Final = value("state.stability_max")
_D_MIN: Final = value("state.difficulty_min")
_D_MAX: Final = value("state.difficulty_max")


def retrievability(w: Weights, stability_days: float, elapsed_days: float) -> float:
    """Return the chance of recall, in (0, 1], ``elapsed_days`` after the last review.

    Negative time (a clock set back) counts as none.
    """
    return float((1.0 + w.factor * max(elapsed_days, 0.0) / stability_days) ** -w.decay)


def interval_days(w: Weights, stability_days: float, desired_retention: float) -> float:
    """Return the days after which the chance of recall has fallen to ``desired_retention``.

    Args:
        w: Weights.
        stability_days: Stability after the review.
        desired_retention: In (0, 1).
    """
    if not 0.0 < desired_retention < 1.0:
        raise ValueError(
            f"desired_retention={desired_retention} is not between 0 and 1; "
            "Anki allows 0.70 to 0.99."
        )
    return stability_days / w.factor * (float(desired_retention ** (-1.0 / w.decay)) - 1.0)


def whole_interval_days(
    w: Weights, stability_days: float, desired_retention: float, max_days: int = 36500
) -> int:
    """Return the interval in whole days: rounded half up, at least 1, at most ``max_days``."""
    days = interval_days(w, stability_days, desired_retention)
    return int(min(max(math.floor(days + 0.5), 1), max_days))


def step(w: Weights, memory: Memory | None, rating: int, elapsed_days: float) -> Memory:
    """Return the memory after one review.

    Args:
        w: Weights.
        memory: State before; ``None`` for a card never seen.
        rating: 1 Again, 2 Hard, 3 Good, 4 Easy.
        elapsed_days: Days since the last review by the day rule in use; below 1 (or negative)
            is the same day.

    Raises:
        ValueError: ``rating`` is not 1 to 4.
    """
    if rating not in RATINGS:
        raise ValueError(f"rating={rating}; allowed are 1 Again, 2 Hard, 3 Good, 4 Easy.")
    v = w.values
    growth, cap, revert, *same_day = w._constants
    if memory is None:
        difficulty = v[4] - math.exp(v[5] * (rating - 1)) + 1.0
        return Memory(v[rating - 1], min(max(difficulty, _D_MIN), _D_MAX))
    s, d = memory
    if elapsed_days < 1.0:
        rise = same_day[rating - 1] * s ** -v[19]
        if rating > AGAIN and rise < 1.0:
            rise = 1.0
        new_s = s * rise
    else:
        forgotten = 1.0 - (1.0 + w.factor * elapsed_days / s) ** -w.decay
        if rating == AGAIN:
            new_s = v[11] * d ** -v[12] * ((s + 1.0) ** v[13] - 1.0) * math.exp(forgotten * v[14])
            new_s = min(new_s, s / cap)
        else:
            rise = growth * (11.0 - d) * s ** -v[9] * (math.exp(forgotten * v[10]) - 1.0)
            if rating == HARD:
                rise *= v[15]
            elif rating == EASY:
                rise *= v[16]
            new_s = s * (1.0 + rise)
    damped = d - v[6] * (rating - 3) * (10.0 - d) / 9.0
    new_d = revert + (1.0 - v[7]) * damped
    return Memory(min(max(new_s, _S_MIN), _S_MAX), min(max(new_d, _D_MIN), _D_MAX))


def memory_from_sm2(
    w: Weights, ease_factor: float, interval_days: float, retention: float = 0.9
) -> Memory:
    """Return a start state for a card known by its SM-2 ease and interval alone.

    Args:
        w: Weights.
        ease_factor: SM-2 ease as a factor (2.5, not 2500).
        interval_days: Interval that SM-2 had given, in days.
        retention: Share recalled at that interval, in (0, 1).

    Notes:
        Stability is set so that recall at the interval equals ``retention``; difficulty so that a
        Good answer at that moment multiplies stability by the ease.
    """
    s = max(interval_days, _S_MIN) * w.factor / (retention ** (-1.0 / w.decay) - 1.0)
    s = min(max(s, _S_MIN), _S_MAX)
    v = w.values
    per_point = math.exp(v[8]) * s ** -v[9] * (math.exp((1.0 - retention) * v[10]) - 1.0)
    d = 11.0 - (ease_factor - 1.0) / per_point if per_point > 0.0 else _D_MAX
    return Memory(s, min(max(d, _D_MIN), _D_MAX))
