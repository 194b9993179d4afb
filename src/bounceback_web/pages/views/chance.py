"""Chance: passing by date first, then what it rests on, what would narrow it, then the past."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bounceback import facts
from bounceback.messages import briefing_text
from bounceback_web import briefings, forecast_history
from bounceback_web.pages import charts, presenters
from bounceback_web.pages.decorators import page
from bounceback_web.records import learner_store

EVERY_DAYS = 14
"""Days between two rows of the table; every day stands in the export."""


@require_safe
@page
def chance(request: HttpRequest, kept: learner_store.Kept) -> HttpResponse:
    """Show the chance of passing by date."""
    found = briefings.answer(kept)
    b = found.briefing
    named = presenters.named_day(b)
    passed = presenters.passed_sitting(b)
    asked = passed.date if passed else named.on if named else None
    track = forecast_history.track(kept)
    evidence = sorted(b.belief.evidence, key=lambda e: -e.weight)
    return render(
        request,
        "pages/chance.html",
        {
            "kept": kept,
            "b": b,
            "keys": found.keys,
            "group": briefing_text.group_sentence(b),
            "named": named,
            "passed": passed,
            "exam_name": facts.exam(b.record.exam.id).name,
            "chance": briefing_text.chance_sentence(named) if named else "",
            "rows": [f for i, f in enumerate(b.forecasts) if i % EVERY_DAYS == 0 or f is named],
            "by_date": charts.chance_by_date(b, named),
            "waiting": briefing_text.waiting_sentence(b),
            "trend": charts.score_trend(b),
            "grid": charts.area_grid(b),
            "failed": briefing_text.failed_sentence(b),
            "pace": briefing_text.pace_sentence(b),
            "evidence": [e for e in evidence if round(100 * e.weight) > 0],
            "narrowing": briefing_text.narrowing_sentence(b),
            "levers": charts.ten_futures(b),
            "ten": presenters.ten_told(b),
            "target": presenters.target(b),
            "earlier": forecast_history.said_before(kept, asked) if asked else (),
            "track": track,
            "reliability": charts.reliability(track) if track else None,
            "card": found.card,
        },
    )
