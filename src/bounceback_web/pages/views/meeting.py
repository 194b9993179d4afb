"""Adviser meeting: an agenda from the record, what was agreed, and what the adviser would see."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bounceback.errors import CaseError
from bounceback.records.schema import MEETING
from bounceback.services.look_back import advisor_agenda
from bounceback_web import briefings
from bounceback_web.pages import form_data
from bounceback_web.pages.decorators import (
    day_of,
    faults_by_key,
    kept_for,
    owner_of,
    page,
    receives,
    seen,
)
from bounceback_web.records import learner_store, models


@require_safe
@page
def meeting(request: HttpRequest, kept: learner_store.Kept) -> HttpResponse:
    """Show the agenda and the meetings so far."""
    return _shown(request, kept)


def _shown(
    request: HttpRequest, kept: learner_store.Kept, *, status: int = 200, **more: Any
) -> HttpResponse:
    b = briefings.answer(kept).briefing
    return render(
        request,
        "pages/meeting.html",
        {
            "kept": kept,
            "b": b,
            "agenda": advisor_agenda(b),
            "meetings": list(reversed(learner_store.rows(kept, "meetings"))),
            "given": {"date": b.as_of.isoformat(), "with": "my advisor"},
            **more,
        },
        status=status,
    )


@receives
def add(request: HttpRequest) -> HttpResponse:
    """Put down a meeting and what was agreed."""
    entry = form_data.entry(MEETING, request.POST, day_of(request))
    if "agreed" in entry:
        entry["agreed"] = entry["agreed"].replace("\r\n", "\n")

    try:
        learner_store.add(owner_of(request), "meetings", entry, _("A meeting was saved."))
    except CaseError as error:
        kept = kept_for(request)
        assert kept is not None
        return _shown(request, kept, status=422, given=request.POST, faults=faults_by_key(error))
    messages.success(request, _("Meeting saved. It opens your next agenda."))
    return redirect("meeting")


@receives
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a meeting out of the record."""
    owner = owner_of(request)
    row = learner_store.owned(models.Meeting, owner, pk=pk)

    def edit(case: dict[str, Any]) -> None:
        del case["meetings"][row.position]

    learner_store.amend(owner, edit, _("A meeting was removed."), seen=seen(request))
    return redirect("meeting")
