"""``kill -9`` at random moments of every kind of long work: what is lost, and what is left over.

Each round logs an entry, begins one kind of work (an import, an export, the PDF, tables, a backup,
a restore, a daily copy and its way back, "delete everything"), kills the worker with all its
processes, starts another worker, and looks: both databases are whole, every entry that was
acknowledged is there, cards are as they were before or as they are after, no file and no open job
is left. Run by itself::

    python -m benchmarks.kill_long_work [ROUNDS] [SEED]
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

DECK_ROWS: Final = 1_500
PASSPHRASE: Final = "a long enough passphrase of tests"
LONGEST_S: Final = 120.0
KINDS: Final = (
    "import", "export", "pdf", "tables", "backup", "restore", "daily-copy", "copy-back", "delete",
)  # fmt: skip
USUAL: Final = frozenset(
    {
        "bounceback.sqlite3", "bounceback.sqlite3-wal", "bounceback.sqlite3-shm", "cards.sqlite3",
        "cards.sqlite3-wal", "cards.sqlite3-shm", "secret-key", "jobs.lock", "database-in-use",
    }
)  # fmt: skip


@dataclass
class Trial:
    """What was tried and what came of it.

    Attributes:
        home: The data folder.
        kills: How often each kind was killed, by whether it was done, under way or not begun.
        faults: What should not happen.
        entries: Minutes that were acknowledged, in order.
        usual_s: How long each kind takes.
    """

    home: Path
    chance: random.Random
    kills: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    entries: list[float] = field(default_factory=list)
    usual_s: dict[str, float] = field(default_factory=dict)


def _forked(work: Callable[[], Any]) -> int:
    """Run something in a process group of its own; return its id."""
    from django.db import connections

    connections.close_all()
    pid = os.fork()
    if pid:
        return pid
    os.setpgrp()
    try:
        work()
    except BaseException:  # the parent sees the status
        os._exit(1)
    os._exit(0)


def _worker() -> None:
    import threading

    from django.conf import settings

    from bounceback_web.config import temporary_files
    from bounceback_web.jobs import lock, worker

    worker.IDLE_END_S = 0.3  # type: ignore[misc]
    home = Path(settings.HOME)
    while (held := lock.take(home)) is None:
        time.sleep(0.01)  # what the killed worker began ends a moment after it
    temporary_files.use(home)
    worker.put_right()
    worker.work(threading.Event(), stay=False)
    os.close(held)


def _finish(pid: int, limit_s: float = LONGEST_S) -> int | None:
    """Wait for a process; its status, or ``None`` once the time is over."""
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        gone, status = os.waitpid(pid, os.WNOHANG)
        if gone:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.005)
    return None


def _kill(pid: int) -> None:
    os.killpg(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


# --- the work -----------------------------------------------------------------------------------


def _begin(trial: Trial, kind: str, files: dict[str, Path]) -> Callable[[], None]:
    """Put work into the queue; return what does it."""
    from bounceback_web.cards import importing
    from bounceback_web.cards.models import Import
    from bounceback_web.exports import daily_copies, work
    from bounceback_web.jobs import queue
    from bounceback_web.records import learner_store

    queue.wake = lambda pk: None  # this command starts the workers
    if kind == "delete":
        return _delete_everything
    if kind == "import":
        kept = learner_store.find(None)
        assert kept is not None
        row = Import.objects.create(record=kept.row, name="deck.txt", bytes=1)
        path = importing.place(row.pk, row.name)
        path.parent.mkdir(parents=True)
        first = trial.chance.randrange(10**6)
        path.write_text(
            "".join(f"front {first}-{n}\tback {n}\n" for n in range(DECK_ROWS)), "utf-8"
        )
        importing.start(row.pk)
    elif kind in ("backup", "restore"):
        job = queue.prepare(None, kind, {"owner": None})
        folder = queue.folder_of(job.pk)
        folder.mkdir(mode=0o700, parents=True)
        (folder / work.SECRET).write_text(PASSPHRASE, "utf-8")
        if kind == "restore":
            (folder / work.UPLOAD).write_bytes(files["backup"].read_bytes())
        queue.release(job)
    elif kind == "copy-back":
        day = daily_copies.copies()[0].day.isoformat()
        queue.enqueue(None, "daily-copy", {"restore": day})
    else:
        name = {"export": "deck-export", "pdf": "meeting-pdf"}.get(kind, kind)
        payload = {"pdf": {"numbers": True}, "tables": {"mood": False}}.get(kind, {})
        queue.enqueue(None, name, {"owner": None, **payload})
    return _worker


def _delete_everything() -> None:
    from django.test import Client

    from bounceback_web.records import idempotency

    answer = Client(headers={"host": "127.0.0.1"}).post(
        "/you/settings/delete/", {"sure": "delete everything", "once": idempotency.new_key()}
    )
    assert answer.status_code == 302
    assert answer["Location"].endswith("/welcome/")


# --- what is looked at --------------------------------------------------------------------------


def _minutes() -> list[float] | None:
    from bounceback_web.records import learner_store

    learner_store.forget()
    kept = learner_store.find(None)
    return None if kept is None else [s.minutes for s in kept.value.study if s.area is None]


def _cards(home: Path) -> int:
    path = home / "cards.sqlite3"
    if not path.exists():
        return 0
    with closing(sqlite3.connect(path)) as database:
        return int(database.execute("SELECT count(*) FROM card").fetchone()[0])


def _look(trial: Trial, name: str) -> None:
    """Note damaged databases, open jobs and files left over."""
    from django.db import connections

    from bounceback_web.jobs.models import Job

    connections.close_all()
    for file in ("bounceback.sqlite3", "cards.sqlite3"):
        if (trial.home / file).exists():
            with closing(sqlite3.connect(trial.home / file)) as database:
                (answer,) = database.execute("PRAGMA integrity_check").fetchone()
            if answer != "ok":
                trial.faults.append(f"{name}: {file} is damaged: {answer}")
    if Job.objects.filter(state__in=("waiting", "running", "preparing")).exists():
        trial.faults.append(f"{name}: a job is still open")
    done = {f"job-{pk}" for pk in Job.objects.filter(state="done").values_list("pk", flat=True)}
    for path in trial.home.rglob("*"):
        parts = path.relative_to(trial.home).parts
        if path.is_dir() or parts[0] in ("static", "media") or path.name in USUAL:
            continue
        if parts[0] == "daily-copies" and path.suffix == ".zip":
            continue
        if parts[0] == "temporary" and parts[1] in done and parts[2:] == ("result",):
            continue
        trial.faults.append(f"{name}: {'/'.join(parts)} is left over")


def _state_of_jobs() -> str:
    from bounceback_web.jobs.models import Job

    states = set(Job.objects.values_list("state", flat=True))
    return "done" if states == {"done"} else "under way" if states else "not begun"


# --- a round ------------------------------------------------------------------------------------


def _set_up(trial: Trial) -> None:
    """Begin a record with a deck again, after everything was deleted."""
    from bounceback.local_storage.deck_import import import_deck
    from bounceback.records import parse_case
    from bounceback.records.examples import examples
    from bounceback_web.cards import collection_access
    from bounceback_web.records import learner_store

    record = parse_case(examples()["step-1"]).record
    learner_store.begin(learner_store.local_owner(), record, "begun")
    trial.entries = _minutes() or []
    with tempfile.TemporaryDirectory() as folder, collection_access.opened(make=True) as cards:
        deck = Path(folder) / "deck.txt"
        deck.write_text("".join(f"q{n}\ta{n}\n" for n in range(DECK_ROWS)), "utf-8")
        import_deck(cards, deck, 1_790_000_000)


def _acknowledge(trial: Trial, number: int) -> None:
    from bounceback_web.records import learner_store

    minutes = 1 + number % 1_400
    entry = {"date": "2026-11-22", "minutes": minutes, "activity": "video"}
    learner_store.add(None, "study", entry, "noted")
    trial.entries.append(minutes)


def _round(trial: Trial, number: int, kind: str, files: dict[str, Path]) -> None:
    from django.db import connections

    from bounceback_web.jobs.models import Job

    name = f"round {number}, {kind}"
    Job.objects.all().delete()
    _acknowledge(trial, number)
    before = _cards(trial.home)
    work = _begin(trial, kind, files)
    began = time.monotonic()
    pid = _forked(work)
    if number < 0:  # the round that measures, without a kill
        if _finish(pid) != 0:
            trial.faults.append(f"{name}: did not end well")
        trial.usual_s[kind] = time.monotonic() - began
    else:
        time.sleep(trial.chance.uniform(0.0, 1.05 * trial.usual_s[kind]))
        _kill(pid)
        connections.close_all()
        trial.kills[f"{kind}: {_state_of_jobs()}" if kind != "delete" else kind] += 1
        if _finish(_forked(_worker)) != 0:
            trial.faults.append(f"{name}: the next worker did not end well")
    _compare(trial, name, kind, before, files)
    _look(trial, name)


def _compare(trial: Trial, name: str, kind: str, before: int, files: dict[str, Path]) -> None:
    """Compare entries and cards with what was acknowledged."""
    from django.db import connections

    connections.close_all()
    minutes, cards = _minutes(), _cards(trial.home)
    if kind == "delete":
        if minutes not in (None, trial.entries) or cards not in (0, before):
            trial.faults.append(f"{name}: neither all nor nothing is there")
        _delete_everything()  # the person asks again
        if _minutes() is not None or _cards(trial.home):
            trial.faults.append(f"{name}: something outlives a second try")
        _set_up(trial)
        return
    if kind in ("restore", "copy-back"):
        restored = files_minutes(files[f"{kind}-minutes"])
        if minutes not in (trial.entries, restored):
            trial.faults.append(f"{name}: entries are neither as before nor as restored")
        trial.entries = minutes or []
        if cards not in (before, int(files[f"{kind}-cards"].read_text())):
            trial.faults.append(f"{name}: {cards} cards, before {before}")
        return
    if minutes != trial.entries:
        trial.faults.append(f"{name}: an acknowledged entry is lost")
    if cards != before and not (kind == "import" and cards == before + DECK_ROWS):
        trial.faults.append(f"{name}: {cards} cards, before {before}")


def files_minutes(path: Path) -> list[float]:
    """Return the minutes that a copy holds."""
    return [float(one) for one in path.read_text("ascii").split()]


def _note_copy(trial: Trial, kind: str, folder: Path, files: dict[str, Path]) -> None:
    files[f"{kind}-minutes"] = folder / f"{kind}-minutes"
    files[f"{kind}-minutes"].write_text(" ".join(map(str, trial.entries)), "ascii")
    files[f"{kind}-cards"] = folder / f"{kind}-cards"
    files[f"{kind}-cards"].write_text(str(_cards(trial.home)), "ascii")


def _made() -> bytes:
    """Return what the only job made."""
    from bounceback_web.jobs import queue
    from bounceback_web.jobs.models import Job

    return (queue.folder_of(Job.objects.get().pk) / "result").read_bytes()


def run(rounds: int, seed: int) -> Trial:
    """Kill long work so many times."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        home = folder / "home"
        os.environ.update(
            BOUNCEBACK_HOME=str(home),
            BOUNCEBACK_START_KEY="not-needed",
            BOUNCEBACK_DAY="2026-11-23",
        )
        from bounceback_web.config.server import make_ready

        make_ready()
        trial = Trial(home, random.Random(seed))
        files: dict[str, Path] = {}
        _set_up(trial)
        for kind in ("import", "export", "pdf", "tables", "backup", "daily-copy"):
            _round(trial, -1, kind, files)
            if kind == "backup":
                _note_copy(trial, "restore", folder, files)
                files["backup"] = folder / "backup"
                files["backup"].write_bytes(_made())
            if kind == "daily-copy":
                _note_copy(trial, "copy-back", folder, files)
        for kind in ("restore", "copy-back"):
            _round(trial, -1, kind, files)
        began = time.monotonic()
        pid = _forked(_delete_everything)
        _finish(pid)
        trial.usual_s["delete"] = time.monotonic() - began
        _set_up(trial)
        for number in range(rounds):
            kind = KINDS[number % len(KINDS)]
            if kind == "copy-back":
                _note_if_copied(trial, folder, files)
            _round(trial, number, kind, files)
            if number % 20 == 19:
                print(f"{number + 1} kills, {len(trial.faults)} faults", flush=True)
        return trial


def _note_if_copied(trial: Trial, folder: Path, files: dict[str, Path]) -> None:
    """Make today's copy anew, so that what it holds is known."""
    from bounceback_web.exports import daily_copies

    with tempfile.TemporaryDirectory() as place:
        daily_copies.make(Path(place))
    _note_copy(trial, "copy-back", folder, files)


def main() -> int:
    """Print how often what was killed; 1 where a promise is broken."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    trial = run(rounds, seed)
    for what, count in sorted(trial.kills.items()):
        print(f"{count:4} {what}")
    print(f"{sum(trial.kills.values())} kills, {len(trial.faults)} faults")
    for fault in trial.faults[:40]:
        print("FAULT", fault)
    return 1 if trial.faults else 0


if __name__ == "__main__":
    sys.exit(main())
