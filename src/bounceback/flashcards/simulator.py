"""What a way of reviewing costs each day, and what it leaves in memory on the exam day.

A simulation from the student's *existing* cards, backlog included: day by day, within the minutes
of that day, cards are asked, answered by chance as the model says, and scheduled again. Ways of
reviewing (``Policy``) differ in order, new cards a day, desired retention, and what happens in the
last days. Rules 19 to 27 of ``docs/explanation/memory.md``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from bounceback.flashcards.fsrs import Memory, Weights, default_weights, step
from bounceback.flashcards.parameters import group, value

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

Order = Literal["due", "recall-low", "recall-high", "exam-gain"]

_NEVER: Final = np.int16(32_000)
"""Day number of a card that does not fall due within any horizon."""

_HORIZON_MAX: Final = 3_650

_GAIN_AGE_SHARE: Final = 0.2
"""Gains of waiting cards are recomputed when a fifth of the days left has passed.

The gain of a card that waits moves with the share of the time left, not with the day."""


@dataclass(frozen=True, slots=True, eq=False)
class Cards:
    """Cards as they stand on the first day.

    Attributes:
        stability_days: (cards,) after the last review; NaN for a card never seen.
        difficulty: (cards,) 1 to 10; NaN for a card never seen.
        elapsed_days: (cards,) days since the last review, on the first day.
        due_in_days: (cards,) day on which the card falls due, 0 the first day; negative: it has
            been waiting.
        worth: (cards,) what recalling the card on the exam day is worth, ≥ 0, on any scale.
        suspended: (cards,) never asked and never introduced; an earlier memory still fades.
    """

    stability_days: Floats
    difficulty: Floats
    elapsed_days: Floats
    due_in_days: NDArray[np.int64]
    worth: Floats
    suspended: NDArray[np.bool_]

    @property
    def count(self) -> int:
        """Number of cards."""
        return len(self.stability_days)

    @property
    def seen(self) -> NDArray[np.bool_]:
        """(cards,) True where the card has been answered at least once."""
        return ~np.isnan(self.stability_days)


def cards(
    stability_days: ArrayLike,
    difficulty: ArrayLike,
    elapsed_days: ArrayLike,
    due_in_days: ArrayLike,
    *,
    worth: ArrayLike | None = None,
    suspended: ArrayLike | None = None,
) -> Cards:
    """Make cards from arrays of one length; NaN stability means never seen.

    Raises:
        ValueError: Lengths differ, or a worth is negative or not finite.
    """
    s = np.asarray(stability_days, np.float64)
    n = len(s)
    unseen = np.isnan(s)
    columns = {
        "difficulty": np.where(unseen, np.nan, np.asarray(difficulty, np.float64)),
        "elapsed_days": np.where(unseen, 0.0, np.asarray(elapsed_days, np.float64)),
        "due_in_days": np.where(unseen, 0, np.nan_to_num(np.asarray(due_in_days, np.float64))),
        "worth": np.ones(n) if worth is None else np.asarray(worth, np.float64),
        "suspended": np.zeros(n, bool) if suspended is None else np.asarray(suspended, bool),
    }
    for name, column in columns.items():
        if column.shape != (n,):
            raise ValueError(f"{name} has shape {column.shape}; one entry a card is {(n,)}.")
    if n and not (np.isfinite(columns["worth"]).all() and columns["worth"].min() >= 0.0):
        raise ValueError("worth must be finite and not negative; 0 leaves a card out.")
    return Cards(
        stability_days=s,
        difficulty=columns["difficulty"],
        elapsed_days=np.maximum(columns["elapsed_days"], 0.0),
        due_in_days=columns["due_in_days"].astype(np.int64),
        worth=columns["worth"],
        suspended=columns["suspended"],
    )


@dataclass(frozen=True, slots=True)
class Habits:
    """How a student answers and how long it takes. Probabilities sum to 1 in each row.

    Attributes:
        first_rating: (4,) of the first answer to a new card.
        recalled_rating: (3,) Hard, Good, Easy, given that the card was recalled.
        learning_after: (3, 4) next answer on the first day, after Again, Hard, Good.
        relearning_after: (3, 4) next answer on the day of a lapse, after Again, Hard, Good.
        seconds: (3, 4) seconds an answer: learning, review, relearning by rating.
        learning_steps: Good answers in a row that end the first day of a card.
        relearning_steps: Good answers in a row that end the day of a lapse.
        floor_from: Lowest rating at which an answer on the same day never lowers stability: 2 in
            the FSRS-6 model; the simulator of fsrs-rs uses 3.
        source: ``published`` or ``own log``.
    """

    first_rating: tuple[float, ...]
    recalled_rating: tuple[float, ...]
    learning_after: tuple[tuple[float, ...], ...]
    relearning_after: tuple[tuple[float, ...], ...]
    seconds: tuple[tuple[float, ...], ...]
    learning_steps: int
    relearning_steps: int
    floor_from: int = 2
    source: str = "published"


def published_habits() -> Habits:
    """Return the habits of a large sample of Anki users, as the field's simulator ships them."""
    rows = {row.name.removeprefix("habit."): row.value for row in group("habit")}
    names = ("again", "hard", "good", "easy")

    def of(prefix: str, which: Sequence[str] = names) -> tuple[float, ...]:
        return tuple(rows[f"{prefix}_{name}"] for name in which)

    def shares(prefix: str, which: Sequence[str] = names) -> tuple[float, ...]:
        found = of(prefix, which)
        return tuple(p / sum(found) for p in found)

    return Habits(
        first_rating=shares("first_rating"),
        recalled_rating=shares("recalled_rating", names[1:]),
        learning_after=tuple(shares(f"learning_after_{name}") for name in names[:3]),
        relearning_after=tuple(shares(f"relearning_after_{name}") for name in names[:3]),
        seconds=tuple(of(f"seconds_{state}") for state in ("learning", "review", "relearning")),
        learning_steps=int(rows["learning_steps"]),
        relearning_steps=int(rows["relearning_steps"]),
    )


