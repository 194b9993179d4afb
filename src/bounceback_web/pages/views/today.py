"""Today: the days left, the chance, the next session as a recipe, and a way through hard days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from bounceback.messages import chances as chance_words
from bounceback.messages import today as words
from bounceback.messages.registry import Format
from bounceback.services import Briefing
from bounceback.services import published_facts as facts
from bounceback.services.look_back import reason_card
from bounceback.services.values import DAY_LEVELS, Session
from bounceback_web import briefings, clock
from bounceback_web.pages import (
    chances_values,
    date_choices,
    date_line_values,
    presenters,
    session_view,
    support_state,
    wording,
)
from bounceback_web.pages.date_line_values import Shown
from bounceback_web.pages.decorators import kept_for, owner_of, page, receives
from bounceback_web.records import learner_store, models

NOON: Final = 12
ENOUGH_MINUTES: Final = 15
"""What a minimum day asks where its one session is pinned and longer."""
SILENT_DAYS: Final = 3
"""Days without an entry after which the page says welcome back."""
LEVEL_NAMES: Final = (("good", "Full"), ("half", "Half"), ("minimum", "Minimum"))


@require_safe
@page
def today(request: HttpRequest, kept: learner_store.Kept) -> HttpResponse:
    """Show the day, or the page of a pass."""
    found = briefings.answer(kept)
    if presenters.passed_attempt(found.briefing):
        return _passed(request, kept, found)
    return render(request, "pages/today.html", _values(request, kept, found))


def _values(
    request: HttpRequest, kept: learner_store.Kept, found: briefings.Answer
) -> dict[str, Any]:
    b = found.briefing
    fmt = wording.format_for(kept)
    exam = b.record.exam.id
    sessions = [s for s in b.plan.sessions if s.date == b.as_of]
    work = session_view.work_of(sessions)
    open_ = [s for s in work if not s.done_minutes]
    timer = getattr(kept.row, "timer", None)
    running = timer and next((s for s in sessions if s.id == timer.session), None)
    first = running or (open_[0] if open_ else None)
    ahead = [s for s in session_view.work_of(b.plan.sessions) if s.date > b.as_of]
    mine = date_choices.my_date(b)
    days_left = (mine - b.as_of).days if mine else None
    level = briefings.level_of(kept)
    return {
        "kept": kept,
        "b": b,
        "numbers": kept.row.shows_numbers,
        "heading": _heading(b, mine, fmt),
        "my_date": mine,
        "eve": days_left == 1,
        "test_day": days_left == 0,
        **_chance(b, kept.row.shows_numbers, fmt),
        "waiting_since": presenters.waiting_since(b),
        "awaiting": any(a.outcome == "awaiting" and a.exam == exam for a in b.record.attempts),
        "next": session_view.view(first, exam, fmt) if first else None,
        "next_when": _when(first, kept, fmt) if first else "",
        "later": [session_view.view(s, exam, fmt) for s in work if s is not first],
        "later_minutes": fmt.duration(sum(s.minutes for s in open_ if s is not first)),
        "done": [s for s in work if s.done_minutes],
        "ahead": session_view.view(ahead[0], exam, fmt) if ahead else None,
        "ahead_day": fmt.day(ahead[0].date, weekday=True) if ahead else "",
        "running": running,
        "timer": timer if running else None,
        "left_running": timer if timer and not running else None,
        "minutes_run": minutes_since(timer) if running and timer else 0,
        "late_start": _starts_late(kept, work),
        "enough": ENOUGH_MINUTES if level == "minimum" and first and first.minutes > 20 else 0,
        "level": level,
        "levels": _levels(b, level, fmt),
        "reason": reason_card(kept.value, "hard-day"),
        "not_logged": not_logged(kept),
        "silent_days": silent_days(kept),
        "changed": _changed(found, level),
        "last": kept.row.last_change,
        "week": _week(b, kept, exam, fmt),
        "next_test": _next_test(b, kept.row.shows_numbers, fmt),
        **support_state.support_of(request, kept, found),
    }


def _heading(b: Briefing, mine: date | None, fmt: Format) -> tuple[str, str]:
    """The one large thing: days to my date or to the checkpoint test, or that there is no date."""
    if b.remediation is not None and b.plan.test_date > b.as_of:
        large, small = words.days_to((b.plan.test_date - b.as_of).days, b.plan.test_date, fmt)
        return large, f"to your checkpoint test on {fmt.day(b.plan.test_date)}" if small else ""
    if mine is None:
        return "No date yet", ""
    if mine < b.as_of:
        return fmt.day(mine), "was your test date"
    return words.days_to((mine - b.as_of).days, mine, fmt)


def _chance(b: Briefing, numbers: bool, fmt: Format) -> dict[str, Any]:
    """The sentence of ten about my date, and the small date line; nothing in remediation."""
    main = date_choices.main_date(b)
    if main is None or b.decision.advice == "remediate":
        return {"chance": None, "line": None}
    every = date_choices.choices(b)
    line = date_line_values.date_line_of(b, every, fmt, Shown(people=numbers))
    return {
        "chance": chance_words.chance_sentence(main.p_pass, main.on, fmt) if numbers else None,
        "line": date_line_values.small_picture(line, "today"),
    }


def local_hour(kept: learner_store.Kept) -> int:
    """Return the hour on the student's clock."""
    return clock.now().astimezone(ZoneInfo(kept.value.learner.time_zone)).hour


