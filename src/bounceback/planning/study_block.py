"""The unit of practice: a block of the exam's questions with its review, and how a bank is asked.

Twenty questions (or the exam's own block where that is smaller), timed at the exam's pace or the
granted one, reviewed in the same half-day for one to two times the block's length, with a cause
noted for each missed question.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

from bounceback import facts
from bounceback.planning.models import SessionStep
from bounceback.planning.parameters import Rules
from bounceback.vocabulary import BlockMode

Foundation = Literal["solid", "wobbly", "gap"]
"""How far the learner's knowledge carries: close to the passing score, some gaps, major gaps."""


@dataclass(frozen=True, slots=True)
class StudyBlock:
    """A block of questions with its review.

    Attributes:
        items: Questions in it.
        seconds_per_item: The exam's own pace, without extra time.
        block_minutes: Testing time, with granted extra time.
        minutes: The whole session: block, review and causes; a multiple of a quarter hour.
        causes_minutes: Of them, for noting causes.
    """

    items: int
    seconds_per_item: int
    block_minutes: int
    minutes: int
    causes_minutes: int

    def steps(self, minutes: int | None = None, row: int = 1) -> tuple[SessionStep, ...]:
        """The block, or a row of them, then review and causes, in so many minutes."""
        left = (minutes or row * self.minutes) - row * self.block_minutes - self.causes_minutes
        return (
            *(SessionStep("block", self.block_minutes) for _ in range(row)),
            SessionStep("review", left),
            SessionStep("causes", self.causes_minutes),
        )


def study_block(
    rhythm: facts.BlockRhythm,
    foundation: Foundation,
    minutes_per_question: float | None,
    rules: Rules,
    *,
    extra_time: bool = False,
    items: int | None = None,
) -> StudyBlock:
    """The block that a learner practises for a test date.

    Args:
        rhythm: The exam's own block on the test date.
        foundation: Sets how long the review is.
        minutes_per_question: The learner's own, review included; ``None`` if not recorded.
        rules: Plan parameters.
        extra_time: Whether extra testing time is granted.
        items: Questions of a smaller block, where no day holds a whole one.
    """
    if items is None:
        items = min(rhythm.items_per_block, rules.whole("block_items_max"))
    pace = rhythm.minutes_per_block / rhythm.items_per_block
    plain = pace * items
    timed = plain * (rules["extra_time_factor"] if extra_time else 1.0)
    quarter = rules.whole("quarter_minutes")
    wanted = plain * rules[f"review_ratio_{foundation}"] + timed
    if minutes_per_question is not None:
        own = minutes_per_question * items + (timed - plain)
        least = wanted if foundation == "gap" else plain + timed
        wanted = min(max(own, least), timed + plain * rules["review_ratio_max"])
    longest = max(rules.whole("session_minutes_max"), math.ceil(2 * timed / quarter) * quarter)
    minutes = min(math.ceil((wanted - 1e-9) / quarter) * quarter, longest)
    return StudyBlock(
        items=items,
        seconds_per_item=round(60 * pace),
        block_minutes=round(timed),
        minutes=minutes,
        causes_minutes=rules.whole("block_causes_minutes"),
    )


@dataclass(frozen=True, slots=True)
class BankWords:
    """What a bank calls its filters."""

    unused: str
    incorrect: str


_BANKS: Final[tuple[tuple[tuple[str, ...], BankWords], ...]] = (
    (("uworld", "usmleworld"), BankWords("Unused", "Incorrect + Marked")),
    (("amboss",), BankWords("Not answered", "Answered incorrectly + Marked")),
    (("truelearn", "combank"), BankWords("New", "Incorrect + Marked")),
    (("comquest",), BankWords("Unused", "Incorrect + Flagged")),
)
_ANY_BANK: Final = BankWords("Unused", "Incorrect + Marked")


def bank_words(resource: str | None) -> BankWords:
    """The filter names of a bank by the learner's own name of it."""
    name = (resource or "").casefold().replace(" ", "").replace("-", "")
    return next((words for keys, words in _BANKS if any(k in name for k in keys)), _ANY_BANK)


def bank_filter(status: str, area: str | None) -> str:
    """The filter of a block as text: status, then the area or that all are mixed."""
    return f"{status}, {area or 'mixed'}"


def mode_of(*, timed: bool) -> BlockMode:
    """Timed or tutor."""
    return "timed" if timed else "tutor"
