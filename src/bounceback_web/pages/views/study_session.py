"""A session from Start to its log: the timer that fills the screen, and the sheet at the end."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

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
from bounceback_web import clock
from bounceback_web.pages import form_data, session_view, wording
from bounceback_web.pages.decorators import owner_of, page, receives
from bounceback_web.pages.views.today import kept_or_404, minutes_since, planned_session
from bounceback_web.records import learner_store, models

FEW_CAUSES: Final = 6
"""As many causes stand open; the others are one tap away."""
RECENT_BLOCKS: Final = 10
MOST_QUESTIONS: Final = 400
QUIT_REASONS: Final = ("tired", "too hard", "distracted", "something came up")


@receives
def start(request: HttpRequest) -> HttpResponse:
    """Start the timer of a session."""
    kept = kept_or_404(request)
    session = planned_session(kept, request.POST.get("session", ""))
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
    session = planned_session(kept, timer.session)
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
    """Ask how the session went: 20 seconds, everything optional."""
    session = planned_session(kept, request.GET.get("session", ""))
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
    """Log a session: its minutes, and for questions the result, causes and a takeaway."""
    kept = kept_or_404(request)
    post = request.POST
    session = planned_session(kept, post.get("session", ""))
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
    later = post.get("action") == "later"
    entries = _entries(kept, session, right, of, causes, takeaway)
    if later:
        entries["study"] = [_study(kept, session, minutes)]

    def alter(record: Record) -> Record:
        if not later:
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
        models.QuitNote.objects.create(
            record=kept.row, day=kept.today, session=session.id, reason=reason
        )
    said = words.saved(right, of, _usual_share(kept.value))
    messages.success(request, "Logged. You can continue later." if later else said, "undo")
    return redirect("today")


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


def _study(kept: learner_store.Kept, session: Session, minutes: int) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "date": kept.today.isoformat(),
        "minutes": max(minutes, 1),
        "activity": session.activity or "other",
    }
    return entry | ({"area": session.area} if session.area else {})


def _entries(
    kept: learner_store.Kept,
    session: Session,
    right: int | None,
    of: int | None,
    causes: dict[Any, int],
    takeaway: str,
) -> dict[str, list[dict[str, Any]]]:
    """The block and the missed questions of a session, as case-file entries.

    The minutes are in the plan's tick; the block carries none, so that no time counts twice.
    """
    day = kept.today.isoformat()
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
