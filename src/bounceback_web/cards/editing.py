"""Editing the text and the tags of a card; the note behind it may make several cards."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bounceback.local_storage.card_collection import CardCollection
from bounceback_web.cards import collection_access
from bounceback_web.cards.requests import number
from bounceback_web.pages.decorators import kept_for, page, receives
from bounceback_web.records import learner_store

MOST_FIELDS = 60
LONGEST_FIELD = 50_000
LONGEST_TAGS = 2_000
BACK = ("review", "browse")


def _note_of(opened: CardCollection, card_id: int) -> int:
    try:
        return int(opened.card(card_id)["note_id"])
    except KeyError:
        raise Http404("no such card") from None


@require_safe
@page
def edit(request: HttpRequest, kept: learner_store.Kept) -> HttpResponse:
    """Show the fields and the tags of a card."""
    if not collection_access.there():
        raise Http404("no cards yet")
    card_id = number(request.GET, "card")
    referred = "review" if "/review/" in request.headers.get("Referer", "") else "browse"
    with collection_access.opened() as opened:
        return _shown(request, kept, opened, card_id, came_from=referred)


def _shown(
    request: HttpRequest,
    kept: learner_store.Kept,
    opened: CardCollection,
    card_id: int,
    *,
    came_from: str,
    given: tuple[list[str], str] | None = None,
) -> HttpResponse:
    note = next(opened.notes([_note_of(opened, card_id)]))
    kind = next((k for k in opened.note_types() if k.id == note.note_type_id), None)
    names = kind.fields if kind is not None else ()
    fields = list(given[0]) if given else list(note.fields)
    return render(
        request,
        "cards/edit.html",
        {
            "kept": kept,
            "card": card_id,
            "fields": [
                (names[i] if i < len(names) else _("Field %(n)d") % {"n": i + 1}, text)
                for i, text in enumerate(fields)
            ],
            "tags": given[1] if given else " ".join(note.tags),
            "modified": note.modified_s,
            "siblings": int((opened.cards()["note_id"] == note.id).sum()),
            "came_from": came_from,
            "fault": _("This card was changed elsewhere. Here's what you entered. Save again.")
            if given
            else "",
        },
        status=409 if given else 200,
    )


@receives
def save(request: HttpRequest) -> HttpResponse:
    """Save the fields and the tags of a card, unless it changed since the page was shown."""
    kept = kept_for(request)
    if kept is None or not collection_access.there():
        raise Http404("no cards yet")
    card_id, seen = number(request.POST, "card"), number(request.POST, "modified")
    fields = [text[:LONGEST_FIELD] for text in request.POST.getlist("field")][:MOST_FIELDS]
    tags = request.POST.get("tags", "")[:LONGEST_TAGS].split()
    came_from = request.POST.get("from", "")
    came_from = came_from if came_from in BACK else "browse"
    with collection_access.opened() as opened:
        note = next(opened.notes([_note_of(opened, card_id)]))
        if len(fields) != len(note.fields):
            raise Http404("another number of fields")
        if note.modified_s != seen:
            return _shown(
                request,
                kept,
                opened,
                card_id,
                came_from=came_from,
                given=(fields, " ".join(tags)),
            )
        now_s = max(collection_access.now_ms() // 1000, note.modified_s + 1)
        opened.put_note(note.id, fields, tags, now_s)
    messages.success(request, _("Card saved."))
    return redirect("cards-review" if came_from == "review" else "cards-browse")
