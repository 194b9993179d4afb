"""The memory room against the field's own programs: states, forecasts, fits.

The peers are py-fsrs and fsrs-rs-python, in one run with ours. py-fsrs is measured on a sample and
quoted a review. Its optimiser needs torch (5.5 GB installed): where that is present it is run on
5,000 reviews and scaled, else the 75 s once measured for 20,000 reviews on two cores with torch
2.14 are quoted, and the row says so.
"""

from __future__ import annotations

import dataclasses
import importlib.util
import time
from datetime import UTC, datetime, timedelta

import fsrs as py_fsrs
import fsrs_rs_python
import numpy as np

from benchmarks.measuring import Row, seconds, turn_about
from bounceback.flashcards import fsrs
from bounceback.flashcards.fit import evaluate, fit, fit_weights
from bounceback.flashcards.policy_search import RETENTIONS
from bounceback.flashcards.replay import Histories, histories, replay
from bounceback.flashcards.simulator import Cards, Policy, cards, published_habits, simulate

W = fsrs.default_weights()


def made_log(cards_: int, seed: int = 1) -> Histories:
    """A log of the usual shape: a tenth first answers, a sixth on the same day."""
    rng = np.random.default_rng(seed)
    lengths = np.clip(rng.geometric(1 / 11.4, cards_), 1, 150)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    n = int(starts[-1])
    gaps = np.where(rng.random(n) < 0.19, 0, np.ceil(rng.lognormal(1.5, 1.3, n)))
    gaps[starts[:-1]] = 0
    ratings = rng.choice([1, 2, 3, 4], n, p=[0.13, 0.08, 0.7, 0.09])
    return histories(starts, ratings, gaps.astype(np.int32))


def items(log: Histories, *, prefixes: bool) -> tuple[list[object], list[int]]:
    """The log as fsrs-rs wants it; ``prefixes``: one item for each answer to predict."""
    starts, gaps, ratings = log.starts.tolist(), log.elapsed_days.tolist(), log.ratings.tolist()
    built: list[object] = []
    owner: list[int] = []
    for card in range(log.cards):
        reviews = [
            fsrs_rs_python.FSRSReview(ratings[i], gaps[i])
            for i in range(starts[card], starts[card + 1])
        ]
        ends = [len(reviews)]
        if prefixes:
            ends = [k + 1 for k in range(1, len(reviews)) if gaps[starts[card] + k] > 0]
        for end in ends:
            built.append(fsrs_rs_python.FSRSItem(reviews[:end]))
            owner.append(card)
    return built, owner


def one_review() -> list[Row]:
    """The review button: one card, one answer, plain floats."""
    scheduler = py_fsrs.Scheduler(enable_fuzzing=False)
    card, _ = scheduler.review_card(
        py_fsrs.Card(card_id=1), py_fsrs.Rating.Good, datetime(2025, 1, 1, tzinfo=UTC)
    )
    then = datetime(2025, 1, 6, tzinfo=UTC)
    memory = fsrs.step(W, None, fsrs.GOOD, 0)
    n = 2_000
    ours, peer = turn_about(
        lambda: [fsrs.step(W, memory, fsrs.GOOD, 5) for _ in range(n)],
        lambda: [scheduler.review_card(card, py_fsrs.Rating.Good, then) for _ in range(n)],
    )
    return [Row("one review of one card", ours / n * 1e6, peer / n * 1e6, "py-fsrs", 1.0, "µs")]


