"""The worker: takes jobs out of the queue and runs each in a process of its own under limits.

``python -m bounceback_web.jobs.worker [--stay]``. It ends when the queue is empty, or with
``--stay`` when its standard input ends. Whatever a killed worker left is put right at the start.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, Final

from bounceback import isolated_python

LOOK_AGAIN_S: Final = 0.1
IDLE_END_S: Final = 2.0
"""An unsupervised worker ends after so long without work."""

SWEEP_EVERY_S: Final = 600.0
STOPPED: Final = "Bounceback stopped before this was done. Nothing was changed. Start it again."
TOO_LONG: Final = "This took too long and was ended. Nothing was changed."


class Running:
    """A job under way in a process of its own."""

    def __init__(self, pk: int, kind: str, folder: Path) -> None:
        from bounceback_web.jobs.kinds import KINDS

        self.pk, self.folder, self.kind = pk, folder, KINDS[kind]
        method = "fork" if sys.platform.startswith("linux") else "spawn"
        context: Any = multiprocessing.get_context(method)
        self.process = context.Process(target=_child, args=(pk, kind, str(folder)), daemon=True)
        self.started = time.monotonic()
        self.process.start()

    def look(self) -> bool:
        """Tell whether it has ended; one that must end is ended."""
        from bounceback_web.jobs import runner
        from bounceback_web.jobs.models import Job

        if self.process.is_alive():
            if time.monotonic() - self.started > self.kind.seconds:
                self.kill("failed", TOO_LONG)
                return True
            if Job.objects.filter(pk=self.pk, cancel=True).exists():
                self.kill("cancelled", "")
                return True
            return False
        self.process.join()
        # It has written how it went itself, unless it was ended from outside or ran into a limit.
        runner.end(
            self.pk, "failed", [TOO_LONG if self._timed_out() else runner.FAILED], self.folder
        )
        return True

    def _timed_out(self) -> bool:
        import signal

        return self.process.exitcode in (-getattr(signal, "SIGXCPU", 0), -9)

    def kill(self, state: str, note: str) -> None:
        """End it and remove what it wrote."""
        from bounceback_web.jobs import runner

        self.process.kill()
        self.process.join()
        runner.end(self.pk, state, [note] if note else [], self.folder)


def _child(pk: int, kind: str, folder: str) -> None:
    """Be the process of one job."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bounceback_web.config.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
    from django.db import connections

    from bounceback_web.jobs import runner
    from bounceback_web.jobs.kinds import KINDS

    for connection in connections.all():
        connection.connection = None  # the worker's own, which must not be used or closed here
    _end_with_parent(os.getppid())
    runner.bound(KINDS[kind])
    # Its temporary files lie in its own folder, which goes with it, however it ends.
    Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    tempfile.tempdir = folder
    runner.run_claimed(pk, Path(folder))


def _end_with_parent(parent: int) -> None:
    """End this process once the worker is gone: nobody would put right what it leaves."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _claim(lanes: set[str]) -> tuple[int, str] | None:
    """Mark the oldest job of a free lane as running."""
    from bounceback_web.jobs.kinds import KINDS
    from bounceback_web.jobs.models import Job

    free = [name for name, kind in KINDS.items() if kind.lane not in lanes]
    row = Job.objects.filter(state="waiting", kind__in=free).order_by("pk").first()
    if row is None:
        return None
    if not Job.objects.filter(pk=row.pk, state="waiting").update(state="running"):
        return None
    return row.pk, row.kind


def put_right() -> None:
    """End what a killed worker left as running, and remove what it wrote."""
    from bounceback_web.cards import importing
    from bounceback_web.jobs import queue, runner
    from bounceback_web.jobs.models import Job

    for pk in Job.objects.filter(state="running").values_list("pk", flat=True):
        runner.end(pk, "stopped", [STOPPED], queue.folder_of(pk))
    importing.put_right()
    queue.sweep()


def work(gone: threading.Event, *, stay: bool) -> None:
    """Take jobs out until there is nothing to do, or until whoever started this is gone."""
    from django.db import DatabaseError

    from bounceback_web.exports import daily_copies
    from bounceback_web.jobs import queue

    running: dict[str, Running] = {}
    idle_since, swept = time.monotonic(), 0.0
    while not gone.is_set():
        try:
            for lane in [lane for lane, job in running.items() if job.look()]:
                del running[lane]
            now = time.monotonic()
            if stay and now - swept > SWEEP_EVERY_S:
                swept = now
                queue.sweep()
                daily_copies.ask_if_due()
            claimed = _claim(set(running))
            if claimed is not None:
                pk, kind = claimed
                job = Running(pk, kind, queue.folder_of(pk))
                running[job.kind.lane] = job
                continue
            if running:
                idle_since = now
            elif not stay and now - idle_since > IDLE_END_S:
                return
        except DatabaseError:
            time.sleep(1.0)  # locked, full or away: looked at again, and said by the pages
        gone.wait(LOOK_AGAIN_S)
    for job in running.values():
        job.kill("stopped", STOPPED)


def main() -> int:
    """Be the worker, if there is none yet."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bounceback_web.config.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.db import DatabaseError

    from bounceback.local_storage.own_parameters import adopt_named
    from bounceback_web.config import temporary_files
    from bounceback_web.config.supervisor import end_with_standard_input
    from bounceback_web.jobs import lock

    home = Path(settings.HOME)
    stay = "--stay" in sys.argv[1:]
    gone = end_with_standard_input() if stay else threading.Event()
    held = lock.take(home)
    while held is None and stay and not gone.wait(1.0):
        held = lock.take(home)
    if held is None:
        return 0
    temporary_files.use(home)
    adopt_named()
    try:
        put_right()
    except DatabaseError:
        return 1
    work(gone, stay=stay)
    return 0


if __name__ == "__main__":
    isolated_python.leave_out_working_folder()
    sys.exit(main())
