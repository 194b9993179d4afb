"""Put work into the queue, look at it, wait for it, cancel it.

A worker process takes jobs out. Where the server keeps one running, that is it; otherwise putting a
job in starts one, which ends when the queue is empty.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.http import Http404

from bounceback import isolated_python
from bounceback_web import clock
from bounceback_web.config import temporary_files
from bounceback_web.config.database import is_in_memory
from bounceback_web.jobs import lock, runner
from bounceback_web.jobs.kinds import KINDS
from bounceback_web.jobs.models import Job

MOST_OPEN: Final = 20
"""Jobs that may wait or run at once."""

KEPT_FOR: Final = timedelta(days=1)
"""How long an ended job and its file stay."""


class QueueFullError(Exception):
    """Too many jobs wait already."""


def folder_of(pk: int) -> Path:
    """Return the folder of a job's files."""
    return temporary_files.folder(Path(settings.HOME)) / f"job-{pk}"


def owned_by(owner: AbstractBaseUser | None) -> models.QuerySet[Job]:
    """Return an owner's jobs, newest first."""
    if owner is None:
        return Job.objects.filter(owner=None)
    return Job.objects.filter(owner_id=owner.pk)


def find(owner: AbstractBaseUser | None, pk: int) -> Job:
    """Return one job of an owner.

    Raises:
        Http404: There is none.
    """
    job = owned_by(owner).filter(pk=pk).first()
    if job is None:
        raise Http404("no such job")
    return job


def enqueue(
    owner: AbstractBaseUser | None, kind: str, payload: dict[str, Any], *, key: str = ""
) -> Job:
    """Put a job in; one with the same key that waits or runs already is returned instead.

    Args:
        owner: Whose job.
        kind: One of ``KINDS``.
        payload: What the job's function receives; never a passphrase in plain words.
        key: Names the same work; empty: never the same.

    Raises:
        QueueFullError: Too many jobs wait.
    """
    assert kind in KINDS
    with transaction.atomic():
        waiting = owned_by(owner).filter(state__in=("waiting", "running"))
        same = waiting.filter(kind=kind, key=key).first() if key else None
        if same is not None:
            return same
        if waiting.count() >= MOST_OPEN:
            raise QueueFullError(kind)
        row = Job.objects.create(
            owner_id=None if owner is None else owner.pk, kind=kind, key=key, payload=payload
        )
        if not is_in_memory():
            transaction.on_commit(lambda: wake(row.pk))
    if is_in_memory():
        wake(row.pk)  # here and now: there is no other process
    return row


def prepare(owner: AbstractBaseUser | None, kind: str, payload: dict[str, Any]) -> Job:
    """Make a job that does not wait yet, so that files can be put into its folder first."""
    assert kind in KINDS
    return Job.objects.create(
        owner_id=None if owner is None else owner.pk, kind=kind, payload=payload, state="preparing"
    )


def release(job: Job) -> None:
    """Let a prepared job wait for its turn."""
    Job.objects.filter(pk=job.pk, state="preparing").update(state="waiting")
    if is_in_memory():
        wake(job.pk)
    else:
        transaction.on_commit(lambda: wake(job.pk))


def wake(pk: int) -> None:
    """See that a worker takes a job out."""
    if is_in_memory():
        runner.run_here(pk)  # no other process sees this database
        return
    if not lock.is_held(Path(settings.HOME)):
        subprocess.Popen(
            isolated_python.command("bounceback_web.jobs.worker"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ).returncode = 0  # nobody waits for it; the rows say how it went


def wait(job: Job, seconds: float) -> Job:
    """Return a job once it has ended, or as it stands after so many seconds."""
    end = time.monotonic() + seconds
    while True:
        job.refresh_from_db()
        if not job.is_open or time.monotonic() >= end:
            return job
        time.sleep(0.05)


def cancel(job: Job) -> None:
    """End a job; what it wrote is removed."""
    ended = Job.objects.filter(pk=job.pk, state="waiting").update(
        state="cancelled", ended_at=clock.real_now()
    )
    if ended:
        shutil.rmtree(folder_of(job.pk), ignore_errors=True)
    else:
        Job.objects.filter(pk=job.pk, state="running").update(cancel=True)


def file_of(job: Job) -> Path | None:
    """Return the file that a job made, if it is still there."""
    path = folder_of(job.pk) / "result"
    return path if job.state == "done" and job.file_name and path.is_file() else None


def sweep() -> None:
    """Remove ended jobs after a day, with their files, and files of jobs that are no more."""
    Job.objects.filter(ended_at__lt=clock.real_now() - KEPT_FOR).delete()
    known = {f"job-{pk}" for pk in Job.objects.values_list("pk", flat=True)}
    for path in temporary_files.folder(Path(settings.HOME)).glob("job-*"):
        if path.name not in known:
            shutil.rmtree(path, ignore_errors=True)


def forget_all(owner: AbstractBaseUser | None) -> None:
    """Cancel and remove every job of an owner, with its files."""
    for job in owned_by(owner):
        cancel(job)
        shutil.rmtree(folder_of(job.pk), ignore_errors=True)
    owned_by(owner).exclude(state="running").delete()