def _when(session: Session, kept: learner_store.Kept, fmt: Format) -> str:
    """The clock time of the next session; "any time today" once its hours have passed."""
    end = session.start_minute + session.minutes
    return "any time today" if end <= 60 * local_hour(kept) else fmt.clock(session.start)


def _starts_late(kept: learner_store.Kept, work: Sequence[Session]) -> bool:
    """Whether this is an afternoon on which the student began with Bounceback."""
    begun = clock.now() - kept.row.made_at < timedelta(hours=NOON)
    return (
        begun
        and local_hour(kept) >= NOON
        and not any(s.done_minutes for s in work)
        and bool(work)
        and briefings.level_of(kept) == "good"
        and not _begun_today(kept)
        and not kept.row.is_example
    )


def _begun_today(kept: learner_store.Kept) -> bool:
    """Whether the student chose to begin in what is left of today."""
    commitments = kept.value.availability.commitments if kept.value.availability else ()
    return any(
        c.date == kept.today and (c.start.hour, c.start.minute) == (0, 0) for c in commitments
    )


def _levels(b: Briefing, level: str, fmt: Format) -> list[dict[str, Any]]:
    """The three sizes of a day, each in one line."""
    note = {
        "good": "Today as planned",
        "half": "Half the hours",
        "minimum": "One short session, the easiest first. A minimum day counts.",
    }
    return [
        {"value": value, "name": name, "note": note[value], "chosen": value == level}
        for value, name in LEVEL_NAMES
    ]


def _changed(found: briefings.Answer, level: str) -> str:
    """What changed since the plan was last shown, in one sentence; nothing on a hard day."""
    if not found.follows or level != "good":
        return ""
    plan = found.briefing.plan
    kinds = Counter(change.what for change in plan.all_changes)
    return words.changed_sentence(
        kinds["moved"], kinds["dropped"], kinds["added"], fits=not plan.left_out
    )


def _week(b: Briefing, kept: learner_store.Kept, exam: str, fmt: Format) -> list[dict[str, Any]]:
    """The seven days of this week as columns of pieces, for the side of a wide screen."""
    monday = b.as_of - timedelta(days=b.as_of.weekday())
    past = [Session.from_planned(e) for e in kept.value.plan if monday <= e.date < b.as_of]
    by_day: dict[date, list[Session]] = {}
    for s in [*past, *b.plan.sessions]:
        by_day.setdefault(s.date, []).append(s)
    days = [monday + timedelta(days=n) for n in range(7)]
    work = {day: session_view.work_of(by_day.get(day, [])) for day in days}
    longest = max([sum(s.minutes for s in found) for found in work.values()] + [1])
    return [
        {
            "day": day,
            "letter": f"{day:%a}"[0],
            "words": fmt.day(day, weekday=True),
            "length": fmt.duration(sum(s.minutes for s in work[day])),
            "today": day == b.as_of,
            "past": day < b.as_of,
            "done": any(s.done_minutes for s in work[day]),
            "bar": session_view.bar([session_view.view(s, exam, fmt) for s in work[day]], longest),
        }
        for day in days
    ]


