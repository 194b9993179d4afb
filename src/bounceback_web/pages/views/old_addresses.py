"""Addresses of earlier versions: each leads to the page that took its place."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.views.decorators.csrf import csrf_exempt

NEW_FOLDERS: Final = {
    "calendar": "plan",
    "look-within": "you/look-back",
    "settings": "you/settings",
    "blocks": "you/log",
    "meeting": "you/meeting",
    "outlook": "you/match",
    "reason": "you/reason",
    "how-i-am": "you/check-in",
    "take-along": "you/export",
    "sittings": "you/results",
    "tests": "chances/tests",
}
"""First part of an old address, and what it is now."""


@csrf_exempt
def redirect_to_new(request: HttpRequest, folder: str, rest: str = "") -> HttpResponse:
    """Redirect an old address to the new one, with its query, keeping the method of a form."""
    query = request.META.get("QUERY_STRING", "")
    address = f"/{NEW_FOLDERS[folder]}/{rest}" + (f"?{query}" if query else "")
    return HttpResponsePermanentRedirect(address, preserve_request=True)
