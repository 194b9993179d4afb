"""A population of simulated retakers with their histories and what became of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bounceback.errors import QuestionError
from bounceback.records.models import (
    AreaResult,
    Attempt,
    Availability,
    Block,
    ExamTarget,
    Form,
    Learner,
    Record,
    Resource,
    Study,
)
from bounceback.vocabulary import Level
from bounceback_lab.simulation import random_streams
from bounceback_lab.simulation.cohort import retakers
from bounceback_lab.simulation.habits import (
    BLOCK_ITEMS,
    BLOCKS_AT_MOST,
    FORMS_AT_MOST,
    Habits,
    History,
    habits,
    live,
)
from bounceback_lab.simulation.items import apportioned
from bounceback_lab.simulation.parameters import (
    DEFAULT_SEED,
    POPULATION_VERSION,
    ExamScale,
    Family,
    Parameters,
    parameters,
)
from bounceback_lab.simulation.simulator import Sittings, World

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]

_LEARNERS_AT_ONCE = 4000
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_GROUP_ZONES = {
    "us-md": "America/New_York",
    "us-do": "America/Chicago",
    "us-img": "America/New_York",
    "non-us-img": "Asia/Kolkata",
}
_LEVELS: tuple[Level, ...] = ("lower", "same", "higher")
_DISTANCES = ("near", "moderate", "far")


@dataclass(slots=True)
class Outcomes:
    """What the real retake was, for judging; every array has shape (learners,).

    Attributes:
        exam: Exam id.
        group: Group id.
        as_of: Day on which the forecast is asked, proleptic Gregorian ordinal.
        retake_on: Day of the retake, same.
        lead_days: Days from ``as_of`` to the retake, at least 1.
        score: Reported score of the retake in whole points; simulated even where the board shows
            none.
        passed: Whether it passed.
        mark: Mark on that day.
        true_score: Expected score of an ordinary day, on the day of the retake (never observable).
        failed_score: Score of the failed sitting, simulated even where the board shows none.
        forms_seen: Practice forms dated up to ``as_of``.
    """

    exam: NDArray[np.str_]
    group: NDArray[np.str_]
    as_of: Ints
    retake_on: Ints
    lead_days: Ints
    score: Floats
    passed: Bools
    mark: Floats
    true_score: Floats
    failed_score: Floats
    forms_seen: Ints


@dataclass(frozen=True, slots=True)
class Part:
    """The learners of one exam: everything of theirs with a leading learner axis.

    Attributes:
        scale: The exam.
        families: Its families of practice forms, in the order that ``history.form_family`` counts.
        learners: Index in the population, shape (learners,).
        group: Group id, shape (learners,).
        key: Keys of their luck, shape (learners,).
        level: Mean knowledge of their group, shape (learners,).
        failed: The failed sitting.
        habits: How they mean to behave.
        history: What became of it.
        as_of_day: Day of the forecast, days from the failed sitting, shape (learners,).
    """

    scale: ExamScale
    families: tuple[Family, ...]
    learners: Ints
    group: NDArray[np.str_]
    key: NDArray[np.uint64]
    level: Floats
    failed: Sittings
    habits: Habits
    history: History
    as_of_day: Ints


@dataclass(frozen=True, slots=True)
class Population:
    """Simulated retakers, in learner order.

    Attributes:
        seed: The seed.
        version: :data:`POPULATION_VERSION` of the laws and data.
        p: The constants.
        parts: One for each exam that occurs.
        outcomes: What became of them, for judging.
        place: Part index and row in it of each learner, shape (learners, 2).
        first_takers: For each exam and group: how many first takers were drawn, how many failed.
    """

    seed: int
    version: str
    p: Parameters
    parts: tuple[Part, ...]
    outcomes: Outcomes
    place: Ints
    first_takers: Mapping[tuple[str, str], tuple[int, int]]

    def __len__(self) -> int:
        """Number of learners."""
        return len(self.place)

    def as_of(self, i: int) -> date:
        """Day on which learner ``i``'s forecast is asked; evidence up to it is in the record."""
        return date.fromordinal(int(self.outcomes.as_of[i]))

    def record(self, i: int, until: date | None = None) -> Record:
        """The record of learner ``i`` with the evidence dated up to ``until``.

        Args:
            i: Index of the learner.
            until: Last day of evidence; by default the day of the forecast. The retake itself is
                never in it: it is in ``outcomes``.
        """
        part_index, row = self.place[i]
        part = self.parts[part_index]
        last = self.as_of(i) if until is None else until
        return _record(self.p, part, int(row), last.toordinal())

    def records(self) -> Iterator[Record]:
        """Every learner's record on the day of their forecast, in learner order."""
        return (self.record(i) for i in range(len(self)))

    def world(self, exam: str, rows: ArrayLike | None = None) -> World:
        """The learners of one exam on the day their failing report arrives, to be driven anew.

        Days count from the failed sitting; nothing has been studied since. The same learners meet
        the same luck under every policy; :meth:`learners_of` says who they are.

        Args:
            exam: Exam id.
            rows: Which of its learners, as indices into ``learners_of(exam)``; by default all.
        """
        part = self._part(exam)
        world = World(exam, part.key, part.level, self.p)
        world.sit()
        world = world if rows is None else world.take(rows)
        world.rest(int(self.p["result_wait_days"]))
        return world

    def learners_of(self, exam: str) -> Ints:
        """Indices of the learners of one exam, in the order of its world."""
        return self._part(exam).learners

    def planned_minutes(self, exam: str) -> Floats:
        """Planned minutes by weekday, Monday first, shape (learners of the exam, 7)."""
        return self._part(exam).habits.planned

    def _part(self, exam: str) -> Part:
        for part in self.parts:
            if part.scale.exam == exam:
                return part
        have = ", ".join(part.scale.exam for part in self.parts)
        raise QuestionError(
            f"exam {exam!r}; allowed: {have} (this population). Choose one of these or simulate "
            "with another mix."
        )


