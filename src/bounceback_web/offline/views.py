"""The service worker, from the root so that it may see every page, and the page without one."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.http import require_GET

from bounceback_web.pages.context import STYLE_FILES

ASIDE = (
    *STYLE_FILES,
    "bounceback/pages.js",
    "bounceback/offline.js",
    "bounceback/reminder.js",
    "bounceback/today.css",
    "bounceback/date_line.css",
    "bounceback/review.css",
    "bounceback/review.js",
    "bounceback/mark.svg",
    "django_htmx/htmx-2.min.js",
)
"""Files that a page needs; their names change when they do."""


@cache
def _source() -> str:
    return (files("bounceback_web.offline") / "worker.js").read_text("utf-8")


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """Give the worker; its shelf is named after all it holds, so that a new version begins anew."""
    names = [static(name) for name in ASIDE]
    mark = hashlib.sha256("\n".join([_source(), *names]).encode()).hexdigest()[:12]
    listed = ", ".join(f'"{name}"' for name in names)
    text = _source().replace("__SHELF__", f"bounceback-{mark}").replace('"__FILES__"', listed)
    response = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@require_GET
def away(request: HttpRequest) -> HttpResponse:
    """Say that the app is not there; kept aside by the worker, and shown by it alone."""
    return render(request, "offline/away.html")
