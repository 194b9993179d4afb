"""Taking along: the pages for the adviser, the calendar, tables, a backup, and one brought back."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bounceback.errors import UntrustedInputError
from bounceback_web import briefings, clock
from bounceback_web.cards import collection
from bounceback_web.exports import backup, daily_copies, work
from bounceback_web.exports.calendar_entries import Entries
from bounceback_web.exports.models import CalendarAddress, CalendarMemory
from bounceback_web.jobs import queue
from bounceback_web.jobs import views as job_views
from bounceback_web.jobs.models import Job
from bounceback_web.pages.decorators import kept_for, owner_of, page, receives
from bounceback_web.records import learner_store


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
@page
def take_along(request: HttpRequest, kept: learner_store.Kept) -> HttpResponse:
    """Show what can be taken along."""
    return _shown(request, kept)


def _shown(
    request: HttpRequest, kept: learner_store.Kept, *, status: int = 200, **more: object
) -> HttpResponse:
    return render(
        request,
        "paper/take_along.html",
        {
            "kept": kept,
            "address": CalendarAddress.objects.filter(record=kept.row).first(),
            "shortest": backup.SHORTEST,
            **more,
        },
        status=status,
    )


@require_safe
@page
def meeting(request: HttpRequest, kept: learner_store.Kept) -> HttpResponse:
    """Give the two pages for the adviser meeting; where numbers rest, they rest on paper too."""
    numbers = kept.row.shows_numbers and request.GET.get("numbers") != "no"
    payload = {"owner": _owner_id(request), "numbers": numbers}
    return _made(request, "meeting-pdf", payload, f"{_state(kept)}:{numbers}")


def _owner_id(request: HttpRequest) -> int | None:
    owner = owner_of(request)
    return None if owner is None else owner.pk


def _state(kept: learner_store.Kept) -> str:
    """Name the state that an export shows, so that asking twice makes it once."""
    return f"{kept.row.pk}:{kept.row.version}:{kept.today}"


def _made(request: HttpRequest, kind: str, payload: dict[str, Any], key: str) -> HttpResponse:
    try:
        job = queue.enqueue(owner_of(request), kind, payload, key=key)
    except queue.QueueFullError:
        return render(
            request,
            "pages/fault.html",
            {
                "title": "Too many exports at once",
                "words": "Wait until the others are done, then try again.",
            },
            status=503,
        )
    return job_views.file_or_page(request, job)


@require_safe
@page
def calendar(request: HttpRequest, kept: learner_store.Kept) -> HttpResponse:
    """Give the plan as a calendar file."""
    from bounceback_web.exports.calendar_file import calendar_file

    entries = _entries_of(kept)
    content = calendar_file(
        briefings.answer(kept).briefing,
        clock.now(),
        plain="plain" in request.GET,
        daily="daily" in request.GET,
        remind_at=kept.row.reminder_at,
        entries=entries,
    )
    _store_entries(kept, entries)
    return _file(content, "text/calendar; charset=utf-8", "bounceback.ics")


@require_safe
@page
def tables(request: HttpRequest, kept: learner_store.Kept) -> HttpResponse:
    """Give every section as a table, in one ZIP; answers on mood where ``?mood=yes`` asks."""
    mood = request.GET.get("mood") == "yes"
    return _made(
        request, "tables", {"owner": _owner_id(request), "mood": mood}, f"{_state(kept)}:{mood}"
    )


@receives
def make_address(request: HttpRequest) -> HttpResponse:
    """Make a secret address for a calendar program; one made before ends."""
    kept = kept_for(request)
    if kept is None:
        raise Http404("no record yet")
    secret = secrets.token_urlsafe(32)
    CalendarAddress.objects.update_or_create(
        record=kept.row,
        defaults={"digest": _digest(secret), "plain": request.POST.get("plain") == "on"},
    )
    address = request.build_absolute_uri(reverse("calendar-feed", args=[secret]))
    # Shown on this answer alone: what is kept is its digest. Sent again, it is made again.
    return _shown(request, kept, made=address)


@receives
def end_address(request: HttpRequest) -> HttpResponse:
    """Take the address back: from now on it leads nowhere."""
    kept = kept_for(request)
    if kept is not None:
        CalendarAddress.objects.filter(record=kept.row).delete()
        messages.success(request, _("Link turned off. It no longer works."))
    return redirect("take-along")


def _entries_of(kept: learner_store.Kept) -> Entries:
    """Return which events this learner's calendar programs were given."""
    row = CalendarMemory.objects.filter(record=kept.row).first()
    return Entries.of_json(row.entries if row is not None else {})


