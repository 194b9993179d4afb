"""Match: what a failed attempt means for the residency match, opened when it is asked for."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bounceback.services.single_questions import match_outlook as look
from bounceback.services.values import Outlook
from bounceback_web.pages.decorators import page
from bounceback_web.records import learner_store

QUESTIONS: Final = (
    (_("Will I be filtered out?"), ("facts", "position", "past")),
    (_("What can I still change?"), ("first", "change", "levers", "parallel")),
    (_("What can I say about it?"), ("explain",)),
    (_("How many people matched?"), ("rates", "others")),
    (_("This cycle or the next?"), ("timing",)),
    (_("What nobody publishes"), ("not_published",)),
    (_("What is next?"), ("next",)),
)
"""Questions of an applicant, and the sections that answer each."""


@require_safe
@page
def outlook(request: HttpRequest, kept: learner_store.Kept) -> HttpResponse:
    """Show an invitation, and what is known once ``?open=yes`` was asked for."""
    found = look(kept.value, kept.today, asked=request.GET.get("open") == "yes")
    sections = found.sections()
    by_id = {section.id: section for section in sections}
    folded = [
        {"question": question, "sections": [by_id[i] for i in ids if i in by_id]}
        for question, ids in QUESTIONS
    ]
    return render(
        request,
        "pages/outlook.html",
        {
            "kept": kept,
            "o": found,
            "sections": sections,
            "month": things_this_month(found),
            "folded": [one for one in folded if one["sections"]],
        },
    )


def things_this_month(found: Outlook) -> list[tuple[str, str]]:
    """One thing to change, one to explain and one that won't change."""
    lists = (
        (_("What you can still change"), (*found.levers[1:], *found.change)),
        (_("What you can explain"), found.explain),
        (_("What won’t change"), found.past),
    )
    return [
        (title, next(f"{entry.title}: {entry.do}" for entry in entries if entry.do))
        for title, entries in lists
        if any(entry.do for entry in entries)
    ]
