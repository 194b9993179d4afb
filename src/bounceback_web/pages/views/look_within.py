"""Look back: the seven questions, what the log shows for each, what the plan changes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bounceback.errors import CaseError
from bounceback.messages import render as render_reason
from bounceback.messages.appraisal import CONFIDENCE, dimension_title
from bounceback.reasons import reason
from bounceback.services.look_back import dimensions, next_question
from bounceback.services.look_back import questions as asked_in_order
from bounceback.vocabulary import APPRAISAL_KEYS
from bounceback_web import briefings
from bounceback_web.pages import form_data
from bounceback_web.pages.decorators import fault_lines, kept_for, owner_of, page, receives, seen
from bounceback_web.records import learner_store


@require_safe
@page
def look_within(request: HttpRequest, kept: learner_store.Kept) -> HttpResponse:
    """Show the questions, answered or open, and the findings."""
    return _shown(request, kept)


def _shown(
    request: HttpRequest, kept: learner_store.Kept, *, status: int = 200, **more: Any
) -> HttpResponse:
    said, b = kept.value.appraisal, briefings.answer(kept).briefing
    today = next_question(kept.value, kept.today)
    asks = {
        d.id: [
            render_reason(reason("appraisal.question-ask", dimension=d.id, part=part.id))
            for part in d.parts
        ]
        for d in dimensions()
    }
    seven = {d.id for d in dimensions() if d.asked == "seven"}
    # One open question, never a wall: the seven stand folded, and whatever was answered.
    questions = [
        {"q": q, "answer": said.get(q.key), "asks": asks.get(q.key, [])}  # type: ignore[call-overload]
        for q in asked_in_order()
        if (q.key in seven or q.key in said) and q != today
    ]
    return render(
        request,
        "pages/look_within.html",
        {
            "kept": kept,
            "b": b,
            "a": b.appraisal,
            "questions": questions,
            "today": {
                "q": today,
                "answer": None,
                "asks": [render_reason(today.ask)] if today.ask is not None else [],
            }
            if today is not None
            else None,
            "has_failed": any(
                x.outcome == "fail" and x.exam == kept.value.exam.id for x in kept.value.attempts
            ),
            "answered": len(said),
            "asked": len(asked_in_order()),
            "in_plan": [w.prescription for w in b.at_work],
            "still": [
                w
                for w in b.at_work
                if w.prescription not in [f.prescription for f in b.appraisal.largest]
            ],
            "card": briefings.card_for_words(kept),
            "heard": render_reason(reason("appraisal.exam-was-unfair")),
            "confidence": CONFIDENCE,
            "titles": {d.id: dimension_title(d.id) for d in dimensions()},
            **more,
        },
        status=status,
    )


@receives
def answer(request: HttpRequest) -> HttpResponse:
    """Keep the answer to one question; an empty answer takes it back."""
    key = request.POST.get("question", "")
    given = {
        "answer": form_data.number(request.POST.get("answer", "")),
        "note": request.POST.get("note", "").replace("\r\n", "\n").strip(),
    }

    def edit(case: dict[str, Any]) -> None:
        answers = case.setdefault("appraisal", {})
        if given["answer"] == "":
            answers.pop(key, None)
        else:
            answers[key] = given
        if not answers:
            del case["appraisal"]

    if key not in APPRAISAL_KEYS:
        messages.info(request, _("We don't know that question. Nothing was changed."))
        return redirect("look-within")
    words = _("An answer on Look back was saved.")
    try:
        learner_store.amend(owner_of(request), edit, words, seen=seen(request))
    except CaseError as error:
        kept = kept_for(request)
        assert kept is not None
        return _shown(request, kept, status=422, faults=fault_lines(error))
    messages.success(request, _("Saved. What it changes is below."))
    return redirect("look-within")