@dataclass(frozen=True, slots=True)
class Policy:
    """One way of reviewing until the exam.

    Attributes:
        desired_retention: Chance of recall at which a card falls due, in [0.7, 0.99].
        new_per_day: Most new cards a day.
        order: Which cards go first when the minutes do not reach all. ``due``: longest waiting;
            ``recall-low`` / ``recall-high``: by chance of recall; ``exam-gain``: by the recall
            on the exam day gained a second, new cards included.
        last_new_day: Last day on which new cards are started (0 the first day); ``None``: any.
        reviews_per_day: Most reviews a day; ``None``: as many as the minutes allow.
        backlog_per_day: Most cards a day of those waiting on the first day; ``None``: any number.
        last_look_days: In so many last days every seen card may be asked, due or not, by gain.
        spread: Move due days within their usual fuzz towards days with room.
        new_first: New cards before reviews; else after them (for ``exam-gain``: among them).
    """

    desired_retention: float
    new_per_day: int
    order: Order = "due"
    last_new_day: int | None = None
    reviews_per_day: int | None = None
    backlog_per_day: int | None = None
    last_look_days: int = 0
    spread: bool = False
    new_first: bool = False

    def __post_init__(self) -> None:
        if not 0.7 <= self.desired_retention <= 0.99:
            raise ValueError(
                f"desired_retention={self.desired_retention}; allowed are 0.70 to 0.99, as in Anki."
            )
        if self.new_per_day < 0:
            raise ValueError(f"new_per_day={self.new_per_day}; allowed are 0 and more.")


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What simulated ways of reviewing cost and leave. First axis: policies; second: seeds.

    Attributes:
        recall: (policies, seeds) expected recall on the exam day, weighted by worth, in [0, 1];
            cards never seen count as not recalled.
        seen: (policies, seeds) number of cards seen by the exam day.
        minutes: (policies, seeds, days) minutes spent.
        reviews: (policies, seeds, days) cards reviewed, first answers of the day alone.
        new: (policies, seeds, days) cards started.
        waiting: (policies, seeds, days) cards due and not asked at the end of the day.
        recall_by_card: (policies, cards) expected recall of each card on the exam day, mean over
            seeds; ``None`` unless asked for.
    """

    recall: Floats
    seen: NDArray[np.int64]
    minutes: Floats
    reviews: NDArray[np.int64]
    new: NDArray[np.int64]
    waiting: NDArray[np.int64]
    recall_by_card: Floats | None = None


def day_minutes(
    first: date,
    exam: date,
    minutes_per_day: float | Sequence[float],
    *,
    days_off: Sequence[date] = (),
    easy_days: Mapping[date, float] | None = None,
) -> tuple[float, ...]:
    """Return the minutes for cards of each day from ``first`` to the day before ``exam``.

    Args:
        first: First day.
        exam: Exam day; nothing is planned on it.
        minutes_per_day: One number, or seven, Monday to Sunday.
        days_off: Days without cards.
        easy_days: Days with their share of the usual minutes, 0 to 1.

    Raises:
        ValueError: Neither one nor seven numbers, or a negative one.
    """
    week = (
        [float(minutes_per_day)] * 7
        if isinstance(minutes_per_day, (int, float))
        else [float(m) for m in minutes_per_day]
    )
    if len(week) != 7 or min(week) < 0.0:
        raise ValueError(
            f"minutes_per_day={minutes_per_day}; allowed are one number, or seven from Monday, ≥ 0."
        )
    off, easy = set(days_off), dict(easy_days or {})
    days = [first + timedelta(days=k) for k in range(max((exam - first).days, 0))]
    return tuple(
        0.0 if day in off else week[day.weekday()] * min(max(easy.get(day, 1.0), 0.0), 1.0)
        for day in days
    )


@dataclass(frozen=True, slots=True)
class DayLoad:
    """Cards on one day: the mean over simulations, with the 10th and 90th percentile.

    Attributes:
        date: The day.
        minutes: Minutes for cards.
        minutes_low: 10th percentile.
        minutes_high: 90th percentile.
        reviews: Cards reviewed.
        new: Cards started.
    """

    date: date
    minutes: float
    minutes_low: float
    minutes_high: float
    reviews: float
    new: float


def daily_load(outcome: Outcome, first: date, policy: int = 0) -> tuple[DayLoad, ...]:
    """Return the load of one policy by date, for a plan to leave room for.

    Args:
        outcome: Simulations.
        first: Date of the first simulated day.
        policy: Which of the simulated policies.
    """
    minutes = outcome.minutes[policy]
    low, high = np.quantile(minutes, [0.1, 0.9], axis=0)
    return tuple(
        DayLoad(
            first + timedelta(days=k),
            float(minutes[:, k].mean()),
            float(low[k]),
            float(high[k]),
            float(outcome.reviews[policy, :, k].mean()),
            float(outcome.new[policy, :, k].mean()),
        )
        for k in range(minutes.shape[1])
    )


def own_habits(
    milliseconds: ArrayLike, ratings: ArrayLike, kinds: ArrayLike, *, reviews_as_prior: float = 50.0
) -> Habits:
    """Return a student's own seconds and answers, shrunk towards the published ones.

    Args:
        milliseconds: (reviews,) time to answer as Anki logs it; above Anki's cap counts as the cap.
        ratings: (reviews,) 1 to 4; others are left out.
        kinds: (reviews,) 0 learning, 1 review, 2 relearning; others are left out.
        reviews_as_prior: Answers that the published mean counts for in each cell.

    Returns:
        Habits with the student's mean seconds by state and rating and shares of Hard, Good, Easy
        among recalled reviews; the courses of learning steps stay as published.
    """
    known = published_habits()
    seconds = np.asarray(milliseconds, np.float64) / 1000.0
    rating, kind = np.asarray(ratings), np.asarray(kinds)
    usable = (rating >= 1) & (rating <= 4) & (kind >= 0) & (kind <= 2) & (seconds > 0.0)
    seconds = np.minimum(seconds[usable], value("anki.seconds_cap"))
    cell = (kind[usable] * 4 + rating[usable] - 1).astype(np.int64)
    count = np.bincount(cell, minlength=12).reshape(3, 4)
    total = np.bincount(cell, weights=seconds, minlength=12).reshape(3, 4)
    prior = np.array(known.seconds)
    mean = (total + reviews_as_prior * prior) / (count + reviews_as_prior)
    recalled = count[1, 1:] + reviews_as_prior * np.array(known.recalled_rating)
    return replace(
        known,
        seconds=tuple(tuple(float(x) for x in row) for row in mean),
        recalled_rating=tuple(float(x) for x in recalled / recalled.sum()),
        source="own log" if usable.any() else "published",
    )


def simulate(
    deck: Cards,
    policies: Sequence[Policy],
    minutes: Sequence[float],
    *,
    seeds: Sequence[int] = (0,),
    weights: Weights | None = None,
    habits: Habits | None = None,
    forgetting_spread: float = 0.0,
    by_card: bool = False,
) -> Outcome:
    """Simulate each policy under each seed from the deck as it stands.

    Args:
        deck: Cards on the first day.
        policies: Ways of reviewing.
        minutes: Minutes for cards on each day before the exam: (days,); ``inf`` for no limit.
            The exam is on day ``len(minutes)``.
        seeds: One simulation each. The same seed meets the same student in every policy.
        weights: Weights; default if not given.
        habits: Answers and times; published if not given.
        forgetting_spread: Standard deviation of the logarithm of how fast this student forgets
            compared with the weights (drawn once a seed): the part of the band that is not luck.
        by_card: Also return recall by card.

    Returns:
        Costs and recall of each policy and seed.

    Raises:
        ValueError: Minutes are negative or NaN, or more than ten years of days.
    """
    room = np.asarray(minutes, np.float64) * 60.0
    if room.ndim != 1 or len(room) > _HORIZON_MAX or np.isnan(room).any() or (room < 0).any():
        raise ValueError(
            f"minutes must be one number ≥ 0 a day, at most {_HORIZON_MAX} days; 0 is a day off."
        )
    w = weights or default_weights()
    how = habits or published_habits()
    shape = (len(policies), len(seeds))
    days = len(room)
    recall, seen = np.zeros(shape), np.zeros(shape, np.int64)
    spent = np.zeros((*shape, days))
    counts = np.zeros((3, *shape, days), np.int64)
    per_card = np.zeros((len(policies), deck.count)) if by_card else None
    total = float(deck.worth.sum())
    courses = _courses(w, how)
    untouched: dict[int, Any] = {}
    for j, seed in enumerate(seeds):
        student = _Student(deck, days, w, how, courses, untouched, seed, forgetting_spread)
        for i, policy in enumerate(policies):
            lane = student.live(policy, room)
            recalled = student.recall_on_exam_day(lane)
            recall[i, j] = float(recalled @ deck.worth) / total if total > 0.0 else 0.0
            seen[i, j] = int((~np.isnan(lane.stability)).sum())
            spent[i, j] = lane.seconds / 60.0
            counts[:, i, j] = lane.reviews, lane.new, lane.waiting
            if per_card is not None:
                per_card[i] += recalled / len(seeds)
    return Outcome(recall, seen, spent, counts[0], counts[1], counts[2], per_card)


def todays_queue(
    deck: Cards,
    policy: Policy,
    days_to_exam: int,
    minutes: float,
    *,
    weights: Weights | None = None,
    habits: Habits | None = None,
) -> NDArray[np.int64]:
    """Return who is asked today, in order: positions in the deck, within the minutes on average.

    Args:
        deck: Cards as they stand today.
        policy: Way of reviewing. ``last_new_day`` counts from today.
        days_to_exam: Days from today to the exam, at least 1.
        minutes: Minutes for cards today; ``inf`` for no limit.
        weights: Weights; default if not given.
        habits: Answers and times; published if not given.

    Returns:
        Positions of reviews and new cards, most important first; the same rules as ``simulate``.
    """
    if days_to_exam < 1 or not minutes >= 0.0:
        raise ValueError(
            f"days_to_exam={days_to_exam}, minutes={minutes}; allowed are 1 and more, 0 and more."
        )
    w, how = weights or default_weights(), habits or published_habits()
    student = _Student(deck, days_to_exam, w, how, _courses(w, how), {}, 0, 0.0)
    return student.first_day(policy, minutes * 60.0)


@dataclass(slots=True, eq=False)
class _Lane:
    """One simulated student under one policy, after the last day; cards in the lane's order."""

    places: Any
    stability: Any
    difficulty: Any
    last: Any
    seconds: Any
    reviews: Any
    new: Any
    waiting: Any


