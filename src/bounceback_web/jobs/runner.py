"""Run one job: in a process of its own under limits, or here where no other process can."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from bounceback.errors import BouncebackError
from bounceback_web import clock
from bounceback_web.jobs.kinds import KINDS, Kind, Work
from bounceback_web.jobs.models import Job

NICENESS: Final = 10
"""Long work gives way to pages."""

STEP: Final = 0.02
"""Progress is written when it has grown by this share: a write is a wait for the disk."""

FAILED: Final = "This didn't work. Nothing was changed. Try again, or report it if it repeats."
NO_ROOM: Final = "The disk is full. Nothing was changed. Make room, then try again."


def bound(kind: Kind) -> None:
    """Bound this process, where the system can (not on Windows; the worker's clock holds there)."""
    try:
        import resource
    except ImportError:
        return
    seconds = int(kind.seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    if sys.platform != "darwin":  # there the limit is refused for a running process
        resource.setrlimit(resource.RLIMIT_AS, (kind.memory_bytes, kind.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError):
        os.nice(NICENESS)


def run_here(pk: int) -> None:
    """Run a job in this process and write how it ended into its row."""
    from bounceback_web.jobs import queue

    if not Job.objects.filter(pk=pk, state="waiting").update(state="running"):
        return
    run_claimed(pk, queue.folder_of(pk))


def run_claimed(pk: int, folder: Path) -> None:
    """Run a job that is marked as running."""
    job = Job.objects.get(pk=pk)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = [0.0]

    def report(share: float) -> None:
        if share - written[0] >= STEP:
            written[0] = share
            Job.objects.filter(pk=pk).update(progress=min(max(share, 0.0), 1.0))

    def finish(path: Path, name: str, content_type: str) -> None:
        if path != folder / "result":
            path.replace(folder / "result")
        Job.objects.filter(pk=pk).update(file_name=name[:200], content_type=content_type)

    def say(lines: list[str]) -> None:
        Job.objects.filter(pk=pk).update(note=lines)

    work = Work(pk, dict(job.payload), folder, report, finish, say)
    try:
        KINDS[job.kind].load()(work)
    except BouncebackError as error:
        end(pk, "failed", [" ".join(str(error).split())], folder)
    except OSError as error:
        import errno

        end(pk, "failed", [NO_ROOM if error.errno == errno.ENOSPC else FAILED], folder)
        if error.errno != errno.ENOSPC:
            raise
    except MemoryError:
        end(pk, "failed", ["This needs more memory than it may use. Nothing was changed."], folder)
    except Exception:  # the owner learns that it ended; the fault itself goes on to the log
        end(pk, "failed", [FAILED], folder)
        raise
    else:
        end(pk, "done", None, folder)


def end(pk: int, state: str, note: list[str] | None, folder: Path) -> None:
    """Write how a running job ended; files of one that was not done are removed."""
    kept: dict[str, object] = {"state": state, "ended_at": clock.real_now(), "payload": {}}
    if note is not None:
        kept["note"] = note
    if state == "done":
        kept["progress"] = 1.0
    changed = Job.objects.filter(pk=pk, state="running").update(**kept)
    if changed and state != "done":
        shutil.rmtree(folder, ignore_errors=True)
