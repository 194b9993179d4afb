"""You: look back, match, the advisor meeting and the check-in, then the other pages as rows."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bounceback.messages.appraisal import CONFIDENCE, dimension_title
from bounceback.services.look_back import advisor_agenda
from bounceback.services.single_questions import match_outlook
from bounceback_web import briefings
from bounceback_web.pages import presenters
from bounceback_web.pages.decorators import page
from bounceback_web.pages.views.outlook import things_this_month
from bounceback_web.records import learner_store

ROWS: Final = (
    ("checkin", "Check-in", "How was this week? Private, never shared."),
    ("reason", "My reason", "What you are doing this for, in your words"),
    ("exam-results", "Exam results", "Your attempts and what your reports said"),
    ("blocks", "Question log", "Blocks, missed questions and takeaways"),
    ("take-along", "Export and your data", "Two pages, calendar file, encrypted backup"),
    ("settings", "Settings", "Exam, dates, what is shown"),
)
"""Name of each page's address, its title, and one line about it."""


@require_safe
@page
def you(request: HttpRequest, kept: learner_store.Kept) -> HttpResponse:
    """Show the largest finding, the next meeting, and the way to everything else."""
    answer = briefings.answer(kept)
    b = answer.briefing
    failed = any(a.outcome == "fail" for a in b.record.attempts)
    context: dict[str, Any] = {
        "kept": kept,
        "b": b,
        "card": answer.card,
        "rows": ROWS,
        "passed": presenters.passed_attempt(b),
        "finding": next(iter(b.appraisal.largest), None),
        "in_plan": [w.prescription for w in b.at_work],
        "done_well": b.appraisal.done_well,
        "confidence": CONFIDENCE,
        "titles": {f.dimension: dimension_title(f.dimension) for f in b.appraisal.largest},
        "failed": failed,
        "agenda": advisor_agenda(b),
        "meeting": max(
            (m for m in b.record.meetings if m.date <= b.as_of), key=lambda m: m.date, default=None
        ),
    }
    if failed:
        found = match_outlook(kept.value, kept.today)
        if not found.closed:
            context["month"] = things_this_month(found)
    return render(request, "pages/you.html", context)