def whole_collection() -> list[Row]:
    """Replay of a million reviews with NumPy alone."""
    log = made_log(87_396)
    sample = log.take(np.arange(0, log.cards, 60))
    starts, gaps = sample.starts.tolist(), sample.elapsed_days.tolist()
    ratings = [py_fsrs.Rating(r) for r in sample.ratings.tolist()]
    scheduler = py_fsrs.Scheduler(enable_fuzzing=False)
    part = log.take(np.arange(20_000))
    engine = fsrs_rs_python.FSRS(list(W.values))

    def one_by_one() -> None:
        for c in range(sample.cards):
            # Without an id of its own, a new card of py-fsrs waits a millisecond.
            card, now = py_fsrs.Card(card_id=c), datetime(2000, 1, 1, tzinfo=UTC)
            for i in range(starts[c], starts[c + 1]):
                now += timedelta(days=gaps[i])
                card, _ = scheduler.review_card(card, ratings[i], now)

    every, last, py, rs = turn_about(
        lambda: replay(log, W, states="all"),
        lambda: replay(log, W),
        one_by_one,
        lambda: engine.memory_state_batch(items(part, prefixes=False)[0]),
        rounds=3,
    )
    million = 1e6 / log.reviews
    theirs = engine.memory_state_batch(items(part, prefixes=False)[0])
    mine = replay(part, W).stability_days
    gap = float(np.abs(np.array([s.stability for s in theirs]) / mine - 1.0).max())
    return [
        Row(
            "replay 1,000,000 reviews, every state",
            every * million,
            py / sample.reviews * 1e6,
            f"py-fsrs, {sample.reviews:,} scaled",
            1 / 80,
        ),
        Row(
            "replay 1,000,000 reviews, last states",
            last * million,
            rs / part.reviews * 1e6,
            "fsrs-rs, build and batch",
            1 / 2.5,
        ),
        Row("largest relative difference of stability", gap, 1e-4, "goal, from fsrs-rs", 1.0, ""),
    ]


def forecast() -> list[Row]:
    """A deck from nothing, under the rules of fsrs-rs's own simulator."""
    habits = dataclasses.replace(published_habits(), floor_from=3)
    size, days, learned = 40_000, 90, 444
    config = fsrs_rs_python.default_simulator_config()
    config.deck_size, config.learn_span, config.learn_limit = size, days, learned
    config.max_cost_perday = 1e9
    nothing = np.full(size, np.nan)
    deck = cards(nothing, nothing, nothing, nothing)
    policies, minutes = [Policy(0.9, learned)], [np.inf] * days
    ours, peer = turn_about(
        lambda: simulate(deck, policies, minutes, habits=habits),
        lambda: fsrs_rs_python.simulate(list(W.values), 0.9, config, 1),
        rounds=5,
    )
    theirs = [fsrs_rs_python.simulate(list(W.values), 0.9, config, k) for k in range(3)]
    out = simulate(deck, policies, minutes, habits=habits, seeds=range(3))
    reviews = float(out.reviews.sum()) / sum(sum(r.review_cnt_per_day) for r in theirs)
    hours = float(out.minutes.sum()) * 60 / sum(sum(r.cost_per_day) for r in theirs)
    return [
        Row("40,000 cards for 90 days", ours, peer, "fsrs-rs simulate", 1 / 6),
        Row(
            "  its reviews and hours, difference",
            100 * max(abs(reviews - 1), abs(hours - 1)),
            1.0,
            "goal",
            1.0,
            "%",
        ),
    ]


def existing_deck(seen: int, unseen: int, seed: int = 5) -> Cards:
    """A deck half reviewed, at even places of its intervals."""
    rng = np.random.default_rng(seed)
    n = seen + unseen
    s, d, elapsed, due = (np.full(n, np.nan) for _ in range(4))
    s[:seen] = np.exp(rng.normal(2.5, 1.2, seen)).clip(0.2, 400)
    d[:seen] = rng.normal(6, 2, seen).clip(1, 10)
    interval = np.maximum(np.rint(s[:seen]), 1)
    elapsed[:seen] = np.floor(rng.random(seen) * interval)
    due[:seen] = interval - elapsed[:seen]
    return cards(s, d, elapsed, due, worth=rng.uniform(0.3, 1.7, n))


def planning() -> list[Row]:
    """A grid of 56 policies over 60,000 cards and 90 days."""
    deck = existing_deck(35_000, 25_000)
    ladder = (0, 25, 50, 100, 150, 200, 300, 400)
    found = []
    for limit, word in ((np.inf, "no limit"), (90.0, "90 minutes a day")):
        policies = [Policy(r, k, order="exam-gain") for r in RETENTIONS for k in ladder]
        took = min(
            seconds(lambda p=policies, m=limit: simulate(deck, p, [m] * 90)) for _ in range(3)
        )
        found.append(Row(f"56 policies, 60,000 cards, 90 days, {word}", took, 2.0, "goal", 1.0))
    return found


