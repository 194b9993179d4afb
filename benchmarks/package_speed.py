"""Read and inspect a large package: seconds and peak memory, each in a fresh process.

A deck of the size that a hard-working student brings (35,000 notes, 60,000 cards, 1,500,000
reviews) is made with the program's own writer from a seed, so nothing is downloaded. The peer is
the plain way to the reviews alone: unpack the zip, ``fetchall``, ``np.array``. Each job runs three
times, in turns; the best of the three counts for every job, because the targets are seconds and
what else the machine does at the moment can but add to them. Run alone::

    python benchmarks/package_speed.py
"""

from __future__ import annotations

import json
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from contextlib import closing
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from benchmarks.measuring import Row  # noqa: E402  (the path above makes this folder importable)
from bounceback.flashcards.anki.models import (  # noqa: E402
    Deck,
    Note,
    NoteType,
    Package,
    Template,
    card_dtype,
    review_dtype,
)

NOTES, CARDS, REVIEWS = 35_000, 60_000, 1_500_000
CREATED_S = 1_672_545_600
DAY_MS = 86_400_000


def synthesise(notes: int, cards: int, reviews: int, seed: int) -> Package:
    """Make a cloze deck with its history; about 1.2 kB of text a note."""
    rng = np.random.default_rng(seed)
    kind = NoteType(
        id=1001,
        name="Cloze",
        cloze=True,
        fields=("Text", "Extra"),
        templates=(Template("Cloze", "{{cloze:Text}}", "{{cloze:Text}}<br>{{Extra}}"),),
    )
    decks = tuple(Deck(id=2000 + i, name=f"Step::System {i}") for i in range(20))
    words = np.array([f"word{i}" for i in range(3000)])
    text = []
    for i in range(notes):
        drawn = " ".join(rng.choice(words, 150))
        text.append(
            Note(
                id=10_000 + i,
                guid=f"guid{i:08d}",
                note_type_id=1001,
                fields=(f"{{{{c1::fact {i}}}}} and {{{{c2::more}}}} {drawn}", "extra"),
                tags=(f"#AK_Step1_v12::^Systems::System{i % 20}", f"#UWorld::Step::{i % 4000}"),
                modified_s=CREATED_S,
            )
        )
    table = np.zeros(cards, card_dtype())
    table["id"] = 1_000_000 + np.arange(cards)
    table["note_id"] = 10_000 + np.arange(cards) % notes
    table["template"] = np.arange(cards) // notes
    table["deck_id"] = 2000 + np.arange(cards) % 20
    table["type"], table["queue"], table["due"] = 2, 2, rng.integers(900, 1100, cards)
    for name in ("stability", "difficulty", "desired_retention", "decay"):
        table[name] = np.nan
    log = np.zeros(reviews, review_dtype())
    log["cid"] = 1_000_000 + rng.integers(0, cards, reviews)
    moments = np.sort(rng.choice(900 * DAY_MS // 10, reviews, replace=False)) * 10
    log["id"] = CREATED_S * 1000 + moments
    log["ease"] = rng.choice([1, 2, 3, 4], reviews, p=[0.1, 0.05, 0.8, 0.05])
    log["ivl"] = rng.integers(1, 200, reviews)
    log["factor"], log["time"] = 500, rng.integers(1000, 60_000, reviews)
    _, first = np.unique(log["cid"], return_index=True)
    log["type"] = 1
    log["type"][first] = 0
    return Package(
        generation="legacy-1",
        created_s=CREATED_S,
        note_types=(kind,),
        decks=decks,
        notes=tuple(text),
        cards=table,
        reviews=log,
    )


def plain(path: Path) -> int:
    """Read the reviews, and nothing else, the plain way."""
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
        with closing(sqlite3.connect(Path(folder) / "collection.anki2")) as connection:
            return len(np.array(connection.execute("SELECT * FROM revlog").fetchall()))


def measure(job: str, path: Path) -> dict[str, float]:
    """Do one job on the package and say what it took in this process."""
    from bounceback.flashcards import anki

    start = time.perf_counter()
    if job == "read":
        count = len(anki.read(path).reviews)
    elif job == "inspect":
        count = anki.inspect(path, 4, "America/New_York").reviews
    else:
        count = plain(path)
    return {"count": count, "seconds": time.perf_counter() - start, "peak_mb": peak_mb()}


def peak_mb() -> float:
    """Return this process's own peak of resident memory, in MB.

    ``getrusage`` would count the parent's memory at the fork too, so Linux is asked directly.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def rows() -> list[Row]:
    """Make the package, run each job three times in turns, each in its own process."""
    from bounceback.flashcards import anki

    taken: dict[str, list[dict[str, float]]] = {"read": [], "inspect": [], "plain": []}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.apkg"
        anki.write(synthesise(NOTES, CARDS, REVIEWS, seed=1), path)
        for _ in range(3):
            for job, runs in taken.items():
                done = subprocess.run(
                    [sys.executable, __file__, job, str(path)],
                    check=True,
                    capture_output=True,
                    text=True,
                )
                runs.append(json.loads(done.stdout))
    if any(run["count"] != REVIEWS for runs in taken.values() for run in runs):
        raise AssertionError(f"not every run read {REVIEWS:,} reviews")

    def best(job: str, what: str) -> float:
        return min(run[what] for run in taken[job])

    way = "zip, sqlite3 fetchall, np.array: reviews alone"
    return [
        Row("package of 1,500,000 reviews, read", best("read", "seconds"), 3.0, "target", 1.0),
        Row(
            "  against the plain way",
            best("read", "seconds"),
            best("plain", "seconds"),
            way,
            1.0,
        ),
        Row("  memory", best("read", "peak_mb"), 200.0, "target", 1.0, "MB"),
        Row(
            "  memory against it",
            best("read", "peak_mb"),
            best("plain", "peak_mb"),
            way,
            0.5,
            "MB",
        ),
        Row("  inspected with every state", best("inspect", "seconds"), 6.0, "target", 1.0),
        Row("  memory", best("inspect", "peak_mb"), 350.0, "target", 1.0, "MB"),
    ]


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(measure(sys.argv[1], Path(sys.argv[2]))))
    else:
        from benchmarks.run import table

        print(table(rows()))
