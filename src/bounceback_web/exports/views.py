"""Taking along: the pages for the adviser, the calendar, tables, a backup, and one brought back."""

from __future__ import annotations

import hashlib
import secrets

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bounceback.errors import CaseError, UntrustedInputError
from bounceback.records import without_mood
from bounceback_web import briefings, clock, forecast_history
from bounceback_web.cards import collection
from bounceback_web.exports import backup
from bounceback_web.exports.models import CalendarAddress
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
    from bounceback_web.exports.meeting import meeting_pdf

    numbers = kept.row.shows_numbers and request.GET.get("numbers") != "no"
    content = meeting_pdf(
        briefings.answer(kept).briefing,
        numbers=numbers,
        track=forecast_history.track(kept),
        load=collection.load_of(kept),
    )
    return _file(content, "application/pdf", f"bounceback-{kept.today.isoformat()}.pdf")


@require_safe
@page
def calendar(request: HttpRequest, kept: learner_store.Kept) -> HttpResponse:
    """Give the plan as a calendar file."""
    from bounceback_web.exports.calendar_file import calendar_file

    content = calendar_file(
        briefings.answer(kept).briefing, clock.now(), plain="plain" in request.GET
    )
    return _file(content, "text/calendar; charset=utf-8", "bounceback.ics")


@require_safe
@page
def tables(request: HttpRequest, kept: learner_store.Kept) -> HttpResponse:
    """Give every section as a table, in one ZIP; answers on mood where ``?mood=yes`` asks."""
    from bounceback_web.exports.csv_export import all_tables

    record = kept.value if request.GET.get("mood") == "yes" else without_mood(kept.value)
    content = all_tables(record, briefings.answer(kept).briefing)
    return _file(content, "application/zip", f"bounceback-{kept.today.isoformat()}.zip")


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
        messages.success(request, _("The address is taken back; it leads nowhere now."))
    return redirect("take-along")


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
    content = calendar_file(briefings.answer(kept).briefing, clock.now(), plain=found.plain)
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")


@receives
def keep_backup(request: HttpRequest) -> HttpResponse:
    """Give an encrypted backup; the passphrase is used once and kept nowhere."""
    kept = kept_for(request)
    if kept is None:
        raise Http404("no record yet")
    words, again = request.POST.get("passphrase", ""), request.POST.get("again", "")
    if words != again:
        fault = _("The two passphrases differ. Type them once more.")
        return _shown(request, kept, status=422, faults=[fault])
    try:
        content = backup.lock(kept.value, words)
    except UntrustedInputError as error:
        return _shown(request, kept, status=422, faults=[str(error)])
    return _file(content, "application/octet-stream", f"bounceback-{kept.today.isoformat()}.age")


def bring_backup(request: HttpRequest) -> HttpResponse:
    """Ask for an encrypted backup and its passphrase, and bring it in."""
    if request.method == "POST":
        return _bring(request)
    return render(request, "paper/bring_backup.html", {"kept": kept_for(request)})


@receives
def _bring(request: HttpRequest) -> HttpResponse:
    kept, file = kept_for(request), request.FILES.get("file")
    faults = []
    if file is None:
        faults = [_("Choose a file first; nothing was changed.")]
    elif kept is not None and request.POST.get("replace") != "yes":
        faults = [_("There is a record here already. Tick the box to replace it.")]
    else:
        try:
            # One byte more than allowed is read, so that too large is told from large.
            case = backup.unlock(file.read(backup.LARGEST + 1), request.POST.get("passphrase", ""))
        except UntrustedInputError as error:
            faults = [str(error)]
        except CaseError as error:
            faults = [str(fault) for fault in error.faults]
        else:
            owner = owner_of(request) or learner_store.local_owner()
            learner_store.begin(owner, case.record, _("A backup was brought in."))
            messages.success(request, _("Everything in the backup is here."))
            return redirect("today")
    return render(request, "paper/bring_backup.html", {"kept": kept, "faults": faults}, status=422)