def _store_entries(kept: learner_store.Kept, entries: Entries) -> None:
    """Store them where they changed; two files at once may both count one change."""
    if entries.changed:
        CalendarMemory.objects.bulk_create(
            [CalendarMemory(record=kept.row, entries=entries.to_json())],
            update_conflicts=True,
            unique_fields=["record"],
            update_fields=["entries"],
        )


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8")).hexdigest()


@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """Answer a calendar program that holds the secret address."""
    from bounceback_web.exports.calendar_file import calendar_file

    found = (
        CalendarAddress.objects.filter(digest=_digest(secret))
        .select_related("record__owner")
        .first()
    )
    kept = learner_store.find(found.record.owner) if found else None
    if found is None or kept is None:
        raise Http404("no such address")
    entries = _entries_of(kept)
    content = calendar_file(
        briefings.answer(kept).briefing, clock.now(), plain=found.plain, entries=entries
    )
    _store_entries(kept, entries)
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")


def _with_secret(
    request: HttpRequest, kind: str, words: str, file: UploadedFile[bytes] | None = None
) -> Job:
    """Put a job in that needs a passphrase; the words wait in its folder and are read once."""
    job = queue.prepare(owner_of(request), kind, {"owner": _owner_id(request)})
    folder = queue.folder_of(job.pk)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    secret = folder / work.SECRET
    secret.touch(mode=0o600)
    secret.write_text(words, "utf-8")
    if file is not None:
        with (folder / work.UPLOAD).open("wb") as target:
            for piece in file.chunks():
                target.write(piece)
    queue.release(job)
    return job


@require_POST
def keep_backup(request: HttpRequest) -> HttpResponse:
    """Give an encrypted backup of everything; the passphrase is used once and kept nowhere."""
    kept = kept_for(request)
    if kept is None:
        raise Http404("no record yet")
    words, again = request.POST.get("passphrase", ""), request.POST.get("again", "")
    if words != again:
        fault = "The two passwords differ. Enter them again."
        return _shown(request, kept, status=422, faults=[fault])
    try:
        backup.check_passphrase(words)
    except UntrustedInputError as error:
        return _shown(request, kept, status=422, faults=[str(error)])
    return job_views.file_or_page(request, _with_secret(request, "backup", words))


@require_http_methods(["GET", "HEAD", "POST"])
def bring_backup(request: HttpRequest) -> HttpResponse:
    """Ask for an encrypted backup and its passphrase, and restore it."""
    kept, faults = kept_for(request), []
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None:
            faults = ["Choose a file first."]
        elif kept is not None and request.POST.get("replace") != "yes":
            faults = ["You already have data here. Check the box to replace it."]
        else:
            job = _with_secret(request, "restore", request.POST.get("passphrase", ""), file)
            job = queue.wait(job, job_views.WAIT_S)
            if job.is_open:
                return redirect("job", pk=job.pk)
            faults = job.note
            if job.state == "done":
                learner_store.forget()
                collection.forget()
                messages.success(request, "Backup imported.")
                return redirect("today")
    return render(
        request,
        "paper/bring_backup.html",
        {"kept": kept, "faults": faults},
        status=422 if faults else 200,
    )


@require_safe
def backups(request: HttpRequest) -> HttpResponse:
    """Show the daily copies, each with a way back to it."""
    return render(
        request,
        "paper/backups.html",
        {
            "kept": kept_for(request),
            "copies": daily_copies.copies(),
            "days": daily_copies.KEPT.days,
        },
    )


@receives
def restore_copy(request: HttpRequest) -> HttpResponse:
    """Put a daily copy in the place of what is kept."""
    copy = daily_copies.find(request.POST.get("day", ""))
    if copy is None:
        raise Http404("no such copy")
    job = queue.enqueue(owner_of(request), "daily-copy", {"restore": copy.day.isoformat()})
    return redirect("job", pk=job.pk)
