"""What has its day before study does: practice tests and reviews, rest, preparations, catch-up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bounceback.planning.availability import subtract
from bounceback.planning.models import LedgerEntry, SessionStep
from bounceback.planning.parameters import Rules
from bounceback.planning.practice_tests import TIMED_BLOCKS
from bounceback.planning.scheduling.day_draft import (
    DayDraft,
    Draft,
    free_spans,
    on_quarter,
    whole_quarters,
)
from bounceback.planning.study_block import StudyBlock, bank_choice, two_steps
from bounceback.planning.study_resources import Material
from bounceback.reasons import reason


def place_rest(drafts: Sequence[DayDraft]) -> None:
    """Rest days that the plan keeps."""
    for draft in drafts:
        if draft.day.role == "rest" and not draft.drafts and draft.slots:
            start = on_quarter(draft.slots[0][0])
            draft.drafts.append(
                Draft(start, 0, None, kind="rest", reason=reason("planning.day-off"))
            )


def place_logistics(drafts: Sequence[DayDraft], rules: Rules) -> None:
    """The preparations on the last day with time for them."""
    minutes = rules.whole("logistics_minutes")
    for draft in reversed(drafts):
        if any(d.kept and d.kept.kind == "logistics" for d in draft.drafts):
            return
        if draft.day.role == "rest" or draft.study < minutes:
            continue
        span = next(iter(free_spans(draft.slots, minutes)), None)
        if span is not None:
            draft.take(
                Draft(
                    span[0],
                    minutes,
                    None,
                    kind="logistics",
                    reason=reason("planning.test-day-prep"),
                )
            )
            draft.study -= minutes
            return


def place_tests(
    drafts: Sequence[DayDraft], ledger: Sequence[LedgerEntry], rules: Rules, block: StudyBlock
) -> None:
    """Practice tests at their real length in the morning, and their reviews within two days."""
    index = {draft.day.date: i for i, draft in enumerate(drafts)}
    pinned = {d.kept.form for draft in drafts for d in draft.drafts if d.kept and d.kept.form}
    reach = round(rules["form_review_hours"] / 24)
    placed = [
        (index[entry.date], entry)
        for entry in ledger
        if entry.date is not None and entry.date in index and entry.family != TIMED_BLOCKS
    ]
    ends: dict[str, int] = {}
    for i, entry in placed:
        ends[entry.label] = i
        if entry.label in pinned:
            continue
        if entry.second_date is not None and entry.second_date in index:
            half = -(-entry.minutes // 10) * 5
            _sit(drafts[i], entry, half, block)
            ends[entry.label] = index[entry.second_date]
            _sit(drafts[index[entry.second_date]], entry, entry.minutes - half, block)
            continue
        # A checkpoint test keeps its day also where the hours are still to be found.
        longest = sorted((e - s for s, e in free_spans(drafts[i].slots, 1)), reverse=True)
        fits = min(drafts[i].study, sum(longest[:2])) >= entry.minutes
        if entry.role != "retest" or fits:
            _sit(drafts[i], entry, entry.minutes, block)
    left: dict[str, int] = {}
    at_least: dict[str, int] = {}
    in_order = sorted(placed, key=lambda p: p[0])
    for i, entry in in_order:
        kept = sum(
            d.kept.minutes
            for draft in drafts[i : ends[entry.label] + reach + 1]
            for d in draft.drafts
            if d.kept and d.kept.kind == "review" and d.kept.form == entry.label
        )
        wanted = max(rules["form_review_minutes_per_item"] * entry.items, entry.minutes / 2)
        left[entry.label] = on_quarter(round(wanted)) - kept
        at_least[entry.label] = on_quarter(-(-entry.minutes // 2)) - kept
    # One session each before the second of any, so that no test takes all of another's time.
    # Catch-up time gives way until half of the test's length is reviewed.
    for at_most, catch_up in ((1, False), (None, False), (None, True)):
        for _, entry in in_order:
            i = ends[entry.label]
            later = range(i + 1, min(i + reach, len(drafts) - 1) + 1)
            room = [drafts[k] for k in (*later, i)]
            wanted = at_least[entry.label] if catch_up else left[entry.label]
            done = _review(room, entry, wanted, (at_most, catch_up), rules)
            left[entry.label] -= done
            at_least[entry.label] -= done


def _review(
    days: Sequence[DayDraft],
    entry: LedgerEntry,
    wanted: int,
    limits: tuple[int | None, bool],
    rules: Rules,
) -> int:
    """Sessions on a test while it is fresh, on the first of ``days`` with time.

    Args:
        days: In the order in which they are used.
        entry: The test.
        wanted: Minutes.
        limits: Most sessions, and whether catch-up time may be used.
        rules: Plan parameters.

    Returns:
        Minutes placed.
    """
    longest = whole_quarters(rules["session_minutes_max"])
    shortest = rules.whole("session_minutes_min")
    left, count = wanted, 0
    at_most, catch_up = limits
    for draft in days:
        if draft.day.role in ("rest", "off") and draft.day.minutes == 0:
            continue
        room = draft.study - (0 if catch_up else draft.day.buffer)
        if catch_up and draft.day.role == "taper":
            # A test that late is still reviewed: that day is less light.
            room += draft.day.free - draft.day.minutes
        while left >= shortest and room >= shortest and (at_most is None or count < at_most):
            span = next(iter(free_spans(draft.slots, shortest)), None)
            if span is None:
                break
            minutes = whole_quarters(min(left, room, longest, span[1] - span[0]))
            draft.take(
                Draft(
                    span[0],
                    minutes,
                    "review",
                    kind="review",
                    form=entry.label,
                    reason=reason("planning.test-review", test=entry.label),
                    steps=two_steps("review", "causes", minutes, shortest),
                )
            )
            draft.study = max(0, draft.study - minutes)
            room -= minutes
            left -= minutes
            count += 1
    return wanted - left


def _sit(draft: DayDraft, entry: LedgerEntry, minutes: int, block: StudyBlock) -> None:
    spans = free_spans(draft.slots, 1)
    whole = next((s for s in spans if s[1] - s[0] >= minutes), None)
    if whole is not None:
        parts = [(whole[0], minutes)]
    else:
        # Two parts, the longest of the day: the gap between them is the long break.
        longest = sorted(spans, key=lambda s: s[0] - s[1])[:2]
        parts = []
        left = minutes
        for start, end in sorted(longest):
            take = min(left, end - start)
            if take > 0:
                parts.append((start, take))
                left -= take
    for start, take in parts:
        draft.take(
            Draft(
                start,
                take,
                "form",
                kind="form",
                form=entry.label,
                reason=entry.reason,
                mode="timed",
                steps=(SessionStep("test", take),),
            )
        )
    draft.study = max(0, draft.study - minutes)
    draft.hard = max(0, draft.hard - minutes)


def place_first_steps(
    drafts: Sequence[DayDraft],
    ledger: Sequence[LedgerEntry],
    material: Material,
    block: StudyBlock,
    rules: Rules,
) -> dict[str | None, float]:
    """Timed mixed blocks on the way to a test that was put off, at the head of their days.

    Returns:
        New questions used, by resource.
    """
    index = {draft.day.date: draft for draft in drafts}
    used: dict[str | None, float] = {}
    if not material.questions:
        return used
    bank = material.questions[0]
    for entry in ledger:
        draft = index.get(entry.date) if entry.date else None
        if entry.family != TIMED_BLOCKS or entry.role == "decision" or draft is None:
            continue
        left = min(entry.items, bank.units_left - used.get(bank.name, 0.0))
        while left >= 1:
            units = int(min(left, block.items))
            span = next(iter(free_spans(draft.slots, block.minutes)), None)
            if span is None or min(draft.study - draft.day.buffer, draft.hard) < block.minutes:
                break
            draft.take(
                Draft(
                    span[0],
                    block.minutes,
                    "questions",
                    resource=bank.name,
                    units=units,
                    reason=entry.reason,
                    first_step=True,
                    mode="timed",
                    filter=bank_choice(bank.name, timed=True).filter,
                    first_pass=True,
                    steps=block.steps(),
                )
            )
            draft.study -= block.minutes
            draft.hard -= block.minutes
            used[bank.name] = used.get(bank.name, 0.0) + units
            left -= units
    return used


@dataclass(frozen=True, slots=True)
class Bank:
    """What blocks are taken from: the banks, the block, and units used so far, by resource."""

    material: Material
    block: StudyBlock
    used: dict[str | None, float]


def complete_rehearsal(
    drafts: Sequence[DayDraft],
    ledger: Sequence[LedgerEntry],
    items: int,
    bank: Bank,
    rules: Rules,
) -> None:
    """Add timed mixed blocks to the day of one of the last tests until it holds ``items``.

    The last such day that starts early enough and has the hours for it; none where no day has.
    """
    if not bank.material.questions:
        return
    supply, block = bank.material.questions[0], bank.block
    index = {draft.day.date: draft for draft in drafts}
    last_days = sorted(
        (e for e in ledger if e.date in index and e.role == "decision" and e.items and e.minutes),
        key=lambda e: e.date or date.min,
        reverse=True,
    )
    late = [e for e in last_days if e.family != TIMED_BLOCKS and e.second_date is None]
    wanted: list[tuple[DayDraft, int]] = []
    for entry in late:
        assert entry.date is not None
        draft = index[entry.date]
        held = entry.items + sum(
            d.kept.units or 0
            for d in draft.drafts
            if d.kept and d.kept.activity == "questions" and d.kept.area is None
        )
        wanted.append((draft, -(-(items - held) // block.items)))
    if any(count <= 0 for _, count in wanted):
        return
    for draft, count in wanted:
        tests = [d for d in draft.drafts if d.activity == "form"]
        early = any(d.start <= rules["rehearsal_hour"] * 60 for d in tests)
        spans = free_spans(draft.slots, block.minutes)
        fit = sum((end - start) // block.minutes for start, end in spans)
        left = supply.units_left - bank.used.get(supply.name, 0.0)
        if not early or fit < count or draft.study < count * block.minutes:
            continue
        if left < count * block.items:
            return
        for _ in range(count):
            start = free_spans(draft.slots, block.minutes)[0][0]
            draft.take(
                Draft(
                    start,
                    block.minutes,
                    "questions",
                    resource=supply.name,
                    units=block.items,
                    reason=reason(
                        "planning.rehearsal-block",
                        questions=block.items,
                        block_minutes=block.block_minutes,
                        **bank_choice(supply.name, timed=True).as_facts(),
                    ),
                    first_step=True,
                    mode="timed",
                    filter=bank_choice(supply.name, timed=True).filter,
                    first_pass=True,
                    steps=block.steps(),
                )
            )
            draft.study -= block.minutes
            draft.hard = max(0, draft.hard - block.minutes)
            bank.used[supply.name] = bank.used.get(supply.name, 0.0) + block.items
        return


def place_buffers(drafts: Sequence[DayDraft], rules: Rules) -> None:
    """Weekly catch-up time at the end of its day, where practice tests leave time."""
    shortest = rules.whole("session_minutes_min")
    for draft in drafts:
        if any(d.kept and d.kept.kind == "buffer" for d in draft.drafts):
            continue
        minutes = min(draft.day.buffer, draft.study)
        spans = free_spans(draft.slots, shortest)
        if draft.day.buffer and minutes >= shortest and spans:
            start, end = spans[-1]
            minutes = whole_quarters(min(minutes, end - start))
            at = whole_quarters(end - minutes)
            draft.take(
                Draft(
                    max(at, start),
                    minutes,
                    None,
                    kind="buffer",
                    reason=reason("planning.catch-up"),
                )
            )
            draft.study -= minutes


def draw_buffers_near(drafts: Sequence[DayDraft]) -> None:
    """Move catch-up time from the end of its window to right after the day's last session."""
    for draft in drafts:
        for buffer in draft.drafts:
            if buffer.kind != "buffer" or buffer.kept is not None:
                continue
            before = [d.start + d.minutes for d in draft.drafts if d.start < buffer.start]
            earliest = max(before, default=buffer.start)
            free = subtract(draft.day.slots, [(0, earliest)])
            others = [(d.start, d.start + d.minutes) for d in draft.drafts if d is not buffer]
            for low, high in subtract(free, others):
                start = on_quarter(low)
                if high - start >= buffer.minutes and start < buffer.start:
                    buffer.start = start
                    break


def kept_mixed_questions(drafts: Sequence[DayDraft], first: date, last: date) -> int:
    """New questions of mixed blocks that kept sessions hold on these days."""
    return sum(
        d.kept.units or 0
        for draft in drafts
        if first <= draft.day.date <= last
        for d in draft.drafts
        if d.kept and d.kept.activity == "questions" and d.kept.area is None
    )
