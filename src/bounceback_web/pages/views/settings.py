"""Settings: hours, resources, the exam; numbers shown or not; export, import, delete."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bounceback.errors import CaseError
from bounceback.local_storage import forecast_history
from bounceback.local_storage.card_collection import CardsBusy
from bounceback.records import without_mood, write_case
from bounceback.records.schema import COMMITMENT, DEADLINE, EXAM, LEARNER, RESOURCE
from bounceback.services import published_facts as facts
from bounceback.vocabulary import MINUTES_PER_HOUR, WEEKDAYS
from bounceback_web.cards import collection, collection_access
from bounceback_web.config import erase
from bounceback_web.pages import form_data
from bounceback_web.pages.decorators import (
    day_of,
    fault_lines,
    kept_for,
    owner_of,
    page,
    receives,
    seen,
)
from bounceback_web.records import learner_store, models

DAYS = dict(
    zip(
        WEEKDAYS,
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        strict=True,
    )
)


@require_safe
@page
def settings(request: HttpRequest, kept: learner_store.Kept) -> HttpResponse:
    """Show everything that can be set."""
    return _shown(request, kept)


def _shown(
    request: HttpRequest, kept: learner_store.Kept, *, status: int = 200, **more: Any
) -> HttpResponse:
    a = kept.value.availability
    minutes = a.minutes if a else {}
    return render(
        request,
        "pages/settings.html",
        {
            "kept": kept,
            "days": [
                (
                    key,
                    name,
                    "" if key not in minutes else f"{minutes[key] / MINUTES_PER_HOUR:g}",
                    ", ".join(
                        f"{w.start:%H:%M}-{w.end:%H:%M}"
                        for w in (a.windows.get(key, ()) if a else ())
                    ),
                )
                for key, name in DAYS.items()
            ],
            "availability": a,
            "goals": _goals(kept.value.exam.target_p_pass),
            "countries": sorted(
                {
                    (line.country, line.country_name)
                    for line in facts.support_lines(None)
                    if line.country != facts.ANYWHERE
                },
                key=lambda one: one[1],
            ),
            "hours_open": "faults" in more,
            "exam": kept.value.exam,
            "exam_name": facts.exam(kept.value.exam.id).name,
            "clearances": [
                rule
                for rule in facts.clearance_rules()
                if rule.exam in (None, "", kept.value.exam.id)
                or rule.id == kept.value.exam.clearance
            ],
            "learner": kept.value.learner,
            "history": list(kept.row.changes.order_by("-version")[:20]),
            **more,
        },
        status=status,
    )


def _goals(own: float | None) -> list[tuple[float, str]]:
    """Chances to aim at, in tenths; the student's own stands among them."""
    every = {n / 10: f"{n} in 10" for n in range(5, 10)} | {0.95: "95 in 100"}
    if own is not None and own not in every:
        every[own] = f"{round(100 * own)} in 100"
    return sorted(every.items())


def _refused(request: HttpRequest, error: CaseError) -> HttpResponse:
    kept = kept_for(request)
    assert kept is not None
    return _shown(request, kept, status=422, faults=fault_lines(error))


def _amend(request: HttpRequest, edit: Any, words: str, place: str) -> HttpResponse:
    try:
        learner_store.amend(owner_of(request), edit, words, seen=seen(request))
    except CaseError as error:
        return _refused(request, error)
    messages.success(request, words, extra_tags="undo")
    if place == "resources":
        return redirect("plan-resources")
    response = redirect("settings")
    response["Location"] += f"#{place}"
    return response


@receives
def keep_hours(request: HttpRequest) -> HttpResponse:
    """Keep hours by weekday, clock windows, the daily cap and days off."""
    post = request.POST

    def edit(case: dict[str, Any]) -> None:
        a = case.setdefault("availability", {"minutes": {}})
        a["minutes"], a["windows"] = {}, {}
        for day in WEEKDAYS:
            hours = form_data.number(post.get(f"hours-{day}", ""))
            if hours != "":
                a["minutes"][day] = (
                    hours if isinstance(hours, str) else round(hours * MINUTES_PER_HOUR)
                )
            windows = [w.strip() for w in post.get(f"windows-{day}", "").split(",") if w.strip()]
            if windows:
                a["windows"][day] = windows
        cap = form_data.number(post.get("cap", ""))
        a["max_minutes_per_day"] = (
            None if cap == "" else cap if isinstance(cap, str) else round(cap * MINUTES_PER_HOUR)
        )
        if "days_off" in post:
            a["days_off"] = [d for d in post["days_off"].replace(",", " ").split() if d]
        for key in ("windows", "days_off", "max_minutes_per_day"):
            if not a.get(key):
                a.pop(key, None)

    return _amend(request, edit, _("Study hours saved. Your plan is updated."), "hours")


@receives
def add_commitment(request: HttpRequest) -> HttpResponse:
    """Add time that is promised elsewhere."""
    entry = form_data.entry(COMMITMENT, request.POST, day_of(request))

    def edit(case: dict[str, Any]) -> None:
        a = case.setdefault("availability", {"minutes": {}})
        a.setdefault("commitments", []).append(entry)

    return _amend(request, edit, _("Commitment added. Your plan is updated."), "hours")


