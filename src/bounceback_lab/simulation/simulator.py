"""A world of simulated learners of one exam that a policy can drive day by day.

Nothing here follows the laws of a forecast: knowledge is a set of discrete facets that are learned
one by one, each after its own amount of work (:mod:`bounceback.population.chance` fixes that amount
for each learner), corrected where it was a misconception, and forgotten by a power law
``(1 + days / stability) ** -decay``; answers are drawn item by item. Work beyond a long day tires.

Luck belongs to the learner: the same learner meets the same luck under any policy.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bounceback.errors import QuestionError
from bounceback_lab.simulation import random_streams
from bounceback_lab.simulation.items import ItemSet, PoolCurves, item_set, p_correct, pool_curves
from bounceback_lab.simulation.parameters import ExamScale, Family, Parameters, parameters

Floats = NDArray[np.float64]
Single = NDArray[np.float32]
Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]

_EXAM_FORMS = 4
_REFERENCE_SIZE = 1500
_ROWS_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class FormsTaken:
    """One practice form taken by a batch of learners.

    Attributes:
        family: The family.
        label: Which form of it.
        rows: Learners who took it, shape (m,).
        score: On the family's scale, shape (m,).
        points: The same on the exam's reported scale, not rounded, shape (m,).
        printed_p_pass: Chance printed by the report, NaN where none is, shape (m,).
        correct: Correct answers by area, shape (m, areas).
        items: Items by area, shape (areas,).
    """

    family: Family
    label: str
    rows: Ints
    score: Floats
    points: Floats
    printed_p_pass: Floats
    correct: Ints
    items: Ints


@dataclass(frozen=True, slots=True)
class Sittings:
    """One real sitting by a batch of learners.

    Attributes:
        rows: Learners who sat, shape (m,).
        score: Reported score in whole points (hidden from the learner where the board reports
            none), shape (m,).
        passed: Score at or above the mark, shape (m,).
        correct: Correct answers by area, shape (m, areas).
        items: Mean items by area, shape (areas,).
        day_shift: Form of the day against the learner's usual, logits, shape (m,).
    """

    rows: Ints
    score: Floats
    passed: Bools
    correct: Ints
    items: Floats
    day_shift: Floats


def _sigmoid(x: Floats) -> Floats:
    y: Floats = 1.0 / (1.0 + np.exp(-x))
    return y


def normal_cdf(z: ArrayLike) -> Floats:
    """Standard normal distribution function, by table (absolute error below 1e-5)."""
    grid = np.linspace(-6.0, 6.0, 4801)
    density = np.exp(-0.5 * grid**2)
    total = np.concatenate(([0.0], np.cumsum((density[1:] + density[:-1]) / 2)))
    below: Floats = np.interp(np.asarray(z, dtype=np.float64), grid, total / total[-1])
    return below


class World:
    """Learners of one exam, all on the same day; day 0 is the day they are born into.

    Attributes:
        scale: The exam.
        p: The constants.
        key: Keys of the learners' luck, shape (learners,).
        level: Mean knowledge of each learner's group, logits, shape (learners,).
        day: Days since day 0.
        fatigue: Carried tiredness, shape (learners,).
        known: Facets learned, shape (learners, areas, facets).
        last: Day of the last contact with each facet, same shape.
        stability: Days, time scale of forgetting of each facet, same shape.
    """

    def __init__(
        self,
        exam: str,
        key: NDArray[np.uint64],
        level: ArrayLike,
        p: Parameters | None = None,
    ) -> None:
        self.p = p = parameters() if p is None else p
        if exam not in p.exams:
            raise QuestionError(
                f"exam {exam!r} has no simulated population; allowed: {', '.join(p.exams)} "
                "(population data). Choose one of these."
            )
        self.scale: ExamScale = p.exams[exam]
        self.key = np.asarray(key, dtype=np.uint64)
        n, areas, facets = len(self.key), len(self.scale.areas), int(p["facets_per_area"])
        self.level = np.broadcast_to(np.asarray(level, dtype=np.float64), (n,)).copy()
        self.day = 0
        self.weights: Floats = np.asarray(self.scale.weights)
        one, two = self.key[:, None], self.key[:, None, None]
        area, facet = np.arange(areas)[:, None], np.arange(facets)
        self._slot = (area * facets + facet)[None, :, :]

        common = random_streams.normal(self.key, "knowledge")
        mix = p["skill_knowledge_correlation"]
        self.skill: Floats = self.scale.skill_sd * (
            mix * common + np.sqrt(1 - mix**2) * random_streams.normal(self.key, "skill")
        )
        self.nerves: Floats = p["nerves_size"] * random_streams.exponential(self.key, "nerves")
        self.pace: Floats = self.scale.pace * np.exp(
            p["pace_log_sd"] * random_streams.normal(self.key, "pace")
        )
        self.decay: Single = (
            p["decay"] * np.exp(p["decay_log_sd"] * random_streams.normal(self.key, "decay"))
        ).astype(np.float32)
        self.adherence_logit: Floats = np.log(p["adherence"] / (1 - p["adherence"])) + p[
            "adherence_log_sd"
        ] * random_streams.normal(self.key, "adherence")

        exam_key = random_streams.text_key(exam)
        self.facet_difficulty = p["facet_difficulty_sd"] * random_streams.normal(
            exam_key, "facet difficulty", self._slot
        )
        standing = (
            self.level[:, None]
            + self.scale.knowledge_sd * common[:, None]
            + p["area_share"]
            * self.scale.knowledge_sd
            * random_streams.normal(one, "area", np.arange(areas))
        )
        self.known: Bools = random_streams.uniform(two, "known", self._slot) < _sigmoid(
            standing[:, :, None] - self.facet_difficulty
        )
        self.last: Single = (
            -p["days_since_study"] * random_streams.exponential(two, "last", self._slot)
        ).astype(np.float32)
        self.stability: Single = (
            p["stability_days"]
            * np.exp(p["stability_log_sd"] * random_streams.normal(two, "stability", self._slot))
        ).astype(np.float32)
        self.ease: Single = np.exp(
            p["facet_ease_log_sd"] * random_streams.normal(two, "ease", self._slot)
        ).astype(np.float32)
        self.misinformed: Bools = (
            random_streams.uniform(two, "misinformed", self._slot) < p["misconception_share"]
        )
        self._due: Single = random_streams.exponential(two, "due", self._slot, 0).astype(np.float32)
        self._events: NDArray[np.int32] = np.zeros((n, areas, facets), dtype=np.int32)
        self.fatigue: Floats = np.zeros(n)
        self.question_hours: Floats = np.zeros(n)
        self._lost_until: Ints = np.zeros(n, dtype=np.intp)
        self._sat: Ints = np.zeros(n, dtype=np.intp)
        self._taken: dict[tuple[str, str], Ints] = {}
        self._matter: Floats = (self.weights.mean() / self.weights) ** p["matter_power"]

    def __len__(self) -> int:
        """Number of learners."""
        return len(self.key)

    @property
    def areas(self) -> tuple[str, ...]:
        """Categories of the exam's share axis, in the order of every area axis."""
        return self.scale.areas

    def copy(self) -> World:
        """An independent world in the same state, to try another policy with the same luck."""
        return copy.deepcopy(self)

    def take(self, rows: ArrayLike) -> World:
        """An independent world of the learners ``rows`` (indices or a mask) in the same state."""
        chosen = np.arange(len(self))[np.asarray(rows)]
        other = copy.copy(self)
        for name, held in vars(self).items():
            per_learner = isinstance(held, np.ndarray) and name not in _SHARED
            if per_learner:
                setattr(other, name, held[chosen])
        other._taken = {which: times[chosen] for which, times in self._taken.items()}
        return other

    def _rows(self, rows: ArrayLike | None) -> Ints:
        every = np.arange(len(self))
        return every if rows is None else every[np.asarray(rows)]

    # What the learners know

    def recall(self) -> Single:
        """Chance that each facet comes to mind today, shape (learners, areas, facets)."""
        age = np.maximum(np.float32(self.day) - self.last, np.float32(0))
        kept = (1 + age / self.stability) ** -self.decay[:, None, None]
        held: Single = np.where(self.known, kept, np.float32(0))
        return held

    def usual_skill(self) -> Floats:
        """Skill on an ordinary practice day, logits, shape (learners,)."""
        hours = self.question_hours
        practice = self.p["practice_gain"] * hours / (hours + self.p["practice_half_hours"])
        usual: Floats = self.skill + practice - self.p["fatigue_test_cost"] * self.fatigue
        return usual

    def area_percent(self, skill: Floats | None = None) -> Floats:
        """Expected percent correct of the reference pool by area, shape (learners, areas)."""
        high, low = _curves(self.p)(self.usual_skill() if skill is None else skill)
        share = self.recall().mean(axis=2, dtype=np.float64)
        percent: Floats = 100 * (low[:, None] + share * (high - low)[:, None])
        return percent

    def expected_score(self, skill: Floats | None = None) -> Floats:
        """Expected score on the reported scale, not rounded, shape (learners,).

        Without ``skill``: of an ordinary day without nerves, the learner's true standing.
        """
        percent = (self.area_percent(skill) * self.weights).sum(axis=1)
        score: Floats = self.scale.mark + self.scale.points_per_percent * (
            percent - self.scale.percent_at_mark
        )
        return score

    def points_per_minute(self, activity: str) -> Floats:
        """True expected gain of one more minute today by area, shape (learners, areas).

        What an oracle knows: reported points, from facets learned and facets refreshed.
        """
        v = [e.activity for e in self.p.activities].index(activity)
        effect = self.p.activities[v]
        high, low = _curves(self.p)(self.usual_skill())
        recall = self.recall()
        misinformed = self.misinformed & ~self.known
        learn = self.p["learn_per_minute"] * effect.learn
        correct = self.p["misconception_per_minute"] * effect.misconception
        hazard = np.where(misinformed, correct, learn) * self.ease
        hazard = np.where(self.known, self.p["touch_per_minute"] * effect.touch, hazard)
        share = (hazard * (1 - recall)).mean(axis=2, dtype=np.float64)
        gain: Floats = (
            100
            * self.scale.points_per_percent
            * (high - low)[:, None]
            * share
            * (self.pace / (1 + self.p["fatigue_cost"] * self.fatigue))[:, None]
            * self._matter
            * self.weights
        )
        return gain

    # What they do

    def keep(self, planned: ArrayLike) -> Floats:
        """Minutes that are really done today of ``planned`` minutes, same shape.

        Each learner has an adherence of their own, better and worse days, and now and then a lost
        stretch of days.
        """
        minutes = np.asarray(planned, dtype=np.float64)
        starts = (
            random_streams.uniform(self.key, "stretch", self.day) < self.p["lost_stretch_per_day"]
        )
        length = 1 + self.p["lost_stretch_days"] * random_streams.exponential(
            self.key, "stretch length", self.day
        )
        self._lost_until = np.where(
            starts,
            np.maximum(self._lost_until, self.day + length.astype(np.intp)),
            self._lost_until,
        )
        share = _sigmoid(
            self.adherence_logit
            + self.p["day_adherence_sd"]
            * random_streams.normal(self.key, "day adherence", self.day)
        )
        share = np.where(self._lost_until > self.day, 0.0, share)
        kept: Floats = minutes * share.reshape((-1,) + (1,) * (minutes.ndim - 1))
        return kept

    def study(self, minutes: ArrayLike) -> None:
        """Spend one day: ``minutes`` done, shape (learners, areas, activities).

        Activities are in the order of ``p.activities``. Ends the day.
        """
        done = np.asarray(minutes, dtype=np.float64)
        expected = (len(self), len(self.areas), len(self.p.activities))
        if done.shape != expected:
            raise QuestionError(
                f"minutes have shape {done.shape}; allowed: {expected} (learners, areas, "
                "activities of the population). Give the minutes of one day."
            )
        if (done < 0).any() or not np.isfinite(done).all():
            raise QuestionError(
                "minutes are negative or not finite; allowed: minutes done, 0 or more (population)."
                " Give 0 where nothing was done."
            )
        p = self.p
        total = done.sum(axis=(1, 2))
        p_tired = p["fatigue_per_hour"] * np.maximum(total - p["fatigue_from_minutes"], 0) / 60
        self.fatigue = p["fatigue_carry"] * self.fatigue + p_tired
        crowding = 1 + 0.5 * (total / p["crowding_minutes"]) ** p["crowding_power"]
        yields = self.pace / crowding / (1 + p["fatigue_cost"] * self.fatigue)
        effects = np.array(
            [
                (e.learn, e.touch, e.misconception, e.stability_growth * e.touch, e.skill)
                for e in p.activities
            ]
        )
        # Not a matrix product: its rounding would depend on who else is in the batch.
        work = np.einsum("nav,vk->nak", done, effects) * yields[:, None, None]
        self.question_hours += work[:, :, 4].sum(axis=1) / 60
        spill = p["spill_share"]
        work = (1 - spill) * work + spill * work.sum(axis=1, keepdims=True) * self.weights[:, None]
        busy = total > 0
        if busy.any():
            growth = work[:, :, 3] / np.maximum(work[:, :, 1], 1e-9)
            work *= self._matter[:, None]
            for start in range(0, len(self), _ROWS_AT_ONCE):
                rows = np.flatnonzero(busy[start : start + _ROWS_AT_ONCE]) + start
                if len(rows):
                    self._work(rows, work[rows], growth[rows])
        self.day += 1

    def rest(self, days: int = 1) -> None:
        """Let ``days`` pass without study: knowledge ages, tiredness goes."""
        self.fatigue = self.fatigue * self.p["fatigue_carry"] ** days
        self.day += days

    def _work(self, rows: Ints, work: Floats, growth: Floats) -> None:
        """Run the clocks of the facets of ``rows`` and let what is due happen."""
        p = self.p
        names = ("learn_per_minute", "touch_per_minute", "misconception_per_minute")
        rates = np.array([p[name] for name in names])
        step = (work[:, :, :3] * rates).astype(np.float32)
        known = self.known[rows]
        passed = np.where(self.misinformed[rows], step[:, :, 2:3], step[:, :, :1])
        passed = np.where(known, step[:, :, 1:2], passed * self.ease[rows])
        due = self._due[rows] - passed
        hit = np.nonzero(due <= 0)
        if len(hit[0]):
            who = (rows[hit[0]], hit[1], hit[2])
            slot = hit[1] * due.shape[2] + hit[2]
            count = self._events[who] + 1
            due[hit] = random_streams.exponential(self.key[who[0]], "due", slot, count)
            again = known[hit]
            age = np.maximum(self.day - self.last[who], 0)
            forgotten = 1 - (1 + age / self.stability[who]) ** -self.decay[who[0]]
            grown = self.stability[who] * (1 + (growth[hit[0], hit[1]] - 1) * 4 * forgotten)
            fresh = p["fresh_stability_days"] * np.exp(
                p["stability_log_sd"] * random_streams.normal(self.key[who[0]], "fresh", slot)
            )
            self.stability[who] = np.minimum(
                np.where(again, grown, fresh), p["stability_limit_days"]
            )
            self.last[who] = self.day
            self.known[who] = True
            self._events[who] = count
        self._due[rows] = due

    # What tests see

    def _answers(
        self,
        rows: Ints,
        items: ItemSet,
        skill: Floats,
        times: Ints,
        floor: Floats | None = None,
    ) -> Ints:
        """Correct answers by area, shape (m, areas); ``floor``: share answered from memory."""
        correct = np.zeros((len(rows), len(self.areas)), dtype=np.intp)
        name = random_streams.text_key(items.name)
        each = np.arange(len(items.area))
        counts = items.per_area(len(self.areas))
        asked = np.flatnonzero(counts)
        starts = np.concatenate(([0], np.cumsum(counts[asked])[:-1]))
        for begin in range(0, len(rows), _ROWS_AT_ONCE):
            part = slice(begin, begin + _ROWS_AT_ONCE)
            who = rows[part, None]
            at = (who, items.area, items.facet)
            age = np.maximum(np.float32(self.day) - self.last[at], np.float32(0))
            kept = (1 + age / self.stability[at]) ** -self.decay[who]
            recall = np.where(self.known[at], kept, np.float32(0))
            p_right = p_correct(items, self.p, skill[part], recall)
            if floor is not None:
                p_right = p_right + floor[part, None].astype(np.float32) * (1 - p_right)
            luck = random_streams.uniform(self.key[who] ^ name, "answer", times[part, None], each)
            right = luck < p_right
            correct[part, asked] = np.add.reduceat(right, starts, axis=1, dtype=np.intp)
        return correct

    def take_form(
        self,
        family: str,
        label: str | None = None,
        *,
        rows: ArrayLike | None = None,
        timed: bool = True,
        interrupted: bool = False,
    ) -> FormsTaken:
        """Take one practice form today; no day passes and nothing is learned from it.

        Args:
            family: Family id, e.g. ``nbme-cbssa``.
            label: Which form; by default the first that none of ``rows`` has taken, else the last.
            rows: Who takes it (indices or mask); by default everybody.
            timed: Under the clock; an untimed form runs high.
            interrupted: A noisier result.

        Raises:
            QuestionError: The family or form does not exist for this exam.
        """
        if (self.scale.exam, family) not in self.p.families:
            known = ", ".join(f for e, f in self.p.families if e == self.scale.exam)
            raise QuestionError(
                f"family {family!r}; allowed: {known} (population data, {self.scale.exam}). "
                "Choose one of these."
            )
        kind = self.p.families[self.scale.exam, family]
        who = self._rows(rows)
        if label is None:
            fresh = [one for one in kind.labels if not self.times_taken(family, one)[who].any()]
            label = fresh[0] if fresh else kind.labels[-1]
        if label not in kind.labels:
            raise QuestionError(
                f"form {label!r} of {family}; allowed: {', '.join(kind.labels)} (population data)."
                " Choose one of these."
            )
        items = item_set(self.scale, self.p, kind.items, family, label)
        times = self.times_taken(family, label)
        before = times[who].copy()
        luck = self.key[who] ^ random_streams.text_key(items.name)
        shift = self.p["day_sd"] * random_streams.normal(luck, "form day", before)
        if not timed:
            shift = shift + self.p["untimed_boost"]
        if interrupted:
            shift = shift + self.p["interrupted_sd"] * random_streams.normal(
                luck, "interrupted", before
            )
        floor = np.where(before > 0, self.p["remembered_share"], 0.0)
        correct = self._answers(who, items, self.usual_skill()[who] + shift, before, floor)
        times[who] += 1
        percent = 100 * correct.sum(axis=1) / kind.items
        if kind.equated:
            intercept, slope = self._equating(items)
            percent = intercept + slope * percent
        bias = (
            kind.bias_points
            + kind.label_sd_points
            * float(random_streams.normal(random_streams.text_key(items.name), "bias")[0])
            + kind.person_sd_points
            * random_streams.normal(self.key[who] ^ random_streams.text_key(family), "familiarity")
        )
        points = (
            self.scale.mark
            + self.scale.points_per_percent * (percent - self.scale.percent_at_mark)
            + bias
        )
        return FormsTaken(
            family=kind,
            label=label,
            rows=who,
            score=self._form_score(kind, points),
            points=points,
            printed_p_pass=self._printed(kind, points),
            correct=correct,
            items=items.per_area(len(self.areas)),
        )

    def times_taken(self, family: str, label: str) -> Ints:
        """How often each learner has taken that form, shape (learners,)."""
        return self._taken.setdefault((family, label), np.zeros(len(self), dtype=np.intp))

    def _form_score(self, kind: Family, points: Floats) -> Floats:
        scale = self.scale
        if kind.scale == "reported":
            return np.clip(np.rint(points), scale.scale_low, scale.scale_high)
        if kind.scale == "own":
            reference = _reference(scale.exam, self.p)
            own = 500 + 100 * (points - reference.mean_score) / reference.sd_score
            return np.clip(np.rint(own), 10, 800)
        percent = scale.percent_at_mark + (points - scale.mark) / scale.points_per_percent
        return np.clip(np.rint(percent), 0, 100)

    def _printed(self, kind: Family, points: Floats) -> Floats:
        if not kind.prints_p_pass:
            return np.full(points.shape, np.nan)
        p_pass = normal_cdf((points - self.scale.mark) / self.p["printed_sd_points"])
        return np.clip(np.rint(100 * p_pass) / 100, 0.01, 0.99)

    def _equating(self, items: ItemSet) -> tuple[float, float]:
        """Linear equating to the reference pool on the reference group: intercept, slope."""
        return _equating(self.scale.exam, self.p, items)

    def take_block(
        self, name: str, count: int, rows: ArrayLike, *, seen: bool = False
    ) -> tuple[Ints, Ints]:
        """Answer ``count`` bank questions mixed over the blueprint, without learning from them.

        Returns:
            Correct answers by area, shape (m, areas), and items by area, shape (areas,).
        """
        who = self._rows(rows)
        items = item_set(self.scale, self.p, count, "bank", name)
        floor = np.full(len(who), self.p["seen_item_boost"] if seen else 0.0)
        times = np.full(len(who), self.day, dtype=np.intp)
        correct = self._answers(
            who, items, self.usual_skill()[who] - self.p["bank_difficulty"], times, floor
        )
        return correct, items.per_area(len(self.areas))

    def sitting_day_shift(self, rows: ArrayLike | None = None) -> Floats:
        """Form of the next real sitting against the usual, logits: nerves, the day, off-days."""
        who = self._rows(rows)
        key, times = self.key[who], self._sat[who]
        off = random_streams.uniform(key, "off day", times) < self.p["off_day_probability"]
        drop = self.p["off_day_size"] * random_streams.exponential(key, "off day size", times)
        day = self.p["day_sd"] * random_streams.normal(key, "sitting day", times)
        shift: Floats = day - self.nerves[who] - np.where(off, drop, 0.0)
        return shift

    def sit(self, rows: ArrayLike | None = None) -> Sittings:
        """Sit the real exam today; no day passes."""
        who = self._rows(rows)
        shift = self.sitting_day_shift(who)
        skill = self.usual_skill()[who] + shift
        which = (
            random_streams.uniform(self.key[who], "exam form", self._sat[who]) * _EXAM_FORMS
        ).astype(np.intp)
        correct = np.zeros((len(who), len(self.areas)), dtype=np.intp)
        percent = np.zeros(len(who))
        counts = np.zeros(len(self.areas))
        for form in range(_EXAM_FORMS):
            part = np.flatnonzero(which == form)
            items = item_set(self.scale, self.p, self.scale.items, "sitting", str(form))
            counts = counts + items.per_area(len(self.areas)) / _EXAM_FORMS
            if not len(part):
                continue
            correct[part] = self._answers(who[part], items, skill[part], self._sat[who[part]])
            intercept, slope = self._equating(items)
            raw = 100 * correct[part].sum(axis=1) / self.scale.items
            percent[part] = intercept + slope * raw
        self._sat[who] += 1
        score = self.scale.mark + self.scale.points_per_percent * (
            percent - self.scale.percent_at_mark
        )
        score = np.clip(np.rint(score), self.scale.scale_low, self.scale.scale_high)
        return Sittings(
            rows=who,
            score=score,
            passed=score >= self.scale.mark,
            correct=correct,
            items=counts,
            day_shift=shift,
        )


