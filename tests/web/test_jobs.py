"""Long work: in order, under limits, cancelled, and put right after a worker was killed."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bounceback_web.config import temporary_files
from bounceback_web.jobs import kinds, lock, queue, runner
from bounceback_web.jobs.kinds import Kind, Work
from bounceback_web.jobs.models import Job
from bounceback_web.records import learner_store

PATIENCE_S = 120.0


def makes_a_file(work: Work) -> None:
    work.report(0.5)
    path = work.folder / "made"
    path.write_text("content", "utf-8")
    work.finish(path, "made.txt", "text/plain")


def breaks(work: Work) -> None:
    (work.folder / "half").write_text("half", "utf-8")
    raise ValueError("a fault")


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    def _kind(function: Any) -> str:
        made = Kind(f"{__name__}:{function.__name__}", "Test", 10.0, 1 << 30, "short")
        monkeypatch.setattr(Kind, "load", lambda self: function)
        monkeypatch.setitem(kinds.KINDS, "test", made)
        return "test"

    return _kind


@pytest.mark.usefixtures("db")
def test_a_job_gives_its_file_to_its_owner_alone(
    kind: Callable[..., str], browser: Client, kept: learner_store.Kept, stranger: Any
) -> None:
    job = queue.enqueue(None, kind(makes_a_file), {"secret": 1})
    job.refresh_from_db()
    assert (job.state, job.progress, job.payload) == ("done", 1.0, {})
    answer = browser.get(f"/jobs/{job.pk}/file/")
    assert answer.content == b"content"
    Job.objects.filter(pk=job.pk).update(owner=stranger.row.owner_id)
    assert browser.get(f"/jobs/{job.pk}/file/").status_code == 404
    assert browser.get(f"/jobs/{job.pk}/").status_code == 404


@pytest.mark.usefixtures("db")
def test_a_job_that_breaks_leaves_nothing_and_says_so(kind: Callable[..., str]) -> None:
    with pytest.raises(ValueError, match="a fault"):
        queue.enqueue(None, kind(breaks), {})
    job = Job.objects.get()
    assert (job.state, job.note) == ("failed", [runner.FAILED])
    assert not queue.folder_of(job.pk).exists()


@pytest.mark.usefixtures("db")
def test_the_same_work_is_not_begun_twice_and_the_queue_has_an_end(
    kind: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "wake", lambda pk: None)
    name = kind(makes_a_file)
    first = queue.enqueue(None, name, {}, key="same")
    assert queue.enqueue(None, name, {}, key="same") == first
    for number in range(queue.MOST_OPEN - 1):
        queue.enqueue(None, name, {"number": number})
    with pytest.raises(queue.QueueFullError):
        queue.enqueue(None, name, {})
    queue.cancel(first)
    first.refresh_from_db()
    assert first.state == "cancelled"


@pytest.mark.usefixtures("db")
def test_deleting_everything_leaves_no_job_and_no_file(
    kind: Callable[..., str], send: Callable[..., Any], kept: learner_store.Kept, settings: Any
) -> None:
    job = queue.enqueue(None, kind(makes_a_file), {})
    half_written = temporary_files.folder(Path(settings.HOME)) / "deck-half-written.apkg"
    half_written.write_bytes(b"a whole deck")
    send(reverse("delete"), sure="delete everything")
    assert not Job.objects.exists()
    assert not queue.folder_of(job.pk).exists()
    assert not half_written.exists()


WORKER = """
import os, sys, time
sys.argv = ["worker", "--stay"] if sys.argv[1] == "stay" else ["worker"]
from bounceback_web.jobs import kinds
def forever(work):
    (work.folder / "half").write_text("half")
    while True: time.sleep(0.1)
def grows(work):
    held = []
    while True: held.append(bytearray(50_000_000))
def spins(work):
    while True: pass
chosen = {"tables": forever, "backup": grows, "meeting-pdf": spins}
real = kinds.Kind.load
kinds.Kind.load = lambda self: next(f for name, f in chosen.items() if kinds.KINDS[name] is self)
kinds.KINDS["meeting-pdf"] = kinds.Kind("x:y", "Test", 1.0, 1 << 30, "short")
from bounceback_web.jobs.worker import main
raise SystemExit(main())
"""

BEGIN = """
import sys
from bounceback_web.config.server import load_example, make_ready
make_ready()
load_example("step-1")
from bounceback_web.jobs import queue
queue.wake = lambda pk: None
queue.enqueue(None, sys.argv[1], {})
"""


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX limits and signals")
class TestWorker:
    @pytest.fixture
    def home(self, tmp_path: Path) -> Path:
        return tmp_path / "home"

    def environment(self, home: Path) -> dict[str, str]:
        return {**os.environ, "BOUNCEBACK_HOME": str(home)}

    def begin(self, home: Path, kind: str) -> None:
        command = [sys.executable, "-c", BEGIN, kind]
        subprocess.run(command, env=self.environment(home), check=True, timeout=PATIENCE_S)

    def state(self, home: Path) -> tuple[str, str]:
        with sqlite3.connect(home / "bounceback.sqlite3", timeout=30) as database:
            question = "SELECT state, note FROM jobs_job ORDER BY id DESC LIMIT 1"
            state, note = database.execute(question).fetchone()
        return state, note

    def wait_for(self, home: Path, *states: str) -> tuple[str, str]:
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            state, note = self.state(home)
            if state in states:
                return state, note
            time.sleep(0.1)
        raise AssertionError(f"still {self.state(home)}")

    def start(self, home: Path) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-c", WORKER, "stay"],
            env=self.environment(home),
            stdin=subprocess.PIPE,
            start_new_session=True,
        )

    @pytest.mark.parametrize("kind", ["backup", "meeting-pdf"])
    def test_memory_and_time_have_an_end(self, home: Path, kind: str) -> None:
        self.begin(home, kind)
        worker = self.start(home)
        try:
            _state, note = self.wait_for(home, "failed")
            assert "Nothing was changed" in note
        finally:
            worker.communicate(timeout=PATIENCE_S)
        assert list((home / "temporary").glob("job-*")) == []

    def test_a_running_job_is_cancelled(self, home: Path) -> None:
        self.begin(home, "tables")
        worker = self.start(home)
        try:
            self.wait_for(home, "running")
            with sqlite3.connect(home / "bounceback.sqlite3", timeout=30) as database:
                database.execute("UPDATE jobs_job SET cancel = 1")
            self.wait_for(home, "cancelled")
        finally:
            worker.communicate(timeout=PATIENCE_S)
        assert list((home / "temporary").glob("job-*")) == []

    def test_a_killed_worker_leaves_nothing_once_the_next_starts(self, home: Path) -> None:
        self.begin(home, "tables")
        worker = self.start(home)
        self.wait_for(home, "running")
        end = time.monotonic() + PATIENCE_S
        while not list((home / "temporary").glob("job-*/half")) and time.monotonic() < end:
            time.sleep(0.05)
        os.killpg(worker.pid, signal.SIGKILL)
        worker.communicate(timeout=PATIENCE_S)
        assert self.state(home)[0] == "running"
        following = self.start(home)
        try:
            assert self.wait_for(home, "stopped")[0] == "stopped"
            end = time.monotonic() + PATIENCE_S
            while list((home / "temporary").glob("job-*")) and time.monotonic() < end:
                time.sleep(0.05)
            assert list((home / "temporary").glob("job-*")) == []
            assert lock.is_held(home)
        finally:
            following.communicate(timeout=PATIENCE_S)
        assert not lock.is_held(home)
