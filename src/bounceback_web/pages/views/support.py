"""Support: people to talk to, at any hour, before there is a record too. It counts nothing."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from bounceback.messages.appraisal import say_all
from bounceback.services.support import support_for
from bounceback_web.pages.decorators import kept_for


@require_http_methods(["GET", "HEAD", "POST"])
def support(request: HttpRequest) -> HttpResponse:
    """Show the lines, the learner's country first.

    "Are you safe right now?" is answered by POST: an address would stand in the browser's history.
    """
    kept = kept_for(request)
    country = kept.value.learner.country if kept else None
    answers: dict[str, Any] = {"yes": "yes", "not-sure": "not sure", "no": "no"}
    card = support_for(kept.value if kept else None, safe=answers.get(request.POST.get("safe", "")))
    # Where nobody knows the country, what holds anywhere comes before every country's own.
    lines = sorted(
        card.lines,
        key=lambda line: ((line.country == "*") is (country is not None), line.country_name),
    )
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
            "oldest": min((line.checked for line in card.lines), default=None),
        },
    )
