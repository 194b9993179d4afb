"""Today: the days left, the next stretch of work with its reason, and a way through hard days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bounceback import facts
from bounceback.appraisal import SupportCard, reason_at
from bounceback.messages import briefing_text
from bounceback.planning import Session
from bounceback.planning.models import DAY_LEVELS
from bounceback_web import briefings, clock
from bounceback_web.pages import presenters
from bounceback_web.pages.decorators import kept_for, owner_of, page, receives
from bounceback_web.records import learner_store, models

QUIT_TIPS = {
    "finished": _("Good. The next stretch is when it says, not before."),
    "tired": _("Ten minutes away from the desk, then a short stretch or none. Both are fine."),
    "too hard": _("Read the explanations of five questions first, then try five more, untimed."),
    "phone": _("Put it in another room for the next stretch; that helps more than willpower."),
    "something came up": _("Noted. The rest of the day was fitted around it."),
}
"""Why a session stopped, and the one tip that comes back."""


@require_safe
@page
def today(request: HttpRequest, kept: learner_store.Kept) -> HttpResponse:
    """Show the day."""
    found = briefings.answer(kept)
    b = found.briefing
    sessions = [s for s in b.plan.sessions if s.date == b.as_of]
    work = [s for s in sessions if s.minutes > 0 and s.kind != "buffer"]
    open_ = [s for s in work if not s.done_minutes]
    later = next((s for s in b.plan.sessions if s.date > b.as_of and s.minutes > 0), None)
    timer = getattr(kept.row, "timer", None)
    running = timer and next((s for s in sessions if s.id == timer.session), None)
    named, own = presenters.planned_for(b), presenters.named_day(b)
    return render(
        request,
        "pages/today.html",
        {
            "kept": kept,
            "b": b,
            "passed": presenters.passed_sitting(b),
            "exam_name": facts.exam(b.record.exam.id).name,
            "waiting_since": presenters.waiting_since(b),
            "days_left": (b.plan.test_date - b.as_of).days,
            "next": running or (open_[0] if open_ else None),
            "others": [s for s in work if s is not (running or (open_[0] if open_ else None))],
            "done": [s for s in work if s.done_minutes],
            "later": later,
            "running": running,
            "timer": timer if running else None,
            "minutes_run": _minutes_since(timer) if running and timer else 0,
            "level": briefings.level_of(kept),
            "chance": briefing_text.chance_sentence(named) if named else "",
            "own_date": own if own is not named else None,
            "card": _people_first(kept, found),
            "reason": reason_at(kept.value, "hard-day"),
            "last": kept.row.last_change,
            "quit_reasons": list(QUIT_TIPS),
            "not_noted": _not_noted(kept),
            "moved": presenters.changes_in_words(b) if found.follows else [],
        },
    )


def _people_first(kept: learner_store.Kept, found: briefings.Answer) -> SupportCard | None:
    """Return the card where a moment asks for it; a low chance asks on pages that show one."""
    shows_chance = kept.row.shows_numbers and found.briefing.decision.advice != "remediate"
    if found.card is None or (found.card.moments == ("low-forecast",) and not shows_chance):
        return None
    return found.card


def _not_noted(kept: learner_store.Kept) -> list[date]:
    """Days of the last week with planned work of which nothing is known."""
    first = kept.today - timedelta(days=7)
    unknown: dict[date, bool] = {}
    for entry in kept.value.plan:
        if first <= entry.date < kept.today and entry.activity and entry.minutes:
            unknown[entry.date] = unknown.get(entry.date, True) and entry.done_minutes is None
    told = {s.date for s in kept.value.study} | {b.date for b in kept.value.blocks}
    return sorted(day for day, open_ in unknown.items() if open_ and day not in told)


def _minutes_since(timer: models.Timer) -> int:
    return max(1, round((clock.now() - timer.started_at).total_seconds() / 60))


def planned_session(kept: learner_store.Kept, session_id: str) -> Session:
    """Return a session of today's plan, or as an earlier version of this day showed it."""
    b = briefings.answer(kept).briefing
    for found in b.plan.sessions:
        if found.id == session_id:
            return found
    shown = models.Shown.objects.filter(record=kept.row, day=b.as_of).order_by("-version")
    for earlier in shown:
        for kept_keys in earlier.sessions:
            if kept_keys["id"] == session_id:
                return presenters.session_from_keys(kept_keys)
    raise Http404("no such session in today's plan")


@receives
def done(request: HttpRequest) -> HttpResponse:
    """Note the minutes of a session; a timer on it ends."""
    kept = _kept(request)
    session = planned_session(kept, request.POST.get("session", ""))
    minutes = _minutes(request.POST.get("minutes", ""), session.minutes)
    entry = replace(session.to_planned(), done_minutes=minutes)
    title = presenters.session_title(session)
    learner_store.change(
        owner_of(request),
        lambda record: learner_store.with_session(record, entry),
        _("%(minutes)d minutes of %(title)s noted.") % {"minutes": minutes, "title": title},
    )
    models.Timer.objects.filter(record=kept.row, session=session.id).delete()
    reason = request.POST.get("reason", "")
    if reason in QUIT_TIPS:
        models.QuitNote.objects.create(
            record=kept.row, day=kept.today, session=session.id, reason=reason
        )
        messages.info(request, QUIT_TIPS[reason])
    return redirect("today")


def _minutes(given: str, planned: int) -> int:
    """Minutes as typed; an empty field stands for what was planned."""
    if not given.strip():
        return planned
    try:
        return max(0, min(1440, round(float(given.replace(",", ".")))))
    except (ValueError, OverflowError):
        return planned


@receives
def start(request: HttpRequest) -> HttpResponse:
    """Start the timer of a session; one that runs already goes on."""
    kept = _kept(request)
    session = planned_session(kept, request.POST.get("session", ""))
    models.Timer.objects.update_or_create(
        record=kept.row, defaults={"session": session.id, "started_at": clock.now()}
    )
    return redirect("today")


@receives
def tell_day(request: HttpRequest) -> HttpResponse:
    """Say what became of a day that passed without a note: as planned, or otherwise."""
    kept = _kept(request)
    days = {d.isoformat() for d in _not_noted(kept)}
    kept_plan = request.POST.get("what") == "as planned"
    day = request.POST.get("day", "")
    if day not in days:
        return redirect("today")

    def edit(case: dict[str, Any]) -> None:
        for entry in case.get("plan", []):
            if entry["date"] == day and "done_minutes" not in entry:
                entry["done_minutes"] = entry["minutes"] if kept_plan else 0

    learner_store.amend(owner_of(request), edit, _("A day that had passed was noted."))
    return redirect("today")


@receives
def choose_level(request: HttpRequest) -> HttpResponse:
    """Choose a good, half or minimum day; the week is re-made around it."""
    kept = _kept(request)
    level = request.POST.get("level", "")
    if level not in DAY_LEVELS:
        raise Http404("no such level of a day")
    models.LearnerRecord.objects.filter(pk=kept.row.pk).update(
        day_level=level, day_level_on=kept.today
    )
    return redirect("today")


@receives
def undo(request: HttpRequest) -> HttpResponse:
    """Undo one change, as a new step of the history."""
    given = request.POST.get("change", "")
    if not (given.isascii() and given.isdigit()):
        raise Http404("no such change")
    learner_store.undo(owner_of(request), int(given))
    messages.success(request, _("Undone. It stands as before."))
    return redirect("today")


def _kept(request: HttpRequest) -> learner_store.Kept:
    kept = kept_for(request)
    if kept is None:
        raise Http404("no record yet")
    return kept
