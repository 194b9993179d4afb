"""What testing on a date entails: when the result comes, what it costs, what is left after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from bounceback import facts
from bounceback.decision import eligibility_rules, fees
from bounceback.decision.models import RuleCheck
from bounceback.decision.priorities import parameters
from bounceback.records.models import Record


@dataclass(frozen=True, slots=True)
class DateTerms:
    """What testing on a date entails.

    Attributes:
        result_usual: Day by which results usually come.
        result_latest: Day to plan for.
        attempts_left: Numbers of the attempts left if this one fails; ``None`` without a limit.
        register_again_usd: Dollars to register again; ``None`` if not published.
        moving_usd: Dollars to move now; ``None`` if not known.
        rules: Every rule held against the date.
    """

    result_usual: date
    result_latest: date
    attempts_left: tuple[int, ...] | None
    register_again_usd: float | None
    moving_usd: float | None
    rules: tuple[RuleCheck, ...]

    @property
    def allowed(self) -> bool:
        """Whether no rule closes the date."""
        return all(c.holds is not False for c in self.rules if c.blocks)


def date_terms(record: Record, as_of: date, day: date) -> DateTerms:
    """Return what testing on a day entails.

    Args:
        record: The student's record.
        as_of: The day to answer for; attempts up to it count.
        day: The test date.

    Raises:
        FactUnknown: The board does not say when results of that day come.
    """
    release = facts.release(record.exam.id, day)
    most = facts.attempt_rules(record.exam.id, day).max_attempts.value
    taken = len(eligibility_rules.sittings(record, as_of))
    again, moving = fees.registering(record, as_of), fees.moving(record, as_of)
    return DateTerms(
        result_usual=day + timedelta(days=round(7 * release.typical_weeks)),
        result_latest=day + timedelta(days=round(7 * release.plan_weeks)),
        attempts_left=(
            tuple(range(taken + 2, int(most) + 1)) if isinstance(most, int | float) else None
        ),
        register_again_usd=again.amount_usd if again else None,
        moving_usd=moving.amount_usd if moving else None,
        rules=eligibility_rules.check(record, as_of, day),
    )


def can_be_booked(record: Record, as_of: date, day: date) -> bool:
    """Tell whether a test center may still take a booking for a day and is open on it."""
    notice = int(parameters(record.exam.id)["booking_notice_days"])
    return (day - as_of).days >= notice and facts.closed_day(record.exam.id, day) is None
