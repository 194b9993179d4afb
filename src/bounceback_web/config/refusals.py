"""What a request that is refused by its head is answered with; no record is opened for it."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port, validate_host
from django.template.loader import render_to_string

from bounceback_web.config.request_gate import Refusal

_TEXTS: Final = {
    "method": ("This request can't be answered", "Go back and use the buttons on the page."),
    "too-long": ("This address is too long", "Go back and use the links on the page."),
    "no-length": ("This request can't be read", "Go back, reload the page and send it again."),
    "too-large": (
        "This file or text is too large",
        "Nothing was changed, and nothing you entered before is lost. The Back button leads to "
        "what you typed. A form takes up to 10 MB. Send a part of it, or choose a file instead.",
    ),
    "slow": (
        "The file stopped coming in",
        "Nothing was changed. Check the connection, then send it again.",
    ),
    "busy": ("Bounceback is busy", "Wait a few seconds, then reload this page."),
    "foreign": (
        "This request came from another site",
        "Nothing was changed. Open Bounceback by itself and try again there.",
    ),
    "link": (
        "You followed a link to Bounceback",
        "It came from another site, so nothing was opened yet.",
    ),
}


def page(request: HttpRequest, refused: Refusal) -> HttpResponse:
    """Return the answer to a refused request, with the headers of every answer."""
    title, text = _TEXTS[refused.reason]
    host = split_domain_port(request.META.get("HTTP_HOST", ""))[0]
    if refused.reason == "foreign" or not validate_host(host, settings.ALLOWED_HOSTS):
        response = HttpResponse(f"{title}. {text}\n", content_type="text/plain; charset=utf-8")
    else:
        follow = request.get_full_path() if refused.reason == "link" else ""
        response = HttpResponse(
            render_to_string(
                "devices/refused.html", {"title": title, "text": text, "follow": follow}
            )
        )
    response.status_code = refused.status
    response["Content-Length"] = str(len(response.content))
    response["Cache-Control"] = "no-store"
    response["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Referrer-Policy"] = "same-origin"
    return response


def answer(environ: dict[str, Any], refused: Refusal) -> HttpResponse:
    """Return the answer to a refused request that Django has not seen."""
    return page(WSGIRequest(environ), refused)
