"""The unit of practice: a block of the exam's questions with its review, and how a bank is asked.

Twenty questions (or the exam's own block where that is smaller), timed at the exam's pace or the
granted one, reviewed in the same half-day for one to two times the block's length, with a cause
noted for each missed question.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from bounceback import facts
from bounceback.planning.models import SessionStep
from bounceback.planning.parameters import Rules
from bounceback.reasons import Fact, Reason, reason
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
        own_minutes: What block and review take at the learner's own pace, where that is longer than
            a session may be: so much of a day is counted for each.
    """

    items: int
    seconds_per_item: int
    block_minutes: int
    minutes: int
    causes_minutes: int
    own_minutes: int = 0

    def fit_in(self, minutes: float) -> int:
        """How many of them a day of so many minutes holds, by its hours alone."""
        return int(minutes // max(self.minutes, self.own_minutes))

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
class BankChoice:
    """What to choose in a question bank for one session, in the bank's own words.

    Attributes:
        bank: The learner's own name of the bank; ``None`` where none is listed.
        mode: Timed or tutor, as the bank calls it.
        status: The filter by what was done before.
        by_area: The filter by area; ``None`` where all are mixed.
        area: The area; ``None`` where all are mixed.
    """

    bank: str | None
    mode: str
    status: str
    by_area: str | None
    area: str | None

    @property
    def filter(self) -> str:
        """Status, then the area or that all are mixed."""
        return f"{self.status}, {self.area or 'mixed'}"

    def as_facts(self) -> dict[str, Fact]:
        """The choice as facts of a session's reason."""
        return {
            "bank": self.bank,
            "mode": self.mode,
            "status": self.status,
            "by_area": self.by_area,
            "choose_area": self.area,
        }


def bank_choice(
    bank: str | None, *, timed: bool, new: bool = True, area: str | None = None
) -> BankChoice:
    """Return what to choose in a bank.

    Args:
        bank: The learner's own name of the bank.
        timed: Whether the block has a clock; else answers are shown at once.
        new: Unused questions; else those missed or marked.
        area: One area or strand; ``None`` for a mixed block.
    """
    words = facts.bank_filters(bank or "")
    return BankChoice(
        bank=bank,
        mode=words.timed if timed else words.tutor,
        status=words.unused if new else f"{words.incorrect} + {words.marked}",
        by_area=None if area is None else words.by_area,
        area=area,
    )


def filter_remarks(banks: Collection[str | None]) -> tuple[Reason, ...]:
    """What to say of banks whose filter names are our estimate.

    Args:
        banks: The learner's own names of the banks in use; ``None`` for one that is not listed.
    """
    guessed = [b for b in banks if b and facts.bank_filters(b).confidence == "inferred"]
    return (reason("planning.bank-names", banks=tuple(sorted(guessed))),) if guessed else ()


def mode_of(*, timed: bool) -> BlockMode:
    """Timed or tutor."""
    return "timed" if timed else "tutor"


def two_steps(
    first: str, second: str, minutes: int, second_minutes: int
) -> tuple[SessionStep, ...]:
    """Return two steps of so many minutes in all; one where the second has no time."""
    left = minutes - second_minutes
    if second_minutes <= 0 or left < second_minutes:
        return (SessionStep(first, minutes),)
    return (SessionStep(first, left), SessionStep(second, second_minutes))


def review_minutes(steps: Sequence[SessionStep]) -> int:
    """Return the minutes of review among steps."""
    return sum(step.minutes for step in steps if step.what == "review")
