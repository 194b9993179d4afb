"""Chances: the date line, the dates side by side, rules, our agreement, the evidence."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bounceback.errors import CaseError
from bounceback.messages import chances as words
from bounceback.records.schema import PACT
from bounceback.services import published_facts as facts
from bounceback_web import briefings, forecast_history
from bounceback_web.pages import (
    chances_values,
    charts,
    date_choices,
    form_data,
    presenters,
    wording,
)
from bounceback_web.pages.date_line_values import Shown
from bounceback_web.pages.decorators import (
    day_of,
    faults_by_key,
    kept_for,
    owner_of,
    page,
    receives,
    seen,
)
from bounceback_web.records import learner_store


@require_safe
@page
def chances(request: HttpRequest, kept: learner_store.Kept) -> HttpResponse:
    """Show the chances by date, and what decides between the dates."""
    return _shown(request, kept)


@require_safe
def moved(request: HttpRequest) -> HttpResponse:
    """Lead from an old address to this page."""
    return redirect("chances", permanent=True)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _shown(
    request: HttpRequest, kept: learner_store.Kept, *, status: int = 200, **more: Any
) -> HttpResponse:
    found = briefings.answer(kept)
    b = found.briefing
    passed = presenters.passed_attempt(b)
    fmt = wording.format_for(kept)
    context: dict[str, Any] = {
        "kept": kept,
        "b": b,
        "card": found.card,
        "passed": passed,
        "exam_name": facts.exam(b.record.exam.id).name,
        "numbers": kept.row.shows_numbers,
        "pact": b.record.decision.pact,
        "given": _agreement_fields(b),
        "faults": {},
    }
    asked = passed.date if passed else (date_choices.my_date(b) or b.plan.test_date)
    track = forecast_history.track(kept)
    context |= {
        "earlier": forecast_history.said_before(kept, asked),
        "track": track,
        "reliability": charts.reliability(track) if track else None,
    }
    if passed is None:
        wanted = _day(request.GET.get("date"))
        other = _day(request.GET.get("compare"))
        trying = request.GET.get("try") == "1"
        context |= chances_values.ready_page_values(
            b, fmt, Shown(wanted, trying, None, people=kept.row.shows_numbers), other
        )
        if kept.row.shows_numbers:
            context |= {"trend": charts.score_trend(b), "grid": charts.area_grid(b)}
    return render(request, "pages/chances.html", {**context, **more}, status=status)


def _agreement_fields(b: Any) -> dict[str, Any]:
    pact = b.record.decision.pact
    return {"rule": pact.rule if pact else "", "date": pact.date if pact else ""}


def _refused(request: HttpRequest, error: CaseError, **more: Any) -> HttpResponse:
    kept = kept_for(request)
    assert kept is not None  # amend() answers 404 where there is none
    return _shown(request, kept, status=422, faults=faults_by_key(error), **more)


@receives
def keep_agreement(request: HttpRequest) -> HttpResponse:
    """Keep what the student will do, and the day on which it is decided."""
    pact = form_data.entry(PACT, request.POST, day_of(request))

    def edit(case: dict[str, Any]) -> None:
        case.setdefault("decision", {})["pact"] = pact

    try:
        learner_store.amend(
            owner_of(request), edit, _("Our agreement was saved."), seen=seen(request)
        )
    except CaseError as error:
        return _refused(request, error, given=request.POST)
    messages.success(request, _("Agreement saved. It will be here on that day."))
    return redirect("chances")


@receives
def keep_priorities(request: HttpRequest) -> HttpResponse:
    """Keep how much each cost matters: a named set, or numbers of one's own."""
    preset = next((p for p in words.PRESETS if p.id == request.POST.get("preset")), None)
    typed = {name: request.POST.get(name, "").strip() for name in words.PRIORITIES}
    given = {name: form_data.number(text) for name, text in typed.items() if text}
    if preset is not None:
        given["failed_attempt"] = preset.failed_attempt

    def edit(case: dict[str, Any]) -> None:
        case.setdefault("decision", {})["weights"] = given

    try:
        learner_store.amend(
            owner_of(request), edit, _("Your priorities were changed."), seen=seen(request)
        )
    except CaseError as error:
        return _refused(request, error)
    messages.success(request, _("Priorities updated. The advice follows them."))
    return redirect("chances")


@receives
def choose_date(request: HttpRequest) -> HttpResponse:
    """Make a date the student's own: the plan leads to it."""
    given = request.POST.get("date", "").strip()

    def edit(case: dict[str, Any]) -> None:
        case["exam"]["planned_date"] = given or None

    try:
        learner_store.amend(
            owner_of(request), edit, _("Your test date was changed."), seen=seen(request)
        )
    except CaseError as error:
        return _refused(request, error)
    kept = kept_for(request)
    day = _day(given)
    if kept is not None and day is not None:
        text = wording.format_for(kept).day(day, weekday=True)
        messages.success(request, _("Your plan now leads to %(day)s.") % {"day": text})
    else:
        messages.success(request, _("Saved. You have no test date now."))
    return redirect("chances")
