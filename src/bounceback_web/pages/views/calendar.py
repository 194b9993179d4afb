"""Plan: weeks and months; a move shows its effect before it is saved."""

from __future__ import annotations

import calendar as months
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from bounceback.errors import CaseError
from bounceback.messages import today as words
from bounceback.messages.records import field_error
from bounceback.records import Record
from bounceback.records.field_types import FIRST_DAY, LAST_DAY
from bounceback.services.values import Session
from bounceback_web import briefings
from bounceback_web.pages import chances_values, presenters, session_view, wording
from bounceback_web.pages.decorators import kept_for, owner_of, page, receives, seen
from bounceback_web.pages.session_lookup import session_ahead
from bounceback_web.records import learner_store

WEEK = 7
IN_VIEW: Final = timedelta(days=45)
"""No page shows a day further from the one it is opened on: a month has whole weeks around it."""
LONGEST_DAY: Final = 600
"""Minutes that fill the bar of a day."""
QUARTER: Final = 15
FIRST_HOUR: Final = 8
LEAST_HOURS: Final = 5


class NotAheadError(Exception):
    """A session that has passed, or isn't in the plan any more, can't be moved."""


def day_or_none(given: str | None) -> date | None:
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
    fmt = wording.format_for(kept)
    on = day_or_none(request.GET.get("on")) or b.as_of
    by_day: dict[date, list[Session]] = defaultdict(list)
    near = [e for e in kept.value.plan if e.date < b.as_of and abs(e.date - on) <= IN_VIEW]
    past = [Session.from_planned(e) for e in near]
    for s in [*past, *b.plan.sessions]:
        by_day[s.date].append(s)
    context = {
        "kept": kept,
        "b": b,
        "on": on,
        "planned": kept.value.exam.planned_date,
        "deadlines": {d.date: d.what for d in kept.value.exam.deadlines},
        "last": kept.row.last_change,
        "fmt": fmt,
    }
    if request.GET.get("view") == "month":
        return _month(request, context, by_day, on)
    monday = on - timedelta(days=on.weekday())
    week = [_describe(monday + timedelta(days=n), by_day, context) for n in range(WEEK)]
    context["week"] = week
    context |= _grid(week)
    context["heading"] = words.week_heading(week[0]["day"], week[-1]["day"], fmt)
    context["summary"] = words.week_summary(
        sum(d["minutes"] for d in week),
        sum(1 for d in week if d["minutes"]),
        [(v.title, d["day"]) for d in week for v in d["views"] if v.kind == "form"],
        fmt,
    )
    context |= {"before": monday - timedelta(days=WEEK), "after": monday + timedelta(days=WEEK)}
    return render(request, "pages/calendar.html", context)


def _describe(
    day: date, by_day: dict[date, list[Session]], context: dict[str, Any]
) -> dict[str, Any]:
    b, fmt = context["b"], context["fmt"]
    sessions = [s for s in by_day.get(day, []) if s.minutes and s.kind != "rest"]
    work = session_view.work_of(sessions)
    minutes = sum(s.minutes for s in work)
    off = day < b.as_of
    done = sum(s.done_minutes or 0 for s in work)
    if off:
        line = f"{fmt.duration(done)} done" if done else ("Nothing logged" if work else "")
    else:
        short = [words.short_title(s, b.record.exam.id) for s in work]
        line = " · ".join(dict.fromkeys(short))
    views = [session_view.view(s, b.record.exam.id, fmt) for s in sessions]
    return {
        "day": day,
        "views": views,
        "bar": session_view.bar([v for v in views if v.kind != "rest"], LONGEST_DAY),
        "line": line,
        "length": fmt.duration(minutes) if minutes else "",
        "minutes": minutes,
        "done": done,
        "hours": f"{(done if off else minutes) / 60:.1f}".removesuffix(".0"),
        "heat": _heat(done if off else minutes),
        "forms": [s for s in work if s.kind == "form"],
        "today": day == b.as_of,
        "open": day == context["on"],
        "exam": day == context["planned"],
        "rest": b.as_of <= day < b.plan.test_date and not work,
        "deadline": context["deadlines"].get(day, ""),
        "off": off,
    }


