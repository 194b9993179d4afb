"""My reason: what the learner is fighting for, in their own words."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bounceback.errors import CaseError
from bounceback.services.look_back import reflection
from bounceback_web import briefings
from bounceback_web.pages.decorators import faults_by_key, kept_for, owner_of, page, receives, seen
from bounceback_web.records import learner_store


@require_safe
@page
def reason(request: HttpRequest, kept: learner_store.Kept) -> HttpResponse:
    """Show the reason, and where it can be written anew."""
    given = kept.value.learner.reason or ""
    return render(
        request,
        "pages/reason.html",
        {
            "kept": kept,
            "given": given,
            "card": briefings.card_for_words(kept),
            "steps": reflection(),
        },
    )


@receives
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the reason; an empty one takes it away."""
    given = request.POST.get("reason", "").replace("\r\n", "\n").strip()

    def edit(case: dict[str, Any]) -> None:
        case["learner"]["reason"] = given or None

    try:
        learner_store.amend(owner_of(request), edit, _("My reason was saved."), seen=seen(request))
    except CaseError as error:
        context = {
            "kept": kept_for(request),
            "given": given,
            "steps": reflection(),
            "faults": faults_by_key(error),
        }
        return render(request, "pages/reason.html", context, status=422)
    messages.success(request, _("Saved. It comes back on a hard day."))
    return redirect("reason")