def default_mix(p: Parameters | None = None) -> dict[tuple[str, str], float]:
    """Share of each exam and group, after the published numbers of repeat attempts."""
    cells = (parameters() if p is None else p).cells
    total = sum(cell.share for cell in cells.values())
    return {name: cell.share / total for name, cell in cells.items()}


def simulate(
    learners: int,
    seed: int = DEFAULT_SEED,
    exam_mix: Mapping[str, float] | Mapping[tuple[str, str], float] | None = None,
    *,
    p: Parameters | None = None,
) -> Population:
    """Simulate retakers from the failed sitting to the retake.

    Args:
        learners: How many retakers.
        seed: Of all luck. The first k learners are the same for every ``learners`` of at least k.
        exam_mix: Weight of each exam (``{"usmle-step-1": 1.0}``, its groups as published) or of
            each exam and group; by default :func:`default_mix`.
        p: Constants; by default the frozen ones.

    Raises:
        QuestionError: No learners, or a mix that names nothing that exists.
    """
    if learners < 1:
        raise QuestionError(
            f"{learners} learners; allowed: 1 or more (population). Ask for at least one."
        )
    p = parameters() if p is None else p
    mix = _mix(p, exam_mix)
    cells = list(mix)
    cumulative = np.cumsum([mix[cell] for cell in cells])
    luck = random_streams.uniform(random_streams.keys(seed, 0, size=learners), "exam and group")
    cell_of = np.searchsorted(cumulative / cumulative[-1], luck)
    counts: dict[tuple[str, str], tuple[int, int]] = {}
    keys = np.zeros(learners, dtype=np.uint64)
    for c, cell in enumerate(cells):
        mine = np.flatnonzero(cell_of == c)
        if len(mine):
            drawn = retakers(p.cells[cell], p, seed, len(mine))
            keys[mine] = drawn.keys
            counts[cell] = drawn.tested, drawn.failed
    exam_of = np.array([cells[c][0] for c in cell_of])
    group_of = np.array([cells[c][1] for c in cell_of])
    parts: list[Part] = []
    place = np.zeros((learners, 2), dtype=np.intp)
    for exam in dict.fromkeys(exam for exam, _ in cells):
        mine = np.flatnonzero(exam_of == exam)
        if len(mine):
            place[mine, 0], place[mine, 1] = len(parts), np.arange(len(mine))
            parts.append(_part(p, exam, mine, group_of[mine], keys[mine]))
    return Population(
        seed=seed,
        version=POPULATION_VERSION,
        p=p,
        parts=tuple(parts),
        outcomes=_outcomes(parts, learners, exam_of, group_of),
        place=place,
        first_takers=counts,
    )


def _mix(
    p: Parameters, given: Mapping[str, float] | Mapping[tuple[str, str], float] | None
) -> dict[tuple[str, str], float]:
    default = default_mix(p)
    if given is None:
        return default
    mix: dict[tuple[str, str], float] = {}
    for name, weight in given.items():
        cells = [cell for cell in default if cell == name or cell[0] == name]
        if not cells or not weight >= 0:
            raise QuestionError(
                f"exam_mix {name!r}: {weight!r}; allowed: a weight of 0 or more for one of "
                f"{', '.join(p.exams)}, or for such an exam and a group (population data). "
                "Give weights for these."
            )
        total = sum(default[cell] for cell in cells)
        for cell in cells:
            mix[cell] = mix.get(cell, 0.0) + weight * default[cell] / total
    if sum(mix.values()) <= 0:
        raise QuestionError(
            "exam_mix has no weight; allowed: weights of 0 or more, not all 0 (population). "
            "Give at least one exam a weight."
        )
    return mix


