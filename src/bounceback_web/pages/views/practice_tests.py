"""Practice tests: enter one, see each beside the official report, and the days of those unused."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bounceback import facts
from bounceback.appraisal import compare_reports
from bounceback.errors import CaseError, FactUnknown
from bounceback.records.schema import FORM, LEDGER
from bounceback_web import briefings
from bounceback_web.pages import charts, form_data
from bounceback_web.pages.decorators import faults_by_key, kept_for, owner_of, page, receives, seen
from bounceback_web.records import learner_store, models


@require_safe
@page
def tests(request: HttpRequest, kept: learner_store.Kept) -> HttpResponse:
    """Show the tests taken, the ledger, and the form for a new one."""
    return _shown(request, kept)


def _families(kept: learner_store.Kept) -> list[facts.FormFamily]:
    exam = kept.value.exam.id
    return [facts.form_family(family, exam) for family in facts.form_families(exam)]


def _areas(kept: learner_store.Kept, family: str) -> list[str]:
    try:
        return list(facts.report_areas(family, kept.value.exam.id, kept.today))
    except FactUnknown:
        return []


def _shown(
    request: HttpRequest,
    kept: learner_store.Kept,
    *,
    status: int = 200,
    given: Any = None,
    faults: dict[str, list[str]] | None = None,
) -> HttpResponse:
    b = briefings.answer(kept).briefing
    families = _families(kept)
    compared = compare_reports(b.record, b.as_of)
    areas = compared.areas if compared else ()
    if given is None:
        given = QueryDict(mutable=True)
        given.update({"date": kept.today.isoformat(), "timed": "on"})
    known = sorted({area for f in families for area in _areas(kept, f.id)})
    return render(
        request,
        "pages/tests.html",
        {
            "kept": kept,
            "b": b,
            "ahead": sorted(b.plan.ledger, key=lambda e: (e.date is None, e.date or b.as_of)),
            "rows": list(reversed(learner_store.rows(kept, "forms"))),
            "owned": learner_store.rows(kept, "ledger"),
            "families": families,
            "names": {f.id: f.name for f in families},
            "areas": known,
            "given": given,
            "faults": faults or {},
            "trend": charts.score_trend(b),
            "compared": compared,
            "to_act_on": [a for a in areas if a.agreement in ("act", "look-again")],
        },
        status=status,
    )


def _refused(request: HttpRequest, error: CaseError) -> HttpResponse:
    kept = kept_for(request)
    assert kept is not None
    return _shown(request, kept, status=422, given=request.POST, faults=faults_by_key(error))


@receives
def add(request: HttpRequest) -> HttpResponse:
    """Add a practice test that was taken; a used form leaves the list of unused ones."""
    entry = form_data.entry(FORM, request.POST)

    def edit(case: dict[str, Any]) -> None:
        case.setdefault("forms", []).append(entry)
        same = {"family": entry.get("family"), "form": entry.get("form")}
        case["ledger"] = [owned for owned in case.get("ledger", []) if owned != same]

    label = f"{entry.get('family', '')} {entry.get('form', '')}".strip()
    words = _("Practice test %(label)s was entered.") % {"label": label}
    try:
        learner_store.amend(owner_of(request), edit, words)
    except CaseError as error:
        return _refused(request, error)
    messages.success(request, words + " " + _("The forecast and the plan are re-made with it."))
    return redirect("tests")


@receives
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a practice test out of the record."""
    owner = owner_of(request)
    row = learner_store.owned(models.Form, owner, pk=pk)
    words = _("Practice test %(label)s was taken out.") % {"label": f"{row.family} {row.form}"}

    def edit(case: dict[str, Any]) -> None:
        del case["forms"][row.position]

    learner_store.amend(owner, edit, words, seen=seen(request))
    messages.success(request, words)
    return redirect("tests")


@receives
def own(request: HttpRequest) -> HttpResponse:
    """Add a form that the learner owns and has not used."""
    entry = form_data.entry(LEDGER, request.POST)

    def edit(case: dict[str, Any]) -> None:
        case.setdefault("ledger", []).append(entry)

    try:
        learner_store.amend(owner_of(request), edit, _("An unused practice test was added."))
    except CaseError as error:
        return _refused(request, error)
    messages.success(request, _("Added. The plan gives it a day, or says why not."))
    return redirect("tests")


@receives
def disown(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an unused form out of the list."""
    owner = owner_of(request)
    row = learner_store.owned(models.OwnedForm, owner, pk=pk)

    def edit(case: dict[str, Any]) -> None:
        del case["ledger"][row.position]

    learner_store.amend(
        owner, edit, _("An unused practice test was taken out."), seen=seen(request)
    )
    return redirect("tests")
