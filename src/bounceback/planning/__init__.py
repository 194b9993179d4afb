"""What to do each day, what fits, and what each change is worth."""

from bounceback.planning.models import Change, LedgerEntry, LeftOut, NothingToPlan, Plan, Session
from bounceback.planning.planner import make_plan

__all__ = [
    "Change",
    "LedgerEntry",
    "LeftOut",
    "NothingToPlan",
    "Plan",
    "Session",
    "make_plan",
]