def _next_test(b: Briefing, numbers: bool, fmt: Format) -> dict[str, str] | None:
    ahead = [s for s in b.plan.sessions if s.kind == "form" and s.date >= b.as_of]
    if not ahead:
        return None
    test = min(ahead, key=lambda s: (s.date, s.start))
    main = date_choices.main_date(b)
    every = {one.day: one for one in date_choices.choices(b)}
    choice = every.get(main.on) if main else None
    return {
        "name": words.session_title(test, b.record.exam.id),
        "day": fmt.day(test.date, weekday=True),
        "note": f"{fmt.clock(test.start)} · {fmt.duration(test.minutes)}",
        "effect": chances_values.next_test(b, choice, fmt) if numbers and choice else "",
    }


def not_logged(kept: learner_store.Kept) -> list[date]:
    """Return days of the last week with planned work of which nothing is known."""
    on = kept.today
    first = on - timedelta(days=7)
    unknown: dict[date, bool] = {}
    for entry in kept.value.plan:
        if first <= entry.date < on and entry.activity and entry.minutes:
            unknown[entry.date] = unknown.get(entry.date, True) and entry.done_minutes is None
    logged = {s.date for s in kept.value.study} | {b.date for b in kept.value.blocks}
    return sorted(day for day, open_ in unknown.items() if open_ and day not in logged)


def silent_days(kept: learner_store.Kept) -> int:
    """Return how many days ago the last entry was, if that is long; else 0."""
    value, on = kept.value, kept.today
    dates = [s.date for s in value.study] + [b.date for b in value.blocks]
    dates += [e.date for e in value.plan if e.done_minutes]
    dates = [d for d in dates if d <= on]
    away = (on - max(dates)).days if dates else 0
    return away if away >= SILENT_DAYS and not_logged(kept) else 0


def minutes_since(timer: models.Timer) -> int:
    """Return whole minutes since a timer was started, at least 1."""
    return max(1, round((clock.now() - timer.started_at).total_seconds() / 60))


def _passed(
    request: HttpRequest, kept: learner_store.Kept, found: briefings.Answer
) -> HttpResponse:
    """Show the page of a pass: one sentence, the forecast beside the result, what next."""
    b = found.briefing
    fmt = wording.format_for(kept)
    attempt = presenters.passed_attempt(b)
    assert attempt is not None
    said = _said_before(kept, attempt.date)
    return render(
        request,
        "pages/passed.html",
        {
            "kept": kept,
            "exam_name": facts.exam(b.record.exam.id).name.removeprefix("USMLE "),
            "taken": fmt.day(attempt.date),
            "read": fmt.day(attempt.result_read) if attempt.result_read else "",
            "said": said,
            "said_day": fmt.day(said["day"]) if said else "",
            "said_words": f"about {fmt.people(said['p_pass'])}" if said else "",
            "ten": chances_values.ten(said["p_pass"]) if said else "",
            "numbers": kept.row.shows_numbers,
            **support_state.support_of(request, kept, found),
        },
    )


def _said_before(kept: learner_store.Kept, taken: date) -> dict[str, Any] | None:
    """The last forecast of the day that was shown before it."""
    shown = models.Shown.objects.filter(record=kept.row, day__lte=taken).order_by("-day", "-pk")
    for one in shown[:20]:
        for forecast in one.forecasts:
            if forecast["date"] == taken.isoformat():
                return {"day": one.day, "p_pass": forecast["p_pass"]}
    return None