@lru_cache(maxsize=8)
def _courses(w: Weights, habits: Habits) -> _Courses:
    return _Courses(w, habits)


class _Courses:
    """Every course that the answers of one day may take, with its chance, end and seconds.

    A course ends with Easy, after so many Good answers in a row, or at the published limit.

    Attributes:
        learn: For a first answer Again, Hard, Good, Easy: cumulative chances, stability,
            difficulty and seconds at the end of each course.
        relearn_chances: Cumulative chances of the courses after a lapse.
        relearn_ratings: (courses, answers) the answers after the lapse, short courses first.
        relearn_from: (answers,) first course that has a k-th answer.
        relearn_seconds: (courses,) seconds of those answers.
        relearn_difficulty: (2, courses) factor and summand of what they do to difficulty.
    """

    def __init__(self, w: Weights, habits: Habits) -> None:
        self._limit = int(value("habit.steps_a_day_max"))
        self._w, self._habits = w, habits
        f = np.float32
        self.learn: list[tuple[Any, Any, Any, Any]] = []
        for rating in (1, 2, 3, 4):
            goal = habits.learning_steps - (1 if rating > 2 else 0)
            found: list[tuple[float, float, float, float, tuple[int, ...]]] = []
            first = step(w, None, rating, 0)
            begin = habits.seconds[0][rating - 1]
            self._walk(found, 1.0, first, begin, rating, 0, (), 0, goal)
            chances, s, d, seconds = (np.array(c) for c in list(zip(*found, strict=True))[:4])
            ladder = np.cumsum(chances) / chances.sum()
            self.learn.append((ladder.astype(f), s.astype(f), d.astype(f), seconds.astype(f)))
        found = []
        self._walk(found, 1.0, None, 0.0, 1, 0, (), 2, habits.relearning_steps)
        found.sort(key=lambda row: (len(row[4]), row[4]))
        chances = np.array([row[0] for row in found])
        self.relearn_chances = (np.cumsum(chances) / chances.sum()).astype(f)
        self.relearn_seconds = np.array([row[3] for row in found], f)
        longest = max(len(row[4]) for row in found)
        lengths = [len(row[4]) for row in found]
        self.relearn_from = [sum(n <= k for n in lengths) for k in range(longest)]
        self.relearn_ratings = np.zeros((len(found), longest), np.intp)
        self.relearn_difficulty = np.empty((2, len(found)), f)
        v = w.values
        for i, row in enumerate(found):
            self.relearn_ratings[i, : len(row[4])] = row[4]
            by, plus = 1.0, 0.0
            for answer in row[4]:
                slope = -v[6] * (answer - 3) / 9.0
                once = (1.0 - v[7]) * (1.0 - slope)
                add = (1.0 - v[7]) * slope * 10.0 + v[7] * (v[4] - math.exp(3.0 * v[5]) + 1.0)
                by, plus = by * once, plus * once + add
            self.relearn_difficulty[:, i] = by, plus

    def _walk(
        self,
        found: list[tuple[float, float, float, float, tuple[int, ...]]],
        chance: float,
        memory: Memory | None,
        seconds: float,
        rating: int,
        run: int,
        course: tuple[int, ...],
        state: int,
        goal: int,
    ) -> None:
        if run >= goal or rating >= 4 or len(course) >= self._limit:
            s, d = memory or (0.0, 0.0)
            found.append((chance, s, d, seconds, course))
            return
        habits = self._habits
        after = habits.relearning_after if state else habits.learning_after
        for answer in (1, 2, 3, 4):
            p = after[rating - 1][answer - 1]
            if p <= 0.0:
                continue
            then = None
            if memory is not None:
                then = step(self._w, memory, answer, 0)
                if 1 < answer < habits.floor_from:
                    v = self._w.values
                    s = memory.stability_days
                    rise = math.exp(v[17] * (answer - 3 + v[18])) * s ** -v[19]
                    then = then._replace(stability_days=s * rise)
            self._walk(
                found,
                chance * p,
                then,
                seconds + habits.seconds[state][answer - 1],
                answer,
                run + 1 if answer > 2 else 0 if answer == 1 else run,
                (*course, answer),
                state,
                goal,
            )


