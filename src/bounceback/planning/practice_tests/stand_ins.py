"""What stands in where practice tests are few, and the smaller steps towards one put off."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta

from bounceback import facts
from bounceback.errors import FactError, FactUnknown
from bounceback.planning.models import LedgerEntry
from bounceback.planning.practice_tests.history import (
    FREE_SAMPLE,
    TIMED_BLOCKS,
    days_taken,
    form_size,
    has_extra_time,
    is_avoided,
)
from bounceback.planning.practice_tests.placement import (
    Chooser,
    PlacementProblem,
    suggested_test,
)
from bounceback.reasons import reason


def first_steps(p: PlacementProblem, chosen: Chooser) -> list[LedgerEntry]:
    """Smaller first steps before the next test where tests were put off: 20 questions, then 40."""
    rules, minutes_per_question = p.rules, p.minutes_per_question
    avoided = [e for e in chosen.entries if e.date is not None and e.owned]
    if not avoided or not is_avoided(chosen.entries, rules):
        return []
    first = min(avoided, key=lambda e: e.date or date.max)
    assert first.date is not None
    steps: list[LedgerEntry] = []
    items = rules.whole("first_step_items")
    room = [
        (d.date, d.study_minutes - taken)
        for d, taken in zip(chosen.room.days, chosen.room.taken, strict=True)
        if d.date < first.date and d.role == "study" and d.date not in chosen.used
    ]
    after = chosen.as_of
    for count in (items, 2 * items):
        needed = max(rules["block_day_minutes_min"], count * minutes_per_question)
        day = next((d for d, minutes in room if d >= after and minutes >= needed), None)
        if day is None:
            break
        steps.append(
            LedgerEntry(
                family=TIMED_BLOCKS,
                form=f"{count} items",
                date=day,
                reason=reason("planning.first-step", test=first.label, questions=count),
                role="first-step",
                state="placed",
                owned=False,
                measure=False,
                items=count,
            )
        )
        after = day + timedelta(days=1)
    return steps


def stand_ins(p: PlacementProblem, chosen: Chooser) -> list[LedgerEntry]:
    """The free sample and timed mixed blocks, where the learner's own tests are too few."""
    wanted = p.rules.whole("forms_in_window")
    sample = _free_sample(p)
    if any(e.family == FREE_SAMPLE and e.date is not None for e in chosen.entries):
        sample = None
    taken = days_taken(p.record, p.as_of)
    if sample is not None and sample.label in taken:
        sample = None
    extra: list[LedgerEntry] = []
    if chosen.needs_baseline() and not any(e.role == "baseline" for e in chosen.entries):
        pinned = sample is not None and sample.label in chosen.pinned
        extra = _baseline(p, chosen, None if pinned else sample, taken)
        if any(e.family == FREE_SAMPLE for e in extra):
            sample = None
    if p.retest is not None:
        return extra
    have = chosen.measures_late()
    if have < wanted and sample is not None:
        chosen.entries.append(sample)
        last = len(chosen.entries) - 1
        day = chosen.pinned.get(sample.label)
        if day is not None:
            chosen.set(last, day, "decision", reason("planning.sample-decision"))
        else:
            chosen.decision([last])
        placed = chosen.entries.pop()
        if placed.date is not None:
            extra.append(replace(placed, reason=reason("planning.sample-decision")))
            have += 1
    if have < wanted:
        extra += _timed_blocks(p)
    return extra


def _baseline(
    p: PlacementProblem,
    chosen: Chooser,
    sample: LedgerEntry | None,
    taken: Collection[str],
) -> list[LedgerEntry]:
    """What shows the level now where no test is recent and none of the learner's own fits.

    The free official sample, else a test to get, else a timed mixed block on the first day with
    time for it.
    """
    soon = p.as_of + timedelta(days=p.rules.whole("baseline_within_days"))
    for entry, why in (
        (sample, "planning.sample-baseline"),
        (suggested_test(p, 1, taken), "planning.test-baseline"),
    ):
        if entry is None:
            continue
        chosen.entries.append(entry)
        chosen.baseline([len(chosen.entries) - 1])
        placed = chosen.entries.pop()
        if placed.date is not None and placed.date <= soon:
            return [replace(placed, reason=reason(why))]
        for day in [d for d, i in chosen.used.items() if i == len(chosen.entries)]:
            del chosen.used[day]
    items = p.rules.whole("block_items_max")
    needed = p.rules["block_day_minutes_min"]
    for open_day, busy in zip(chosen.room.days, chosen.room.taken, strict=True):
        if open_day.date > soon:
            break
        free = open_day.role == "study" and open_day.date not in chosen.used
        if free and open_day.study_minutes - busy >= needed and p.fresh_questions >= items:
            return [
                LedgerEntry(
                    family=TIMED_BLOCKS,
                    form=f"{items} items",
                    date=open_day.date,
                    reason=reason("planning.blocks-baseline", questions=items),
                    role="baseline",
                    state="placed",
                    owned=False,
                    measure=False,
                    items=items,
                )
            ]
    return []


def _free_sample(p: PlacementProblem) -> LedgerEntry | None:
    record, exam_id = p.record, p.exam_id
    known = [f.family for f in record.forms] + [f.family for f in record.ledger]
    if FREE_SAMPLE in known:
        return None
    try:
        family = facts.form_family(FREE_SAMPLE, exam_id)
    except FactError:
        return None
    if family.price_usd != 0:
        return None
    size = form_size(FREE_SAMPLE, exam_id, p.test_date, p.rules, extra_time=has_extra_time(record))
    return LedgerEntry(
        family=FREE_SAMPLE,
        form=family.forms[-1] if family.forms else "",
        date=None,
        role="spare",
        owned=False,
        measure=size.measure,
        minutes=size.minutes,
        items=size.items,
    )


def _timed_blocks(p: PlacementProblem) -> list[LedgerEntry]:
    """Timed mixed blocks of unseen questions in the last two weeks, enough for one test."""
    rules, test_date = p.rules, p.test_date
    items = rules.whole("measure_items")
    try:
        rhythm = facts.rehearsal_rhythm(p.exam_id, test_date)
    except FactUnknown:
        return []
    entry = LedgerEntry(
        family=TIMED_BLOCKS,
        form=f"{items} items",
        date=None,
        role="spare",
        owned=False,
        measure=True,
        items=items,
    )
    if p.fresh_questions < items:
        why = reason("planning.blocks-too-few", questions=items)
        return [replace(entry, state="too-few-questions", reason=why, items=0)]
    last = test_date - timedelta(days=rules.whole("form_quiet_days") + 1)
    if last < p.as_of:
        return []
    return [
        replace(
            entry,
            date=last,
            role="decision",
            state="placed",
            reason=reason(
                "planning.blocks-decision",
                questions=items,
                by=last,
                block_questions=min(rhythm.items_per_block, rules.whole("block_items_max")),
            ),
            minutes=round(items * rhythm.minutes_per_block / rhythm.items_per_block),
        )
    ]