def _part(
    p: Parameters, exam: str, mine: Ints, group: NDArray[np.str_], key: NDArray[np.uint64]
) -> Part:
    """Live through the histories of one exam, a batch of learners at a time."""
    batches = []
    for start in range(0, len(mine), _LEARNERS_AT_ONCE):
        rows = slice(start, start + _LEARNERS_AT_ONCE)
        cells = [p.cells[exam, str(g)] for g in group[rows]]
        level = np.array([cell.level for cell in cells])
        world = World(exam, key[rows], level, p)
        failed = world.sit()
        plan = habits(world, np.array([cell.hours_per_day for cell in cells]))
        history = live(world, plan)
        first_form = history.form_day[:, 0]
        open_days = np.maximum(history.sat_day - np.maximum(first_form, plan.start_day), 1)
        lead = 1 + (random_streams.uniform(key[rows], "lead") * open_days).astype(np.intp)
        batches.append((level, failed, plan, history, history.sat_day - lead))
    level, failed, plan, history, as_of = zip(*batches, strict=True)
    sittings = _joined(failed, skip={"items", "rows"})
    return Part(
        scale=p.exams[exam],
        families=tuple(f for (e, _), f in p.families.items() if e == exam),
        learners=mine,
        group=group,
        key=key,
        level=np.concatenate(level),
        failed=Sittings(rows=np.arange(len(mine)), items=failed[0].items, **sittings),
        habits=Habits(**_joined(plan)),
        history=History(**_joined(history)),
        as_of_day=np.concatenate(as_of),
    )


def _joined(batches: tuple[Any, ...], skip: set[str] | None = None) -> dict[str, Any]:
    names = [f.name for f in fields(batches[0]) if f.name not in (skip or ())]
    return {name: np.concatenate([getattr(b, name) for b in batches]) for name in names}


def _outcomes(
    parts: list[Part], learners: int, exam: NDArray[np.str_], group: NDArray[np.str_]
) -> Outcomes:
    def gathered(values: list[NDArray[Any]]) -> NDArray[Any]:
        whole = np.zeros(learners, dtype=values[0].dtype)
        for part, value in zip(parts, values, strict=True):
            whole[part.learners] = value
        return whole

    failed_on = [part.habits.failed_on for part in parts]
    as_of = gathered([f + part.as_of_day for f, part in zip(failed_on, parts, strict=True)])
    retake = gathered([f + part.history.sat_day for f, part in zip(failed_on, parts, strict=True)])
    seen = [
        ((part.history.form_day >= 0) & (part.history.form_day <= part.as_of_day[:, None])).sum(1)
        for part in parts
    ]
    return Outcomes(
        exam=exam,
        group=group,
        as_of=as_of,
        retake_on=retake,
        lead_days=retake - as_of,
        score=gathered([part.history.score for part in parts]),
        passed=gathered([part.history.passed for part in parts]),
        mark=gathered([np.full(len(part.learners), part.scale.mark) for part in parts]),
        true_score=gathered([part.history.true_score for part in parts]),
        failed_score=gathered([part.failed.score for part in parts]),
        forms_seen=gathered(seen),
    )


def _record(p: Parameters, part: Part, row: int, until: int) -> Record:
    """The record of one learner with evidence dated up to the ordinal ``until``."""
    h, habit = part.history, part.habits
    failed_on = int(habit.failed_on[row])
    last_day = until - failed_on
    planned = habit.planned[row]
    done_units = int(900 + 1500 * random_streams.uniform(part.key[row : row + 1], "bank done")[0])
    return Record(
        learner=Learner(
            group=str(part.group[row]),  # type: ignore[arg-type]
            time_zone=_GROUP_ZONES[str(part.group[row])],
        ),
        exam=ExamTarget(
            id=part.scale.exam,  # type: ignore[arg-type]
            planned_date=date.fromordinal(failed_on + int(h.sat_day[row])),
        ),
        attempts=(_failed_attempt(p, part, row),),
        forms=tuple(_forms(part, row, last_day)),
        blocks=tuple(_blocks(part, row, last_day)),
        study=tuple(_study(p, part, row, last_day)),
        availability=Availability(
            minutes={day: int(planned[k]) for k, day in enumerate(_WEEKDAYS)},  # type: ignore[misc]
            max_minutes_per_day=int(min(planned.max(), 600)),
        ),
        resources=(
            Resource(
                name="Question bank",
                kind="questions",
                units=3600,
                done=done_units,
                minutes_per_unit=p["minutes_per_bank_item"],
            ),
        ),
    )


