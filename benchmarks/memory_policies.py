"""Expected weighted recall on the exam day: our plan against the usual advice, equal minutes.

Run ``python -m benchmarks.memory_policies`` for the whole table. Decks of 5,000, 30,000 and 60,000
cards, half of them seen, with and without a month's backlog, eighteen areas of different worth,
sixty days. Beside the two usual settings stands a stronger one (new cards first). The second half
is a world where memories fade on the steeper curve of FSRS-5 (decay 0.5).
"""

from __future__ import annotations

import time
from datetime import date, timedelta
from typing import Any

import numpy as np

from benchmarks.measuring import Row
from bounceback.flashcards import fsrs
from bounceback.flashcards.policy_search import plan_to_exam
from bounceback.flashcards.simulator import Cards, Policy, cards, day_minutes, simulate

TODAY = date(2026, 11, 23)
DAYS = 60
DECKS = ((5_000, 30.0), (30_000, 60.0), (60_000, 90.0))


def deck(size: int, *, backlog: bool, seed: int = 5) -> Cards:
    """Half of the cards seen; with a backlog, nothing was asked for thirty days."""
    rng = np.random.default_rng(seed)
    seen = size // 2
    s, d, elapsed, due = (np.full(size, np.nan) for _ in range(4))
    s[:seen] = np.exp(rng.normal(2.5, 1.2, seen)).clip(0.2, 400)
    d[:seen] = rng.normal(6, 2, seen).clip(1, 10)
    interval = np.maximum(np.rint(s[:seen]), 1)
    elapsed[:seen] = np.floor(rng.random(seen) * interval) + (30 if backlog else 0)
    due[:seen] = interval - elapsed[:seen]
    area = rng.integers(0, 18, size)
    worth = rng.uniform(0.3, 1.7, 18)[area]
    order = rng.permutation(size)
    return cards(s[order], d[order], elapsed[order], due[order], worth=worth[order])


def table(*worlds_wanted: str) -> list[dict[str, Any]]:
    """One row a deck, backlog and world."""
    steep = list(fsrs.default_weights().values)
    steep[20] = 0.5
    worlds = {"default": fsrs.default_weights(), "steep": fsrs.weights(steep)}
    rows: list[dict[str, Any]] = []
    for world, weights in worlds.items():
        if worlds_wanted and world not in worlds_wanted:
            continue
        for size, minutes in DECKS:
            for backlog in (False, True):
                d = deck(size, backlog=backlog)
                start = time.perf_counter()
                exam = TODAY + timedelta(days=DAYS)
                plan = plan_to_exam(
                    d, today=TODAY, exam=exam, minutes_per_day=minutes, weights=weights, seeds=6
                )
                took = time.perf_counter() - start
                first = simulate(
                    d,
                    [Policy(0.9, plan.plain.policy.new_per_day, new_first=True)],
                    day_minutes(TODAY, exam, minutes),
                    seeds=range(3),
                    weights=weights,
                )
                usual = max(plan.plain.recall, plan.anki.recall)
                rows.append(
                    {
                        "world": world,
                        "cards": size,
                        "backlog": plan.backlog.waiting,
                        "minutes": sum(day.minutes for day in plan.load),
                        "minutes_plain": plan.plain.minutes,
                        "minutes_anki": plan.anki.minutes,
                        "recall": plan.recall.mean,
                        "low": plan.recall.low,
                        "high": plan.recall.high,
                        "plain": plan.plain.recall,
                        "anki": plan.anki.recall,
                        "new_first": float(first.recall.mean()),
                        "gain": plan.recall.mean / usual - 1.0,
                        "binds": plan.binds,
                        "seconds": took,
                    }
                )
    return rows


def rows() -> list[Row]:
    """The better usual advice over ours, where the minutes bind: at most 1 / 1.05."""
    return [
        Row(
            f"recall on the exam day, {r['cards']:,} cards, {r['backlog']:,} waiting",
            max(r["plain"], r["anki"]),
            r["recall"],
            "our plan; ours here is the better usual advice",
            1 / 1.05,
            "",
        )
        for r in table("default")
    ]


def main() -> None:
    """Print the table."""
    print(
        "forgetting · cards · waiting · minutes ours/plain/Anki · recall ours (range) · "
        "plain 0.9 · Anki · new first · gain over the better of plain and Anki · goal · seconds"
    )
    for r in table():
        print(
            f"{r['world']} · {r['cards']:,} · {r['backlog']:,} · {r['minutes']:.0f}/"
            f"{r['minutes_plain']:.0f}/{r['minutes_anki']:.0f} · {r['recall']:.3f} "
            f"({r['low']:.3f}-{r['high']:.3f}) · {r['plain']:.3f} · {r['anki']:.3f} · "
            f"{r['new_first']:.3f} · {100 * r['gain']:+.0f} % · "
            f"{'≥ +5 %' if r['binds'] else 'no loss'} · {r['seconds']:.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
