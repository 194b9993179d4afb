"""A session from Start to its log: the timer that fills the screen, and the sheet at the end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from bounceback.errors import CaseError
from bounceback.messages import today as words
from bounceback.messages.names import CAUSES
from bounceback.messages.records import field_error
from bounceback.records import Record, from_case, to_case
from bounceback.services.values import Session
from bounceback.vocabulary import ACTIVITIES
from bounceback_web import briefings, clock
from bounceback_web.pages import form_data, session_view, wording
from bounceback_web.pages.decorators import owner_of, page, receives
from bounceback_web.pages.session_lookup import planned_session
from bounceback_web.pages.views.today import kept_or_404, minutes_since
from bounceback_web.records import learner_store, models

FEW_CAUSES: Final = 6
"""As many causes stand open; the others are one tap away."""
RECENT_BLOCKS: Final = 10
MOST_QUESTIONS: Final = 400
OLDEST_PAGE: Final = timedelta(days=60)
"""A page that waited longer on a device doesn't say any more which day was meant."""
LONGEST_RUN: Final = 3
"""A timer that ran this many times the planned minutes was forgotten."""
QUIT_REASONS: Final = ("tired", "too hard", "distracted", "something came up")


@receives
def start(request: HttpRequest) -> HttpResponse:
    """Start the timer of a session."""
    kept = kept_or_404(request)
    session = planned_session(kept, request.POST.get("session", ""))
    if session is None or session.date < kept.today:
        messages.info(request, words.session_not_here())
        return redirect("today")
    models.Timer.objects.update_or_create(
        record=kept.row, defaults={"session": session.id, "started_at": clock.now()}
    )
    return redirect("today-session")


@require_safe
@page
def running(request: HttpRequest, kept: learner_store.Kept) -> HttpResponse:
    """Show the running session alone: the timer and its steps."""
    timer = getattr(kept.row, "timer", None)
    if timer is None:
        return redirect("today")
    session = planned_session(kept, timer.session, timer_day(kept, timer))
    if session is None:
        models.Timer.objects.filter(pk=timer.pk).delete()
        messages.info(request, words.session_not_here())
        return redirect("today")
    fmt = wording.format_for(kept)
    return render(
        request,
        "pages/timer.html",
        {
            "kept": kept,
            "s": session_view.view(session, kept.value.exam.id, fmt),
            "timer": timer,
            "minutes_run": minutes_since(timer),
            "left": max(session.minutes - minutes_since(timer), 0),
        },
    )


@require_safe
@page
def finish(request: HttpRequest, kept: learner_store.Kept) -> HttpResponse:
    """Ask how the session went: 20 seconds, everything optional.

    Without a session in the address it is the one in progress; without that there is none to ask
    about, and Today is shown.
    """
    timer = getattr(kept.row, "timer", None)
    asked = request.GET.get("session", "")
    if not asked and timer is not None:
        asked = timer.session
    day = timer_day(kept, timer) if timer is not None and timer.session == asked else None
    session = planned_session(kept, asked, day)
    if session is None:
        if asked:
            messages.info(request, words.session_not_here())
        return redirect("today")
    return _sheet(request, kept, session, {}, {})


def _sheet(
    request: HttpRequest,
    kept: learner_store.Kept,
    session: Session,
    given: Any,
    faults: dict[str, str],
) -> HttpResponse:
    fmt = wording.format_for(kept)
    timer = getattr(kept.row, "timer", None)
    timed = timer is not None and timer.session == session.id
    used = minutes_since(timer) if timed and timer else session.minutes
    if timed and used > LONGEST_RUN * session.minutes:
        used = session.minutes  # it ran on while nobody studied
    s = session_view.view(session, kept.value.exam.id, fmt)
    causes = [(code, name, given.get(f"cause-{code}", "")) for code, name in CAUSES.items()]
    return render(
        request,
        "pages/finish.html",
        {
            "kept": kept,
            "s": s,
            "asks_result": s.kind == "questions",
            "minutes": given.get("minutes", used),
            "right": given.get("right", ""),
            "of": given.get("of", session.units if s.kind == "questions" else ""),
            "causes": causes[:FEW_CAUSES],
            "more_causes": causes[FEW_CAUSES:],
            "takeaway": given.get("takeaway", ""),
            "faults": faults,
            "stopped_early": timed and used < session.minutes / 2,
            "quit_reasons": QUIT_REASONS,
        },
        status=422 if faults else 200,
    )


