"""Exam results: each attempt with its outcome. Forecast, plan and past forecasts follow."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bounceback.errors import CaseError, FactUnknown
from bounceback.records.schema import ATTEMPT
from bounceback.services import published_facts as facts
from bounceback.vocabulary import EXAM_IDS
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

OUTCOMES: Final = {
    "pass": _("Passed"),
    "fail": _("Not passed"),
    "awaiting": _("Result not out yet"),
    "incomplete": _("Not finished, or not scored"),
}
"""What a report says, as a learner would say it."""

DISTANCES: Final = {
    "near": _("Near the line"),
    "moderate": _("Some way under it"),
    "far": _("Far under it"),
}
LEVELS: Final = {"lower": _("lower"), "same": _("the same"), "higher": _("higher")}


@require_safe
@page
def exam_results(request: HttpRequest, kept: learner_store.Kept) -> HttpResponse:
    """Show the attempts and the form for one more."""
    return _shown(request, kept)


def _shown(
    request: HttpRequest, kept: learner_store.Kept, *, status: int = 200, **more: Any
) -> HttpResponse:
    exam = kept.value.exam
    given = {"exam": exam.id, "date": ""}
    if exam.planned_date is not None and exam.planned_date <= kept.today:
        given["date"] = exam.planned_date.isoformat()
    try:
        areas = list(facts.report_areas("official", exam.id, kept.today))
    except FactUnknown:
        areas = []
    return render(
        request,
        "pages/exam_results.html",
        {
            "kept": kept,
            "rows": list(reversed(learner_store.rows(kept, "attempts"))),
            "exams": {one: facts.exam(one).name for one in EXAM_IDS},
            "outcomes": OUTCOMES,
            "distances": DISTANCES,
            "levels": LEVELS,
            "given": given,
            "areas": [(area, request.POST.get(f"profile-{area}", "")) for area in areas],
            **more,
        },
        status=status,
    )


@receives
def add(request: HttpRequest) -> HttpResponse:
    """Add an attempt. A planned date on or before it is planned no longer."""
    entry = form_data.entry(ATTEMPT, request.POST, day_of(request))
    profile = {
        name.removeprefix("profile-"): level
        for name, level in request.POST.items()
        if name.startswith("profile-") and level
    }
    if profile:
        entry["profile"] = profile

    def edit(case: dict[str, Any]) -> None:
        case["attempts"] = sorted(
            [*case.get("attempts", []), entry], key=lambda a: str(a.get("date", ""))
        )
        planned = case["exam"].get("planned_date")
        if entry.get("exam") == case["exam"]["id"] and planned and planned <= entry.get("date", ""):
            del case["exam"]["planned_date"]

    try:
        learner_store.amend(owner_of(request), edit, _("An exam result was added."))
    except CaseError as error:
        kept = kept_for(request)
        assert kept is not None
        return _shown(request, kept, status=422, given=request.POST, faults=faults_by_key(error))
    messages.success(request, _("Saved. Your chances and plan are updated."))
    return redirect("starting-point" if entry.get("outcome") == "fail" else "today")


@receives
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove an attempt."""
    owner = owner_of(request)
    row = learner_store.owned(models.Attempt, owner, pk=pk)

    def edit(case: dict[str, Any]) -> None:
        del case["attempts"][row.position]

    learner_store.amend(owner, edit, _("An exam result was removed."), seen=seen(request))
    return redirect("exam-results")