_SHARED = frozenset({"weights", "facet_difficulty", "_slot", "_matter"})


@lru_cache(maxsize=256)
def _equating(exam: str, p: Parameters, items: ItemSet) -> tuple[float, float]:
    return _reference(exam, p).equating(items)


@dataclass(frozen=True, slots=True)
class _Reference:
    """The group on which forms are equated: 1,500 first takers of the exam's main group."""

    world: World
    true_percent: Floats
    mean_score: float
    sd_score: float

    def equating(self, items: ItemSet) -> tuple[float, float]:
        """Linear equating of a test to the reference pool: intercept and slope in percent."""
        world = self.world
        recall = world.recall()[:, items.area, items.facet]
        raw = 100 * p_correct(items, world.p, world.usual_skill(), recall).mean(
            axis=1, dtype=np.float64
        )
        slope = float(self.true_percent.std() / raw.std())
        return float(self.true_percent.mean() - slope * raw.mean()), slope


@lru_cache(maxsize=8)
def _curves(p: Parameters) -> PoolCurves:
    return pool_curves(p)


@lru_cache(maxsize=32)
def _reference(exam: str, p: Parameters) -> _Reference:
    """The reference group of ``exam``; its luck is fixed, so that equating never depends on it."""
    main = "us-do" if exam.startswith("comlex") else "us-md"
    key = random_streams.keys(
        0, int(random_streams.text_key(exam)[0]) % 2**32, size=_REFERENCE_SIZE
    )
    world = World(exam, key, p.cells[exam, main].level, p)
    percent = (world.area_percent() * world.weights).sum(axis=1)
    score = world.scale.mark + world.scale.points_per_percent * (
        percent - world.scale.percent_at_mark
    )
    return _Reference(world, percent, float(score.mean()), float(score.std()))
