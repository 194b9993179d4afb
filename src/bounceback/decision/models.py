"""What a decision consists of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

Day: TypeAlias = date
"""A field of that name hides the type inside a class."""

Advice = Literal["sit", "move", "remediate", "too-early-to-say"]
RuleKind = Literal[
    "calendar",
    "eligibility",
    "passed",
    "attempts",
    "spacing",
    "result",
    "state",
    "deadline",
    "clearance",
    "readiness",
]


@dataclass(frozen=True, slots=True)
class RuleCheck:
    """One rule of board, state, school or readiness, held against one date.

    Attributes:
        rule: The rule, in words.
        holds: Whether the date keeps it; ``None``: open, it can still be met or is not known.
        source: Fact id, source keys or "your own plan".
        kind: What sort of rule it is.
        blocks: Whether a date that breaks it is removed (a warning otherwise).
    """

    rule: str
    holds: bool | None
    source: str
    kind: RuleKind
    blocks: bool = True


@dataclass(frozen=True, slots=True)
class DateOption:
    """One candidate date with all that is known of it."""

    on: date
    p_pass: float
    p_pass_low: float
    p_pass_high: float
    score_low: float
    reaches_gate: bool
    allowed: bool
    utility: float
    result_by: date
    rules: tuple[RuleCheck, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """The day that was advised last, and when; the learner may have booked it.

    Attributes:
        on: That day.
        since: The day of that advice.
    """

    on: Day
    since: Day


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to "should I sit?".

    Attributes:
        advice: sit, move, remediate or too-early-to-say.
        date: The day to sit; the day of the form for too-early-to-say; ``None`` for remediate.
        p_pass: Chance on that day (for too-early-to-say on the planned or last eligible day).
        p_pass_low: See the forecast.
        p_pass_high: See the forecast.
        headline: The advice in one sentence.
        reasons: In words, first the one that decided.
        rules: The rules held against that day.
        options: Dates side by side: planned, advised, and some between.
        weights: Utilities used, by name.
        attempt_number: Which attempt the next sitting would be.
        last_attempt: Whether the rules leave no further attempt after it.
        pact: The rule agreed in advance and whether its day has come, in words; "" without one.
        conditions: Dated conditions that stand between now and a sitting far off.
        opens: Where no date is left in the window: the first day that the rules allow, if any.
        closed: Whether rules, and not readiness, leave no date.
        option_value: Utility of deciding on each date with what is known then, above the best
            date fixed today; ``None`` with fewer than two dates.
        about: The day that ``rules`` and ``p_pass`` speak of.
        since_then: What was measured since another day was advised; "" if none was.
    """

    advice: Advice
    date: date | None
    p_pass: float | None
    p_pass_low: float | None
    p_pass_high: float | None
    headline: str
    reasons: tuple[str, ...]
    rules: tuple[RuleCheck, ...]
    options: tuple[DateOption, ...]
    weights: dict[str, float]
    attempt_number: int
    last_attempt: bool
    pact: str
    conditions: tuple[str, ...]
    opens: Day | None = None
    closed: bool = False
    option_value: float | None = None
    about: Day | None = None
    since_then: str = ""
