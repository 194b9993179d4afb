"""Cards: what is due, one review session, decks imported, the workload, every card."""

from __future__ import annotations

import mimetypes
import time
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bounceback.errors import QuestionError
from bounceback.local_storage.card_collection import CardCollection
from bounceback_web.cards import (
    charts,
    choosing,
    collection,
    collection_access,
    face_maker,
    importing,
    rendering,
    review_sessions,
)
from bounceback_web.cards.models import Import, ReviewSession
from bounceback_web.cards.requests import number
from bounceback_web.pages import ready_pages, wording
from bounceback_web.pages.decorators import kept_for, page, receives
from bounceback_web.records import learner_store

if TYPE_CHECKING:
    from bounceback.services.card_queue import Standing
    from bounceback.services.values import ExamPlan

MOST_SET_ASIDE = 20
"""Cards of one session that may be set aside before the page gives up for now."""

HOSTILE_S = 0.5
"""Seconds after which a page stops looking at cards that cannot be shown."""

A_PAGE = 50
"""Cards on one page of the list."""

PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml")


@require_safe
@page
def cards(request: HttpRequest, kept: learner_store.Kept) -> HttpResponse:
    """Show what waits, and the way in for a deck."""
    found = None
    if collection_access.there():
        try:
            with collection_access.opened() as opened:
                found = _front_page(kept, opened)
        except QuestionError as error:
            return render(
                request, "cards/cards.html", {"kept": kept, "faults": [str(error)]}, status=500
            )
    return render(
        request,
        "cards/cards.html",
        {
            "kept": kept,
            **(found or {}),
            "session": ReviewSession.objects.filter(record=kept.row).first(),
            "imports": _imports(kept),
        },
    )


_front_ready: list[tuple[tuple[Any, ...], dict[str, Any]]] = []
"""What the front page shows of the cards, for the state of cards and record it was made from."""


def _front_page(kept: learner_store.Kept, opened: CardCollection) -> dict[str, Any]:
    """What is due, in cards and minutes, by deck and by tag, and the way to the exam."""
    standing = collection.standing_of(kept, opened)
    plan = collection.plan_of(kept, standing)
    key = (kept.row.pk, kept.row.version, kept.today, standing, plan)
    known = next(iter(_front_ready), None)
    if known is None or not _is_same(known[0], key):
        known = (key, _front_page_of(kept, opened, standing, plan))
        _front_ready[:] = [known]
    return {**known[1], "planning": plan is None and collection.is_planning()}


