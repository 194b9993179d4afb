"""A job's page: how far it is, a way to cancel it, and the file that it made."""

from __future__ import annotations

import threading
from typing import Final, cast

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from bounceback_web.jobs import queue
from bounceback_web.jobs.kinds import KINDS
from bounceback_web.jobs.models import Job
from bounceback_web.pages.decorators import kept_for, owner_of, receives

WAIT_S: Final = 12.0
"""How long an answer waits for a short job before it shows the job's page instead."""

WHOLE_BYTES: Final = 16_000_000
"""A file up to this size is read whole; a larger one is sent piece by piece."""

_waiting = threading.BoundedSemaphore(2)
"""Answers of this process that may wait for a job; the others show its page at once."""


def file_response(job: Job) -> HttpResponse | None:
    """Return the file that a job made, for a download."""
    path = queue.file_of(job)
    if path is None:
        return None
    if job.kind != "deck-export" and path.stat().st_size <= WHOLE_BYTES:
        response = HttpResponse(path.read_bytes(), content_type=job.content_type)
    else:  # a stream is an answer too
        response = cast(HttpResponse, FileResponse(path.open("rb"), content_type=job.content_type))
    response["Content-Disposition"] = f'attachment; filename="{job.file_name}"'
    return response


def file_or_page(request: HttpRequest, job: Job) -> HttpResponse:
    """Return a job's file if it is made soon, else the page that shows how far it is."""
    if _waiting.acquire(blocking=False):
        try:
            job = queue.wait(job, WAIT_S)
        finally:
            _waiting.release()
    return file_response(job) or job_page(request, job)


def job_page(request: HttpRequest, job: Job) -> HttpResponse:
    """Return the page of a job; 202 while it is open, 422 where it failed."""
    status = 202 if job.is_open else 200 if job.state == "done" else 422
    return render(request, "jobs/job.html", _values(request, job), status=status)


def _values(request: HttpRequest, job: Job) -> dict[str, object]:
    return {
        "kept": kept_for(request),
        "job": job,
        "title": KINDS[job.kind].title,
        "has_file": queue.file_of(job) is not None,
    }


@require_safe
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a job."""
    row = queue.find(owner_of(request), pk)
    return render(request, "jobs/job.html", _values(request, row))


@require_safe
def part(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far a job is, as the part of its page that is asked for again and again."""
    row = queue.find(owner_of(request), pk)
    return render(request, "jobs/part.html", _values(request, row))


@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the file that a job made."""
    response = file_response(queue.find(owner_of(request), pk))
    if response is None:
        raise Http404("no file")
    return response


@receives
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a job."""
    queue.cancel(queue.find(owner_of(request), pk))
    return redirect("job", pk=pk)
