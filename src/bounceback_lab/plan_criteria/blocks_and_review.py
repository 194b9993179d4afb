"""B and R: blocks of the exam, timed and mixed, each with its review; second looks bounded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bounceback_lab.plan_criteria.plan_view import (
    BLOCK,
    SECOND_LOOK_MINUTES,
    PlanView,
    Session,
)
from bounceback_lab.plan_criteria.registry import Finding, criterion, holds, not_applicable

WHOLE_SHARE: Final = 0.80
BLOCK_TOLERANCE: Final = 0.10
LATE_MIXED_SHARE: Final = 0.60
LATE_MIXED_SHARE_WAY_BACK: Final = 0.30
MIDDLE_MIXED_SHARE: Final = 0.20
TIMED_SHARE: Final = 0.70
REVIEW_RATIO: Final = (0.9, 2.2)
REVIEW_RATIO_GAP: Final = (1.2, 2.5)
SAID_SHARE: Final = 0.90
SECOND_LOOK_SHARE: Final = 0.25
SECOND_LOOK_SHARE_USED_UP: Final = 0.35
USED_UP: Final = 0.90
SECOND_LOOKS_PER_MISS: Final = 1.15


def is_whole(units: int) -> bool:
    """Whether a number of questions is a block or a multiple, within a tenth."""
    blocks = max(1, round(units / BLOCK))
    return abs(units - blocks * BLOCK) <= BLOCK_TOLERANCE * blocks * BLOCK


def mixed_share(sessions: Sequence[Session], *, timed: bool = False) -> float | None:
    """Share of new questions that are mixed (and timed); ``None`` without questions."""
    total = sum(s.units or 0 for s in sessions)
    mixed = sum(s.units or 0 for s in sessions if s.is_mixed and (s.mode == "timed" or not timed))
    return mixed / total if total else None


@criterion("B1", 3, "questions come in whole blocks of the exam")
def whole_blocks(view: PlanView) -> Finding:
    """At least 80 % of new questions stand in sessions of a block or a multiple."""
    total = sum(s.units or 0 for s in view.fresh)
    if not total:
        return not_applicable("no new questions")
    whole = sum(s.units or 0 for s in view.fresh if is_whole(s.units or 0))
    return holds(whole / total >= WHOLE_SHARE, f"{whole / total:.0%} in whole blocks")


@criterion("B2", 3, "timed mixed blocks in the last third")
def late_mixed(view: PlanView) -> Finding:
    """At least 60 % of the last third's new questions, 30 % on the way to a checkpoint test."""
    share = mixed_share(view.thirds(view.fresh)[2], timed=True)
    if share is None:
        return not_applicable("no new questions in the last third")
    least = LATE_MIXED_SHARE_WAY_BACK if view.is_way_back else LATE_MIXED_SHARE
    return holds(share >= least, f"{share:.0%} mixed and timed")


@criterion("B3", 2, "mixing grows by thirds")
def growing_mix(view: PlanView) -> Finding:
    """Last third above the middle, middle not below the first and at least 20 %; not for a gap."""
    if view.is_gap:
        return not_applicable("a gap is built by subject")
    shares = [mixed_share(part) for part in view.thirds(view.fresh)]
    if any(share is None for share in shares):
        return not_applicable("a third without new questions")
    first, middle, last = (share or 0.0 for share in shares)
    good = last > middle >= first and middle >= MIDDLE_MIXED_SHARE
    return holds(good, f"{first:.0%}, {middle:.0%}, {last:.0%}")


@criterion("B4", 2, "questions are timed in the second half")
def timed_late(view: PlanView) -> Finding:
    """At least 70 % of the second half's question sessions say timed."""
    late = [s for s in view.in_half(view.work, 1) if s.activity == "questions"]
    if not late:
        return not_applicable("no questions in the second half")
    share = sum(s.mode == "timed" for s in late) / len(late)
    return holds(share >= TIMED_SHARE, f"{share:.0%} timed")


@criterion("R1", 3, "review belongs to its block, the same day, 1 to 2 times its length")
def review_ratio(view: PlanView) -> Finding:
    """Minutes beyond the block's own, of the session and of same-day review, by block minutes."""
    if not view.fresh:
        return not_applicable("no new questions")
    block = spent = 0.0
    for on, day in view.days.items():
        fresh = [s for s in view.fresh if s.date == on]
        ids = {s.id for s in fresh}
        reviews = [s for s in day if s.of and s.of in ids]
        block += view.pace * sum(s.units or 0 for s in fresh)
        spent += sum(s.minutes for s in (*fresh, *reviews))
    ratio = (spent - block) / block
    # With granted time the block is longer and its review is not.
    low, high = REVIEW_RATIO_GAP if view.is_gap else REVIEW_RATIO
    return holds(low / view.granted <= ratio <= high, f"{ratio:.2f} of the block's time")


def says_both(view: PlanView, s: Session) -> bool:
    """Whether a question session says how long the block and how long the review is."""
    timed = [what for what, minutes in s.steps if minutes > 0]
    if len(timed) >= 2 and any("review" in what.casefold() for what in timed):
        return True
    return any(other.of == s.id for other in view.days.get(s.date, ()))


@criterion("R2", 2, "the session says how long its block and how long its review is")
def review_said(view: PlanView) -> Finding:
    """At least 90 % of the sessions of new questions."""
    if not view.fresh:
        return not_applicable("no new questions")
    share = sum(says_both(view, s) for s in view.fresh) / len(view.fresh)
    return holds(share >= SAID_SHARE, f"{share:.0%} say both")


@criterion("R3", 3, "second looks are bounded by study and by what was missed")
def second_looks_bounded(view: PlanView) -> Finding:
    """At most a quarter of study (35 % with the bank used up) and 1.15 looks a missed question."""
    minutes = sum(s.minutes for s in view.second_looks)
    if not view.study_minutes:
        return not_applicable("no study")
    share = minutes / view.study_minutes
    most = SECOND_LOOK_SHARE_USED_UP if view.used_share >= USED_UP else SECOND_LOOK_SHARE
    looks = minutes / SECOND_LOOK_MINUTES
    enough = looks <= SECOND_LOOKS_PER_MISS * view.missed
    return holds(
        share <= most and enough,
        f"{share:.0%} of study, {looks:.0f} looks for {view.missed:.0f} missed",
    )


@criterion("R4", 2, "second looks are counted and picked")
def second_looks_picked(view: PlanView) -> Finding:
    """At least 90 % name a number and a missed or flagged filter."""
    if not view.second_looks:
        return not_applicable("no second looks")
    named = sum(bool(s.units) and s.names_missed for s in view.second_looks)
    share = named / len(view.second_looks)
    return holds(share >= SAID_SHARE, f"{share:.0%} counted and picked")