def _is_same(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    return one[:3] == other[:3] and all(a is b for a, b in zip(one[3:], other[3:], strict=True))


def _front_page_of(
    kept: learner_store.Kept, opened: CardCollection, standing: Standing, plan: ExamPlan | None
) -> dict[str, Any]:
    from bounceback.services import card_review as review_session
    from bounceback.services.card_queue import card_counts, review_settings

    policy, asked = collection.asked(kept, opened, standing)
    settings = review_settings(standing, policy, None)
    left = review_session.progress(review_session.Session(settings, asked))
    return {
        "counts": card_counts(standing),
        "asked": len(asked),
        "left": left,
        "minutes": max(round(left.minutes_left), 1),
        "decks": choosing.by_deck(standing),
        "tags": choosing.by_tag(standing),
        "deck_names": sorted({deck.partition("::")[0] for _c, _t, deck in standing.labels}),
        "plan": plan,
        "chart": charts.workload(plan.load) if plan and plan.load else None,
        "workload_note": charts.workload_note(plan, wording.format_for(kept)) if plan else "",
    }


def _imports(kept: learner_store.Kept) -> list[Import]:
    """The last imports; one whose process is gone is said to have been stopped."""
    found = list(Import.objects.filter(record=kept.row).select_related("job")[:3])
    for row in found:
        if row.state in ("waiting", "running") and not importing.still_runs(row):
            row.refresh_from_db()  # it may have ended while we looked
            if row.state in ("waiting", "running"):
                row.state = "stopped"
                row.said = row.job.note if row.job else []
                row.save(update_fields=["state", "said"])
                importing.clear(row.pk)
    return found


def _rows_of_front_page(owner: AbstractBaseUser | None) -> tuple[Any, ...] | None:
    """Return the rows that the front page shows; ``None`` while a deck comes in."""
    whose: dict[str, Any] = {"record__in": learner_store.owned_records(owner)}
    imports = Import.objects.filter(**whose).values_list("pk", "state", "job__state", "said")[:3]
    if any(state in ("waiting", "running") for _pk, state, _job, _said in imports):
        return None
    session = ReviewSession.objects.filter(**whose).values_list("pk", "made_at", "queue")
    return repr(list(imports)), repr(list(session))


ready_pages.more_state["cards"] = _rows_of_front_page


@require_safe
@page
def progress(request: HttpRequest, kept: learner_store.Kept) -> HttpResponse:
    """Say how the imports stand; the page asks for this part anew while one runs."""
    return render(request, "cards/imports.html", {"kept": kept, "imports": _imports(kept)})


@receives
def bring_deck(request: HttpRequest) -> HttpResponse:
    """Take a deck in; the work goes on when the page is left."""
    kept = _kept(request)
    file = request.FILES.get("deck")
    if file is None:
        messages.info(request, _("Choose a file first."))
        return redirect("cards")
    row = Import.objects.create(record=kept.row, name=str(file.name)[-200:], bytes=file.size or 0)
    _write(row, file)
    transaction.on_commit(lambda: importing.start(row.pk))
    return redirect("cards")


def _write(row: Import, file: UploadedFile[Any]) -> None:
    path = importing.place(row.pk, row.name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("wb") as kept:
        path.chmod(0o600)
        for chunk in file.chunks():
            kept.write(chunk)


def _kept(request: HttpRequest) -> learner_store.Kept:
    kept = kept_for(request)
    if kept is None:
        raise Http404("no record yet")
    return kept


# --- one review session -----------------------------------------------------------------------


@receives
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a review session of about twenty cards."""
    kept = _kept(request)
    if not collection_access.there():
        raise Http404("no cards yet")
    decks, tags = request.POST.getlist("deck"), request.POST.getlist("tag")
    with collection_access.opened() as opened:
        standing = collection.standing_of(kept, opened)
        only = choosing.chosen(standing, decks, tags)
        if review_sessions.begin(kept, opened, only) is None:
            messages.success(request, _("No cards due right now."))
            return redirect("cards")
    return redirect("cards-review")


@require_safe
@page
def review(request: HttpRequest, kept: learner_store.Kept) -> HttpResponse:
    """Show the card whose turn it is: the question, and the answer folded."""
    row = ReviewSession.objects.filter(record=kept.row).first()
    if row is None or not collection_access.there():
        return redirect("cards")
    from bounceback.services import card_review as memory

    now, until = collection_access.now_ms(), time.monotonic() + HOSTILE_S
    for _try in range(MOST_SET_ASIDE):
        session = review_sessions.session_of(row)
        card = memory.current(session, now)
        if card is None:
            return render(
                request,
                "cards/done.html",
                {"kept": kept, "row": row, "wait": memory.wait_minutes(session, now)},
            )
        with collection_access.opened() as opened:
            try:
                shown = rendering.sides(opened, card.card_id)
                break
            except face_maker.CardNotShownError as error:
                row = _set_aside(request, row, opened, card.card_id, str(error))
        if time.monotonic() > until:
            return redirect("cards-review")  # the next cards get a request of their own
    else:
        return redirect("cards")
    left = memory.progress(session)
    return render(
        request,
        "cards/review.html",
        {
            "kept": kept,
            "row": row,
            "card": card,
            "front": shown.front,
            "back": shown.back,
            "place": shown.place,
            "number": review_sessions.place_in(row)[0],
            "total": review_sessions.place_in(row)[1],
            "choices": review_sessions.choices(row, card.card_id, now),
            "shown_ms": now,
            "left": left,
            "minutes": max(round(left.minutes_left), 1),
        },
    )


def _set_aside(
    request: HttpRequest, row: ReviewSession, opened: CardCollection, card_id: int, why: str
) -> ReviewSession:
    """Take a card that cannot be shown out of the session and report it. The review continues."""
    with transaction.atomic():
        row = ReviewSession.objects.select_for_update().get(pk=row.pk)
        review_sessions.suspend(row, opened, card_id, collection_access.now_ms())
    messages.info(
        request,
        f"One card can't be shown ({why}). It was set aside, and the review goes on. You can find "
        "it in your list of cards.",
    )
    return row


def _session(request: HttpRequest) -> ReviewSession | None:
    return ReviewSession.objects.filter(record=_kept(request).row).select_for_update().first()


@receives
def answer(request: HttpRequest) -> HttpResponse:
    """Keep one answer, once; an answer given without a connection says when it was given."""
    row, rating = _session(request), number(request.POST, "rating")
    if rating not in (1, 2, 3, 4):
        raise Http404("no such answer")
    shown, now = number(request.POST, "shown"), collection_access.now_ms()
    given = number(request.POST, "at") if request.POST.get("at") else now
    # A clock that is set wrong, or a forged moment, is not believed.
    at = given if shown <= given <= now + 300_000 else now
    if row is not None and collection_access.there():
        with collection_access.opened() as opened:
            review_sessions.answer(row, opened, number(request.POST, "card"), rating, at, shown)
    return redirect("cards-review")


@receives
def put_away(request: HttpRequest) -> HttpResponse:
    """Put the card away."""
    row = _session(request)
    if row is not None:
        with collection_access.opened() as opened:
            review_sessions.suspend(
                row, opened, number(request.POST, "card"), collection_access.now_ms()
            )
    return redirect("cards-review")


@receives
def flag(request: HttpRequest) -> HttpResponse:
    """Flag the card, or take its flag off."""
    row = _session(request)
    if row is not None:
        with collection_access.opened() as opened:
            review_sessions.flag(
                row, opened, number(request.POST, "card"), collection_access.now_ms()
            )
    return redirect("cards-review")


@receives
def undo(request: HttpRequest) -> HttpResponse:
    """Take the last action back."""
    row = _session(request)
    if row is not None:
        with collection_access.opened() as opened:
            if not review_sessions.undo(row, opened):
                messages.info(request, _("Nothing to undo."))
    return redirect("cards-review")


# --- the rest ---------------------------------------------------------------------------------


@require_safe
@page
def workload(request: HttpRequest, kept: learner_store.Kept) -> HttpResponse:
    """Show minutes for cards by week until the exam day, and what that should leave."""
    from bounceback.messages.cards import exam_plan_sentences

    plan, planning = None, False
    if collection_access.there():
        with collection_access.opened() as opened:
            plan = collection.plan_of(kept, collection.standing_of(kept, opened))
            planning = plan is None and collection.is_planning()
    return render(
        request,
        "cards/workload.html",
        {
            "kept": kept,
            "plan": plan,
            "planning": planning,
            "said": exam_plan_sentences(plan) if plan else (),
            "note": charts.workload_note(plan, wording.format_for(kept)) if plan else "",
            "chart": charts.workload(plan.load) if plan and plan.load else None,
            "weeks": charts.weeks(plan.load) if plan else [],
        },
    )


@require_safe
@page
def browse(request: HttpRequest, kept: learner_store.Kept) -> HttpResponse:
    """Show every card, or those whose text or tag holds some words."""
    from bounceback.services.anki_decks import as_text

    wanted = request.GET.get("q", "").strip().casefold()[:200]
    given = request.GET.get("from", "0")
    first = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
    rows: list[dict[str, Any]] = []
    more = False
    if collection_access.there():
        with collection_access.opened() as opened:
            table = opened.cards()
            notes = {int(card["note_id"]): card for card in table[::-1]}
            passed = 0
            for note in opened.notes():
                text = as_text(" ".join(note.fields[:3]))
                if wanted and wanted not in f"{text} {' '.join(note.tags)}".casefold():
                    continue
                if note.id not in notes:
                    continue
                passed += 1
                if passed <= first:
                    continue
                if len(rows) == A_PAGE:
                    more = True
                    break
                card = notes[note.id]
                rows.append(
                    {
                        "front": (as_text(note.fields[0])[:160] or _("a picture")),
                        "back": as_text(" ".join(note.fields[1:3]))[:200],
                        "tags": ", ".join(note.tags)[:120],
                        "id": int(card["id"]),
                        "away": int(card["queue"]) == -1,
                        "flag": int(card["flag"]),
                    }
                )
    return render(
        request,
        "cards/browse.html",
        {
            "kept": kept,
            "rows": rows,
            "q": wanted,
            "from": first,
            "next": first + A_PAGE,
            "more": more,
        },
    )


@receives
def take_back(request: HttpRequest) -> HttpResponse:
    """Take a card that was put away back among those that are asked."""
    _kept(request)
    from bounceback.local_storage import card_schedule as schedule

    with collection_access.opened() as opened:
        try:
            card = opened.card(number(request.POST, "card"))
        except KeyError:
            raise Http404("no such card") from None
        now = collection_access.now_ms()
        away = card["queue"] == -1
        opened.put_card(schedule.taken_back(card, now) if away else schedule.put_away(card, now))
    messages.success(request, _("Unsuspended.") if away else _("Suspended."))
    return redirect("cards-browse")


@require_safe
@page
def media(request: HttpRequest, kept: learner_store.Kept, name: str) -> HttpResponse:
    """Give one picture of a deck; whatever it holds, nothing in it runs."""
    kind = mimetypes.guess_type(name)[0]
    if kind not in PICTURES or not collection_access.there():
        raise Http404("no such picture")
    with collection_access.opened() as opened:
        try:
            content = opened.media_content(name)
        except (KeyError, OSError):
            raise Http404("no such picture") from None
    response = HttpResponse(content, content_type=kind)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, max-age=86400"
    return response


@require_safe
@page
def export(request: HttpRequest, kept: learner_store.Kept) -> HttpResponse:
    """Give all cards with every answer as an Anki package, made as a job."""
    from bounceback_web.jobs import queue
    from bounceback_web.jobs.views import file_or_page

    if not collection_access.there():
        raise Http404("no cards yet")
    return file_or_page(request, queue.enqueue(None, "deck-export", {}, key="deck-export"))


@require_safe
@page
def ahead(request: HttpRequest, kept: learner_store.Kept) -> JsonResponse:
    """Return the cards of the session for a time without a connection, made safe as in the page."""
    row = ReviewSession.objects.filter(record=kept.row).first()
    cards_: list[dict[str, Any]] = []
    if row is not None and collection_access.there():
        now, until = collection_access.now_ms(), time.monotonic() + HOSTILE_S
        with collection_access.opened() as opened:
            for card in row.queue:
                if time.monotonic() > until:
                    break  # the page fetches the others when it comes to them
                if card["kind"] in ("new", "review"):
                    try:
                        sides = rendering.sides(opened, card["card_id"])
                    except face_maker.CardNotShownError:
                        continue  # the page itself sets it aside
                    cards_.append(
                        {
                            "card": card["card_id"],
                            "front": sides.front,
                            "back": sides.back,
                            "place": sides.place,
                            "choices": [
                                [c.rating, c.name, c.text]
                                for c in review_sessions.choices(row, card["card_id"], now)
                            ],
                        }
                    )
    return JsonResponse({"shown": collection_access.now_ms(), "cards": cards_})
