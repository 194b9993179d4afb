"""From a record to a plan: ledger, allocation and timetable in that order, with the bound."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

import numpy as np

from bounceback import facts
from bounceback.forecast.learning_curve import Dynamics, Floats
from bounceback.planning import allocation
from bounceback.planning.availability import Day, before_sitting, daily_cap_minutes, open_days
from bounceback.planning.empty_plan import nothing_to_plan
from bounceback.planning.models import DayLevel, LedgerEntry, LeftOut, Plan, Session
from bounceback.planning.parameters import Prescribes, Rules, rules_for
from bounceback.planning.practice_tests import (
    TIMED_BLOCKS,
    PlacementProblem,
    Room,
    has_extra_time,
    place_forms,
)
from bounceback.planning.scheduling import fixed_blocks
from bounceback.planning.scheduling.day_draft import (
    DayDraft,
    free_spans,
    sessions_that_fit,
    start_days,
)
from bounceback.planning.scheduling.session_list import (
    Place,
    count_begun,
    realised_effort,
    to_sessions,
)
from bounceback.planning.scheduling.study_blocks import (
    DayFiller,
    StudyContext,
    Targets,
    block_of_day,
)
from bounceback.planning.strands import Strand, runs_out_of_time, strands_of
from bounceback.planning.study_block import Foundation, StudyBlock, filter_remarks, study_block
from bounceback.planning.study_resources import (
    Material,
    Supply,
    material,
    questions_per_day_at_start,
    size_remarks,
)
from bounceback.planning.time_needed import TimeLevel, distance, level_now
from bounceback.reasons import Reason, reason
from bounceback.records.catalog_sizes import with_catalog_sizes
from bounceback.records.models import Record

_HOURS_SHOWN: Final = 60

_FOUNDATION: Final[Mapping[TimeLevel, Foundation]] = {
    "mostly-solid": "solid",
    "wobbly": "wobbly",
    "fundamental-gap": "gap",
}

_FIXED_BLOCKS: Final = frozenset(
    {"planning.rehearsal-block", "planning.first-step", "planning.blocks-baseline"}
)
"""Reasons of blocks that have their day before study does."""

_KIND_OF_WORK: Final[Mapping[str, str]] = {
    "questions": "questions",
    "review": "incorrects",
    "cards": "cards",
    "reading": "content",
    "video": "content",
    "other": "recall",
}


@dataclass(frozen=True, slots=True)
class Before:
    """What an earlier plan hands on to the next.

    Attributes:
        ledger: Its forms with their roles, words and how often they were put off.
        released: Days whose catch-up time is used for what was missed.
        ids: Its session ids by what stood there, so that a session that stays keeps its id and no
            id comes to mean another session.
        closed: Days of which everything stands as it was: nothing is added to them.
    """

    ledger: tuple[LedgerEntry, ...] = ()
    released: frozenset[date] = frozenset()
    ids: Mapping[Place, str] = field(default_factory=dict)
    closed: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Setting:
    """What one record fixes for every test date: days, resources, rules.

    Attributes:
        record: Whose plan.
        as_of: First day of the plan.
        rules: Plan parameters with prescriptions.
        material: What there is to study from.
        days: Open days from the Monday on or before ``as_of`` to the last date asked for.
        questions_per_day: Fresh questions a day in the first week.
        strands: Work beside the organ systems.
        retest: Where the plan leads to a re-test and not to the exam: that form on its day.
        resource_remarks: Sizes taken from the catalog, and sizes that nobody publishes.
    """

    record: Record
    as_of: date
    rules: Rules
    material: Material
    days: tuple[Day, ...]
    questions_per_day: float
    strands: tuple[Strand, ...] = ()
    retest: LedgerEntry | None = None
    resource_remarks: tuple[Reason, ...] = ()

    def end(self, test_date: date) -> date:
        """The first day beyond the plan: the exam's own, or after a checkpoint test's review."""
        if self.retest is None:
            return test_date
        return test_date + timedelta(days=1 + round(self.rules["form_review_hours"] / 24))

    def days_to(self, test_date: date, level: DayLevel = "good") -> tuple[Day, ...]:
        """The days of a plan: lighter at the end where an exam follows."""
        end = self.end(test_date)
        return before_sitting(
            self.days, self.as_of, end, self.rules, level, taper=self.retest is None
        )


def setting(
    record: Record,
    as_of: date,
    last: date,
    prescriptions: Sequence[Prescribes] = (),
    retest: LedgerEntry | None = None,
) -> Setting:
    """Read rules, days and resources once; ``last`` is the latest test date that will be asked."""
    rules = rules_for(record.exam.id, prescriptions)
    sized = with_catalog_sizes(record.resources)
    remarks = size_remarks(record.resources, sized)
    record = replace(record, resources=sized)
    monday = as_of - timedelta(days=as_of.weekday())
    days: tuple[Day, ...] = ()
    after = timedelta(days=round(rules["form_review_hours"] / 24))
    final = last - timedelta(days=1) if retest is None else last + after
    if record.availability is not None and final >= as_of:
        days = open_days(record.availability, monday, final, rules)
    return Setting(
        record,
        as_of,
        rules,
        material(record.resources, rules),
        days,
        questions_per_day_at_start(record.blocks, as_of, rules),
        strands_of(record, as_of, rules),
        retest,
        remarks,
    )


def make_plan(
    record: Record,
    as_of: date,
    test_date: date,
    dynamics: Dynamics,
    prescriptions: Sequence[Prescribes] = (),
    *,
    level: DayLevel = "good",
    retest: LedgerEntry | None = None,
) -> Plan:
    """The plan from ``as_of`` to the day before ``test_date``.

    Sessions of the record's plan that are locked, or ticked today, are kept where they are.

    Args:
        record: Whose plan; evidence after ``as_of`` must already be out of it.
        as_of: First day; it counts.
        test_date: The sitting.
        dynamics: How study moves this learner's score.
        prescriptions: Plan changes that follow from the appraisal.
        level: Good, half or minimum: what the learner chose for ``as_of``.
        retest: For a plan that leads to a re-test: that form, on ``test_date``, its last day.

    Returns:
        The plan. Where there is nothing to plan, ``nothing`` says why and what is next.
    """
    at = setting(record, as_of, test_date, prescriptions, retest)
    return build(at, test_date, dynamics, level=level)


def own_sessions(record: Record, as_of: date, test_date: date) -> tuple[Session, ...]:
    """Sessions of the record's plan that stay: locked ones ahead, and those ticked today."""
    return tuple(
        Session.from_planned(entry)
        for entry in record.plan
        if as_of <= entry.date < test_date
        and (entry.locked or (entry.date == as_of and entry.done_minutes))
    )