@receives
def tell_day(request: HttpRequest) -> HttpResponse:
    """Log a day that passed without an entry: as planned, or not studied."""
    kept = kept_or_404(request)
    days = {d.isoformat() for d in not_logged(kept)}
    as_planned = request.POST.get("what") == "as planned"
    day = request.POST.get("day", "")
    if day not in days:
        return redirect("today")

    def edit(case: dict[str, Any]) -> None:
        for entry in case.get("plan", []):
            if entry["date"] == day and entry.get("done_minutes") is None:
                entry["done_minutes"] = entry["minutes"] if as_planned else 0

    learner_store.amend(owner_of(request), edit, "Logged a day that had passed")
    messages.success(request, "Logged. Your plan is updated.", extra_tags="undo")
    return redirect("today")


@receives
def choose_level(request: HttpRequest) -> HttpResponse:
    """Choose a full, half or minimum day; the week is solved again around it."""
    kept = kept_or_404(request)
    level = request.POST.get("level", "")
    if level not in DAY_LEVELS:
        raise Http404("no such level of a day")
    models.LearnerRecord.objects.filter(pk=kept.row.pk).update(
        day_level=level, day_level_on=kept.today
    )
    return redirect("today")


@receives
def start_today(request: HttpRequest) -> HttpResponse:
    """Plan the rest of the first day from now on: the hours that have passed are not planned."""
    kept = kept_or_404(request)
    now = clock.now().astimezone(ZoneInfo(kept.value.learner.time_zone))
    passed = min(60 * now.hour + 15 * -(-now.minute // 15), 24 * 60 - 1)

    def edit(case: dict[str, Any]) -> None:
        availability = case.setdefault("availability", {"minutes": {}})
        availability.setdefault("commitments", []).append(
            {
                "date": kept.today.isoformat(),
                "start": "00:00",
                "minutes": passed,
                "what": "before the start",
            }
        )

    if passed:
        learner_store.amend(owner_of(request), edit, "Started today")
    messages.success(request, "Your plan starts now.", extra_tags="undo")
    return redirect("today")


@require_safe
@page
def reminder(request: HttpRequest, kept: learner_store.Kept) -> HttpResponse:
    """Give the text of today's reminder; empty on a day off and once everything is done."""
    b = briefings.answer(kept).briefing
    mine = date_choices.my_date(b)
    work = session_view.work_of([s for s in b.plan.sessions if s.date == b.as_of])
    open_ = [s for s in work if not s.done_minutes]
    quiet = mine == b.as_of or presenters.passed_attempt(b) is not None or not open_
    fmt = wording.format_for(kept)
    text = "" if quiet else words.reminder(open_, b.record.exam.id, fmt)
    return JsonResponse({"text": text})


@receives
def start_tomorrow(request: HttpRequest) -> HttpResponse:
    """Keep the rest of the first day free; the plan begins tomorrow."""
    kept = kept_or_404(request)

    def edit(case: dict[str, Any]) -> None:
        availability = case.setdefault("availability", {"minutes": {}})
        days = set(availability.get("days_off", ()))
        availability["days_off"] = sorted(days | {kept.today.isoformat()})

    learner_store.amend(owner_of(request), edit, "Started tomorrow")
    messages.success(request, "Your plan starts tomorrow.", extra_tags="undo")
    return redirect("today")


@receives
def support_seen(request: HttpRequest) -> HttpResponse:
    """Remember that the support lines of this moment were seen."""
    response = redirect("today")
    moment = request.POST.get("moment", "")[:80]
    response.set_cookie(
        support_state.SEEN_COOKIE,
        moment,
        max_age=support_state.SEEN_FOR_S,
        httponly=True,
        samesite="Strict",
        path=reverse("today"),
    )
    return response


@receives
def undo(request: HttpRequest) -> HttpResponse:
    """Undo one change, as a new step of the history."""
    given = request.POST.get("change", "")
    if not (given.isascii() and given.isdigit()):
        raise Http404("no such change")
    learner_store.undo(owner_of(request), int(given))
    messages.success(request, "Undone.")
    return redirect("today")


def kept_or_404(request: HttpRequest) -> learner_store.Kept:
    """Return the record behind a form; without one the form has no place."""
    kept = kept_for(request)
    if kept is None:
        raise Http404("no record yet")
    return kept
