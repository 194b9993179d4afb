"""How simulated retakers behave between the failed sitting and the next one.

They wait for the report, plan some hours on some days, keep part of them, study in a style of their
own, take practice forms early, late or hardly, sit on the day they chose or move it once after a
form below the mark, and write down all, part or none of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bounceback_lab.simulation import random_streams
from bounceback_lab.simulation.parameters import Cell, Parameters
from bounceback_lab.simulation.simulator import World

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]

STYLES = ("blueprint", "weakest-first", "in-order", "favourites")
FORMS_AT_MOST = 6
BLOCKS_AT_MOST = 12
BLOCK_ITEMS = 40
_MIXED = -1


@dataclass(slots=True)
class Habits:
    """What a batch of retakers means to do; every array has a leading learner axis.

    Attributes:
        failed_on: Day of the failed sitting, proleptic Gregorian ordinal.
        result_day: Days from the failed sitting to its report.
        start_day: First day of study.
        sit_day: Day of the retake as planned at the start.
        planned: Planned minutes by weekday, Monday first, shape (learners, 7).
        style: Index into :data:`STYLES`.
        retrieval: Share of minutes in questions and their review.
        other: Index of the activity of the remaining minutes.
        forms: Number of practice forms meant, 1 to 6.
        first_form_share: When the first form comes, as a share of the way to the retake.
        moves_date: Whether a last form below the mark moves the date.
        log: 0 none, 1 partial, 2 complete.
        second_pass: Whether bank questions have been seen before.
    """

    failed_on: Ints
    result_day: Ints
    start_day: Ints
    sit_day: Ints
    planned: Floats
    style: Ints
    retrieval: Floats
    other: Ints
    forms: Ints
    first_form_share: Floats
    moves_date: Bools
    log: Ints
    second_pass: Bools


def habits(world: World, cell_hours: Floats) -> Habits:
    """Draw the habits of every learner of ``world``.

    Args:
        world: The learners; their keys carry the luck.
        cell_hours: Median planned hours of a study day in each learner's group, shape (learners,).
    """
    p, key, scale = world.p, world.key, world.scale

    def u(purpose: str) -> Floats:
        return random_streams.uniform(key, purpose)

    def z(purpose: str) -> Floats:
        return random_streams.normal(key, purpose)

    first, last = scale.first_failed_sitting.toordinal(), scale.last_failed_sitting.toordinal()
    failed_on = first + (u("failed on") * (last - first + 1)).astype(np.intp)
    result = np.rint(p["result_wait_days"] * np.exp(0.15 * z("wait"))).astype(np.intp)
    start = result + (5 * random_streams.exponential(key, "start")).astype(np.intp)
    start = np.minimum(start, result + 30)
    lead = p["lead_after_result_days"] * np.exp(p["lead_log_sd"] * z("lead"))
    sit = np.minimum(start + np.maximum(np.rint(lead), 14), p["longest_lead_days"] - 70)
    hours = cell_hours * np.exp(p["hours_log_sd"] * z("hours"))
    minutes = np.clip(60 * hours, 40, 720)
    days_a_week = np.clip(np.rint(5.6 + 0.7 * z("days a week")), 4, 7)
    one = key[:, None]
    ranked = np.argsort(
        np.argsort(
            random_streams.uniform(one, "weekday", np.arange(7)) + 2.0 * (np.arange(7) < 5) * 0.3
        ),
        axis=1,
    )
    works = ranked >= (7 - days_a_week)[:, None]
    planned = np.rint(minutes / 10)[:, None] * 10 * works
    retrieval = 1 / (1 + np.exp(-(np.log(0.55 / 0.45) + 0.6 * z("retrieval"))))
    names = [e.activity for e in p.activities]
    others = np.array([names.index(a) for a in ("cards", "reading", "video")])
    avoids = u("avoider") < p["avoider_share"]
    wished = 1 + np.floor(5.999 * u("forms") ** 0.9).astype(np.intp)
    log = np.where(
        u("log") < p["log_none_share"],
        0,
        np.where(u("log") < p["log_none_share"] + p["log_partial_share"], 1, 2),
    )
    return Habits(
        failed_on=failed_on,
        result_day=result,
        start_day=start,
        sit_day=sit.astype(np.intp),
        planned=planned,
        style=np.searchsorted(np.array([0.35, 0.6, 0.85]), u("style")),
        retrieval=retrieval,
        other=others[(u("other") * 3).astype(np.intp)],
        forms=np.where(avoids, np.minimum(wished, 2), wished),
        first_form_share=np.where(avoids, 0.55, 0.03) + 0.3 * u("first form"),
        moves_date=u("moves date") < p["postpone_probability"],
        log=log,
        second_pass=u("second pass") < p["second_pass_share"],
    )


@dataclass(slots=True)
class History:
    """What became of it; every array has a leading learner axis.

    Days count from the failed sitting.

    Attributes:
        minutes: Minutes done, shape (learners, days).
        focus: Areas of the day's questions and of its other work, -1 for mixed, shape
            (learners, days, 2).
        form_day: Day of each form, -1 where none, shape (learners, forms).
        form_family: Index into the exam's families, same shape.
        form_label: Index into the family's labels, same shape.
        form_score: On the family's scale, NaN where none, same shape.
        form_points: On the exam's reported scale, same shape.
        form_printed: Printed chance, NaN where none, same shape.
        form_timed: Taken under the clock, same shape.
        form_interrupted: Same shape.
        form_repeat: Taken before, same shape.
        form_correct: Correct by area, shape (learners, forms, areas).
        block_day: Day of each logged block, -1 where none, shape (learners, blocks).
        block_correct: Correct of 40 mixed items, same shape.
        sat_day: Day of the retake.
        score: Its reported score (hidden where the board reports none).
        passed: Whether it passed.
        true_score: Expected score on an ordinary day, on the day of the retake.
        true_at_failure: The same on day 0.
    """

    minutes: NDArray[np.uint16]
    focus: NDArray[np.int8]
    form_day: NDArray[np.int16]
    form_family: NDArray[np.int8]
    form_label: NDArray[np.int8]
    form_score: Floats
    form_points: Floats
    form_printed: Floats
    form_timed: Bools
    form_interrupted: Bools
    form_repeat: Bools
    form_correct: NDArray[np.int16]
    block_day: NDArray[np.int16]
    block_correct: NDArray[np.int16]
    sat_day: Ints
    score: Floats
    passed: Bools
    true_score: Floats
    true_at_failure: Floats


def _focus_shares(world: World, style: Ints) -> Floats:
    """Cumulative share of the days given to each area by style, shape (learners, areas)."""
    percent = world.area_percent() + 4 * random_streams.normal(
        world.key[:, None], "felt weakness", np.arange(len(world.areas))
    )
    weak = np.clip(105 - percent, 5, None)
    strong = np.clip(percent - 20, 5, None)
    share = np.where(
        (style == 1)[:, None],
        world.weights * weak**2,
        np.where((style == 3)[:, None], world.weights * strong**2, world.weights),
    )
    cumulative: Floats = np.cumsum(share / share.sum(axis=1, keepdims=True), axis=1)
    return cumulative


class _FormDesk:
    """Chooses and takes the forms of a batch and writes their results down."""

    def __init__(self, world: World, history: History) -> None:
        self.world, self.history = world, history
        self.families = [f for (e, _), f in world.p.families.items() if e == world.scale.exam]
        popularity = np.cumsum([f.popularity for f in self.families])
        self.popularity = popularity / popularity[-1]

    def take(self, rows: Ints, nth: Ints) -> None:
        """``rows`` take their ``nth`` form (from 0) today."""
        p, world, h = self.world.p, self.world, self.history
        key = world.key[rows]
        family = np.searchsorted(self.popularity, random_streams.uniform(key, "family", nth))
        used = np.zeros((len(rows), len(self.families)), dtype=np.intp)
        for k in range(FORMS_AT_MOST):
            earlier = (h.form_day[rows, k] >= 0) & ~h.form_repeat[rows, k]
            np.add.at(used, (np.flatnonzero(earlier), h.form_family[rows, k][earlier]), 1)
        exists = np.array([len(f.labels) for f in self.families])
        # A family whose forms are used up gives way to the first that has one left.
        left = exists[family] - used[np.arange(len(rows)), family]
        most_left = np.argmax(exists - used, axis=1)
        family = np.where(left > 0, family, most_left)
        label = used[np.arange(len(rows)), family]
        again = (random_streams.uniform(key, "repeat", nth) < p["repeat_share"]) & (label > 0)
        again |= label >= exists[family]
        label = np.where(again, np.maximum(np.minimum(label, exists[family]) - 1, 0), label)
        timed = random_streams.uniform(key, "timed", nth) >= p["untimed_share"]
        interrupted = random_streams.uniform(key, "interrupted", nth) < p["interrupted_share"]
        kinds = np.stack([family, label, timed, interrupted], axis=1).astype(np.intp)
        for kind in np.unique(kinds, axis=0):
            part = np.flatnonzero((kinds == kind).all(axis=1))
            who = rows[part]
            taken = world.take_form(
                self.families[kind[0]].family,
                self.families[kind[0]].labels[kind[1]],
                rows=who,
                timed=bool(kind[2]),
                interrupted=bool(kind[3]),
            )
            at = (who, nth[part])
            h.form_day[at] = world.day
            h.form_family[at], h.form_label[at] = kind[0], kind[1]
            h.form_score[at], h.form_points[at] = taken.score, taken.points
            h.form_printed[at] = taken.printed_p_pass
            h.form_timed[at], h.form_interrupted[at] = bool(kind[2]), bool(kind[3])
            h.form_repeat[at] = again[part]
            h.form_correct[at] = taken.correct


def _empty(n: int, days: int, areas: int) -> History:
    forms, blocks = (n, FORMS_AT_MOST), (n, BLOCKS_AT_MOST)
    return History(
        minutes=np.zeros((n, days), dtype=np.uint16),
        focus=np.full((n, days, 2), _MIXED, dtype=np.int8),
        form_day=np.full(forms, -1, dtype=np.int16),
        form_family=np.zeros(forms, dtype=np.int8),
        form_label=np.zeros(forms, dtype=np.int8),
        form_score=np.full(forms, np.nan),
        form_points=np.full(forms, np.nan),
        form_printed=np.full(forms, np.nan),
        form_timed=np.ones(forms, dtype=bool),
        form_interrupted=np.zeros(forms, dtype=bool),
        form_repeat=np.zeros(forms, dtype=bool),
        form_correct=np.zeros((*forms, areas), dtype=np.int16),
        block_day=np.full(blocks, -1, dtype=np.int16),
        block_correct=np.zeros(blocks, dtype=np.int16),
        sat_day=np.zeros(n, dtype=np.intp),
        score=np.full(n, np.nan),
        passed=np.zeros(n, dtype=bool),
        true_score=np.full(n, np.nan),
        true_at_failure=np.full(n, np.nan),
    )


def live(world: World, h: Habits) -> History:
    """Run ``world``, which has failed today, to every learner's retake.

    Days pass until the last learner has sat; the world is left at that day.
    """
    p = world.p
    n, areas = len(world), len(world.areas)
    history = _empty(n, int(p["longest_lead_days"]), areas)
    history.true_at_failure = world.expected_score()
    names = [e.activity for e in p.activities]
    asked, review, form = names.index("questions"), names.index("review"), names.index("form")
    share = _focus_shares(world, h.style)
    sit = h.sit_day.copy()
    desk = _FormDesk(world, history)
    spread = np.linspace(0, 1, FORMS_AT_MOST)
    taken = np.zeros(n, dtype=np.intp)
    wanted = h.forms.copy()
    moved = np.zeros(n, dtype=np.intp)
    blocks = np.zeros(n, dtype=np.intp)
    everyone = np.arange(n)
    span = np.maximum(sit - h.start_day, 1)
    first = h.start_day + (h.first_form_share * span).astype(np.intp)
    last_form_before = 4 + (9 * random_streams.uniform(world.key, "last form")).astype(np.intp)
    due = _form_days(first, sit - last_form_before, wanted, spread)
    while (world.day <= sit).any():
        day = world.day
        now = np.flatnonzero(sit == day)
        if len(now):
            history.true_score[now] = world.expected_score()[now]
            result = world.sit(now)
            history.sat_day[now] = day
            history.score[now], history.passed[now] = result.score, result.passed
        studying = (day >= h.start_day) & (day < sit)
        weekday = (h.failed_on + day - 1) % 7
        planned = np.where(studying, h.planned[everyone, weekday], 0.0)
        form_today = (
            studying
            & (taken < wanted)
            & (due[everyone, np.minimum(taken, FORMS_AT_MOST - 1)] <= day)
        )
        planned = np.where(form_today, np.maximum(planned, 300.0), planned)
        done = np.where(form_today, planned, world.keep(planned))
        done = np.rint(done)
        history.minutes[:, day] = done
        focus = _focus(world, h, share, day, span)
        history.focus[:, day] = np.where((studying & ~form_today)[:, None], focus, _MIXED)
        rows = np.flatnonzero(form_today)
        if len(rows):
            desk.take(rows, taken[rows])
            below = history.form_points[rows, taken[rows]] < world.scale.mark
            taken[rows] += 1
            final = (taken[rows] >= wanted[rows]) & below & h.moves_date[rows] & (moved[rows] < 2)
            late = rows[final]
            if len(late):
                sit[late] += int(p["postpone_days"])
                moved[late] += 1
                wanted[late] = np.minimum(wanted[late] + 1, FORMS_AT_MOST)
                due[late, np.minimum(taken[late], FORMS_AT_MOST - 1)] = (
                    sit[late] - last_form_before[late]
                )
        _blocks(world, history, blocks, studying & ~form_today & (done >= 90))
        world.study(_spread(world, h, done, focus, form_today, asked, review, form))
    return history


def _form_days(first: Ints, last: Ints, wanted: Ints, spread: Floats) -> Ints:
    """Days of the meant forms, evenly from ``first`` to ``last``, shape (learners, forms)."""
    nth = np.arange(len(spread))
    step = np.maximum(last - first, 0) / np.maximum(wanted - 1, 1)
    days: Ints = np.rint(first[:, None] + nth * step[:, None]).astype(np.intp)
    # Two forms never fall on one day.
    apart: Ints = np.maximum.accumulate(days, axis=1) + (nth * (step[:, None] < 1)).astype(np.intp)
    return apart


def _focus(world: World, h: Habits, share: Floats, day: int, span: Ints) -> NDArray[np.int8]:
    """Area of the day's questions (-1 mixed) and of its other work, shape (learners, 2)."""
    areas = len(world.areas)
    u = random_streams.uniform(world.key[:, None], "focus", day, np.arange(2))
    chosen = (share[:, None, :] < u[:, :, None]).sum(axis=2)
    progress = np.clip((day - h.start_day) / span, 0, 0.999)
    in_order = (progress * areas).astype(np.intp)
    chosen = np.where((h.style == 2)[:, None], in_order[:, None], chosen)
    chosen = np.minimum(chosen, areas - 1)
    mixed = random_streams.uniform(world.key, "mixed day", day) < 0.35
    chosen[:, 0] = np.where(mixed, _MIXED, chosen[:, 0])
    return chosen.astype(np.int8)