def _heat(minutes: int) -> int:
    """Which of five tones a day of the month has: 0 for none, 4 for four hours and more."""
    return min(4, -(-minutes // 60)) if minutes else 0


def _grid(week: list[dict[str, Any]]) -> dict[str, Any]:
    """The hours of the week and where each session stands in them, in quarter hours."""
    starts = [v.session.start_minute for d in week for v in d["views"]]
    ends = [v.session.start_minute + v.minutes for d in week for v in d["views"]]
    first = min([s // 60 for s in starts] + [FIRST_HOUR])
    last = min(max([-(-e // 60) for e in ends] + [first + LEAST_HOURS]), 24)
    for d in week:
        d["slots"] = [
            {
                "view": v,
                "row": (v.session.start_minute - 60 * first) // QUARTER + 1,
                "span": max(1, round(v.minutes / QUARTER)),
            }
            for v in d["views"]
        ]
    return {
        "hours": [
            {"time": time(hour % 24), "row": 4 * (hour - first) + 1} for hour in range(first, last)
        ],
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
    session = session_ahead(kept, request.POST.get("session", ""))
    day = day_or_none(request.POST.get("day"))
    if session is None or (day is not None and day < kept.today):
        raise NotAheadError
    entry = session.to_planned()
    fmt = wording.format_for(kept)
    title = words.session_title(session, kept.value.exam.id)
    if day is not None and day != session.date:
        # What the learner moves stays where it was put.
        entry = replace(entry, date=day, locked=True)
        said = f"Moved to {fmt.day(day, weekday=True)}: {title}"
    else:
        entry = replace(entry, locked=request.POST.get("locked") == "yes")
        said = f"{'Pinned' if entry.locked else 'Unpinned'}: {title}"
    return learner_store.with_session(kept.value, entry), said


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """Show what a move would change, before and after; nothing is saved yet."""
    kept = kept_for(request)
    if kept is None:
        raise Http404("no record yet")
    try:
        value, said = _moved(kept, request)
    except NotAheadError:
        return _not_ahead(request)
    except CaseError as error:
        return _refused(request, error)
    now, then = briefings.answer(kept).briefing, briefings.preview(kept, value).briefing
    before, after = presenters.planned_for(now), presenters.planned_for(then)
    fmt = wording.format_for(kept)
    kinds = Counter(change.what for change in then.plan.all_changes)
    return render(
        request,
        "pages/calendar_preview.html",
        {
            "kept": kept,
            "b": then,
            "said": said,
            "given": [(n, request.POST.get(n, "")) for n in ("session", "day", "locked")],
            "changed": words.changed_sentence(
                kinds["moved"], kinds["dropped"], kinds["added"], fits=not then.plan.left_out
            ),
            "compared": [
                (name, fmt.day(f.on), chances_values.ten(f.p_pass), f"{fmt.people(f.p_pass)}")
                for name, f in (("Now", before), ("With this move", after))
                if f
            ],
            "left_out": then.plan.left_out,
        },
    )


@receives
def move(request: HttpRequest) -> HttpResponse:
    """Move or pin a session; the plan is updated around it."""
    kept = kept_for(request)
    if kept is None:
        raise Http404("no record yet")
    try:
        _value, said = _moved(kept, request)
        learner_store.change(
            owner_of(request), lambda _old: _moved(kept, request)[0], said, seen=seen(request)
        )
    except NotAheadError:
        return _not_ahead(request)
    except CaseError as error:
        return _refused(request, error)
    messages.success(request, f"{said}.", extra_tags="undo")
    day = day_or_none(request.POST.get("day"))
    return redirect(reverse("plan") + (f"?on={day.isoformat()}" if day else ""))


def _refused(request: HttpRequest, error: CaseError) -> HttpResponse:
    for fault in error.faults:
        messages.info(request, field_error(fault))
    return redirect("plan")


def _not_ahead(request: HttpRequest) -> HttpResponse:
    messages.info(request, words.not_ahead())
    return redirect("plan")
