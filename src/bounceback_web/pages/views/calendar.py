"""Calendar: weeks and months of the plan; a move is seen before it is kept."""

from __future__ import annotations

import calendar as months
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bounceback.errors import CaseError
from bounceback.messages.formatting import day_words, side_by_side
from bounceback.planning import Session
from bounceback.records import Record
from bounceback.records.field_types import FIRST_DAY, LAST_DAY
from bounceback_web import briefings
from bounceback_web.pages import presenters
from bounceback_web.pages.decorators import kept_for, owner_of, page, receives, seen
from bounceback_web.pages.views.today import planned_session
from bounceback_web.records import learner_store

WEEK = 7


def _day(given: str | None) -> date | None:
    """Return a day that a record may hold, or ``None``."""
    try:
        day = date.fromisoformat(given or "")
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None


@require_safe
@page
def calendar(request: HttpRequest, kept: learner_store.Kept) -> HttpResponse:
    """Show a week as rows, or a month as a table; ``?on=`` names a day of it."""
    b = briefings.answer(kept).briefing
    on = _day(request.GET.get("on")) or b.as_of
    by_day: dict[date, list[Session]] = defaultdict(list)
    past = [Session.from_planned(e) for e in kept.value.plan if e.date < b.as_of]
    for s in [*past, *b.plan.sessions]:
        by_day[s.date].append(s)
    context = {
        "kept": kept,
        "b": b,
        "on": on,
        "planned": kept.value.exam.planned_date,
        "deadlines": {d.date: d.what for d in kept.value.exam.deadlines},
        "last": kept.row.last_change,
    }
    if request.GET.get("view") == "month":
        return _month(request, context, by_day, on)
    monday = on - timedelta(days=on.weekday())
    context["week"] = [_describe(monday + timedelta(days=n), by_day, context) for n in range(WEEK)]
    context |= {"before": monday - timedelta(days=WEEK), "after": monday + timedelta(days=WEEK)}
    return render(request, "pages/calendar.html", context)


def _describe(
    day: date, by_day: dict[date, list[Session]], context: dict[str, Any]
) -> dict[str, Any]:
    sessions = by_day.get(day, [])
    b = context["b"]
    return {
        "day": day,
        "sessions": [s for s in sessions if s.minutes],
        "minutes": sum(s.minutes for s in sessions if s.kind != "buffer"),
        "forms": [s for s in sessions if s.kind == "form"],
        "today": day == b.as_of,
        "exam": day == context["planned"] or (day == b.plan.test_date and not b.remediation),
        "rest": b.as_of <= day < b.plan.test_date and not any(s.minutes for s in sessions),
        "deadline": context["deadlines"].get(day, ""),
        "off": day < b.as_of,
    }


def _month(
    request: HttpRequest,
    context: dict[str, Any],
    by_day: dict[date, list[Session]],
    on: date,
) -> HttpResponse:
    weeks = months.Calendar().monthdatescalendar(on.year, on.month)
    context["weeks"] = [[_describe(day, by_day, context) for day in week] for week in weeks]
    first = on.replace(day=1)
    context |= {
        "before": first - timedelta(days=1),
        "after": first + timedelta(days=32),
        "month": on.month,
    }
    return render(request, "pages/calendar_month.html", context)


def _moved(kept: learner_store.Kept, request: HttpRequest) -> tuple[Record, str]:
    """Return the record with a session moved, fixed or freed, and what that is in words."""
    session = planned_session(kept, request.POST.get("session", ""))
    entry = session.to_planned()
    day = _day(request.POST.get("day"))
    title = presenters.session_title(session)
    if day is not None and day != session.date:
        # What the learner moves stays where it was put.
        entry = replace(entry, date=day, locked=True)
        said = {"title": title, "day": day_words(day, weekday=True, year=False)}
        words = _("Moved to %(day)s: %(title)s.") % said
    else:
        entry = replace(entry, locked=request.POST.get("locked") == "yes")
        words = (
            _("Fixed: %(title)s.") if entry.locked else _("Free to move again: %(title)s.")
        ) % {"title": title}
    return learner_store.with_session(kept.value, entry), words


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """Show what a move would change, before and after; nothing is kept yet."""
    kept = kept_for(request)
    if kept is None:
        raise Http404("no record yet")
    try:
        value, words = _moved(kept, request)
    except CaseError as error:
        return _refused(request, error)
    now, then = briefings.answer(kept).briefing, briefings.preview(kept, value).briefing
    before, after = presenters.planned_for(now), presenters.planned_for(then)
    told = side_by_side([f.p_pass for f in (before, after) if f])
    return render(
        request,
        "pages/calendar_preview.html",
        {
            "kept": kept,
            "b": then,
            "words": words,
            "given": [(n, request.POST.get(n, "")) for n in ("session", "day", "locked")],
            "changes": presenters.changes_in_words(then),
            "more": len(then.plan.all_changes) - len(then.plan.changes),
            "compared": list(
                zip((_("As it stands"), _("With the move")), (before, after), told, strict=True)
            )
            if before and after
            else [],
            "left_out": then.plan.left_out,
        },
    )


@receives
def move(request: HttpRequest) -> HttpResponse:
    """Move or fix a session; the plan is re-made around it."""
    kept = kept_for(request)
    if kept is None:
        raise Http404("no record yet")
    try:
        _value, words = _moved(kept, request)
        learner_store.change(
            owner_of(request), lambda _old: _moved(kept, request)[0], words, seen=seen(request)
        )
    except CaseError as error:
        return _refused(request, error)
    messages.success(request, words)
    day = _day(request.POST.get("day"))
    return redirect(reverse("plan") + (f"?on={day.isoformat()}" if day else ""))


def _refused(request: HttpRequest, error: CaseError) -> HttpResponse:
    for fault in error.faults:
        messages.info(request, f"{fault.given}. {fault.remedy}")
    return redirect("plan")