class _Student:
    """One student: the outcome of every new card drawn once, lived again under each policy."""

    def __init__(
        self,
        deck: Cards,
        days: int,
        w: Weights,
        habits: Habits,
        courses: _Courses,
        untouched: dict[int, Any],
        seed: int,
        spread: float,
    ) -> None:
        f = np.float32
        self.deck, self.days, self.w, self.habits, self.seed = deck, days, w, habits, seed
        rng = np.random.Generator(np.random.SFC64(seed))
        self.hazard = float(np.exp(spread * rng.standard_normal())) if spread > 0.0 else 1.0
        v = w.values
        self.factor, self.decay = f(w.factor), f(-w.decay)
        self.per_rating = np.array([0, 0, v[15], 1.0, v[16]], f) * f(np.exp(v[8]))
        self.same_day = np.exp(v[17] * (np.arange(5) - 3 + v[18])).astype(f)
        self.cap = f(np.exp(-v[17] * v[18]))
        self.revert = f(v[7] * (v[4] - np.exp(3.0 * v[5]) + 1.0))
        self.slope = (-v[6] * (np.arange(5) - 3) / 9.0).astype(f)
        self.keep = f(1.0 - v[7])
        self.saturation, self.spacing = f(-v[9]), f(v[10])
        self.lapse = tuple(f(x) for x in (v[11], -v[12], v[13], v[14]))
        self.same_day_saturation = f(-v[19])
        cost = np.zeros((3, 5), f)
        cost[:, 1:] = habits.seconds
        self.seconds = cost
        hard, good, _ = habits.recalled_rating
        self.cut_hard, self.cut_good = f(hard), f(hard + good)
        self.courses, self.untouched = courses, untouched
        # By answer and course: what the k-th answer after a lapse does to stability.
        floor = np.where(np.arange(5) >= habits.floor_from, f(1.0), f(0.0)).astype(f)
        self.relearn_rise = self.same_day[courses.relearn_ratings.T]
        self.relearn_floor = floor[courses.relearn_ratings.T]
        # What an answer costs on average, to see how many fit into a day.
        relearned = float(
            np.dot(np.diff(courses.relearn_chances, prepend=0.0), courses.relearn_seconds)
        )
        self.mean_lapse_seconds = f(cost[1, 1] + relearned)
        self.mean_recall_seconds = f(np.dot(habits.recalled_rating, cost[1, 2:]))
        self.seen = np.flatnonzero(deck.seen & ~deck.suspended)
        self.fresh = np.flatnonzero(~deck.seen & ~deck.suspended)
        self.suspended = np.flatnonzero(deck.suspended)
        self.starts: dict[bool, tuple[Any, ...]] = {}
        self._learn(rng)

    def _learn(self, rng: np.random.Generator) -> None:
        """Draw the first day of every new card: stability, difficulty, seconds."""
        n = len(self.fresh)
        f = np.float32
        self.fresh_s, self.fresh_d = np.empty(n, f), np.empty(n, f)
        self.fresh_seconds = np.empty(n, f)
        cuts = np.cumsum(self.habits.first_rating)[:-1]
        opening = (rng.random(n) >= cuts[:, None]).sum(axis=0, dtype=np.int8)
        draw = rng.random(n, dtype=f)
        for k, (chances, end_s, end_d, seconds) in enumerate(self.courses.learn):
            mine = np.flatnonzero(opening == k)
            which = np.searchsorted(chances[:-1], draw[mine], side="right")
            self.fresh_s[mine], self.fresh_d[mine] = end_s[which], end_d[which]
            self.fresh_seconds[mine] = seconds[which]

    def curve(self, elapsed: Any, stability: Any) -> Any:
        """Chance of recall by the weights, float32."""
        x = elapsed / stability
        x *= self.factor
        x += np.float32(1.0)
        return np.power(x, self.decay, out=x)

    def recall_on_exam_day(self, lane: _Lane) -> Floats:
        """(cards,) chance of recall on the exam day as this student forgets; 0 if never seen."""
        gone = np.maximum(self.days - lane.last, 0).astype(np.float64)
        recall = (1.0 + float(self.factor) * gone / lane.stability) ** float(self.decay)
        out = np.empty(len(recall))
        out[lane.places] = np.nan_to_num(recall**self.hazard, nan=0.0)
        return out

    def live(self, policy: Policy, room: Floats) -> _Lane:
        """Live through all days under one policy.

        Inside a lane the cards stand in the order: seen, new in the order of starting, suspended.
        Cards started so far are then one slice.
        """
        f = np.float32
        deck, days = self.deck, self.days
        by_gain = policy.order == "exam-gain"
        base, count = len(self.seen), deck.count
        start = self._start(by_gain)
        places, worth, fresh, fresh_s, fresh_d, fresh_seconds = start[:6]
        s, d, last, due = (column.copy() for column in start[6:])
        lane = _Lane(
            places,
            s,
            d,
            last,
            np.zeros(days),
            np.zeros(days, np.int64),
            np.zeros(days, np.int64),
            np.zeros(days, np.int64),
        )
        rng = np.random.Generator(np.random.SFC64([self.seed, 1]))
        stretch = f((policy.desired_retention ** (-1.0 / self.w.decay) - 1.0) / self.w.factor)
        gain_of_new, mean_new = self._gain_of_new(by_gain)
        loss = np.zeros(count, f)  # minus the gain when last computed
        dose = _Dose(policy.backlog_per_day, due, worth, s, base)
        load = _Load(room) if policy.spread else None
        last_new = days - 1 if policy.last_new_day is None else policy.last_new_day
        most = policy.reviews_per_day
        taken = 0
        pool: Any = None  # cards worth considering until the gains are renewed
        fresh_until = 0

        for t in range(days):
            seconds = float(room[t])
            open_ = base + taken
            if seconds <= 0.0:
                fresh_until = t
                lane.waiting[t] = int(np.count_nonzero(due[:open_] <= t))
                continue
            looking = days - t <= policy.last_look_days
            known = pool is not None and t < fresh_until
            if known:
                # In the last look every seen card is in the pool already.
                newly = (due[:open_] == t).nonzero()[0][: 0 if looking else None]
                asked = np.concatenate([pool, newly])
                due_now = int(np.count_nonzero(due[:open_] <= t))
            else:
                asked = (last[:open_] < t if looking else due[:open_] <= t).nonzero()[0]
                due_now = len(asked)
                if not looking:
                    asked = dose.of(asked)
            starting = 0
            if t <= last_new:
                starting = min(policy.new_per_day, len(fresh) - taken)
            free = seconds
            if policy.new_first and starting:
                costs = np.cumsum(fresh_seconds[taken : taken + starting], dtype=np.float64)
                starting = int(costs.searchsorted(seconds, side="right"))
                free -= float(costs[starting - 1]) if starting else 0.0
            new_seconds = 0.0 if policy.new_first else starting * mean_new

            at_least = len(asked) * float(self.mean_recall_seconds) + new_seconds
            scarce = looking or at_least > free or (most is not None and len(asked) > most)
            recall = None
            if not scarce:
                recall = self.curve(f(t) - last.take(asked), s.take(asked))
                if free < np.inf:
                    price = float(self._price(recall).sum(dtype=np.float64))
                    scarce = price + new_seconds > free
            if scarce:
                fits = int(min(free / float(self.mean_recall_seconds), 1e9)) + 1
                keep = min(fits, len(asked) if most is None else most)
                if by_gain or looking:
                    if not known:
                        # Cards not asked since the first day are alike in every lane.
                        newly = asked.compress(last.take(asked) >= 0.0)
                        untouched = self._gain_untouched(t)
                        np.negative(untouched, out=loss[:base])
                    loss[newly] = -self._gain(
                        s.take(newly), d.take(newly), last.take(newly), worth.take(newly), t
                    )
                    key = loss.take(asked)
                    if not known:
                        # Until the gains are renewed, the best of now and what newly falls due
                        # compete; the rest would not be reached.
                        ahead_days = max(int((days - t) * _GAIN_AGE_SHARE), 1)
                        fresh_until = t + ahead_days if policy.backlog_per_day is None else t
                    size = 2 * keep * max(fresh_until - t, 1)
                    if size < len(asked):
                        part = key.argpartition(size)[:size]
                        asked, key = asked.take(part), key.take(part)
                    pool = asked
                elif policy.order == "due":
                    # Ties in random order, as Anki breaks them.
                    key = due.take(asked) + rng.random(len(asked), dtype=f)
                else:
                    key = self.curve(f(t) - last.take(asked), s.take(asked))
                    if policy.order == "recall-high":
                        np.negative(key, out=key)
                if keep < len(asked):
                    part = np.argpartition(key, keep)[:keep]
                    asked, key = asked.take(part), key.take(part)
                rank = key.argsort()
                asked, key = asked.take(rank), key.take(rank)
                recall = self.curve(f(t) - last.take(asked), s.take(asked))
                total = np.cumsum(self._price(recall), dtype=np.float64)
                if by_gain and starting and not policy.new_first:
                    # New cards stand in order of worth; both lists merge by gain a second.
                    mine = slice(base + taken, base + taken + starting)
                    ahead = key.searchsorted(-worth[mine] * gain_of_new[t], side="left")
                    before = np.concatenate([np.zeros(1), total]).take(ahead)
                    costs = np.cumsum(fresh_seconds[taken : taken + starting], dtype=np.float64)
                    starting = int((before + costs).searchsorted(free, side="right"))
                    free -= float(costs[starting - 1]) if starting else 0.0
                cut = int(total.searchsorted(free * 1.1 + 60.0, side="right"))
                asked, recall = asked[:cut], recall[:cut]
            else:
                pool = None
            used = 0.0
            n = len(asked)
            if n:
                assert recall is not None
                new_s, new_d, cost = self._answer(s.take(asked), d.take(asked), recall, rng)
                if scarce:
                    spent = np.cumsum(cost, dtype=np.float64)
                    n = int(spent.searchsorted(free, side="right"))
                    asked, new_s, new_d, cost = asked[:n], new_s[:n], new_d[:n], cost[:n]
                used = float(cost.sum(dtype=np.float64))
                s[asked], d[asked], last[asked] = new_s, new_d, f(t)
                due[asked] = self._next_due(new_s, stretch, t, load, rng)
                dose.done(asked)
                if pool is not None:
                    pool = pool.compress(last.take(pool) < t)
            if starting:
                if not policy.new_first and seconds < np.inf:
                    spent = np.cumsum(fresh_seconds[taken : taken + starting], dtype=np.float64)
                    starting = int(spent.searchsorted(seconds - used, side="right"))
                begun = slice(taken, taken + starting)
                mine = slice(base + taken, base + taken + starting)
                s[mine], d[mine], last[mine] = fresh_s[begun], fresh_d[begun], t
                due[mine] = self._next_due(fresh_s[begun], stretch, t, load, rng)
                taken += starting
                used += float(fresh_seconds[begun].sum(dtype=np.float64))
            lane.seconds[t] = used
            lane.reviews[t], lane.new[t] = n, starting
            lane.waiting[t] = int(np.count_nonzero(due[:open_] <= t)) if looking else due_now - n
        return lane

    def _start(self, by_gain: bool) -> tuple[Any, ...]:
        """Return the columns of a lane on the first day: alike for every policy of one order.

        Places in the deck and worth of all cards; places, stability, difficulty and seconds of the
        new cards in the order of starting; then stability, difficulty, last and due day of all.
        """
        if by_gain not in self.starts:
            f = np.float32
            deck, base = self.deck, len(self.seen)
            new: tuple[Any, ...] = (self.fresh, self.fresh_s, self.fresh_d, self.fresh_seconds)
            if by_gain:
                queue = np.argsort(-deck.worth[self.fresh], kind="stable")
                new = tuple(column.take(queue) for column in new)
            places = np.concatenate([self.seen, new[0], self.suspended])
            due = np.full(deck.count, _NEVER, np.int16)
            due[:base] = np.clip(deck.due_in_days[self.seen], -30_000, _NEVER)
            columns = (deck.worth, deck.stability_days, deck.difficulty, -deck.elapsed_days)
            worth, s, d, last = (column.astype(f).take(places) for column in columns)
            self.starts[by_gain] = (places, worth, *new, s, d, last, due)
        return self.starts[by_gain]

    def first_day(self, policy: Policy, seconds: float) -> NDArray[np.int64]:
        """Positions in the deck of the cards asked on the first day, by average seconds."""
        f = np.float32
        deck, seen = self.deck, self.seen
        looking = self.days <= policy.last_look_days
        s, d = (x[seen].astype(f) for x in (deck.stability_days, deck.difficulty))
        last, worth = -deck.elapsed_days[seen].astype(f), deck.worth[seen].astype(f)
        due = np.clip(deck.due_in_days[seen], -30_000, _NEVER).astype(np.int16)
        asked = (last < 0.0 if looking else due <= 0).nonzero()[0]
        if not looking:
            asked = _Dose(policy.backlog_per_day, due, worth, s, len(seen)).of(asked)
        recall = self.curve(-last[asked], s[asked])
        gain_of_new, _ = self._gain_of_new(True)
        gain = self._gain(s[asked], d[asked], last[asked], worth[asked], 0)
        key = {
            "due": due[asked].astype(f),
            "recall-low": recall,
            "recall-high": -recall,
            "exam-gain": -gain,
        }["exam-gain" if looking else policy.order]
        rank = key.argsort(kind="stable")[: policy.reviews_per_day]
        asked, key, price = asked[rank], key[rank], self._price(recall)[rank]
        starting = policy.new_per_day
        if policy.last_new_day is not None and policy.last_new_day < 0:
            starting = 0
        fresh = self.fresh
        new_key = np.full(len(fresh), -np.inf if policy.new_first else np.inf, f)
        if policy.order == "exam-gain":
            fresh = fresh[np.argsort(-deck.worth[fresh], kind="stable")]
            if not policy.new_first:
                new_key = (-deck.worth[fresh] * gain_of_new[0]).astype(f)
        fresh, new_key = fresh[:starting], new_key[:starting]
        mean = f(self.fresh_seconds.mean()) if len(self.fresh_seconds) else f(0.0)
        every = np.concatenate([seen[asked], fresh])
        order = np.concatenate([key, new_key]).argsort(kind="stable")
        cost = np.concatenate([price, np.full(len(fresh), mean, f)])[order]
        fits = int(np.cumsum(cost, dtype=np.float64).searchsorted(seconds, side="right"))
        queue: NDArray[np.int64] = every[order][:fits]
        return queue

    def _price(self, recall: Any) -> Any:
        """Seconds that an answer takes on average, given the chance of recall."""
        lapse, saved = self.mean_lapse_seconds, self.mean_lapse_seconds - self.mean_recall_seconds
        return lapse - saved * recall

    def _gain_of_new(self, by_gain: bool) -> tuple[Any, float]:
        """Mean recall on the exam day a second, by day of learning: (days,), and mean seconds."""
        if not len(self.fresh_s):
            return np.zeros(self.days, np.float32), 0.0
        seconds = float(self.fresh_seconds.mean())
        if not by_gain:
            return np.zeros(self.days, np.float32), seconds
        sample = self.fresh_s[:1000]
        left = (self.days - np.arange(self.days, dtype=np.float32))[:, None]
        recall = self.curve(left, sample)
        return (recall.mean(axis=1) / seconds).astype(np.float32), seconds

    def _gain_untouched(self, t: int) -> Any:
        """Gain of each seen card on a day, had it not been asked since the first."""
        if t not in self.untouched:
            deck, f = self.deck, np.float32
            self.untouched[t] = self._gain(
                deck.stability_days[self.seen].astype(f),
                deck.difficulty[self.seen].astype(f),
                -deck.elapsed_days[self.seen].astype(f),
                deck.worth[self.seen].astype(f),
                t,
            )
        return self.untouched[t]

    def _gain(self, s: Any, d: Any, last: Any, worth: Any, t: int) -> Any:
        """Recall on the exam day gained by asking a card today, times its worth, a second."""
        f = np.float32
        left = f(self.days - t)
        recall = self.curve(f(t) - last, s)
        forgotten = f(1.0) - recall
        rise = np.expm1(forgotten * self.spacing)
        rise *= np.power(s, self.saturation)
        rise *= f(11.0) - d
        rise *= self.per_rating[3]
        rise += f(1.0)
        rise *= s
        scale, by_d, by_s, by_r = self.lapse
        fallen = np.power(s + f(1.0), by_s)
        fallen -= f(1.0)
        fallen *= scale
        fallen *= np.power(d, by_d)
        fallen *= np.exp(forgotten * by_r)
        np.minimum(fallen, s * self.cap, out=fallen)
        np.maximum(fallen, f(0.001), out=fallen)
        # A lapsed card is learned again on the same day.
        again = np.power(fallen, self.same_day_saturation)
        again *= self.same_day[3]
        np.maximum(again, f(1.0), out=again)
        fallen *= again
        gain = self.curve(left, rise)
        gain *= recall
        forgotten *= self.curve(left, fallen)
        gain += forgotten
        gain -= self.curve(f(self.days) - last, s)
        gain *= worth
        gain /= self._price(recall)
        return gain

    def _answer(
        self, s: Any, d: Any, recall: Any, rng: np.random.Generator
    ) -> tuple[Any, Any, Any]:
        """Draw answers, return stability, difficulty and seconds after the day."""
        f = np.float32
        truth = recall if self.hazard == 1.0 else np.power(recall, f(self.hazard))
        u = rng.random(len(s), dtype=f)
        lapsed = np.flatnonzero(u >= truth)
        u /= truth  # given recall, again uniform
        rating = (u >= self.cut_hard).astype(np.intp)
        rating += u >= self.cut_good
        rating += 2
        rating[lapsed] = 1
        forgotten = f(1.0) - recall
        new_s = np.expm1(forgotten * self.spacing)
        new_s *= np.power(s, self.saturation)
        new_s *= f(11.0) - d
        new_s *= self.per_rating.take(rating)
        new_s += f(1.0)
        new_s *= s
        new_d = f(10.0) - d
        new_d *= self.slope.take(rating)
        new_d += d
        new_d *= self.keep
        new_d += self.revert
        np.maximum(new_d, f(1.0), out=new_d)
        np.minimum(new_d, f(10.0), out=new_d)
        cost = self.seconds[1].take(rating)
        if len(lapsed):
            scale, by_d, by_s, by_r = self.lapse
            ls, ld = s.take(lapsed), d.take(lapsed)
            left = np.power(ls + f(1.0), by_s)
            left -= f(1.0)
            left *= scale
            left *= np.power(ld, by_d)
            left *= np.exp(forgotten.take(lapsed) * by_r)
            np.minimum(left, ls * self.cap, out=left)
            np.maximum(left, f(0.001), out=left)
            self._relearn(left, new_d, cost, lapsed, rng)
            new_s[lapsed] = left
        np.minimum(new_s, f(36_500.0), out=new_s)
        return new_s, new_d, cost

    def _relearn(
        self, left: Any, new_d: Any, cost: Any, lapsed: Any, rng: np.random.Generator
    ) -> None:
        """Answer lapsed cards again on the same day, until their steps are done."""
        courses = self.courses
        f = np.float32
        u = rng.random(len(lapsed), dtype=f)
        # Cards in order of the length of their course: the k-th answers are then a slice.
        order = u.argsort()
        which = courses.relearn_chances[:-1].searchsorted(u.take(order), side="right")
        cards_ = lapsed.take(order)
        cost[cards_] += courses.relearn_seconds.take(which)
        by, plus = courses.relearn_difficulty
        difficulty = new_d.take(cards_) * by.take(which) + plus.take(which)
        np.maximum(difficulty, f(1.0), out=difficulty)
        np.minimum(difficulty, f(10.0), out=difficulty)
        new_d[cards_] = difficulty
        s = left.take(order)
        begins = which.searchsorted(courses.relearn_from)
        for k, begin in enumerate(begins.tolist()):
            if begin == len(s):
                break
            again, course = s[begin:], which[begin:]
            rise = np.power(again, self.same_day_saturation)
            rise *= self.relearn_rise[k].take(course)
            np.maximum(rise, self.relearn_floor[k].take(course), out=rise)
            again *= rise
            np.maximum(again, f(0.001), out=again)
        left[order] = s

    def _next_due(self, s: Any, stretch: Any, t: int, load: _Load | None, rng: Any) -> Any:
        """Day on which a card falls due again."""
        interval = np.rint(s * stretch)
        np.maximum(interval, np.float32(1.0), out=interval)
        np.minimum(interval, np.float32(_NEVER - t - 1), out=interval)
        if load is not None:
            interval = load.settle(interval, t, rng)
        interval += np.float32(t)
        return interval.astype(np.int16)


