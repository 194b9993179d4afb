"""Outlook: the residency match after a failure, opened when the learner asks for it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bounceback.residency_match import outlook as look
from bounceback_web.pages.decorators import page
from bounceback_web.records import learner_store


@require_safe
@page
def outlook(request: HttpRequest, kept: learner_store.Kept) -> HttpResponse:
    """Show an invitation, and what is known once ``?open=yes`` was asked for."""
    found = look(kept.value, kept.today, asked=request.GET.get("open") == "yes")
    return render(
        request, "pages/outlook.html", {"kept": kept, "o": found, "sections": found.sections()}
    )