@receives
def done(request: HttpRequest) -> HttpResponse:
    """Log a session: its minutes, and for questions the result, causes and a takeaway.

    A form may arrive on a later day, from a device that was offline. It is logged for the day that
    the session was planned for; where no page showed such a session, as extra study.
    """
    kept = briefings.open_day(kept_or_404(request), owner_of(request))
    post = request.POST
    page_day = _page_day(post.get("day", ""), kept.today)
    session = planned_session(kept, post.get("session", ""), page_day)
    if session is None:
        return _extra_study(request, kept, page_day or kept.today)
    minutes = _minutes(post.get("minutes", ""), session.minutes)
    right, of = _whole(post.get("right", "")), _whole(post.get("of", ""))
    causes = {code: n for code in CAUSES if (n := _whole(post.get(f"cause-{code}", "")) or 0)}
    takeaway = post.get("takeaway", "").strip()
    if not post.get("right", "").strip() and not causes:
        of = None  # the number of questions stands in the sheet; alone it says nothing
    faults = words.right_of(right, of, sum(causes.values()))
    if takeaway and not causes:
        faults["takeaway"] = words.takeaway_without_cause()
    if faults:
        return _sheet(request, kept, session, post, faults)
    # A session that is still to come is not done: what was done today is study of today.
    beside = post.get("action") == "later" or session.date > kept.today
    day = min(session.date, kept.today)
    entries = _entries(day, session, right, of, causes, takeaway)
    if beside:
        entries["study"] = [_study(day, minutes, session.activity, session.area)]

    def alter(record: Record) -> Record:
        if not beside:
            ticked = replace(session.to_planned(), done_minutes=minutes)
            record = learner_store.with_session(record, ticked)
        return _with_entries(record, entries)

    try:
        learner_store.change(owner_of(request), alter, words.logged(right, of, minutes))
    except CaseError as error:
        found = {f.key.rsplit(".", 1)[-1]: field_error(f) for f in error.faults}
        return _sheet(request, kept, session, post, found)
    models.Timer.objects.filter(record=kept.row, session=session.id).delete()
    reason = post.get("reason", "")
    if reason in QUIT_REASONS:
        models.QuitNote.objects.create(record=kept.row, day=day, session=session.id, reason=reason)
    fmt = wording.format_for(kept)
    if day < kept.today:
        said = words.logged_for(day, fmt)
    elif beside:
        said = words.continue_later()
    else:
        said = words.saved(right, of, _usual_share(kept.value))
    messages.success(request, said, "undo")
    return redirect("today")


def _extra_study(request: HttpRequest, kept: learner_store.Kept, day: date) -> HttpResponse:
    """Log minutes whose session no page showed, as extra study of the day of its page."""
    minutes = _minutes(request.POST.get("minutes", ""), 0)
    if not minutes:
        messages.info(request, words.session_not_here())
        return redirect("today")
    activity = request.POST.get("activity", "")
    entry = _study(day, minutes, activity if activity in ACTIVITIES else None, None)
    learner_store.add(owner_of(request), "study", entry, words.logged(None, None, minutes))
    messages.success(request, words.logged_as_extra(minutes, day, wording.format_for(kept)), "undo")
    return redirect("today")


def timer_day(kept: learner_store.Kept, timer: models.Timer) -> date:
    """Return the day on the student's clock on which a timer was started."""
    return timer.started_at.astimezone(ZoneInfo(kept.value.learner.time_zone)).date()


def _page_day(given: str, today: date) -> date | None:
    """Return the day of the page that a form came from; ``None`` if unsaid or beyond belief."""
    try:
        day = date.fromisoformat(given)
    except ValueError:
        return None
    return day if timedelta(0) <= today - day <= OLDEST_PAGE else None


def _minutes(given: str, planned: int) -> int:
    """Minutes as typed, in minutes or as "1h"; an empty field stands for what was planned."""
    found = form_data.minutes(given)
    return planned if found is None else max(0, min(1440, found))


def _whole(given: str) -> int | None:
    text = given.strip()
    return min(int(text), MOST_QUESTIONS) if text.isascii() and text.isdigit() else None


def _usual_share(record: Record) -> float | None:
    """Share of questions right in the last blocks; ``None`` with fewer than three."""
    recent = record.blocks[-RECENT_BLOCKS:]
    items = sum(b.items for b in recent)
    return sum(b.correct for b in recent) / items if len(recent) >= 3 and items else None


def _study(day: date, minutes: int, activity: str | None, area: str | None) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "date": day.isoformat(),
        "minutes": max(minutes, 1),
        "activity": activity or "other",
    }
    return entry | ({"area": area} if area else {})


def _entries(
    on: date,
    session: Session,
    right: int | None,
    of: int | None,
    causes: dict[Any, int],
    takeaway: str,
) -> dict[str, list[dict[str, Any]]]:
    """The block and the missed questions of a session, as case-file entries.

    The minutes are in the plan's tick; the block carries none, so that no time counts twice.
    """
    day = on.isoformat()
    found: dict[str, list[dict[str, Any]]] = {}
    if right is not None and of:
        block: dict[str, Any] = {
            "date": day,
            "bank": session.resource or "question bank",
            "items": of,
            "correct": right,
            "mode": getattr(session, "mode", None) or "timed",
            "first_pass": words.is_new(session),
        }
        if session.area:
            block["areas"] = {session.area: {"correct": right, "items": of}}
        found["blocks"] = [block]
    about = {"area": session.area} if session.area else {}
    misses = [
        {"date": day, "cause": code, **about}
        for code, count in causes.items()
        for _ in range(count)
    ]
    if takeaway and misses:
        misses[0]["rule"] = takeaway
    if misses:
        found["misses"] = misses
    return found


def _with_entries(record: Record, entries: dict[str, list[dict[str, Any]]]) -> Record:
    """Return a record with entries added to the end of their sections, checked on their own."""
    if not entries:
        return record
    alone = to_case(Record(learner=record.learner, exam=record.exam), json=True)
    added = from_case({**alone, **entries}).record
    return replace(
        record,
        blocks=(*record.blocks, *added.blocks),
        misses=(*record.misses, *added.misses),
        study=(*record.study, *added.study),
    )
