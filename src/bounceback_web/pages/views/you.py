"""You: the pages about the person, as a list."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bounceback_web.pages.decorators import page
from bounceback_web.records import learner_store

ROWS = (
    ("look-within", "Look back", "What happened last time, and what we changed because of it"),
    ("checkin", "Check-in", "One minute. Private."),
    ("reason", "My reason", "Why you are doing this, in your words"),
    ("meeting", "Advisor meeting", "What to ask, and what you agreed"),
    ("outlook", "Match", "What programs look at, and what you can still change"),
    ("sittings", "Exam results", "Your attempts and what your reports said"),
    ("blocks", "Question log", "Blocks, missed questions and takeaways"),
    ("take-along", "Export", "Two-page summary, calendar file, encrypted backup"),
    ("settings", "Settings", "Exam, dates, what is shown, your data"),
)
"""Name of each page's address, its title, and one line about it."""


@require_safe
@page
def you(request: HttpRequest, kept: learner_store.Kept) -> HttpResponse:
    """Show the list."""
    return render(request, "pages/you.html", {"kept": kept, "rows": ROWS})
