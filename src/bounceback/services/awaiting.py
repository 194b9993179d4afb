"""The decision while a result is awaited: none is due before it is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bounceback.decision.models import Decision
from bounceback.planning.keep_fresh import ResultAwaited
from bounceback.reasons import reason


def until_the_result(decision: Decision, waiting: ResultAwaited, today: date) -> Decision:
    """Return a decision that waits for the result; dates and options stay for whoever looks.

    Its day is the one by which results usually come, or today once that has passed.

    Args:
        decision: As the evidence alone gives it.
        waiting: The attempt whose result is not out.
        today: The day asked about.
    """
    why = reason("keep_fresh.result-awaited", date=waiting.attempt.date, usual=waiting.usual)
    return replace(
        decision,
        advice="too-early-to-say",
        date=max(waiting.usual or today, today),
        headline=why,
        reasons=(why,),
        conditions=(),
        next_test=None,
        closed=False,
    )
