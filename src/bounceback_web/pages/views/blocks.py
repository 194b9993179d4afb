"""Question log: add blocks and missed questions, see the causes over time."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bounceback.errors import CaseError
from bounceback.messages.formatting import ACTIVITY_WORDS
from bounceback.messages.names import CAUSES
from bounceback.records.schema import BLOCK, LOOK, MISS, STUDY
from bounceback.services import published_facts as facts
from bounceback.services.miss_analysis import miss_analysis
from bounceback.vocabulary import ACTIVITIES
from bounceback_web.pages import charts, form_data
from bounceback_web.pages.decorators import (
    day_of,
    faults_by_key,
    kept_for,
    owner_of,
    page,
    receives,
    seen,
)
from bounceback_web.records import learner_store, models

NEWEST: Final = 30
"""Blocks and missed questions listed. The export holds all of them."""
RANKED_FROM: Final = 10
"""Missed questions from which the page names the most common cause."""


REMOVABLE: Final[dict[str, type[models.Entry]]] = {
    "blocks": models.Block,
    "misses": models.Miss,
}


@require_safe
@page
def blocks(request: HttpRequest, kept: learner_store.Kept) -> HttpResponse:
    """Show what can be entered, causes over time, pacing, and what came last."""
    return _shown(request, kept)


def _shown(
    request: HttpRequest,
    kept: learner_store.Kept,
    *,
    status: int = 200,
    given: Any = None,
    about: str = "",
    faults: dict[str, list[str]] | None = None,
) -> HttpResponse:
    value, today = kept.value, kept.today
    banks = sorted({b.bank for b in value.blocks})
    found = miss_analysis(value, today)
    rules = found.takeaways
    most = max((count for _cause, count in found.by_cause), default=0)
    return render(
        request,
        "pages/question_log.html",
        {
            "kept": kept,
            "areas": facts.area_names(value.exam.id, today),
            "causes": CAUSES.items(),
            "activities": [(a, ACTIVITY_WORDS[a]) for a in ACTIVITIES],
            "banks": banks,
            "bank": banks[0] if banks else "",
            "counts": [
                (CAUSES[cause], count, round(100 * count / most, 1))
                for cause, count in found.by_cause
            ],
            "total": found.table.total,
            # A ranking of a handful, or of equals, would say more than is known.
            "leading": found.table.total >= RANKED_FROM
            and (len(found.by_cause) < 2 or found.by_cause[0][1] > found.by_cause[1][1]),
            "over_time": charts.causes_over_time(found.table, CAUSES),
            "rules": rules.due(today),
            "rules_open": len(rules.open_rules),
            "rules_closed": len(rules.rules) - len(rules.open_rules),
            "trends": found.trends,
            "repeated": found.repeated[:5],
            "pairs": found.pairs[:5],
            "pacing": found.pacing,
            "blocks": list(
                models.Block.objects.filter(record=kept.row).order_by("-date", "-position")[:NEWEST]
            ),
            "misses": models.Miss.objects.filter(record=kept.row).order_by("-date", "-position")[
                :NEWEST
            ],
            "cause_words": CAUSES,
            "today": today.isoformat(),
            "given": given or {},
            "about": about,
            "faults": faults or {},
        },
        status=status,
    )


def _append(
    request: HttpRequest, section: str, entry: dict[str, Any], words: str, thanks: str
) -> HttpResponse:
    try:
        learner_store.add(owner_of(request), section, entry, words)
    except CaseError as error:
        kept = kept_for(request)
        assert kept is not None
        return _shown(
            request,
            kept,
            status=422,
            given=request.POST,
            about=section,
            faults=faults_by_key(error),
        )
    messages.success(request, thanks)
    return redirect("blocks")


@receives
def add_block(request: HttpRequest) -> HttpResponse:
    """Add a block of bank questions; its totals are enough."""
    entry = form_data.entry(BLOCK, request.POST, day_of(request))
    return _append(
        request,
        "blocks",
        entry,
        _("A block was added."),
        _("Block added. Your chances are updated."),
    )


@receives
def add_miss(request: HttpRequest) -> HttpResponse:
    """Add a missed question with its cause; never its text."""
    entry = form_data.entry(MISS, request.POST, day_of(request))
    return _append(request, "misses", entry, _("A missed question was added."), _("Saved."))


@receives
def look(request: HttpRequest) -> HttpResponse:
    """Record whether a takeaway came to mind."""
    entry = form_data.entry(LOOK, request.POST, day_of(request))
    thanks = _("Saved.") if entry.get("recalled") else _("Saved. It comes back soon.")
    return _append(request, "looks", entry, _("A takeaway was reviewed."), thanks)


@receives
def add_study(request: HttpRequest) -> HttpResponse:
    """Add minutes of study that were not in the plan."""
    entry = form_data.entry(STUDY, request.POST, day_of(request))
    return _append(request, "study", entry, _("Extra study was logged."), _("Logged."))


@receives
def remove(request: HttpRequest, section: str, pk: int) -> HttpResponse:
    """Remove a block or a missed question."""
    owner, model = owner_of(request), REMOVABLE.get(section)
    if model is None:
        raise Http404("no such section")
    row = learner_store.owned(model, owner, pk=pk)

    def edit(case: dict[str, Any]) -> None:
        del case[section][row.position]

    learner_store.amend(owner, edit, _("An entry was removed."), seen=seen(request))
    return redirect("blocks")
