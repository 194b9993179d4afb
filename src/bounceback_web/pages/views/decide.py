"""Decide: dates side by side, the rules, what each costs; the advice last; the pact."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bounceback import facts
from bounceback.errors import CaseError
from bounceback.messages import briefing_text
from bounceback.records.schema import PACT
from bounceback_web import briefings
from bounceback_web.pages import form_data, presenters
from bounceback_web.pages.decorators import faults_by_key, kept_for, owner_of, page, receives, seen
from bounceback_web.records import learner_store


@require_safe
@page
def decide(request: HttpRequest, kept: learner_store.Kept) -> HttpResponse:
    """Show the dates."""
    return _shown(request, kept)


def _shown(
    request: HttpRequest, kept: learner_store.Kept, *, status: int = 200, **more: Any
) -> HttpResponse:
    found = briefings.answer(kept)
    b = found.briefing
    pact = b.record.decision.pact
    return render(
        request,
        "pages/decide.html",
        {
            "kept": kept,
            "b": b,
            "d": b.decision,
            "advice": b.decision.headline,
            "passed": presenters.passed_sitting(b),
            "exam_name": facts.exam(b.record.exam.id).name,
            "card": found.card,
            "pact": pact,
            "weighed": [
                (name, briefing_text.WEIGHTS[name], f"{value:.15g}")
                for name, value in b.decision.weights.items()
            ],
            "fees": briefing_text.fee_sentences(b),
            "given": {"rule": pact.rule if pact else "", "date": pact.date if pact else ""},
            **more,
        },
        status=status,
    )


@receives
def keep_pact(request: HttpRequest) -> HttpResponse:
    """Keep the rule and the day that student and adviser agree in advance."""
    pact = form_data.entry(PACT, request.POST)

    def edit(case: dict[str, Any]) -> None:
        case.setdefault("decision", {})["pact"] = pact

    try:
        learner_store.amend(
            owner_of(request), edit, _("The pact was written down."), seen=seen(request)
        )
    except CaseError as error:
        return _refused(request, error, given=request.POST)
    messages.success(request, _("Written down. On that day it stands here, beside how you feel."))
    return redirect("decide")


@receives
def keep_weights(request: HttpRequest) -> HttpResponse:
    """Keep what a failed attempt, a week and a deadline count for the learner."""
    typed_in = {name: request.POST.get(name, "").strip() for name in briefing_text.WEIGHTS}
    given = {name: form_data.number(text) for name, text in typed_in.items() if text}

    def edit(case: dict[str, Any]) -> None:
        case.setdefault("decision", {})["weights"] = given

    told = _("What is weighed was changed.")
    try:
        learner_store.amend(owner_of(request), edit, told, seen=seen(request))
    except CaseError as error:
        return _refused(request, error)
    messages.success(request, _("Weighed anew, with your numbers."))
    return redirect("decide")


@receives
def choose_date(request: HttpRequest) -> HttpResponse:
    """Take a date as the one to plan for."""
    given = request.POST.get("date", "").strip()

    def edit(case: dict[str, Any]) -> None:
        case["exam"]["planned_date"] = given or None

    told = _("The plan is made for another date.")
    try:
        learner_store.amend(owner_of(request), edit, told, seen=seen(request))
    except CaseError as error:
        return _refused(request, error)
    messages.success(request, _("The plan is re-made for this date. Undo stands on Today."))
    return redirect("decide")


def _refused(request: HttpRequest, error: CaseError, **more: Any) -> HttpResponse:
    kept = kept_for(request)
    assert kept is not None  # amend() answers 404 where there is none
    return _shown(request, kept, status=422, faults=faults_by_key(error), **more)