def drawn_log(weights: fsrs.Weights, cards_: int, seed: int) -> Histories:
    """Reviews drawn from the model: asked near their due day, answered by chance."""
    rng = np.random.default_rng(seed)
    rows = []
    for card in range(cards_):
        day, gap, memory = float(rng.integers(0, 300)), 0, None
        for k in range(int(np.clip(rng.geometric(1 / 11.4), 1, 120))):
            if memory is None:
                rating = int(rng.choice(4, p=[0.24, 0.094, 0.495, 0.171])) + 1
            elif gap < 1:
                rating = int(rng.choice(4, p=[0.15, 0.06, 0.73, 0.06])) + 1
            elif rng.random() > fsrs.retrievability(weights, memory.stability_days, gap):
                rating = 1
            else:
                rating = int(rng.choice(3, p=[0.224, 0.631, 0.145])) + 2
            rows.append((card, int(day * 86_400_000) + k, rating, gap))
            memory = fsrs.step(weights, memory, rating, gap)
            gap = 0
            if rating > 1 and (k > 0 or rating > 2):
                spread = np.exp(0.4 * rng.standard_normal())
                gap = int(min(max(round(memory.stability_days * spread), 1), 400))
            day += gap + 0.001
    card, at, rating, gap = np.array(rows).T
    starts = np.concatenate([[0], np.cumsum(np.bincount(card, minlength=cards_))])
    return histories(starts, rating, gap, times_ms=at)


def student(seed: int) -> fsrs.Weights:
    """Weights half a spread away from the defaults."""
    from bounceback.flashcards.parameters import group

    rng = np.random.default_rng(seed)
    rows = group("weight")
    values = [r.value + 0.5 * (r.spread or 0.0) * rng.standard_normal() for r in rows]
    values[:4] = sorted(r.value * float(np.exp(0.6 * rng.standard_normal())) for r in rows[:4])
    return fsrs.weights(values)


def fitting(students: int = 3) -> list[Row]:
    """Fit at 20,000 reviews; log loss on other reviews of the same student."""
    ours, whole, regret = [], [], []
    for seed in range(students):
        truth = student(seed + 10)
        train, test = drawn_log(truth, 1_755, seed), drawn_log(truth, 3_500, seed + 100)
        start = time.perf_counter()
        own = fit_weights(train)
        ours.append(time.perf_counter() - start)
        whole.append(seconds(lambda log=train: fit(log)))
        built, owner = items(train, prefixes=True)
        theirs = fsrs_rs_python.FSRS(list(W.values)).compute_parameters(built, owner)
        floor = evaluate(test, truth).log_loss
        pair = (own, fsrs.weights(theirs))
        regret.append([evaluate(test, w).log_loss - floor for w in pair])
    peer, name = 75.0, "py-fsrs optimiser, measured apart: no torch here"
    if importlib.util.find_spec("torch"):
        peer = _py_fsrs_optimiser(drawn_log(student(10), 440, 0)) * 4.0
        name = "py-fsrs optimiser, 5,000 reviews scaled"
    mine, other = np.mean(regret, axis=0)
    return [
        Row("fit at 20,000 reviews", float(np.mean(ours)), peer, name, 1 / 50),
        Row("  with the time split that judges it", float(np.mean(whole)), peer, name, 1 / 10),
        Row("  log loss above the truth, other reviews", mine, other, "fsrs-rs", 1.0, "nats"),
    ]


def _py_fsrs_optimiser(log: Histories) -> float:
    logs = [
        py_fsrs.ReviewLog(
            int(card),
            py_fsrs.Rating(int(rating)),
            datetime(2020, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(at)),
            None,
        )
        for card, rating, at in zip(
            np.repeat(log.card_ids, log.lengths()), log.ratings, log.times_ms, strict=True
        )
    ]
    start = time.perf_counter()
    py_fsrs.Optimizer(logs).compute_optimal_parameters()
    return time.perf_counter() - start


def rows() -> list[Row]:
    """Every row."""
    return [*one_review(), *whole_collection(), *forecast(), *planning(), *fitting()]
