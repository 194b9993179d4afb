"""What to do each day, what fits, and what each change is worth."""

from bounceback.plan.planning import make_plan
from bounceback.plan.values import (
    Change,
    LedgerEntry,
    LeftOut,
    NothingToPlan,
    Plan,
    Session,
)

__all__ = [
    "Change",
    "LedgerEntry",
    "LeftOut",
    "NothingToPlan",
    "Plan",
    "Session",
    "make_plan",
]
