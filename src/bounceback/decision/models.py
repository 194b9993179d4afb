"""What a decision consists of. Values and reasons; ``bounceback.messages.decision`` words them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from bounceback.reasons import Reason

Day: TypeAlias = date
"""A field of that name hides the type inside a class."""

Advice = Literal["sit", "move", "remediate", "too-early-to-say"]
ADVICE_ORDER: tuple[Advice, ...] = ("remediate", "move", "too-early-to-say", "sit")
"""From the least advice to the best: better evidence never gives a lesser one."""

OptionKind = Literal["date", "rebuild", "extension", "lapse"]
Grade = Literal["good", "fair", "low"]
RuleKind = Literal[
    "calendar",
    "eligibility",
    "testing-day",
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
    """One rule of board, state, school or test center, checked for one date.

    Attributes:
        rule: The rule, with what it was checked against.
        holds: Whether the date meets it; ``None``: not known yet.
        source: Fact id, source keys or "your own plan".
        kind: What sort of rule it is.
        blocks: Whether a date that breaks it is removed (a warning otherwise).
    """

    rule: Reason
    holds: bool | None
    source: str
    kind: RuleKind
    blocks: bool = True


@dataclass(frozen=True, slots=True)
class NextForm:
    """The next practice test and its day, as the plan placed it."""

    family: str
    form: str
    on: date


@dataclass(frozen=True, slots=True)
class DateOption:
    """One candidate date with all that is known of it.

    Attributes:
        on: The date.
        p_pass: Chance of passing; ``p_pass_low`` and ``p_pass_high`` as in the forecast.
        p_pass_low: See above.
        p_pass_high: See above.
        score_mean: Expected reported score.
        allowed: Whether no rule closes it.
        bookable: Whether it can be named as a new date: a day centers are open, with notice.
        missed_deadlines: Deadlines its latest result would miss.
        late: Deadlines that its result is expected to miss, a share of one where only a slow
            result would.
        last_attempt: Whether it would use up the last attempt.
        result_by: Day by which to plan for the result.
        rules: Every rule checked for it.
    """

    on: date
    p_pass: float
    p_pass_low: float
    p_pass_high: float
    score_mean: float
    allowed: bool
    bookable: bool
    missed_deadlines: int
    late: float
    last_attempt: bool
    result_by: date
    rules: tuple[RuleCheck, ...]


@dataclass(frozen=True, slots=True)
class DeadlineCheck:
    """Whether the latest result of a date is in by a deadline."""

    what: str
    date: Day
    met: bool


@dataclass(frozen=True, slots=True)
class Option:
    """One way to go on, in the same detail as every other.

    Attributes:
        kind: A date, building up first, asking for an extension, or letting the period expire.
        date: The date, or the day this way leads to; ``None`` where none is known.
        p_pass: Chance of passing on it; ``None`` where nothing supports one.
        weeks: Weeks from today; ``None`` where no day is known.
        result_usual: Day by which results usually come.
        result_latest: Day to plan for.
        deadlines: Each deadline with whether it is met.
        fee_now_usd: Dollars due now for this way; ``None`` if unknown.
        fee_if_moved_later_usd: Dollars to move away from it in its last days; ``None`` if unknown.
        attempts_left_if_failed: Attempts left after a failure; ``None`` without a known limit.
        earliest_next: First day of a further attempt after a failure; ``None`` if no day is open.
        points_from_mark: Expected reported score less the passing score; ``None`` without one.
    """

    kind: OptionKind
    date: Day | None
    p_pass: float | None
    weeks: float | None
    result_usual: Day | None
    result_latest: Day | None
    deadlines: tuple[DeadlineCheck, ...]
    fee_now_usd: float | None
    fee_if_moved_later_usd: float | None
    attempts_left_if_failed: int | None
    earliest_next: Day | None
    points_from_mark: float | None


@dataclass(frozen=True, slots=True)
class EvidenceGrade:
    """How good the evidence is, with its reasons.

    Attributes:
        grade: All together.
        tests: Recent timed practice tests.
        agree: Whether no result contradicts the others.
        near: Whether the date is near enough that level counts more than pace.
        published: Whether the exam's own numbers are published and not our estimate.
    """

    grade: Grade
    tests: int
    agree: bool
    near: bool
    published: bool


@dataclass(frozen=True, slots=True)
class ResultBand:
    """What a band of results of the next test would mean.

    Attributes:
        score_low: Least reported score of the band.
        score_high: Greatest.
        share: Share of such tests that come out in it.
        advice: The advice then.
        date: The day of that advice.
        p_pass: Mean chance then on the date the student holds, or on the one named.
        kept: Chance then that the student's date will be kept; ``None`` without one.
    """

    score_low: float
    score_high: float
    share: float
    advice: Advice
    date: Day | None
    p_pass: float | None
    kept: float | None


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to "should I test on that date?".

    Attributes:
        advice: sit, move, remediate or too-early-to-say.
        date: The date; the day of the test for too-early-to-say; ``None`` for remediate.
        p_pass: Chance on the date that the answer is about.
        p_pass_low: See the forecast.
        p_pass_high: See the forecast.
        headline: The advice in one sentence.
        reasons: First the one that decided.
        rules: The rules checked for the date that the answer is about.
        options: Every candidate date.
        next_test: The practice test that decides next; ``None`` inside the last days.
        weights: Utilities used, by name.
        attempt_number: Which attempt the next one would be.
        last_attempt: Whether the rules leave no further attempt after it.
        pact: The agreement and whether its day has come; ``None`` without one.
        conditions: What to do before the date, with its days.
        evidence: How good the evidence is.
        kept: Chance that the student's date will be kept on its decision day; ``None`` without
            one.
        opens: Where no date is left: the first day that the rules allow, if any.
        closed: Whether rules leave no date.
        about: The date that ``rules`` and ``p_pass`` speak of.
        moves: How often the date was moved on advice.
        is_close: Whether keeping and moving are worth nearly the same.
    """

    advice: Advice
    date: date | None
    p_pass: float | None
    p_pass_low: float | None
    p_pass_high: float | None
    headline: Reason
    reasons: tuple[Reason, ...]
    rules: tuple[RuleCheck, ...]
    options: tuple[DateOption, ...]
    next_test: NextForm | None
    weights: dict[str, float]
    attempt_number: int
    last_attempt: bool
    pact: Reason | None
    conditions: tuple[Reason, ...]
    evidence: EvidenceGrade
    kept: float | None = None
    opens: Day | None = None
    closed: bool = False
    about: Day | None = None
    moves: int = 0
    is_close: bool = False
