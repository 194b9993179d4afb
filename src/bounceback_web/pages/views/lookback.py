"""What the results showed the day before the last failed attempt, beside what was decided."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from bounceback.errors import FactUnknown, QuestionError
from bounceback.messages import chances as words
from bounceback.services import lookback as look
from bounceback_web import briefings
from bounceback_web.pages import date_choices, date_line_values, wording
from bounceback_web.pages.decorators import page
from bounceback_web.records import learner_store


@require_safe
@page
def lookback(request: HttpRequest, kept: learner_store.Kept) -> HttpResponse:
    """Show the day before the last failed attempt; without one, lead to Look back."""
    try:
        found = look(kept.value)
    except (QuestionError, FactUnknown):
        return redirect("look-within")
    fmt = wording.format_for(kept)
    now = briefings.answer(kept).briefing
    context = {
        "kept": kept,
        "numbers": kept.row.shows_numbers,
        "day": fmt.day(found.seen.day, weekday=True),
        "sat": fmt.day(found.sitting),
        "shown": found.seen.indicators,
        "unknown": found.seen.unknown,
        "decided": found.seen.decided,
        "changed": [w.prescription for w in now.at_work],
    }
    forecast = date_choices.forecast_on(found.then, found.sitting)
    if forecast is not None and kept.row.shows_numbers:
        scale = date_choices.scale_of(found.then)
        one = date_choices.choice(found.then, forecast, scale)
        lead, level = words.level_sentence(one.low, one.high, percent=scale.percent)
        passing = words.passing_words(scale.passing, percent=scale.percent, status=scale.status)
        context |= {
            "chance": words.chance_sentence(
                one.chance, found.sitting, fmt, words.WITH_THOSE_RESULTS
            ),
            "level": f"{lead} {level}. Passing score: {passing}.",
            "twenty": date_line_values.twenty(found.then, one, scale, fmt),
        }
    return render(request, "pages/lookback.html", context)