def _failed_attempt(p: Parameters, part: Part, row: int) -> Attempt:
    """The failed sitting as the board of that day reports it."""
    scale = part.scale
    score = float(part.failed.score[row])
    norm_sd = scale.norm_sd
    short = (scale.mark - score) / norm_sd
    distance = 0 if short < p["near_sd"] else 1 if short < p["far_sd"] else 2
    items = np.maximum(part.failed.items, 1)
    percent = part.failed.correct[row] / items
    borderline = scale.percent_at_mark / 100
    error = np.sqrt(borderline * (1 - borderline) / items)
    level = 1 + (percent > borderline + p["profile_se"] * error).astype(int)
    level -= percent < borderline - p["profile_se"] * error
    key = part.key[row : row + 1]
    kept_profile = random_streams.uniform(key, "typed the profile")[0] < 0.8
    kept_distance = (
        scale.distance_shown and random_streams.uniform(key, "read the distance")[0] < 0.8
    )
    told_hours = random_streams.uniform(key, "told hours")[0] < 0.5
    return Attempt(
        exam=scale.exam,  # type: ignore[arg-type]
        date=date.fromordinal(int(part.habits.failed_on[row])),
        outcome="fail",
        score=score if scale.number_reported else None,
        distance_below_pass=_DISTANCES[distance] if kept_distance else None,  # type: ignore[arg-type]
        hours_per_day=float(np.rint(part.habits.planned[row].max() / 60)) if told_hours else None,
        profile=dict(zip(scale.areas, (_LEVELS[k] for k in level), strict=True))
        if kept_profile
        else {},
    )


def _forms(part: Part, row: int, last_day: int) -> Iterator[Form]:
    h, scale = part.history, part.scale
    failed_on = int(part.habits.failed_on[row])
    for k in range(FORMS_AT_MOST):
        day = int(h.form_day[row, k])
        if day < 0 or day > last_day:
            continue
        family = part.families[h.form_family[row, k]]
        printed = float(h.form_printed[row, k])
        yield Form(
            family=family.family,
            form=family.labels[h.form_label[row, k]],
            date=date.fromordinal(failed_on + day),
            score=float(h.form_score[row, k]),
            printed_p_pass=None if np.isnan(printed) else printed,
            timed=bool(h.form_timed[row, k]),
            interrupted=bool(h.form_interrupted[row, k]),
            repeat=bool(h.form_repeat[row, k]),
            areas=_area_table(scale, family, h.form_correct[row, k]),
        )


def _area_table(
    scale: ExamScale, family: Family, correct: NDArray[np.int16]
) -> dict[str, AreaResult]:
    if family.area_table == "none":
        return {}
    counts = apportioned(scale.weights, family.items)
    # A report leaves out the areas of a handful of items.
    least = 0 if family.area_table == "all" else 0.075 * family.items
    return {
        area: AreaResult(correct=int(right), items=int(items))
        for area, right, items in zip(scale.areas, correct, counts, strict=True)
        if items >= max(least, 1)
    }


def _blocks(part: Part, row: int, last_day: int) -> Iterator[Block]:
    h, habit = part.history, part.habits
    failed_on = int(habit.failed_on[row])
    for k in range(BLOCKS_AT_MOST):
        day = int(h.block_day[row, k])
        if 0 <= day <= last_day:
            yield Block(
                date=date.fromordinal(failed_on + day),
                bank="uworld",
                items=BLOCK_ITEMS,
                correct=int(h.block_correct[row, k]),
                minutes=60.0,
                mode="timed",
                first_pass=not bool(habit.second_pass[row]),
            )


def _study(p: Parameters, part: Part, row: int, last_day: int) -> Iterator[Study]:
    """What the learner wrote down: nothing, about half of the days, or every day."""
    habit, h = part.habits, part.history
    how_much = int(habit.log[row])
    if how_much == 0:
        return
    failed_on = int(habit.failed_on[row])
    days = np.flatnonzero(h.minutes[row, : last_day + 1])
    if how_much == 1:
        key = part.key[row : row + 1]
        days = days[random_streams.uniform(key, "writes down", days) < 0.5]
    form_days = set(h.form_day[row].tolist())
    for day in days.tolist():
        total = float(h.minutes[row, day])
        on = date.fromordinal(failed_on + day)
        if day in form_days:
            yield Study(date=on, minutes=round(0.7 * total), activity="form")
            yield Study(date=on, minutes=round(0.3 * total), activity="review")
            continue
        asked, other = h.focus[row, day].tolist()
        area = None if asked < 0 else part.scale.areas[asked]
        retrieval = float(habit.retrieval[row])
        name = p.activities[int(habit.other[row])].activity
        for minutes, activity, where in (
            (0.65 * retrieval * total, "questions", area),
            (0.35 * retrieval * total, "review", area),
            ((1 - retrieval) * total, name, None if other < 0 else part.scale.areas[other]),
        ):
            if round(minutes) > 0:
                yield Study(date=on, minutes=round(minutes), activity=activity, area=where)  # type: ignore[arg-type]