@receives
def add_resource(request: HttpRequest) -> HttpResponse:
    """Add something to study from."""
    entry = form_data.entry(RESOURCE, request.POST, day_of(request))

    def edit(case: dict[str, Any]) -> None:
        case.setdefault("resources", []).append(entry)

    return _amend(request, edit, _("Resource added. Your plan is updated."), "resources")


@receives
def remove_resource(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a resource out."""
    row = learner_store.owned(models.Resource, owner_of(request), pk=pk)

    def edit(case: dict[str, Any]) -> None:
        del case["resources"][row.position]

    return _amend(request, edit, _("Resource removed. Your plan is updated."), "resources")


@receives
def keep_exam(request: HttpRequest) -> HttpResponse:
    """Keep the window of days, the planned day, the school's rule and accommodations."""
    post = request.POST
    given = form_data.entry(EXAM, post)
    first, last = post.get("first", "").strip(), post.get("last", "").strip()

    def edit(case: dict[str, Any]) -> None:
        exam = case["exam"]
        for key in ("planned_date", "target_p_pass", "clearance", "accommodations"):
            exam[key] = given.get(key)
        exam["eligibility"] = {"first": first, "last": last} if first or last else None

    return _amend(request, edit, _("Exam saved. Your plan is updated."), "exam")


@receives
def add_deadline(request: HttpRequest) -> HttpResponse:
    """Add a day by which somebody needs something."""
    entry = form_data.entry(DEADLINE, request.POST, day_of(request))

    def edit(case: dict[str, Any]) -> None:
        case["exam"].setdefault("deadlines", []).append(entry)

    return _amend(request, edit, _("Deadline added."), "exam")


@receives
def keep_learner(request: HttpRequest) -> HttpResponse:
    """Keep the zone, the country, the state and the years."""
    given = form_data.entry(LEARNER, request.POST)

    def edit(case: dict[str, Any]) -> None:
        for key in ("time_zone", "country", "state", "degree_year", "apply_year"):
            case["learner"][key] = given.get(key)

    return _amend(request, edit, _("Saved."), "learner")


@receives
def show_numbers(request: HttpRequest) -> HttpResponse:
    """Show or hide every chance; the plan goes on either way."""
    shows = request.POST.get("numbers") == "show"
    kept = kept_for(request)
    if kept is not None:
        models.LearnerRecord.objects.filter(pk=kept.row.pk).update(shows_numbers=shows)
    response = redirect("settings")
    response["Location"] += "#numbers"
    return response


@receives
def keep_reminder(request: HttpRequest) -> HttpResponse:
    """Turn the daily reminder on at a time, or off."""
    kept = kept_for(request)
    response = redirect("settings")
    response["Location"] += "#reminder"
    if kept is None:
        return response
    at: time | None = None
    if request.POST.get("what") != "off":
        try:
            at = time.fromisoformat(request.POST.get("at", "").strip())
        except ValueError:
            messages.info(request, _("Choose a time, such as 8:00 AM."))
            return response
    models.LearnerRecord.objects.filter(pk=kept.row.pk).update(
        reminder_at=at.replace(second=0, microsecond=0, tzinfo=None) if at else None
    )
    messages.success(request, _("Reminder is on.") if at else _("Reminder is off."))
    return response


@require_safe
@page
def export(request: HttpRequest, kept: learner_store.Kept) -> HttpResponse:
    """Give the record as a case file, TOML or JSON.

    The answers to the short form on mood are in it where ``?mood=yes`` asks for them;
    ``?private=no`` leaves every check-in out.
    """
    as_json = request.GET.get("form") == "json"
    record = kept.value if request.GET.get("mood") == "yes" else without_mood(kept.value)
    if request.GET.get("private") == "no":
        record = replace(record, checkins=())
    kind, ending = ("application/json", "json") if as_json else ("application/toml", "toml")
    response = HttpResponse(write_case(record, json=as_json), content_type=f"{kind}; charset=utf-8")
    name = f"bounceback-{kept.today.isoformat()}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def delete(request: HttpRequest) -> HttpResponse:
    """Ask once more, then delete everything."""
    if request.method == "POST":
        return _delete(request)
    return render(request, "pages/delete.html", {"kept": kept_for(request)})


@receives
def _delete(request: HttpRequest) -> HttpResponse:
    if " ".join(request.POST.get("sure", "").lower().split()) != "delete everything":
        messages.info(request, _("Nothing was deleted. Type the words delete everything."))
        return redirect("delete")
    try:
        collection_access.delete_everything()
    except CardsBusy:
        messages.info(
            request,
            _("A deck is still importing. Wait a minute, then delete again."),
        )
        return redirect("delete")
    collection.forget()
    learner_store.delete_everything(owner_of(request))
    forecast_history.forget(collection_access.folder())
    erase.beside_the_record(owner_of(request))
    messages.success(request, _("Everything is deleted. You can start again any time."))
    response = redirect("welcome")
    response["Clear-Site-Data"] = '"cache", "storage"'  # what the browser kept aside, too
    return response