def build(
    at: Setting,
    test_date: date,
    dynamics: Dynamics,
    *,
    level: DayLevel = "good",
    keep: Sequence[Session] | None = None,
    before: Before | None = None,
) -> Plan:
    """Make the plan of one date from a setting.

    Args:
        at: From :func:`setting`.
        test_date: The sitting.
        dynamics: How study moves the score.
        level: What the learner chose for the first day.
        keep: Sessions that stay where they are; default: the learner's own.
        before: What an earlier plan hands on.
    """
    record, as_of, rules, end = at.record, at.as_of, at.rules, at.end(test_date)
    fixed = tuple(own_sessions(record, as_of, end) if keep is None else keep)
    days = at.days_to(test_date, level)
    if before is not None and before.released:
        days = tuple(replace(d, buffer=0) if d.date in before.released else d for d in days)
    nothing = nothing_to_plan(record, as_of, end, days, at.material, sitting=at.retest is None)
    # Without a calendar (no hours given, or the sitting is today) there are no days to fill; what
    # the learner fixed stands all the same.
    if nothing is not None and (not fixed or not days):
        eve = _eve_only(days, rules, dynamics) if nothing.reason == "exam-tomorrow" else ()
        return Plan(
            as_of=as_of,
            test_date=test_date,
            sessions=tuple(sorted((*eve, *fixed), key=lambda s: (s.date, s.start, s.id))),
            ledger=_unplaced(at, test_date, reason("planning.test-no-plan")),
            areas=dynamics.areas,
            effort=(0.0,) * len(dynamics.areas),
            planned_minutes=dict.fromkeys(dynamics.areas, 0),
            minutes_per_day=(0.0,) * max(0, (end - as_of).days),
            nothing=nothing,
            remarks=_fixed_remarks(at, end, days, fixed),
            level=level,
        )
    frame = _frame(at, end, days, dynamics, fixed, before)
    drafts, ledger, targets = frame.drafts, frame.ledger, frame.targets
    study = StudyContext(
        dynamics, at.material, (frame.block, frame.small), at.strands, rules, frame.row
    )
    filler = DayFiller(drafts, targets, study)
    in_window = filler.fill(frame.used)
    fixed_blocks.draw_buffers_near(drafts)
    sessions = to_sessions(drafts, dynamics.areas, before.ids if before else {})
    if at.material.passive:
        sessions = count_begun(sessions, at.material.passive, record.plan, as_of)
    if targets.window_questions and in_window < targets.window_questions:
        ledger = _too_few_mixed(ledger, in_window)

    effort, raw = realised_effort(dynamics, as_of, len(days), sessions, targets.worth)
    gap, gain = _gap(dynamics, at, frame, effort, sessions)
    return Plan(
        as_of=as_of,
        test_date=test_date,
        sessions=sessions,
        ledger=ledger,
        left_out=_left_out(at, ledger, sessions, frame),
        bound_gap_points=gap,
        gain_points=gain,
        areas=dynamics.areas,
        effort=tuple(effort.tolist()),
        planned_minutes=minutes_by_area(dynamics, sessions),
        minutes_per_day=tuple(raw.tolist()),
        remarks=(*_remarks(at, frame, sessions), *_fixed_remarks(at, end, days, fixed)),
        level=level,
    )


@dataclass(frozen=True, slots=True)
class _Frame:
    """A plan of one date before it is cut into sessions.

    Attributes:
        drafts: Days with what is fixed on them.
        ledger: Practice tests with their days.
        block: The unit of practice.
        small: The same with a shorter review, for days that cannot hold it.
        row: Blocks that are done in a row before their review.
        foundation: Which sets phases and content.
        targets: What the day filler works towards.
        fixed: (A,) effective days of tests, reviews and kept sessions.
        base: (A,) the same with all work that reaches every area.
        wanted: (A,) optimal effective days.
        most: (A,) most effective days of each area.
        used: Units that fixed sessions use up, by resource.
    """

    drafts: list[DayDraft]
    ledger: tuple[LedgerEntry, ...]
    block: StudyBlock
    small: StudyBlock
    row: int
    foundation: Foundation
    targets: Targets
    fixed: Floats
    base: Floats
    wanted: Floats
    most: Floats
    used: Mapping[str | None, float]


def foundation_of(record: Record, as_of: date, dynamics: Dynamics) -> Foundation:
    """How far the learner's knowledge carries, by the guide's level."""
    score = dynamics.ceiling - dynamics.total_distance
    return _FOUNDATION[level_now(record, as_of, score, dynamics.mark)]


