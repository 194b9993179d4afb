"""Support: people to talk to, at any hour, before there is a record too. It counts nothing."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from bounceback.messages.appraisal import say_all
from bounceback.messages.registry import Format, Locale
from bounceback.services.support import country_of, support_for
from bounceback_web.pages import ready_pages, wording
from bounceback_web.pages.decorators import kept_for, owner_of


@require_http_methods(["GET", "HEAD", "POST"])
def support(request: HttpRequest) -> HttpResponse:
    """Show the lines, the learner's country first.

    "Are you safe right now?" is answered by POST: an address would stand in the browser's history.
    """
    return ready_pages.answer(request, owner_of(request), lambda: _shown(request))


def _shown(request: HttpRequest) -> HttpResponse:
    kept = kept_for(request)
    country = country_of(kept.value.learner) if kept else None
    answers: dict[str, Any] = {"yes": "yes", "not-sure": "not sure", "no": "no"}
    card = support_for(kept.value if kept else None, safe=answers.get(request.POST.get("safe", "")))
    # If the country is unknown, list the international entries first.
    lines = sorted(
        card.lines,
        key=lambda line: ((line.country == "*") is (country is not None), line.country_name),
    )
    oldest = min((line.checked for line in card.lines), default=None)
    fmt = wording.format_for(kept) if kept else Format(Locale())
    return render(
        request,
        "pages/support.html",
        {
            "kept": kept,
            "words": say_all(card.says),
            "countries": [
                (name, list(own)) for name, own in groupby(lines, key=lambda x: x.country_name)
            ],
            "asks": not request.POST.get("safe"),
            "oldest": oldest,
            "oldest_words": fmt.day(oldest, year=True) if oldest else "",
        },
    )