def _spread(
    world: World,
    h: Habits,
    done: Floats,
    focus: NDArray[np.int8],
    form_today: Bools,
    asked: int,
    review: int,
    form: int,
) -> Floats:
    """The day's minutes by area and activity, shape (learners, areas, activities)."""
    n, areas = len(world), len(world.areas)
    minutes = np.zeros((n, areas, len(world.p.activities)))
    rows = np.arange(n)
    retrieval = np.where(form_today, 0.0, done * h.retrieval)
    other = np.where(form_today, 0.0, done - retrieval)
    mixed = focus[:, 0] == _MIXED
    weights = np.where(mixed[:, None], world.weights, 0.0)
    weights[rows[~mixed], focus[~mixed, 0]] = 1.0
    minutes[:, :, asked] = weights * (0.65 * retrieval)[:, None]
    minutes[:, :, review] = weights * (0.35 * retrieval)[:, None]
    minutes[rows, focus[:, 1], h.other] += other
    on_form = np.where(form_today, done, 0.0)[:, None] * world.weights
    minutes[:, :, form] += 0.7 * on_form
    minutes[:, :, review] += 0.3 * on_form
    return minutes


def _blocks(world: World, history: History, blocks: Ints, can: Bools) -> None:
    """Some of today's bank questions are written down as a block of 40 mixed items."""
    logged = can & (blocks < BLOCKS_AT_MOST)
    logged &= random_streams.uniform(world.key, "logs block", world.day) < 0.2 * (
        random_streams.uniform(world.key, "block logger") < world.p["block_logged_share"]
    )
    seen = random_streams.uniform(world.key, "second pass") < world.p["second_pass_share"]
    for again in (False, True):
        rows = np.flatnonzero(logged & (seen == again))
        if not len(rows):
            continue
        correct, _ = world.take_block(str(world.day), BLOCK_ITEMS, rows, seen=again)
        history.block_day[rows, blocks[rows]] = world.day
        history.block_correct[rows, blocks[rows]] = correct.sum(axis=1)
        blocks[rows] += 1


def retakes(world: World, cell: Cell, p: Parameters, failed_percent: Floats) -> Bools:
    """Who of those who failed sits again, shape (learners,).

    Args:
        world: The learners.
        cell: Their exam and group.
        p: The constants.
        failed_percent: Percent correct below the mark at the failed sitting (0 or less).
    """
    odds = np.log(cell.retake_share / (1 - cell.retake_share))
    chance_of = 1 / (1 + np.exp(-(odds + cell.retake_slope * failed_percent / 10)))
    sits: Bools = random_streams.uniform(world.key, "retakes") < chance_of
    return sits