class _Dose:
    """The daily dose of the backlog: cards that were waiting on the first day."""

    def __init__(self, per_day: int | None, due: Any, worth: Any, s: Any, base: int) -> None:
        self.per_day = per_day
        if per_day is None:
            return
        self.old = due < 0
        # What a day's wait costs: unstable and worthy memories first.
        self.urgency = np.zeros(len(due), np.float32)
        self.urgency[:base] = worth[:base] / s[:base]

    def of(self, asked: Any) -> Any:
        """Return the day's due cards with no more of the backlog than the dose."""
        if self.per_day is None:
            return asked
        old = self.old.take(asked)
        if int(np.count_nonzero(old)) <= self.per_day:
            return asked
        mine = asked[old]
        first = np.argpartition(-self.urgency.take(mine), self.per_day)[: self.per_day]
        return np.concatenate([asked[~old], mine.take(first)])

    def done(self, asked: Any) -> None:
        """Take asked cards off the backlog."""
        if self.per_day is not None:
            self.old[asked] = False


class _Load:
    """Cards due on each coming day, and the room of the day."""

    def __init__(self, room: Floats) -> None:
        finite = np.where(np.isfinite(room), room, 1.0)
        # After the horizon every day is alike.
        self.room = np.concatenate(
            [finite, np.full(64, max(float(finite.sum()), 1e-9) / max(len(finite), 1))]
        )
        self.count = np.zeros(len(self.room))

    def settle(self, interval: Any, t: int, rng: np.random.Generator) -> Any:
        """Move due days within the usual fuzz towards days with room and few cards.

        Intervals under 2.5 days keep their day. Days off are avoided where the fuzz allows.
        """
        horizon = len(self.room)
        fuzz = _fuzz(interval)
        low = np.maximum(np.rint(interval - fuzz), 2.0).astype(np.intp) + t
        high = np.rint(interval + fuzz).astype(np.intp) + t
        movable = np.flatnonzero((fuzz > 0.0) & (high < horizon))
        if len(movable):
            mean = self.count.sum() / horizon + 1.0
            attraction = self.room / (self.count / mean + 0.25) ** 2
            ladder = np.concatenate([[0.0], np.cumsum(attraction)])
            a, b = ladder[low[movable]], ladder[high[movable] + 1]
            free = b > a
            movable, a, b = movable[free], a[free], b[free]
            at = a + rng.random(len(movable)) * (b - a)
            day = np.searchsorted(ladder, at, side="right") - 1
            day = np.clip(day, low[movable], high[movable])
            interval[movable] = (day - t).astype(np.float32)
        landed = (interval + t).astype(np.intp)
        landed = landed[landed < horizon]
        if len(landed):
            self.count += np.bincount(landed, minlength=horizon)
        return interval


def _fuzz(interval: Any) -> Any:
    """Days by which an interval may move either way: the field's usual fuzz."""
    start = value("workload.fuzz_from_days")
    parts = (
        (start, 7.0, value("workload.fuzz_share_short")),
        (7.0, 20.0, value("workload.fuzz_share_middle")),
        (20.0, np.inf, value("workload.fuzz_share_long")),
    )
    delta = np.ones(len(interval), np.float32)
    for low, high, share in parts:
        delta += np.float32(share) * np.clip(interval - low, 0.0, high - low).astype(np.float32)
    return np.where(interval < start, np.float32(0.0), delta)