def _block(at: Setting, test_date: date, foundation: Foundation, days: Sequence[Day]) -> StudyBlock:
    """The learner's block: smaller where no day holds a whole one with its review."""
    own = _own_pace(at)
    extra = has_extra_time(at.record)
    rhythm = facts.rehearsal_rhythm(at.record.exam.id, test_date)
    block = study_block(rhythm, foundation, own, at.rules, extra_time=extra)
    longest = max(
        (min(day.minutes, end - start) for day in days for start, end in day.slots), default=0
    )
    if longest >= block.minutes:
        found = _deeper(at, rhythm, block, days, longest, extra)
    else:
        # The learner's own pace or a longer review gives way before the block does.
        found = _small_block(at, test_date, foundation, block)
    if longest >= found.minutes:
        return found
    gap = foundation == "gap"
    small = at.rules.whole("small_block_items_gap" if gap else "small_block_items")
    return study_block(rhythm, "solid", None, at.rules, extra_time=extra, items=small)


def _blocks_before_catch_up(
    days: Sequence[Day], minutes: int, least_per_week: float
) -> tuple[Day, ...]:
    """Days without catch-up time where it would take the only whole block of the week.

    Args:
        days: Of the plan.
        minutes: Of a whole block with its shortest review.
        least_per_week: Whole blocks that a week should hold.
    """

    def held(day: Day, most: int) -> int:
        return min(most // minutes, sum((end - start) // minutes for start, end in day.slots))

    beside = sum(held(day, day.study_minutes) for day in days)
    if 7 * beside >= least_per_week * len(days):
        return tuple(days)
    return tuple(
        replace(day, buffer=0) if held(day, day.minutes) > held(day, day.study_minutes) else day
        for day in days
    )


def _own_pace(at: Setting) -> float | None:
    """Minutes for a question of the bank in use, review included, as the learner recorded them."""
    recorded = {r.name: r.minutes_per_unit for r in at.record.resources}
    bank = at.material.questions[0] if at.material.questions else None
    return recorded.get(bank.name or "") if bank is not None else None


def _at_own_pace(at: Setting, block: StudyBlock, days: Sequence[Day]) -> StudyBlock:
    """The block with the minutes that it takes this learner, at most the longest day's."""
    pace = (_own_pace(at) or 0.0) * block.items
    own = min(round(pace), max((day.study_minutes for day in days), default=0))
    return replace(block, own_minutes=own if own > block.minutes else 0)


def _small_block(
    at: Setting, test_date: date, foundation: Foundation, block: StudyBlock
) -> StudyBlock:
    """The block with its shortest review, for days that cannot hold the usual one."""
    rhythm = facts.rehearsal_rhythm(at.record.exam.id, test_date)
    extra = has_extra_time(at.record)
    plain = study_block(rhythm, "solid", None, at.rules, extra_time=extra)
    if plain.minutes >= block.minutes:
        return block
    # Where the foundation is missing two questions fewer leave the review its time.
    fewer = min(plain.items, at.rules.whole("block_items_least"))
    return replace(plain, items=fewer) if foundation == "gap" else plain


def _deeper(
    at: Setting,
    rhythm: facts.BlockRhythm,
    block: StudyBlock,
    days: Sequence[Day],
    longest: int,
    extra_time: bool,
) -> StudyBlock:
    """A longer review where few questions are left for many hours: fewer, and deeper."""
    hours = sum(day.study_minutes for day in days)
    blocks = at.material.questions_left // block.items if at.material.known else math.inf
    if not hours or blocks * block.minutes >= at.rules["deep_review_below"] * hours:
        return block
    own = rhythm.minutes_per_block / rhythm.items_per_block * (1.0 + at.rules["review_ratio_max"])
    deep = study_block(rhythm, "solid", own, at.rules, extra_time=extra_time, items=block.items)
    return deep if block.minutes < deep.minutes <= longest else block


def _frame(
    at: Setting,
    test_date: date,
    days: Sequence[Day],
    dynamics: Dynamics,
    kept: Sequence[Session],
    before: Before | None = None,
) -> _Frame:
    """Tests, rest and catch-up time on their days, then the exact allocation of what is left."""
    rules = at.rules
    foundation = foundation_of(at.record, at.as_of, dynamics)
    block = _block(at, test_date, foundation, days)
    small = _small_block(at, test_date, foundation, block)
    block, small = _at_own_pace(at, block, days), _at_own_pace(at, small, days)
    days = _blocks_before_catch_up(days, small.minutes, rules["whole_blocks_per_week"])
    row = rules.blocks_in_a_row(block.items * block.seconds_per_item / 60)
    if row == 1 and 0 < rules.session_limit < block.minutes:
        block = small
    drafts = start_days(days, kept, rules)
    for draft in drafts:
        draft.session_limit = rules.session_limit_on(draft.day.minutes, row)
    ledger = _ledger(at, test_date, days, kept, before)
    fixed_blocks.place_tests(drafts, ledger, rules, block)
    fixed_blocks.place_rest(drafts)
    if at.retest is None:
        fixed_blocks.place_logistics(drafts, rules)
    steps = fixed_blocks.place_first_steps(drafts, ledger, at.material, block, rules)
    if at.retest is None:
        rhythm = facts.rehearsal_rhythm(at.record.exam.id, test_date)
        items = math.ceil(rules["rehearsal_share"] * rhythm.items)
        fixed_blocks.complete_rehearsal(
            drafts, ledger, items, fixed_blocks.Bank(at.material, small, steps), rules
        )
    fixed_blocks.place_buffers(drafts, rules)
    shortest = rules.whole("session_minutes_min")
    closed = before.closed if before is not None else frozenset()
    for draft in drafts:
        after = at.retest is not None and at.retest.date and draft.day.date > at.retest.date
        if draft.day.date in closed or after:
            # After a checkpoint test there is its review, and then a new plan.
            draft.study = 0
        free = sum(e - s for s, e in draft.slots if e - s >= shortest)
        draft.study = min(draft.study, free)
        if draft.study < shortest:
            draft.study = 0
    used = dict(steps)
    for session in kept:
        if session.units and session.first_pass is not False:
            used[session.resource] = used.get(session.resource, 0.0) + session.units
    stuff = _less(at.material, used)
    room = _day_minutes(at, test_date, drafts, ledger, (block, small))
    shares = _shares(at, foundation, dynamics, len(days))
    fixed_minutes = np.array([d.minutes_of_work for d in drafts], dtype=np.float64)
    room = replace(room, fixed=fixed_minutes, holding_minutes=dynamics.law.holding_minutes)
    minutes = allocation.kind_minutes(room, shares, stuff, block, rules, at.questions_per_day)
    day_worth = allocation.yields(dynamics, fixed_minutes + minutes.total)
    looks = float(minutes.incorrects.sum() + room.kept[1].sum())
    asked = float((minutes.questions + room.kept[0]).sum()) / block.minutes * block.items
    pool = shares.incorrects_start + shares.missed_share * asked
    worth = allocation.study_worth(dynamics, looks, pool * rules["incorrect_minutes"])
    named = allocation.named_areas(dynamics, rules)
    by_kind = allocation.worth_of_kinds(worth, at.material, at.strands, named)
    given = {k: by_kind[k] * getattr(minutes, k) * day_worth for k in allocation.KINDS}
    mixed = float((given["questions"] * shares.mixed).sum()) + sum(
        float(given[k].sum()) for k in ("incorrects", "strands", "recall", "cards")
    )
    fixed = _fixed_effort(dynamics, drafts, day_worth, worth)
    base = fixed + mixed * dynamics.exam_weight
    total = float(fixed.sum()) + sum(float(g.sum()) for g in given.values())
    supply = _supply_by_area(at, stuff, dynamics, minutes, shares, block)
    most = _most_by_area(at, base, supply, dynamics, block, given, shares.mixed, day_worth)
    wanted = allocation.effort_by_area(
        dynamics, np.array([total]), base[None, :], rules, most[None, :], _rebuilt(at, named)
    )[0]
    targets = Targets(
        minutes=minutes,
        mixed=shares.mixed,
        effort=np.maximum(wanted - base, 0.0),
        day_worth=day_worth,
        worth=worth,
        content_days=room.new_content.tolist(),
        question_days=room.new_questions.tolist(),
        timed_from=len(days) // 3 if foundation == "gap" else 0,
        named=named,
        weak=allocation.weak_areas(dynamics, rules),
        supply=supply,
        missed=shares.incorrects_start,
        missed_share=shares.missed_share,
        window=room.window.tolist(),
        window_questions=round(room.window_questions),
        pacing=runs_out_of_time(at.record, at.as_of, rules),
        weekly_quota=allocation.is_weekly_quota(room, block, rules),
    )
    return _Frame(
        drafts, ledger, block, small, row, foundation, targets, fixed, base, wanted, most, used
    )


def _rebuilt(at: Setting, named: Sequence[int]) -> Sequence[int]:
    """The areas that a way back rebuilds first; none where the plan leads to the exam."""
    return named if at.retest is not None else ()


def _day_minutes(
    at: Setting,
    end: date,
    drafts: Sequence[DayDraft],
    ledger: Sequence[LedgerEntry],
    blocks: tuple[StudyBlock, StudyBlock],
) -> allocation.DayMinutes:
    """What each day leaves for study, and what may stand on it."""
    rules, exam = at.rules, at.retest is None
    to_end = np.array([(end - d.day.date).days for d in drafts])
    quiet = rules.whole("no_new_content_days") if exam else 0
    window = _mixed_window(at, ledger)
    inside = np.zeros(len(drafts), dtype=bool)
    questions = 0.0
    if window is not None:
        first, last, items = window
        inside = np.array([first <= d.day.date <= last for d in drafts])
        questions = max(0.0, items - fixed_blocks.kept_mixed_questions(drafts, first, last))
    return allocation.DayMinutes(
        study=np.array([d.study for d in drafts], dtype=np.float64),
        hard=np.array([_block_minutes(d, blocks) for d in drafts], dtype=np.float64),
        kept=_kept_minutes(drafts),
        new_content=to_end > quiet,
        new_questions=to_end > (1 if exam else 0),
        window=inside,
        window_questions=questions,
        early_blocks=rules.whole("pacing_blocks")
        if runs_out_of_time(at.record, at.as_of, rules)
        else 0,
    )


def _block_minutes(draft: DayDraft, blocks: tuple[StudyBlock, StudyBlock]) -> int:
    """Minutes of whole blocks that a day's clock and its cap on hard work hold."""
    block = block_of_day(draft, blocks)
    each = block.minutes
    spans = free_spans(draft.slots, each)
    fit = min(sessions_that_fit(spans, each), block.fit_in(draft.study))
    return each * min(fit, draft.hard // each)


def _shares(
    at: Setting, foundation: Foundation, dynamics: Dynamics, days: int
) -> allocation.StudyShares:
    """The phases of the plan: mixing by thirds, content by halves, by foundation."""
    rules = at.rules
    third = np.minimum(3 * np.arange(days) // max(days, 1), 2)
    way = "retest_" if at.retest is not None else "gap_" if foundation == "gap" else ""
    mixed = np.array([rules[f"mixed_share_{way}{n}"] for n in (1, 2, 3)])[third]
    if "weak_topic_floor_share" in rules.prescribed and not way:
        # A floor for the weakest areas is met in blocks of one area: fewer are mixed.
        gap = np.array([rules[f"mixed_share_gap_{n}"] for n in (1, 2, 3)])[third]
        mixed = (mixed + gap) / 2.0
    if at.retest is None:
        mixed = np.where(np.arange(days) >= days - rules.whole("mixed_only_days"), 1.0, mixed)
    half = np.where(2 * np.arange(days) < days, 0, 1)
    if foundation == "solid":
        owned = bool(at.material.passive)
        content = np.full(days, rules["content_share_solid"] if owned else 0.0)
    else:
        content = np.array([rules[f"content_share_{foundation}_{n}"] for n in (1, 2)])[half]
    most = _content_max(at, foundation, dynamics)
    # A prescribed share of retrieval holds reading and video down, also where the foundation asks
    # for less of them than the share would allow: in proportion to what is left beside it.
    if "retrieval_share_min" in rules.prescribed:
        allowed = 1.0 - rules["retrieval_share_min"]
        usual = 1.0 - rules_for(at.record.exam.id)["retrieval_share_min"]
        held = min(1.0, allowed / usual)
        most = min(held * most, allowed)
        content = np.minimum(held * content, most)
    missed_share = _missed_share(at, dynamics.law.effects.missed_share)
    used_up = at.material.used_share >= rules["incorrects_used_from"]
    return allocation.StudyShares(
        content=content,
        content_max=most,
        # What a better foundation need not read it writes from memory: no hour is lost by it.
        recall_more=max(0.0, rules["content_max_wobbly"] - most),
        strands=np.full(days, sum(s.share for s in at.strands)),
        mixed=mixed,
        incorrects_max=rules["incorrects_share_used" if used_up else "incorrects_share_max"],
        incorrects_start=missed_share * at.material.questions_done,
        missed_share=missed_share,
    )


def _content_max(at: Setting, foundation: Foundation, dynamics: Dynamics) -> float:
    """Most reading and video, as a share of study.

    Beyond the beginning of a gap it grows with the distance, so that no point more or less makes
    hours appear or disappear.
    """
    rules = at.rules
    if foundation != "gap":
        return rules[f"content_max_{foundation}"]
    below = distance(at.record, at.as_of, dynamics.ceiling - dynamics.total_distance, dynamics.mark)
    begins = facts.time_needed_guide()[-2].sd_below_to or 0.0
    ends = max(rules["remediation_far_sd"], begins + 1e-9)
    least, most = rules["content_max_wobbly"], rules["content_max_gap"]
    return float(np.interp(below[1], (begins, ends), (least, most)))


def _missed_share(at: Setting, usual: float) -> float:
    """Share of new questions that the learner misses: by their own blocks, else the usual one."""
    first = [b for b in at.record.blocks if b.first_pass is not False and b.date <= at.as_of]
    items = sum(b.items for b in first)
    if items < at.rules["measure_items"]:
        return usual
    return 1.0 - sum(b.correct for b in first) / items


def _supply_by_area(
    at: Setting,
    stuff: Material,
    dynamics: Dynamics,
    minutes: allocation.KindMinutes,
    shares: allocation.StudyShares,
    block: StudyBlock,
) -> Floats:
    """(A,) new questions that blocks of one area may use: what is left less the mixed blocks'."""
    mixed = float((minutes.questions * shares.mixed).sum()) / block.minutes * block.items
    factor = at.rules["supply_factor"]
    left = np.array(
        [
            min(stuff.left_in(name, float(w)), 1e6)
            for name, w in zip(dynamics.areas, dynamics.exam_weight, strict=True)
        ]
    )
    return np.asarray(np.maximum(np.minimum(left, factor * left - mixed * dynamics.exam_weight), 0))


def _most_by_area(
    at: Setting,
    base: Floats,
    supply: Floats,
    dynamics: Dynamics,
    block: StudyBlock,
    given: Mapping[str, Floats],
    mixed: Floats,
    day_worth: Floats,
) -> Floats:
    """(A,) most effective days of each area: its questions, its part of what is not mixed."""
    mean = float(day_worth.mean()) if len(day_worth) else 0.0
    weight = dynamics.exam_weight
    content = float(given["content"].sum())
    single = float((given["questions"] * (1.0 - mixed)).sum()) + content
    share = np.maximum(at.rules["area_share_max"], 2.0 * weight)
    questions = supply / block.items * block.minutes * mean
    most = base + np.minimum(questions + content, share * single)
    rare = block.minutes * mean * len(day_worth) / (2.0 * at.rules["small_area_days"])
    small = weight < at.rules["small_area_share"]
    return np.asarray(np.where(small, np.minimum(most, base + rare), most))


@dataclass(frozen=True, slots=True)
class WorkByDate:
    """Planned work up to each candidate date, as the forecast takes it.

    Attributes:
        dates: D candidate dates.
        days: (D,) days from ``as_of``.
        unworked_days: (D,) days among them without enough work to hold what is known.
        effort: (D, A) planned effective days by area.
        minutes: (D,) raw planned minutes in all.
    """

    dates: tuple[date, ...]
    days: Floats
    unworked_days: Floats
    effort: Floats
    minutes: Floats


def work_by_date(at: Setting, dates: Sequence[date], dynamics: Dynamics) -> WorkByDate:
    """The plan of every candidate date before it is cut into sessions: what each would give.

    Each date has its own taper, forms and day before; availability up to that day. The effort is
    the exact allocation, which the sessions of :func:`build` meet to a fraction of a percent.
    """
    days_until = np.array([(d - at.as_of).days for d in dates], dtype=np.float64)
    effort = np.zeros((len(dates), len(dynamics.areas)))
    unworked = days_until.copy()
    minutes = np.zeros(len(dates))
    for n, test_date in enumerate(dates):
        kept = own_sessions(at.record, at.as_of, test_date)
        days = at.days_to(test_date)
        if not days or (
            not kept and nothing_to_plan(at.record, at.as_of, test_date, days, at.material)
        ):
            continue
        frame = _frame(at, test_date, days, dynamics, kept)
        effort[n] = frame.wanted
        raw = np.array([d.minutes_of_work for d in frame.drafts]) + frame.targets.minutes.total
        unworked[n] = dynamics.law.unworked_share(raw).sum()
        minutes[n] = raw.sum()
    # Phases and limits move a little with the date; the plan of an earlier date can be followed
    # up to it and held from there, so a later date never has less in any area.
    order = np.argsort(days_until, kind="stable")
    effort[order] = np.maximum.accumulate(effort[order], axis=0)
    return WorkByDate(tuple(dates), days_until, unworked, effort, minutes)


def _ledger(
    at: Setting,
    test_date: date,
    days: Sequence[Day],
    fixed: Sequence[Session],
    before: Before | None,
) -> tuple[LedgerEntry, ...]:
    taken = {day.date: 0 for day in days}
    pinned: dict[str, date] = {}
    for session in fixed:
        if session.kind == "form" and session.form:
            pinned.setdefault(session.form, session.date)
        elif session.date in taken:
            taken[session.date] += session.minutes
    return place_forms(
        PlacementProblem(
            record=at.record,
            as_of=at.as_of,
            test_date=test_date,
            room=Room(days, [taken[day.date] for day in days]),
            rules=at.rules,
            pinned=pinned,
            fresh_questions=at.material.questions_left,
            minutes_per_question=at.material.minutes_per_question if at.material.questions else 0.0,
            kept={e.label: e for e in before.ledger} if before else {},
            retest=at.retest,
        )
    )


def _unplaced(at: Setting, test_date: date, why: Reason) -> tuple[LedgerEntry, ...]:
    entries = place_forms(
        PlacementProblem(
            record=at.record,
            as_of=at.as_of,
            test_date=test_date,
            room=Room((), ()),
            rules=at.rules,
        )
    )
    return tuple(replace(e, state="no-plan", reason=why) for e in entries if e.owned)


def _eve_only(days: Sequence[Day], rules: Rules, dynamics: Dynamics) -> tuple[Session, ...]:
    drafts = start_days(days, (), rules)
    fixed_blocks.place_rest(drafts)
    fixed_blocks.place_logistics(drafts, rules)
    return to_sessions(drafts, dynamics.areas, {})


def _less(stuff: Material, used: Mapping[str | None, float]) -> Material:
    """Material without what fixed sessions use up."""
    if not used:
        return stuff

    def lower(supplies: tuple[Supply, ...]) -> tuple[Supply, ...]:
        return tuple(
            replace(s, units_left=max(0.0, s.units_left - used.get(s.name, 0.0))) for s in supplies
        )

    return replace(
        stuff,
        questions=lower(stuff.questions),
        cards=lower(stuff.cards),
        passive=lower(stuff.passive),
    )


def _kept_minutes(drafts: Sequence[DayDraft]) -> Floats:
    """(6, D) study of kept sessions by kind and day."""
    kept = np.zeros((len(allocation.KINDS), len(drafts)))
    for i, draft in enumerate(drafts):
        for d in draft.drafts:
            if d.kept is not None and d.kept.kind == "study":
                work = _kind_of(d.kept)
                if work is not None:
                    kept[allocation.KINDS.index(work), i] += d.kept.minutes
    return kept


def _kind_of(session: Session) -> str | None:
    """Which kind of study a session is; ``None`` for tests, reviews of tests and quiet ones."""
    if session.kind != "study" or session.activity is None:
        return None
    if session.areas and session.area is None:
        return "strands"
    return _KIND_OF_WORK.get(session.activity)


def _mixed_window(at: Setting, ledger: Sequence[LedgerEntry]) -> tuple[date, date, int] | None:
    """First day, last day and items of the timed mixed blocks; ``None`` without any."""
    for e in ledger:
        if e.family == TIMED_BLOCKS and e.date is not None and e.role == "decision":
            length = at.rules["form_window_days"] - at.rules["form_quiet_days"] - 1
            return e.date - timedelta(days=round(length)), e.date, e.items
    return None


def _fixed_effort(
    dynamics: Dynamics,
    drafts: Sequence[DayDraft],
    day_worth: Floats,
    worth: allocation.StudyWorth,
) -> Floats:
    """(A,) effective days of tests, their reviews and kept sessions."""
    index = {area: a for a, area in enumerate(dynamics.areas)}
    weight = dynamics.exam_weight
    effort = np.zeros(len(dynamics.areas))
    for draft, w in zip(drafts, day_worth, strict=True):
        for d in draft.drafts:
            if d.activity is None or not (d.kept is not None or d.form or d.first_step):
                continue
            a = index.get((d.kept.area if d.kept is not None else None) or "")
            kind = d.kept.kind if d.kept is not None else d.kind
            gain = d.minutes * worth.of(d.activity, kind, a, weight) * float(w)
            if a is None:
                effort += gain * weight
            else:
                effort[a] += gain
    return effort


def _gap(
    dynamics: Dynamics, at: Setting, frame: _Frame, effort: Floats, sessions: Sequence[Session]
) -> tuple[float, float]:
    """Points between the relaxation's bound and the sessions, and the sessions' gain.

    How much of each kind a day holds is a constraint (due days, phases, caps), and what the phases
    make mixed stays mixed. The relaxation splits the rest over the areas in any amount on any day,
    with no sessions at all. It is solved for the days of the exact allocation and for those of the
    sessions, and the better of both is the bound.
    """
    names = allocation.KINDS
    planned = np.stack([getattr(frame.targets.minutes, name) for name in names])
    realised = np.zeros_like(planned)
    singles = 0.0
    old = {d.kept.id for draft in frame.drafts for d in draft.drafts if d.kept}
    for session in sessions:
        name = _kind_of(session)
        fixed = session.reason is not None and session.reason.code in _FIXED_BLOCKS
        if name is not None and session.id not in old and not fixed:
            realised[names.index(name), (session.date - at.as_of).days] += session.minutes
            singles += session.minutes if name == "questions" and session.area else 0.0
    questions = frame.targets.minutes.questions
    planned_singles = float((questions * (1.0 - frame.targets.mixed)).sum())
    bound = min(
        _bound(dynamics, at, frame, planned, planned_singles),
        _bound(dynamics, at, frame, realised, singles),
    )
    real = float(dynamics.distance_after(effort))
    # Rounding to sessions may fall short of a floor by part of one, which costs no points.
    return max(0.0, real - bound), dynamics.total_distance - real


def _bound(
    dynamics: Dynamics, at: Setting, frame: _Frame, minutes: Floats, singles: float
) -> float:
    """Least distance to the ceiling that study of these volumes, (6, D), can reach."""
    names = allocation.KINDS
    before = np.array(
        [
            sum(
                d.minutes for d in draft.drafts if d.activity and (d.kept or d.form or d.first_step)
            )
            for draft in frame.drafts
        ],
        dtype=np.float64,
    )
    volume = minutes.sum(axis=0)
    worth = allocation.yields(dynamics, before + volume)
    fixed = _fixed_effort(dynamics, frame.drafts, worth, frame.targets.worth)
    by_kind = allocation.worth_of_kinds(
        frame.targets.worth, at.material, at.strands, frame.targets.named
    )
    given = {name: by_kind[name] * minutes[n] * worth for n, name in enumerate(names)}
    best = sum(float(g.sum()) for g in given.values())
    # What may go to single areas: content, and the share of the questions that is not mixed.
    asked = float(minutes[0].sum())
    share = singles / asked if asked > 0 else 0.0
    most_free = share * float(given["questions"].sum()) + float(given["content"].sum())
    base = fixed + (best - most_free) * dynamics.exam_weight
    total = np.array([best + float(fixed.sum())])
    planned_free = float((frame.wanted - frame.base).sum())
    scale = max(1.0, most_free / max(planned_free, 1e-9))
    most = base + (frame.most - frame.base) * scale
    areas = allocation.effort_by_area(
        dynamics,
        total,
        base[None, :],
        at.rules,
        most[None, :],
        _rebuilt(at, frame.targets.named),
    )[0]
    return float(dynamics.distance_after(areas))


def minutes_by_area(dynamics: Dynamics, sessions: Sequence[Session]) -> dict[str, int]:
    """Planned minutes by area; mixed work is spread by exam weight, whole minutes, exact in sum."""
    index = {area: a for a, area in enumerate(dynamics.areas)}
    minutes = np.zeros(len(dynamics.areas))
    for session in sessions:
        if session.activity is None:
            continue
        if (session.area or "") in index:
            minutes[index[session.area or ""]] += session.minutes
        else:
            minutes += session.minutes * dynamics.exam_weight
    whole = np.floor(minutes + 1e-9)
    short = round(float(minutes.sum() - whole.sum()))
    rest = np.round(whole - minutes, 6)
    for a in sorted(range(len(whole)), key=lambda a: (rest[a], dynamics.areas[a]))[:short]:
        whole[a] += 1
    return {area: int(whole[a]) for area, a in index.items()}


def _too_few_mixed(ledger: Sequence[LedgerEntry], mixed: int) -> tuple[LedgerEntry, ...]:
    return tuple(
        replace(
            e,
            date=None,
            role="spare",
            state="too-few-questions",
            reason=reason("planning.blocks-fall-short", placed=mixed, questions=e.items),
        )
        if e.family == TIMED_BLOCKS and e.date is not None and e.role == "decision"
        else e
        for e in ledger
    )


def _left_out(
    at: Setting, ledger: Sequence[LedgerEntry], sessions: Sequence[Session], frame: _Frame
) -> tuple[LeftOut, ...]:
    """New units, due cards and tests without a place, each with the limit that keeps it out."""
    out: list[LeftOut] = []
    planned: dict[str | None, int] = {}
    for session in sessions:
        planned[session.resource] = planned.get(session.resource, 0) + (
            (session.units or 0) if session.first_pass is not False else 0
        )
    stuff = at.material
    for supply in (*stuff.questions, *stuff.cards, *stuff.passive):
        if not math.isfinite(supply.units_left):
            continue
        left = int(supply.units_left - planned.get(supply.name, 0))
        # What is less than one block or session is rounding, not work without a place.
        least = frame.block.items if supply.kind == "questions" else 1
        if left < least or left * supply.minutes_per_unit < at.rules["session_minutes_min"]:
            continue
        out.append(
            LeftOut(
                kind="units",
                minutes=round(left * supply.minutes_per_unit),
                about=reason(
                    "planning.left-units", units=left, of=supply.kind, resource=supply.name
                ),
                reason=reason(
                    "planning.left-units-why",
                    of=supply.kind,
                    questions_first=bool(stuff.questions),
                ),
            )
        )
    due = stuff.due_card_minutes_per_day
    if due is not None:
        missing = sum(
            max(0.0, due - float(c))
            for c, d in zip(frame.targets.minutes.cards, frame.drafts, strict=True)
            if d.day.role == "study" and d.day.minutes
        )
        if missing >= at.rules["session_minutes_min"]:
            out.append(
                LeftOut(
                    kind="due-cards",
                    minutes=round(missing),
                    about=reason("planning.left-due-cards"),
                    reason=reason("planning.left-due-cards-why"),
                )
            )
    for entry in ledger:
        if entry.owned and entry.date is None and entry.state == "too-long":
            out.append(
                LeftOut(
                    kind="test",
                    what=entry.label,
                    minutes=entry.minutes,
                    reason=entry.reason,
                )
            )
    for name in stuff.set_aside:
        out.append(
            LeftOut(
                kind="set-aside",
                what=name,
                minutes=0,
                reason=reason("planning.set-aside"),
            )
        )
    return tuple(out)


def _remarks(at: Setting, frame: _Frame, sessions: Sequence[Session]) -> tuple[Reason, ...]:
    """What the plan took for granted, which limit binds, and what is still to be got."""
    found: list[Reason] = []
    if not at.material.known:
        found.append(reason("planning.no-resources"))
    elif not at.material.questions:
        found.append(reason("planning.no-bank"))
    if at.material.known and not at.material.passive and frame.foundation != "solid":
        found.append(reason("planning.no-content", foundation=frame.foundation))
    found += at.resource_remarks
    found += filter_remarks({s.resource for s in sessions if s.filter})
    found += [
        reason("planning.no-strand-resource", strand=strand.id)
        for strand in at.strands
        if strand.resource is None and strand.id != "pacing"
    ]
    if frame.block.items < at.rules.whole("block_items_max"):
        found.append(
            reason("planning.short-days", questions=frame.block.items, minutes=frame.block.minutes)
        )
    found += _short_reviews(at, frame, sessions)
    idle = sum(d.study for d in frame.drafts) - sum(
        s.minutes for s in sessions if _kind_of(s) is not None and not s.locked
    )
    if idle >= _HOURS_SHOWN:
        found.append(reason("planning.hours-free", hours=round(idle / 60)))
    limit = at.rules["hours_cap_limit"] * 60
    availability = at.record.availability
    if availability is not None and max(availability.minutes.values(), default=0) > limit:
        found.append(reason("planning.longest-day", hours=at.rules["hours_cap_limit"]))
    for name, why in at.rules.prescribed.items():
        found.append(reason("planning.prescribed", parameter=name, why=why))
    return tuple(found)


def _short_reviews(at: Setting, frame: _Frame, sessions: Sequence[Session]) -> list[Reason]:
    """Practice tests whose days leave less for the review than half of their length."""
    found: list[Reason] = []
    reach = timedelta(days=round(at.rules["form_review_hours"] / 24))
    for entry in frame.ledger:
        if entry.date is None or not entry.minutes_on_day or not entry.minutes:
            continue
        last = (entry.second_date or entry.date) + reach
        done = sum(
            s.minutes
            for s in sessions
            if s.kind == "review" and s.form == entry.label and entry.date <= s.date <= last
        )
        if done < entry.minutes / 2:
            found.append(
                reason(
                    "planning.review-short",
                    test=entry.label,
                    date=entry.date,
                    minutes=done,
                    wanted=round(entry.minutes / 2),
                )
            )
    return found


def _fixed_remarks(
    at: Setting, end: date, days: Sequence[Day], fixed: Sequence[Session]
) -> tuple[Reason, ...]:
    """What the learner pinned and what it meets: it stands, and the plan says what follows."""
    found: list[Reason] = []
    locked = sorted((s for s in fixed if s.locked), key=lambda s: (s.date, s.start, s.id))
    free = {day.date: day for day in days}
    availability = at.record.availability
    cap = daily_cap_minutes(availability, at.rules) if availability is not None else None
    for a, b in pairwise(locked):
        if a.date == b.date and b.start_minute < a.start_minute + a.minutes:
            found.append(reason("planning.pinned-overlap", date=a.date, start=b.start))
    for on in sorted({s.date for s in locked}):
        day = free.get(on)
        if day is not None and (day.role in ("rest", "off") or not day.free):
            role = day.role if day.role in ("rest", "off") else "no-hours"
            found.append(reason("planning.pinned-on-free-day", date=on, role=role))
        minutes = sum(s.minutes for s in locked if s.date == on)
        if cap is not None and minutes > cap:
            found.append(
                reason("planning.pinned-beyond-day", date=on, minutes=minutes, longest=cap)
            )
    beyond = sorted(e.date for e in at.record.plan if e.locked and e.date >= end)
    for on in dict.fromkeys(beyond):
        on_exam_day = at.retest is None and on == end
        found.append(reason("planning.pinned-outside", date=on, on_exam_day=on_exam_day))
    return tuple(found)
