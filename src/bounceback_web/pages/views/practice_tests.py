"""Practice tests: add one and see what it changes, tests left, tests taken."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bounceback.errors import CaseError, FactError, FactUnknown
from bounceback.messages import practice_tests as words
from bounceback.messages.practice_test_names import practice_test_name
from bounceback.records.schema import FORM, LEDGER
from bounceback.services import published_facts as facts
from bounceback.services.look_back import reports_compared
from bounceback.services.values import FormFamily
from bounceback_web import briefings
from bounceback_web.pages import charts, form_data, presenters, reveal, wording
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
def tests(request: HttpRequest, kept: learner_store.Kept) -> HttpResponse:
    """Show the tests taken, the tests left, and the form for a new one."""
    return _shown(request, kept)


def _families(kept: learner_store.Kept) -> list[FormFamily]:
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
    exam = kept.value.exam.id
    families = _families(kept)
    compared = reports_compared(b)
    areas = compared.areas if compared else ()
    if given is None:
        given = QueryDict(mutable=True)
        given.update({"date": kept.today.isoformat(), "timed": "on"})
    known = sorted({area for f in families for area in _areas(kept, f.id)})
    ahead = sorted(b.plan.ledger, key=lambda e: (e.date is None, e.date or b.as_of))
    return render(
        request,
        "pages/tests.html",
        {
            "kept": kept,
            "b": b,
            "numbers": kept.row.shows_numbers,
            "ahead": [(e, practice_test_name(e.family, e.form, exam)) for e in ahead],
            "rows": [
                (row, practice_test_name(row.family, row.form, exam), _unit(row.family, exam))
                for row in reversed(learner_store.rows(kept, "forms"))
            ],
            "owned": [
                (row, practice_test_name(row.family, row.form, exam))
                for row in learner_store.rows(kept, "ledger")
            ],
            "families": families,
            "areas": known,
            "given": given,
            "faults": faults or {},
            "trend": charts.score_trend(b),
            "compared": compared,
            "to_act_on": [a for a in areas if a.agreement in ("act", "look-again")],
        },
        status=status,
    )


def _unit(family: str, exam: str) -> str:
    try:
        return "%" if facts.form_family(family, exam).scale in ("epc", "percent") else ""
    except FactError:
        return ""


def _refused(request: HttpRequest, faults: dict[str, list[str]]) -> HttpResponse:
    kept = kept_for(request)
    assert kept is not None
    return _shown(request, kept, status=422, given=request.POST, faults=faults)


def _checked(kept: learner_store.Kept, entry: dict[str, Any]) -> dict[str, list[str]]:
    """Return what a new practice test has to put right before it is kept, by field."""
    fmt = wording.format_for(kept)
    found: dict[str, list[str]] = {}
    taken: date | None = None
    try:
        taken = date.fromisoformat(str(entry.get("date", "")))
    except ValueError:
        found["date"] = [words.no_date()]
    if taken is not None and taken > kept.today:
        found["date"] = [words.future_date(taken, fmt)]
    if not entry.get("form"):
        found["form"] = [words.no_form()]
    same = [
        f
        for f in kept.value.forms
        if (f.family, f.form) == (entry.get("family"), entry.get("form"))
    ]
    if same and not entry.get("repeat"):
        name = practice_test_name(same[-1].family, same[-1].form, kept.value.exam.id)
        found["repeat"] = [words.taken_twice(name, same[-1].date, fmt)]
    score = entry.get("score")
    if isinstance(score, str):
        found["score"] = [words.not_a_number(score)]
    elif score is not None:
        try:
            family = facts.form_family(str(entry.get("family")), kept.value.exam.id)
        except FactError:
            return found
        if not family.low <= score <= family.high:
            exam = facts.exam(kept.value.exam.id).short_name
            found["score"] = [words.score_off_scale(float(score), family, exam)]
    return found


@receives
def add(request: HttpRequest) -> HttpResponse:
    """Add a practice test that was taken, then show what it changes.

    A test that was unused leaves the list of tests left.
    """
    entry = form_data.entry(FORM, request.POST, day_of(request))
    kept = kept_for(request)
    if kept is not None and (faults := _checked(kept, entry)):
        return _refused(request, faults)

    def edit(case: dict[str, Any]) -> None:
        case.setdefault("forms", []).append(entry)
        same = {"family": entry.get("family"), "form": entry.get("form")}
        case["ledger"] = [owned for owned in case.get("ledger", []) if owned != same]

    name = practice_test_name(str(entry.get("family", "")), str(entry.get("form", "")))
    words_of_change = _("%(name)s was added.") % {"name": name}
    try:
        learner_store.amend(owner_of(request), edit, words_of_change)
    except CaseError as error:
        return _refused(request, faults_by_key(error))
    kept = kept_for(request)
    assert kept is not None
    newest = learner_store.rows(kept, "forms")[-1]
    return redirect("tests-reveal", pk=newest.pk)


@require_safe
@page
def shown(request: HttpRequest, kept: learner_store.Kept, pk: int) -> HttpResponse:
    """Show what one practice test changed: the score, what was expected, before and after."""
    rows = learner_store.rows(kept, "forms")
    position = next((i for i, row in enumerate(rows) if row.pk == pk), None)
    if position is None:
        raise Http404("no such practice test")
    answer = briefings.answer(kept)
    passed = presenters.passed_attempt(answer.briefing)
    fmt = wording.format_for(kept)
    return render(
        request,
        "pages/test_reveal.html",
        {
            "kept": kept,
            "pk": pk,
            "card": answer.card,
            "numbers": kept.row.shows_numbers and passed is None,
            **reveal.page_values(kept, position, answer.briefing, fmt),
        },
    )


@receives
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a practice test."""
    owner = owner_of(request)
    row = learner_store.owned(models.Form, owner, pk=pk)
    name = practice_test_name(row.family, row.form)
    words_of_change = _("%(name)s was removed.") % {"name": name}

    def edit(case: dict[str, Any]) -> None:
        del case["forms"][row.position]

    learner_store.amend(owner, edit, words_of_change, seen=seen(request))
    messages.success(request, words_of_change + " " + _("Your plan is updated."))
    return redirect("tests")


@receives
def own(request: HttpRequest) -> HttpResponse:
    """Add a test that the student has and has not used."""
    entry = form_data.entry(LEDGER, request.POST, day_of(request))

    def edit(case: dict[str, Any]) -> None:
        case.setdefault("ledger", []).append(entry)

    try:
        learner_store.amend(owner_of(request), edit, _("An unused practice test was added."))
    except CaseError as error:
        return _refused(request, faults_by_key(error))
    messages.success(request, _("Test added. Your plan gives it a date, or says why not."))
    return redirect("tests")


@receives
def disown(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove an unused test from the list."""
    owner = owner_of(request)
    row = learner_store.owned(models.OwnedForm, owner, pk=pk)

    def edit(case: dict[str, Any]) -> None:
        del case["ledger"][row.position]

    learner_store.amend(owner, edit, _("An unused practice test was removed."), seen=seen(request))
    return redirect("tests")
