"""What is checked before any page: who asks, and with which right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from bounceback_web.config import refusals, request_gate, start_key

OPEN_PATHS: Final = ("/static/", "/health", "/feed/", "/key/", "/pair/", "/manifest.webmanifest")
"""Paths that need no key: they show nothing of the record, or have a secret of their own."""


class RequestGate:
    """Refuse what other sites ask for, and ask for the key of this start, or for a paired phone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or say why not."""
        response = self._refusal(request) or self._get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    def _refusal(self, request: HttpRequest) -> HttpResponse | None:
        headers = {name.lower(): value for name, value in request.headers.items()}
        refused = request_gate.refusal(
            request.method or "", request.path, request.META.get("QUERY_STRING", ""), headers
        )
        if refused is not None:
            return refusals.page(request, refused)
        request.get_host()  # another host is refused here, before a key is looked at
        if settings.PHONE_LISTENER:
            return _ask_for_pairing(request)
        if start_key.is_needed():
            return _ask_for_key(request)
        return None


def _ask_for_key(request: HttpRequest) -> HttpResponse | None:
    given = request.GET.get("key")
    if given is not None and request.method == "GET" and start_key.is_key(given):
        rest = request.GET.copy()
        del rest["key"]
        query = rest.urlencode()
        response = HttpResponseRedirect(request.path + (f"?{query}" if query else ""))
        start_key.let_in(request, response)
        return response
    if request.path.startswith(OPEN_PATHS) or start_key.is_let_in(request):
        return None
    from bounceback_web.devices import views  # needs the apps to be set up

    return views.ask_for_key(request)


def _ask_for_pairing(request: HttpRequest) -> HttpResponse | None:
    from bounceback_web.devices import pairing, views

    if request.path.startswith(("/static/", "/health", "/pair/", "/manifest.webmanifest")):
        return None
    if not pairing.is_paired(request):
        return views.not_paired(request)
    if request.path.startswith("/devices/"):
        return views.not_from_phone(request)
    return None
