"""How I am: sleep, a person talked to, two questions on mood. Private, optional."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bounceback.errors import CaseError, QuestionError
from bounceback.messages.appraisal import say_all
from bounceback.records.schema import CHECKIN
from bounceback.services import published_facts as facts
from bounceback.services.support import score_screen, support_for
from bounceback_web.pages import form_data
from bounceback_web.pages.decorators import faults_by_key, kept_for, owner_of, page, receives
from bounceback_web.records import learner_store

SCREEN: Final = "phq-2"


@require_safe
@page
def checkin(request: HttpRequest, kept: learner_store.Kept) -> HttpResponse:
    """Show the few questions; none has to be answered."""
    return _shown(request, kept)


def _shown(
    request: HttpRequest, kept: learner_store.Kept, *, status: int = 200, **more: Any
) -> HttpResponse:
    form = facts.instrument(SCREEN)
    return render(
        request,
        "pages/checkin.html",
        {
            "kept": kept,
            "card": support_for(kept.value),
            "questions": [(f"mood-{n}", q) for n, q in enumerate(form.questions)],
            "answers": list(enumerate(form.answers)),
            "given": {},
            **more,
        },
        status=status,
    )


def _mood(post: QueryDict) -> tuple[int, str] | None:
    """Return the sum of the two questions and what it says; ``None`` if they were left open.

    Raises:
        QuestionError: One of the two is answered and the other is not.
    """
    items = facts.instrument(SCREEN).items
    given = [post.get(f"mood-{n}", "") for n in range(items)]
    if not any(given):
        return None
    scored = score_screen(SCREEN, [int(a) if a.isdecimal() and len(a) < 3 else -1 for a in given])
    return scored.score, say_all(scored.says)


@receives
def keep(request: HttpRequest) -> HttpResponse:
    """Keep what was said; the words of the form come back as published."""
    entry = form_data.entry(CHECKIN, request.POST)
    kept = kept_for(request)
    if kept is None:
        return redirect("welcome")
    entry["date"] = kept.today.isoformat()
    try:
        mood = _mood(request.POST)
        if mood is not None:
            entry["phq2"] = mood[0]
        learner_store.add(owner_of(request), "checkins", entry, _("A check-in was saved."))
    except QuestionError:
        open_ = {"mood": [_("Answer both questions, or skip both.")]}
        return _shown(request, kept, status=422, given=request.POST, faults=open_)
    except CaseError as error:
        found = faults_by_key(error)
        return _shown(request, kept, status=422, given=request.POST, faults=found)
    messages.success(request, mood[1] if mood else _("Saved. Private, never shared."))
    return redirect("today")
